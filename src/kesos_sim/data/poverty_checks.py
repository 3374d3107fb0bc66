"""Checks of poverty figures, reserved years and parameters against each other."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from kesos_sim.data.checking import ALL_TABLES, Check, Checker, Tables, compare, weighted
from kesos_sim.data.regions import FIRST_YEAR_DIVIDED
from kesos_sim.data.table import Table

MARCH: Final = 3
_LINE_PARTS: Final = 1.0
_HUNDRED: Final = 100.0
# Tolerances are the rounding of the published figures: poor persons in hundreds or tens, rates
# in hundredths of a point, 2007-2010 in tenths for persons.
_POOR_NATION: Final = 0.25
_POOR_AREAS: Final = 0.15
_P0_AREAS: Final = 0.05
_P1_AREAS: Final = 0.03
_P2_AREAS: Final = 0.015
_DISTRICT_P0: Final = 0.01
_DISTRICT_POOR: Final = 0.06
_RESERVED: Final = frozenset({2020, 2021})
_FIRST_RESERVED_AFTER: Final = 2025
_OUTCOME: Final = re.compile(
    "headcount|poverty rate|gini|poverty gap|poor.population", re.IGNORECASE
)
_TEXTS: Final = ("quantity", "what_it_fixes", "measure", "indicator", "rule", "fact", "note")
_ID: Final = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")

Row = dict[str, Any]
Key = tuple[int, int, int]


def reserved(year: int) -> bool:
    """Say whether outcomes of a year are kept apart for validation.

    Parameters
    ----------
    year : int
        Calendar year.

    Returns
    -------
    bool
        True for 2020, 2021 and from 2025 on.
    """
    return year in _RESERVED or year >= _FIRST_RESERVED_AFTER


def place(*parts: object) -> str:
    """Write a place in the tables, for instance ``33 2024-03 rural``.

    Parameters
    ----------
    *parts : object
        Code, period, area; a (year, month) pair is written as a month, a province code with
        two digits.

    Returns
    -------
    str
        The parts with spaces between.
    """
    return " ".join(filter(None, map(_part, parts)))


def _part(part: object) -> str:
    """Write one part of a place."""
    if isinstance(part, tuple):
        return f"{part[0]}-{part[1]:02d}"
    return f"{part:02d}" if isinstance(part, int) else str(part)


def by_area(table: Table) -> Mapping[Key, Mapping[str, Row]]:
    """Group the rows of a province table by region and month.

    Parameters
    ----------
    table : Table
        Has bps_code, year, month and area.

    Returns
    -------
    mapping of (code, year, month) to mapping of area to row
        In table order.
    """
    groups: dict[Key, dict[str, Row]] = {}
    for row in table.rows():
        groups.setdefault((row["bps_code"], row["year"], row["month"]), {})[row["area"]] = row
    return groups


def implied_population(row: Row) -> float:
    """Return the population to which the survey was weighted.

    Parameters
    ----------
    row : dict
        A row with poor_thousand and poverty_rate_p0.

    Returns
    -------
    float
        Thousand persons.
    """
    return float(row["poor_thousand"]) / float(row["poverty_rate_p0"]) * _HUNDRED


def poor_provinces(tables: Tables) -> Check:
    """Check that poor persons of the provinces add up to the nation's."""
    sums: dict[str, float] = {}
    for (code, year, month), areas in by_area(tables["poverty_province"]).items():
        for area, row in areas.items():
            at = place((year, month), area)
            sign = -1.0 if code == 0 else 1.0
            sums[at] = sums.get(at, 0.0) + sign * row["poor_thousand"]
    return compare("poor_provinces", ("poverty_province",), sums, _POOR_NATION, "thousand_people")


def poor_areas(tables: Tables) -> Check:
    """Check that urban and rural poor persons add up to the total."""
    found = {
        place(code, (year, month)): sum(
            row["poor_thousand"] for area, row in areas.items() if area != "total"
        )
        - areas["total"]["poor_thousand"]
        for (code, year, month), areas in by_area(tables["poverty_province"]).items()
    }
    return compare("poor_areas", ("poverty_province",), found, _POOR_AREAS, "thousand_people")


def _areas_mean(tables: Tables, name: str, column: str, tolerance: float) -> Check:
    """Compare the mean of urban and rural, weighted by implied population, with the total."""
    found: dict[str, float] = {}
    for (code, year, month), areas in by_area(tables["poverty_province"]).items():
        if {"urban", "rural", "total"} <= set(areas):
            pair = (areas["urban"], areas["rural"])
            mean = weighted(
                np.array([row[column] for row in pair]),
                np.array([implied_population(row) for row in pair]),
            )
            found[place(code, (year, month))] = mean - areas["total"][column]
    return compare(name, ("poverty_province",), found, tolerance, "points")


def p0_areas(tables: Tables) -> Check:
    """Check that P0 of urban and rural average to the total."""
    return _areas_mean(tables, "p0_areas", "poverty_rate_p0", _P0_AREAS)


def p1_areas(tables: Tables) -> Check:
    """Check that P1 of urban and rural average to the total."""
    return _areas_mean(tables, "p1_areas", "gap_p1", _P1_AREAS)


def p2_areas(tables: Tables) -> Check:
    """Check that P2 of urban and rural average to the total."""
    return _areas_mean(tables, "p2_areas", "severity_p2", _P2_AREAS)


def order(tables: Tables) -> Check:
    """Check that P2 is at most P1, P1 at most P0, and P1 squared at most P0 times P2."""
    found: dict[str, float] = {}
    for name in ("poverty_province", "poverty_kabupaten"):
        for row in tables[name].rows():
            p0, p1, p2 = row["poverty_rate_p0"], row["gap_p1"], row["severity_p2"]
            at = place(row["bps_code"], (row["year"], row.get("month", MARCH)), row.get("area", ""))
            spread = (max(p1 - 0.005, 0.0) ** 2) / (p0 + 0.005) - (p2 + 0.005)
            found[at] = max(p1 - p0, p2 - p1, spread, -p2, p0 - _HUNDRED, 0.0)
            if any(map(math.isnan, (p0, p1, p2))):
                found[at] = float("nan")
    return compare("order", ("poverty_province", "poverty_kabupaten"), found, 0.0, "points")


def line_parts(tables: Tables) -> Check:
    """Check that the food and the non-food line add up to the line, to the rupiah of rounding."""
    found = {
        place(row["bps_code"], (row["year"], row["month"]), row["area"]): row["poverty_line_idr"]
        - row["poverty_line_food_idr"]
        - row["poverty_line_nonfood_idr"]
        for row in tables["poverty_province"].rows()
    }
    return compare("line_parts", ("poverty_province",), found, _LINE_PARTS, "rupiah")


def district_range(tables: Tables) -> Check:
    """Check that P0 of a province lies between the lowest and the highest of its districts."""
    province: dict[int, tuple[int, int]] = {
        row["bps_code"]: (row["parent_code_34"], row["province_code"])
        for row in tables["districts"].rows()
    }
    rates: dict[tuple[int, int], list[float]] = {}
    for row in tables["poverty_kabupaten"].rows():
        older, newer = province[row["bps_code"]]
        code = newer if row["year"] >= FIRST_YEAR_DIVIDED else older
        rates.setdefault((code, row["year"]), []).append(row["poverty_rate_p0"])
    published = _march_totals(tables)
    found: dict[str, float] = {}
    for (code, year), values in rates.items():
        rate = published[(code, year)]["poverty_rate_p0"]
        found[place(code, year)] = max(np.nanmin(values) - rate, rate - np.nanmax(values), 0.0)
    return compare(
        "district_range", ("poverty_kabupaten", "poverty_province"), found, 0.0, "points"
    )


def _march_totals(tables: Tables) -> Mapping[tuple[int, int], Row]:
    """Return the March rows of whole provinces by code and year."""
    rows = tables["poverty_province"].where(area="total", month=MARCH).rows()
    return {(row["bps_code"], row["year"]): row for row in rows}


def districts_with_population(tables: Tables) -> Mapping[tuple[int, int], Table]:
    """Group the district rows that have an implied population by province and year.

    Parameters
    ----------
    tables : Tables
        The tables of a folder.

    Returns
    -------
    mapping of (province, year) to Table
        District rows.
    """
    table = tables["poverty_kabupaten"]
    table = table.take(~np.isnan(table["implied_susenas_population_thousand"]))
    keys = sorted(set(zip(table["province_code"].tolist(), table["year"].tolist(), strict=True)))
    return {(code, year): table.where(province_code=code, year=year) for code, year in keys}


def district_differences(tables: Tables, column: str) -> Mapping[str, float]:
    """Compare the mean of the districts with the published figure of the province.

    Parameters
    ----------
    tables : Tables
        The tables of a folder.
    column : str
        A column of both poverty tables.

    Returns
    -------
    mapping of str to float
        Mean of the districts, weighted by implied population, minus the province, by place.
    """
    published = _march_totals(tables)
    return {
        place(code, year): weighted(rows[column], rows["implied_susenas_population_thousand"])
        - float(published[(code, year)][column])
        for (code, year), rows in districts_with_population(tables).items()
    }


def district_p0(tables: Tables) -> Check:
    """Check that P0 of the districts averages to the province where the population is known."""
    found = district_differences(tables, "poverty_rate_p0")
    names = ("poverty_kabupaten", "poverty_province")
    return compare("district_p0", names, found, _DISTRICT_P0, "points")


def district_poor(tables: Tables) -> Check:
    """Check that poor persons of the districts add up to the province where they are known."""
    published = _march_totals(tables)
    found = {
        place(code, year): float(rows["poor_thousand"].sum())
        - published[(code, year)]["poor_thousand"]
        for (code, year), rows in districts_with_population(tables).items()
    }
    names = ("poverty_kabupaten", "poverty_province")
    return compare("district_poor", names, found, _DISTRICT_POOR, "thousand_people")


def reserved_years(tables: Tables) -> Check:
    """Check that no outcome of the years kept for validation stands in a table."""
    found: dict[str, float] = {"": 0.0}
    names = (
        "poverty_province",
        "poverty_kabupaten",
        "inequality_province",
        "extreme_poverty",
        "decile_shares",
        "consumption_percentiles",
    )
    for name in names:
        for year in sorted(set(tables[name]["year"].tolist())):
            found[place(name, year)] = float(reserved(year)) * len(tables[name].where(year=year))
    for name in sorted(set(tables) - set(names)):
        table = tables[name]
        texts = [text for text in _TEXTS if text in table]
        for row in table.rows() if texts else ():
            years = _years(row)
            if years and any(_OUTCOME.search(row[text]) for text in texts):
                at = place(name, *(row[key] for key in (table.meta.key if table.meta else ())))
                found[at] = float(any(map(reserved, years)))
    return compare("reserved_years", ALL_TABLES, found, 0.0, "rows")


def _years(row: Row) -> list[int]:
    """Return the years that a row is about."""
    if "year" in row:
        return [] if math.isnan(row["year"]) else [int(row["year"])]
    return [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", row.get("period", ""))]


def parameter_ranges(tables: Tables) -> Check:
    """Check that parameters lie in their ranges, have dotted names, and real ranges if assumed."""
    found: dict[str, float] = {}
    for row in tables["parameters"].rows():
        inside = row["low"] <= row["value"] <= row["high"]
        assumed = row["source"].lower().startswith("assumption")
        real = row["low"] < row["high"] or not assumed
        found[row["id"]] = float(not (inside and real and _ID.fullmatch(row["id"])))
    return compare("parameter_ranges", ("parameters",), found, 0.0, "rows")


POVERTY_CHECKS: Final[tuple[Checker, ...]] = (
    poor_provinces,
    poor_areas,
    p0_areas,
    p1_areas,
    p2_areas,
    order,
    line_parts,
    district_range,
    district_p0,
    district_poor,
    reserved_years,
    parameter_ranges,
)
