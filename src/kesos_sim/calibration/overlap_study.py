"""How much overlap follows from search and capacity, beside the one figure that is named for it.

No rate of doubled help is in the model: it follows from how organisations look for people and how
many places they have. Its level is therefore a range over the parameters that the worlds of every
band draw from their ranges. The figure beside it is of humanitarian aid, of weak standing, and no
table holds it; nothing is fitted to it and nothing is judged by it.

Relief after disasters is looked at in the same way: visits to people whom another team had helped,
beside the rows of a volunteer desk that an automatic check took for doubled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.calibration.figures import Figure
from kesos_sim.data import read_table
from kesos_sim.experiments.design import Design
from kesos_sim.institutions.relief import Relief
from kesos_sim.model.observer import region_code

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["NAMED", "SOURCE", "WORLDS", "overlap_figures", "overlap_levels", "relief_levels"]

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
_RELIEF_MONTHS: Final = 120
"""Disasters are rare and uneven: visits of ten years are taken together."""
_DESK: Final = "volunteer_desk_duplicate_rows"
_DESK_ROWS: Final = 1000.0
"""Rows of the desk, about, as the note of its figure says."""


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

    calm = _calm(scenario)
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


def _calm(scenario: Scenario) -> Scenario:
    """Return a year of the scenario's baseline with not too many households."""
    households = min(scenario.households, _MOST)
    return replace(scenario.anchor, months=_MONTHS, root=None, households=households)


def relief_levels(scenario: Scenario, threads: int = 1) -> NDArray[np.float64]:
    """Answer ten years of disasters of a scenario's region without task forces and with them.

    Parameters
    ----------
    scenario, threads
        As in `overlap_levels`.

    Returns
    -------
    float64[2], percent of the visits of the first days, to people whom another team had reached
    """
    from kesos_sim.model.opening import open_model

    model = open_model(_calm(scenario), threads)
    rates, key, levels = model.parts.hazards.rates, int(model.world.key), np.zeros(2)
    for number in range(levels.size):
        relief = Relief(model.places, scenario.parameter, rates.usual)
        awake = np.full(model.places.codes.size, number > 0)
        visits = doubled = 0
        for month in range(_RELIEF_MONTHS):
            relief.replenish(model.lever)
            _, people, houses = rates.draw(key, model.first + month)
            found = relief.respond(people, houses, awake, model.lever)
            visits, doubled = visits + found.visits.sum(), doubled + found.doubled.sum()
        levels[number] = 100.0 * doubled / max(visits, 1)
    return levels


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
        worlds, then of relief without task forces and with them; none is judged.
    """
    levels = overlap_levels(scenario, threads, worlds, told)
    low, high = np.percentile(levels[1:], _BAND)
    alone, listed = relief_levels(scenario, threads)
    desk = read_table("disaster_response").where(fact=_DESK)
    rows = 100.0 * float(desk["value"][0]) / _DESK_ROWS
    said = (
        ("doubled_help", "overlap_own", NAMED, levels[0], SOURCE),
        ("doubled_help", "overlap_low", np.nan, low, SOURCE),
        ("doubled_help", "overlap_high", np.nan, high, SOURCE),
        ("doubled_relief", "relief_alone", rows, alone, f"disaster_response: {_DESK}"),
        ("doubled_relief", "relief_listed", np.nan, listed, f"disaster_response: {_DESK}"),
    )
    return tuple(
        Figure(
            "overlap",
            "region",
            region_code(scenario),
            measure,
            (detail,),
            published,
            float(level),
            "percent",
            "D",
            "shown",
            source,
        )
        for measure, detail, published, level, source in said
    )
