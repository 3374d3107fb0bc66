"""A planner's own figures in the analyses: used wherever they bear on one, and marked as own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pytest

from kesos_sim.data.own import OwnData, OwnFigure
from kesos_sim.i18n import LANGUAGES
from kesos_sim.reports.analyses import (
    MEASURES,
    PUBLISHED,
    Analysis,
    effectiveness,
    figures_of,
    hotspots,
    linkage,
    position,
    quadrants,
    relevance,
    tile_map,
    trend,
)
from kesos_sim.reports.charts import parts
from kesos_sim.reports.own_data import own_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SOURCE = "Bappeda NTT, pendataan Maret 2024"
NTT, LEMBATA = 53, 5308
OWN = OwnData(
    "NTT",
    SOURCE,
    2024,
    (
        OwnFigure(NTT, "p0", "total", 17.25, 2024, ""),
        OwnFigure(NTT, "p0", "urban", 9.0, 2024, ""),
        OwnFigure(NTT, "persons", "total", 5_000_000.0, 2024, ""),
        OwnFigure(LEMBATA, "p0", "total", 12.5, 2024, "Dinas Sosial Lembata"),
    ),
)
FIGURES = figures_of(OWN)
SAID = {"id": ("data sendiri", "bukan angka resmi"), "en": ("own data", "not official figures")}
ANALYSES: dict[str, Callable[[str], Analysis]] = {
    "position": lambda lang: position(NTT, "poverty_rate", lang, figures=FIGURES),
    "position of a district": lambda lang: position(LEMBATA, "poverty_rate", lang, figures=FIGURES),
    "trend": lambda lang: trend(NTT, "poor_people", lang, figures=FIGURES),
    "relevance": lambda lang: relevance(NTT, "poverty_rate", lang, figures=FIGURES),
    "effectiveness": lambda lang: effectiveness(NTT, 2016, "poverty_rate", lang, figures=FIGURES),
    "linkage": lambda lang: linkage(NTT, "poverty_rate", lang, figures=FIGURES),
    "quadrants": lambda lang: quadrants(NTT, "poverty_rate", lang, figures=FIGURES),
    "hotspots": lambda lang: hotspots(NTT, lang, figures=FIGURES),
    "tile_map": lambda lang: tile_map("indonesia", "poverty_rate", lang, figures=FIGURES),
}


def test_no_own_data_are_the_published_figures() -> None:
    assert figures_of(None) is PUBLISHED


def test_own_totals_replace_published_figures_and_areas_do_not() -> None:
    series = FIGURES.of(MEASURES["poverty_rate"], NTT)
    assert (series[2024].value, series[2024].quality, series[2024].own) == (17.25, "own", True)
    assert series[2023] == PUBLISHED.of(MEASURES["poverty_rate"], NTT)[2023]
    assert not series[2023].own


def test_own_figures_of_other_years_are_in_the_series() -> None:
    past = OwnData("x", SOURCE, 2024, (*OWN.figures, OwnFigure(NTT, "p0", "total", 21.0, 2019)))
    series = figures_of(past).of(MEASURES["poverty_rate"], NTT)
    assert (series[2019].value, series[2019].own) == (21.0, True)
    assert series[2024].value == 17.25
    table = own_table(past, "id")
    assert table is not None
    rows = [row for row in table.data if row[table.fields.index("year")] == 2019]
    (row,) = rows
    published = PUBLISHED.of(MEASURES["poverty_rate"], NTT)[2019].value
    assert row[table.fields.index("published")] == published
    assert row[table.fields.index("acts")] == 0


def test_number_of_poor_people_follows_from_own_rates_and_people() -> None:
    poor = FIGURES.of(MEASURES["poor_people"], NTT)[2024]
    assert poor.own
    assert poor.value == pytest.approx(0.1725 * 5_000_000.0)
    only_rate = figures_of(OwnData("x", SOURCE, 2024, OWN.figures[:1]))
    before = PUBLISHED.of(MEASURES["poor_people"], NTT)[2024].value
    rate = PUBLISHED.of(MEASURES["poverty_rate"], NTT)[2024].value
    moved = only_rate.of(MEASURES["poor_people"], NTT)[2024].value
    assert moved == pytest.approx(before * 17.25 / rate)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ANALYSES)
def test_every_analysis_that_rests_on_own_figures_says_so_on_its_chart(
    name: str, lang: str
) -> None:
    found = ANALYSES[name](lang)
    chart, (word, official) = found.charts[0], SAID[lang]
    assert official in chart.note.lower()
    assert f"{word}: {SOURCE}" in chart.source or "Dinas Sosial Lembata" in chart.source
    assert word in chart.source.lower()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["position", "trend", "relevance", "effectiveness", "quadrants"])
def test_open_diamonds_are_drawn_for_own_figures_alone(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    usual = parts.mark_own

    def counted(axes: Axes, x: Sequence[float], y: Sequence[float]) -> None:
        drawn.append(len(x))
        usual(axes, x, y)

    monkeypatch.setattr(parts, "mark_own", counted)
    ANALYSES[name]("id").charts[0].svg()
    assert sum(drawn) == 1
    drawn.clear()
    position(NTT, "poverty_rate").charts[0].svg()
    trend(NTT, "poverty_rate").charts[0].svg()
    assert not sum(drawn)


def test_tables_call_own_figures_own_and_official_ones_official() -> None:
    own, usual = (position(NTT, figures=one).charts[0] for one in (FIGURES, PUBLISHED))
    assert "17,25%" in own.title and "Wajik" not in usual.note
    assert {row[4] for row in own.table.rows if row[1] == str(NTT)} == {"data sendiri"}
    assert {row[4] for row in own.table.rows if row[1] != str(NTT)} == {"resmi"}
