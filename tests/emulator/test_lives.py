"""Who gains and who loses between two lives of one world."""

from __future__ import annotations

import numpy as np

from kesos_sim.emulator.lives import Lived, gainers, gainers_by_tenth
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


def test_tenths_are_those_of_the_life_without_the_package() -> None:
    rng = np.random.default_rng(5)
    order = rng.permutation(1000)
    welfare = 1.0 + order / 1000.0
    lived = [
        Lived(
            places=("mpu", "18"),
            years=np.zeros((1, 2, 1)),
            welfare=of.astype(np.float32),
            people=np.full(1000, 3.0, np.float32),
            place=np.ones(1000, np.uint8),
            seconds=0.0,
        )
        for of in (welfare, np.select([order < 100, order < 150, order >= 975],
                                      [3.0 * welfare, 1.02 * welfare, 0.9 * welfare], welfare))
    ]  # fmt: skip
    found = dict(zip(FLOWS_OF_PEOPLE, gainers_by_tenth(*lived), strict=True))
    assert np.allclose(found["people_gaining"], [100.0, 50.0, *[0.0] * 8])
    assert np.allclose(found["people_gaining_much"], [100.0, *[0.0] * 9])
    assert np.allclose(found["people_losing"], [*[0.0] * 9, 25.0])
    everybody = gainers(*lived)[:, 0]
    assert np.allclose(np.mean(list(found.values()), axis=1), everybody)
