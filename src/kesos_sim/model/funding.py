"""Money of organisations in a month: received, planned with, spent on clients, kept, and booked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.accounts import (
    FUND_LINES,
    GENERAL,
    ORSOS,
    ORSOS_CERTIFICATION,
    ORSOS_GRANTS,
    ORSOS_TRAINING,
    SOCIAL_MARKETING,
    Stage,
    in_a_row,
)
from kesos_sim.institutions.bkkks import Coordination
from kesos_sim.institutions.cashier import TO_ORSOS
from kesos_sim.institutions.channels import remoteness
from kesos_sim.institutions.joint_fund import JointFund
from kesos_sim.institutions.orsos import OrsosTable, uniform
from kesos_sim.institutions.orsos_money import OrsosMoney, owed
from kesos_sim.institutions.orsos_sources import CHANGING, Sources
from kesos_sim.institutions.orsos_standards import (
    certification_cost,
    certified,
    legitimacy,
    report_gain,
    with_paperwork,
)
from kesos_sim.institutions.orsos_turnover import come_and_go, decides
from kesos_sim.institutions.orsos_volunteers import (
    managed,
    management_luck,
    month_of_volunteers,
    volunteers,
)
from kesos_sim.institutions.youth import with_gifts
from kesos_sim.kernels.funding import SOURCES, fund_orsos, pay_orsos
from kesos_sim.kernels.places import ACCREDITED
from kesos_sim.kernels.turnover import count_short
from kesos_sim.model.giving import Giving
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Funding"]

_JANUARY: Final = 1
_DONATION, _GOVERNMENT, _CSR, _ZAKAT, _OWN = (
    SOURCES.index(name) for name in ("donation", "government", "csr", "zakat", "own_business")
)
_COUNTED: Final = ("income", "spent", "reserves", "usual_legitimacy", "short")
_SPENDING: Final = (
    Stage.SERVICES,
    Stage.ADMINISTRATION,
    Stage.OTHER_SPENDING,
    Stage.CARRY_OVER,
)


class Funding:
    """What organisations have and what they can do with it.

    Parameters
    ----------
    model : the model
    table : the organisations
    bodies : the coordinating bodies
    unit : real clients that one place stands for

    Attributes
    ----------
    money : sources, reserves and capacity of every organisation
    income : int64[n_districts, n_sources], rupiah, of the month
    spent : int64[n_districts], rupiah, of the month, without building
    reserves : int64[n_districts], rupiah, what organisations have left
    usual_legitimacy : float64[n_districts], share, standing in law in the base period
    giving : what firms give
    short : int16[n_orsos], months, in a row, in which there was hardly any money for clients
    most, room : int32[n_orsos], whole places that can be paid for now, and that are wanted
    """

    def __init__(
        self, model: WelfareModel, table: OrsosTable, bodies: Coordination, unit: int
    ) -> None:
        self._model, self._table, self._bodies, self._unit = model, table, bodies, unit
        self._key = int(model.world.key)
        self._sources = Sources.of(model.scenario.parameter)
        self.money = OrsosMoney.draw(
            table,
            self._sources,
            model.scenario.parameter,
            self._key,
            unit,
            remoteness(model.places.codes, model.scenario.parameter),
        )
        n, districts = table.home.size, model.places.codes.size
        self.income = np.zeros((districts, len(SOURCES)), np.int64)
        self.spent, self.reserves = np.zeros((2, districts), np.int64)
        self.usual_legitimacy = np.zeros(districts)
        self._slots = in_a_row(model.ledger.slots(model.places.codes))
        self._built = np.zeros(n, np.int64)
        self._lasts, self._wanted = np.zeros(n), np.zeros(n)
        self.most, self.room = np.zeros(n, np.int32), np.zeros(n, np.int32)
        self._running, self._place = np.zeros(n), np.ones(n)
        self._managing = management_luck(table, self._key)
        self._joint = JointFund(model.places, model.scenario.parameter)
        self.short = np.zeros(n, np.int16)
        self.giving = Giving(model, table, bodies, self.money)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of any[n], see `OrsosMoney` and the attributes
        """
        found = {f"money.{name}": array for name, array in self.money.arrays().items()}
        return found | self.giving.arrays() | {name: getattr(self, name) for name in _COUNTED}

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        for name, array in self.money.arrays().items():
            array[...] = kept[f"money.{name}"]
        for name in _COUNTED:
            setattr(self, name, kept[name])
        self.giving.restore(kept)

    def receive(self, month: Month, unmet: NDArray[np.int64]) -> None:
        """Let organisations receive the money of a month, and book it.

        Parameters
        ----------
        month : the month
        unmet : int64[n_districts], people in need whom nobody served last month
        """
        model, table, money = self._model, self._table, self.money
        parameter, lever = model.scenario.parameter, model.lever
        districts = self.income.shape[0]
        if month.month == _JANUARY:
            self._turn_of_year(month)
        if decides(month):
            self._turn_over(month)
        self._train(month)
        self._certify()
        self._look_after()
        self._running, self._place = self._costs()
        self._built[:] = 0
        if month.month == _JANUARY:
            self._built = money.build(table, parameter, self._running, self._place)
        before = int(money.reserve.sum()) if month == model.first + 1 else 0
        if before:
            held = table.by_district(money.reserve, districts)
            self._post(month, GENERAL, (Stage.OPENING,), held[None])
        years = 0 if model.stands_still else (month - model.scenario.start) / MONTHS_PER_YEAR
        extra = model.treasury.services.sum(axis=0)
        provinces = self._bodies.above.of_provinces
        joint = self._joint.offer(lever, provinces, unmet, self._has_working)
        want, together = np.zeros(table.home.size), np.zeros(districts)
        if extra.any() or joint.any():
            costs = self._running, self._place
            want, together = money.wants(table, parameter, *costs, districts)
            most = np.floor(together).astype(np.int64)
            extra = np.minimum(extra, most)
            joint = np.minimum(joint, most - extra)
        self.income[:] = 0
        model.world.team.share_all(
            fund_orsos,
            self._bodies.province_orsos.size - 1,
            np.uint32(self._key),
            month_word(month.ordinal, Stream.FUNDS),
            np.int64(month.month - 1),
            self._bodies.province_orsos,
            table.home,
            table.field,
            table.state,
            table.identity,
            money.own_month,
            money.pays,
            money.usual,
            self._factor(unmet),
            self._sources.timing,
            self._sources.spread,
            owed(lever("social_obligation")),
            np.float32((1.0 - parameter("orsos.grant_erosion")) ** years),
            extra + joint,
            want,
            together,
            self._running,
            self._place,
            money.capacity,
            table.rounding,
            float(parameter("orsos.plan_months")),
            float(parameter("orsos.reserve_months")),
            money.reserve,
            money.smoothed,
            self.income,
            self._lasts,
            self._wanted,
            self.most,
            self.room,
        )
        part = parameter("orsos.closing_part")
        count_short(float(part), money.capacity, self._lasts, self.short)
        usual = self.income[:, _GOVERNMENT] - extra - joint
        model.treasury.grant(usual, extra, self._has_working)
        if joint.any():
            given = self._joint.shares(provinces, int(joint.sum()))
            model.treasury.cashier.aid(ORSOS_GRANTS, given, joint, TO_ORSOS)
        others = [source for source in range(len(SOURCES)) if source != _GOVERNMENT]
        for line, source in zip(FUND_LINES, others, strict=True):
            if source != _CSR:
                self._post(month, line, (Stage.REVENUE,), self.income[None, :, source])
        self.giving.book(month, self.income[:, _CSR])

    def pay(self, month: Month, held: NDArray[np.int32]) -> None:
        """Pay for the clients of a month and for what is there anyway, and book it.

        Parameters
        ----------
        month : the month
        held : int32[n_orsos], clients that organisations have now
        """
        table = self._table
        flows = np.zeros((len(_SPENDING), self.income.shape[0]), np.int64)
        self._model.world.team.share_all(
            pay_orsos,
            self._bodies.province_orsos.size - 1,
            self._bodies.province_orsos,
            table.home,
            table.state,
            self._running,
            self._place,
            self._lasts,
            self._wanted,
            self.room,
            held,
            self._built,
            self.money.reserve,
            flows,
        )
        self.spent, self.reserves = flows[0] + flows[1], flows[3]
        self._post(month, GENERAL, _SPENDING, flows)

    @property
    def _has_working(self) -> NDArray[np.bool_]:
        """Districts in which any organisation works: bool[n_districts], flag."""
        return np.asarray(self._bodies.working > 0)

    def _turn_over(self, month: Month) -> None:
        """Let organisations close, and others begin, each by its own decision."""
        parameter = self._model.scenario.parameter
        appeal = self._donations()[self._table.home] * self.money.volunteers
        come_and_go(self._bodies, parameter, self._key, month, self.short, appeal)

    def _turn_of_year(self, month: Month) -> None:
        """Let sources begin or stop to pay, accreditations lapse, services change their mode."""
        parameter, lever, table = self._model.scenario.parameter, self._model.lever, self._table
        uses = (month.ordinal, month.ordinal + 1)
        drawn = [uniform(self._key, use, table.identity, Stream.MONEY) for use in uses]
        luck = np.concatenate(drawn, axis=1)
        self.money.renew(self._sources, luck[:, : len(CHANGING)])
        lost, won = certified(parameter, lever("orsos_certification"))
        has = (table.state & ACCREDITED) != 0
        holds = np.where(has, luck[:, 3] >= lost, luck[:, 3] < won)
        table.state = np.where(holds, table.state | ACCREDITED, table.state & ~ACCREDITED).astype(
            np.uint8
        )
        self.money.choose_mode(table, parameter, lever("community_care"))
        self.giving.decide(month)

    def _train(self, month: Month) -> None:
        """Let trainings fade, and train working organisations."""
        parameter, share = self._model.scenario.parameter, self._model.lever("orsos_training")
        if not share and not self.money.trained.any():
            return
        self.money.trained *= np.float32(parameter("orsos.training_keep") ** (1 / MONTHS_PER_YEAR))
        luck = uniform(self._key, month.ordinal, self._table.identity, Stream.TRAINING)[:, 0]
        chosen = self._table.working & (luck < share / MONTHS_PER_YEAR)
        self.money.trained[chosen] = 1.0
        number = self._table.by_district(chosen, self.income.shape[0])
        yearly = np.float64(MONTHS_PER_YEAR * parameter("orsos.training_cost")) * number
        self._model.treasury.run_service(ORSOS_TRAINING, yearly)

    def _certify(self) -> None:
        """Pay for the certificates of more organisations than today."""
        model = self._model
        cost = certification_cost(model.scenario.parameter, model.lever, self._bodies.working)
        if cost.any():
            model.treasury.run_service(ORSOS_CERTIFICATION, cost)

    def _look_after(self) -> None:
        """Let volunteers leave and join, and pay for looking after them."""
        model, parameter = self._model, self._model.scenario.parameter
        cared_for = managed(self._table, self._managing, model.lever("volunteer_management"))
        campaign = self._reached(model.lever("social_marketing"))
        stock = month_of_volunteers(parameter, self.money.volunteers, cared_for, campaign)
        self.money.volunteers = stock
        if cared_for.any():
            number = self._table.by_district(cared_for, self.income.shape[0])
            yearly = np.float64(parameter("orsos.volunteer_cost")) * number
            model.treasury.run_service(ORSOS_TRAINING, yearly)

    @property
    def volunteers(self) -> NDArray[np.int64]:
        """Volunteers of organisations: int64[n_districts], persons."""
        parameter = self._model.scenario.parameter
        return volunteers(parameter, self._table, self.money.volunteers, self.income.shape[0])

    def _costs(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what organisations cost: float64[n_orsos], rupiah per month, and per place."""
        parameter = self._model.scenario.parameter
        saved = parameter("coordination.capacity.strength") * parameter("orsos.training_effect")
        running, place = self.money.costs(self._table, parameter, self._unit, saved)
        return with_paperwork(parameter, self._model.lever, running), place

    def _factor(self, unmet: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return this month's money against the usual: float32[n_districts, n_sources], ratio."""
        model, lever = self._model, self._model.lever
        parameter = model.scenario.parameter
        factor = np.ones_like(self.income, np.float64) / self._sources.paid
        factor[:, _GOVERNMENT] /= parameter("orsos.accredited")
        spent = lever("social_marketing")
        if spent:
            model.treasury.run_service(SOCIAL_MARKETING, spent * model.places.households)
        factor[:, _DONATION] *= self._donations()
        factor[:, _ZAKAT] += parameter("orsos.zakat.trust") * self._trust()
        factor[:, _CSR] *= self.giving.factor(unmet)
        factor[:, _OWN] *= self.with_gifts
        return factor.astype(np.float32)

    @property
    def with_gifts(self) -> NDArray[np.float64]:
        """Own business with what enterprises of youth groups give: float64[n_districts], ratio."""
        gifts = self._model.parts.linking.youth_gifts
        if not gifts.any():
            return np.ones_like(gifts)
        earned = self.money.usual[:, _OWN].astype(np.float64) * self._table.working
        return with_gifts(gifts, earned, self._table.home)

    def _donations(self) -> NDArray[np.float64]:
        """Return what the public gives against the usual: float64[n_districts], ratio."""
        strength = self._model.scenario.parameter("coordination.fundraising.strength")
        raised = strength * self._model.lever("bkkks_fundraising") * self._bodies.reach
        return np.asarray(1.0 + self._trust() + raised)

    def _trust(self) -> NDArray[np.float64]:
        """Return what trust and campaigns add to what people give: float64[n_districts], ratio."""
        parameter, lever = self._model.scenario.parameter, self._model.lever
        audited = lever("audit_coverage") - parameter("lever.audit_coverage.default")
        return np.asarray(
            parameter("marketing.donation_effect") * self._reached(lever("social_marketing"))
            + parameter("orsos.audit_effect") * audited
            + report_gain(parameter, lever)
            + parameter("coordination.legitimacy.strength") * self._more_legitimacy()
        )

    def _more_legitimacy(self) -> NDArray[np.float64]:
        """Return standing in law against the base period: float64[n_districts], share."""
        standing, _ = self._bodies.standings(self._model.lever)
        now = legitimacy(standing, self._bodies.reach)
        if self._model.row <= 0:
            self.usual_legitimacy = now
        return now - self.usual_legitimacy

    def _reached(self, spent: float) -> float:
        """Return what part of its full effect social marketing has."""
        half = self._model.scenario.parameter("marketing.half_effect")
        return spent / (spent + half) if spent else 0.0

    @property
    def stigma(self) -> float:
        """What marketing leaves of the spread by which some people in need are never seen."""
        effect = self._model.scenario.parameter("marketing.stigma_effect")
        return 1.0 - effect * self._reached(self._model.lever("social_marketing"))

    def _post(
        self, month: Month, line: str, stages: tuple[Stage, ...], rupiah: NDArray[np.int64]
    ) -> None:
        """Book money of organisations in their districts."""
        self._model.ledger.post(month, (ORSOS, line), stages, rupiah, self._slots)
