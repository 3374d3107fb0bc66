"""Organisations close and begin: who, how often, and what that leaves behind."""

from __future__ import annotations

from collections.abc import Callable

import mesa
import numpy as np
import pytest

from kesos_sim.institutions.bkkks import Coordination
from kesos_sim.institutions.orsos import OrsosTable
from kesos_sim.institutions.orsos_turnover import come_and_go, decides, turnover
from kesos_sim.institutions.places import Places
from kesos_sim.institutions.rules import default_parameter
from kesos_sim.kernels.places import ACCREDITED
from kesos_sim.kernels.turnover import count_short
from kesos_sim.model.model import WelfareModel
from kesos_sim.rng import draw_key
from kesos_sim.scenario import Scenario, changed
from kesos_sim.units import Month
from tests.model.lives import figures, live, state

Parameters = Callable[..., Callable[[str], float]]
Open = Callable[..., WelfareModel]
START = Month(2024, 4)
KEY = draw_key(2008)


def test_organisations_decide_once_a_year() -> None:
    assert [m for m in range(12) if decides(Month(2024, 1) + m)] == [0]


def test_months_without_money_are_counted_in_a_row() -> None:
    chance = np.random.default_rng(5)
    capacity, short, expected = np.full(9, 8.0), np.zeros(9, np.int16), np.zeros(9, int)
    for _ in range(30):
        lasts = chance.choice([0.0, 1.9, 2.0, 8.0], 9)
        count_short(0.25, capacity, lasts, short)
        expected = np.where(lasts < 2.0, expected + 1, 0)
        np.testing.assert_array_equal(short, expected)
    assert expected.max() > 0


def test_who_is_without_money_for_long_closes_and_others_begin(
    nation: Places, parameters: Parameters
) -> None:
    """By the chances that the parameters say; twice as many begin where the appeal is double."""
    strength, months = 0.4, default_parameter("orsos.closing_months")
    parameter = parameters({"orsos.turnover.strength": strength, "orsos.founding": 0.1})
    table = OrsosTable.draw(nation, parameter, KEY)
    n, working = table.home.size, table.working
    short = np.random.default_rng(4).integers(0, 12, n).astype(np.int16)
    appeal = np.where(np.arange(n) % 2 == 0, 2.0, 1.0)
    closing, opening = turnover(table, parameter, KEY, START, short, appeal)
    assert working[closing].all()
    assert not working[opening].any()
    assert short[closing].min() == months
    for found, among, chance in (
        (closing, working & (short >= months), strength),
        (opening, ~working & (appeal == 1.0), 0.1 * strength),
        (opening, ~working & (appeal == 2.0), 0.2 * strength),
    ):
        number, most = int(among[found].sum()), int(among.sum())
        assert abs(number - chance * most) < 4.5 * np.sqrt(chance * (1.0 - chance) * most)


def test_bodies_know_who_closed_and_who_began(java: Places, parameters: Parameters) -> None:
    parameter = parameters({"orsos.turnover.strength": 1.0, "orsos.founding": 0.5})
    table = OrsosTable.draw(java, parameter, KEY)
    bodies = Coordination(mesa.Model(rng=1), java, table, parameter, KEY)
    before = table.working.copy()
    table.state[before] |= 2
    table.state |= ACCREDITED
    short = np.full(table.home.size, 6, np.int16)
    come_and_go(bodies, parameter, KEY, START, short, np.ones(table.home.size))
    assert not (table.working & before).any(), "with full strength all of them close"
    assert table.working.sum() > 0
    assert not table.members.any(), "who closes is no member"
    certified = (table.state & ACCREDITED) != 0
    np.testing.assert_array_equal(certified, ~table.working, "who begins has no certificate yet")
    number = np.bincount(table.home[table.working], minlength=java.codes.size)
    np.testing.assert_array_equal(bodies.working, number)
    assert not np.any(bodies.federations.of[~table.working] >= 0)
    closed = int(np.flatnonzero(before)[0])
    assert bodies.agent(closed).works == [(START, False)]


def test_without_strength_nobody_closes_or_begins(small: Scenario, open_small: Open) -> None:
    """Whatever the other parameters are, no bit changes."""
    none = {"parameters.orsos.turnover.strength": 0.0}
    other = {"parameters.orsos.closing_months": 3.0, "parameters.orsos.founding": 0.03}
    ours, theirs = (live(open_small(changed(small, none | more))) for more in ({}, other))
    np.testing.assert_equal(state(ours), state(theirs))
    assert np.ptp(figures(ours)["orsos_working"][:, 0]) == 0.0


@pytest.mark.slow
def test_today_as_many_begin_as_close(small: Scenario, open_small: Open) -> None:
    years = changed(small, {"months": 60, "growth": "none"})
    model = open_small(years)
    before = model.parts.serving.orsos.working.copy()
    after = live(model).parts.serving.orsos.working
    closed, begun = int((before & ~after).sum()), int((after & ~before).sum())
    assert closed > 0
    assert abs(begun - closed) < 4.5 * np.sqrt(begun + closed)
