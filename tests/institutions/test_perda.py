"""Bills on their way: how long they take, how often they fail, and what elections do to them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.data.parameters import parameter_table
from kesos_sim.institutions.perda import STAGES, Bills, Step
from kesos_sim.institutions.rules import default_parameter
from kesos_sim.rng import draw_key
from kesos_sim.units import Month

START = Month(2024, 10)
Parameters = Callable[..., Callable[[str], float]]
NO_ELECTIONS = {"politics.council_term": 500.0}
NO_FAILURES = {f"politics.{stage.name.lower()}_dropped": 0.0 for stage in STAGES}
MANY = np.arange(4000)
"""Codes of regions that are not there: what holds for each holds for a great many."""


def lived(bills: Bills, support: float, months: int, start: Month = START) -> Bills:
    wanted, nobody = np.ones(bills.step.size, np.bool_), np.zeros(bills.step.size)
    for month in range(months):
        bills.live(start + month, np.full(wanted.size, support), wanted, nobody)
    return bills


def expected_months(parameter: Callable[[str], float], support: float) -> np.ndarray:
    """Mean of each stage: a month or more, by a chance that is the same every month."""
    shorter = 1.0 - parameter("politics.support_speed") * support
    months = [parameter(f"politics.{stage.name.lower()}_months") for stage in STAGES]
    return np.maximum(np.array(months) * shorter, 1.0)


@pytest.mark.parametrize("support", [0.0, 0.3, 1.0])
def test_a_bylaw_takes_as_long_as_its_stages_together(
    parameters: Parameters, support: float
) -> None:
    """With constant support and without failures or elections: a sum of geometric times."""
    parameter = parameters(NO_ELECTIONS | NO_FAILURES)
    bills = lived(Bills(MANY, parameter, draw_key(1)), support, 400)
    assert bills.law.all()
    mean = expected_months(parameter, support)
    took = bills.enacted - bills.since
    assert took.min() >= len(STAGES)
    error = np.sqrt((mean * (mean - 1.0)).sum() / MANY.size)
    assert abs(took.mean() - mean.sum()) < 4.5 * error
    assert error < 0.25


@pytest.mark.parametrize("support", [0.0, 0.5, 1.0])
def test_as_many_bills_fail_as_their_stages_say(parameters: Parameters, support: float) -> None:
    parameter = parameters(NO_ELECTIONS)
    bills = lived(Bills(MANY, parameter, draw_key(2)), support, 400)
    assert not bills.underway.any()
    safer = 1.0 - parameter("politics.support_passes") * support
    passed = np.prod(
        [1.0 - safer * parameter(f"politics.{stage.name.lower()}_dropped") for stage in STAGES]
    )
    assert abs(bills.law.mean() - passed) < 4.5 * np.sqrt(passed * (1 - passed) / MANY.size)
    assert np.all((bills.step == Step.DROPPED) == ~bills.law)
    assert np.all((bills.enacted > 0) == bills.law)


def test_what_failed_begins_again_with_the_next_council(parameters: Parameters) -> None:
    """Not before; what it took counts from when it was first taken up."""
    always = {f"politics.{stage.name.lower()}_dropped": 1.0 for stage in STAGES}
    bills = lived(Bills(MANY, parameters(always), draw_key(3)), 0.5, 58)
    assert Month(2029, 8) == START + 58
    failed = bills.step == Step.DROPPED
    assert failed.mean() > 0.9
    first = bills.since.copy()
    lived(bills, 0.5, 1, Month(2029, 8))
    assert np.all((bills.step == Step.DROPPED)[failed])
    lived(bills, 0.5, 1, Month(2029, 9))
    assert np.all(bills.step[failed] == Step.DRAFT)
    np.testing.assert_array_equal(bills.since, first)


@pytest.mark.parametrize("carried", [0.0, 0.5, 1.0])
def test_a_new_council_goes_on_with_some_bills_of_the_old(
    parameters: Parameters, carried: float
) -> None:
    bills = Bills(MANY, parameters({"politics.bills_carried": carried}), draw_key(4))
    bills.step[:] = 1 + np.arange(MANY.size) % len(STAGES)
    before = bills.step.copy()
    lived(bills, 0.5, 1, Month(2024, 9))
    debated = before == Step.DEBATE
    assert np.all(bills.step[debated & (bills.step != before)] == Step.LIST)
    np.testing.assert_array_equal(bills.step[~debated], before[~debated])
    stayed = (bills.step == before)[debated]
    spread = np.sqrt(carried * (1.0 - carried) / stayed.size)
    assert abs(stayed.mean() - carried) <= 4.5 * spread


def test_councils_begin_every_five_years(parameters: Parameters) -> None:
    bills = Bills(MANY[:3], parameters({}), 1)
    found = [START + month for month in range(-200, 200) if bills.new_council(START + month)]
    assert [(month.year, month.month) for month in found] == [
        (2009, 9), (2014, 9), (2019, 9), (2024, 9), (2029, 9), (2034, 9), (2039, 9),
    ]  # fmt: skip


def test_support_without_strength_changes_nothing(parameters: Parameters) -> None:
    parameter = parameters({"politics.support_speed": 0.0})
    none, full = (lived(Bills(MANY, parameter, 7), support, 50) for support in (0.0, 1.0))
    # Bills that fail in neither world are as far.
    both = (none.step != Step.DROPPED) & (full.step != Step.DROPPED)
    np.testing.assert_array_equal(none.step[both], full.step[both])
    assert (none.step != full.step).any()
    idle = parameters({"politics.support_speed": 0.0, "politics.support_passes": 0.0})
    none, full = (lived(Bills(MANY, idle, 7), support, 50) for support in (0.0, 1.0))
    for name, array in none.arrays().items():
        np.testing.assert_array_equal(full.arrays()[name], array, err_msg=name)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**31), data=st.data())
def test_more_support_never_delays_a_bylaw(seed: int, data: st.DataObject) -> None:
    """With the same luck: bill by bill and month by month, anywhere within the ranges."""
    rows = {k: v for k, v in parameter_table().items() if k.startswith("politics.")}
    chance = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    values = {k: chance.uniform(row.low, row.high) for k, row in rows.items()}
    values |= NO_ELECTIONS | NO_FAILURES

    def parameter(name: str) -> float:
        return values[name] if name in values else default_parameter(name)

    less, more = sorted(data.draw(st.lists(st.floats(0, 1), min_size=2, max_size=2)))
    slow, fast = (Bills(MANY[:200], parameter, seed) for _ in range(2))
    for month in range(60):
        for bills, support in ((slow, less), (fast, more)):
            lived(bills, support, 1, START + month)
        assert np.all(fast.step >= slow.step)


@settings(max_examples=15)
@given(seed=st.integers(0, 2**31), data=st.data())
def test_bills_do_not_depend_on_which_regions_take_part(seed: int, data: st.DataObject) -> None:
    codes = np.array([31, 33, 34, 3301, 3302, 3401, 3402, 3471])
    inside = np.array(data.draw(st.lists(st.booleans(), min_size=8, max_size=8)))
    whole, part = (Bills(of, default_parameter, seed) for of in (codes, codes[inside]))
    for bills in (whole, part):
        lived(bills, 0.4, 80)
    for name, array in whole.arrays().items():
        np.testing.assert_array_equal(part.arrays()[name], array[inside], err_msg=name)


def test_nobody_makes_a_bylaw_without_a_decision_or_an_initiative() -> None:
    bills, nobody = Bills(MANY, default_parameter, 1), np.zeros(MANY.size, np.bool_)
    for month in range(80):
        bills.live(START + month, np.ones(MANY.size), nobody, np.zeros(MANY.size))
    assert not any(array.any() for array in bills.arrays().values())


@pytest.mark.parametrize("chance", [0.005, 0.05])
def test_councils_take_up_bills_by_themselves_as_often_as_the_chance_says(
    parameters: Parameters, chance: float
) -> None:
    """Each once, at a time of its own; then the bill goes the way of any other."""
    bills = Bills(MANY, parameters(NO_ELECTIONS | NO_FAILURES), draw_key(5))
    nobody, often = np.zeros(MANY.size, np.bool_), np.full(MANY.size, chance)
    for month in range(60):
        bills.live(START + month, np.full(MANY.size, 0.5), nobody, often)
    begun = 1.0 - (1.0 - chance) ** 60
    assert abs((bills.since > 0).mean() - begun) < 4.5 * np.sqrt(begun * (1 - begun) / MANY.size)
    assert np.all((bills.step > Step.NONE) == (bills.since > 0))
    assert bills.law.any() and np.all(bills.enacted[bills.law] > bills.since[bills.law])


def test_what_a_council_began_by_itself_and_failed_is_forgotten_by_the_next(
    parameters: Parameters,
) -> None:
    always = {f"politics.{stage.name.lower()}_dropped": 1.0 for stage in STAGES}
    bills = Bills(MANY, parameters(always), draw_key(6))
    nobody, none = np.zeros(MANY.size, np.bool_), np.zeros(MANY.size)
    for month in range(58):
        bills.live(START + month, none, nobody, none + 0.2)
    failed = bills.step == Step.DROPPED
    assert failed.mean() > 0.9
    for month in (Month(2029, 8), Month(2029, 9)):
        bills.live(month, none, nobody, none)
    assert np.all(bills.step[failed] == Step.NONE)
