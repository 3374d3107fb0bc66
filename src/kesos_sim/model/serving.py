"""Needs and services of a month: cases open and end, organisations find and hold clients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.bkkks import Coordination
from kesos_sim.institutions.orsos import OrsosTable, client_unit
from kesos_sim.institutions.places import province_totals
from kesos_sim.kernels import cases as step
from kesos_sim.kernels.search import find_clients, hold_clients
from kesos_sim.model.cases import Cases, Served, with_room
from kesos_sim.model.funding import Funding
from kesos_sim.model.monitoring import Monitoring
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.population.needs import KINDS, Needs
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Serving"]

_NATION: Final = 0
_KIND_BITS: Final = 24
"""Place of the kind in the second counter word of the draws that look for one kind alone."""


class Serving:
    """Needs of the households of a model, and the organisations that meet them.

    Parameters
    ----------
    model : the model

    Attributes
    ----------
    cases : the open cases
    orsos : the organisations
    bodies : the coordinating bodies
    funding : the money of organisations
    monitoring : what organisations report
    unit : real clients that one place of an organisation, and one client byte, stands for
    usual : float32[n_kinds], share, clients of the baseline who are served
    unmet : int64[n_districts], people in need whom nobody served last month
    last : what the last month came to; None before the first
    """

    def __init__(self, model: WelfareModel) -> None:
        self._model = model
        parameter, world, places = model.scenario.parameter, model.world, model.places
        self._key = world.key
        nation = province_totals(places.year)[_NATION]
        size = places.population.sum() / places.households.sum()
        self.needs = Needs.of(
            parameter,
            Needs.able(
                world.households, world.layout, world.weight, nation.rural / nation.population
            ),
            nation.population / size,
            nation.poor / nation.population,
        )
        self._stretch = self.needs.stretches()
        self.unit = client_unit(parameter, places, world.layout.n_households)
        self._weight = np.maximum(np.rint(world.weight / self.unit).astype(np.int64), 1)
        self.orsos = OrsosTable.draw(places, parameter, int(self._key), self.unit)
        self.bodies = Coordination(model, places, self.orsos, parameter, int(self._key))
        first = places.province_index
        self._province_district = np.searchsorted(first, np.arange(len(places.provinces) + 1))
        self.funding = Funding(model, self.orsos, self.bodies, self.unit)
        self.monitoring = Monitoring(model, self.orsos, self.bodies, self.funding.money, self.unit)
        heaviest = np.maximum.reduceat(self._weight, world.layout.district_stratum[:-1])
        self._most = (heaviest + WEIGHT_UNIT - 1) // WEIGHT_UNIT + 1
        self.cases = Cases.room(np.zeros(places.codes.size, np.int64), self._most)
        self.usual = np.zeros(len(KINDS), np.float32)
        self.unmet = np.zeros(places.codes.size, np.int64)
        self.last: Served | None = None

    def settle(self) -> None:
        """Let bodies and members come and go for some years before the first month."""
        self.bodies.settle(self._model.first, self._model.lever)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of any[n], see `Cases`, `OrsosTable`, `Served` and the attributes
        """
        found = {f"cases.{name}": array for name, array in self.cases.arrays().items()}
        found |= {f"orsos.{name}": array for name, array in self.orsos.arrays().items()}
        found |= {f"funding.{name}": array for name, array in self.funding.arrays().items()}
        if self.last is not None:
            found |= {f"last.{name}": count for name, count in vars(self.last).items()}
        bodies = {"awake": self.bodies.awake, "awake_above": self.bodies.above.awake}
        return found | {"usual": self.usual, "unmet": self.unmet} | bodies

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        self.cases = Cases(**{item.name: kept[f"cases.{item.name}"] for item in fields(Cases)})
        for name, array in self.orsos.arrays().items():
            array[...] = kept[f"orsos.{name}"]
        own = "funding."
        self.funding.restore({k.removeprefix(own): v for k, v in kept.items() if own in k})
        self.usual, self.unmet, self.bodies.awake = (
            kept[name] for name in ("usual", "unmet", "awake")
        )
        self.bodies.above.awake = kept["awake_above"]
        self.bodies.count_members()
        self.last = Served(**{item.name: kept[f"last.{item.name}"] for item in fields(Served)})

    @property
    def counts(self) -> NDArray[np.int64]:
        """What the month came to.

        int64[n_districts, n_measures], counts in the order of
        `kesos_sim.indicators.coordination.SERVICE_MEASURES`
        """
        last, bodies = self.last, self.bodies
        if last is None:
            raise ValueError("nobody has been served yet")
        n = bodies.awake.size
        by_kind = [last.in_need, last.served, last.places]
        return np.stack(
            [
                *(count.sum(axis=1) for count in by_kind),
                last.reached,
                last.waited,
                np.ones(n, np.int64),
                bodies.awake,
                bodies.working,
                bodies.members,
                last.sent_away,
                *self.funding.income.T,
                self.funding.spent,
                self.funding.reserves,
            ],
            axis=1,
        ).astype(np.int64)

    @property
    def now(self) -> np.int16:
        """Months since the first of the run."""
        return np.int16(self._model.month - self._model.first)

    def receive(self, month: Month) -> None:
        """Let organisations receive the money of a month.

        Parameters
        ----------
        month : the month
        """
        self.funding.receive(month, self.unmet)

    def live(self, month: Month) -> None:
        """Let cases end and begin, and organisations serve.

        Parameters
        ----------
        month : the month
        """
        if not self.cases.household.size:
            if not self._model.world.households.welfare.any():
                # The first month of all: nobody knows yet who is poor.
                self.funding.pay(month, np.zeros(self.orsos.home.size, np.int32))
                return
            self._begin(month)
        n = self._model.places.codes.size
        ended, found = np.zeros((n, 2), np.int64), np.zeros((n, 6), np.int64)
        self._end(month)
        self.monitoring.part(self.cases)
        most, room = self.funding.places
        held, finished = self._hold(month, most, ended)
        self._arise(month, self._stretch, self.needs.onset, self.needs.onset_factor)
        self._find(month, room, held, found)
        self.monitoring.report(self.cases, finished)
        self.funding.pay(month, held)
        totals = self._relieve()
        counted = (*np.moveaxis(totals, 2, 0), *ended.T, *found.T)
        self.last = Served(*(self.unit * count for count in counted))
        self.unmet = (self.last.in_need - self.last.served).sum(axis=1)
        if self._model.row <= 0:
            everyone = np.maximum(self.last.in_need.sum(axis=0), 1)
            self.usual = (self.last.served.sum(axis=0) / everyone).astype(np.float32)

    def _begin(self, month: Month) -> None:
        """Give households the needs that they have at a time, each kind by draws of its own."""
        needs = self.needs
        for kind in range(len(KINDS)):
            own = (np.arange(len(KINDS)) == kind).astype(np.float32)
            whole = (np.float32(0.0) * own, own)
            self._arise(month, whole, needs.present, needs.present_factor, kind + 1, every=True)

    def _arise(
        self,
        month: Month,
        stretch: tuple[NDArray[np.float32], NDArray[np.float32]],
        chance: NDArray[np.float32],
        poor_factor: NDArray[np.float32],
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
            self._share(
                step.open_cases,
                self._key,
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
                chance,
                poor_factor,
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
            self.cases = with_room(cases, missing, self._most, self.orsos.place_case)

    def _share(self, kernel: Callable[..., None], *arguments: Any) -> None:
        """Let a step go over all districts."""
        world = self._model.world
        world.team.share(kernel, world.layout.n_districts, *arguments)

    def _end(self, month: Month) -> None:
        """Close the cases that are over."""
        people, cases = self._model.world.households, self.cases
        self._share(
            step.end_cases,
            self._key,
            month_word(month.ordinal, Stream.NEED_END),
            people.first_id,
            self.needs.end,
            cases.case_start,
            cases.case_client,
            cases.household,
            cases.kind,
            cases.people,
            cases.active,
            cases.served,
            cases.helpers,
            cases.effect,
            cases.servers,
            people.needs,
            people.gain,
        )

    def _hold(
        self, month: Month, most: NDArray[np.int32], ended: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Let organisations keep clients or finish: int32[n_orsos], who stay; finished services."""
        orsos, cases = self.orsos, self.cases
        n = orsos.home.size
        held, finished = np.empty(n, np.int32), np.empty((n, 2), np.int64)
        self._model.world.team.share(
            hold_clients,
            self._province_district.size - 1,
            self._key,
            month_word(month.ordinal, Stream.SERVICE),
            self.bodies.province_orsos,
            orsos.home,
            orsos.field,
            orsos.state,
            self.needs.finish,
            self._model.parts.linking.success(self.needs.success_by_mode),
            most,
            orsos.place_start,
            orsos.place_case,
            orsos.place_number,
            cases.household,
            cases.case_client,
            cases.active,
            cases.served,
            cases.helpers,
            cases.servers,
            held,
            ended,
            finished,
        )
        return held, finished

    def _brought(self, room: NDArray[np.int32], held: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the free places to which groups or letters bring people nobody serves.

        float32[n_districts], share; a place for which a group has somebody needs no letter
        """
        orsos, parts = self.orsos, self._model.parts
        places = np.maximum(room - held, 0) * orsos.working
        number = np.bincount(orsos.home, places, self._model.places.codes.size)
        free = self.unit * number.astype(np.float64)
        groups, letters = parts.community.referred, parts.linking.referral(free)
        return np.asarray(groups + (np.float32(1.0) - groups) * letters, np.float32)

    def _find(
        self,
        month: Month,
        room: NDArray[np.int32],
        held: NDArray[np.int32],
        found: NDArray[np.int64],
    ) -> None:
        """Let organisations look for clients."""
        parameter, orsos, cases = self._model.scenario.parameter, self.orsos, self.cases
        start = np.empty((cases.case_start.size - 1, len(KINDS) + 1), np.int64)
        listed = np.empty(cases.household.size, np.int32)
        self._share(step.list_cases, cases.case_start, cases.household, cases.kind, start, listed)
        shared_list, routing = self.bodies.exchange(self._model.lever)
        self._model.world.team.share(
            find_clients,
            self._province_district.size - 1,
            self._key,
            month_word(month.ordinal, Stream.SEARCH),
            self.now,
            self._model.world.households.first_id,
            np.float32(parameter("orsos.search_effort")),
            np.float32(parameter("orsos.visibility_spread") * self.funding.stigma),
            int(parameter("orsos.people_seen")),
            int(parameter("orsos.tries")),
            self.bodies.province_orsos,
            self._province_district,
            orsos.home,
            orsos.field,
            orsos.state,
            shared_list,
            routing,
            self._brought(room, held),
            room,
            held,
            orsos.place_start,
            orsos.place_case,
            orsos.place_number,
            start,
            listed,
            cases.case_client,
            cases.household,
            cases.since,
            cases.served,
            cases.helpers,
            cases.servers,
            found,
        )

    def _relieve(self) -> NDArray[np.int64]:
        """Let services act on households: int64[n_districts, n_kinds, 3], clients."""
        cases = self.cases
        totals = np.empty((cases.case_start.size - 1, len(KINDS), 3), np.int64)
        self._share(
            step.relieve,
            cases.case_start,
            cases.household,
            cases.kind,
            cases.people,
            cases.active,
            cases.served,
            cases.helpers,
            self.needs.loss,
            self.usual,
            cases.effect,
            self._model.world.households.gain,
            totals,
        )
        return totals
