"""Provinces that the link to growth has not seen, beside what was published of them later.

In turn three provinces are left out: what growth follows is fitted on everything that was known in
the base month and on the later surveys of all other provinces. Every province then lives with the
link that was fitted without it. This asks whether the model carries over to places; the backcasts
of `kesos_sim.calibration.paths` ask whether it carries over to later years.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim.calibration.figures import Figure
from kesos_sim.calibration.paths import FORECASTS, LAST_YEAR, backcast, errors, path_of
from kesos_sim.experiments.executors import Executor, Failure, Serial
from kesos_sim.experiments.outcomes import Outcome, outcome_of
from kesos_sim.experiments.remembered import Answer, lives
from kesos_sim.experiments.run import living
from kesos_sim.experiments.store import Store
from kesos_sim.model.opening import open_model
from kesos_sim.population.growth import GrowthPaths, growth_paths
from kesos_sim.population.known import SURVEY_MONTH, KnownUntil
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["BASE", "folds", "left_out_figures"]

BASE: Final = 2019
_OUT: Final = 3
_MEASURE, _ERROR, _KIND = "left_out_path", "left_out_error", "left_out"


def folds(provinces: Sequence[int]) -> list[frozenset[int]]:
    """Deal provinces out.

    Parameters
    ----------
    provinces : sequence of int
        BPS codes.

    Returns
    -------
    list of frozenset of int
        At most three in each; neighbours in the order of codes are in different ones.
    """
    ordered = sorted(set(provinces))
    number = -(-len(ordered) // _OUT)
    return [frozenset(ordered[first::number]) for first in range(number)]


def left_out_figures(
    scenario: Scenario, executor: Executor | None = None, store: Store | None = None
) -> list[Figure]:
    """Let each province of a region live with a link that was fitted without it.

    Parameters
    ----------
    scenario : Scenario
        Region, seed and sample size.
    executor : Executor, optional
        Who computes; this process when left out.
    store : Store, optional
        Who remembers finished runs.

    Returns
    -------
    list of Figure
        The poverty rate of every province in every later March that is published, and the mean
        absolute error in the last of them beside that of no change.
    """
    answer = Answer(_KIND, _live, Outcome.write, Outcome.read, lambda life: life.seconds)
    with lives([backcast(scenario, BASE)], executor or Serial(), store, answer) as ready:
        ((_, life),) = ready
    if isinstance(life, Failure):
        raise life.error
    own = [replace(figure, measure=_MEASURE) for figure in path_of(BASE, life, "poverty_path")]
    last = [figure for figure in own if figure.detail[1] == LAST_YEAR]
    return own + [
        replace(figure, measure=_ERROR)
        for figure in errors(BASE, last)
        if figure.detail[1] == FORECASTS[0]
    ]


def _live(scenario: Scenario) -> Outcome:
    """Live a backcast in which no province's link has seen the province."""
    began = time.perf_counter()
    model = open_model(scenario, 1)
    model.growth = _without_own(model)
    for _ in living(model):
        pass
    return outcome_of(model, time.perf_counter() - began)


def _without_own(model: WelfareModel) -> GrowthPaths:
    """Return growth in which each province follows the link that was fitted without it."""
    scenario, cells = model.scenario, model.world.targets.cells
    until = Month(LAST_YEAR, SURVEY_MONTH)
    growth = model.growth
    level = growth.level.copy()
    for out in folds(cells.province.tolist()):
        fitted = growth_paths(
            cells.province,
            cells.area,
            cells.rank,
            scenario.start,
            scenario.months,
            scenario.growth,
            scenario.parameter,
            KnownUntil(scenario.start, until, out),
        )
        own = np.isin(cells.province, list(out))
        level[:, own] = fitted.level[:, own]
    return replace(growth, level=level)
