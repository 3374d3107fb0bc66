"""Integrated referral (SLRT, Puskesos): a pipeline of cases from the front office to a letter.

A case waits at the front office, is settled there or goes on to the back office, waits for its
assessment and then for a decision, and leaves with a letter or a refusal. At each stage a
district's people handle so many cases a month, those first who have waited longest; some who
wait give up. Cases are whole: of a flow that is not, the rest goes into the next month.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.queues import FLOWS, STAGES, handle_cases

__all__ = ["AGES", "Handled", "Outlets", "Pipeline"]

AGES: Final = 36
"""Months of waiting that are told apart; the last holds all longer ones."""


@dataclass(frozen=True)
class Outlets:
    """What becomes of cases, as shares, and how many family counselling can take.

    Attributes
    ----------
    local : share of cases that the front office settles
    give_up : share of waiting cases given up in a month
    accepted : share of decided cases with a letter
    counselled, referred : shares of the letters to family counselling and to organisations; the
        others go to programmes
    counselling : float64[n_districts], cases per month, most of family counselling
    """

    local: float
    give_up: float
    accepted: float
    counselled: float
    referred: float
    counselling: NDArray[np.float64]


@dataclass(frozen=True)
class Handled:
    """What a month came to, by district.

    Attributes
    ----------
    arrived, local, gave_up : int64[n_districts], cases, new, settled at once, given up
    counselled, referred, proposed, refused : int64[n_districts], cases decided, by outcome
    waited : int64[n_districts], months that the decided cases had waited together
    """

    arrived: NDArray[np.int64]
    local: NDArray[np.int64]
    gave_up: NDArray[np.int64]
    counselled: NDArray[np.int64]
    referred: NDArray[np.int64]
    proposed: NDArray[np.int64]
    refused: NDArray[np.int64]
    waited: NDArray[np.int64]

    @property
    def decided(self) -> NDArray[np.int64]:
        """Cases with a letter or a refusal: int64[n_districts], cases."""
        return self.counselled + self.referred + self.proposed + self.refused


class Pipeline:
    """Waiting cases of all districts of a run.

    Parameters
    ----------
    n_districts : int
        Districts.

    Attributes
    ----------
    waiting : int64[n_stages, n_districts, AGES], cases, by months of waiting
    rest : float64[n_flows, n_districts], cases, parts of a case that wait for the next month
    """

    def __init__(self, n_districts: int) -> None:
        self.waiting = np.zeros((len(STAGES), n_districts, AGES), np.int64)
        self.rest = np.zeros((FLOWS, n_districts))

    @property
    def backlog(self) -> NDArray[np.int64]:
        """Cases that wait: int64[n_districts], cases."""
        return np.asarray(self.waiting.sum(axis=(0, 2)))

    def step(
        self, arriving: NDArray[np.float64], capacity: NDArray[np.float64], outlets: Outlets
    ) -> Handled:
        """Handle a month's cases.

        Parameters
        ----------
        arriving : float64[n_districts], cases per month that come to the front office
        capacity : float64[n_stages, n_districts], cases per month, most that a stage handles
        outlets : Outlets
            What becomes of the cases.

        Returns
        -------
        Handled
        """
        handled = np.empty((len(fields(Handled)), arriving.size), np.int64)
        handle_cases(
            self.waiting,
            self.rest,
            arriving,
            capacity,
            outlets.counselling,
            float(outlets.give_up),
            float(outlets.local),
            float(outlets.accepted),
            float(outlets.counselled),
            float(outlets.referred),
            handled,
        )
        return Handled(*handled)
