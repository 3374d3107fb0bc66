"""Which column on screens says what a column of data holds, so that sheets speak as screens do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.indicators.definitions import indicators
from kesos_sim.reports.tables import Cell, TextTable
from kesos_sim.reports.values import difference_unit, unit_words
from kesos_sim.units import Month

__all__ = ["code_words", "headings", "spoken_by"]

_MONTH: Final = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
_PAIRS: Final = (("low", "high"), ("best", "worst"))
"""Ends of a range, which is one column on screens and two of data."""


def spoken_by(table: TextTable) -> tuple[int | None, ...]:
    """Return for every field of a table the column on screens that shows it.

    Parameters
    ----------
    table : TextTable
        A table. Its fields are in the order of its columns; the two ends of a range share one, and
        one field more at the end has none.

    Returns
    -------
    tuple of int or None
        As long as the fields. Only columns of words before the first number where the order of
        the fields does not lead through all columns.

    Examples
    --------
    >>> from kesos_sim.reports.tables import Column, TextTable
    >>> columns = Column("Unit", numeric=False), Column("Change"), Column("Range")
    >>> fields = ("unit", "difference", "low", "high", "n")
    >>> spoken_by(TextTable("t", "", columns, (), fields, ()))
    (0, 1, 2, 2, None)
    """
    if len(table.columns) == len(table.fields):
        return tuple(range(len(table.fields)))
    found: list[int | None] = []
    column = 0
    for place, field in enumerate(table.fields):
        if place and found[-1] is not None and _is_end(table.fields[place - 1], field):
            found.append(found[-1])
        else:
            found.append(column if column < len(table.columns) else None)
            column += 1
    if 0 <= column - len(table.columns) <= 1 and _fits(table, found):
        return tuple(found)
    words = [column.numeric for column in table.columns]
    first = words.index(True) if True in words else len(words)
    return tuple(place if place < first else None for place in range(len(table.fields)))


def headings(table: TextTable, lang: str) -> list[str]:
    """Return the headings of the columns of data in words.

    Parameters
    ----------
    table : TextTable
        A table.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of str
        As screens have them, with the units of their numbers; the ends of a range say of what
        they are.
    """
    told: list[str] = []
    shown = spoken_by(table)
    for place, field in enumerate(table.fields):
        column = shown[place]
        if column is None:
            told.append(_with_unit(_named(field, lang), _unit_of(field, table.fields, lang), lang))
            continue
        of, end = table.columns[column], _end(field)
        if shown.count(column) == 1 or end is None:
            told.append(_with_unit(of.label, of.unit, lang))
            continue
        stem = field.removesuffix(f"_{end}")
        middle = shown[table.fields.index(stem)] if stem in table.fields else None
        of = of if middle is None else table.columns[middle]
        label = i18n.text(f"office.end_{end}", lang, column=of.label)
        told.append(_with_unit(label, of.unit or table.columns[column].unit, lang))
    return told


def code_words(field: str, value: Cell, lang: str) -> str | None:
    """Return a code of data that no screen shows in words.

    Parameters
    ----------
    field : str
        Name of the column of data.
    value : str, int, float or None
        What the cell holds.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str or None
        None for numbers and for text that says itself.

    Examples
    --------
    >>> code_words("coordination", "none", "en"), code_words("coordination", 1, "en")
    ('without effect', None)
    """
    key = f"office.code.{field}_{value}"
    return i18n.text(key, lang) if isinstance(value, str) and i18n.has(key) else None


def _with_unit(label: str, unit: str, lang: str) -> str:
    return i18n.text("office.in_unit", lang, column=label, unit=unit) if unit else label


def _unit_of(field: str, fields: Sequence[str], lang: str) -> str:
    """Return the unit of an indicator, or of its difference, that no screen shows; else nothing."""
    if field == "cost" or field.startswith("cost_"):
        return word("unit", "rupiah", lang)
    if field.endswith("_percent"):
        return word("unit", "percent", lang)
    stem, _, end = field.rpartition("_")
    if field in indicators():
        return unit_words(indicators()[field], lang)
    if stem not in indicators() or end not in {"difference", *(e for pair in _PAIRS for e in pair)}:
        return ""
    differs = f"{stem}_difference" in fields
    return (difference_unit if differs else unit_words)(indicators()[stem], lang)


def _is_end(before: str, field: str) -> bool:
    """Return whether two fields after one another are the ends of one range."""
    return any(
        before.removesuffix(low) == field.removesuffix(high)
        for low, high in _PAIRS
        if before.endswith(low) and field.endswith(high)
    )


def _end(field: str) -> str | None:
    """Return which end of a range a field is, or None."""
    ends = (end for pair in _PAIRS for end in pair)
    return next((end for end in ends if field == end or field.endswith(f"_{end}")), None)


def _fits(table: TextTable, found: list[int | None]) -> bool:
    """Return whether no column of numbers would stand for words: then the order is another."""
    return not any(
        isinstance(row[place], str) and table.columns[column].numeric
        for row in table.data
        for place, column in enumerate(found)
        if column is not None
    )


def _named(name: str, lang: str) -> str:
    """Return the heading of a field that no screen shows: words, a month, or the name itself."""
    if _MONTH.fullmatch(name):
        return numbers.month_name(Month.parse(name), lang)
    key = f"office.field.{name}"
    if i18n.has(key):
        return i18n.text(key, lang)
    if name in indicators():
        return indicators()[name].label(lang)
    stem, _, end = name.rpartition("_")
    if stem and i18n.has(f"office.end_{end}"):
        return i18n.text(f"office.end_{end}", lang, column=_named(stem, lang))
    return name
