"""Tables as text and as data."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kesos_sim import i18n

Cell = str | int | float | None
_FORMULA_SIGNS: Final = frozenset("=+-@\t\uff1d\uff0b\uff0d\uff20")
_LINE_END: Final = re.compile(r"\r\n?")
_UNIT: Final = re.compile(r"(?<=\d) (?=[^\W\d_])")
"""The space between a number and the word that says of what it is."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table on screens.

    Attributes
    ----------
    label : str
        Heading.
    numeric : bool
        Whether its cells are aligned to the right.
    unit : str
        Unit of the numbers of its data, in words, where neither its heading nor another column
        says it: cells on screens have it, cells of a sheet are bare numbers.
    """

    label: str
    numeric: bool = True
    unit: str = ""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table in words and the same table as data.

    Attributes
    ----------
    name : str
        Name of its file.
    title : str
        Heading.
    columns : tuple of Column
        Columns on screens.
    rows : tuple of tuple of str
        Cells as people read them.
    fields : tuple of str
        Names of the data columns.
    data : tuple of tuple
        Data: codes, numbers and plain text; None and NaN are missing.
    unit : str
        Unit of all its numbers, in words; empty where columns or rows have units of their own.

    Examples
    --------
    >>> from kesos_sim.reports.description.stages import stage_table
    >>> table = stage_table("en")
    >>> table.csv().splitlines()[0], table.text().splitlines()[0]
    ('number,stage,does', 'A month in 14 stages')
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    fields: tuple[str, ...]
    data: tuple[tuple[Cell, ...], ...]
    unit: str = ""

    def csv(self) -> str:
        """Return the data as CSV: comma, full precision, no cell that is a formula.

        Returns
        -------
        str
            The file's text with a heading line.
        """
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(map(harmless, self.fields))
        writer.writerows([_csv_cell(cell) for cell in row] for row in self.data)
        return buffer.getvalue()

    def whole_numbers(self) -> tuple[tuple[str, ...], ...]:
        r"""Return the rows for pages: no line ends between a number and its unit.

        Returns
        -------
        tuple of tuple of str
            Cells of columns of numbers have a space there at which no line breaks.

        Examples
        --------
        >>> rows = (("Rp1.6 billion",),)
        >>> TextTable("t", "", (Column("Cost"),), rows, ("cost",), ((1.6e9,),)).whole_numbers()
        (('Rp1.6\xa0billion',),)
        """
        return tuple(
            tuple(
                _UNIT.sub("\u00a0", cell) if column.numeric else cell
                for cell, column in zip(row, self.columns, strict=True)
            )
            for row in self.rows
        )

    def text(self) -> str:
        """Return the table as plain text, aligned.

        Returns
        -------
        str
            Title, headings and rows.
        """
        grid = [tuple(column.label for column in self.columns), *self.rows]
        widths = [max(len(row[i]) for row in grid) for i in range(len(self.columns))]
        lines = [
            "  ".join(
                cell.rjust(width) if column.numeric else cell.ljust(width)
                for cell, width, column in zip(row, widths, self.columns, strict=True)
            ).rstrip()
            for row in grid
        ]
        return "\n".join([self.title, *lines])


class TableBuilder:
    """Collects the rows of a table.

    Parameters
    ----------
    name, title : str
        Name of the file and heading.
    columns : sequence of Column
        Columns on screens.
    fields : sequence of str
        Names of the data columns.
    unit : str
        Unit of all its numbers, in words.
    """

    def __init__(
        self,
        name: str,
        title: str,
        columns: Sequence[Column],
        fields: Sequence[str],
        *,
        unit: str = "",
    ) -> None:
        self._head = name, title, tuple(columns)
        self._fields, self._unit = tuple(fields), unit
        self._rows: list[tuple[str, ...]] = []
        self._values: list[tuple[Cell, ...]] = []

    def add(self, row: Sequence[str], values: Sequence[Cell]) -> None:
        """Add a row as text and as data."""
        self._rows.append(tuple(row))
        self._values.append(tuple(values))

    def table(self) -> TextTable:
        """Return the finished table."""
        rows, data = tuple(self._rows), tuple(self._values)
        return TextTable(*self._head, rows, self._fields, data, self._unit)


def record_table(
    name: str,
    title: str,
    words: str,
    heads: Mapping[str, bool],
    fields: Sequence[str],
    rows: Iterable[tuple[Sequence[str], Mapping[str, Any]]],
    lang: str,
) -> TextTable:
    """Make a table of records that each are a row in words too.

    Parameters
    ----------
    name, title : str
        Name of the file and heading.
    words : str
        What the catalogue's keys of all headings begin with.
    heads : mapping of str to bool
        How the key of each column's heading ends, and whether its cells are numbers.
    fields : sequence of str
        What the data have of each record; the table's data columns.
    rows : iterable of (sequence of str, mapping)
        Cells of a row as people read them, and its record.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        Numbers of records that are not finite are missing in its data.

    Examples
    --------
    >>> rows = [(("Blora", "11.2"), {"code": "3316", "rate": 11.2, "low": float("nan")})]
    >>> heads, fields = {"measure": False, "value": True}, ("code", "rate", "low")
    >>> table = record_table("t", "Poverty", "reports.", heads, fields, rows, "en")
    >>> [column.label for column in table.columns], table.data
    (['Measure', 'Value'], (('3316', 11.2, None),))
    """
    columns = [Column(i18n.text(words + end, lang), numeric) for end, numeric in heads.items()]
    builder = TableBuilder(name, title, columns, fields)
    for cells, record in rows:
        values = (record[field] for field in fields)
        builder.add(cells, [known(each) if isinstance(each, float) else each for each in values])
    return builder.table()


def harmless(cell: str) -> str:
    """Return a text cell that no spreadsheet takes for a formula.

    Parameters
    ----------
    cell : str
        Text, possibly from a user's file.

    Returns
    -------
    str
        The text, with an apostrophe before it if it starts like a formula. All its line ends are
        line feeds: a carriage return would stand in a file without quotes and begin a new row.
    """
    cell = _LINE_END.sub("\n", cell)
    start = cell.lstrip(" \n")[:1]
    return "'" + cell if start in _FORMULA_SIGNS and start else cell


def heading(name: str, lang: str, *, numeric: bool = True) -> Column:
    """Return a column with a heading of the catalogue ``reports``."""
    return Column(i18n.text(f"reports.{name}", lang), numeric)


def known(value: float) -> float | None:
    """Return a number for a file: None when it is missing."""
    return value if math.isfinite(value) else None


def _csv_cell(cell: Cell) -> str:
    """Write a cell for a file: numbers exactly, text harmless, missing empty."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    return repr(int(cell) if isinstance(cell, int) else float(cell))
