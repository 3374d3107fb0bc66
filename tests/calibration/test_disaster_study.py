"""The same families with an earthquake and without: only those who are hit live another life."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kesos_sim.calibration.disaster_study import Struck, disaster_figures, lives_with_an_earthquake
from kesos_sim.scenario import load_scenario
from kesos_sim.scenario.scenario import Scenario


@pytest.fixture(scope="module")
def world(scenario_folder: Path) -> Scenario:
    asked = {"region": [34], "households": 4000}
    return load_scenario(scenario_folder / "baseline.yaml", asked)


@pytest.fixture(scope="module")
def struck(world: Scenario) -> Struck:
    return lives_with_an_earthquake(world)


def test_a_tenth_is_hit_and_loses(struck: Struck) -> None:
    assert struck.usual.shape == struck.hit.shape
    assert 0.07 * 4000 < struck.usual.shape[1] < 0.13 * 4000
    assert struck.spending < 0.0
    assert struck.fewer_nonpoor <= 0.0
    first = struck.hit[0] / struck.usual[0]
    assert first.mean() < struck.hit[-1].mean() / struck.usual[-1].mean()


def test_losses_wane_as_the_parameter_says(struck: Struck, world: Scenario) -> None:
    assert struck.left[0] == 1.0
    assert (np.diff(struck.left) < 0.0).all()
    keep = world.parameter("hazard.monthly_keep")
    assert struck.left[-1] == pytest.approx(keep**23, rel=0.25)
    assert struck.lost_within == pytest.approx(100.0 * (1.0 - keep**24), abs=4.0)


def test_an_earthquake_without_loss_changes_nothing(world: Scenario) -> None:
    harmless = {"hazard.loss": 1e-3, "hazard.loss_house": 1e-3}
    changed = replace(world, parameters=dict(world.parameters) | harmless)
    found = lives_with_an_earthquake(replace(changed, root=None))
    assert abs(found.spending) < 0.1


def test_every_figure_names_its_row(world: Scenario) -> None:
    found = disaster_figures(world)
    assert [one.source for one in found] == [
        "evidence_parameters:A34",
        "evidence_parameters:A36",
        "evidence_parameters:A37",
    ]
    assert found[0].published == -5.0
    assert [one.use for one in found] == ["scored", "shown", "set"]
