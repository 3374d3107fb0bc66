"""Ten kinds of families, found among simulated households, followed without and with a package.

A family is described only by what the model holds of a household: who lives in it, where, what it
consumes, what the registry knows, what it receives and needs. Who heads it and what work it does
are not known, so that widows, households headed by women and farmers cannot be told apart. Of the
households of a kind in the base month the one in the middle by mean consumption without the package
is followed, since whoever is poor in one month need not be poor in the next; no simulated household
is a real one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.errors import InputError, nearest
from kesos_sim.experiments.compare import check_worlds
from kesos_sim.experiments.following import follow
from kesos_sim.experiments.household_life import HouseholdFollower
from kesos_sim.experiments.household_month import HouseholdMonth
from kesos_sim.experiments.run import Progress, Run
from kesos_sim.kernels.composition import FIELDS, field
from kesos_sim.kernels.registry import LISTED
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.population.needs import KINDS

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.reports.charts.chart import Chart
    from kesos_sim.reports.tables import TextTable
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["TYPES", "Families", "Family", "Traits", "families"]

Mask = NDArray[np.bool_]

_NEAR: Final = 1.5
_WELL_OFF: Final = 1.5
_CHILDREN: Final = 3
_RURAL: Final = 1


@dataclass(frozen=True)
class Traits:
    """What the model holds of households in the base month.

    Attributes
    ----------
    members : int64[n_households] by field of a composition, persons
    welfare : float64[n_households], ratio to the poverty line
    rural, listed, pkh, sembako : bool[n_households], flag
    needs : uint32[n_households], bits, open needs by kind
    """

    members: Mapping[str, NDArray[np.int64]]
    welfare: NDArray[np.float64]
    rural: Mask
    listed: Mask
    pkh: Mask
    sembako: Mask
    needs: NDArray[np.uint32]

    @classmethod
    def of(cls, model: WelfareModel) -> Traits:
        """Read them from a model in its base month."""
        world, people = model.world, model.world.households
        stratum = np.repeat(np.arange(world.layout.n_strata), np.diff(world.layout.stratum_start))
        return cls(
            members={name: field(people.word, name).astype(np.int64) for name in FIELDS},
            welfare=people.welfare.astype(np.float64),
            rural=world.targets.strata.area[stratum] == _RURAL,
            listed=(people.record & LISTED) != 0,
            pkh=(people.enrolled & model.mask("PKH")) != 0,
            sembako=(people.enrolled & model.mask("SEMBAKO")) != 0,
            needs=people.needs.astype(np.uint32),
        )

    @property
    def children(self) -> NDArray[np.int64]:
        """Members below 19 years: int64[n_households], persons."""
        parts = ("age_0_6", "primary", "junior", "senior")
        return np.asarray(sum(self.members[name] for name in parts), np.int64)

    @property
    def poor(self) -> Mask:
        """Households below the poverty line: bool[n_households], flag."""
        return self.welfare < 1.0

    def needs_any(self, *kinds: str) -> Mask:
        """Return who has one of some needs.

        Parameters
        ----------
        *kinds : some of `KINDS`

        Returns
        -------
        bool[n_households], flag
        """
        bits = sum(1 << KINDS.index(kind) for kind in kinds)
        return np.asarray((self.needs & np.uint32(bits)) != 0)


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
    """

    kind: str
    households: float
    found: int
    without: HouseholdFollower | None
    with_package: HouseholdFollower | None

    @property
    def lives(self) -> tuple[tuple[HouseholdMonth, ...], tuple[HouseholdMonth, ...]]:
        """Months without the package and with it; empty where there is no such household."""
        both = (self.without, self.with_package)
        first, second = (() if one is None else tuple(one.months) for one in both)
        return first, second


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
        world = self.model.world
        strata = np.diff(world.layout.stratum_start)
        weight = np.repeat(world.weight, strata) / WEIGHT_UNIT
        found: list[tuple[int | None, int, float]] = []
        for kind in kinds:
            own = np.flatnonzero(TYPES[kind](self.traits))
            middle = own[np.argsort(self.total[own], kind="stable")]
            number = int(middle[middle.size // 2]) if own.size else None
            found.append((number, int(own.size), float(weight[own].sum())))
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
    """
    check_worlds(baseline, [package])
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

    lives, usual = follow(baseline, start, threads=threads, progress=progress)
    others, own = follow(package, start, threads=threads, progress=progress)
    homes = {home.number: home for home in lives.homes}
    with_package = {home.number: home for home in others.homes}
    return Families(
        families=tuple(
            Family(
                kind=kind,
                households=real,
                found=count,
                without=None if number is None else homes[number],
                with_package=None if number is None else with_package[number],
            )
            for kind, (number, count, real) in zip(kinds, chosen, strict=True)
        ),
        baseline=usual,
        package=own,
        seconds=time.perf_counter() - began,
    )
