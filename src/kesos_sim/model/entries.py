"""The lines of a ledger in little space, and as text when someone wants to read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.accounts import Line, Stage
from kesos_sim.units import Month

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Booked", "Entries"]


@dataclass(frozen=True)
class Booked:
    """Rows of money of a ledger, in the order of months, lines and stages.

    Attributes
    ----------
    streams, programmes : tuple of str
        Their names.
    month : int64[n_rows], month, as an ordinal
    stream, programme, stage : int64[n_rows], index, place of each row's stream, programme, stage
    rupiah : int64[n_rows, n_regions], rupiah
    """

    streams: tuple[str, ...]
    programmes: tuple[str, ...]
    month: NDArray[np.int64]
    stream: NDArray[np.int64]
    programme: NDArray[np.int64]
    stage: NDArray[np.int64]
    rupiah: NDArray[np.int64]

    def of_lines(self, wanted: Callable[[Line], bool]) -> NDArray[np.bool_]:
        """Return which rows are of some lines.

        Parameters
        ----------
        wanted : function
            Whether a line counts.

        Returns
        -------
        bool[n_rows], flag
        """
        number, lines = self._lines
        names = (divmod(line, len(self.programmes)) for line in number.tolist())
        counts = [wanted((self.streams[one], self.programmes[other])) for one, other in names]
        return np.array(counts, np.bool_)[lines]

    @cached_property
    def _lines(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Lines that there are, by number, and which of them each row belongs to."""
        number, lines = np.unique(
            self.stream * len(self.programmes) + self.programme, return_inverse=True
        )
        return number, lines


@dataclass(frozen=True)
class Entries:
    """Lines of the ledger in little space: a number for each word, and the words.

    Attributes
    ----------
    words : mapping of str to tuple of str
        The words of month, region, stream, programme and stage.
    codes : mapping of str to ndarray
        int16[n_rows], index, place of each row's word.
    rupiah : int64[n_rows], rupiah
    """

    words: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, NDArray[np.int16]]
    rupiah: NDArray[np.int64]

    @classmethod
    def of(cls, booked: Booked, regions: tuple[str, ...], until: int) -> Entries:
        """Return what is not zero of rows of a ledger, in their order.

        Parameters
        ----------
        booked : Booked
            The rows.
        regions : tuple of str
            Codes of the regions.
        until : int
            The last month that counts, as an ordinal.

        Returns
        -------
        Entries
        """
        stop = int(np.searchsorted(booked.month, until, side="right"))
        months, month = np.unique(booked.month[:stop], return_inverse=True)
        row, slot = np.nonzero(booked.rupiah[:stop])
        codes = {
            "month": month[row],
            "stream": booked.stream[row],
            "programme": booked.programme[row],
            "stage": booked.stage[row],
            "region": slot,
        }
        words = {
            "month": tuple(str(Month.from_ordinal(one)) for one in months.tolist()),
            "region": regions,
            "stream": booked.streams,
            "programme": booked.programmes,
            "stage": tuple(stage.name.lower() for stage in Stage),
        }
        small = {name: place.astype(np.int16) for name, place in codes.items()}
        return cls(words, small, booked.rupiah[row, slot])

    def frame(self) -> pd.DataFrame:
        """Return the lines as a tidy frame.

        Returns
        -------
        DataFrame
            Columns month, region, stream, programme, stage, rupiah.
        """
        import pandas as pd  # heavy, only needed here

        columns = {
            name: pd.Index(words).take(self.codes[name]) for name, words in self.words.items()
        }
        return pd.DataFrame(columns | {"rupiah": self.rupiah})
