"""Federations: organisations of one field and district that belong together.

Nobody has counted which organisations belong to a federation; a share of them is drawn. Where
federations are recognised as members of the coordinating body, what one of them hears at a
meeting reaches the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.orsos import OrsosTable, uniform
from kesos_sim.population.needs import KINDS
from kesos_sim.rng import Stream

__all__ = ["Federations"]

_NONE: Final = -1


@dataclass(frozen=True)
class Federations:
    """Which organisations belong together.

    Attributes
    ----------
    of : int64[n_orsos], index, federation of each organisation; -1 for none
    size : int64[n_federations], organisations
    """

    of: NDArray[np.int64]
    size: NDArray[np.int64]

    @classmethod
    def draw(cls, table: OrsosTable, parameter: Callable[[str], float], key: int) -> Federations:
        """Draw who belongs to the federation of its field and district, each by its identity.

        Parameters
        ----------
        table : OrsosTable
            The organisations; only those that work belong to any.
        parameter : function
            Value of a model parameter by id.
        key : int
            Key of the seed and replicate.

        Returns
        -------
        Federations
        """
        luck = uniform(key, 0, table.identity, Stream.FEDERATION)[:, 0]
        belongs = table.working & (luck < parameter("coordination.federated"))
        group = table.home * len(KINDS) + table.field
        found = np.full(group.size, _NONE)
        _, found[belongs] = np.unique(group[belongs], return_inverse=True)
        return cls(found, np.bincount(found[belongs]))

    def fellows(self, guests: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return those who hear of a meeting through their federation.

        Parameters
        ----------
        guests : int64[n], organisation, those who were there, each once

        Returns
        -------
        tuple of int64[m], organisation, and float32[m], share
            Fellows of guests who were not there themselves, each once, and the part of their
            federation that was.
        """
        there = self.of[guests]
        number = np.bincount(there[there != _NONE], minlength=self.size.size)
        federated = np.flatnonzero(self.of != _NONE)
        heard = federated[number[self.of[federated]] > 0]
        fellows = np.setdiff1d(heard, guests, assume_unique=True)
        own = self.of[fellows]
        return fellows, (number[own] / self.size[own]).astype(np.float32)
