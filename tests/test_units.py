"""Months are ordered and count; rates compound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.errors import InputError
from kesos_sim.units import Month

months = st.builds(Month, st.integers(1950, 2150), st.integers(1, 12))


@given(months, st.integers(-500, 500))
def test_arithmetic_round_trips(month: Month, count: int) -> None:
    later = month + count
    assert later - month == count
    assert later - count == month
    assert Month.from_ordinal(month.ordinal) == month
    assert Month.parse(str(month)) == month
    assert (later > month) == (count > 0)


def test_reading_and_writing() -> None:
    assert str(Month.parse("2024-03")) == "2024-03"
    assert Month(2024, 12) + 1 == Month(2025, 1)
    assert Month.parse(Month(2024, 3)) == Month(2024, 3)
    assert sorted([Month(2025, 1), Month(2024, 12)])[0] == Month(2024, 12)


@pytest.mark.parametrize(
    "text",
    ["2024-13", "2024-00", "2024-3", "24-03", "2024/03", " 2024-03", "2024-03\n", "", "0001-01",
     "٢٠٢٤-٠٣", 202403, 2024.03, None, True, ["2024-03"]],
)  # fmt: skip
def test_what_is_not_a_month_is_refused(text: object) -> None:
    with pytest.raises(InputError) as caught:
        Month.parse(text)
    assert caught.value.code == "KS1001"
