"""Reading the package's tables: UTF-8 CSV with the types that the registry declares."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from kesos_sim.data.table import Column, Table, TableMeta
from kesos_sim.errors import InputError, nearest

FOLDER: Final = Path(__file__).parent / "tables"
_REGISTRY: Final = Path(__file__).parent / "registry.toml"
_NAN: Final = float("nan")


@cache
def registry() -> Mapping[str, TableMeta]:
    """Return what is known about every table.

    Returns
    -------
    mapping of str to TableMeta
        By table name, in the order of the registry.
    """
    with _REGISTRY.open("rb") as file:
        entries = tomllib.load(file)
    return MappingProxyType({name: _meta(name, entry) for name, entry in entries.items()})


@cache
def read_table(name: str) -> Table:
    """Read a table of the package.

    Parameters
    ----------
    name : str
        A name of the registry.

    Returns
    -------
    Table
        The table; read once, then kept.

    Raises
    ------
    InputError
        If there is no such table or a cell does not have the declared type.

    Examples
    --------
    >>> table = read_table("provinces")
    >>> list(table.columns)[:3]
    ['bps_code', 'name_id', 'name_en']
    """
    return parse(meta_of(name), path_of(name).read_bytes(), path_of(name))


def path_of(name: str, folder: Path = FOLDER) -> Path:
    """Return the file of a table.

    Parameters
    ----------
    name : str
        A name of the registry.
    folder : Path
        Folder of the tables.

    Returns
    -------
    Path
        The file.
    """
    return folder / f"{name}.csv"


def meta_of(name: str) -> TableMeta:
    """Return the registry entry of a table.

    Parameters
    ----------
    name : str
        A name of the registry.

    Returns
    -------
    TableMeta
        Its entry.

    Raises
    ------
    InputError
        If the registry has no such table.
    """
    entries = registry()
    if name not in entries:
        raise InputError(
            "KS1101",
            "data.unknown_table",
            got=name,
            suggestion=nearest(name, entries),
        )
    return entries[name]


def parse(meta: TableMeta, content: bytes, path: Path) -> Table:
    """Turn the bytes of a table file into a table.

    Parameters
    ----------
    meta : TableMeta
        Declared columns.
    content : bytes
        The file.
    path : Path
        Where it was read, for messages.

    Returns
    -------
    Table
        Columns with the declared types.

    Raises
    ------
    InputError
        With file, line and column of the first cell that does not fit.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError("KS1102", "data.not_utf8", file=path, line=line) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names = [column.name for column in meta.columns]
    columns: list[list[Any]] = [[] for _ in names]
    try:
        header = next(reader, [])
        if header != names:
            raise InputError(
                "KS1103",
                "data.header",
                file=path,
                line=1,
                got=",".join(header),
                expected=",".join(names),
            )
        converters = [_CONVERTERS[column.type] for column in meta.columns]
        for row in reader:
            if len(row) != len(names):
                raise InputError(
                    "KS1104",
                    "data.cells",
                    file=path,
                    line=reader.line_num,
                    got=len(row),
                    expected=len(names),
                )
            for column, convert, values, cell in zip(
                meta.columns, converters, columns, row, strict=True
            ):
                try:
                    values.append(convert(cell))
                except ValueError:
                    raise _wrong_cell(column, cell, path, reader.line_num) from None
    except csv.Error:
        raise InputError("KS1106", "data.not_csv", file=path, line=reader.line_num) from None
    return Table.from_columns(meta.name, dict(zip(names, columns, strict=True)), meta)


def _number(cell: str) -> float:
    """Read a number; an empty cell is a missing one."""
    return float(cell) if cell else _NAN


_CONVERTERS: Final[Mapping[str, Callable[[str], Any]]] = MappingProxyType(
    {"code": int, "int": int, "number": _number, "text": str}
)


def _wrong_cell(column: Column, cell: str, path: Path, line: int) -> InputError:
    """Say which cell does not have the declared type."""
    return InputError(
        "KS1105",
        "data.cell",
        file=path,
        line=line,
        field=column.name,
        got=cell,
        expected=column.unit or column.type,
    )


def _meta(name: str, entry: Mapping[str, Any]) -> TableMeta:
    """Turn one entry of the registry file into its record."""
    columns = tuple(
        Column(column, spec["type"], spec.get("unit", ""), tuple(spec.get("allowed", ())))
        for column, spec in entry["columns"].items()
    )
    return TableMeta(
        name=name,
        domain=entry["domain"],
        title=entry["title"],
        origin=entry["origin"],
        coverage=entry["coverage"],
        used_for=entry["used_for"],
        version=entry["version"],
        key=tuple(entry["key"]),
        grade=entry.get("grade", ""),
        columns=columns,
    )
