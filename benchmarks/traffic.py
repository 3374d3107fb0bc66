"""The bytes that a month has to move, and one pass over as many.

Counted is what the two kernels of every month read and write per household, array by array: an
array that is moved in place counts twice, an array that both kernels read counts in both, and
temporaries that stay in the cache count nothing. Tables and sums by place are small and left
out, and so are the yearly steps; both make the count smaller and the figure harder to reach.
"""

from __future__ import annotations

from typing import Final

import numba as nb
import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.team import Team
from kesos_sim.population.households import Households

__all__ = ["MOVED", "InPlace", "bytes_per_month"]

MOVED: Final = {
    "draw_month": {
        "read": ("word", "base", "enrolled", "persistent", "transitory", "loss"),
        "written": ("persistent", "transitory", "loss", "score"),
    },
    "after_help": {
        "read": ("word", "score", "gain", "loss", "benefit", "pooled", "savings", "enrolled"),
        "written": ("savings", "welfare"),
    },
}
"""Arrays of households that each kernel reads and writes in every month."""


def bytes_per_month(people: Households) -> int:
    """Return the bytes that a month reads and writes for one household.

    Parameters
    ----------
    people : Households
        Their arrays say how wide they are.

    Returns
    -------
    int
        Bytes, read and written.
    """
    arrays = people.arrays()
    return sum(
        arrays[name].itemsize
        for kernel in MOVED.values()
        for names in kernel.values()
        for name in names
    )


class InPlace:
    """One pass that reads and writes every number of an array once.

    Parameters
    ----------
    moved : int
        Bytes to move, half of them read and half of them written.
    threads : int
        Threads that go over them.
    """

    def __init__(self, moved: int, threads: int) -> None:
        self._team = Team(threads)
        self.numbers: NDArray[np.float32] = np.ones(moved // 8, np.float32)

    def step(self) -> None:
        """Go over the array once, with as many threads as the kernels use."""
        pieces = self._team.pieces
        edges = np.linspace(0, self.numbers.size, pieces + 1).astype(np.int64)
        self._team.share(_pass, pieces, edges, self.numbers)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def _pass(from_chunk, to_chunk, edges, numbers):  # type: ignore[no-untyped-def]
    for chunk in range(from_chunk, to_chunk):
        own = numbers[edges[chunk] : edges[chunk + 1]]
        for i in range(own.size):
            own[i] = own[i] * np.float32(0.9999) + np.float32(0.0001)
