"""Needs and services of a month: cases open and end, organisations find and hold clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.accounts import AFTERCARE, KAT
from kesos_sim.institutions.aftercare import aftercare_cost, medical_months, relapse_chances
from kesos_sim.institutions.bkkks import Coordination
from kesos_sim.institutions.orsos import OrsosTable, client_unit
from kesos_sim.institutions.remote import REMOTE, remote_cost, with_programme
from kesos_sim.kernels.search import find_clients, hold_clients
from kesos_sim.model.cases import Cases, Served
from kesos_sim.model.funding import Funding
from kesos_sim.model.helping import count_school_age
from kesos_sim.model.monitoring import Monitoring
from kesos_sim.model.needing import EDUCATION, Needing
from kesos_sim.model.returning import Returning
from kesos_sim.population.needs import KINDS, Needs
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Serving"]


class Serving:
    """Needs of the households of a model, and the organisations that meet them.

    Parameters
    ----------
    model : the model

    Attributes
    ----------
    needing : the needs of households
    orsos : the organisations
    bodies : the coordinating bodies
    funding : the money of organisations
    monitoring : what organisations report
    returning : people away from home who are handed over to their home province
    unit : real clients that one place of an organisation, and one client byte, stands for
    usual : float32[n_kinds], share, clients of the baseline who are served
    unmet : int64[n_districts], people in need whom nobody served last month
    last : what the last month came to; None before the first
    """

    def __init__(self, model: WelfareModel) -> None:
        self._model = model
        parameter, world, places = model.scenario.parameter, model.world, model.places
        self._key = world.key
        self.unit = client_unit(parameter, places, world.layout.n_households)
        self.needing = Needing(model, self.unit)
        self.orsos = OrsosTable.draw(
            places, parameter, int(self._key), self.unit, model.scenario.own_data
        )
        self.bodies = Coordination(model, places, self.orsos, parameter, int(self._key), self.unit)
        first = places.province_index
        self._province_district = np.searchsorted(first, np.arange(len(places.provinces) + 1))
        self.funding = Funding(model, self.orsos, self.bodies, self.unit)
        self.monitoring = Monitoring(model, self.orsos, self.bodies, self.funding.money, self.unit)
        self.returning = Returning(model, self.orsos, self.needing)
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
        found |= {f"returning.{name}": array for name, array in self.returning.arrays().items()}
        if self.last is not None:
            found |= {f"last.{name}": count for name, count in vars(self.last).items()}
        here, above = self.bodies, self.bodies.above
        bodies = {"awake": here.awake, "awake_above": above.awake}
        owed = {"owed": here.secretariats.owed, "owed_above": above.secretariats.owed}
        return found | {"usual": self.usual, "unmet": self.unmet} | bodies | owed

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        self.needing.cases = Cases(
            **{item.name: kept[f"cases.{item.name}"] for item in fields(Cases)}
        )
        for name, array in self.orsos.arrays().items():
            array[...] = kept[f"orsos.{name}"]
        for own, part in (("funding.", self.funding), ("returning.", self.returning)):
            part.restore({k.removeprefix(own): v for k, v in kept.items() if k.startswith(own)})
        self.usual, self.unmet, self.bodies.awake = (
            kept[name] for name in ("usual", "unmet", "awake")
        )
        self.bodies.above.awake = kept["awake_above"]
        self.bodies.secretariats.owed[:] = kept["owed"]
        self.bodies.above.secretariats.owed[:] = kept["owed_above"]
        self.bodies.count_working()
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
        return np.array(
            [
                *(count.sum(axis=1) for count in by_kind),
                last.reached,
                last.waited,
                np.ones(n, np.int64),
                bodies.awake,
                bodies.working,
                bodies.members,
                last.sent_away,
                last.helped,
                last.relapsed,
                last.at_risk,
                last.in_need[:, REMOTE],
                self.unit * self.returning.at_home,
                self.funding.volunteers,
                *self._schooling(),
                *self.funding.income.T,
                self.funding.giving.through_forum,
                self.funding.spent,
                self.funding.reserves,
            ],
            np.int64,
        ).T

    def _schooling(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return children of school age, and school years lost: int64[n_districts] each."""
        children = count_school_age(self._model.world)
        each = self._model.scenario.parameter("need.education.school_loss")
        missed = each * (1.0 - self._model.parts.linking.kept) * self.out_of_school
        whole = np.rint(np.array([children, np.minimum(missed, children)])).astype(np.int64)
        return whole[0], whole[1]

    @property
    def cases(self) -> Cases:
        """The open cases."""
        return self.needing.cases

    @property
    def needs(self) -> Needs:
        """Rates of every kind of need."""
        return self.needing.needs

    @property
    def out_of_school(self) -> NDArray[np.int64]:
        """Children whose family's need of education nobody meets.

        int64[n_districts], persons
        """
        if self.last is None:
            return np.zeros_like(self.unmet)
        return (self.last.in_need - self.last.served)[:, EDUCATION]

    def receive(self, month: Month) -> None:
        """Let organisations receive the money of a month.

        Parameters
        ----------
        month : the month
        """
        self.funding.receive(month, self.unmet)
        parameter, lever = self._model.scenario.parameter, self._model.lever
        if self.last is None:
            return
        after = aftercare_cost(parameter, lever, self.last.at_risk)
        remote = remote_cost(parameter, lever, self.last.in_need[:, REMOTE])
        journeys = self.returning.cost()
        if after.any() or journeys.any():
            self._model.treasury.run_service(AFTERCARE, after, journeys)
        if remote.any():
            self._model.treasury.run_service(KAT, np.zeros_like(remote), of_nation=remote)

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
            self.needing.begin(month, self.orsos.place_case)
        n = self._model.places.codes.size
        ended, found = np.zeros((n, 2), np.int64), np.zeros((n, 6), np.int64)
        parameter, lever = self._model.scenario.parameter, self._model.lever
        end = with_programme(parameter, lever, self.needs.end)
        relapse, safe = relapse_chances(parameter, lever, self.funding.stigma)
        back = self.needing.end(month, end, self.returning.chances(relapse), safe)
        held, finished = self._hold(month, self.funding.most, ended)
        self.returning.live(month, self.funding.room, held)
        guests = self.returning.guests
        ended[:, 0] += self.returning.moved[:, 1]
        self.needing.arise(month, self.orsos.place_case)
        self._find(month, self.funding.room - guests, held, found)
        self.monitoring.report(self.cases, finished)
        self.funding.pay(month, held + guests)
        totals = np.moveaxis(self.unit * self.needing.relieve(self.usual), 2, 0)
        counted = (self.unit * counts for counts in (back, ended, found))
        self.last = Served(*totals, *(count for counts in counted for count in counts.T))
        self.unmet = (self.last.in_need - self.last.served).sum(axis=1)
        if self._model.row <= 0:
            everyone = np.maximum(self.last.in_need.sum(axis=0), 1)
            self.usual = (self.last.served.sum(axis=0) / everyone).astype(np.float32)

    def _hold(
        self, month: Month, most: NDArray[np.int32], ended: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Let organisations keep clients or finish: int32[n_orsos], who stay; finished services."""
        orsos, cases = self.orsos, self.cases
        n = orsos.home.size
        held, finished = np.empty(n, np.int32), np.empty((n, 3), np.int64)
        self._model.world.team.share(
            hold_clients,
            self._province_district.size - 1,
            self._key,
            month_word(month.ordinal, Stream.SERVICE),
            self.bodies.province_orsos,
            orsos.home,
            orsos.field,
            orsos.state,
            self.monitoring.checked,
            self.needs.finish,
            self._model.parts.linking.success(self.needs.success_by_mode),
            most,
            orsos.place_start,
            orsos.place_orsos,
            orsos.place_case,
            orsos.place_number,
            cases.household,
            cases.case_client,
            cases.active,
            cases.served,
            cases.helpers,
            cases.helped,
            cases.servers,
            held,
            ended,
            finished,
        )
        team = self._model.world.team
        team.gather("province", held, starts=self.bodies.province_orsos)
        team.gather("district", ended)
        return held, finished

    def _brought(self, room: NDArray[np.int32], held: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the free places to which groups or letters bring people nobody serves.

        float32[n_districts], share; a place for which a group has somebody needs no letter
        """
        orsos, parts = self.orsos, self._model.parts
        places = np.maximum(room - held, 0) * orsos.working
        number = orsos.by_district(places, self._model.places.codes.size)
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
        start, listed = self.needing.listed()
        shared_list, routing = self.bodies.exchange(self._model.lever)
        self._model.world.team.share(
            find_clients,
            self._province_district.size - 1,
            self._key,
            month_word(month.ordinal, Stream.SEARCH),
            self.needing.now,
            self._model.world.households.first_id,
            medical_months(parameter, self._model.lever),
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
            orsos.place_orsos,
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
            orsos.eased,
            found,
        )
        team = self._model.world.team
        team.gather("province", held, orsos.eased, starts=self.bodies.province_orsos)
        team.gather("district", found)
