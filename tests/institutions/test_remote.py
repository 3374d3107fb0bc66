"""The programme for remote communities: its pace, its cost, and what it reaches."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.data.parameters import parameter_table
from kesos_sim.institutions.accounts import KAT, Stage
from kesos_sim.institutions.remote import REMOTE, remote_cost, with_programme
from kesos_sim.model.model import WelfareModel
from kesos_sim.population.needs import KINDS
from kesos_sim.scenario import Scenario, changed
from tests.model.lives import live

END = np.full((2, len(KINDS)), 0.01, np.float32)


def parameter(name: str) -> float:
    """Return a parameter of the table."""
    return parameter_table()[name].value


@given(times=st.floats(1.0, 10.0))
def test_more_of_the_programme_settles_as_many_more_families(times: float) -> None:
    found = with_programme(parameter, lambda _: times, END)
    assert (found[0] == found[1]).all()
    settled = 12 * (found - END)[0] * parameter("need.remote_community.count")
    assert settled[REMOTE] == pytest.approx(
        (times - 1) * parameter("kat.families"), rel=0.01, abs=1
    )
    assert not np.delete(settled, REMOTE).any()


@given(times=st.floats(1.0, 10.0))
def test_each_of_them_costs_what_one_costs_today(times: float) -> None:
    everybody = np.array([int(parameter("need.remote_community.count"))])
    cost = remote_cost(parameter, lambda _: times, everybody)
    assert cost[0] == pytest.approx((times - 1) * parameter("kat.families") * parameter("kat.cost"))


def test_todays_programme_changes_nothing() -> None:
    np.testing.assert_array_equal(with_programme(parameter, lambda _: 1.0, END), END)
    assert not remote_cost(parameter, lambda _: 0.0, np.array([7])).any()


def test_remote_families_get_fewer_and_the_nation_pays(
    small: Scenario, open_small: Callable[..., WelfareModel]
) -> None:
    """Papua, where many live in rural strata."""
    papua = changed(small, {"region": "94", "households": 16000, "months": 24, "growth": "none"})
    ten = changed(
        papua,
        {
            "levers.kat_programme.value": 10.0,
            "levers.kat_programme.from": "2024-04",
            "levers.kat_programme.ramp_months": 0,
        },
    )
    base, more = (live(open_small(scenario)) for scenario in (papua, ten))
    left = []
    for model in (base, more):
        assert model.parts.serving.last is not None
        left.append(int(model.parts.serving.last.in_need[:, REMOTE].sum()))
    yearly = 9 * small.parameter("kat.families") / small.parameter("need.remote_community.count")
    assert left[1] / left[0] == pytest.approx(np.exp(-2 * yearly), abs=0.05)
    assert left[1] < left[0]
    paid = more.ledger.total(more.month, Stage.SERVICES, KAT, "apbn").sum()
    assert paid == pytest.approx(yearly * small.parameter("kat.cost") * left[1] / 12, rel=0.08)
    assert not base.ledger.total(base.month, Stage.SERVICES, KAT).any()
