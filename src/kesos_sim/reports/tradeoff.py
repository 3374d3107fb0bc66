"""Coordination and cash of the same cost beside each other: sentence titles, tables, files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import Indicator, indicator
from kesos_sim.reports.context import in_language
from kesos_sim.reports.export import export_beside
from kesos_sim.reports.tables import TextTable, record_table
from kesos_sim.reports.values import range_cell, say, say_difference, say_money

if TYPE_CHECKING:
    from kesos_sim.experiments.tradeoff import Tradeoff

__all__ = [
    "export_tradeoff",
    "intro",
    "readings",
    "rows_of",
    "say_change",
    "sentences",
    "title",
    "tradeoff_table",
]

_FIELDS: Final = ("effect", "package", "rupiah", "value", "baseline", "difference", "low", "high")
_HEADS: Final = {"effect": False, "package": False} | dict.fromkeys(
    ("rupiah", "value", "baseline", "difference", "band"), True
)
_COORDINATION: Final = "coordination"
_CASH: Final = "cash"
_POVERTY: Final = "poverty_rate"
_DAYS: Final = "days_to_service"


def rows_of(found: Tradeoff, name: str) -> list[dict[str, Any]]:
    """Return the rows of an indicator.

    Parameters
    ----------
    found : Tradeoff
        The comparison of packages.
    name : str
        The indicator.

    Returns
    -------
    list of dict
        See `Tradeoff`; by effect, then by package.
    """
    return [dict(row) for row in found.rows if row["indicator"] == name]


def title(found: Tradeoff, name: str, lang: str) -> str:
    """Say what coordination alone does to an indicator, whatever it is able to do.

    Parameters
    ----------
    found : Tradeoff
        The comparison of packages.
    name : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        That it hardly moves, where no guess changes it by what is worth a word; otherwise the
        change with each guess of the effect.
    """
    definition = indicator(name)
    alone = {row["effect"]: row for row in rows_of(found, name) if row["package"] == _COORDINATION}
    label, bands = definition.label(lang), {}
    for effect, row in alone.items():
        low, high = (say_difference(row[end], definition, lang) for end in ("low", "high"))
        bands[effect] = range_cell(low, high, lang)
    changes = {
        effect: say_change(row["difference"], definition, lang) for effect, row in alone.items()
    }
    changes |= {
        effect: i18n.text("tradeoff.banded", lang, change=changes[effect], band=band)
        for effect, band in bands.items()
        if band != numbers.EN_DASH
    }
    hardly = all(abs(row["difference"]) < definition.negligible for row in alone.values())
    key = "tradeoff.title_hardly" if hardly else "tradeoff.title_moves"
    return i18n.text(key, lang, indicator=label, **changes)


def say_change(value: float, definition: Indicator, lang: str) -> str:
    """Write a difference with as many decimals as sentences of the indicator have, and its unit.

    Parameters
    ----------
    value : float
        The difference, in the unit of the indicator.
    definition : Indicator
        Its definition.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    if definition.unit == "percent":
        return numbers.points(value, lang, definition.decimals)
    words = say_difference(value, definition, lang)
    return f"{words} {definition.unit_label(lang)}" if definition.unit == "days" else words


def intro(found: Tradeoff, lang: str) -> str:
    """Say what is compared, and what the figures are."""
    (package,) = found.comparison.alternatives
    words = in_language(package.scenario.title, lang)
    return i18n.text("tradeoff.intro", lang, scenario=words, seeds=found.seeds)


def readings(found: Tradeoff, lang: str) -> tuple[str, ...]:
    """Say what to make of the figures, of cash that moves nothing, and of days if they rise."""
    cash = [row for row in rows_of(found, _POVERTY) if row["package"] == _CASH]
    still = all(abs(row["difference"]) < indicator(_POVERTY).negligible for row in cash)
    rise = any(row["difference"] > 0.0 for row in rows_of(found, _DAYS))
    keys = ("reading", *(("cash_still",) if still else ()), *(("days",) if rise else ()))
    return tuple(i18n.text(f"tradeoff.{key}", lang) for key in keys)


def sentences(found: Tradeoff, lang: str) -> tuple[str, ...]:
    """Say what is compared, what coordination alone does, and what to make of it.

    Parameters
    ----------
    found : Tradeoff
        The comparison of packages.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
    """
    moved = dict.fromkeys(str(row["indicator"]) for row in found.rows)
    by_indicator = (title(found, name, lang) + "." for name in moved)
    return intro(found, lang), *by_indicator, *readings(found, lang)


def tradeoff_table(found: Tradeoff, name: str, lang: str) -> TextTable:
    """List what each package changes with each guess of the effect.

    Parameters
    ----------
    found : Tradeoff
        The comparison of packages.
    name : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        A row for each guess and package, with the money of a year and the band over seeds.
    """
    definition = indicator(name)

    def cells(row: Mapping[str, Any]) -> list[str]:
        low, high = (say_difference(row[end], definition, lang) for end in ("low", "high"))
        return [
            i18n.text(f"tradeoff.short_{row['effect']}", lang),
            i18n.text(f"tradeoff.package_{row['package']}", lang),
            say_money(row["rupiah"], lang),
            say(row["value"], definition, lang),
            say(row["baseline"], definition, lang),
            say_difference(row["difference"], definition, lang),
            range_cell(low, high, lang),
        ]

    return record_table(
        f"tradeoff_{name}",
        title(found, name, lang),
        "tradeoff.column_",
        _HEADS,
        _FIELDS,
        [(cells(row), row) for row in rows_of(found, name)],
        lang,
    )


def export_tradeoff(found: Tradeoff, path: str | os.PathLike[str], lang: str) -> Path:
    """Write the packages as the folder of the comparison that they rest on.

    Parameters
    ----------
    found : Tradeoff
        The comparison of packages.
    path : path
        Folder to write.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    pathlib.Path
        The folder, with ``tradeoff.parquet`` (all rows) and a chart for each indicator beside the
        files of the comparison of coordination with no package.
    """
    from kesos_sim.experiments.tradeoff import INDICATORS

    return export_beside(
        found.comparison,
        path,
        lang,
        found.seconds,
        told=sentences(found, lang),
        frames={"tradeoff": found.frame()},
        further=[found.chart(name, lang) for name in INDICATORS],
    )
