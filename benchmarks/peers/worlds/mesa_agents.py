"""The simplified month in Mesa: a household is an agent, a month calls all of them shuffled."""

from __future__ import annotations

import math
from collections.abc import Mapping

import mesa

__all__ = ["World"]


class Household(mesa.Agent):  # type: ignore[misc]
    """A household as an object."""

    def __init__(self, model: Country) -> None:
        """Draw a household."""
        super().__init__(model)
        sums, rand = model.sums, model.random
        self.level = rand.gauss(sums["level"], sums["level_spread"])
        self.income = rand.gauss(0.0, sums["spread"] / math.sqrt(1.0 - sums["keep"] ** 2))
        self.benefit = sums["benefit"] if rand.random() < sums["covered"] else 0.0
        self.savings = 0.0
        self.consumption = 0.0

    def step(self) -> None:
        """Live a month."""
        keep, spread, chance, loss, saved = self.model.monthly
        rand = self.model.random
        self.income = keep * self.income + spread * rand.gauss(0.0, 1.0)
        lost = loss if rand.random() < chance else 0.0
        means = math.exp(self.level + self.income - lost) + self.benefit
        drawn = min(self.savings, max(1.0 - means, 0.0))
        self.savings = self.savings - drawn + saved * means
        self.consumption = means + drawn
        if self.consumption < 1.0:
            self.model.poor += 1


class Country(mesa.Model):  # type: ignore[misc]
    """Households as agents."""

    def __init__(self, sums: Mapping[str, float], households: int) -> None:
        """Draw the households."""
        super().__init__(rng=2008)
        self.sums = sums
        self.monthly = tuple(sums[name] for name in ("keep", "spread", "chance", "loss", "saved"))
        self.poor = 0
        Household.create_agents(self, households)

    def step(self) -> None:
        """Live a month."""
        self.poor = 0
        self.agents.shuffle_do("step")


class World:
    """What the measurement asks of every peer."""

    def __init__(self, sums: Mapping[str, float], households: int) -> None:
        """Draw the households."""
        self._country = Country(sums, households)

    def step(self) -> None:
        """Live a month."""
        self._country.step()

    @property
    def rate(self) -> float:
        """Share of the poor."""
        return self._country.poor / len(self._country.agents)

    @property
    def income(self) -> list[float]:
        """Income of every household, in its order."""
        return self._country.agents.get("income")  # type: ignore[no-any-return]

    @property
    def savings(self) -> list[float]:
        """Savings of every household, in its order."""
        return self._country.agents.get("savings")  # type: ignore[no-any-return]

    @property
    def consumption(self) -> list[float]:
        """Consumption of every household, in its order."""
        return self._country.agents.get("consumption")  # type: ignore[no-any-return]
