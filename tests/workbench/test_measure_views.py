"""Views of measures and of sections of documents; nothing here comes from a run of the model."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.description.parameters import grades_chart
from kesos_sim.reports.office import (
    Bullets,
    Document,
    Facts,
    Heading,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    SignatureBoxes,
    Table,
)
from kesos_sim.reports.tables import Column, TextTable
from kesos_sim.workbench.measures import drawing, findings, listing, section

from .conftest import PROVENANCE

TABLE = TextTable(
    "rows",
    "Baris <b>",
    (Column("Nama", numeric=False), Column("Penanggung jawab", numeric=False)),
    (("<i>", ""), ("b", "")),
    ("name", "who"),
    (("<i>", None), ("b", None)),
)


class Made:
    """A measure with one chart, one table and an empty one."""

    @property
    def provenance(self) -> dict[str, object]:
        return asdict(PROVENANCE)

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        return (f"Satu & dua <{lang}>.",)

    def charts(self, lang: str = "id") -> tuple[Chart, ...]:
        return (grades_chart(lang),)

    def tables(self, lang: str = "id") -> tuple[TextTable, ...]:
        return TABLE, replace(TABLE, name="empty", rows=(), data=())


def test_a_long_table_unfolds_when_it_is_asked_to() -> None:
    class Long(Made):
        def tables(self, lang: str = "id") -> tuple[TextTable, ...]:
            return (replace(TABLE, rows=TABLE.rows * 11, data=TABLE.data * 11),)

    short, long = listing(Made(), "rows"), listing(Long(), "rows")
    assert "<details" not in short.html
    assert long.html.count("<details>") == 1 and "<summary>Baris &lt;b&gt;" in long.html
    assert long.html.count("<tr>") == 23 and "kesos-sim 0.1.0" in long.html


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_measure_is_told_with_where_it_comes_from(lang: str) -> None:
    shown = findings(Made(), lang)
    assert f"Satu &amp; dua &lt;{lang}&gt;." in shown.html and f'lang="{lang}"' in shown.html
    assert "kesos-sim 0.1.0" in shown.html and "2008" in shown.text


def test_a_chart_or_a_table_is_shown_by_its_name() -> None:
    name = grades_chart("id").name
    assert "<img" in drawing(Made(), name).html
    shown = listing(Made(), "rows")
    assert "<table>" in shown.html and "<b>" not in shown.html.split("</style>")[-1]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_what_there_is_not_is_told_in_place(lang: str) -> None:
    name = grades_chart(lang).name
    missing = drawing(Made(), "<nothing>", lang)
    assert name in missing.text and "&lt;nothing&gt;" in missing.html
    assert "rows, empty" in listing(Made(), "nothing", lang).text
    assert {"id": "tidak ada barisnya", "en": "no rows"}[lang] in listing(
        Made(), "empty", lang
    ).text


@pytest.fixture
def document() -> Document:
    blocks = (
        Note("Rancangan <u>"),
        Facts((("Daerah", "DIY"), ("Nomor", ""))),
        Heading("Satu"),
        Paragraph("tenang", quiet=True),
        Bullets(("pertama",), numbered=True),
        Heading("Di dalam", 2),
        Table(TABLE, "catatan", fill=frozenset({1})),
        Heading("Dua"),
        Picture(grades_chart("id")),
        PageBreak(),
        Listing("a.yaml", "x: <1>"),
        SignatureBoxes(("Bali",), ("Nama",)),
    )
    return Document("d", "Judul", "id", PROVENANCE, blocks)


def test_a_section_ends_where_the_next_begins(document: Document) -> None:
    opening, first, second = (section(document, number) for number in range(3))
    assert "Rancangan &lt;u&gt;" in opening.html and "Satu" not in opening.text
    assert "Satu" in first.text and "Di dalam" in first.text and "Dua" not in first.text
    assert "<ol><li>pertama" in first.html and 'class="quiet">tenang' in first.html
    assert "<img" in second.html and "x: &lt;1&gt;" in second.html and "Bali" in second.text
    for shown in (opening, first, second):
        assert "kesos-sim 0.1.0" in shown.html


def test_fields_to_be_filled_in_are_dotted(document: Document) -> None:
    assert "Nomor: …" in section(document, 0).text
    assert section(document, 1).html.count("<td>…") == len(TABLE.rows)


def test_a_section_that_is_not_there_is_told(document: Document) -> None:
    assert "0 sampai 2" in section(document, 3).text
    assert "0 sampai 2" in section(document, -1).text


def test_a_long_table_of_a_section_unfolds(document: Document) -> None:
    long = replace(TABLE, rows=TABLE.rows * 30, data=TABLE.data * 30)
    shown = section(replace(document, blocks=(Table(long),)), 0)
    assert "<details><summary>Baris &lt;b&gt;" in shown.html
