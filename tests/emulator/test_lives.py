"""Who gains and who loses between two lives of one world."""

from __future__ import annotations

import numpy as np

from kesos_sim.emulator.lives import Lived, gainers
from kesos_sim.emulator.question import FLOWS_OF_PEOPLE


def life(*welfare: float) -> Lived:
    """Return five households of two provinces after some life."""
    return Lived(
        places=("mpu", "18", "33"),
        years=np.zeros((1, 3, 1)),
        welfare=np.array(welfare, np.float32),
        people=np.array([2.0, 1.0, 1.0, 4.0, 2.0], np.float32),
        place=np.array([1, 1, 1, 2, 2], np.uint8),
        seconds=0.0,
    )


def test_large_gains_and_losses_count_among_all_of_them() -> None:
    before = life(1.0, 1.0, 1.0, 2.0, 1.0)
    after = life(1.1, 1.01, 1.001, 1.98, 0.9)
    found = dict(zip(FLOWS_OF_PEOPLE, gainers(before, after).tolist(), strict=True))
    assert found["people_gaining"] == [30.0, 75.0, 0.0]
    assert found["people_gaining_much"] == [20.0, 50.0, 0.0]
    assert found["people_losing"] == [60.0, 0.0, 100.0]
    assert np.allclose(found["people_losing_much"], [20.0, 0.0, 100.0 / 3.0])
    assert gainers(before, before).sum() == 0.0
