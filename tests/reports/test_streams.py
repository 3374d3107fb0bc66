"""Every rupiah of the books flows, and what flows into a channel comes out of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from kesos_sim.experiments.run import Run, run
from kesos_sim.reports import ReportContext
from kesos_sim.reports.charts import chart
from kesos_sim.reports.charts.style import NARROW
from kesos_sim.reports.facts import run_context
from kesos_sim.reports.streams import ENDS, yearly_flows
from kesos_sim.scenario import load_scenario

SPENT = ["delivered", "services", "administration", "leakage", "other_spending", "returned"]


@pytest.fixture(scope="module")
def lived(scenario_folder: Path, anchors: Path) -> Run:
    world = {"region": "34", "households": 3000, "months": 36}
    return run(load_scenario(scenario_folder / "semua-butir.yaml", world), 1)


@pytest.fixture(scope="module")
def books(lived: Run) -> pd.DataFrame:
    """The books without what governments do besides."""
    frame = lived.ledger()
    frame["year"] = frame["month"].astype(str).str[:4].astype(int)
    own = frame["stream"].isin(["orsos", "wksbm", "business"])
    return frame[own | (frame["programme"] != "GENERAL")]


def test_what_flows_into_a_channel_comes_out_of_it(lived: Run) -> None:
    held: Counter[tuple[int, str]] = Counter()
    for flow in yearly_flows(lived.books):
        assert flow.rupiah > 0
        held[flow.year, flow.target if flow.step == 0 else flow.origin] += (
            flow.rupiah if flow.step == 0 else -flow.rupiah
        )
    assert held and not any(held.values())


@pytest.mark.slow
def test_the_ends_are_those_of_the_books(lived: Run, books: pd.DataFrame) -> None:
    flows = [flow for flow in yearly_flows(lived.books) if flow.step == 1]
    assert {flow.target for flow in flows} <= set(ENDS)
    for year in (2024, 2025, 2026):
        mine = sum(f.rupiah for f in flows if f.year == year and f.target != "reserves")
        theirs = books[(books["year"] == year) & books["stage"].isin(SPENT)]["rupiah"].sum()
        assert mine == theirs
    reached = sum(flow.rupiah for flow in flows if flow.target == "households")
    assert reached == books[books["stage"] == "delivered"]["rupiah"].sum()
    served = books[(books["stream"] == "orsos") & (books["stage"] == "services")]["rupiah"].sum()
    assert sum(flow.rupiah for flow in flows if flow.target == "served") == served > 0


@pytest.mark.slow
def test_grants_come_to_organisations_from_who_gives_them(lived: Run, books: pd.DataFrame) -> None:
    flows = [f for f in yearly_flows(lived.books) if f.step == 0 and f.target == "orsos"]
    for stream in ("apbn", "apbd_province", "apbd_district"):
        given = books[(books["stream"] == stream) & (books["stage"] == "grant_out")]["rupiah"].sum()
        assert sum(flow.rupiah for flow in flows if flow.origin == stream) == given
    assert {"DONATION", "CSR", "OWN_BUSINESS", "ZAKAT"} <= {flow.origin for flow in flows}
    for line in ("CSR", "CSR_FORUM"):
        own = (books["stream"] == "business") & (books["programme"] == line)
        given = books[own & (books["stage"] == "grant_out")]["rupiah"].sum()
        assert sum(flow.rupiah for flow in flows if flow.origin == line) == given > 0


def test_the_chart_shows_the_last_whole_year_and_its_table_all(lived: Run) -> None:
    drawn = chart("money_streams", lived.frame(), run_context(lived), "en")
    assert "2026" in drawn.note
    assert {row[1] for row in drawn.table.data} == {2024, 2025, 2026, 2027}
    assert len(drawn.table.data) == len(yearly_flows(lived.books))
    assert {row[1] for row in drawn.table.rows} == {"2026"}
    assert len(drawn.table.rows) == sum(row[1] == 2026 for row in drawn.table.data)
    assert "Households" in drawn.alt and "People served by organisations" in drawn.alt


def test_every_source_has_its_name_and_what_is_returned_its_reason(lived: Run) -> None:
    """Small sources stand by themselves: money of organisations is small beside budgets."""
    context = run_context(lived)
    drawn = chart("money_streams", lived.frame(), context, "en")
    small = ("donations", "money of firms (CSR)", "organisations' own business", "WKSBM")
    assert all(name in drawn.alt for name in (*small, "international aid", "APBN (national)"))
    assert "Other" not in drawn.alt
    assert "Could not be used: back to the treasury" in drawn.alt


def test_on_a_phone_each_step_has_a_panel_of_its_own(lived: Run) -> None:
    drawn = chart("money_streams", lived.frame(), run_context(lived), "id")
    assert len(drawn.figure().axes) == 1
    assert len(drawn.figure(NARROW).axes) == 2
    assert drawn.layout(NARROW).height < 700


def test_no_word_covers_another(lived: Run) -> None:
    """Words of a column stand below each other."""
    drawn = chart("money_streams", lived.frame(), run_context(lived), "id")
    for sheet in ((), (NARROW,)):
        figure = drawn.figure(*sheet)
        figure.canvas.draw()
        for panel in figure.axes:
            by_column: dict[tuple[float, str], list[tuple[float, float]]] = {}
            for text in panel.texts:
                box = text.get_window_extent()
                place = (round(text.get_position()[0], 3), text.get_ha())
                by_column.setdefault(place, []).append((box.y0, box.y1))
            for spans in by_column.values():
                spans.sort()
                pairs = pairwise(spans)
                assert all(low[1] <= high[0] + 0.5 for low, high in pairs)


def test_of_a_comparison_the_scenario_with_the_most_money_is_drawn(
    compared: Callable[..., pd.DataFrame], context: Callable[..., ReportContext]
) -> None:
    names = ("apbd-10", "apbd-apbn-10", "apbn-10")
    drawn = chart("money_streams", compared(*names), context(*names), "id")
    assert drawn.title.startswith("10% APBD dan APBN untuk kemiskinan")
    assert {row[0] for row in drawn.table.data} == {"baseline", *names}
    assert len(drawn.figure().axes) == 1
