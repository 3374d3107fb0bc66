"""Figures on neighbourhood groups (WKSBM): what is computed from what, and where they are thin."""

from __future__ import annotations

from typing import Any, Final

from kesos_sim.data.checking import Check, Checker, Tables, compare, known, spread
from kesos_sim.data.poverty_checks import place

_TABLE: Final = "wksbm_community"
_HUNDRED: Final = 100.0
_MONTHS: Final = 12
_DAYS: Final = 30
_DUSUN: Final = 3404
_ROUNDING: Final = 0.1
_PROVINCES: Final = 100
_PER_MONTH: Final = {"rupiah per day": _DAYS, "rupiah per month": 1}


def donations_per_household(tables: Tables) -> Check:
    """Check that donations per household and month are those of the year over its households."""
    rows = tables[_TABLE].where(bps_code=_DUSUN)

    def value(fact: str) -> float:
        return float(rows.where(fact=fact)["value"].sum())

    expected = value("wksbm_annual_donations") / value("wksbm_households_in_catchment") / _MONTHS
    found = {
        place(_DUSUN): _HUNDRED * (value("wksbm_donation_per_household_month") / expected - 1.0)
    }
    return compare("donations_per_household", (_TABLE,), found, _ROUNDING, "percent")


def groups_of_districts(tables: Tables) -> Check:
    """Check that no districts have more groups together than their province."""
    groups: dict[int, float] = {}
    parts: dict[int, float] = {}
    for row in tables[_TABLE].where(fact="wksbm_groups").rows():
        code = int(row["bps_code"])
        if code < _PROVINCES:
            groups[code] = row["value"]
        else:
            parts[code // _PROVINCES] = parts.get(code // _PROVINCES, 0.0) + row["value"]
    found = {place(code): max(parts.get(code, 0.0) - whole, 0.0) for code, whole in groups.items()}
    return compare("groups_of_districts", (_TABLE,), found, 0.0, "rows")


def jimpitan_amounts(tables: Tables) -> Check:
    """Measure: what a household gives as jimpitan in a month, in the places that say it."""
    facts = ["jimpitan_per_household_day", "jimpitan_per_household_month"]
    figures = {
        str(number): ("00", row["value"] * _PER_MONTH[row["unit"]])
        for number, row in enumerate(tables[_TABLE].where(fact=facts).rows())
    }
    return known("jimpitan_amounts", (_TABLE,), spread(figures), "percent")


def death_benefits(tables: Tables) -> Check:
    """Measure: what a death fund pays, by place."""
    rows = tables[_TABLE].where(fact="death_benefit_per_death").rows()
    figures = {str(number): ("00", row["value"]) for number, row in enumerate(rows)}
    return known("death_benefits", (_TABLE,), spread(figures), "percent")


def single_groups(tables: Tables) -> Check:
    """Measure: how long groups sleep, and how soon, known from single groups only."""
    facts = ["wksbm_years_dormant", "wksbm_years_until_dormant_max"]
    found = {_at(row): 1.0 for row in tables[_TABLE].where(fact=facts).rows()}
    return known("single_groups", (_TABLE,), found, "rows")


def _at(row: dict[str, Any]) -> str:
    """Write where a row stands."""
    return place(int(row["bps_code"]), int(row["year"]), row["fact"])


COMMUNITY_CHECKS: Final[tuple[Checker, ...]] = (donations_per_household, groups_of_districts)
COMMUNITY_DISAGREEMENTS: Final[tuple[Checker, ...]] = (
    jimpitan_amounts,
    death_benefits,
    single_groups,
)
