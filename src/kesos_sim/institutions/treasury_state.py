"""What the treasury remembers, and what happens to money within one month."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.budget_holders import NEW_MONEY_STREAMS
from kesos_sim.institutions.government import INSTRUMENTS, portfolio
from kesos_sim.institutions.places import Places
from kesos_sim.scenario import Scenario
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["CASH_AND_FOOD", "PARTS", "TreasuryState", "registry_cost", "release_parts"]

PARTS: Final = ("administration", "leakage", *INSTRUMENTS)
"""What released money is split into: cost of running it, loss, and the instruments."""

CASH_AND_FOOD: Final = (PARTS.index("cash"), PARTS.index("food"))
"""Places of the parts that wait to be paid out to households."""


_LEAST: Final = 1e-9


@dataclass
class TreasuryState:
    """What the treasury remembers from month to month; a checkpoint keeps these arrays.

    Attributes
    ----------
    year : int64[1], calendar year, fiscal year that is open; 0 before the first
    first : int64[3], month of the year, from which new money of a stream counts; 0 for none
    money : int64[n_governments], rupiah, new poverty money of the fiscal year
    available : int64[n_governments], rupiah, the same with what was carried over
    released : int64[n_governments], rupiah, released so far in the fiscal year
    reserve : int64[n_governments], rupiah, set aside and not yet released
    pot : int64[3, n_districts], rupiah, cash and food released and not yet paid out
    release : float64[3, n_districts], rupiah, what the fiscal year will release in each district
    budget : float64[3, n_districts], rupiah, cash and food to pay out in the fiscal year
    parts : float64[3, 7], share, split of released money over `PARTS` by stream
    bylaw : int64[n_governments], month, ordinal of the one that brought a bylaw on welfare; 0: none
    planned : int64[n_plans, 2], stream and month (ordinal), every plan that was made
    paced : float64[n_plans, n_governments], ratio, by how much sooner shares were reached then
    """

    year: NDArray[np.int64]
    first: NDArray[np.int64]
    money: NDArray[np.int64]
    available: NDArray[np.int64]
    released: NDArray[np.int64]
    reserve: NDArray[np.int64]
    pot: NDArray[np.int64]
    release: NDArray[np.float64]
    budget: NDArray[np.float64]
    parts: NDArray[np.float64]
    bylaw: NDArray[np.int64]
    planned: NDArray[np.int64]
    paced: NDArray[np.float64]

    @classmethod
    def empty(cls, n_governments: int, n_districts: int) -> TreasuryState:
        """Return the state before any money.

        Parameters
        ----------
        n_governments, n_districts : int
            Lengths of the arrays.

        Returns
        -------
        TreasuryState
            Zeros.
        """
        by_government = (n_governments,)
        by_district = (len(NEW_MONEY_STREAMS), n_districts)
        return cls(
            year=np.zeros(1, np.int64),
            first=np.zeros(len(NEW_MONEY_STREAMS), np.int64),
            money=np.zeros(by_government, np.int64),
            available=np.zeros(by_government, np.int64),
            released=np.zeros(by_government, np.int64),
            reserve=np.zeros(by_government, np.int64),
            pot=np.zeros(by_district, np.int64),
            release=np.zeros(by_district),
            budget=np.zeros(by_district),
            parts=np.zeros((len(NEW_MONEY_STREAMS), len(PARTS))),
            bylaw=np.zeros(by_government, np.int64),
            planned=np.zeros((0, 2), np.int64),
            paced=np.zeros((0, n_governments)),
        )

    def span(self, stream: int) -> int:
        """Return the months of the fiscal year in which new money of a stream counts.

        Parameters
        ----------
        stream : int
            Place in the streams of new money.

        Returns
        -------
        int
            12 for a whole year, also while there is no new money.
        """
        first = int(self.first[stream])
        return MONTHS_PER_YEAR + 1 - first if first else MONTHS_PER_YEAR

    def open_year(self, year: int) -> None:
        """Begin a fiscal year; what is in reserves and pots is carried over.

        Parameters
        ----------
        year : int
            Calendar year.
        """
        self.year[0] = year
        for array in (self.first, self.money, self.available, self.released):
            array[:] = 0
        self.release[:] = 0.0
        self.budget[:] = 0.0

    def cash_and_food(self) -> NDArray[np.float64]:
        """Return what the fiscal year will release for households.

        Returns
        -------
        float64[3, n_districts], rupiah by stream
        """
        share = self.parts[:, list(CASH_AND_FOOD)].sum(axis=1, keepdims=True)
        return np.asarray(self.release * share)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return copies of the arrays by name.

        Returns
        -------
        dict of str to ndarray
            See the attributes: int64[...] and float64[...], rupiah and counts.
        """
        return {field.name: getattr(self, field.name).copy() for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[np.generic]]) -> TreasuryState:
        """Make a state of what `arrays` returned.

        Parameters
        ----------
        arrays : dict of str to ndarray
            See the attributes: int64[...] and float64[...], rupiah and counts.

        Returns
        -------
        TreasuryState
            With arrays of its own.
        """
        return cls(**{name: array.copy() for name, array in arrays.items()})  # type: ignore[arg-type]


def release_parts(scenario: Scenario, month: Month) -> NDArray[np.float64]:
    """Return how released poverty money is divided; audits lower what is lost, and cost.

    Parameters
    ----------
    scenario : Scenario
        The scenario in force.
    month : Month
        First month of the plan.

    Returns
    -------
    float64[7], share of released money, in the order of `PARTS`; adds up to 1
    """
    parameter, lever = scenario.parameter, scenario.lever
    audited = lever("audit_coverage", month)
    today = parameter("lever.audit_coverage.default")
    fall = parameter("fiscal.audit_effect") * (audited - today) / max(1.0 - today, _LEAST)
    cost = parameter("fiscal.administration_share")
    cost += parameter("fiscal.audit_cost_share") * audited
    leaked = min(max(parameter("fiscal.leakage_share") * (1.0 - fall), 0.0), 1.0 - cost)
    instruments = portfolio(scenario, month)
    rest = 1.0 - cost - leaked
    return np.array([cost, leaked, *(rest * instruments[name] for name in INSTRUMENTS)])


def registry_cost(scenario: Scenario, month: Month, places: Places) -> NDArray[np.float64]:
    """Return what visits and matching of records cost, and who takes proposals and objections.

    Parameters
    ----------
    scenario : Scenario
        The scenario in force.
    month : Month
        The month whose settings count.
    places : Places
        Districts of the run.

    Returns
    -------
    float64[n_districts], rupiah per year
    """
    parameter, lever = scenario.parameter, scenario.lever
    visits = lever("registry_verification_rate", month) * parameter("fiscal.cost_per_record")
    matching = lever("identity_matching", month) * parameter("registry.matching_cost")
    staff = lever("registry_openness", month) * parameter("fiscal.openness_cost")
    return np.asarray((visits + matching) * places.households + staff)
