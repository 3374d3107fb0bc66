"""What is published for a base month, gathered by province, area and district.

A base month is a March for which poverty of provinces and districts and the Gini are published.
Nothing later than the base is read, apart from the population and household structure of 2017,
which is no outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from kesos_sim.data import Table, read_table
from kesos_sim.data.regions import districts, province_codes, province_of, provinces
from kesos_sim.errors import InputError, nearest
from kesos_sim.population.quantile import AREAS, PERCENT
from kesos_sim.units import Month

__all__ = [
    "CellFigures",
    "DistrictFigures",
    "PublishedFigures",
    "base_months",
    "check_base",
    "household_sizes",
    "published_cells",
    "published_districts",
    "published_figures",
    "published_provinces",
]

SURVEY_MONTH: Final = 3
"""Month of the Susenas round that has district figures."""
THOUSAND: Final = 1000.0
RATIO_YEAR: Final = 2015
"""The only year in which mean expenditure is published for urban and rural areas."""
STRUCTURE_YEAR: Final = 2017
"""Year of the household structure and population of districts."""
_CELL_TABLES: Final = ("poverty_province", "inequality_province")
_NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class CellFigures:
    """Published figures of one province and area.

    Attributes
    ----------
    year : int
        Year of the survey round of March.
    province : int
        BPS code in the boundaries of the year.
    area : int
        0 urban, 1 rural.
    poor : float
        Poor persons.
    p0, p1, p2 : float
        Percent.
    gini : float
        0 to 1.
    line : float
        Rupiah per person per month.
    expenditure : float
        Mean, rupiah per person per month; NaN if unknown.
    grade_expenditure : str
        A published for the area, C split from the total; empty if unknown.
    quality : mapping of str to str
        Quality of the source of ``poverty`` and ``gini``.
    """

    year: int
    province: int
    area: int
    poor: float
    p0: float
    p1: float
    p2: float
    gini: float
    line: float
    expenditure: float
    grade_expenditure: str
    quality: Mapping[str, str]

    @property
    def population(self) -> float:
        """Persons to which the survey is weighted: poor persons over the headcount."""
        return self.poor / (self.p0 / PERCENT)


@dataclass(frozen=True, slots=True)
class DistrictFigures:
    """Published figures of one district; NaN where nothing is published.

    Attributes
    ----------
    code, province : int
        BPS codes; the province is that of the year.
    p0, p1, p2 : float
        Percent.
    line : float
        Rupiah per person per month.
    population : float
        Persons to which the survey of the year is weighted.
    population_2017 : float
        Persons, projection of 2017.
    renting : float
        Percent of households that rent their house, 2017.
    household_size : float
        Persons, Susenas 2017.
    carved_from : int
        Code of the district whose 2017 figures include this one, or 0.
    quality : str
        Quality of the poverty figures.
    """

    code: int
    province: int
    p0: float
    p1: float
    p2: float
    line: float
    population: float
    population_2017: float
    renting: float
    household_size: float
    carved_from: int
    quality: str


def base_months() -> tuple[Month, ...]:
    """Return the months with published figures for every province, area and district.

    Returns
    -------
    tuple of Month
        Ascending.
    """
    years = set(read_table("poverty_kabupaten")["year"].tolist())
    for name in _CELL_TABLES:
        table = read_table(name)
        there = (table["month"] == SURVEY_MONTH) & (table["area"] == AREAS[0])
        years &= set(table["year"][there].tolist())
    table = read_table("poverty_province").where(month=SURVEY_MONTH)
    lines = table["year"][np.isfinite(table["poverty_line_idr"]) & (table["area"] == AREAS[0])]
    return tuple(Month(year, SURVEY_MONTH) for year in sorted(years & set(lines.tolist())))


def check_base(base: Month) -> None:
    """Refuse a month that cannot be a base.

    Parameters
    ----------
    base : Month
        Wanted base month.

    Raises
    ------
    InputError
        If no figures are published for it.
    """
    known = [str(month) for month in base_months()]
    if str(base) not in known:
        raise InputError(
            "KS2001",
            "population.base_month",
            field="start",
            got=str(base),
            expected=", ".join(known),
            suggestion=nearest(str(base), known),
        )


@dataclass(frozen=True, slots=True)
class PublishedFigures:
    """Everything that is published for a base month.

    Attributes
    ----------
    year : int
        Year of the base month.
    cells : mapping of (province, area) to CellFigures
        See `published_cells`.
    districts : mapping of int to DistrictFigures
        See `published_districts`.
    provinces : mapping of int to mapping of str to float
        See `published_provinces`.
    """

    year: int
    cells: Mapping[tuple[int, int], CellFigures]
    districts: Mapping[int, DistrictFigures]
    provinces: Mapping[int, Mapping[str, float]]


def published_figures(year: int) -> PublishedFigures:
    """Gather everything that is published for March of a year.

    Parameters
    ----------
    year : int
        A year of `base_months`.

    Returns
    -------
    PublishedFigures
        Of all provinces and districts.
    """
    return PublishedFigures(
        year, published_cells(year), published_districts(year), published_provinces(year)
    )


def published_cells(year: int) -> dict[tuple[int, int], CellFigures]:
    """Gather the figures of every province and area in March of a year.

    Parameters
    ----------
    year : int
        A year of `base_months`.

    Returns
    -------
    dict of (province, area) to CellFigures
        Provinces in the boundaries of the year, ascending; urban before rural.
    """
    poverty = _by_region_and_area(read_table("poverty_province"), year)
    gini = _by_region_and_area(read_table("inequality_province"), year)
    cells: dict[tuple[int, int], CellFigures] = {}
    for province in province_codes(year):
        for area, name in enumerate(AREAS):
            row = poverty.get((province, name))
            if row is None or not row["poverty_rate_p0"] > 0.0:
                continue
            inequality = gini[province, name]
            cells[province, area] = CellFigures(
                year,
                province,
                area,
                poor=THOUSAND * row["poor_thousand"],
                p0=row["poverty_rate_p0"],
                p1=row["gap_p1"],
                p2=row["severity_p2"],
                gini=inequality["gini"],
                line=row["poverty_line_idr"],
                expenditure=_NAN,
                grade_expenditure="",
                quality={"poverty": row["quality"], "gini": inequality["quality"]},
            )
    return _with_expenditure(cells, year)


def published_districts(year: int) -> dict[int, DistrictFigures]:
    """Gather the figures of every district in March of a year.

    Parameters
    ----------
    year : int
        A year of `base_months`.

    Returns
    -------
    dict of int to DistrictFigures
        All districts, by code.
    """
    table = read_table("poverty_kabupaten").where(year=year)
    poverty = {row["bps_code"]: row for row in table.rows()}
    people = {row["bps_code"]: row for row in read_table("district_population").rows()}
    size = household_sizes()
    found: dict[int, DistrictFigures] = {}
    for code, district in districts().items():
        row = poverty.get(code, {})
        person = people[code]
        found[code] = DistrictFigures(
            code,
            province_of(code, year),
            p0=row.get("poverty_rate_p0", _NAN),
            p1=row.get("gap_p1", _NAN),
            p2=row.get("severity_p2", _NAN),
            line=row.get("poverty_line_idr", _NAN),
            population=THOUSAND * row.get("implied_susenas_population_thousand", _NAN),
            population_2017=person["population"],
            renting=person["renting_percent"],
            household_size=size.get(district.code_until_2023, _NAN),
            carved_from=person["carved_from"],
            quality=row.get("quality", ""),
        )
    return found


def published_provinces(year: int) -> dict[int, dict[str, float]]:
    """Gather the province totals of urban and rural areas together.

    Parameters
    ----------
    year : int
        A year of `base_months`.

    Returns
    -------
    dict of int to dict of str to float
        By province of the year: ``p0``, ``p1``, ``p2`` in percent, ``gini`` (0 to 1),
        ``expenditure`` in rupiah per person per month (NaN if unknown), ``poor`` in persons.
    """
    poverty = _by_region_and_area(read_table("poverty_province"), year)
    gini = _by_region_and_area(read_table("inequality_province"), year)
    spending = _expenditure(year)
    found = {}
    for province in province_codes(year):
        row = poverty.get((province, "total"))
        if row is None:
            continue
        found[province] = {
            "p0": row["poverty_rate_p0"],
            "p1": row["gap_p1"],
            "p2": row["severity_p2"],
            "gini": gini[province, "total"]["gini"],
            "expenditure": spending.get((province, "total"), _NAN),
            "poor": THOUSAND * row["poor_thousand"],
        }
    return found


def _by_region_and_area(table: Table, year: int) -> dict[tuple[int, str], dict[str, Any]]:
    """Index the March rows of a year by region and area."""
    rows = table.where(year=year, month=SURVEY_MONTH).rows()
    return {(row["bps_code"], row["area"]): row for row in rows}


def _expenditure(year: int) -> dict[tuple[int, str], float]:
    """Return mean expenditure of all households by region and area in March of a year."""
    table = read_table("expenditure_province").where(year=year, month=SURVEY_MONTH, group="all")
    return {(row["bps_code"], row["area"]): row["total_idr"] for row in table.rows()}


def _with_expenditure(
    cells: dict[tuple[int, int], CellFigures], year: int
) -> dict[tuple[int, int], CellFigures]:
    """Add mean expenditure: as published by area, or the total split as in the ratio year."""
    spending, earlier = _expenditure(year), _expenditure(RATIO_YEAR)
    parent = {code: province.undivided for code, province in provinces().items()}
    found = {}
    for (province, area), cell in cells.items():
        old = province if (province, AREAS[area]) in earlier else parent[province]
        means = [earlier.get((old, name), _NAN) for name in AREAS]
        parts = [cells.get((province, other)) for other in range(len(AREAS))]
        known = [(part.population, mean) for part, mean in zip(parts, means, strict=True) if part]
        average = sum(people * mean for people, mean in known) / sum(people for people, _ in known)
        own = spending.get((province, AREAS[area]), _NAN)
        split = spending.get((province, "total"), _NAN) * means[area] / average
        value = own if own > 0.0 else split
        grade = "A" if own > 0.0 or len(known) == 1 else "C"
        grade = grade if value > 0.0 else ""
        found[province, area] = replace(cell, expenditure=value, grade_expenditure=grade)
    return found


def household_sizes() -> dict[int, float]:
    """Return the mean household sizes of 2017.

    Returns
    -------
    dict of int to float
        Persons, by district (codes until 2023) and by undivided province.
    """
    table = read_table("household_composition").where(
        indicator="mean_household_size", category="all", area="total", year=STRUCTURE_YEAR
    )
    return dict(zip(table["bps_code"].tolist(), table["value"].tolist(), strict=True))
