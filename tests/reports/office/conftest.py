"""Documents to write, an office program that opens them, and what is to be seen on the pages."""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pypdfium2
import pytest
from numpy.typing import NDArray

from kesos_sim.reports.charts import chart
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.office import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    LinkCode,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    SignatureBoxes,
    Source,
    Table,
)
from kesos_sim.reports.provenance import Provenance
from kesos_sim.reports.tables import Column, TextTable
from tests.required import lacking

HOSTILE = (
    '#import "@preview/x:1.0.0": *',
    "$ x^2 $ dan #let y = 3; #y",
    "*tebal* _miring_ `kode` @rujukan <label> // komentar /* x */",
    r"C:\data\anggaran \u{41} \n",
    "= Judul palsu",
    "- bukan daftar",
    "</w:t></w:r> & <b>html</b> ]]>",
    "שלום",
    "Penanggulangankemiskinandaerahterpaduberkelanjutan" * 5,
    "Rp1,2 triliun – turun −0,7 persen poin “dikutip” \u2019",
)
OFFICE_SECONDS = 120.0


@dataclass(frozen=True)
class Pages:
    """Pages as a reader sees them.

    Attributes
    ----------
    texts : words of every page
    images : uint8[height, width] of every page, grey value
    words : of every page, the boxes of its words: left, top, right, bottom in pixels
    sizes : of every page, the size of its smallest letters, points
    """

    texts: tuple[str, ...]
    images: tuple[NDArray[np.uint8], ...]
    words: tuple[tuple[tuple[int, int, int, int], ...], ...]
    sizes: tuple[float, ...]

    @property
    def letters(self) -> str:
        """All words without spaces and line breaks."""
        return squeezed("".join(self.texts))


def squeezed(text: str) -> str:
    """Text without anything that a line break may add or take away."""
    return "".join(text.split())


def pages_of(content: bytes, scale: float = 2.0) -> Pages:
    """Read a PDF: its words, and its pages as grey pictures."""
    document = pypdfium2.PdfDocument(content)
    texts, images, words, sizes = [], [], [], []
    for page in document:
        read = page.get_textpage()
        texts.append(read.get_text_bounded())
        images.append(np.asarray(page.render(scale=scale).to_pil().convert("L")))
        sizes.append(smallest(read))
        height = page.get_height()
        boxes = [read.get_rect(number) for number in range(read.count_rects())]
        words.append(
            tuple(
                (
                    int(scale * left),
                    int(scale * (height - top)),
                    int(scale * right) + 1,
                    int(scale * (height - bottom)) + 1,
                )
                for left, bottom, right, top in boxes
            )
        )
    document.close()
    return Pages(tuple(texts), tuple(images), tuple(words), tuple(sizes))


def smallest(read: pypdfium2.PdfTextPage) -> float:
    """Size of the smallest letters of a page as they are printed, points; infinite without any."""
    found = math.inf
    for place, letter in enumerate(read.get_text_range()):
        if letter.isalnum():
            turned = pypdfium2.raw.FS_MATRIX()
            pypdfium2.raw.FPDFText_GetMatrix(read, place, turned)
            size = pypdfium2.raw.FPDFText_GetFontSize(read, place)
            found = min(found, size * math.hypot(turned.c, turned.d))
    return found


def office_program() -> str:
    """Return LibreOffice, or skip; where everything is required its absence is a failure."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        lacking("LibreOffice is not installed (on Debian: apt-get install libreoffice)")
    return found


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes, str], Pages]:
    """Open a file in LibreOffice and return what it would print."""
    program = office_program()
    profile = tmp_path_factory.mktemp("office")

    def read(content: bytes, ending: str) -> Pages:
        folder = tmp_path_factory.mktemp("opened")
        source = folder / f"berkas.{ending}"
        source.write_bytes(content)
        subprocess.run(
            [
                program,
                f"-env:UserInstallation={profile.as_uri()}",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(folder),
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=OFFICE_SECONDS,
        )
        return pages_of(source.with_suffix(".pdf").read_bytes())

    return read


def action_plan(rows: int = 45) -> TextTable:
    """A table that is longer than a page, with a column that nobody has filled in."""
    columns = (Column("Kegiatan", numeric=False), Column("Pagu"), Column("PJ", numeric=False))
    return TextTable(
        "rencana",
        "Rencana aksi",
        columns,
        tuple((f"Kegiatan {n}", f"Rp{n},5 miliar", "") for n in range(rows)),
        ("activity", "rupiah", "responsible"),
        tuple((f"Kegiatan {n}", (n + 0.5) * 1e9, None) for n in range(rows)),
    )


RANGES: tuple[Block, ...] = (
    *(Paragraph("ab " * (20 + n // 3) + "y" * (n % 3) + " 2022–2024 2,5–3,4%") for n in range(60)),
    Table(
        TextTable(
            "t",
            "T",
            (Column("Kegiatan", numeric=False), Column("Tahun", numeric=False)),
            tuple(("kegiatan " * n, "pada tahun " + "x" * n + " 2022–2024") for n in range(1, 9)),
            ("a", "b"),
            tuple(("a", "b") for _ in range(1, 9)),
        ),
        shares=(8.0, 2.0),
    ),
)
"""Ranges that end at different places of a line, in text and in narrow columns."""


def lines_of(pages: Pages) -> list[str]:
    """Lines as they are printed."""
    return [line.strip() for text in pages.texts for line in text.splitlines()]


MakeDocument = Callable[..., Document]


@pytest.fixture
def make_document(
    record: Provenance,
    compared: Callable[..., pd.DataFrame],
    context: Callable[..., ReportContext],
) -> MakeDocument:
    """Make a document with every kind of block, or with those that are given."""

    def make(*blocks: Block, title: str = "Rencana Aksi", lang: str = "id") -> Document:
        drawn = chart("poverty_path", compared(), context(), "id")
        every: tuple[Block, ...] = (
            Heading("Pendahuluan"),
            Paragraph("Kemiskinan turun 0,7 persen poin."),
            Paragraph("Catatan samping.", quiet=True),
            Heading("Butir", 2),
            Bullets(("satu", "dua")),
            Bullets(("kesatu", "kedua"), numbered=True),
            Bullets(("pertama", "berikutnya"), numbered=True),
            Note("Rancangan untuk dibahas."),
            Facts((("Tempat", "Semarang"), ("Tanggal", ""))),
            Table(action_plan(), "Harga 2024.", fill=frozenset({2})),
            Table(action_plan(3), fill=frozenset({2}), wide=True),
            Picture(drawn),
            PageBreak(),
            Heading("Lampiran"),
            Listing("paket.yaml", "schema: 1\nlevers:\n  coordination: {value: 1.0}"),
            LinkCode("Buka paket", "http://192.168.1.20:8866/#paket=" + 60 * "W3siYXBi"),
            SignatureBoxes(("Bali", "Banten", "Lampung"), ("Nama", "Jabatan")),
        )
        return Document(
            name="rencana",
            title=title,
            lang=lang,
            provenance=record,
            blocks=blocks or every,
            subtitle="DI Yogyakarta",
            commands=("kesos compare baseline.yaml paket.yaml --draws 2",),
            sources=(Source("BPS, Susenas", "2024", "resmi", "kemiskinan"),),
        )

    return make


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder of its own."""
    return tmp_path / "berkas"
