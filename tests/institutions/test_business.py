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
    got = usual * matched(usual, handed, need, province)
    np.testing.assert_allclose(np.bincount(province, got), np.bincount(province, usual))
    assert np.all(got >= usual * (1.0 - handed) - 1e-9)
