"""The simplified month in Starsim: states of a module, draws from its own distributions."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import starsim as ss  # type: ignore[import-not-found]
from numpy.typing import NDArray

__all__ = ["World"]

_LONGEST = 5_000


class Households(ss.Module):  # type: ignore[misc]
    """Households as Starsim's agents; the common random numbers that it is known for are on."""

    def __init__(self, sums: Mapping[str, float], **settings: object) -> None:
        """Name parameters, draws and states."""
        super().__init__()
        self.define_pars(
            keep=sums["keep"],
            loss=sums["loss"],
            saved=sums["saved"],
            benefit=sums["benefit"],
            steps=ss.normal(0.0, sums["spread"]),
            shock=ss.bernoulli(p=sums["chance"]),
        )
        self.update_pars(**settings)
        stationary = sums["spread"] / math.sqrt(1.0 - sums["keep"] ** 2)
        self.define_states(
            ss.FloatArr("level", default=ss.normal(sums["level"], sums["level_spread"])),
            ss.FloatArr("income", default=ss.normal(0.0, stationary)),
            ss.BoolState("covered", default=ss.bernoulli(p=sums["covered"])),
            ss.FloatArr("savings", default=0.0),
            ss.FloatArr("consumption", default=0.0),
        )

    def init_results(self) -> None:
        """Name what is written down every month."""
        super().init_results()
        self.define_results(ss.Result("rate", dtype=float, scale=False))

    def step(self) -> None:
        """Live a month."""
        pars, uids = self.pars, self.sim.people.auids
        income = pars.keep * self.income[uids] + pars.steps.rvs(uids)
        lost = np.where(pars.shock.rvs(uids), pars.loss, 0.0)
        benefit = np.where(self.covered[uids], pars.benefit, 0.0)
        means = np.exp(self.level[uids] + income - lost) + benefit
        savings = self.savings[uids]
        drawn = np.minimum(savings, np.maximum(1.0 - means, 0.0))
        self.income[uids] = income
        self.savings[uids] = savings - drawn + pars.saved * means
        self.consumption[uids] = means + drawn

    def update_results(self) -> None:
        """Write the share of the poor down."""
        super().update_results()
        self.results.rate[self.ti] = np.mean(self.consumption.values < 1.0)


class World:
    """What the measurement asks of every peer."""

    def __init__(self, sums: Mapping[str, float], households: int) -> None:
        """Draw the households."""
        self._own = Households(sums)
        self._sim = ss.Sim(
            n_agents=households, modules=self._own, start=0, dur=_LONGEST, verbose=0, rand_seed=2008
        )
        self._sim.init()
        self._own = self._sim.get_module(Households)
        self._lived = 0

    def step(self) -> None:
        """Live a month."""
        self._sim.run_one_step()
        self._lived += 1

    @property
    def rate(self) -> float:
        """Share of the poor."""
        return float(self._own.results.rate[self._lived - 1])

    @property
    def income(self) -> NDArray[np.floating]:
        """Income of every household."""
        return self._own.income.values  # type: ignore[no-any-return]

    @property
    def savings(self) -> NDArray[np.floating]:
        """Savings of every household."""
        return self._own.savings.values  # type: ignore[no-any-return]

    @property
    def consumption(self) -> NDArray[np.floating]:
        """Consumption of every household."""
        return self._own.consumption.values  # type: ignore[no-any-return]
