"""What a rupiah buys: levers and packages at several strengths, and where each saturates.

Every strength is lived against the same baseline in the same worlds. People who leave poverty, the
poverty gap that is closed and the people in need who are served more are set against what
governments spend more, all of the last twelve months. The gain of the next rupiah, from one
strength to the next, tells where more money stops to help as it did at first.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.errors import InputError, nearest
from kesos_sim.experiments.compare import Comparison, compare
from kesos_sim.experiments.executors import Executor
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.store import Store
from kesos_sim.experiments.strength import Candidate, Step, steps_of
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from kesos_sim.reports.charts.chart import Chart
    from kesos_sim.reports.tables import TextTable
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["GAINS", "STRENGTHS", "Line", "Worth", "interval", "worth"]

Floats = NDArray[np.float64]
Figures = Mapping[str, Floats]
_World = tuple[Figures, Mapping[str, Figures]]
"""Figures of the baseline, and of every alternative by name."""

GAINS: Final = ("people_out", "gap_closed", "people_served")
"""People who leave poverty, rupiah of the yearly poverty gap that are closed, people in need whom
somebody serves beyond those served anyway."""
STRENGTHS: Final = (0.25, 0.5, 0.75, 1.0)
DRAWS: Final = 2
BILLION: Final = 1e9
_HALF: Final = 0.5
_LEAST_RUPIAH: Final = 1.0
_STUCK: Final = 0.01
"""Part of the first strength's cost below which a further one counts as spending no more."""
_BAND: Final = (10.0, 90.0)


@dataclass(frozen=True)
class Line:
    """A candidate at its strengths; the first world is the one of the scenarios as written.

    Attributes
    ----------
    candidate : name of the lever or package
    title : name on screens by language
    strengths : parts of the way from today to the full setting
    cost : float64[n_worlds, n_strengths], rupiah a year that governments spend more
    gain : float64[n_worlds, n_strengths] by one of `GAINS`, persons, and rupiah a year of the gap
    without : float64[n_strengths] likewise, if coordination did nothing, in a world of its own;
        empty where the candidate does not rest on coordination
    without_cost : float64[n_strengths], rupiah a year in that world
    """

    candidate: str
    title: Mapping[str, str]
    strengths: tuple[float, ...]
    cost: Floats
    gain: Mapping[str, Floats]
    without: Mapping[str, Floats]
    without_cost: Floats

    @property
    def costs(self) -> bool:
        """Whether governments spend more at full strength, in every world."""
        return bool((self.cost[:, -1] > _LEAST_RUPIAH).all())

    def per_billion(self, name: str, step: int = -1) -> Floats:
        """Return what a billion rupiah a year buys.

        Parameters
        ----------
        name : one of `GAINS`
        step : place of the strength

        Returns
        -------
        float64[n_worlds], persons or rupiah per billion rupiah; NaN where nothing is spent
        """
        return _per(self.gain[name][:, step], self.cost[:, step])

    def without_per_billion(self, name: str, step: int = -1) -> float:
        """Return the same if coordination did nothing; NaN if that is not told."""
        if name not in self.without:
            return float("nan")
        return float(_per(self.without[name][[step]], self.without_cost[[step]])[0])

    def marginal(self, name: str) -> Floats:
        """Return what the next billion buys from one strength to the next, the first from nothing.

        Parameters
        ----------
        name : one of `GAINS`

        Returns
        -------
        float64[n_worlds, n_strengths], persons or rupiah per billion rupiah; NaN where a strength
        spends no more than the one before
        """
        more, spent = (
            np.diff(table, axis=1, prepend=0.0) for table in (self.gain[name], self.cost)
        )
        return _per(more, spent)

    def starts(self, name: str) -> bool:
        """Return whether the first rupiah gives anything, without which none gives less."""
        return bool(self.marginal(name)[0, 0] > 0.0)

    def saturates(self, name: str) -> int | None:
        """Return from which strength on the next rupiah gives less than half of the first.

        Parameters
        ----------
        name : one of `GAINS`

        Returns
        -------
        int or None
            Place of the strength; None where that does not happen or the first gives nothing.
        """
        if not self.starts(name):
            return None
        marginal = self.marginal(name)[0]
        low = np.flatnonzero(marginal[1:] < _HALF * marginal[0])
        return int(low[0]) + 1 if low.size else None

    def stalls(self) -> int | None:
        """Return from which strength on governments can spend no more: a place, or None."""
        more = np.diff(self.cost[0])
        stuck = np.flatnonzero(more <= _STUCK * self.cost[0, 0])
        return int(stuck[0]) + 1 if stuck.size else None

    def agreeing(self, name: str, step: int) -> int:
        """Return in how many worlds the rupiah of a strength gives less than half of the first."""
        marginal = self.marginal(name)
        return int((marginal[:, step] < _HALF * marginal[:, 0]).sum())


@dataclass(frozen=True)
class Worth:
    """What a rupiah buys.

    Attributes
    ----------
    lines : the candidates, in the order asked for
    comparisons : the runs behind them, one for each baseline that they stand on
    seconds : time taken
    """

    lines: tuple[Line, ...]
    comparisons: tuple[Comparison, ...]
    seconds: float

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        return self.comparisons[0].provenance | {"seconds": self.seconds}

    def ranked(self, name: str = "people_out") -> tuple[Line, ...]:
        """Return the candidates that cost something, the one that gives most per rupiah first."""
        paid = [line for line in self.lines if line.costs]
        return tuple(sorted(paid, key=lambda line: -float(line.per_billion(name)[0])))

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Say what gives most per rupiah, and where it saturates."""
        from kesos_sim.reports.measures import worth as told

        return told.sentences(self, lang)

    def charts(self, lang: str = "id") -> tuple[Chart, ...]:
        """Draw the ranking with its ranges, and the gain of the next rupiah."""
        from kesos_sim.reports.measures import worth_charts as told

        return told.charts(self, lang)

    def tables(self, lang: str = "id") -> tuple[TextTable, ...]:
        """List every strength of every candidate."""
        from kesos_sim.reports.measures import worth as told

        return told.tables(self, lang)


def worth(
    baseline: Scenario,
    candidates: Sequence[str | Scenario],
    strengths: Sequence[float] = STRENGTHS,
    draws: int = DRAWS,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> Worth:
    """Find what levers and packages buy per rupiah at several strengths.

    Parameters
    ----------
    baseline : the scenario without any of them
    candidates : names of levers, moved as far as they go, and packages as scenarios
    strengths : parts of the way from today to the full setting, ascending, above 0 and up to 1
    draws : further worlds behind the intervals
    executor : who lives the draws; processes of this machine when left out
    store : who remembers finished runs
    progress : told what is being done

    Returns
    -------
    Worth

    Raises
    ------
    InputError
        If a lever is not known or moved by the baseline itself, a package is of another world,
        strengths are not ascending, or the run is shorter than a year.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> world = {"region": "3316", "households": 2000, "months": 12}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> found = worth(today, ["slrt_capacity", "pkh_amount"], (0.5, 1.0), 0, Serial())
    >>> [line.candidate for line in found.ranked("people_out")]
    ['pkh_amount', 'slrt_capacity']
    """
    _check(baseline, candidates, strengths)
    began = time.perf_counter()
    wanted = [
        Candidate.of_lever(one, baseline)
        if isinstance(one, str)
        else Candidate.of_package(one, baseline)
        for one in candidates
    ]
    steps = {one.name: steps_of(one, strengths) for one in wanted}
    grounds: dict[str, list[Candidate]] = {}
    for one in wanted:
        grounds.setdefault(one.ground.hash, []).append(one)
    comparisons: list[Comparison] = []
    lines: dict[str, Line] = {}
    for group in grounds.values():
        every = [step.scenario for one in group for step in steps[one.name]]
        found = compare(
            group[0].ground,
            every,
            progress=progress,
            draws=draws,
            executor=executor,
            store=store,
        )
        comparisons.append(found)
        lines |= {one.name: _line(one, steps[one.name], found) for one in group}
    return Worth(
        lines=tuple(lines[one.name] for one in wanted),
        comparisons=tuple(comparisons),
        seconds=time.perf_counter() - began,
    )


def _check(
    baseline: Scenario, candidates: Sequence[str | Scenario], strengths: Sequence[float]
) -> None:
    """Refuse what cannot be ranked."""
    for name in candidates:
        if not isinstance(name, str):
            continue
        if name not in LEVERS:
            raise InputError(
                "KS8000",
                "measures.unknown_lever",
                field="candidates",
                got=name,
                suggestion=nearest(name, LEVERS),
            )
        if name in baseline.levers:
            raise InputError("KS8001", "measures.moved_already", file=baseline.name, field=name)
    ascending = all(a < b for a, b in zip((0.0, *strengths), strengths, strict=False))
    if not strengths or not ascending or strengths[-1] > 1.0:
        raise InputError("KS8002", "measures.bad_strengths", field="strengths", got=list(strengths))
    if baseline.months < MONTHS_PER_YEAR:
        raise InputError("KS8003", "measures.too_short", file=baseline.name, got=baseline.months)


def _line(candidate: Candidate, steps: Sequence[Step], found: Comparison) -> Line:
    """Return what a candidate costs and gains in every world."""
    runs = {run.scenario.name: run for run in found.alternatives}
    base = found.baseline
    line = base.lines[base.regions[0]]
    worlds: list[_World] = [(base.figures, {name: run.figures for name, run in runs.items()})]
    worlds += [(pair.baseline, pair.alternatives) for pair in found.pairs]
    names = [step.scenario.name for step in steps]

    def table(measure: str, among: Sequence[_World]) -> Floats:
        return np.array(
            [
                [_measures(usual, others[name], line)[measure] for name in names]
                for usual, others in among
            ]
        )

    idle = found.without_effect
    rests = idle is not None and all(name in idle.alternatives for name in names)
    weak: list[_World] = [(idle.baseline, idle.alternatives)] if idle is not None and rests else []
    return Line(
        candidate=candidate.name,
        title=candidate.title,
        strengths=tuple(step.strength for step in steps),
        cost=table("cost", worlds),
        gain={name: table(name, worlds) for name in GAINS},
        without={name: table(name, weak)[0] for name in GAINS} if weak else {},
        without_cost=table("cost", weak)[0] if weak else np.zeros(0),
    )


def _measures(usual: Figures, own: Figures, line: float) -> dict[str, float]:
    """Return cost and gains of the last twelve months in the whole region.

    Rupiah a year, persons, rupiah a year of the gap, and persons in need who are served.
    """

    def last(figures: Figures, name: str) -> Floats:
        return figures[name][-MONTHS_PER_YEAR:, 0]

    def gap(figures: Figures) -> float:
        short = last(figures, "poverty_gap") / 100.0 * last(figures, "population")
        return float((short * line).sum())

    return {
        "cost": float((last(own, "budget_spent") - last(usual, "budget_spent")).sum()),
        "people_out": float((last(usual, "poor_people") - last(own, "poor_people")).mean()),
        "gap_closed": gap(usual) - gap(own),
        "people_served": float((last(own, "cases_served") - last(usual, "cases_served")).mean()),
    }


def _per(gain: Floats, cost: Floats) -> Floats:
    """Return gain per billion rupiah, NaN where nothing is spent."""
    found = np.full(np.broadcast_shapes(gain.shape, cost.shape), np.nan)
    return np.asarray(np.divide(gain * BILLION, cost, out=found, where=cost > _LEAST_RUPIAH))


def interval(values: Floats) -> tuple[float, float]:
    """Return the 10th and 90th percentile of worlds, widened to hold the first.

    Parameters
    ----------
    values : float64[n_worlds], any unit, the world of the scenarios as written first

    Returns
    -------
    tuple of float
        NaN where there is only one world or a world has no value.
    """
    if values.size == 1 or not np.isfinite(values).all():
        return float("nan"), float("nan")
    low, high = np.percentile(values[1:], _BAND)
    return min(float(low), float(values[0])), max(float(high), float(values[0]))
