"""One run: a scenario lived from its base month to its end."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import kesos_sim
from kesos_sim.errors import KesosError
from kesos_sim.experiments.base_month import BaseMiss, base_misses
from kesos_sim.experiments.executors import Cluster, usable_workers
from kesos_sim.experiments.store import Entry, Store, identity
from kesos_sim.experiments.tables import figure_table, figures_of, joined, shown_regions
from kesos_sim.indicators.definitions import indicator
from kesos_sim.institutions.government import Plan
from kesos_sim.model.entries import Entries
from kesos_sim.model.identity import code_hash, data_hash
from kesos_sim.model.money import money_indicators
from kesos_sim.model.opening import keep_past, open_model
from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.experiments.checkpoints import Checkpoints
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.model.observer import Observer, Regions
    from kesos_sim.reports.context import ReportContext
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Progress", "Run", "run"]

Progress = Callable[[str, int, int], None]
"""Told the stage of work, the steps done and the steps in all."""

_KIND, _FIGURES, _BOOKS, _META = "run", "figures.parquet", "books.parquet", b"kesos"
HOUSEHOLDS_PER_THREAD = 40_000
"""Least simulated households for a thread of its own."""


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Run:
    """What one run found.

    Attributes
    ----------
    scenario : the scenario as run
    months : months of the rows, the base month first
    regions : codes of the regions, the scenario's own first, then provinces, then districts
    figures : float64[n_months, n_regions] by indicator, in the indicator's unit, NaN for missing
    books : lines of the ledger
    plans : yearly decisions on new poverty money
    lines : poverty line by region code, rupiah per person and month of the base month
    seconds : time taken
    created : when it was run, UTC
    """

    scenario: Scenario
    months: tuple[str, ...]
    regions: tuple[str, ...]
    figures: dict[str, NDArray[np.float64]]
    books: Entries
    plans: tuple[Plan, ...]
    lines: dict[str, float]
    seconds: float
    created: dt.datetime

    def last_year(self, name: str) -> float:
        """Return the mean of an indicator over the last twelve months in the whole region.

        Parameters
        ----------
        name : the indicator

        Returns
        -------
        float, in the unit of the indicator; NaN where no month has a value
        """
        values = self.figures[name][-MONTHS_PER_YEAR:, 0]
        known = values[np.isfinite(values)]
        return float(known.mean()) if known.size else float("nan")

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        own = self.scenario.own_data
        return {
            "model_version": kesos_sim.__version__,
            "code_hash": code_hash(),
            "data_hash": data_hash(),
            "scenario_hash": self.scenario.hash,
            "seed": self.scenario.seed,
            "households": self.scenario.households,
            "base_month": str(self.scenario.start),
            "created": self.created,
            "seconds": self.seconds,
            "replicates": 1,
            "base_misses": self.base_misses,
            "own_data": None if own is None else own.record(),
        }

    @cached_property
    def base_misses(self) -> tuple[BaseMiss, ...]:
        """Published poverty rates that the base month misses, the worst miss first."""
        scenario = self.scenario
        return base_misses(
            scenario.region, self.months[0], self.regions, self.figures, scenario.own_data
        )

    def at(self, name: str, month: str | None = None, region: str | None = None) -> float:
        """Return one figure; without month the last, without region the scenario's own."""
        row = len(self.months) - 1 if month is None else self.months.index(month)
        column = 0 if region is None else self.regions.index(region)
        return float(self.figures[name][row, column])

    def frame(self, by: str = "province") -> pd.DataFrame:
        """Return the run as a tidy frame.

        Parameters
        ----------
        by : ``province`` or ``district``, the smallest regions to list

        Returns
        -------
        pandas.DataFrame
            Columns month, region, indicator, value, unit.
        """
        columns = shown_regions(self.regions, by)
        blocks: list[dict[str, Any]] = []
        for name, table in self.figures.items():
            inside = table[:, columns]
            row, column = np.nonzero(~np.isnan(inside))
            blocks.append(
                {
                    "month": row,
                    "region": column,
                    "indicator": name,
                    "value": inside[row, column],
                    "unit": indicator(name).unit,
                }
            )
        return joined(blocks, self.months, [self.regions[place] for place in columns])

    def ledger(self) -> pd.DataFrame:
        """Return the ledger.

        Returns
        -------
        pandas.DataFrame
            Columns month, region, stream, programme, stage, rupiah.
        """
        return self.books.frame()

    def context(self) -> ReportContext:
        """Return what reports have to know beside the numbers."""
        from kesos_sim.reports.facts import run_context

        return run_context(self)

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Return the outcome in sentences."""
        from kesos_sim.reports.sentences import sentences

        return tuple(str(sentence) for sentence in sentences(self.frame(), self.context(), lang))

    def chart(self, name: str, lang: str = "id") -> Any:
        """Return one chart, see `kesos_sim.reports.charts`."""
        from kesos_sim.reports.charts import chart

        return chart(name, self.frame(), self.context(), lang)

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        """Write frame, ledger, charts and page to a folder, all or nothing."""
        from kesos_sim.reports.export import export

        return export(
            self.frame("district"),
            self.context(),
            path,
            lang,
            ledger=self.ledger(),
            scenarios={self.scenario.name: self.scenario.document()},
        )

    def write(self, folder: Path) -> None:
        """Write everything but the scenario as Parquet files into a folder."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        about = {
            "lines": self.lines,
            "plans": [asdict(plan) for plan in self.plans],
            "seconds": self.seconds,
            "created": self.created.isoformat(),
            "words": dict(self.books.words),
        }
        table = figure_table(self.months, self.regions, self.figures)
        table = table.replace_schema_metadata({_META: json.dumps(about)})
        pq.write_table(table, folder / _FIGURES, compression="zstd")
        books = pa.table(dict(self.books.codes) | {"rupiah": self.books.rupiah})
        pq.write_table(books, folder / _BOOKS, compression="zstd")

    @classmethod
    def read(cls, folder: Path, scenario: Scenario) -> Run:
        """Read what `write` has written of a scenario."""
        import pyarrow.parquet as pq

        table = pq.read_table(folder / _FIGURES)
        about = json.loads(table.schema.metadata[_META])
        months, regions, found = figures_of(table)
        books = pq.read_table(folder / _BOOKS)
        columns = {name: books.column(name).to_numpy() for name in books.column_names}
        rupiah = columns.pop("rupiah")
        words = {name: tuple(known) for name, known in about["words"].items()}
        return cls(
            scenario=scenario,
            months=months,
            regions=regions,
            figures=found,
            books=Entries(words, columns, rupiah),
            plans=tuple(Plan(**plan) for plan in about["plans"]),
            lines=about["lines"],
            seconds=about["seconds"],
            created=dt.datetime.fromisoformat(about["created"]),
        )

    def _repr_html_(self) -> str:
        from kesos_sim.reports.html import result_html

        return result_html(self.frame(), self.context(), "id")


def run(
    scenario: Scenario,
    threads: int | None = None,
    progress: Progress | None = None,
    *,
    store: Store | None = None,
    fresh: bool = False,
    checkpoints: Checkpoints | None = None,
    cluster: Cluster | None = None,
) -> Run:
    """Run a scenario, or return what a store knows of it.

    Parameters
    ----------
    scenario : the scenario
    threads : threads of the kernels; without it as many as pay off
    progress : told what is being done
    store : who remembers finished runs
    fresh : whether to run it, and to solve the anchor, even if they are known
    checkpoints : where a long run leaves its state on the way, and finds it after a stop
    cluster : whose workers live it together, each with some provinces and with threads of its
        own; they leave no checkpoints

    Returns
    -------
    Run

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> found = run(blora)
    >>> found.months, f"{found.at('poverty_rate', '2024-03'):.1f} percent"
    (('2024-03', '2024-04'), '11.5 percent')
    """
    known = store.find(identity(scenario, _KIND)) if store and not fresh else None
    if known:
        return Run.read(known, scenario)
    began = time.perf_counter()
    if cluster:
        from kesos_sim.experiments.sharding import run_sharded

        found, _ = run_sharded(scenario, cluster, progress, fresh=fresh)
    else:
        model = lived(scenario, threads, progress, fresh=fresh, checkpoints=checkpoints)
        found = read(model, time.perf_counter() - began)
    if store:
        # A result stands even if there is no room to remember it.
        with suppress(KesosError):
            store.keep(Entry.of(scenario, _KIND, seconds=found.seconds), found.write)
    if checkpoints:
        checkpoints.forget(scenario)
    return found


def lived(
    scenario: Scenario,
    threads: int | None = None,
    progress: Progress | None = None,
    *,
    fresh: bool = False,
    checkpoints: Checkpoints | None = None,
) -> WelfareModel:
    """Return a model that has lived to the end of its scenario; see `run`."""
    tell = progress or _silent
    threads = threads or sensible_threads(scenario.households)

    def note(what: str) -> None:
        tell(what, 0, 1)

    model = None if fresh or not checkpoints else checkpoints.resumed(scenario, threads, note)
    if model is None:
        model = open_model(scenario, threads, fresh=fresh, late=True, note=note)
    for month in living(model):
        tell("months", month, scenario.months)
        if checkpoints:
            checkpoints.leave(model)
    return model


def sensible_threads(households: int) -> int:
    """Return how many threads pay off: waiting for each other costs more than a small sample."""
    return max(1, min(usable_workers(), households // HOUSEHOLDS_PER_THREAD))


def living(model: WelfareModel) -> Iterator[int]:
    """Live the months that are left, and yield how many are done."""
    while model.row < model.scenario.months:
        model.step()
        keep_past(model)
        yield model.row


def read(model: WelfareModel, seconds: float) -> Run:
    """Return what a model has seen so far as a run."""
    scenario, regions = model.scenario, observed(model).regions
    lines = poverty_lines(model, regions).tolist()
    return Run(
        scenario=scenario,
        months=tuple(str(scenario.start + row) for row in range(scenario.months + 1)),
        regions=regions.codes,
        figures=figures(model, regions),
        books=model.ledger.entries(),
        plans=tuple(model.treasury.plans),
        lines=dict(zip(regions.codes, lines, strict=True)),
        seconds=seconds,
        created=dt.datetime.now(dt.UTC),
    )


def observed(model: WelfareModel) -> Observer:
    """Return the observer of a model that has lived its base month."""
    if model.observer is None:
        raise ValueError("the model has no observer yet")
    return model.observer


def figures(model: WelfareModel, regions: Regions) -> dict[str, NDArray[np.float64]]:
    """Return every indicator of a model that needs no other run.

    Parameters
    ----------
    model : a model after its base month
    regions : its regions, or only those at the top

    Returns
    -------
    dict of float64[n_months, n_regions], in the indicator's unit, NaN for missing
    """
    found = observed(model).values(model.world.reference_line, regions)
    return found | money_indicators(model, regions.codes, found["poor_people"])


def poverty_lines(model: WelfareModel, regions: Regions) -> NDArray[np.float64]:
    """Return the poverty lines of regions.

    Parameters
    ----------
    model : a model
    regions : its regions, or only those at the top

    Returns
    -------
    float64[n_regions], rupiah per person and month of the base month
    """
    strata = model.world.targets.strata
    weight = strata.population * np.repeat(
        regions.member, np.diff(model.world.layout.district_stratum), axis=1
    )
    return np.array([np.average(strata.line, weights=own) for own in weight])
