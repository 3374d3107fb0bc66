"""Numbers as people type them into cells: one meaning, or a refusal."""

from __future__ import annotations

import pytest

from kesos_sim.data.own.grid import Cell
from kesos_sim.data.own.layout import Column
from kesos_sim.data.own.values import Refused, as_number

AMOUNT = Column("amount", "number", "rupiah", 0.0, 1e12)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1 234,5", 1234.5),
        ("1\N{NO-BREAK SPACE}234\N{THIN SPACE}567", 1_234_567.0),
        ("Rp 1 234 567", 1_234_567.0),
        (" 19,48 ", 19.48),
    ],
)
def test_spaces_may_part_thousands(typed: str, meant: float) -> None:
    assert as_number(Cell(typed), AMOUNT) == meant


@pytest.mark.parametrize("typed", ["1 9,48", "12 5", "1 2345", "1 234 56", "19, 48", "19 ,48"])
def test_a_space_elsewhere_makes_no_number(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        as_number(Cell(typed), AMOUNT)
    assert caught.value.kind == "not_number"
