"""Ensembles: scenarios in many worlds, how far the answers lie apart, and how sure that is.

The first scenario is the baseline of the others; each world lives all of them with the same random
numbers, so that in a difference only the decision is left. Every world counts the same, and which
ones count depends on how many were asked for, never on which was ready first.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from kesos_sim.errors import InputError
from kesos_sim.experiments.compare import Comparison, check_worlds
from kesos_sim.experiments.design import Design
from kesos_sim.experiments.executors import Executor, Failure, Processes, usable_workers
from kesos_sim.experiments.run import Progress, Run, run
from kesos_sim.experiments.store import Store
from kesos_sim.experiments.tables import joined, shown_regions
from kesos_sim.experiments.worlds import Pair, World, against, pairs
from kesos_sim.indicators.definitions import indicator
from kesos_sim.scenario.coordination import rests_on_coordination, without_effect

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.scenario.scenario import Scenario

__all__ = ["MOST", "Ensemble", "Lost", "ensemble", "needed"]

MOST: Final = 100_000
"""Most worlds of an ensemble."""
REPLICATES: Final = 32
_BAND: Final = (10.0, 90.0)
_SURE: Final = 0.95
_TABLED: Final = 2000


@dataclass(frozen=True)
class Lost:
    """A world that has no answer.

    Attributes
    ----------
    number : number of the world, from 1
    cause : the error in one line
    """

    number: int
    cause: str


@dataclass(frozen=True)
class Ensemble:
    """Scenarios in many worlds.

    Attributes
    ----------
    runs : each scenario as written, the baseline first
    pairs : the worlds that have an answer
    lost : those that have none
    without_effect : the scenarios as written if coordination did nothing; None where no alternative
        rests on coordination
    seconds : time taken
    created : when it was computed, UTC
    """

    runs: tuple[Run, ...]
    pairs: tuple[Pair, ...]
    lost: tuple[Lost, ...]
    without_effect: Pair | None
    seconds: float
    created: dt.datetime

    @cached_property
    def comparison(self) -> Comparison:
        """The same worlds as a comparison, for its charts, sentences and pages."""
        first, *others = self.runs
        return Comparison(
            baseline=first,
            alternatives=tuple(others),
            pairs=self.pairs,
            without_effect=self.without_effect,
            seconds=self.seconds,
            created=self.created,
        )

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        return self.comparison.provenance

    def frame(self) -> pd.DataFrame:
        """Return the ensemble as a tidy frame.

        Returns
        -------
        pandas.DataFrame
            One row for each scenario, month, region (the whole and its provinces) and indicator.
            ``mean`` over the worlds with ``low`` and ``high`` (10th and 90th percentile);
            ``difference`` from the baseline, its mean, with ``low_difference`` and
            ``high_difference``, its standard ``error``, and ``needed``, the worlds after which
            its sign can be told with 95% confidence if it stays what it is (missing where there
            is no baseline or no difference); ``replicates``; ``unit``.
        """
        return self._frame

    @cached_property
    def _frame(self) -> pd.DataFrame:
        regions = self.runs[0].regions
        shown = [regions[place] for place in shown_regions(regions, "province")]
        blocks = []
        for found in self.runs:
            for name in found.figures:
                values = self._values(found, name)
                if values is not None:
                    blocks.append(self._rows(found, name, values))
        return joined(blocks, self.runs[0].months, shown)

    def draws(self, scenario: str, name: str) -> NDArray[np.float64]:
        """Return an indicator of a scenario in every world.

        Parameters
        ----------
        scenario : name of one of the scenarios
        name : the indicator

        Returns
        -------
        float64[n_worlds, n_months, 1 + n_provinces], in the indicator's unit, NaN for missing
        """
        found = next(one for one in self.runs if one.scenario.name == scenario)
        values = self._values(found, name)
        if values is None:
            raise KeyError(name)
        return values

    def differences(self, scenario: str, name: str) -> NDArray[np.float64]:
        """Return paired differences of an indicator from the baseline in every world.

        Parameters
        ----------
        scenario : name of one of the alternatives
        name : the indicator

        Returns
        -------
        float64[n_worlds, n_months, 1 + n_provinces], in the indicator's unit, NaN for missing
        """
        return self.draws(scenario, name) - self.draws(self.runs[0].scenario.name, name)

    def _values(self, found: Run, name: str) -> NDArray[np.float64] | None:
        """Return an indicator in every world, None if worlds do not have it."""
        own = found.scenario.name
        first = found is self.runs[0]
        tables = [pair.baseline if first else pair.alternatives[own] for pair in self.pairs]
        if not tables or name not in tables[0]:
            return None
        return np.stack([table[name] for table in tables])

    def _rows(self, found: Run, name: str, values: NDArray[np.float64]) -> dict[str, Any]:
        """Return a block of the frame: one indicator of one scenario."""
        usual = None if found is self.runs[0] else self._values(self.runs[0], name)
        changes = np.full_like(values, np.nan) if usual is None else values - usual
        row, column = np.nonzero(~np.isnan(values).all(axis=0))
        level, change = (_summary(one[:, row, column]) for one in (values, changes))
        return {
            "scenario": found.scenario.name,
            "month": row,
            "region": column,
            "indicator": name,
            "mean": level["mean"],
            "low": level["low"],
            "high": level["high"],
            "difference": change["mean"],
            "low_difference": change["low"],
            "high_difference": change["high"],
            "error": change["error"],
            "needed": needed(change["mean"], change["error"], level["known"]),
            "replicates": level["known"],
            "unit": indicator(name).unit,
        }

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Return the outcome in sentences, and how sure it is."""
        from kesos_sim.reports.precision import precision

        told = self.comparison.sentences(lang) if len(self.runs) > 1 else ()
        return (*told, *precision(self, lang))

    def chart(self, name: str, lang: str = "id") -> Any:
        """Return one chart, see `kesos_sim.reports.charts`."""
        return (self.comparison if len(self.runs) > 1 else self.runs[0]).chart(name, lang)

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        """Write frames, ledgers, charts and page to a folder, all or nothing."""
        from kesos_sim.reports.precision import export_ensemble

        return export_ensemble(self, path, lang)

    def _repr_html_(self) -> str:
        return (self.comparison if len(self.runs) > 1 else self.runs[0])._repr_html_()


def _summary(values: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
    """Return mean, band and standard error of columns, NaN where a world has no value.

    Parameters
    ----------
    values : float64[n_worlds, n], any unit

    Returns
    -------
    dict of float64[n], and of int64[n], worlds, under ``known``
    """
    known = (~np.isnan(values)).sum(axis=0)
    found = {name: np.full(values.shape[1], np.nan) for name in ("mean", "low", "high", "error")}
    # Percentiles of columns without any value are not asked for.
    some, several = known > 0, known > 1
    if some.any():
        found["mean"][some] = np.nanmean(values[:, some], axis=0)
        found["low"][some], found["high"][some] = np.nanpercentile(values[:, some], _BAND, axis=0)
    if several.any():
        spread = np.nanstd(values[:, several], axis=0, ddof=1)
        found["error"][several] = spread / np.sqrt(known[several])
    return found | {"known": known}


def needed(
    mean: NDArray[np.float64], error: NDArray[np.float64], replicates: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return after how many worlds the sign of a mean difference can be told.

    Parameters
    ----------
    mean, error : float64[n], mean of the differences so far and its standard error, any unit
    replicates : int64[n], worlds so far

    Returns
    -------
    float64[n], worlds, 2 or more
        So many that 95% of Student's distribution around the mean lie on one side of zero, if mean
        and spread stay as they are; NaN without a spread, and where nothing moves at all.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(mean) / (error * np.sqrt(replicates))
    numbers = np.arange(2, _TABLED)
    # Smaller with every world; far beyond the table Student's distribution is the normal one.
    half = stdtrit(numbers - 1.0, 0.5 + _SURE / 2.0) / np.sqrt(numbers)
    found = numbers[0] + np.searchsorted(-half, -ratio).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        many = np.ceil((stdtrit(_TABLED - 1.0, 0.5 + _SURE / 2.0) / ratio) ** 2)
    found = np.where(ratio < half[-1], np.maximum(many, _TABLED), found)
    return np.where(np.abs(mean) > 0.0, found, np.nan)


def ensemble(
    scenarios: Sequence[Scenario],
    replicates: int = REPLICATES,
    design: Design | None = None,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
    *,
    within: float = math.inf,
) -> Ensemble:
    """Live scenarios in many worlds.

    Parameters
    ----------
    scenarios : the baseline, then alternatives of the same world, if any
    replicates : worlds; fewer if the time is over before
    design : what varies; parameters and seeds when left out
    executor : who computes; processes of this machine when left out
    store : who remembers finished runs
    progress : told what is being done
    within : seconds after which no further world is begun; the first one always is

    Returns
    -------
    Ensemble

    Raises
    ------
    InputError
        If the scenarios cannot be compared, or no world has an answer.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> many = ensemble([today, bare], 2, executor=Serial())
    >>> (many.differences("tanpa-bansos", "poverty_rate")[:, -1, 0] > 0.0).tolist()
    [True, True]
    """
    first, *others = scenarios
    check_worlds(first, others)
    began = time.perf_counter()
    central = _central(scenarios, progress, store)
    clock = _Clock(within, began)
    chosen = design or Design()

    def worlds() -> Iterator[World]:
        for number in range(1, replicates + 1):
            if number > 1 and clock.over:  # without any world there is no answer
                return
            alike = tuple(chosen.world(scenario, number) for scenario in scenarios)
            yield World(alike, chosen.options(number))

    lived: list[Pair] = []
    lost: list[Lost] = []
    who = executor or Processes(usable_workers(replicates * len(scenarios)))
    with pairs(worlds(), who, store) as computed:
        for number, pair in enumerate(computed, start=1):
            clock.tick()
            if isinstance(pair, Failure):
                lost.append(Lost(number, pair.cause))
            else:
                lived.append(pair)
            if progress is not None:
                progress("worlds", number, clock.expected(number, replicates))
    if not lived and lost:
        raise InputError(
            "KS3021", "experiments.all_lost", file=first.name, got=len(lost), cause=lost[0].cause
        )
    return Ensemble(
        runs=central,
        pairs=tuple(lived),
        lost=tuple(lost),
        without_effect=_without(scenarios, who, store),
        seconds=time.perf_counter() - began,
        created=dt.datetime.now(dt.UTC),
    )


def _central(
    scenarios: Sequence[Scenario], progress: Progress | None, store: Store | None
) -> tuple[Run, ...]:
    """Run the scenarios as written; it also leaves compiled kernels and the base month to all."""
    found = []
    for number, scenario in enumerate(scenarios, start=1):
        found.append(run(scenario, store=store))
        if progress is not None:
            progress("runs", number, len(scenarios))
    return (found[0], *(against(one, found[0]) for one in found[1:]))


def _without(scenarios: Sequence[Scenario], executor: Executor, store: Store | None) -> Pair | None:
    """Live those that rest on coordination in a world in which it does nothing."""
    first, *others = scenarios
    guessed = [scenario for scenario in others if rests_on_coordination(scenario)]
    if not guessed:
        return None
    world = World(tuple(without_effect(scenario) for scenario in (first, *guessed)))
    with pairs([world], executor, store) as found:
        (pair,) = found
    if isinstance(pair, Failure):
        raise pair.error
    return pair


class _Clock:
    """Tells when no further world can be finished in time."""

    def __init__(self, within: float, began: float) -> None:
        self._end = began + within
        self._began = time.perf_counter()
        self._done = 0

    def tick(self) -> None:
        """Note that a world is ready."""
        self._done += 1

    @property
    def over(self) -> bool:
        """Whether the time is over, or would be before the next world is ready."""
        now = time.perf_counter()
        return now + (now - self._began) / max(self._done, 1) * (self._done > 0) >= self._end

    def expected(self, done: int, most: int) -> int:
        """Return how many worlds there will be as far as one can say now."""
        now = time.perf_counter()
        rate = done / max(now - self._began, 1e-9)
        left = max(self._end - now, 0.0) * rate
        return most if math.isinf(left) else min(most, done + int(left))
