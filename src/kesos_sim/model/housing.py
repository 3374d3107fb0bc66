"""Houses of a model: who lives in an unfit one, and whose is repaired with a grant (RST)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.housing import repair_houses
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.rng import Stream, month_word

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Housing"]

_JANUARY: Final = 1
_ALWAYS: Final = 0
"""Use of the stream that says how good a house is."""


class Housing:
    """Unfit houses of the households of a model; lists are made once a year.

    Parameters
    ----------
    model : the model

    Attributes
    ----------
    last : int64[n_districts, 2], 1/65536 households, in an unfit house after the repairs of the
        last January, and whose house was repaired in it
    """

    def __init__(self, model: WelfareModel) -> None:
        self._model = model
        self.last = np.zeros((model.places.codes.size, 2), np.int64)

    def settle(self) -> None:
        """Do nothing: what was repaired before the base month is in its houses."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of any[n], see the attributes
        """
        return {"last": self.last}

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        self.last = kept["last"]

    @property
    def counts(self) -> NDArray[np.int64]:
        """What the last January came to.

        int64[n_districts, n_measures], households in the order of
        `kesos_sim.indicators.housing.HOUSING_MEASURES`
        """
        whole = (self.last + WEIGHT_UNIT // 2) // WEIGHT_UNIT
        return np.column_stack([whole, np.rint(self._model.places.households).astype(np.int64)])

    def cost(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what the houses of the year cost; it is paid in equal parts over its months.

        Returns
        -------
        tuple of float64[n_districts], rupiah per year, from regional budgets and from the nation
        """
        grant = self._model.scenario.parameter("housing.grant")
        return np.zeros(self.last.shape[0]), grant * self.last[:, 1] / WEIGHT_UNIT

    def live(self) -> None:
        """Make the list of the year in January: count unfit houses, and repair some."""
        if self._model.month.month == _JANUARY:
            self._repair()

    def _repair(self) -> None:
        """Count unfit houses and repair some."""
        model, world = self._model, self._model.world
        parameter, people = model.scenario.parameter, world.households
        unfit = np.array([parameter(f"housing.unfit_{who}") for who in ("others", "poor")])
        counts = np.empty_like(self.last)
        world.team.share(
            repair_houses,
            world.layout.n_districts,
            world.key,
            month_word(_ALWAYS, Stream.HOUSING),
            month_word(model.month.ordinal, Stream.HOUSING),
            people.first_id,
            world.layout.district_stratum,
            world.layout.stratum_start,
            world.weight,
            unfit.astype(np.float32),
            np.float32(model.lever("house_repair")),
            np.float32(parameter("housing.effect")),
            people.welfare,
            people.needs,
            people.gain,
            counts,
        )
        world.team.gather("district", counts)
        self.last = counts
