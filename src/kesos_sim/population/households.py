"""Households as arrays, and the places they are ordered by.

Households are sorted by stratum and strata by district, so that district and
stratum cost no memory and a district is a natural shard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.households import BLOCK

__all__ = ["WEIGHT_UNIT", "Households", "Layout", "allocate"]

WEIGHT_UNIT = 1 << 16
"""Weights are whole numbers in this fraction of a household: sums are exact."""

_LEAST = 2
"""Simulated households of a stratum with people: one alone would have no spread."""
_ROUNDS = 50
_HALF_HOUSEHOLD = 0.5


@dataclass(frozen=True)
class Layout:
    """Where each stratum, district, block and chunk of households begins.

    Attributes
    ----------
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    district_stratum : int64[n_districts + 1], stratum, first stratum of each district
    block_start, block_stop : int64[n_blocks], household, first and one past the last
    block_stratum : int32[n_blocks], index, stratum of the block
    chunk_start : int64[n_chunks + 1], block, first block of each chunk
    """

    stratum_start: NDArray[np.int64]
    district_stratum: NDArray[np.int64]
    block_start: NDArray[np.int64]
    block_stop: NDArray[np.int64]
    block_stratum: NDArray[np.int32]
    chunk_start: NDArray[np.int64]

    @property
    def n_households(self) -> int:
        """Number of simulated households."""
        return int(self.stratum_start[-1])

    @property
    def n_strata(self) -> int:
        """Number of strata."""
        return self.stratum_start.size - 1

    @property
    def n_districts(self) -> int:
        """Number of districts."""
        return self.district_stratum.size - 1

    @property
    def n_chunks(self) -> int:
        """Number of chunks."""
        return self.chunk_start.size - 1

    @property
    def district_start(self) -> NDArray[np.int64]:
        """First household of each district.

        Returns
        -------
        int64[n_districts + 1], household, with the end of the last district
        """
        return self.stratum_start[self.district_stratum]

    @property
    def blocks(self) -> tuple[NDArray[np.signedinteger], ...]:
        """Chunks and blocks in the order in which the kernels take them.

        Returns
        -------
        tuple of int64[n] and int32[n_blocks], index, chunk starts, block starts and stops, strata
        """
        return (self.chunk_start, self.block_start, self.block_stop, self.block_stratum)

    @classmethod
    def build(
        cls,
        counts: NDArray[np.int64],
        district_of_stratum: NDArray[np.int32],
        n_chunks: int,
        block: int = BLOCK,
        cuts: Sequence[int] | NDArray[np.int64] = (),
    ) -> Layout:
        """Cut households into strata, blocks and chunks.

        Parameters
        ----------
        counts : int64[n_strata], households, simulated households of each stratum
        district_of_stratum : int32[n_strata], code, district, in ascending order
        n_chunks : number of chunks, as many as threads take pieces
        block : most households in a block, at most `BLOCK`
        cuts : int64[n_cuts], stratum, before which no chunk goes on

        Returns
        -------
        Layout

        Raises
        ------
        ValueError
            If a block would be larger than the kernels' temporaries, or a stratum is empty.
        """
        if not 0 < block <= BLOCK:
            raise ValueError(f"a block holds 1 to {BLOCK} households, not {block}")
        if counts.size == 0 or int(counts.min()) < 1:
            raise ValueError("every stratum needs a household")
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        change = np.flatnonzero(np.diff(district_of_stratum)) + 1
        district = np.concatenate([[0], change, [counts.size]]).astype(np.int64)
        pieces = -(-counts // block)
        stratum = np.repeat(np.arange(counts.size, dtype=np.int32), pieces)
        first = np.concatenate([[0], np.cumsum(pieces)[:-1]])
        within = np.arange(stratum.size) - np.repeat(first, pieces)
        block_start = start[stratum] + within * block
        block_stop = np.minimum(block_start + block, start[stratum + 1])
        # Chunks of about equal work: cut where the running count of households passes a share.
        share = np.linspace(0, start[-1], min(n_chunks, stratum.size) + 1)[1:-1]
        inner = np.searchsorted(block_stop, share, side="left") + 1
        forced = first[np.asarray(cuts, np.int64)]
        chunk = np.unique(np.concatenate([[0], inner, forced, [stratum.size]])).astype(np.int64)
        return cls(
            start,
            district,
            block_start.astype(np.int64),
            block_stop.astype(np.int64),
            stratum,
            chunk,
        )


@dataclass
class Households:
    """State of all simulated households, one array for each quantity.

    Attributes
    ----------
    word : uint32[n_households], bits, packed composition of the year
    permanent : float32[n_households], normal score, permanent part
    base : float32[n_households], normal score, part that moves only with composition
    persistent, transitory : float32[n_households], normal score, moving parts
    score : float32[n_households], normal score, present welfare score
    loss : float32[n_households], log points, current loss from shocks
    gain : float32[n_households], log points, lasting gains less their expectation
    savings : float32[n_households], lines per person, savings
    benefit : float32[n_households], lines per person and month, help received
    pooled : float32[n_households], lines per person and month, what neighbours' pools pay less
        what they take, against the baseline
    welfare : float32[n_households], ratio to the poverty line, consumption of the month
    record_score : float32[n_households], normal score, proxy-means score on record
    record_month : int16[n_households], month, month of the last visit
    enrolled : uint16[n_households], bits, programmes of the household
    record : uint8[n_households], bits, listed or not
    history : uint8[n_households], bits, poor in the last three Marches
    needs : uint16[n_households], bits, needs that services could meet
    """

    word: NDArray[np.uint32]
    permanent: NDArray[np.float32]
    base: NDArray[np.float32]
    persistent: NDArray[np.float32]
    transitory: NDArray[np.float32]
    score: NDArray[np.float32]
    loss: NDArray[np.float32]
    gain: NDArray[np.float32]
    savings: NDArray[np.float32]
    benefit: NDArray[np.float32]
    pooled: NDArray[np.float32]
    welfare: NDArray[np.float32]
    record_score: NDArray[np.float32]
    record_month: NDArray[np.int16]
    enrolled: NDArray[np.uint16]
    record: NDArray[np.uint8]
    history: NDArray[np.uint8]
    needs: NDArray[np.uint16]
    first_id: int = field(default=0)

    @classmethod
    def empty(cls, n: int, first_id: int = 0) -> Households:
        """Return zeroed arrays for ``n`` households."""
        kinds = {
            "word": np.uint32,
            "record_month": np.int16,
            "enrolled": np.uint16,
            "record": np.uint8,
            "history": np.uint8,
            "needs": np.uint16,
        }
        arrays = {
            item.name: np.zeros(n, kinds.get(item.name, np.float32))
            for item in fields(cls)
            if item.name != "first_id"
        }
        return cls(**arrays, first_id=first_id)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return every array by its name.

        Returns
        -------
        dict of any[n_households], see the attributes
        """
        return {
            item.name: getattr(self, item.name) for item in fields(self) if item.name != "first_id"
        }

    @property
    def bytes_per_household(self) -> float:
        """Resident bytes of one household."""
        arrays = self.arrays().values()
        return sum(array.itemsize for array in arrays) if self.word.size else 0.0


def allocate(
    n: int,
    real_households: NDArray[np.float64],
    district_of_stratum: NDArray[np.int32],
    floor: int,
) -> NDArray[np.int64]:
    """Share simulated households over strata.

    Every district gets at least ``floor`` households where the number allows
    (never more than half of the number goes into floors), the rest goes by
    real households; no stratum gets more than it really has, and none with
    people gets fewer than two.

    Parameters
    ----------
    n : households to simulate
    real_households : float64[n_strata], households, real households of each stratum
    district_of_stratum : int32[n_strata], code, district, in ascending order
    floor : least households of a district

    Returns
    -------
    int64[n_strata], households, simulated households, summing to ``n`` unless the
    real number is smaller
    """
    real: NDArray[np.int64] = np.maximum(np.rint(real_households).astype(np.int64), _LEAST)
    if n >= real.sum():
        return real
    _, place = np.unique(district_of_stratum, return_inverse=True)
    n_districts = int(place.max()) + 1
    per_district = np.bincount(place, weights=real)
    least = np.minimum(min(floor, n // (2 * n_districts)), per_district)
    share = np.maximum(least, n * per_district / per_district.sum())
    for _ in range(_ROUNDS):
        free = share > least
        surplus = share.sum() - n
        if abs(surplus) < _HALF_HOUSEHOLD or not free.any():
            break
        share = np.where(
            free, np.maximum(least, share - surplus * share / share[free].sum()), share
        )
    wanted = np.minimum(share[place] * real / per_district[place], real)
    wanted = np.maximum(wanted, _LEAST)
    counts: NDArray[np.int64] = np.floor(wanted).astype(np.int64)
    missing = int(n - counts.sum())
    order = np.argsort(-(wanted - counts), kind="stable")
    step = 1 if missing > 0 else -1
    while missing != 0:
        room = order[(counts[order] < real[order]) if step > 0 else (counts[order] > _LEAST)]
        chosen = room[: abs(missing)]
        if chosen.size == 0:
            break
        counts[chosen] += step
        missing -= step * chosen.size
    return counts
