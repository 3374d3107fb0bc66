"""The base month shows the published figures, and a world that stands still stays there.

The tolerances are what is asked of the model; the drift is the mean of the last twelve of 120
months less the base month, with neither growth nor any change of policy.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from kesos_sim.data import read_table
from kesos_sim.kernels.households import MEASURES
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, changed, load_scenario
from tests.model.lives import figures, live

Open = Callable[..., WelfareModel]
GINI: Final = 0.005
TOLERANCE: Final = {
    "poverty_rate": ("poverty_province", "poverty_rate_p0", 0.1),
    "poverty_gap": ("poverty_province", "gap_p1", 0.1),
    "gini": ("inequality_province", "gini", GINI),
}
DISTRICT_TOLERANCE: Final = 0.3
DRIFT: Final = {"poverty_rate": 0.15, "gini": 0.003, "mean_household_size": 0.05}
BASE_YEARS: Final = (
    *(pytest.param(year, marks=pytest.mark.slow) for year in (2015, 2024)),
    *(pytest.param(year, marks=pytest.mark.full) for year in (2016, 2017, 2018, 2019, 2022, 2023)),
)


def province_misses(model: WelfareModel) -> dict[str, dict[str, float]]:
    """Modelled less published figures of the base month, by figure and province."""
    assert model.observer is not None
    found, codes = figures(model), model.observer.regions.codes
    misses: dict[str, dict[str, float]] = {}
    for name, (table, column, _) in TOLERANCE.items():
        rows = read_table(table).where(year=model.scenario.start.year, month=3, area="total")
        published = dict(zip(rows["bps_code"].tolist(), rows[column].tolist(), strict=True))
        misses[name] = {
            code: float(found[name][0, place] - published[int(code)])
            for place, code in enumerate(codes)
            if len(code) == 2 and int(code) in published
        }
    return misses


def district_misses(model: WelfareModel) -> np.ndarray:
    """Modelled less published poverty rates of districts in the base month, in points."""
    assert model.observer is not None
    counts = model.observer.counts[0]
    rate = 100.0 * counts[:, MEASURES.index("poor")] / counts[:, MEASURES.index("persons")]
    misses = rate - model.world.targets.districts.p0
    return misses[~np.isnan(misses)]


def assert_provinces_anchored(model: WelfareModel, *, gini: float = GINI) -> None:
    for name, misses in province_misses(model).items():
        assert misses
        worst = max(misses, key=lambda code: abs(misses[code]))
        allowed = gini if name == "gini" else TOLERANCE[name][2]
        assert abs(misses[worst]) < allowed, (name, worst, misses[worst])


def assert_anchored(model: WelfareModel) -> None:
    assert_provinces_anchored(model)
    assert np.abs(district_misses(model)).max() < DISTRICT_TOLERANCE


def test_two_small_provinces_are_anchored(small: Scenario, open_small: Open) -> None:
    """Also with a few hundred households in a district."""
    assert_anchored(open_small(changed(small, {"region": "34,51", "households": 6000})))


def test_one_district_is_anchored(small: Scenario, open_small: Open) -> None:
    """Where only a part of each cell is simulated, its place in the cell is known."""
    model = open_small(changed(small, {"region": "3403", "households": 2000}))
    assert np.abs(district_misses(model)).max() < DISTRICT_TOLERANCE


def test_population_and_household_size_are_the_published(small: Scenario, open_small: Open) -> None:
    """Weights carry every stratum's people exactly; households follow from the sizes drawn."""
    model = open_small(small)
    strata = model.world.targets.strata
    found = figures(model)
    assert found["population"][0, 0] == pytest.approx(strata.population.sum(), rel=1e-5)
    households = (strata.population / strata.mean_household_size).sum()
    assert found["mean_household_size"][0, 0] == pytest.approx(
        strata.population.sum() / households, rel=0.02
    )


def test_registry_and_enrolments_start_in_a_steady_state(small: Scenario, open_small: Open) -> None:
    """Without growth or reform, ages of records and selections stay where they begin."""
    still = changed(small, {"growth": "none"})
    model = live(open_small(still))
    found = figures(model)
    assert abs(found["registry_age"][-1, 0] / found["registry_age"][0, 0] - 1) < 0.05
    for name in ("programme_recipients.pkh", "programme_recipients.sembako"):
        assert abs(found[name][-1, 0] / found[name][0, 0] - 1) < 0.02, name
    assert abs(found["poverty_rate"][-12:, 0].mean() - found["poverty_rate"][0, 0]) < 0.6


def test_records_of_nobody_start_in_their_steady_state(small: Scenario, open_small: Open) -> None:
    """As many arise as visits find: their share of the records does not move by itself."""
    model = open_small(changed(small, {"growth": "none", "months": 24}))
    before = model.ghosts.copy()
    live(model)
    np.testing.assert_allclose(model.ghosts, before, rtol=0.02)


@pytest.fixture(scope="module")
def large(scenario_folder: Path) -> Scenario:
    """The ten provinces with 100,000 households, standing still."""
    return load_scenario(scenario_folder / "baseline.yaml", {"growth": "none", "months": 120})


@pytest.mark.parametrize("year", BASE_YEARS)
def test_every_base_month_is_anchored(large: Scenario, open_small: Open, year: int) -> None:
    assert_anchored(open_small(changed(large, {"start": f"{year}-03", "months": 1}), 2))


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.full) for n in (1, 2, 3))])
def test_few_households_show_the_provinces(large: Scenario, open_small: Open, seed: int) -> None:
    """Twenty thousand: some sixty in a district, whose rates then move in steps of a point.

    The Gini of Bali's six hundred hangs on who of them is rich.
    """
    few = changed(large, {"households": 20_000, "seed": seed, "months": 1})
    assert_provinces_anchored(open_small(few, 2), gini=0.01)


@pytest.mark.full
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_seed_is_anchored(large: Scenario, open_small: Open, seed: int) -> None:
    assert_anchored(open_small(changed(large, {"seed": seed, "months": 1}), 2))


@pytest.mark.slow
def test_a_world_that_stands_still_stays_for_ten_years(large: Scenario, open_small: Open) -> None:
    """The drift, and no year in between further off than twice as much."""
    found = figures(live(open_small(large, 2)))
    for name, most in DRIFT.items():
        path = found[name][:, 0]
        drift = path[-12:].mean() - path[0]
        assert abs(drift) < most, (name, drift)
        yearly = path[1:].reshape(10, 12).mean(axis=1) - path[0]
        assert np.abs(yearly).max() < 2 * most, (name, yearly)
