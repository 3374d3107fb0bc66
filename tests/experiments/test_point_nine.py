"""Point 9 by itself, as the shipped scenario has it: what it moves in the ten provinces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kesos_sim.experiments.effects import interval
from kesos_sim.experiments.run import run
from kesos_sim.scenario import load_scenario
from kesos_sim.scenario.lever import UP
from kesos_sim.scenario.levers import LEVERS

MOVED = ("returned_home", "cases_served", "orsos_income", "unmet_need_rate")
"""What its lever names apart from disasters, which are rare."""


@pytest.mark.full
def test_cooperation_alone_moves_what_it_names_and_hardly_poverty(scenario_folder: Path) -> None:
    """Pairs of lives with the same luck, in the last year of three; 90% intervals.

    Few return home, and how many depends much on luck: six pairs could not tell it."""
    found: dict[str, list[float]] = {name: [] for name in (*MOVED, "poverty_rate")}
    for seed in range(2008, 2020):
        world = {"households": 20_000, "months": 36, "seed": seed}
        usual, moved = (
            run(load_scenario(scenario_folder / f"{name}.yaml", world), 1)
            for name in ("baseline", "kerja-sama-mpu")
        )
        for name, differences in found.items():
            differences.append(moved.last_year(name) - usual.last_year(name))
    expected = LEVERS["interprovince_cooperation"].acts_on
    for name in MOVED:
        low, high = interval(np.array(found[name]))
        assert low > 0.0 if expected[name] == UP else high < 0.0, name
    assert np.abs(found["poverty_rate"]).max() < 0.05
