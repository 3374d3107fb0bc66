"""Needs of households in a month: who gets one, who is over it, who falls back into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.places import province_totals
from kesos_sim.kernels import cases as step
from kesos_sim.kernels.listing import list_cases
from kesos_sim.kernels.schooling import miss_school
from kesos_sim.model.cases import Cases, with_room
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.population.needs import KINDS, Needs
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["EDUCATION", "Needing"]

_NATION: Final = 0
EDUCATION: Final = KINDS.index("education")
"""Place of the need that keeps children from school."""
_KIND_BITS: Final = 24
"""Place of the kind in the second counter word of the draws that look for one kind alone."""


class Needing:
    """Needs of the households of a model, and the cases that they are.

    Parameters
    ----------
    model : the model
    unit : real clients that one client byte stands for

    Attributes
    ----------
    needs : rates of every kind of need
    cases : the open cases
    """

    def __init__(self, model: WelfareModel, unit: int) -> None:
        self._model, world, places = model, model.world, model.places
        nation = province_totals(places.year)[_NATION]
        size = places.population.sum() / places.households.sum()
        sample = Needs.sample(world.layout)
        words = world.households.word[sample]
        starts = np.searchsorted(sample, world.layout.stratum_start)
        world.team.gather("stratum", words, starts=starts)
        self.needs = Needs.of(
            model.scenario.parameter,
            Needs.able(words, np.diff(starts), world.weight, nation.rural / nation.population),
            nation.population / size,
            nation.poor / nation.population,
        )
        self._stretch = self.needs.stretches()
        self._weight = np.maximum(np.rint(world.weight / unit).astype(np.int64), 1)
        heaviest = np.maximum.reduceat(self._weight, world.layout.district_stratum[:-1])
        self._most = (heaviest + WEIGHT_UNIT - 1) // WEIGHT_UNIT + 1
        self.cases = Cases.room(np.zeros(places.codes.size, np.int64), self._most)

    @property
    def now(self) -> np.int16:
        """Months since the first of the run."""
        return np.int16(self._model.month - self._model.first)

    def begin(self, month: Month, held: NDArray[np.int32]) -> None:
        """Give households the needs that they have at a time, each kind by draws of its own.

        Parameters
        ----------
        month : the month
        held : int32[n_places], case of each place of an organisation, moved with the cases
        """
        needs = self.needs
        for kind in range(len(KINDS)):
            own = (np.arange(len(KINDS)) == kind).astype(np.float32)
            whole = (np.float32(0.0) * own, own)
            rates = (needs.present, needs.present_factor)
            self._open(month, held, whole, rates, kind + 1, every=True)

    def arise(self, month: Month, held: NDArray[np.int32]) -> None:
        """Open the new cases of a month.

        Parameters
        ----------
        month : the month
        held : int32[n_places], case of each place of an organisation, moved with the cases
        """
        self._open(month, held, self._stretch, (self.needs.onset, self.needs.onset_factor))

    def end(
        self,
        month: Month,
        end: NDArray[np.float32],
        relapse: NDArray[np.float32],
        safe: np.float32,
    ) -> NDArray[np.int64]:
        """Close the cases that are over, and let some of those who were helped fall back.

        Parameters
        ----------
        month : the month
        end : float32[2, n_kinds], share per month, needs that end without any service, in
            households that are not poor and in poor ones
        relapse : float32[3, n_kinds], share per month, of those helped in homes, elsewhere, and
            accompanied in their home province
        safe : share per month, of those helped, from then on out of danger

        Returns
        -------
        int64[n_districts, 2], clients, who fell back, and who still can
        """
        people, cases = self._model.world.households, self.cases
        back = np.empty((cases.case_start.size - 1, 2), np.int64)
        self.share(
            step.end_cases,
            self._model.world.key,
            month_word(month.ordinal, Stream.NEED_END),
            people.first_id,
            self.needs.members,
            end,
            relapse,
            safe,
            cases.case_start,
            cases.case_client,
            cases.household,
            cases.kind,
            cases.people,
            cases.active,
            cases.served,
            cases.helpers,
            cases.helped,
            cases.effect,
            cases.servers,
            people.word,
            people.welfare,
            people.needs,
            people.gain,
            back,
        )
        self._model.world.team.gather("district", back)
        return back

    def listed(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return the open cases by district and kind.

        Returns
        -------
        tuple of int64[n_districts, n_kinds + 1] and int32[n_cases]
            Places in the list, where each kind begins, and the list.
        """
        cases = self.cases
        start = np.empty((cases.case_start.size - 1, len(KINDS) + 1), np.int64)
        found = np.empty(cases.household.size, np.int32)
        self.share(list_cases, cases.case_start, cases.household, cases.kind, start, found)
        return start, found

    def relieve(self, usual: NDArray[np.float32]) -> NDArray[np.int64]:
        """Let services act on households.

        Parameters
        ----------
        usual : float32[n_kinds], share, clients of the baseline who are served

        Returns
        -------
        int64[n_districts, n_kinds, 3], clients, with the need, served, and places that they have
        """
        cases = self.cases
        totals = np.empty((cases.case_start.size - 1, len(KINDS), 3), np.int64)
        self.share(
            step.relieve,
            cases.case_start,
            cases.household,
            cases.kind,
            cases.people,
            cases.active,
            cases.served,
            cases.helpers,
            self.needs.loss,
            usual,
            cases.effect,
            self._model.world.households.gain,
            totals,
        )
        self._model.world.team.gather("district", totals)
        return totals

    def miss_school(self, year: float, kept: NDArray[np.float64]) -> NDArray[np.float64]:
        """Let children whose household's need of education nobody meets lose a year of school.

        Parameters
        ----------
        year : log points, gain of a household from a year of schooling of a child
        kept : float64[n_districts], share of what they would lose that they do not

        Returns
        -------
        float64[n_strata], log points of simulated households, what they lose together
        """
        cases, layout = self.cases, self._model.world.layout
        loss = self._model.scenario.parameter("need.education.school_loss") * year * (1.0 - kept)
        missed = np.zeros(layout.stratum_start.size - 1)
        self.share(
            miss_school,
            np.int64(EDUCATION),
            loss.astype(np.float32),
            layout.district_stratum,
            layout.stratum_start,
            cases.case_start,
            cases.household,
            cases.kind,
            cases.people,
            cases.active,
            cases.served,
            self._model.world.households.gain,
            missed,
        )
        self._model.world.team.gather("stratum", missed)
        return np.asarray(np.repeat(loss, np.diff(layout.district_stratum)) * missed)

    def share(self, kernel: Callable[..., None], *arguments: Any) -> None:
        """Let a step go over all districts.

        Parameters
        ----------
        kernel : a step whose first arguments are the first district and the one past the last
        arguments : what it needs besides
        """
        world = self._model.world
        world.team.share(kernel, world.layout.n_districts, *arguments)

    def _open(
        self,
        month: Month,
        held: NDArray[np.int32],
        stretch: tuple[NDArray[np.float32], NDArray[np.float32]],
        rates: tuple[NDArray[np.float32], NDArray[np.float32]],
        number: int = 0,
        *,
        every: bool = False,
    ) -> None:
        """Open new cases; where room is missing, make it and open the rest."""
        world = self._model.world
        people, layout = world.households, world.layout
        missing = np.zeros(layout.n_districts, np.int64)
        while True:
            cases = self.cases
            self.share(
                step.open_cases,
                world.key,
                month_word(month.ordinal, Stream.NEED) | np.uint32(number << _KIND_BITS),
                np.int64(month.month - 1),
                every,
                people.first_id,
                layout.district_stratum,
                layout.stratum_start,
                world.targets.strata.area,
                self._weight,
                self.needs.who,
                self.needs.members,
                *stretch,
                *rates,
                people.word,
                people.welfare,
                people.needs,
                self.now,
                self.needs.years * np.float32(MONTHS_PER_YEAR),
                cases.case_start,
                cases.case_client,
                cases.household,
                cases.kind,
                cases.since,
                cases.people,
                cases.active,
                cases.served,
                cases.effect,
                cases.servers,
                missing,
            )
            if not missing.any():
                return
            self.cases = with_room(cases, missing, self._most, held)
