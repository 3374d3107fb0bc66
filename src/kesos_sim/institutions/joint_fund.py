"""The joint fund of provinces that cooperate: who pays in, and where its money goes.

Provinces whose coordinating bodies work pay in by people what they agreed; the money goes to
organisations of their districts by the people in need whom nobody serves. What organisations cannot
use is not drawn, so that provinces keep it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.places import Places
from kesos_sim.institutions.relief import COOPERATION
from kesos_sim.institutions.settlement import split_by_share
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["JointFund"]

_FUND: Final = COOPERATION.index("fund")

Parameter = Callable[[str], float]
Lever = Callable[[str], float]


class JointFund:
    """The joint fund of the provinces of a run.

    Parameters
    ----------
    places : Places
        Districts of the run.
    parameter : function
        Value of a model parameter by id.
    """

    def __init__(self, places: Places, parameter: Parameter) -> None:
        self._parameter, self._province = parameter, places.province_index
        self._people = np.bincount(places.province_index, places.population, len(places.provinces))

    def offer(
        self,
        lever: Lever,
        bodies: NDArray[np.bool_],
        unmet: NDArray[np.int64],
        served: NDArray[np.bool_],
    ) -> NDArray[np.int64]:
        """Return what the fund has for the organisations of each district in a month.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.
        bodies : bool[n_provinces], flag, whether the coordinating body of the province works
        unmet : int64[n_districts], people in need whom nobody served last month
        served : bool[n_districts], flag, districts in which organisations work

        Returns
        -------
        int64[n_districts], rupiah
        """
        nothing = np.zeros(unmet.size, np.int64)
        if lever("interprovince_cooperation") < _FUND or np.count_nonzero(bodies) < 2:  # noqa: PLR2004  # one alone shares with nobody
            return nothing
        yearly = self._parameter("coordination.joint_fund.per_head") * self._people[bodies].sum()
        paid = self._parameter("coordination.joint_fund.strength") * yearly / MONTHS_PER_YEAR
        need = unmet * served * bodies[self._province]
        everybody = int(need.sum())
        if everybody == 0:
            return nothing
        return np.asarray(np.floor(paid * need / everybody), np.int64)

    def shares(self, bodies: NDArray[np.bool_], spent: int) -> NDArray[np.int64]:
        """Return what each province pays of what the fund spends.

        Parameters
        ----------
        bodies : bool[n_provinces], flag, whether the coordinating body of the province works
        spent : int
            Rupiah of the month.

        Returns
        -------
        int64[n_provinces], rupiah; adds up to what is spent
        """
        weight = self._people * bodies
        share = weight / max(weight.sum(), 1.0)
        return split_by_share(np.array([spent]), share[:, None])[:, 0]
