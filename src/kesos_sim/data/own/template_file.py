"""The template of own data, made from the declaration of its sheets: workbook or CSV files."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from kesos_sim.data.own.grid import letters
from kesos_sim.data.own.importing import BASE_YEAR, base_years
from kesos_sim.data.own.layout import (
    AREAS,
    BUDGET,
    GUIDE_FIELDS,
    LAYOUT,
    ORGANISATIONS,
    PROGRAMMES,
    Column,
    Sheet,
)
from kesos_sim.data.own.published import (
    Known,
    areas_of,
    published,
    regions_of,
    row_source,
)
from kesos_sim.data.own.tables import guide_title
from kesos_sim.data.own.values import expected_words
from kesos_sim.data.regions import codes_named, districts, province_codes, region_name
from kesos_sim.errors import InputError
from kesos_sim.i18n import text

__all__ = ["template", "template_region"]

_PROVINCES_BELOW: Final = 100
_SPARE_ROWS: Final = 200
_WIDTHS: Final = {"place": 26, "source": 46, "label": 30, "amount": 22, "item": 22, "body": 26}
_WIDTH: Final = 15
_GUIDE_WIDTHS: Final = (22, 34, 44, 10, 36, 66)
_LINE: Final = 15.0
_FONT: Final = "Calibri"
_HEADER_FILL: Final = "12436D"
_QUIET_FILL: Final = "EEF2F6"
_ANSWER_FILL: Final = "FFF7E0"
_FORMATS: Final = {0: "#,##0", 2: "0.00", 3: "0.000"}
_ORDER: Final = {"poverty": AREAS, "population": AREAS, "budget": BUDGET,
                 "organisations": ORGANISATIONS, "programmes": PROGRAMMES}  # fmt: skip
_OF_DISTRICTS: Final = "village_fund"

Row = tuple[Any, ...]


def template_region(typed: str, year: int = BASE_YEAR) -> int:
    """Return the one province or district that a template is for.

    Parameters
    ----------
    typed : str
        Code or name.
    year : int
        Base year.

    Returns
    -------
    int
        BPS code.

    Raises
    ------
    InputError
        If it is none, or more than one.
    """
    bare = typed.strip()
    if bare.isascii() and bare.isdigit():
        if int(bare) in (*province_codes(year), *districts()):
            return int(bare)
        codes: tuple[int, ...] = ()
    else:
        codes = codes_named(bare)
    if len(codes) != 1 or codes[0] not in (*province_codes(year), *districts()):
        raise InputError("KS6082", "own_data.one_region", field="--region", got=typed)
    return codes[0]


def template(
    region: int, path: str | os.PathLike[str], lang: str = "id", year: int = BASE_YEAR
) -> Path:
    """Write the template of a region with what is published for it.

    Parameters
    ----------
    region : int
        BPS code of a province, which brings its districts, or of a district.
    path : path-like
        A name that ends with ``.xlsx``, or a folder for CSV files.
    lang : str
        ``id`` or ``en``.
    year : int
        Base year.

    Returns
    -------
    Path
        The file or folder.

    Raises
    ------
    InputError
        If nothing is published for that year, or the file cannot be written or is there already.
    """
    if year not in base_years():
        raise InputError("KS6083", "own_data.template_year", field="--year", got=year,
                         expected=", ".join(map(str, base_years())))  # fmt: skip
    target = Path(path)
    try:
        if target.suffix.casefold() == ".xlsx":
            content = _workbook(region, lang, year)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as stream:
                try:
                    stream.write(content)
                    stream.flush()
                except OSError:
                    target.unlink()
                    raise
        else:
            target.mkdir(parents=True, exist_ok=True)
            for name, rows in _all_rows(region, lang, year):
                with (target / f"{name}.csv").open("x", encoding="utf-8-sig", newline="") as file:
                    file.write(_csv(rows))
    except FileExistsError as error:
        raise InputError("KS6084", "own_data.exists", file=error.filename or target) from None
    except OSError as error:
        raise InputError("KS6085", "own_data.unwritable_template", file=target,
                         reason=error) from None  # fmt: skip
    return target


def rows_for(sheet: Sheet, region: int, lang: str, year: int) -> list[Row]:
    """Return the rows of one sheet with what is published.

    Parameters
    ----------
    sheet : Sheet
        A sheet of `LAYOUT`.
    region : int
        BPS code.
    lang : str
        ``id`` or ``en``.
    year : int
        Base year.

    Returns
    -------
    list of tuple
        One value for each column; None where nothing is published. Top-ups have none.
    """
    parts = sheet.parts
    if parts is None:
        return []
    rows: list[Row] = []
    for code in regions_of(region, year):
        for part in _parts_of(sheet.name, code, year):
            found = {
                column.name: figure
                for column in sheet.figures
                if (figure := published(year).get((code, column.measure, part))) is not None
            }
            rows.append(_row(sheet, parts, code, part, found, lang, year))
    return rows


def _parts_of(sheet: str, region: int, year: int) -> tuple[str, ...]:
    """Return the parts that a region has a row for."""
    if sheet in ("poverty", "population"):
        return areas_of(region, year)
    if sheet == "budget" and region < _PROVINCES_BELOW:
        return tuple(part for part in _ORDER[sheet] if part != _OF_DISTRICTS)
    return _ORDER[sheet]


def _row(
    sheet: Sheet,
    parts: Column,
    region: int,
    part: str,
    found: dict[str, Known],
    lang: str,
    year: int,
) -> Row:
    """Return one row of a sheet."""
    first = next(iter(found.values()), None)
    sources = list(dict.fromkeys(figure.source for figure in found.values()))
    values: dict[str, Any] = {
        "region": region,
        "place": region_name(region, lang),
        parts.name: parts.choice_words(part, lang),
        "year": first.year if first is not None and len(sheet.figures) == 1 else year,
        "source": None if first is None else row_source(sources, lang),
        "quality": None,
    }
    if first is not None:
        quality = next(column for column in sheet.columns if column.name == "quality")
        values["quality"] = quality.choice_words(first.quality, lang)
    for column in sheet.figures:
        figure = found.get(column.name)
        value = None if figure is None else figure.value
        values[column.name] = int(value) if value is not None and not column.decimals else value
    return tuple(values[column.name] for column in sheet.columns)


def _guide_rows(region: int, lang: str, year: int) -> Iterator[Row]:
    """Yield what the guide says, then what it asks, then every column."""
    yield (text("own_data.guide.heading", lang, place=region_name(region, lang)),)
    yield from ((line,) for line in text("own_data.guide.text", lang).splitlines())
    yield (None,)
    answers = {"year": year, "title": None}
    for name in GUIDE_FIELDS:
        label = text(f"own_data.guide.{name}.label", lang)
        yield (label, answers.get(name), text(f"own_data.guide.{name}.help", lang))
    yield (None,)
    heads = ("sheet", "column", "expected", "required", "example", "meaning")
    yield tuple(text(f"own_data.guide.columns.{head}", lang) for head in heads)
    for sheet in LAYOUT.values():
        yield (sheet.title(lang), None, None, None, None, sheet.help(lang))
        for column in sheet.columns:
            needed = text(f"reports.{'yes' if column.required else 'no'}", lang)
            yield (
                sheet.title(lang),
                column.heading(lang),
                expected_words(column)[lang] if column.kind != "text" else None,
                needed,
                column.example,
                column.help(lang),
            )


def _all_rows(region: int, lang: str, year: int) -> Iterator[tuple[str, list[Row]]]:
    """Yield the names and rows of all sheets, headers first."""
    yield guide_title(lang), list(_guide_rows(region, lang, year))
    for sheet in LAYOUT.values():
        header = tuple(column.heading(lang) for column in sheet.columns)
        yield sheet.title(lang), [header, *rows_for(sheet, region, lang, year)]


def _csv(rows: Sequence[Row]) -> str:
    """Return rows as CSV that a spreadsheet in Indonesian opens: semicolons, decimal commas."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow(["" if value is None else _written(value) for value in row])
    return stream.getvalue()


def _written(value: object) -> str:
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def _workbook(region: int, lang: str, year: int) -> bytes:
    """Return the workbook."""
    import openpyxl

    book = openpyxl.Workbook()
    for place, (name, rows) in enumerate(_all_rows(region, lang, year)):
        sheet = book.active if place == 0 else book.create_sheet()
        sheet.title = name
        for row in rows:
            sheet.append(row)
        if place == 0:
            _dress_guide(sheet)
        else:
            _dress(sheet, list(LAYOUT.values())[place - 1], len(rows), lang)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _dress_guide(sheet: Any) -> None:
    """Make the guide readable."""
    from openpyxl.styles import Alignment, Font, PatternFill

    _print_wide(sheet)
    for letter, width in zip("ABCDEF", _GUIDE_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet["A1"].font = Font(name=_FONT, bold=True, size=14)
    last = sheet.max_row
    table = last - sum(1 + len(one.columns) for one in LAYOUT.values())
    for number in range(table - 1 - len(GUIDE_FIELDS), table - 1):
        sheet.cell(number, 1).font = Font(name=_FONT, bold=True)
        sheet.cell(number, 2).fill = PatternFill("solid", fgColor=_ANSWER_FILL)
        sheet.cell(number, 2).alignment = Alignment(
            wrap_text=True, vertical="top", horizontal="left"
        )
    for cell in sheet[table]:
        cell.font = Font(name=_FONT, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=_HEADER_FILL)
    for row in sheet.iter_rows(min_row=table + 1, max_row=last):
        lines = max(
            math.ceil(len(str(cell.value or "")) / width)
            for cell, width in zip(row, _GUIDE_WIDTHS, strict=True)
        )
        sheet.row_dimensions[row[0].row].height = _LINE * lines
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if row[1].value is None:
                cell.fill = PatternFill("solid", fgColor=_QUIET_FILL)
                cell.font = Font(name=_FONT, bold=cell is row[0])


def _print_wide(sheet: Any) -> None:
    """Let all columns fit on a sheet of paper."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _dress(sheet: Any, declared: Sheet, rows: int, lang: str) -> None:
    """Give headings their help, cells their format, and choices their lists."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    _print_wide(sheet)
    sheet.print_title_rows = "1:1"
    sheet.freeze_panes = "C2"
    sheet.row_dimensions[1].height = 66
    last = rows + _SPARE_ROWS
    for place, column in enumerate(declared.columns):
        letter = letters(place)
        sheet.column_dimensions[letter].width = _WIDTHS.get(column.name, _WIDTH)
        head = sheet[f"{letter}1"]
        head.font = Font(name=_FONT, bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor=_HEADER_FILL)
        head.alignment = Alignment(wrap_text=True, vertical="center")
        example = text("own_data.guide.columns.example", lang)
        head.comment = Comment(f"{column.help(lang)}\n{example}: {column.example}", "kesos-sim",
                               height=160, width=300)  # fmt: skip
        if column.kind in ("region", "year"):
            for (cell,) in sheet[f"{letter}2:{letter}{rows}"] if rows > 1 else ():
                cell.alignment = Alignment(horizontal="left")
        if column.measure or column.kind in ("number", "whole"):
            sheet.column_dimensions[letter].number_format = _FORMATS[column.decimals]
            for (cell,) in sheet[f"{letter}2:{letter}{rows}"] if rows > 1 else ():
                cell.number_format = _FORMATS[column.decimals]
        _validate(sheet, column, f"{letter}2:{letter}{last}", lang)


def _validate(sheet: Any, column: Column, cells: str, lang: str) -> None:
    """Let the spreadsheet itself offer choices and refuse what is out of range."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if column.choices:
        words = ",".join(column.choice_words(choice, lang) for choice in column.choices)
        rule = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    elif column.kind in ("number", "whole", "year"):
        rule = DataValidation(
            type="decimal" if column.kind == "number" else "whole",
            operator="between",
            formula1=repr(column.low),
            formula2=repr(column.high),
            allow_blank=True,
        )
    else:
        return
    rule.errorTitle = column.title(lang)[:32]
    rule.error = text("own_data.guide.refused", lang, wanted=expected_words(column)[lang])[:255]
    rule.showErrorMessage = True
    sheet.add_data_validation(rule)
    rule.add(cells)
