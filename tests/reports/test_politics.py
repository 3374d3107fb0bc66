"""What happens in councils is said where it changes, and only there."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from kesos_sim.i18n import text
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Results
from kesos_sim.reports.politics import politics, politics_without_effect


def results(support: float, covered: float) -> Results:
    rows = [
        ("political_support", support, 25.0, "percent"),
        ("bylaw_coverage", covered, 0.0, "percent"),
        ("months_to_bylaw", 31.4 if covered else math.nan, math.nan, "months"),
        ("coordination_active", 61.0, 35.0, "percent"),
    ]
    return Results(
        pd.DataFrame(
            [
                {
                    "scenario": "perda-kesos",
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
def test_support_and_bylaws_stand_beside_what_they_were(lang: str) -> None:
    found = dict(politics(results(48.2, 83.0), "mpu", "perda-kesos", lang))
    assert list(found) == ["politics", "politics_bylaw"]
    assert found["politics"] == {"support": "48", "support_before": "25"}
    assert found["politics_bylaw"] == {
        "covered": "83",
        "covered_before": "0",
        "months": "31",
        "active": "61",
        "active_before": "35",
    }


def test_without_a_bylaw_only_support_is_told() -> None:
    assert [key for key, _ in politics(results(48.2, 0.0), "mpu", "perda-kesos", "id")] == [
        "politics"
    ]


def test_nothing_is_said_where_nothing_changes() -> None:
    assert list(politics(results(25.0, 0.0), "mpu", "perda-kesos", "id")) == []
    missing = Results(results(25.0, 0.0).frame.iloc[3:])
    assert list(politics(missing, "mpu", "perda-kesos", "id")) == []


@pytest.mark.parametrize("lang", ["id", "en"])
def test_what_councils_do_has_its_case_without_effect(lang: str) -> None:
    figures = {
        "political_support": (20.0, 20.0),
        "bylaw_coverage": (3.0, 0.0),
        "coordination_active": (57.0, 34.0),
    }
    context = ReportContext(
        titles={},
        region_name={"id": "", "en": ""},
        provinces={},
        provenance=None,
        region="mpu",
        without_effect={"perda-kesos": figures},
    )
    moved, still = results(48.2, 83.0), results(25.0, 0.0)
    ((key, fields),) = politics_without_effect(moved, context, "perda-kesos", lang)
    said = text(f"sentences.{key}", lang, **fields)
    assert all(f"{figure:g}%" in said for pair in figures.values() for figure in pair)
    assert not list(politics_without_effect(still, context, "perda-kesos", lang))
    assert not list(politics_without_effect(moved, context, "other", lang))
