"""Integrated referral (SLRT, Puskesos): a pipeline of cases from the front office to a letter.

A case waits at the front office, is settled there or goes on to the back office, waits for its
assessment and then for a decision, and leaves with a letter or a refusal. At each stage a
district's people handle so many cases a month, those first who have waited longest; some who
wait give up. Cases are whole: of a flow that is not, the rest goes into the next month.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.queues import take_oldest

__all__ = ["AGES", "STAGES", "Handled", "Outlets", "Pipeline"]

STAGES: Final = ("front", "back", "decision")
"""Where a case waits: front office, back office, decision."""

AGES: Final = 36
"""Months of waiting that are told apart; the last holds all longer ones."""

_GIVE_UP, _CAPACITY = slice(0, 3), slice(3, 6)
_ARRIVED, _ONWARD, _ACCEPTED, _COUNSELLED, _ROOM, _REFERRED = range(6, 12)
_FLOWS: Final = 12
"""Flows of which a part of a case may be left: those of every stage, then the others."""
_MONTHS: Final = np.arange(AGES)
_EXACT: Final = 1e-9
"""What floating point may miss of a whole number."""


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
        self.rest = np.zeros((_FLOWS, n_districts))

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
        waiting = self.waiting
        waiting[:, :, -1] += waiting[:, :, -2]
        waiting[:, :, 1:-1] = waiting[:, :, :-2]
        waiting[:, :, 0] = 0
        shape = waiting.shape
        leaving = self._whole(_GIVE_UP, outlets.give_up * waiting.sum(axis=2))
        gave_up = _take(waiting.reshape(-1, AGES), leaving.ravel()).reshape(shape)
        most = self._whole(_CAPACITY, capacity)
        arrived = self._whole(_ARRIVED, arriving)
        waiting[0, :, 0] += arrived
        first = _take(waiting[0], most[0])
        settled_or_not = first.sum(axis=1)
        going_on = self._whole(_ONWARD, (1.0 - outlets.local) * settled_or_not)
        onward = _take(first, going_on)
        waiting[1] += onward
        waiting[2] += _take(waiting[1], most[1])
        decided = _take(waiting[2], most[2])
        number = decided.sum(axis=1)
        accepted = np.minimum(self._whole(_ACCEPTED, outlets.accepted * number), number)
        room = self._whole(_ROOM, outlets.counselling)
        wanted = np.minimum(self._whole(_COUNSELLED, outlets.counselled * accepted), accepted)
        counselled = np.minimum(wanted, room)
        sent = self._whole(_REFERRED, outlets.referred * accepted)
        referred = np.minimum(sent, accepted - counselled)
        return Handled(
            arrived=arrived,
            local=settled_or_not - onward.sum(axis=1),
            gave_up=gave_up.sum(axis=(0, 2)),
            counselled=counselled,
            referred=referred,
            proposed=accepted - counselled - referred,
            refused=number - accepted,
            waited=decided @ _MONTHS,
        )

    def _whole(self, flow: slice | int, amount: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the whole cases of a flow, and keep what is left of one."""
        total = self.rest[flow] + amount
        whole = np.floor(total + _EXACT)
        self.rest[flow] = np.maximum(total - whole, 0.0)
        return np.asarray(whole, np.int64)


def _take(waiting: NDArray[np.int64], number: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take cases out of queues: int64[n_queues, AGES], cases taken."""
    taken = np.empty_like(waiting)
    take_oldest(waiting, number, taken)
    return taken
