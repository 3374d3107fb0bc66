"""A calibration becomes a numbered set: rounded, once for each code and data, used by scenarios."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kesos_sim.calibration import keeping
from kesos_sim.calibration.calibrate import FREE, Calibration
from kesos_sim.calibration.keeping import keep, rows_of
from kesos_sim.data.parameters import parameter_table
from kesos_sim.data.reading import FOLDER
from kesos_sim.errors import InputError
from kesos_sim.scenario import Scenario

NAMES = FREE[:2]
TABLES = ("calibrations", "calibrated_parameters")


@pytest.fixture
def found(small: Scenario) -> Calibration:
    """Figures tell the first parameter, and nothing of the second."""
    chance = np.random.default_rng(5)
    places = np.stack([0.5 + 0.01 * chance.normal(size=400), chance.random(400)], axis=1)
    table = parameter_table()
    low, high = (np.array([getattr(table[n], end) for n in NAMES]) for end in ("low", "high"))
    return Calibration(
        scenario=small, parameters=NAMES, drawn=low + places * (high - low), places=places,
        figures=(), sealed=3, error_before=2.0, error_after=1.23456, sealed_before=1.5,
        sealed_after=1.4, within=0.8, plausible=0.25, trust=None, lives=9, seconds=1.0,
        created=dt.datetime(2026, 11, 27, tzinfo=dt.UTC),
    )  # fmt: skip


def read(folder: Path, name: str) -> list[dict[str, Any]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_only_what_was_learned_is_kept(found: Calibration) -> None:
    rows = rows_of(found, 7)
    assert [row["parameter"] for row in rows["calibrated_parameters"]] == [NAMES[0]]
    (own,) = rows["calibrated_parameters"]
    assert own["low"] < own["value"] < own["high"]
    assert rows["calibrations"][0]["error_after"] == 1.235


def test_a_set_is_added_below_the_others(
    found: Calibration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in TABLES:
        shutil.copy(FOLDER / f"{name}.csv", tmp_path)
    before = {name: read(tmp_path, name) for name in TABLES}
    version = keep(found, tmp_path)
    for name in TABLES:
        after = read(tmp_path, name)
        assert after[:-1] == before[name]
        assert after[-1]["version"] == str(version)
    monkeypatch.setattr(
        keeping,
        "read_table",
        lambda _: type("Kept", (), {"rows": lambda self: read(tmp_path, "calibrations")})(),
    )
    with pytest.raises(InputError) as caught:
        keep(found, tmp_path)
    assert caught.value.code == "KS3034"
    assert len(read(tmp_path, "calibrations")) == len(before["calibrations"]) + 1
