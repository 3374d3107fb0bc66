"""Where the packages of a meeting lie in what the surface was fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator import Surface
from kesos_sim.emulator.checking import Settings
from kesos_sim.emulator.sample import Sample
from kesos_sim.forum.as_data import Meeting

__all__ = ["Placed", "placed", "settings_of", "usual_distance"]

Floats = NDArray[np.float64]

_EDGE: Final = 0.95
"""Share of a sampled range beyond which a setting is near its end."""
_RANGES: Final = frozenset({"share", "amount", "count"})
"""Kinds of levers with a range; steps and switches were sampled at each of their few settings."""
_RARE: Final = 95.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A package of a meeting among those that were sampled.

    Attributes
    ----------
    table : str
        Code of the table that handed it in.
    levers : mapping of str to float
        Its settings.
    inside : bool
        Whether the surface answers; it refuses what lies outside of the sampled ranges.
    edge : tuple of str
        Levers with a range that are set within its last twentieth.
    distance : float
        To the nearest sampled package: root of the mean square over all levers, each as a share of
        its range, 0 to 1.
    far : bool
        Whether that is farther than 19 of 20 sampled packages are from their nearest.
    """

    table: str
    levers: dict[str, float]
    inside: bool
    edge: tuple[str, ...]
    distance: float
    far: bool


def placed(meeting: Meeting, surface: Surface) -> tuple[Placed, ...]:
    """Place the packages of a meeting among those that the surface was fitted to.

    Parameters
    ----------
    meeting : Meeting
        The meeting.
    surface : Surface
        The surface.

    Returns
    -------
    tuple of Placed
        One for each table that handed a package in, in the order of the tables.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> from kesos_sim.forum.as_data import meeting_of
    >>> surface = load_surface()
    >>> found = placed(meeting_of(surface=surface), surface)
    >>> len(found), all(one.inside for one in found)
    (10, True)
    """
    sampled = _sampled(surface)
    limit = usual_distance(surface, _RARE)
    kinds = {lever["name"]: lever["kind"] for lever in surface.levers}
    found = []
    for table in meeting.session.tables:
        package = meeting.room.packages.get(table.code)
        if package is None:
            continue
        levers = dict(package.levers)
        own = _shares(surface, levers)
        distance = float(_distances(own[None, :], sampled).min())
        edge = tuple(
            lever["name"]
            for lever, share in zip(surface.levers, own, strict=True)
            if kinds[lever["name"]] in _RANGES and share >= _EDGE
        )
        inside = surface.outside(levers) is None
        found.append(Placed(table.code, levers, inside, edge, distance, distance > limit))
    return tuple(found)


def settings_of(found: tuple[Placed, ...]) -> tuple[Settings, ...]:
    """Return the different packages that the surface answers, as lives of the model take them.

    Parameters
    ----------
    found : tuple of Placed
        As `placed` returns them.

    Returns
    -------
    tuple of tuple
        Settings by name; no package without any.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> from kesos_sim.forum.as_data import meeting_of
    >>> surface = load_surface()
    >>> settings_of(placed(meeting_of(surface=surface), surface))[2]
    (('social_marketing', 2000.0),)
    """
    asked = (tuple(sorted(one.levers.items())) for one in found if one.inside)
    return tuple(dict.fromkeys(one for one in asked if one))


def usual_distance(surface: Surface, percent: float = 50.0) -> float:
    """Return how far sampled packages are from their nearest.

    Parameters
    ----------
    surface : Surface
        The surface.
    percent : float
        So many percent of them are not farther.

    Returns
    -------
    float
        As of `Placed.distance`.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> surface = load_surface()
    >>> usual_distance(surface, 5.0) < usual_distance(surface) < usual_distance(surface, 95.0)
    True
    """
    sampled = _sampled(surface)
    apart = _distances(sampled, sampled)
    np.fill_diagonal(apart, np.inf)
    return float(np.percentile(apart.min(axis=1), percent))


def _sampled(surface: Surface) -> Floats:
    """Return the sampled packages: float64[n_packages, n_levers], shares of ranges."""
    lives = Sample(**surface.made["sample"]).lives()
    different = dict.fromkeys(life.levers for life in lives)
    return np.stack([_shares(surface, dict(levers)) for levers in different])


def _shares(surface: Surface, levers: dict[str, float]) -> Floats:
    """Return settings as shares of the sampled ranges: float64[n_levers]."""
    return np.array(
        [
            (levers.get(lever["name"], lever["low"]) - lever["low"])
            / (lever["high"] - lever["low"])
            for lever in surface.levers
        ]
    )


def _distances(some: Floats, others: Floats) -> Floats:
    """Return distances: float64[n, n_others], 0 to 1."""
    return np.asarray(np.sqrt(((some[:, None, :] - others[None, :, :]) ** 2).mean(axis=2)))
