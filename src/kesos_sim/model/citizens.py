"""Citizens who speak up: complaints about the list, and villages that deliberate on it.

Families in plain need that are not listed, and records that stand for nobody, lead to complaints
by those who know a channel and can use it. Offices handle as many as they can, and the others
wait. Beside the queue there is a second one, of the complaints that today's channel would have
brought: what households feel is the difference, so that today's channel changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.citizens import CITIZEN_MEASURES
from kesos_sim.kernels.counting import count_missed
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Citizens"]

_PEOPLE: Final = 100_000.0
_LEAST: Final = 1e-9
"""Complaints below which none waits."""


class Citizens:
    """Complaints and deliberations of a model.

    Parameters
    ----------
    model : the model

    Attributes
    ----------
    reasons : float64[2, n_districts], families in plain need that are not listed, and records that
        stand for nobody, at the last ranking
    waiting : float64[2, 2, n_districts], complaints, with the channel of the month and with that
        of today, by reason
    resolved : the same, handled since the last ranking
    last : int64[n_districts, n_measures], counts of the last month
    """

    def __init__(self, model: WelfareModel) -> None:
        self._model = model
        n = model.places.codes.size
        self.reasons = np.zeros((2, n))
        self.waiting, self.resolved = np.zeros((2, 2, 2, n))
        self.last = np.zeros((n, len(CITIZEN_MEASURES)), np.int64)

    def settle(self) -> None:
        """Do nothing: the burn-in is longer than complaints wait."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of any[n], see the attributes
        """
        return {name: getattr(self, name) for name in ("reasons", "waiting", "resolved", "last")}

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        for name, array in kept.items():
            setattr(self, name, array)

    @property
    def counts(self) -> NDArray[np.int64]:
        """What the last month came to.

        int64[n_districts, n_measures], counts in the order of
        `kesos_sim.indicators.citizens.CITIZEN_MEASURES`
        """
        return self.last

    # The month

    def live(self) -> None:
        """Let people complain, and offices handle what they can."""
        model, parameter = self._model, self._model.scenario.parameter
        if model.office.ranks(model.month) or not self.reasons.any():
            self._look()
        channel = np.array([model.lever("complaint_channel"), self._today("complaint_channel")])
        rate = parameter("complaint.rate") / MONTHS_PER_YEAR
        new = channel[:, None, None] * rate * self.reasons
        # Who waits for an office gives up as often here as at the referral service.
        waiting = (1.0 - parameter("slrt.give_up")) * self.waiting + new
        capacity = parameter("complaint.capacity") * model.places.population / _PEOPLE
        total = waiting.sum(axis=1)
        handled = np.minimum(capacity / np.maximum(total, _LEAST), 1.0)[:, None] * waiting
        self.waiting = waiting - handled
        self.resolved = self.resolved + handled
        villages = model.parts.linking.villages
        columns = {
            "complaints": new[0].sum(axis=0),
            "open": total[0],
            "resolved": handled[0].sum(axis=0),
            "villages": villages,
            "deliberating": model.lever("village_deliberation") * villages,
        }
        found = np.array([columns[name] for name in CITIZEN_MEASURES])
        self.last = np.rint(found).astype(np.int64).T

    def _look(self) -> None:
        """Count who has a reason to complain, as the list is now."""
        model, world = self._model, self._model.world
        counts = np.empty((self.reasons.shape[1], 2), np.int64)
        count_missed(
            world.layout.district_stratum,
            world.layout.stratum_start,
            world.weight,
            model.office.need_limit,
            world.households.score,
            world.households.record,
            counts,
        )
        world.team.gather("district", counts)
        missed, listed = counts.T / WEIGHT_UNIT
        self.reasons = np.stack([missed, listed * model.ghosts / (1.0 - model.ghosts)])

    # What others ask for

    @property
    def voices(self) -> float:
        """Proposals and objections against those with as many deliberations as today: ratio."""
        more = self._model.lever("village_deliberation") - self._today("village_deliberation")
        return max(0.0, 1.0 + self._model.scenario.parameter("deliberation.strength") * more)

    def corrections(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what complaints correct beyond those of today's channel.

        Called at a ranking, after which resolved complaints are counted anew.

        Returns
        -------
        tuple of float64[n_districts], share of families in plain need that are not listed, which
            are proposed; share of records that stand for nobody, which are removed; below zero
            where the channel is narrower than today
        """
        strength = self._model.scenario.parameter("complaint.strength")
        more = strength * (self.resolved[0] - self.resolved[1])
        self.resolved = np.zeros_like(self.resolved)
        missed, nobody = more / np.maximum(self.reasons, 1.0)
        return missed, nobody

    def cost(self) -> NDArray[np.float64]:
        """Return what a channel and deliberations beyond those of today cost.

        Returns
        -------
        float64[n_districts], rupiah per year, from regional budgets
        """
        parameter, model = self._model.scenario.parameter, self._model
        channel, deliberation = (
            max(0.0, model.lever(name) - self._today(name))
            for name in ("complaint_channel", "village_deliberation")
        )
        told = parameter("complaint.cost") * channel * model.places.population
        return told + parameter("deliberation.cost") * deliberation * model.parts.linking.villages

    def _today(self, lever: str) -> float:
        """Return today's setting of a lever."""
        return self._model.scenario.parameter(f"lever.{lever}.default")
