"""What is published for a region: what the template shows, and what own figures replace."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from kesos_sim.data.own.layout import AREAS, LAYOUT
from kesos_sim.data.reading import read_table
from kesos_sim.data.regions import districts, districts_of, province_codes
from kesos_sim.data.sources import sources
from kesos_sim.i18n.vocabulary import source_words

__all__ = ["Known", "Place", "areas_of", "published", "regions_of", "row_source"]

Place = tuple[int, str, str]
"""Region, measure and part of a figure."""

LONGEST_SOURCE: Final = 300
_MARCH: Final = 3
_THOUSAND: Final = 1e3
_TRILLION: Final = 1e12
_PERCENT: Final = 100.0
_STRUCTURE_YEAR: Final = 2017
_PROVINCES_BELOW: Final = 100
_POVERTY: Final = {
    "poverty_rate_p0": "p0",
    "gap_p1": "p1",
    "severity_p2": "p2",
    "poverty_line_idr": "line",
}
_SPENDING: Final = (
    "total_expenditure_realised",
    "total_expenditure_budget_revised",
    "total_expenditure_budget",
)
"""Measures of a province's spending, the best first."""
_SCHEMES: Final = {"PKH": "PKH", "SEMBAKO": "SEMBAKO"}
_BODIES: Final = {"pekerja_sosial_profesional": "pekerja_sosial"}
_PART: Final = "sub-provincial"
_BOUND: Final = "lower bound"
_DECIMALS: Final = {c.measure: c.decimals for sheet in LAYOUT.values() for c in sheet.figures}


@dataclass(frozen=True, slots=True)
class Known:
    """A published figure.

    Attributes
    ----------
    value : float
        In the unit of its column, with as many digits as the template shows.
    year : int
        Year that it is of.
    source : str
        Full text of the source.
    quality : str
        ``official``, ``secondary`` or ``estimate``.
    """

    value: float
    year: int
    source: str
    quality: str


def regions_of(region: int, year: int) -> tuple[int, ...]:
    """Return a region with what lies in it.

    Parameters
    ----------
    region : int
        Code of a province or district.
    year : int
        Base year.

    Returns
    -------
    tuple of int
        A province and its districts, or the district alone.
    """
    if region >= _PROVINCES_BELOW:
        return (region,)
    return (region, *districts_of(region, year))


@cache
def published(year: int) -> Mapping[Place, Known]:
    """Return what is published for a base year, by region, measure and part.

    Parameters
    ----------
    year : int
        Base year.

    Returns
    -------
    mapping of (int, str, str) to Known
        Provinces and districts; imputed figures are not in it.
    """
    known: dict[Place, Known] = {}
    found = (_poverty, _districts, _spread, _sizes, _spending, _bodies, _recipients)
    for gather in found:
        for place, figure in gather(year):
            if math.isfinite(figure.value):
                known[place] = figure
    return MappingProxyType(known)


def _figure(measure: str, value: float, year: int, source: str, quality: str) -> Known:
    """Make a figure with the digits of the template."""
    rounded = round(float(value), _DECIMALS[measure]) if math.isfinite(value) else value
    word = quality if quality in ("official", "secondary") else "estimate"
    return Known(float(rounded), year, sources().get(source, source), word)


def _poverty(year: int) -> Iterator[tuple[Place, Known]]:
    """Yield poverty of provinces by area, and the people whom it is weighted to."""
    inside = set(province_codes(year))
    for row in read_table("poverty_province").where(year=year, month=_MARCH).rows():
        code, area = row["bps_code"], row["area"]
        if code not in inside:
            continue
        for column, measure in _POVERTY.items():
            figure = _figure(measure, row[column], year, row["source"], row["quality"])
            yield (code, measure, area), figure
        people = _THOUSAND * row["poor_thousand"] / (row["poverty_rate_p0"] / _PERCENT)
        yield (code, "persons", area), _figure("persons", people, year, row["source"], "derived")


def _districts(year: int) -> Iterator[tuple[Place, Known]]:
    """Yield poverty of districts, and the people of the survey where they follow from it."""
    for row in read_table("poverty_kabupaten").where(year=year).rows():
        code = row["bps_code"]
        if code not in districts():
            continue
        for column, measure in _POVERTY.items():
            figure = _figure(measure, row[column], year, row["source"], row["quality"])
            yield (code, measure, "total"), figure
        people = _THOUSAND * row["implied_susenas_population_thousand"]
        figure = _figure("persons", people, year, row["source"], "derived")
        yield (code, "persons", "total"), figure


def _spread(year: int) -> Iterator[tuple[Place, Known]]:
    """Yield Gini and mean expenditure of provinces by area."""
    inside = set(province_codes(year))
    gini = read_table("inequality_province").where(year=year, month=_MARCH)
    mean = read_table("expenditure_province").where(year=year, month=_MARCH, group="all")
    for table, column, measure in ((gini, "gini", "gini"), (mean, "total_idr", "mean")):
        for row in table.rows():
            if row["bps_code"] in inside:
                figure = _figure(measure, row[column], year, row["source"], row["quality"])
                yield (row["bps_code"], measure, row["area"]), figure


def _sizes(_: int) -> Iterator[tuple[Place, Known]]:
    """Yield household sizes of districts."""
    table = read_table("household_composition").where(
        indicator="mean_household_size", category="all", area="total", year=_STRUCTURE_YEAR
    )
    size = {row["bps_code"]: row for row in table.rows()}
    for code, district in districts().items():
        row = size.get(district.code_until_2023)
        if row is not None:
            figure = _figure(
                "household_size", row["value"], _STRUCTURE_YEAR, row["source"], row["quality"]
            )
            yield (code, "household_size", "total"), figure


def _spending(year: int) -> Iterator[tuple[Place, Known]]:
    """Yield spending of provinces, of the year nearest to the base year."""
    best: dict[int, tuple[tuple[int, int], Known]] = {}
    for row in read_table("apbd_province").where(level="provinsi", measure=list(_SPENDING)).rows():
        if row["unit"] != "IDR trillion":
            continue
        rank = (abs(row["year"] - year), _SPENDING.index(row["measure"]))
        code = row["bps_code"]
        if code not in best or rank < best[code][0]:
            value = row["value"] * _TRILLION
            figure = _figure("amount", value, row["year"], row["source"], row["quality"])
            best[code] = (rank, figure)
    yield from (((code, "amount", "total"), figure) for code, (_, figure) in best.items())


def _bodies(year: int) -> Iterator[tuple[Place, Known]]:
    """Yield numbers of bodies and helpers, the latest of each."""
    rows: list[tuple[str, dict[str, object]]] = [
        (_BODIES.get(row["psks_type"], row["psks_type"]), row | {"value": row["count"]})
        for row in read_table("psks_counts").rows()
        if _PART not in row["note"] and row["psks_type"] != "wksbm"
    ]
    wksbm = read_table("wksbm_community").where(fact="wksbm_groups")
    rows += [("wksbm", row) for row in wksbm.rows()]
    known = set(LAYOUT["organisations"].columns[2].choices)
    dated = [
        (body, row) for body, row in rows if body in known and float(str(row["bps_code"])) > 0.0
    ]
    for body, row in sorted(dated, key=lambda one: _year(one[1], 0)):
        figure = _figure(
            "number",
            float(str(row["value"])),
            _year(row, year),
            str(row["source"]),
            str(row["quality"]),
        )
        yield (int(float(str(row["bps_code"]))), "number", body), figure


def _year(row: Mapping[str, object], default: int) -> int:
    """Return the year of a row, which some do not have."""
    value = float(str(row["year"]))
    return int(value) if math.isfinite(value) else default


def _recipients(year: int) -> Iterator[tuple[Place, Known]]:
    """Yield families of national programmes by province, of the year nearest to the base year."""
    best: dict[tuple[int, str], int] = {}
    for row in read_table("programme_beneficiaries").where(programme=list(_SCHEMES)).rows():
        code, scheme = int(row["region"]), _SCHEMES[row["programme"]]
        usable = 0 < code < _PROVINCES_BELOW and row["unit"] == "households"
        if not usable or _BOUND in row["note"] or not math.isfinite(row["beneficiaries"]):
            continue
        gap = abs(int(row["year"]) - year)
        if gap < best.get((code, scheme), gap + 1):
            best[code, scheme] = gap
            figure = _figure(
                "recipients",
                row["beneficiaries"],
                int(row["year"]),
                row["source"],
                row["quality"],
            )
            yield (code, "recipients", scheme), figure


def areas_of(region: int, year: int) -> tuple[str, ...]:
    """Return the areas that a region has figures of its own for.

    Parameters
    ----------
    region : int
        Code of a province or district.
    year : int
        Base year.

    Returns
    -------
    tuple of str
        Districts have only the whole; a province that is one city has no rural area.
    """
    if region >= _PROVINCES_BELOW:
        return (AREAS[-1],)
    known = published(year)
    return tuple(area for area in AREAS if (region, "p0", area) in known)


def row_source(sources: Sequence[str], lang: str) -> str:
    """Return the published sources of a row of the template in one language.

    Parameters
    ----------
    sources : sequence of str
        Full texts of the sources of its figures.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Joined, and shortened to what a cell of the template may hold.
    """
    joined = source_words("; ".join(dict.fromkeys(sources)), lang)
    return joined if len(joined) <= LONGEST_SOURCE else joined[: LONGEST_SOURCE - 1] + "…"
