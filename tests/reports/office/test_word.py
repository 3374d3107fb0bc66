"""DOCX: real headings, repeated table headings, words for pictures, named empty fields."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from kesos_sim.reports.office import Facts, Heading, Listing, PageBreak, Paragraph, Table, render
from kesos_sim.reports.office.words import plain, tied
from kesos_sim.reports.provenance import Provenance
from kesos_sim.reports.tables import Column, TextTable

from .conftest import HOSTILE, RANGES, MakeDocument, Pages, action_plan, lines_of, squeezed


def read(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def test_structure_is_real(make_document: MakeDocument) -> None:
    word = read(render(make_document(), "docx"))
    headings = [(p.style.name, p.text) for p in word.paragraphs if "Heading" in p.style.name]
    assert headings == [
        ("Heading 1", "Pendahuluan"),
        ("Heading 2", "Butir"),
        ("Heading 1", "Lampiran"),
    ]
    sizes = [(round(s.page_width.cm, 1), round(s.page_height.cm, 1)) for s in word.sections]
    assert sizes == [(21.0, 29.7), (29.7, 21.0), (21.0, 29.7)]
    table = word.tables[1]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    sides = [cell.paragraphs[0].alignment for cell in table.rows[1].cells]
    assert sides == [None, WD_ALIGN_PARAGRAPH.RIGHT, None]
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Rencana aksi"


def test_what_turns_the_page_behind_a_full_table_fills_no_page(make_document: MakeDocument) -> None:
    """It follows the table at once, and is a point high."""
    word = read(render(make_document(), "docx"))
    ends = [p for p in word.paragraphs if p._p.pPr is not None and p._p.pPr.sectPr is not None]
    assert len(ends) == len(word.sections) - 1 == 2
    for end in ends:
        layout = end.paragraph_format
        assert not end.text and layout.line_spacing.pt == 1.0
        assert layout.space_before.pt == layout.space_after.pt == 0.0
    assert ends[-1]._p.getprevious().tag == qn("w:tbl")


@pytest.mark.parametrize("second", [False, True])
def test_a_wide_table_between_a_table_and_a_new_page_lies_on_its_side(
    make_document: MakeDocument, second: bool
) -> None:
    columns = (Column("Tahun", numeric=False), Column("Persen"))
    table = TextTable(
        "tren", "Tren", columns, (("2023", "9,1%"),), ("year", "rate"), ((2023, 9.1),)
    )
    before = Table(table) if second else Paragraph("Tren.")
    blocks = (before, Table(table, wide=True), PageBreak(), Heading("Lampiran"))
    word = read(render(make_document(*blocks), "docx"))
    assert [s.page_width > s.page_height for s in word.sections] == [False, True, False]


def test_numbered_lists_begin_again(make_document: MakeDocument) -> None:
    word = read(render(make_document(), "docx"))
    numbered = [p for p in word.paragraphs if p.style.name == "List Number"]
    lists = [p._p.pPr.numPr.numId.val for p in numbered]
    assert lists[0] == lists[1] != lists[2] == lists[3]


def test_pictures_have_words(make_document: MakeDocument) -> None:
    document = make_document()
    picture = next(block for block in document.blocks if hasattr(block, "chart"))
    word = read(render(document, "docx"))
    shape = word.inline_shapes[0]
    assert shape._inline.docPr.get("descr") == picture.chart.alt
    assert shape._inline.docPr.get("title") == picture.chart.title


def test_what_nobody_knows_is_an_empty_named_field(make_document: MakeDocument) -> None:
    word = read(render(make_document(), "docx"))
    fields = word.element.findall(f".//{qn('w:sdt')}")
    names = [field.find(f".//{qn('w:alias')}").get(qn("w:val")) for field in fields]
    numbers = [field.find(f".//{qn('w:id')}").get(qn("w:val")) for field in fields]
    assert names.count("isi: PJ") == 45 + 3
    assert names.count("isi: Tanggal") == 1
    assert names.count("isi: Jabatan") == 3
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(("lang", "code"), [("id", "id-ID"), ("en", "en-US")])
def test_the_file_says_what_it_is(
    make_document: MakeDocument, record: Provenance, lang: str, code: str
) -> None:
    word = read(render(make_document(lang=lang), "docx"))
    about = word.core_properties
    assert (about.title, about.language, about.identifier) == (
        "Rencana Aksi",
        code,
        record.scenario_hash,
    )
    assert about.created == record.created.replace(tzinfo=about.created.tzinfo)
    language = word.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == code
    footer = word.sections[-1].footer
    assert record.line(lang, timing=False) in footer.paragraphs[0].text
    commands = [f.get(qn("w:instr")) for f in footer._element.iter(qn("w:fldSimple"))]
    assert commands == ["PAGE", "NUMPAGES"]


def test_hostile_words_come_back(make_document: MakeDocument) -> None:
    control = "a\x07b\u202ec"
    blocks = [Paragraph(words) for words in (*HOSTILE, control)]
    word = read(render(make_document(Heading("x"), *blocks, title=HOSTILE[6]), "docx"))
    texts = [p.text for p in word.paragraphs]
    assert texts[0] == HOSTILE[6]
    assert texts[-len(blocks) :] == [plain(words) for words in (*HOSTILE, control)]


def test_fonts_name_what_to_take_where_they_are_missing(make_document: MakeDocument) -> None:
    with zipfile.ZipFile(io.BytesIO(render(make_document(), "docx"))) as archive:
        fonts = archive.read("word/fontTable.xml").decode()
        styles = archive.read("word/styles.xml").decode()
    assert 'w:name="Cambria"' in fonts and "Liberation Serif" in fonts
    assert 'w:ascii="Cambria"' in styles


def test_words_before_a_table_stay_with_it(make_document: MakeDocument) -> None:
    cells = (("baris", "nilai"),)
    columns = Column("Kepala", numeric=False), Column("Nilai", numeric=False)
    table = Table(TextTable("t", "Tabel", columns, cells, ("a", "b"), cells))
    blocks = Heading("Anggaran", 1), Paragraph("Pengantar."), table, Paragraph("Sesudahnya.")
    word = read(render(make_document(*blocks), "docx"))
    kept = {one.text: one.paragraph_format.keep_with_next for one in word.paragraphs}
    assert kept["Pengantar."] and not kept["Sesudahnya."]


@pytest.mark.slow
def test_an_office_program_shows_it(
    make_document: MakeDocument, opened: Callable[[bytes, str], Pages]
) -> None:
    pages = opened(render(make_document(), "docx"), "docx")
    assert len(pages.images) == 5
    assert all(0.002 < (image < 128).mean() < 0.3 for image in pages.images)
    for number, text in enumerate(pages.texts, start=1):
        assert f"Halaman {number} dari 5" in text
    assert "Kegiatan" in pages.texts[1] and "Rp44,5 miliar" in pages.texts[1]
    assert pages.images[2].shape[1] > pages.images[2].shape[0]
    assert "kemiskinan turun" in pages.texts[0].lower()


@pytest.mark.slow
def test_an_office_program_shows_hostile_words(
    make_document: MakeDocument, opened: Callable[[bytes, str], Pages]
) -> None:
    document = make_document(*(Paragraph(words) for words in HOSTILE), Table(action_plan(2)))
    pages = opened(render(document, "docx"), "docx")
    for words in HOSTILE:
        assert squeezed(words) in pages.letters, words


def test_no_empty_line_behind_a_table_fills_a_page(make_document: MakeDocument) -> None:
    facts = Facts((("Kesimpulan", ""), ("Tindak lanjut", "")))
    end = (PageBreak(), Heading("Lampiran", 1))
    word = read(render(make_document(facts, *end), "docx"))
    body = [child.tag.rpartition("}")[2] for child in word.element.body]
    at = body.index("tbl")
    after = word.element.body[at + 1]
    assert after.tag == qn("w:p") and "".join(after.itertext()).startswith("Lampiran")
    apart = read(render(make_document(facts, Heading("Lampiran", 1)), "docx"))
    assert len(list(apart.element.body)) == len(body) + 1


@pytest.mark.slow
def test_no_line_ends_within_a_range_and_the_foot_is_one_line(
    make_document: MakeDocument, opened: Callable[[bytes, str], Pages]
) -> None:
    document = make_document(*RANGES)
    document = replace(document, provenance=replace(document.provenance, replicates=2))
    assert document.line.endswith("1 percobaan")
    pages = opened(render(document, "docx"), "docx")
    lines = [line.replace("\u2060", "") for line in lines_of(pages)]
    assert sum("2022–2024" in line for line in lines) == 60 + 8
    assert not [line for line in lines if line.endswith("–")]
    assert lines.count(document.line) == len(pages.texts)


def test_what_is_kept_to_the_letter_stays_so(make_document: MakeDocument) -> None:
    kept, said = "# 2022–2024: –", "Tahun 2022–2024 – naik"
    word = read(render(make_document(Paragraph(said), Listing("paket.yaml", kept)), "docx"))
    assert [p.text for p in word.paragraphs][-1] == kept
    assert tied(said) in [p.text for p in word.paragraphs]
    assert tied(said) == "Tahun 2022–\u20602024 – naik"
