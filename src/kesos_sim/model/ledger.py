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
from collections.abc import Iterator, Sequence
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
)
from kesos_sim.institutions.places import Places
from kesos_sim.institutions.settlement import Settlement, settle
from kesos_sim.kernels.accounts import add_up
from kesos_sim.model.entries import Booked, Entries
from kesos_sim.units import Month

__all__ = ["GENERAL", "Entries", "Ledger", "Line", "Settlement", "Stage", "settle"]

_STAGES: Final = len(Stage)
_SIGN: Final = np.array([1 if stage in MONEY_IN else -1 for stage in Stage])
_OPENED: Final = Stage.OPENING - Stage.CARRY_OVER
"""From the row that a line carries over to the one that it opens with."""

_Rows = dict[int, NDArray[np.int64]]
"""Money of a month by line and stage, as far as any was booked: int64[n_regions], rupiah."""


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
        lines = [(stream, name) for stream in STREAMS for name in self._programmes]
        self._number = {line: place * _STAGES for place, line in enumerate(lines)}
        self._slot = {code: slot for slot, code in enumerate(self.regions.tolist())}
        self._months: dict[int, _Rows] = {}
        self._closed = -1

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
        rows, number = self._open_rows(month), self._line(line)
        for stage, money in zip(stages, rupiah, strict=True):
            rows[number + stage][slots] += money

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
        given = self._line(line) + Stage.TRANSFER_OUT
        np.add.at(self._open_rows(month)[given], source, rupiah)

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
        ordinal = month.ordinal
        rows = self._rows_of(ordinal)
        if rows:
            codes, money = np.array(list(rows)), np.array(list(rows.values()))
            self._check(month, codes, money)
            # One block takes less room than rows that lie anywhere.
            self._months[ordinal] = dict(zip(rows, money, strict=True))
            following = self._rows_of(ordinal + 1)
            for code, carried in rows.items():
                if code % _STAGES == Stage.CARRY_OVER and np.count_nonzero(carried):
                    following[code + _OPENED] += carried
        self._closed = ordinal

    def _check(self, month: Month, codes: NDArray[np.int64], money: NDArray[np.int64]) -> None:
        """Refuse money that comes from nowhere or went astray: int64[n, n_regions], rupiah."""
        stream, stage = codes // (_STAGES * len(self._programmes)), codes % _STAGES
        total = np.zeros((len(STREAMS), _STAGES), np.int64)
        missing = np.zeros((len(STREAMS), self.regions.size), np.int64)
        add_up(money, stream, stage, _SIGN, missing, total)
        unbalanced = np.asarray(missing.any(axis=1))
        transferred = total[:, Stage.TRANSFER_OUT] - total[:, Stage.TRANSFER_IN]
        for number, name in enumerate(STREAMS):
            if unbalanced[number]:
                worst = int(np.abs(missing[number]).argmax())
                raise KesosError(
                    "KS2101",
                    "ledger.unbalanced",
                    region=self._name(worst),
                    stream=name,
                    month=str(month),
                    rupiah=int(missing[number, worst]),
                )
            if astray := int(transferred[number]):
                raise KesosError(
                    "KS2103", "ledger.astray", stream=name, month=str(month), rupiah=astray
                )
        if granted := int((total[:, Stage.GRANT_OUT] - total[:, Stage.GRANT_IN]).sum()):
            raise KesosError("KS2105", "ledger.grant_astray", month=str(month), rupiah=granted)

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
        for line, stage, row in self._booked_in(month):
            if line[0] == stream:
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
        for line, own_stage, row in self._booked_in(month):
            if own_stage == stage and stream in {None, line[0]} and programme in {None, line[1]}:
                found += row
        return found

    def forget(self, before: Month) -> None:
        """Drop the lines of the months before one, for instance of a burn-in.

        Parameters
        ----------
        before : Month
            First month that is kept.
        """
        for ordinal in [ordinal for ordinal in self._months if ordinal < before.ordinal]:
            del self._months[ordinal]

    def booked(self) -> Booked:
        """Return every row of money, of closed months and of those that are open.

        Returns
        -------
        Booked
            In the order of months; a line's rows in the order of stages.
        """
        every = [
            (ordinal, code, row)
            for ordinal, rows in sorted(self._months.items())
            for code, row in sorted(rows.items())
        ]
        ordinals, codes = (np.array([row[k] for row in every], np.int64) for k in range(2))
        line, stage = divmod(codes, _STAGES)
        stream, programme = divmod(line, len(self._programmes))
        money = np.array([row for _, _, row in every], np.int64)
        return Booked(
            streams=STREAMS,
            programmes=self._programmes,
            month=ordinals,
            stream=stream,
            programme=programme,
            stage=stage,
            rupiah=money.reshape(len(every), self.regions.size),
        )

    def entries(self) -> Entries:
        """Return every line of the closed months that is not zero.

        Returns
        -------
        Entries
            In the order of months, lines, stages and regions.
        """
        regions = tuple(self._name(slot) for slot in range(self.regions.size))
        return Entries.of(self.booked(), regions, self._closed)

    def snapshot(self) -> dict[str, NDArray[np.int64]]:
        """Return the whole ledger as arrays by name, for a checkpoint.

        Returns
        -------
        dict of str to ndarray
            ``closed``: ordinal of the last closed month (-1: none); ``rows``: int64[n, 4], ordinal
            of the month, place of stream, programme and stage; ``rupiah``: int64[n, n_regions].
        """
        found = self.booked()
        rows = np.stack((found.month, found.stream, found.programme, found.stage), axis=1)
        return {"closed": np.array([self._closed]), "rows": rows, "rupiah": found.rupiah}

    def restore(self, snapshot: dict[str, NDArray[np.int64]]) -> None:
        """Put the ledger back to a checkpoint.

        Parameters
        ----------
        snapshot : dict of str to ndarray
            What `snapshot` returned; int64[...], rupiah.
        """
        self._closed = int(snapshot["closed"][0])
        self._months = {}
        month, stream, programme, stage = snapshot["rows"].T
        codes = (stream * len(self._programmes) + programme) * _STAGES + stage
        rows = zip(month.tolist(), codes.tolist(), snapshot["rupiah"].copy(), strict=True)
        for ordinal, code, money in rows:
            self._rows_of(ordinal)[code] = money

    def _open_rows(self, month: Month) -> _Rows:
        """Return the rows of a month that is not closed."""
        ordinal = month.ordinal
        if ordinal <= self._closed:
            raise KesosError("KS2104", "ledger.closed", month=str(month))
        return self._rows_of(ordinal)

    def _rows_of(self, ordinal: int) -> _Rows:
        """Return the rows of a month; one is made when it is first needed."""
        rows = self._months.get(ordinal)
        if rows is None:
            rows = self._months[ordinal] = defaultdict(self._nothing)
        return rows

    def _nothing(self) -> NDArray[np.int64]:
        """Return no money in any account: int64[n_regions], rupiah."""
        return np.zeros(self.regions.size, np.int64)

    def _line(self, line: Line) -> int:
        """Return the code of the first stage of a line."""
        number = self._number.get(line)
        if number is None:
            raise KeyError(f"no line {'/'.join(line)} in this ledger")
        return number

    def _booked_in(self, month: Month) -> Iterator[tuple[Line, int, NDArray[np.int64]]]:
        """Yield the rows of a month: line, stage and int64[n_regions], rupiah."""
        for code, row in self._months.get(month.ordinal, {}).items():
            line, stage = divmod(code, _STAGES)
            stream, programme = divmod(line, len(self._programmes))
            yield (STREAMS[stream], self._programmes[programme]), stage, row

    def _name(self, slot: int) -> str:
        """Return a region's code as results have it."""
        return f"{int(self.regions[slot]):02d}"
