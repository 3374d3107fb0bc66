"""What councils give to coordinating bodies: bylaws that name them, and the law being known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.places import Places

__all__ = ["Backing"]


@dataclass(frozen=True)
class Backing:
    """What councils give to coordinating bodies.

    Attributes
    ----------
    law : bool[n_districts], flag, districts in which a bylaw holds, their own or their province's
    law_of_province : bool[n_provinces], flag, provinces whose own bylaw holds
    understanding : float32[n_districts], share, of the law among organisations
    """

    law: NDArray[np.bool_]
    law_of_province: NDArray[np.bool_]
    understanding: NDArray[np.float32]

    @classmethod
    def none(cls, places: Places) -> Backing:
        """Return no backing.

        Parameters
        ----------
        places : Places
            Districts of the run.

        Returns
        -------
        Backing
        """
        n = places.codes.size
        law, province = np.zeros(n, np.bool_), np.zeros(len(places.provinces), np.bool_)
        return cls(law, province, np.zeros(n, np.float32))
