"""Many runs: how well two cores are used, what pairing is worth, and how long attribution takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.figures import Figure, seconds
from kesos_sim.experiments.attribution import attribute
from kesos_sim.experiments.design import Design
from kesos_sim.experiments.ensemble import ensemble
from kesos_sim.experiments.executors import Cluster, Executor, Failure, Processes, Serial
from kesos_sim.experiments.outcomes import outcomes
from kesos_sim.experiments.tables import last_year
from kesos_sim.scenario import Scenario, load_scenario

__all__ = ["executors", "pairing", "why"]

_SCENARIOS: Final = Path(__file__).parents[1] / "scenarios"
_WORKERS: Final = 2
_CASH, _COORDINATION = "sembako-naik", "sistem-kemitraan"
_POLICIES: Final = {
    _CASH: {"pairing_cash": "poverty_rate", "pairing_cash_gap": "poverty_gap"},
    _COORDINATION: {"pairing_coordination": "cases_served"},
}
"""Figures of each policy, and what they are about."""


def _loaded(name: str, households: int, months: int, region: str) -> Scenario:
    world = {"households": households, "months": months, "region": region}
    return load_scenario(_SCENARIOS / f"{name}.yaml", world)


def _live(scenarios: Iterable[Scenario], who: Executor) -> None:
    with outcomes(scenarios, who) as found:
        for _, outcome in found:
            if isinstance(outcome, Failure):
                raise outcome.error


def executors(households: int, months: int, replicates: int, region: str) -> list[Figure]:
    """Measure many runs one after the other, on two processes, and on two Dask workers.

    Parameters
    ----------
    households : int
        Simulated households of a run.
    months : int
        Months of a run.
    replicates : int
        Runs, which differ by their seed.
    region : str
        Region of the runs.

    Returns
    -------
    list of Figure
        Runs per second against twice the serial rate, start of workers included; a fifth of the
        runs are enough for the serial rate.
    """
    first = _loaded("baseline", households, months, region)

    def runs(number: int, start: int) -> list[Scenario]:
        return [replace(first, seed=first.seed + start + place) for place in range(number)]

    few = max(1, replicates // 5)
    # Worlds of another seed have to be anchored first; every side lives worlds of its own.
    _live(runs(1, 0), Serial())

    def lived(number: int, start: int, who: Executor) -> None:
        _live(runs(number, start), who)

    alone = seconds(partial(lived, few, 1, Serial())) / few
    sides: dict[str, Executor] = {
        "many_processes": Processes(_WORKERS),
        "many_dask": Cluster(most=_WORKERS),
    }
    figures = [Figure("many_serial", alone, "s")]
    for number, (name, who) in enumerate(sides.items(), start=1):
        start = number * (replicates + few)
        taken = seconds(partial(lived, replicates, start, who))
        asked = 0.7 if name == "many_processes" else 0.6
        share = alone * replicates / taken / _WORKERS
        figures.append(Figure(name, share, "share", None, "least", asked))
    return figures


def pairing(households: int, months: int, replicates: int, region: str) -> list[Figure]:
    """Measure what common random numbers are worth.

    Parameters
    ----------
    households : int
        Simulated households of a run.
    months : int
        Months of a run.
    replicates : int
        Seeds.
    region : str
        Region of the runs.

    Returns
    -------
    list of Figure
        Variance of a difference of two policies in the last year if both sides had other seeds,
        over the variance with the same: poverty rate and gap for cash, people served for
        coordination.
    """
    figures = []
    for policy, asked in _POLICIES.items():
        pair = [_loaded(name, households, months, region) for name in ("baseline", policy)]
        found = ensemble(pair, replicates, Design(()), Processes(_WORKERS))
        for name, indicator in asked.items():
            usual, other = (
                np.array([last_year(table)[0] for table in found.draws(one.name, indicator)])
                for one in pair
            )
            apart = usual.var(ddof=1) + other.var(ddof=1)
            paired = (other - usual).var(ddof=1)
            value = float(apart / paired) if paired else float(np.finfo(float).max)
            bound = ("least", 50.0) if policy == _CASH else (None, None)
            figures.append(Figure(name, value, "times", None, *bound))
    return figures


def why(households: int, months: int, region: str) -> list[Figure]:
    """Measure the attribution of all nine points: every selection of them, on two processes.

    Parameters
    ----------
    households : int
        Simulated households of a run.
    months : int
        Months of a run.
    region : str
        Region of the runs.

    Returns
    -------
    list of Figure
        Seconds in all, and runs.
    """
    today, all_points = (
        _loaded(name, households, months, region) for name in ("baseline", "semua-butir")
    )
    found = attribute(today, all_points, "points", executor=Processes(_WORKERS))
    return [
        Figure("why_nine", found.seconds, "s", None, "most", 240.0),
        Figure("why_runs", float(found.lives), "runs"),
    ]
