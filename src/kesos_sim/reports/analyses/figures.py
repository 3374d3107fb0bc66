"""The yearly figures of a measure, where they come from, and what is missing."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.data import read_table
from kesos_sim.data.reading import meta_of
from kesos_sim.data.regions import (
    NATION,
    codes_named,
    districts,
    districts_of,
    province_codes,
    province_of,
    provinces,
    region_name,
)
from kesos_sim.errors import InputError
from kesos_sim.i18n.numbers import EN_DASH
from kesos_sim.i18n.vocabulary import word
from kesos_sim.reports.analyses.measures import MEASURES, Measure, Origin

__all__ = ["PUBLISHED", "Figure", "Figures", "Place", "breaks", "missing", "place_of", "sources"]

_PROVINCES: Final = 100
_ANY: Final = "any"
_RESERVED: Final = (2020, 2021)
"""Years whose outcomes are kept for validation and are in no table."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one region in one year.

    Attributes
    ----------
    value : float
        In the unit of the measure.
    quality : str
        As the tables have it: official, secondary, estimate.
    table : str
        Table it was read from; empty for a user's own figure.
    origin : str
        Who produced a figure that is in no table.
    """

    value: float
    quality: str
    table: str
    origin: str = ""

    @property
    def own(self) -> bool:
        """Whether it is a user's own, not published."""
        return not self.table


Series = Mapping[int, Figure]
"""Figures of a region by year, ascending."""


@dataclass(frozen=True)
class Figures:
    """The figures of all measures: those of the tables, and a user's own in their place.

    Attributes
    ----------
    own : mapping of (str, int, int) to Figure
        A user's own figures by measure, region code and year.
    """

    own: Mapping[tuple[str, int, int], Figure] = field(default_factory=dict)

    def of(self, measure: Measure, region: int) -> Series:
        """Return the series of a region; empty where nothing is known.

        Parameters
        ----------
        measure : Measure
            What is asked for.
        region : int
            BPS code; 0 for Indonesia.

        Returns
        -------
        mapping of int to Figure
            By year, ascending.
        """
        found = _published(measure.name).get(region, {})
        if not self.own:
            return found
        found = dict(found)
        found |= {
            year: figure
            for (name, code, year), figure in self.own.items()
            if name == measure.name and code == region
        }
        return dict(sorted(found.items()))

    def values(self, measure: Measure, regions: Iterable[int], year: int) -> dict[int, Figure]:
        """Return the figures of several regions in a year, without those that have none."""
        found = {code: self.of(measure, code).get(year) for code in regions}
        return {code: figure for code, figure in found.items() if figure is not None}


PUBLISHED: Final = Figures()
"""The figures of the tables alone."""


@dataclass(frozen=True, slots=True)
class Place:
    """A region and where it belongs.

    Attributes
    ----------
    code : int
        BPS code.
    level : {"nation", "province", "district"}
        What it is.
    """

    code: int
    level: str

    @property
    def parent(self) -> int:
        """Province of a district; Indonesia for a province."""
        return province_of(self.code) if self.level == "district" else NATION

    @property
    def above(self) -> tuple[int, ...]:
        """What the region is a part of, the nearest first."""
        if self.level == "nation":
            return ()
        return (self.parent, NATION) if self.level == "district" else (NATION,)

    def peers(self, year: int) -> tuple[int, ...]:
        """Return the regions of its kind that statistics of a year know, itself among them."""
        if self.level == "district":
            return districts_of(self.parent)
        return province_codes(year)

    def parts(self, year: int) -> tuple[int, ...]:
        """Return what it consists of: provinces of the nation, districts of a province."""
        return province_codes(year) if self.level == "nation" else districts_of(self.code)

    def name(self, lang: str) -> str:
        """Return its name in running text."""
        return region_name(self.code, lang)


def place_of(region: str | int, levels: Collection[str] = ("province", "district")) -> Place:
    """Find the region that is meant.

    Parameters
    ----------
    region : str or int
        BPS code or name.
    levels : collection of str
        Kinds of region that the analysis is for.

    Returns
    -------
    Place

    Raises
    ------
    InputError
        If there is no such region, it is several, or of a kind that the analysis is not for.

    Examples
    --------
    >>> place_of("Blora").code, place_of(33).code
    (3316, 33)
    """
    text = str(region).strip()
    codes = (int(text),) if text.isascii() and text.isdigit() else codes_named(text)
    if len(codes) != 1:
        raise InputError("KS7002", "analyses.one_region", field="region", got=region)
    (code,) = codes
    region_name(code, "id")
    level = "nation" if code == NATION else "province" if code < _PROVINCES else "district"
    if level not in levels:
        raise InputError("KS7003", "analyses.wrong_level", field="region", got=region)
    return Place(code, level)


def missing(measure: Measure, place: Place, years: Iterable[int], need: int) -> InputError:
    """Say politely that a region has too few figures, and what could be supplied.

    Parameters
    ----------
    measure : Measure
        What was asked for.
    place : Place
        Of which region.
    years : iterable of int
        Years for which there is a figure.
    need : int
        How many figures the analysis needs.

    Returns
    -------
    InputError
        To be raised.
    """
    known = ", ".join(map(str, years))
    return InputError(
        "KS7004",
        "analyses.missing",
        field="region",
        got=f"{place.code:02d} {place.name(i18n.default_language())}",
        measure={lang: measure.label_inside(lang) for lang in i18n.LANGUAGES},
        years=known or {lang: i18n.text("analyses.no_year", lang) for lang in i18n.LANGUAGES},
        need=need,
    )


def reserved(years: Iterable[int]) -> tuple[int, ...]:
    """Return the years between the first and the last that are kept for validation."""
    known = sorted(years)
    return tuple(y for y in _RESERVED if known and known[0] < y < known[-1] and y not in known)


@cache
def _published(name: str) -> Mapping[int, Mapping[int, Figure]]:
    """Read the figures of a measure: by region, then year."""
    found: dict[int, dict[int, Figure]] = {}
    for origin in MEASURES[name].origins:
        for code, year, figure in _read(origin):
            found.setdefault(code, {}).setdefault(year, figure)
    return {code: dict(sorted(series.items())) for code, series in found.items()}


def _read(origin: Origin) -> Iterable[tuple[int, int, Figure]]:
    """Go through the figures of one column."""
    table = read_table(origin.table)
    conditions: dict[str, Any] = dict(origin.where)
    if origin.month and "month" in table:
        conditions["month"] = origin.month
    present = _present_codes() if origin.table == "household_composition" else {}
    for row in table.where(**conditions).rows():
        value = float(row[origin.column])
        if math.isfinite(value):
            code = int(row["bps_code"])
            figure = Figure(origin.scale * value, str(row["quality"]), origin.table)
            yield present.get(code, code), int(row["year"]), figure


@cache
def _present_codes() -> Mapping[int, int]:
    """Return the present code of districts by the code in older statistics."""
    return {one.code_until_2023: one.code for one in districts().values()}


def breaks(measure: Measure, region: int, years: Collection[int], lang: str) -> dict[int, str]:
    """Return the breaks of a series.

    Parameters
    ----------
    measure : Measure
        The measure.
    region : int
        BPS code.
    years : collection of int
        Years of the series; breaks outside it are left out.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    dict of int to str
        What changed, by the first year after the break, ascending.
    """
    found: dict[int, list[str]] = {}
    own = {int(row["year"]): row for row in _breaks(measure.name, region)}
    general = {int(row["year"]): row for row in _breaks(_ANY, region)}
    # Where a measure has its own year for a region, the general one does not hold for it.
    special = any(row["bps_code"] == region for row in own.values())
    rows = own if special else general | own
    for year, row in rows.items():
        if years and min(years) < year <= max(years):
            found.setdefault(year, []).append(str(row[f"text_{lang}"]))
    return {year: "; ".join(texts) for year, texts in sorted(found.items())}


def moved(measure: Measure, region: int, since: int, until: int) -> bool:
    """Say whether what a region's figures are about has changed between two years.

    Parameters
    ----------
    measure : Measure
        The measure.
    region : int
        BPS code.
    since, until : int
        The years.

    Returns
    -------
    bool
        True for a break of this region alone, such as a division; one that all regions share
        leaves them comparable with each other.
    """
    rows = [*_breaks(measure.name, region), *_breaks(_ANY, region)]
    own = [row for row in rows if row["bps_code"] == region != NATION]
    return any(since < int(row["year"]) <= until for row in own)


def _breaks(name: str, region: int) -> Iterable[dict[str, Any]]:
    """Return rows of the table of breaks for a measure in a region."""
    rows = read_table("series_breaks").where(measure=name, bps_code=(0, region)).rows()
    return sorted(rows, key=lambda row: (row["bps_code"], row["year"]))


def sources(used: Mapping[str, Mapping[int, Iterable[Figure]]], lang: str, *more: str) -> str:
    """Say where figures come from: who produced them, of which years, and their quality.

    Parameters
    ----------
    used : mapping of str to mapping of int to iterable of Figure
        Figures by name of the measure and by year.
    lang : str
        ``id`` or ``en``.
    *more : str
        Further sources.

    Returns
    -------
    str
        A sentence.
    """
    tables: dict[str, tuple[set[int], set[str]]] = {}
    for by_year in used.values():
        for year, figures in by_year.items():
            for figure in figures:
                name = _origin(figure, lang)
                years, qualities = tables.setdefault(name, (set(), set()))
                years.add(year)
                qualities.add(word("quality", figure.quality, lang))
    listed = [
        i18n.text(
            "analyses.source_of",
            lang,
            origin=name,
            years=spans(years),
            quality=", ".join(sorted(qualities)),
        )
        for name, (years, qualities) in tables.items()
    ]
    own = i18n.text("charts.own", lang)
    return i18n.text("charts.source", lang, sources="; ".join([*listed, *more, own]))


def _origin(figure: Figure, lang: str) -> str:
    if figure.own:
        return i18n.text("own_data.result.source", lang, source=figure.origin)
    return meta_of(figure.table).origin[lang]


def spans(years: Iterable[int]) -> str:
    """Write years, those that follow on each other as a range."""
    ordered = sorted(years)
    groups: list[list[int]] = []
    for year in ordered:
        if groups and year == groups[-1][-1] + 1:
            groups[-1].append(year)
        else:
            groups.append([year])
    return ", ".join(
        str(group[0]) if len(group) == 1 else f"{group[0]}{EN_DASH}{group[-1]}" for group in groups
    )


def names(regions: Iterable[int], lang: str) -> str:
    """List regions by name."""
    return ", ".join(short_name(code, lang) for code in regions)


def short_name(region: int, lang: str) -> str:
    """Return the name of a region without the word Kabupaten, for lists and charts."""
    if region in districts():
        return districts()[region].name
    return provinces()[region].name[lang] if region in provinces() else region_name(region, lang)
