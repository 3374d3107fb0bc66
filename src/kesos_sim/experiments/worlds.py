"""Worlds: the same scenarios under other parameters, rules and seeds, beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.experiments.executors import Executor, Failure
from kesos_sim.experiments.outcomes import Outcome, outcomes
from kesos_sim.experiments.run import Run
from kesos_sim.experiments.store import Store
from kesos_sim.experiments.tables import last_year

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Pair", "World", "against", "pairs"]

_YEAR: Final = 12
_PERCENT: Final = 100.0


@dataclass(frozen=True)
class World:
    """Scenarios that are lived beside each other.

    Attributes
    ----------
    scenarios : the baseline, then the alternatives
    options : rules that hold, by alternative
    """

    scenarios: tuple[Scenario, ...]
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """Scenarios in one world: differences of every alternative from its own baseline.

    Attributes
    ----------
    parameters : parameters of the baseline that differ from the table
    options : rules that hold in the world, by alternative
    baseline : float64[n_months, 1 + n_provinces] by indicator
    alternatives : the same by scenario
    """

    parameters: Mapping[str, float]
    options: Mapping[str, str]
    baseline: Mapping[str, NDArray[np.float64]]
    alternatives: Mapping[str, Mapping[str, NDArray[np.float64]]]

    def change(self, scenario: str, indicator: str) -> float:
        """Return what an alternative changes in the whole region.

        Parameters
        ----------
        scenario : name of the alternative
        indicator : name of the indicator

        Returns
        -------
        float
            Difference of the means of the last twelve months, in the indicator's unit.
        """
        found = last_year(self.alternatives[scenario][indicator])
        return float((found - last_year(self.baseline[indicator]))[0])

    @classmethod
    def of(cls, world: World, found: Sequence[Outcome]) -> Pair:
        """Put the outcomes of a world beside each other.

        Parameters
        ----------
        world : the world
        found : the outcomes of its scenarios

        Returns
        -------
        Pair
        """
        usual, *others = found
        alternatives = {
            scenario.name: dict(other.figures)
            | _value_for_money(other.figures, usual.figures, usual.lines)
            for scenario, other in zip(world.scenarios[1:], others, strict=True)
        }
        first = world.scenarios[0]
        return cls(dict(first.parameters), dict(world.options), usual.figures, alternatives)


@contextmanager
def pairs(
    worlds: Iterable[World], executor: Executor, store: Store | None = None
) -> Iterator[Iterator[Pair | Failure]]:
    """Begin to live worlds.

    Parameters
    ----------
    worlds : asked for one by one, as somebody is free
    executor : who computes
    store : who remembers

    Yields
    ------
    iterator
        A pair of each world, or why there is none, in the order of the worlds, each as soon as it
        and those before it are ready.
    """
    begun: list[World] = []

    def scenarios() -> Iterator[Scenario]:
        for world in worlds:
            begun.append(world)
            yield from world.scenarios

    with outcomes(scenarios(), executor, store) as found:
        yield _in_turn(begun, found)


def _in_turn(
    begun: Sequence[World], found: Iterator[tuple[int, Outcome | Failure]]
) -> Iterator[Pair | Failure]:
    """Collect outcomes to worlds, whose scenarios follow on each other."""
    early: dict[int, Outcome | Failure] = {}
    turn = first = 0
    for number, outcome in found:
        early[number] = outcome
        while turn < len(begun) and all(
            first + place in early for place in range(len(begun[turn].scenarios))
        ):
            world = begun[turn]
            own = [early.pop(first + place) for place in range(len(world.scenarios))]
            turn, first = turn + 1, first + len(own)
            failed = [one for one in own if isinstance(one, Failure)]
            done = [one for one in own if isinstance(one, Outcome)]
            yield failed[0] if failed else Pair.of(world, done)


def against(alternative: Run, baseline: Run) -> Run:
    """Return a run with the indicators that need a baseline."""
    lines = np.array([baseline.lines[code] for code in baseline.regions])
    money = _value_for_money(alternative.figures, baseline.figures, lines)
    return replace(alternative, figures=alternative.figures | money)


def _value_for_money(
    alternative: Mapping[str, NDArray[np.float64]],
    baseline: Mapping[str, NDArray[np.float64]],
    lines: NDArray[np.float64],
) -> dict[str, NDArray[np.float64]]:
    """Return what the added spending of twelve months buys.

    Parameters
    ----------
    alternative, baseline : float64[n_months, n_regions] by indicator
    lines : float64[n_regions], rupiah per person and month, poverty line

    Returns
    -------
    dict of float64[n_months, n_regions]
        ``cost_per_person_lifted`` in rupiah per person and ``gap_closed_per_rupiah`` in rupiah of
        the yearly poverty gap per rupiah; NaN in the first twelve months and where no money is
        added or nobody is lifted.
    """

    def year(table: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.full_like(table, np.nan)
        if table.shape[0] > _YEAR:
            running = np.cumsum(table, axis=0)
            total[_YEAR:] = running[_YEAR:] - running[:-_YEAR]
        return total

    def per(part: NDArray[np.float64], whole: NDArray[np.float64], where: Any) -> Any:
        return np.divide(part, whole, out=np.full_like(added, np.nan), where=where)

    added = alternative["yearly_spending"] - baseline["yearly_spending"]
    lifted = baseline["poor_people"] - alternative["poor_people"]
    gaps = [
        found["poverty_gap"] / _PERCENT * found["population"] * lines * _YEAR
        for found in (baseline, alternative)
    ]
    closed = year((gaps[0] - gaps[1]) / _YEAR)
    paid = added > 0.0
    return {
        "cost_per_person_lifted": per(added, lifted, paid & (lifted > 0.0)),
        "gap_closed_per_rupiah": per(closed, added, paid),
    }
