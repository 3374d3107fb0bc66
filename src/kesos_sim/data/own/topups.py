"""Own top-ups as local programmes of a scenario file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from kesos_sim.data.own.layout import LAYOUT, Column
from kesos_sim.data.own.problems import Problems
from kesos_sim.data.own.tables import Rows
from kesos_sim.data.own.values import (
    Refused,
    as_choice,
    as_month,
    as_number,
    as_region,
    as_text,
    expected_words,
)

__all__ = ["local_programmes"]

_MOST: Final = 8
_LONGEST_NAME: Final = 40
_LONGEST_TITLE: Final = 200
_HUNDRED: Final = 100.0
_PROVINCES_BELOW: Final = 100
_BENEFIT: Final = next(c for c in LAYOUT["topups"].columns if c.name == "benefit")
_OF_FORM: Final[Mapping[str, Column]] = {
    "flat": replace(_BENEFIT, kind="whole", low=1_000.0),
    "pkh_topup": replace(_BENEFIT, low=1.0, high=300.0),
}
"""Rupiah per month, or percent of what PKH pays; the limits of scenario files."""


def local_programmes(
    rows: Rows, base: int, problems: Problems, lang: str
) -> tuple[dict[str, Any], ...]:
    """Read own top-ups.

    Parameters
    ----------
    rows : Rows
        The sheet.
    base : int
        Base year.
    problems : Problems
        Told what is wrong.
    lang : str
        Language in which messages name columns.

    Returns
    -------
    tuple of dict
        Local programmes as a scenario file has them.
    """
    found: dict[str, dict[str, Any]] = {}
    first: dict[str, int] = {}
    for number, row in rows.rows:
        described = (c for c in rows.sheet.columns if c.name not in ("region", "place"))
        if all(rows.cell(row, column.name).empty for column in described):
            continue
        before = problems.count
        values = _values(rows, number, row, base, problems, lang)
        if problems.count > before:
            continue
        name = _name(values["label"])
        if name in found:
            problems.add("double_row", rows.name, number, first=str(first[name]))
            continue
        found[name], first[name] = _programme(name, values), number
        _check(rows, number, values, problems, lang)
    if len(found) > _MOST:
        problems.add("too_many_rows", rows.name, most=_MOST)
    return tuple(found[name] for name in sorted(found))


def _values(
    rows: Rows, number: int, row: Any, base: int, problems: Problems, lang: str
) -> dict[str, Any]:
    """Return the cells of one row as values."""
    found: dict[str, Any] = {}
    for column in rows.sheet.columns:
        cell = rows.cell(row, column.name)
        where = rows.where(column, lang)
        if cell.empty:
            if column.required:
                wanted = expected_words(column)
                problems.add("missing_value", rows.name, number, where, wanted=wanted)
            continue
        try:
            if column.kind == "region":
                beside = rows.cell(row, "place")
                place = "" if beside.empty else as_text(beside)
                found[column.name] = as_region(cell, place, base)
            elif column.kind == "choice":
                found[column.name] = as_choice(cell, column)
            elif column.kind == "month":
                found[column.name] = as_month(cell)
            elif column.name == "benefit":
                found[column.name] = as_number(cell, _OF_FORM[found.get("form", "flat")])
            elif column.kind in ("number", "whole"):
                found[column.name] = as_number(cell, column)
            else:
                found[column.name] = as_text(cell)
        except Refused as wrong:
            problems.add(wrong.kind, rows.name, number, where, **wrong.fields)
    return found


def _programme(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return one programme as a scenario file has it."""
    topup = values["form"] == "pkh_topup"
    title = values["label"][:_LONGEST_TITLE]
    programme = {
        "name": name,
        "title": {"id": title, "en": title},
        "stream": values["payer"],
        "kind": values["form"],
        "amount": values["benefit"] / _HUNDRED if topup else values["benefit"],
        "quota": int(values["quota"]),
    }
    for key, column in (("from", "first"), ("to", "last")):
        if column in values:
            programme[key] = values[column]
    programme["eligibility"] = "pkh" if topup else values.get("who", "any")
    return programme | {"region": [values["region"]]}


def _check(
    rows: Rows, number: int, values: Mapping[str, Any], problems: Problems, lang: str
) -> None:
    """Refuse what contradicts itself in one row."""
    columns = {column.name: column for column in rows.sheet.columns}
    if "first" in values and "last" in values and values["last"] < values["first"]:
        where = rows.where(columns["last"], lang)
        problems.add("months_order", rows.name, number, where,
                     got=values["last"], first=values["first"])  # fmt: skip


def _name(title: str) -> str:
    """Return a short name as scenario files have it."""
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:_LONGEST_NAME].strip("-") or "x"
