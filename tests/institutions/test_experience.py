"""What coordination brings and takes, and who joins and leaves because of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kesos_sim.institutions.body import STANDINGS
from kesos_sim.institutions.places import Places
from tests.institutions.test_bkkks import START, bodies_of, levers

Parameter = Callable[[str], float]
Parameters = Callable[..., Parameter]
AWAKE = {f"coordination.{what}_{name}": 0.0 for what in ("wake", "sleep") for name in STANDINGS}
AWAKE["coordination.working_start"] = 1.0
"""Every body works, in every month."""


def members_after(java: Places, parameter: Parameter, sent: int, months: int = 48) -> np.ndarray:
    """Return who is a member where each member is sent so many clients in every month."""
    bodies = bodies_of(java, parameter)
    for month in range(months):
        bodies.table.eased[:, 0] = sent * bodies.table.members
        bodies.live(START + month, levers(1))
    return bodies.table.members.copy()


def test_what_coordination_brings_wins_members_and_its_cost_loses_them(
    java: Places, parameters: Parameters
) -> None:
    none, some = (parameters(AWAKE | {"coordination.experience.strength": s}) for s in (0.0, 0.05))
    idle, alone = members_after(java, some, 0), members_after(java, none, 0)
    helped = members_after(java, some, 1)
    assert idle.sum() < 0.95 * alone.sum(), "who experiences nothing has only meetings and reports"
    assert helped.sum() > 1.05 * alone.sum(), "guests are told what members are sent"
    assert (alone & ~helped).sum() < 0.2 * (alone & ~idle).sum()


def test_without_strength_nobody_learns_anything(java: Places, parameters: Parameters) -> None:
    none = parameters(AWAKE | {"coordination.experience.strength": 0.0})
    np.testing.assert_array_equal(members_after(java, none, 3), members_after(java, none, 0))


def test_members_leave_who_are_never_sent_anybody(java: Places, parameters: Parameters) -> None:
    """By and by, where meetings no longer convince and reports are many."""
    tired = {
        "coordination.experience.strength": 0.2,
        "coordination.report_days": 1.0,
        "coordination.meeting_invites": 0.0,
    }
    bodies = bodies_of(java, parameters(AWAKE))
    for month in range(36):
        bodies.live(START + month, levers(1))
    joined = int(bodies.table.members.sum())
    later = bodies_of(java, parameters(AWAKE | tired))
    later.table.trust[:], later.table.state[:] = bodies.table.trust, bodies.table.state
    left = []
    for month in range(36):
        later.live(START + month, levers(1))
        left.append(int(later.table.members.sum()))
    assert joined > 0
    assert left == sorted(left, reverse=True)
    assert left[0] > 0.8 * joined
    assert left[-1] < 0.2 * joined
