"""Why: what each part of a package adds to the change, so that the parts add up to the whole.

Levers act on each other: a bylaw gives a body its standing, and a body without members routes
nobody. What one of them adds depends on which others are there already, so the package is lived
with every selection of its levers, and a lever gets the mean of what it adds over all orders in
which the package could be put together (Shapley 1953). With more levers than can be selected in
every way, orders are drawn, each together with its reverse.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.errors import InputError
from kesos_sim.experiments.compare import Comparison, check_worlds, compare
from kesos_sim.experiments.design import Design
from kesos_sim.experiments.executors import Executor, Failure, Processes, usable_workers
from kesos_sim.experiments.outcomes import Outcome, outcomes
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.shapley import by_orders, drawn_orders, prefixes, shapley
from kesos_sim.experiments.store import Store
from kesos_sim.experiments.tables import last_year
from kesos_sim.indicators.definitions import indicator
from kesos_sim.scenario.levers import LEVERS

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.scenario.scenario import Scenario

__all__ = ["BY", "Attribution", "Part", "attribute", "parts_of"]

BY: Final = ("levers", "points")
MOST_EXACT: Final = 9
"""Parts up to which every selection is lived."""
ORDERS: Final = 16
"""Pairs of orders that are drawn where there are more parts."""
_BAND: Final = (10.0, 90.0)
_POINT: Final = "point_"
_OTHER: Final = ("parameters", "events", "programmes")
"""What else a package may decide; the lines that money is taken from go with its levers."""


@dataclass(frozen=True)
class Part:
    """A part of a package.

    Attributes
    ----------
    name : a lever, ``point_4`` for a point of the agreement, or what else is decided
    levers : levers that belong to it
    """

    name: str
    levers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attribution:
    """What the parts of a package add.

    Attributes
    ----------
    comparison : baseline and package as written, for titles, sources and provenance
    parts : the parts, in the order of the package
    regions : codes of the whole region and its provinces
    period : ``year`` if figures are means of the last twelve months, ``month`` for the last one,
        ``path`` if the change is that from the base month to the last
    before : float64[n_worlds, n_regions] by indicator, without any part
    added : float64[n_worlds, n_parts, n_regions] by indicator, what each part adds
    error : float64[n_parts, n_regions] by indicator, standard error of drawn orders; 0 where every
        selection was lived
    without_effect : what the whole package changes by indicator in the whole region if
        coordination does nothing; None where it does not rest on coordination
    orders : orders that were drawn; 0 where every selection was lived
    lives : runs behind it
    seconds : time taken
    """

    comparison: Comparison
    parts: tuple[Part, ...]
    regions: tuple[str, ...]
    period: str
    before: Mapping[str, NDArray[np.float64]]
    added: Mapping[str, NDArray[np.float64]]
    error: Mapping[str, NDArray[np.float64]]
    without_effect: Mapping[str, float] | None
    orders: int
    lives: int
    seconds: float

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        worlds = next(iter(self.before.values())).shape[0]
        return self.comparison.provenance | {"seconds": self.seconds, "replicates": worlds}

    def frame(self) -> pd.DataFrame:
        """Return a tidy frame.

        Returns
        -------
        pandas.DataFrame
            One row for each part, region and indicator, and one under ``total`` for the package:
            part, region, indicator, before, added (mean over worlds), low, high (10th and 90th
            percentile of the worlds; missing with one world), error, unit.
        """
        return self._frame

    @cached_property
    def _frame(self) -> pd.DataFrame:
        import pandas as pd

        blocks = []
        for name, added in self.added.items():
            whole = np.concatenate([added, added.sum(axis=1, keepdims=True)], axis=1)
            low, high = np.percentile(whole, _BAND, axis=0)
            if whole.shape[0] == 1:
                low, high = np.full((2, *low.shape), np.nan)
            of_total = np.zeros((1, len(self.regions)))
            columns = {
                "before": np.broadcast_to(self.before[name].mean(axis=0), low.shape),
                "added": whole.mean(axis=0),
                "low": low,
                "high": high,
                "error": np.concatenate([self.error[name], of_total]),
            }
            names = [part.name for part in self.parts] + ["total"]
            block = pd.DataFrame({key: value.ravel() for key, value in columns.items()})
            block.insert(0, "part", np.repeat(names, len(self.regions)))
            block.insert(1, "region", np.tile(self.regions, len(names)))
            block.insert(2, "indicator", name)
            block["unit"] = indicator(name).unit
            blocks.append(block)
        return pd.concat(blocks, ignore_index=True)

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Return what adds how much, in sentences."""
        from kesos_sim.reports.why import sentences

        found: tuple[str, ...] = sentences(self, lang)
        return found

    def chart(self, name: str = "poverty_rate", lang: str = "id") -> Any:
        """Return the waterfall of an indicator."""
        from kesos_sim.reports.charts.waterfall import waterfall

        return waterfall(self, name, lang)


def parts_of(baseline: Scenario, package: Scenario, by: str = BY[0]) -> tuple[Part, ...]:
    """Return the parts of a package.

    Parameters
    ----------
    baseline : the scenario without the package
    package : the scenario with it
    by : one of `BY`: each lever alone, or those of one point of the agreement together

    Returns
    -------
    tuple of Part

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> today = load_scenario("scenarios/baseline.yaml")
    >>> whole = load_scenario("scenarios/apbd-apbn-10.yaml")
    >>> [part.name for part in parts_of(today, whole)], parts_of(today, whole, "points")[0].name
    (['apbd_poverty_share', 'apbn_poverty_share'], 'point_4')
    """
    moved = [name for name in LEVERS if package.levers.get(name) != baseline.levers.get(name)]
    groups: dict[str, list[str]] = {}
    for name in moved:
        point = LEVERS[name].point
        own = name if by == BY[0] or point is None else f"{_POINT}{point}"
        groups.setdefault(own, []).append(name)
    found = [Part(name, tuple(levers)) for name, levers in groups.items()]
    found += [Part(name) for name in _OTHER if getattr(package, name) != getattr(baseline, name)]
    return tuple(found)


def selected(
    baseline: Scenario, package: Scenario, parts: Sequence[Part], selection: int
) -> Scenario:
    """Return the baseline with some parts of a package.

    Parameters
    ----------
    baseline : the scenario without the package
    package : the scenario with it
    parts : the parts of the package
    selection : bits, one for each part

    Returns
    -------
    Scenario
    """
    if selection == 0:
        return baseline
    levers = dict(baseline.levers)
    others: dict[str, Any] = {}
    for place, part in enumerate(parts):
        if selection >> place & 1:
            for lever in part.levers:
                levers.pop(lever, None)
                if lever in package.levers:
                    levers[lever] = package.levers[lever]
            if not part.levers:
                others[part.name] = getattr(package, part.name)
    return replace(
        baseline,
        name=package.name,
        title=package.title,
        levers=levers,
        funding_sources=package.funding_sources,
        root=baseline.root or baseline,
        **others,
    )


def attribute(
    baseline: Scenario,
    package: Scenario,
    by: str = BY[0],
    worlds: int = 1,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
    *,
    orders: int = ORDERS,
) -> Attribution:
    """Find what each part of a package adds.

    Parameters
    ----------
    baseline : the scenario without the package
    package : the scenario with it
    by : one of `BY`
    worlds : in how many worlds; the first is that of the scenarios as written
    executor : who computes; processes of this machine when left out
    store : who remembers finished runs
    progress : told what is being done
    orders : pairs of orders that are drawn where there are more than `MOST_EXACT` parts

    Returns
    -------
    Attribution

    Raises
    ------
    InputError
        If the scenarios cannot be compared, or the package changes nothing.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> why = attribute(today, bare, executor=Serial())
    >>> added = why.frame().query("indicator == 'poverty_rate'").set_index("part")["added"]
    >>> added.index.tolist(), bool(added["social_assistance"] == added["total"] > 0.0)
    (['social_assistance', 'total'], True)
    """
    check_worlds(baseline, [package])
    parts = parts_of(baseline, package, by)
    if not parts:
        raise InputError("KS3024", "experiments.no_parts", file=package.name)
    began = time.perf_counter()
    comparison = compare(baseline, [package], progress=progress, draws=0, store=store)
    exact = len(parts) <= MOST_EXACT
    drawn = [] if exact else drawn_orders(len(parts), orders, baseline.seed)
    wanted = (
        range(1 << len(parts))
        if exact
        else sorted({selection for order in drawn for selection in prefixes(order)})
    )
    who = executor or Processes(usable_workers(len(wanted) * worlds))
    design = Design()
    lived: list[dict[int, Outcome]] = []
    pairs = [
        tuple(design.world(one, world) if world else one for one in (baseline, package))
        for world in range(worlds)
    ]
    jobs = (
        selected(first, second, parts, selection) for first, second in pairs for selection in wanted
    )
    total = len(wanted) * worlds
    for number, outcome in enumerate(_in_order(jobs, who, store, total, progress)):
        if number % len(wanted) == 0:
            lived.append({})
        lived[-1][wanted[number % len(wanted)]] = outcome
    names = [name for name in lived[0][0].figures if _known_everywhere(lived, name)]
    tables = [
        {
            selection: np.stack([last_year(outcome.figures[name]) for name in names])
            for selection, outcome in of_world.items()
        }
        for of_world in lived
    ]
    found = [
        (shapley(values, len(parts)), np.zeros((len(parts), *values[0].shape)))
        if exact
        else by_orders(values, drawn)
        for values in tables
    ]
    added = np.stack([one for one, _ in found])
    error = np.stack([one for _, one in found]).mean(axis=0) / np.sqrt(worlds)
    before = np.stack([values[0] for values in tables])
    return Attribution(
        comparison=comparison,
        parts=parts,
        regions=lived[0][0].regions,
        period="year",
        before={name: before[:, place] for place, name in enumerate(names)},
        added={name: added[:, :, place] for place, name in enumerate(names)},
        error={name: error[:, place] for place, name in enumerate(names)},
        without_effect=_without(comparison, names),
        orders=len(drawn),
        lives=total,
        seconds=time.perf_counter() - began,
    )


def _in_order(
    scenarios: Iterable[Scenario],
    executor: Executor,
    store: Store | None,
    total: int,
    progress: Progress | None,
) -> Iterator[Outcome]:
    """Yield outcomes in the order of their scenarios; a run that fails ends it."""
    early: dict[int, Outcome] = {}
    turn = 0
    with outcomes(scenarios, executor, store) as found:
        for done, (number, outcome) in enumerate(found, start=1):
            if isinstance(outcome, Failure):
                raise outcome.error
            early[number] = outcome
            if progress is not None:
                progress("runs", done, total)
            while turn in early:
                yield early.pop(turn)
                turn += 1


def _known_everywhere(lived: Sequence[Mapping[int, Outcome]], name: str) -> bool:
    """Return whether an indicator has a value in the last year of every run and region."""
    return all(
        name in outcome.figures and not np.isnan(last_year(outcome.figures[name])).any()
        for of_world in lived
        for outcome in of_world.values()
    )


def _without(comparison: Comparison, names: Sequence[str]) -> Mapping[str, float] | None:
    """Return what the package changes where coordination has no effect."""
    pair = comparison.without_effect
    if pair is None:
        return None
    ((name, package),) = pair.alternatives.items()
    both = package.keys() & pair.baseline.keys()
    return {one: pair.change(name, one) for one in names if one in both}
