"""Threads that share the work of one kernel.

Kernels walk over a range of provinces, districts, strata or chunks and know of no threads: what
they do to one place depends on no other, so a team may cut the range anywhere. That compiles in
a third of the time that the compiler's own threads take, any number of models may run at the
same time in one process, and idle threads sleep.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from queue import Empty, SimpleQueue
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Team"]

_PIECES_PER_THREAD: Final = 4
"""More than one, so that a thread that is done or undisturbed takes over from others."""


class Team:
    """A number of threads, the caller's among them.

    Attributes
    ----------
    threads : int
        Threads; they are started when they are first needed and end with the team.
    """

    def __init__(self, threads: int) -> None:
        self.threads = max(1, threads)
        self._others: ThreadPoolExecutor | None = None

    @property
    def pieces(self) -> int:
        """Pieces into which work is cut: one for a team of one thread."""
        return 1 if self.threads == 1 else _PIECES_PER_THREAD * self.threads

    def share(self, kernel: Callable[..., None], count: int, *arguments: Any) -> None:
        """Call a kernel until all is done.

        Parameters
        ----------
        kernel : takes the first place to do, one past the last, and the arguments; what it writes
            of one place must not depend on others
        count : number of places
        arguments : what the kernel takes beside
        """
        if self.threads == 1 or count <= 1:
            kernel(0, count, *arguments)
            return
        if self._others is None:
            self._others = ThreadPoolExecutor(self.threads - 1, "kesos-sim")
        pieces = min(self.pieces, count)
        todo: SimpleQueue[tuple[int, int]] = SimpleQueue()
        for piece in pairwise(count * k // pieces for k in range(pieces + 1)):
            todo.put(piece)

        def work() -> None:
            while True:
                try:
                    first, stop = todo.get_nowait()
                except Empty:
                    return
                kernel(first, stop, *arguments)

        helping = [self._others.submit(work) for _ in range(min(self.threads, pieces) - 1)]
        try:
            work()
        finally:
            for other in helping:
                other.result()

    def cuts(
        self, province: NDArray[np.signedinteger], households: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return before which strata no chunk of households may go on.

        Parameters
        ----------
        province : int32[n_strata], code, province
        households : int64[n_strata], households, simulated ones

        Returns
        -------
        int64[n_cuts], stratum, none for a team that has the whole country
        """
        del province, households
        return np.zeros(0, np.int64)

    def know(
        self,
        district: NDArray[np.signedinteger],
        chunk: NDArray[np.signedinteger],
        cell: NDArray[np.signedinteger],
    ) -> None:
        """Take in where places are, before the first kernel.

        Parameters
        ----------
        district : int64[n_districts], stratum, the first of each district
        chunk : int32[n_chunks], stratum, the first of each chunk
        cell : int32[n_strata], index, cell of the stratum
        """

    def gather(
        self,
        place: str,
        *arrays: NDArray[Any],
        axis: int = 0,
        starts: NDArray[np.integer[Any]] | None = None,
    ) -> None:
        """Complete what kernels have found out about places; a team of the whole country has it.

        Parameters
        ----------
        place : ``province``, ``district``, ``stratum`` or ``cell``
        arrays : number[n_places, ...], any unit, what was found out, in place
        axis : along which places lie
        starts : int64[n_places + 1], row, where each place has not one row but those from here on
        """
