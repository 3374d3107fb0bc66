"""Checks that hold for every table: bytes, cells, codes, words, keys, sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np

from kesos_sim.data.checking import ALL_TABLES, Check, Tables
from kesos_sim.data.checksums import changed_line, checksum, stored_checksums
from kesos_sim.data.reading import meta_of, path_of
from kesos_sim.data.table import Table
from kesos_sim.errors import InputError

GRADES: Final[Mapping[str, frozenset[str]]] = {
    "quality": frozenset({"official", "secondary", "estimate", "missing"}),
    "status": frozenset({"read", "derived", "recalled", "gap"}),
    "grade": frozenset({"A", "B", "C", "D"}),
}
_FIRST_ROW_LINE: Final = 2


def structure_checks(tables: Tables) -> list[Check]:
    """Run the checks that every table has to pass.

    Parameters
    ----------
    tables : Tables
        The tables of a folder.

    Returns
    -------
    list of Check
        One ``ok`` per kind of check, or one ``failed`` per table that does not pass.
    """
    found = _summary("checksum", list(_checksums(tables)), len(tables))
    readable: list[str] = []
    broken: list[Check] = []
    for name in tables:
        try:
            readable.append(tables[name].name)
        except InputError as error:
            line = error.line
            broken.append(
                Check("readable", "failed", (name,), file=str(error.file), line=line, problem=error)
            )
    found += _summary("readable", broken, len(readable))
    for kind, check in _ROW_CHECKS.items():
        failures: list[Check] = []
        rows = 0
        for name in readable:
            table = tables[name]
            rows += len(table)
            for row, cell in check(table, tables):
                failures.append(_failure(kind, tables, name, row, cell))
                break
        found += _summary(kind, failures, rows)
    return found


def _summary(kind: str, failures: list[Check], compared: int) -> list[Check]:
    """Return the failures, or one check that says that all is well."""
    return failures or [Check(kind, "ok", ALL_TABLES, compared=compared)]


def _failure(kind: str, tables: Tables, name: str, row: int, cell: str) -> Check:
    """Say in which line of which file a row check failed."""
    path = path_of(name, tables.folder)
    return Check(kind, "failed", (name,), where=cell, file=str(path), line=row + _FIRST_ROW_LINE)


def _checksums(tables: Tables) -> Iterator[Check]:
    """Compare each file with its stored checksum."""
    try:
        stored = stored_checksums(tables.folder)
    except InputError as error:
        yield Check("checksum", "failed", (), file=str(error.file), problem=error)
        return
    for name in tables:
        path = path_of(name, tables.folder)
        try:
            now = checksum(name, path.read_bytes())
        except OSError:
            yield Check("checksum", "failed", (name,), file=str(path))
            continue
        before = stored.get(name)
        if before is None:
            yield Check("checksum", "failed", (name,), file=str(path))
        elif now != before:
            line = changed_line(before, now)
            yield Check("checksum", "failed", (name,), file=str(path), line=line)


def _words(table: Table, _: Tables) -> Iterator[tuple[int, str]]:
    """Find cells outside the declared vocabulary of their column."""
    for column in table.meta.columns if table.meta else ():
        if column.allowed:
            wrong = ~np.isin(table[column.name], column.allowed)
            for row in np.flatnonzero(wrong)[:1].tolist():
                yield row, f"{column.name} {table[column.name][row]}"


def _codes(table: Table, tables: Tables) -> Iterator[tuple[int, str]]:
    """Find BPS codes that no region has in that year."""
    districts = tables["districts"]
    present = {0, *tables["provinces"]["bps_code"].tolist(), *districts["bps_code"].tolist()}
    older = set(districts["code_before_2023"].tolist())
    for column in table.meta.columns if table.meta else ():
        if column.holds_codes:
            valid = older if column.name == "code_before_2023" else present
            values = table[column.name]
            wrong = ~np.isin(values, sorted(valid))
            if column.type == "number":
                wrong &= ~np.isnan(values)
            for row in np.flatnonzero(wrong)[:1].tolist():
                yield row, f"{column.name} {values[row]:.0f}"


def _duplicates(table: Table, _: Tables) -> Iterator[tuple[int, str]]:
    """Find rows whose key another row has."""
    key = table.meta.key if table.meta else ()
    seen: set[tuple[Any, ...]] = set()
    for row, values in enumerate(zip(*(table[name].tolist() for name in key), strict=True)):
        named = tuple(repr(value) for value in values)
        if named in seen:
            yield row, " ".join(str(value) for value in values)
        seen.add(named)


def _sources(table: Table, tables: Tables) -> Iterator[tuple[int, str]]:
    """Find rows without a source, or with one that the list of sources lacks."""
    if "source" not in table:
        return
    column = table["source"]
    if table.name == "parameters":
        wrong = np.char.str_len(np.char.strip(column)) == 0
    else:
        wrong = ~np.isin(column, tables["sources"]["id"])
    for row in np.flatnonzero(wrong)[:1].tolist():
        yield row, f"source {column[row]}"


def _grades(table: Table, _: Tables) -> Iterator[tuple[int, str]]:
    """Find rows whose quality is not one of the declared words."""
    grade = table.meta.grade if table.meta else ""
    if grade:
        wrong = ~np.isin(table[grade], sorted(GRADES[grade]))
        for row in np.flatnonzero(wrong)[:1].tolist():
            yield row, f"{grade} {table[grade][row]}"


_ROW_CHECKS: Final[Mapping[str, Callable[[Table, Tables], Iterator[tuple[int, str]]]]] = {
    "words": _words,
    "codes": _codes,
    "duplicates": _duplicates,
    "sources": _sources,
    "grades": _grades,
}


def unused_sources(tables: Tables) -> tuple[str, ...]:
    """Return sources that no row names.

    Parameters
    ----------
    tables : Tables
        The tables of a folder.

    Returns
    -------
    tuple of str
        Names, in alphabetical order.
    """
    named: set[str] = set()
    for name in tables:
        if name != "parameters" and any(c.name == "source" for c in meta_of(name).columns):
            named.update(tables[name]["source"].tolist())
    return tuple(sorted(set(tables["sources"]["id"].tolist()) - named))
