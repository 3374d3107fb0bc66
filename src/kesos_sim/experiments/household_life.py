"""The months of one household, read from a model that lives for everybody.

Nothing of the model is written a second time. What befell the household is asked of the kernels
themselves, with a copy of the world in which nobody else lives: which shock its draw means, what
each of its programmes pays, and whether a programme would take it if places had no end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from kesos_sim.errors import InputError
from kesos_sim.experiments.household_month import Helped, HouseholdMonth, Need
from kesos_sim.institutions.channels import frictions
from kesos_sim.institutions.places import Places
from kesos_sim.institutions.programmes import REGULAR
from kesos_sim.institutions.rules import Eligibility
from kesos_sim.kernels.cases import GONE
from kesos_sim.kernels.composition import FIELDS, field
from kesos_sim.kernels.enterprises import WORKS
from kesos_sim.kernels.housing import REPAIRED
from kesos_sim.kernels.places import EMPTY, LEFT_RETURNED, RETURNED
from kesos_sim.kernels.pools import ACTIVE
from kesos_sim.kernels.registry import GRADUATED, LISTED
from kesos_sim.kernels.team import Team
from kesos_sim.model import helping
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.needing import EDUCATION
from kesos_sim.model.rules import SHOCKS
from kesos_sim.model.world import World
from kesos_sim.population.households import WEIGHT_UNIT, Households, Layout
from kesos_sim.population.needs import KINDS
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["HouseholdFollower", "check_household"]

_OF_ELIGIBILITY: Final = {
    Eligibility.HAS_PKH_COMPONENT: "composition",
    Eligibility.NOT_IN_REGULAR: "in_regular_aid",
    Eligibility.PKH_MEMBER: "not_in_pkh",
    Eligibility.ELDERLY: "composition",
    Eligibility.DISABLED: "composition",
}
_NO_END: Final = 1e6
"""Places that no household can fill."""
_OLD_AGE: Final = 70
_JANUARY: Final = 1
_RURAL: Final = 1


def check_household(number: int, households: int) -> int:
    """Return the number of a household that a run has.

    Parameters
    ----------
    number : int
        Number of the household, from 0.
    households : int
        Simulated households.

    Returns
    -------
    int
        The number.

    Raises
    ------
    InputError
        If there are not so many.
    """
    if not 0 <= number < households:
        raise InputError(
            "KS1971", "explain.no_household", field="--household", got=number, most=households - 1
        )
    return number


class HouseholdFollower:
    """Follows one household through the months of a model.

    Parameters
    ----------
    model : WelfareModel
        The model, in its base month.
    number : int
        The household, counted from 0.

    Attributes
    ----------
    months : list of HouseholdMonth
        What was seen so far.
    stratum, district : int
        Places of its stratum and district in the arrays of the model.
    line : float
        Rupiah of the price year per person and month, its poverty line.
    """

    def __init__(self, model: WelfareModel, number: int) -> None:
        layout = model.world.layout
        self.model, self.number = model, check_household(number, layout.n_households)
        self.stratum = int(np.searchsorted(layout.stratum_start, number, side="right")) - 1
        self.district = int(np.searchsorted(layout.district_start, number, side="right")) - 1
        self.line = float(model.world.targets.strata.line[self.stratum])
        self.months: list[HouseholdMonth] = []
        self._shocks: dict[str, float] = {}
        self._felt = 0.0
        if model.offer is None:
            self._ask_offer()

    def _ask_offer(self) -> None:
        """Let a model whose base month was kept work out its benefits, and leave it as it was."""
        model, benefit = self.model, self.model.world.households.benefit
        arrays: tuple[Any, ...] = (
            benefit,
            model.recipients,
            model.recipient_persons,
            model.yearly_rupiah,
        )
        kept = [array.copy() for array in arrays]
        model.grant()
        for array, before in zip(arrays, kept, strict=True):
            array[...] = before
        model.forget_plans()

    @property
    def place(self) -> tuple[int, bool]:
        """BPS code of the district, and whether the household lives in a village."""
        places: Places = self.model.places
        area = int(self.model.world.targets.strata.area[self.stratum])
        return int(places.codes[self.district]), area == _RURAL

    @property
    def stands_for(self) -> float:
        """Real households that it stands for."""
        return float(self.model.world.weight[self.stratum]) / WEIGHT_UNIT

    def before(self) -> None:
        """Ask what the coming month brings, before the model lives it."""
        model, month = self.model, self.model.month + 1
        self._felt = float(model.parts.hazards.felt[self.number])
        rules = replace(
            model.world.rules,
            loss_keep=np.float32(0.0),
            shock_loss=np.arange(1, len(SHOCKS) + 1, dtype=np.float32),
            insured_share=np.float32(0.0),
        )
        insured = model.mask("PBI")
        alone = self._alone()
        replace(alone, rules=rules).draw(month, insured)
        kind = round(float(alone.households.loss[0]))
        self._shocks = {}
        if kind:
            alone = self._alone()
            replace(alone, rules=replace(rules, shock_loss=model.world.rules.shock_loss)).draw(
                month, 0
            )
            whole = float(alone.households.loss[0])
            covered = bool(model.world.households.enrolled[self.number] & insured)
            share = float(model.world.rules.insured_share) if covered and kind == 1 else 0.0
            self._shocks[SHOCKS[kind - 1]] = 1.0 - float(np.exp(-whole * (1.0 - share)))
        self._ask_events(month)

    def _ask_events(self, month: Month) -> None:
        """Ask which events of the scenario reach the household in their first month."""
        model, n = self.model, self.model.places.codes.size
        for number, event in enumerate(model.decisions.events):
            if event.month != month or self.place[0] not in event.districts:
                continue
            if event.hazard == "price_rise":
                self._shocks[event.hazard] = 1.0 - 1.0 / (1.0 + event.severity)
            if event.hazard != "income_shock":
                continue
            alone = self._alone()
            alone.households.loss[:] = 0.0
            share = np.full(n, event.share, np.float32)
            alone.strike(event.month, number, share, np.ones(n, np.float32), alone.households.loss)
            if alone.households.loss[0] > 0.0:
                self._shocks[event.hazard] = 1.0 - float(np.exp(-event.severity))

    def after(self) -> None:
        """Take the month that the model has lived."""
        model, h = self.model, self.number
        people = model.world.households
        word = people.word[h : h + 1]
        members = {name: int(field(word, name)[0]) for name in FIELDS}
        programmes, refused = self._programmes()
        record_place, true_place = self._places()
        size = members["size"]
        felt = float(model.parts.hazards.felt[h]) - self._felt
        if felt > 0.0 and self.months:
            self._shocks["disaster"] = 1.0 - float(np.exp(-felt))
        group, works = self._group()
        self.months.append(
            HouseholdMonth(
                row=model.row,
                members=members,
                listed=bool(people.record[h] & LISTED),
                record_months=model.row - int(people.record_month[h]),
                record_place=record_place,
                true_place=true_place,
                welfare=float(people.welfare[h]),
                consumption=float(people.welfare[h]) * self.line,
                savings=float(people.savings[h]) * self.line,
                help=float(people.benefit[h]) * self.line * size,
                shocks=self._shocks,
                needs=self._needs(),
                programmes=programmes,
                refused=refused,
                school_missed=self._school_missed(),
                school_kept=float(model.parts.linking.kept[self.district]),
                enterprise=self._has_enterprise(),
                house_repaired=bool(people.needs[h] & REPAIRED),
                neighbours=float(people.pooled[h]) * self.line * size,
                group=group,
                group_works=works,
                ghosts=float(model.ghosts[self.district]),
            )
        )
        self._shocks = {}

    # What the model is asked

    def _group(self) -> tuple[int, bool]:
        """Return the number of its neighbourhood group, 0 for none, and whether that works."""
        community = self.model.parts.community
        group = community.pooling.group_of(self.number)
        if group is None:
            return 0, False
        number = group - int(community.groups.slot_start[self.district]) + 1
        return number, bool(community.groups.state[group] == ACTIVE)

    def _alone(self) -> World:
        """Return a copy of the world in which nobody else lives."""
        world, h = self.model.world, self.number
        start = np.zeros_like(world.layout.stratum_start)
        start[self.stratum + 1 :] = 1
        layout = Layout(
            stratum_start=start,
            district_stratum=world.layout.district_stratum,
            block_start=np.zeros(1, np.int64),
            block_stop=np.ones(1, np.int64),
            block_stratum=np.full(1, self.stratum, np.int32),
            chunk_start=np.array([0, 1], np.int64),
        )
        arrays: dict[str, Any] = {
            name: array[h : h + 1].copy() for name, array in world.households.arrays().items()
        }
        first_id = world.households.first_id + h
        return replace(
            world,
            team=Team(1),
            layout=layout,
            households=Households(**arrays, first_id=first_id),
            score_counts=np.zeros((1, *world.score_counts.shape[1:]), np.int64),
        )

    def _programmes(self) -> tuple[dict[str, Helped], dict[str, str]]:
        """Return what each programme gives, and why others do not reach the household."""
        model, h = self.model, self.number
        plan, enrolled = model.schedule, int(model.world.households.enrolled[h])
        first, stop = model.world.layout.district_stratum[self.district : self.district + 2]
        given, refused = {}, {}
        for k, name in enumerate(plan.names):
            if enrolled >> k & 1:
                given[name] = self._given(k)
            elif plan.active[k] and model.recipients[k, first:stop].any():
                refused[name] = self._reason(k)
        return given, refused

    def _given(self, k: int) -> Helped:
        """Return what one programme gives the household."""
        model, offer = self.model, self.model.offer
        if offer is None:
            raise ValueError("nothing was granted yet")
        alone = self._alone()
        alone.households.enrolled[:] = np.uint16(1 << k)
        counts = [np.zeros_like(model.recipients) for _ in range(3)]
        helping.grant(alone, replace(offer, extra=np.zeros_like(offer.extra)), *counts)
        due = float(counts[2][k, self.stratum]) / MONTHS_PER_YEAR
        size = int(field(alone.households.word, "size")[0])
        received = float(alone.households.benefit[0]) * self.line * size
        rub = frictions(model.schedule, model.places.codes, model.scenario.parameter)
        late = float(rub.late[k, self.district])
        return Helped(due, due if offer.in_kind[k] else received, late)

    def _reason(self, k: int) -> str:
        """Return why a programme that reaches the district does not reach the household."""
        if self._would_take(k, listed=False):
            return "rank"
        if self._would_take(k, listed=True):
            return "not_listed"
        eligibility = Eligibility(int(self.model.schedule.eligibility[k]))
        left = bool(self.model.world.households.record[self.number] & GRADUATED)
        if left and eligibility is Eligibility.HAS_PKH_COMPONENT:
            return "graduated"
        if eligibility is Eligibility.RURAL_NOT_IN_REGULAR:
            return "in_regular_aid" if self.place[1] else "urban"
        return _OF_ELIGIBILITY.get(eligibility, "not_listed")

    def _would_take(self, k: int, *, listed: bool) -> bool:
        """Return whether a programme would take the household if places had no end."""
        model, plan = self.model, self.model.schedule
        alone = self._alone()
        if listed:
            alone.households.record |= LISTED
        quota = np.full(model.places.codes.size, _NO_END)
        helping.select(
            alone,
            k,
            int(plan.eligibility[k]),
            quota,
            by_person=bool(plan.by_person[k]),
            elderly70=plan.elderly_age >= _OLD_AGE,
            discord=0.0,
            lead=0.0,
            regular_mask=model.mask(*REGULAR),
            pkh_mask=model.mask("PKH"),
        )
        return bool(int(alone.households.enrolled[0]) >> k & 1)

    def _has_enterprise(self) -> bool:
        """Return whether the household has a working enterprise."""
        enterprise = self.model.parts.empowering.enterprise
        return bool(enterprise.size and enterprise[self.number] & WORKS)

    def _places(self) -> tuple[float, float]:
        """Return the shares of the district's households that look and that are poorer."""
        people, start = self.model.world.households, self.model.world.layout.district_start
        own = slice(int(start[self.district]), int(start[self.district + 1]))
        listed = (people.record[own] & LISTED) != 0
        on_record = people.record_score[own][listed] < people.record_score[self.number]
        poorer = people.welfare[own] < people.welfare[self.number]
        return float(on_record.mean()) if on_record.size else 0.0, float(poorer.mean())

    def _needs(self) -> tuple[Need, ...]:
        """Return the open needs, and who serves them."""
        serving = self.model.parts.serving
        cases, orsos = serving.cases, serving.orsos
        first, stop = cases.case_start[self.district : self.district + 2]
        found = []
        for case in first + np.flatnonzero(cases.household[first:stop] == self.number):
            clients = cases.servers[cases.case_client[case] : cases.case_client[case + 1]]
            had = clients[: int(cases.people[case])]
            home = (had == RETURNED) | (had == LEFT_RETURNED)
            held = np.where(had == RETURNED, 1, had)[had <= RETURNED]
            people = max(held.size, 1)
            places = np.flatnonzero(orsos.place_case == case)
            servers = np.unique(np.searchsorted(orsos.place_start, places, side="right") - 1)
            kind = int(cases.kind[case])
            organisations, free, unserved = self._services(kind)
            found.append(
                Need(
                    kind=KINDS[kind],
                    months=int(serving.needing.now - cases.since[case]),
                    served=float((held > 0).sum()) / people,
                    doubled=float((held > 1).sum()) / people,
                    helped=float(((had > RETURNED) & (had != GONE)).mean()),
                    at_home=float(home.mean()),
                    servers=tuple(servers.tolist()),
                    organisations=organisations,
                    free=free,
                    unserved=unserved,
                )
            )
        return tuple(found)

    def _school_missed(self) -> float:
        """Return school years that its children have just lost to an unmet need of education."""
        model, serving = self.model, self.model.parts.serving
        if not self.months or model.month.month != _JANUARY:
            return 0.0
        cases = serving.cases
        first, stop = cases.case_start[self.district : self.district + 2]
        own = (cases.household[first:stop] == self.number) & (cases.kind[first:stop] == EDUCATION)
        case = slice(int(first), int(stop))
        unmet = (cases.active[case][own] - cases.served[case][own]) / cases.people[case][own]
        each = model.scenario.parameter("need.education.school_loss")
        return float(unmet.sum() * each * (1.0 - model.parts.linking.kept[self.district]))

    def _services(self, kind: int) -> tuple[int, int, int]:
        """Return organisations for a need in the district, free places, people nobody serves."""
        serving, d = self.model.parts.serving, self.district
        orsos, last = serving.orsos, serving.last
        theirs = np.flatnonzero(orsos.working & (orsos.home == d) & (orsos.field == kind))
        free = 0
        for i in theirs.tolist():
            own = slice(int(orsos.place_start[i]), int(orsos.place_start[i + 1]))
            wanted = int(serving.funding.room[i])
            if not self.months:  # a base month that was kept no longer knows what money was for
                wanted = int(serving.funding.money.capacity[i] + orsos.rounding[i])
            free += max(wanted - int((orsos.place_case[own] != EMPTY).sum()), 0)
        people = 0 if last is None else int(last.in_need[d, kind] - last.served[d, kind])
        return theirs.size, serving.unit * free, people
