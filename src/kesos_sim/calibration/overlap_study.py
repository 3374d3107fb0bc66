"""How much overlap follows from search and capacity, beside the one figure that is named for it.

No rate of doubled help is in the model: it follows from how organisations look for people and how
many places they have. Its level is therefore a range over the parameters that the worlds of every
band draw from their ranges. The figure beside it is of humanitarian aid, of weak standing, and no
table holds it; nothing is fitted to it and nothing is judged by it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.calibration.figures import Figure
from kesos_sim.experiments.design import Design

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["NAMED", "SOURCE", "WORLDS", "overlap_figures", "overlap_levels"]

NAMED: Final = 16.0
"""Percent of humanitarian aid that is doubled, as the questions put to this model name it."""
SOURCE: Final = (
    "no source: named only in the questions put to this model (about 16 percent of humanitarian "
    "aid, of weak standing); no data table holds it"
)
"""Where the figure comes from."""
WORLDS: Final = 8
_MEASURE: Final = "duplicate_service_rate"
_MONTHS: Final = 12
_MOST: Final = 10_000
_BAND: Final = (10.0, 90.0)


def _nobody(done: int, total: int) -> None:
    """Tell nobody."""


def overlap_levels(
    scenario: Scenario,
    threads: int = 1,
    worlds: int = WORLDS,
    told: Callable[[int, int], None] = _nobody,
) -> NDArray[np.float64]:
    """Live a scenario's baseline for a year with its parameters and in drawn worlds.

    Parameters
    ----------
    scenario : Scenario
        Its region, base month, parameters and seed are used; nothing that it decides is.
    threads : int
        Threads of the kernels; they change nothing.
    worlds : int
        Worlds whose parameters are drawn from their ranges.
    told : callable
        Told the lives that are done and all of them.

    Returns
    -------
    float64[n_worlds + 1], doubled services per hundred people served, mean of the year; the
        scenario's own parameters first
    """
    from kesos_sim.model.opening import open_model

    calm = replace(
        scenario.anchor,
        months=_MONTHS,
        root=None,
        households=min(scenario.households, _MOST),
    )
    lives = [calm, *(Design().world(calm, number) for number in range(1, worlds + 1))]
    levels = []
    for number, one in enumerate(lives):
        told(number, len(lives))
        model = open_model(one, threads)
        for _ in range(_MONTHS):
            model.step()
        if model.observer is None:
            raise ValueError("a model that is opened for a life has an observer")
        values = model.observer.values(model.world.reference_line)[_MEASURE]
        levels.append(float(values[1:, 0].mean()))
    return np.array(levels, np.float64)


def overlap_figures(
    scenario: Scenario,
    threads: int = 1,
    worlds: int = WORLDS,
    told: Callable[[int, int], None] = _nobody,
) -> tuple[Figure, ...]:
    """Put the model's level of overlap and its range beside the figure that is named for it.

    Parameters
    ----------
    scenario, threads, worlds, told
        As in `overlap_levels`.

    Returns
    -------
    tuple of Figure
        With the scenario's parameters, then the tenth and the ninetieth percentile of the drawn
        worlds; none is judged.
    """
    levels = overlap_levels(scenario, threads, worlds, told)
    low, high = np.percentile(levels[1:], _BAND)
    region = scenario.region
    place = region if isinstance(region, str) else ", ".join(map(str, region))
    said = (("own", NAMED, levels[0]), ("low", np.nan, low), ("high", np.nan, high))
    return tuple(
        Figure(
            "overlap",
            "region",
            place,
            "doubled_help",
            (f"overlap_{detail}",),
            published,
            float(level),
            "percent",
            "D",
            "shown",
            SOURCE,
        )
        for detail, published, level in said
    )
