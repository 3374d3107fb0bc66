"""Anchoring: the world that stands still reproduces the published base month.

Published figures already contain today's programmes, shocks and savings. So the
distribution before help is solved: the baseline runs through a burn-in, its
distribution after help is compared with the published one rank by rank, the
difference goes into the distribution before help, and the burn-in is repeated.
At the end each stratum's place in its cell is set so that the realised sample
of the base month shows the published poverty rate of its district.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kesos_sim.model.model import WelfareModel
from kesos_sim.model.month import SERVICES
from kesos_sim.model.sample_fit import (
    base_welfare,
    correct,
    match_moments,
    move_places,
    person_weights,
    refresh,
)
from kesos_sim.model.sample_places import nearest_steps, nudge_households, stratum_steps
from kesos_sim.model.world import World

__all__ = ["Anchor", "settle", "solve"]

_ROUNDS = 3
"""Burn-ins: the third changes P0 of a province by less than 0.01 points."""
_INNER = 5
_POLISH = 4
_NUDGES = 10
_MATCHES = 4


@dataclass(frozen=True)
class Anchor:
    """What makes a world reproduce its base month.

    Attributes
    ----------
    burn_log_before : float64[n_cells, n_rank], log ratio, before help, used in the burn-in
    burn_shift : float32[n_strata], normal score, places used in the burn-in
    log_before : float64[n_cells, n_rank], log ratio, before help, from the base month on
    shift : float32[n_strata], normal score, places from the base month on
    nudged : int64[n_nudged], household, those at the line that were moved
    permanent : float32[n_nudged], normal score, their permanent part from the base month on
    """

    burn_log_before: NDArray[np.float64]
    burn_shift: NDArray[np.float32]
    log_before: NDArray[np.float64]
    shift: NDArray[np.float32]
    nudged: NDArray[np.int64]
    permanent: NDArray[np.float32]


def solve(start: Callable[[], WelfareModel]) -> tuple[Anchor, WelfareModel]:
    """Solve the distribution before help.

    Parameters
    ----------
    start : makes a model that has yet to live its burn-in

    Returns
    -------
    tuple of Anchor and WelfareModel
        The anchor, and the model in its base month, before help, with the anchor applied.
    """
    model = start()
    log_before, shift = model.world.log_before.copy(), model.world.shift.copy()
    for number in range(_ROUNDS):
        if number > 0:
            model = start()
        burn = (log_before.copy(), shift.copy())
        model.world.log_before, model.world.shift = log_before.copy(), shift.copy()
        # Services hardly move the distribution, so only the last burn-in has them.
        model.burn_in(() if number == _ROUNDS - 1 else SERVICES)
        settle_distribution(model.world)
        log_before, shift = model.world.log_before, model.world.shift
    world = model.world
    drawn = world.households.permanent.copy()
    polish(world)
    nudged = np.flatnonzero(drawn != world.households.permanent)
    anchor = Anchor(
        *burn,
        world.log_before.copy(),
        world.shift.copy(),
        nudged,
        world.households.permanent[nudged],
    )
    return anchor, model


def settle(anchor: Anchor, model: WelfareModel) -> WelfareModel:
    """Apply a stored anchor: burn in, then take the base month's tables."""
    world = model.world
    world.log_before, world.shift = anchor.burn_log_before.copy(), anchor.burn_shift.copy()
    model.burn_in()
    world.log_before, world.shift = anchor.log_before.copy(), anchor.shift.copy()
    world.households.permanent[anchor.nudged] = anchor.permanent
    refresh(world)
    return model


def settle_distribution(world: World) -> None:
    """Move places and the distribution before help until the base month is as published."""
    persons = person_weights(world)
    for _ in range(_INNER):
        refresh(world)
        welfare = base_welfare(world)
        correct(world, welfare, persons)
        move_places(world, stratum_steps(world, welfare, persons))
    refresh(world)


def polish(world: World) -> None:
    """Meet the figures of the realised sample: moments of cells and rates of districts.

    The two pull at each other through the ranks, so they take turns; then single
    households at the line are moved until every district shows its rate.
    """
    persons = person_weights(world)
    for _ in range(_POLISH):
        move_places(world, nearest_steps(world, persons))
        refresh(world)
        match_moments(world, persons)
    for turn in range(_NUDGES):
        if turn < _MATCHES:
            match_moments(world, persons)
            refresh(world)
        moved = nudge_households(world, persons)
        refresh(world)
        if moved == 0 and turn >= _MATCHES:
            break
