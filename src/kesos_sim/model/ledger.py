"""Every rupiah: accounts per region and stream, money in on one side, money out on the other.

An account belongs to a region (the nation, a province, a district) and a stream. Money of the
nation or a province that is spent in a district moves there by `Ledger.transfer`, so that a
district's accounts show what is spent in it and the stream says whose money it is. In every
month and account

    opening + revenue + transfer_in + grant_in =
        delivered + services + administration + leakage + other_spending
        + returned + transfer_out + grant_out + carry_over

transfers in and out of a stream are equal, and so are grants between streams.
`Ledger.close_month` refuses a month in which that does not hold. What an account holds in the end
has to be posted as its carry-over and opens the next month. Rupiah are whole, of the price year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.errors import KesosError
from kesos_sim.institutions.accounts import (
    FUND_LINES,
    GENERAL,
    INSTRUMENT_LINES,
    MONEY_IN,
    STREAMS,
    Line,
    Slots,
    Stage,
    Stages,
    of_a_programme,
)
from kesos_sim.institutions.places import Places
from kesos_sim.institutions.settlement import Settlement, settle
from kesos_sim.model.entries import Entries
from kesos_sim.units import Month

__all__ = ["GENERAL", "Entries", "Ledger", "Line", "Settlement", "Stage", "settle"]

_SIGN: Final = [1 if stage in MONEY_IN else -1 for stage in Stage]

_Rows = dict[int, NDArray[np.int64]]
"""Money of a line by stage, as far as any was booked: int64[n_regions], rupiah."""


class Ledger:
    """Double-entry accounts of a run.

    Parameters
    ----------
    regions : sequence of int
        BPS codes of the accounts, each once.
    programmes : sequence of str
        Names that lines may have, besides the general one and those of the instruments.

    Attributes
    ----------
    regions : int64[n_regions], BPS code
    """

    def __init__(self, regions: Sequence[int], programmes: Sequence[str]) -> None:
        self.regions = np.array(regions, np.int64)
        self._programmes = (GENERAL, *programmes, *INSTRUMENT_LINES, *FUND_LINES)
        self._rank = {name: place for place, name in enumerate(self._programmes)}
        self._slot = {code: slot for slot, code in enumerate(self.regions.tolist())}
        self._months: dict[Month, dict[Line, _Rows]] = {}
        self._closed: Month | None = None

    @classmethod
    def open(cls, places: Places, programmes: Sequence[str]) -> Ledger:
        """Open the accounts of the nation, the provinces and the districts of a run.

        Parameters
        ----------
        places : Places
            Districts of the run.
        programmes : sequence of str
            Names that lines may have.

        Returns
        -------
        Ledger
            Without any rupiah.
        """
        return cls((0, *places.provinces, *places.codes.tolist()), programmes)

    def slots(self, codes: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places of regions in the arrays of this ledger.

        Parameters
        ----------
        codes : int64[n], BPS code

        Returns
        -------
        int64[n], index
        """
        return np.array([self._slot[int(code)] for code in codes], np.int64)

    def post(
        self,
        month: Month,
        line: Line,
        stages: Stages,
        rupiah: NDArray[np.int64],
        slots: Slots,
    ) -> None:
        """Book money on one line of several accounts.

        Parameters
        ----------
        month : Month
            A month that is not closed.
        line : tuple of str
            Stream and programme.
        stages : tuple of Stage
            Where the money comes from or goes to.
        rupiah : int64[n_stages, n], rupiah, 0 or more
        slots : int64[n] or slice of n, index, accounts, each once
        """
        if np.count_nonzero(rupiah < 0):
            row, worst = divmod(int(rupiah.argmin()), rupiah.shape[1])
            raise KesosError(
                "KS2102",
                "ledger.negative",
                region=self._name(int(np.arange(self.regions.size)[slots][worst])),
                stream=line[0],
                stage=stages[row].name.lower(),
                programme=line[1],
                month=str(month),
                rupiah=int(rupiah[row, worst]),
            )
        if self._closed is not None and month <= self._closed:
            raise KesosError("KS2104", "ledger.closed", month=str(month))
        rows = self._line(month, line)
        for stage, money in zip(stages, rupiah, strict=True):
            rows[int(stage)][slots] += money

    def transfer(
        self,
        month: Month,
        line: Line,
        rupiah: NDArray[np.int64],
        source: NDArray[np.int64],
        target: Slots,
    ) -> None:
        """Move money of a stream from accounts to other accounts.

        Parameters
        ----------
        month : Month
            A month that is not closed.
        line : tuple of str
            Stream and programme, the same in both accounts.
        rupiah : int64[n], rupiah, 0 or more
        source : int64[n], index, accounts that give, as often as needed
        target : int64[n] or slice of n, index, accounts that receive, each once
        """
        self.post(month, line, (Stage.TRANSFER_IN,), rupiah[None], target)
        np.add.at(self._line(month, line)[int(Stage.TRANSFER_OUT)], source, rupiah)

    def grant(
        self, month: Month, giver: Line, taker: Line, rupiah: NDArray[np.int64], slots: Slots
    ) -> None:
        """Move money of one stream to another in the same regions.

        Parameters
        ----------
        month : Month
            A month that is not closed.
        giver, taker : tuple of str
            Stream and programme of who gives and who gets.
        rupiah : int64[n], rupiah, 0 or more
        slots : int64[n] or slice of n, index, regions, each once
        """
        self.post(month, giver, (Stage.GRANT_OUT,), rupiah[None], slots)
        self.post(month, taker, (Stage.GRANT_IN,), rupiah[None], slots)

    def close_month(self, month: Month) -> None:
        """Close a month and open the next one, or refuse.

        Parameters
        ----------
        month : Month
            The month after the last closed one.

        Raises
        ------
        KesosError
            If in an account more or less went out than came in, or if transfers of a stream or
            grants between streams went out that did not arrive: with region, stream and rupiah.
        """
        lines = self._months.setdefault(month, {})
        by_stream: dict[str, NDArray[np.int64]] = defaultdict(self._flows)
        for (stream, _), rows in lines.items():
            flows = by_stream[stream]
            for stage, row in rows.items():
                flows[stage] += row
        granted = 0
        for stream, flows in by_stream.items():
            total = flows.sum(axis=1).tolist()
            granted += total[Stage.GRANT_OUT] - total[Stage.GRANT_IN]
            missing = _SIGN @ flows
            if np.count_nonzero(missing):
                worst = int(np.abs(missing).argmax())
                raise KesosError(
                    "KS2101",
                    "ledger.unbalanced",
                    region=self._name(worst),
                    stream=stream,
                    month=str(month),
                    rupiah=int(missing[worst]),
                )
            if astray := total[Stage.TRANSFER_OUT] - total[Stage.TRANSFER_IN]:
                raise KesosError(
                    "KS2103", "ledger.astray", stream=stream, month=str(month), rupiah=astray
                )
        if granted:
            raise KesosError("KS2105", "ledger.grant_astray", month=str(month), rupiah=granted)
        following = month + 1
        for line, rows in lines.items():
            carried = rows.get(int(Stage.CARRY_OVER))
            if carried is not None and np.count_nonzero(carried):
                self._line(following, line)[int(Stage.OPENING)] += carried
        self._closed = month

    def balance(self, month: Month, stream: str) -> NDArray[np.int64]:
        """Return what the accounts of a stream hold now.

        Parameters
        ----------
        month : Month
            Not closed.
        stream : str
            One of the streams.

        Returns
        -------
        int64[n_regions], rupiah, money in less money out so far
        """
        found = np.zeros(self.regions.size, np.int64)
        for line, rows in self._months.get(month, {}).items():
            if line[0] == stream:
                for stage, row in rows.items():
                    found += _SIGN[stage] * row
        return found

    def total(
        self, month: Month, stage: Stage, programme: str | None = None, stream: str | None = None
    ) -> NDArray[np.int64]:
        """Return the money of one stage in a month.

        Parameters
        ----------
        month : Month
            Any month.
        stage : Stage
            Where the money comes from or goes to.
        programme, stream : str, optional
            Only this line or stream.

        Returns
        -------
        int64[n_regions], rupiah
        """
        found = np.zeros(self.regions.size, np.int64)
        for (own_stream, own_programme), rows in self._months.get(month, {}).items():
            if stream in {None, own_stream} and programme in {None, own_programme}:
                found += rows.get(int(stage), 0)
        return found

    def forget(self, before: Month) -> None:
        """Drop the lines of the months before one, for instance of a burn-in.

        Parameters
        ----------
        before : Month
            First month that is kept.
        """
        for month in [month for month in self._months if month < before]:
            del self._months[month]

    def flows(
        self, first: Month, months: int, wanted: Callable[[Line], bool] = of_a_programme
    ) -> NDArray[np.int64]:
        """Return the money of some lines in consecutive months by stage and account.

        Parameters
        ----------
        first : Month
            First month.
        months : int
            Their number; those that the ledger does not have stay zero.
        wanted : function
            Whether to count a line; without it programmes of governments.

        Returns
        -------
        int64[n_months, n_stages, n_regions], rupiah
        """
        found = np.zeros((months, len(Stage), self.regions.size), np.int64)
        for number in range(months):
            for line, rows in self._months.get(first + number, {}).items():
                if wanted(line):
                    for stage, row in rows.items():
                        found[number, stage] += row
        return found

    def entries(self) -> Entries:
        """Return every line of the closed months that is not zero.

        Returns
        -------
        Entries
            In the order of months, lines, stages and regions.
        """
        closed = [m for m in sorted(self._months) if self._closed and m <= self._closed]
        keys: list[tuple[int, int, int, int]] = []
        every: list[NDArray[np.int64]] = []
        for number, month in enumerate(closed):
            for (stream, programme), rows in self._months[month].items():
                place = (number, STREAMS.index(stream), self._rank[programme])
                keys += [(*place, stage) for stage in rows]
                every += rows.values()
        return Entries.of(
            {
                "month": tuple(str(month) for month in closed),
                "region": tuple(self._name(slot) for slot in range(self.regions.size)),
                "stream": STREAMS,
                "programme": self._programmes,
                "stage": tuple(stage.name.lower() for stage in Stage),
            },
            keys,
            every,
        )

    def snapshot(self) -> dict[str, NDArray[np.int64]]:
        """Return the whole ledger as arrays by name, for a checkpoint.

        Returns
        -------
        dict of str to ndarray
            ``closed`` holds the last closed month as an ordinal (-1: none); every line is
            int64[n_stages, n_regions], rupiah, named ``month/stream/programme``.
        """
        found = {"closed": np.array([-1 if self._closed is None else self._closed.ordinal])}
        for month, lines in self._months.items():
            for (stream, programme), rows in lines.items():
                flow = found[f"{month}/{stream}/{programme}"] = self._flows()
                for stage, row in rows.items():
                    flow[stage] = row
        return found

    def restore(self, snapshot: dict[str, NDArray[np.int64]]) -> None:
        """Put the ledger back to a checkpoint.

        Parameters
        ----------
        snapshot : dict of str to ndarray
            What `snapshot` returned; int64[n_stages, n_regions], rupiah.
        """
        closed = int(snapshot["closed"][0])
        self._closed = None if closed < 0 else Month.from_ordinal(closed)
        self._months = {}
        for name, flow in snapshot.items():
            if name != "closed":
                month, stream, programme = name.split("/", 2)
                rows = self._line(Month.parse(month), (stream, programme))
                for stage in np.flatnonzero(flow.any(axis=1)).tolist():
                    rows[stage][:] = flow[stage]

    def _line(self, month: Month, line: Line) -> _Rows:
        """Return the money of one line; the row of a stage is made when first needed."""
        lines = self._months.setdefault(month, {})
        rows = lines.get(line)
        if rows is None:
            if line[0] not in STREAMS or line[1] not in self._rank:
                raise KeyError(f"no line {'/'.join(line)} in this ledger")
            rows = lines[line] = defaultdict(self._nothing)
        return rows

    def _flows(self) -> NDArray[np.int64]:
        """Return no money at any stage: int64[n_stages, n_regions], rupiah."""
        return np.zeros((len(Stage), self.regions.size), np.int64)

    def _nothing(self) -> NDArray[np.int64]:
        """Return no money in any account: int64[n_regions], rupiah."""
        return np.zeros(self.regions.size, np.int64)

    def _name(self, slot: int) -> str:
        """Return a region's code as results have it."""
        return f"{int(self.regions[slot]):02d}"
