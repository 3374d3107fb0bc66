"""Analyses as sections of RPKD and LP2KD: of any one region, and a reason where there are none."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from kesos_sim.data.own import OwnData, OwnFigure
from kesos_sim.experiments.compare import Comparison
from kesos_sim.i18n import LANGUAGES
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.office import Bullets, Note
from kesos_sim.reports.plans import lp2kd_chapters, rpkd_chapters
from kesos_sim.reports.plans.common import Said


@dataclass
class Somewhere:
    """A comparison of which only the region and own data are asked."""

    region: str
    own: OwnData | None = None

    @property
    def baseline(self) -> Any:
        return SimpleNamespace(scenario=SimpleNamespace(own_data=self.own))

    def context(self) -> Any:
        return SimpleNamespace(region=self.region)


def comparison(region: str) -> Any:
    return Somewhere(region)


def told(contents: Said, lang: str) -> None:
    """A section has charts in its language with sentences, or says why there are none."""
    kinds = [type(one) for one in contents]
    assert Note in kinds or (Chart in kinds and Bullets in kinds)
    assert all(one.lang == lang for one in contents if isinstance(one, Chart))


@pytest.mark.slow
@pytest.mark.parametrize("region", ["34", "3316", "94"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_sections_of_a_plan_have_charts_or_a_reason(region: str, lang: str) -> None:
    plan = rpkd_chapters(comparison(region), lang)
    assert set(plan) == {"problem", "places"}
    for contents in plan.values():
        told(contents, lang)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_five_analyses_of_a_report_with_the_simulation_beside_the_trend(
    city: Comparison, lang: str
) -> None:
    report = lp2kd_chapters(city, 2017, lang)
    assert set(report) == {"position", "trend", "relevance", "effectiveness", "linkage"}
    for contents in report.values():
        told(contents, lang)
    (words,) = (one for one in report["effectiveness"] if isinstance(one, Bullets))
    assert any(
        {"id": "Menurut simulasi", "en": "In the simulation"}[lang] in w for w in words.items
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_several_provinces_are_told_to_choose_one(lang: str) -> None:
    for contents in rpkd_chapters(comparison("all"), lang).values():
        (note,) = contents
        assert isinstance(note, Note)
        assert {"id": "satu provinsi", "en": "one province"}[lang] in note.text


def test_a_year_without_figures_on_both_sides_names_the_years_that_have_them() -> None:
    (note,) = lp2kd_chapters(comparison("34"), 1990)["effectiveness"]
    assert isinstance(note, Note)
    assert "Pilih tahun lain" in note.text and "–" in note.text
    assert "year" not in note.text


def test_sections_rest_on_own_figures_and_say_so() -> None:
    own = OwnData("x", "Bappeda", 2024, (OwnFigure(34, "p0", "total", 9.99, 2024, ""),))
    plan: Any = rpkd_chapters(Somewhere("34", own))  # type: ignore[arg-type]
    charts = [one for one in plan["problem"] if isinstance(one, Chart)]
    assert len(charts) == 2
    assert all("data sendiri: Bappeda" in one.source for one in charts)
    assert all("9,99%" in one.title for one in charts)
