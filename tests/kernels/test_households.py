"""The household half of a month equals its slow twin to the bit, however it is cut."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.kernels import households as kernel
from kesos_sim.kernels.bins import WELFARE_BINS, welfare_bin_centres
from kesos_sim.kernels.events import strike
from kesos_sim.kernels.incidence import INCIDENCE_SCALE, incidence
from kesos_sim.kernels.scores import score_histogram
from kesos_sim.kernels.synthesis import draw_households, permanent_base
from kesos_sim.rng import MONTH_BITS, Stream, draw_key
from kesos_sim.testing import Village, make_village, villages
from tests.kernels import household_twins as twin
from tests.kernels.teams import shared

F = np.float32
MONTH_WORD = np.uint32(24_290 | (int(Stream.WORLD) << MONTH_BITS))
SHARE = st.floats(0.0, 1.0, width=32)
MASK = st.integers(0, 2**16 - 1)
FEW = settings(max_examples=30)


@st.composite
def month_rules(draw: st.DrawFn) -> dict[str, Any]:
    """Any rules of a month that are within their ranges."""
    chance = draw(st.lists(st.integers(0, 8000), min_size=8, max_size=8))
    return {
        "persistent_load": F(draw(SHARE)),
        "transitory_load": F(draw(SHARE)),
        "persistent_keep": F(draw(SHARE)),
        "transitory_keep": F(draw(SHARE)),
        "loss_keep": F(draw(SHARE)),
        "shock_limit": np.cumsum(np.array(chance).reshape(2, 4), axis=1).astype(np.int32),
        "shock_loss": np.array(draw(st.lists(SHARE, min_size=4, max_size=4)), np.float32),
        "insured_share": F(draw(SHARE)),
        "insured_mask": np.uint16(draw(MASK)),
    }


@st.composite
def help_rules(draw: st.DrawFn) -> dict[str, Any]:
    """Any way of turning scores and help into consumption."""
    seed = draw(st.integers(0, 2**32 - 1))
    return {
        "seed": seed,
        "propensity": F(draw(SHARE)),
        "smoothing": F(draw(SHARE)),
        "savings_keep": F(draw(SHARE)),
        "saved_share": F(draw(SHARE)),
        "regular_mask": np.uint16(draw(MASK)),
    }


def with_tables(village: Village, rule: dict[str, Any]) -> dict[str, Any]:
    """Add tables that fit a village."""
    chance = np.random.default_rng(rule["seed"])
    n = village.cell.size
    value = np.sort(chance.normal(0.4, 0.8, (village.n_cells, kernel.SCORE_NODES + 1)), axis=1)
    return rule | {
        "table": np.stack([value[:, :-1], np.diff(value)], axis=2).astype(np.float32),
        "line_ratio": chance.uniform(0.7, 1.4, n).astype(np.float32),
        "extreme_line": chance.uniform(0.5, 0.8, n).astype(np.float32),
        "line_rise": np.maximum(chance.normal(0.0, 0.1, n), 0.0).astype(np.float32),
    }


def chunk_counts(village: Village, width: int) -> np.ndarray:
    """Room for counts; what is in it before must not matter."""
    return np.full((village.layout.chunk_start.size - 1, village.n_cells, width), 7, np.int64)


def run_month(village: Village, rule: dict[str, Any]) -> tuple[twin.State, np.ndarray]:
    state = village.arrays()
    counts = chunk_counts(village, kernel.SCORE_NODES)
    shared(
        kernel.draw_month, village.layout.n_chunks,
        village.key, MONTH_WORD, village.households.first_id, *village.layout.blocks,
        village.cell, village.area, village.weight, rule["persistent_load"],
        rule["transitory_load"], rule["persistent_keep"], rule["transitory_keep"],
        rule["loss_keep"], rule["shock_limit"], rule["shock_loss"], rule["insured_share"],
        rule["insured_mask"], state["word"], state["base"], state["enrolled"],
        state["persistent"], state["transitory"], state["loss"], state["score"], counts,
    )  # fmt: skip
    return state, counts.sum(axis=0)


def run_help(
    village: Village, rule: dict[str, Any], march: bool, start: twin.State | None = None
) -> tuple[twin.State, np.ndarray, np.ndarray]:
    state = village.arrays() if start is None else start
    counts = chunk_counts(village, WELFARE_BINS)
    sums = np.full((village.layout.block_start.size, len(kernel.MEASURES)), 7, np.int64)
    shared(
        kernel.after_help, village.layout.n_chunks,
        *village.layout.blocks, village.cell, village.weight, rule["line_ratio"],
        rule["extreme_line"], rule["line_rise"], rule["table"], rule["propensity"],
        rule["smoothing"], rule["savings_keep"], rule["saved_share"], rule["regular_mask"], march,
        state["word"], state["score"], state["gain"], state["loss"], state["benefit"],
        state["pooled"], state["savings"], state["enrolled"], state["history"], state["welfare"],
        sums, counts,
    )  # fmt: skip
    by_stratum = np.zeros((village.cell.size, sums.shape[1]), np.int64)
    np.add.at(by_stratum, village.layout.block_stratum, sums)
    return state, by_stratum, counts.sum(axis=0)


def assert_same(fast: twin.State, slow: twin.State) -> None:
    for name, array in slow.items():
        np.testing.assert_array_equal(fast[name], array, err_msg=name)
        assert fast[name].dtype == array.dtype, name


@FEW
@given(village=villages(), rule=month_rules())
def test_month_equals_the_slow_twin(village, rule):
    fast, counts = run_month(village, rule)
    slow = village.arrays()
    assert np.array_equal(counts, twin.draw_month(village, slow, int(MONTH_WORD), rule))
    assert_same(fast, slow)


@FEW
@given(village=villages(), rule=help_rules(), march=st.booleans())
def test_consumption_equals_the_slow_twin(village, rule, march):
    rule = with_tables(village, rule)
    fast, sums, counts = run_help(village, rule, march)
    slow = village.arrays()
    slow_sums, slow_counts = twin.after_help(village, slow, rule, march=march)
    assert_same(fast, slow)
    np.testing.assert_array_equal(sums, slow_sums)
    np.testing.assert_array_equal(counts, slow_counts)


@FEW
@given(village=villages())
def test_counts_by_score_equal_the_slow_twin(village):
    state = village.arrays()
    counts = chunk_counts(village, kernel.SCORE_NODES)
    shared(
        score_histogram,
        village.layout.n_chunks,
        *village.layout.blocks,
        village.cell,
        village.weight,
        state["word"],
        state["score"],
        counts,
    )
    assert np.array_equal(counts.sum(axis=0), twin.score_histogram(village, state))


@FEW
@given(village=villages(), rule=help_rules(), n_programmes=st.integers(0, 8))
def test_incidence_equals_the_slow_twin(village, rule, n_programmes):
    rule, state = with_tables(village, rule), village.arrays()
    group = np.arange(village.cell.size, dtype=np.int32) // 2
    shape = (int(group.max()) + 1, WELFARE_BINS, 4 + n_programmes)
    counts = np.full((village.layout.chunk_start.size - 1, *shape), 7, np.int64)
    shared(
        incidence, village.layout.n_chunks,
        *village.layout.blocks, group, village.weight, rule["line_ratio"], rule["propensity"],
        rule["regular_mask"], state["word"], state["welfare"], state["benefit"],
        state["enrolled"], counts,
    )  # fmt: skip
    slow = twin.incidence(
        village,
        state,
        group=group,
        line_ratio=rule["line_ratio"],
        propensity=rule["propensity"],
        regular_mask=int(rule["regular_mask"]),
        n_programmes=n_programmes,
        scale=INCIDENCE_SCALE,
    )
    np.testing.assert_array_equal(counts.sum(axis=0), slow)


@FEW
@given(seed=st.integers(0, 2**31), counts=st.lists(st.integers(1, 60), min_size=1, max_size=5))
def test_new_households_equal_the_slow_twin(seed, counts):
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    identity = (np.arange(len(counts)) * 977 + seed % 1000).astype(np.uint32)
    n, key = int(start[-1]), np.uint32(draw_key(seed))
    state = {
        name: np.full(n, 7, kind)
        for name, kind in (
            ("permanent", np.float32), ("persistent", np.float32), ("transitory", np.float32),
            ("record", np.uint8), ("record_month", np.int16),
        )
    }  # fmt: skip
    shared(
        draw_households,
        start.size - 1,
        key,
        0,
        identity,
        start,
        F(0.88),
        F(0.25),
        F(0.15 / 12),
        *state.values(),
    )
    slow = twin.draw_households(
        int(key), identity, start, listed=(0.88, 0.25), visits=float(F(0.15 / 12))
    )
    assert_same(state, slow)
    # The last stratum alone, as a shard of its own, holds the same households.
    first = int(start[-2])
    shard = {name: np.full(n - first, 7, array.dtype) for name, array in state.items()}
    own = np.array([0, n - first], np.int64)
    rule = (F(0.88), F(0.25), F(0.15 / 12))
    shared(draw_households, 1, key, first, identity[-1:], own, *rule, *shard.values())
    assert_same(shard, {name: array[first:] for name, array in state.items()})


@FEW
@given(village=villages(), load=SHARE, slope=SHARE)
def test_lasting_place_equals_the_slow_twin(village, load, slope):
    state = village.arrays()
    shift = np.linspace(-1, 1, village.cell.size, dtype=np.float32)
    slow = twin.permanent_base(village, state, shift, load, slope)
    shared(
        permanent_base, village.layout.n_strata,
        village.layout.stratum_start, shift, F(load), F(slope), state["word"],
        state["permanent"], state["base"],
    )  # fmt: skip
    np.testing.assert_array_equal(state["base"], slow)


@FEW
@given(village=villages(), data=st.data())
def test_shocks_equal_the_slow_twin(village, data):
    n, state = village.layout.district_start.size - 1, village.arrays()
    share, size = (
        np.array(data.draw(st.lists(SHARE, min_size=n, max_size=n)), np.float32) for _ in range(2)
    )
    slow = twin.strike(village, state, int(MONTH_WORD), share, size)
    strike(
        village.key, MONTH_WORD, village.households.first_id, village.layout.district_start,
        share, size, state["loss"],
    )  # fmt: skip
    np.testing.assert_array_equal(state["loss"], slow)


def test_shares_of_a_shock_are_kept():
    """A share of one hits everybody, of zero nobody, of a third about a third."""
    village = make_village([[20_000], [20_000], [20_000]])
    before = village.households.loss.copy()
    share = np.array([1.0, 0.0, 1 / 3], np.float32)
    strike(
        village.key, MONTH_WORD, 0, village.layout.district_start, share,
        np.full(3, 0.25, np.float32), village.households.loss,
    )  # fmt: skip
    hit = np.add.reduceat(village.households.loss > before, village.layout.district_start[:-1])
    assert hit[0] == 20_000
    assert hit[1] == 0
    assert abs(hit[2] - 20_000 / 3) < 4.5 * np.sqrt(20_000 * 2 / 9)


@given(
    village=villages(),
    month=month_rules(),
    rule=help_rules(),
    n_chunks=st.integers(1, 9),
    block=st.integers(1, kernel.BLOCK),
)
@FEW
def test_blocks_and_chunks_do_not_change_bits(village, month, rule, n_chunks, block):
    rule = with_tables(village, rule)
    other = Village(**{**vars(village), "layout": village.cut(n_chunks, block)})
    first, second = run_month(village, month), run_month(other, month)
    assert_same(first[0], second[0])
    assert np.array_equal(first[1], second[1])
    one, two = run_help(village, rule, True), run_help(other, rule, True)
    assert_same(one[0], two[0])
    for a, b in zip(one[1:], two[1:], strict=True):
        assert np.array_equal(a, b)


def test_a_household_does_not_depend_on_its_neighbours():
    """The second half of the households alone, with their own numbers, lives the same month."""
    village = make_village([[300], [200]], first_id=11)
    rule = {
        "persistent_load": F(0.7), "transitory_load": F(0.3), "persistent_keep": F(0.96),
        "transitory_keep": F(0.75), "loss_keep": F(0.87), "insured_share": F(0.3),
        "shock_limit": np.cumsum(np.full((2, 4), 900, np.int32), axis=1).astype(np.int32),
        "shock_loss": np.array([0.1, 0.2, 0.3, 0.4], np.float32), "insured_mask": np.uint16(8),
    }  # fmt: skip
    whole, _ = run_month(village, rule)
    part = make_village([[200]], first_id=311)
    for name, array in village.households.arrays().items():
        getattr(part.households, name)[:] = array[300:]
    part = Village(**{**vars(part), "key": village.key, "area": village.area[1:]})
    assert part.area.size == part.cell.size
    alone, _ = run_month(part, rule)
    assert_same(alone, {name: array[300:] for name, array in whole.items()})


def test_nothing_falls_below_zero_where_income_is_taken():
    """Cut spending can take more than a household has: consumption and savings end at zero."""
    village = make_village([[400, 300]])
    village.households.benefit[:] = F(-3.0)
    rule = with_tables(
        village,
        {
            "seed": 1, "propensity": F(0.6), "smoothing": F(0.3), "savings_keep": F(0.9),
            "saved_share": F(0.5), "regular_mask": np.uint16(3),
        },
    )  # fmt: skip
    state, sums, counts = run_help(village, rule, True)
    assert state["welfare"].min() == 0.0
    assert state["savings"].min() == 0.0
    assert np.all(sums >= 0)
    assert np.all(counts >= 0)
    assert np.all(sums[:, kernel.MEASURES.index("gap")] <= sums[:, 0] << kernel.FIXED_POINT)


@FEW
@given(village=villages(), rule=help_rules(), more=st.floats(0.0, 2.0, width=32))
def test_more_help_never_lowers_consumption(village, rule, more):
    rule = with_tables(village, rule)
    less_help, _, _ = run_help(village, rule, False)
    raised = village.arrays()
    raised["benefit"] = raised["benefit"] + F(more)
    more_help, _, _ = run_help(village, rule, False, raised)
    assert np.all(more_help["welfare"] >= less_help["welfare"])
    assert np.all(more_help["savings"] >= less_help["savings"])


def test_bins_hold_what_their_middle_says():
    """Every level lies in a bin whose middle is within 3 percent; beyond the ends it is cut."""
    centres = welfare_bin_centres()
    levels = np.exp(np.linspace(np.log(0.02), np.log(16_000), 5001)).astype(np.float32)
    bins = twin.welfare_bin(levels)
    assert np.abs(centres[bins] / levels - 1).max() < 0.032
    assert np.array_equal(bins, np.clip(bins, 0, WELFARE_BINS - 1))
    assert np.array_equal(twin.welfare_bin(np.array([0.0, 1e-9, 1e9], F)), [0, 0, WELFARE_BINS - 1])
    assert np.all(np.diff(centres) > 0)


def test_households_of_every_size_have_their_place():
    """From nobody to as many as a word can say."""
    word = np.arange(16, dtype=np.uint32) | np.uint32(1 << 31)
    permanent, base = np.full(16, 2.0, F), np.full(16, np.nan, F)
    start, shift = np.array([0, 16]), np.array([0.5], F)
    permanent_base(0, 1, start, shift, F(0.25), F(3.0), word, permanent, base)
    expected = 0.5 + 0.25 * 2.0 - 3.0 * np.log(np.maximum(np.arange(16), 1))
    np.testing.assert_allclose(base, expected, rtol=1e-6, atol=1e-6)


def test_scores_beyond_the_table_count_at_its_ends():
    """The first node has all below it, the last one all above, and nobody is lost."""
    village = make_village([[40, 31], [20]])
    village.households.base[::2] = F(-60.0)
    village.households.base[1::2] = F(60.0)
    rule = {
        "persistent_load": F(0.7), "transitory_load": F(0.3), "persistent_keep": F(0.96),
        "transitory_keep": F(0.75), "loss_keep": F(0.87), "insured_share": F(0.3),
        "shock_limit": np.zeros((2, 4), np.int32), "shock_loss": np.zeros(4, np.float32),
        "insured_mask": np.uint16(8),
    }  # fmt: skip
    state, counts = run_month(village, rule)
    people = village.weight[village.stratum] * twin.sizes(state)
    assert counts[:, 0].sum() == people[::2].sum()
    assert counts[:, -1].sum() == people[1::2].sum()
    assert not counts[:, 1:-1].any()


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_without_the_compiler_the_month_is_the_same():
    """The sources as plain Python give what the compiled month gives, to the bit."""
    village = make_village([[3, 2], [4]], n_chunks=2, block=2)
    rule = {
        "persistent_load": F(0.7), "transitory_load": F(0.3), "persistent_keep": F(0.96),
        "transitory_keep": F(0.75), "loss_keep": F(0.87), "insured_share": F(0.3),
        "shock_limit": np.cumsum(np.full((2, 4), 9000, np.int32), axis=1).astype(np.int32),
        "shock_loss": np.array([0.1, 0.2, 0.3, 0.4], np.float32), "insured_mask": np.uint16(8),
    }  # fmt: skip
    compiled, counts = run_month(village, rule)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "draw_month", kernel.draw_month.py_func)
        plain, plain_counts = run_month(village, rule)
    assert_same(plain, compiled)
    assert np.array_equal(plain_counts, counts)
