"""Bodies of provinces and the nation: how often they work, and what they pass on."""

from __future__ import annotations

from collections.abc import Callable

import mesa
import numpy as np
import pytest

from kesos_sim import i18n
from kesos_sim.institutions.bkkks import Coordination
from kesos_sim.institutions.bodies_above import BodiesAbove
from kesos_sim.institutions.body import Bkkks, monthly
from kesos_sim.institutions.orsos import OrsosTable
from kesos_sim.institutions.places import Places
from kesos_sim.institutions.rules import default_parameter
from kesos_sim.units import Month
from tests.institutions.test_bkkks import levers

START = Month(2024, 3)
Parameters = Callable[..., Callable[[str], float]]
TODAY = levers(1.0)


def above_of(places: Places, parameter=default_parameter, key: int = 3) -> BodiesAbove:
    return BodiesAbove(mesa.Model(rng=1), places, parameter, key)


def coordination_of(places: Places, parameter: Callable[[str], float]) -> Coordination:
    table = OrsosTable.draw(places, parameter, 1, 50)
    return Coordination(mesa.Model(rng=1), places, table, parameter, 1, 50)


def long_run(parameter, which: str) -> float:
    name = {"nation": "national_{}", "province": "{}_sk"}[which]
    wake, sleep = (
        monthly(parameter("coordination." + name.format(what))) for what in ("wake", "sleep")
    )
    return wake / (wake + sleep)


def test_bodies_above_work_as_often_as_they_wake_and_sleep(
    nation: Places, parameters: Parameters
) -> None:
    parameter = parameters({"coordination.practice": 0.0})
    shares = []
    for key in range(12):
        bodies = above_of(nation, parameter, key)
        standing = np.ones(len(nation.provinces), np.int64)
        for month in range(240):
            bodies.secretariats.release(START + month, bodies.of_provinces, 0.0)
            bodies.live(START + month, standing, coordinated=True)
            shares.append(bodies.awake.copy())
    found = np.array(shares)
    assert found[:, 1:].mean() == pytest.approx(long_run(parameter, "province"), abs=0.03)
    assert found[:, 0].mean() == pytest.approx(long_run(parameter, "nation"), abs=0.08)


def test_money_of_the_nation_keeps_the_national_body_awake_for_longer(
    nation: Places, parameters: Parameters
) -> None:
    """As often asleep as its own chance says without money, less often the more there is of it."""
    standing = np.ones(len(nation.provinces), np.int64)
    enough = default_parameter("coordination.secretariat_enough")
    asleep = {}
    for paid in (0.0, 0.5 * enough, enough, 10.0 * enough):
        parameter = parameters({"coordination.national_sleep": 0.3})
        asleep[paid] = 0
        for key in range(12):
            bodies = above_of(nation, parameter, key)
            for month in range(120):
                bodies.live(START + month, standing, coordinated=True, paid=paid)
                asleep[paid] += int(not bodies.awake[0])
    assert asleep[0.0] > asleep[0.5 * enough] > asleep[enough] == asleep[10.0 * enough]


def test_the_nation_pays_its_body_where_people_live(nation: Places, java: Places) -> None:
    """A part of the country pays its part; nothing while the body sleeps, or without money."""
    paid = levers(1.0, national_secretariat=1e9)
    whole, part = (coordination_of(places, default_parameter) for places in (nation, java))
    for bodies in (whole, part):
        bodies.above.awake[:] = True
    found = whole.cost(paid)[2]
    assert found.sum() == pytest.approx(1e9, rel=1e-6)
    inside = np.isin(nation.codes, java.codes)
    np.testing.assert_allclose(part.cost(paid)[2], found[inside])
    assert not part.cost(TODAY)[2].any()
    part.above.awake[0] = False
    assert not part.cost(paid)[2].any()


def test_practice_moves_bodies_around_what_is_usual(nation: Places) -> None:
    """Quicker below a body that works, slower below one that does not, as usual on average."""
    bodies = above_of(nation)
    usual = long_run(default_parameter, "province")
    strength = default_parameter("coordination.practice")
    bodies.awake[1:] = np.arange(bodies.awake.size - 1) % 2 == 0
    expected = 1.0 + strength * (bodies.of_provinces - usual)
    np.testing.assert_allclose(bodies.pace, expected[nation.province_index])
    assert usual * (1.0 + strength * (1.0 - usual)) + (1.0 - usual) * (
        1.0 - strength * usual
    ) == pytest.approx(1.0)
    assert bodies.pace.min() > 0.0


def test_districts_wake_sooner_below_a_body_that_works(
    nation: Places, parameters: Parameters
) -> None:
    """With the same luck; and without practice to pass on, no body of a district differs."""
    found = {}
    for strength in (0.0, 1.0):
        for works in (False, True):
            parameter = parameters(
                {"coordination.practice": strength, "coordination.meeting_invites": 0.0}
            )
            table = OrsosTable.draw(nation, parameter, 3, 1)
            bodies = Coordination(mesa.Model(rng=1), nation, table, parameter, 3)
            woke = np.zeros(nation.codes.size, np.int64)
            for month in range(48):
                bodies.above.awake[:] = works
                before = bodies.awake
                bodies.live(START + month, TODAY)
                woke += bodies.awake & ~before
            found[strength, works] = woke
    np.testing.assert_array_equal(found[0.0, False], found[0.0, True])
    assert found[1.0, True].sum() > 1.2 * found[1.0, False].sum()


def test_provinces_wake_sooner_while_the_national_body_works(
    nation: Places, parameters: Parameters
) -> None:
    parameter = parameters({"coordination.practice": 1.0})
    standing = np.zeros(len(nation.provinces), np.int64)
    woke = {}
    for works in (False, True):
        woke[works] = 0
        for key in range(6):
            bodies = above_of(nation, parameter, key)
            for month in range(48):
                bodies.awake[0] = works
                before = bodies.of_provinces.copy()
                bodies.live(START + month, standing, coordinated=True)
                woke[works] += int((bodies.of_provinces & ~before).sum())
    assert woke[True] > woke[False]


def test_agents_remember_when_they_slept_and_revived(nation: Places) -> None:
    bodies = above_of(nation)
    first = bodies.awake.copy()
    for month in range(120):
        bodies.live(START + month, np.ones(len(nation.provinces), np.int64), coordinated=True)
    turned = [len(body.changes) for body in bodies.bodies]
    assert sum(turned) > 20
    np.testing.assert_array_equal(first ^ (np.array(turned) % 2 == 1), bodies.awake)
    for body in bodies.bodies:
        turns = [awake for _, awake in body.changes]
        assert all(now != then for now, then in zip(turns[1:], turns, strict=False))


@pytest.mark.parametrize(
    ("code", "name"),
    [(0, "DNIKS"), (33, "BKKKS / LKKS"), (3171, "KKKS"), (3316, "K3S")],
)
def test_bodies_are_called_as_their_place_calls_them(code: int, name: str) -> None:
    body = Bkkks(mesa.Model(rng=1), code)
    for lang in i18n.LANGUAGES:
        assert name in body.label(lang)
