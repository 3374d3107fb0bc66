"""Relief loses no parcel and no person, and does what its levers say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.data.parameters import parameter_table
from kesos_sim.institutions.hazards import HazardRates
from kesos_sim.institutions.places import Places
from kesos_sim.institutions.relief import COOPERATION, Relief, Relieved
from tests.institutions.conftest import places_of

PLACES = places_of("mpu")
USUAL = HazardRates.of(PLACES, 1.5, 3.5).usual
NTT = PLACES.province_code == 53
JATIM = PLACES.provinces.index(35)
NONE = np.zeros(PLACES.codes.size)
ASLEEP, AWAKE = NONE > 0, NONE == 0


def parameter(**changes: float) -> Callable[[str], float]:
    """Values of the table, some changed."""
    table, own = parameter_table(), {k.replace("__", "."): v for k, v in changes.items()}
    return lambda name: own[name] if name in own else table[name].value


def lever(**settings_: float) -> Callable[[str], float]:
    """Levers at today's settings, some moved."""
    today = parameter_table()["lever.disaster_preparedness.default"].value
    usual = {"interprovince_cooperation": 0.0, "disaster_preparedness": today}
    return lambda name: (usual | settings_)[name]


def relief(places: Places = PLACES, **changes: float) -> Relief:
    return Relief(places, parameter(**changes), USUAL)


def flood(people: float = 3_000_000.0) -> np.ndarray:
    """People affected when NTT is flooded."""
    return np.where(NTT, people * PLACES.population / PLACES.population[NTT].sum(), 0.0)


def help_after_flood(awake: np.ndarray = ASLEEP, **given_: Any) -> tuple[Relief, Relieved]:
    """Let one flood be answered."""
    step = given_.pop("step", 0.0)
    own = relief(**given_)
    return own, own.respond(flood(), 0.001 * flood(), awake, lever(interprovince_cooperation=step))


# Books


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    step=st.integers(0, len(COOPERATION) - 1),
    force=st.floats(0.0, 1.0),
    prepared=st.floats(0.0, 1.0),
)
def test_parcels_people_and_money_are_conserved(
    seed: int, step: int, force: float, prepared: float
) -> None:
    """Month after month: what was there, bought, handed out, sent and received."""
    chance = np.random.default_rng(seed)
    own = relief(coordination__task_force__strength=force)
    move = lever(interprovince_cooperation=float(step), disaster_preparedness=prepared)
    awake = chance.random(NONE.size) < 0.5
    price = round(parameter()("hazard.parcel_price"))
    for _ in range(5):
        stock, queue = own.stock.copy(), own.waiting.copy()
        own.bills[...] = 0
        own.replenish(move)
        np.testing.assert_array_equal(own.stock - stock, own.bought)
        assert np.all(own.stock <= np.maximum(own.target(move), stock))
        assert own.bills.sum() == price * own.bought.sum()
        stock, given_before = own.stock.copy(), own.given.copy()
        hit = USUAL[0] * chance.lognormal(0, 3, NONE.size)
        houses = USUAL[1] * chance.lognormal(0, 3, NONE.size)
        found = own.respond(hit, houses, awake, move)
        assert np.all(own.stock >= 0)
        assert (stock - own.stock).sum() == found.helped.sum()
        np.testing.assert_array_equal(own.waiting[0], queue[0] + found.needed - found.helped)
        assert np.all(own.waiting >= 0) and np.all(own.waited >= 0)
        assert np.all(own.waited[own.waiting[0] == 0] == 0)
        assert np.all(found.aided <= found.helped)
        assert np.all((found.doubled >= 0) & (found.doubled <= found.visits))
        assert own.given.sum() == own.gift.sum()
        cash = round(parameter()("hazard.aid_cash"))
        assert (own.given - given_before).sum() == cash * found.aided.sum()
        known = np.isfinite(found.prompt)
        assert np.all((found.prompt[known] >= 0) & (found.prompt[known] <= 1))


def test_the_part_of_each_district_in_a_warehouse_adds_up() -> None:
    own = relief()
    parts = own.by_district(own.stock)
    np.testing.assert_array_equal(
        np.bincount(PLACES.province_index, parts).astype(int), own.stock[:-1]
    )


# Directions


def test_nobody_waits_while_there_is_no_disaster() -> None:
    own = relief()
    found = own.respond(NONE, NONE, AWAKE, lever())
    assert not found.needed.any() and not found.helped.any() and not own.waiting.any()


def test_cooperation_shortens_the_wait_and_takes_from_the_giver() -> None:
    """Step by step: more aid, fewer people waiting, less left in Jawa Timur, quicker."""
    steps = [help_after_flood(step=float(step)) for step in range(len(COOPERATION))]
    aided = [found.aided.sum() for _, found in steps]
    waiting = [own.waiting[0].sum() for own, _ in steps]
    left = [own.stock[JATIM] for own, _ in steps]
    assert aided[0] < aided[1] < aided[2]
    assert waiting[0] > waiting[1] > waiting[2]
    assert left[0] > left[1] > left[2]
    assert np.all(steps[0][1].aided[~NTT] == 0)
    days = [found.days[NTT].sum() / found.helped[NTT].sum() for _, found in steps]
    assert days[0] > days[2]


def test_without_strength_no_province_helps_another() -> None:
    own, found = help_after_flood(step=2.0, coordination__interprovince_aid__strength=0.0)
    assert not found.aided.any() and not own.given.any()
    assert own.stock[JATIM] == relief().stock[JATIM]


def test_a_province_with_people_waiting_sends_nothing() -> None:
    own = relief()
    everywhere = flood() + 0.2 * PLACES.population
    own.respond(everywhere, NONE, ASLEEP, lever(interprovince_cooperation=2.0))
    waits = np.bincount(PLACES.province_index, own.waiting[0]) > 0
    assert waits[JATIM] and own.given[JATIM] == 0


def test_a_task_force_shortens_days_and_reaches_more() -> None:
    (_, asleep), (_, awake) = help_after_flood(ASLEEP), help_after_flood(AWAKE)
    days = [found.days[NTT].sum() / found.helped[NTT].sum() for found in (asleep, awake)]
    assert days[1] < days[0]
    assert awake.helped.sum() >= asleep.helped.sum()
    assert 0 < awake.doubled.sum() < asleep.doubled.sum()
    paces = [
        relief().respond(0.1 * USUAL[0], 0.1 * USUAL[1], body, lever()).pace
        for body in (ASLEEP, AWAKE)
    ]
    moved = [np.nanmean(paces[1][stage] / paces[0][stage]) for stage in range(4)]
    assert moved[0] > 1.02 and moved[3] > 1.02
    assert moved[1] == moved[2] == 1.0


def test_without_strength_a_working_body_changes_no_help() -> None:
    weak = {"coordination__task_force__strength": 0.0}
    (one, asleep), (other, awake) = (help_after_flood(a, **weak) for a in (ASLEEP, AWAKE))
    for name, array in one.arrays().items():
        np.testing.assert_array_equal(array, other.arrays()[name], err_msg=name)
    np.testing.assert_array_equal(asleep.days, awake.days)


def test_volunteers_and_parcels_both_limit_first_help() -> None:
    _, usual = help_after_flood()
    for short in ({"hazard__tagana_deployed": 0.0}, {"hazard__buffer_parcels": 0.0001}):
        _, fewer = help_after_flood(**short)
        assert fewer.helped.sum() < usual.helped.sum()


def test_preparedness_shields_against_what_today_does_not() -> None:
    own = relief()
    assert own.shield(lever()) == 1.0
    effect = parameter()("hazard.preparedness_effect")
    today = parameter()("lever.disaster_preparedness.default")
    assert own.shield(lever(disaster_preparedness=1.0)) == pytest.approx(1 - effect * (1 - today))
    assert relief(hazard__preparedness_effect=0.0).shield(lever(disaster_preparedness=1.0)) == 1.0


def test_houses_wait_until_they_are_repaired() -> None:
    own = relief()
    hit = np.where(NTT, 100.0, 0.0)
    found = own.respond(NONE, hit, ASLEEP, lever())
    left = [own.waiting[2].sum()]
    repaired = found.repaired.sum()
    for _ in range(12):
        repaired += own.respond(NONE, NONE, ASLEEP, lever()).repaired.sum()
        left.append(own.waiting[2].sum())
    assert np.all(np.diff(left) < 0)
    assert repaired + left[-1] == hit.sum()
