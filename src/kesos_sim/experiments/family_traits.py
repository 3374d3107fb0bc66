"""Families like this one: simulated households by what they are, and one of them followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.errors import InputError
from kesos_sim.experiments.following import follow
from kesos_sim.experiments.household_life import HouseholdFollower
from kesos_sim.experiments.run import Progress, sensible_threads
from kesos_sim.kernels.composition import field
from kesos_sim.kernels.registry import LISTED
from kesos_sim.model.opening import open_model
from kesos_sim.population.households import WEIGHT_UNIT

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["MEMBERS", "Family", "Traits", "families", "followed"]

MEMBERS: Final = {
    "small_children": ("age_0_6",),
    "school_children": ("primary", "junior", "senior"),
    "elderly": ("elderly_60",),
    "disabled": ("disabled_under_60", "disabled_elderly"),
    "pregnant": ("pregnant",),
}
"""Traits of a family by who is in it, and the fields of a composition that they count."""
_RURAL: Final = 1
_LARGEST: Final = 15


@dataclass(frozen=True, slots=True)
class Traits:
    """What a family is like in the base month; None where it does not matter.

    Attributes
    ----------
    fewest, most : int
        Persons.
    members : mapping of str to bool
        Whether somebody of a kind of `MEMBERS` lives in it.
    rural : bool or None
        In a village, or in a town.
    listed : bool or None
        Whether the registry lists it.
    poor : bool or None
        Whether it lives below the poverty line.
    """

    fewest: int = 1
    most: int = _LARGEST
    members: Mapping[str, bool] | None = None
    rural: bool | None = None
    listed: bool | None = None
    poor: bool | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """A household that was found.

    Attributes
    ----------
    number : int
        Its number in the simulated population.
    alike : int
        Simulated households with the same traits.
    stands_for : float
        Real households that all of these stand for.
    """

    number: int
    alike: int
    stands_for: float


def families(model: WelfareModel, traits: Traits) -> NDArray[np.int64]:
    """Return the households that have the traits, from the poorest to the richest.

    Parameters
    ----------
    model : WelfareModel
        A model in its base month.
    traits : Traits
        What they are like.

    Returns
    -------
    int64[n_found], numbers of households
    """
    people = model.world.households
    size = field(people.word, "size")
    fits = (size >= traits.fewest) & (size <= traits.most)
    for name, wanted in (traits.members or {}).items():
        count = sum(field(people.word, part).astype(np.int64) for part in MEMBERS[name])
        fits &= (count > 0) == wanted
    if traits.listed is not None:
        fits &= ((people.record & LISTED) != 0) == traits.listed
    if traits.poor is not None:
        fits &= (people.welfare < 1.0) == traits.poor
    if traits.rural is not None:
        area = model.world.targets.strata.area == _RURAL
        fits &= np.repeat(area, np.diff(model.world.layout.stratum_start)) == traits.rural
    found = np.flatnonzero(fits)
    return found[np.argsort(people.welfare[found], kind="stable")]


def followed(
    scenarios: Sequence[Scenario],
    traits: Traits,
    which: int = 0,
    *,
    progress: Progress | None = None,
) -> tuple[Family, tuple[HouseholdFollower, ...], dict[str, object]]:
    """Find a family and follow it through each of several scenarios of one world.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Scenarios of the same region, sample and seed; the family is the same in all.
    traits : Traits
        What the family is like in the base month of the first.
    which : int
        0 for the middle one of those alike by welfare, 1, 2, ... for others.
    progress : callable, optional
        Told what is being done.

    Returns
    -------
    tuple of Family, tuple of HouseholdFollower, dict
        The family, what was seen of it in each scenario, and the provenance of the last run.

    Raises
    ------
    InputError
        If no simulated family has the traits.
    """
    first = scenarios[0]
    tell = progress or (lambda *_: None)
    model = open_model(first, sensible_threads(first.households), note=lambda one: tell(one, 0, 1))
    found = families(model, traits)
    if not found.size:
        raise InputError("KS9020", "planner.no_family")
    # Neighbours of the middle by turns, so that the next one is still an ordinary family.
    step = (which + 1) // 2 * (1 if which % 2 else -1)
    number = int(found[(found.size // 2 + step) % found.size])
    starts = np.asarray(model.world.layout.stratum_start)
    strata = np.searchsorted(starts, found, side="right") - 1
    real = float(model.world.weight[strata].sum()) / WEIGHT_UNIT
    lives, provenance = [], {}
    for done, scenario in enumerate(scenarios):
        tell("runs", done, len(scenarios))
        life, run = follow(scenario, lambda one: HouseholdFollower(one, number))
        lives.append(life)
        provenance = run.provenance
    tell("runs", len(scenarios), len(scenarios))
    return Family(number, int(found.size), real), tuple(lives), provenance
