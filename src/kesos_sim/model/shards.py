"""A part of the country: whole provinces, whose households one of several processes moves.

Every process has the same model and lives the same months. Arrays of households have room for
everybody, but a process touches only the rows of its own provinces, so that the others cost it no
memory; what it finds out about its places it tells the others, and so institutions, of which every
process has all, see the same whole everywhere. Provinces and not districts, because organisations
hand people on within their province.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.team import Team

__all__ = ["Exchange", "Shard", "shared_out"]

Exchange = Callable[[bytes], list[bytes]]
"""Give one's own bytes to all processes, and get those of every process, in their order."""

_FROM: Final = "from_"
"""How kernels name their first argument, before the kind of place that they walk over."""


def shared_out(load: NDArray[np.int64], parts: int) -> NDArray[np.int64]:
    """Share provinces out so that everybody has about as much to do.

    Parameters
    ----------
    load : int64[n_provinces], households, simulated ones of each
    parts : processes

    Returns
    -------
    int64[n_provinces], index, the process of each
    """
    owner, busy = np.zeros(load.size, np.int64), np.zeros(parts, np.int64)
    for province in np.argsort(-load, kind="stable").tolist():
        owner[province] = busy.argmin()
        busy[owner[province]] += load[province]
    return owner


class Shard(Team):
    """The threads of one of several processes that share the country.

    Attributes
    ----------
    rank : int
        Which of the processes this is.
    parts : int
        How many there are, at most one for each province.
    exchanges : int
        How often something was told.
    told : int
        Bytes told to each of the others.
    """

    def __init__(self, threads: int, rank: int, parts: int, exchange: Exchange) -> None:
        super().__init__(threads)
        self.rank, self.parts = rank, parts
        self.exchanges = self.told = 0
        self._exchange = exchange
        self._owner: dict[str, NDArray[np.int64]] = {}

    def cuts(
        self, province: NDArray[np.signedinteger], households: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Share the provinces out.

        Parameters
        ----------
        province : int32[n_strata], code, province
        households : int64[n_strata], households, simulated ones

        Returns
        -------
        int64[n_cuts], stratum, before which another process begins

        Raises
        ------
        ValueError
            If there are more processes than provinces.
        """
        _, place = np.unique(province, return_inverse=True)
        load = np.bincount(place, households).astype(np.int64)
        if load.size < self.parts:
            raise ValueError(f"{load.size} provinces for {self.parts} processes")
        self._owner = {"province": shared_out(load, self.parts)}
        self._owner["stratum"] = self._owner["province"][place]
        return np.flatnonzero(np.diff(self._owner["stratum"])) + 1

    def know(
        self,
        district: NDArray[np.signedinteger],
        chunk: NDArray[np.signedinteger],
        cell: NDArray[np.signedinteger],
    ) -> None:
        """Take in where places are.

        Parameters
        ----------
        district : int64[n_districts], stratum, the first of each district
        chunk : int32[n_chunks], stratum, the first of each chunk
        cell : int32[n_strata], index, cell of the stratum
        """
        stratum = self._owner["stratum"]
        self._owner["district"], self._owner["chunk"] = stratum[district], stratum[chunk]
        self._owner["cell"] = np.zeros(int(cell.max()) + 1, np.int64)
        self._owner["cell"][cell] = stratum

    def share(self, kernel: Callable[..., None], count: int, *arguments: Any) -> None:
        """Call a kernel for the places of this process; see `kesos_sim.kernels.team.Team.share`."""
        function = getattr(kernel, "py_func", kernel)
        own = self._owner[function.__code__.co_varnames[0].removeprefix(_FROM)] == self.rank
        if own.size != count:
            raise ValueError(f"{count} places, not {own.size}")
        edges = np.flatnonzero(np.diff(own, prepend=False, append=False)).tolist()
        for first, stop in zip(edges[::2], edges[1::2], strict=True):
            super().share(partial(_shifted, kernel, first), stop - first, *arguments)

    def gather(
        self,
        place: str,
        *arrays: NDArray[Any],
        axis: int = 0,
        starts: NDArray[np.integer[Any]] | None = None,
    ) -> None:
        """Tell the others of one's own places, and learn of theirs.

        Parameters
        ----------
        place : kind of place
        arrays : number[n_places, ...], any unit, rows of the others' places written in place
        axis : along which places lie
        starts : int64[n_places + 1], row, where each place has not one row but those from here on
        """
        owner = self._owner[place]
        if starts is not None:
            owner = np.repeat(owner, np.diff(starts))
        rows = [np.flatnonzero(owner == rank) for rank in range(self.parts)]
        own = b"".join(array.take(rows[self.rank], axis).tobytes() for array in arrays)
        self.exchanges, self.told = self.exchanges + 1, self.told + len(own)
        for rank, found in enumerate(self._exchange(own)):
            if rank == self.rank:
                continue
            offset = 0
            for array in arrays:
                shape = list(array.shape)
                shape[axis] = rows[rank].size
                size = int(np.prod(shape))
                values = np.frombuffer(found, array.dtype, size, offset).reshape(shape)
                array[(slice(None),) * axis + (rows[rank],)] = values
                offset += values.nbytes


def _shifted(kernel: Callable[..., None], by: int, first: int, stop: int, *arguments: Any) -> None:
    """Call a kernel for places further on."""
    kernel(by + first, by + stop, *arguments)
