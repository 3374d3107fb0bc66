"""The simplified month in plain numpy: one expression over whole arrays after the other."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

__all__ = ["World"]


class World:
    """Households as arrays of single precision."""

    def __init__(self, sums: Mapping[str, float], households: int) -> None:
        """Draw the households."""
        self._rng = rng = np.random.default_rng(2008)
        self._sums = {name: np.float32(value) for name, value in sums.items()}
        stationary = sums["spread"] / math.sqrt(1.0 - sums["keep"] ** 2)
        level = sums["level"] + sums["level_spread"] * rng.standard_normal(households)
        self.level = level.astype(np.float32)
        self.income = (stationary * rng.standard_normal(households)).astype(np.float32)
        covered = rng.random(households) < sums["covered"]
        self.benefit = np.where(covered, sums["benefit"], 0.0).astype(np.float32)
        self.savings = np.zeros(households, np.float32)
        self.consumption = np.zeros(households, np.float32)
        self.rate = 0.0

    def step(self) -> None:
        """Live a month."""
        sums, rng, size = self._sums, self._rng, self.level.size
        one, none = np.float32(1.0), np.float32(0.0)
        steps = rng.standard_normal(size, np.float32)
        self.income = sums["keep"] * self.income + sums["spread"] * steps
        hit = rng.random(size, np.float32) < sums["chance"]
        loss = np.where(hit, sums["loss"], none)
        means = np.exp(self.level + self.income - loss) + self.benefit
        drawn = np.minimum(self.savings, np.maximum(one - means, none))
        self.savings = self.savings - drawn + sums["saved"] * means
        self.consumption = means + drawn
        self.rate = np.count_nonzero(self.consumption < one) / size
