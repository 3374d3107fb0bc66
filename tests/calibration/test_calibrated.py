"""What was calibrated stays calibrated, in ten provinces with 100,000 households.

The figures are own calculations and published ones; the bands are those within which the model's
answers were accepted. A result outside is a finding to explain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kesos_sim.calibration.targeting import aid_of_2020, targeting_figures
from kesos_sim.model.sample import Sample, share
from kesos_sim.scenario import load_scenario

if TYPE_CHECKING:
    from kesos_sim.calibration.figures import Figure
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario import Scenario

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def still(scenario_folder: Path) -> Scenario:
    return load_scenario(scenario_folder / "baseline.yaml", {"growth": "none", "months": 60})


@pytest.fixture(scope="module")
def sample(still: Scenario, open_small: Callable[..., WelfareModel]) -> Sample:
    return Sample.of(open_small(still, 2))


@pytest.fixture(scope="module")
def figures(sample: Sample) -> list[Figure]:
    return targeting_figures(sample)


@pytest.mark.parametrize("measure", ["rank_correlation", "overlap", "listed_people"])
def test_what_set_the_registry_is_met(figures: list[Figure], measure: str) -> None:
    own = [figure for figure in figures if figure.measure == measure and figure.use == "set"]
    assert own
    assert all(figure.hit for figure in own)


def test_lists_err_as_published(figures: list[Figure]) -> None:
    errors = [figure for figure in figures if figure.measure in ("undercoverage", "leakage")]
    assert sum(bool(figure.hit) for figure in errors) >= 0.9 * len(errors)


def test_the_poor_are_missed_as_published(sample: Sample) -> None:
    reached = np.logical_or.reduce([sample.enrolled[k] for k in ("PKH", "SEMBAKO", "BLT_DESA")])
    assert 28.0 < share(reached, sample.households) < 32.0
    assert 40.0 <= share(~reached, sample.persons, sample.before < 1.0) <= 52.0


@pytest.mark.full
def test_targeting_does_not_drift(still: Scenario, open_small: Callable[..., WelfareModel]) -> None:
    model = open_small(still, 2)
    for _ in range(still.months):
        model.step()
    assert model.observer is not None
    error = model.observer.values(model.world.reference_line)["exclusion_error"][:, 0]
    assert abs(error[12:].mean() - error[0]) < 1.5
    assert abs(error[-12:].mean() - error[12:24].mean()) < 1.0


@pytest.mark.parametrize(
    ("propensity", "low", "high"),
    [
        pytest.param(0.1, 0.1, 0.5, marks=pytest.mark.full),
        (0.6, 1.0, 1.7),
        pytest.param(1.0, 1.8, 2.7, marks=pytest.mark.full),
    ],
)
def test_todays_transfers_lower_poverty(
    still: Scenario,
    scenario_folder: Path,
    open_small: Callable[..., WelfareModel],
    propensity: float,
    low: float,
    high: float,
) -> None:
    own = {
        "growth": "none",
        "months": 12,
        "parameters.household.propensity_to_consume": propensity,
    }
    rates = []
    for name in ("baseline", "tanpa-bansos"):
        model = open_small(load_scenario(scenario_folder / f"{name}.yaml", own), 2)
        for _ in range(12):
            model.step()
        assert model.observer is not None
        rates.append(float(model.observer.values(model.world.reference_line)["poverty_rate"][1, 0]))
    assert low <= rates[1] - rates[0] <= high


def test_the_year_2020_opens_in_2019(still: Scenario, anchors: Path) -> None:
    figure = aid_of_2020(replace(still, households=10_000), 2)
    assert figure.use == "scored"
    assert 50.0 < figure.modelled < 100.0
