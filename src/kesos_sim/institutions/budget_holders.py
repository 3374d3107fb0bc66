"""All governments of a run: agents for their decisions, arrays for their yearly spending."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.budget import own_budget
from kesos_sim.institutions.budgets import (
    district_budgets,
    national_budget,
    province_budgets,
    village_fund,
)
from kesos_sim.institutions.government import (
    District,
    FiscalYear,
    Government,
    Nation,
    Province,
    moved_this_year,
)
from kesos_sim.institutions.places import Places, province_totals
from kesos_sim.institutions.settlement import Spread
from kesos_sim.scenario import Scenario
from kesos_sim.units import Month

__all__ = ["NEW_MONEY_STREAMS", "Governments"]

_LEVERS: Final = ("apbn_poverty_share", "apbd_poverty_share", "apbd_poverty_share")
_LEVELS: Final = ("nation", "province", "district")
_JANUARY: Final = 1

NEW_MONEY_STREAMS: Final = ("apbn", "apbd_province", "apbd_district")
"""Streams of new poverty money, in the order of all arrays by stream."""


@dataclass(frozen=True)
class Governments:
    """The governments that matter to a run, with the part of them that concerns its districts.

    Arrays put the nation first, then the provinces of the run, then its districts.

    Attributes
    ----------
    places : Places
        Districts of the run.
    agents : tuple of Government
        Those that have a budget; the districts of DKI have none.
    place : tuple of int
        Place of each agent in the arrays.
    own : float64[n_governments], rupiah per year, own net spending in the base year
    village : float64[n_districts], rupiah per year, village fund in the base year
    """

    places: Places
    agents: tuple[Government, ...]
    place: tuple[int, ...]
    own: NDArray[np.float64]
    village: NDArray[np.float64]

    @classmethod
    def of(cls, model: Any, places: Places, scenario: Scenario) -> Governments:
        """Make the agents of a run.

        Parameters
        ----------
        model : mesa.Model
            The model they live in.
        places : Places
            Districts of the run.
        scenario : Scenario
            Base year and parameters.

        Returns
        -------
        Governments
        """
        year, parameter = scenario.start.year, scenario.parameter
        nation = float(places.poor.sum()) / province_totals(year)[0].poor
        share = places.share_of_province["poor"]
        covered = np.bincount(places.province_index, share, len(places.provinces))
        provinces = province_budgets(year, parameter)
        districts = district_budgets(year, parameter)
        provinces = {
            code: (own_budget(budget, year, scenario.own_data), together)
            for code, (budget, together) in provinces.items()
        }
        districts = {
            code: own_budget(budget, year, scenario.own_data) for code, budget in districts.items()
        }
        agents: list[Government] = [Nation(model, national_budget(year), min(nation, 1.0))]
        agents += [
            Province(model, provinces[code][0], min(part, 1.0))
            for code, part in zip(places.provinces, covered.tolist(), strict=True)
        ]
        place = list(range(len(agents)))
        for number, code in enumerate(places.codes.tolist(), len(agents)):
            if code in districts:
                agents.append(District(model, districts[code]))
                place.append(number)
        own = np.zeros(1 + len(places.provinces) + places.codes.size)
        own[place] = [agent.budget.own * agent.covered for agent in agents]
        funds = village_fund(year, scenario.own_data)
        village = np.array([funds[code] for code in places.codes.tolist()])
        return cls(places, tuple(agents), tuple(place), own, village)

    @cached_property
    def levels(self) -> tuple[slice, slice, slice]:
        """Where the governments of each stream of `NEW_MONEY_STREAMS` stand in the arrays."""
        first = 1 + len(self.places.provinces)
        return slice(0, 1), slice(1, first), slice(first, self.own.size)

    def moves(
        self, stream: int, month: Month, scenario: Scenario, bylaw: NDArray[np.int64]
    ) -> bool:
        """Return whether any government of a stream has new poverty money to decide on.

        Parameters
        ----------
        stream : int
            Place in `NEW_MONEY_STREAMS`.
        month : Month
            The month.
        scenario : Scenario
            The scenario in force.
        bylaw : int64[n_governments], month, ordinal of the one that brought a bylaw; 0 for none

        Returns
        -------
        bool
            Because its share is moved, or, when a fiscal year begins, by a bylaw; in a year in
            which the share is moved it waits for that month.
        """
        lever = _LEVERS[stream]
        if moved_this_year(scenario, lever, month):
            return scenario.lever_weight(lever, max(month, scenario.start)) > 0.0
        if month.month != _JANUARY or scenario.parameter("politics.bylaw_share") <= 0.0:
            return False
        own = bylaw[self.levels[stream]]
        return bool(((own > 0) & (own < month.ordinal)).any())

    def decide(
        self,
        stream: int,
        month: Month,
        scenario: Scenario,
        bylaw: NDArray[np.int64],
        pace: NDArray[np.float64],
    ) -> NDArray[np.int64]:
        """Let the governments of a stream decide on new poverty money.

        In a year in which the scenario moves their share, all follow it; otherwise only those
        decide whose bylaw holds, and add what a bylaw brings.

        Parameters
        ----------
        stream : int
            Place in `NEW_MONEY_STREAMS`.
        month : Month
            First month that counts.
        scenario : Scenario
            The scenario in force.
        bylaw : int64[n_governments], month, ordinal of the one that brought a bylaw; 0 for none
        pace : float64[n_governments], ratio, by how much sooner a share is reached

        Returns
        -------
        int64[n_level], rupiah of new poverty money
        """
        added = scenario.parameter("politics.bylaw_share")
        year = FiscalYear.of(_LEVELS[stream], _LEVERS[stream], month, scenario, added)
        moved, terms = year.goal is not None, cache(partial(year.terms, scenario.parameter))
        money = np.zeros(self.own.size, np.int64)
        for agent, place in zip(self.agents, self.place, strict=True):
            bound = moved or 0 < bylaw[place] < month.ordinal
            if bound and agent.stream == NEW_MONEY_STREAMS[stream]:
                said = agent.budget if agent.budget.says_shares else None
                own = terms(said, float(pace[place]) if moved else 0.0)
                money[place] = agent.plan(own, scenario).money
        return money[self.levels[stream]]

    @cached_property
    def has_budget(self) -> NDArray[np.bool_]:
        """Whether a district has a budget of its own: bool[n_districts], flag."""
        return np.asarray(self.own[self.levels[2]] > 0.0)

    @property
    def source(self) -> NDArray[np.int64]:
        """Government that gives each stream's money to each district.

        int64[3, n_districts], index in the arrays of governments
        """
        n = self.places.codes.size
        province = 1 + self.places.province_index
        return np.stack([np.zeros(n, np.int64), province, np.arange(self.own.size)[self.levels[2]]])

    def spread(self, rupiah: NDArray[np.int64]) -> NDArray[np.int64]:
        """Spread money of the governments over districts by poor people.

        Parameters
        ----------
        rupiah : int64[n_governments], rupiah, 0 or more

        Returns
        -------
        int64[3, n_districts], rupiah by stream; every government's money arrives exactly
        """
        nation, provinces, districts = self.levels
        of_nation, of_provinces = self._spreads
        return np.stack(
            [
                of_nation.split(rupiah[nation]),
                of_provinces.split(rupiah[provinces]),
                rupiah[districts],
            ]
        )

    @cached_property
    def _spreads(self) -> tuple[Spread, Spread]:
        """How the nation's and the provinces' money is spread over districts."""
        poor, index = self.places.poor, self.places.province_index
        everywhere = np.zeros(poor.size, np.int64)
        return Spread.by_weight(poor, everywhere), Spread.by_weight(poor, index)
