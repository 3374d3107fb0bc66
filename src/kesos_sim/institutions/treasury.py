"""The money of all governments of a run, month by month, as arrays.

Governments decide once a year (`kesos_sim.institutions.government`); the treasury moves the
money: revenue comes in, a part of it is set aside for the poor, released late as budgets are,
spread over districts by poor people, split over instruments, paid out, and what is left is
carried over. Every movement is booked; rupiah are whole and of the price year.

In a month the model calls `Treasury.step` (stage "treasury") and later `Treasury.pay` (stage
"programmes"). Between the two, `topup_quota` and `topup_flat` say who gets how much new cash
and food, `extra_visits` and `enterprise` what the other instruments do.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.accounts import ORSOS_GRANTS, REGISTRY, Books, Line, Stage
from kesos_sim.institutions.budget_holders import NEW_MONEY_STREAMS, Governments
from kesos_sim.institutions.cashier import TO_ORSOS, TOPUP_OF_STREAM, Cashier
from kesos_sim.institutions.channels import Frictions, frictions
from kesos_sim.institutions.government import Plan
from kesos_sim.institutions.places import Places
from kesos_sim.institutions.profiles import absorption, absorption_from
from kesos_sim.institutions.programmes import TOPUPS, ProgrammeSchedule
from kesos_sim.institutions.settlement import (
    SETTLED,
    Settlement,
    draw_by_content,
    monthly,
    settle,
    split_by_share,
)
from kesos_sim.institutions.treasury_state import (
    CASH_AND_FOOD,
    PARTS,
    TreasuryState,
    registry_cost,
    release_parts,
)
from kesos_sim.scenario import Scenario
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["Treasury"]

_LEVELS: Final = ("nation", "province", "district")
_STREAMS_OF_TOPUP: Final = ((1, 2), (0,))
"""Streams that pay each of `TOPUPS`."""


class Treasury:
    """The accounts of all governments of a run.

    Parameters
    ----------
    model : mesa.Model
        The model in which the governments live as agents.
    places : Places
        Districts of the run.
    scenario : Scenario
        The scenario in force.
    books : Books, optional
        The ledger; without it ``model.ledger``.

    Attributes
    ----------
    governments : Governments
        The agents and their yearly spending.
    state : TreasuryState
        What is remembered from month to month.
    services : int64[3, n_districts], rupiah, new money for services in this month, by stream
    enterprise : int64[n_districts], rupiah, enterprise capital of this month
    cashier : Cashier
        Who books what is paid.
    pace : float64[n_governments], ratio, by how much sooner a share that was decided is reached
    """

    def __init__(
        self, model: Any, places: Places, scenario: Scenario, books: Books | None = None
    ) -> None:
        self.places = places
        self.scenario = self._anchor = scenario
        self.governments = Governments.of(model, places, scenario)
        self.state = TreasuryState.empty(self.governments.own.size, places.codes.size)
        self.cashier = Cashier(model.ledger if books is None else books, self.governments)
        self._absorption = [absorption(level, scenario.parameter) for level in _LEVELS]
        self.enterprise = np.zeros(places.codes.size, np.int64)
        self.services = np.zeros_like(self.state.pot)
        self.pace = np.zeros(self.governments.own.size)
        self._returning = np.zeros_like(self.state.pot)
        self._coverage = 0.0

    # What other parts of the model ask for

    @property
    def plans(self) -> list[Plan]:
        """Every yearly decision so far."""
        return [plan for agent in self.governments.agents for plan in agent.plans]

    @property
    def topup_budget(self) -> NDArray[np.float64]:
        """Cash and food of the fiscal year: float64[3, n_districts], rupiah by stream."""
        return self.state.budget

    def yearly(self, part: str | None = None) -> NDArray[np.float64]:
        """Return the new money that is released in districts, at a yearly rate.

        Parameters
        ----------
        part : str, optional
            Only this part: administration, leakage or an instrument.

        Returns
        -------
        float64[3, n_districts], rupiah per year by stream
        """
        rate = np.array([[MONTHS_PER_YEAR / self.state.span(stream)] for stream in range(3)])
        share = 1.0 if part is None else self.state.parts[:, [PARTS.index(part)]]
        return np.asarray(self.state.release * rate * share)

    def topup_quota(self) -> NDArray[np.float64]:
        """Return how many households get new cash and food, in the order of `TOPUPS`.

        Returns
        -------
        float64[2, n_districts], households
        """
        if not self.state.budget.any():
            return np.zeros((len(TOPUPS), self.places.codes.size))
        most = self._coverage * self.places.households
        return np.array([np.where(budget > 0.0, most, 0.0) for budget in self._money()])

    def topup_flat(self, covered: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how much the covered households get, in the order of `TOPUPS`.

        The money of the fiscal year is shared out evenly over its months. No household gets more
        than the cap from both together; what is left over stays in the account.

        Parameters
        ----------
        covered : float64[2, n_districts], households that were selected

        Returns
        -------
        float64[2, n_districts], rupiah per household and month
        """
        months = np.array([[self.state.span(streams[0])] for streams in _STREAMS_OF_TOPUP])
        people = months * np.maximum(covered, 1.0)
        flat = np.where(covered > 0.0, self._money() / people, 0.0)
        together = flat.sum(axis=0)
        cap = self.scenario.parameter("programme.topup_cap")
        return np.asarray(flat * np.minimum(1.0, cap / np.maximum(together, 1.0)))

    def extra_visits(self) -> NDArray[np.float64]:
        """Return the registry visits that new money pays for.

        Returns
        -------
        float64[n_districts], share of all records per year
        """
        money = self.yearly("registry").sum(axis=0)
        cost = self.scenario.parameter("fiscal.cost_per_record")
        return np.asarray(money / cost / np.maximum(self.places.households, 1.0))

    # The month

    def step(self, month: Month) -> None:
        """Receive revenue, decide on new poverty money, release what is due.

        Parameters
        ----------
        month : Month
            The month that begins.
        """
        if int(self.state.year[0]) != month.year:
            self.state.open_year(month.year)
        due = [
            stream
            for stream in range(3)
            if not self.state.first[stream]
            and self.governments.moves(stream, month, self.scenario, self.state.bylaw)
        ]
        if due:
            self._plan(due, month)
        years = month.year - self.scenario.start.year
        growth = (1.0 + self.scenario.parameter("fiscal.real_growth")) ** years
        self.cashier.receive(month, self.governments.own * growth, self.governments.village)
        self.run_service(REGISTRY, registry_cost(self.scenario, self._decided(month), self.places))
        self.enterprise = np.zeros_like(self.enterprise)
        self.services = np.zeros_like(self.services)
        if self.state.first.any():
            self._release(month)

    def pay(
        self,
        schedule: ProgrammeSchedule,
        yearly: NDArray[np.int64],
        on_the_way: Frictions | None = None,
    ) -> Settlement:
        """Pay what is due in a month through the channels, and close the treasury's month.

        Parameters
        ----------
        schedule : ProgrammeSchedule
            Programmes of the month.
        yearly : int64[k, n_districts], rupiah a year that enrolled households are entitled to
        on_the_way : Frictions, optional
            What happens to the help; without it the channels' parameters.

        Returns
        -------
        Settlement
            Whole rupiah of this month.
        """
        if on_the_way is None:
            on_the_way = frictions(schedule, self.places.codes, self.scenario.parameter)
        due = np.rint(yearly * schedule.due_share[:, None]).astype(np.int64)
        for place, name in enumerate(TOPUPS):
            k = schedule.index(name)
            due[k] = self._topup_due(place, yearly[k], schedule.month)
        settled = settle(due, on_the_way)
        for k in np.flatnonzero(due.any(axis=1)).tolist():
            name, stream = schedule.names[k], schedule.streams[k]
            if name in TOPUPS:
                self._pay_topup(TOPUPS.index(name), settled.delivered[k], settled.leakage[k])
                continue
            spent = settled.stages[:, k]
            self.cashier.draw(stream, name, spent.sum(axis=0))
            self.cashier.spend(stream, name, SETTLED, spent)
        # Where nobody asked organisations, as when an anchor is sought, services get it directly.
        nothing = np.zeros(self.services.shape[1], np.int64)
        self.cashier.give_services(self.services, nothing, nothing > 0)
        self.cashier.close(self.state)
        return settled

    def snapshot(self) -> dict[str, NDArray[np.generic]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of str to ndarray
            The arrays of `TreasuryState`: int64[...] and float64[...], rupiah and counts.
        """
        return self.state.arrays()

    def restore(self, snapshot: dict[str, NDArray[np.generic]]) -> None:
        """Go back to a checkpoint; the plans made until then are made again.

        Parameters
        ----------
        snapshot : dict of str to ndarray
            What `snapshot` returned: int64[...] and float64[...], rupiah and counts.
        """
        self.state = TreasuryState.from_arrays(snapshot)
        for agent in self.governments.agents:
            agent.plans.clear()
        for (stream, ordinal), pace in zip(self.state.planned, self.state.paced, strict=True):
            month = Month.from_ordinal(int(ordinal))
            scenario = self.scenario if month > self.scenario.start else self._anchor
            self.governments.decide(int(stream), month, scenario, self.state.bylaw, pace)
            self._coverage = scenario.lever("topup_coverage", self._decided(month))

    # The fiscal year

    def _decided(self, month: Month) -> Month:
        """Return the month whose decisions count: before the base month, the base month's."""
        return max(month, self.scenario.start)

    def _plan(self, streams: list[int], month: Month) -> None:
        """Let the governments of some streams decide for the rest of the fiscal year."""
        state, known = self.state, (self.scenario, self.state.bylaw, self.pace)
        for stream in streams:
            level = self.governments.levels[stream]
            state.money[level] = self.governments.decide(stream, month, *known)
            state.available[level] = state.money[level] + state.reserve[level]
            state.first[stream] = month.month
            state.parts[stream] = release_parts(self.scenario, self._decided(month))
            state.planned = np.concatenate((state.planned, [[stream, month.ordinal]]))
            state.paced = np.concatenate((state.paced, [self.pace]))
        self._coverage = self.scenario.lever("topup_coverage", self._decided(month))
        planned = self.governments.spread(state.available)
        for stream in streams:
            state.release[stream] = planned[stream] * self._absorption[stream][-1]
        self._return_excess(streams, month)
        cash = state.cash_and_food()
        state.budget[streams] = cash[streams] + state.pot[streams]

    def _return_excess(self, streams: list[int], month: Month) -> None:
        """Mark what last year left and this year's caps cannot take; it returns this month."""
        state = self.state
        most = self.scenario.parameter("programme.topup_cap") * self._coverage
        room = most * self.places.households * (MONTHS_PER_YEAR + 1 - month.month)
        left = np.maximum(room - state.cash_and_food().sum(axis=0), 0.0)
        pots = state.pot[streams]
        total = pots.sum(axis=0)
        share = np.clip(1.0 - left / np.maximum(total, 1), 0.0, 1.0)
        self._returning = np.zeros_like(state.pot)
        self._returning[streams] = np.floor(pots * share).astype(np.int64)
        state.pot -= self._returning

    # The month's money

    def _release(self, month: Month) -> None:
        """Set new money aside, and release what the absorption profile lets out."""
        state = self.state
        aside = np.zeros_like(state.money)
        release = np.zeros_like(state.money)
        for stream, level in enumerate(self.governments.levels):
            first = int(state.first[stream])
            if first == 0:
                continue
            months, number = MONTHS_PER_YEAR + 1 - first, month.month - first + 1
            money = state.money[level]
            aside[level] = money * number // months - money * (number - 1) // months
            spent = absorption_from(self._absorption[stream], first)[month.month]
            target = np.floor(state.available[level] * spent).astype(np.int64)
            most = state.reserve[level] + aside[level]
            release[level] = np.clip(target - state.released[level], 0, most)
        state.reserve += aside - release
        state.released += release
        self.cashier.set_aside(aside)
        gross = self.governments.spread(release)
        parts = split_by_share(gross, state.parts.T[:, :, None])
        self.cashier.release(gross, parts)
        state.pot += parts[list(CASH_AND_FOOD)].sum(axis=0)
        self.enterprise = parts[PARTS.index("enterprise")].sum(axis=0)
        self.services = parts[PARTS.index("services")]
        if self._returning.any():
            for stream, name in enumerate(NEW_MONEY_STREAMS):
                back = self._returning[stream : stream + 1]
                self.cashier.spend(name, TOPUP_OF_STREAM[stream], (Stage.RETURNED,), back)
            self._returning = np.zeros_like(state.pot)

    def run_service(
        self,
        line: str,
        yearly: NDArray[np.float64],
        of_provinces: NDArray[np.float64] | None = None,
        *,
        of_nation: NDArray[np.float64] | None = None,
        taker: Line | None = None,
    ) -> None:
        """Pay a month of a service in the districts; the province pays where districts cannot.

        Parameters
        ----------
        line : str
            Line of the account.
        yearly : float64[n_districts], rupiah per year
        of_provinces, of_nation : float64[n_districts], rupiah per year, optional, that provinces
            and the nation pay anyway
        taker : line of who is given the money, if it is no government
        """
        above, nation = (
            None if money is None else monthly(money) for money in (of_provinces, of_nation)
        )
        self.cashier.run(line, monthly(yearly), above, nation=nation, taker=taker)

    def grant(
        self, rupiah: NDArray[np.int64], new: NDArray[np.int64], served: NDArray[np.bool_]
    ) -> None:
        """Give organisations their grants of the month, and new money for services.

        Parameters
        ----------
        rupiah : int64[n_districts], rupiah, grants of today's kind
        new : int64[n_districts], rupiah, new money for services that organisations can use
        served : bool[n_districts], flag, districts where they work; elsewhere it pays for others
        """
        self.cashier.run(ORSOS_GRANTS, rupiah, taker=TO_ORSOS)
        self.cashier.give_services(self.services, new, served)
        self.services = np.zeros_like(self.services)

    def _topup_due(self, place: int, yearly: NDArray[np.int64], month: Month) -> NDArray[np.int64]:
        """Return what is paid of a top-up in a month: int64[n_districts], at most its pots."""
        streams = list(_STREAMS_OF_TOPUP[place])
        if not (first := int(self.state.first[streams[0]])):
            return np.zeros(yearly.size, np.int64)
        spent = absorption_from(self._absorption[streams[0]], first)
        share = (spent[month.month] - spent[month.month - 1]) / max(spent[-1], 1e-9)
        whole = yearly / MONTHS_PER_YEAR * (MONTHS_PER_YEAR + 1 - first)
        due = np.rint(whole * share).astype(np.int64)
        return np.asarray(np.minimum(due, self.state.pot[streams].sum(axis=0)), np.int64)

    def _pay_topup(self, place: int, delivered: NDArray[np.int64], lost: NDArray[np.int64]) -> None:
        """Take a top-up out of the pots of its streams; what did not arrive stays in them."""
        streams = list(_STREAMS_OF_TOPUP[place])
        paid = draw_by_content(self.state.pot[streams], delivered + lost)
        arrived = draw_by_content(paid, delivered)
        self.state.pot[streams] -= paid
        for stream, whole, part in zip(streams, paid, arrived, strict=True):
            name, both = NEW_MONEY_STREAMS[stream], np.array([part, whole - part])
            self.cashier.spend(name, TOPUP_OF_STREAM[stream], SETTLED[:2], both)

    def _money(self) -> NDArray[np.float64]:
        """Return cash and food of the fiscal year by top-up: float64[2, n_districts], rupiah."""
        budget = self.state.budget
        return np.array([budget[list(streams)].sum(axis=0) for streams in _STREAMS_OF_TOPUP])
