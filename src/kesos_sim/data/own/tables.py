"""From grids to the rows of known sheets: which sheet, which column, one header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kesos_sim.data.own.grid import Cell, Grid, letters
from kesos_sim.data.own.layout import GUIDE, LAYOUT, Column, Sheet, plain
from kesos_sim.data.own.problems import Problems
from kesos_sim.errors import nearest
from kesos_sim.i18n import LANGUAGES

__all__ = ["Rows", "guide_title", "known_sheets", "place_of", "rows_of"]

_HEADER_ROWS: Final = 5
_FEWEST_HEADINGS: Final = 2


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one known sheet below its header.

    Attributes
    ----------
    sheet : Sheet
        What it is.
    name : str
        What the file calls it.
    columns : mapping of str to int
        Place of each known column.
    rows : sequence of (int, sequence of Cell)
        Rows with their number in the file.
    """

    sheet: Sheet
    name: str
    columns: Mapping[str, int]
    rows: Sequence[tuple[int, Sequence[Cell]]]

    def cell(self, row: Sequence[Cell], name: str) -> Cell:
        """Return the cell of a column; an empty one where the column or cell is not there.

        Parameters
        ----------
        row : sequence of Cell
            One of the rows.
        name : str
            Name of a column in code.

        Returns
        -------
        Cell
            What stands there.
        """
        place = self.columns.get(name)
        return Cell(None) if place is None or place >= len(row) else row[place]

    def where(self, column: Column, lang: str) -> str:
        """Return how a message names a column.

        Parameters
        ----------
        column : Column
            One of the sheet's columns.
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            Letter and heading.
        """
        return place_of(self.columns.get(column.name), column.title(lang))


def place_of(place: int | None, title: str) -> str:
    """Return how a message names a column.

    Parameters
    ----------
    place : int or None
        Column from 0, if it is there.
    title : str
        Its heading.

    Returns
    -------
    str
        For instance ``D (P0)``.
    """
    return title if place is None else f"{letters(place)} ({title})"


def guide_title(lang: str) -> str:
    """Return the name of the sheet that speaks of the file as a whole."""
    from kesos_sim import i18n

    return i18n.text(f"own_data.sheet.{GUIDE}.title", lang)


def known_sheets(grids: Sequence[Grid], problems: Problems) -> tuple[Grid | None, dict[str, Grid]]:
    """Sort grids by what their names say they are.

    Parameters
    ----------
    grids : sequence of Grid
        Everything that was read.
    problems : Problems
        Told of names that are unknown or stand twice.

    Returns
    -------
    tuple of Grid or None, and dict of str to Grid
        The guide, and the sheets by their names in code.
    """
    titles = {plain(GUIDE): GUIDE} | {plain(guide_title(lang)): GUIDE for lang in LANGUAGES}
    for sheet in LAYOUT.values():
        titles |= {plain(sheet.title(lang)): sheet.name for lang in LANGUAGES}
        titles[plain(sheet.name)] = sheet.name
    found: dict[str, Grid] = {}
    for grid in grids:
        name = titles.get(plain(grid.name))
        if name is None:
            if grid.rows:
                near = nearest(plain(grid.name), titles)
                known = {
                    lang: ", ".join(sheet.title(lang) for sheet in LAYOUT.values())
                    for lang in LANGUAGES
                }
                problems.add("unknown_sheet", grid.name, near=near or "", known=known)
        elif name in found:
            problems.add("double_sheet", grid.name, first=found[name].name)
        else:
            found[name] = grid
    guide = found.pop(GUIDE, None)
    if not found and not problems:
        problems.add("no_sheet", "", got=", ".join(grid.name for grid in grids))
    return guide, found


def rows_of(sheet: Sheet, grid: Grid, problems: Problems, lang: str) -> Rows | None:
    """Find the header of a sheet and what stands below it.

    Parameters
    ----------
    sheet : Sheet
        What the sheet should hold.
    grid : Grid
        What it holds.
    problems : Problems
        Told what is wrong with the header.
    lang : str
        Language in which messages name columns.

    Returns
    -------
    Rows or None
        None if it is empty or no header can be found.
    """
    if not grid.rows:
        return None
    headings = _headings(sheet)
    top = grid.rows[:_HEADER_ROWS]
    scores = [sum(_known(cell, headings) is not None for cell in row) for _, row in top]
    best = scores.index(max(scores))
    if scores[best] < _FEWEST_HEADINGS:
        first = ", ".join(column.title(lang) for column in sheet.columns[:4])
        problems.add("no_header", grid.name, grid.rows[0][0], wanted=first)
        return None
    number, header = grid.rows[best]
    doubled = best + 1 < len(scores) and (
        scores[best + 1] >= _FEWEST_HEADINGS or _second_header(sheet, header, top[best + 1][1])
    )
    if best or doubled:
        problems.add("two_headers", grid.name, number + 1 if doubled else number)
        if doubled:
            best += 1
    columns: dict[str, int] = {}
    for place, cell in enumerate(header):
        _take_heading(sheet, headings, (grid.name, number, place), cell, columns, problems, lang)
    missing = [c for c in sheet.columns if c.required and c.name not in columns]
    for column in missing:
        problems.add("missing_column", grid.name, number, column.title(lang))
    if missing:
        return None
    below = grid.rows[best + 1 :]
    for row_number, row in below:
        for place, cell in enumerate(row):
            if not cell.empty and (place >= len(header) or header[place].empty):
                problems.add("beyond_header", grid.name, row_number, letters(place))
    return Rows(sheet, grid.name, columns, below)


def _headings(sheet: Sheet) -> dict[str, str]:
    """Return the columns of a sheet by every heading that is understood."""
    found = {plain(column.name): column.name for column in sheet.columns}
    for column in sheet.columns:
        found |= {plain(column.title(lang)): column.name for lang in LANGUAGES}
    return found


def _known(cell: Cell, headings: Mapping[str, str]) -> str | None:
    return None if cell.empty else headings.get(plain(cell.value))


def _second_header(sheet: Sheet, header: Sequence[Cell], row: Sequence[Cell]) -> bool:
    """Return whether a row below the header holds units or numbers of columns, not figures."""
    headings = _headings(sheet)
    names = {_known(cell, headings): place for place, cell in enumerate(header)}
    digits = sum(
        any(character.isdigit() for character in str(row[place].value))
        for column in sheet.columns
        if (place := names.get(column.name)) is not None and place < len(row)
        if column.kind in ("region", "number", "whole", "year")
    )
    texts = sum(isinstance(cell.value, str) and not cell.empty for cell in row)
    return digits == 0 and texts >= _FEWEST_HEADINGS


def _take_heading(
    sheet: Sheet,
    headings: Mapping[str, str],
    where: tuple[str, int, int],
    cell: Cell,
    columns: dict[str, int],
    problems: Problems,
    lang: str,
) -> None:
    """Note where a column stands, or what is wrong with its heading."""
    if cell.empty:
        return
    name, number, place = where
    known = _known(cell, headings)
    if known is None:
        titles = [column.title(lang) for column in sheet.columns]
        near = nearest(str(cell.value), titles)
        problems.add(
            "unknown_column",
            name,
            number,
            letters(place),
            got=cell.value,
            near=near or "–",
            known=", ".join(titles),
        )
    elif known in columns:
        problems.add("double_column", name, number, letters(place), got=cell.value)
    else:
        columns[known] = place
