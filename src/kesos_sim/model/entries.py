"""The lines of a ledger in little space, and as text when someone wants to read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Entries"]


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
    def of(
        cls,
        words: Mapping[str, tuple[str, ...]],
        keys: Sequence[tuple[int, int, int, int]],
        rows: Sequence[NDArray[np.int64]],
    ) -> Entries:
        """Return what is not zero of rows of the ledger, in the order of the words.

        Parameters
        ----------
        words : mapping of str to tuple of str
            The words of month, region, stream, programme and stage.
        keys : sequence of tuple of int
            Places of the words of month, stream, programme and stage of each row.
        rows : sequence of int64[n_regions], rupiah
            The rows, in any order.

        Returns
        -------
        Entries
        """
        order = sorted(range(len(keys)), key=keys.__getitem__)
        money = np.array([rows[row] for row in order], np.int64)
        money = money.reshape(len(rows), len(words["region"]))
        row, slot = np.nonzero(money)
        places = np.array([keys[row] for row in order], np.int16).reshape(-1, 4)[row].T
        names = ("month", "stream", "programme", "stage", "region")
        codes = dict(zip(names, (*places, slot.astype(np.int16)), strict=True))
        return cls(words, codes, money[row, slot])

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
