"""What happens to neighbourhood groups is said where it changes, and only there."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kesos_sim.experiments.compare import Comparison, compare
from kesos_sim.indicators.definitions import programme_label
from kesos_sim.reports.community import community
from kesos_sim.reports.frames import Results
from kesos_sim.scenario import Scenario, load_scenario


def results(covered: float, before: float) -> Results:
    rows = [
        ("wksbm_coverage", covered, before, "percent"),
        ("mutual_help_paid", 31_400_000_000.0, 900_000_000.0, "rupiah"),
        ("mutual_help_share", 1.94, 1.46, "percent"),
    ]
    return Results(
        pd.DataFrame(
            [
                {
                    "scenario": "wksbm-tumbuh",
                    "month": "2034-03",
                    "region": "mpu",
                    "indicator": name,
                    "value": value,
                    "baseline": baseline,
                    "difference": value - baseline,
                    "low": value - baseline,
                    "high": value - baseline,
                    "low_value": value,
                    "high_value": value,
                    "unit": unit,
                }
                for name, value, baseline, unit in rows
            ]
        )
    )


@pytest.mark.parametrize("lang", ["id", "en"])
def test_coverage_and_payouts_stand_beside_what_they_were(lang: str) -> None:
    ((key, fields),) = community(results(31.36, 1.42), "mpu", "wksbm-tumbuh", lang)
    assert key == "community"
    point = "," if lang == "id" else "."
    assert fields["covered"] == f"31{point}4" and fields["covered_before"] == f"1{point}4"
    assert fields["part"] == f"1{point}9"
    assert "31" in fields["paid"] and "900" in fields["paid_before"]


def test_nothing_is_said_where_nothing_changes() -> None:
    assert list(community(results(1.42, 1.42), "mpu", "wksbm-tumbuh", "id")) == []


def test_a_frame_without_groups_has_no_such_sentence() -> None:
    only = Results(results(31.0, 1.4).frame.iloc[1:])
    assert list(community(only, "mpu", "wksbm-tumbuh", "id")) == []


@pytest.fixture(scope="module")
def growth(small: Scenario, scenario_folder: Path, anchors: Path) -> Comparison:
    """Growing groups against no change, without a band."""
    world = {"region": "34", "households": small.households, "months": small.months}
    at_once = {
        f"levers.wksbm_{name}.from": "2024-06" for name in ("growth", "training", "stimulus")
    }
    grown = load_scenario(scenario_folder / "wksbm-tumbuh.yaml", world | at_once)
    return compare(small, [grown], 1, draws=0)


def test_what_members_pay_is_no_spending_of_governments(growth: Comparison) -> None:
    """New money is what governments spend on groups and give to them, and nothing else."""
    spent = Results(growth.frame()).at("yearly_spending", "34", scenario="wksbm-tumbuh")
    money = growth.context().money["wksbm-tumbuh"]
    assert spent is not None and spent.difference > 0.0
    assert money.per_year == pytest.approx(spent.difference)
    told = {line.words["en"] for line in money.uses}
    assert programme_label("wksbm", "en") in told
    assert not told & {programme_label(name, "en") for name in ("mutual_help", "arisan")}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_sentence_stands_in_a_comparison(growth: Comparison, lang: str) -> None:
    begin = "WKSBM aktif" if lang == "id" else "WKSBM that work"
    told = [text for text in growth.sentences(lang) if text.startswith(begin)]
    assert len(told) == 1
    assert ("belum pernah diukur" if lang == "id" else "never been measured") in told[0]
