"""Who gains and who loses: classes, tenths, and the same households in both lives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.run import lived
from kesos_sim.experiments.winners import (
    CLASSES,
    Winners,
    classes,
    most_lost,
    see,
    tenths,
    winners,
)
from kesos_sim.scenario import Scenario, changed, load_scenario

pytestmark = pytest.mark.slow

WORLD = {"region": "34", "households": 2000, "months": 14}
SAME = CLASSES.index("same")


@pytest.fixture(scope="module")
def base(scenario_folder: Path, anchors: Path) -> Scenario:
    return load_scenario(scenario_folder / "baseline.yaml", WORLD)


@pytest.fixture(scope="module")
def doubled(base: Scenario, anchors: Path) -> Winners:
    """PKH twice as large: a pure gain, without any other recipient."""
    package = changed(base, {"levers.pkh_amount.value": 2.0})
    return winners(base, renamed(package), Serial())


def renamed(scenario: Scenario) -> Scenario:
    from dataclasses import replace

    return replace(scenario, name="paket")


def test_every_tenth_adds_up_and_has_a_tenth_of_the_people(doubled: Winners) -> None:
    assert doubled.shares.sum(axis=1) == pytest.approx(100.0)
    everybody, *each = doubled.people
    assert sum(each) == pytest.approx(everybody)
    assert np.array(each) == pytest.approx(everybody / 10.0, rel=0.02)
    weighted = doubled.people[1:] @ doubled.shares[1:] / everybody
    assert weighted == pytest.approx(doubled.shares[0])


def test_people_are_those_of_the_run(doubled: Winners) -> None:
    run = doubled.comparison.alternatives[0]
    assert doubled.people[0] == pytest.approx(run.at("population"), rel=1e-6)


def test_a_pure_top_up_helps_the_poor_most(doubled: Winners) -> None:
    gains = doubled.shares[:, :SAME].sum(axis=1)
    assert gains[1:4].mean() > gains[8:].mean()
    assert doubled.losers < gains[0] / 10.0
    assert doubled.mean[0] > 0.0


def test_a_package_that_changes_nothing_changes_nobody(base: Scenario) -> None:
    found = winners(base, renamed(base), Serial())
    assert (found.shares[:, SAME] == 100.0).all()
    assert not found.mean.any()
    assert found.without_effect is None
    assert not found.traits and not most_lost(found)


def test_taking_help_away_makes_losers_among_those_who_had_it(base: Scenario) -> None:
    package = changed(base, {"levers.pkh_amount.value": 0.0, "levers.sembako_amount.value": 0.0})
    found = winners(base, renamed(package), Serial())
    assert found.losers > 10.0
    assert "assisted" in most_lost(found)
    part, whole = found.traits["assisted"]
    assert part > whole
    assert found.traits["rural"][0] + found.traits["urban"][0] == pytest.approx(100.0)


def test_what_is_seen_is_what_the_households_are(base: Scenario) -> None:
    model = lived(base, 1)
    sight = see(model)
    poor = 100.0 * sight.people[sight.welfare < 1.0].sum() / sight.people.sum()
    observer = model.observer
    assert observer is not None
    rate = observer.values(model.world.reference_line)["poverty_rate"][-1, 0]
    assert poor == pytest.approx(rate, abs=1e-6)


levels = st.lists(st.floats(0.01, 50.0), min_size=1, max_size=60)


@given(levels, st.floats(-20.0, 20.0))
def test_classes_are_those_of_a_plain_reading(before: list[float], percent: float) -> None:
    first = np.array(before)
    found = classes(first, first * (1.0 + percent / 100.0))
    if abs(percent - np.array([5.0, 0.5, -0.5, -5.0])).min() < 1e-6:
        return  # at an edge rounding decides
    expected = (
        "gain_large"
        if percent > 5.0
        else "gain"
        if percent > 0.5
        else "same"
        if percent > -0.5
        else "loss"
        if percent > -5.0
        else "loss_large"
    )
    assert {CLASSES[place] for place in found} == {expected}


def test_nothing_is_no_change_and_something_out_of_nothing_a_gain() -> None:
    found = classes(np.zeros(2), np.array([0.0, 1.0]))
    assert [CLASSES[place] for place in found] == ["same", "gain_large"]


@given(st.lists(st.tuples(st.floats(0.0, 9.0), st.integers(1, 9)), min_size=1, max_size=80))
def test_tenths_go_from_poor_to_rich_and_hold_as_many_people(
    rows: list[tuple[float, int]],
) -> None:
    welfare = np.array([row[0] for row in rows])
    people = np.array([float(row[1]) for row in rows])
    rank = tenths(welfare, people)
    order = np.argsort(welfare, kind="stable")
    assert (np.diff(rank[order]) >= 0).all()
    assert rank.min() >= 0 and rank.max() <= 9
    held = np.bincount(rank, people, 10)
    assert np.abs(held - people.sum() / 10.0).max() <= people.max() + 1e-9


def test_the_case_without_effect_stands_in_the_table_of_tenths(
    base: Scenario, scenario_folder: Path
) -> None:
    world = {"region": "34", "households": base.households, "months": base.months}
    package = load_scenario(scenario_folder / "sistem-kemitraan.yaml", world)
    found = winners(base, package, Serial())
    assert found.without_effect is not None
    np.testing.assert_allclose(found.without_effect.sum(axis=1), 100.0)
    table, _ = found.tables("en")
    gain, loss = (table.fields.index(name) for name in ("idle_gain", "idle_loss"))
    for row, idle in zip(table.data, found.without_effect, strict=True):
        assert row[gain] == pytest.approx(idle[:SAME].sum())
        assert row[loss] == pytest.approx(idle[SAME + 1 :].sum())
