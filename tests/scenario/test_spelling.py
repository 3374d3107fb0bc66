"""Numbers as people write them in a scenario file or a form."""

from __future__ import annotations

import pytest

from kesos_sim.scenario.spelling import hint


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1 234 567", "1234567"), ("1_000", "1000"), ("19,48", "19.48"), ("Rp 2 juta", "2000000")],
)
def test_marks_between_thousands_are_understood(typed: str, meant: str) -> None:
    assert hint(typed, whole=False) == meant


@pytest.mark.parametrize("typed", ["1_9,48", "1 9,48", "1_9", "12 5", "1.2.3"])
def test_marks_elsewhere_make_no_number(typed: str) -> None:
    assert hint(typed, whole=False) is None
