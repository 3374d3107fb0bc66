"""What pairing brings, against numpy and scipy, on worlds that are made up."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kesos_sim.experiments.design import Design
from kesos_sim.experiments.ensemble import Ensemble, ensemble
from kesos_sim.experiments.executors import Serial
from kesos_sim.reports.charts.pairing import pairing_chart
from kesos_sim.reports.charts.style import NARROW, WIDE
from kesos_sim.reports.pairing import Pairing, pairing, pairing_table
from kesos_sim.scenario import Scenario, load_scenario


@pytest.fixture(scope="module")
def many(small: Scenario, scenario_folder: Path, anchors: Path) -> Ensemble:
    world = {"region": "34", "households": 2000, "months": 14}
    names = ("baseline", "tanpa-bansos")
    scenarios = [load_scenario(scenario_folder / f"{name}.yaml", world) for name in names]
    return ensemble(scenarios, 4, Design(), Serial())


def made_up(worlds: int, shared: float, own: float, effect: float) -> Pairing:
    draws = np.random.default_rng(worlds)
    common = shared * draws.standard_normal(worlds)
    usual = 10.0 + common + own * draws.standard_normal(worlds)
    other = 10.0 + effect + common + own * draws.standard_normal(worlds)
    return Pairing("poverty_rate", usual, other)


@given(st.integers(3, 40), st.floats(0.0, 3.0), st.floats(0.1, 1.0), st.floats(-2.0, 2.0))
def test_spreads_and_intervals_are_those_of_the_t_test(
    worlds: int, shared: float, own: float, effect: float
) -> None:
    found = made_up(worlds, shared, own, effect)
    steps = list(found.intervals())
    assert [step[0] for step in steps] == list(range(3, worlds + 1))
    count, mean, paired, unpaired = steps[-1]
    low, high = stats.ttest_rel(found.other, found.usual).confidence_interval(0.95)
    assert mean - paired == pytest.approx(low) and mean + paired == pytest.approx(high)
    apart = math.sqrt(found.usual.var(ddof=1) + found.other.var(ddof=1))
    assert unpaired == pytest.approx(stats.t.ppf(0.975, count - 1) * apart / math.sqrt(count))
    assert found.ratio == pytest.approx((apart / (found.other - found.usual).std(ddof=1)) ** 2)


def test_what_scenarios_share_is_left_out_by_pairing() -> None:
    together, alone = made_up(400, 3.0, 0.3, -0.5), made_up(400, 0.0, 0.3, -0.5)
    assert together.ratio == pytest.approx(1.0 + (3.0 / 0.3) ** 2, rel=0.2)
    assert alone.ratio == pytest.approx(1.0, rel=0.2)
    assert together.worlds(paired=True) < together.worlds(paired=False) / 20


def test_worlds_without_a_difference_need_nothing() -> None:
    same = Pairing("poverty_rate", np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]))
    assert math.isnan(same.ratio) and math.isnan(same.worlds(paired=True))


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["id", "en"])
def test_table_and_chart_tell_an_ensemble(many: Ensemble, lang: str) -> None:
    own = pairing(many, "poverty_rate")
    differences = many.differences("tanpa-bansos", "poverty_rate")[:, -1, 0]
    assert own.paired == pytest.approx(differences.std(ddof=1))
    table = pairing_table(many, lang)
    rows = {row[0]: row for row in table.data}
    assert rows["poverty_rate"][1:4] == pytest.approx((own.mean, own.paired, own.unpaired))
    assert all(all(cells) for cells in table.rows)
    drawn = pairing_chart(many, "poverty_rate", lang)
    for sheet in (WIDE, NARROW):
        assert ET.fromstring(drawn.svg(sheet)).get("lang") == lang  # noqa: S314 - our own file
    assert len(drawn.table.rows) == 2
    assert "{" not in drawn.title + drawn.note + drawn.alt
    assert "kesos-sim" in drawn.provenance


@pytest.mark.slow
def test_a_title_promises_nothing_where_nothing_differs(many: Ensemble) -> None:
    first = many.runs[0]
    alike = [
        replace(pair, alternatives={"tanpa-bansos": dict(pair.baseline)}) for pair in many.pairs
    ]
    drawn = pairing_chart(replace(many, pairs=tuple(alike)), "poverty_rate", "id")
    assert "tidak dapat dinilai" in drawn.title
    assert first.scenario.name == "baseline"
