"""Villages whose households have needs: the case kernels called as a month calls them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from kesos_sim.kernels import cases as kernel
from kesos_sim.kernels.cases import ANYONE, VILLAGER
from kesos_sim.kernels.listing import list_cases as list_cases_of
from kesos_sim.model.cases import Cases
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.population.needs import member_bits
from kesos_sim.rng import Stream, month_word
from kesos_sim.testing import Village, villages
from tests.kernels.case_twins import Rates, State
from tests.kernels.teams import shared

F = np.float32
FIRST = 24_290
EVERYBODY = member_bits(ANYONE)
_OF_HOUSEHOLDS = ("word", "welfare", "needs", "gain")


def word(month: int, stream: Stream) -> np.uint32:
    """Return the second counter word of the month so many months after the first."""
    return month_word(FIRST + month, stream)


def new_state(village: Village, room: int | None = None) -> State:
    """Return households without needs, and room for cases: one of each kind, or so many."""
    people, layout = village.arrays(), village.layout
    state = {name: people[name] for name in _OF_HOUSEHOLDS}
    state["needs"][:] = 0
    number = np.diff(layout.district_start) * 11 if room is None else None
    if number is None:
        number = np.full(layout.district_start.size - 1, room)
    heaviest = np.maximum.reduceat(village.weight, layout.district_stratum[:-1])
    most = (heaviest + WEIGHT_UNIT - 1) // WEIGHT_UNIT + 1
    return state | case_arrays(Cases.room(number, most))


def case_arrays(cases: Cases) -> State:
    """Return the arrays of cases by name."""
    return {item.name: getattr(cases, item.name) for item in fields(cases)}


def certain(n_kinds: int = 1) -> Rates:
    """Return rates with which every household gets the first kind of need."""
    first = (np.arange(n_kinds) == 0).astype(F)
    return Rates(np.full(n_kinds, ANYONE), 0 * first, first, first, np.ones(n_kinds, F))


def copied(state: State) -> State:
    """Return a copy of every array."""
    return {name: array.copy() for name, array in state.items()}


def _who(village: Village, month_word: np.uint32, month: int, every: bool) -> tuple[Any, ...]:
    layout = village.layout
    first_id = np.int64(village.households.first_id)
    moon = (village.key, np.uint32(month_word), np.int64(month), every, first_id)
    return (*moon, layout.district_stratum, layout.stratum_start, village.area)


def _rates(rates: Rates) -> tuple[Any, ...]:
    members = np.array([member_bits(int(who)) for who in rates.who], np.uint32)
    return rates.who, members, rates.begin, rates.end, rates.chance, rates.factor


def open_cases(
    village: Village, state: State, rates: Rates, month_word: Any, month: int, every: bool,
    now: int, mean_age: NDArray[np.float32],
) -> NDArray[np.int64]:  # fmt: skip
    """Open cases in place; return those without room, whatever was in the place for them."""
    missing = np.full(village.layout.district_start.size - 1, 7, np.int64)
    shared(
        kernel.open_cases, village.layout.n_districts,
        *_who(village, month_word, month, every), village.weight, *_rates(rates), state["word"],
        state["welfare"], state["needs"], np.int16(now), mean_age, state["case_start"],
        state["case_client"], state["household"], state["kind"], state["since"],
        state["people"], state["active"], state["served"], state["effect"], state["servers"],
        missing,
    )  # fmt: skip
    return missing


def end_cases(
    village: Village, state: State, month_word: Any, end: NDArray[np.float32],
    relapse: NDArray[np.float32] | None = None, safe: float = 0.0,
    members: NDArray[np.uint32] | None = None,
) -> NDArray[np.int64]:  # fmt: skip
    """Close cases in place; return those who fell back, and who still can."""
    back = np.full((village.layout.n_districts, 2), 7, np.int64)
    shared(
        kernel.end_cases, village.layout.n_districts,
        village.key, np.uint32(month_word), np.int64(village.households.first_id),
        np.full(end.shape[-1], EVERYBODY) if members is None else members,
        np.ascontiguousarray(np.broadcast_to(end, (2, end.shape[-1]))),
        np.zeros((2, end.shape[-1]), F) if relapse is None else relapse, F(safe),
        state["case_start"], state["case_client"], state["household"], state["kind"],
        state["people"], state["active"], state["served"], state["helpers"], state["helped"],
        state["effect"], state["servers"], state["word"], state["welfare"], state["needs"],
        state["gain"], back,
    )  # fmt: skip
    return back


def list_cases(state: State, n_kinds: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return where kinds begin in the list, and the list."""
    start = np.full((state["case_start"].size - 1, n_kinds + 1), 7, np.int64)
    listed = np.full(state["household"].size, -7, np.int32)
    shared(
        list_cases_of,
        state["case_start"].size - 1,
        state["case_start"],
        state["household"],
        state["kind"],
        start,
        listed,
    )
    return start, listed


def relieve(
    state: State, loss: NDArray[np.float32], usual: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Spare losses in place; return clients with the need, served, and places they have."""
    totals = np.full((state["case_start"].size - 1, loss.size, 3), 7, np.int64)
    shared(
        kernel.relieve, state["case_start"].size - 1,
        state["case_start"], state["household"], state["kind"], state["people"],
        state["active"], state["served"], state["helpers"], loss, usual, state["effect"],
        state["gain"], totals,
    )  # fmt: skip
    return totals


def check_cases(village: Village, state: State) -> None:
    """No case twice, none without a household, and client bytes only where there are clients."""
    open_ = np.flatnonzero(state["household"] != kernel.FREE)
    h, kind = state["household"][open_], state["kind"][open_].astype(int)
    assert len(set(zip(h.tolist(), kind.tolist(), strict=True))) == open_.size
    bits = np.zeros(village.layout.n_households, np.int64)
    np.bitwise_or.at(bits, h, 1 << kind)
    np.testing.assert_array_equal(state["needs"], bits)
    district = np.searchsorted(state["case_start"], open_, side="right") - 1
    np.testing.assert_array_equal(district, village.district[h])
    row = np.diff(state["case_client"])
    number = np.arange(state["servers"].size) - np.repeat(state["case_client"][:-1], row)
    nobody = number >= np.repeat(state["people"], row)
    assert np.all(state["servers"][nobody] == kernel.GONE)
    in_need = state["servers"] < kernel.LEFT_CARE
    known = np.add.reduceat(in_need, state["case_client"][:-1])
    np.testing.assert_array_equal(known, state["active"])
    left = ~in_need & (state["servers"] != kernel.GONE)
    np.testing.assert_array_equal(np.add.reduceat(left, state["case_client"][:-1]), state["helped"])
    assert np.all(state["people"] <= row)
    assert np.all(state["people"][open_] >= 1)
    helpers = np.where(in_need, state["servers"], 0).astype(np.int64)
    np.testing.assert_array_equal(
        np.add.reduceat(helpers, state["case_client"][:-1]), state["helpers"]
    )
    for name in ("people", "active", "served", "helpers", "helped", "effect"):
        assert not state[name][state["household"] == kernel.FREE].any(), name
    assert np.all((state["served"] >= 0) & (state["served"] <= state["active"]))


@st.composite
def rates_of_needs(draw: st.DrawFn, *, kinds: int | None = None) -> Rates:
    """Draw any rates whose stretches fit below one."""
    n = draw(st.integers(1, 11)) if kinds is None else kinds
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    width = chance.dirichlet(np.ones(n)) * draw(st.sampled_from([0.2, 0.7, 0.99]))
    factor = np.exp(chance.normal(0.5, 1.0, n)) * (chance.random(n) < 0.9)
    begin = np.cumsum(width) - width
    # Some kinds belong to the second draw, from 1 on, in stretches of their own.
    begin += chance.random(n) < draw(st.sampled_from([0.0, 0.4, 1.0]))
    return Rates(
        chance.integers(ANYONE, VILLAGER + 1, n),
        begin.astype(F),
        (begin + width).astype(F),
        (width / np.maximum(factor, 1.0)).astype(F),
        factor.astype(F),
    )


@st.composite
def towns(draw: st.DrawFn) -> Village:
    """Draw villages in which a household stands for a few."""
    village = draw(villages())
    most = draw(st.sampled_from([1, 4, 30]))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    weight = chance.integers(WEIGHT_UNIT // 2, most * WEIGHT_UNIT, village.weight.size)
    return replace(village, weight=weight)
