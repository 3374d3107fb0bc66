"""The lines of a ledger in little space, and as text when someone wants to read them."""

from __future__ import annotations

from collections.abc import Mapping
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
