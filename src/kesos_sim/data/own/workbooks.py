"""XLSX files of a planner as grids, looked through before anything opens them.

A workbook is a ZIP archive of XML. Before openpyxl sees it, every part is unpacked in small
pieces and thrown away again, so that a part that swells, a document type with entities, macros
and links to other files are found without being followed. Nothing is written to disk, no formula
is calculated and no name of a part is ever used as a path.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from warnings import catch_warnings, simplefilter

from kesos_sim.data.own.grid import Cell, Grid
from kesos_sim.data.own.problems import Problems

__all__ = ["first_sheet", "read_workbook"]

_MOST_PARTS: Final = 500
_PIECE: Final = 1 << 20
_OVERLAP: Final = 256
_WIDEST_SHEET: Final = 50
_WIDEST_LIST: Final = 300
_EMPTY: Final = Cell(None)
_LAST_ROW: Final = 500_000
"""Last row that is read; a file may claim to have more than any spreadsheet."""
_ENTITIES: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*ref=\"([A-Z]+[0-9]+:[A-Z]+[0-9]+)\"")
_ROW: Final = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?r=\"([0-9]{6,})\"")
_MACROS: Final = re.compile(r"vbaproject|macrosheets/|activex/|ctrlprops/", re.IGNORECASE)
_LINKS: Final = re.compile(
    r"externallinks/|embeddings/|connections\.xml|querytables/|customdata/", re.IGNORECASE
)
_MACRO_TYPE: Final = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
_OUTSIDE: Final = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode=\"External\")(?![^>]*/hyperlink\")[^>]*>", re.IGNORECASE
)
_DAMAGED: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, RuntimeError,
    ValueError,
)  # fmt: skip


def read_workbook(
    path: Path, most_unpacked: int, most_rows: int, problems: Problems
) -> list[Grid] | None:
    """Read every sheet of a workbook.

    Parameters
    ----------
    path : Path
        A regular file of bearable size.
    most_unpacked : int
        Bytes that all parts together may have once unpacked.
    most_rows : int
        Rows with content that a sheet may have.
    problems : Problems
        Told what is wrong.

    Returns
    -------
    list of Grid or None
        None if the workbook is not opened.
    """
    if not zipfile.is_zipfile(path):
        problems.add("not_a_workbook", path.name)
        return None
    merged = _looked_through(path, most_unpacked, problems)
    if merged is None:
        return None
    try:
        import openpyxl
    except ImportError:
        problems.add("missing_package", path.name, package="openpyxl")
        return None
    try:
        with catch_warnings():
            simplefilter("ignore")  # openpyxl tells about parts that it leaves out
            book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
            try:
                return list(_grids(book, merged, most_rows, problems))
            finally:
                book.close()
    except Exception:  # a hostile file may break the reader anywhere; it is refused all the same
        problems.add("damaged", path.name, reason="XML")
        return None


def first_sheet(
    path: Path, most_unpacked: int, problems: Problems
) -> Iterator[tuple[int, list[object]]]:
    """Go through the rows of the first visible sheet of a large workbook, one at a time.

    Parameters
    ----------
    path : Path
        A regular file of bearable size.
    most_unpacked : int
        Bytes that all parts together may have once unpacked.
    problems : Problems
        Told what is wrong; formulas and errors are values of kind `Cell`.

    Yields
    ------
    tuple of int and list
        Row as the spreadsheet counts it, and what stands in it; empty rows are left out.
    """
    if not zipfile.is_zipfile(path):
        problems.add("not_a_workbook", path.name)
        return
    if _looked_through(path, most_unpacked, problems) is None:
        return
    try:
        import openpyxl
    except ImportError:
        problems.add("missing_package", path.name, package="openpyxl")
        return
    try:
        with catch_warnings():
            simplefilter("ignore")  # openpyxl tells about parts that it leaves out
            book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
            try:
                sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
                if sheet is None:
                    problems.add("hidden_sheet", path.name)
                    return
                sheet.reset_dimensions()
                read = sheet.iter_rows(max_row=_LAST_ROW, max_col=_WIDEST_LIST)
                for number, row in enumerate(read, start=1):
                    if all(one.value is None for one in row):
                        continue
                    cells = [_cell(one) for one in row]
                    if not all(cell.empty for cell in cells):
                        yield number, [c.value if c.kind == "value" else c for c in cells]
            finally:
                book.close()
    except Exception:  # a hostile file may break the reader anywhere; it is refused all the same
        problems.add("damaged", path.name, reason="XML")


def _looked_through(
    path: Path, most_unpacked: int, problems: Problems
) -> dict[str, list[str]] | None:
    """Unpack every part for a look; return merged cells by part, None if it is not to be opened."""
    merged: dict[str, list[str]] = {}
    before, left = problems.count, most_unpacked
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = [part.filename for part in parts]
            if len(parts) > _MOST_PARTS or len(set(names)) < len(names):
                problems.add("damaged", path.name, reason="ZIP")
                return None
            _look_at_names(names, path.name, problems)
            for part in parts:
                if part.flag_bits & 1:
                    problems.add("not_a_workbook", path.name)
                    return None
                left -= _look_at_part(archive, part, left, path.name, problems, merged)
                if left < 0:
                    problems.add("unpacks_too_large", path.name, most=most_unpacked // 1_000_000)
                    return None
    except _DAMAGED:
        problems.add("damaged", path.name, reason="ZIP")
        return None
    if "xl/workbook.xml" not in names and problems.count == before:
        problems.add("not_a_workbook", path.name)
    return merged if problems.count == before else None


def _look_at_names(names: Sequence[str], file: str, problems: Problems) -> None:
    """Find macros and links to other files by the names of the parts."""
    if any(_MACROS.search(name) for name in names):
        problems.add("macros", file)
    if any(_LINKS.search(name) for name in names):
        problems.add("external_links", file)


def _look_at_part(
    archive: zipfile.ZipFile,
    part: zipfile.ZipInfo,
    left: int,
    file: str,
    problems: Problems,
    merged: dict[str, list[str]],
) -> int:
    """Unpack one part piece by piece and return how large it was, at most just beyond `left`."""
    size, tail = 0, b""
    seen: set[str] = set()
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > left:
                return size
            window = tail + piece
            # Other encodings than UTF-8 would hide a declaration from the search.
            wide = part.filename.endswith((".xml", ".rels")) and b"\0" in window
            if wide or _ENTITIES.search(window):
                seen.add("entities")
            if part.filename == "[Content_Types].xml" and _MACRO_TYPE.search(window):
                seen.add("macros")
            if any(int(number) > _LAST_ROW for number in _ROW.findall(window)):
                seen.add("too_many_rows")
            if part.filename.endswith(".rels") and _OUTSIDE.search(window):
                seen.add("external_links")
            found = [one.decode("ascii") for one in _MERGED.findall(window)]
            if found:
                known = merged.setdefault(part.filename, [])
                known += [one for one in found if one not in known]
            tail = window[-_OVERLAP:]
    for kind in sorted(seen):
        problems.add(kind, file, most=_LAST_ROW)
    return size


def _grids(
    book: Any, merged: dict[str, list[str]], most_rows: int, problems: Problems
) -> Iterator[Grid]:
    """Yield the sheets that are there to be read."""
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            problems.add("hidden_sheet", sheet.title)
            continue
        part = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
        for place in merged.get(part, ()):
            problems.add("merged_cells", sheet.title, int(re.findall(r"\d+", place)[0]), place)
        sheet.reset_dimensions()  # what a file says about its size need not be true
        rows: list[tuple[int, list[Cell]]] = []
        for number, row in enumerate(
            sheet.iter_rows(max_row=_LAST_ROW, max_col=_WIDEST_SHEET), start=1
        ):
            if all(one.value is None for one in row):
                continue
            cells = [_cell(one) for one in row]
            if all(cell.empty for cell in cells):
                continue
            if len(rows) > most_rows:
                problems.add("too_many_rows", sheet.title, number, most=most_rows)
                break
            rows.append((number, cells))
        else:
            yield Grid(sheet.title, rows)


def _cell(cell: Any) -> Cell:
    """Take over one cell without calculating anything."""
    value = cell.value
    if value is None:
        return _EMPTY
    if cell.data_type == "f" or not isinstance(value, str | int | float | bool | dt.date | dt.time):
        return Cell(str(getattr(value, "text", value)), "formula")
    if cell.data_type == "e":
        return Cell(str(value), "error")
    percent = isinstance(value, int | float) and "%" in str(cell.number_format or "")
    return Cell(value, percent=percent)
