"""Ten kinds of families, found among simulated households, followed without and with a package.

A family is described only by what the model holds of a household: who lives in it, where, what it
consumes, what the registry knows, what it receives and needs, whether somebody is able to work and
whether its house is fit. Who heads it and what work it does are not known, so that widows,
households headed by women and farmers cannot be told apart. Of the households of a kind in the base
month the one in the middle by mean consumption without the package is followed, since whoever is
poor in one month need not be poor in the next; no simulated household is a real one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kesos_sim.errors import InputError, nearest
from kesos_sim.experiments.following import follow
from kesos_sim.experiments.household_life import HouseholdFollower
from kesos_sim.experiments.household_month import HouseholdMonth
from kesos_sim.experiments.household_traits import Traits
from kesos_sim.experiments.run import Progress, Run
from kesos_sim.experiments.sights import pair_of

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.reports.charts.chart import Chart
    from kesos_sim.reports.tables import TextTable
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["TYPES", "Families", "Family", "families"]

_NEAR: Final = 1.5
_WELL_OFF: Final = 1.5
_CHILDREN: Final = 3


TYPES: Final[Mapping[str, Callable[[Traits], Any]]] = MappingProxyType(
    {
        "lone_elderly": lambda of: (of.members["size"] == 1) & (of.members["elderly_60"] == 1),
        "poor_unlisted": lambda of: of.rural & of.poor & ~of.listed & (of.children >= _CHILDREN),
        "pkh": lambda of: of.pkh & (of.children > 0),
        "disabled": lambda of: of.members["disabled_under_60"] + of.members["disabled_elderly"] > 0,
        "near_poor_urban": lambda of: (
            ~of.rural & ~of.poor & (of.welfare < _NEAR) & (of.children > 0)
        ),
        "elder_and_child": lambda of: (of.members["elderly_60"] > 0) & (of.children > 0),
        "toddler_poor": lambda of: (
            of.poor & ((of.members["age_0_6"] > 0) | (of.members["pregnant"] > 0))
        ),
        "poor_without_help": lambda of: of.poor & of.listed & ~of.pkh & ~of.sembako,
        "in_need": lambda of: of.needs_any(
            "neglected_elderly", "neglected_children", "mental_disorder", "violence", "homeless"
        ),
        "helped_not_poor": lambda of: (of.welfare >= _WELL_OFF) & (of.pkh | of.sembako),
    }
)
"""Kinds of families, and who belongs to them."""


@dataclass(frozen=True)
class Family:
    """A family of a kind, followed without and with the package.

    Attributes
    ----------
    kind : one of `TYPES`
    households : real households of this kind in the base month
    found : simulated ones
    without, with_package : the followers, with what they saw; None if there is no such household
    idle : the same two in a world in which coordination changes nothing; None where the package
        does not rest on coordination, or there is no such household
    """

    kind: str
    households: float
    found: int
    without: HouseholdFollower | None
    with_package: HouseholdFollower | None
    idle: tuple[HouseholdFollower, HouseholdFollower] | None = None

    @property
    def lives(self) -> tuple[tuple[HouseholdMonth, ...], tuple[HouseholdMonth, ...]]:
        """Months without the package and with it; empty where there is no such household."""
        both = (self.without, self.with_package)
        first, second = (() if one is None else tuple(one.months) for one in both)
        return first, second

    @property
    def idle_lives(self) -> tuple[tuple[HouseholdMonth, ...], tuple[HouseholdMonth, ...]] | None:
        """The same if coordination did nothing; None where that is no other case."""
        return self.idle and (tuple(self.idle[0].months), tuple(self.idle[1].months))


@dataclass(frozen=True)
class Families:
    """Families of several kinds.

    Attributes
    ----------
    families : one for each kind
    baseline, package : the runs
    seconds : time taken
    """

    families: tuple[Family, ...]
    baseline: Run
    package: Run
    seconds: float

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        return self.package.provenance | {"seconds": self.seconds}

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Say how many families of each kind there are, and what the package brings them."""
        from kesos_sim.reports.measures import families as told

        return told.sentences(self, lang)

    def charts(self, lang: str = "id") -> tuple[Chart, ...]:
        """Draw consumption against the line, one chart for each family that was found."""
        from kesos_sim.reports.measures import families_charts as told

        return told.charts(self, lang)

    def tables(self, lang: str = "id") -> tuple[TextTable, ...]:
        """List the kinds, and month by month what reached each family and from whom."""
        from kesos_sim.reports.measures import families as told

        return told.tables(self, lang)

    def story(self, kind: str, lang: str = "id") -> tuple[str, ...]:
        """Tell the life of a family of a kind with the package, year by year."""
        from kesos_sim.reports.measures import families as told

        return told.story(self, kind, lang)


class _Sample:
    """Sees everybody: who is of which kind in the base month, and what all consume since then."""

    def __init__(self, model: WelfareModel) -> None:
        self.model, self.traits = model, Traits.of(model)
        self.total = np.zeros(self.traits.welfare.size)

    def before(self) -> None:
        """See nothing."""

    def after(self) -> None:
        """Add up the consumption of the month."""
        self.total += self.model.world.households.welfare

    def chosen(self, kinds: Sequence[str]) -> list[tuple[int | None, int, float]]:
        """Return the household in the middle of each kind, how many there are, and real ones."""
        found: list[tuple[int | None, int, float]] = []
        for kind in kinds:
            own = np.flatnonzero(TYPES[kind](self.traits))
            middle = own[np.argsort(self.total[own], kind="stable")]
            number = int(middle[middle.size // 2]) if own.size else None
            found.append((number, int(own.size), float(self.traits.weight[own].sum())))
        return found


class _Several:
    """Follows several households of one model."""

    def __init__(self, model: WelfareModel, numbers: Sequence[int]) -> None:
        self.homes = [HouseholdFollower(model, number) for number in numbers]

    def before(self) -> None:
        """Look before the model lives a month."""
        for home in self.homes:
            home.before()

    def after(self) -> None:
        """Look after the model has lived a month."""
        for home in self.homes:
            home.after()


def families(
    baseline: Scenario,
    package: Scenario,
    kinds: Sequence[str] = tuple(TYPES),
    threads: int | None = None,
    progress: Progress | None = None,
) -> Families:
    """Follow one family of each kind without a package and with it.

    Where the package rests on coordination, both are lived again as if coordination did nothing.

    Parameters
    ----------
    baseline : the scenario without the package
    package : the scenario with it
    kinds : names of `TYPES`
    threads : threads of the kernels
    progress : told what is being done

    Returns
    -------
    Families

    Raises
    ------
    InputError
        If a kind is not known, or the scenarios are not of one world.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> world = {"region": "3316", "households": 2000, "months": 2}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> found = families(today, bare, ["lone_elderly"])
    >>> "a family of 1, 1 aged 60 and over" in found.story("lone_elderly", "en")[0]
    True
    """
    scenarios = pair_of(baseline, package)
    for kind in kinds:
        if kind not in TYPES:
            raise InputError(
                "KS8020",
                "measures.unknown_family",
                field="kinds",
                got=kind,
                expected=", ".join(TYPES),
                suggestion=nearest(kind, TYPES),
            )
    began = time.perf_counter()
    everybody, _ = follow(baseline, _Sample, threads=threads, progress=progress)
    chosen = everybody.chosen(kinds)
    numbers = list(dict.fromkeys(number for number, _, _ in chosen if number is not None))

    def start(model: WelfareModel) -> _Several:
        return _Several(model, numbers)

    lived = [follow(one, start, threads=threads, progress=progress) for one in scenarios]
    homes = [{home.number: home for home in lives.homes} for lives, _ in lived]

    def family(kind: str, number: int | None, count: int, real: float) -> Family:
        if number is None:
            return Family(kind, real, count, None, None)
        usual, own, *idle = (one[number] for one in homes)
        return Family(kind, real, count, usual, own, (idle[0], idle[1]) if idle else None)

    return Families(
        families=tuple(
            family(kind, number, count, real)
            for kind, (number, count, real) in zip(kinds, chosen, strict=True)
        ),
        baseline=lived[0][1],
        package=lived[1][1],
        seconds=time.perf_counter() - began,
    )
