"""People in need who are away from home, and the organisations that take them in at home.

Homeless people, victims of violence and trafficked people are often found in another province.
Where provinces do not cooperate they are let go. Where they do, and the coordinating bodies of
both provinces work, those who are known are handed over to organisations of their home province,
as far as these have free places: people in need are served there, and those whom a service has
helped are accompanied. Whoever stays with an organisation takes one of its places.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.orsos import OrsosTable
from kesos_sim.institutions.places import province_totals
from kesos_sim.institutions.responders import deal
from kesos_sim.kernels.returning import NOBODY, return_home
from kesos_sim.model.needing import Needing
from kesos_sim.population.needs import KINDS
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["MOBILE", "Returning"]

MOBILE: Final = ("homeless", "violence")
"""Kinds of need with which people are found away from home."""

_NATION: Final = 0
_NO_MONTH: Final = 0
"""Use of the draws that say where home is; months have other numbers."""
_AWAY, _WAITING = range(2)


class Returning:
    """Who is with an organisation of the home province, and who waits for one.

    Parameters
    ----------
    model : the model
    orsos : the organisations
    needing : the needs of households

    Attributes
    ----------
    counted : int64[n_districts, n_provinces, n_mobile, 2], clients, by where they are, home and
        kind: with an organisation of their home province, and waiting for one
    moved : int64[n_districts, 2], clients, handed over in the last month, and those whose need
        ended there
    guests : int32[n_orsos], places, of organisations that people from elsewhere take
    """

    def __init__(self, model: WelfareModel, orsos: OrsosTable, needing: Needing) -> None:
        self._model, self._orsos, self._needing = model, orsos, needing
        places, parameter = model.places, model.scenario.parameter
        totals = province_totals(places.year)
        people = [totals[code].population for code in places.provinces]
        self._people = np.array(people) / totals[_NATION].population
        self._away = np.array([parameter(f"return.{kind}_away") for kind in MOBILE], np.float32)
        of_kind = [MOBILE.index(kind) if kind in MOBILE else int(NOBODY) for kind in KINDS]
        self._mobile = np.array(of_kind, np.int64)
        self._kinds = [KINDS.index(kind) for kind in MOBILE]
        # Organisations for these needs, those of a province and kind side by side.
        group = places.province_index[orsos.home] * len(MOBILE) + self._mobile[orsos.field]
        able = np.flatnonzero(self._mobile[orsos.field] != NOBODY)
        self._order = able[np.argsort(group[able], kind="stable")]
        n_groups = self._people.size * len(MOBILE)
        self._first = np.searchsorted(group[self._order], np.arange(n_groups))
        self.counted = np.zeros((places.codes.size, self._people.size, len(MOBILE), 2), np.int64)
        self.moved = np.zeros((places.codes.size, 2), np.int64)
        self.guests = np.zeros(orsos.home.size, np.int32)

    def arrays(self) -> dict[str, NDArray[np.int64]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of int64[...], see the attributes
        """
        return {"counted": self.counted, "moved": self.moved}

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        self.counted, self.moved = kept["counted"], kept["moved"]

    @property
    def at_home(self) -> NDArray[np.int64]:
        """Those with an organisation of their home province: int64[n_districts], clients."""
        return np.asarray(self.counted[..., _AWAY].sum(axis=(1, 2)))

    def chances(self, relapse: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how often people fall back, those accompanied at home too.

        Parameters
        ----------
        relapse : float32[2, n_kinds], share per month, of those helped in homes and elsewhere

        Returns
        -------
        float32[3, n_kinds], share per month
        """
        spared = np.float32(1.0 - self._model.scenario.parameter("return.aftercare"))
        return np.concatenate([relapse, spared * relapse[1:]])

    def cost(self) -> NDArray[np.float64]:
        """Return what the journeys of the last month cost.

        Returns
        -------
        float64[n_districts], rupiah per year, paid by the province in which people were
        """
        unit = float(self._model.parts.serving.unit)
        journeys = MONTHS_PER_YEAR * unit * self.moved[:, 0]
        return np.asarray(journeys * self._model.scenario.parameter("return.journey_cost"))

    def live(self, month: Month, room: NDArray[np.int32], held: NDArray[np.int32]) -> None:
        """Hand people over as far as organisations at home have places.

        Parameters
        ----------
        month : the month
        room : int32[n_orsos], places, that organisations want to fill
        held : int32[n_orsos], clients, whom they hold already
        """
        model, parameter = self._model, self._model.scenario.parameter
        self.moved[:] = 0
        self.guests[:] = 0
        cooperates = model.lever("interprovince_cooperation") > 0.0
        agreed = parameter("coordination.return.strength") * cooperates
        if not agreed and not self.counted.any():
            return
        who = self._order
        free = np.maximum(room[who] - held[who], 0).astype(np.int64) * self._orsos.working[who]
        able = np.diff(np.append(np.concatenate([[0], np.cumsum(free)])[self._first], free.sum()))
        self._hand_over(month, agreed, self._quota(able))
        model.world.team.gather("district", self.counted, self.moved)
        if not agreed:
            self.counted[..., _WAITING] = 0
        here = self.counted[..., _AWAY].sum(axis=0).ravel()
        self.guests[self._order] = deal(np.minimum(here, able), free, self._first)

    def _quota(self, able: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many people each province takes from each district, or lets go.

        Parameters
        ----------
        able : int64[n_provinces * n_mobile], places, that are free by province and kind

        Returns
        -------
        int64[n_districts, n_provinces, n_mobile], clients, below zero those whom it lets go
        """
        # Groups side by side: home province and kind, and within them districts.
        here, waiting = (
            np.moveaxis(self.counted[..., what], 0, -1).reshape(able.size, -1)
            for what in (_AWAY, _WAITING)
        )
        spare = able - here.sum(axis=1)
        awake = np.repeat(self._model.parts.serving.bodies.above.of_provinces, len(MOBILE))
        taken = np.minimum(np.maximum(spare, 0) * awake, waiting.sum(axis=1))
        first = np.arange(able.size) * here.shape[1]
        quota = deal(taken, waiting.ravel(), first) - deal(
            np.maximum(-spare, 0), here.ravel(), first
        )
        shape = (self._people.size, len(MOBILE), here.shape[1])
        return np.ascontiguousarray(np.moveaxis(quota.reshape(shape), -1, 0))

    def _hand_over(self, month: Month, agreed: float, quota: NDArray[np.int64]) -> None:
        """Let the people of every district be looked at."""
        model, needs, cases = self._model, self._needing.needs, self._needing.cases
        bodies, province = model.parts.serving.bodies, model.places.province_index
        known = np.float32(model.scenario.parameter("return.known")) * bodies.awake
        sends = np.float32(agreed) * bodies.above.of_provinces[province]
        self._needing.share(
            return_home,
            model.world.key,
            month_word(_NO_MONTH, Stream.RETURN),
            month_word(month.ordinal, Stream.RETURN),
            model.world.households.first_id,
            self._mobile,
            self._away,
            self._people,
            province,
            known.astype(np.float32),
            sends.astype(np.float32),
            needs.finish[self._kinds],
            model.parts.linking.success(needs.success_by_mode)[1, self._kinds],
            quota,
            cases.case_start,
            cases.case_client,
            cases.household,
            cases.kind,
            cases.people,
            cases.active,
            cases.served,
            cases.helpers,
            cases.helped,
            cases.servers,
            self.counted,
            self.moved,
        )
