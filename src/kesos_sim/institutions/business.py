"""Firms and their money for social organisations: what they route, and how matching moves it.

The business forum of a province decides once a year which part of its firms' money goes through
coordinating bodies, beyond what is decided for all: more where these stand firmer in law and more
organisations are their members than in the base period, less where it is the other way. How firms
decide has not been measured; the strength is an assumption and may be zero.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.agent import Institution
from kesos_sim.institutions.places import Places
from kesos_sim.units import Month

__all__ = ["BusinessForum", "BusinessForums", "matched", "with_gifts"]


class BusinessForum(Institution):
    """The business forum of a province.

    Parameters
    ----------
    model : mesa.Model
        The model it lives in.
    code : int
        BPS code of the province.

    Attributes
    ----------
    decisions : list of tuple of Month and float
        What it decided to route beyond what is decided for all, a share.
    """

    def __init__(self, model: Any, code: int) -> None:
        super().__init__(model)
        self.code = code
        self.decisions: list[tuple[Month, float]] = []

    def decide(self, month: Month, share: float) -> None:
        """Route another part of its firms' money than before.

        Parameters
        ----------
        month : Month
            The month.
        share : float
            Beyond what is decided for all; negative for less.
        """
        self.decisions.append((month, share))


class BusinessForums:
    """The business forums of a run.

    Parameters
    ----------
    model : mesa.Model
        The model they live in.
    places : Places
        Districts of the run.

    Attributes
    ----------
    forums : tuple of BusinessForum
        One for each province.
    leaning : float64[n_provinces], share, routed beyond what is decided for all
    usual : float64[n_provinces], share, standing of bodies in the base period
    """

    def __init__(self, model: Any, places: Places) -> None:
        self._province = places.province_index
        self.forums = tuple(BusinessForum(model, int(code)) for code in places.provinces)
        self.leaning, self.usual = np.zeros((2, len(self.forums)))

    def decide(
        self,
        month: Month,
        parameter: Callable[[str], float],
        standing: NDArray[np.float64],
        *,
        base: bool,
    ) -> None:
        """Decide for a year, each forum by the bodies of its province.

        Parameters
        ----------
        month : Month
            The month.
        parameter : function
            Value of a model parameter by id.
        standing : float64[n_districts], share, standing in law of bodies with members
        base : bool
            Whether this is the base period, whose standing is the usual one.
        """
        districts = np.bincount(self._province, minlength=len(self.forums))
        mean = np.bincount(self._province, standing, len(self.forums)) / districts
        if base:
            self.usual = mean
        leaning = parameter("coordination.business.strength") * (mean - self.usual)
        for place in np.flatnonzero(leaning != self.leaning).tolist():
            self.forums[place].decide(month, float(leaning[place]))
        self.leaning = leaning

    def routed(self, share: float) -> NDArray[np.float64]:
        """Return the part of firms' money that goes through coordinating bodies.

        Parameters
        ----------
        share : float
            What is decided for all.

        Returns
        -------
        float64[n_districts], share
        """
        return np.clip(share + self.leaning, 0.0, 1.0)[self._province]


def matched(
    usual: NDArray[np.float64],
    handed: NDArray[np.float64],
    need: NDArray[np.int64],
    province: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the money of firms in each district when a part of it goes where people wait.

    Parameters
    ----------
    usual : float64[n_districts], rupiah per month, what firms give there in the long run
    handed : float64[n_districts], share of it, that firms hand to the coordinating body
    need : int64[n_districts], people in need whom nobody serves, where any organisation works
    province : int64[n_districts], index, province of each district

    Returns
    -------
    float64[n_districts], ratio, to the usual; the money of a province stays the same
    """
    pooled = handed * usual
    everybody = np.bincount(province, need)[province]
    pot = np.bincount(province, pooled)[province]
    # Without anybody in need the money stays where it was.
    got = np.where(everybody > 0, pot * need / np.maximum(everybody, 1), pooled)
    return np.divide(usual - pooled + got, usual, out=np.ones_like(usual), where=usual > 0.0)


def with_gifts(
    gifts: NDArray[np.float64], earned: NDArray[np.float64], home: NDArray[np.integer[Any]]
) -> NDArray[np.float64]:
    """Return money of own business with what enterprises of others give through it.

    Parameters
    ----------
    gifts : float64[n_districts], rupiah per month, below zero where less is given than usual
    earned : float64[n_orsos], rupiah per month, of own business in the long run
    home : int[n_orsos], index, district

    Returns
    -------
    float64[n_districts], ratio
        Against what is usual; others give at most as much as organisations earn themselves.

    Examples
    --------
    >>> import numpy as np
    >>> home = np.array([0, 0, 1])
    >>> with_gifts(np.array([5.0, 9.0, 1.0]), np.array([4.0, 6.0, 3.0]), home).tolist()
    [1.5, 2.0, 2.0]
    """
    usual = np.bincount(home, earned, gifts.size)
    return np.asarray(1.0 + np.clip(gifts / np.maximum(usual, 1.0), -1.0, 1.0))
