"""Needs show the published counts while nobody helps, and stay as frequent as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.data.parameters import parameter_table
from kesos_sim.institutions.rules import default_parameter
from kesos_sim.kernels.cases import VILLAGER
from kesos_sim.kernels.composition import FIELDS
from kesos_sim.population.needs import KINDS, Needs
from kesos_sim.testing import make_village, villages
from tests.kernels import case_twins

HOUSEHOLDS, POOR = 72e6, 0.09
ABLE = np.array([0.47, 0.41, 1.0, 1.0, 0.3, 0.6, 1.0, 1.0, 1.0, 1.0, 0.43])
LEAVES = {
    "education": "pupil",
    "health_nutrition": "toddler",
    "neglected_elderly": "elder",
    "neglected_children": "child",
}
VILLAGERS = KINDS.index("remote_community")
Parameter = Callable[[str], float]


@st.composite
def parameters(draw: st.DrawFn) -> Parameter:
    """Draw parameters anywhere within their ranges."""
    table = parameter_table()
    at = {
        name: draw(st.floats(0.0, 1.0))
        for name in table
        if name.startswith("need.") and name.endswith((".count", ".poor_ratio", ".years"))
    }

    def parameter(name: str) -> float:
        row = table[name]
        return row.low + at[name] * (row.high - row.low) if name in at else row.value

    return parameter


def staying(parameter: Parameter) -> Parameter:
    """Return parameters with which nobody ever leaves a household."""
    return lambda name: 0.0 if name.startswith("need.leaves.") else parameter(name)


def rows(parameter: Parameter, name: str) -> np.ndarray:
    return np.array([parameter(f"need.{kind}.{name}") for kind in KINDS])


def wide(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float64)


@given(parameter=parameters(), poor=st.floats(0.01, 0.3))
def test_the_nation_shows_the_published_counts(parameter, poor):
    """Present in poor and other households that can have the need; where that is possible."""
    needs = Needs.of(parameter, ABLE, HOUSEHOLDS, poor)
    other, among_poor = wide(needs.present), wide(needs.present) * needs.present_factor
    found = HOUSEHOLDS * ABLE * ((1.0 - poor) * other + poor * among_poor)
    possible = among_poor < 0.899
    assert possible.sum() >= 9
    np.testing.assert_allclose(found[possible], rows(parameter, "count")[possible], rtol=1e-5)
    ratio = rows(parameter, "poor_ratio")
    np.testing.assert_allclose(among_poor[possible], (ratio * other)[possible], rtol=1e-5)
    assert np.all(found <= rows(parameter, "count") * (1 + 1e-5))
    assert np.all(among_poor <= 0.9 * (1 + 1e-6))


@given(parameter=parameters(), poor=st.floats(0.01, 0.3), gap=st.floats(0.0, 0.8))
def test_the_poor_get_over_a_need_later_and_all_together_as_soon(parameter, poor, gap):
    """Over the cases of a time the mean pace is the one of the parameter; 0 makes no difference."""
    values = {"need.recovery_gap": gap}
    needs = Needs.of(lambda name: values.get(name, parameter(name)), ABLE, HOUSEHOLDS, poor)
    leaves = np.zeros(len(KINDS))
    for kind, who in LEAVES.items():
        leaves[KINDS.index(kind)] = parameter(f"need.leaves.{who}")
    left = -12.0 * np.log1p(-wide(needs.end))
    assert np.all(left >= 0.0)
    # Where those who leave end needs more often than all together end, nothing else does.
    pace = np.where(left > 0.0, left + leaves, np.nan) * rows(parameter, "years")
    known = np.isfinite(pace).all(axis=0)
    assert known.sum() >= 9
    pace = pace[:, known]
    np.testing.assert_allclose(pace[0] - pace[1], gap, atol=5e-3)
    cases = np.stack([(1.0 - poor) * np.ones(11), poor * wide(needs.present_factor)])[:, known]
    np.testing.assert_allclose((pace * cases).sum(axis=0) / cases.sum(axis=0), 1.0, atol=5e-3)
    if gap == 0.0:
        np.testing.assert_array_equal(needs.end[0], needs.end[1])


def test_counts_as_they_are_need_no_limit():
    needs = Needs.of(default_parameter, ABLE, HOUSEHOLDS, POOR)
    assert np.all(wide(needs.present) * needs.present_factor < 0.5)


@given(parameter=parameters(), poor=st.floats(0.01, 0.3))
def test_as_many_arise_as_end(parameter, poor):
    """In poor and other households apart: a year's onsets in who has none, ends in who has one."""
    needs = Needs.of(staying(parameter), ABLE, HOUSEHOLDS, poor)
    for present, chance, over in (
        (wide(needs.present), wide(needs.onset), wide(needs.end[0])),
        (
            wide(needs.present) * needs.present_factor,
            wide(needs.onset) * needs.onset_factor,
            wide(needs.end[1]),
        ),
    ):
        arise = -np.log1p(-chance) * (1.0 - present)
        end = present * -12.0 * np.log1p(-over)
        np.testing.assert_allclose(arise, end, rtol=2e-3)
    assert np.all(chance < 1.0)


def test_frequencies_stay_when_months_pass():
    """Month by month and not by rates: what lasts two years or more stays within 5 percent."""
    needs = Needs.of(staying(default_parameter), ABLE, HOUSEHOLDS, POOR)
    for factor, over in zip((1.0, wide(needs.onset_factor)), wide(needs.end), strict=True):
        start = wide(needs.present) * (1.0 if isinstance(factor, float) else needs.present_factor)
        # A twelfth of the households is looked at each month.
        present = np.repeat(start[None], 12, axis=0)
        seen = []
        for month in range(600):
            present *= 1.0 - over
            own = month % 12
            present[own] += (1.0 - present[own]) * wide(needs.onset) * factor
            seen.append(present.mean(axis=0))
        drift = seen[-1] / start - 1.0
        # Needs are counted for whole months: half a month more than their mean time.
        years = -1.0 / (12.0 * np.log1p(-over))
        np.testing.assert_allclose(drift, 0.5 / (12.0 * years), atol=0.02)
        assert np.all(np.abs(drift[years >= 2]) < 0.05)


@given(months=st.floats(0.5, 400.0))
def test_monthly_chances_have_the_mean_that_is_asked_for(months):
    """A need or service with an even chance of its end lasts as long as the parameter says."""

    def parameter(name: str) -> float:
        if name.endswith(".years"):
            return months / 12.0
        if name == "need.recovery_gap":
            return 0.0
        return months if name.endswith(".service_months") else default_parameter(name)

    needs = Needs.of(staying(parameter), ABLE, 1e12, POOR)
    for chance in (wide(needs.end), wide(needs.finish)):
        np.testing.assert_allclose(-1.0 / np.log1p(-chance), months, rtol=2e-3)


def test_more_needs_than_draws_are_refused():
    needs = Needs.of(default_parameter, ABLE, HOUSEHOLDS, POOR)
    begin, end = needs.stretches()
    highest = wide(needs.onset) * np.maximum(needs.onset_factor, 1.0)
    np.testing.assert_allclose(wide(end) - begin, highest, atol=1e-6)
    draw = np.floor(begin)
    assert np.all(end <= draw + 1)
    order = np.argsort(begin)
    assert np.all(begin[order][1:] >= end[order][:-1] - 1e-6)
    much = np.full(len(KINDS), 0.25, np.float32)
    with pytest.raises(ValueError, match="too often"):
        replace(needs, onset=much, onset_factor=np.ones_like(much)).stretches()


@settings(max_examples=25)
@given(village=villages(), rural=st.floats(0.0, 1.0))
def test_who_can_have_a_need_is_counted_by_weight(village, rural):
    """Of the families of a run; villagers are those of the nation, however many a run has."""
    assert Needs.sample(village.layout).tolist() == list(range(village.layout.n_households))
    number = np.diff(village.layout.stratum_start)
    found = Needs.able(village.households.word, number, village.weight, rural)
    assert found[VILLAGERS] == rural
    weight = village.weight[village.stratum].astype(float)
    words = village.households.word.tolist()
    needs = Needs.of(default_parameter, ABLE, HOUSEHOLDS, POOR)
    for share, who in zip(found, needs.who.tolist(), strict=True):
        if who == VILLAGER:
            continue
        can = np.array([case_twins.able(who, word, False) for word in words])
        assert share == pytest.approx((weight * can).sum() / weight.sum(), rel=1e-12)


def test_each_need_asks_for_its_members():
    """Read off the families: pupils, toddlers, children, old people."""
    village = make_village([[3000, 3000]], seed=2)
    village.weight[:] = 65536

    def persons(*names: str) -> np.ndarray:
        return sum(
            (village.households.word >> FIELDS[name][0]) & ((1 << FIELDS[name][1]) - 1)
            for name in names
        )

    found = dict(
        zip(
            KINDS,
            Needs.able(
                village.households.word,
                np.diff(village.layout.stratum_start),
                village.weight,
                0.43,
            ),
            strict=True,
        )
    )
    assert found["education"] == (persons("primary", "junior", "senior") > 0).mean()
    assert found["health_nutrition"] == (persons("age_0_6") > 0).mean()
    young = ("age_0_6", "primary", "junior", "senior")
    assert found["neglected_children"] == (persons(*young) > 0).mean()
    assert found["neglected_elderly"] == (persons("elderly_60") > 0).mean()
    assert found["livelihood"] == found["disability"] == 1.0
