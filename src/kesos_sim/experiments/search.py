"""Which packages are worth looking at: settings of levers that no other ones beat in everything.

Settings are bred over generations (NSGA-II, Deb et al. 2002, by pymoo) within a budget; who is
better in one aim and worse in none stays. What is left is lived again in many worlds: how much
each package loses there against the best of them (regret), and in how many worlds it is better
than the baseline in every aim (satisficing), because a package that is best in one world may be
the wrong one in most.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.errors import InputError, nearest
from kesos_sim.experiments.aims import AIMS, COST, excess, judged, reached, signs
from kesos_sim.experiments.compare import Comparison, compare
from kesos_sim.experiments.design import Design
from kesos_sim.experiments.executors import Executor, Failure, Processes, usable_workers
from kesos_sim.experiments.outcomes import Outcome, outcomes
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.store import Store
from kesos_sim.experiments.worlds import World, pairs
from kesos_sim.scenario.coordination import rests_on_coordination, without_effect
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.parts import LeverSetting
from kesos_sim.units import Month

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.reports.charts.chart import Chart
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Package", "Search", "search"]

_WHOLE: Final = frozenset({"step", "switch"})
_SIZE: Final = 24
_GENERATIONS: Final = 8
_WORLDS: Final = 8
_DIGITS: Final = 6
_BAND: Final = (5.0, 95.0)


@dataclass(frozen=True)
class Package:
    """Settings that no other ones beat in everything.

    Attributes
    ----------
    levers : setting of each lever
    reached : what it reaches in the world as written by aim: the change of an indicator, rupiah
        per year, percentage points between provinces
    without_effect : the same if coordination did nothing; None where no lever rests on it
    low, high : range by aim, in its unit: nine of ten worlds with other parameters, widened where
        needed to hold what is reached; nan without such worlds
    regret : in the mean over the worlds, what is lost by aim against the best package of each
        world, in the unit of the aim
    satisfied : share of the worlds in which every aim but cost is better than the baseline
    """

    levers: Mapping[str, float]
    reached: Mapping[str, float]
    without_effect: Mapping[str, float] | None
    low: Mapping[str, float]
    high: Mapping[str, float]
    regret: Mapping[str, float]
    satisfied: float


@dataclass(frozen=True)
class Search:
    """What was found.

    Attributes
    ----------
    comparison : the baseline as written, for titles, sources and provenance
    aims : what was sought, some of `kesos_sim.experiments.aims.AIMS`
    budget : most rupiah a year that may be added; infinite for no limit
    own_budgets : whether no money crosses the borders of provinces
    packages : those that nothing else beats, the cheapest first
    lives : packages that were lived
    worlds : worlds behind regret and satisficing
    seconds : time taken
    """

    comparison: Comparison
    aims: tuple[str, ...]
    budget: float
    own_budgets: bool
    packages: tuple[Package, ...]
    lives: int
    worlds: int
    seconds: float

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        return self.comparison.provenance | {"seconds": self.seconds, "replicates": self.worlds + 1}

    def frame(self) -> pd.DataFrame:
        """Return the packages as a tidy frame.

        Returns
        -------
        pandas.DataFrame
            One row for each package: its number, levers, aims, aims if coordination did nothing
            (``without_effect_`` and the aim, where a lever rests on it), ends over the worlds
            (``low_``, ``high_``), regrets (``regret_`` and the aim) and ``satisfied``.
        """
        import pandas as pd

        return pd.DataFrame(
            [
                {"package": number}
                | dict(package.levers)
                | dict(package.reached)
                | {f"without_effect_{a}": v for a, v in (package.without_effect or {}).items()}
                | {f"low_{aim}": value for aim, value in package.low.items()}
                | {f"high_{aim}": value for aim, value in package.high.items()}
                | {f"regret_{aim}": value for aim, value in package.regret.items()}
                | {"satisfied": package.satisfied}
                for number, package in enumerate(self.packages, start=1)
            ]
        )

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Return what was found, in sentences."""
        from kesos_sim.reports.packages import sentences

        found: tuple[str, ...] = sentences(self, lang)
        return found

    def charts(self, lang: str = "id") -> tuple[Chart, ...]:
        """Draw every aim against cost; nothing where cost was not sought or no package is left."""
        from kesos_sim.reports.charts.front import front_chart

        others = [aim for aim in self.aims if aim != COST]
        drawn = others if self.packages and COST in self.aims else ()
        return tuple(front_chart(self, aim, lang) for aim in drawn)

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        """Write packages, charts and the baseline to a folder, all or nothing."""
        from kesos_sim.reports.packages import export_search

        return export_search(self, path, lang)


def search(
    baseline: Scenario,
    levers: Sequence[str],
    aims: Sequence[str] = AIMS,
    budget: float = float("inf"),
    start: Month | None = None,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
    *,
    own_budgets: bool = False,
    size: int = _SIZE,
    generations: int = _GENERATIONS,
    worlds: int = _WORLDS,
) -> Search:
    """Look for packages that no others beat in everything.

    Parameters
    ----------
    baseline : the scenario without any of the packages
    levers : levers whose settings are sought
    aims : some of `kesos_sim.experiments.aims.AIMS`
    budget : most rupiah a year that may be added, in the mean of the last twelve months
    start : month from which the settings hold; the one after the base month when left out
    executor : who computes; processes of this machine when left out
    store : who remembers finished runs
    progress : told what is being done
    own_budgets : let no money cross the borders of provinces: each may add its people's part of
        the budget and no more
    size : packages of a generation
    generations : their number
    worlds : worlds in which the packages that are left are lived again

    Returns
    -------
    Search

    Raises
    ------
    InputError
        If a lever or an aim is unknown.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> world = {"region": "3316", "households": 2000, "months": 2}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> small = {"size": 4, "generations": 1, "worlds": 1}
    >>> found = search(today, ["pkh_amount"], ("poverty_rate", "cost"), executor=Serial(), **small)
    >>> found.sentences("en")[0].split(",")[0]
    'Of 4 packages that were lived'
    """
    _check(levers, LEVERS, "--lever", "experiments.no_such_lever")
    _check(aims, AIMS, "--aim", "experiments.no_such_aim")
    began = time.perf_counter()
    comparison = compare(baseline, [], progress=progress, draws=0, store=store)
    who = executor or Processes(usable_workers())
    month = start or baseline.start + 1

    def scenario_of(row: NDArray[np.float64]) -> Scenario:
        settings = {
            name: LeverSetting(value, month) for name, value in _settings(levers, row).items()
        }
        root = baseline.root or baseline
        return replace(baseline, name="package", levers=dict(baseline.levers) | settings, root=root)

    (usual,) = _lived([baseline], who, store)
    total = size * generations
    rows: list[NDArray[np.float64]] = []
    values: list[NDArray[np.float64]] = []
    beyond: list[float] = []
    algorithm = _algorithm(len(levers), len(aims), size, generations, baseline.seed)
    while algorithm.has_next():
        asked = algorithm.ask()
        # In hundredths of a range, so that hardly different packages are the same.
        own = np.round(asked.get("X"), 2)
        lives = _lived([scenario_of(row) for row in own], who, store)
        figures = [life.figures for life in lives]
        got = np.array([reached(aims, one, usual.figures) for one in figures])
        over = np.array(
            [excess(one, usual.figures, budget, own_budgets=own_budgets) for one in figures]
        )
        _tell(algorithm, asked, got * signs(aims), over)
        rows += list(own)
        values += list(got)
        beyond += over.tolist()
        if progress is not None:
            progress("packages", len(rows), total)
    best = _unbeaten(np.array(rows), np.array(values) * signs(aims), np.array(beyond))
    kept = [rows[place] for place in best]
    packages = [scenario_of(row) for row in kept]
    idle = _idle(baseline, packages, aims, who, store)
    robust = _robust(baseline, packages, aims, worlds, who, store)
    found = [
        Package(
            levers=_settings(levers, rows[place]),
            reached=dict(zip(aims, values[place].tolist(), strict=True)),
            without_effect=nothing,
            low=dict(zip(aims, np.minimum(low, values[place]).tolist(), strict=True)),
            high=dict(zip(aims, np.maximum(high, values[place]).tolist(), strict=True)),
            regret=dict(zip(aims, regret.tolist(), strict=True)),
            satisfied=float(satisfied),
        )
        for place, nothing, (low, high, regret, satisfied) in zip(best, idle, robust, strict=True)
    ]
    order = aims.index(COST) if COST in aims else 0
    found.sort(key=lambda package: package.reached[aims[order]])
    return Search(
        comparison=comparison,
        aims=tuple(aims),
        budget=budget,
        own_budgets=own_budgets,
        packages=tuple(found),
        lives=len(rows),
        worlds=worlds,
        seconds=time.perf_counter() - began,
    )


def _check(asked: Sequence[str], known: Any, field: str, key: str) -> None:
    """Refuse names that nobody knows, and none at all."""
    for name in asked or ("",):
        if name not in known:
            raise InputError(
                "KS3032", key, field=field, got=name, suggestion=nearest(name, list(known))
            )


def _settings(levers: Sequence[str], row: NDArray[np.float64]) -> dict[str, float]:
    """Return settings of levers from places in their ranges, those of steps whole."""
    found = {}
    for name, share in zip(levers, row.tolist(), strict=True):
        lever = LEVERS[name]
        value = round(lever.low + share * (lever.high - lever.low), _DIGITS)
        found[name] = float(round(value)) if lever.kind in _WHOLE else value
    return found


def _lived(scenarios: Sequence[Scenario], executor: Executor, store: Store | None) -> list[Outcome]:
    """Live scenarios, each question once: outcomes in their order."""
    unique = {scenario.hash: scenario for scenario in scenarios}
    found: dict[str, Outcome] = {}
    with outcomes(unique.values(), executor, store) as lives:
        for number, life in lives:
            if isinstance(life, Failure):
                raise life.error
            found[list(unique)[number]] = life
    return [found[scenario.hash] for scenario in scenarios]


def _algorithm(levers: int, aims: int, size: int, generations: int, seed: int) -> Any:
    """Set up the breeding."""
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import Problem

    problem = Problem(n_var=levers, n_obj=aims, n_ieq_constr=1, xl=0.0, xu=1.0)
    algorithm = NSGA2(pop_size=size)
    algorithm.setup(problem, termination=("n_gen", generations), seed=seed, verbose=False)
    return algorithm


def _tell(
    algorithm: Any, asked: Any, values: NDArray[np.float64], excess: NDArray[np.float64]
) -> None:
    """Tell the breeding what its packages have reached."""
    from pymoo.core.evaluator import Evaluator
    from pymoo.problems.static import StaticProblem

    Evaluator().eval(StaticProblem(algorithm.problem, F=values, G=excess[:, None]), asked)
    algorithm.tell(infills=asked)


def _unbeaten(
    rows: NDArray[np.float64], values: NDArray[np.float64], excess: NDArray[np.float64]
) -> list[int]:
    """Return the packages within the budget that no other one beats, each setting once."""
    from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

    within = np.flatnonzero(excess <= 0.0)
    if not within.size:
        return []
    _, first = np.unique(rows[within], axis=0, return_index=True)
    within = within[np.sort(first)]
    best = NonDominatedSorting().do(values[within], only_non_dominated_front=True)
    return [int(place) for place in within[np.sort(best)]]


def _idle(
    baseline: Scenario,
    packages: Sequence[Scenario],
    aims: Sequence[str],
    executor: Executor,
    store: Store | None,
) -> list[dict[str, float] | None]:
    """Return what each package reaches by aim if coordination does nothing; None without any."""
    if not any(rests_on_coordination(one) for one in packages):
        return [None for _ in packages]
    usual, *lives = _lived([without_effect(one) for one in (baseline, *packages)], executor, store)
    return [
        dict(zip(aims, reached(aims, life.figures, usual.figures), strict=True)) for life in lives
    ]


def _robust(
    baseline: Scenario,
    packages: Sequence[Scenario],
    aims: Sequence[str],
    worlds: int,
    executor: Executor,
    store: Store | None,
) -> list[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]]:
    """Return ends over the worlds and mean regret by aim, and the share of satisfying worlds."""
    if not packages or not worlds:
        nothing = np.full(len(aims), np.nan)
        return [(nothing, nothing, nothing, float("nan")) for _ in packages]
    design, named = (
        Design(),
        [replace(one, name=f"package-{number}") for number, one in enumerate(packages)],
    )
    asked = [
        World(tuple(design.world(one, number) for one in (baseline, *named)))
        for number in range(1, worlds + 1)
    ]
    got = []
    with pairs(asked, executor, store) as lived:
        for pair in lived:
            if isinstance(pair, Failure):
                raise pair.error
            own = pair.alternatives
            got.append([reached(aims, own[one.name], pair.baseline) for one in named])
    signed = np.array(got) * signs(aims)
    regret = (signed - signed.min(axis=1, keepdims=True)).mean(axis=0)
    satisfied = (signed[:, :, judged(aims)] < 0.0).all(axis=2).mean(axis=0)
    low, high = np.percentile(np.array(got), _BAND, axis=0)
    return list(zip(low, high, regret, satisfied.tolist(), strict=True))
