"""What the model card says of the validation is what the validation finds."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kesos_sim import i18n
from kesos_sim.calibration import measured
from kesos_sim.calibration.figures import PARTS
from kesos_sim.calibration.measured import KEPT, finding, main
from kesos_sim.calibration.published import validate
from kesos_sim.reports.card import kept_validation
from kesos_sim.scenario import load_scenario


def of_part(found: dict[str, Any], part: str) -> Counter[tuple[str, str]]:
    rows = [row for row in found["counts"] if row["part"] == part]
    return Counter({(row["use"], row["verdict"]): row["figures"] for row in rows})


def test_a_finding_counts_every_figure_once(scenario_folder: Path) -> None:
    validation = validate(load_scenario(scenario_folder / "baseline.yaml"), ["transfer"])
    found = finding(validation)
    assert sum(row["figures"] for row in found["counts"]) == len(validation.figures)
    missed = [each for each in validation.figures if each.use == "scored" and each.hit is False]
    assert len(found["misses"]) == len(missed)
    # The study needs no world, so that what is kept can be compared at once.
    assert of_part(found, "transfer") == of_part(dict(kept_validation()), "transfer")


def test_what_is_kept_is_complete() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert [part for part in PARTS if of_part(kept, part)] == list(PARTS)
    missed = sum(of_part(kept, part)["scored", "miss"] for part in PARTS)
    assert len(kept["misses"]) == missed > 0
    for row in kept["misses"]:
        assert set(row) == set(i18n.LANGUAGES)
        assert all(len(cells) == 6 and all(cells) for cells in row.values())


def test_the_finding_is_written_where_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scenario_folder: Path
) -> None:
    path = str(scenario_folder / "baseline.yaml")
    small = validate(load_scenario(path), ["transfer"])
    monkeypatch.setattr(measured, "KEPT", tmp_path / "validation.json")
    monkeypatch.setattr(measured, "validate", lambda _: small)
    main([path])
    written = json.loads((tmp_path / "validation.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(finding(small)))


@pytest.mark.full
def test_what_is_kept_is_what_is_found(scenario_folder: Path) -> None:
    """``python -m kesos_sim.calibration.measured scenarios/baseline.yaml`` writes it again."""
    found = finding(validate(load_scenario(scenario_folder / "baseline.yaml")))
    assert json.loads(json.dumps(found)) == json.loads(KEPT.read_text(encoding="utf-8"))
