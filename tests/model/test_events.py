"""Named shocks hit where and as long as they say, and no one else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, changed, from_document
from tests.model.lives import live

Open = Callable[..., WelfareModel]
JUNE = {"month": "2024-06", "months": 4}


@pytest.fixture(scope="module")
def pair(small: Scenario) -> Scenario:
    """Two provinces, eight months, nothing growing."""
    return changed(small, {"region": "34,51", "households": 6000, "months": 8, "growth": "none"})


def struck(scenario: Scenario, *events: dict[str, Any]) -> Scenario:
    return from_document(scenario.document() | {"events": list(events)})


def loss_path(model: WelfareModel, months: int) -> np.ndarray:
    """Losses after each month: float32[months, n_households]."""
    found = []
    for _ in range(months):
        model.step()
        found.append(model.world.households.loss.copy())
    return np.stack(found)


def households_of(model: WelfareModel, province: int) -> np.ndarray:
    """Which households live in a province."""
    sizes = np.diff(model.world.layout.stratum_start)
    return np.repeat(model.world.targets.strata.province, sizes) == province


@pytest.mark.parametrize(
    "event",
    [
        JUNE | {"hazard": "income_shock", "severity": 0.3, "share": 0.5, "region": [51]},
        JUNE | {"hazard": "price_rise", "severity": 0.1, "region": [51]},
    ],
    ids=["income", "prices"],
)
def test_a_shock_stays_in_its_region(
    pair: Scenario, open_small: Open, event: dict[str, Any]
) -> None:
    calm, shaken = live(open_small(pair), 4), live(open_small(struck(pair, event)), 4)
    there = households_of(calm, 51)
    before, after = calm.world.households.welfare, shaken.world.households.welfare
    np.testing.assert_array_equal(before[~there], after[~there])
    assert np.mean(after[there] < before[there]) > 0.4


def test_an_income_shock_lasts_as_long_as_it_says(pair: Scenario, open_small: Open) -> None:
    """The same households lose as much in every month; then the loss wanes."""
    event = JUNE | {"hazard": "income_shock", "severity": 0.3, "share": 0.25}
    calm = loss_path(open_small(pair), 8)
    extra = loss_path(open_small(struck(pair, event)), 8) - calm
    hit = extra[2] > 0.15
    assert np.mean(hit) == pytest.approx(0.25, abs=0.03)
    assert not extra[:2].any()
    np.testing.assert_allclose(extra[2:6, hit], 0.3, atol=1e-5)
    np.testing.assert_allclose(extra[2:, ~hit], 0.0, atol=1e-6)
    keep = float(calm_keep(open_small, pair))
    np.testing.assert_allclose(extra[6, hit], 0.3 * keep, atol=1e-5)
    np.testing.assert_allclose(extra[7, hit], 0.3 * keep**2, atol=1e-5)


def calm_keep(open_small: Open, scenario: Scenario) -> np.float32:
    """What is left of a loss a month later."""
    return open_small(scenario).world.rules.loss_keep


def test_prices_come_back_down(pair: Scenario, open_small: Open) -> None:
    event = JUNE | {"hazard": "price_rise", "severity": 0.1}
    calm, shaken = live(open_small(pair)), live(open_small(struck(pair, event)))
    assert calm.observer is not None
    assert shaken.observer is not None
    poor = [model.observer.counts[:, :, 1].sum(axis=1) for model in (calm, shaken)]
    np.testing.assert_array_equal(poor[0][:3], poor[1][:3])
    assert np.all(poor[1][3:7] > poor[0][3:7])
    assert np.abs(poor[1][7:] / poor[0][7:] - 1).max() < 0.02


def test_two_shocks_of_a_month_hit_different_households(pair: Scenario, open_small: Open) -> None:
    """Who is hit by one is hit by the other no oftener than anybody else."""
    one = JUNE | {"hazard": "income_shock", "severity": 0.1, "share": 0.2}
    other = JUNE | {"hazard": "income_shock", "severity": 0.5, "share": 0.3}
    calm = loss_path(open_small(pair), 3)[-1]
    extra = loss_path(open_small(struck(pair, one, other)), 3)[-1] - calm
    both = np.mean(extra > 0.55)
    assert both == pytest.approx(0.2 * 0.3, abs=0.015)


def test_a_shock_of_the_first_month_hits_in_full(pair: Scenario, open_small: Open) -> None:
    """The base month itself is as published; a shock that begins there is felt in the next."""
    event = {"hazard": "income_shock", "month": "2024-03", "months": 3, "severity": 0.3}
    calm = loss_path(open_small(pair), 1)[0]
    extra = loss_path(open_small(struck(pair, event | {"share": 0.5})), 1)[0] - calm
    np.testing.assert_allclose(extra[extra > 0.01], 0.3, atol=1e-5)
    assert np.mean(extra > 0.01) == pytest.approx(0.5, abs=0.03)
