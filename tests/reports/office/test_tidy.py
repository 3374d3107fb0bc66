"""Columns of data speak as the columns on screens that show them."""

from __future__ import annotations

import io

import openpyxl
import pytest

from kesos_sim.reports.office import Table, render
from kesos_sim.reports.office.tidy import headings, spoken_by
from kesos_sim.reports.tables import Cell, Column, TextTable

from .conftest import MakeDocument

SCREEN = (
    Column("Paket", numeric=False),
    Column("Selisih"),
    Column("Kisaran"),
    Column("Mutu", numeric=False),
)
FIELDS = ("package", "difference", "difference_low", "difference_high", "quality")
ROWS = (("Sembilan butir", "turun", "1–3", "perkiraan"),)
DATA = (("semua-butir", -2.0, -3.0, -1.25, "estimate"),)


def table(fields: tuple[str, ...] = FIELDS, data: tuple[tuple[Cell, ...], ...] = DATA) -> TextTable:
    return TextTable("t", "T", SCREEN, ROWS, fields, data)


def test_ends_of_a_range_share_a_column_and_what_follows_keeps_its_words() -> None:
    assert spoken_by(table()) == (0, 1, 2, 2, 3)
    assert headings(table(), "id") == [
        "Paket",
        "Selisih",
        "Selisih, batas bawah",
        "Selisih, batas atas",
        "Mutu",
    ]
    plain = table(("package", "difference", "low", "high", "quality"))
    assert headings(plain, "en")[2:4] == ["Kisaran, lower end", "Kisaran, upper end"]
    assert spoken_by(table((*FIELDS, "months"), ((*DATA[0], 10),)))[-1] is None


def test_numbers_of_a_sheet_say_their_unit_and_screens_keep_their_headings() -> None:
    columns = (*SCREEN[:1], Column("Selisih", unit="rupiah"), Column("Kisaran"), *SCREEN[3:])
    told = headings(TextTable("t", "T", columns, ROWS, FIELDS, DATA), "id")
    assert told == [
        "Paket",
        "Selisih (rupiah)",
        "Selisih, batas bawah (rupiah)",
        "Selisih, batas atas (rupiah)",
        "Mutu",
    ]
    assert columns[1].label == "Selisih"


def test_fields_in_another_order_than_the_screen_are_named_by_the_catalogue() -> None:
    other = table(
        ("package", "coordination", "cost_low", "poverty_rate", "low", "zzz", "x_high"),
        (("semua-butir", "assumed", 1.0, 2.0, 3.0, 4.0, 5.0),),
    )
    assert spoken_by(other) == (0, *[None] * 6)
    assert headings(other, "id") == [
        "Paket",
        "Pengaruh koordinasi",
        "Biaya tambahan setahun, batas bawah (rupiah)",
        "Tingkat kemiskinan (P0) (persen)",
        "Batas bawah",
        "zzz",
        "x, batas atas",
    ]


def test_codes_that_no_screen_shows_have_words(make_document: MakeDocument) -> None:
    other = table(("package", "coordination", "cost"), (("semua-butir", "none", 1.0),))
    book = openpyxl.load_workbook(io.BytesIO(render(make_document(Table(other)), "xlsx")))
    assert book["t"]["B2"].value == "tanpa pengaruh"


def test_codes_behind_numbers_become_words_and_columns_are_wide_enough(
    make_document: MakeDocument,
) -> None:
    rich = TextTable("t", "T", SCREEN, ROWS, FIELDS, (("p", -2486700000000000, 0, 1, "estimate"),))
    book = openpyxl.load_workbook(io.BytesIO(render(make_document(Table(rich)), "xlsx")))
    sheet = book["t"]
    assert [sheet["A2"].value, sheet["E2"].value] == ["Sembilan butir", "perkiraan"]
    assert sheet.column_dimensions["B"].width > len("−2.486.700.000.000.000")


@pytest.mark.parametrize(
    ("values", "forms"),
    [
        ((19.48, 4.0, 8.1), ("#,##0.00", "#,##0.00", "#,##0.00")),
        ((0.316, 0.3), ("#,##0.000", "#,##0.000")),
        ((0.007, 1.0, 2008.0), ("#,##0.000", "#,##0", "#,##0")),
        ((1234.5678, 3.0), ("#,##0", "#,##0")),
        ((5.0, 7.0), ("#,##0", "#,##0")),
    ],
)
def test_numbers_of_a_column_have_the_decimals_that_the_smallest_needs(
    values: tuple[float, ...], forms: tuple[str, ...], make_document: MakeDocument
) -> None:
    columns = (Column("Nilai"),)
    rows = tuple((str(value),) for value in values)
    data = tuple((value,) for value in values)
    made = make_document(Table(TextTable("t", "T", columns, rows, ("value",), data)))
    sheet = openpyxl.load_workbook(io.BytesIO(render(made, "xlsx")))["t"]
    shown = [sheet.cell(row, 1).number_format for row in range(2, len(values) + 2)]
    assert [form.partition(";")[0].partition("]")[2] for form in shown] == list(forms)
