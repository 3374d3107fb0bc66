"""What firms give to organisations in a month, directly or through the forum of their province."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.accounts import BUSINESS, CSR, CSR_FORUM, ORSOS, Stage, in_a_row
from kesos_sim.institutions.bkkks import Coordination
from kesos_sim.institutions.business import BusinessForums, matched
from kesos_sim.institutions.orsos import OrsosTable
from kesos_sim.institutions.orsos_money import OrsosMoney
from kesos_sim.institutions.orsos_standards import legitimacy
from kesos_sim.kernels.funding import SOURCES
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Giving"]

_CSR: Final = SOURCES.index("csr")
_KEPT: Final = {
    "leaning": "leaning",
    "usual_standing": "usual",
    "forum_seen": "seen",
    "forum_usually_seen": "usually_seen",
}
"""What a checkpoint keeps of business forums, and what they call it."""


class Giving:
    """The money of firms for the organisations of a model.

    Parameters
    ----------
    model : the model
    table : the organisations
    bodies : the coordinating bodies
    money : the money of organisations

    Attributes
    ----------
    business : the business forums of provinces
    through_forum : int64[n_districts], rupiah, of the month, what came through forum and body
    """

    def __init__(
        self, model: WelfareModel, table: OrsosTable, bodies: Coordination, money: OrsosMoney
    ) -> None:
        self._model, self._table, self._bodies, self._money = model, table, bodies, money
        places, slots = model.places, model.ledger.slots
        self.business = BusinessForums(model, places)
        self._slots = in_a_row(slots(places.codes))
        self._of_forums = slots(places.provinces)
        self.through_forum = np.zeros(places.codes.size, np.int64)
        self._part = np.zeros(places.codes.size)
        self._usual: tuple[NDArray[np.int64], NDArray[np.float64]] | None = None

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of float64[n_provinces], see `BusinessForums`
        """
        return {name: getattr(self.business, own) for name, own in _KEPT.items()}

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        for name, own in _KEPT.items():
            setattr(self.business, own, kept[name])

    def decide(self, month: Month) -> None:
        """Let forums decide for a year which part of their firms' money bodies are handed.

        Parameters
        ----------
        month : the month
        """
        model, bodies = self._model, self._bodies
        standing = legitimacy(bodies.standings(model.lever)[0], bodies.reach)
        self.business.decide(month, model.scenario.parameter, standing, base=model.row <= 0)

    def factor(self, unmet: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what firms give in each district in this month against the usual.

        Parameters
        ----------
        unmet : int64[n_districts], people in need whom nobody served last month

        Returns
        -------
        float64[n_districts], ratio
        """
        parameter, bodies = self._model.scenario.parameter, self._bodies
        self.business.watch(bodies.awake, base=self._model.row <= 0)
        understood = bodies.backing.understanding
        lawful = 1.0 + parameter("politics.csr_effect") * understood
        return np.asarray(self._matched(unmet) * lawful * self.business.generosity(parameter))

    def book(self, month: Month, given: NDArray[np.int64]) -> None:
        """Book what firms give: to organisations directly, or to the forum of their province.

        The forum's account is one of the province; coordinating bodies pass its money on to the
        organisations of districts.

        Parameters
        ----------
        month : the month
        given : int64[n_districts], rupiah, that organisations get from firms
        """
        ledger, province = self._model.ledger, self._model.places.province_index
        self.through_forum = np.rint(given * self._part).astype(np.int64)
        direct, line = given - self.through_forum, (BUSINESS, CSR)
        ledger.post(month, line, (Stage.REVENUE,), direct[None], self._slots)
        ledger.grant(month, line, (ORSOS, CSR), direct, self._slots)
        if not self.through_forum.any():
            return
        pooled, line = np.zeros(self._of_forums.size, np.int64), (BUSINESS, CSR_FORUM)
        np.add.at(pooled, province, self.through_forum)
        ledger.post(month, line, (Stage.REVENUE,), pooled[None], self._of_forums)
        source = self._of_forums[province]
        ledger.transfer(month, line, self.through_forum, source, self._slots)
        ledger.grant(month, line, (ORSOS, CSR), self.through_forum, self._slots)

    def _matched(self, unmet: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how money of firms moves between districts of a province: float64[n], ratio."""
        model, bodies, districts = self._model, self._bodies, unmet.size
        parameter = model.scenario.parameter
        share = parameter("coordination.matching.strength")
        routed = share * self.business.routed(model.lever("csr_matching"))
        self._part = np.zeros(districts)
        if not routed.any():
            return np.ones(districts)
        # Without a platform, firms know from meetings of bodies that work where people wait.
        met = parameter("coordination.forum_meetings.strength") * bodies.awake
        handed = routed * np.maximum(bodies.level(model.lever), met)
        need = unmet * (bodies.working > 0)
        ratio, self._part = matched(self._usual_money(), handed, need, model.places.province_index)
        return ratio

    def _usual_money(self) -> NDArray[np.float64]:
        """Return usual money of firms, until who works changes: float64[n_districts], rupiah."""
        working = self._bodies.working
        if self._usual is None or self._usual[0] is not working:
            of_each = self._money.usual[:, _CSR] * self._table.working
            usual = np.bincount(self._table.home, of_each, working.size).astype(np.float64)
            self._usual = working, usual
        return self._usual[1]
