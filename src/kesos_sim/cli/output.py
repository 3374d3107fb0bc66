"""Printing of records as a table for people, JSON or CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from kesos_sim import i18n
from kesos_sim.units import Month

FORMATS: Final = ("table", "json", "csv")
WIDEST: Final = 60
_WIDEST_LINE: Final = 100
_INDENT: Final = "    "
_DIGITS: Final = 6
_MANY: Final = 10_000
_NUMBER: Final = re.compile("(?:[+\u2212-]?[0-9][0-9.,]*(?:e[+-]?[0-9]+)?%?)?")

Record = Mapping[str, Any]


def show(
    records: Iterable[Record],
    columns: Sequence[str],
    form: str,
    *,
    provenance: Record | None = None,
    headings: Mapping[str, str] | None = None,
    widest: int = WIDEST,
) -> None:
    """Print records in the form that was asked for.

    Parameters
    ----------
    records : iterable of mapping
        One mapping per row.
    columns : sequence of str
        Names of the columns, in order.
    form : {"table", "json", "csv"}
        The form.
    provenance : mapping, optional
        Where the records come from; part of the JSON.
    headings : mapping of str to str, optional
        Headings of the table for people.
    widest : int
        Characters after which the table for people shortens a text.
    """
    rows = [{name: plain(record.get(name)) for name in columns} for record in records]
    if form == "json":
        document = {"records": rows, "provenance": plain(provenance or {})}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
    elif form == "csv":
        stream = io.StringIO(newline="")
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_harmless(row) for row in rows)
        click.echo(stream.getvalue(), nl=False)
    else:
        names = [(headings or {}).get(name, name) for name in columns]
        click.echo(aligned(names, [[row[name] for name in columns] for row in rows], widest))


def aligned(headings: Sequence[str], rows: Sequence[Sequence[Any]], widest: int = WIDEST) -> str:
    """Write a plain table: numbers to the right, text to the left, long text shortened.

    Parameters
    ----------
    headings : sequence of str
        Headings of the columns.
    rows : sequence of sequence
        Values; None is an empty cell.
    widest : int
        Characters after which a text is shortened.

    Returns
    -------
    str
        The table, one line per row.
    """
    cells = [[_cell(value, widest) for value in row] for row in rows]
    numeric = [
        any(row[i] for row in cells) and all(_NUMBER.fullmatch(row[i]) for row in cells)
        for i in range(len(headings))
    ]
    widths = [
        max([len(heading), *(len(row[i]) for row in cells)]) for i, heading in enumerate(headings)
    ]
    lines = [list(headings), ["─" * width for width in widths], *cells]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in lines
    )


def headed(field: str, text: str, lang: str) -> str:
    """Write one thing that is known with its heading.

    Parameters
    ----------
    field : str
        Name of the heading in ``cli.heading``.
    text : str
        What is known.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Heading, colon, text.
    """
    return f"{i18n.text(f'cli.heading.{field}', lang)}: {text}"


def wrapped(text: str, indent: str = _INDENT) -> list[str]:
    """Break a text into lines of at most 100 characters.

    Parameters
    ----------
    text : str
        The text.
    indent : str
        What the first line begins with; those after it are indented a little more.

    Returns
    -------
    list of str
        The lines.
    """
    return textwrap.wrap(
        text,
        _WIDEST_LINE,
        initial_indent=indent,
        subsequent_indent=indent + _INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def data_provenance() -> dict[str, Any]:
    """Return what identifies the package and its data, for records that no run has made.

    Returns
    -------
    dict of str to str
        ``version`` and ``data``, the hash of the data tables.
    """
    from kesos_sim import __version__
    from kesos_sim.data.checksums import data_hash

    return {"version": __version__, "data": data_hash()}


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: missing is None, arrays and numpy numbers are unpacked.

    Parameters
    ----------
    value : object
        Any value of a record or a provenance.

    Returns
    -------
    object
        None, bool, int, float, str, list or dict.
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(entry) for entry in value]
    if isinstance(value, Month | date | Path):
        return str(value)
    return str(value)


def _cell(value: Any, widest: int) -> str:
    """Write one value of a table for people."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.{_DIGITS}g}" if abs(value) < _MANY else f"{value:.0f}"
    text = " ".join(str(value).split())
    return text if len(text) <= widest else text[: widest - 1] + "…"


def _harmless(row: Mapping[str, Any]) -> dict[str, Any]:
    """Keep text from being read as a formula by a spreadsheet."""
    from kesos_sim.reports.tables import harmless

    return {
        name: harmless(value) if isinstance(value, str) else value for name, value in row.items()
    }
