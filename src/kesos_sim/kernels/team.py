"""Threads that share the work of one kernel.

Kernels walk over a range of provinces, districts, strata or chunks and know of no threads: what
they do to one place depends on no other, so a team may cut the range anywhere. That compiles in
a third of the time that the compiler's own threads take, any number of models may run at the
same time in one process, and idle threads sleep.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Team"]

_PIECES_PER_THREAD: Final = 4
"""More than one, so that a thread that is done or undisturbed takes over from others."""
_FEW: Final = 40
"""Places, as many as provinces, each of which is a piece: a few may hold half of the work."""


class Team:
    """A number of threads, the caller's among them.

    Attributes
    ----------
    threads : int
        Threads; they start and end with the team. Later there may be too little memory to start
        one, and whoever starts a thread that dies before its first step waits for ever.

    Examples
    --------
    >>> import numpy as np
    >>> def add(first, stop, numbers):
    ...     numbers[first:stop] += 1
    >>> numbers = np.zeros(5)
    >>> Team(2).share(add, 5, numbers)
    >>> numbers.tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """

    def __init__(self, threads: int) -> None:
        self.threads = max(1, threads)
        self._calls = self._hire()

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
        pieces = count if count <= _FEW else self.pieces
        work = _Work(kernel, arguments, [count * k // pieces for k in range(pieces + 1)])
        for _ in range(min(self.threads, pieces) - 1):
            self._calls.put(work)
        work.take_part()
        work.wait()

    def _hire(self) -> SimpleQueue[_Work | None]:
        """Start the other threads; the way to call them is returned."""
        calls: SimpleQueue[_Work | None] = SimpleQueue()
        others = self.threads - 1
        for number in range(others):
            Thread(target=_help, args=(calls,), name=f"kesos-sim-{number}", daemon=True).start()
        weakref.finalize(self, _dismiss, calls, others)
        return calls

    def share_all(self, kernel: Callable[..., None], count: int, *arguments: Any) -> None:
        """Call a kernel until all is done, also where others do a part of what `share` does.

        Parameters
        ----------
        kernel, count, arguments
            As `share` takes them, about organisations or groups: of these everybody has all.
        """
        Team.share(self, kernel, count, *arguments)

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


class _Work:
    """The pieces of one call.

    The caller waits for pieces that others have begun, not for others that are still waking up.
    """

    def __init__(
        self, kernel: Callable[..., None], arguments: tuple[Any, ...], edges: list[int]
    ) -> None:
        self._kernel, self._arguments = kernel, arguments
        self._todo = deque(pairwise(edges))
        self._pieces = len(edges) - 1
        self._ends: list[BaseException | None] = []
        self._all_done: SimpleQueue[None] = SimpleQueue()

    def take_part(self) -> None:
        """Do pieces while there are some."""
        while True:
            try:
                first, stop = self._todo.popleft()
            except IndexError:
                return
            failed = None
            try:
                self._kernel(first, stop, *self._arguments)
            except BaseException as error:
                # Whoever called the team hears of it.
                failed = error
            self._ends.append(failed)
            if len(self._ends) == self._pieces:
                self._all_done.put(None)

    def wait(self) -> None:
        """Return when every piece is done; raise what a kernel raised."""
        if len(self._ends) < self._pieces:
            self._all_done.get()
        for failed in self._ends:
            if failed is not None:
                raise failed


def _help(calls: SimpleQueue[_Work | None]) -> None:
    """Take part in whatever there is to do, until dismissed."""
    while (work := calls.get()) is not None:
        work.take_part()
        # A waiting thread keeps no arrays alive.
        del work


def _dismiss(calls: SimpleQueue[_Work | None], others: int) -> None:
    """End the other threads of a team that is gone."""
    for _ in range(others):
        calls.put(None)
