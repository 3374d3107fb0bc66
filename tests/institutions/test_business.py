"""Business forums: what they route, and that matching makes and loses no money."""

from __future__ import annotations

from collections.abc import Callable

import mesa
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.institutions.business import BusinessForums, matched
from kesos_sim.institutions.places import Places
from kesos_sim.units import Month

JANUARY = Month(2024, 1)
Parameters = Callable[..., Callable[[str], float]]


def test_forums_route_more_where_bodies_stand_firmer(
    nation: Places, parameters: Parameters
) -> None:
    """By the strength times the mean of the province, against the base period, within 0 and 1."""
    parameter = parameters({"coordination.business.strength": 0.5})
    forums = BusinessForums(mesa.Model(rng=1), nation)
    today = np.full(nation.codes.size, 0.2)
    forums.decide(JANUARY, parameter, today, base=True)
    assert not forums.routed(0.0).any()
    np.testing.assert_array_equal(forums.routed(0.3), 0.3)
    first = nation.province_index == 0
    forums.decide(JANUARY + 12, parameter, np.where(first, 0.8, 0.1), base=False)
    np.testing.assert_allclose(forums.routed(0.3), np.where(first, 0.6, 0.25))
    np.testing.assert_allclose(forums.routed(0.0), np.where(first, 0.3, 0.0))
    np.testing.assert_allclose(forums.routed(0.9), np.where(first, 1.0, 0.85))
    assert [month for month, _ in forums.forums[0].decisions] == [JANUARY + 12]
    np.testing.assert_allclose(forums.forums[0].decisions[0][1], 0.3)


def test_without_strength_forums_route_what_is_decided_for_all(
    nation: Places, parameters: Parameters
) -> None:
    parameter = parameters({"coordination.business.strength": 0.0})
    forums = BusinessForums(mesa.Model(rng=1), nation)
    for year, standing in enumerate((0.1, 0.9)):
        every = np.full(nation.codes.size, standing)
        forums.decide(JANUARY + 12 * year, parameter, every, base=year == 0)
        np.testing.assert_array_equal(forums.routed(0.4), 0.4)
    assert not forums.forums[0].decisions


@given(seed=st.integers(0, 2**32 - 1))
def test_matching_moves_money_within_provinces_only(seed: int) -> None:
    chance = np.random.default_rng(seed)
    n = int(chance.integers(1, 20))
    province = np.sort(chance.integers(0, 3, n))
    province = np.unique(province, return_inverse=True)[1]
    usual, handed = chance.uniform(1.0, 9.0, n), chance.random(n)
    need = chance.integers(0, 3, n) * chance.integers(0, 50)
    ratio, part = matched(usual, handed, need, province)
    got = usual * ratio
    np.testing.assert_allclose(np.bincount(province, got), np.bincount(province, usual))
    assert np.all(got >= usual * (1.0 - handed) - 1e-9)
    # What did not come through the body is what was not handed to it.
    np.testing.assert_allclose(got * (1.0 - part), usual * (1.0 - handed), atol=1e-9)


EXPERIENCE = "coordination.forum_experience.strength"
GIVING = "coordination.forum_giving.strength"


def test_firms_that_saw_bodies_work_route_and_give_more(
    nation: Places, parameters: Parameters
) -> None:
    """By their province alone; sooner and later by what a year has shown."""
    learning = {EXPERIENCE: 0.5, GIVING: 0.2, "coordination.business.strength": 0.0}
    parameter = parameters(learning)
    forums = BusinessForums(mesa.Model(rng=1), nation)
    half = np.arange(nation.codes.size) % 2 == 0
    forums.watch(half, base=True)
    usual = forums.seen.copy()
    same = np.full(nation.codes.size, 0.2)
    forums.decide(JANUARY, parameter, same, base=True)
    np.testing.assert_array_equal(forums.generosity(parameter), 1.0)
    assert not forums.routed(0.0).any()
    first = nation.province_index == 0
    for month in range(120):
        forums.watch(np.where(first, True, half), base=False)
        if month == 0:
            begun = forums.seen[0] - usual[0]
    assert 0.0 < begun < 0.1 * (1.0 - usual[0])
    np.testing.assert_allclose(forums.seen[0], 1.0, atol=1e-4)
    np.testing.assert_allclose(forums.seen[1:], usual[1:])
    forums.decide(JANUARY + 120, parameter, same, base=False)
    more = np.where(first, 1.0 - usual[0], 0.0)
    np.testing.assert_allclose(forums.routed(0.2), 0.2 + 0.5 * more, atol=1e-4)
    np.testing.assert_allclose(forums.generosity(parameter), 1.0 + 0.2 * more, atol=1e-4)
    nothing = parameters(dict.fromkeys(learning, 0.0))
    np.testing.assert_array_equal(forums.generosity(nothing), 1.0)
    forums.decide(JANUARY + 132, nothing, same, base=False)
    np.testing.assert_array_equal(forums.routed(0.2), 0.2)
