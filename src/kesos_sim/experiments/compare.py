"""Comparisons: scenarios against a baseline in the same simulated world, with a band.

The figures are those of the scenarios as written. The band comes from further
pairs in which the parameters that the answer hangs on most are drawn from their
ranges and the seed changes; baseline and alternative of a pair share the draw,
so only what the policy does is left in their difference.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.errors import InputError
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

    from kesos_sim.experiments.checkpoints import Checkpoints
    from kesos_sim.reports.context import ReportContext
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Comparison", "check_worlds", "compare"]


DRAWS = 8
DRAW_HOUSEHOLDS = 20_000
"""Most simulated households of a draw."""
_BAND = (10.0, 90.0)
_WORLD = ("region", "districts", "start", "months", "households", "seed", "growth", "own_data")


@dataclass(frozen=True)
class Comparison:
    """Alternatives against a baseline.

    Attributes
    ----------
    baseline : the run without the change
    alternatives : the runs with it, in the order asked for
    pairs : draws behind the band
    without_effect : baseline and alternatives in a smaller sample, if coordination did nothing;
        None where no alternative rests on coordination
    seconds : time taken
    created : when it was computed, UTC
    """

    baseline: Run
    alternatives: tuple[Run, ...]
    pairs: tuple[Pair, ...]
    without_effect: Pair | None
    seconds: float
    created: dt.datetime

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        hashes = [r.scenario.hash for r in (self.baseline, *self.alternatives)]
        joint = hashes[0] if len(hashes) == 1 else sha256("".join(hashes).encode()).hexdigest()
        return self.baseline.provenance | {
            "scenario_hash": joint,
            "created": self.created,
            "seconds": self.seconds,
            "replicates": len(self.pairs) + 1,
        }

    def difference(self, name: str, alternative: Run) -> NDArray[np.float64]:
        """Return an indicator's paired difference from the baseline.

        Parameters
        ----------
        name : the indicator
        alternative : one of the alternatives

        Returns
        -------
        float64[n_months, n_regions], unit of the indicator
        """
        usual = self.baseline.figures.get(name)
        value = alternative.figures[name]
        return np.full_like(value, np.nan) if usual is None else value - usual

    def _draws(
        self, name: str, alternative: Run, columns: list[int]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return differences and values of all draws, the central one first, where there are any.

        float64[n_draws, n_months, n_columns] each, NaN for districts beyond the first draw.
        """
        central = self.difference(name, alternative)[:, columns]
        changes = np.full((1 + len(self.pairs), *central.shape), np.nan)
        levels = np.full_like(changes, np.nan)
        changes[0], levels[0] = central, alternative.figures[name][:, columns]
        drawn = np.isin(columns, shown_regions(self.baseline.regions, "province"))
        for number, pair in enumerate(self.pairs, start=1):
            own = pair.alternatives[alternative.scenario.name]
            if name in own:
                levels[number][:, drawn] = own[name]
            if name in own and name in pair.baseline:
                changes[number][:, drawn] = own[name] - pair.baseline[name]
        return changes, levels

    def frame(self, by: str = "province") -> pd.DataFrame:
        """Return the comparison as a tidy frame.

        Parameters
        ----------
        by : ``province`` or ``district``, the smallest regions to list

        Returns
        -------
        pandas.DataFrame
            Columns scenario, month, region, indicator, value, baseline, difference, low, high,
            low_value, high_value, against, draws, unit. The band is the 10th to the 90th
            percentile of the paired draws; without draws its columns are missing values.
        """
        if by in self._frames:
            return self._frames[by]
        columns = shown_regions(self.baseline.regions, by)
        blocks = [
            self._rows(name, alternative, columns)
            for alternative in self.alternatives
            for name in alternative.figures
        ]
        regions = [self.baseline.regions[place] for place in columns]
        self._frames[by] = joined(blocks, self.baseline.months, regions)
        return self._frames[by]

    def _rows(self, name: str, alternative: Run, columns: list[int]) -> dict[str, Any]:
        """Return a block of the frame: one indicator of one alternative."""
        value = alternative.figures[name][:, columns]
        row, column = np.nonzero(~np.isnan(value))
        changes, levels = self._draws(name, alternative, columns)
        band, level = _percentiles(changes), _percentiles(levels)
        change = changes[0]
        sign = np.sign(changes) * np.sign(change)
        return {
            "scenario": alternative.scenario.name,
            "month": row,
            "region": column,
            "indicator": name,
            "value": value[row, column],
            "baseline": self._usual(name, value.shape, columns)[row, column],
            "difference": change[row, column],
            "low": band[0][row, column],
            "high": band[1][row, column],
            "low_value": level[0][row, column],
            "high_value": level[1][row, column],
            "against": (sign < 0).sum(axis=0)[row, column],
            "draws": (~np.isnan(sign)).sum(axis=0)[row, column],
            "unit": indicator(name).unit,
        }

    def _usual(self, name: str, shape: tuple[int, ...], columns: list[int]) -> NDArray[np.float64]:
        """Return the baseline's figures of an indicator, missing where only a change has it."""
        usual = self.baseline.figures.get(name)
        return np.full(shape, np.nan) if usual is None else usual[:, columns]

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame]:
        return {}

    def ledger(self) -> pd.DataFrame:
        """Return the ledgers of all runs.

        Returns
        -------
        pandas.DataFrame
            Columns scenario, month, region, stream, programme, stage, rupiah.
        """
        import pandas as pd

        runs = (self.baseline, *self.alternatives)
        return pd.concat(
            [r.ledger().assign(scenario=r.scenario.name) for r in runs], ignore_index=True
        )

    def context(self) -> ReportContext:
        """Return what reports have to know beside the numbers."""
        from kesos_sim.reports.facts import comparison_context

        return comparison_context(self)

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Return the outcome in sentences."""
        from kesos_sim.reports.sentences import sentences

        return tuple(str(sentence) for sentence in sentences(self.frame(), self.context(), lang))

    def chart(self, name: str, lang: str = "id") -> Any:
        """Return one chart, see `kesos_sim.reports.charts`."""
        from kesos_sim.reports.charts import chart

        return chart(name, self.frame(), self.context(), lang)

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        """Write frame, ledgers, charts and page to a folder, all or nothing."""
        from kesos_sim.reports.export import export

        runs = (self.baseline, *self.alternatives)
        return export(
            self.frame(),
            self.context(),
            path,
            lang,
            ledger=self.ledger(),
            scenarios={r.scenario.name: r.scenario.document() for r in runs},
        )

    def _repr_html_(self) -> str:
        from kesos_sim.reports.html import result_html

        return result_html(self.frame(), self.context(), "id")


def _percentiles(draws: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the band of draws, missing where there is only one."""
    if draws.shape[0] == 1:
        nothing = np.full(draws.shape[1:], np.nan)
        return nothing, nothing
    known = ~np.isnan(draws).any(axis=0)
    low, high = np.full((2, *draws.shape[1:]), np.nan)
    ends = np.percentile(draws[:, known], _BAND, axis=0)
    # The figures of the scenarios as written always lie inside their own band.
    low[known] = np.minimum(ends[0], draws[0][known])
    high[known] = np.maximum(ends[1], draws[0][known])
    return low, high


def compare(
    baseline: Scenario,
    alternatives: Sequence[Scenario],
    threads: int | None = None,
    progress: Progress | None = None,
    *,
    draws: int = DRAWS,
    executor: Executor | None = None,
    store: Store | None = None,
    checkpoints: Checkpoints | None = None,
) -> Comparison:
    """Run alternatives against a baseline.

    Parameters
    ----------
    baseline : the scenario without the change
    alternatives : scenarios of the same region, months, households and seed
    threads : threads of the kernels while nothing else runs; without it those of the machine
    progress : told what is being done
    draws : pairs behind the band; 0 for no band
    executor : who lives the draws; processes of this machine when left out
    store : who remembers finished runs
    checkpoints : where long runs of the scenarios as written leave their state on the way

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If a scenario is not of the same world as the baseline, or two have one name.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> result = compare(today, [bare], draws=0)
    >>> print(result.sentences("en")[1].split(" by ")[0])
    Poverty rises
    """
    check_worlds(baseline, alternatives)
    began = time.perf_counter()
    scenarios = (baseline, *alternatives)
    guessed = [scenario for scenario in alternatives if rests_on_coordination(scenario)]
    design = Design()
    worlds = [World(tuple(_weak(one) for one in (baseline, *guessed)))] if guessed else []
    worlds += [
        World(tuple(_smaller(design.world(one, number)) for one in scenarios))
        for number in range(1, draws + 1)
    ]
    total, done = len(scenarios) + sum(len(world.scenarios) for world in worlds), 0

    # Draws keep the cores busy for longer than a run does, unless the scenarios are much larger.
    many = baseline.households <= DRAW_HOUSEHOLDS * len(worlds)

    def inside(stage: str, step: int, steps: int) -> None:
        # A small run is one step of a comparison; what comes before its months can take longer.
        if progress is not None and not (many and stage == "months"):
            progress(stage, step, steps)

    def one(scenario: Scenario, on: int | None = threads) -> Run:
        nonlocal done
        found = run(scenario, on, inside, store=store, checkpoints=checkpoints)
        done += 1
        if progress is not None:
            progress("runs", done, total)
        return found

    # The first run leaves compiled kernels, published figures and the base month to the others.
    central, lived = [one(baseline)], []
    chosen = executor or Processes(usable_workers(len(worlds)))
    with pairs(worlds, chosen, store) as computed:
        busy = many and chosen.workers > 1
        central += [one(scenario, 1 if busy else threads) for scenario in alternatives]
        for world, pair in zip(worlds, computed, strict=True):
            if isinstance(pair, Failure):
                raise pair.error
            lived.append(pair)
            done += len(world.scenarios)
            if progress is not None:
                progress("runs", done, total)
    return Comparison(
        baseline=central[0],
        alternatives=tuple(against(found, central[0]) for found in central[1:]),
        pairs=tuple(lived[1:] if guessed else lived),
        without_effect=lived[0] if guessed else None,
        seconds=time.perf_counter() - began,
        created=dt.datetime.now(dt.UTC),
    )


def _smaller(scenario: Scenario) -> Scenario:
    """Return a scenario in the sample of draws."""
    return replace(scenario, households=min(scenario.households, DRAW_HOUSEHOLDS))


def _weak(scenario: Scenario) -> Scenario:
    """Return a scenario without any effect of coordination, in the sample of draws."""
    return without_effect(_smaller(scenario))


def check_worlds(baseline: Scenario, alternatives: Sequence[Scenario]) -> None:
    """Refuse scenarios that cannot be compared.

    Parameters
    ----------
    baseline : the scenario without the change
    alternatives : scenarios that should be of the same world

    Raises
    ------
    InputError
        If a scenario is of another world, or two have one name.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> today = load_scenario("scenarios/baseline.yaml")
    >>> other = load_scenario("scenarios/apbd-10.yaml", {"region": "34"})
    >>> from kesos_sim.errors import InputError
    >>> try:
    ...     check_worlds(today, [other])
    ... except InputError as error:
    ...     print(error.text("en"))
    apbd-10: region: This scenario is not of the same world as the baseline; make the files
    agree, or use --region, --start, --months, --households, --seed for both. Found: (34,).
    Expected: mpu.
    """
    seen = {baseline.name}
    for scenario in alternatives:
        for name in _WORLD:
            ours, theirs = getattr(baseline, name), getattr(scenario, name)
            if ours != theirs and name != "districts":
                raise InputError(
                    "KS3001",
                    "experiments.other_world",
                    file=scenario.name,
                    field=name,
                    got=theirs,
                    expected=ours,
                )
        if scenario.name in seen:
            raise InputError(
                "KS3002",
                "experiments.same_name",
                file=scenario.name,
                field="name",
                got=scenario.name,
            )
        seen.add(scenario.name)
