"""A range is told only where it says more than the figure beside it, the same way everywhere."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pandas as pd
import pytest

from kesos_sim.i18n import LANGUAGES, numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.charts import chart
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.html import result_html
from kesos_sim.reports.outcomes import outcome_table, range_text
from kesos_sim.reports.plans.common import level_range
from kesos_sim.reports.sentences import sentences
from kesos_sim.reports.values import range_cell, range_words

Frames = Callable[..., pd.DataFrame]
Contexts = Callable[..., ReportContext]
REPEATED = re.compile(r"(\S*\d\S*) \((?:kisaran|range) \1[.)]")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("ends", [(17.22, 17.24), (0.0, 0.0), (math.nan, math.nan)])
def test_ends_that_read_the_same_are_no_range(ends: tuple[float, float], lang: str) -> None:
    low, high = ends
    assert range_words(low, high, lang) == ""
    rate = indicator("poverty_rate")
    level = Estimate(low, low_value=low, high_value=high)
    assert (level_range(level, rate, lang) == numbers.EN_DASH) == (low != 17.22)
    same = Estimate(high, difference=low, low=low, high=low)
    assert range_text(same, rate, lang) == numbers.EN_DASH


def test_other_ends_are_told() -> None:
    assert range_words(7.4, 8.5, "id") == "7,4–8,5%"
    assert range_cell("+1,0", "+2,0", "id") == "+1,0\u00a0sampai +2,0"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_place_of_a_report_repeats_a_figure_as_its_range(
    compared: Frames, context: Contexts, lang: str
) -> None:
    frame, around = compared(), context()
    for low, middle in (("low", "difference"), ("high", "difference"),
                        ("low_value", "value"), ("high_value", "value")):  # fmt: skip
        frame[low] = frame[middle]
    said = {one.key: one.text for one in sentences(frame, around, lang)}
    assert {"level_no_range", "change_down_narrow", "people_fewer_no_range"} <= said.keys()
    assert not any("kisaran " in text for key, text in said.items() if key.startswith("level"))
    results = Results(frame)
    page = result_html(frame, around, lang)
    assert not REPEATED.search(" ".join([*said.values(), page]))
    for name in ("poverty_path", "yearly_difference", "province_effect"):
        found = chart(name, frame, around, lang)
        assert "(kisaran" not in found.title + found.alt and "(range" not in found.title + found.alt
    table = outcome_table(results, around, lang)
    assert {row[-1] for row in table.rows} == {numbers.EN_DASH}
