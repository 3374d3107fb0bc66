"""Money of secretariats: released as budgets are spent, all that is owed, on time if obliged."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kesos_sim.institutions.places import Places
from kesos_sim.institutions.profiles import absorption
from kesos_sim.institutions.rules import default_parameter
from kesos_sim.institutions.secretariats import Secretariats, released
from kesos_sim.units import Month
from tests.institutions.test_bkkks import bodies_of, levers

JANUARY = Month(2024, 1)
LATE = "coordination.late_money.strength"
Parameters = Callable[..., Callable[[str], float]]


def of_many(parameter: Callable[[str], float] = default_parameter, n: int = 4000) -> Secretariats:
    return Secretariats(np.arange(1000, 1000 + n, dtype=np.uint32), "district", parameter, 5)


def test_together_they_are_paid_what_the_budget_has_spent() -> None:
    """Month by month of ten years, for bodies that always work."""
    many, spent = of_many(), absorption("district", default_parameter)
    works = np.ones(many.owed.size, np.bool_)
    paid = np.zeros((10, 12))
    for year in range(10):
        for month in range(12):
            many.release(JANUARY + 12 * year + month, works, 0.0)
            paid[year, month] = many.months.mean()
            assert np.all(many.months[many.behind] == 0)
            assert not many.owed[~many.behind].any()
    np.testing.assert_allclose(paid.mean(axis=0).cumsum() / 12, spent[1:], atol=0.006)
    assert paid.cumsum(axis=1)[:, -1].max() <= 12.0


def test_waiting_goes_on_for_months_and_ends_for_good_in_its_year() -> None:
    many = of_many()
    works = np.ones(many.owed.size, np.bool_)
    behind = []
    for month in range(12):
        many.release(JANUARY + month, works, 0.0)
        behind.append(many.behind)
    waits = np.array(behind)
    assert not np.any(waits[1:] & ~waits[:-1])
    assert 0.3 < (waits.sum(axis=0) >= 6).mean() < 0.45
    assert 0.0 < waits[-1].mean() < 0.1


def test_who_sleeps_is_owed_nothing_and_keeps_its_claim_within_the_year() -> None:
    many = of_many()
    works = np.ones(many.owed.size, np.bool_)
    for month in range(6):
        many.release(JANUARY + month, works if month < 2 else ~works, 0.0)
        assert month < 2 or not many.months.any()
    owed = many.owed.copy()
    assert set(owed.tolist()) == {0, 2}
    many.release(JANUARY + 6, works, 0.0)
    np.testing.assert_array_equal(many.months, np.where(many.behind, 0, owed + 1))
    many.release(JANUARY + 12, ~works, 0.0)
    assert not many.owed.any()


def test_what_is_an_obligation_or_without_lateness_comes_every_month(
    parameters: Parameters,
) -> None:
    on_time = of_many(parameters({LATE: 0.0}))
    assert on_time.usual == 1.0
    for secretariats, obliged in ((on_time, 0.0), (of_many(), 1.0)):
        works = np.ones(secretariats.owed.size, np.bool_)
        for month in range(24):
            secretariats.release(JANUARY + month, works, obliged)
            assert np.all(secretariats.months == 1)
    half, none = of_many(), of_many()
    for month in range(12):
        for secretariats, obliged in ((half, 0.5), (none, 0.0)):
            secretariats.release(JANUARY + month, works, obliged)
        assert not np.any(half.behind & ~none.behind)


def test_today_bodies_fall_dormant_as_often_as_their_standing_says() -> None:
    """On average of a year; sooner in the months in which they wait."""
    many = of_many()
    works, enough = np.ones(many.owed.size, np.bool_), np.zeros(many.owed.size)
    mean = []
    for month in range(120):
        many.release(JANUARY + month, works, 0.0)
        ratio = many.sooner(enough)
        mean.append(ratio.mean())
        strength = default_parameter("coordination.secretariat.strength")
        if many.behind.any():
            assert ratio.max() / ratio.min() == pytest.approx(1.0 + strength)
    assert np.mean(mean) == pytest.approx(1.0, abs=0.005)


def test_nothing_is_released_that_was_not_spent() -> None:
    spent = np.linspace(0.0, 1.0, 13)
    np.testing.assert_array_equal(released(spent), 1.0)
    assert not released(np.zeros(13)).any()


@pytest.mark.parametrize("strength", [0.0, 1.0])
def test_punctual_money_keeps_bodies_working(
    nation: Places, parameters: Parameters, strength: float
) -> None:
    """With the same luck, and only as far as money keeps bodies working."""
    parameter = parameters(
        {
            "coordination.secretariat.strength": strength,
            "coordination.meeting_invites": 0.0,
            "coordination.practice": 0.0,
        }
    )
    usual, obliged = (bodies_of(nation, parameter) for _ in range(2))
    more = 0
    for month in range(96):
        for bodies, share in ((usual, 0.0), (obliged, 1.0)):
            lever = levers(1, social_obligation=share)
            bodies.release(JANUARY + month, lever)
            bodies.live(JANUARY + month, lever)
        assert not np.any(usual.awake & ~obliged.awake)
        more += int((obliged.awake & ~usual.awake).sum())
    assert (more > 500) == (strength > 0.0)
    assert not obliged.unpaid(lever).any()
    assert np.all(usual.unpaid(lever) <= usual.awake)


def test_a_late_secretariat_costs_nothing_until_all_comes_at_once(nation: Places) -> None:
    bodies = bodies_of(nation)
    lever = levers(1)
    full = bodies.cost(lever)[0].sum()
    for month in range(12):
        bodies.release(JANUARY + month, lever)
        paid = bodies.cost(lever)[0]
        np.testing.assert_array_equal(
            paid, bodies.awake * bodies.secretariats.months * 50e6, err_msg=str(month)
        )
    assert paid.sum() != full
