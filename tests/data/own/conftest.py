"""Templates of one small province, made once, and what a test changes in them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from benchmarks.fuzz.own_files import small_workbook

Change = Callable[[Any], None]


@pytest.fixture(scope="session")
def workbook_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The template of DI Yogyakarta with two of its districts, as bytes."""
    return small_workbook(tmp_path_factory.mktemp("own"))


@pytest.fixture
def filled(workbook_bytes: bytes, tmp_path: Path) -> Callable[..., Path]:
    """Write the template with changes and a source."""

    def write(change: Change, *, source: str | None = "Bappeda, hitungan uji") -> Path:
        book = openpyxl.load_workbook(io.BytesIO(workbook_bytes))
        if source is not None:
            answer(book, "Sumber data", source)
        change(book)
        path = tmp_path / "isi.xlsx"
        book.save(path)
        return path

    return write


def answer(book: Any, label: str, value: object) -> None:
    """Answer a question of the guide."""
    for row in book["petunjuk"].iter_rows(max_col=2):
        if row[0].value == label:
            row[1].value = value
            return
    raise AssertionError(label)


def row_of(sheet: Any, region: int, part: str) -> int:
    """The row of a region and part."""
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == region and row[2].value == part:
            return int(row[0].row)
    raise AssertionError((region, part))


def put(book: Any, sheet: str, region: int, part: str, heading: str, value: object) -> str:
    """Put a value under a heading; return its place."""
    page = book[sheet]
    column = next(c.column for c in page[1] if str(c.value).startswith(heading))
    cell = page.cell(row_of(page, region, part), column)
    cell.value = value
    return str(cell.coordinate)
