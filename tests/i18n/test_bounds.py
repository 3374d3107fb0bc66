"""Ranges are values, written in one way for files and in another for people."""

from __future__ import annotations

import pytest

from kesos_sim.i18n.bounds import Bounds, as_written, number_in


def test_bounds_are_written_as_files_have_numbers_or_as_somebody_wants_them() -> None:
    assert str(Bounds(0, 0.15)) == "0 \N{EN DASH} 0.15"
    assert Bounds(0, 0.15).words(lambda end: f"{end:.2f}") == "0.00\N{EN DASH}0.15"
    assert str(Bounds(1, 1)) == Bounds(1, 1).words(str) == "1"
    assert (Bounds(1, 2.0).whole, Bounds(0, 0.15).whole) == (True, False)


@pytest.mark.parametrize("value", [0.0, -3.0, 0.1, 1e-7, 2_000, 2**63, 0.30000000000000004])
def test_what_is_written_means_the_same_number(value: float) -> None:
    assert number_in(as_written(value)) == value
    assert "e" not in as_written(value)


@pytest.mark.parametrize("text", ["1_000", "nan", "inf", "-inf", "1 9,48", "", "0,5", None])
def test_what_is_no_number_of_a_file_is_none(text: str | None) -> None:
    assert number_in(text) is None
