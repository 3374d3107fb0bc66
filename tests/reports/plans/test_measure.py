"""Measures as documents: they hold what the measure tells, and lines that compute it again."""

from __future__ import annotations

import contextlib
import io
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from kesos_sim.errors import InputError
from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.feasibility import feasibility
from kesos_sim.experiments.options import options
from kesos_sim.experiments.stress import Stress, stress
from kesos_sim.experiments.who_serves import who_serves
from kesos_sim.experiments.winners import winners
from kesos_sim.experiments.worth import worth
from kesos_sim.reports.office import Bullets, Facts, Listing, Picture, Table, render
from kesos_sim.reports.plans.measure import Measure, measure_sheet
from kesos_sim.reports.plans.wrapping import WIDTH
from kesos_sim.scenario import Scenario, load_scenario

pytestmark = pytest.mark.slow

WORLD = {"region": "3471", "households": 2000, "months": 13}


@pytest.fixture(scope="module")
def pair(scenario_folder: Path, anchors: Path) -> tuple[Scenario, Scenario]:
    early = {
        "levers.apbd_poverty_share.from": "2024-05",
        "levers.apbd_poverty_share.ramp_months": 3,
    }
    return (
        load_scenario(scenario_folder / "baseline.yaml", WORLD),
        load_scenario(scenario_folder / "apbd-10.yaml", WORLD | early),
    )


@pytest.fixture(scope="module")
def measures(pair: tuple[Scenario, Scenario], scenario_folder: Path) -> dict[str, Measure]:
    base, package = pair
    body = load_scenario(scenario_folder / "bkkks-aktif.yaml", WORLD)
    one = Serial()
    return {
        "who_serves": who_serves(base, body, executor=one),
        "winners": winners(base, package, executor=one),
        "feasibility": feasibility(base, package, draws=1, executor=one),
        "stress": stress(base, package, ("prices",), ("poverty_rate",), draws=0, executor=one),
        "options": options(base, (package, body), ("poverty_rate",), draws=1, executor=one),
        "worth": worth(base, ("pkh_amount", package), (0.5, 1.0), draws=0, executor=one),
    }


@pytest.mark.parametrize(
    "name", ["who_serves", "winners", "feasibility", "stress", "options", "worth"]
)
def test_sheet_holds_sentences_charts_and_tables(name: str, measures: dict[str, Measure]) -> None:
    found = measures[name]
    for lang in ("id", "en"):
        sheet = measure_sheet(found, lang)
        assert sheet.name.endswith("-3471"), "files of two regions lie side by side"
        assert Bullets(found.sentences(lang)) in sheet.blocks
        shown = [block.chart.name for block in sheet.blocks if isinstance(block, Picture)]
        assert shown == [chart.name for chart in found.charts(lang)]
        assert {table.name for table in found.tables(lang)} <= {one.name for one in sheet.tables}
    assert all(render(sheet, form) for form in ("docx", "xlsx"))


@pytest.mark.parametrize("name", ["options", "worth", "stress", "feasibility"])
def test_lines_of_the_annex_compute_every_figure_again(
    name: str, measures: dict[str, Measure], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = measure_sheet(measures[name])
    listed = [block for block in sheet.blocks if isinstance(block, Listing)]
    for block in listed:
        (tmp_path / block.name).write_text(block.text, encoding="utf-8")
    (lines,) = (block for block in listed if block.name.endswith(".py"))
    assert sheet.commands == (f"python {lines.name}",)
    assert max(map(len, lines.text.splitlines())) <= WIDTH
    monkeypatch.chdir(tmp_path)
    for module in ("compare", "executors", "stress"):
        monkeypatch.setattr(f"kesos_sim.experiments.{module}.Processes", lambda *_: Serial())
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        exec(compile(lines.text, lines.name, "exec"), {"__name__": "__main__"})  # noqa: S102
    again = written.getvalue().splitlines()
    if name == "worth":
        # The package comes back as a scenario of full strength, under the name of its file.
        assert len(again) >= len(measures[name].sentences())
    else:
        assert again == list(measures[name].sentences())


def test_the_annex_names_the_draws_behind_the_ranges(measures: dict[str, Measure]) -> None:
    more = replace(cast(Stress, measures["stress"]), draws=3)
    for found, draws in ((measures["options"], "1"), (measures["stress"], "0"), (more, "3"),
                         (measures["feasibility"], "1")):  # fmt: skip
        rows = [
            row
            for block in measure_sheet(found).blocks
            if isinstance(block, Facts)
            for row in block.rows
        ]
        assert dict(rows)["Percobaan untuk kisaran"] == draws


def test_a_table_with_texts_beside_figures_lies_across_the_page(
    measures: dict[str, Measure],
) -> None:
    blocks = measure_sheet(measures["feasibility"]).blocks
    wide = {block.table.name: block.wide for block in blocks if isinstance(block, Table)}
    assert wide["budget_sources"] and not wide["source_lines"]
    assert list(wide.values()) == sorted(wide.values()), "the page is turned once"


def test_long_tables_are_only_in_the_workbook(measures: dict[str, Measure]) -> None:
    sheet = measure_sheet(measures["feasibility"])
    printed = {block.table.name for block in sheet.blocks if isinstance(block, Table)}
    long = {one.name for one in measures["feasibility"].tables() if len(one.rows) > 40}
    assert not printed & long
    assert {table.name for table in sheet.data} == long


def test_wide_tables_are_printed_by_situation_and_kept_whole(
    measures: dict[str, Measure],
) -> None:
    found = measures["who_serves"]
    sheet = measure_sheet(found)
    whole = {table.name: table for table in found.tables()}
    paid = "paid"
    parts = [b.table for b in sheet.blocks if isinstance(b, Table) and b.table.name == paid]
    situations = list(dict.fromkeys(row[0] for row in whole[paid].rows))
    assert [part.title.rpartition(". ")[2] for part in parts] == situations
    assert [row for part in parts for row in part.rows] == [row[1:] for row in whole[paid].rows]
    assert {len(part.columns) for part in parts} == {13}
    assert [table for table in sheet.tables if table.name == paid] == [whole[paid]]


def test_what_is_no_measure_is_refused(measures: dict[str, Measure]) -> None:
    with pytest.raises(InputError) as wrong:
        measure_sheet("laporan")  # type: ignore[arg-type]
    assert wrong.value.code == "KS9152"
    with pytest.raises(InputError):
        measure_sheet(measures["winners"], "jv")
