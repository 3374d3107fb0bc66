"""Who belongs to which neighbourhood group, and what its pots take from households and give them.

Every household lives in one neighbourhood of its district, drawn once by its identity; it belongs
to the group there, if there is one. A simulated household stands for hundreds of real ones and a
neighbourhood for some dozens, so that a member pays what members of its group pay on average, and
gets, when hit, what members who are hit get on average in its district.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.wksbm import WksbmTable
from kesos_sim.kernels.draws import draw_words
from kesos_sim.kernels.pools import BOOKED, COUNTED, feel_pools, share_pools
from kesos_sim.population.needs import KINDS
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Pooling"]

_CARED_FOR: Final = [KINDS.index(kind) for kind in ("neglected_elderly", "neglected_children")]
_CARE_BITS: Final = np.uint16(sum(1 << kind for kind in _CARED_FOR))
_CAME: Final = np.array([BOOKED.index(what) for what in ("jimpitan", "death_dues", "other")])
_PAID: Final = [COUNTED.index(what) for what in ("illness", "death", "care")]
_MEMBERS: Final = COUNTED.index("members")
_MEMBERSHIP: Final = 4
"""Number of the draw, after those of the groups themselves."""
_NOBODY: Final = 1.0
"""Households below which nobody is there to get anything."""


class Pooling:
    """Households of a model in their neighbourhoods.

    Parameters
    ----------
    model : the model
    groups : the groups
    shock : float64[n_districts, 2], share of households per month, illnesses and deaths

    Attributes
    ----------
    place : uint16[n_households], neighbourhood of each household within its district
    """

    def __init__(self, model: WelfareModel, groups: WksbmTable, shock: NDArray[np.float64]) -> None:
        self._model, self._groups, self._shock = model, groups, shock
        start, slots = model.world.layout.district_start, np.diff(groups.slot_start)
        self.place = np.empty(model.world.layout.n_households, np.uint16)
        # District by district, so that a whole country needs no wide arrays.
        for district, number in enumerate(slots.astype(np.uint64)):
            own = slice(*start[district : district + 2])
            identity = np.arange(own.start, own.stop, dtype=np.uint32)
            identity += np.uint32(model.world.households.first_id)
            words = np.empty((identity.size, 2), np.uint32)
            draw_words(model.world.key, month_word(_MEMBERSHIP, Stream.WKSBM), identity, words)
            self.place[own] = (words[:, 0] * number) >> np.uint64(32)

    def group_of(self, household: int) -> int | None:
        """Return the group to which a household belongs.

        Parameters
        ----------
        household : number of the household

        Returns
        -------
        int or None, place among the groups; None where its neighbourhood has none
        """
        starts, place = self._model.world.layout.district_start, int(self.place[household])
        district = int(np.searchsorted(starts, household, side="right")) - 1
        if place >= self._groups.founded[district]:
            return None
        return int(self._groups.slot_start[district]) + place

    def members(self, group: int) -> NDArray[np.int64]:
        """Return the simulated households that belong to a group.

        Parameters
        ----------
        group : its place among the groups

        Returns
        -------
        int64[n_members], household, of the neighbourhood even while it has no group
        """
        starts, layout = self._groups.slot_start, self._model.world.layout
        district = int(np.searchsorted(starts, group, side="right")) - 1
        first, last = layout.district_start[district : district + 2]
        own = self.place[first:last] == group - starts[district]
        return np.asarray(first + np.flatnonzero(own))

    def amounts(
        self, totals: NDArray[np.int64], expected: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return what the households of each group pay and get beyond what they expect.

        Parameters
        ----------
        totals : int64[n_districts, 13], of the month, see `kesos_sim.kernels.pools.COUNTED`
        expected : float64[n_groups, 4], rupiah per household, paid and got in usual months

        Returns
        -------
        float64[n_founded + 1, 4], rupiah per household: paid in, and got when ill, at a death, and
        in need; less than nothing where a group that usually works does not; the last row is of
        those without a group
        """
        model, groups, households = self._model, self._groups, self._model.places.households
        needy = np.zeros(households.size)
        if model.parts.serving.last is not None:
            needy += model.parts.serving.last.in_need[:, _CARED_FOR].sum(axis=1)
        members = totals[:, _MEMBERS].astype(np.float64)
        receive = members[:, None] * np.column_stack([self._shock, needy / households])
        each = np.where(receive >= _NOBODY, totals[:, _PAID] / np.maximum(receive, _NOBODY), 0.0)
        start = groups.group_start
        amounts = np.zeros((start[-1] + 1, expected.shape[1]))
        model.world.team.share(
            share_pools,
            households.size,
            groups.slot_start,
            start,
            _CAME,
            groups.state,
            groups.members,
            groups.flow,
            each,
            expected,
            amounts,
        )
        return amounts

    def feel(self, month: Month, amounts: NDArray[np.float64], lost: NDArray[np.int64]) -> None:
        """Let every household feel its part, and add up what shocks take.

        Parameters
        ----------
        month : the month
        amounts : float64[n_founded + 1, 4], rupiah per household, see `amounts`, against the
            baseline
        lost : int64[n_districts], rupiah per month, what shocks take from households, written
        """
        world = self._model.world
        people, rules, strata = world.households, world.rules, world.targets.strata
        world.team.share(
            feel_pools,
            world.layout.n_districts,
            world.key,
            month_word(month.ordinal, Stream.WORLD),
            people.first_id,
            world.layout.district_stratum,
            world.layout.stratum_start,
            strata.area,
            world.weight,
            strata.line,
            rules.shock_limit,
            rules.shock_loss,
            rules.insured_share,
            np.uint16(self._model.mask("PBI")),
            _CARE_BITS,
            self._groups.group_start,
            self.place,
            amounts,
            people.word,
            people.enrolled,
            people.needs,
            people.welfare,
            people.pooled,
            lost,
        )
        world.team.gather("district", lost)
