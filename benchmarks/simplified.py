"""A month with only a few sums, compiled in the model's style; peers write the same month.

Every household has an income that moves by a first-order autoregression with normal steps, a
shock in 1.8% of months, means by ``exp`` and a benefit, smoothing from savings, and counts as poor
if it consumes less than one. The numbers only make all do the same work; they are not the model's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numba as nb
import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.philox import exp32, normal_from_root, philox2x32, tail_root
from kesos_sim.kernels.team import Team

__all__ = ["SUMS", "Compiled"]

KEEP, SPREAD = 0.96, 0.1
CHANCE, LOSS = 0.018, 0.4
BENEFIT, SAVED = 0.05, 0.01
LEVEL, LEVEL_SPREAD = 0.6, 0.45
COVERED = 0.3
SUMS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "keep": KEEP,
        "spread": SPREAD,
        "chance": CHANCE,
        "loss": LOSS,
        "benefit": BENEFIT,
        "saved": SAVED,
        "level": LEVEL,
        "level_spread": LEVEL_SPREAD,
        "covered": COVERED,
    }
)
"""The same numbers by name, as peers are told them."""
_BLOCK: Final = 2048


class Compiled:
    """Households as arrays that a compiled step moves block by block, as the model does."""

    def __init__(self, households: int, threads: int) -> None:
        """Draw the households."""
        self._team = Team(threads)
        self.level, self.income, self.benefit = _start(np.random.default_rng(2008), households)
        self.savings = np.zeros(households, np.float32)
        self.consumption = np.zeros(households, np.float32)
        self._month = 0
        self.rate = 0.0

    def step(self) -> None:
        """Live a month."""
        self._month += 1
        pieces = self._team.pieces
        edges = np.linspace(0, self.level.size, pieces + 1).astype(np.int64)
        poor = np.zeros(pieces, np.int64)
        self._team.share(
            _month, pieces, np.uint32(2008), np.uint32(self._month), edges,
            self.level, self.income, self.benefit, self.savings, self.consumption, poor,
        )  # fmt: skip
        self.rate = int(poor.sum()) / self.level.size


def _start(
    rng: np.random.Generator, n: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Draw level, income and benefit."""
    spread = SPREAD / math.sqrt(1.0 - KEEP * KEEP)
    level = (LEVEL + LEVEL_SPREAD * rng.standard_normal(n)).astype(np.float32)
    income = (spread * rng.standard_normal(n)).astype(np.float32)
    benefit = np.where(rng.random(n) < COVERED, BENEFIT, 0.0).astype(np.float32)
    return level, income, benefit


@nb.njit(cache=True, nogil=True, error_model="numpy")
def _month(  # type: ignore[no-untyped-def]
    from_chunk, to_chunk, key, month, edges, level, income, benefit, savings, consumption, poor
):
    """Live a month: short loops over blocks that stay in the cache, sums in whole numbers."""
    keep, spread = np.float32(KEEP), np.float32(SPREAD)
    saved, loss = np.float32(SAVED), np.float32(LOSS)
    one, none = np.float32(1.0), np.float32(0.0)
    limit = np.uint32(round(CHANCE * (1 << 24)))
    for chunk in range(from_chunk, to_chunk):
        bits0 = np.empty(_BLOCK, np.uint32)
        bits1 = np.empty(_BLOCK, np.uint32)
        root = np.empty(_BLOCK, np.float32)
        means = np.empty(_BLOCK, np.float32)
        count = np.int64(0)
        for start in range(edges[chunk], edges[chunk + 1], _BLOCK):
            stop = min(start + _BLOCK, edges[chunk + 1])
            n = np.int32(stop - start)
            for i in range(n):
                bits0[i], bits1[i] = philox2x32(np.uint32(start) + np.uint32(i), month, key)
            for i in range(n):
                root[i] = tail_root(bits0[i] >> np.uint32(8))
            own = income[start:stop]
            for i in range(n):
                step = normal_from_root(bits0[i] >> np.uint32(8), root[i])
                own[i] = keep * own[i] + spread * step
            own_level, own_benefit = level[start:stop], benefit[start:stop]
            own_savings, own_consumption = savings[start:stop], consumption[start:stop]
            here = np.int32(0)
            for i in range(n):
                hit = loss if (bits1[i] >> np.uint32(8)) < limit else none
                means[i] = exp32(own_level[i] + own[i] - hit) + own_benefit[i]
            for i in range(n):
                drawn = min(own_savings[i], max(one - means[i], none))
                own_savings[i] = own_savings[i] - drawn + saved * means[i]
                own_consumption[i] = means[i] + drawn
                here += np.int32(1) if own_consumption[i] < one else np.int32(0)
            count += here
        poor[chunk] = count
