"""The model: households as arrays, institutions as agents, one month at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import mesa
import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.channels import Frictions, frictions
from kesos_sim.institutions.programmes import REGULAR, TOPUPS, ProgrammeSchedule, schedule
from kesos_sim.institutions.quotas import quotas
from kesos_sim.institutions.registry import RegistryOffice
from kesos_sim.institutions.rules import Kind
from kesos_sim.institutions.side_effects import crowding, demand
from kesos_sim.institutions.treasury import Treasury
from kesos_sim.model import helping
from kesos_sim.model.ledger import Ledger
from kesos_sim.model.month import BEFORE_HELP, STAGES
from kesos_sim.model.observer import Observer
from kesos_sim.model.parts import Parts
from kesos_sim.model.rules import Offer
from kesos_sim.model.world import World, institution_places
from kesos_sim.population.growth import GrowthPaths
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.scenario.scenario import Scenario
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["WelfareModel"]

Stage = Callable[["WelfareModel"], None]

_OLD_AGE = 70
_AHEAD = 30.0
"""Score that puts a household before all others."""
_MOST_GHOSTS = 0.9
_JANUARY = 1


class WelfareModel(mesa.Model):
    """A scenario's world in a month.

    Attributes
    ----------
    scenario : the scenario whose decisions are in force
    month : the month that was lived last, or is being lived
    world : the households
    places : what institutions know of the districts
    treasury : the governments, as agents
    office : the registry offices
    parts : what has a state and counts of its own
    ledger : every rupiah
    observer : what the run remembers; None during the burn-in
    usual_gain : float32[n_cells], log points, yearly school gain that the baseline expects
    offer : what programmes give since enrolments or amounts changed last
    ghosts : float64[n_districts], share of records that stand for nobody: duplicates, deceased
    """

    def __init__(self, scenario: Scenario, world: World, growth: GrowthPaths):
        """Open the model before its burn-in."""
        super().__init__(rng=scenario.seed)
        self.scenario = scenario
        self.decisions = scenario.anchor
        self.world = world
        self.growth = growth
        self.first = scenario.start - int(scenario.parameter("model.burn_in_months"))
        self.month = self.first
        self.observer: Observer | None = None
        self.places = institution_places(world, scenario.start.year)
        strata, cut = world.targets.strata, world.layout.district_stratum[:-1]
        people = np.add.reduceat(strata.population, cut)
        score = np.add.reduceat(strata.population * world.shift, cut) / people
        self.office = RegistryOffice(scenario.parameter, score)
        self.forget_plans()
        self.ledger = Ledger.open(self.places, self.schedule.names)
        self.treasury = Treasury(self, self.places, self.decisions)
        shape = (len(self.schedule.names), strata.population.size)
        self.recipients = np.zeros(shape, np.int64)
        self.recipient_persons = np.zeros(shape, np.int64)
        self.yearly_rupiah = np.zeros(shape, np.int64)
        # What programmes reach, by district; found again with the grants of a restored model.
        self._reached = np.zeros((len(self.schedule.names), self.places.codes.size))
        self.usual_gain = np.zeros(world.log_before.shape[0], np.float32)
        yearly = scenario.parameter("registry.ghost_yearly")
        visits = scenario.parameter("lever.registry_verification_rate.default")
        self.ghosts = np.full(self.places.codes.size, yearly / (yearly + visits))
        self.parts = Parts.of(self)
        self.offer: Offer | None = None

    def forget_plans(self) -> None:
        """Let the next month select and grant anew."""
        self._schedule: ProgrammeSchedule | None = None
        self._lever: tuple[Month, Callable[[str], float]] | None = None
        self._selected: tuple[NDArray[np.float64], ...] | None = None
        self._granted: tuple[NDArray[np.float64], ...] | None = None
        self._due: tuple[tuple[object, ...], NDArray[np.int64], Frictions] | None = None
        self._quotas: tuple[tuple[object, ...], NDArray[np.float64]] | None = None

    @property
    def row(self) -> int:
        """Months since the base month; negative during the burn-in."""
        return self.month - self.scenario.start

    @property
    def stands_still(self) -> bool:
        """Whether rules are those of the base year: in the burn-in, and without growth."""
        return self.row <= 0 or self.scenario.growth == "none"

    # Living

    def step(self) -> None:
        """Live the next month, stage by stage."""
        self._live(())

    def _live(self, without: Sequence[Stage]) -> None:
        """Live the next month, some stages left out."""
        self.month = self.month + 1
        for stage in STAGES:
            if stage not in without:
                stage(self)

    def burn_in(self, without: Sequence[Stage] = ()) -> None:
        """Live from the first month of the burn-in into the base month, up to its help.

        Parameters
        ----------
        without : sequence of stages that are left out
        """
        people = self.world.households
        self.world.compose(self.first.year)
        self.world.rescore()
        ages, now = people.record_month.copy(), people.persistent
        # Records say what was so at their visit. An autoregression looks the same backwards in
        # time, and what is transitory now is forgotten long before the base month.
        kept = np.power(self.world.rules.persistent_keep, -ages.astype(np.float32))
        then = kept * now + np.sqrt(np.float32(1.0) - kept * kept) * people.transitory
        people.persistent = then.astype(np.float32)
        if not without:
            for _, part in self.parts.items():
                part.settle()
        work = self.office.round(self.lever, *np.zeros((2, self.places.codes.size)))
        everyone, nobody = np.ones_like(work.verified), np.zeros_like(work.verified)
        visits = (everyone, nobody, nobody, work.truth, work.need_limit)
        helping.verify(self.world, self.first, 0, *visits)
        people.persistent = now
        people.record_month[:] = ages + self.row
        while self.month < self.scenario.start - 1:
            self._live(without)
        self.month = self.scenario.start
        for stage in BEFORE_HELP:
            if stage not in without:
                stage(self)

    def begin(self, observer: Observer) -> None:
        """Live the rest of the base month with an observer, then follow the scenario itself."""
        self.observer = observer
        self.ledger.forget(self.scenario.start)
        for stage in STAGES[len(BEFORE_HELP) :]:
            stage(self)
        self.follow()

    def follow(self) -> None:
        """Follow the scenario itself from the next month on."""
        self.decisions = self.scenario
        self.treasury.scenario = self.scenario
        self.forget_plans()

    # What the stages ask for

    @property
    def lever(self) -> Callable[[str], float]:
        """Setting of a lever in this month by its name."""
        if self._lever is None or self._lever[0] is not self.month:
            month, decisions = max(self.month, self.scenario.start), self.decisions
            self._lever = self.month, cache(lambda name: decisions.lever(name, month))
        return self._lever[1]

    @property
    def schedule(self) -> ProgrammeSchedule:
        """Programmes of the month; the burn-in keeps the rules of the base month."""
        if self._schedule is None or self._schedule.month != self.month:
            self._schedule = schedule(
                self.month,
                self.lever,
                self.scenario.programmes,
                base=self.scenario.start,
                parameter=self.scenario.parameter,
                temporary=self.scenario.growth == "backcast",
                rules_until=self.scenario.start.year if self.stands_still else None,
            )
        return self._schedule

    def mask(self, *programmes: str) -> int:
        """Return the bits of programmes."""
        plan = self.schedule
        return sum(1 << plan.index(name) for name in programmes)

    @property
    def regular_mask(self) -> int:
        """Programmes that count as being reached by regular help."""
        return self.mask(*REGULAR, *TOPUPS)

    def log_growth(self) -> NDArray[np.float64]:
        """Return growth relative to the line since the base month.

        Returns
        -------
        float64[n_cells, n_rank], log points; the burn-in stands still
        """
        return self.growth.at(max(self.row, 0))

    def verify_records(self) -> None:
        """Let registry offices do the work since the last ranking, and families leave PKH."""
        citizens = self.parts.citizens
        complained, removed = citizens.corrections()
        work = self.office.round(
            self.lever,
            self.treasury.extra_visits(),
            self.parts.community.voices * citizens.voices,
            self.parts.linking.more_proposals() + complained,
        )
        helping.verify(
            self.world,
            self.month,
            self.row,
            work.verified,
            work.proposed,
            work.objected,
            work.truth,
            work.need_limit,
        )
        arising = self.scenario.parameter("registry.ghost_yearly") * self.office.interval
        seen = np.maximum(1.0 - work.verified - removed, 0.0)
        left = seen * (1.0 - self.office.matched(self.lever))
        remaining = self.ghosts * left + arising / MONTHS_PER_YEAR
        self.ghosts = np.clip(remaining, 0.0, _MOST_GHOSTS)
        self.parts.empowering.leave()

    def enrol(self) -> None:
        """Select households when records were ranked, in January, and when quotas change."""
        plan = self.schedule
        quota = self._national_quotas(plan).copy()
        left = crowding(self.treasury, plan, quota)
        for name in REGULAR:
            quota[plan.index(name)] *= left
        # Places that the list gives to nobody are places that nobody gets.
        quota *= 1.0 - self.ghosts
        topups = [plan.index(name) for name in TOPUPS]
        quota[topups] = self.treasury.topup_quota() * (self.lever("social_assistance") > 0.0)
        quota[~plan.active] = 0.0
        in_force = {programme.name for programme in self.decisions.programmes}
        for programme in self.scenario.programmes:
            if programme.name not in in_force:
                quota[plan.index(programme.name)] = 0.0
        # Point 8: money that is an obligation goes first to those who cannot earn.
        lead = np.zeros(len(plan.names))
        lead[topups] = _AHEAD if self.lever("aid_for_earners") > 0.0 else 0.0
        signature = (quota, plan.eligibility.astype(np.float64), lead)
        ranked = self.office.ranks(self.month) or self.month.month == _JANUARY
        if not ranked and _same(signature, self._selected):
            return
        self._selected, self._granted = signature, None
        discord = self.scenario.parameter("registry.programme_discord")
        for k in range(len(plan.names)):
            helping.select(
                self.world,
                k,
                int(plan.eligibility[k]),
                quota[k],
                by_person=bool(plan.by_person[k]),
                elderly70=plan.elderly_age >= _OLD_AGE,
                discord=discord,
                lead=lead[k],
                regular_mask=self.mask(*REGULAR),
                pkh_mask=self.mask("PKH"),
            )

    def _national_quotas(self, plan: ProgrammeSchedule) -> NDArray[np.float64]:
        """Return the quotas before what new money does: float64[k, n_districts], households."""
        depends = (plan.rule_year, plan.national_quota.tobytes(), plan.districts)
        if self._quotas is None or self._quotas[0] != depends:
            self._quotas = (
                depends,
                quotas(plan, self.places, self.scenario.parameter, self.scenario.own_data),
            )
        return self._quotas[1]

    def grant(self) -> None:
        """Work out benefits when enrolments, amounts or channels have changed."""
        plan = self.schedule
        rub = frictions(plan, self.places.codes, self.scenario.parameter)
        late = self.scenario.parameter("programme.lateness_cost")
        received = np.maximum(rub.delivered - late * rub.late, 0.0)
        flat = np.repeat(plan.flat[:, None], self.places.codes.size, axis=1)
        topups = [plan.index(name) for name in TOPUPS]
        if self.treasury.topup_quota().any():
            flat[topups] = self.treasury.topup_flat(helping.count_enrolled(self.world, topups))
        # Not every member counts: some are not on the programme's list or miss its conditions.
        counted = self.scenario.parameter("programme.pkh_paid_share")
        amounts: NDArray[np.float64] = np.multiply(plan.components, counted, dtype=np.float64)
        local_income = demand(self.treasury)
        signature = (flat, received, amounts, local_income)
        if _same(signature, self._granted):
            return
        self._granted = signature
        strata = self.world.targets.strata
        sizes = np.diff(self.world.layout.district_stratum)
        income = local_income / np.maximum(self.places.population, 1.0) / MONTHS_PER_YEAR
        self.offer = Offer(
            in_kind=plan.kind == int(Kind.PREMIUM),
            flat=flat,
            pkh_part=plan.pkh_part,
            received=received,
            extra=(np.repeat(income, sizes) / strata.line).astype(np.float32),
            components=np.rint(amounts).astype(np.int64),
            limits=plan.component_limits,
            order=np.argsort(-plan.components, kind="stable").astype(np.int64),
            most=plan.component_most,
            elderly70=plan.elderly_age >= _OLD_AGE,
        )
        helping.grant(
            self.world, self.offer, self.recipients, self.recipient_persons, self.yearly_rupiah
        )
        by_person = plan.by_person[:, None]
        self._reached = self._real(np.where(by_person, self.recipient_persons, self.recipients))

    def pay(self) -> None:
        """Pay what is due in this month, through the channels."""
        rub = frictions(self.schedule, self.places.codes, self.scenario.parameter)
        # What is due changes with grants and with visits to records, not from month to month.
        depends = (self._granted, self.ghosts, rub)
        if self._due is None or any(
            now is not then for now, then in zip(depends, self._due[0], strict=True)
        ):
            self._due = (depends, *self._what_is_due(rub))
        self.treasury.pay(self.schedule, *self._due[1:])

    def _what_is_due(self, rub: Frictions) -> tuple[NDArray[np.int64], Frictions]:
        """Return rupiah a year, int64[n_programmes, n_districts], and what ghosts take of it."""
        yearly = self._real(self.yearly_rupiah)
        nobody = np.broadcast_to(self.ghosts, yearly.shape).copy()
        nobody[[self.schedule.index(name) for name in TOPUPS]] = 0.0
        lost_with_ghosts = Frictions(
            delivered=rub.delivered * (1.0 - nobody),
            lost=rub.lost * (1.0 - nobody) + nobody,
            late=rub.late * (1.0 - nobody),
            administration=rub.administration,
        )
        return np.rint(yearly / (1.0 - nobody)).astype(np.int64), lost_with_ghosts

    def _real(self, simulated: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what simulated counts by stratum stand for: float64[..., n_districts]."""
        real = simulated * (self.world.weight / WEIGHT_UNIT)
        return np.add.reduceat(real, self.world.layout.district_stratum[:-1], axis=-1)

    def learn_and_work(self) -> None:
        """Let schooling, under PKH conditions or missed, enterprises and houses move gains."""
        parameter = self.scenario.parameter
        if self.month.month == _JANUARY:
            year = parameter("humancapital.return_to_year") * parameter("humancapital.earner_share")
            more = parameter("humancapital.enrolment_effect") * self.parts.linking.conditions()
            kept = self.parts.linking.keep_in_school(self.parts.serving.out_of_school)
            missed = self.parts.serving.needing.miss_school(year, kept)
            pkh, usual = self.mask("PKH"), self.usual_gain
            gained = helping.school(self.world, pkh, more * year, usual, missed)
            if self.row <= 0:
                self.usual_gain = gained
        self.parts.empowering.live()
        self.parts.housing.live()

    def remember(self) -> None:
        """Let the observer take the month."""
        if self.observer is None:
            self.ledger.forget(self.month)
            return
        row = self.row
        self.observer.record(row, self.world)
        self.observer.recipients[row] = self._reached
        if self.office.ranks(self.month) or row == 0:
            self.observer.record_registry(row, self.world, row)
        self.observer.ghosts[row] = 100.0 * self.ghosts
        for name, part in self.parts.items():
            self.observer.counted[name][row] = part.counts
        if self.month.month == self.scenario.start.month or row == self.scenario.months:
            self.observer.record_incidence(row, self.world, self.regular_mask)
        self.observer.carry(row)


def _same(
    now: tuple[NDArray[np.float64], ...], before: tuple[NDArray[np.float64], ...] | None
) -> bool:
    return before is not None and all(
        np.array_equal(a, b) for a, b in zip(now, before, strict=True)
    )
