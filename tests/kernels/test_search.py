"""Organisations search as their slow twins say, and their books agree from both sides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.kernels import search as kernel
from kesos_sim.kernels.places import EMPTY, MEMBER, WORKING
from kesos_sim.kernels.team import Team
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.rng import Stream
from kesos_sim.testing import make_village
from tests.kernels import search_twins as twin
from tests.kernels import teams
from tests.kernels import towns as town
from tests.kernels.case_twins import Rates, State
from tests.kernels.search_twins import Field, field_of
from tests.kernels.services import (
    BOTH,
    KINDS,
    SHARE,
    arise,
    check_services,
    fields,
    find,
    full,
    hold,
    with_places,
)

F = np.float32
FEW = settings(max_examples=25)
# Twins


@FEW
@given(village=town.towns(), rates=town.rates_of_needs(kinds=KINDS), data=st.data())
def test_three_months_equal_the_slow_twin(village, rates, data):
    own = data.draw(fields(village.layout.district_start.size - 1))
    finish, *success = np.array(data.draw(st.lists(SHARE, min_size=9, max_size=9)), F).reshape(3, 3)
    fast = with_places(town.new_state(village), own)
    checked = np.array(data.draw(st.lists(st.booleans(), min_size=12, max_size=12)))[
        : own.home.size
    ]
    end = np.full(KINDS, data.draw(st.floats(0.0, 0.25, width=32)), F)
    for month in range(3):
        town.end_cases(village, fast, town.word(month, Stream.NEED_END), end)
        slow = town.copied(fast)
        search, service = (int(town.word(month, s)) for s in (Stream.SEARCH, Stream.SERVICE))
        well = hold(village, own, fast, month, finish, np.array(success), checked)
        slow_well = twin.hold_clients(
            village, own, slow, service, finish, np.array(success), checked
        )
        for one, other in zip(well, slow_well, strict=True):
            np.testing.assert_array_equal(one, other)
        for state in (fast, slow):
            arise(village, state, rates, month, every=month == 0)
        found = find(village, own, fast, month)
        slow_found = twin.find_clients(village, own, slow, search, month, KINDS)
        np.testing.assert_array_equal(found, slow_found)
        for name, array in slow.items():
            np.testing.assert_array_equal(fast[name], array, err_msg=name)


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_without_the_compiler_the_search_is_the_same(monkeypatch):
    """The sources as plain Python give what the compiled kernels give, to the bit."""
    village, state = full(6, 3, 5)
    own = replace(
        field_of(np.array([3, 4, 2])),
        state=np.array([WORKING, BOTH, BOTH]),
        shared_list=np.array([0.6], F),
        routing=np.array([0.5], F),
        spread=F(1.2),
    )
    compiled, plain = (with_places(town.copied(state), own) for _ in range(2))
    half = np.full(KINDS, 0.5, F)

    def lived(into: State) -> list[np.ndarray]:
        return [
            find(village, own, into, 0),
            *hold(village, own, into, 1, half, np.stack([half, half])),
        ]

    counts = lived(compiled)
    for name in ("find_clients", "hold_clients"):
        monkeypatch.setattr(kernel, name, getattr(kernel, name).py_func)
    for one, other in zip(lived(plain), counts, strict=True):
        np.testing.assert_array_equal(one, other)
    for name, array in compiled.items():
        np.testing.assert_array_equal(plain[name], array, err_msg=name)


# What always holds


@FEW
@given(village=town.towns(), rates=town.rates_of_needs(kinds=KINDS), data=st.data())
def test_services_are_counted_the_same_from_both_sides(village, rates, data):
    """After every stage of a year of months."""
    own = data.draw(fields(village.layout.district_start.size - 1))
    finish, *success = np.array(data.draw(st.lists(SHARE, min_size=9, max_size=9)), F).reshape(3, 3)
    state = with_places(town.new_state(village), own)
    end = np.full(KINDS, data.draw(st.floats(0.0, 0.25, width=32)), F)
    for month in range(12):
        town.end_cases(village, state, town.word(month, Stream.NEED_END), end)
        well = int(state["active"].sum())
        before = state["place_case"] != EMPTY
        ended, finished = hold(village, own, state, month, finish, np.array(success))
        helped, sent_away = ended.sum(axis=0)
        assert well - state["active"].sum() == helped
        assert np.all(state["held"] <= own.most)
        assert sent_away + helped <= before.sum() - state["held"].sum()
        assert finished[:, 1].sum() == helped and np.all(finished[:, 1] <= finished[:, 0])
        check_services(own, state)
        arise(village, state, rates, month, every=month == 0)
        served = int(state["served"].sum())
        before = state["place_case"] != EMPTY
        found = find(village, own, state, month)
        check_services(own, state)
        town.check_cases(village, state)
        taken = np.flatnonzero((state["place_case"] != EMPTY) & ~before)
        orsos = np.searchsorted(own.place_start, taken, side="right") - 1
        by_orsos = np.bincount(orsos, minlength=own.home.size)
        by_home = np.bincount(own.home[orsos], minlength=found.shape[0])
        new, doubled, _, sent, reached, waited = found.T
        np.testing.assert_array_equal(new, doubled + reached)
        np.testing.assert_array_equal(new, by_home)
        assert np.all(sent <= reached)
        assert state["served"].sum() - served == reached.sum()
        assert np.all((state["held"] <= own.room) | (by_orsos == 0))
        assert np.all(waited >= 0)
        assert np.all(found >= 0)


@FEW
@given(village=town.towns(), rates=town.rates_of_needs(kinds=KINDS), data=st.data())
def test_exchange_of_no_strength_changes_no_bit(village, rates, data):
    """Members who exchange nothing, and a platform without members, are as if there were none."""
    own = data.draw(fields(village.layout.district_start.size - 1))
    nothing = np.zeros_like(own.shared_list)
    alone = replace(own, shared_list=nothing, routing=nothing, state=own.state & ~MEMBER)
    start = with_places(town.new_state(village), own)
    arise(village, start, rates, 0, every=True)
    states = [town.copied(start) for _ in range(3)]
    ways = [
        alone,
        replace(own, shared_list=nothing, routing=nothing),
        replace(own, state=alone.state),
    ]
    counts = [find(village, way, state, 1) for way, state in zip(ways, states, strict=True)]
    for state, found in zip(states[1:], counts[1:], strict=True):
        np.testing.assert_array_equal(found, counts[0])
        for name, array in states[0].items():
            np.testing.assert_array_equal(state[name], array, err_msg=name)


def test_people_are_sent_from_other_districts_of_the_province_only():
    """Needs in one district of three: its neighbour's member helps, nobody else; as in the twin."""
    village = make_village([[20], [40], [20]], seed=12)
    village.weight[:] = 4 * WEIGHT_UNIT
    home = np.array([0, 0, 2, 2])
    own = Field(
        province_orsos=np.array([0, 2, 4]), province_district=np.array([0, 2, 3]), home=home,
        field=np.zeros(4, np.uint8), state=np.array([WORKING, BOTH, WORKING, BOTH]),
        place_start=np.arange(5, dtype=np.int64) * 6, shared_list=np.zeros(3, F),
        most=np.full(4, 6, np.int32), room=np.full(4, 6, np.int32),
        routing=np.ones(3, F), referred=np.zeros(3, F), ready=np.zeros(KINDS, np.int16),
        effort=F(1.0), spread=F(1.0),
    )  # fmt: skip
    state = with_places(town.new_state(village), own)
    state["needs"][village.district != 1] = 1
    arise(village, state, town.certain(KINDS), 0, every=True)
    slow = town.copied(state)
    found = find(village, own, state, 1)
    assert found[0, 3] == found[0, 0] == 6
    assert not found[1:].any()
    assert np.all(np.flatnonzero(state["place_case"] != EMPTY) // 6 == 1)
    word = int(town.word(1, Stream.SEARCH))
    slow_found = twin.find_clients(village, own, slow, word, 1, KINDS)
    np.testing.assert_array_equal(found, slow_found)
    np.testing.assert_array_equal(state["place_case"], slow["place_case"])


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_rare_turns_equal_the_slow_twin():
    """Few places wanted, needs too new, a neighbour without any, needs that end by themselves."""
    village = make_village([[12], [8], [6]], seed=5)
    village.weight[:] = 3 * WEIGHT_UNIT
    own = Field(
        province_orsos=np.array([0, 3, 4]), province_district=np.array([0, 2, 3]),
        home=np.array([0, 0, 1, 2]), field=np.zeros(4, np.uint8),
        state=np.array([WORKING, BOTH, BOTH, WORKING]),
        place_start=np.arange(5, dtype=np.int64) * 8, shared_list=np.full(3, 0.5, F),
        most=np.full(4, 8, np.int32), room=np.array([2, 8, 8, 8], np.int32),
        routing=np.full(3, 0.6, F), referred=np.zeros(3, F),
        ready=np.full(KINDS, 1, np.int16), effort=F(1.0), spread=F(1.0),
    )  # fmt: skip
    checked = np.array([True, False, True, False])
    never = np.zeros((2, KINDS), F)
    state = with_places(town.new_state(village), own)
    state["needs"][village.district == 1] = 1
    arise(village, state, town.certain(KINDS), 0, every=True)
    state["since"][:] = 0
    sent = 0
    for month in (0, 1, 2):
        slow = town.copied(state)
        search, service = (int(town.word(month, s)) for s in (Stream.SEARCH, Stream.SERVICE))
        well = hold(village, own, state, month, never[0], never, checked)
        slow_well = twin.hold_clients(village, own, slow, service, never[0], never, checked)
        for one, other in zip(well, slow_well, strict=True):
            np.testing.assert_array_equal(one, other)
        found = find(village, own, state, month)
        slow_found = twin.find_clients(village, own, slow, search, month, KINDS)
        np.testing.assert_array_equal(found, slow_found)
        np.testing.assert_array_equal(state["servers"], slow["servers"])
        assert found.any() == (month == 1), "too new, then found, then nobody is left"
        sent += int(found[1, 3])
        if month == 1:
            assert state["held"].tolist()[0] == 2
            certain = np.ones(KINDS, F)
            town.end_cases(village, state, town.word(2, Stream.NEED_END), certain)
    assert sent > 0, "to the member whose district has no need"
    assert well[1][:, 2].sum() > 0, "reported though the need had ended by itself"


def test_threads_do_not_change_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the search nor where cases open, end and act."""
    village = make_village([[300], [250, 40], [200], [90, 90], [260]], seed=8)
    village.weight[:] = np.minimum(village.weight, 4 * WEIGHT_UNIT)
    chance = np.random.default_rng(9)
    home = np.repeat(np.arange(5), 60)
    places = chance.integers(1, 9, home.size)
    own = Field(
        province_orsos=np.array([0, 120, 180, 300]), province_district=np.array([0, 2, 3, 5]),
        home=home, field=chance.integers(0, KINDS, home.size).astype(np.uint8),
        state=chance.integers(0, 4, home.size).astype(np.uint8),
        place_start=np.concatenate([[0], np.cumsum(places)]),
        most=places.astype(np.int32), room=places.astype(np.int32),
        shared_list=np.full(5, 0.4, F), routing=np.full(5, 0.4, F), referred=np.full(5, 0.2, F),
        ready=np.zeros(KINDS, np.int16), effort=F(0.5), spread=F(1.0),
    )  # fmt: skip
    begin = np.array([0.0, 0.3, 1.0], F)
    rates = Rates(np.zeros(3, np.int64), begin, begin + F(0.3), np.full(3, 0.2, F), np.ones(3, F))
    half, lives = np.full(KINDS, 0.5, F), []
    for threads in (1, 3):
        monkeypatch.setattr(teams, "_TEAM", Team(threads))
        state, seen = with_places(town.new_state(village), own), []
        for month in range(4):
            town.end_cases(village, state, town.word(month, Stream.NEED_END), half / 8)
            seen += [*hold(village, own, state, month, half, np.stack([half, half]))]
            arise(village, state, rates, month, every=month == 0)
            seen += [find(village, own, state, month)]
            seen += [town.relieve(state, half, half / 2)]
        lives.append([*state.values(), *seen])
    assert (lives[0][-1][:, :, 1]).sum() > 100
    for one, two in zip(*lives, strict=True):
        np.testing.assert_array_equal(one, two)
