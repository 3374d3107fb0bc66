"""``kesos effects``: what moves, and what cannot be seen to move, in words and as records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kesos_sim import i18n
from kesos_sim.cli import main
from kesos_sim.experiments.effects import VERDICTS
from kesos_sim.indicators.definitions import indicator

BLORA = Path(__file__).parents[2] / "scenarios" / "blora.yaml"
WORDS = ["effects", str(BLORA), "--households", "2000", "--months", "14", "--seeds", "2"]
TRIED = ["--lever", "interprovince_cooperation", "--lever", "social_assistance"]


@pytest.mark.slow
def test_what_does_not_move_has_no_figures_and_all_verdicts_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*WORDS, *TRIED, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["records"]
    for lang in i18n.LANGUAGES:
        assert main([*WORDS, *TRIED, "--lang", lang]) == 0
        page = " ".join(capsys.readouterr().out.split())
        for row in rows:
            label = indicator(row["indicator"]).label(lang)
            if row["verdict"] in {"slight", "nothing", "undefined"}:
                assert f"{label}: {i18n.text('effects.' + row['verdict'], lang)}" in page
            else:
                assert f"{label} (" in page
        counts = {name: sum(row["verdict"] == name for row in rows) for name in VERDICTS}
        assert i18n.text("effects.summary", lang, all=len(rows), **counts) in page
