"""The tables as a user meets them: list, description, rows, checks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kesos_sim.data.checking import Check
from kesos_sim.data.checks import run_checks
from kesos_sim.data.checksums import stored_checksums
from kesos_sim.data.reading import meta_of, read_table, registry
from kesos_sim.data.regions import codes_named
from kesos_sim.data.table import Column, Table, TableMeta
from kesos_sim.errors import InputError, nearest

__all__ = ["Check", "TableInfo", "cells", "describe", "list_tables", "run_checks", "show"]

_CODE_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table in the list.

    Parameters
    ----------
    meta : TableMeta
        Texts, origin, columns.
    rows : int
        Number of rows.
    sha256 : str
        Stored checksum of the file.
    quality : mapping of str to int
        Number of rows by quality word; empty if the table has none.
    """

    meta: TableMeta
    rows: int
    sha256: str
    quality: Mapping[str, int]

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.meta.name


def list_tables() -> list[TableInfo]:
    """Return every table of the package.

    Returns
    -------
    list of TableInfo
        In the order of the registry.
    """
    return [describe(name) for name in registry()]


def describe(name: str) -> TableInfo:
    """Describe one table.

    Parameters
    ----------
    name : str
        A name of the registry.

    Returns
    -------
    TableInfo
        Texts, size, quality mix, checksum.

    Raises
    ------
    InputError
        If there is no such table.

    Examples
    --------
    >>> found = describe("provinces")
    >>> found.name, found.rows
    ('provinces', 38)
    """
    meta = meta_of(name)
    table = read_table(name)
    quality = Counter(table[meta.grade].tolist()) if meta.grade else {}
    return TableInfo(meta, len(table), stored_checksums()[name].sha256, dict(quality))


def show(
    table: str | Table, filters: Mapping[str, str] | None = None, limit: int | None = None
) -> Table:
    """Return rows of a table.

    Parameters
    ----------
    table : str or Table
        A name of the registry, or a table built in memory.
    filters : mapping of str to str, optional
        Wanted value by column, as typed: ``2024``, ``2022,2024``, ``urban``; a column of BPS
        codes also takes names (``Jawa Tengah``, ``mpu``).
    limit : int, optional
        Largest number of rows.

    Returns
    -------
    Table
        The first rows that fit, in table order.

    Raises
    ------
    InputError
        If the table, a column or a value cannot be right.
    """
    found = read_table(table) if isinstance(table, str) else table
    for name, wanted in (filters or {}).items():
        if name not in found:
            raise InputError(
                "KS1113",
                "data.unknown_column",
                field=name,
                expected=", ".join(found.columns),
                suggestion=nearest(name, found.columns),
            )
        parts = [part.strip() for part in wanted.split(",")]
        column = _column(found, name)
        values = [value for part in parts for value in _values(column, part)]
        found = found.where(**{name: values})
    if limit is not None and len(found) > limit:
        found = found.take(np.arange(max(limit, 0)))
    return found


def cells(table: Table) -> Iterator[tuple[str, ...]]:
    """Write the rows of a table as text, the way its file has them.

    Parameters
    ----------
    table : Table
        Any table.

    Yields
    ------
    tuple of str
        One cell per column; a missing number is empty, a province code has two digits.
    """
    columns = [_column(table, name) for name in table.columns]
    for row in table.rows():
        yield tuple(
            _cell(column, value) for column, value in zip(columns, row.values(), strict=True)
        )


def _column(table: Table, name: str) -> Column:
    """Return what is declared about a column, or what its values say."""
    if table.meta is not None:
        return table.meta.column(name)
    kinds = {"i": "int", "u": "int", "f": "number"}
    kind = kinds.get(table[name].dtype.kind, "text")
    return Column(name, "int" if kind == "int" else "number" if kind == "number" else "text")


def _values(column: Column, typed: str) -> tuple[Any, ...]:
    """Turn what a user typed into the values of a column."""
    if column.type == "text":
        return (typed,)
    try:
        return (float(typed) if column.type == "number" else int(typed),)
    except ValueError:
        if column.holds_codes:
            return codes_named(typed)
        raise InputError(
            "KS1114", "data.not_a_number", field=column.name, got=typed, expected=column.unit
        ) from None


def _cell(column: Column, value: Any) -> str:
    """Write one value."""
    if column.type == "number" and math.isnan(value):
        return ""
    if column.holds_codes:
        return f"{int(value):0{_CODE_DIGITS}d}"
    if column.type == "number":
        return f"{value:.15g}"
    return str(value)
