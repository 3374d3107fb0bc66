"""Governments as agents: each decides once a year how much new poverty money there is.

New poverty money is the target share less today's share, of own net spending. It is taken from
the lines that the scenario names and limited to what mandatory spending leaves, unless the
scenario asks to run beyond that; what is not feasible is recorded. Money that a year does not
spend is carried into the next one by the treasury (`kesos_sim.institutions.treasury`), which
moves the money of all governments month by month.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from kesos_sim.institutions.agent import Institution
from kesos_sim.institutions.budget import Budget, share_now, share_room
from kesos_sim.institutions.shares import DEFINITIONS, room_share, starting_share
from kesos_sim.scenario import Scenario
from kesos_sim.scenario.levers import PORTFOLIO
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = [
    "INSTRUMENTS",
    "District",
    "FiscalYear",
    "Government",
    "Nation",
    "Plan",
    "Province",
    "Terms",
    "moved_this_year",
    "portfolio",
]

INSTRUMENTS: Final = tuple(name.removeprefix("portfolio_") for name in PORTFOLIO)
"""What new poverty money can buy: cash, food, enterprise capital, registry work, services."""

_ON: Final = 0.5


@dataclass(frozen=True, slots=True)
class Plan:
    """What a government decides for a fiscal year, rupiah of the price year.

    Attributes
    ----------
    government : int
        BPS code, 0 for the nation.
    level : str
        ``nation``, ``province`` or ``district``.
    year : int
        Fiscal year.
    months : int
        Months of the year for which the plan is made.
    own_spending : float
        Own net spending of the year that concerns the run's districts.
    starting_share, target_share : float
        Today's share and the mean target of the year.
    wanted : float
        New poverty money that the target asks for in these months.
    money : int
        New poverty money that there is.
    not_feasible : float
        What mandatory spending left no room for.
    beyond_room : bool
        Whether more is spent than there is room for.
    sources : mapping of str to float
        Budget lines that the money is taken from.
    instruments : mapping of str to float
        What the money is meant for.
    by_definition : mapping of str to float
        What would be wanted if the share were defined otherwise.
    """

    government: int
    level: str
    year: int
    months: int
    own_spending: float
    starting_share: float
    target_share: float
    wanted: float
    money: int
    not_feasible: float
    beyond_room: bool
    sources: Mapping[str, float]
    instruments: Mapping[str, float]
    by_definition: Mapping[str, float]


def portfolio(scenario: Scenario, month: Month) -> dict[str, float]:
    """Return how new poverty money is divided over instruments in a month.

    Parameters
    ----------
    scenario : Scenario
        The scenario in force.
    month : Month
        The month.

    Returns
    -------
    dict of str to float
        Shares by instrument; they add up to 1.
    """
    parts = {name: scenario.lever(f"portfolio_{name}", month) for name in INSTRUMENTS}
    total = sum(parts.values())
    if total <= 0.0:
        return {name: float(name == "cash") for name in INSTRUMENTS}
    return {name: part / total for name, part in parts.items()}


def moved_this_year(scenario: Scenario, lever: str, month: Month) -> bool:
    """Return whether a scenario moves a share in the fiscal year of a month.

    Parameters
    ----------
    scenario : Scenario
        The scenario in force.
    lever : str
        The lever that moves the share.
    month : Month
        A month of the year.

    Returns
    -------
    bool
        False also if it is moved in a later year only: until then everything is as today.
    """
    december = month + (MONTHS_PER_YEAR - month.month)
    return scenario.lever_weight(lever, max(december, scenario.start)) > 0.0


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds in a fiscal year for every government of a level.

    Attributes
    ----------
    year : int
        Fiscal year.
    months : int
        Months of the year from the first in which the share is moved.
    start, target : float
        Today's share, and the mean of the share over these months, so that a ramp counts.
    above : float
        Mean of what the share is above today's.
    above_by_definition : mapping of str to float
        The same if the share were defined otherwise.
    room : float
        Share of own net spending that can be moved.
    beyond : bool
        Whether the scenario asks to run beyond the room.
    instruments : mapping of str to float
        Shares of the portfolio.
    """

    year: int
    months: int
    start: float
    target: float
    above: float
    above_by_definition: Mapping[str, float]
    room: float
    beyond: bool
    instruments: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """What a scenario asks of a level of government in the rest of a fiscal year.

    Attributes
    ----------
    year : int
        Fiscal year.
    weight : tuple of float
        How much of the change of the share is in force in each month that counts.
    goal : float or None
        The share after the change; None where it is not moved in this year.
    added : float
        Share that a bylaw adds to today's, where the share is not moved.
    start : float
        Today's share.
    by_definition : mapping of str to float
        Today's share if it were defined otherwise.
    room : float
        Share of own net spending that can be moved.
    beyond : bool
        Whether the scenario asks to run beyond the room.
    instruments : mapping of str to float
        Shares of the portfolio.
    """

    year: int
    weight: tuple[float, ...]
    goal: float | None
    added: float
    start: float
    by_definition: Mapping[str, float]
    room: float
    beyond: bool
    instruments: Mapping[str, float]

    @classmethod
    def of(
        cls, level: str, lever: str, month: Month, scenario: Scenario, added: float = 0.0
    ) -> FiscalYear:
        """Return what a scenario asks for from a month on.

        Parameters
        ----------
        level, lever : str
            Level of government and the lever that moves its share.
        month : Month
            First month that counts.
        scenario : Scenario
            The scenario in force.
        added : float
            Share that a bylaw adds to today's, where the lever is not moved.

        Returns
        -------
        FiscalYear
        """
        months = [month + i for i in range(MONTHS_PER_YEAR + 1 - month.month)]
        # Before the base month (the burn-in) the decisions are those of the base month.
        now, parameter = max(month, scenario.start), scenario.parameter
        moved = moved_this_year(scenario, lever, month)
        return cls(
            year=month.year,
            weight=tuple(scenario.lever_weight(lever, max(one, now)) for one in months),
            goal=scenario.levers[lever].value if moved else None,
            added=added,
            start=starting_share(level, parameter),
            by_definition={name: starting_share(level, parameter, name) for name in DEFINITIONS},
            room=room_share(level, parameter),
            beyond=scenario.lever("run_beyond_room", now) > _ON,
            instruments=portfolio(scenario, now),
        )

    def terms(
        self, parameter: Callable[[str], float], budget: Budget | None = None, pace: float = 0.0
    ) -> Terms:
        """Return the terms of governments.

        Parameters
        ----------
        parameter : function
            Value of a model parameter by id.
        budget : Budget, optional
            That of a government with its own figures of what it spends on the poor.
        pace : float
            By how much sooner than on its ramp the share is reached, 0 or more.

        Returns
        -------
        Terms
        """
        months = len(self.weight)
        weight = [min(part * (1.0 + pace), 1.0) for part in self.weight]

        def path(start: float) -> list[float]:
            if self.goal is None:
                return [start + self.added] * months
            return [start + part * (self.goal - start) for part in weight]

        def above(start: float) -> float:
            return sum([max(share - start, 0.0) for share in path(start)]) / months

        start, room = self.start, self.room
        if budget is not None:
            start, room = (of(budget, parameter) for of in (share_now, share_room))
        return Terms(
            year=self.year,
            months=months,
            start=start,
            target=sum(path(start)) / months,
            above=above(start),
            above_by_definition={name: above(own) for name, own in self.by_definition.items()},
            room=room,
            beyond=self.beyond,
            instruments=self.instruments,
        )


class Government(Institution):
    """A government with a budget and a share of it for the poor.

    Parameters
    ----------
    model : mesa.Model
        The model it lives in.
    budget : Budget
        Its budget in the base year.
    covered : float
        Part of its poor people who live in the districts of the run; only this part of its
        money takes part.

    Attributes
    ----------
    plans : list of Plan
        One for each year in which the share differs from today's.
    """

    level: ClassVar[str]
    stream: ClassVar[str]
    lever: ClassVar[str]

    def __init__(self, model: Any, budget: Budget, covered: float = 1.0) -> None:
        super().__init__(model)
        self.code = budget.code
        self.budget = budget
        self.covered = covered
        self.plans: list[Plan] = []

    def own_spending(self, year: int, scenario: Scenario) -> float:
        """Return own net spending of a fiscal year that concerns the run.

        Parameters
        ----------
        year : int
            Fiscal year.
        scenario : Scenario
            Base year and parameters.

        Returns
        -------
        float
            Rupiah of the price year.
        """
        growth = 1.0 + scenario.parameter("fiscal.real_growth")
        return float(self.budget.own * self.covered * growth ** (year - scenario.start.year))

    def plan(self, terms: Terms, scenario: Scenario) -> Plan:
        """Decide on the new poverty money of a fiscal year.

        Parameters
        ----------
        terms : Terms
            What holds for every government of this level.
        scenario : Scenario
            The scenario in force.

        Returns
        -------
        Plan
            Also kept in `plans`.
        """
        own = self.own_spending(terms.year, scenario)
        part = terms.months / MONTHS_PER_YEAR
        wanted, room = own * part * terms.above, own * part * terms.room
        beyond = terms.beyond and wanted > room
        money = int(wanted if beyond else min(wanted, room))
        decided = Plan(
            government=self.code,
            level=self.level,
            year=terms.year,
            months=terms.months,
            own_spending=own,
            starting_share=terms.start,
            target_share=terms.target,
            wanted=wanted,
            money=money,
            not_feasible=wanted - min(wanted, room),
            beyond_room=beyond,
            sources={line: share * money for line, share in scenario.funding_sources.items()},
            instruments={name: share * money for name, share in terms.instruments.items()},
            by_definition={
                name: own * part * above for name, above in terms.above_by_definition.items()
            },
        )
        self.plans.append(decided)
        return decided


class Nation(Government):
    """The national government with the APBN."""

    level = "nation"
    stream = "apbn"
    lever = "apbn_poverty_share"


class Province(Government):
    """A provincial government with its APBD."""

    level = "province"
    stream = "apbd_province"
    lever = "apbd_poverty_share"


class District(Government):
    """A district government with its APBD."""

    level = "district"
    stream = "apbd_district"
    lever = "apbd_poverty_share"
