"""The simplified month in polars: one lazy query over a frame, on all cores.

Expressions of polars draw no normal numbers; they come from numpy, as its users do it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import polars as pl  # type: ignore[import-not-found]

__all__ = ["World"]


class World:
    """Households as rows of a frame."""

    def __init__(self, sums: Mapping[str, float], households: int) -> None:
        """Draw the households, and write the query down."""
        self._rng = rng = np.random.default_rng(2008)
        self._size = households
        stationary = sums["spread"] / math.sqrt(1.0 - sums["keep"] ** 2)
        covered = rng.random(households) < sums["covered"]
        self._frame = pl.DataFrame(
            {
                "level": sums["level"] + sums["level_spread"] * rng.standard_normal(households),
                "benefit": np.where(covered, sums["benefit"], 0.0),
                "income": stationary * rng.standard_normal(households),
                "savings": np.zeros(households),
                "consumption": np.zeros(households),
            }
        ).cast(pl.Float32)
        lost = pl.when(pl.col("chance") < sums["chance"]).then(sums["loss"]).otherwise(0.0)
        income = sums["keep"] * pl.col("income") + sums["spread"] * pl.col("step")
        means = (pl.col("level") + pl.col("income") - lost.cast(pl.Float32)).exp()
        gap = (1.0 - pl.col("means")).clip(lower_bound=0.0)
        self._month = (
            {"income": income},
            {"means": means + pl.col("benefit")},
            {"drawn": pl.min_horizontal("savings", gap)},
            {
                "savings": pl.col("savings") - pl.col("drawn") + sums["saved"] * pl.col("means"),
                "consumption": pl.col("means") + pl.col("drawn"),
            },
        )
        self.rate = 0.0

    def step(self) -> None:
        """Live a month."""
        draws = {
            "step": self._rng.standard_normal(self._size, np.float32),
            "chance": self._rng.random(self._size, np.float32),
        }
        query = self._frame.lazy().with_columns(**{k: pl.Series(v) for k, v in draws.items()})
        for columns in self._month:
            query = query.with_columns(**columns)
        self._frame = query.select(self._frame.columns).collect()
        self.rate = (self._frame["consumption"] < 1.0).sum() / self._size

    @property
    def income(self) -> pl.Series:
        """Income of every household."""
        return self._frame["income"]

    @property
    def savings(self) -> pl.Series:
        """Savings of every household."""
        return self._frame["savings"]

    @property
    def consumption(self) -> pl.Series:
        """Consumption of every household."""
        return self._frame["consumption"]
