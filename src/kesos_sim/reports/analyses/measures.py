"""What the analyses can be about: every yearly measure of the tables, by province and district."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kesos_sim import i18n
from kesos_sim.errors import InputError, nearest
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import Direction, Indicator, indicator
from kesos_sim.reports.values import point_decimals, say, say_difference

__all__ = ["MEASURES", "Measure", "Origin", "measure_of"]

_MARCH: Final = 3
_AUGUST: Final = 8
_THOUSAND: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Origin:
    """A column of a table that holds a measure.

    Attributes
    ----------
    table, column : str
        Names in the registry.
    scale : float
        What the column is multiplied by to come into the unit of the measure.
    month : int
        Month of the figures; 0 where they belong to the year. Only this month is read, so that
        years can be compared.
    where : tuple of (str, str)
        Columns that have to hold a word.
    """

    table: str
    column: str
    scale: float = 1.0
    month: int = 0
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of regions by year.

    Attributes
    ----------
    definition : Indicator
        Name, unit, direction and digits.
    origins : tuple of Origin
        Where its figures are, the first being preferred.
    survey : bool
        Whether a sample survey finds it, so that it has sampling error.
    parts : tuple of str
        Measures that are computed from the same poor people, so that they move together whatever
        the cause.
    """

    definition: Indicator
    origins: tuple[Origin, ...]
    survey: bool = True
    parts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Stable name."""
        return self.definition.name

    @property
    def better(self) -> Direction:
        """Which way is better."""
        return self.definition.direction

    @property
    def counts(self) -> bool:
        """Whether figures of parts add up to the whole."""
        return self.definition.unit == "persons"

    @property
    def month(self) -> int:
        """Month of its figures, 0 for the whole year."""
        return self.origins[0].month

    def label(self, lang: str) -> str:
        """Return the name on screens, a noun phrase."""
        key = f"analyses.measure.{self.name}"
        return i18n.text(key, lang) if i18n.has(key) else self.definition.label(lang)

    def label_inside(self, lang: str) -> str:
        """Return the name inside a sentence."""
        label = self.label(lang)
        return label if label[:4].isupper() else label[:1].lower() + label[1:]

    def unit(self, lang: str) -> str:
        """Return the unit in words."""
        key = f"analyses.unit.{self.name}"
        return i18n.text(key, lang) if i18n.has(key) else self.definition.unit_label(lang)

    def axis(self, largest: float, lang: str) -> tuple[float, str]:
        """Return what values are divided by on an axis, and the unit that they then have."""
        millions = 1e6
        if largest < millions:
            return 1.0, self.unit(lang)
        unit = f"{i18n.text('numbers.million', lang)} {self.unit(lang)}"
        return millions, unit

    def say(self, value: float, lang: str) -> str:
        """Write a value with the digits in which it is published."""
        if self.counts:
            return numbers.people(value, lang)
        return say(value, self.definition, lang)

    def cell(self, value: float, lang: str) -> str:
        """Write a value for a table; a dash for what is missing."""
        return say(value, self.definition, lang)

    def size(self, difference: float, lang: str) -> str:
        """Write the size of a difference with its unit, without a sign."""
        size = abs(difference)
        if self.definition.unit == "percent":
            return numbers.points(size, lang, max(point_decimals(size), 1))
        if self.counts:
            return numbers.people(size, lang)
        return say(size, self.definition, lang)

    def change(self, difference: float, lang: str) -> str:
        """Write a difference with its sign and its unit."""
        if self.definition.unit != "percent":
            return self.signed(difference, lang)
        decimals = self.definition.decimals
        return numbers.points(difference, lang, decimals, signed=True)

    def signed(self, difference: float, lang: str) -> str:
        """Write a difference for a table, with its sign."""
        return say_difference(difference, self.definition, lang)

    def period(self, year: int, lang: str) -> str:
        """Write when a figure is from: month and year, or the year."""
        if not self.month:
            return str(year)
        return numbers.month_name(_Month(year, self.month), lang)


@dataclass(frozen=True, slots=True)
class _Month:
    year: int
    month: int


def _own(name: str, unit: str, direction: Direction, decimals: int) -> Indicator:
    """Define a measure that no result of the model has."""
    return Indicator(
        name=name,
        family=name,
        part="",
        unit=unit,
        direction=direction,
        decimals=decimals,
        spoken=decimals,
        flow=False,
        of="run",
        sdg=(),
    )


def _poverty(name: str, column: str, scale: float = 1.0) -> Measure:
    """Return a measure of poverty, published for March by province and district."""
    family = ("poverty_rate", "poverty_gap", "poverty_severity", "poor_people")
    return Measure(
        indicator(name),
        (
            Origin("poverty_province", column, scale, _MARCH, (("area", "total"),)),
            Origin("poverty_kabupaten", column, scale, _MARCH),
        ),
        parts=tuple(other for other in family if other != name),
    )


_TOTAL: Final = (("area", "total"),)
_MEASURES: Final = (
    _poverty("poverty_rate", "poverty_rate_p0"),
    _poverty("poverty_gap", "gap_p1"),
    _poverty("poverty_severity", "severity_p2"),
    _poverty("poor_people", "poor_thousand", _THOUSAND),
    Measure(
        indicator("extreme_poverty_rate"),
        (Origin("extreme_poverty", "extreme_poverty_rate", month=_MARCH),),
    ),
    Measure(
        indicator("gini"), (Origin("inequality_province", "gini", month=_MARCH, where=_TOTAL),)
    ),
    Measure(
        _own("bottom40_share", "percent", "higher", 2),
        (Origin("inequality_province", "share_bottom40", month=_MARCH, where=_TOTAL),),
        parts=("gini",),
    ),
    Measure(
        _own("mean_expenditure", "rupiah/person/month", "higher", 0),
        (
            Origin(
                "expenditure_province",
                "total_idr",
                month=_MARCH,
                where=(*_TOTAL, ("group", "all")),
            ),
        ),
    ),
    Measure(
        _own("poverty_line", "rupiah/person/month", "neutral", 0),
        (
            Origin("poverty_province", "poverty_line_idr", month=_MARCH, where=_TOTAL),
            Origin("poverty_kabupaten", "poverty_line_idr", month=_MARCH),
        ),
        survey=False,
    ),
    Measure(
        _own("population", "persons", "neutral", 0),
        (
            Origin("population_province", "population_thousand", _THOUSAND),
            Origin("poverty_kabupaten", "population_thousand", _THOUSAND),
            Origin("district_population", "population"),
        ),
        survey=False,
    ),
    Measure(
        _own("urban_share", "percent", "neutral", 1),
        (Origin("population_province", "urban_share_percent"),),
        survey=False,
    ),
    Measure(
        _own("household_size", "index", "neutral", 2),
        (
            Origin(
                "household_composition",
                "value",
                month=_MARCH,
                where=(*_TOTAL, ("indicator", "mean_household_size"), ("category", "all")),
            ),
        ),
    ),
    Measure(
        _own("growth", "percent", "higher", 2),
        (Origin("growth_prices", "gdp_growth_percent"),),
        survey=False,
    ),
    Measure(
        _own("inflation", "percent", "lower", 2),
        (Origin("growth_prices", "cpi_inflation_percent"),),
        survey=False,
    ),
    Measure(
        _own("unemployment", "percent", "lower", 2),
        (Origin("growth_prices", "unemployment_percent", month=_AUGUST),),
    ),
)
MEASURES: Final[Mapping[str, Measure]] = MappingProxyType({one.name: one for one in _MEASURES})
"""Every measure by its name, the measures of poverty first."""


def measure_of(name: str) -> Measure:
    """Return a measure by its name.

    Parameters
    ----------
    name : str
        One of `MEASURES`.

    Returns
    -------
    Measure

    Raises
    ------
    InputError
        If there is no such measure.
    """
    if name not in MEASURES:
        raise InputError(
            "KS7001",
            "analyses.unknown_measure",
            field="measure",
            got=name,
            expected=", ".join(MEASURES),
            suggestion=nearest(name, MEASURES),
        )
    return MEASURES[name]
