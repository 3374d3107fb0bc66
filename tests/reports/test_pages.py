"""Pages, notebook views, tables and terminal output: readable, escaped, complete."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from kesos_sim.experiments.base_month import BaseMiss
from kesos_sim.reports import PublishedRow, ReportContext, Results, published_vs_modelled
from kesos_sim.reports.charts import drawn
from kesos_sim.reports.grounds import data_table, evidence_of, evidence_table
from kesos_sim.reports.html import page, result_html, result_text
from kesos_sim.reports.html_table import table_html
from kesos_sim.reports.outcomes import outcome_table, place_tables
from kesos_sim.reports.tables import Column, TextTable, harmless
from kesos_sim.reports.terminal import report, show, table, table_lines
from kesos_sim.scenario import load_scenario
from tests.payloads import FORMULAS, MARKUP

SCENARIOS = Path(__file__).parents[2] / "scenarios"
Frames = Callable[..., pd.DataFrame]
Contexts = Callable[..., ReportContext]
HOSTILE = " ".join(MARKUP)
RUNS = {
    "script", "iframe", "object", "embed", "base", "link", "form", "input", "marquee", "video",
    "math",
}  # fmt: skip
VOID = {"meta", "img", "br", "source", "wbr"}


class Outline(HTMLParser):
    """Checks that elements close in order and collects them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Outline()
    parser.feed(text)
    parser.close()
    assert not parser.open
    return parser.seen


def whole_page(frame: pd.DataFrame, context: ReportContext, lang: str) -> str:
    results = Results(frame)
    tables = [outcome_table(results, context, lang), *place_tables(results, context, lang)]
    return page(results, context, lang, drawn(results, context, lang), tables)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_page_stands_alone(compared: Frames, context: Contexts, lang: str) -> None:
    text = whole_page(compared(), context(), lang)
    elements = outline(text)
    assert ("html", {"lang": lang}) in elements
    assert not {"script", "link", "iframe", "object", "form"} & {tag for tag, _ in elements}
    for tag, attributes in elements:
        if tag == "img":
            assert (attributes["src"] or "").startswith("data:image/svg+xml;base64,")
            assert len(attributes["alt"] or "") > 60
        if tag == "source":
            assert (attributes["srcset"] or "").startswith("data:image/svg+xml;base64,")
        assert not any(name.startswith("on") for name in attributes)
    assert not re.search(r"https?://(?!www\.w3\.org)", re.sub(r"base64,[\w+/=]+", "", text))
    headings = [tag for tag, _ in elements if tag in {"h1", "h2", "h3"}]
    assert headings[0] == "h1" and headings.count("h1") == 1
    assert text.index(">6") < text.index("<figure"), "the number comes before the charts"


@pytest.mark.slow
def test_a_warning_stands_above_the_figures(compared: Frames, context: Contexts) -> None:
    plain = context()
    assert plain.provenance is not None
    missed: BaseMiss = {"region": "51", "published": 4.0, "modelled": 0.0, "tolerance": 0.1}
    record = replace(plain.provenance, base_misses=(missed,))
    text = whole_page(compared(), replace(plain, provenance=record), "id")
    assert text.count("PERHATIAN: bulan dasar") == 1 and text.count("dengan parameter bawaan") == 1
    assert text.index('class="warning"') < text.index("dengan parameter bawaan")
    assert text.index("dengan parameter bawaan") < text.index('class="number"')
    assert 'class="warning"' not in whole_page(compared(), plain, "id")


@pytest.mark.slow
def test_whatever_comes_from_outside_is_escaped(compared: Frames, context: Contexts) -> None:
    words = {"id": HOSTILE, "en": HOSTILE}
    around = replace(
        context(),
        titles={"apbd-10": words},
        region_name=words,
        sources=(words,),
        notes=(words,),
        provinces={"18": words, "31": {"id": "DKI Jakarta", "en": "DKI Jakarta"}},
    )
    for text in (
        whole_page(compared(), around, "id"),
        result_html(compared(), around, "id"),
        table_html(outcome_table(Results(compared()), around, "id")),
    ):
        seen = outline(text)
        assert not {tag for tag, _ in seen} & RUNS
        assert not any(name.startswith("on") for _, attributes in seen for name in attributes)
        assert "&lt;script&gt;" in text


def test_names_of_parameters_may_break_where_their_parts_meet_and_words_may_not() -> None:
    cells = ("household.propensity_to_consume", "0.6", "a_b<c", "Blora. Jepara")
    columns = tuple(Column(label, numeric=False) for label in "abcd")
    shown = table_html(TextTable("t", "T", columns, (cells,), tuple("abcd"), (cells,)))
    assert "household.<wbr>propensity_<wbr>to_<wbr>consume" in shown
    assert shown.count("<wbr>") == 3 and "a_b&lt;c" in shown


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_notebook_view_has_a_text_twin(compared: Frames, context: Contexts, lang: str) -> None:
    view, twin = (make(compared(), context(), lang) for make in (result_html, result_text))
    plain = re.sub(r"<[^>]+>", " ", view)
    for line in twin.splitlines():
        if line.startswith("- "):
            assert line[2:].replace("&", "&amp;") in plain
    assert "kesos-sim 0.1.0" in plain and "kesos-sim 0.1.0" in twin


def test_a_terminal_shows_sentences_tables_and_provenance(
    compared: Frames, context: Contexts
) -> None:
    stream = io.StringIO()
    show(report(compared(), context(), "id"), stream, width=120)
    text = stream.getvalue()
    assert "Kemiskinan turun 0,28 persen poin" in text
    assert "Nusa Tenggara Timur" in text and "benih 2008" in text
    assert "desil 7" not in text, "deciles are left to files"
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("width", [30, 48, 60, 80, 100, 110, 160])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_terminal_of_any_width_shows_every_column(
    compared: Frames, context: Contexts, width: int, lang: str
) -> None:
    shown = outcome_table(Results(compared()), context(), lang, scenario="apbd-10", brief=True)
    lines = table_lines(shown, width)
    assert max(map(len, lines)) <= width
    assert not any(line != line.rstrip() for line in lines)
    text = " ".join(" ".join(lines).split())
    for cell in {cell for row in shown.rows for cell in row}:
        for word in cell.replace("\u00a0", " ").split():
            assert word in text, (word, width)
    for column in shown.columns[2:]:
        assert column.label.split()[0] in text


def test_tables_write_large_numbers_with_scale_words(compared: Frames, context: Contexts) -> None:
    frame = compared()
    rows = frame["indicator"] == "poor_people"
    frame.loc[rows, "indicator"] = "benefit_delivered"
    shown = outcome_table(Results(frame), context(), "id", scenario="apbd-10")
    row = next(row for row in shown.rows if row[0] == "Bantuan yang sampai")
    assert row[1] == "rupiah per bulan"
    assert row[2] == "Rp12,5 juta" and row[4] == "−Rp502.046"
    data = dict(zip([r[0] for r in shown.data], shown.data, strict=True))["benefit_delivered"]
    assert isinstance(data[2], float) and data[2] > 1.2e7


def test_places_without_rows_have_no_table(compared: Frames, context: Contexts) -> None:
    results, around = Results(compared()), context()
    assert [t.name for t in place_tables(results, around, "id")] == ["provinces"]
    assert place_tables(results, replace(around, provinces={}), "id") == []
    lampung = {"18": {"id": "Lampung", "en": "Lampung"}}
    (districts,) = place_tables(results, replace(around, provinces={}, districts=lampung), "en")
    assert districts.name == "districts" and districts.columns[1].label == "District"


def test_what_a_result_rests_on_is_on_the_page(compared: Frames, context: Contexts) -> None:
    results, around = Results(compared()), context()
    evidence = evidence_table(results, around, "en")
    assert evidence is not None
    assert evidence.rows == (
        ("local multiplier", "0", "0 to 1", "rupiah per rupiah", "C expert", "yes", "evidence B13"),
    )
    data = data_table("id")
    assert {"parameters", "poverty_province"} <= {row[0] for row in data.rows}
    text = page(results, around, "id", (), (), (evidence, data))
    assert "resmi 38" in text and "C expert" in text
    assert "kutipan: angka resmi" in text and "garis ekstrem" not in text
    assert "w = bobot" in text


def test_a_terminal_obeys_no_text(compared: Frames, context: Contexts) -> None:
    evil = "\x1b]0;owned\x07[red]merah[/red]\u202e"
    around = replace(context(), titles={"apbd-10": {"id": evil, "en": evil}})
    stream = io.StringIO()
    show(report(compared(), around, "id"), stream, width=200)
    text = stream.getvalue()
    assert not set("\x1b\x07\u202e") & set(text)
    assert "[red]merah[/red]" in text


ROWS = [
    PublishedRow("province", "33", "poverty_rate", 10.47, 10.51, "official", 0.1),
    PublishedRow("district", "3316", "poverty_rate", 11.42, 11.9, "official", 0.3),
    PublishedRow("nation", "00", "gini", 0.379, 0.381, "official", 0.005),
    PublishedRow("nation", "00", "PKH 2022", 10e6, math.nan, "secondary", 1e5),
    PublishedRow("stratum", "3316u", "poverty_gap", math.nan, 1.9, "D"),
]


def test_what_a_result_rests_on_is_in_the_language_of_the_page(
    compared: Frames, context: Contexts
) -> None:
    reform = load_scenario(SCENARIOS / "apbd-10.yaml")
    around = replace(context(), evidence={"apbd-10": evidence_of(reform)})
    texts = {}
    for lang in ("id", "en"):
        table = evidence_table(Results(compared()), around, lang)
        assert table is not None
        assert len(table.rows) == len(evidence_of(reform))
        texts[lang] = page(Results(compared()), around, lang, (), (), (table, data_table(lang)))
    for word in ("share of", "assumption", "evidence B", "official", "see source", "over the"):
        assert word not in texts["id"], word
        assert word in texts["en"], word


def test_published_against_modelled_shows_misses_as_plainly_as_hits() -> None:
    shown = published_vs_modelled(ROWS, "id", {"33": "Jawa Tengah"})
    assert shown.title == "Angka terbit dan angka model: 2 dari 4 cocok, 2 meleset"
    assert [row[-1] for row in shown.rows] == [
        "cocok",
        "meleset",
        "cocok",
        "meleset",
        "tidak dinilai",
    ]
    assert shown.rows[0] == (
        "provinsi",
        "33 Jawa Tengah",
        "Tingkat kemiskinan (P0)",
        "10,47%",
        "10,51%",
        "+0,04",
        "resmi",
        "cocok",
    )
    assert shown.rows[2][3:6] == ("0,379", "0,381", "+0,002")
    assert shown.rows[3][4] == "tidak ada data"
    assert shown.csv().splitlines()[1] == (
        "province,33,poverty_rate,10.47,10.51,0.03999999999999915,0.1,official,hit"
    )
    stream = io.StringIO()
    show(table(published_vs_modelled(ROWS, "en")), stream, width=140)
    assert "2 of 4 match, 2 miss" in stream.getvalue()


def test_a_table_as_text_is_aligned(compared: Frames, context: Contexts) -> None:
    (shown,) = place_tables(Results(compared()), context(), "id")
    lines = shown.text().splitlines()
    assert lines[0] == shown.title and len(lines) == len(shown.rows) + 2
    assert len(shown.fields) == len(shown.data[0])
    assert isinstance(shown, TextTable)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+62", "'+62"),
        ("-x", "'-x"),
        ("@cmd", "'@cmd"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        ("Jawa Tengah", "Jawa Tengah"),
        ("", ""),
        ("10% APBD", "10% APBD"),
    ],
)
def test_cells_that_look_like_formulas(cell: str, written: str) -> None:
    assert harmless(cell) == written


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_formula_passes_into_a_file(cell: str) -> None:
    lines = cell.replace("\r\n", "\n").replace("\r", "\n")
    assert harmless(cell) == f"'{lines}"
    table = TextTable("t", "T", (Column(cell, numeric=False),), ((cell,),), (cell,), ((cell,),))
    read = list(csv.reader(io.StringIO(table.csv(), newline="")))
    assert read == [[f"'{lines}"]] * 2, "no line end begins a row of its own"
