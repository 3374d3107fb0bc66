"""Groups of people in the synthetic population, and how many of them are poor."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.model.sample import Sample
from kesos_sim.population.quantile import AREAS

__all__ = ["AREAS", "SIZES", "Group", "divided", "groups_of"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SIZES: Final = ((1, 2), (3, 4), (5, 6), (7, 15))
"""Persons in a household that make a group."""
_PERCENT: Final = 100.0
_Z80: Final = 1.2815515655446004
_LEAST: Final = 30
"""Fewest simulated households of which a rate is told."""


@dataclass(frozen=True, slots=True)
class Group:
    """People of one kind in the synthetic population.

    Attributes
    ----------
    kind : str
        What divides the groups: area, size, members or district.
    name : str
        Which of them.
    people : float
        Percent of all people.
    rate : float
        Percent of them who are poor; NaN with fewer than 30 simulated households.
    half : float
        Half of its 80% range from the number of simulated households, percentage points.
    poor : float
        Percent of all poor people.
    households : int
        Simulated households.
    """

    kind: str
    name: str
    people: float
    rate: float
    half: float
    poor: float
    households: int


def groups_of(sample: Sample, inside: Flags) -> Iterator[Group]:
    """Divide the people of a region by place and by household.

    Parameters
    ----------
    sample : Sample
        Simulated households of the base month.
    inside : bool[n], flag, those of the region

    Yields
    ------
    Group
        Areas, sizes, members, districts; groups without a household are left out.
    """
    members = sample.members
    pupils = members["primary"] + members["junior"] + members["senior"]
    young, old = members["age_0_6"] > 0, members["elderly_60"] > 0
    kinds: list[tuple[str, str, Flags]] = [
        ("area", name, sample.area == code) for code, name in enumerate(AREAS)
    ]
    kinds += [
        ("size", f"{low}-{high}", (sample.size >= low) & (sample.size <= high))
        for low, high in SIZES
    ]
    kinds += [
        ("members", "young", young),
        ("members", "pupils", pupils > 0),
        ("members", "old", old),
        ("members", "neither", ~young & (pupils == 0) & ~old),
    ]
    kinds += [
        ("district", str(code), sample.district == code)
        for code in np.unique(sample.district[inside]).tolist()
    ]
    yield from divided(kinds, sample.persons, sample.poor, inside)


def divided(
    kinds: Iterable[tuple[str, str, Flags]], persons: Floats, is_poor: Flags, inside: Flags
) -> Iterator[Group]:
    """Count the people and the poor of groups of households.

    Parameters
    ----------
    kinds : iterable of (str, str, bool[n], flag)
        What divides, name and households of every group.
    persons : float64[n], people that a household stands for
    is_poor : bool[n], flag
    inside : bool[n], flag, households that count

    Yields
    ------
    Group
        Those without a household are left out.
    """
    everyone = float(persons[inside].sum())
    poor = float(persons[inside & is_poor].sum())
    for kind, name, mask in kinds:
        here = mask & inside
        weight = persons[here]
        if not weight.size:
            continue
        people, own_poor = float(weight.sum()), float(persons[here & is_poor].sum())
        share = own_poor / people
        effective = people**2 / float((weight**2).sum())
        enough = weight.size >= _LEAST
        yield Group(
            kind,
            name,
            _PERCENT * people / everyone,
            _PERCENT * share if enough else math.nan,
            _Z80 * _PERCENT * math.sqrt(share * (1.0 - share) / effective),
            _PERCENT * own_poor / poor if poor > 0.0 else math.nan,
            int(weight.size),
        )
