"""Who gains and who loses by a package: the same simulated households with it and without it.

Both lives have the same random numbers, so that a household has the same members, illnesses and
floods in both, and what differs in the same month is what the package does to it. Five classes of
change tell how much, tenths of people from the poorest to the richest tell to whom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.experiments.compare import Comparison
from kesos_sim.experiments.executors import Executor
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.sights import pair_of, sights
from kesos_sim.kernels.composition import field
from kesos_sim.kernels.registry import LISTED
from kesos_sim.population.households import WEIGHT_UNIT

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.reports.charts.chart import Chart
    from kesos_sim.reports.tables import TextTable
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["CLASSES", "TENTHS", "Sight", "Winners", "classes", "tenths", "winners"]

Floats = NDArray[np.float64]

CLASSES: Final = ("gain_large", "gain", "same", "loss", "loss_large")
"""More than 5% more, 0.5% to 5% more, no change within 0.5%, 0.5% to 5% less, more than 5% less."""
LARGE, SMALL = 5.0, 0.5
"""Percent of consumption that part the classes."""
TENTHS: Final = 10
_NEAR: Final = 1.5
_RURAL: Final = 1
_LOST: Final = CLASSES.index("loss")
_TINY: Final = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class Sight:
    """Households at the end of a life.

    Attributes
    ----------
    welfare : float64[n_households], ratio to the poverty line, consumption per person
    line : float64[n_households], rupiah per person and month, poverty line
    people : float64[n_households], persons, real ones that it stands for
    traits : bool[n_households] by name, flag, what is known of a household
    """

    welfare: Floats
    line: Floats
    people: Floats
    traits: Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True)
class Winners:
    """Who gains and who loses.

    Attributes
    ----------
    comparison : the package against the baseline
    shares : float64[11, 5], percent, people of everybody (first) and of each tenth by class
    mean : float64[11], rupiah per person and month, mean change likewise
    people : float64[11], persons, real ones
    without_effect : float64[11, 5], percent, the same shares if coordination did nothing, with
        tenths of that world; None where the package does not rest on coordination
    traits : percent of those who lose and percent of everybody, by trait
    """

    comparison: Comparison
    shares: Floats
    mean: Floats
    people: Floats
    without_effect: Floats | None
    traits: Mapping[str, tuple[float, float]]

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        return self.comparison.provenance

    @property
    def losers(self) -> float:
        """Percent of people who lose more than 0.5% of their consumption."""
        return float(self.shares[0, _LOST:].sum())

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Say who gains and who loses."""
        from kesos_sim.reports.measures import winners as told

        return told.sentences(self, lang)

    def charts(self, lang: str = "id") -> tuple[Chart, ...]:
        """Draw classes by tenth."""
        from kesos_sim.reports.measures import winners as told

        return told.charts(self, lang)

    def tables(self, lang: str = "id") -> tuple[TextTable, ...]:
        """List classes by tenth, and who the losers are."""
        from kesos_sim.reports.measures import winners as told

        return told.tables(self, lang)


def winners(
    baseline: Scenario,
    package: Scenario,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Winners:
    """Find who gains and who loses in the last month.

    Parameters
    ----------
    baseline : the scenario without the package
    package : the scenario with it
    executor : who lives them; processes of this machine when left out
    progress : told what is being done

    Returns
    -------
    Winners

    Raises
    ------
    InputError
        If the scenarios are not of one world.
    """
    comparison, seen = sights(pair_of(baseline, package), see, executor, progress)
    before, after, *idle = seen
    change = classes(before.welfare, after.welfare)
    rank = tenths(before.welfare, before.people)
    people = _people(change, rank, before.people)
    rupiah = (after.welfare - before.welfare) * before.line
    money = np.bincount(rank, rupiah * before.people, TENTHS)
    persons = people.sum(axis=1)
    without = None
    if idle:
        usual, moved = idle
        own = classes(usual.welfare, moved.welfare)
        without = _shares(_people(own, tenths(usual.welfare, usual.people), usual.people))
    return Winners(
        comparison=comparison,
        shares=_shares(people),
        mean=np.append(money.sum(), money) / np.maximum(persons, _TINY),
        people=persons,
        without_effect=without,
        traits=_traits(change >= _LOST, before),
    )


def see(model: WelfareModel) -> Sight:
    """Look at the households of a model.

    Parameters
    ----------
    model : a model at the end of a month

    Returns
    -------
    Sight
    """
    world, people = model.world, model.world.households
    strata = world.targets.strata
    stratum = np.repeat(np.arange(world.layout.n_strata), np.diff(world.layout.stratum_start))
    of: Mapping[str, Any] = {
        name: field(people.word, name)
        for name in ("size", "age_0_6", "primary", "junior", "senior", "elderly_60")
    }
    disabled = field(people.word, "disabled_under_60") + field(people.word, "disabled_elderly")
    rural = strata.area[stratum] == _RURAL
    welfare = people.welfare.astype(np.float64)
    regular = (people.enrolled & model.mask("PKH", "SEMBAKO")) != 0
    return Sight(
        welfare=welfare,
        line=strata.line[stratum].astype(np.float64),
        people=of["size"].astype(np.float64) * world.weight[stratum] / WEIGHT_UNIT,
        traits={
            "rural": rural,
            "urban": ~rural,
            "unlisted": (people.record & LISTED) == 0,
            "assisted": regular,
            "not_assisted": ~regular,
            "children": of["age_0_6"] + of["primary"] + of["junior"] + of["senior"] > 0,
            "elderly": of["elderly_60"] > 0,
            "disabled": disabled > 0,
            "in_need": people.needs != 0,
            "poor": welfare < 1.0,
            "near_poor": (welfare >= 1.0) & (welfare < _NEAR),
        },
    )


def classes(before: Floats, after: Floats) -> NDArray[np.int64]:
    """Return the class of change of each household.

    Parameters
    ----------
    before, after : float64[n_households], ratio to the poverty line, consumption per person

    Returns
    -------
    int64[n_households], index into `CLASSES`
    """
    percent = np.zeros(before.shape)
    some = before > 0.0
    percent[some] = 100.0 * (after[some] - before[some]) / before[some]
    percent[~some & (after > 0.0)] = np.inf
    edges = (percent > LARGE, percent > SMALL, percent >= -SMALL, percent >= -LARGE)
    return np.asarray(np.select(edges, range(len(edges)), len(edges)), np.int64)


def tenths(welfare: Floats, people: Floats) -> NDArray[np.int64]:
    """Return the tenth of people that each household belongs to, by its middle person.

    Parameters
    ----------
    welfare : float64[n_households], ratio to the poverty line, consumption per person
    people : float64[n_households], persons

    Returns
    -------
    int64[n_households], tenth, from 0 for the poorest
    """
    order = np.argsort(welfare, kind="stable")
    middle = np.empty(welfare.size)
    middle[order] = np.cumsum(people[order]) - people[order] / 2.0
    rank = (TENTHS * middle / people.sum()).astype(np.int64)
    return np.asarray(np.minimum(rank, TENTHS - 1))


def _people(change: NDArray[np.int64], rank: NDArray[np.int64], people: Floats) -> Floats:
    """Return people by class of everybody and of each tenth."""
    count = np.zeros((TENTHS, len(CLASSES)))
    np.add.at(count, (rank, change), people)
    return np.concatenate([count.sum(axis=0, keepdims=True), count])


def _shares(people: Floats) -> Floats:
    """Return the percentage of each row that is in each class."""
    return np.asarray(100.0 * people / np.maximum(people.sum(axis=1, keepdims=True), _TINY))


def _traits(lost: NDArray[np.bool_], sight: Sight) -> dict[str, tuple[float, float]]:
    """Return percent of losers and of everybody who have each trait; empty without losers."""
    losing, everybody = float(sight.people[lost].sum()), float(sight.people.sum())
    if losing <= 0.0:
        return {}

    def percent(mask: NDArray[np.bool_], whole: float) -> float:
        return 100.0 * float(sight.people[mask].sum()) / whole

    return {
        name: (percent(mask & lost, losing), percent(mask, everybody))
        for name, mask in sight.traits.items()
    }


def most_lost(found: Winners, least: float = 20.0) -> Sequence[str]:
    """Return the traits that losers have more often than others, the most telling first.

    Parameters
    ----------
    found : who gains and who loses
    least : percent of losers who must have the trait

    Returns
    -------
    sequence of str
    """
    telling = {
        name: part / whole
        for name, (part, whole) in found.traits.items()
        if part >= least and part > whole > 0.0
    }
    return sorted(telling, key=lambda name: -telling[name])
