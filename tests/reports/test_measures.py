"""Reports of measures: both languages, charts with words and twins, the zero case beside."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from kesos_sim import i18n
from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.families import families
from kesos_sim.experiments.feasibility import feasibility
from kesos_sim.experiments.stress import stress
from kesos_sim.experiments.who_serves import who_serves
from kesos_sim.experiments.winners import winners
from kesos_sim.experiments.worth import worth
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts.style import NARROW, WIDE
from kesos_sim.reports.frames import Results
from kesos_sim.reports.measures.families import months_poor
from kesos_sim.reports.office.tidy import headings
from kesos_sim.reports.values import band
from kesos_sim.scenario import Scenario, changed, load_scenario
from kesos_sim.units import Month
from tests.reports.test_charts import inside_the_page

pytestmark = pytest.mark.full

WORLD = {"region": "34", "households": 2000, "months": 21}
MEASURES: Final = ("worth", "feasibility", "stress", "winners", "families", "who_serves")
ENGLISH: Final = re.compile(
    r"\b(the|and|with|without|households?|budget|range|package|poverty|needs?|per year)\b", re.I
)


@pytest.fixture(scope="module")
def scenarios(scenario_folder: Path, anchors: Path) -> tuple[Scenario, Scenario]:
    """No change, and a package with money and coordination from the second year on."""
    base = load_scenario(scenario_folder / "baseline.yaml", WORLD)
    settings = {
        "levers.apbd_poverty_share.value": 0.1,
        "levers.apbd_poverty_share.from": "2025-01",
        "levers.partnership_platform.value": 3,
        "levers.partnership_platform.from": "2024-06",
    }
    title = {"id": "Uang dan kemitraan", "en": "Money and partnership"}
    return base, replace(changed(base, settings), name="paket", title=title)


@pytest.fixture(scope="module")
def results(scenarios: tuple[Scenario, Scenario]) -> dict[str, Any]:
    base, package = scenarios
    made: dict[str, Callable[[], Any]] = {
        "worth": lambda: worth(base, [package], (0.5, 1.0), 1, Serial()),
        "feasibility": lambda: feasibility(base, package, draws=1, executor=Serial()),
        "stress": lambda: stress(base, package, ("flood", "prices"), draws=1, executor=Serial()),
        "winners": lambda: winners(base, package, Serial()),
        "families": lambda: families(base, package, threads=1),
        "who_serves": lambda: who_serves(base, package, Serial()),
    }
    return {name: build() for name, build in made.items()}


NAMING: Final = frozenset({"year", "figure_year", "months", "month", "decile", "district"})


@pytest.mark.parametrize("name", ["worth", "feasibility", "stress", "winners", "who_serves"])
def test_every_number_on_a_sheet_has_a_unit(name: str, results: dict[str, Any]) -> None:
    """In its heading, or in a column of units beside it."""
    for table in results[name].tables("id"):
        if {"unit", "rupiah"} & set(table.fields):
            continue
        for place, (field, told) in enumerate(
            zip(table.fields, headings(table, "id"), strict=True)
        ):
            numeric = any(isinstance(row[place], int | float) for row in table.data)
            assert field in NAMING or not numeric or told.endswith(")"), (table.name, field, told)


def test_money_that_stands_together_is_in_one_scale(results: dict[str, Any]) -> None:
    (table,) = results["worth"].tables("id")
    place = [column.label for column in table.columns].index(
        "Kesenjangan kemiskinan yang tertutup per Rp1 miliar"
    )
    for row in table.rows:
        for cell in row[place : place + 3]:
            assert re.fullmatch(
                r"(?:(?: sampai )?−?Rp[0-9.]+,[0-9](?:–[0-9.]+,[0-9])? juta)+|–", cell
            ), cell


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_cost_has_its_range_and_the_case_without_effect(
    results: dict[str, Any], lang: str
) -> None:
    found = results["feasibility"]
    frame = Results(found.comparison.frame())
    spent = frame.at("yearly_spending", "34", scenario="paket")
    assert spent is not None and spent.low < spent.high
    ends = numbers.interval(spent.low, spent.high, lang, "rupiah", digits=3)
    assert sum(ends in sentence for sentence in found.sentences(lang)) == 1
    weak, before = found.comparison.context().without_effect["paket"]["yearly_spending"]
    amount = numbers.rupiah(weak - before, lang, digits=3, signed=True)
    idle = i18n.text("sentences.cost_without_effect", lang, amount=amount)
    assert idle in found.sentences(lang)
    (years,) = (table for table in found.tables(lang) if table.name == "spending_years")
    for year, added, low, high in years.data:
        told = frame.at("yearly_spending", "34", Month(year, 12), "paket")
        assert told is not None
        assert (added, low, high) == (told.difference, *band(told))


def test_public_amounts_have_a_scale_word(results: dict[str, Any]) -> None:
    """No amount to the last rupiah stands beside billions."""
    for table in results["feasibility"].tables("id"):
        for row in table.rows:
            assert not any(re.search(r"Rp[0-9]+[.][0-9]{3}$", cell) for cell in row), row


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("name", MEASURES)
def test_sentences_are_whole_and_in_one_language(
    name: str, lang: str, results: dict[str, Any]
) -> None:
    told = results[name].sentences(lang)
    assert len(told) >= 4
    for sentence in told:
        assert sentence.strip().endswith(".")
        assert not re.search(r"[{}]|\bnan\b", sentence)
        if lang == "id":
            assert not ENGLISH.search(sentence), sentence
    guess = {"id": "belum pernah diukur", "en": "Nobody has measured"}[lang]
    assert any(guess in sentence for sentence in told)


@pytest.mark.parametrize("name", ["worth", "winners", "who_serves"])
def test_the_case_without_effect_stands_beside(name: str, results: dict[str, Any]) -> None:
    told = results[name].sentences("id")
    assert any("koordinasi tidak berpengaruh:" in sentence for sentence in told)
    if name == "who_serves":
        assert any(re.search("berpengaruh: .*orang dilayani [(]", sentence) for sentence in told)


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("name", MEASURES)
def test_charts_have_words_sources_and_a_twin(
    name: str, lang: str, results: dict[str, Any]
) -> None:
    charts = results[name].charts(lang)
    assert charts
    assert len({chart.name for chart in charts}) == len(charts)
    for chart in charts[:1]:
        assert chart.title and chart.alt and chart.note
        assert "BPS" in chart.source and "kesos-sim" in chart.provenance
        assert chart.table.rows
        assert chart.svg().count("<path") > 10
        assert chart.svg(NARROW) != chart.svg()
        assert not re.search(r"[{}]|\bnan\b", chart.title + chart.note + chart.alt)
        if lang == "id":
            assert not ENGLISH.search(f"{chart.title} {chart.note}"), chart.title


def test_words_in_charts_of_families_lie_inside_the_page_and_not_on_each_other(
    results: dict[str, Any],
) -> None:
    for drawn in results["families"].charts("id"):
        for sheet in (WIDE, NARROW):
            inside_the_page(drawn, sheet)


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("name", MEASURES)
def test_tables_are_whole(name: str, lang: str, results: dict[str, Any]) -> None:
    tables = results[name].tables(lang)
    assert len({table.name for table in tables}) == len(tables)
    for table in tables:
        assert table.title
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert all(len(row) == len(table.fields) for row in table.data)
        assert not re.search(r"\bnan\b", table.csv())
        if lang == "id":
            heads = " ".join(column.label for column in table.columns)
            assert not ENGLISH.search(heads), heads


@pytest.mark.parametrize("name", MEASURES)
def test_results_carry_where_they_come_from(name: str, results: dict[str, Any]) -> None:
    record = results[name].provenance
    assert record["seed"] == 2008 and record["households"] == 2000
    assert record["scenario_hash"] and record["data_hash"] and record["code_hash"]


def test_budget_tables_by_district_name_every_district(results: dict[str, Any]) -> None:
    by_name = {table.name: table for table in results["feasibility"].tables("id", by="district")}
    apbd = by_name["apbd"]
    regions = {row[2] for row in apbd.data}
    assert {"34", "3401", "3471"} <= regions and len(regions) == 6
    figures = by_name["budget_sources"]
    assert len(figures.rows) == 1 + 1 + 5


def test_the_story_of_a_family_is_told(results: dict[str, Any]) -> None:
    found = results["families"]
    lines = found.story("pkh", "id")
    assert "rumah tangga" in lines[0].lower() or "keluarga" in lines[0].lower()
    assert len(lines) > 3
    for one in found.families:
        if one.without is not None:
            row = next(row for row in found.tables("id")[0].data if row[0] == one.kind)
            assert row[5:7] == tuple(months_poor(months) for months in one.lives)


def test_nothing_that_costs_nothing_is_drawn_or_ranked(
    scenarios: tuple[Scenario, Scenario],
) -> None:
    base, _ = scenarios
    same = replace(base, name="tetap")
    free = worth(base, [same], (1.0,), 0, Serial())
    assert free.charts("id") == () and len(free.tables("id")[0].rows) == 1
    assert any("tidak menambah belanja" in sentence for sentence in free.sentences("id"))
    nothing = feasibility(base, same, draws=0)
    assert nothing.charts("id") == ()
    assert "tidak menambah belanja" in nothing.sentences("id")[0]


def test_a_package_that_does_not_help_is_not_said_to_hold(results: dict[str, Any]) -> None:
    found = results["stress"]
    idle = tuple(replace(cell, verdict="never") for cell in found.cells)
    (chart,) = replace(found, cells=idle).charts("id")
    assert "tidak membantu" in chart.title
