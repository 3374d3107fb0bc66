"""Enterprises, leavers of PKH and who gets what are spoken of where there are any."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from kesos_sim.reports.empowering import empowering
from kesos_sim.reports.frames import Results


def results(enterprises: float, graduates: float, relapse: float) -> Results:
    rows = [
        ("enterprises", enterprises, "households"),
        ("enterprise_survival", 70.7 if enterprises else math.nan, "percent"),
        ("stimulus_to_earners", 96.6 if enterprises else math.nan, "percent"),
        ("topup_to_unable", 19.3 if enterprises else math.nan, "percent"),
        ("pkh_graduates", graduates, "households"),
        ("graduate_relapse", relapse, "percent"),
    ]
    return Results(
        pd.DataFrame(
            [
                {
                    "scenario": "pemberdayaan", "month": "2034-03", "region": "mpu",
                    "indicator": name, "value": value, "baseline": 0.0, "difference": value,
                    "low": value, "high": value, "low_value": value, "high_value": value,
                    "unit": unit,
                }
                for name, value, unit in rows
            ]
        )
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["id", "en"])
def test_all_three_are_said(lang: str) -> None:
    said = dict(empowering(results(141_771.0, 39_000.0, 9.8), "mpu", "pemberdayaan", lang))
    assert set(said) == {"enterprises", "who_gets_what", "graduates"}
    assert said["enterprises"]["survival"] == "71"
    assert said["who_gets_what"] == {"earners": "97", "unable": "19"}
    assert said["graduates"]["relapse"] == "10"


def test_nothing_is_said_where_there_is_nothing() -> None:
    assert list(empowering(results(0.0, 0.0, math.nan), "mpu", "pemberdayaan", "id")) == []
