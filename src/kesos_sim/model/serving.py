"""Needs and services of a month: cases open and end, organisations find and hold clients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.bkkks import Coordination
from kesos_sim.institutions.orsos import OrsosTable
from kesos_sim.institutions.places import Places, province_totals
from kesos_sim.kernels import cases as step
from kesos_sim.kernels.search import find_clients, hold_clients
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.population.needs import KINDS, Needs
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Cases", "Served", "Serving", "client_unit"]

_NATION: Final = 0
_ROOM: Final = 1.4
"""Cases for which a district has room, against those that it has."""
_SPARE: Final = 5.0
"""Further room, in standard deviations of a number that varies by chance."""
_KIND_BITS: Final = 24
"""Place of the kind in the second counter word of the draws that look for one kind alone."""


@dataclass
class Cases:
    """Open cases by district, and the real clients of each.

    Attributes
    ----------
    case_start : int64[n_districts + 1], case, first case of each district
    case_client : int64[n_cases + 1], client, first client byte of each case
    household : int32[n_cases], household, or ``FREE``
    kind : uint8[n_cases], code, kind of need
    since : int16[n_cases], month, onset, months since the first of the run
    people : int32[n_cases], clients, real ones at the onset
    active : int32[n_cases], clients, those who still have the need
    served : int32[n_cases], clients, those whom somebody serves
    effect : float32[n_cases], log points, what is in the household's gain
    servers : uint8[n_clients], organisations, that serve the client; ``GONE`` for nobody
    """

    case_start: NDArray[np.int64]
    case_client: NDArray[np.int64]
    household: NDArray[np.int32]
    kind: NDArray[np.uint8]
    since: NDArray[np.int16]
    people: NDArray[np.int32]
    active: NDArray[np.int32]
    served: NDArray[np.int32]
    effect: NDArray[np.float32]
    servers: NDArray[np.uint8]

    @classmethod
    def room(cls, number: NDArray[np.int64], clients: NDArray[np.int64]) -> Cases:
        """Make room for cases.

        Parameters
        ----------
        number : int64[n_districts], cases, for which each district has room
        clients : int64[n_districts], clients, most of one case

        Returns
        -------
        Cases
            Nobody has a need yet.
        """
        start = np.concatenate([[0], np.cumsum(number)])
        client = np.concatenate([[0], np.cumsum(np.repeat(clients, number))])
        n = int(start[-1])
        return cls(
            case_start=start,
            case_client=client,
            household=np.full(n, step.FREE, np.int32),
            kind=np.zeros(n, np.uint8),
            since=np.zeros(n, np.int16),
            people=np.zeros(n, np.int32),
            active=np.zeros(n, np.int32),
            served=np.zeros(n, np.int32),
            effect=np.zeros(n, np.float32),
            servers=np.full(int(client[-1]), step.GONE, np.uint8),
        )

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return every array by name.

        Returns
        -------
        dict of any[n], see the attributes
        """
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @property
    def taken(self) -> NDArray[np.int64]:
        """Open cases of each district: int64[n_districts], cases."""
        running = np.concatenate([[0], np.cumsum(self.household != step.FREE)])
        return np.diff(running[self.case_start])

    def larger(self, number: NDArray[np.int64], clients: NDArray[np.int64]) -> Cases:
        """Return the same cases with more room.

        Parameters
        ----------
        number : int64[n_districts], cases, not fewer than there is room for now
        clients : int64[n_districts], clients, most of one case

        Returns
        -------
        Cases
        """
        found = Cases.room(number, clients)
        # Cases keep their order, and those of a district have rows of one length.
        for old, new in zip(
            zip(self.case_start, self.case_start[1:]), found.case_start, strict=False
        ):
            first, stop = old
            end = new + stop - first
            for item in fields(self):
                if item.name not in {"case_start", "case_client", "servers"}:
                    getattr(found, item.name)[new:end] = getattr(self, item.name)[first:stop]
            rows = slice(found.case_client[new], found.case_client[end])
            found.servers[rows] = self.servers[self.case_client[first] : self.case_client[stop]]
        return found


@dataclass(frozen=True)
class Served:
    """What a month of services comes to, by district.

    Attributes
    ----------
    in_need, served : int64[n_districts, n_kinds], clients, with the need and served by somebody
    places : int64[n_districts, n_kinds], clients, held by organisations, the doubled ones too
    helped : int64[n_districts], clients, whose need a service has ended
    found, doubled, spared, sent : int64[n_districts], clients, newly held; others served them
        too; passed over because the list showed help; sent by the coordinating body
    reached, waited : int64[n_districts], clients newly held whom nobody had served, and the
        months that these had waited
    """

    in_need: NDArray[np.int64]
    served: NDArray[np.int64]
    places: NDArray[np.int64]
    helped: NDArray[np.int64]
    found: NDArray[np.int64]
    doubled: NDArray[np.int64]
    spared: NDArray[np.int64]
    sent: NDArray[np.int64]
    reached: NDArray[np.int64]
    waited: NDArray[np.int64]


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
    unit : real clients that one place of an organisation, and one client byte, stands for
    usual : float32[n_kinds], share, clients of the baseline who are served
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
            Needs.able(world.households, world.layout, world.weight, world.targets.strata.area),
            nation.population / size,
            nation.poor / nation.population,
        )
        self._slot = self.needs.stretches()
        self.unit = client_unit(parameter, places, world.layout.n_households)
        self._weight = np.maximum(np.rint(world.weight / self.unit).astype(np.int64), 1)
        self.orsos = OrsosTable.draw(places, parameter, int(self._key), self.unit)
        self.bodies = Coordination(model, places, self.orsos, parameter, int(self._key))
        first = places.province_index
        self._province_district = np.searchsorted(first, np.arange(len(places.provinces) + 1))
        self._province_orsos = np.searchsorted(
            first[self.orsos.home], np.arange(len(places.provinces) + 1)
        )
        heaviest = np.maximum.reduceat(self._weight, world.layout.district_stratum[:-1])
        self._most = (heaviest + WEIGHT_UNIT - 1) // WEIGHT_UNIT + 1
        nobody = np.zeros(places.codes.size, np.int64)
        self.cases = Cases.room(nobody, self._most)
        self.usual = np.zeros(len(KINDS), np.float32)
        self.last: Served | None = None

    @property
    def now(self) -> np.int16:
        """Months since the first of the run."""
        return np.int16(self._model.month - self._model.first)

    def live(self, month: Month) -> None:
        """Let cases end and begin, and organisations serve.

        Parameters
        ----------
        month : the month
        """
        if not self.cases.household.size:
            if not self._model.world.households.welfare.any():
                return  # the first month of all: nobody knows yet who is poor
            self._begin(month)
        n = self._model.places.codes.size
        held, helped = np.zeros((n, len(KINDS)), np.int64), np.zeros(n, np.int64)
        found = np.zeros((n, 6), np.int64)
        self._end(month)
        self._hold(month, held, helped)
        self._arise(month, self._slot, self.needs.onset, self.needs.onset_factor)
        self._find(month, held, found)
        totals = self._relieve()
        counted = (totals[:, :, 0], totals[:, :, 1], held, helped, *found.T)
        self.last = Served(*(self.unit * count for count in counted))
        if self._model.row <= 0:
            everyone = np.maximum(self.last.in_need.sum(axis=0), 1)
            self.usual = (self.last.served.sum(axis=0) / everyone).astype(np.float32)

    def _begin(self, month: Month) -> None:
        """Give households the needs that they have at a time, each kind by draws of its own."""
        needs = self.needs
        for kind in range(len(KINDS)):
            slot = np.zeros(len(KINDS) + 1, np.float32)
            slot[kind + 1 :] = 1.0
            word = np.uint32((kind + 1) << _KIND_BITS)
            self._arise(month, slot, needs.present, needs.present_factor, word, every=True)

    def _arise(
        self,
        month: Month,
        slot: NDArray[np.float32],
        chance: NDArray[np.float32],
        poor_factor: NDArray[np.float32],
        word: np.uint32 = np.uint32(0),
        *,
        every: bool = False,
    ) -> None:
        """Open new cases, after making room for them."""
        world, cases = self._model.world, self.cases
        people, layout = world.households, world.layout
        who_gets_it = (
            self._key,
            month_word(month.ordinal, Stream.NEED) | word,
            np.int64(month.month - 1),
            every,
            people.first_id,
            layout.district_stratum,
            layout.stratum_start,
            world.targets.strata.area,
        )
        rates = (self.needs.who, slot, chance, poor_factor)
        state = (people.word, people.welfare, people.needs)
        new = np.empty(layout.district_stratum.size - 1, np.int64)
        step.count_onsets(*who_gets_it, *rates, *state, new)
        wanted = cases.taken + new
        room = np.diff(cases.case_start)
        if (wanted > room).any():
            more = _ROOM * wanted + _SPARE * (1.0 + np.sqrt(wanted))
            larger = np.where(wanted > room, more.astype(np.int64), room)
            before = cases.case_start
            cases = self.cases = cases.larger(larger, self._most)
            held = self.orsos.place_case
            own = np.searchsorted(before, held[held >= 0], side="right") - 1
            held[held >= 0] += (cases.case_start[own] - before[own]).astype(np.int32)
        step.open_cases(
            *who_gets_it,
            self._weight,
            *rates,
            *state,
            self.now,
            (self.needs.years * 12).astype(np.float32),
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
        )

    def _end(self, month: Month) -> None:
        """Close the cases that are over."""
        people, cases = self._model.world.households, self.cases
        step.end_cases(
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
            cases.effect,
            cases.servers,
            people.needs,
            people.gain,
        )

    def _hold(
        self, month: Month, held: NDArray[np.int64], helped: NDArray[np.int64]
    ) -> None:
        """Let organisations keep their clients or finish."""
        orsos, cases = self.orsos, self.cases
        hold_clients(
            self._key,
            month_word(month.ordinal, Stream.SERVICE),
            self._province_orsos,
            orsos.home,
            orsos.field,
            orsos.state,
            self.needs.finish,
            self.needs.success,
            orsos.place_start,
            orsos.place_case,
            orsos.place_number,
            cases.household,
            cases.case_client,
            cases.active,
            cases.served,
            cases.servers,
            held,
            helped,
        )

    def _find(self, month: Month, held: NDArray[np.int64], found: NDArray[np.int64]) -> None:
        """Let organisations look for clients."""
        parameter, orsos, cases = self._model.scenario.parameter, self.orsos, self.cases
        start = np.empty((cases.case_start.size - 1, len(KINDS) + 1), np.int64)
        listed = np.empty(cases.household.size, np.int32)
        step.list_cases(cases.case_start, cases.household, cases.kind, start, listed)
        shared_list, routing = self.bodies.exchange(self._model.lever)
        find_clients(
            self._key,
            month_word(month.ordinal, Stream.SEARCH),
            self.now,
            self._model.world.households.first_id,
            np.float32(parameter("orsos.search_effort")),
            np.float32(parameter("orsos.visibility_spread")),
            self._province_orsos,
            self._province_district,
            orsos.home,
            orsos.field,
            orsos.state,
            shared_list,
            routing,
            orsos.place_start,
            orsos.place_case,
            orsos.place_number,
            start,
            listed,
            cases.case_client,
            cases.household,
            cases.since,
            cases.people,
            cases.served,
            cases.servers,
            held,
            found,
        )

    def _relieve(self) -> NDArray[np.int64]:
        """Let services act on households: int64[n_districts, n_kinds, 2], clients."""
        cases = self.cases
        totals = np.empty((cases.case_start.size - 1, len(KINDS), 2), np.int64)
        step.relieve(
            cases.case_start,
            cases.household,
            cases.kind,
            cases.people,
            cases.active,
            cases.served,
            self.needs.loss,
            self.usual,
            cases.effect,
            self._model.world.households.gain,
            totals,
        )
        return totals


def client_unit(parameter: Callable[[str], float], places: Places, households: int) -> int:
    """Return how many real clients are taken as one, so that small samples stay quick.

    Organisations are as many as they really are, whatever the sample. Their places are taken
    together until there are not more than ``model.places_per_household`` for each simulated
    household; what is doubled depends on places over people in need, not on their number.

    Parameters
    ----------
    parameter : function from the id of a parameter to its value
    places : districts of the run
    households : simulated households

    Returns
    -------
    int, 1 or more
    """
    nation = province_totals(places.year)[_NATION]
    part = places.population.sum() / nation.population
    clients = parameter("orsos.registered") * parameter("orsos.clients") * part
    return max(1, round(clients / (parameter("model.places_per_household") * households)))
