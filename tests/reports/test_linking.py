"""The referral service is spoken of where more or fewer cases come, and only there."""

from __future__ import annotations

import pandas as pd
import pytest

from kesos_sim.reports.frames import Results
from kesos_sim.reports.linking import linking


def results(cases: float, before: float) -> Results:
    rows = [
        ("slrt_cases", cases, before, "cases_referral"),
        ("slrt_referred", 4_900.0, 870.0, "cases_referral"),
        ("slrt_backlog", 2_800.0, 17_300.0, "cases_referral"),
        ("slrt_days", 3.0, 287.0, "days"),
    ]
    return Results(
        pd.DataFrame(
            [
                {
                    "scenario": "slrt-puskesos", "month": "2034-03", "region": "mpu",
                    "indicator": name, "value": value, "baseline": baseline,
                    "difference": value - baseline, "low": value - baseline,
                    "high": value - baseline, "low_value": value, "high_value": value,
                    "unit": unit,
                }
                for name, value, baseline, unit in rows
            ]
        )
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["id", "en"])
def test_all_figures_stand_beside_what_they_were(lang: str) -> None:
    ((key, fields),) = linking(results(39_938.0, 9_835.0), "mpu", "slrt-puskesos", lang)
    point = "." if lang == "id" else ","
    assert key == "linking"
    assert (fields["slrt_days"], fields["slrt_days_before"]) == ("3", "287")
    assert fields["slrt_cases"] == f"39{point}938"
    assert fields["slrt_backlog_before"] == f"17{point}300"


def test_nothing_is_said_where_nothing_changes() -> None:
    assert list(linking(results(9_835.0, 9_835.0), "mpu", "slrt-puskesos", "id")) == []


def test_nothing_is_said_where_every_figure_reads_as_before() -> None:
    same = results(9_835.0, 9_835.0).frame
    same["baseline"], same["difference"] = same["value"], 0.0
    same["low"], same["high"] = -500.0, 500.0  # in some draws more come, in others fewer
    assert list(linking(Results(same), "mpu", "slrt-puskesos", "id")) == []


def test_a_frame_without_cases_has_no_such_sentence() -> None:
    only = Results(results(2.0, 1.0).frame.iloc[1:])
    assert list(linking(only, "mpu", "slrt-puskesos", "id")) == []
