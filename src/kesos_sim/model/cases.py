"""Open cases of needs, and what a month of services comes to."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.cases import FREE, GONE

__all__ = ["Cases", "Served", "with_room"]

_ROOM: Final = 1.4
"""Cases for which a district has room, against those that it has."""
_SPARE: Final = 5.0
"""Further room, in standard deviations of a number that varies by chance."""
_FULL: Final = 0.8
"""Part of the room from which more is made when there is some to make anyway."""


@dataclass
class Cases:
    """Open cases by district, and the real clients of each.

    Attributes
    ----------
    case_start : int64[n_districts + 1], case, first case of each district
    case_client : int64[n_cases + 1], client, first client byte of each case
    household : int32[n_cases], household, or ``FREE``
    kind : uint8[n_cases], code, kind of need
    since : int16[n_cases], month, onset, months since the first of the run
    people : int32[n_cases], clients, real ones at the onset
    active : int32[n_cases], clients, those who still have the need
    served : int32[n_cases], clients, those whom somebody serves
    helpers : int32[n_cases], places, those served, counted once for each organisation
    helped : int32[n_cases], clients, those whom a service has helped and who can fall back
    effect : float32[n_cases], log points, what is in the household's gain
    servers : uint8[n_clients], organisations, that serve the client; ``GONE`` for nobody, and
        ``LEFT_HOME`` or ``LEFT_CARE`` for those whom a service has helped; where no case
        is, whoever was reported last
    """

    case_start: NDArray[np.int64]
    case_client: NDArray[np.int64]
    household: NDArray[np.int32]
    kind: NDArray[np.uint8]
    since: NDArray[np.int16]
    people: NDArray[np.int32]
    active: NDArray[np.int32]
    served: NDArray[np.int32]
    helpers: NDArray[np.int32]
    helped: NDArray[np.int32]
    effect: NDArray[np.float32]
    servers: NDArray[np.uint8]

    @classmethod
    def room(cls, number: NDArray[np.int64], clients: NDArray[np.int64]) -> Cases:
        """Make room for cases.

        Parameters
        ----------
        number : int64[n_districts], cases, for which each district has room
        clients : int64[n_districts], clients, most of one case

        Returns
        -------
        Cases
            Nobody has a need yet.
        """
        start = np.concatenate([[0], np.cumsum(number)])
        client = np.concatenate([[0], np.cumsum(np.repeat(clients, number))])
        n = int(start[-1])
        return cls(
            case_start=start,
            case_client=client,
            household=np.full(n, FREE, np.int32),
            kind=np.zeros(n, np.uint8),
            since=np.zeros(n, np.int16),
            people=np.zeros(n, np.int32),
            active=np.zeros(n, np.int32),
            served=np.zeros(n, np.int32),
            helpers=np.zeros(n, np.int32),
            helped=np.zeros(n, np.int32),
            effect=np.zeros(n, np.float32),
            servers=np.full(int(client[-1]), GONE, np.uint8),
        )

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return every array by name.

        Returns
        -------
        dict of any[n], see the attributes
        """
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @property
    def taken(self) -> NDArray[np.int64]:
        """Open cases of each district: int64[n_districts], cases."""
        running = np.concatenate([[0], np.cumsum(self.household != FREE)])
        return np.diff(running[self.case_start])

    def larger(self, number: NDArray[np.int64], clients: NDArray[np.int64]) -> Cases:
        """Return the same cases with more room.

        Parameters
        ----------
        number : int64[n_districts], cases, not fewer than there is room for now
        clients : int64[n_districts], clients, most of one case

        Returns
        -------
        Cases
        """
        found = Cases.room(number, clients)
        # Cases keep their order, and those of a district have rows of one length.
        ahead = found.case_start[:-1] - self.case_start[:-1]
        new = np.arange(self.household.size) + np.repeat(ahead, np.diff(self.case_start))
        for item in fields(self):
            if item.name not in {"case_start", "case_client", "servers"}:
                getattr(found, item.name)[new] = getattr(self, item.name)
        first, begin = self.case_client[self.case_start], found.case_client[found.case_start[:-1]]
        for old, stop, place in zip(first[:-1], first[1:], begin, strict=True):
            found.servers[place : place + stop - old] = self.servers[old:stop]
        return found


@dataclass(frozen=True)
class Served:
    """What a month of services comes to, by district.

    Attributes
    ----------
    in_need, served : int64[n_districts, n_kinds], clients, with the need and served by somebody
    places : int64[n_districts, n_kinds], clients, served, counted once for each organisation that
        serves them, wherever it is
    relapsed, at_risk : int64[n_districts], clients, helped before, who fell back, and who still can
    helped, sent_away : int64[n_districts], clients, whose need a service has ended, and whose
        service ended because money had run out
    found, doubled, spared, sent : int64[n_districts], clients, newly held; others served them
        too; passed over because the list showed help; sent by the coordinating body
    reached, waited : int64[n_districts], clients newly held whom nobody had served, and the
        months that these had waited
    """

    in_need: NDArray[np.int64]
    served: NDArray[np.int64]
    places: NDArray[np.int64]
    relapsed: NDArray[np.int64]
    at_risk: NDArray[np.int64]
    helped: NDArray[np.int64]
    sent_away: NDArray[np.int64]
    found: NDArray[np.int64]
    doubled: NDArray[np.int64]
    spared: NDArray[np.int64]
    sent: NDArray[np.int64]
    reached: NDArray[np.int64]
    waited: NDArray[np.int64]


def with_room(
    cases: Cases,
    missing: NDArray[np.int64],
    clients: NDArray[np.int64],
    place_case: NDArray[np.int32],
) -> Cases:
    """Make room for more cases, also where there will soon be none: it moves everything.

    Parameters
    ----------
    cases : the cases
    missing : int64[n_districts], cases, for which there is no room
    clients : int64[n_districts], clients, most of one case
    place_case : int32[n_places], case, of a client, or ``EMPTY``, moved in place

    Returns
    -------
    Cases
        The same ones, with more room.
    """
    before = cases.case_start
    found = cases.larger(_enough(np.diff(before), cases.taken + missing), clients)
    own = np.searchsorted(before, place_case[place_case >= 0], side="right") - 1
    place_case[place_case >= 0] += (found.case_start[own] - before[own]).astype(np.int32)
    return found


def _enough(room: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for how many cases there should be room, so that it lasts.

    Parameters
    ----------
    room : int64[n_districts], cases, for which there is room now
    wanted : int64[n_districts], cases, for which room is needed

    Returns
    -------
    int64[n_districts], cases, not fewer than there is room for now
    """
    more = (_ROOM * wanted + _SPARE * (1.0 + np.sqrt(wanted))).astype(np.int64)
    return np.where(wanted > _FULL * room, np.maximum(more, room), room)
