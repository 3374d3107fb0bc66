"""Broken and hostile files: each gives its message with place, no traceback, nothing on disk."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kesos_sim import i18n
from kesos_sim.cli import main
from kesos_sim.data.own import COLUMNS, read_own
from kesos_sim.data.own.problems import CODES, Problem
from kesos_sim.data.regions import districts
from tests.data.own.conftest import answer, put, row_of

NIK = "3404" + "010190" + "123456"
Change = Callable[[Any], str]
"""Changes a workbook; returns the place to be named, as sheet!cell, sheet!row or sheet."""


def cell(
    value: object, heading: str = "P0", sheet: str = "kemiskinan", region: int = 3402,
    part: str = "total",
) -> Change:  # fmt: skip
    """One cell of the template gets another content."""
    return lambda book: f"{sheet}!{put(book, sheet, region, part, heading, value)}"


def merged(book: Any) -> str:
    book["kemiskinan"].merge_cells("D5:E6")
    return "kemiskinan!5"


def second_header(book: Any) -> str:
    page = book["penduduk"]
    page.insert_rows(2)
    for column in range(1, page.max_column + 1):
        page.cell(2, column).value = "(satuan)"
    return "penduduk!2"


def title_above(book: Any) -> str:
    page = book["penduduk"]
    page.insert_rows(1)
    page["A1"] = "Penduduk DI Yogyakarta"
    return "penduduk!2"


def renamed_column(book: Any) -> str:
    book["kemiskinan"]["A1"] = "kod wilayah"
    return "kemiskinan!A1"


def unknown_column(book: Any) -> str:
    book["kemiskinan"]["M1"] = "keterangan"
    return "kemiskinan!M1"


def twice_a_column(book: Any) -> str:
    book["kemiskinan"]["M1"] = "P0"
    return "kemiskinan!M1"


def hidden(book: Any) -> str:
    book["organisasi"].sheet_state = "hidden"
    return "organisasi"


def very_hidden(book: Any) -> str:
    book.create_sheet("rahasia")["A1"] = "x"
    book["rahasia"].sheet_state = "veryHidden"
    return "rahasia"


def misnamed(book: Any) -> str:
    book["kemiskinan"].title = "kemiskina"
    return "kemiskina"


def only_a_guide(book: Any) -> str:
    for name in book.sheetnames[1:]:
        del book[name]
    return ""


def both_languages(book: Any) -> str:
    book.copy_worksheet(book["kemiskinan"]).title = "poverty"
    return "poverty"


def double_row(book: Any) -> str:
    page = book["kemiskinan"]
    page.append([c.value for c in page[row_of(page, 3402, "total")]])
    return f"kemiskinan!{page.max_row}"


def beyond(book: Any) -> str:
    book["kemiskinan"]["P4"] = "lihat lampiran"
    return "kemiskinan!P4"


def no_area(book: Any) -> str:
    page = book["kemiskinan"]
    page.append([31, None, "perdesaan", 4.2, None, None, None, None, None, 2024])
    return f"kemiskinan!{page.max_row}"


def two_totals(book: Any) -> str:
    put(book, "kemiskinan", 34, "perkotaan", "P0", 9.0)
    return f"kemiskinan!{put(book, 'kemiskinan', 34, 'total', 'P0', 13.0)}"


def line_above_total(book: Any) -> str:
    return f"anggaran!{put(book, 'anggaran', 34, 'belanja kemiskinan', 'jumlah', 9e12)}"


def line_without_total(book: Any) -> str:
    return f"anggaran!{put(book, 'anggaran', 3402, 'belanja transfer', 'jumlah', 9e9)}"


def topup(**changed: object) -> Change:
    """One row of own top-ups with something wrong in it."""
    row: dict[str, object] = {
        "A": "Tambahan lansia", "B": 34, "D": "APBD provinsi", "E": "uang tetap", "F": 150_000,
        "G": 5_000, "H": "lanjut usia", "I": "2024-03", "J": "2026-12",
    }  # fmt: skip

    def change(book: Any) -> str:
        for letter, value in (row | changed).items():
            book["bantuan tambahan"][f"{letter}2"] = value
        return f"bantuan tambahan!{next(iter(changed))}2"

    return change


def typed(letter: str, value: object) -> Change:
    """The row of a district gets another content in a column that describes it."""

    def change(book: Any) -> str:
        page = book["kemiskinan"]
        place = f"{letter}{row_of(page, 3402, 'total')}"
        page[place] = value
        return f"kemiskinan!{place}"

    return change


CELLS: dict[str, tuple[Change, str]] = {
    "words for a number": (cell("sekitar sepuluh"), "not_number"),
    "logical value": (cell(True), "not_number"),
    "percent as fraction": (cell(0.09), "fraction"),
    "percent as fraction in text": (cell("0,0936"), "fraction"),
    "negative": (cell(-3.5), "out_of_range"),
    "negative in text": (cell("-3,5"), "out_of_range"),
    "too large": (cell(936), "out_of_range"),
    "1e308": (cell(1e308), "out_of_range"),
    "1e308 in text": (cell("1e308"), "out_of_range"),
    "nan in text": (cell("NaN"), "out_of_range"),
    "infinity in text": (cell("inf"), "out_of_range"),
    "date for a number": (cell(date(2024, 3, 9)), "date_cell"),
    "two decimal signs": (cell("9,3.6,1"), "not_number"),
    "a space inside": (cell("1 9,48"), "not_number"),
    "a space that parts no thousands": (cell("12 5"), "not_number"),
    "formula": (cell("=A1+1"), "formula"),
    "array formula": (cell("=SUM(D2:D3)"), "formula"),
    "error of the spreadsheet": (cell("#N/A"), "error_cell"),
    "dde": (typed("K", "cmd|' /C calc'!A0"), "formula_text"),
    "at sign": (typed("K", "@SUM(1)"), "formula_text"),
    "plus sign": (typed("K", "+cmd"), "formula_text"),
    "budget in millions": (
        cell(5_026_000, "jumlah", "anggaran", 34, "belanja total"),
        "other_unit",
    ),
    "half a person": (cell(1000.5, "penduduk", "penduduk"), "not_whole"),
    "unknown code": (typed("A", 3499), "unknown_region"),
    "code with a point": (typed("A", "34.02"), "kemendagri_code"),
    "code of another place": (typed("A", 3403), "other_place"),
    "unknown area": (typed("C", "pinggiran"), "unknown_choice"),
    "no year": (typed("J", None), "missing_value"),
    "year as date": (typed("J", date(2024, 1, 1)), "date_cell"),
    "hidden characters": (typed("K", "Dinas\u202eSosial"), "bad_text"),
    "very long text": (typed("K", "x" * 400), "bad_text"),
    "nik in free text": (typed("K", f"menurut warga {NIK}"), "identifier"),
    "nik as number": (typed("L", int(NIK)), "identifier"),
    "phone in free text": (typed("K", "hubungi 081234567890"), "identifier"),
    "e-mail in free text": (typed("K", "staf.dinsos@example.org"), "identifier"),
    "merged cells": (merged, "merged_cells"),
    "two rows of headings": (second_header, "two_headers"),
    "title above the headings": (title_above, "two_headers"),
    "renamed column": (renamed_column, "unknown_column"),
    "unknown column": (unknown_column, "unknown_column"),
    "column twice": (twice_a_column, "double_column"),
    "hidden sheet": (hidden, "hidden_sheet"),
    "very hidden sheet": (very_hidden, "hidden_sheet"),
    "misnamed sheet": (misnamed, "unknown_sheet"),
    "only a guide": (only_a_guide, "no_sheet"),
    "sheet twice": (both_languages, "double_sheet"),
    "row twice": (double_row, "double_row"),
    "beyond the headings": (beyond, "beyond_header"),
    "area that is not there": (no_area, "no_such_area"),
    "total against areas": (two_totals, "other_total"),
    "line above its total": (line_above_total, "more_than_total"),
    "line without total": (line_without_total, "no_figure"),
    "top-up without end": (topup(J="2023-01"), "months_order"),
    "top-up in words": (topup(F="secukupnya"), "not_number"),
    "top-up month": (topup(I="Maret"), "bad_month"),
    "top-up payer": (topup(D="APBN"), "unknown_choice"),
    "top-up quota": (topup(G=None), "missing_value"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CELLS)
def test_problem_in_a_workbook_is_named_with_its_place(
    name: str, filled: Callable[..., Path]
) -> None:
    change, kind = CELLS[name]
    place: list[str] = []
    found = read_own(filled(lambda book: place.append(change(book))), lang="id")
    assert found.own is None
    sheet, _, where = place[0].partition("!")
    problems = [problem for problem in found.problems if problem.kind == kind]
    assert problems, [problem.record("id") for problem in found.problems]
    one = problems[0]
    assert one.sheet == sheet
    letters, row = re.fullmatch(r"([A-Z]*)(\d*)", where).groups()  # type: ignore[union-attr]
    if row:
        assert one.row == int(row)
    if letters and one.column and kind not in ("no_such_area",):
        assert one.column.startswith(letters)
    for lang in i18n.LANGUAGES:
        record = one.record(lang)
        assert tuple(record) == COLUMNS
        assert all(record[part] for part in ("found", "expected", "action"))
        assert NIK not in str(record)


def test_formula_result_is_not_taken_from_the_file(filled: Callable[..., Path]) -> None:
    path = filled(lambda book: put(book, "kemiskinan", 3402, "total", "P0", "=1+8"))
    assert [one.kind for one in read_own(path).problems] == ["formula"]


@pytest.mark.full
def test_all_problems_come_at_once_and_are_capped(filled: Callable[..., Path]) -> None:
    def change(book: Any) -> None:
        for row in book["kemiskinan"].iter_rows(min_row=2):
            for place in range(3, 9):
                row[place].value = "x"
        for number in range(480):
            book["organisasi"].append([99, None, "PSM", number, 2024])

    found = read_own(filled(change))
    assert found.problem_count > len(found.problems) == 500
    assert {one.sheet for one in found.problems} == {"kemiskinan", "organisasi"}


def test_no_source_is_a_problem_and_an_option_mends_it(filled: Callable[..., Path]) -> None:
    path = filled(lambda book: put(book, "kemiskinan", 3402, "total", "P0", 12.0), source=None)
    assert [one.kind for one in read_own(path).problems] == ["no_source"]
    mended = read_own(path, source="Dinas Sosial")
    assert mended.own is not None
    assert mended.own.source == "Dinas Sosial"


def test_base_year_must_have_figures(filled: Callable[..., Path]) -> None:
    path = filled(lambda book: answer(book, "Tahun dasar", 2031))
    assert [one.kind for one in read_own(path).problems] == ["bad_base_year"]


def another_year(book: Any, area: str = "total", **values: float) -> None:
    """Write a row of Bantul or its province for 2019 below the others."""
    page = book["kemiskinan"]
    row = page.max_row + 1
    for column in page[1]:
        heading = str(column.value).split(" ")[0]
        said = {"kode": 3402 if area == "total" else 34, "daerah": area, "tahun": 2019} | values
        for name, value in said.items():
            if heading.startswith(name):
                page.cell(row, column.column).value = value


def test_poverty_of_another_year_is_for_analyses_alone(filled: Callable[..., Path]) -> None:
    def change(book: Any) -> None:
        put(book, "kemiskinan", 3402, "total", "P0", 12.0)
        another_year(book, P0=14.0)

    found = read_own(filled(change))
    assert found.own is not None and not found.problems
    base, past = sorted(found.own.figures, key=lambda one: -one.year)
    assert (past.value, past.year) == (14.0, 2019)
    assert found.own.acts(base) and not found.own.acts(past)
    assert found.own.analysed(past) and not found.own.analysed(base)
    assert found.own.value(3402, "p0") == 12.0
    assert found.idle == ()
    for lang in i18n.LANGUAGES:
        taken, analysed = found.notes(lang)[:2]
        assert taken.startswith("1 ") and analysed.startswith("1 ") and "2024" in analysed


def test_areas_of_another_year_are_refused(filled: Callable[..., Path]) -> None:
    found = read_own(filled(lambda book: another_year(book, "perkotaan", P0=14.0)))
    assert {one.kind for one in found.problems} == {"area_of_other_year"}


def test_rates_of_another_year_must_be_possible(filled: Callable[..., Path]) -> None:
    found = read_own(filled(lambda book: another_year(book, P0=3.0, P1=5.0)))
    assert {one.kind for one in found.problems} == {"impossible"}


@pytest.mark.full
def test_many_empty_rows_are_no_problem(workbook_bytes: bytes, tmp_path: Path) -> None:
    empty = b"".join(b'<row r="%d"><c r="A%d"/></row>' % (n, n) for n in range(500, 100_500))
    path = rewritten(
        workbook_bytes, tmp_path, "xl/worksheets/sheet2.xml",
        lambda xml: xml.replace(b"</sheetData>", empty + b"</sheetData>"),
    )  # fmt: skip
    found = read_own(path)
    assert not found.problems
    assert found.unchanged > 0


def rewritten(
    content: bytes, folder: Path, part: str, change: Callable[[bytes], bytes],
    more: dict[str, bytes] | None = None, name: str = "buku.xlsx",
) -> Path:  # fmt: skip
    """Write a workbook with one part changed and others added."""
    path = folder / name
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            raw = old.read(entry)
            new.writestr(entry, change(raw) if entry == part else raw)
        for entry, raw in (more or {}).items():
            new.writestr(entry, raw)
    return path


def as_is(raw: bytes) -> bytes:
    return raw


BOMB = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>"
EXTERNAL = (
    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/oleObject" Target="file:///c:/x" TargetMode="External"/></Relationships>'
)
Hostile = Callable[[bytes, Path], Path]
HOSTILE: dict[str, tuple[Hostile, str]] = {
    "macro": (
        lambda raw, d: rewritten(raw, d, "", as_is, {"xl/vbaProject.bin": b"x"}),
        "macros",
    ),
    "macro book": (lambda raw, d: rewritten(raw, d, "", as_is, name="a.xlsm"), "macros"),
    "macro type": (
        lambda raw, d: rewritten(
            raw,
            d,
            "[Content_Types].xml",
            lambda x: x.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml"),
        ),
        "macros",
    ),
    "external book": (
        lambda raw, d: rewritten(raw, d, "", as_is, {"xl/externalLinks/a.xml": b"<a/>"}),
        "external_links",
    ),
    "data connection": (
        lambda raw, d: rewritten(raw, d, "", as_is, {"xl/connections.xml": b"<a/>"}),
        "external_links",
    ),
    "external relation": (
        lambda raw, d: rewritten(
            raw,
            d,
            "xl/_rels/workbook.xml.rels",
            lambda x: x.replace(b"</Relationships>", EXTERNAL),
        ),
        "external_links",
    ),
    "entities": (
        lambda raw, d: rewritten(
            raw, d, "xl/workbook.xml", lambda x: BOMB + x.partition(b"?>")[2]
        ),
        "entities",
    ),
    "entities in UTF-16": (
        lambda raw, d: rewritten(
            raw, d, "xl/workbook.xml", lambda x: (BOMB + x).decode().encode("utf-16")
        ),
        "entities",
    ),
    "zip bomb": (
        lambda raw, d: rewritten(raw, d, "", as_is, {"xl/media/a.bin": bytes(70_000_000)}),
        "unpacks_too_large",
    ),
    "not xml": (
        lambda raw, d: rewritten(raw, d, "xl/workbook.xml", lambda x: x[: len(x) // 2]),
        "damaged",
    ),
    "sheet cut off": (
        lambda raw, d: rewritten(raw, d, "xl/worksheets/sheet3.xml", lambda x: x[:-900]),
        "damaged",
    ),
    "part out of the archive": (
        lambda raw, d: rewritten(raw, d, "", as_is, {"../../evil.xml": b"<!DOCTYPE a>"}),
        "entities",
    ),
    "a word document": (
        lambda _, d: rewritten(_zip({"word/document.xml": b"<a/>"}), d, "", as_is),
        "not_a_workbook",
    ),
    "truncated": (lambda raw, d: _raw(d / "a.xlsx", raw[: len(raw) // 2]), "not_a_workbook"),
    "crc": (lambda raw, d: _raw(d / "a.xlsx", _flipped(raw)), "damaged"),
    "old excel": (
        lambda _, d: _raw(d / "a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(4000)),
        "not_a_workbook",
    ),
    "picture": (lambda _, d: _raw(d / "a.png", b"\x89PNG"), "not_a_workbook"),
    "empty": (lambda _, d: _raw(d / "a.xlsx", b""), "not_a_workbook"),
    "too large": (lambda _, d: _raw(d / "a.xlsx", bytes(10_000_001)), "too_large"),
    "missing": (lambda _, d: d / "tidak-ada.xlsx", "missing_file"),
    "latin-1": (lambda _, d: _raw(d / "kemiskinan.csv", "kode;é\n".encode("latin-1")), "not_utf8"),
    "utf-16": (lambda _, d: _raw(d / "kemiskinan.csv", "kode;P0\n".encode("utf-16")), "not_utf8"),
    "nul": (lambda _, d: _raw(d / "kemiskinan.csv", b"kode wilayah;P0\n\0;1\n"), "not_utf8"),
    "open quote": (
        lambda _, d: _raw(d / "kemiskinan.csv", b'kode wilayah;daerah;tahun\n3402;"total;2024\n'),
        "not_csv",
    ),
    "no csv": (lambda _, d: d, "no_sheet"),
    "other csv": (lambda _, d: _raw(d / "catatan.csv", b"a;b\n1;2\n"), "unknown_sheet"),
    "no headings": (lambda _, d: _raw(d / "kemiskinan.csv", b"34;9,1;2024\n"), "no_header"),
    "headings missing": (
        lambda _, d: _raw(d / "kemiskinan.csv", b"kode wilayah;P0\n3402;9,1\n"),
        "missing_column",
    ),
}  # fmt: skip


def _zip(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
    return stream.getvalue()


def _raw(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _flipped(raw: bytes) -> bytes:
    """Damage the packed bytes of the first large part."""
    place = raw.index(b"xl/worksheets/sheet1.xml") + 200
    return raw[:place] + bytes(b ^ 255 for b in raw[place : place + 60]) + raw[place + 60 :]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_and_leaves_nothing(
    name: str, workbook_bytes: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    make, kind = HOSTILE[name]
    inside, outside = tmp_path / "masuk", tmp_path / "keluar"
    inside.mkdir()
    outside.mkdir()
    path = make(workbook_bytes, inside)
    monkeypatch.chdir(outside)
    before = sorted(tmp_path.rglob("*"))
    assert main(["data", "import", str(path), "--format", "csv", "--out", "own.yaml"]) == 2
    shown = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    assert CODES[kind] in {row["code"] for row in rows}, shown.out
    assert all(row["found"] and row["expected"] and row["action"] for row in rows)
    assert "Traceback" not in shown.out + shown.err
    assert sorted(tmp_path.rglob("*")) == before, "nothing may be written"


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = _raw(tmp_path / "rahasia.csv", b"kode wilayah;daerah;tahun\n")
    folder = tmp_path / "csv"
    folder.mkdir()
    (folder / "kemiskinan.csv").symlink_to(secret)
    assert [one.kind for one in read_own(folder).problems] == ["not_a_file"]


def test_a_workbook_may_say_that_it_is_endless(workbook_bytes: bytes, tmp_path: Path) -> None:
    path = rewritten(
        workbook_bytes, tmp_path, "xl/worksheets/sheet2.xml",
        lambda xml: xml.replace(b"</sheetData>", b'<row r="999999999"/></sheetData>'),
    )  # fmt: skip
    assert [one.kind for one in read_own(path).problems] == ["too_many_rows"]


@pytest.mark.parametrize(
    ("separator", "bom", "decimal"), [(";", True, ","), (",", False, "."), ("\t", True, ",")]
)
def test_csv_of_every_office_is_understood(
    separator: str, bom: bool, decimal: str, tmp_path: Path
) -> None:
    rows = [
        ["kode wilayah", "daerah", "P0", "garis kemiskinan", "tahun"],
        ["3402", "total", f"12{decimal}5", "Rp541.210", "2024"],
    ]
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows(rows)
    path = tmp_path / "Kemiskinan.csv"
    path.write_text(stream.getvalue(), encoding="utf-8-sig" if bom else "utf-8")
    found = read_own(path, source="uji")
    assert [one.record("id") for one in found.problems] == []
    assert found.own is not None
    assert found.own.value(3402, "p0") == 12.5
    assert found.own.value(3402, "line") == 541_210.0


@pytest.mark.parametrize(
    ("text", "sheet", "heading", "part", "value"),
    [
        ("9,36", "kemiskinan", "P0", "total", 9.36),
        ("9.36", "kemiskinan", "P0", "total", 9.36),
        ("9,36%", "kemiskinan", "P0", "total", 9.36),
        ("9,360", "kemiskinan", "P0", "total", 9.36),
        ("Rp 541.210", "kemiskinan", "garis", "total", 541_210.0),
        ("541,210", "kemiskinan", "garis", "total", 541_210.0),
        ("1.088.601", "penduduk", "penduduk", "total", 1_088_601.0),
        ("3.412,0", "organisasi", "banyaknya", "PSM", 3_412.0),
    ],
)
def test_numbers_are_understood_when_they_have_one_meaning(
    text: str, sheet: str, heading: str, part: str, value: float, filled: Callable[..., Path]
) -> None:
    found = read_own(filled(lambda book: put(book, sheet, 3402, part, heading, text)))
    assert [one.record("id") for one in found.problems] == []
    assert found.own is not None
    assert [figure.value for figure in found.own.figures] == [value]


def test_percent_format_of_a_cell_is_read(filled: Callable[..., Path]) -> None:
    def change(book: Any) -> None:
        place = put(book, "kemiskinan", 3402, "total", "P0", 0.125)
        book["kemiskinan"][place].number_format = "0.0%"

    found = read_own(filled(change))
    assert found.own is not None
    assert found.own.value(3402, "p0") == 12.5


def test_near_region_is_suggested(filled: Callable[..., Path]) -> None:
    one = next(p for p in read_own(filled(typed("A", 3499))).problems if p.kind == "unknown_region")
    assert "3402" in one.action("id")
    assert "Bantul" in one.action("en")


def test_code_of_another_ministry_is_never_read_as_one_of_bps(
    filled: Callable[..., Path],
) -> None:
    """53.01 is Kupang; of BPS 5301 is Sumba Barat. Only the name says which is meant."""

    def unnamed(book: Any) -> str:
        page = book["kemiskinan"]
        row = row_of(page, 3402, "total")
        page[f"A{row}"], page[f"B{row}"] = "53.01", None
        return f"kemiskinan!A{row}"

    def found(change: Change) -> Problem:
        problems = read_own(filled(change)).problems
        return next(one for one in problems if one.kind == "kemendagri_code")

    assert "5301" not in found(unnamed).action("id") + found(unnamed).action("en")
    assert "3402 (" in found(typed("A", "53.01")).action("id"), "by the name beside it"
    assert "3402 (" in found(typed("A", 53.01)).action("en"), "a number is read alike"


def test_near_choice_is_suggested_in_the_language_of_the_reader(
    filled: Callable[..., Path],
) -> None:
    found = [
        p for p in read_own(filled(typed("C", "perkotan"))).problems if p.kind == "unknown_choice"
    ]
    assert found
    assert "perkotaan" in found[0].action("id")
    assert "perkotaan" not in found[0].action("en") and "urban" in found[0].action("en")


def test_own_marks_survive_a_claim_of_being_official(filled: Callable[..., Path]) -> None:
    found = read_own(filled(lambda book: put(book, "kemiskinan", 3402, "total", "P0", 12.0)))
    assert found.own is not None
    (figure,) = found.own.figures
    assert found.own.source_of(figure) == "Bappeda, hitungan uji"
    assert "BPS" not in found.own.source_of(figure)


def test_figures_that_no_scenario_could_hold_are_refused(tmp_path: Path) -> None:
    rows = [
        f"{region};{body};{number};2024;{'x' * 290} {number}"
        for region in sorted(districts())
        for number, body in ((7, "PSM"), (8, "TKSK"))
    ]
    path = tmp_path / "organisasi.csv"
    head = "kode wilayah;jenis lembaga;banyaknya;tahun;sumber"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    assert "too_many_figures" in {one.kind for one in read_own(path, source="uji").problems}


def further_sheet(book: Any) -> str:
    book.create_sheet("zzz").append(["bebas"])
    return "zzz"


def spoken(book_of: Callable[..., Path], change: Change, lang: str) -> str:
    """What a planner reads about the only problem of a workbook."""
    (problem,) = read_own(book_of(change)).problems
    return " | ".join((problem.found(lang), problem.expected(lang), problem.action(lang)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            cell(1e18, "jumlah rupiah", "anggaran", 34, "belanja total"),
            "0\N{EN DASH}1.000.000.000.000.000 rupiah penuh",
        ),
        (cell(date(2024, 3, 1), "tahun"), "tanggal 1 Maret 2024"),
        (further_sheet, "salah satu nama itu"),
        (cell("zzz", "daerah"), "Pilih salah satu dari yang diharapkan."),
    ],
)
def test_messages_hide_no_bound_and_name_no_nearest_where_there_is_none(
    filled: Callable[..., Path], change: Change, words: str
) -> None:
    said = spoken(filled, change, "id")
    assert words in said
    english = spoken(filled, change, "en")
    for sign in ("•••", "(?)", ": –.", ": \N{EN DASH}.", "00:00"):
        assert sign not in said and sign not in english


def test_every_kind_of_problem_has_its_words() -> None:
    messages = i18n.keys()
    known = {key.split(".")[2] for key in messages if key.startswith("own_data.problem.")}
    assert known == set(CODES)
    assert len(set(CODES.values())) == len(CODES)
    assert max(CODES.values()) < "KS6080", "codes from there on belong to refusals"


def test_corpus_is_large_enough() -> None:
    assert len(CELLS) + len(HOSTILE) >= 40
