"""Views that are computed from the tables and partly imputed, as the model sees them.

Every row names the quality of the figure behind it or the grade of the imputation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.data.regions import expand_region, region_name
from kesos_sim.data.table import Column, Table, TableMeta
from kesos_sim.i18n import LANGUAGES
from kesos_sim.i18n.numbers import month_name

if TYPE_CHECKING:
    from kesos_sim.population.targets import Targets
    from kesos_sim.units import Month

__all__ = ["DERIVED", "Derived"]

_PERSONS: Final = "persons"
_LINE: Final = "rupiah per person and month"
_GRADE: Final = "grade A-D"
_AREAS: Final = ("urban", "rural")


def _code(name: str) -> Column:
    return Column(name, "code", "BPS code")


def _text(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "text") for name in names)


def _number(unit: str, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "number", unit) for name in names)


@dataclass(frozen=True, slots=True)
class Derived:
    """A view that is made when it is asked for.

    Attributes
    ----------
    name : str
        Name in ``kesos data show``; texts are ``cli.derived.<name>``.
    columns : tuple of Column
        Its columns.
    make : callable
        Returns the columns' values for a base month.
    """

    name: str
    columns: tuple[Column, ...]
    make: Callable[[Month], Mapping[str, Any]]

    @property
    def title(self) -> Mapping[str, str]:
        """What it holds, in both languages."""
        return {lang: i18n.text(f"cli.derived.{self.name}", lang) for lang in LANGUAGES}

    def table(self, base: Month) -> Table:
        """Make the view.

        Parameters
        ----------
        base : Month
            Base month; its year decides about budgets and quotas.

        Returns
        -------
        Table
            With the texts that describe it.

        Raises
        ------
        InputError
            If there are no published figures for the month.
        """
        from kesos_sim.population.targets_published import check_base

        check_base(base)
        meta = TableMeta(
            name=self.name,
            domain="derived",
            title=self.title,
            origin={lang: f"kesos-sim, {month_name(base, lang)}" for lang in LANGUAGES},
            coverage={lang: i18n.text("cli.derived.coverage", lang) for lang in LANGUAGES},
            used_for={lang: i18n.text("cli.derived.used_for", lang) for lang in LANGUAGES},
            version=1,
            key=(),
            grade="",
            columns=self.columns,
        )
        values = self.make(base)
        return Table.from_columns(self.name, {c.name: values[c.name] for c in self.columns}, meta)


@cache
def _targets(base: Month) -> Targets:
    """Return what the population of the whole country has to reproduce."""
    from kesos_sim.institutions.rules import default_parameter
    from kesos_sim.population.targets import published_targets

    return published_targets(expand_region("indonesia", base.year), base, default_parameter)


def _budgets(base: Month) -> Mapping[str, Any]:
    from kesos_sim.institutions.budgets import budget_table

    return budget_table(base.year).columns


def _quotas(base: Month) -> Mapping[str, Any]:
    from kesos_sim.institutions.programmes import schedule
    from kesos_sim.institutions.quotas import quota_table

    return quota_table(schedule(base, _usual)).columns


def _psks(base: Month) -> Mapping[str, Any]:
    from kesos_sim.institutions.psks import psks_table
    from kesos_sim.institutions.rules import default_parameter

    return psks_table(base.year, default_parameter).columns


def _usual(lever: str) -> float:
    """Return a lever's setting without a scenario; NaN where that is what there is today."""
    from kesos_sim.scenario.levers import LEVERS

    default = LEVERS[lever].default
    return math.nan if default is None else default


def _strata(base: Month) -> Mapping[str, Any]:
    strata = _targets(base).strata
    names = strata.__slots__
    return {name: getattr(strata, name) for name in names} | {
        "name": [region_name(code, "id") for code in strata.district.tolist()],
        "area": [_AREAS[area] for area in strata.area.tolist()],
    }


def _cells(base: Month) -> Mapping[str, Any]:
    cells = _targets(base).cells
    return {name: getattr(cells, name) for name in cells.__slots__} | {
        "name": [region_name(code, "id") for code in cells.province.tolist()],
        "area": [_AREAS[area] for area in cells.area.tolist()],
    }


def _fit(base: Month) -> Mapping[str, Any]:
    rows = _targets(base).report()
    return {name: [getattr(row, name) for row in rows] for name in rows[0]._fields}


_ALL: Final = (
    Derived(
        "budgets",
        (
            _code("bps_code"),
            *_text("name", "level"),
            *_number("rupiah of the base year", "gross", "passed_on", "own"),
            *_number("share of own net spending", "share_now", "room"),
            Column("figure_year", "int", "year of the figure, 0 for none"),
            *_text("quality", "method"),
        ),
        _budgets,
    ),
    Derived(
        "quotas",
        (
            *_text("programme"),
            _code("bps_code"),
            *_text("province"),
            *_number("see unit", "quota"),
            *_text("unit", "quality", "source"),
        ),
        _quotas,
    ),
    Derived(
        "psks",
        (
            _code("bps_code"),
            *_text("name", "kind"),
            *_number("persons or bodies", "count"),
            *_text("quality", "method"),
        ),
        _psks,
    ),
    Derived(
        "strata",
        (
            _code("district"),
            *_text("name"),
            _code("province"),
            *_text("area"),
            *_number(_PERSONS, "population"),
            Column("grade_population", "text", _GRADE),
            *_number("percent", "p0"),
            Column("grade_p0", "text", _GRADE),
            *_number(_LINE, "line"),
            Column("grade_line", "text", _GRADE),
            *_number("persons per household", "mean_household_size"),
            Column("grade_household_size", "text", _GRADE),
        ),
        _strata,
    ),
    Derived(
        "cells",
        (
            _code("province"),
            *_text("name", "area"),
            *_number(_PERSONS, "population"),
            *_number(_LINE, "line"),
            *_number("percent", "p0", "p1", "p2"),
            *_text("quality_poverty"),
            *_number("0 to 1", "gini"),
            *_text("quality_gini"),
            *_number("ratio to the poverty line", "mean_welfare"),
            Column("grade_mean", "text", _GRADE),
        ),
        _cells,
    ),
    Derived(
        "fit",
        (
            *_text("level"),
            _code("code"),
            *_text("area", "measure"),
            *_number("unit of the measure", "published", "fitted", "difference"),
            *_text("quality"),
            Column("grade", "text", _GRADE),
        ),
        _fit,
    ),
)

DERIVED: Final[Mapping[str, Derived]] = MappingProxyType({view.name: view for view in _ALL})
"""Every view by its name."""
