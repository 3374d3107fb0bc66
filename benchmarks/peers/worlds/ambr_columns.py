"""The simplified month in ambr: its vectorised lane, whole columns of the population's frame."""

from __future__ import annotations

import math
from collections.abc import Mapping

import ambr  # type: ignore[import-not-found]
import numpy as np
import polars as pl  # type: ignore[import-not-found]

__all__ = ["World"]


class Country(ambr.Model):  # type: ignore[misc]
    """Households as rows of ambr's population."""

    def setup(self) -> None:
        """Draw the households."""
        sums, size, rng = self.p["sums"], self.p["households"], self.rng
        stationary = sums["spread"] / math.sqrt(1.0 - sums["keep"] ** 2)
        covered = rng.random(size) < sums["covered"]
        columns = {
            "level": sums["level"] + sums["level_spread"] * rng.standard_normal(size),
            "income": stationary * rng.standard_normal(size),
            "benefit": np.where(covered, sums["benefit"], 0.0),
            "savings": np.zeros(size),
            "consumption": np.zeros(size),
        }
        self.add_agents(size, **{name: own.astype(np.float32) for name, own in columns.items()})

    def step_vectorized(self) -> None:
        """Live a month."""
        sums, agents, rng = self.p["sums"], self.agents, self.rng
        steps = pl.Series(rng.standard_normal(len(agents), np.float32))
        chance = rng.random(len(agents), np.float32)
        lost = pl.Series(np.where(chance < sums["chance"], np.float32(sums["loss"]), np.float32(0)))
        income = agents.income * sums["keep"] + steps * sums["spread"]
        means = (agents.level + income - lost).exp() + agents.benefit
        gap = (1.0 - means).clip(lower_bound=0.0)
        savings = agents.savings
        drawn = pl.select(pl.min_horizontal(savings, gap)).to_series()
        agents.set(
            income=income,
            savings=savings - drawn + means * sums["saved"],
            consumption=means + drawn,
        )


class World:
    """What the measurement asks of every peer."""

    def __init__(self, sums: Mapping[str, float], households: int) -> None:
        """Draw the households."""
        asked = {"sums": sums, "households": households, "seed": 2008}
        self._country = Country(asked).cpu(mode="vectorized")
        self._country._ensure_setup()

    def step(self) -> None:
        """Live a month."""
        self._country.run_step()

    @property
    def rate(self) -> float:
        """Share of the poor."""
        return float((self.consumption < 1.0).mean())

    @property
    def income(self) -> pl.Series:
        """Income of every household."""
        return self._country.agents.income

    @property
    def savings(self) -> pl.Series:
        """Savings of every household."""
        return self._country.agents.savings

    @property
    def consumption(self) -> pl.Series:
        """Consumption of every household."""
        return self._country.agents.consumption
