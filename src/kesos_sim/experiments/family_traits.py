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
from kesos_sim.experiments.household_traits import Traits
from kesos_sim.experiments.run import Progress, sensible_threads
from kesos_sim.model.opening import open_model

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["MEMBERS", "Found", "Wanted", "alike", "followed"]

MEMBERS: Final = {
    "small_children": ("age_0_6",),
    "school_children": ("primary", "junior", "senior"),
    "elderly": ("elderly_60",),
    "disabled": ("disabled_under_60", "disabled_elderly"),
    "pregnant": ("pregnant",),
}
"""Traits of a family by who is in it, and the fields of a composition that they count."""
_LARGEST: Final = 15


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a family is to be like in the base month; None where it does not matter.

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
class Found:
    """A household that is like this.

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


def alike(held: Traits, wanted: Wanted) -> NDArray[np.int64]:
    """Return the households that are like this, from the poorest to the richest.

    Parameters
    ----------
    held : Traits
        What a model holds of its households in the base month.
    wanted : Wanted
        What they are to be like.

    Returns
    -------
    int64[n_found], numbers of households
    """
    size = held.members["size"]
    fits = (size >= wanted.fewest) & (size <= wanted.most)
    for name, there in (wanted.members or {}).items():
        count = np.sum([held.members[part] for part in MEMBERS[name]], axis=0)
        fits &= (count > 0) == there
    for asked, flag in (
        (wanted.listed, held.listed), (wanted.poor, held.poor), (wanted.rural, held.rural)
    ):  # fmt: skip
        if asked is not None:
            fits &= flag == asked
    found = np.flatnonzero(fits)
    return found[np.argsort(held.welfare[found], kind="stable")]


def followed(
    scenarios: Sequence[Scenario],
    wanted: Wanted,
    which: int = 0,
    *,
    progress: Progress | None = None,
) -> tuple[Found, tuple[HouseholdFollower, ...], dict[str, object]]:
    """Find a family and follow it through each of several scenarios of one world.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Scenarios of the same region, sample and seed; the family is the same in all.
    wanted : Wanted
        What the family is like in the base month of the first.
    which : int
        0 for the middle one of those alike by welfare, 1, 2, ... for others.
    progress : callable, optional
        Told what is being done.

    Returns
    -------
    tuple of Found, tuple of HouseholdFollower, dict
        The family, what was seen of it in each scenario, and the provenance of the last run.

    Raises
    ------
    InputError
        If no simulated family has the traits.
    """
    first = scenarios[0]
    tell = progress or (lambda *_: None)
    model = open_model(first, sensible_threads(first.households), note=lambda one: tell(one, 0, 1))
    held = Traits.of(model)
    found = alike(held, wanted)
    if not found.size:
        raise InputError("KS9020", "planner.no_family")
    # Neighbours of the middle by turns, so that the next one is still an ordinary family.
    step = (which + 1) // 2 * (1 if which % 2 else -1)
    number = int(found[(found.size // 2 + step) % found.size])
    real = float(held.weight[found].sum())
    lives, provenance = [], {}
    for done, scenario in enumerate(scenarios):
        tell("runs", done, len(scenarios))
        life, run = follow(scenario, lambda one: HouseholdFollower(one, number))
        lives.append(life)
        provenance = run.provenance
    tell("runs", len(scenarios), len(scenarios))
    return Found(number, int(found.size), real), tuple(lives), provenance
