"""Cells as they stand in a workbook or a CSV file, whichever it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Cell", "Grid", "letters", "looks_like_formula"]

_LETTERS: Final = 26
_FORMULA: Final = re.compile(r"\s*(?:[=@]|[+-](?![\d.,\s]*[%]?\s*$)\S)|.*\|.*!", re.DOTALL)
"""What a spreadsheet would take for a formula or a DDE call."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes
    ----------
    value : object
        Text, number, logical value, date or None.
    kind : {"value", "formula", "error"}
        Whether it holds a value, a formula or what a formula failed with.
    percent : bool
        Whether the workbook shows the number as a percentage.
    """

    value: object
    kind: str = "value"
    percent: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing stands in the cell."""
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet.

    Attributes
    ----------
    name : str
        Name of the sheet or file.
    rows : sequence of (int, sequence of Cell)
        Rows that hold something, with their number as the spreadsheet counts it.
    """

    name: str
    rows: Sequence[tuple[int, Sequence[Cell]]]

    def cells(self) -> Iterator[tuple[int, int, Cell]]:
        """Go through all cells that hold something.

        Yields
        ------
        tuple of int, int and Cell
            Row as the spreadsheet counts it, column from 0, cell.
        """
        for number, row in self.rows:
            for place, cell in enumerate(row):
                if not cell.empty:
                    yield number, place, cell


def letters(place: int) -> str:
    """Return what a spreadsheet calls a column.

    Parameters
    ----------
    place : int
        Column, from 0.

    Returns
    -------
    str
        ``A``, ``B``, ..., ``AA``.

    Examples
    --------
    >>> letters(1), letters(28)
    ('B', 'AC')
    """
    name, rest = "", place + 1
    while rest:
        rest, digit = divmod(rest - 1, _LETTERS)
        name = chr(ord("A") + digit) + name
    return name


def looks_like_formula(text: str) -> bool:
    """Return whether a spreadsheet would calculate a text.

    Parameters
    ----------
    text : str
        Content of a cell.

    Returns
    -------
    bool
        Also for DDE calls; a number with a sign is none.

    Examples
    --------
    >>> looks_like_formula("=HYPERLINK(A1)"), looks_like_formula("-12,5")
    (True, False)
    """
    return _FORMULA.match(text) is not None
