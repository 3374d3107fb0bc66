"""Scenarios brought into one world, and compared."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kesos_sim.errors import InputError
from kesos_sim.scenario import Scenario, changed, load_scenario

if TYPE_CHECKING:
    from kesos_sim.experiments.compare import Comparison
    from kesos_sim.experiments.run import Progress

__all__ = ["compared", "in_world_of", "worlds_of"]

_WORLD: Final = ("region", "start", "months", "households", "seed", "growth", "calibration")


def in_world_of(scenario: Scenario, path: str | os.PathLike[str]) -> Scenario:
    """Read a scenario file for the region, months, sample, seed and calibration of another.

    Parameters
    ----------
    scenario : Scenario
        The scenario whose world it is.
    path : path
        The file.

    Returns
    -------
    Scenario

    Raises
    ------
    InputError
        If the file is wrong or does not fit that world.
    """
    document = {"calibration": 0} | scenario.document()
    return load_scenario(path, {name: document[name] for name in _WORLD})


def worlds_of(
    scenario: Scenario, baseline: str | os.PathLike[str], others: Sequence[Path] = ()
) -> tuple[Scenario, tuple[Scenario, ...]]:
    """Return the scenarios to compare, all in the world of the one that is edited.

    Parameters
    ----------
    scenario : Scenario
        The edited one.
    baseline : path
        Scenario file without the change.
    others : sequence of path
        Files of further packages.

    Returns
    -------
    tuple of Scenario and tuple of Scenario
        Without the change, and the packages, the edited one first. Region, months, sample and
        what is assumed about the world (parameters) are those of the edited one.

    Raises
    ------
    InputError
        If a file is wrong, does not fit that world or has the name of another package.
    """
    assumed = {f"parameters.{name}": value for name, value in scenario.parameters.items()}
    usual, *rest = (changed(in_world_of(scenario, path), assumed) for path in (baseline, *others))
    if usual.name == scenario.name:
        raise InputError(
            "KS9010",
            "planner.name_of_baseline",
            field="name",
            got=scenario.name,
            suggestion=f"{scenario.name}-baru",
        )
    return usual, (scenario, *rest)


def compared(
    baseline: Scenario,
    alternatives: Sequence[Scenario],
    draws: int,
    *,
    progress: Progress | None = None,
) -> Comparison:
    """Compare packages with the baseline, using what the user's store remembers.

    Parameters
    ----------
    baseline : Scenario
        The scenario without the change.
    alternatives : sequence of Scenario
        The packages.
    draws : int
        Paired draws behind the ranges.
    progress : callable, optional
        Told stage, steps done and steps in all.

    Returns
    -------
    Comparison
    """
    from kesos_sim.experiments.compare import compare
    from kesos_sim.experiments.store import Store

    try:
        store = Store.default()
    except InputError:  # without room to remember, the answer is computed all the same
        store = None
    return compare(baseline, alternatives, progress=progress, draws=draws, store=store)
