"""Matching of the registry with civil registration: its pace, its cost, and what it leaves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.data.parameters import parameter_table
from kesos_sim.institutions.accounts import REGISTRY, Stage
from kesos_sim.institutions.registry import RegistryOffice
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, changed
from kesos_sim.units import Month
from tests.institutions.test_orsos_standards import settings
from tests.model.lives import figures, live, state

Open = Callable[..., WelfareModel]


def parameter(name: str) -> float:
    """Return a parameter of the table."""
    return parameter_table()[name].value


@given(effort=st.floats(0.0, 1.0))
def test_rounds_of_a_year_find_what_a_year_should(effort: float) -> None:
    office = RegistryOffice(parameter, np.zeros(2))
    part = office.matched(lambda _: effort)
    yearly = parameter("registry.matching.strength") * effort
    assert (1.0 - part) ** (12 / office.interval) == pytest.approx(1.0 - yearly)


@given(months=st.sampled_from([3, 6, 12]))
def test_records_are_ranked_anew_at_their_interval(months: int) -> None:
    office = RegistryOffice(
        lambda name: months if name == "registry.rerank_months" else parameter(name), np.zeros(2)
    )
    ranked = [ahead for ahead in range(24) if office.ranks(Month(2024, 1) + ahead)]
    assert ranked == list(range(0, 24, months))


def test_records_that_are_verified_more_often_are_younger(
    small: Scenario, open_small: Open
) -> None:
    often = changed(small, {"levers.registry_verification_rate.value": 0.6})
    ours, theirs = (figures(live(open_small(one)))["registry_age"] for one in (often, small))
    assert ours[-1, 0] < theirs[-1, 0]


def test_records_of_nobody_go_and_districts_pay(small: Scenario, open_small: Open) -> None:
    years = changed(small, {"months": 24, "growth": "none"})
    base, matched = (
        live(open_small(own)) for own in (years, changed(years, settings(identity_matching=1.0)))
    )
    ours, theirs = (figures(model)["registry_ghosts"][:, 0] for model in (matched, base))
    assert ours[-1] < 0.6 * theirs[-1]
    np.testing.assert_array_equal(ours[:3], theirs[:3])
    cost = years.parameter("registry.matching_cost") / 12 * base.places.households.sum()
    paid = [m.ledger.total(m.month, Stage.SERVICES, REGISTRY).sum() for m in (matched, base)]
    assert paid[0] - paid[1] == pytest.approx(cost, rel=1e-5)


def test_matching_without_strength_finds_nobody(small: Scenario, open_small: Open) -> None:
    years = changed(small, {"growth": "none", "parameters.registry.matching.strength": 0.0})
    base, matched = (
        live(open_small(own)) for own in (years, changed(years, settings(identity_matching=1.0)))
    )
    ours, theirs = state(matched), state(base)
    for name, array in theirs.items():
        if name.startswith(("households.", "serving.")):
            np.testing.assert_array_equal(ours[name], array, err_msg=name)
    np.testing.assert_array_equal(matched.ghosts, base.ghosts)
