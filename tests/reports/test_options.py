"""Packages beside each other in words, charts and tables."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.options import Option, Options, options
from kesos_sim.i18n import LANGUAGES
from kesos_sim.reports.measures import options as told
from kesos_sim.reports.measures.parts import range_rows
from kesos_sim.scenario import changed, load_scenario

pytestmark = pytest.mark.slow

AIMS = ("poverty_rate", "unmet_need_rate")


@pytest.fixture(scope="module")
def found(scenario_folder: Path, anchors: Path) -> Options:
    world = {"region": "3471", "households": 2000, "months": 12}
    base = load_scenario(scenario_folder / "baseline.yaml", world)
    cash = replace(changed(base, {"levers.pkh_amount.value": 2.0}), name="pkh-dua-kali")
    body = replace(changed(base, {"levers.bkkks_standing.value": 3}), name="bkkks")
    return options(base, (cash, body), AIMS, draws=1, executor=Serial())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_aim_and_every_package_is_told(found: Options, lang: str) -> None:
    lines = found.sentences(lang)
    for aim, line in zip(AIMS, lines, strict=False):
        best = found.best(aim)
        assert not best.package or told.title_of(best.package, found, lang) in line
    words = " ".join(lines)
    assert "{" not in words
    assert re.search("koordinasi tidak berpengaruh|coordination has no effect", words)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_charts_and_tables_show_the_same_numbers(found: Options, lang: str) -> None:
    charts = found.charts(lang)
    assert [chart.name for chart in charts] == [f"options_{aim}" for aim in AIMS]
    packages, aims = found.tables(lang)
    # The package that rests on coordination has a row of its own without it.
    assert len(packages.rows) == len(found.options) + 1
    assert [row[1] for row in packages.data] == ["assumed", "assumed", "none"]
    assert [row[0] for row in aims.data] == list(AIMS)
    for chart, aim in zip(charts, AIMS, strict=True):
        shown = {row[0]: row[1:] for row in chart.table.data}
        for option in found.options:
            assert shown[option.name][0] == pytest.approx(option.change[aim][0])
            assert (shown[option.name][3] is None) == (not option.rests)
        assert chart.png(60)[:4] == b"\x89PNG"
        assert chart.alt.count(";") >= 1


def test_a_range_that_reads_like_its_value_is_not_told_twice(found: Options) -> None:
    still = replace(found.options[0], change={"poverty_rate": np.array([0.001, -0.002])})
    assert told.changed(still, "poverty_rate", "id") == "0,00"
    moved = replace(found.options[0], change={"poverty_rate": np.array([-0.5, -0.4])})
    assert told.changed(moved, "poverty_rate", "id") == "−0,50 (−0,50 sampai −0,40)"


def test_doubt_is_told(found: Options) -> None:
    def with_change(*worlds: float) -> Options:
        first, second = (
            Option(
                name=option.name,
                change={"poverty_rate": np.array(values)},
                cost=option.cost,
                moved=option.moved,
                without={},
                without_cost=float("nan"),
                without_moved=None,
            )
            for option, values in zip(found.options, (worlds, (0.0,) * len(worlds)), strict=True)
        )
        return replace(found, options=(first, second), aims=("poverty_rate",))

    unsure = with_change(-0.5, 0.4)
    assert "belum pasti" in unsure.sentences()[0] and "belum pasti" in unsure.charts()[0].title
    sure = with_change(-0.5, -0.4)
    assert "belum pasti" not in sure.sentences()[0] + sure.charts()[0].title
    nothing = with_change(0.0, 0.0)
    assert "tidak ada paket" in nothing.sentences()[0] and "tidak ada" in nothing.charts()[0].title


def test_rows_without_the_case_of_coordination_need_no_key() -> None:
    nan = float("nan")
    from kesos_sim.reports.charts.style import WIDE

    plain, _ = range_rows(["a"], [(1.0, 0.5, 2.0, nan)], ["1"], "id")
    guessed, _ = range_rows(["a"], [(1.0, 0.5, 2.0, 0.1)], ["1"], "id")
    assert not plain(WIDE).key and len(guessed(WIDE).key) == 2
