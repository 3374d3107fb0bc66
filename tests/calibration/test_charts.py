"""Charts of published and modelled figures: titles count, misses stand out, nothing is left out."""

from __future__ import annotations

import datetime as dt
import json
import math
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kesos_sim.calibration.charts import VIEWS
from kesos_sim.calibration.figure_words import words_of
from kesos_sim.calibration.figures import Figure, Use
from kesos_sim.calibration.published import Validation
from kesos_sim.calibration.table import summary
from kesos_sim.errors import InputError
from kesos_sim.reports.charts.style import NARROW, WIDE
from kesos_sim.scenario import Scenario

LANGUAGES = ("id", "en")


def figure(
    measure: str, published: float, modelled: float, detail: tuple[str | int, ...] = (), **own: str
) -> Figure:
    level, code = own.get("level", "province"), own.get("code", "34")
    use: Use = "shown" if own.get("use") == "shown" else "scored"
    return Figure(
        "targeting", level, code, measure, detail, published, modelled,
        own.get("unit", "percent"), "official", use, "poverty_province:row",
    )  # fmt: skip


@pytest.fixture
def found(small: Scenario) -> Validation:
    figures = (
        figure("poverty_rate", 10.0, 10.02),
        figure("poverty_rate", 10.0, 12.0, code="35"),
        figure("household_size", 3.0, 3.3, unit="persons"),
        figure("receipt_rate", 20.0, 21.0, ("PKH", 2021)),
        *(
            figure("decile_coverage", math.nan, 30.0 - 2 * n, ("decile", n, "PKH"), use="shown")
            for n in range(1, 11)
        ),
        *(figure("quintile_receipt", 50.0, 40.0 + n, ("quintile", n)) for n in range(1, 6)),
        figure("transition", 0.5, math.nan, level="study", code="T03", use="shown"),
        figure("transition", 0.5, 0.6, ("newly_poor",), level="study", code="T04"),
    )
    return Validation(small, figures, dt.datetime(2026, 11, 21, tzinfo=dt.UTC), 1.0)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_worst_miss_is_in_the_title_and_on_top(found: Validation, lang: str) -> None:
    drawn = found.chart("gaps", lang)
    judged = [one for one in found.figures if one.hit is not None]
    misses = sum(one.hit is False for one in judged)
    assert f"{misses} {'dari' if lang == 'id' else 'of'} {len(judged)}" in drawn.title
    assert {"id": "Jawa Timur", "en": "East Java"}[lang] in drawn.title
    assert len(drawn.table.rows) == len(judged)
    assert drawn.table.rows[0][0].startswith("35 ")
    assert [row[-3] for row in drawn.table.data][:misses] == ["miss"] * misses


@pytest.mark.slow
@pytest.mark.parametrize("view", ["gaps", "poverty", "coverage", "quintiles", "mobility", "sizes"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_chart_is_drawn_and_says_itself(found: Validation, view: str, lang: str) -> None:
    drawn = found.chart(view, lang)
    for sheet in (WIDE, NARROW):
        root = ET.fromstring(drawn.svg(sheet))  # noqa: S314 - our own file
        assert root.get("role") == "img" and root.get("lang") == lang
    assert "kesos-sim" in drawn.provenance and "BPS" in drawn.source
    assert "{" not in drawn.title + drawn.note + drawn.alt + drawn.source
    assert "nan" not in (drawn.title + drawn.alt).lower().split()


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view", ["gaps", "poverty"])
def test_a_chart_shows_intervals_where_there_are_some(
    found: Validation, view: str, lang: str
) -> None:
    plain = found.chart(view, lang).alt
    figures = tuple(
        replace(one, low=one.modelled - 1.5, high=one.modelled + 0.5) for one in found.figures
    )
    drawn = replace(found, figures=figures, draws=8).chart(view, lang)
    assert {"id": "12,00 (10,50 sampai 12,50)", "en": "12.00 (10.50 to 12.50)"}[lang] in drawn.alt
    assert "10,50" not in plain and "10.50" not in plain
    (panel,) = drawn.figure().axes
    spans = [line for line in panel.lines if line.get_linewidth() == 5.0]
    judged = [one for one in figures if one.hit is not None and math.isfinite(one.modelled)]
    rows = judged if view == "gaps" else [one for one in judged if one.measure == "poverty_rate"]
    assert len(spans) == len(rows)


def test_a_figure_that_is_not_published_has_a_dash_and_no_verdict(found: Validation) -> None:
    drawn = found.chart("coverage", "id")
    assert drawn.title.startswith("PKH menjangkau 28,00% keluarga di desil 1 dan 10,00%")
    assert "Desil 1: terbit –, model 28,00" in drawn.alt
    assert len(drawn.table.rows) == 11


def test_what_the_model_cannot_compute_is_only_in_the_table(found: Validation) -> None:
    drawn = found.chart("mobility", "id")
    assert "T03" not in drawn.alt and "T04" in drawn.alt
    assert len(drawn.table.rows) == 2


def test_unknown_and_empty_views_are_refused(found: Validation) -> None:
    with pytest.raises(InputError, match="KS4102"):
        found.chart("no_such_view")
    with pytest.raises(InputError, match="KS4102"):
        found.chart("deciles")
    nothing = Validation(found.scenario, (), found.created, 1.0)
    with pytest.raises(InputError, match="KS4101"):
        nothing.chart("gaps")


def test_every_view_has_a_title(found: Validation) -> None:
    assert set(VIEWS) == {
        "poverty", "deciles", "coverage", "quintiles", "errors", "mobility", "sizes",
    }  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_validation_is_a_folder_with_the_charts_it_has_figures_for(
    found: Validation, tmp_path: Path, lang: str
) -> None:
    folder = found.export(tmp_path / "out", lang)
    names = {path.stem for path in (folder / "charts").glob("*.svg")}
    views = set(VIEWS) - {"errors", "deciles"}
    assert names == {f"validation_{view}" for view in {"gaps", *views}}
    record = json.loads((folder / "run.json").read_text("utf-8"))
    assert record["provenance"]["scenario_hash"] == found.scenario.hash
    page = (folder / "index.html").read_text("utf-8")
    assert summary(found.figures, lang) in page
    kept = pd.read_parquet(folder / "figures.parquet")
    assert len(kept) == len(found.figures) and kept.verdict[0] == "miss"


def test_the_number_of_a_group_stands_beside_its_name() -> None:
    rows = (
        (("quintile", 3), "(quintile 3)"),
        (("everyone", "29%", "poorest", "10%"), "29%, poorest 10%)"),
        (("decile", 2, "PKH"), "(decile 2, PKH)"),
    )
    for detail, words in rows:
        assert words in words_of(figure("undercoverage", 1.0, 2.0, detail), "en")[1]
