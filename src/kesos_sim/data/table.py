"""A small table: named columns of equal length, read once and never changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

ColumnType = Literal["code", "int", "number", "text"]
Array = npt.NDArray[Any]

_DTYPES: Final[Mapping[str, Any]] = {
    "code": np.int64,
    "int": np.int64,
    "number": np.float64,
    "text": np.str_,
}


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a table holds.

    Parameters
    ----------
    name : str
        Name in the file's header.
    type : {"code", "int", "number", "text"}
        A BPS code, a whole number, a number that may be missing, or text.
    unit : str
        Unit of the numbers; empty for text.
    allowed : tuple of str
        The only values that may stand there; empty if anything may.
    """

    name: str
    type: ColumnType
    unit: str = ""
    allowed: tuple[str, ...] = ()

    @property
    def holds_codes(self) -> bool:
        """Whether BPS codes stand there; in a column of numbers they may be missing."""
        return self.type == "code" or self.unit == "BPS code"


@dataclass(frozen=True, slots=True)
class TableMeta:
    """What is known about a table apart from its rows.

    Parameters
    ----------
    name : str
        Name of the table.
    domain : str
        Group it belongs to.
    title, origin, coverage, used_for : mapping of str to str
        Texts in ``id`` and ``en``; the origin is who produced the figures.
    version : int
        Raised when rows change.
    key : tuple of str
        Columns that together name a row.
    grade : str
        Column with the quality of each row; empty if the table has none.
    columns : tuple of Column
        The columns in file order.
    """

    name: str
    domain: str
    title: Mapping[str, str]
    origin: Mapping[str, str]
    coverage: Mapping[str, str]
    used_for: Mapping[str, str]
    version: int
    key: tuple[str, ...]
    grade: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Parameters
        ----------
        name : str
            A column of the table.

        Returns
        -------
        Column
            Its type and unit.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table {self.name} has no column {name}")


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns of equal length.

    Parameters
    ----------
    name : str
        Name of the table.
    columns : mapping of str to ndarray
        One array per column, shape [n_rows]: int64 for codes and whole numbers, float64 for
        numbers (NaN where missing), str for text. The arrays are read-only.
    meta : TableMeta or None
        What the registry says about the table.
    """

    name: str
    columns: Mapping[str, Array]
    meta: TableMeta | None = field(default=None, repr=False)

    @classmethod
    def from_columns(
        cls,
        name: str,
        columns: Mapping[str, Sequence[Any] | Array],
        meta: TableMeta | None = None,
    ) -> Table:
        """Build a table from columns held in memory.

        Parameters
        ----------
        name : str
            Name of the table.
        columns : mapping of str to sequence
            Columns of equal length, one value per row, units as in `meta`.
        meta : TableMeta, optional
            Types and texts; without it the types are taken from the values.

        Returns
        -------
        Table
            The table.

        Raises
        ------
        ValueError
            If the columns differ in length or are not one-dimensional.
        """
        types = {column.name: _DTYPES[column.type] for column in meta.columns} if meta else {}
        arrays: dict[str, Array] = {}
        for column, values in columns.items():
            array = np.array(values, dtype=types.get(column))
            if array.ndim != 1:
                raise ValueError(f"column {column} of {name} is not one-dimensional")
            array.setflags(write=False)
            arrays[column] = array
        if len({len(array) for array in arrays.values()}) > 1:
            raise ValueError(f"columns of {name} differ in length")
        return cls(name, arrays, meta)

    def __getitem__(self, column: str) -> Array:
        """Return a column; the message of an unknown one names those that exist."""
        try:
            return self.columns[column]
        except KeyError:
            known = ", ".join(self.columns)
            raise KeyError(f"table {self.name} has no column {column}; it has {known}") from None

    def __len__(self) -> int:
        """Return the number of rows."""
        return next((len(array) for array in self.columns.values()), 0)

    def __contains__(self, column: object) -> bool:
        """Say whether there is such a column."""
        return column in self.columns

    def rows(self) -> Iterator[dict[str, Any]]:
        """Go through the rows.

        Yields
        ------
        dict of str to int, float or str
            One row by column name; a missing number is NaN.
        """
        names = tuple(self.columns)
        lists = [array.tolist() for array in self.columns.values()]
        for values in zip(*lists, strict=True):
            yield dict(zip(names, values, strict=True))

    def where(self, **conditions: object) -> Table:
        """Keep the rows that meet every condition.

        Parameters
        ----------
        **conditions : object
            Column name and the wanted value, or a collection of wanted values.

        Returns
        -------
        Table
            The rows in their order; none if nothing fits.
        """
        keep = np.ones(len(self), dtype=np.bool_)
        for column, wanted in conditions.items():
            array = self[column]
            if isinstance(wanted, Collection) and not isinstance(wanted, str | bytes):
                keep &= np.isin(array, _list(wanted))
            else:
                keep &= array == wanted
        return self.take(keep)

    def take(self, rows: Array) -> Table:
        """Keep some rows.

        Parameters
        ----------
        rows : bool[n_rows] or int64[n], row mask or row numbers
            Which rows, in which order.

        Returns
        -------
        Table
            A table with those rows.
        """
        columns: dict[str, Array] = {}
        for name, array in self.columns.items():
            columns[name] = array[rows]
            columns[name].setflags(write=False)
        return Table(self.name, columns, self.meta)


def _list(values: Iterable[Any]) -> list[Any]:
    """Turn any collection into something numpy can compare with."""
    return values.tolist() if isinstance(values, np.ndarray) else list(values)
