"""Flows of people by tenth: fitted to a truth that is known, and told apart from coordination."""

from __future__ import annotations

import numpy as np
import pytest

from kesos_sim.emulator.lives import Lived
from kesos_sim.emulator.question import FLOWS_OF_PEOPLE, OUTCOMES, YEARS, Life, baseline
from kesos_sim.emulator.sample import package
from kesos_sim.emulator.table import Changes
from kesos_sim.emulator.tenths import BY_DECILE, TenthFit, fit_tenths, tenth_errors
from kesos_sim.emulator.terms import Terms

TERMS = Terms.of(baseline())
MONEY, PLATFORM = "apbd_poverty_share", "partnership_platform"
HOUSEHOLDS = 400


def life(gained: float) -> Lived:
    """A life in which a part of every tenth, half as large in the next one, has a tenth more."""
    place = np.arange(HOUSEHOLDS)
    tenth, within = place * 10 // HOUSEHOLDS, (place * 10 % HOUSEHOLDS) / HOUSEHOLDS
    welfare = 1.0 + place / HOUSEHOLDS
    return Lived(
        places=("mpu", "18"),
        years=np.zeros((len(OUTCOMES), 2, len(YEARS))),
        welfare=np.where(within < gained * 0.5**tenth, 1.1 * welfare, welfare).astype(np.float32),
        people=np.ones(HOUSEHOLDS, np.float32),
        place=np.ones(HOUSEHOLDS, np.uint8),
        seconds=0.0,
    )


@pytest.fixture(scope="module")
def fits() -> dict[bool, tuple[TenthFit, ...]]:
    """Money helps up to half of the poorest, a platform a quarter if coordination has an effect."""
    found: dict[Life, Lived] = {}
    for world in range(1, 17):
        for effect in (True, False):
            found[Life(world, effect)] = life(0.0)
            for levers in dict.fromkeys(package(world, place) for place in range(6)):
                height = dict(zip(("money", "platform"), heights(dict(levers)), strict=True))
                gained = 0.5 * height["money"] + 0.25 * effect * height["platform"]
                found[Life(world, effect, levers=levers)] = life(gained)
    usual, idle = (Changes.of(found, TERMS, effect=one, shock="none") for one in (True, False))
    return fit_tenths(found, TERMS, usual, idle)


def heights(levers: dict[str, float]) -> tuple[float, float]:
    """First curves of money and of a platform."""
    names = [MONEY, PLATFORM]
    found = TERMS.heights({name: value for name, value in levers.items() if name in names})
    first = {curve.lever: place for place, curve in reversed(list(enumerate(TERMS.curves)))}
    from kesos_sim.emulator.question import NAMES

    money, platform = (float(found[first[NAMES.index(name)]]) for name in names)
    return max(money, 0.0), max(platform, 0.0)


def test_shares_of_tenths_are_found(fits: dict[bool, tuple[TenthFit, ...]]) -> None:
    levers = {MONEY: 0.15, PLATFORM: 3.0}
    for effect in (True, False):
        gaining, losing, much, much_less = fits[effect]
        told = TERMS.row(levers) @ gaining.left @ gaining.right
        money, platform = heights(levers)
        truth = 100.0 * (0.5 * money + 0.25 * effect * platform) * 0.5 ** np.arange(10)
        assert told == pytest.approx(truth, abs=3.0)
        assert np.allclose(TERMS.row(levers) @ much.left @ much.right, told)
        for none in (losing, much_less):
            assert not (none.left @ none.right).any() and none.mae == 0.0
        assert gaining.r2 > 0.95 and gaining.mae < 2.0 < gaining.worst + 2.0
        assert np.mean(gaining.tenths) == pytest.approx(gaining.mae)


def test_without_a_lever_nobody_moves(fits: dict[bool, tuple[TenthFit, ...]]) -> None:
    for fit in (*fits[True], *fits[False]):
        assert not (TERMS.row({}) @ fit.left @ fit.right).any()


def test_errors_are_told_by_flow(fits: dict[bool, tuple[TenthFit, ...]]) -> None:
    found = tenth_errors(fits[True])
    assert list(found) == [f"{name}{BY_DECILE}" for name in FLOWS_OF_PEOPLE]
    assert all(len(own["tenths"]) == 10 and "coverage" not in own for own in found.values())
