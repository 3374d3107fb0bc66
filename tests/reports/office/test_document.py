"""The neutral document, and files that are whole, the same every time, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from kesos_sim.errors import InputError, KesosError
from kesos_sim.reports.office import (
    FORMATS,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Table,
    free_name,
    render,
    save,
)
from kesos_sim.reports.office.flow import turned
from kesos_sim.reports.office.words import plain
from kesos_sim.reports.office.writing import whole_file
from kesos_sim.reports.provenance import Provenance
from kesos_sim.reports.tables import Column, TextTable

from .conftest import MakeDocument


def test_a_document_without_complete_provenance_is_refused(record: Provenance) -> None:
    with pytest.raises(KesosError, match="KS4002"):
        Document("a", "A", "id", replace(record, code_hash=""), ())
    with pytest.raises(KesosError, match="KS4002"):
        Document("a", "A", "id", None, ())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("levels", "fits"),
    [((1, 2, 3, 1), True), ((2,), False), ((1, 3), False), ((1, 2, 3, 4), False), ((0,), False)],
)
def test_headings_never_skip_a_level(
    make_document: MakeDocument, levels: tuple[int, ...], fits: bool
) -> None:
    blocks = [Heading("x", level) for level in levels]
    if fits:
        assert len(make_document(*blocks).blocks) == len(levels)
    else:
        with pytest.raises(InputError, match="KS5012"):
            make_document(*blocks)


def test_an_unknown_language_is_refused(make_document: MakeDocument) -> None:
    with pytest.raises(InputError, match="KS5011"):
        make_document(lang="fr")


@given(
    cells=st.lists(st.lists(st.text(max_size=60), min_size=3, max_size=3), min_size=0, max_size=3)
)
def test_widths_are_parts_of_a_whole_and_none_is_nothing(cells: list[list[str]]) -> None:
    columns = tuple(Column(name) for name in ("a", "Penanggung jawab", ""))
    rows = tuple(tuple(row) for row in cells)
    widths = Table(TextTable("t", "T", columns, rows, ("a", "b", "c"), rows)).widths()
    assert sum(widths) == pytest.approx(1.0)
    assert min(widths) > 0.02


@pytest.mark.parametrize(
    ("short", "least"),
    [(("Cilacap",), 0.7), (("Kabupaten Cilacap", "APBD kabupaten/kota") * 2, 0.35)],
)
def test_long_texts_have_the_room_that_short_columns_leave(
    short: tuple[str, ...], least: float
) -> None:
    columns = tuple(Column("Isi") for _ in (*short, ""))
    row = (*short, "bagian tetap dan penduduk dari jumlah provinsinya " * 4)
    names = tuple(map(str, range(len(row))))
    *others, how = Table(TextTable("t", "T", columns, (row,), names, (row,))).widths()
    assert how > least
    assert min(others) > 0.04


def test_narrow_letters_take_less_room_than_broad_ones() -> None:
    columns = (Column("Isi"), Column("Isi"))
    row = ("\N{MINUS SIGN}Rp29,5\u00a0miliar.", "\N{MINUS SIGN}Rp29m5\u00a0mwmwmwm")
    few, many = Table(TextTable("t", "T", columns, (row,), ("a", "b"), (row,))).widths()
    assert few < 0.8 * many


@given(st.text())
def test_plain_text_has_lines_and_nothing_that_steers(text: str) -> None:
    found = plain(text)
    assert all(c.isprintable() or c in "\n\u00a0" for c in found)
    assert plain(found) == found


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_the_same_document_gives_the_same_bytes(make_document: MakeDocument, form: str) -> None:
    first, again = render(make_document(), form), render(make_document(), form)
    assert first == again
    assert render(make_document(Heading("Lain")), form) != first


def test_an_unknown_format_and_a_missing_package_are_said(
    make_document: MakeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = make_document(Paragraph("x"))
    with pytest.raises(InputError, match="KS5013") as caught:
        render(document, "dokx")
    assert caught.value.suggestion == "docx"
    monkeypatch.setattr("kesos_sim.reports.office.writing.find_spec", lambda _: None)
    with pytest.raises(InputError, match="KS5014") as caught:
        render(document, "pdf")
    assert "typst" in caught.value.text("id") and "kesos-sim[office]" in caught.value.text("en")


def test_a_file_is_written_once_and_never_over_other_work(
    make_document: MakeDocument, here: Path
) -> None:
    document = make_document(Paragraph("x"))
    path = save(document, here / "a.xlsx")
    assert path.read_bytes() == render(document, "xlsx")
    assert save(document, path) == path
    path.write_bytes(b"edited by a planner")
    with pytest.raises(InputError, match="KS5015"):
        save(document, path)
    assert path.read_bytes() == b"edited by a planner"
    content = render(document, "xlsx")
    other = free_name(path, content)
    assert other.name == "a-2.xlsx"
    whole_file(other, content)
    assert free_name(path, content) == other
    assert sorted(found.name for found in here.iterdir()) == ["a-2.xlsx", "a.xlsx"]


def test_a_file_that_cannot_be_finished_leaves_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kesos_sim.reports.office.writing.os.fsync", full)
    with pytest.raises(InputError, match="KS5016"):
        whole_file(here / "a.pdf", b"x")
    assert list(here.iterdir()) == []


def test_a_file_where_a_folder_should_be_is_said(here: Path) -> None:
    here.parent.mkdir(exist_ok=True)
    here.write_text("x")
    with pytest.raises(InputError, match="KS5016"):
        whole_file(here / "a.pdf", b"x")


def test_words_of_cells_get_their_room_before_long_headings_do() -> None:
    columns = tuple(Column(f"kependudukan {n}", numeric=n > 0) for n in range(14))
    rows = (("Dengan paket, koordinasi tidak berpengaruh", *["395.766"] * 13),)
    fields = tuple(f"c{n}" for n in range(14))
    widths = Table(TextTable("t", "T", columns, rows, fields, rows), wide=True).widths()
    assert min(widths) * 150.0 >= len("395.766") + 2.0
    assert sum(widths) == pytest.approx(1.0)


NEEDS = (
    "Sumber uang", "pendidikan", "kesehatan dan gizi", "mata pencaharian", "layanan disabilitas",
    "lansia terlantar", "anak terlantar", "rehabilitasi korban narkoba", "gangguan jiwa",
    "gelandangan dan pengemis", "korban kekerasan", "komunitas adat terpencil", "Jumlah",
)  # fmt: skip


def crowded(labels: tuple[str, ...], row: tuple[str, ...]) -> TextTable:
    columns = tuple(Column(label, numeric=n > 0) for n, label in enumerate(labels))
    return TextTable("t", "T", columns, (row,), labels, (row,))


def assert_words_are_whole(table: Table) -> None:
    room = (150.0 if table.sideways else 95.0) / table.letters
    for place, (column, width) in enumerate(zip(table.table.columns, table.widths(), strict=True)):
        words = [*column.label.split(), *table.table.rows[0][place].split()]
        assert width * room >= max(map(len, words)) + 1.0, column.label


def test_words_of_headings_stay_whole_in_smaller_letters() -> None:
    table = Table(crowded(NEEDS, ("Yang membutuhkan", *["252.240"] * 12)), wide=True)
    assert 0.8 <= table.letters < 1.0
    assert_words_are_whole(table)


def test_a_word_of_broad_letters_has_more_room() -> None:
    broad, usual = Table(crowded(("mmmmwwww", "nnnnvvvv"), ("", ""))).widths()
    assert broad > 1.2 * usual


def test_a_table_without_room_upright_lies_on_its_side() -> None:
    labels = ("Peringkat", "Kode BPS", "Wilayah", "Kisaran peringkat", "Masuk daftar, % pilihan",
              "Penduduk miskin", "Mutu jumlah", "Perubahan per tahun", "Kuadran", "Kekeringan",
              "Kelembagaan")  # fmt: skip
    table = Table(crowded(labels, tuple("15,18%" for _ in labels)))
    assert table.sideways
    assert turned([Heading("1"), table]) == [True, True]
    assert_words_are_whole(table)
    few = Table(crowded(labels[:4], ("1", "3403", "Gunungkidul", "1")))
    assert not few.sideways
    assert few.letters == 1.0


def test_given_shares_leave_every_column_its_longest_word() -> None:
    labels = ("No.", "Kegiatan", "Penanggung jawab", "Indikator")
    table = Table(crowded(labels, ("1", "x " * 300, "", "y")), shares=(0.1, 60.0, 0.1, 20.0))
    assert_words_are_whole(table)
    assert table.widths()[1] > 0.4
    tight = crowded(NEEDS[:8], tuple("252.240" for _ in NEEDS[:8]))
    assert_words_are_whole(Table(tight, shares=(9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0)))


def test_a_heading_turns_with_the_wide_table_that_it_leads_to() -> None:
    table = TextTable("t", "T", (Column("a"),), (("1",),), ("a",), (("1",),))
    wide, plain_table = Table(table, wide=True), Table(table)
    blocks = [
        Heading("1"), Paragraph("x"), wide, wide,
        Heading("2"), Bullets(("x",)), wide,
        Heading("3"), plain_table, Paragraph("x"), wide,
    ]  # fmt: skip
    assert turned(blocks) == [
        True, True, True, True,
        False, False, True,
        False, False, False, True,
    ]  # fmt: skip


def test_amounts_and_codes_stay_whole_in_the_widest_font_of_office_programs() -> None:
    """Measured with that font, which an office program takes where the wanted one is missing."""
    cells = ("Rp464.959", "2015–2019", "99.100", "TA2027", "DTSEN", "−Rp31,4", "KS1201")
    columns = (*(Column(f"c{place}") for place in range(len(cells))), Column("Ukuran", False))
    row = (*cells, "Tingkat kemiskinan dan yang lain yang panjang menurut wilayah " * 3)
    names = tuple(column.label for column in columns)
    table = Table(TextTable("t", "T", columns, (row,), names, (row,)))
    room, points = 166.0 / 25.4 * 72.0, 9.0 * table.letters
    font = FontProperties(family="DejaVu Serif", size=points)
    for words, width in zip(cells, table.widths(), strict=False):
        drawn = TextPath((0, 0), words, prop=font).get_extents().width
        assert drawn + 0.15 / 2.54 * 72.0 * 2 <= width * room, words
