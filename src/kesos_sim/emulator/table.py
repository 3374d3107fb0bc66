"""Lives as a table: what each package changed in its world, by outcome, place and year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator.lives import Lived, gainers
from kesos_sim.emulator.question import FLOWS_OF_PEOPLE, OUTCOMES, YEARS, Life
from kesos_sim.emulator.terms import Terms
from kesos_sim.experiments.design import Design
from kesos_sim.indicators.definitions import indicator

__all__ = ["ANSWERED", "Changes", "levels", "visible", "world_places"]

Floats = NDArray[np.float64]

ANSWERED = (*OUTCOMES, *FLOWS_OF_PEOPLE)
"""Every outcome that is answered."""


@dataclass(frozen=True)
class Changes:
    """What packages change.

    Attributes
    ----------
    lives : tuple of Life
        The lives with a package.
    terms : float64[n, n_terms], pure numbers
    change : float64[n, n_outcomes, n_places, n_years], unit of each outcome, package less baseline
    world : int64[n], number of the world
    """

    lives: tuple[Life, ...]
    terms: Floats
    change: Floats
    world: NDArray[np.int64]

    @classmethod
    def of(cls, found: Mapping[Life, Lived], terms: Terms, *, effect: bool, shock: str) -> Changes:
        """Collect the packages of one kind.

        Parameters
        ----------
        found : mapping of Life to Lived
            What was lived; a package whose baseline is missing is left out.
        terms : Terms
            The terms of the surface.
        effect : bool
            Whether coordination has an effect.
        shock : str
            The shock.

        Returns
        -------
        Changes
        """
        chosen = tuple(
            life
            for life in found
            if life.levers
            and (life.effect, life.shock) == (effect, shock)
            and life.baseline in found
        )
        rows = [_change(found[life.baseline], found[life]) for life in chosen]
        shape = (0, len(ANSWERED), 0, len(YEARS))
        return cls(
            lives=chosen,
            terms=np.array([terms.row(dict(life.levers)) for life in chosen]).reshape(
                len(chosen), terms.size
            ),
            change=np.stack(rows) if rows else np.zeros(shape),
            world=np.array([life.world for life in chosen], np.int64),
        )


def _change(before: Lived, after: Lived) -> Floats:
    """Return a package less its baseline: float64[n_outcomes, n_places, n_years]."""
    moved = after.years - before.years
    people = np.zeros((len(FLOWS_OF_PEOPLE), *moved.shape[1:]))
    people[:, :, -1] = gainers(before, after)
    # Where nobody has a value in one of the two lives nothing can be said of a change.
    return np.concatenate([np.nan_to_num(moved), people])


def levels(found: Mapping[Life, Lived], *, effect: bool, shock: str) -> dict[int, Floats]:
    """Return the baselines of one kind.

    Parameters
    ----------
    found : mapping of Life to Lived
        What was lived.
    effect : bool
        Whether coordination has an effect.
    shock : str
        The shock.

    Returns
    -------
    dict of int to float64[n_outcomes, n_places, n_years]
        By world, in the unit of each outcome.
    """
    return {
        life.world: np.concatenate(
            [one.years, np.zeros((len(FLOWS_OF_PEOPLE), *one.years.shape[1:]))]
        )
        for life, one in found.items()
        if not life.levers and (life.effect, life.shock) == (effect, shock)
    }


def visible(name: str) -> float:
    """Return a change that is too small to be seen: a twentieth of the last digit of tables."""
    decimals = 1 if name in FLOWS_OF_PEOPLE else indicator(name).decimals
    return 0.05 * 10.0**-decimals


def world_places(worlds: NDArray[np.int64]) -> Floats:
    """Return where worlds lie in the ranges of the parameters that differ.

    Parameters
    ----------
    worlds : int64[n], number of the world

    Returns
    -------
    float64[n, n_parameters], standard deviations from the middle of the range
    """
    design = Design()
    rows = {world: list(design.shares(world).values()) for world in set(worlds.tolist())}
    places = np.array([rows[world] for world in worlds.tolist()]).reshape(worlds.size, -1)
    return np.asarray((places - 0.5) * np.sqrt(12.0))
