"""Volunteers of organisations: a flow with a steady state, and what it saves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.data.parameters import parameter_table
from kesos_sim.institutions.accounts import ORSOS_TRAINING, Stage
from kesos_sim.institutions.orsos_volunteers import (
    managed,
    management_luck,
    month_of_volunteers,
)
from kesos_sim.kernels.funding import work_done
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, changed
from tests.institutions.test_orsos_standards import settings
from tests.model.lives import figures, live, state

Open = Callable[..., WelfareModel]


def parameter(name: str) -> float:
    """Return a parameter of the table."""
    return parameter_table()[name].value


def test_the_usual_number_stays_to_the_bit() -> None:
    stock = np.ones(3, np.float32)
    for _ in range(50):
        stock = month_of_volunteers(parameter, stock, np.zeros(3, np.bool_), 0.0)
    np.testing.assert_array_equal(stock, 1.0)
    assert work_done(stock[0], parameter("orsos.volunteer_work")) == 1.0


@given(cared=st.booleans(), campaign=st.floats(0.0, 1.0))
def test_volunteers_settle_where_as_many_join_as_leave(cared: bool, campaign: float) -> None:
    stock = np.ones(1, np.float32)
    for _ in range(4000):
        stock = month_of_volunteers(parameter, stock, np.array([cared]), campaign)
    joining = 1.0 + parameter("marketing.volunteer_effect") * campaign
    staying = 1.0 - parameter("orsos.volunteers.strength") * cared
    assert stock[0] == pytest.approx(joining / staying, rel=1e-3)


@given(stock=st.floats(0.0, 6.0, width=32))
def test_their_work_is_paid_for_where_they_are_missing(stock: float) -> None:
    share = parameter("orsos.volunteer_work")
    cost = work_done(np.float32(stock), share)
    assert cost == pytest.approx(max((1.0 - share) + share * (2.0 - stock), 0.1))


# Over whole runs


@pytest.fixture(scope="module")
def years(small: Scenario) -> Scenario:
    """Three years without growth."""
    return changed(small, {"months": 36, "growth": "none"})


@pytest.fixture(scope="module")
def base(years: Scenario, open_small: Open) -> WelfareModel:
    """No change."""
    return live(open_small(years))


def test_those_looked_after_stay_serve_more_and_are_paid_for(
    years: Scenario, open_small: Open, base: WelfareModel
) -> None:
    more = live(open_small(changed(years, settings(volunteer_management=1.0))))
    ours, theirs = figures(more), figures(base)
    leaving, months = years.parameter("psks.volunteers_leave") / 12, 34
    kept = 1.0 - years.parameter("orsos.volunteers.strength")
    grown = 1.0 / kept + (1.0 - 1.0 / kept) * (1.0 - leaving * kept) ** months
    gained = ours["orsos_volunteers"][-1, 0] / theirs["orsos_volunteers"][-1, 0]
    assert gained == pytest.approx(grown, rel=0.01)
    assert ours["cases_served"][-12:, 0].mean() > theirs["cases_served"][-12:, 0].mean()
    working = more.parts.serving.bodies.working.sum()
    paid = more.ledger.total(more.month, Stage.SERVICES, ORSOS_TRAINING).sum()
    assert paid == pytest.approx(years.parameter("orsos.volunteer_cost") / 12 * working, rel=1e-4)


def test_fewer_look_after_theirs_where_fewer_should(years: Scenario, base: WelfareModel) -> None:
    table = base.parts.serving.orsos
    luck = management_luck(table, 7)
    some, many = (managed(table, luck, share) for share in (0.3, 0.8))
    assert not np.any(some & ~many)
    assert not np.any(managed(table, luck, 0.0))
    np.testing.assert_array_equal(managed(table, luck, 1.0), table.working)
    assert some.sum() / table.working.sum() == pytest.approx(0.3, abs=0.1)


def test_without_strength_looking_after_them_only_costs(
    years: Scenario, open_small: Open, base: WelfareModel
) -> None:
    nothing = {"parameters.orsos.volunteers.strength": 0.0}
    with_lever = live(open_small(changed(years, settings(volunteer_management=1.0) | nothing)))
    ours, theirs = state(with_lever), state(base)
    for name, array in theirs.items():
        if name.startswith(("serving.", "households.")):
            np.testing.assert_array_equal(ours[name], array, err_msg=name)
