"""Numbers, money, people and dates as the table of cases has them."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.i18n import LANGUAGES, numbers
from kesos_sim.units import Month

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "golden" / "number_cases.json").read_text(encoding="utf-8")
)
READ = {"month_name": Month.parse, "date": dt.date.fromisoformat}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']} {case['id']}")
def test_case(case: dict[str, Any], lang: str) -> None:
    read = READ.get(case["function"], lambda value: value)
    arguments = [read(value) for value in case["args"]]
    write = getattr(numbers, case["function"])
    assert write(*arguments, lang=lang, **case.get("options", {})) == case[lang]


def test_every_function_has_cases() -> None:
    covered = {case["function"] for case in CASES}
    assert covered == {
        "number", "percent", "points", "rupiah", "people", "short",
        "interval", "month_name", "date", "fiscal_year",
    }  # fmt: skip


@given(st.floats(allow_nan=True, allow_infinity=True), st.integers(0, 4))
def test_every_float_can_be_written_and_read_back(value: float, decimals: int) -> None:
    for lang in LANGUAGES:
        written = numbers.number(value, lang, decimals)
        assert "-" not in written
        if not math.isfinite(value):
            continue
        plain = written.replace(numbers.MINUS, "-")
        thousands, point = (".", ",") if lang == "id" else (",", ".")
        read = float(plain.replace(thousands, "").replace(point, "."))
        assert abs(read - value) <= 0.51 * 10.0**-decimals + abs(value) * 1e-12


@given(st.floats(-1e18, 1e18), st.floats(-1e18, 1e18))
def test_ranges_of_any_ends_hold_one_unit_at_the_end(low: float, high: float) -> None:
    for lang in LANGUAGES:
        assert numbers.interval(low, high, lang, "rupiah").count("Rp") in {1, 2}
        assert numbers.interval(low, high, lang, "percent").count("%") == 1


@pytest.mark.parametrize(
    ("months", "lang", "written"),
    [
        (12, "en", "1 year"),
        (12, "id", "1 tahun"),
        (120, "en", "10 years"),
        (18, "en", "18 months"),
        (1, "en", "1 month"),
        (3, "id", "3 bulan"),
    ],
)
def test_length_of_time(months: int, lang: str, written: str) -> None:
    assert numbers.span(months, lang) == written
