"""Living what is asked, and keeping of each life only what the surface is fitted to."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator.question import OUTCOMES, YEARS, Life, scenario_of
from kesos_sim.experiments.executors import Executor, Failure
from kesos_sim.experiments.outcomes import outcome_of
from kesos_sim.experiments.remembered import Answer, lives
from kesos_sim.experiments.run import lived
from kesos_sim.experiments.store import Store
from kesos_sim.experiments.winners import LARGE, SMALL, TENTHS, see, tenths
from kesos_sim.indicators.definitions import indicator

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Lived", "gainers", "gainers_by_tenth", "live_all"]

Floats = NDArray[np.float64]

_KIND: Final = "surface"
_FILE: Final = "lived.npz"
_PERCENT: Final = 100.0


@dataclass(frozen=True)
class Lived:
    """What is kept of a life.

    Attributes
    ----------
    places : tuple of str
        Codes of the whole region and its provinces.
    years : float64[n_outcomes, n_places, n_years], unit of each indicator
        Mean of the months of each calendar year, of a flow their sum; NaN for missing.
    welfare : float32[n_households], ratio to the poverty line, of the last month
    people : float32[n_households], persons, that a simulated household stands for
    place : uint8[n_households], index, province in `places`
    seconds : float
        Processor time taken.
    """

    places: tuple[str, ...]
    years: Floats
    welfare: NDArray[np.float32]
    people: NDArray[np.float32]
    place: NDArray[np.uint8]
    seconds: float

    def write(self, folder: Path) -> None:
        """Write it into a folder."""
        np.savez(
            folder / _FILE,
            places=np.array(self.places),
            years=self.years,
            welfare=self.welfare,
            people=self.people,
            place=self.place,
            seconds=self.seconds,
        )

    @classmethod
    def read(cls, folder: Path) -> Lived:
        """Read what `write` has written."""
        with np.load(folder / _FILE, allow_pickle=False) as kept:
            return cls(
                tuple(kept["places"].tolist()),
                kept["years"],
                kept["welfare"],
                kept["people"],
                kept["place"],
                float(kept["seconds"]),
            )


def live(scenario: Scenario) -> Lived:
    """Live a scenario on one thread.

    Parameters
    ----------
    scenario : the scenario

    Returns
    -------
    Lived
    """
    began = time.process_time()
    model = lived(scenario, 1)
    found = outcome_of(model, 0.0)
    rows = [
        [row for row, month in enumerate(found.months) if month.startswith(f"{year}-")]
        for year in YEARS
    ]
    years = np.stack([_by_year(found.figures[name], rows, name) for name in OUTCOMES])
    sight = see(model)
    return Lived(
        places=found.regions,
        years=years,
        welfare=sight.welfare.astype(np.float32),
        people=sight.people.astype(np.float32),
        place=_provinces(model, found.regions),
        seconds=time.process_time() - began,
    )


def _by_year(table: Floats, rows: Sequence[Sequence[int]], name: str) -> Floats:
    """Return a figure by place and year: float64[n_places, n_years], unit of the indicator."""
    found = np.full((table.shape[1], len(rows)), np.nan)
    for year, own in enumerate(rows):
        months = table[own]
        known = ~np.isnan(months)
        count = known.sum(axis=0)
        total = np.where(known, months, 0.0).sum(axis=0)
        some = count > 0
        found[some, year] = total[some] / (1 if indicator(name).flow else count[some])
    return found


def _provinces(model: WelfareModel, places: Sequence[str]) -> NDArray[np.uint8]:
    """Return the place of each household among the regions: uint8[n_households], index."""
    layout: Any = model.world.layout
    codes = [f"{code // 100:02d}" for code in model.places.codes.tolist()]
    own = np.array([places.index(code) for code in codes], np.uint8)
    return np.repeat(own, np.diff(layout.district_start))


@contextmanager
def live_all(
    asked: Sequence[Life], households: int, executor: Executor, store: Store | None
) -> Iterator[Iterator[tuple[int, Lived | Failure]]]:
    """Begin to live what is asked, but what a store knows.

    Parameters
    ----------
    asked : the lives
    households : simulated households of each
    executor : who computes
    store : who remembers

    Yields
    ------
    iterator of tuple
        Number of the life and what is kept of it or why there is nothing, as they are ready.
    """
    kept = Answer(_KIND, live, Lived.write, Lived.read, lambda found: found.seconds)
    with lives((scenario_of(life, households) for life in asked), executor, store, kept) as found:
        yield found


def gainers(before: Lived, after: Lived) -> Floats:
    """Return who has more and who has less in the last month.

    Parameters
    ----------
    before : a life without the package
    after : the same world with it

    Returns
    -------
    float64[4, n_places], percent of people
        Who gain, and who lose, more than half a percent of what they consume; and of these who
        gain, and who lose, more than five percent. In the order of `FLOWS_OF_PEOPLE`.
    """
    people = before.people.astype(float)
    places = len(before.places)

    def by_place(some: Floats) -> Floats:
        found: Floats = np.bincount(before.place, some, places).astype(np.float64)
        found[0] = some.sum()
        return found

    everybody = by_place(people)
    moved = _moved(before, after)
    return np.stack([_PERCENT * by_place(people * one) / everybody for one in moved])


def gainers_by_tenth(before: Lived, after: Lived) -> Floats:
    """Return who of each tenth of people has more and who has less in the last month.

    Parameters
    ----------
    before : a life without the package, whose tenths count
    after : the same world with it

    Returns
    -------
    float64[4, 10], percent of the people of the tenth
        As of `gainers`, of the whole region, the poorest tenth first.
    """
    people = before.people.astype(float)
    tenth = tenths(before.welfare.astype(float), people)
    everybody = np.bincount(tenth, people, TENTHS)
    return np.stack(
        [
            _PERCENT * np.bincount(tenth, people * one, TENTHS) / everybody
            for one in _moved(before, after)
        ]
    )


def _moved(before: Lived, after: Lived) -> tuple[NDArray[np.bool_], ...]:
    """Return which households are in each of `FLOWS_OF_PEOPLE`."""
    change = _PERCENT * (after.welfare.astype(float) / before.welfare.astype(float) - 1.0)
    return change > SMALL, change < -SMALL, change > LARGE, change < -LARGE
