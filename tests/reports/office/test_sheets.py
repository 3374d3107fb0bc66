"""XLSX: tidy sheets, numbers that are numbers, and no text that becomes a formula."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kesos_sim.reports.office import Document, Listing, Paragraph, Source, Table, render
from kesos_sim.reports.office.words import plain
from kesos_sim.reports.provenance import Provenance
from kesos_sim.reports.tables import Column, TextTable
from tests.payloads import FORMULAS as TYPED

from .conftest import MakeDocument, Pages

FORMULAS = st.builds(
    "".join,
    st.tuples(st.sampled_from(["=", "+", "-", "@", "\t=", "\r=", " =", "\uff1d", ""]), st.text()),
)


def book_of(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def worded(words: str) -> TextTable:
    """A table of one cell."""
    columns = (Column(words, numeric=False),)
    return TextTable("t", words, columns, ((words,),), (words,), ((words,),))


def test_sheets_are_tidy_and_say_where_they_come_from(
    make_document: MakeDocument, record: Provenance
) -> None:
    book = book_of(render(make_document(), "xlsx"))
    assert book.sheetnames == ["Tentang", "rencana", "Jalur kemiskinan", "Sumber", "paket.yaml"]
    about = {row[0].value: row[1].value for row in book["Tentang"].iter_rows()}
    assert about["Judul"] == "Rencana Aksi"
    assert about["Perintah untuk mengulang"].startswith("kesos compare ")
    assert about["Sidik skenario (SHA-256)"] == record.scenario_hash
    assert about["Jalur kemiskinan"].startswith("10% APBD untuk kemiskinan: pada Maret 2034 ")
    places = book["Tentang"]
    assert all(row[0].alignment.vertical == "top" for row in places.iter_rows() if row[1].value)
    sheet = book["rencana"]
    assert [cell.value for cell in sheet[1]] == ["Kegiatan", "Pagu", "PJ"]
    assert sheet.freeze_panes == "A2" and sheet.print_title_rows == "$1:$1"
    assert [row[1].value for row in sheet.iter_rows(min_row=2, max_row=4)] == [5e8, 1.5e9, 2.5e9]
    assert sheet["B2"].number_format.startswith("[$-421]#,##0")
    assert sheet["C2"].value is None and sheet["C2"].fill.patternType == "lightUp"
    assert [cell.value for cell in book["Sumber"][2]] == [
        "BPS, Susenas",
        "2024",
        "resmi",
        "kemiskinan",
    ]


def test_headings_of_data_are_words_and_years_have_no_separators(
    make_document: MakeDocument,
) -> None:
    fields = ("scenario", "year", "2024-03", "low", "rupiah")
    columns = (Column("Skenario", numeric=False), Column("Nilai"))
    table = TextTable("t", "T", columns, (("=Paket", "1"),), fields, (("p", 2025, 7.5, 0.25, -3),))
    sheet = book_of(render(make_document(Table(table)), "xlsx"))["t"]
    heads = [cell.value for cell in sheet[1]]
    assert heads == ["Skenario", "Tahun", "Maret 2024", "Batas bawah", "Rupiah"]
    assert [cell.value for cell in sheet[2]] == ["=Paket", 2025, 7.5, 0.25, -3]
    assert sheet["B2"].number_format == "0"
    assert "0.00" in sheet["C2"].number_format


def test_people_are_whole_beside_shares_with_decimals(make_document: MakeDocument) -> None:
    """Decimals follow the unit of the row, not whatever else stands in the column."""
    columns = (
        Column("Indikator", numeric=False),
        Column("Satuan", numeric=False),
        Column("Nilai"),
    )
    data = (
        ("poor_people", "persons", 900.0),
        ("entered_poverty", "persons", 412.5),
        ("poverty_rate", "percent", 9.36),
        ("exclusion_error", "percent", 10.0),
        ("gini", "index", 0.377),
        ("wksbm_active", "groups", 393.0),
        ("wksbm_member_groups", "groups", 2.25),
    )
    rows = tuple((name, unit, str(value)) for name, unit, value in data)
    table = TextTable("t", "T", columns, rows, ("indicator", "unit", "value"), data)
    sheet = book_of(render(make_document(Table(table)), "xlsx"))["t"]
    forms = [sheet.cell(row, 3).number_format.partition(";")[0] for row in range(2, 9)]
    ends = [form.removeprefix("[$-421]#,##0") for form in forms]
    assert ends == ["", "", ".00", ".00", ".000", "", ".00"]
    assert sheet["C3"].value == 412.5, "the cell holds the whole figure"


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(FORMULAS, min_size=1, max_size=3))
def test_no_text_becomes_a_formula(record: Provenance, words: list[str]) -> None:
    tables = [replace(worded(text), name=f"t{n}") for n, text in enumerate(words)]
    document = Document(
        "a",
        words[0],
        "id",
        record,
        [Paragraph(words[0]), *map(Table, tables), Listing(words[0], "\n".join(words))],
        subtitle=words[0],
        commands=tuple(words),
        sources=[Source(*words[:1] * 4)],
    )
    content = render(document, "xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name) and b"<f " not in archive.read(name)
    for sheet in book_of(content):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str):
                    assert cell.quotePrefix
    for table, text in zip(tables, words, strict=True):
        kept = plain(text)
        assert (book_of(content)[table.name]["A2"].value or "") == kept


def test_hostile_and_equal_names_of_tables_become_sheets(make_document: MakeDocument) -> None:
    names = ["a/b:c*?[x]", "A_b_c___x_", "Tentang", "sumber", "n" * 80, "n" * 81, ""]
    tables = [replace(worded("x"), name=name) for name in names]
    found = book_of(render(make_document(*map(Table, tables)), "xlsx")).sheetnames
    assert len(found) == 2 + len(names)
    assert len({name.lower() for name in found}) == len(found)
    assert max(map(len, found)) <= 31


def test_a_heading_has_the_height_of_its_lines_beside_the_edges(
    make_document: MakeDocument,
) -> None:
    columns = (Column("Kode BPS", numeric=False), Column("Nilai"))
    table = TextTable("posisi", "Posisi", columns, (("97", "32,97"),), ("code", "value"), ())
    sheet = book_of(render(make_document(Table(table)), "xlsx"))["posisi"]
    usual = sheet.row_dimensions[1].height
    assert sheet.column_dimensions["A"].width < len("Kode BPS") + 3
    assert usual == 2 * 15.0, "two lines"


def test_what_is_missing_is_empty(make_document: MakeDocument) -> None:
    table = TextTable(
        "t", "T", (Column("a"), Column("b")), (("–", "–"),), ("a", "b"), ((math.nan, None),)
    )
    sheet = book_of(render(make_document(Table(table)), "xlsx"))["t"]
    assert [cell.value for cell in sheet[2]] == [None, None]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "shown"),
    [("id", ("1.234.567", "7,40", "−1.500.000")), ("en", ("1,234,567", "7.40", "−1,500,000"))],
    ids=["id", "en"],
)
def test_an_office_program_shows_numbers_in_the_language(
    make_document: MakeDocument,
    opened: Callable[[bytes, str], Pages],
    lang: str,
    shown: tuple[str, ...],
) -> None:
    columns = (Column("Pagu"), Column("Kecil"), Column("Turun"))
    data = ((1_234_567, 7.4, -1_500_000.0),)
    table = TextTable("t", "T", columns, (("", "", ""),), ("a", "b", "c"), data)
    pages = opened(render(make_document(Table(table), lang=lang), "xlsx"), "xlsx")
    words = " ".join(pages.texts)
    for number in shown:
        assert number in words
    assert "##" not in words and "Err:" not in words
    assert all((image < 128).any() for image in pages.images)


@pytest.mark.slow
def test_an_office_program_computes_nothing(
    make_document: MakeDocument, opened: Callable[[bytes, str], Pages]
) -> None:
    words = ("+62-812", "-5", *TYPED)
    columns = (Column("Isi", numeric=False),)
    rows = tuple((word,) for word in words)
    table = TextTable("t", "T", columns, rows, ("isi",), rows)
    pages = opened(render(make_document(Table(table)), "xlsx"), "xlsx")
    for word in words:
        assert "".join(word.split()) in pages.letters


def test_the_first_sheet_says_the_unit_of_a_table_and_its_remark(
    make_document: MakeDocument,
) -> None:
    rates = replace(worded("angka"), name="trend_poverty_rate_53", unit="persen")
    noted = Table(replace(worded("lain"), name="lain"), note="Catatan di bawah tabel.")
    book = book_of(render(make_document(Table(rates), noted), "xlsx"))
    about = {row[0].value: row[1].value for row in book["Tentang"].iter_rows()}
    assert about["Tren kemiskinan (P0)"] == "angka\nSatuan: persen."
    assert about["lain"] == "lain\nCatatan di bawah tabel."


def broad(columns: int) -> TextTable:
    """A table of 40 rows: two columns of words, then numbers."""
    heads = tuple(
        Column(f"Judul{place} dengan nama panjang sekali", numeric=place > 1)
        for place in range(columns)
    )
    cells = tuple(
        (f"wilayah{row}", f"ukuran{row}", *(f"{row}" for _ in range(columns - 2)))
        for row in range(40)
    )
    data = tuple((*row[:2], *map(float, row[2:])) for row in cells)
    return TextTable(f"t{columns}", "T", heads, cells, tuple(f"f{n}" for n in range(columns)), data)


@pytest.mark.parametrize(("columns", "keys"), [(4, None), (13, "$A:$B"), (19, "$A:$B")])
def test_a_wide_table_is_printed_on_several_pages_that_name_its_rows(
    make_document: MakeDocument, columns: int, keys: str | None
) -> None:
    sheet = book_of(render(make_document(Table(broad(columns))), "xlsx"))[f"t{columns}"]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is (keys is None)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.page_setup.scale == (None if keys is None else 70)
    assert sheet.print_title_cols == keys
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.slow
def test_an_office_program_prints_wide_tables_in_letters_that_can_be_read(
    make_document: MakeDocument, opened: Callable[[bytes, str], Pages]
) -> None:
    content = render(make_document(*(Table(broad(columns)) for columns in (9, 13, 19))), "xlsx")
    pages = opened(content, "xlsx")
    assert min(pages.sizes) >= 7.0
    seen: dict[int, int] = {}
    for text in pages.texts:
        names = {int(found) for found in re.findall(r"Judul(\d+)", text)}
        if not names or "Satuan" in text:
            continue  # the first sheet and that of sources
        assert {0, 1} <= names and len(names) > 2
        assert re.search(r"wilayah\d", text) and re.search(r"ukuran\d", text)
        seen |= {name: seen.get(name, 0) + 1 for name in names}
    assert set(seen) == set(range(19))
