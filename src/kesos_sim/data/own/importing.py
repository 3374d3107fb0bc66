"""Reading a planner's file: every problem at once, or figures that may replace published ones."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kesos_sim.data.own.checks import Written, check_figures
from kesos_sim.data.own.figures import MOST_FIGURES, OwnData, OwnFigure
from kesos_sim.data.own.files import Limits, read_grids
from kesos_sim.data.own.grid import Cell, Grid
from kesos_sim.data.own.identifiers import sensitive
from kesos_sim.data.own.layout import GUIDE_FIELDS, LAYOUT, MOST_ROWS, Column, plain
from kesos_sim.data.own.problems import Problem, Problems
from kesos_sim.data.own.published import Known, published, row_source
from kesos_sim.data.own.tables import Rows, known_sheets, place_of, rows_of
from kesos_sim.data.own.topups import local_programmes
from kesos_sim.data.own.values import (
    Refused,
    as_choice,
    as_number,
    as_region,
    as_text,
    expected_words,
)
from kesos_sim.data.reading import read_table
from kesos_sim.data.regions import region_name
from kesos_sim.i18n import LANGUAGES, default_language, text

__all__ = ["BASE_YEAR", "Imported", "read_own"]

BASE_YEAR: Final = 2024
"""Base year of a file that names none."""
_MOST_CHARACTERS: Final = 220_000
"""So that figures with long sources still make a file that scenarios can read."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was read from a planner's file.

    Attributes
    ----------
    own : OwnData or None
        Figures that differ from published ones; None when something is wrong.
    programmes : tuple of dict
        Local programmes as a scenario file has them.
    problems : tuple of Problem
        What is wrong, sheet by sheet; at most 500.
    problem_count : int
        All problems.
    unchanged : int
        Figures that are as published and replace nothing.
    idle : tuple of OwnFigure
        Figures that are kept but change nothing in the model yet.
    absent : tuple of str
        Sheets that the file does not have, by name in code; published figures stay.
    """

    own: OwnData | None
    programmes: tuple[dict[str, Any], ...]
    problems: tuple[Problem, ...]
    problem_count: int
    unchanged: int
    idle: tuple[OwnFigure, ...]
    absent: tuple[str, ...]

    def notes(self, lang: str) -> tuple[str, ...]:
        """Say what the figures do, and what does nothing.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        tuple of str
            Sentences.
        """
        if self.own is None:
            return ()
        analysed = sum(self.own.analysed(figure) for figure in self.own.figures)
        acting = len(self.own.figures) - len(self.idle) - analysed
        said = [
            text(
                "own_data.note.taken",
                lang,
                acting=acting,
                same=self.unchanged,
                programmes=len(self.programmes),
            )
        ]
        if analysed:
            said.append(text("own_data.note.analysed", lang, count=analysed, base=self.own.year))
        for label in dict.fromkeys(figure.label(lang) for figure in self.idle):
            where = ", ".join(
                region_name(one.region, lang) for one in self.idle if one.label(lang) == label
            )
            said.append(text("own_data.note.idle", lang, figure=label, regions=where))
        if self.absent:
            titles = ", ".join(LAYOUT[name].title(lang) for name in self.absent)
            said.append(text("own_data.note.absent", lang, sheets=titles))
        return tuple(said)


def read_own(
    path: str | os.PathLike[str], source: str | None = None, lang: str | None = None
) -> Imported:
    """Read a workbook, a CSV file or a folder of CSV files made from the template.

    Nothing is written, and no formula, link or macro is followed.

    Parameters
    ----------
    path : path-like
        The file or folder.
    source : str, optional
        Where the figures come from, if the file does not say so or should say something else.
    lang : str, optional
        Language in which problems name columns; the user's when left out.

    Returns
    -------
    Imported
        The figures, or every problem.
    """
    said = lang or default_language()
    problems = Problems()
    grids = read_grids(Path(path), Limits.FILE, Limits.UNPACKED, MOST_ROWS, problems)
    if not grids:
        if not problems:
            problems.add("no_sheet", Path(path).name, got="")
        return _refused(problems)
    _find_identifiers(grids, problems)
    guide, sheets = known_sheets(grids, problems)
    about = _about(guide, problems)
    base = _base_year(about.get("year"), guide, problems)
    tables = {
        name: rows
        for name, grid in sheets.items()
        if (rows := rows_of(LAYOUT[name], grid, problems, said)) is not None
    }
    written = [
        one
        for name, rows in tables.items()
        if name != "topups"
        for one in _figures(rows, base, problems, said)
    ]
    programmes: tuple[dict[str, Any], ...] = ()
    if "topups" in tables:
        programmes = local_programmes(tables["topups"], base, problems, said)
    check_figures(written, base, problems)
    own = tuple(sorted(one.figure for one in written if not one.same))
    origin = source or _text(about.get("source"))
    if (own or programmes) and not origin:
        problems.add("no_source", guide.name if guide else "")
    written_out = sum(len(str(figure.document())) for figure in own)
    if len(own) > MOST_FIGURES or written_out > _MOST_CHARACTERS:
        problems.add("too_many_figures", got=len(own), most=MOST_FIGURES)
    if problems:
        return _refused(problems)
    title = _text(about.get("title")) or Path(path).stem
    data = OwnData(title, origin or "–", base, own)
    idle = tuple(one for one in own if not (data.acts(one) or data.analysed(one)))
    absent = tuple(name for name in LAYOUT if name not in sheets)
    same = sum(one.same for one in written)
    return Imported(data, programmes, (), 0, same, idle, absent)


def _refused(problems: Problems) -> Imported:
    """Return a result without figures."""
    return Imported(None, (), tuple(problems), problems.count, 0, (), ())


def _find_identifiers(grids: Sequence[Grid], problems: Problems) -> None:
    """Refuse what tells of single people; a file of figures has no need of it."""
    for grid in grids:
        for row, place, cell in grid.cells():
            if isinstance(cell.value, str | int | float) and sensitive(cell.value):
                problems.add("identifier", grid.name, row, place_of(place, "–"))


def _about(guide: Grid | None, problems: Problems) -> dict[str, Cell]:
    """Return what the guide says about the file as a whole."""
    if guide is None:
        return {}
    labels = {
        plain(text(f"own_data.guide.{name}.label", lang)): name
        for name in GUIDE_FIELDS
        for lang in LANGUAGES
    }
    found: dict[str, Cell] = {}
    for number, row in guide.rows:
        name = labels.get(plain(row[0].value)) if row and not row[0].empty else None
        if name is None or name in found or len(row) < 2 or row[1].empty:  # noqa: PLR2004  # label, answer
            continue
        try:
            as_text(row[1])
        except Refused as wrong:
            problems.add(wrong.kind, guide.name, number, place_of(1, str(row[0].value)),
                         **wrong.fields)  # fmt: skip
        found[name] = row[1]
    return found


def _text(cell: Cell | None) -> str:
    """Return the answer of the guide as one line; what cannot be one was refused before."""
    if cell is None:
        return ""
    try:
        return as_text(cell)
    except Refused:
        return ""


def _base_year(cell: Cell | None, guide: Grid | None, problems: Problems) -> int:
    """Return the base year that the guide names."""
    if cell is None:
        return BASE_YEAR
    known = base_years()
    written = _text(cell).removesuffix(".0")
    if written not in map(str, known):
        span = f"{min(known)}–{max(known)}"
        problems.add("bad_base_year", guide.name if guide else "", got=written, years=span)
        return BASE_YEAR
    return int(written)


def base_years() -> tuple[int, ...]:
    """Return the years whose March can be a base month.

    Returns
    -------
    tuple of int
        Years with published poverty of every district, ascending.
    """
    return tuple(sorted(set(read_table("poverty_kabupaten")["year"].tolist())))


def _figures(rows: Rows, base: int, problems: Problems, lang: str) -> Iterator[Written]:
    """Yield the figures of one sheet; what is wrong goes to the problems."""
    seen: dict[tuple[object, ...], int] = {}
    for number, row in rows.rows:
        if all(rows.cell(row, column.name).empty for column in rows.sheet.figures):
            continue
        named = _row_values(rows, number, row, base, problems, lang)
        key = tuple(named.get(name) for name in rows.sheet.key)
        if None in key:
            for column in rows.sheet.figures:
                _number(rows, number, row, column, problems, lang)
            continue
        first = seen.setdefault(key, number)
        if first != number:
            problems.add("double_row", rows.name, number, first=str(first))
            continue
        yield from _row_figures(rows, number, row, named, base, problems, lang)


def _row_values(
    rows: Rows, number: int, row: Sequence[Cell], base: int, problems: Problems, lang: str
) -> dict[str, Any]:
    """Return what describes a row: region, part, year, source."""
    found: dict[str, Any] = {}
    for column in rows.sheet.columns:
        cell = rows.cell(row, column.name)
        if column.measure:
            continue
        if cell.empty:
            if column.required:
                problems.add("missing_value", rows.name, number, rows.where(column, lang),
                             wanted=expected_words(column))  # fmt: skip
            continue
        try:
            if column.kind == "region":
                place_cell = rows.cell(row, "place")
                place = "" if place_cell.empty else as_text(place_cell)
                found[column.name] = as_region(cell, place, base)
            elif column.kind == "choice":
                found[column.name] = as_choice(cell, column)
            elif column.kind == "year":
                found[column.name] = int(as_number(cell, column))
            else:
                found[column.name] = as_text(cell)
        except Refused as wrong:
            problems.add(wrong.kind, rows.name, number, rows.where(column, lang), **wrong.fields)
    return found


def _row_figures(
    rows: Rows,
    number: int,
    row: Sequence[Cell],
    named: Mapping[str, Any],
    base: int,
    problems: Problems,
    lang: str,
) -> Iterator[Written]:
    """Yield the figures of one row."""
    parts = rows.sheet.parts
    region, part = named["region"], named[parts.name] if parts else ""
    known = published(base)
    beside = [
        shown.source
        for column in rows.sheet.figures
        if (shown := known.get((region, column.measure, part))) is not None
    ]
    template_sources = {row_source(beside, one) for one in LANGUAGES}
    for column in rows.sheet.figures:
        value = _number(rows, number, row, column, problems, lang)
        if value is None:
            continue
        before = known.get((region, column.measure, part))
        year = named.get("year", base)
        same = before is not None and value == before.value and _same_year(before, year, column)
        source = named.get("source", "")
        # What is written beside a published figure does not speak for another one.
        kept = "" if source in template_sources else source
        figure = OwnFigure(region, column.measure, part, value, year, kept)
        yield Written(figure, rows.name, number, rows.where(column, lang), same)


def _number(
    rows: Rows, number: int, row: Sequence[Cell], column: Column, problems: Problems, lang: str
) -> float | None:
    """Return the number of a cell; None for an empty one, or a wrong one, which is told."""
    cell = rows.cell(row, column.name)
    if cell.empty:
        return None
    try:
        return as_number(cell, column)
    except Refused as wrong:
        problems.add(wrong.kind, rows.name, number, rows.where(column, lang), **wrong.fields)
        return None


def _same_year(before: Known, year: int, column: Column) -> bool:
    """Return whether a year changes nothing; a size of households stands in a row of another."""
    return year == before.year or column.measure == "household_size"
