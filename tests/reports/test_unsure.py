"""Two figures never claim a direction that the range of their difference does not support."""

from __future__ import annotations

import pandas as pd
import pytest

from kesos_sim.i18n import template, text
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.frames import Results
from kesos_sim.reports.unsure import TOLD, unsure


def results(*rows: tuple[str, float, float, float, float]) -> Results:
    found = []
    for name, value, baseline, low, high in rows:
        row: dict[str, object] = {
            "scenario": "a",
            "month": "2034-03",
            "region": "mpu",
            "indicator": name,
        }
        row |= {"value": value, "baseline": baseline, "difference": value - baseline}
        row |= {"low": low, "high": high, "low_value": value, "high_value": value}
        found.append(row | {"unit": indicator(name).unit})
    return Results(pd.DataFrame(found))


FIGURES = (
    ("duplicate_service_rate", 3.38, 3.33, -0.12, 0.17),
    ("unmet_need_rate", 96.75, 96.89, -0.14, -0.09),
    ("days_to_service", 1426.0, 1443.0, -19.0, 48.0),
    ("political_support", 40.0, 25.0, -1.0, 20.0),
)


@pytest.mark.parametrize(
    ("lang", "doubled", "days"),
    [
        ("id", "Layanan ganda (−0,12 sampai +0,17 persen poin)", "(−19 sampai +48 hari)"),
        ("en", "Doubled services (−0.12 to +0.17 percentage points)", "(−19 to +48 days)"),
    ],
)
def test_what_may_go_both_ways_is_named_with_its_range(lang: str, doubled: str, days: str) -> None:
    ((key, fields),) = unsure(results(*FIGURES), "mpu", "a", {"services"}, lang)
    said = text(f"sentences.{key}", lang, **fields).replace("\u00a0", " ")
    assert doubled in said and days in said
    assert indicator("unmet_need_rate").label(lang) not in said  # it falls in every draw
    assert indicator("political_support").label(lang) not in said  # nothing was said of it


def test_nothing_is_said_where_every_direction_is_certain() -> None:
    sure = results(("unmet_need_rate", 96.75, 96.89, -0.14, -0.09))
    assert not list(unsure(sure, "mpu", "a", TOLD, "id"))


def test_figures_that_read_the_same_claim_no_direction() -> None:
    same = results(("unmet_need_rate", 96.891, 96.890, -0.2, 0.2))
    assert not list(unsure(same, "mpu", "a", TOLD, "id"))


def test_every_sentence_and_indicator_exists() -> None:
    for key, names in TOLD.items():
        assert template(f"sentences.{key}", "id")
        for name in names:
            assert indicator(name).name == name
