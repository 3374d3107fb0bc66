"""Named futures in which a package is put to the test, each a small change of the scenario.

No size is made up: it comes from observed figures of the data tables, or is an end of the range
that the parameter table declares, with its grade. What befalls both lives is the same; what is
compared is the package with no package in the same future.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim.data import read_table
from kesos_sim.data.parameters import parameter_table
from kesos_sim.data.regions import province_codes
from kesos_sim.experiments.design import alternatives
from kesos_sim.institutions.hazards import OBSERVED
from kesos_sim.institutions.places import province_totals
from kesos_sim.scenario.coordination import without_effect
from kesos_sim.scenario.parts import Event
from kesos_sim.scenario.rules import event_order
from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["FUTURES", "Fact", "Future"]

_NATION: Final = 0
_EARNERS: Final = 2.0
"""Earners in a household whose income halves when one of them loses work (assumption)."""
_REST: Final = 0.5
"""Share of all households that carry the rest of a recession (assumption)."""
_BEFORE: Final = 3
"""Years before a recession whose mean growth is the usual one."""


@dataclass(frozen=True)
class Fact:
    """A number behind a future.

    Attributes
    ----------
    key : name of its words in the catalogue
    value : in percent, or in the unit of the parameter
    source : table or parameter that it comes from
    grade : official, secondary, or a grade of evidence
    year : year that it was observed; 0 for a declared range
    low, high : range of the parameter; NaN for what was observed
    """

    key: str
    value: float
    source: str
    grade: str
    year: int = 0
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class Future:
    """A future.

    Attributes
    ----------
    name : its name in the catalogue
    change : returns a scenario in this future
    facts : numbers behind it, for a scenario
    """

    name: str
    change: Callable[[Scenario], Scenario]
    facts: Callable[[Scenario], tuple[Fact, ...]]


def as_it_is(scenario: Scenario) -> Scenario:
    """Return the scenario itself: a future in which nothing happens."""
    return scenario


def _nothing(scenario: Scenario) -> tuple[Fact, ...]:
    """Return no facts."""
    return ()


def _struck(scenario: Scenario, *events: Event) -> Scenario:
    """Return a scenario with events beside its own."""
    return replace(scenario, events=tuple(sorted((*scenario.events, *events), key=event_order)))


def _event(scenario: Scenario, hazard: str, severity: float, share: float = 1.0) -> Event:
    """Make an event of the last year, or of its first month for a disaster."""
    months = 1 if hazard == "flood" else MONTHS_PER_YEAR
    return Event(
        hazard=hazard,
        month=scenario.end - (MONTHS_PER_YEAR - 1),
        months=months,
        severity=severity,
        share=share,
        region=None,
        districts=scenario.districts,
    )


# Floods


@cache
def _worst_disaster_year() -> tuple[float, int, str]:
    """Return the largest share of a province that disasters hit in a year: share, year, quality."""
    people = province_totals(max(OBSERVED))
    codes = set(province_codes(max(OBSERVED)))
    rows = read_table("disasters_province").where(hazard_type="all", period="full_year").rows()
    found = [
        (row["affected_displaced"] / people[row["bps_code"]].population, row["year"], row)
        for row in rows
        if row["year"] in OBSERVED
        and row["bps_code"] in codes
        and not np.isnan(row["affected_displaced"])
    ]
    share, year, row = max(found, key=lambda one: one[0])
    return float(share), int(year), str(row["quality"])


def _flood(scenario: Scenario) -> Scenario:
    share, _, _ = _worst_disaster_year()
    severity = scenario.parameter("hazard.loss_house")
    return _struck(scenario, _event(scenario, "flood", severity, share))


def _flood_facts(scenario: Scenario) -> tuple[Fact, ...]:
    share, year, quality = _worst_disaster_year()
    return (
        Fact("affected", 100.0 * share, "disasters_province", quality, year),
        _declared("hazard.loss_house", scenario.parameter("hazard.loss_house")),
    )


# Prices and incomes


@cache
def _economy() -> Mapping[int, Mapping[str, float]]:
    """Return the nation's growth, prices and unemployment by year, percent, up to 2024."""
    rows = read_table("growth_prices").where(bps_code=_NATION).rows()
    last = max(OBSERVED)
    return MappingProxyType({int(row["year"]): row for row in rows if row["year"] <= last})


@cache
def _dearest() -> tuple[float, int]:
    """Return how far prices rose beyond their mean in the dearest year: percent, year."""
    rise = {year: row["cpi_inflation_percent"] for year, row in _economy().items()}
    year = max(rise, key=lambda one: rise[one])
    return rise[year] - sum(rise.values()) / len(rise), year


def _prices(scenario: Scenario) -> Scenario:
    return _struck(scenario, _event(scenario, "price_rise", _dearest()[0] / 100.0))


def _prices_facts(scenario: Scenario) -> tuple[Fact, ...]:
    excess, year = _dearest()
    return (Fact("excess_inflation", excess, "growth_prices", _quality(year), year),)


@cache
def _slump() -> tuple[float, float, int]:
    """Return the worst year: loss of mean log income, more unemployed in percent, the year."""
    economy = _economy()
    growth = {year: row["gdp_growth_percent"] for year, row in economy.items()}
    year = min(growth, key=lambda one: growth[one])
    usual = sum(growth[year - back] for back in range(1, 1 + _BEFORE)) / _BEFORE
    loss = math.log1p(usual / 100.0) - math.log1p(growth[year] / 100.0)
    jobs = economy[year]["unemployment_percent"] - economy[year - 1]["unemployment_percent"]
    return loss, jobs, year


def _recession(scenario: Scenario) -> Scenario:
    """Return a scenario whose last year is the worst one, shared out as in `covid-2020.yaml`."""
    loss, jobs, _ = _slump()
    hit, half = _EARNERS * jobs / 100.0, math.log(_EARNERS)
    return _struck(
        scenario,
        _event(scenario, "income_shock", half, hit),
        _event(scenario, "income_shock", max(loss - hit * half, 0.0) / _REST, _REST),
    )


def _recession_facts(scenario: Scenario) -> tuple[Fact, ...]:
    loss, jobs, year = _slump()
    quality = _quality(year)
    return (
        Fact("lost_income", 100.0 * loss, "growth_prices", quality, year),
        Fact("more_unemployed", jobs, "growth_prices", quality, year),
    )


def _quality(year: int) -> str:
    """Return the quality of the nation's figures of a year."""
    return str(_economy()[year]["quality"])


# Ends of declared ranges


_ENDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "donations": {"orsos.income_ratio": "low"},
        "registry": {
            "registry.rerank_months": "high",
            "lever.registry_verification_rate.default": "low",
            "registry.proposal_share": "low",
        },
        "budget": {"fiscal.real_growth": "low", "fiscal.room_movable": "low"},
    }
)
"""Parameters that a future takes from an end of their range."""


def _at_ends(name: str) -> Future:
    """Declare a future in which parameters are at an end of their range."""

    def ends() -> dict[str, float]:
        table = parameter_table()
        return {
            parameter: float(getattr(table[parameter], end))
            for parameter, end in _ENDS[name].items()
        }

    return Future(
        name,
        lambda scenario: _with(scenario, ends()),
        lambda scenario: tuple(_declared(one, value) for one, value in ends().items()),
    )


def _with(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return a scenario with parameters of this future, in what it extends too."""
    root = scenario.root and replace(
        scenario.root, parameters=dict(scenario.root.parameters) | dict(values)
    )
    return replace(scenario, parameters=dict(scenario.parameters) | dict(values), root=root)


def _take_up(scenario: Scenario) -> Scenario:
    return _with(scenario, alternatives()["take_up"]["weak"])


def _take_up_facts(scenario: Scenario) -> tuple[Fact, ...]:
    weak = alternatives()["take_up"]["weak"]
    return tuple(_declared(name, value) for name, value in sorted(weak.items()))


def _declared(name: str, value: float) -> Fact:
    """Return a number of the parameter table with its range."""
    row = parameter_table()[name]
    return Fact(name.replace(".", "_"), value, name, row.grade, 0, row.low, row.high)


FUTURES: Final[Mapping[str, Future]] = MappingProxyType(
    {
        future.name: future
        for future in (
            Future("usual", as_it_is, _nothing),
            Future("flood", _flood, _flood_facts),
            Future("prices", _prices, _prices_facts),
            Future("recession", _recession, _recession_facts),
            _at_ends("donations"),
            _at_ends("registry"),
            Future("no_coordination", without_effect, _nothing),
            Future("take_up", _take_up, _take_up_facts),
            _at_ends("budget"),
        )
    }
)
"""Every future by its name: the usual one, a year of disasters, dear prices, a recession, less
money of organisations, a late registry, coordination without effect, help that is not fetched, and
less money of governments."""
