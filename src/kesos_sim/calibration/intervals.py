"""Intervals of modelled figures: the same figures where chance and parameters are others.

A world of the validation has one seed and one value of each parameter. Here its figures are looked
at in further worlds, with seeds of their own and parameters drawn from their ranges; how far they
spread is how sure the model is of a figure. Backcasts are drawn from the ranges of the table, since
a calibration has read what came after their base month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim.calibration.calibrate import FREE
from kesos_sim.calibration.figures import PARTS, Figure
from kesos_sim.calibration.lives import Key, figures_of, groups, key_of, kind_of
from kesos_sim.experiments.compare import DRAW_HOUSEHOLDS
from kesos_sim.experiments.design import Design
from kesos_sim.experiments.executors import Executor, Processes, Serial, usable_workers
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.store import Store

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["VARIED", "WITHOUT", "with_intervals", "worlds"]

VARIED: Final = (
    *FREE,
    "household.propensity_to_consume",
    "household.size_score_slope",
    "programme.pkh_paid_share",
    "growth.link.shift",
    "growth.backcast_upper_gap",
    "hazard.loss",
    "hazard.loss_house",
)
"""Parameters that a world of an interval takes from their ranges: what the figures hang on."""
WITHOUT: Final = ("overlap",)
"""Parts without intervals: each of their worlds costs as much as all other parts together."""
_PATHS: Final = ("path",)
_BAND: Final = (10.0, 90.0)


def worlds(scenario: Scenario, parts: Sequence[str], draws: int) -> list[Scenario]:
    """Return the worlds behind the intervals of some parts.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    parts : sequence of str
        Some of the validation's parts.
    draws : int
        How many.

    Returns
    -------
    list of Scenario
        With at most as many households as a draw of a comparison has.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> baseline = load_scenario("scenarios/baseline.yaml")
    >>> [world.seed - baseline.seed for world in worlds(baseline, ["anchor"], 2)]
    [1, 2]
    """
    drawn_from = scenario.uncalibrated if tuple(parts) == _PATHS else scenario
    smaller = replace(drawn_from, households=min(scenario.households, DRAW_HOUSEHOLDS))
    return [Design(VARIED).world(smaller, number) for number in range(1, draws + 1)]


def with_intervals(
    scenario: Scenario,
    figures: Sequence[Figure],
    draws: int,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> tuple[Figure, ...]:
    """Add to figures where they lie in further worlds.

    Parameters
    ----------
    scenario : Scenario
        Whose world the figures are of.
    figures : sequence of Figure
        Of any parts; those of `WITHOUT` stay as they are.
    draws : int
        Number of worlds, 1 or more.
    executor : Executor, optional
        Who computes; processes of this machine when left out.
    store : Store, optional
        Who remembers finished worlds.
    progress : Progress, optional
        Told how many worlds are ready.

    Returns
    -------
    tuple of Figure
        The same with ``low`` and ``high``: the 10th to the 90th percentile of the worlds, widened
        to the figure itself. A figure that a world does not have has none.
    """
    there = {figure.part for figure in figures}
    asked = groups([part for part in PARTS if part in there and part not in WITHOUT])
    chosen = executor or Processes(usable_workers(draws))
    found: dict[Key, list[float]] = {}
    for place, parts in enumerate(asked):

        def told(stage: str, done: int, _: int, before: int = place * draws) -> None:
            if progress is not None:
                progress(stage, before + done, draws * len(asked))

        for world in figures_of(
            worlds(scenario, parts, draws),
            chosen,
            store,
            told,
            live=partial(_figures, parts=parts),
            kind=kind_of(parts),
        ):
            for key, figure in world.items():
                found.setdefault(key, []).append(figure.modelled)
    return tuple(_spread(figure, found, draws) for figure in figures)


def _figures(scenario: Scenario, parts: Sequence[str]) -> list[Figure]:
    """Return the figures of one world, on one thread of this process."""
    from kesos_sim.calibration.published import validate  # it asks for intervals itself

    return list(validate(scenario, parts, 1, executor=Serial()).figures)


def _spread(figure: Figure, found: Mapping[Key, Sequence[float]], draws: int) -> Figure:
    """Return a figure with its interval."""
    drawn = np.array(found.get(key_of(figure), ()), np.float64)
    if drawn.size < draws or not np.isfinite([figure.modelled, *drawn]).all():
        return figure
    low, high = np.percentile(drawn, _BAND)
    return replace(
        figure, low=min(float(low), figure.modelled), high=max(float(high), figure.modelled)
    )
