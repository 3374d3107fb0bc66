"""Federations: who belongs together, who hears of a meeting, and what that changes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.institutions.federations import Federations
from kesos_sim.institutions.orsos import OrsosTable
from kesos_sim.institutions.places import Places
from kesos_sim.institutions.rules import default_parameter
from kesos_sim.rng import draw_key
from tests.institutions.test_bkkks import START, bodies_of, levers

Parameter = Callable[[str], float]
Parameters = Callable[..., Parameter]


def test_as_many_belong_as_the_share_says(nation: Places) -> None:
    key = draw_key(2008)
    table = OrsosTable.draw(nation, default_parameter, key, 1)
    found = Federations.draw(table, default_parameter, key)
    n, share = table.working.sum(), default_parameter("coordination.federated")
    assert not np.any(found.of[~table.working] >= 0)
    assert abs((found.of >= 0).sum() - n * share) < 4.5 * np.sqrt(n * share * (1 - share))
    for name in ("home", "field"):
        own = getattr(table, name)[found.of >= 0].astype(float)
        group = found.of[found.of >= 0]
        mean = np.bincount(group, own) / found.size
        np.testing.assert_array_equal(mean[group], own)
    np.testing.assert_array_equal(np.bincount(found.of[found.of >= 0]), found.size)


@given(
    of=st.lists(st.integers(-1, 4), min_size=1, max_size=30),
    data=st.data(),
)
def test_fellows_are_those_of_sets(of: list[int], data: st.DataObject) -> None:
    """Group by group with sets; whoever was there is no fellow."""
    groups = np.array(of)
    size = np.bincount(groups[groups >= 0], minlength=5)
    chosen = data.draw(st.sets(st.integers(0, len(of) - 1)))
    guests = np.array(sorted(chosen), np.int64)
    fellows, part = Federations(groups, size).fellows(guests)
    expected = {}
    for group in range(5):
        members = set(np.flatnonzero(groups == group).tolist())
        there = members & chosen
        if there:
            expected |= dict.fromkeys(members - chosen, len(there) / len(members))
    assert dict(zip(fellows.tolist(), part.tolist(), strict=True)) == {
        number: np.float32(share) for number, share in expected.items()
    }


def test_recognised_federations_win_members_and_without_strength_nobody(
    java: Places, parameters: Parameters
) -> None:
    members = {}
    for strength in (0.0, 1.0):
        for on in (0.0, 1.0):
            own = parameters({"coordination.federation.strength": strength})
            bodies = bodies_of(java, own)
            for month in range(36):
                bodies.live(START + month, levers(2, federations=on))
            members[strength, on] = bodies.table.members.copy()
    np.testing.assert_array_equal(members[0.0, 0.0], members[0.0, 1.0])
    np.testing.assert_array_equal(members[0.0, 0.0], members[1.0, 0.0])
    assert members[1.0, 1.0].sum() > 1.05 * members[1.0, 0.0].sum()
    assert not (members[1.0, 0.0] & ~members[1.0, 1.0]).sum() > 0.02 * members[1.0, 0.0].sum()
