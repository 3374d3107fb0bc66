"""Cases open and end as their slow twins say, each household at most once a kind."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.kernels import cases as kernel
from kesos_sim.kernels.cases import ANYONE, CHILD, FREE, GONE, LEFT_CARE, LEFT_HOME, VILLAGER
from kesos_sim.model.cases import Cases
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.population.needs import member_bits
from kesos_sim.rng import Stream
from kesos_sim.testing import Village, make_village, villages
from tests.kernels import case_twins as twin
from tests.kernels import towns as town
from tests.kernels.case_twins import Rates, State

F = np.float32
FEW = settings(max_examples=25)
LONGEST = np.linspace(1.0, 200.0, 11).astype(F)
NEED, NEED_END = Stream.NEED, Stream.NEED_END


def assert_same(fast: State, slow: State) -> None:
    for name, array in slow.items():
        np.testing.assert_array_equal(fast[name], array, err_msg=name)
        assert fast[name].dtype == array.dtype, name


def everyone(village: Village, rates: Rates, room: int | None = None) -> State:
    """Give households the needs of all kinds that they have at a time."""
    state = town.new_state(village, room)
    n = rates.who.size
    for kind in range(n):
        whole = (np.arange(n) == kind).astype(F)
        own = town.word(0, NEED) | np.uint32((kind + 1) << 24)
        one = replace(rates, begin=0 * whole, end=whole)
        town.open_cases(village, state, one, own, 0, True, -36, LONGEST)
    return state


def some_served(state: State, seed: int) -> None:
    """Let some clients be served and others be well, as organisations would leave them."""
    chance = np.random.default_rng(seed)
    known = np.flatnonzero(state["servers"] != GONE)
    state["servers"][known] = chance.choice(
        [0, 0, 1, 2, int(GONE), int(LEFT_HOME), int(LEFT_CARE)], known.size
    )
    first = state["case_client"][:-1]
    in_need = state["servers"] < LEFT_CARE
    state["active"][:] = np.add.reduceat(in_need, first)
    state["helped"][:] = np.add.reduceat(~in_need & (state["servers"] != GONE), first)
    served = in_need & (state["servers"] > 0)
    state["served"][:] = np.add.reduceat(served, first)
    helpers = np.where(served, state["servers"], 0).astype(np.int32)
    state["helpers"][:] = np.add.reduceat(helpers, first)


# Twins


@FEW
@given(
    village=villages(),
    rates=town.rates_of_needs(),
    month=st.integers(0, 11),
    every=st.booleans(),
    now=st.integers(-40, 200),
    room=st.sampled_from([None, 5]),
)
def test_new_cases_equal_the_slow_twin(village, rates, month, every, now, room):
    """In a second month too, when some households have some needs and some places are taken."""
    fast = town.new_state(village, room)
    for own in (month, month + 12):
        word, slow, kept = town.word(own, NEED), town.copied(fast), town.copied(fast)
        needs = twin.new_needs(village, slow, rates, int(word), month, every)
        missing = town.open_cases(village, fast, rates, word, month, every, now, LONGEST)
        ages = LONGEST if every else None
        no_room = twin.open_cases(village, slow, needs, int(word), now, ages)
        np.testing.assert_array_equal(missing, no_room)
        assert_same(fast, slow)
        town.check_cases(village, fast)
        before, after = ((one["household"] != FREE).sum() for one in (kept, fast))
        assert after - before + missing.sum() == len(needs)


@pytest.mark.slow
@FEW
@given(
    village=villages(),
    rates=town.rates_of_needs(),
    end=st.floats(0.0, 1.0, width=32),
    safe=st.floats(0.0, 1.0, width=32),
    seed=st.integers(0, 2**32 - 1),
)
def test_ending_cases_equal_the_slow_twin(village, rates, end, safe, seed):
    fast = everyone(village, rates)
    some_served(fast, seed)
    fast["effect"][fast["household"] != FREE] = F(0.03)
    slow, chance = town.copied(fast), np.linspace(0.0, end, 11).astype(F)
    relapse = np.random.default_rng(seed).random((2, 11)).astype(F)
    word = town.word(1, NEED_END)
    members = np.array([member_bits(who) for who in rates.who])
    # Another composition than the one with which the needs arose: somebody has left.
    words = np.random.default_rng(seed + 1).permutation(fast["word"])
    fast["word"], slow["word"] = words, words.copy()
    back = town.end_cases(village, fast, word, chance, relapse, safe, members)
    np.testing.assert_array_equal(
        back, twin.end_cases(village, slow, int(word), chance, relapse, safe, members)
    )
    left = fast["household"] != FREE
    able = fast["word"][fast["household"][left]] & members[fast["kind"][left]]
    assert able.all()
    assert_same(fast, slow)
    town.check_cases(village, fast)
    open_ = fast["household"] != FREE
    assert np.all((fast["active"] + fast["helped"])[open_] > 0)
    assert back[:, 1].sum() == fast["helped"].sum()


@FEW
@given(village=villages(), rates=town.rates_of_needs())
def test_lists_equal_the_slow_twin(village, rates):
    state = everyone(village, rates)
    start, listed = town.list_cases(state, rates.who.size)
    slow_start, slow_lists = twin.list_cases(state, rates.who.size)
    np.testing.assert_array_equal(start, slow_start)
    for own, slow in zip(start, slow_lists, strict=True):
        np.testing.assert_array_equal(listed[own[0] : own[-1]], slow)


@pytest.mark.slow
@FEW
@given(village=villages(), rates=town.rates_of_needs(), seed=st.integers(0, 2**32 - 1))
def test_relief_equals_the_slow_twin(village, rates, seed):
    chance, fast = np.random.default_rng(seed), everyone(village, rates)
    loss, usual = chance.random((2, 11)).astype(F)
    slow = town.copied(fast)
    for turn in range(2):
        some_served(fast, seed + turn)
        moved = ("active", "served", "helpers", "helped", "servers")
        slow |= {name: fast[name].copy() for name in moved}
        totals = town.relieve(fast, loss, usual)
        np.testing.assert_array_equal(totals, twin.relieve(slow, village.district, loss, usual))
        assert_same(fast, slow)


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_without_the_compiler_the_cases_are_the_same(monkeypatch):
    """The sources as plain Python give what the compiled kernels give, to the bit."""
    village = make_village([[3, 2], [4]])
    rates = Rates(
        np.array([ANYONE, CHILD]),
        np.array([0, 1], F),
        np.array([0.5, 1.5], F),
        np.full(2, 0.2, F),
        np.ones(2, F),
    )

    def lived() -> State:
        state = everyone(village, rates)
        town.end_cases(village, state, town.word(1, NEED_END), np.full(11, 0.3, F))
        town.open_cases(village, state, rates, town.word(1, NEED), 4, False, 1, LONGEST)
        town.relieve(state, np.full(11, 0.1, F), np.full(11, 0.4, F))
        return state

    compiled = lived()
    for name in ("open_cases", "end_cases", "relieve"):
        monkeypatch.setattr(kernel, name, getattr(kernel, name).py_func)
    assert_same(lived(), compiled)


# What always holds


@FEW
@given(village=villages(), rates=town.rates_of_needs(), room=st.integers(0, 40))
def test_the_same_call_after_making_room_opens_the_rest(village, rates, room):
    """In pieces as in one: who got a case gets no second one."""
    word, whole = town.word(2, NEED), town.new_state(village)
    pieces = town.new_state(village, room)
    missing = town.open_cases(village, pieces, rates, word, 2, True, 2, LONGEST)
    assert not town.open_cases(village, whole, rates, word, 2, True, 2, LONGEST).any()
    taken = np.add.reduceat(np.append(pieces["household"] != FREE, 0), pieces["case_start"][:-1])
    assert np.all((missing == 0) | (taken * (room > 0) == room))
    names = [item.name for item in fields(Cases)]
    cases = Cases(**{name: pieces[name] for name in names})
    row = np.diff(whole["case_client"])[whole["case_start"][:-1]]
    larger = cases.larger(np.diff(whole["case_start"]).clip(room), row)
    pieces |= town.case_arrays(larger)
    town.open_cases(village, pieces, rates, word, 2, True, 2, LONGEST)
    town.check_cases(village, pieces)
    for name in ("needs", "welfare"):
        np.testing.assert_array_equal(pieces[name], whole[name])
    for name in ("household", "kind", "since", "people"):
        one, other = (state[name][state["household"] != FREE] for state in (pieces, whole))
        np.testing.assert_array_equal(one, other, err_msg=name)


@pytest.mark.slow
@FEW
@given(village=villages(), rates=town.rates_of_needs(), data=st.data())
def test_a_year_keeps_its_books(village, rates, data):
    """What opens is what was counted, what is open is what opened less what ended."""
    state = town.new_state(village)
    end = np.full(11, data.draw(st.floats(0.0, 0.5, width=32)), F)
    for month in range(12):
        town.end_cases(village, state, town.word(month, NEED_END), end)
        before = state["household"] != FREE
        kept = {name: state[name][before] for name in ("household", "kind", "since", "people")}
        word = town.word(month, NEED)
        needs = twin.new_needs(village, state, rates, int(word), month, False)
        missing = town.open_cases(village, state, rates, word, month, False, month, LONGEST)
        assert not missing.any()
        new = (state["household"] != FREE) & ~before
        opened = zip(state["household"][new].tolist(), state["kind"][new].tolist(), strict=True)
        assert sorted(opened) == sorted(need[:2] for need in needs)
        assert np.all(state["since"][new] == month)
        for name, array in kept.items():
            np.testing.assert_array_equal(state[name][before], array, err_msg=name)
        town.check_cases(village, state)


@FEW
@given(village=villages())
def test_every_household_is_looked_at_once_a_year(village):
    """A need that is certain reaches each household in the one month that is its own."""
    one = town.certain()
    state, own = town.new_state(village), np.full(village.layout.n_households, -1)
    for month in range(12):
        word = town.word(month, NEED)
        town.open_cases(village, state, one, word, month, False, month, LONGEST)
        new = (state["needs"] != 0) & (own < 0)
        own[new] = month
        again = town.copied(state)
        town.open_cases(village, again, one, word, month, False, month, LONGEST)
        assert_same(again, state)
    number = int(village.households.first_id) + np.arange(own.size)
    np.testing.assert_array_equal(own, number % 12)


@FEW
@given(village=villages(), rates=town.rates_of_needs())
def test_gains_are_what_cases_spare(village, rates):
    """Relief adds its effect to the household's gain, and the end of the need takes it away."""
    state = everyone(village, rates)
    before = state["gain"].copy()
    for turn in range(3):
        some_served(state, turn)
        town.relieve(state, np.full(11, 0.2, F), np.full(11, 0.4, F))
        spared = np.zeros(before.size)
        open_ = state["household"] != FREE
        np.add.at(spared, state["household"][open_], state["effect"][open_])
        np.testing.assert_allclose(state["gain"], before + spared, atol=2e-6)
    town.end_cases(village, state, town.word(1, NEED_END), np.ones(11, F))
    assert not state["needs"].any()
    np.testing.assert_allclose(state["gain"], before, atol=2e-6)


@FEW
@given(village=villages(), rates=town.rates_of_needs(kinds=3), data=st.data())
def test_a_rarer_need_moves_no_other(village, rates, data):
    """Lower chances of one kind take some of its cases away and leave the rest."""
    kind = data.draw(st.integers(0, 2))
    less = rates.chance.copy()
    less[kind] *= F(data.draw(st.floats(0.0, 1.0, width=32)))
    word, state = int(town.word(3, NEED)), town.new_state(village)
    fast, fewer = town.copied(state), town.copied(state)
    town.open_cases(village, fast, rates, word, 3, True, 3, LONGEST)
    town.open_cases(village, fewer, replace(rates, chance=less), word, 3, True, 3, LONGEST)
    other = np.uint16(7 ^ (1 << kind))
    np.testing.assert_array_equal(fast["needs"] & other, fewer["needs"] & other)
    assert not (fewer["needs"] & ~fast["needs"]).any()


# How often


def test_needs_arise_as_often_as_the_chance_says():
    """By kind, in poor and other households that can have the need, within binomial bounds."""
    village = make_village([[60_000, 60_000]], seed=3)
    who = np.array([ANYONE, CHILD, VILLAGER])
    chance, factor = np.array([0.1, 0.04, 0.2], F), np.array([3.0, 5.0, 0.5], F)
    width = chance * np.maximum(factor, 1.0)
    begin = np.array([0.0, 1.0, 1.0 + width[1]], F)
    rates, state = (
        Rates(who, begin, begin + width, chance, factor),
        town.new_state(village, 120_000),
    )
    for month in range(12):
        town.open_cases(village, state, rates, town.word(month, NEED), month, False, month, LONGEST)
    words, rural = state["word"].tolist(), (village.area[village.stratum] == 1).tolist()
    poor = state["welfare"] < 1
    for kind in range(3):
        pairs = zip(words, rural, strict=True)
        can = np.array([twin.able(int(who[kind]), word, place) for word, place in pairs])
        has = (state["needs"] >> np.uint16(kind)) & 1 == 1
        assert not has[~can].any()
        for group, p in ((poor, chance[kind] * factor[kind]), (~poor, chance[kind])):
            n = int((can & group).sum())
            assert n > 5_000
            assert abs(has[can & group].sum() - n * p) < 4.5 * np.sqrt(n * p * (1 - p))


def test_real_clients_are_those_of_the_weight():
    """A household that stands for 2.3 has 2 or 3 clients, 2.3 in the mean; less than one is one."""
    village = make_village([[20_000, 20_000]], seed=4)
    village.weight[:] = (round(2.3 * WEIGHT_UNIT), round(0.3 * WEIGHT_UNIT))
    one = town.certain()
    state = town.new_state(village, 40_000)
    town.open_cases(village, state, one, town.word(0, NEED), 0, True, 0, LONGEST)
    people = state["people"][np.argsort(state["household"])]
    assert set(people[:20_000].tolist()) == {2, 3}
    assert abs(people[:20_000].mean() - 2.3) < 4.5 * np.sqrt(0.3 * 0.7 / 20_000)
    assert np.all(people[20_000:] == 1)


def test_cases_that_are_there_at_the_start_have_exponential_ages():
    village = make_village([[40_000]], seed=5)
    one = town.certain()
    state, mean = town.new_state(village, 40_000), 60.0
    town.open_cases(village, state, one, town.word(0, NEED), 0, True, 0, np.full(11, mean, F))
    age = -state["since"].astype(float)
    # Ages are cut to whole months.
    assert abs(age.mean() + 0.5 - mean) < 4.5 * mean / np.sqrt(age.size)
    for older in (12, 60, 240):
        p = np.exp(-older / mean)
        assert abs((age >= older).mean() - p) < 4.5 * np.sqrt(p * (1 - p) / age.size)


@pytest.mark.parametrize("chance", [0.05, 0.4])
def test_needs_end_as_often_as_the_chance_says(chance):
    village = make_village([[20_000]], seed=6)
    one = town.certain()
    state = town.new_state(village, 20_000)
    town.open_cases(village, state, one, town.word(0, NEED), 0, True, 0, LONGEST)
    left = 20_000
    for month in range(3):
        town.end_cases(village, state, town.word(month, NEED_END), np.full(11, chance, F))
        before, left = left, int((state["household"] != FREE).sum())
        ended = before - left
        assert abs(ended - before * chance) < 4.5 * np.sqrt(before * chance * (1 - chance))


@pytest.mark.parametrize(("relapse", "safe"), [(0.0, 0.2), (0.1, 0.1), (0.05, 0.2)])
def test_people_fall_back_as_often_as_competing_chances_say(relapse, safe):
    """Of those helped, so many fall back before they are out of danger; the rest are well."""
    village = make_village([[400]])
    village.weight[:] = 20 * WEIGHT_UNIT
    state = town.new_state(village, 400)
    town.open_cases(village, state, town.certain(), town.word(0, NEED), 0, True, 0, LONGEST)
    known = np.flatnonzero(state["servers"] == 0)
    mode = np.arange(known.size) % 2
    state["servers"][known] = np.where(mode, LEFT_CARE, LEFT_HOME)
    state["helped"], state["active"] = state["active"].copy(), state["helped"].copy()
    both = np.zeros((2, 11), F)
    both[:, 0] = relapse, relapse / 2
    fell = 0
    for month in range(1, 120):
        word = town.word(month, NEED_END)
        fell += int(town.end_cases(village, state, word, np.zeros(11, F), both, safe)[:, 0].sum())
    assert not state["helped"].any()
    for one, chance in ((0, relapse), (1, relapse / 2)):
        n, share = (mode == one).sum(), chance / (chance + safe)
        back = int((state["servers"][known[mode == one]] == 0).sum())
        assert abs(back - n * share) <= 4.5 * np.sqrt(n * share * (1 - share))
    assert fell == state["active"].sum()
