"""PDF: nothing of a text is markup, everything can be read, also on a grey copy."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kesos_sim.i18n import numbers
from kesos_sim.reports.office import (
    Bullets,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Table,
    render,
)
from kesos_sim.reports.office.words import plain
from kesos_sim.reports.provenance import Provenance
from kesos_sim.reports.tables import Column, TextTable
from kesos_sim.reports.values import range_cell

from .conftest import HOSTILE, RANGES, MakeDocument, lines_of, pages_of, squeezed

LEAST_CONTRAST = 4.5
SHOWN = "#$*_@<>`\\/=+-[](){}~^&%\"'|;:.,!? \n0aZé–−"


def luminance(grey: float) -> float:
    """Relative luminance of a grey value, as WCAG 2.2 defines it."""
    share = grey / 255.0
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def test_every_block_is_there_and_no_page_is_blank(make_document: MakeDocument) -> None:
    content = render(make_document(), "pdf")
    pages = pages_of(content)
    assert len(pages.images) == 5
    for number, (image, text) in enumerate(zip(pages.images, pages.texts, strict=True), start=1):
        dark = (image < 128).mean()
        assert 0.002 < dark < 0.3
        assert f"Halaman {number} dari 5" in text
        assert "kesos-sim 0.1.0" in text
    widths = [image.shape[1] > image.shape[0] for image in pages.images]
    assert widths == [False, False, True, False, False]
    assert "Rp44,5\u00a0miliar" in pages.texts[1], "no line ends inside a number with its unit"
    for page in pages.texts[:3]:
        assert "Kegiatan" in page and "Pagu" in page, "the heading comes again on every page"


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_file_says_title_and_language_and_has_a_structure(
    make_document: MakeDocument, lang: str
) -> None:
    content = render(make_document(title="Judul #x", lang=lang), "pdf")
    with pypdfium2.PdfDocument(content) as document:
        assert document.get_metadata_dict()["Title"] == "Judul #x"
        assert document.is_tagged()
    assert f"/Lang({lang})".encode() in content.replace(b"/Lang (", b"/Lang(") or (
        f"({lang}-".encode() in content
    )
    assert b"pdfuaid" in content


def test_hostile_words_are_shown_as_they_are(make_document: MakeDocument) -> None:
    table = TextTable("t", HOSTILE[0], (Column(HOSTILE[1]),), ((HOSTILE[2],),), ("a",), ((1,),))
    document = make_document(
        Heading(HOSTILE[4]),
        *(Paragraph(words) for words in HOSTILE),
        Bullets(HOSTILE),
        Note(HOSTILE[3]),
        Facts(((HOSTILE[2], HOSTILE[6]),)),
        Table(table, HOSTILE[5]),
        title=HOSTILE[0],
    )
    pages = pages_of(render(document, "pdf"))
    for words in HOSTILE:
        assert pages.letters.count(squeezed(words)) >= 2, words


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(alphabet=SHOWN, min_size=1, max_size=60).filter(str.strip))
def test_any_sign_of_markup_comes_back(record: Provenance, words: str) -> None:
    document = Document("a", "A", "id", record, (Paragraph(f"kiri{words}kanan"),))
    read = pages_of(render(document, "pdf"), scale=0.2).letters
    assert squeezed(f"kiri{plain(words)}kanan") in read


def test_words_from_right_to_left_lose_no_letter(make_document: MakeDocument) -> None:
    words = "مرحبا בשלום"
    read = pages_of(render(make_document(Paragraph(words)), "pdf")).letters
    # The reader puts words of a line in the order of the page; letters are what can be compared.
    assert {letter for letter in squeezed(words) if letter not in read} == set()


def test_a_letter_that_no_font_has_is_written_as_its_number(make_document: MakeDocument) -> None:
    pages = pages_of(render(make_document(Paragraph("Setuju 👍 漢 ✓")), "pdf"))
    assert "Setuju[U+1F44D][U+6F22]✓" in pages.letters


def test_long_words_stay_inside_the_margins(make_document: MakeDocument) -> None:
    columns = tuple(Column(f"k{n}", numeric=False) for n in range(5))
    row = ("x" * 90, "a", "b" * 70, "c", "d")
    table = TextTable("t", "T", columns, (row,), tuple("abcde"), (row,))
    image = pages_of(render(make_document(Paragraph("Panjang" * 40), Table(table)), "pdf")).images[
        0
    ]
    margin = int(image.shape[1] * 2.2 / 21.0) - 2
    assert (image[:, :margin] > 250).all()
    assert (image[:, -margin:] > 250).all()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_amounts_stay_whole_and_in_their_column(make_document: MakeDocument, lang: str) -> None:
    amount = numbers.rupiah(1.35e9, lang, digits=3)
    row = ("5", "Pemasaran sosial", amount, range_cell(amount, f"{amount}X", lang), amount)
    columns = tuple(Column(f"k{n}", numeric=n > 1) for n in range(5))
    table = TextTable("t", "T", columns, (row,) * 3, tuple("abcde"), (row,) * 3)
    block = Table(table, shares=(7.0, 70.0, 9.0, 9.0, 9.0), wide=True)
    content = render(make_document(block), "pdf")
    whole = amount.replace(" ", "\u00a0")
    assert pages_of(content).texts[1].count(whole) == 12
    with pypdfium2.PdfDocument(content) as document:
        read = document[1].get_textpage()
        text = read.get_text_range()
        beside = [one.start() for one in re.finditer(f"{whole} (?={whole})", text)]
        assert beside, "a target and its range stand beside each other"
        for start in beside:
            end, following = start + len(whole) - 1, start + len(whole) + 1
            assert read.get_charbox(end)[2] + 2.0 <= read.get_charbox(following)[0]


def test_words_stay_legible_on_a_grey_copy(make_document: MakeDocument) -> None:
    pages = pages_of(render(make_document(), "pdf"), scale=4.0)
    seen = 0
    for image, boxes in zip(pages.images, pages.words, strict=True):
        for left, top, right, bottom in boxes:
            part = image[max(top, 0) : bottom, max(left, 0) : right]
            if min(part.shape) < 6:
                continue  # dots and dashes
            paper, ink = (luminance(float(np.percentile(part, q))) for q in (95, 0))
            assert (paper + 0.05) / (ink + 0.05) >= LEAST_CONTRAST
            seen += 1
    assert seen > 100


def test_a_small_table_is_not_parted_between_pages(make_document: MakeDocument) -> None:
    """A long one is, and goes on below its heading."""

    def pages_with(rows: int, before: int) -> int:
        cells = tuple((f"baris{row:02d}", "nilai") for row in range(rows))
        columns = Column("Kepala", numeric=False), Column("Nilai", numeric=False)
        table = TextTable("t", "Tabel kecil", columns, cells, ("a", "b"), cells)
        filler = Bullets(tuple(f"butir {number}" for number in range(before)))
        pages = pages_of(render(make_document(filler, Table(table)), "pdf"))
        return sum("baris" in text for text in pages.texts)

    assert [pages_with(6, before) for before in range(30, 48, 3)] == [1] * 6
    assert pages_with(60, 27) > 1


def test_words_before_a_table_do_not_end_a_page_with_their_heading(
    make_document: MakeDocument,
) -> None:
    cells = tuple((f"baris{row:02d}", "nilai") for row in range(60))
    columns = Column("Kepala", numeric=False), Column("Nilai", numeric=False)
    table = Table(TextTable("t", "Tabel panjang", columns, cells, ("a", "b"), cells))
    for before in range(22, 42):
        filler = Bullets(tuple(f"butir {number}" for number in range(before)))
        words = Heading("Anggaran", 1), Paragraph("Kalimat pengantar.")
        pages = pages_of(render(make_document(filler, *words, table), "pdf"))
        (place,) = (k for k, text in enumerate(pages.texts) if "Kalimat pengantar" in text)
        assert "Anggaran" in pages.texts[place] and "baris00" in pages.texts[place], before


def test_no_line_ends_within_a_range_and_the_foot_is_one_line(make_document: MakeDocument) -> None:
    document = make_document(*RANGES)
    document = replace(document, provenance=replace(document.provenance, replicates=2))
    pages = pages_of(render(document, "pdf"))
    lines = lines_of(pages)
    assert sum("2022–2024" in line for line in lines) == 60 + 8
    assert not [line for line in lines if line.endswith("–")]
    assert sum(document.line in line for line in lines) == len(pages.texts)
