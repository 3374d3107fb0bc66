"""Analyses as sections of RPKD and LP2KD: of any one region, and a reason where there are none."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from kesos_sim.i18n import LANGUAGES
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.office import Bullets, Note
from kesos_sim.reports.plans import lp2kd_chapters, rpkd_chapters


@dataclass
class Somewhere:
    """A comparison of which only the region is asked."""

    region: str

    def context(self) -> Any:
        return SimpleNamespace(region=self.region)


def comparison(region: str) -> Any:
    return Somewhere(region)


@pytest.mark.slow
@pytest.mark.parametrize("region", ["34", "3316", "94"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_sections_have_charts_or_a_reason(region: str, lang: str) -> None:
    plan = rpkd_chapters(comparison(region), lang)
    report = lp2kd_chapters(comparison(region), 2017, lang)
    assert set(plan) == {"problem", "places"}
    assert set(report) == {"position", "trend", "relevance", "effectiveness", "linkage"}
    for contents in (*plan.values(), *report.values()):
        assert contents
        kinds = [type(one) for one in contents]
        assert Note in kinds or (Chart in kinds and Bullets in kinds)
        assert all(one.lang == lang for one in contents if isinstance(one, Chart))
    if region == "34":
        assert not [one for group in report.values() for one in group if isinstance(one, Note)]


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
