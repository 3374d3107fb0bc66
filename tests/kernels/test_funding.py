"""Money of organisations: slow twins, and what always holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kesos_sim.kernels.funding import (
    SOURCES,
    cost_orsos,
    count_volunteers,
    fund_orsos,
    keep_volunteers,
    pay_orsos,
    want_orsos,
)
from kesos_sim.kernels.places import ACCREDITED, COMMUNITY, WORKING
from tests.kernels.search_twins import words

F = np.float32
N = len(SOURCES)
KEY = np.uint32(77)
WORD = np.uint32((16 << 16) | 24_300)
KINDS = 3


@dataclass
class Money:
    """Everything that the kernels are given, by their own names."""

    province_orsos: NDArray[np.int64]
    home: NDArray[np.int64]
    field: NDArray[np.uint8]
    state: NDArray[np.uint8]
    identity: NDArray[np.uint32]
    own_month: NDArray[np.uint8]
    pays: NDArray[np.uint8]
    usual: NDArray[np.float32]
    factor: NDArray[np.float32]
    timing: NDArray[np.float32]
    spread: NDArray[np.float32]
    owed: NDArray[np.float32]
    kept: np.float32
    extra: NDArray[np.int64]
    want: NDArray[np.float64]
    running: NDArray[np.float64]
    place: NDArray[np.float64]
    capacity: NDArray[np.float64]
    rounding: NDArray[np.float64]
    reserve: NDArray[np.int64]
    smoothed: NDArray[np.float64]


@st.composite
def moneys(draw: st.DrawFn) -> Money:
    """Draw organisations of two provinces with their money."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, districts = draw(st.integers(0, 14)), 4
    home = np.sort(chance.integers(0, districts, n))
    timing = chance.random((N, 12)) / 6.0
    timing[[2, 4]] = -1.0
    return Money(
        province_orsos=np.searchsorted(home, [0, 2, 4]),
        home=home,
        field=chance.integers(0, KINDS, n).astype(np.uint8),
        state=chance.integers(0, 16, n).astype(np.uint8),
        identity=chance.integers(0, 2**32, n, dtype=np.uint32),
        own_month=chance.integers(0, 12, n).astype(np.uint8),
        pays=chance.integers(0, 2**N, n).astype(np.uint8),
        usual=(chance.random((n, N)) * 1e7).astype(F),
        factor=(chance.random((districts, N)) * 3.0).astype(F),
        timing=timing.astype(F),
        spread=np.array([0.3, 0.0, 0.0, 0.5, 0.0, 0.0], F),
        owed=chance.random(KINDS).astype(F),
        kept=F(draw(st.floats(0.0, 1.0, width=32))),
        extra=chance.integers(0, 10**9, districts) * chance.integers(0, 2, districts),
        want=chance.random(n) * chance.integers(0, 2, n) * 3e8,
        running=chance.random(n) * 3e6,
        place=chance.random(n) * 5e5 + 1.0,
        capacity=chance.random(n) * 40.0,
        rounding=chance.random(n),
        reserve=chance.integers(0, 10**8, n),
        smoothed=chance.random(n) * 1e7,
    )


def receive(one: Money, month: int = 5) -> tuple[NDArray[Any], ...]:
    """Run the kernel; return income by source, places that last and are wanted, and whole ones."""
    n, districts = one.home.size, one.extra.size
    provinces = one.province_orsos.size - 1
    income = np.zeros((districts, N), np.int64)
    lasts, wanted = np.empty((2, n))
    most, room = np.empty((2, n), np.int32)
    fund_orsos(
        0, provinces, KEY, WORD, np.int64(month), one.province_orsos, one.home, one.field,
        one.state, one.identity, one.own_month, one.pays, one.usual, one.factor, one.timing,
        one.spread, one.owed, one.kept, given_in(one), one.want, wanted_in(one), one.running,
        one.place, one.capacity, one.rounding, 6.0, 3.0,
        one.reserve, one.smoothed, income, lasts, wanted, most, room,
    )  # fmt: skip
    return income, lasts, wanted, most, room


def given_in(one: Money) -> NDArray[np.int64]:
    """Additional grants as far as working organisations want them: int64[n_districts]."""
    return np.minimum(one.extra, np.floor(wanted_in(one)).astype(np.int64))


def wanted_in(one: Money) -> NDArray[np.float64]:
    """What working organisations of a district want together: float64[n_districts]."""
    works = (one.state & WORKING) != 0
    return np.bincount(one.home, one.want * works, one.extra.size).astype(np.float64)


def slow_income(one: Money, i: int, month: int) -> list[int]:
    """Return what one organisation receives from each source, without additional grants."""
    luck = words(int(one.identity[i]), int(WORD), int(KEY))
    found = []
    for source in range(N):
        part = F(one.timing[source, month])
        if part < 0:
            part = F(month == one.own_month[i])
        swing = F(1)
        if source in (0, 3):
            u = (F(luck[source // 3] >> 9) + F(0.5)) * F(2.0**-23)
            swing += one.spread[source] * (F(np.sqrt(3.0)) * (F(2) * u - F(1)))
        granted = (int(one.pays[i]) >> source) & 1
        share = 12.0 * float(part) * granted * float(swing) * float(one.factor[one.home[i], source])
        if source == 1:
            due = float(one.owed[one.field[i]])
            share = share * float(one.kept) * (1.0 - due) * bool(one.state[i] & ACCREDITED) + due
        found.append(int(np.floor(float(one.usual[i, source]) * share + 0.5)))
    return found


@given(moneys(), st.integers(0, 11))
def test_money_equals_the_slow_twin(one: Money, month: int) -> None:
    before = one.reserve.copy()
    income, lasts, wanted, most, room = receive(one, month)
    expected = np.zeros((one.extra.size, N), np.int64)
    works = np.flatnonzero(one.state & WORKING)
    for i in works:
        expected[one.home[i]] += slow_income(one, int(i), month)
    expected[:, 1] += given_in(one)
    # Floats of single precision end within a rupiah of the twin's for each organisation.
    many = np.bincount(one.home, minlength=one.extra.size)
    assert np.all(np.abs(income - expected) <= (many * 2 + expected.max() * 1e-6)[:, None])
    gained = np.bincount(one.home, one.reserve - before, one.extra.size)
    np.testing.assert_array_equal(income.sum(axis=1), gained.astype(np.int64))
    idle = np.setdiff1d(np.arange(one.home.size), works)
    assert not lasts[idle].any()
    assert not wanted[idle].any()
    np.testing.assert_array_equal(most, np.floor(lasts + one.rounding))
    np.testing.assert_array_equal(room, np.floor(wanted + one.rounding))
    np.testing.assert_array_equal(one.reserve[idle], before[idle])
    assert np.all((wanted <= lasts) & (lasts <= one.capacity))
    assert np.all(lasts * one.place <= np.maximum(one.reserve - one.running, 0.0) * (1 + 1e-12))


def test_own_business_comes_every_month_with_a_risk_of_its_own() -> None:
    """As much as usual on average, more or less in a month by its spread, never in one go."""
    n, spread, usual = 4000, 0.5, np.zeros((4000, N), F)
    usual[:, SOURCES.index("own_business")] = 1e6
    one = Money(
        province_orsos=np.array([0, n]),
        home=np.zeros(n, np.int64),
        field=np.zeros(n, np.uint8),
        state=np.full(n, WORKING, np.uint8),
        identity=np.arange(n, dtype=np.uint32),
        own_month=np.zeros(n, np.uint8),
        pays=np.full(n, 2**N - 1, np.uint8),
        usual=usual,
        factor=np.ones((1, N), F),
        timing=np.full((N, 12), 1 / 12, F),
        spread=np.array([0.0, 0.0, 0.0, spread, 0.0, 0.0], F),
        owed=np.zeros(KINDS, F),
        kept=F(1.0),
        extra=np.zeros(1, np.int64),
        want=np.zeros(n),
        running=np.zeros(n),
        place=np.ones(n),
        capacity=np.ones(n),
        rounding=np.zeros(n),
        reserve=np.zeros(n, np.int64),
        smoothed=np.zeros(n),
    )
    for month in range(2):
        one.reserve[:] = 0
        receive(one, month)
        gained = one.reserve / 1e6
        assert abs(gained.mean() - 1.0) < 4.5 * spread / np.sqrt(n)
        assert abs(gained.std() - spread) < 0.02
        assert gained.min() > 0.0


@given(moneys(), st.integers(0, 12))
def test_payment_is_never_more_than_there_is_and_adds_up(one: Money, share: int) -> None:
    receive(one)
    _, lasts, wanted, _, room = receive(one)
    before = one.reserve.copy()
    held = np.floor(lasts * share / 12 + one.rounding).astype(np.int32)
    spending = np.zeros((4, one.extra.size), np.int64)
    pay_orsos(
        0, one.province_orsos.size - 1, one.province_orsos, one.home, one.state, one.running,
        one.place, lasts, wanted, room, held, np.zeros_like(one.reserve), one.reserve, spending,
    )  # fmt: skip
    assert np.all(one.reserve >= 0)
    assert np.all(spending >= 0)
    by_district = np.bincount(one.home, before, one.extra.size)
    np.testing.assert_array_equal(spending.sum(axis=0), by_district)
    for i in np.flatnonzero(one.state & WORKING):
        target = np.floor(wanted[i] + one.rounding[i])
        used = wanted[i] * (held[i] / target if target else 1.0)
        if held[i] > target:
            used = min(lasts[i], held[i])
        fixed = min(int(np.floor(one.running[i] + 0.5)), before[i])
        paid = min(int(np.floor(used * one.place[i] + 0.5)), before[i] - fixed)
        assert one.reserve[i] == before[i] - fixed - paid


def test_owed_grants_come_evenly_and_to_everybody() -> None:
    """What is an obligation does not depend on the year, the month or an accreditation."""
    n = 3
    one = Money(
        province_orsos=np.array([0, n]), home=np.zeros(n, np.int64), field=np.zeros(n, np.uint8),
        state=np.full(n, WORKING), identity=np.arange(n, dtype=np.uint32),
        own_month=np.zeros(n, np.uint8), pays=np.zeros(n, np.uint8),
        usual=np.full((n, N), 1_000_000, F), factor=np.ones((1, N), F),
        timing=np.zeros((N, 12), F), spread=np.zeros(N, F), owed=np.array([0.25], F), kept=F(0.5),
        extra=np.zeros(1, np.int64), want=np.zeros(n), running=np.zeros(n), place=np.ones(n),
        capacity=np.ones(n),
        rounding=np.zeros(n), reserve=np.zeros(n, np.int64), smoothed=np.zeros(n),
    )  # fmt: skip
    for month in range(12):
        income = receive(one, month)[0]
        assert income.tolist() == [[0, n * 250_000, 0, 0, 0, 0]]


@given(moneys(), st.floats(0.0, 1.0, width=32), st.integers(0, 2**32 - 1))
def test_costs_and_volunteers_equal_the_slow_twins(one: Money, share: float, seed: int) -> None:
    chance = np.random.default_rng(seed)
    n, districts = one.home.size, one.extra.size
    clients = np.floor(chance.random(n) * 90.0)
    trained, remote, stock = (chance.random((3, n)) * [[1.0], [1.0], [4.0]]).astype(F)
    running, place = np.empty((2, n))
    cost_orsos(
        one.state, clients, trained, remote, stock, 2e6, 5e5, F(share), F(0.3), 0.4, 0.25, 3.0,
        running, place,
    )  # fmt: skip
    each = np.where(one.state & COMMUNITY, 5e5, 2e6)
    each *= (F(1) - F(share) * trained) * (F(1) + F(0.3) * remote).astype(np.float64)
    each *= np.maximum(1.0 - 0.4 * (stock.astype(np.float64) - 1.0), 0.1)
    np.testing.assert_allclose(running, 0.25 * each * clients, rtol=1e-12)
    np.testing.assert_allclose(place, 0.75 * each * 3.0, rtol=1e-12)
    want, largest = np.empty(n), one.capacity * (1.0 + 2.0 * chance.random(n))
    together = np.full(districts, -1.0)
    want_orsos(
        one.home, one.state, one.usual, one.running, one.place, one.capacity, largest, one.reserve,
        float(share), 24.0, 3.0, 6.0, want, together,
    )  # fmt: skip
    homes = (one.state & COMMUNITY) == 0
    grown = np.minimum(one.capacity * (1.0 + share), largest)
    full = one.running + one.place * grown
    full += (grown - one.capacity) * one.place * 24.0 * homes / 12.0
    gap = full - one.usual.sum(axis=1) + (3.0 * full - one.reserve) / 6.0
    works = (one.state & WORKING) != 0
    np.testing.assert_allclose(want, np.maximum(gap, 0.0) * works, rtol=1e-9, atol=1e-3)
    np.testing.assert_array_equal(together, np.bincount(one.home, want, districts))
    number = np.empty(districts)
    count_volunteers(one.home, one.state, clients, stock, 0.5, number)
    expected = np.bincount(one.home, 0.5 * clients * stock * works, districts)
    np.testing.assert_array_equal(number, expected)
    cared_for, later = chance.random(n) < 0.5, np.empty(n, F)
    keep_volunteers(0.02, float(share), 1.5, cared_for, stock, later)
    stays = stock.astype(np.float64) * (1.0 - share * cared_for)
    np.testing.assert_array_equal(later, (stock + 0.02 * (1.5 - stays)).astype(F))


def test_volunteers_by_hand() -> None:
    """Of the leaving, some stay where they are looked after; who does not work has none."""
    found = np.empty(2, F)
    keep_volunteers(0.1, 0.75, 1.0, np.array([True, False]), np.array([2.0, 2.0], F), found)
    np.testing.assert_allclose(found, [2.0 + 0.1 * (1.0 - 0.5), 2.0 + 0.1 * (1.0 - 2.0)], rtol=1e-6)
    number = np.full(3, 9.0)
    state = np.array([WORKING, 0, WORKING | COMMUNITY], np.uint8)
    clients, stock = np.array([10.0, 20.0, 30.0]), np.array([1.0, 1.0, 0.5], F)
    count_volunteers(np.array([0, 0, 2]), state, clients, stock, 0.25, number)
    assert number.tolist() == [2.5, 0.0, 3.75]


def test_wants_by_hand() -> None:
    """A home has to build its new places, who serves people at home has not; reserves run down."""
    state = np.array([WORKING, WORKING | COMMUNITY, COMMUNITY, WORKING, WORKING], np.uint8)
    usual = np.zeros((5, N), F)
    usual[:, 0], usual[:, 4], usual[4] = 300.0, 100.0, 1e6
    reserve = np.array([1200, 1200, 0, 0, 0])
    want, together = np.full(5, -1.0), np.empty(3)
    want_orsos(
        np.array([0, 0, 1, 1, 2]), state, usual,
        np.full(5, 1000.0), np.full(5, 50.0), np.full(5, 20.0),
        np.array([30.0, 30.0, 30.0, 21.0, 30.0]), reserve, 0.2, 6.0, 3.0, 10.0, want, together,
    )  # fmt: skip
    home = 1000.0 + 50.0 * 24 + 4 * 50.0 * 6.0 / 12.0
    at_home, full = 1000.0 + 50.0 * 24, 1000.0 + 50.0 * 21 + 50.0 * 6.0 / 12.0
    expected = [
        home - 400.0 + (3.0 * home - 1200.0) / 10.0,
        at_home - 400.0 + (3.0 * at_home - 1200.0) / 10.0,
        0.0,
        full - 400.0 + 3.0 * full / 10.0,
        0.0,
    ]
    np.testing.assert_allclose(want, expected, rtol=1e-12)
    assert together.tolist() == [want[0] + want[1], want[3], 0.0]
