"""Organisations in villages that have needs: the search kernels called as a month calls them."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from kesos_sim.kernels import search as kernel
from kesos_sim.kernels.cases import FREE, GONE, LEFT_CARE
from kesos_sim.kernels.places import EMPTY, MEMBER, WORKING
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.rng import Stream
from kesos_sim.testing import Village, make_village
from tests.kernels import towns as town
from tests.kernels.case_twins import Rates, State
from tests.kernels.search_twins import Field
from tests.kernels.teams import shared

F = np.float32
KINDS = 3
SHARE = st.floats(0.0, 1.0, width=32)
BOTH = np.uint8(WORKING | MEMBER)
_LONGEST = np.full(KINDS, 30.0, F)


@st.composite
def fields(draw: st.DrawFn, n_districts: int) -> Field:
    """Draw some organisations in districts of one to two provinces."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    home = np.sort(chance.integers(0, n_districts, draw(st.integers(0, 12))))
    places = chance.integers(0, draw(st.sampled_from([2, 6, 15])) + 1, home.size)
    cut = draw(st.integers(1, n_districts))
    district = np.unique([0, cut, n_districts])
    share = chance.random((3, n_districts)) * (chance.random((3, n_districts)) < 0.7)
    return Field(
        province_orsos=np.searchsorted(home, district),
        province_district=district,
        home=home,
        field=chance.integers(0, KINDS, home.size).astype(np.uint8),
        state=chance.integers(0, 16, home.size).astype(np.uint8),
        most=chance.integers(0, 16, home.size).astype(np.int32),
        room=chance.integers(0, 16, home.size).astype(np.int32),
        place_start=np.concatenate([[0], np.cumsum(places)]).astype(np.int64),
        shared_list=share[0].astype(F),
        routing=share[1].astype(F),
        referred=share[2].astype(F),
        ready=chance.integers(0, 4, KINDS).astype(np.int16) * np.int16(draw(st.integers(0, 1))),
        effort=F(draw(SHARE)),
        spread=F(draw(st.floats(0.0, 1.75, width=32))),
        looks=draw(st.integers(1, 8)),
        tries=draw(st.integers(1, 8)),
    )


def with_places(state: State, own: Field) -> State:
    """Return a state with free places of organisations."""
    n = own.place_start[-1]
    return state | {
        "place_case": np.full(n, EMPTY),
        "place_number": np.zeros(n, np.int32),
        "held": np.zeros(own.home.size, np.int32),
        "eased": np.ones((own.home.size, 2), np.int32),
    }


def hold(
    village: Village,
    own: Field,
    state: State,
    month: int,
    finish: NDArray[np.float32],
    success: NDArray[np.float32],
    checked: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """End services in place; return those helped and sent away by district, and the finished."""
    ended = np.zeros((own.shared_list.size, 2), np.int64)
    finished = np.empty((own.home.size, 3), np.int64)
    nobody = np.zeros(own.home.size, np.bool_)
    shared(
        kernel.hold_clients, own.province_orsos.size - 1,
        village.key, town.word(month, Stream.SERVICE), own.province_orsos, own.home, own.field,
        own.state, nobody if checked is None else checked, finish, success, own.most,
        own.place_start, own.place_orsos, state["place_case"], state["place_number"],
        state["household"], state["case_client"], state["active"], state["served"],
        state["helpers"], state["helped"], state["servers"], state["held"], ended,
        finished,
    )  # fmt: skip
    return ended, finished


def find(village: Village, own: Field, state: State, month: int) -> NDArray[np.int64]:
    """Fill free places in place; return counts by district."""
    found = np.zeros((own.shared_list.size, 6), np.int64)
    start, listed = town.list_cases(state, KINDS)
    shared(
        kernel.find_clients, own.province_orsos.size - 1,
        village.key, town.word(month, Stream.SEARCH), np.int16(month),
        np.int64(village.households.first_id), own.ready, own.effort, own.spread, own.looks,
        own.tries, own.province_orsos, own.province_district, own.home, own.field, own.state,
        own.shared_list, own.routing, own.referred, own.room, state["held"],
        own.place_start, own.place_orsos, state["place_case"], state["place_number"], start, listed,
        state["case_client"], state["household"], state["since"],
        state["served"], state["helpers"], state["servers"], state["eased"], found,
    )  # fmt: skip
    return found


def arise(village: Village, state: State, rates: Rates, month: int, *, every: bool = False) -> None:
    """Open the cases of a month in place."""
    word = town.word(month, Stream.NEED)
    town.open_cases(village, state, rates, word, month % 12, every, month, _LONGEST)


def check_services(own: Field, state: State) -> None:
    """Who serves whom is said once by places and once by clients."""
    taken = np.flatnonzero(state["place_case"] != EMPTY)
    case = state["place_case"][taken]
    number = state["place_number"][taken]
    orsos = np.searchsorted(own.place_start, taken, side="right") - 1
    assert np.all(state["household"][case] != FREE)
    assert np.all((number >= 0) & (number < state["people"][case]))
    assert np.all(state["kind"][case] == own.field[orsos])
    assert np.all(own.state[orsos] & WORKING)
    client = state["case_client"][case] + number
    counted = np.bincount(client, minlength=state["servers"].size)
    in_need = state["servers"] < LEFT_CARE
    np.testing.assert_array_equal(np.where(in_need, state["servers"], 0), counted)
    assert np.all(in_need[client])
    np.testing.assert_array_equal(state["held"], np.bincount(orsos, minlength=own.home.size))
    pairs = set(zip(orsos.tolist(), client.tolist(), strict=True))
    assert len(pairs) == taken.size
    served = np.add.reduceat(counted > 0, state["case_client"][:-1])
    np.testing.assert_array_equal(served, state["served"])


def full(n_cases: int, clients: int, seed: int) -> tuple[Village, State]:
    """One district in which every household has a case of the first kind, of so many clients."""
    village = make_village([[n_cases]], seed=seed)
    village.weight[:] = clients * WEIGHT_UNIT
    state = town.new_state(village, n_cases)
    # Rows without any blank: everybody can be looked at.
    row = np.arange(n_cases + 1, dtype=np.int64) * clients
    state |= {"case_client": row, "servers": np.full(n_cases * clients, GONE)}
    one = town.certain(KINDS)
    arise(village, state, one, 0, every=True)
    state["since"][:] = 0
    return village, state
