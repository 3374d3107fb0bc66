"""Composition: the slow twin, purity, packed fields, ageing, and what stays constant."""

from __future__ import annotations

import platform

import llvmlite.binding as llvm
import numba as nb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from kesos_sim.data.parameters import parameter_table
from kesos_sim.kernels import composition
from kesos_sim.kernels.composition import EPOCH, FIELDS, compose, field
from kesos_sim.population.lifecycle import read_rule
from kesos_sim.rng import draw_key
from tests.kernels import composition_twin as twin
from tests.kernels.teams import shared

KEY = np.uint32(draw_key(7))
RULE = read_rule(lambda name: parameter_table()[name].value)
FERTILITY = np.float32(2.6)
GROUPS = ("age_0_6", "primary", "junior", "senior", "elderly_60")


def scores(n: int) -> np.ndarray:
    return ndtri((np.arange(n) + 0.5) / n).astype(np.float32)


def words(n, year, *, fertility=FERTILITY, first_id=0, rule=RULE, key=KEY, permanent=None):
    out = np.zeros(n, np.uint32)
    permanent = scores(n) if permanent is None else permanent
    start = np.array([0, n], np.int64)
    shared(
        compose,
        1,
        key,
        year,
        first_id,
        start,
        np.array([fertility], np.float32),
        rule,
        permanent,
        out,
    )
    return out


def whos(n: int, first_id: int = 0) -> np.ndarray:
    return (np.arange(n) + first_id).astype(np.uint32)


def slow_words(n, year, *, fertility=FERTILITY, first_id=0, rule=RULE, key=KEY):
    who, permanent = whos(n, first_id), scores(n)
    return twin.compose(
        int(key), year, who, fertility=float(fertility), rule=rule, permanent=permanent
    )


def people(n, year, *, permanent=None):
    permanent = scores(n) if permanent is None else permanent
    return twin.members(
        int(KEY), year, whos(n), fertility=float(FERTILITY), rule=RULE, permanent=permanent
    )


@pytest.mark.parametrize("year", [EPOCH, 1999, 2024, 2034, 2100])
@pytest.mark.parametrize("fertility", [-0.5, 2.6, 5.5])
def test_equals_the_slow_twin(year, fertility):
    n, first_id = 5_003, 4_000_000_000
    out = words(n, year, fertility=fertility, first_id=first_id)
    slow = slow_words(n, year, fertility=fertility, first_id=first_id)
    np.testing.assert_array_equal(out, slow)


@settings(max_examples=25, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**32 - 1), year=st.integers(EPOCH, 2100))
def test_equals_the_twin_for_any_parameters_in_their_ranges(data, seed, year):
    table = parameter_table()
    places = {name: data.draw(st.floats(0, 1)) for name in table if name.startswith("composition.")}
    rule = read_rule(
        lambda name: table[name].low + places[name] * (table[name].high - table[name].low)
    )
    key = draw_key(seed)
    out = words(700, year, rule=rule, key=np.uint32(key))
    slow = slow_words(700, year, rule=rule, key=key)
    np.testing.assert_array_equal(out, slow)


def test_a_household_does_not_depend_on_its_neighbours_or_on_the_cut_into_strata():
    n = 50_000
    permanent = scores(n)
    whole = words(n, 2024, permanent=permanent)
    start = np.array([0, 1, 1, 17_000, 17_257, n], np.int64)
    cut = np.zeros(n, np.uint32)
    shared(compose, 5, KEY, 2024, 0, start, np.full(5, FERTILITY), RULE, permanent, cut)
    np.testing.assert_array_equal(cut, whole)
    part = words(999, 2024, first_id=20_001, permanent=permanent[20_001:21_000])
    np.testing.assert_array_equal(part, whole[20_001:21_000])


def test_the_upper_bits_are_left_alone():
    n = 1_000
    upper = (np.arange(n, dtype=np.uint32) << np.uint32(24)) | np.uint32(0xFFFFFF)
    out = upper.copy()
    shared(compose, 1, KEY, 2024, 0, np.array([0, n]), np.array([FERTILITY]), RULE, scores(n), out)
    np.testing.assert_array_equal(out >> np.uint32(24), upper >> np.uint32(24))
    np.testing.assert_array_equal(out & np.uint32(0xFFFFFF), words(n, 2024))


def test_fields_neither_overlap_nor_reach_the_upper_bits():
    bits = [bit for shift, width in FIELDS.values() for bit in range(shift, shift + width)]
    assert len(bits) == len(set(bits))
    assert max(bits) < 24


@pytest.mark.parametrize("fertility", [-1.0, 2.6, 12.0])
def test_counts_are_consistent(fertility):
    out = words(200_000, 2024, fertility=fertility)
    size = field(out, "size")
    assert size.min() >= 1
    assert size.max() <= 15
    assert np.all(sum(field(out, name) for name in GROUPS) <= size)
    assert np.all(field(out, "elderly_70") <= field(out, "elderly_60"))
    assert np.all(field(out, "disabled_elderly") <= field(out, "elderly_60"))
    assert np.all(field(out, "disabled_under_60") <= size - field(out, "elderly_60"))
    assert not np.any(out & np.uint32(1 << 23))


def test_everybody_ages_by_one_year_each_january():
    n, first_year = 40_000, 2020
    before = people(n, first_year)
    for year in range(first_year + 1, first_year + 12):
        after = people(n, year)
        was, now = before[0], after[0]
        same = (before[3] == after[3])[:, None]
        stayed = same & (was >= 0) & (now >= 0)
        assert np.all(now[stayed] == was[stayed] + 1)
        came = same & (was < 0) & (now >= 0)
        elders = came[:, twin.ELDER : twin.FIRST_CHILD]
        assert np.all(now[:, twin.ELDER : twin.FIRST_CHILD][elders] >= 60)
        assert np.all(now[:, twin.FIRST_CHILD :][came[:, twin.FIRST_CHILD :]] == 0)
        assert not np.any(came[:, : twin.ELDER])
        left = same & (was >= 0) & (now < 0)
        assert np.all(was[:, twin.FIRST_CHILD :][left[:, twin.FIRST_CHILD :]] >= 18)
        expecting = before[2]
        assert np.all((now[expecting] == 0).any(axis=1))
        before = after


def test_one_household_in_a_cycle_is_renewed_each_year():
    n = 200_000
    generation = [twin.timing(int(KEY), year, whos(n), RULE)[0] for year in (2024, 2025)]
    renewed = np.mean(generation[1] - generation[0])
    assert renewed == pytest.approx(1 / int(RULE.cycle), abs=4 * np.sqrt(0.023 / n))


def test_size_and_ages_are_stationary_over_fifty_years():
    n = 200_000
    size, shares = [], []
    for year in range(2000, 2051):
        out = words(n, year)
        people = field(out, "size").sum()
        size.append(people / n)
        shares.append([field(out, name).sum() / people for name in GROUPS])
    assert np.ptp(size) < 0.02
    assert abs(np.polyfit(range(51), size, 1)[0]) * 50 < 0.02
    assert np.ptp(100 * np.array(shares), axis=0).max() < 0.2


def test_households_years_and_seeds_are_independent():
    n = 200_000
    here = field(words(n, 2024), "size").astype(float)
    limit = 4 / np.sqrt(n)
    for lag in (1, 2, 256, 1 << 14):
        assert abs(np.corrcoef(here[lag:], here[:-lag])[0, 1]) < limit
    other = field(words(n, 2024, key=np.uint32(draw_key(8))), "size")
    assert abs(np.corrcoef(here, other)[0, 1]) < limit
    flat = np.zeros(n, np.float32)
    now, then = (people(n, year, permanent=flat)[0] for year in (2024, 2024 + int(RULE.cycle)))
    grown = [(ages >= 0).sum(axis=1) for ages in (now, then)]
    by_phase = twin.timing(int(KEY), 2024, whos(n), RULE)[1]
    for phase in range(0, int(RULE.cycle), 7):
        chosen = by_phase == phase
        correlation = np.corrcoef(grown[0][chosen], grown[1][chosen])[0, 1]
        assert abs(correlation) < 4 / np.sqrt(chosen.sum())


def test_richer_households_wish_for_fewer_children():
    n = 200_000
    poor, rich = (
        field(words(n, 2024, permanent=np.full(n, score, np.float32)), "size").mean()
        for score in (-1.0, 1.0)
    )
    assert poor - rich > 0.1


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="reads x86 assembly")
@pytest.mark.skipif(nb.config.DISABLE_JIT, reason="nothing is compiled")
def test_inner_loops_are_vectorised():
    if not llvm.get_host_cpu_features().get("avx2", False):
        pytest.skip("no wide registers")
    state = np.zeros(composition._STATE_ROWS * composition._BLOCK, np.uint32)
    draws = np.zeros(2 * composition._DRAWS * composition._BLOCK, np.uint32)
    composition._draw(state, draws, 0, composition._BLOCK, KEY)
    composition._adults(state, draws, RULE, composition._BLOCK)
    composition._child(state, draws, 0, RULE, composition._BLOCK)
    for kernel, marker in (("_draw", "vpmuludq"), ("_adults", "vpcmp"), ("_child", "vpcmp")):
        assembly = "".join(getattr(composition, kernel).inspect_asm().values())
        wide = [line for line in assembly.splitlines() if marker in line and "mm" in line]
        assert any("ymm" in line or "zmm" in line for line in wide), kernel
