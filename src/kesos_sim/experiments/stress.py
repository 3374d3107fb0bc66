"""The same package in other futures: where it still helps, where it helps less, where it fails.

In each future baseline and package are lived with the same random numbers, so that the difference
is what the package does there. Its interval is over worlds whose uncertain parameters and seed
differ; the worlds are the same ones in every future.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim.errors import InputError, nearest
from kesos_sim.experiments.compare import Comparison, check_worlds
from kesos_sim.experiments.design import Design
from kesos_sim.experiments.executors import Executor, Failure, Processes, usable_workers
from kesos_sim.experiments.futures import FUTURES, Fact
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.sights import sights
from kesos_sim.experiments.store import Store
from kesos_sim.experiments.tables import last_year
from kesos_sim.experiments.worlds import Pair, World, pairs
from kesos_sim.experiments.worth import interval
from kesos_sim.indicators.definitions import indicator
from kesos_sim.scenario.coordination import rests_on_coordination
from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.reports.charts.chart import Chart
    from kesos_sim.reports.tables import TextTable
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["INDICATORS", "VERDICTS", "Cell", "Stress", "stress"]

INDICATORS: Final = ("poverty_rate", "poverty_gap", "exclusion_error", "unmet_need_rate")
VERDICTS: Final = ("holds", "weaker", "unsure", "fails", "never")
"""Helps; helps less than half as much as usual; the interval reaches across zero; helps no more;
did not help in the usual future either."""
USUAL: Final = "usual"
_IDLE: Final = "no_coordination"
DRAWS: Final = 2
_HALF: Final = 0.5


@dataclass(frozen=True)
class Cell:
    """What the package does to an indicator in a future.

    Attributes
    ----------
    future, indicator : names
    baseline, value : means of the last twelve months without and with the package
    difference : of the scenarios as written, in the unit of the indicator
    low, high : 10th and 90th percentile over the worlds; NaN without draws
    verdict : one of `VERDICTS`
    """

    future: str
    indicator: str
    baseline: float
    value: float
    difference: float
    low: float
    high: float
    verdict: str


@dataclass(frozen=True)
class Stress:
    """A package in several futures.

    Attributes
    ----------
    comparison : the package against the baseline in the usual future
    cells : one for each indicator and future
    facts : numbers behind each future
    draws : worlds behind the intervals, beside the scenarios as written
    seconds : time taken
    """

    comparison: Comparison
    cells: tuple[Cell, ...]
    facts: Mapping[str, tuple[Fact, ...]]
    draws: int
    seconds: float

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        own = {"seconds": self.seconds, "replicates": self.draws + 1}
        return self.comparison.provenance | own

    @property
    def futures(self) -> tuple[str, ...]:
        """The futures, in the order asked for."""
        return tuple(self.facts)

    def of(self, name: str) -> dict[str, Cell]:
        """Return the cells of an indicator by future."""
        return {cell.future: cell for cell in self.cells if cell.indicator == name}

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Say under which conditions the package fails."""
        from kesos_sim.reports.measures import stress as told

        return told.sentences(self, lang)

    def charts(self, lang: str = "id") -> tuple[Chart, ...]:
        """Draw what the package does in every future."""
        from kesos_sim.reports.measures import stress as told

        return told.charts(self, lang)

    def tables(self, lang: str = "id") -> tuple[TextTable, ...]:
        """List indicators by future, and the numbers behind the futures."""
        from kesos_sim.reports.measures import stress as told

        return told.tables(self, lang)


def stress(
    baseline: Scenario,
    package: Scenario,
    futures: Sequence[str] = tuple(FUTURES),
    indicators: Sequence[str] = INDICATORS,
    draws: int = DRAWS,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> Stress:
    """Put a package to the test in several futures.

    Parameters
    ----------
    baseline : the scenario without the package
    package : the scenario with it
    futures : names of `FUTURES`; the usual one is added in front if it is missing, and the one
        without coordination at the end where the package rests on that
    indicators : names of indicators, means of the last twelve months
    draws : worlds behind the intervals; 0 for no interval
    executor : who lives them; processes of this machine when left out
    store : who remembers finished runs
    progress : told what is being done

    Returns
    -------
    Stress

    Raises
    ------
    InputError
        If a future is not known, the scenarios are not of one world or shorter than a year.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> world = {"region": "3316", "households": 2000, "months": 12}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> early = {"levers.apbd_poverty_share.from": "2024-04"}
    >>> more = load_scenario("scenarios/apbd-10.yaml", world | early)
    >>> found = stress(today, more, ["prices"], ["poverty_rate"], 0, Serial())
    >>> found.futures
    ('usual', 'prices')
    >>> all(cell.difference < 0.0 for cell in found.of("poverty_rate").values())
    True
    """
    check_worlds(baseline, [package])
    for name in futures:
        if name not in FUTURES:
            raise InputError(
                "KS8010",
                "measures.unknown_future",
                field="futures",
                got=name,
                expected=", ".join(FUTURES),
                suggestion=nearest(name, FUTURES),
            )
    if baseline.months < MONTHS_PER_YEAR:
        raise InputError("KS8003", "measures.too_short", file=baseline.name, got=baseline.months)
    began = time.perf_counter()
    beside = (_IDLE,) if rests_on_coordination(package) else ()
    chosen = list(dict.fromkeys((USUAL, *futures, *beside)))
    comparison, _ = sights((baseline, package), _nothing, executor, progress)
    design = Design()
    worlds = [
        World(tuple(design.world(one, number) if number else one for one in both))
        for name in chosen
        for both in [tuple(FUTURES[name].change(one) for one in (baseline, package))]
        for number in range(draws + 1)
    ]
    found: list[Pair] = []
    who = executor or Processes(usable_workers(len(worlds)))
    with pairs(worlds, who, store) as computed:
        for number, pair in enumerate(computed, start=1):
            if isinstance(pair, Failure):
                raise pair.error
            found.append(pair)
            if progress is not None:
                progress("worlds", number, len(worlds))
    by_future = {
        name: found[place * (draws + 1) : (place + 1) * (draws + 1)]
        for place, name in enumerate(chosen)
    }
    return Stress(
        comparison=comparison,
        cells=tuple(_cells(by_future, package.name, indicators)),
        facts={name: FUTURES[name].facts(baseline) for name in chosen},
        draws=draws,
        seconds=time.perf_counter() - began,
    )


def _nothing(model: WelfareModel) -> None:
    """Look at nothing: figures are enough."""


def _cells(
    by_future: Mapping[str, Sequence[Pair]], package: str, names: Sequence[str]
) -> Iterator[Cell]:
    """Yield what the package does to every indicator in every future."""
    for name in names:
        usual = 0.0
        for future, worlds in by_future.items():
            before, after = (
                np.array([last_year(table[name])[0] for table in tables])
                for tables in (
                    [pair.baseline for pair in worlds],
                    [pair.alternatives[package] for pair in worlds],
                )
            )
            change = after - before
            low, high = interval(change)
            if future == USUAL:
                usual = float(change[0])
            yield Cell(
                future=future,
                indicator=name,
                baseline=float(before[0]),
                value=float(after[0]),
                difference=float(change[0]),
                low=low,
                high=high,
                verdict=verdict(name, float(change[0]), (low, high), usual),
            )


def verdict(name: str, difference: float, ends: tuple[float, float], usual: float) -> str:
    """Return how well a package does in a future.

    Parameters
    ----------
    name : the indicator
    difference : what the package changes in this future
    ends : its interval; NaN where there is none
    usual : what it changes in the usual future

    Returns
    -------
    str
        One of `VERDICTS`.
    """
    known = indicator(name)
    sense = 1.0 if known.direction == "higher" else -1.0
    gain, worst = sense * difference, min(sense * end for end in ends)
    # Half a unit of the last digit of a table: what nobody would see.
    least = _HALF * 10.0**-known.decimals
    if not np.isfinite(gain) or not sense * usual >= least:
        return "never"
    if gain < least:
        return "fails"
    if worst <= 0.0:
        return "unsure"
    return "weaker" if gain < _HALF * sense * usual else "holds"
