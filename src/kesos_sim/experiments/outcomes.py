"""How one run of many goes: a scenario lived on one thread, of which the top regions are kept."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.experiments.executors import Executor, Failure, Processes, usable_workers
from kesos_sim.experiments.remembered import Answer, lives
from kesos_sim.experiments.run import figures, lived, observed, poverty_lines
from kesos_sim.experiments.store import Store
from kesos_sim.experiments.tables import figure_table, figures_of, last_year

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Outcome", "all_outcomes", "live", "outcome_of", "outcomes"]

_KIND: Final = "outcome"
_FILE: Final = "figures.parquet"
_META: Final = b"kesos"


@dataclass(frozen=True)
class Outcome:
    """What is kept of one run of many.

    Attributes
    ----------
    months : months of the rows, the base month first
    regions : codes of the whole region and its provinces
    figures : float64[n_months, n_regions] by indicator, in the indicator's unit, NaN for missing
    lines : float64[n_regions], rupiah per person and month, poverty line of the base month
    seconds : time taken
    """

    months: tuple[str, ...]
    regions: tuple[str, ...]
    figures: Mapping[str, NDArray[np.float64]]
    lines: NDArray[np.float64]
    seconds: float

    def last_year(self, name: str) -> float:
        """Return the mean of an indicator over the last twelve months in the whole region.

        Parameters
        ----------
        name : the indicator

        Returns
        -------
        float, in the unit of the indicator; NaN where no month has a value
        """
        return float(last_year(self.figures[name])[0])

    def write(self, folder: Path) -> None:
        """Write it as a Parquet file into a folder."""
        import pyarrow.parquet as pq

        about = {"lines": self.lines.tolist(), "seconds": self.seconds}
        table = figure_table(self.months, self.regions, self.figures)
        table = table.replace_schema_metadata({_META: json.dumps(about)})
        pq.write_table(table, folder / _FILE, compression="zstd")

    @classmethod
    def read(cls, folder: Path) -> Outcome:
        """Read what `write` has written."""
        import pyarrow.parquet as pq

        table = pq.read_table(folder / _FILE)
        about = json.loads(table.schema.metadata[_META])
        months, regions, found = figures_of(table)
        return cls(months, regions, found, np.array(about["lines"]), about["seconds"])


def live(scenario: Scenario) -> Outcome:
    """Live a scenario on one thread.

    Parameters
    ----------
    scenario : the scenario

    Returns
    -------
    Outcome
    """
    began = time.perf_counter()
    model = lived(scenario, 1)
    return outcome_of(model, time.perf_counter() - began)


def outcome_of(model: WelfareModel, seconds: float) -> Outcome:
    """Return what is kept of a model that has lived to the end of its scenario.

    Parameters
    ----------
    model : the model
    seconds : time that it took

    Returns
    -------
    Outcome
    """
    scenario, regions = model.scenario, observed(model).regions.top
    return Outcome(
        months=tuple(str(scenario.start + row) for row in range(scenario.months + 1)),
        regions=regions.codes,
        figures=figures(model, regions),
        lines=poverty_lines(model, regions),
        seconds=seconds,
    )


def outcomes(
    scenarios: Iterable[Scenario], executor: Executor, store: Store | None = None
) -> AbstractContextManager[Iterator[tuple[int, Outcome | Failure]]]:
    """Begin to live scenarios, but those that a store knows; what is new is kept there.

    Parameters
    ----------
    scenarios : asked for one by one, as somebody is free to live them
    executor : who computes
    store : who remembers

    Returns
    -------
    context of iterator of tuple
        Number of the scenario, from 0, and its outcome or why it has none, as they are ready.
    """
    kept = Answer(_KIND, live, Outcome.write, Outcome.read, lambda found: found.seconds)
    return lives(scenarios, executor, store, kept)


def all_outcomes(
    scenarios: Sequence[Scenario],
    executor: Executor | None = None,
    store: Store | None = None,
    told: Callable[[int], None] | None = None,
) -> list[Outcome]:
    """Live scenarios to the last, each once however often it is listed.

    Parameters
    ----------
    scenarios : what is asked for
    executor : who computes; processes of this machine when left out
    store : who remembers
    told : told how many different ones are ready

    Returns
    -------
    list of Outcome
        In the order of the scenarios.

    Raises
    ------
    Exception
        What a life raised.
    """
    keys = [scenario.hash for scenario in scenarios]
    once = dict(zip(keys, scenarios, strict=True))
    order, found = list(once), dict[str, Outcome]()
    chosen = executor or Processes(usable_workers(len(once)))
    with outcomes(once.values(), chosen, store) as ready:
        for number, life in ready:
            if isinstance(life, Failure):
                raise life.error
            found[order[number]] = life
            if told is not None:
                told(len(found))
    return [found[key] for key in keys]
