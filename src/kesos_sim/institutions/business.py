"""Firms and their money for social organisations: what they route, and how matching moves it.

The business forum of a province decides once a year which part of its firms' money goes through
coordinating bodies, beyond what is decided for all: more where these stand firmer in law and more
organisations are their members than in the base period, and more where firms have seen bodies work
in the months before than they saw then, less where it is the other way. What they have seen also
moves how much they give. How firms decide has not been measured; the strengths are assumptions and
may be zero.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.agent import Institution
from kesos_sim.institutions.places import Places
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["BusinessForum", "BusinessForums", "matched"]


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
    seen : float64[n_provinces], share, bodies that firms saw work, in a year or so
    usually_seen : float64[n_provinces], share, the same in the base period
    """

    def __init__(self, model: Any, places: Places) -> None:
        self._province = places.province_index
        self.forums = tuple(BusinessForum(model, int(code)) for code in places.provinces)
        self.leaning, self.usual, self.seen, self.usually_seen = np.zeros((4, len(self.forums)))
        self._districts = np.bincount(self._province, minlength=len(self.forums))

    def watch(self, awake: NDArray[np.bool_], *, base: bool) -> None:
        """See which bodies work in a month.

        Parameters
        ----------
        awake : bool[n_districts], flag
        base : bool
            Whether this is the base period, whose bodies are the usual ones.
        """
        now = self._mean(awake.astype(np.float64))
        if not self.seen.any():
            self.seen = now
        self.seen = self.seen + (now - self.seen) / MONTHS_PER_YEAR
        if base:
            self.usually_seen = self.seen

    def generosity(self, parameter: Callable[[str], float]) -> NDArray[np.float64]:
        """Return what firms give against the usual, by what they have seen.

        Parameters
        ----------
        parameter : function
            Value of a model parameter by id.

        Returns
        -------
        float64[n_districts], ratio
        """
        more = parameter("coordination.forum_giving.strength") * (self.seen - self.usually_seen)
        return np.asarray(1.0 + more[self._province])

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
        mean = self._mean(standing)
        if base:
            self.usual = mean
        leaning = parameter("coordination.business.strength") * (mean - self.usual)
        learned = parameter("coordination.forum_experience.strength")
        leaning = leaning + learned * (self.seen - self.usually_seen)
        for place in np.flatnonzero(leaning != self.leaning).tolist():
            self.forums[place].decide(month, float(leaning[place]))
        self.leaning = leaning

    def _mean(self, value: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the mean of the districts of each province: float64[n_provinces]."""
        return np.bincount(self._province, value, len(self.forums)) / self._districts

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
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the money of firms in each district when a part of it goes where people wait.

    Parameters
    ----------
    usual : float64[n_districts], rupiah per month, what firms give there in the long run
    handed : float64[n_districts], share of it, that firms hand to the coordinating body
    need : int64[n_districts], people in need whom nobody serves, where any organisation works
    province : int64[n_districts], index, province of each district

    Returns
    -------
    tuple of float64[n_districts], ratio, to the usual; the money of a province stays the same; and
    float64[n_districts], share, of the money of a district, that came through the body
    """
    pooled = handed * usual
    everybody = np.bincount(province, need)[province]
    pot = np.bincount(province, pooled)[province]
    # Without anybody in need the money stays where it was.
    got = np.where(everybody > 0, pot * need / np.maximum(everybody, 1), pooled)
    now = usual - pooled + got
    ratio = np.divide(now, usual, out=np.ones_like(usual), where=usual > 0.0)
    return ratio, np.divide(got, now, out=np.zeros_like(now), where=now > 0.0)
