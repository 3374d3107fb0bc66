"""A document as XLSX: one tidy sheet per table, numbers as numbers, no cell a formula."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from kesos_sim import __version__, i18n
from kesos_sim.i18n import numbers
from kesos_sim.i18n.bounds import as_written
from kesos_sim.indicators.definitions import indicators
from kesos_sim.reports.office.document import Document, Listing, Table
from kesos_sim.reports.office.naming import MOST_LETTERS, sheet_name
from kesos_sim.reports.office.packed import packed
from kesos_sim.reports.office.tidy import code_words, headings, spoken_by
from kesos_sim.reports.office.words import plain
from kesos_sim.reports.tables import Cell, TextTable

__all__ = ["write"]

_MOST_IN_CELL: Final = 32_767
"""Letters that a cell can hold."""
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\']")
_WIDEST, _NARROWEST = 38, 6
"""Widths of columns, in letters."""
_LINE_LETTERS: Final = 85
"""Letters in a line of the first sheet."""
_PAGE_LETTERS: Final = 160
"""Letters across A4 that lies down, at `_SMALLER` of their size, in the widest usual font."""
_SMALLER: Final = 70
"""Smallest size at which sheets are printed, percent: letters of 7.7 points."""
_EDGE: Final = 0.4
"""Margins at the sides of a page, inches."""
_KEYS, _KEY_LETTERS = 2, 80
"""Most columns that name the rows on every page, and their width in letters."""
_LINE_POINTS: Final = 15.0
_HIGHEST: Final = 400.0
"""Height of the highest row that office programs allow, points, rounded down."""
_FONT: Final = "Calibri"
_NAMES: Final = frozenset({"year", "figure_year", "decile", "point", "step"})
"""Columns of numbers that name something, which are written without separators."""
_WHOLE: Final = frozenset(
    {"persons", "households", "houses", "organisations", "complaints", "rupiah"}
)
"""Units of which there are no parts."""
_EXACT_FROM: Final = 1000.0
"""Fractions of larger numbers are noise."""
_USUAL_PLACES, _MOST_PLACES = 2, 4
"""Decimals; whole numbers among fractions have the usual ones, but not more."""
_GROUP: Final = 3
_MARGIN: Final = 3
"""Letters that the edges of a cell and the indent of words take."""
_LOCALE: Final = {"id": "[$-421]", "en": "[$-409]"}
"""Names Indonesian and English separators to programs that let a format choose them; others use
those of the user's own system."""
_CORE: Final = "docProps/core.xml"
_HATCH: Final = "lightUp"


def write(document: Document) -> bytes:
    """Return the tables of a document as a workbook.

    Parameters
    ----------
    document : Document
        What to write.

    Returns
    -------
    bytes
        The same bytes for the same document.
    """
    from openpyxl import Workbook  # openpyxl loads where it is used
    from openpyxl.xml.functions import tostring

    book = Workbook()
    names = _sheet_names(document)
    _about(book.active, document, names)
    for table, name in zip(document.tables, names, strict=True):
        _table(book.create_sheet(name), table, document)
    if document.sources:
        _sources(book.create_sheet(i18n.text("office.sheet_sources", document.lang)), document)
    for listing in (block for block in document.blocks if isinstance(block, Listing)):
        sheet = book.create_sheet(_free(listing.name, book.sheetnames))
        for row, line in enumerate(plain(listing.text).splitlines(), start=1):
            _text(sheet, row, 1, line)
        sheet.column_dimensions["A"].width = _LINE_LETTERS
        _printed(sheet)
    about, moment = book.properties, document.provenance.created
    about.title, about.subject = plain(document.title), i18n.text("office.subject", document.lang)
    about.creator = about.lastModifiedBy = f"kesos-sim {__version__}"
    about.language = "id-ID" if document.lang == "id" else "en-US"
    about.identifier = document.provenance.scenario_hash
    about.description = document.line
    buffer = io.BytesIO()
    book.save(buffer)
    # Saving wrote the present moment.
    about.created = about.modified = moment.replace(tzinfo=None)
    return packed(buffer.getvalue(), moment, {_CORE: tostring(about.to_tree())})


def _about(sheet: Any, document: Document, names: Sequence[str]) -> None:
    """Fill the first sheet: what this is, where it comes from, how to get it again."""
    lang, provenance = document.lang, document.provenance
    sheet.title = i18n.text("office.sheet_about", lang)
    rows = [
        ("title", document.title),
        ("subtitle", document.subtitle),
        ("provenance", document.line),
        *(("command", command) for command in document.commands),
        ("hash", provenance.scenario_hash),
        ("code_hash", provenance.code_hash),
        ("data_hash", provenance.data_hash),
        ("created", numbers.date(provenance.created.date(), lang)),
    ]
    row = 0
    for key, words in rows:
        if words:
            row += 1
            _text(sheet, row, 1, i18n.text(f"office.about_{key}", lang)).font = _font(bold=True)
            _told(sheet, row, words)
    if any(isinstance(block, Table) and block.fill for block in document.blocks):
        row += 1
        _told(sheet, row, i18n.text("office.about_fill", lang))
    row += 2
    _text(sheet, row, 1, i18n.text("office.about_sheets", lang)).font = _font(bold=True)
    notes = dict(_notes(document))
    for name, table in zip(names, document.tables, strict=True):
        row += 1
        link = _text(sheet, row, 1, name)
        link.hyperlink = _inside(name)
        link.font = _font(underline="single")
        note = notes.get(table.name, "")
        _told(sheet, row, f"{table.title}\n{note}" if note else table.title)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, _LINE_LETTERS + 5
    _printed(sheet)


def _notes(document: Document) -> Iterator[tuple[str, str]]:
    """Yield names of tables with the remarks that they have, or the unit of their numbers."""
    for block in document.blocks:
        if isinstance(block, Table) and block.note:
            yield block.table.name, block.note
    for table in document.tables:
        if table.unit:
            yield table.name, i18n.text("office.about_unit", document.lang, unit=table.unit)


def _told(sheet: Any, row: int, words: str) -> None:
    """Write words beside a label, and give the row the height that they need."""
    from openpyxl.styles import Alignment

    sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    _wrapped(_text(sheet, row, 2, words))
    lines = sum(max(1, math.ceil(1.1 * len(line) / _LINE_LETTERS)) for line in words.split("\n"))
    sheet.row_dimensions[row].height = _LINE_POINTS * lines


def _font(**options: Any) -> Any:
    """Return a font of the workbook's own family."""
    from openpyxl.styles import Font

    return Font(name=_FONT, size=11, **options)


def _inside(name: str) -> Any:
    """Return a link to a sheet of the same workbook."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    return Hyperlink(ref="", location=f"'{name}'!A1", display=name)


def _table(sheet: Any, table: TextTable, document: Document) -> None:
    """Fill a sheet with a table: a heading, then data."""
    from openpyxl.styles import PatternFill

    fill = next(
        (
            block.fill
            for block in document.blocks
            if isinstance(block, Table) and block.table is table
        ),
        frozenset[int](),
    )
    heads, shown = headings(table, document.lang), spoken_by(table)
    _head(sheet, heads)
    kinds = [_kind(table.fields, values) for values in table.data]
    places = {
        kind: [
            0 if kind[0] in _WHOLE else _places(row[place] for row in own)
            for place in range(len(heads))
        ]
        for kind in set(kinds)
        for own in [[row for row, its in zip(table.data, kinds, strict=True) if its == kind]]
    }
    # A chart that sums up has fewer rows on screens than in its data.
    paired = len(table.rows) == len(table.data)
    for row, values in enumerate(table.data, start=2):
        for place, value in enumerate(values):
            column = shown[place]
            worded = paired and column is not None and not table.columns[column].numeric
            said = code_words(table.fields[place], value, document.lang)
            if worded and column is not None:
                said = table.rows[row - 2][column]
            decimals = places[kinds[row - 2]][place]
            cell = _cell(sheet, row, place + 1, value, said, document.lang, decimals)
            if table.fields[place] in _NAMES:
                cell.number_format = "0"
            if place in fill and cell.value is None:
                cell.fill = PatternFill(_HATCH, fgColor="9CA3AF")
    for head, *cells in sheet.iter_cols(max_row=len(table.data) + 1):
        if any(isinstance(cell.value, int | float) for cell in cells):
            _wrapped(head, right=True)
    _finished(sheet, len(heads), len(table.data))


def _cell(
    sheet: Any, row: int, column: int, value: Cell, said: str | None, lang: str, places: int = 0
) -> Any:
    """Write one cell: a number as a number, text as text, missing as nothing."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and said is None:
        return _number(sheet, row, column, float(value), lang, places)  # type: ignore[arg-type]
    words = said if said is not None else value
    if words is None or words == "":
        return sheet.cell(row, column)
    return _wrapped(_text(sheet, row, column, str(words)))


def _kind(fields: Sequence[str], values: Sequence[Cell]) -> tuple[str, bool]:
    """Return the unit of a row's numbers, empty if it does not say, and whether they are whole."""
    told = dict(zip(fields, values, strict=True))
    known = indicators().get(str(told.get("indicator")))
    return (known.unit, known.decimals == 0) if known else (str(told.get("unit") or ""), False)


def _places(values: Iterable[Cell]) -> int:
    """Return how many decimals numbers of one column and unit need, the same for all fractions."""
    fractions = [
        abs(value)
        for value in values
        if isinstance(value, float) and math.isfinite(value) and not value.is_integer()
    ]
    small = [_needed(value) for value in fractions if value < _EXACT_FROM]
    return max(small, default=0)


def _needed(value: float) -> int:
    """Return decimals for three digits of a fraction, two at least, none that are idle."""
    wanted = max(2, 2 - math.floor(math.log10(value)))
    exact = len(as_written(round(value, _MOST_PLACES)).partition(".")[2])
    return min(max(exact, 2), wanted, _MOST_PLACES)


def _number(sheet: Any, row: int, column: int, value: float, lang: str, places: int) -> Any:
    """Write a number with a format that shows the separators of the language."""
    from openpyxl.styles import Alignment

    cell = sheet.cell(row, column)
    if not math.isfinite(value):
        return cell
    cell.alignment = Alignment(vertical="top")
    cell.value = int(value) if value.is_integer() else value
    if abs(value) >= _EXACT_FROM or (value.is_integer() and places != _USUAL_PLACES):
        places = 0
    form = "#,##0" + ("." + "0" * places if places else "")
    cell.number_format = f'{_LOCALE[lang]}{form};{_LOCALE[lang]}"{numbers.MINUS}"{form}'
    return cell


def _text(sheet: Any, row: int, column: int, words: str) -> Any:
    """Write text that stays text, whatever it begins with.

    The type is set after the value, because openpyxl takes text that begins with an equals sign
    for a formula; the prefix keeps it text when somebody edits the cell.
    """
    cell = sheet.cell(row, column)
    cell.value = plain(words)[:_MOST_IN_CELL]
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _wrapped(cell: Any, *, right: bool = False) -> Any:
    """Let the words of a cell go on in further lines, apart from a number on their left."""
    from openpyxl.styles import Alignment

    place = {"horizontal": "right"} if right else {"horizontal": "left", "indent": 1}
    cell.alignment = Alignment(wrap_text=True, vertical="top", **place)
    return cell


def _head(sheet: Any, words: Iterable[str]) -> None:
    """Write the heading of a table; it stays in sight."""
    from openpyxl.styles import Border, Side

    for column, word in enumerate(words, start=1):
        cell = _wrapped(_text(sheet, 1, column, word))
        cell.font = _font(bold=True)
        cell.border = Border(bottom=Side(style="medium"))
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"


def _finished(sheet: Any, columns: int, rows: int) -> None:
    """Give columns their widths, a filter to the heading, and the paper its size."""
    from openpyxl.utils import get_column_letter

    widths = []
    for column in range(1, columns + 1):
        head, *cells = (cell for (cell,) in sheet.iter_rows(min_col=column, max_col=column))
        longest = max(_heading_letters(str(head.value or "")), *map(_letters, cells), _NARROWEST)
        widths.append(min(longest + _MARGIN, _WIDEST))
        sheet.column_dimensions[get_column_letter(column)].width = widths[-1]
    for row in sheet.iter_rows():
        lines = max(_lines(cell, sheet.column_dimensions[cell.column_letter].width) for cell in row)
        sheet.row_dimensions[row[0].row].height = min(_LINE_POINTS * lines, _HIGHEST)
    if rows:
        sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{rows + 1}"
    _printed(sheet)
    if sum(widths) > _PAGE_LETTERS:
        sheet.print_title_cols = f"A:{get_column_letter(_keys(sheet, widths))}"
        sheet.sheet_properties.pageSetUpPr.fitToPage = False
        sheet.page_setup.scale, sheet.page_setup.pageOrder = _SMALLER, "overThenDown"


def _keys(sheet: Any, widths: Sequence[int]) -> int:
    """Return how many columns name the rows: those of words before the first number."""
    words = [
        not any(isinstance(cell.value, int | float) for (cell,) in rows)
        for column in range(1, _KEYS + 1)
        for rows in [sheet.iter_rows(min_row=2, min_col=column, max_col=column)]
    ]
    return _KEYS if all(words) and sum(widths[:_KEYS]) <= _KEY_LETTERS else 1


def _heading_letters(words: str) -> int:
    """Return how many letters a heading asks for: its longest word, and room for two lines."""
    return max([len(words) // 2, *map(len, words.split())])


def _letters(cell: Any) -> int:
    """Return how many letters a cell shows: of a number with its separators and decimals."""
    if not isinstance(cell.value, int | float):
        return len(str(cell.value or ""))
    whole = len(f"{abs(cell.value):.0f}")
    form = cell.number_format.partition(";")[0]
    marks = (whole - 1) // _GROUP if "," in form else 0
    decimals = len(form.partition(".")[2])
    return whole + marks + decimals + (decimals > 0) + (cell.value < 0)


def _lines(cell: Any, width: float) -> int:
    """Return how many lines the words of a cell take, broken between words; a number takes one."""
    words = cell.value if isinstance(cell.value, str) else ""
    room = width - _MARGIN
    return 1 if len(words) <= room else math.ceil(1.15 * len(words) / room)


def _printed(sheet: Any) -> None:
    """Print on A4 that lies down, as many pages as the rows need."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_margins.left = sheet.page_margins.right = _EDGE
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _sources(sheet: Any, document: Document) -> None:
    """Fill the sheet of sources."""
    fields = ("name", "year", "quality", "used")
    _head(sheet, (i18n.text(f"office.source_{field}", document.lang) for field in fields))
    for row, source in enumerate(document.sources, start=2):
        told = (source.name, source.year, source.quality, source.used_for)
        for column, words in enumerate(told, start=1):
            _cell(sheet, row, column, words, words, document.lang)
    _finished(sheet, len(fields), len(document.sources))


def _sheet_names(document: Document) -> list[str]:
    """Return a name for the sheet of every table."""
    taken = [i18n.text(f"office.sheet_{name}", document.lang) for name in ("about", "sources")]
    names: list[str] = []
    for table in document.tables:
        names.append(_free(sheet_name(table.name, document.lang), [*taken, *names]))
    return names


def _free(name: str, taken: Sequence[str]) -> str:
    """Return a name that a sheet can have and no other sheet has."""
    base = _NOT_IN_NAMES.sub("_", plain(name)).strip()[:MOST_LETTERS] or "1"
    used = {other.lower() for other in taken}
    found, number = base, 1
    while found.lower() in used:
        number += 1
        found = f"{base[: MOST_LETTERS - len(str(number)) - 1]}_{number}"
    return found
