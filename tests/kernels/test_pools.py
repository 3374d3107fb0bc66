"""Groups live as their slow twin says; no rupiah is lost between members and funds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.kernels import pools as kernel
from kesos_sim.kernels.pools import ABSENT, ACTIVE, BOOKED, COUNTED, DORMANT, share_pools
from kesos_sim.rng import Stream, month_word
from kesos_sim.testing import Village, make_village, villages
from tests.kernels import pool_twins as twin
from tests.kernels.household_twins import words as household_words
from tests.kernels.pool_twins import Custom, State, no_groups
from tests.kernels.teams import shared

F = np.float32
SHARE = st.floats(0.0, 1.0, width=32).map(F)
FEW = settings(max_examples=25)
KEY = np.uint32(77)
PLACE = {name: place for place, name in enumerate(COUNTED)}
CARE_BITS = 6


def custom_of(n: int, **changes: Any) -> Custom:
    """Groups that always work, meet and pay; nobody falls ill or dies."""
    given: dict[str, Any] = {name: F(0) for name in Custom.__annotations__}
    given |= {
        "meet": F(2),
        "paying": np.ones(n, F),
        "dues": np.array([1500, 500, 500], np.int64),
        "chance": np.zeros((n, 2), F),
        "benefit": np.array([100_000, 750_000], np.int64),
    }
    return Custom(**(given | changes))


@st.composite
def customs(draw: st.DrawFn, n: int) -> Custom:
    """Draw how groups live."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shares = {name: draw(SHARE) for name in Custom.__annotations__}
    return custom_of(
        n,
        **shares
        | {
            "paying": chance.random(n).astype(F),
            "dues": chance.integers(0, 20_000, 3),
            "chance": (chance.random((n, 2)) ** 4).astype(F),
            "benefit": chance.integers(0, 10**6, 2),
            "reserve_months": F(24 * chance.random()),
        },
    )


@st.composite
def neighbourhoods(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, State]:
    """Draw slots by district, how many of them have a group, and the groups."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    slots = chance.integers(1, 9, draw(st.integers(1, 4)))
    start = np.concatenate([[0], np.cumsum(slots)])
    n = int(start[-1])
    state = no_groups(n) | {
        "identity": chance.integers(0, 2**32, n).astype(np.uint32),
        "members": chance.integers(1, 400, n).astype(np.int32),
        "nature": chance.random(n).astype(F),
        "willing": chance.uniform(0.5, 2.0, n).astype(F),
        "ties": chance.uniform(0.0, 2.0, n).astype(F),
        "state": chance.integers(1, 3, n).astype(np.uint8),
        "trait": chance.random((n, 3)).astype(F),
        "activity": chance.random(n).astype(F),
        "fund": chance.integers(0, 3_000_000, n),
    }
    return start, chance.integers(0, slots + 1), state


def live(start: np.ndarray, founded: np.ndarray, custom: Custom, state: State, month: int) -> Any:
    """Let groups live a month in place; return the totals of districts."""
    totals = np.full((founded.size, len(COUNTED)), 7, np.int64)
    kernel.live_groups(
        KEY, month_word(month, Stream.MUTUAL_HELP), start, founded, custom.sleep, custom.wake,
        custom.trained, custom.training_gain, custom.trait_keep, custom.meet,
        custom.activity_keep, custom.paying, custom.dues, custom.chance, custom.benefit,
        custom.lost_share, custom.idle_loss, custom.reserve_months, custom.care_share,
        state["identity"], state["members"], state["nature"], state["willing"], state["ties"],
        state["state"], state["trait"], state["activity"], state["fund"], state["flow"], totals,
    )  # fmt: skip
    return totals


SLOTS = 3
"""Neighbourhoods of each district."""


def feel(
    village: Village,
    state: State,
    rule: dict[str, Any],
    founded: np.ndarray,
    amounts: np.ndarray,
    month: int,
) -> np.ndarray:
    """Set what households feel in place; return what shocks take."""
    lost = np.full(village.layout.n_districts, 7, np.int64)
    shared(
        kernel.feel_pools, village.layout.n_districts,
        village.key, month_word(month, Stream.WORLD), np.int64(village.households.first_id),
        village.layout.district_stratum, village.layout.stratum_start, village.area,
        village.weight, village.line, rule["shock_limit"], rule["shock_loss"],
        F(rule["insured_share"]), np.uint16(rule["insured_mask"]), np.uint16(CARE_BITS),
        np.concatenate([[0], np.cumsum(founded)]), state["place"], amounts,
        state["word"], state["enrolled"], state["needs"], state["welfare"], state["pooled"], lost,
    )  # fmt: skip
    return lost


def copied(state: State) -> State:
    return {name: array.copy() for name, array in state.items()}


# Twins


@FEW
@given(drawn=neighbourhoods(), data=st.data())
def test_three_months_equal_the_slow_twin(drawn, data):
    start, founded, fast = drawn
    custom = data.draw(customs(founded.size))
    slow = copied(fast)
    for month in range(3):
        found = live(start, founded, custom, fast, month)
        word = int(month_word(month, Stream.MUTUAL_HELP))
        np.testing.assert_array_equal(
            found, twin.live_groups(int(KEY), word, start, founded, custom, slow)
        )
        for name, array in slow.items():
            np.testing.assert_array_equal(fast[name], array, err_msg=name)


def rule_of(seed: int) -> dict[str, Any]:
    """Shocks that hit a third of the households."""
    chance = np.random.default_rng(seed)
    return {
        "shock_limit": np.cumsum(chance.integers(0, 12_000, (2, 4)), axis=1).astype(np.int32),
        "shock_loss": chance.uniform(0.0, 0.5, 4).astype(F),
        "insured_share": float(chance.random()),
        "insured_mask": 5,
    }


@FEW
@given(village=villages(), seed=st.integers(0, 2**32 - 1))
def test_what_households_feel_equals_the_slow_twin(village, seed):
    chance = np.random.default_rng(seed)
    n = village.layout.district_start.size - 1
    founded = chance.integers(0, SLOTS + 1, n)
    amounts = chance.normal(0.0, 50_000.0, (founded.sum() + 1, 4))
    fast = village.arrays()
    fast["place"] = chance.integers(0, SLOTS, fast["needs"].size).astype(np.uint16)
    fast["needs"] = chance.integers(0, 8, fast["needs"].size).astype(np.uint16)
    slow, rule = copied(fast), rule_of(seed)
    word = int(month_word(3, Stream.WORLD))
    lost = feel(village, fast, rule, founded, amounts, 3)
    np.testing.assert_array_equal(
        lost, twin.feel_pools(village, slow, word, rule, founded, amounts, CARE_BITS)
    )
    for name, array in slow.items():
        np.testing.assert_array_equal(fast[name], array, err_msg=name)


# What always holds


@FEW
@given(drawn=neighbourhoods(), data=st.data())
def test_contributions_are_payouts_change_of_funds_and_losses(drawn, data):
    start, founded, state = drawn
    custom = data.draw(customs(founded.size))
    for month in range(12):
        before = state["fund"].copy()
        totals = live(start, founded, custom, state, month)
        flow = dict(zip(BOOKED, state["flow"].T, strict=True))
        inside = np.arange(start[-1]) - np.repeat(start[:-1], np.diff(start)) < np.repeat(
            founded, np.diff(start)
        )
        came = flow["jimpitan"] + flow["death_dues"] + flow["other"]
        paid = flow["illness"] + flow["death"] + flow["care"]
        np.testing.assert_array_equal(
            came[inside], (paid + flow["lost"] + state["fund"] - before)[inside]
        )
        np.testing.assert_array_equal(state["fund"][~inside], before[~inside])
        assert state["fund"].min() >= 0
        assert state["flow"].min() >= 0
        for name in BOOKED:
            district = np.add.reduceat(np.where(inside, flow[name], 0), start[:-1])
            np.testing.assert_array_equal(totals[:, PLACE[name]], district)
        np.testing.assert_array_equal(
            totals[:, PLACE["active"]] + totals[:, PLACE["dormant"]], founded
        )


def test_nothing_is_paid_beyond_the_fund():
    """Everyone falls ill in a group that begins with nothing: what comes in goes out, no more."""
    state = no_groups(1) | {"state": np.full(1, ACTIVE)}
    custom = custom_of(1, chance=np.full((1, 2), 1.0, F))
    totals = live(np.array([0, 1]), np.ones(1, np.int64), custom, state, 0)
    of = dict(zip(COUNTED, totals[0].tolist(), strict=True))
    assert of["death"] == 100 * 2500  # the death fund is served first
    assert (of["illness"], of["care"], of["fund"]) == (0, 0, 0)


def test_pooling_neither_makes_nor_takes_consumption():
    """What all pay in is what those who are hit get, to the rounding of a float."""
    village = make_village([[400], [300, 200]], seed=3)
    village.weight[:] = 65536 * 100
    state, rule = village.arrays(), rule_of(1) | {"shock_limit": np.full((2, 4), 20_000, np.int32)}
    n = np.bincount(village.district)
    state["place"] = np.zeros(900, np.uint16)
    founded = np.array([SLOTS, SLOTS])
    feel(village, state, rule, founded, np.zeros((SLOTS * 2 + 1, 4)), 1)
    assert not state["pooled"].any()
    first, second = household_words(village, int(month_word(1, Stream.WORLD)))
    hit = (((first & 255) << 8) | (second & 255)) < 20_000
    ill = np.bincount(village.district[hit], minlength=2)
    amounts = np.zeros((SLOTS * 2 + 1, 4))
    amounts[:-1:SLOTS, 0], amounts[:-1:SLOTS, 1] = 1000.0, 1000.0 * n / ill
    feel(village, state, rule, founded, amounts, 1)
    size = np.maximum(state["word"] & np.uint32(15), 1)
    rupiah = state["pooled"].astype(float) * size * village.line[village.stratum]
    np.testing.assert_allclose(np.bincount(village.district, rupiah), 0.0, atol=0.5)


def test_leaders_move_who_pays_and_member_groups_whom_it_reaches():
    """Each of them nothing else; nobody pays twice."""
    alike = no_groups(3) | {"state": np.full(3, ACTIVE)}
    custom = custom_of(3, paying=np.full(3, 0.8, F), activity_keep=F(0))
    start, founded = np.arange(4), np.ones(3, np.int64)
    led = alike | {"willing": np.array([1.0, 1.1, 2.0], F)}
    totals = live(start, founded, custom, copied(led), 0)
    assert totals[:, PLACE["paying"]].tolist() == [80, 88, 100]
    assert np.ptp(totals[:, PLACE["reach"]]) == 0
    tied = alike | {"ties": np.array([1.0, 0.7, 1.3], F)}
    totals = live(start, founded, custom, copied(tied), 0)
    assert np.ptp(totals[:, PLACE["paying"]]) == np.ptp(totals[:, PLACE["fund"]]) == 0
    reach = totals[:, PLACE["reach"]]
    np.testing.assert_allclose(reach / reach[0], [1.0, 0.7, 1.3], atol=1e-3)


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_groups_fall_dormant_and_revive_at_their_rates(share):
    """In the long run as many work as the two rates say; training wakes and keeps awake."""
    n, months = 4000, 240
    state = no_groups(n) | {"state": np.full(n, ACTIVE)}
    sleep, wake = 0.02, 0.015
    custom = custom_of(
        1, sleep=F(sleep), wake=F(wake), trained=F(share / 12), meet=F(1), trait_keep=F(1)
    )
    start, founded = np.array([0, n]), np.array([n])
    seen = [live(start, founded, custom, state, month)[0] for month in range(months)]
    working = np.mean([totals[PLACE["active"]] for totals in seen[120:]]) / n
    up, down = wake + share / 12 * (1 - wake), sleep * (1 - share / 12)
    assert working == pytest.approx(up / (up + down), abs=0.01)
    assert set(np.unique(state["state"])) == {ACTIVE, DORMANT}


def test_what_training_adds_fades():
    state = no_groups(1) | {"state": np.full(1, ACTIVE)}
    custom = custom_of(1, trained=F(1.1), training_gain=F(0.4), trait_keep=F(0.9))
    start, founded = np.array([0, 1]), np.ones(1, np.int64)
    live(start, founded, custom, state, 0)
    np.testing.assert_allclose(state["trait"], 0.7, rtol=1e-6)
    for month in range(1, 4):
        live(start, founded, replace(custom, trained=F(0)), state, month)
    np.testing.assert_allclose(state["trait"], 0.5 + 0.2 * 0.9**3, rtol=1e-6)


@pytest.mark.parametrize("mean", [0.05, 0.9, 3.0, 12.0])
def test_claims_are_poisson(mean):
    """Mean and variance of what members claim."""
    n = 6000
    state = no_groups(n) | {"state": np.full(n, ACTIVE), "fund": np.full(n, 10**9)}
    custom = custom_of(1, chance=np.array([[mean / 100, 0.0]], F), reserve_months=F(1e9))
    live(np.array([0, n]), np.array([n]), custom, state, 5)
    number = state["flow"][:, BOOKED.index("illness")] / 100_000
    assert number.mean() == pytest.approx(mean, abs=4.5 * np.sqrt(mean / n))
    assert number.var() == pytest.approx(mean, rel=0.15)


# Bits


def test_without_the_compiler_groups_live_the_same(monkeypatch):
    n = 60
    state = no_groups(n) | {"state": np.tile([ACTIVE, DORMANT], n // 2).astype(np.uint8)}
    custom = custom_of(
        2, sleep=F(0.2), wake=F(0.2), trained=F(0.1), training_gain=F(0.3), trait_keep=F(0.9),
        meet=F(0.7), activity_keep=F(0.8), chance=np.full((2, 2), 0.02, F), lost_share=F(0.2),
        idle_loss=F(0.1), care_share=F(0.5), reserve_months=F(2),
    )  # fmt: skip
    start, founded = np.array([0, 20, 60]), np.array([20, 31])
    plain, compiled = copied(state), state
    totals = [live(start, founded, custom, compiled, month) for month in range(4)]
    monkeypatch.setattr(kernel, "live_groups", kernel.live_groups.py_func)
    for month, expected in enumerate(totals):
        np.testing.assert_array_equal(live(start, founded, custom, plain, month), expected)
    for name, array in compiled.items():
        np.testing.assert_array_equal(plain[name], array, err_msg=name)


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_neighbourhoods_pay_and_get_beyond_the_usual(seed: int, districts: int) -> None:
    """As plain array arithmetic has it, to the bit."""
    rng = np.random.default_rng(seed)
    start = np.concatenate([[0], np.cumsum(rng.integers(0, 5, districts))])
    founded = rng.integers(0, np.diff(start) + 1)
    rows = np.concatenate([[0], np.cumsum(founded)])
    n = int(start[-1])
    within = np.arange(n) - np.repeat(start[:-1], np.diff(start))
    there = within < np.repeat(founded, np.diff(start))
    state = np.where(there, rng.choice(np.array([ACTIVE, DORMANT]), n), ABSENT)
    members = rng.integers(1, 90, n).astype(np.int32)
    flow = rng.integers(0, 10**7, (n, len(BOOKED)))
    each, expected = rng.uniform(0, 1e6, (districts, 3)), rng.uniform(-1e5, 1e5, (n, 4))
    amounts = np.full((founded.sum(), 4), np.nan)
    columns = np.array([0, 1, 2])
    share_pools(0, districts, start, rows, columns, state, members, flow, each, expected, amounts)
    came = flow[:, columns].sum(axis=1) / members
    got = np.repeat(each, np.diff(start), axis=0)
    plain = np.column_stack([came, got]) * (state == ACTIVE)[:, None] - expected
    np.testing.assert_array_equal(amounts, plain[there])
