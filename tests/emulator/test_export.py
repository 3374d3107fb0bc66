"""The surface in words, as tables, as files, and its command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from kesos_sim.cli import main
from kesos_sim.emulator import load_surface
from kesos_sim.emulator.charts import error_map, response_chart
from kesos_sim.emulator.checking import Check, Compared
from kesos_sim.emulator.words import (
    check_sentences,
    check_table,
    stale_sentences,
    surface_sentences,
)


@pytest.mark.slow
def test_export_holds_what_the_surface_answers(tmp_path: Path) -> None:
    surface = load_surface()
    folder = surface.export(tmp_path / "out", "en")
    with (folder / "answers.csv").open() as file:
        rows = list(csv.DictReader(file))
    asked = {"lever": "apbd_poverty_share", "effect": "true", "place": "33", "year": "2031"}
    found = [
        row
        for row in rows
        if all(row[name] == value for name, value in asked.items())
        and row["outcome"] == "poverty_rate"
    ]
    assert len(found) == 7
    for row in found:
        levers = {"apbd_poverty_share": float(row["setting"])}
        own = surface.answer(levers, place="33")["outcomes"]["poverty_rate"]["change"][-1]
        assert [float(row[name]) for name in ("low", "middle", "high")] == pytest.approx(own)
    record = json.loads((folder / "run.json").read_text())
    assert record["made"]["runs"] == surface.made["runs"]


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["id", "en"])
def test_it_is_told_in_both_languages(lang: str) -> None:
    surface = load_surface()
    assert "40" in " ".join(surface_sentences(surface, lang))
    (told,) = stale_sentences(("code", "data"), lang)
    assert "kesos emulator build" in told
    for chart in (
        error_map(surface, "poverty_rate", lang),
        response_chart(surface, "apbd_poverty_share", "poverty_rate", "33", lang),
        response_chart(surface, "welfare_bylaw", "bylaw_coverage", "mpu", lang),
    ):
        assert "<svg" in chart.svg() and chart.table.data
    worst = error_map(surface, "poverty_rate", lang).table.data[0][1]
    assert worst == max(surface.errors["poverty_rate"]["places"])
    compared = Compared("poverty_rate", 0.5, 0.04, 0.06, 0.8)
    found = Check(surface, (), (compared,), 6, 4, 28, 0.8, 60.0)
    assert ("0,04" if lang == "id" else "0.04") in check_sentences(found, lang)[0]
    assert check_table(found, lang).data == (("poverty_rate", 0.5, 0.04, 0.06, 0.8),)


def test_card_is_printed_for_people_and_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["emulator", "card", "--lang", "en"]) == 0
    assert "Poverty rate" in capsys.readouterr().out
    assert main(["emulator", "card", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["outcome"] for row in found["records"]} >= {"poverty_rate", "people_losing"}
    assert found["provenance"]["runs"] == load_surface().made["runs"]


def test_a_wrong_file_is_one_message(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    assert main(["emulator", "card", "--surface", str(tmp_path / "x.json"), "--lang", "en"]) == 2
    assert "KS9202" in capsys.readouterr().err
    assert main(["emulator", "build", "--worlds", "2"]) == 2
