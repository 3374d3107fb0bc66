"""Councils: what wins them, what fades, what that costs, and what bodies get of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.data.parameters import parameter_table
from kesos_sim.institutions.backing import Backing
from kesos_sim.institutions.bkkks import Coordination
from kesos_sim.institutions.body import STANDINGS
from kesos_sim.institutions.orsos import OrsosTable
from kesos_sim.institutions.perda import Step
from kesos_sim.institutions.places import Places
from kesos_sim.institutions.politics import Politics
from kesos_sim.institutions.rules import default_parameter
from kesos_sim.units import Month
from tests.institutions.test_bkkks import levers as bodies_levers

START = Month(2024, 10)
FEW = settings(max_examples=15)
Parameter = Callable[[str], float]
Parameters = Callable[..., Parameter]
PERDA = STANDINGS.index("perda")


def levers(
    rounds: float = 0.0, reach: float = 0.0, bylaw: float = 0.0, standing: float = 1.0
) -> Callable[[str], float]:
    return bodies_levers(
        standing, political_dialogue=rounds, regulation_outreach=reach, welfare_bylaw=bylaw
    )


def politics_of(
    places: Places, parameter: Parameter = default_parameter, councils: bool = True
) -> Politics:
    return Politics(places, np.full(places.codes.size, councils), parameter, 5)


def bodies_of(places: Places, parameter: Parameter = default_parameter) -> Coordination:
    table = OrsosTable.draw(places, parameter, 5, 1)
    return Coordination(mesa.Model(rng=1), places, table, parameter, 5)


def silence(places: Places) -> np.ndarray:
    return np.zeros(len(places.provinces) + places.codes.size)


# Support


@pytest.mark.slow
@FEW
@given(
    seed=st.integers(0, 2**32 - 1),
    rounds=st.floats(0.0, 12.0),
    reach=st.floats(0.0, 1.0),
    loud=st.floats(0.0, 1.0),
)
def test_support_settles_where_what_is_won_is_what_fades(java: Places, seed, rounds, reach, loud):
    """In closed form, for any parameters within their ranges."""
    rows = {
        k: v
        for k, v in parameter_table().items()
        if k.startswith(("politics.", "coordination.advocacy"))
    }
    chance = np.random.default_rng(seed)
    values = {k: chance.uniform(row.low, row.high) for k, row in rows.items()}

    def parameter(name: str) -> float:
        return values[name] if name in values else default_parameter(name)

    politics, voice = politics_of(java, parameter), silence(java) + loud
    for _ in range(4000):
        politics.win(levers(rounds, reach), voice)
        assert politics.support.min() >= 0.0 and politics.support.max() <= 1.0
    missed = (1.0 - values["politics.dialogue_gain"]) ** (rounds / 12)
    missed *= (1.0 - values["politics.outreach_support"] * reach) ** (1 / 12)
    missed *= (1.0 - values["coordination.advocacy.strength"] * loud) ** (1 / 12)
    keep, usual = values["politics.support_keep"], values["politics.support_today"]
    expected = (1.0 - missed * (1.0 - (1.0 - keep) * usual)) / (1.0 - keep * missed)
    np.testing.assert_allclose(politics.support, expected, rtol=1e-9)
    unclear = (1.0 - values["politics.outreach_understanding"] * reach) ** (1 / 12)
    expected = (1.0 - unclear) / (1.0 - keep * unclear)
    np.testing.assert_allclose(politics.understanding, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("lever", "strength"),
    [
        ({"rounds": 12.0}, "politics.dialogue_gain"),
        ({"reach": 1.0}, "politics.outreach_support"),
        ({}, "coordination.advocacy.strength"),
    ],
    ids=["dialogue", "outreach", "advocacy"],
)
def test_what_wins_support_and_what_has_no_strength(
    java: Places, parameters: Parameters, lever: dict[str, float], strength: str
) -> None:
    loud = silence(java) + (0.0 if lever else 1.0)
    usual = default_parameter("politics.support_today")
    won, idle = politics_of(java), politics_of(java, parameters({strength: 0.0}))
    for politics in (won, idle):
        for _ in range(36):
            politics.win(levers(**lever), loud)
    assert np.all(won.support > usual + 0.02)
    np.testing.assert_allclose(idle.support, usual, rtol=1e-12)


def test_support_and_understanding_fade_to_what_is_usual(java: Places) -> None:
    politics = politics_of(java)
    politics.support[:] = 1.0
    politics.understanding[:] = 1.0
    usual, keep = (default_parameter(f"politics.support_{name}") for name in ("today", "keep"))
    for month in range(1, 60):
        politics.win(levers(), silence(java))
        np.testing.assert_allclose(politics.support, usual + (1 - usual) * keep**month)
        np.testing.assert_allclose(politics.understanding, keep**month)


def test_elections_take_a_part_of_what_was_won(java: Places, parameters: Parameters) -> None:
    parameter = parameters({"politics.support_carried": 0.25, "politics.support_keep": 1.0})
    politics, bodies = politics_of(java, parameter), bodies_of(java, parameter)
    bodies.awake[:], bodies.above.awake[:] = False, False
    politics.support[:] = 1.0
    usual = default_parameter("politics.support_today")
    politics.live(Month(2029, 8), levers(), bodies, by_themselves=False)
    np.testing.assert_allclose(politics.support, 1.0)
    politics.live(Month(2029, 9), levers(), bodies, by_themselves=False)
    np.testing.assert_allclose(politics.support, usual + 0.25 * (1.0 - usual))


def test_bodies_advocate_where_they_work_and_louder_with_a_firmer_standing(java: Places) -> None:
    bodies = bodies_of(java)
    bodies.awake[:], bodies.above.awake[:] = True, True
    bodies.awake[3] = False
    for standing, name in enumerate(STANDINGS):
        voice = bodies.voice(levers(standing=standing))
        loud = default_parameter(f"coordination.advocacy_{name}")
        expected = np.full(1 + java.codes.size, loud)
        expected[1 + 3] = 0.0
        np.testing.assert_array_equal(voice, expected)
    assert sorted(default_parameter(f"coordination.advocacy_{s}") for s in STANDINGS) == [
        default_parameter(f"coordination.advocacy_{s}") for s in STANDINGS
    ]


# Bylaws


@pytest.mark.parametrize(("bylaw", "provinces", "districts"), [(0, 0, 0), (1, 1, 0), (2, 1, 1)])
def test_who_takes_a_bylaw_up(java: Places, bylaw: int, provinces: int, districts: int) -> None:
    wanted = politics_of(java).wanted(levers(bylaw=bylaw))
    assert wanted.tolist() == [bool(provinces)] + [bool(districts)] * java.codes.size


def test_city_areas_without_a_council_live_by_their_province(
    make_places: Callable[..., Places],
) -> None:
    jakarta = make_places(31)
    politics = politics_of(jakarta, councils=False)
    assert politics.wanted(levers(bylaw=2)).tolist() == [True] + [False] * jakarta.codes.size
    own, above = politics.cost(levers(rounds=4.0))
    assert not own.any()
    assert above.sum() == pytest.approx(4.0 * default_parameter("politics.dialogue_cost"))
    politics.support[0] = 0.9
    np.testing.assert_array_equal(politics.mean_support, 0.9)


def test_a_bylaw_of_the_province_covers_its_districts(make_places: Callable[..., Places]) -> None:
    """Whichever holds first counts; each district has the firmest standing from then on."""
    places = make_places("mpu")
    politics, bodies = politics_of(places), bodies_of(places)
    n = len(places.provinces)
    central = places.provinces.index(33)
    some = n + int(np.flatnonzero(places.province_code == 34)[2])
    for number, month in ((central, 30), (some, 20)):
        politics.bills.step[number] = Step.LAW
        politics.bills.since[number] = START.ordinal
        politics.bills.enacted[number] = START.ordinal + month
    politics.bills.step[n + int(np.flatnonzero(places.province_code == 33)[0])] = Step.LAW
    first = n + int(np.flatnonzero(places.province_code == 33)[0])
    politics.bills.since[first] = START.ordinal + 5
    politics.bills.enacted[first] = START.ordinal + 12
    backing = politics.backing
    covered = (places.province_code == 33) | (np.arange(places.codes.size) == some - n)
    np.testing.assert_array_equal(backing.law, covered)
    assert np.flatnonzero(backing.law_of_province).tolist() == [central]
    months = np.where(places.province_code == 33, 30, 0)
    months[some - n], months[first - n] = 20, 7
    np.testing.assert_array_equal(politics.months, months)
    bodies.backing = backing
    here, above = bodies.standings(levers(standing=1))
    np.testing.assert_array_equal(here, np.where(covered, PERDA, 1))
    assert above[central] == PERDA and np.delete(above, central).tolist() == [1] * (n - 1)
    cost = bodies.cost(levers(standing=1))[0]
    paid = {k: default_parameter(f"coordination.secretariat_{STANDINGS[k]}") for k in (1, PERDA)}
    expected = bodies.awake * np.where(covered, paid[PERDA], paid[1])
    np.testing.assert_allclose(cost, expected)


def test_dialogue_brings_more_bylaws_sooner(make_places: Callable[..., Places]) -> None:
    """In all places of the forum, with the same luck: more laws hold, and sooner."""
    places = make_places("mpu")
    found = {}
    for rounds in (0.0, 6.0):
        politics, bodies = politics_of(places), bodies_of(places)
        bodies.awake[:], bodies.above.awake[:] = False, False
        for month in range(30):
            politics.live(
                START + month, levers(rounds=rounds, bylaw=2), bodies, by_themselves=False
            )
        found[rounds] = politics.bills
    quiet, talked = found.values()
    assert talked.law.sum() > 1.1 * quiet.law.sum() > 0
    both = quiet.law & talked.law
    assert np.all(talked.enacted[both] <= quiet.enacted[both])
    assert talked.enacted[both].mean() < quiet.enacted[both].mean() - 1.0


def test_councils_act_by_themselves_more_often_with_more_support(
    java: Places, parameters: Parameters
) -> None:
    politics = politics_of(java)
    today, gain = (default_parameter(f"politics.initiative{of}") for of in ("", "_gain"))
    politics.usual = np.full(politics.support.size, 0.4)
    for support, more in ((0.1, 0.0), (0.4, 0.0), (0.7, 0.5), (1.0, 1.0)):
        politics.support[:] = support
        yearly = 1.0 - (1.0 - politics.initiative) ** 12
        np.testing.assert_allclose(yearly, today + gain * more)
        np.testing.assert_allclose(politics.pace, default_parameter("politics.budget_speed") * more)
    idle = politics_of(java, parameters({"politics.initiative_gain": 0.0}))
    idle.support[:] = 1.0
    np.testing.assert_allclose(1.0 - (1.0 - idle.initiative) ** 12, today)


def test_where_there_is_no_council_nobody_takes_up_a_bill(
    make_places: Callable[..., Places],
) -> None:
    jakarta = make_places(31)
    politics = politics_of(jakarta, councils=False)
    assert politics.initiative[0] > 0.0
    assert not politics.initiative[1:].any()


def backed(places: Places, law: bool, understood: float) -> Backing:
    none = Backing.none(places)
    return replace(
        none,
        law=none.law | law,
        understanding=none.understanding + np.float32(understood),
    )


@pytest.mark.parametrize(
    ("law", "understood", "strength"),
    [(True, 0.0, "politics.legitimacy"), (False, 1.0, "politics.compliance")],
    ids=["legitimacy", "compliance"],
)
def test_backing_wins_members_and_without_strength_nobody(
    java: Places, parameters: Parameters, law: bool, understood: float, strength: str
) -> None:
    """Body by body awake alike, so that only trust and what it takes to join differ."""
    same = {f"coordination.{what}_{s}": 0.0 for what in ("wake", "sleep") for s in STANDINGS}
    same |= {"coordination.working_start": 1.0}
    found = {}
    for name, changes, backing in (
        ("none", {}, Backing.none(java)),
        ("idle", {strength: 0.0}, backed(java, law, understood)),
        ("some", {}, backed(java, law, understood)),
    ):
        bodies = bodies_of(java, parameters(same | changes))
        bodies.backing = backing
        for month in range(36):
            bodies.live(START + month, levers(standing=PERDA))
        found[name] = bodies.table
    for array in ("state", "trust"):
        np.testing.assert_array_equal(
            getattr(found["idle"], array), getattr(found["none"], array), err_msg=array
        )
    assert not (found["none"].members & ~found["some"].members).any()
    assert found["some"].members.sum() > 1.05 * found["none"].members.sum()


# Cost


@FEW
@given(rounds=st.floats(0.0, 12.0), reach=st.floats(0.0, 1.0), bylaw=st.integers(0, 2))
def test_cost_is_rounds_reach_and_bills_on_their_way(java: Places, rounds, reach, bylaw):
    politics = politics_of(java)
    politics.bills.step[:] = np.arange(politics.bills.step.size) % 8
    own, above = politics.cost(levers(rounds, reach, bylaw))
    price = {
        name: default_parameter(f"politics.{name}_cost")
        for name in ("dialogue", "outreach", "bylaw")
    }
    underway = (politics.bills.step >= 1) & (politics.bills.step <= 5)
    talks = rounds * price["dialogue"]
    expected = talks + reach * price["outreach"] + price["bylaw"] * underway[1:]
    np.testing.assert_allclose(own, expected)
    assert above.sum() == pytest.approx(talks + price["bylaw"] * underway[0])


def test_part_of_a_province_pays_its_part(java: Places) -> None:
    arrays = ("codes", "population", "poor", "households", "rural")
    part = replace(java, **{name: getattr(java, name)[:7] for name in arrays})
    lever = levers(rounds=4.0)
    whole, few = (politics_of(places).cost(lever)[1] for places in (java, part))
    assert 0.0 < few.sum() < whole.sum()
    np.testing.assert_allclose(few, whole[:7], rtol=0.05)


def test_without_levers_nothing_is_paid(java: Places) -> None:
    assert not np.any(politics_of(java).cost(levers()))
