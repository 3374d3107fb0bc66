"""What happens to disaster victims is said where and when it changes most, and only there."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.disasters import disasters
from kesos_sim.reports.frames import Results

WORDS = {"id": "wilayah", "en": "region"}
CONTEXT = ReportContext(
    titles={},
    region_name=WORDS,
    provinces={"35": {"id": "Jawa Timur", "en": "Jawa Timur"}, "53": {"id": "NTT", "en": "NTT"}},
    provenance=None,
    region="mpu",
)
FIGURES = {
    "disaster_waiting": (2_000.0, 21_000.0),
    "disaster_helped": (58_000.0, 39_000.0),
    "aid_received": (28_000.0, 9_000.0),
    "days_to_aid": (3.8, 5.3),
}


def results(**other: tuple[float, float]) -> Results:
    rows = []
    for region in ("mpu", "35", "53"):
        for month in ("2026-04", "2026-05"):
            hit = region == "53" and month == "2026-04"
            for name, figures in (FIGURES | other).items():
                value, baseline = figures if hit else (0.0, 0.0)
                rows.append(
                    {
                        "scenario": "banjir-antarprovinsi", "month": month, "region": region,
                        "indicator": name, "value": value, "baseline": baseline,
                        "difference": value - baseline, "low": value - baseline,
                        "high": value - baseline, "low_value": value, "high_value": value,
                        "unit": "days" if name == "days_to_aid" else "persons",
                    }
                )  # fmt: skip
    return Results(pd.DataFrame(rows))


@pytest.mark.parametrize("lang", ["id", "en"])
def test_place_month_and_figures_are_those_of_the_largest_change(lang: str) -> None:
    ((key, fields),) = disasters(results(), CONTEXT, "banjir-antarprovinsi", lang)
    assert key == "disasters"
    assert fields["place"] == "NTT"
    assert "2026" in fields["month"]
    point = "," if lang == "id" else "."
    assert (fields["days"], fields["days_before"]) == (f"3{point}8", f"5{point}3")
    for name, start in (("waiting", "2"), ("waiting_before", "21"), ("aided", "28")):
        assert fields[name].startswith(start)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_who_would_wait_without_any_effect_stands_beside_it(lang: str) -> None:
    weak = {("53", "2026-04"): (20_000.0, 21_000.0), ("35", "2026-04"): (1.0, 2.0)}
    context = replace(CONTEXT, waiting_without_effect={"banjir-antarprovinsi": weak})
    _, (key, fields) = disasters(results(), context, "banjir-antarprovinsi", lang)
    assert key == "disasters_without_effect"
    assert fields["waiting"].startswith("20")
    assert fields["waiting_before"].startswith("21")


def test_nothing_is_said_where_nobody_waits_more_or_less() -> None:
    same = results(disaster_waiting=(5_000.0, 5_000.0))
    assert list(disasters(same, CONTEXT, "banjir-antarprovinsi", "id")) == []


def test_a_frame_without_disasters_has_no_such_sentence() -> None:
    frame = results().frame
    only = Results(frame[frame["indicator"] != "days_to_aid"])
    assert list(disasters(only, CONTEXT, "banjir-antarprovinsi", "id")) == []
