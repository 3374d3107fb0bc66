"""Own data are marked as own in every result: sources, notes, tables, charts, provenance."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from kesos_sim import i18n
from kesos_sim.data.own import OwnData, OwnFigure
from kesos_sim.experiments.base_month import published_rates
from kesos_sim.reports.charts import chart
from kesos_sim.reports.context import PublishedPoint, ReportContext
from kesos_sim.reports.export import export
from kesos_sim.reports.grounds import data_table, imputations
from kesos_sim.reports.own_data import own_notes, own_sources, own_table
from tests.reports.conftest import comparison_frame, report_context

SOURCE = "Bappeda DIY; hitungan <b>sendiri</b>"
OWN = OwnData(
    "DIY",
    SOURCE,
    2024,
    (
        OwnFigure(34, "amount", "travel", 1.2e11, 2024),
        OwnFigure(34, "p0", "total", 9.5, 2024, "Susenas provinsi"),
    ),
)


def test_figures_of_other_years_alone_are_in_no_result() -> None:
    past = OwnData("DIY", SOURCE, 2024, (OwnFigure(34, "p0", "total", 11.0, 2019),))
    assert own_notes(past) == own_sources(past) == ()
    table = own_table(past, "en")
    assert table is not None and table.rows[0][-1] == i18n.text("reports.no", "en")


def marked() -> ReportContext:
    around = report_context()
    assert around.provenance is not None
    record = dataclasses.replace(around.provenance, own_data=OWN.record())
    point = PublishedPoint("2024-03", "all", "poverty_rate", 9.5, SOURCE, own=True)
    return dataclasses.replace(
        around,
        provenance=record,
        own_data=OWN,
        published=(point,),
        sources=(*around.sources, *own_sources(OWN)),
    )


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_own_data_are_named_down_to_the_chart(lang: str) -> None:
    drawn = chart("poverty_path", comparison_frame(), marked(), lang)
    assert SOURCE in drawn.source
    assert drawn.source.count(SOURCE) == 1
    assert OWN.hash[:8] in drawn.provenance
    own, published = (
        i18n.text(key, lang) for key in ("own_data.result.points", "charts.published")
    )
    assert own in drawn.table.csv() or own in [c.label for c in drawn.table.columns]
    assert published not in [c.label for c in drawn.table.columns]
    assert own in drawn.svg()


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_tables_show_own_beside_published(lang: str) -> None:
    table = own_table(OWN, lang)
    assert table is not None
    travel, rate = table.rows
    assert rate[3].replace(",", ".") == "10.83"
    assert "Susenas provinsi" in rate
    assert i18n.text("vocabulary.quality.own", lang) in rate
    assert travel[-1] == i18n.text("reports.no", lang)
    assert own_table(None, lang) is None
    words = data_table(lang, OWN).rows[0]
    assert SOURCE in words
    assert len(data_table(lang, OWN).rows) == len(data_table(lang).rows) + 1
    assert "official" not in table.csv()


def test_notes_say_that_a_result_rests_on_own_data() -> None:
    said = imputations(2024, ["34"], OWN)
    assert SOURCE in said[0]["id"]
    assert said[len(own_notes(OWN)) :] == imputations(2024, ["34"])
    assert own_notes(None) == own_sources(None) == ()


def test_published_rate_of_the_base_month_is_own_only_there() -> None:
    months = ["2023-03", "2024-03", "2024-09"]
    known, own = (published_rates([34], months, ["34"], one) for one in (None, OWN))
    assert own["2024-03", "34"] == pytest.approx(9.5)
    assert known["2024-03", "34"] == 10.83
    assert {k: v for k, v in own.items() if k[0] != "2024-03"} == {
        k: v for k, v in known.items() if k[0] != "2024-03"
    }


@pytest.mark.slow
def test_export_holds_the_table_and_escapes_the_source(tmp_path: Path) -> None:
    folder = export(comparison_frame(), marked(), tmp_path / "hasil", "id")
    assert "p0.total" in (folder / "tables" / "own_data.csv").read_text(encoding="utf-8")
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "<b>sendiri</b>" not in page
    assert "&lt;b&gt;sendiri&lt;/b&gt;" in page
