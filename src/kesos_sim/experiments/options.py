"""Several packages beside each other: which is best for which aim, what it costs, who loses.

All packages are lived in the same worlds as their common baseline, so that two of them can be
compared as well as each with no change. Where a package rests on coordination, the same is told of
a world in which coordination does nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.errors import InputError
from kesos_sim.experiments.compare import Comparison, compare
from kesos_sim.experiments.executors import Executor
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.sights import sights
from kesos_sim.experiments.store import Store
from kesos_sim.experiments.tables import last_year
from kesos_sim.experiments.winners import CLASSES, Sight, classes, see
from kesos_sim.experiments.worth import interval
from kesos_sim.indicators.definitions import indicator
from kesos_sim.scenario.coordination import without_effect
from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from kesos_sim.reports.charts.chart import Chart
    from kesos_sim.reports.tables import TextTable
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["AIMS", "Best", "Option", "Options", "options"]

Floats = NDArray[np.float64]
Figures = Mapping[str, Floats]

AIMS: Final = (
    "poverty_rate",
    "poverty_gap",
    "exclusion_error",
    "unmet_need_rate",
    "days_to_service",
)
DRAWS: Final = 2
_SPENT: Final = "budget_spent"
_LEAST: Final = 2
_HALF: Final = 0.5
_SAME: Final = CLASSES.index("same")


@dataclass(frozen=True)
class Option:
    """A package among others; the first world is the one of the scenarios as written.

    Attributes
    ----------
    name : name of the scenario
    change : float64[n_worlds] by aim, in the unit of the indicator, difference from no change,
        mean of the last twelve months
    cost : float64[n_worlds], rupiah a year that governments spend more
    moved : percent of people whose consumption the package raises, and lowers, by more than 0.5%
        in the last month
    without : the same change by aim if coordination did nothing; empty where the package does not
        rest on coordination
    without_cost, without_moved : likewise; NaN and None
    """

    name: str
    change: Mapping[str, Floats]
    cost: Floats
    moved: tuple[float, float]
    without: Mapping[str, float]
    without_cost: float
    without_moved: tuple[float, float] | None

    @property
    def rests(self) -> bool:
        """Whether it rests on what coordination does."""
        return bool(self.without)


@dataclass(frozen=True)
class Best:
    """The package that serves an aim best.

    Attributes
    ----------
    aim : the indicator
    package : name of the package; empty where none helps as much as could be seen
    second : name of the next one; empty where there is none that helps
    certain : whether the interval of what it changes leaves zero out; true without draws
    sure : whether the interval of its difference from the next leaves zero out; false without draws
    without : name of the best if coordination did nothing; empty where none helps
    """

    aim: str
    package: str
    second: str
    certain: bool
    sure: bool
    without: str


@dataclass(frozen=True)
class Options:
    """Several packages beside each other.

    Attributes
    ----------
    comparison : all packages against the common baseline
    options : the packages, in the order asked for
    aims : indicators that they are judged by
    seconds : time taken
    """

    comparison: Comparison
    options: tuple[Option, ...]
    aims: tuple[str, ...]
    seconds: float

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        return self.comparison.provenance | {"seconds": self.seconds}

    def best(self, aim: str) -> Best:
        """Return which package serves an aim best.

        Parameters
        ----------
        aim : one of the aims

        Returns
        -------
        Best
        """
        sense = sense_of(aim)
        helping = [one for one in self.options if helps(aim, float(one.change[aim][0]))]
        order = sorted(helping, key=lambda one: -sense * float(one.change[aim][0]))
        idle = {one.name: one.without.get(aim, float(one.change[aim][0])) for one in self.options}
        weak = [name for name, value in idle.items() if helps(aim, value)]
        first, second = (order[place] if len(order) > place else None for place in (0, 1))
        certain, sure = True, False
        if first is not None:
            certain = not interval(sense * first.change[aim])[0] <= 0.0
        if first is not None and second is not None:
            sure = interval(sense * (first.change[aim] - second.change[aim]))[0] > 0.0
        return Best(
            aim=aim,
            package=first.name if first else "",
            second=second.name if second else "",
            certain=certain,
            sure=sure,
            without=max(weak, key=lambda name: sense * idle[name]) if weak else "",
        )

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Say which package is best for which aim, what it costs and who loses."""
        from kesos_sim.reports.measures import options as told

        return told.sentences(self, lang)

    def charts(self, lang: str = "id") -> tuple[Chart, ...]:
        """Draw the packages with their ranges, one chart for each aim."""
        from kesos_sim.reports.measures import options_chart as told

        return told.charts(self, lang)

    def tables(self, lang: str = "id") -> tuple[TextTable, ...]:
        """List packages by aim, and the best for each aim."""
        from kesos_sim.reports.measures import options as told

        return told.tables(self, lang)


def sense_of(aim: str) -> float:
    """Return 1 for an indicator that is better when higher, -1 for others."""
    return 1.0 if indicator(aim).direction == "higher" else -1.0


def helps(aim: str, change: float) -> bool:
    """Return whether a change is an improvement that a table would show.

    Parameters
    ----------
    aim : the indicator
    change : difference from no change, in its unit; NaN is none

    Returns
    -------
    bool
    """
    return sense_of(aim) * change >= _HALF * 10.0 ** -indicator(aim).decimals


def options(
    baseline: Scenario,
    packages: Sequence[Scenario],
    aims: Sequence[str] = AIMS,
    draws: int = DRAWS,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> Options:
    """Put several packages beside each other.

    Parameters
    ----------
    baseline : the scenario without any of them
    packages : two or more scenarios of the same world
    aims : names of indicators that have a better direction
    draws : further worlds behind the intervals; 0 for none
    executor : who lives them; processes of this machine when left out
    store : who remembers finished runs
    progress : told what is being done

    Returns
    -------
    Options

    Raises
    ------
    InputError
        If there are fewer than two packages, an aim has no better direction, the scenarios are
        not of one world or have one name, or the run is shorter than a year.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> world = {"region": "3316", "households": 2000, "months": 12}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> early = {"levers.apbd_poverty_share.from": "2024-04"}
    >>> more = load_scenario("scenarios/apbd-10.yaml", world | early)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> options(today, [bare, more], ["poverty_rate"], 0, Serial()).best("poverty_rate").package
    'apbd-10'
    """
    _check(baseline, packages, aims)
    began = time.perf_counter()
    comparison = compare(
        baseline, packages, progress=progress, draws=draws, executor=executor, store=store
    )
    order = (baseline, *packages)
    weak = comparison.without_effect
    guessed = [one for one in packages if weak is not None and one.name in weak.alternatives]
    idle = [without_effect(one) for one in ((baseline, *guessed) if guessed else ())]
    _, seen = sights((*order, *idle), see, executor, progress)
    moved = _moved(seen[: len(order)], packages)
    resting = _moved(seen[len(order) :], guessed) if guessed else {}
    return Options(
        comparison=comparison,
        options=tuple(
            _option(one.name, comparison, moved[one.name], resting.get(one.name), aims)
            for one in packages
        ),
        aims=tuple(aims),
        seconds=time.perf_counter() - began,
    )


def _check(baseline: Scenario, packages: Sequence[Scenario], aims: Sequence[str]) -> None:
    """Refuse what cannot be set beside each other."""
    if len(packages) < _LEAST:
        raise InputError(
            "KS9150", "planner_plans.two_packages", field="packages", got=len(packages)
        )
    for name in aims:
        if indicator(name).direction not in {"higher", "lower"}:
            raise InputError("KS9151", "planner_plans.no_direction", field="aims", got=name)
    if baseline.months < MONTHS_PER_YEAR:
        raise InputError("KS8003", "measures.too_short", file=baseline.name, got=baseline.months)


def _moved(
    seen: Sequence[Sight], packages: Sequence[Scenario]
) -> Mapping[str, tuple[float, float]]:
    """Return percent of people who gain and who lose by package; the first sight is no change."""
    found = {}
    for scenario, sight in zip(packages, seen[1:], strict=True):
        usual = seen[0]
        change = classes(usual.welfare, sight.welfare)
        people = np.bincount(change, usual.people, len(CLASSES))
        shares = 100.0 * people / people.sum()
        found[scenario.name] = float(shares[:_SAME].sum()), float(shares[_SAME + 1 :].sum())
    return found


def _option(
    name: str,
    comparison: Comparison,
    moved: tuple[float, float],
    resting: tuple[float, float] | None,
    aims: Sequence[str],
) -> Option:
    """Return what a package does."""
    run = next(one for one in comparison.alternatives if one.scenario.name == name)
    worlds: list[tuple[Figures, Figures]] = [(comparison.baseline.figures, run.figures)]
    worlds += [(pair.baseline, pair.alternatives[name]) for pair in comparison.pairs]
    weak, idle = comparison.without_effect, {}
    without_cost = float("nan")
    if weak is not None and resting is not None:
        world = [(weak.baseline, weak.alternatives[name])]
        idle = {aim: float(_changes(world, aim)[0]) for aim in aims}
        without_cost = float(MONTHS_PER_YEAR * _changes(world, _SPENT)[0])
    return Option(
        name=name,
        change={aim: _changes(worlds, aim) for aim in aims},
        cost=MONTHS_PER_YEAR * _changes(worlds, _SPENT),
        moved=moved,
        without=idle,
        without_cost=without_cost,
        without_moved=resting,
    )


def _changes(worlds: Sequence[tuple[Figures, Figures]], name: str) -> Floats:
    """Return the change of an indicator of the whole region in the last year, world by world.

    float64[n_worlds], in the unit of the indicator, NaN where a world does not have it.
    """
    return np.array(
        [
            last_year(own[name])[0] - last_year(usual[name])[0]
            if name in usual and name in own
            else np.nan
            for usual, own in worlds
        ]
    )
