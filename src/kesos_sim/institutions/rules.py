"""The rules of the national programmes by year, as the table ``programme_schedule`` has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np

from kesos_sim.data import read_table
from kesos_sim.data.parameters import parameter_table

__all__ = [
    "COMPONENTS",
    "NATIONAL",
    "STREAMS",
    "TEMPORARY",
    "Channel",
    "Definition",
    "Eligibility",
    "Kind",
    "Parameter",
    "Rule",
    "default_parameter",
    "price_index",
    "rule_at",
    "rule_years",
    "yearly_quota",
]

STREAMS: Final = ("apbn", "apbd_province", "apbd_district", "village_fund")
"""Whose money it is; one account for each region and stream."""

COMPONENTS: Final = (
    "pregnant",
    "age_0_6",
    "primary",
    "junior",
    "senior",
    "disability",
    "elderly",
)
"""The kinds of family members that PKH pays for, in the order of all component arrays."""

Parameter = Callable[[str], float]
"""Value of a model parameter by its id, for instance ``scenario.parameter``."""

_NATION: Final = 0
_MARCH: Final = 3


class Eligibility(IntEnum):
    """Who can be selected; the numbers are those of the kernels."""

    ANY = 0
    HAS_PKH_COMPONENT = 1
    NOT_IN_REGULAR = 2
    RURAL_NOT_IN_REGULAR = 3
    PKH_MEMBER = 4
    ELDERLY = 5
    DISABLED = 6


class Kind(IntEnum):
    """How an amount is made; the first three numbers are those of the kernels."""

    FLAT = 0
    PKH_COMPONENTS = 1
    PREMIUM = 2
    PKH_TOPUP = 3


class Channel(IntEnum):
    """How help travels; the numbers are those of the table ``programme_schedule``."""

    BANK = 1
    POST = 2
    AGENT = 3
    IN_KIND = 4
    VILLAGE = 5
    PREMIUM = 6


@dataclass(frozen=True, slots=True)
class Definition:
    """What does not change about a programme.

    Attributes
    ----------
    name : str
        Name in tables, ledger and results.
    stream : str
        Who pays, one of `STREAMS`.
    eligibility : Eligibility
        Who can be selected.
    by_person : bool
        Whether quota and amount count persons instead of households.
    """

    name: str
    stream: str
    eligibility: Eligibility
    by_person: bool = False


NATIONAL: Final = (
    Definition("PKH", "apbn", Eligibility.HAS_PKH_COMPONENT),
    Definition("SEMBAKO", "apbn", Eligibility.ANY),
    Definition("BLT_DESA", "village_fund", Eligibility.RURAL_NOT_IN_REGULAR),
    Definition("PBI", "apbn", Eligibility.ANY, by_person=True),
    Definition("BST", "apbn", Eligibility.NOT_IN_REGULAR),
)
"""Programmes with rules of their own in the table, in the order of their bits."""

TEMPORARY: Final = Definition("TEMPORARY", "apbn", Eligibility.ANY)
"""Rice, cooking oil and fuel price aid: one programme whose rule changes with the occasion."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a programme pays in one month, nominal rupiah of that year.

    Attributes
    ----------
    quota : float
        Households (PBI: persons) in the whole country.
    flat : float
        Rupiah per household (PBI: per person) and month.
    components : tuple of int
        Rupiah per person and year for each of `COMPONENTS`; zeros without a component table.
    limits : tuple of int
        Most persons of each kind in a family.
    most : int
        Most components of a family; 0 without a component table.
    elderly_age : int
        Age from which a member counts as elderly.
    months_paid : int
        Months of help that are paid out in this month.
    channel : Channel
        How it travels.
    eligibility : Eligibility or None
        Who can be selected where that changes with the occasion.
    """

    quota: float
    flat: float
    components: tuple[int, ...]
    limits: tuple[int, ...]
    most: int
    elderly_age: int
    months_paid: int
    channel: Channel
    eligibility: Eligibility | None = None


def default_parameter(name: str) -> float:
    """Return a parameter's value in the table, without any scenario.

    Parameters
    ----------
    name : str
        Row of the parameter table.

    Returns
    -------
    float
        In the unit of the row.
    """
    return parameter_table()[name].value


@cache
def rule_years() -> tuple[int, int]:
    """Return the first and the last year of the rule table."""
    years = read_table("programme_schedule")["year"]
    return int(years.min()), int(years.max())


@cache
def _items(programme: str, year: int) -> Mapping[int, Mapping[str, float]]:
    """Return the items in force in each month of a year; months without rules are missing."""
    found: dict[int, dict[str, float]] = {}
    periods: dict[tuple[int, str], tuple[int, int]] = {}
    for row in read_table("programme_schedule").where(programme=programme, year=year).rows():
        for month in range(row["first_month"], row["last_month"] + 1):
            found.setdefault(month, {})[row["item"]] = row["value"]
            periods[month, row["item"]] = (row["first_month"], row["last_month"])
    for month, items in found.items():
        items["months_paid"] = _months_paid(month, items, periods)
    return MappingProxyType(found)


def _months_paid(
    month: int, items: Mapping[str, float], periods: Mapping[tuple[int, str], tuple[int, int]]
) -> float:
    """Return how many months of help the payment of a month covers."""
    if "pay_month" in items:
        first, last = periods[month, "pay_month"]
        return float(last - first + 1) if month == items["pay_month"] else 0.0
    first, last = periods[month, "interval"]
    step = int(items["interval"])
    return float(min(step, last - month + 1)) if (month - first) % step == 0 else 0.0


def rule_at(
    programme: str, year: int, month: int, parameter: Parameter = default_parameter
) -> Rule | None:
    """Return the rule of a programme in a month, or None when it does not run.

    Parameters
    ----------
    programme : str
        Name of a national programme.
    year : int
        Year of the rule; years outside the table take its first or last year.
    month : int
        Month of the year, 1 to 12.
    parameter : function
        Value of a model parameter by id, for the rice before 2018.

    Returns
    -------
    Rule or None
        Nominal rupiah of the year of the rule.
    """
    first, last = rule_years()
    year = min(max(year, first), last)
    items = _items(programme, year).get(month)
    if items is None:
        return None
    if "rice_kg" not in items:
        return _rule(programme, year, month)
    sharing, price = parameter("programme.rice_sharing"), parameter("programme.rice_price")
    return _rule(programme, year, month, sharing, price)


@cache
def _rule(programme: str, year: int, month: int, sharing: float = 1.0, price: float = 0.0) -> Rule:
    """Turn the items of a month into its rule."""
    items = _items(programme, year)[month]
    quota, flat = items["quota"], items.get("flat", 0.0)
    if "rice_kg" in items:
        # The list is shared out among more households than are on it, so each gets less.
        worth = max(price - items["rice_copay"], 0.0)
        quota, flat = quota * sharing, items["rice_kg"] * worth / sharing
    most = int(items.get("limit_total", 0))
    eligibility = items.get("eligibility")
    return Rule(
        quota=quota,
        flat=flat,
        components=tuple(int(items.get(f"component_{name}", 0)) for name in COMPONENTS),
        limits=tuple(int(items.get(f"limit_{name}", most)) for name in COMPONENTS),
        most=most,
        elderly_age=int(items.get("elderly_age", 0)),
        months_paid=int(items["months_paid"]),
        channel=Channel(int(items["channel"])),
        eligibility=None if eligibility is None else Eligibility(int(eligibility)),
    )


def yearly_quota(programme: str, year: int) -> float:
    """Return the national quota at the end of a year, before rice is shared out.

    Parameters
    ----------
    programme : str
        Name of a national programme.
    year : int
        Year of the rule table; others take its first or last year.

    Returns
    -------
    float
        Households (PBI: persons); 0 if the programme did not run.
    """
    first, last = rule_years()
    months = _items(programme, min(max(year, first), last))
    return months[max(months)]["quota"] if months else 0.0


@cache
def _lines() -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Return years and logarithms of the published national March poverty lines."""
    rows = read_table("poverty_province").where(bps_code=_NATION, month=_MARCH, area="total")
    years, lines = rows["year"], rows["poverty_line_idr"]
    known = ~np.isnan(lines)
    order = np.argsort(years[known])
    return (
        tuple(years[known][order].tolist()),
        tuple(np.log(lines[known][order]).tolist()),
    )


def price_index(year: int, base_year: int, parameter: Parameter = default_parameter) -> float:
    """Return the national poverty line of a year over that of the base year.

    Nominal rupiah of the year divided by this are rupiah of the base year. Years without a
    published line lie on the geometric path between their neighbours; after the last one the
    line grows by ``programme.line_inflation`` a year.

    Parameters
    ----------
    year, base_year : int
        Calendar years.
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    float
        1 in the base year.
    """
    if year == base_year:
        return 1.0
    growth = float(np.log1p(parameter("programme.line_inflation")))
    years, logs = _lines()

    def level(wanted: int) -> float:
        beyond = max(wanted - years[-1], 0) + min(wanted - years[0], 0)
        return float(np.interp(wanted, years, logs)) + growth * beyond

    return float(np.exp(level(year) - level(base_year)))
