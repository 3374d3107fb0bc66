"""Lives that are looked at when they end: what their arrays say beside the usual figures.

A look is a function of a model that has lived to the end of its scenario. It is taken in the
process that lived it, so that only what was seen travels.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from kesos_sim import i18n
from kesos_sim.experiments.compare import Comparison, check_worlds
from kesos_sim.experiments.executors import Executor, in_parallel
from kesos_sim.experiments.run import Progress, Run, lived, read
from kesos_sim.experiments.worlds import against
from kesos_sim.scenario.coordination import rests_on_coordination, without_effect

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["pair_of", "sights"]

Seen = TypeVar("Seen")
Look = Callable[["WelfareModel"], Seen]


def pair_of(baseline: Scenario, package: Scenario) -> tuple[Scenario, ...]:
    """Return the lives that show what a package does, with coordination as assumed and idle.

    Parameters
    ----------
    baseline : the scenario without the package
    package : the scenario with it

    Returns
    -------
    tuple of Scenario
        Baseline and package; where the package rests on coordination, both again in a world in
        which coordination changes nothing, with titles that say so.

    Raises
    ------
    InputError
        If the two are not of one world.
    """
    check_worlds(baseline, [package])
    both = (baseline, package)
    if not rests_on_coordination(package):
        return both
    return (*both, *map(_idle, both))


def _idle(scenario: Scenario) -> Scenario:
    """Return a scenario in which coordination changes nothing, named so."""
    titles = {
        lang: i18n.text("scenario.idle_coordination", lang, title=title)
        for lang, title in scenario.title.items()
    }
    return replace(without_effect(scenario), title=titles)


def sights(
    scenarios: Sequence[Scenario],
    look: Look[Seen],
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Comparison, tuple[Seen, ...]]:
    """Live scenarios to their end and look at each.

    Parameters
    ----------
    scenarios : the baseline first, then the package, then others
    look : a function of a module, so that another process finds it
    executor : who lives them; processes of this machine when left out
    progress : told what is being done

    Returns
    -------
    tuple of Comparison and tuple
        The package against the baseline, without draws; what was seen of each scenario.
    """
    began = time.perf_counter()
    runs: list[Run] = []
    seen: list[Seen] = []
    with in_parallel(_life, [(one, look) for one in scenarios], executor) as found:
        for number, (run, sight) in enumerate(found, start=1):
            runs.append(run)
            seen.append(sight)
            if progress is not None:
                progress("runs", number, len(scenarios))
    first, package = runs[:2]
    comparison = Comparison(
        baseline=first,
        alternatives=(against(package, first),),
        pairs=(),
        without_effect=None,
        seconds=time.perf_counter() - began,
        created=dt.datetime.now(dt.UTC),
    )
    return comparison, tuple(seen)


def _life(scenario: Scenario, look: Look[Seen]) -> tuple[Run, Seen]:
    """Live a scenario and look at it."""
    began = time.perf_counter()
    model = lived(scenario, 1)
    return read(model, time.perf_counter() - began), look(model)
