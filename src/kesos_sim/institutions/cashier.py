"""Books every movement of government money; knows where it comes from, not why it moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.accounts import (
    ENTERPRISE,
    GENERAL,
    NEW_MONEY,
    ORSOS,
    ORSOS_GRANTS,
    REGISTRY,
    SERVICES,
    Books,
    Line,
    Stage,
    Stages,
    in_a_row,
)
from kesos_sim.institutions.budget_holders import NEW_MONEY_STREAMS, Governments
from kesos_sim.institutions.programmes import TOPUP_NATIONAL, TOPUP_REGIONAL
from kesos_sim.institutions.settlement import draw_by_content
from kesos_sim.institutions.treasury_state import PARTS, TreasuryState
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["TOPUP_OF_STREAM", "TO_ORSOS", "Cashier"]

TO_ORSOS: Final = (ORSOS, ORSOS_GRANTS)
"""Line under which organisations get what governments give them."""

TOPUP_OF_STREAM: Final = (TOPUP_NATIONAL, TOPUP_REGIONAL, TOPUP_REGIONAL)
"""Programme under which cash and food of each stream reach households."""

_VILLAGE: Final = "village_fund"
_POSTED: Final = tuple(
    (line, stages, [PARTS.index(part) for part in parts])
    for line, stages, parts in (
        (NEW_MONEY, (Stage.ADMINISTRATION, Stage.LEAKAGE), ("administration", "leakage")),
        (ENTERPRISE, (Stage.DELIVERED,), ("enterprise",)),
        (REGISTRY, (Stage.SERVICES,), ("registry",)),
    )
)
"""Where parts of released money go at once; cash and food wait to be paid out."""


@dataclass
class _Till:
    """Money of one month: what came in and what is spoken for.

    Attributes
    ----------
    month : Month
        The month.
    revenue, used : int64[n_governments], rupiah
    village, village_used : int64[n_districts], rupiah
    """

    month: Month
    revenue: NDArray[np.int64]
    used: NDArray[np.int64]
    village: NDArray[np.int64]
    village_used: NDArray[np.int64]


class Cashier:
    """Keeps the books of all governments of a run.

    Parameters
    ----------
    books : Books
        The ledger.
    governments : Governments
        Whose money it is.
    """

    def __init__(self, books: Books, governments: Governments) -> None:
        places = governments.places
        self._books = books
        self._levels = governments.levels
        slots = books.slots((0, *places.provinces, *places.codes.tolist()))
        self._slots = tuple(in_a_row(slots[level]) for level in self._levels)
        self._here = self._slots[2]
        self._own = governments.has_budget
        self._source = governments.source
        self._source_slots = slots[self._source]
        self._till: _Till | None = None

    @property
    def till(self) -> _Till:
        """The month that is open."""
        if self._till is None:
            raise RuntimeError("the treasury pays before it received: call step before pay")
        return self._till

    def receive(self, month: Month, own: NDArray[np.float64], village: NDArray[np.float64]) -> None:
        """Receive a month's revenue, a twelfth of what the year will spend.

        Parameters
        ----------
        month : Month
            The month that begins.
        own : float64[n_governments], rupiah per year
        village : float64[n_districts], rupiah per year
        """
        revenue, funds = _twelfth(own, month), _twelfth(village, month)
        self._till = _Till(
            month, revenue, np.zeros(revenue.size, np.int64), funds, np.zeros(funds.size, np.int64)
        )
        for stream, level, slots in zip(NEW_MONEY_STREAMS, self._levels, self._slots, strict=True):
            self._books.post(
                month, (stream, GENERAL), (Stage.REVENUE,), revenue[None, level], slots
            )
        self._books.post(month, (_VILLAGE, GENERAL), (Stage.REVENUE,), funds[None], self._here)

    def set_aside(self, rupiah: NDArray[np.int64]) -> None:
        """Take new poverty money out of the month's revenue; it stays in the account.

        Parameters
        ----------
        rupiah : int64[n_governments], rupiah
        """
        self.till.used += rupiah

    def draw(self, stream: str, programme: str, rupiah: NDArray[np.int64]) -> None:
        """Take money for a programme out of the month's revenue and move it to its districts.

        Parameters
        ----------
        stream : str
            Who pays.
        programme : str
            Line of the account.
        rupiah : int64[n_districts], rupiah
        """
        if stream == _VILLAGE:
            self.till.village_used += rupiah
            return
        number = NEW_MONEY_STREAMS.index(stream)
        np.add.at(self.till.used, self._source[number], rupiah)
        self._move(number, programme, rupiah)

    def spend(self, stream: str, programme: str, stages: Stages, rupiah: NDArray[np.int64]) -> None:
        """Book what a programme did with its money in the districts.

        Parameters
        ----------
        stream : str
            Whose money it is.
        programme : str
            Line of the account.
        stages : tuple of Stage
            Where the money goes to.
        rupiah : int64[n_stages, n_districts], rupiah
        """
        if np.count_nonzero(rupiah):
            self._books.post(self.till.month, (stream, programme), stages, rupiah, self._here)

    def serve(
        self, stream: str, line: str, rupiah: NDArray[np.int64], taker: Line | None = None
    ) -> None:
        """Pay for a service in the districts.

        Parameters
        ----------
        stream : str
            Who pays: a government's stream.
        line : str
            Line of the account.
        rupiah : int64[n_districts], rupiah
        taker : tuple of str, optional
            Stream and programme of who is given the money; without it the service is paid.
        """
        if not np.count_nonzero(rupiah):
            return
        self.draw(stream, line, rupiah)
        if taker is None:
            services = (Stage.SERVICES,)
            self._books.post(self.till.month, (stream, line), services, rupiah[None], self._here)
        else:
            self._grant((stream, line), taker, rupiah)

    def run(
        self,
        line: str,
        rupiah: NDArray[np.int64],
        above: NDArray[np.int64] | None = None,
        *,
        nation: NDArray[np.int64] | None = None,
        taker: Line | None = None,
    ) -> None:
        """Pay for a service in the districts; the province pays where districts cannot.

        Parameters
        ----------
        line : str
            Line of the account.
        rupiah : int64[n_districts], rupiah
        above : int64[n_districts], rupiah, optional, that provinces pay anyway
        nation : int64[n_districts], rupiah, optional, that the national budget pays anyway
        taker : tuple of str, optional
            Stream and programme of who is given the money; without it the service is paid.
        """
        of_districts = rupiah * self._own
        of_provinces = rupiah - of_districts
        if above is not None:
            of_provinces += above
        if nation is not None:
            self.serve("apbn", line, nation, taker)
        self.serve("apbd_district", line, of_districts, taker)
        self.serve("apbd_province", line, of_provinces, taker)

    def give_services(
        self, parts: NDArray[np.int64], given: NDArray[np.int64], served: NDArray[np.bool_]
    ) -> None:
        """Pay new money for services to organisations, or for services where there are none.

        What organisations cannot use goes back.

        Parameters
        ----------
        parts : int64[3, n_districts], rupiah by stream, already in the districts
        given : int64[n_districts], rupiah, of it to organisations
        served : bool[n_districts], flag, districts in which organisations work
        """
        if not np.count_nonzero(parts):
            return
        granted = draw_by_content(parts, given)
        for stream, whole, rupiah in zip(NEW_MONEY_STREAMS, parts, granted, strict=True):
            if np.count_nonzero(whole):
                self._grant((stream, SERVICES), TO_ORSOS, rupiah)
                rest = whole - rupiah
                both = np.array([rest * ~served, rest * served])
                self.spend(stream, SERVICES, (Stage.SERVICES, Stage.RETURNED), both)

    def aid(
        self,
        line: str,
        given: NDArray[np.int64],
        received: NDArray[np.int64],
        taker: Line | None = None,
    ) -> None:
        """Move money of provinces to districts of others, where it pays for services.

        Parameters
        ----------
        line : str
            Line of the account.
        given : int64[n_provinces], rupiah
        received : int64[n_districts], rupiah; adds up to what is given
        taker : tuple of str, optional
            Stream and programme of who is given the money; without it the service is paid.
        """
        if not np.count_nonzero(given):
            return
        month, stream, slots = self.till.month, "apbd_province", self._slots[1]
        self.till.used[self._levels[1]] += given
        self._books.post(month, (stream, line), (Stage.TRANSFER_OUT,), given[None], slots)
        self._books.post(month, (stream, line), (Stage.TRANSFER_IN,), received[None], self._here)
        if taker is None:
            self.spend(stream, line, (Stage.SERVICES,), received[None])
        else:
            self._grant((stream, line), taker, received)

    def release(self, gross: NDArray[np.int64], parts: NDArray[np.int64]) -> None:
        """Move released poverty money to the districts and book what is spent at once.

        Parameters
        ----------
        gross : int64[3, n_districts], rupiah by stream
        parts : int64[7, 3, n_districts], rupiah, split of `gross` over `PARTS`
        """
        for number, stream in enumerate(NEW_MONEY_STREAMS):
            if not np.count_nonzero(gross[number]):
                continue
            self._move(number, NEW_MONEY, gross[number])
            for programme, stages, places in _POSTED:
                self.spend(stream, programme, stages, parts[places, number])

    def close(self, state: TreasuryState) -> None:
        """Book the rest of the revenue as other spending, and what is carried over.

        Parameters
        ----------
        state : TreasuryState
            Reserves and pots at the end of the month.
        """
        till, books = self.till, self._books
        # Where programmes took more than there was, revenue was higher.
        stages, over = (Stage.OTHER_SPENDING, Stage.REVENUE), (Stage.CARRY_OVER,)
        rest, of_villages = till.revenue - till.used, till.village - till.village_used
        sides, village = (np.maximum([money, -money], 0) for money in (rest, of_villages))
        for number, (stream, level) in enumerate(zip(NEW_MONEY_STREAMS, self._levels, strict=True)):
            line, slots = (stream, GENERAL), self._slots[number]
            books.post(till.month, line, stages, sides[:, level], slots)
            if np.count_nonzero(reserve := state.reserve[None, level]):
                books.post(till.month, line, over, reserve, slots)
            self.spend(stream, TOPUP_OF_STREAM[number], over, state.pot[number : number + 1])
        books.post(till.month, (_VILLAGE, GENERAL), stages, village, self._here)

    def _grant(self, line: Line, taker: Line, rupiah: NDArray[np.int64]) -> None:
        """Give money that is in the districts to somebody there who is no government."""
        self._books.grant(self.till.month, line, taker, rupiah, self._here)

    def _move(self, number: int, programme: str, rupiah: NDArray[np.int64]) -> None:
        """Move money from the governments of a stream to the districts where it is spent."""
        if number < len(NEW_MONEY_STREAMS) - 1:
            line = (NEW_MONEY_STREAMS[number], programme)
            source = self._source_slots[number]
            self._books.transfer(self.till.month, line, rupiah, source, self._here)


def _twelfth(yearly: NDArray[np.float64], month: Month) -> NDArray[np.int64]:
    """Return a month's part of yearly money; twelve of them add up to the year exactly."""
    whole = np.rint(yearly).astype(np.int64)
    now, before = whole * month.month, whole * (month.month - 1)
    return np.asarray(now // MONTHS_PER_YEAR - before // MONTHS_PER_YEAR, np.int64)
