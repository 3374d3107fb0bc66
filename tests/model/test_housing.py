"""Repair of houses over whole runs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kesos_sim.institutions.accounts import HOUSING, Stage
from kesos_sim.kernels.housing import REPAIRED
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, changed
from tests.model.lives import figures, live, state

Open = Callable[..., WelfareModel]


def repaired(small: Scenario, **parameters: float) -> Scenario:
    """Repair a fifth of the unfit houses of the poor every year."""
    own = {f"parameters.housing.{name}": value for name, value in parameters.items()}
    levers = {
        "levers.house_repair.value": 0.2,
        "levers.house_repair.from": "2024-04",
        "levers.house_repair.ramp_months": 0,
    }
    return changed(small, {"months": 36, "growth": "none"} | levers | own)


@pytest.fixture(scope="module")
def usual(small: Scenario, open_small: Open) -> WelfareModel:
    """No repairs."""
    return live(open_small(changed(small, {"months": 36, "growth": "none"})))


def test_houses_are_repaired_and_paid_for(
    small: Scenario, open_small: Open, usual: WelfareModel
) -> None:
    model = live(open_small(repaired(small)))
    ours, theirs = figures(model), figures(usual)
    # Two Januaries after the lever, and the one before it.
    assert ours["houses_repaired"][6, 0] == 0
    assert ours["houses_repaired"][12, 0] > 0
    assert not theirs["houses_repaired"].any()
    assert ours["unfit_housing_rate"][-1, 0] < 0.9 * theirs["unfit_housing_rate"][-1, 0]
    grant = small.parameter("housing.grant")
    paid = sum(
        int(model.ledger.total(model.month - back, Stage.SERVICES, HOUSING, "apbn").sum())
        for back in range(12)
    )
    # Money of a year runs from the month after its list.
    lists = ours["houses_repaired"][[-12, -1], 0]
    assert paid == pytest.approx(grant * np.interp(2 / 12, [0, 1], lists), rel=0.2)
    assert ours["poverty_gap"][-1, 0] < theirs["poverty_gap"][-1, 0]


def test_without_effect_repairs_change_no_consumption(
    small: Scenario, open_small: Open, usual: WelfareModel
) -> None:
    model = live(open_small(repaired(small, effect=0.0, grant=10_000_000)))
    ours, theirs = state(model), state(usual)
    assert ((model.world.households.needs & REPAIRED) != 0).any()
    for name in ("households.welfare", "households.gain", "households.savings"):
        np.testing.assert_array_equal(ours[name], theirs[name], err_msg=name)
