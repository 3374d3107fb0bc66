"""Councils as a part of the model: what they come to, cost, and give to bodies and budgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.bkkks import Coordination
from kesos_sim.institutions.politics import Politics
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Councils"]


class Councils:
    """Support in the councils of a model, and their bylaws.

    Parameters
    ----------
    model : the model
    bodies : the coordinating bodies, who advocate and whom bylaws back

    Attributes
    ----------
    politics : the councils
    """

    def __init__(self, model: WelfareModel, bodies: Coordination) -> None:
        self._model, self._bodies = model, bodies
        parameter, key = model.scenario.parameter, int(model.world.key)
        councils = model.treasury.governments.has_budget
        self.politics = Politics(model.places, councils, parameter, key)

    def settle(self) -> None:
        """Let today's advocacy win what it can for some years, as bodies stand today."""
        lever = self._model.lever
        voice = self._bodies.voice(lever)
        for _ in range(int(self._model.scenario.parameter("coordination.settle_months"))):
            self.politics.win(lever, voice)

    def live(self, month: Month) -> None:
        """Let a month of politics pass; budgets hear of bylaws that hold.

        Parameters
        ----------
        month : the month
        """
        # Bylaws from before the base month are not known, so councils begin after it.
        after = self._model.row > 0
        self.politics.live(month, self._model.lever, self._bodies, by_themselves=after)
        if not after:
            self.politics.usual = self.politics.support.copy()
        treasury = self._model.treasury
        treasury.state.bylaw[1:] = self.politics.bills.enacted
        treasury.pace[1:] = self.politics.pace

    def cost(
        self, lever: Callable[[str], float]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what politics costs.

        Parameters
        ----------
        lever : function from the name of a lever to its setting in the month

        Returns
        -------
        tuple of float64[n_districts], rupiah per year, paid by districts and by their province
        """
        return self.politics.cost(lever)

    @property
    def counts(self) -> NDArray[np.int64]:
        """What the month came to.

        int64[n_districts, n_measures], counts in the order of
        `kesos_sim.indicators.politics.POLITICAL_MEASURES`
        """
        places, politics = self._model.places, self.politics
        people = np.rint(places.population)
        backing, above = self._bodies.backing, self._bodies.above.of_provinces
        found = (
            people,
            np.rint(people * politics.mean_support),
            people * backing.law,
            backing.law,
            politics.months,
            np.ones_like(people),
            above[places.province_index],
        )
        return np.array(found, np.int64).T

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of any[n], see `Politics`
        """
        return self.politics.arrays()

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        self.politics.restore(kept)
        self._bodies.backing = self.politics.backing
        self._model.treasury.pace[1:] = self.politics.pace
