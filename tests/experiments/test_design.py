"""Designs: ranges are covered evenly at whatever number they stop."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats.qmc import discrepancy

from kesos_sim.data.parameters import parameter_table
from kesos_sim.experiments.design import DRAWN, Design, alternatives
from kesos_sim.scenario import Scenario
from kesos_sim.scenario.coordination import STRENGTHS

RULES = tuple(alternatives())


def drawn(design: Design, worlds: int) -> np.ndarray:
    return np.array([list(design.shares(number).values()) for number in range(1, worlds + 1)])


@pytest.mark.parametrize("worlds", [1, 8, 32])
def test_each_parameter_lies_once_in_every_slice_of_its_range(small: Scenario, worlds: int) -> None:
    scenarios = [Design().world(small, number) for number in range(1, worlds + 1)]
    for name in DRAWN:
        low, high = small.range_of(name)
        places = np.array([(one.parameter(name) - low) / (high - low) for one in scenarios])
        np.testing.assert_array_equal(np.sort(np.floor(places * worlds)), np.arange(worlds))


def test_a_few_worlds_keep_parameters_apart() -> None:
    """Eight worlds, as behind every comparison."""
    together = np.abs(np.corrcoef(drawn(Design(), 8).T) - np.eye(len(DRAWN)))
    assert together.max() < 0.95
    assert together[:6, :6].max() < 0.75


@pytest.mark.parametrize("worlds", [10, 27, 50, 100])
def test_any_number_covers_the_space_better_than_chance(worlds: int) -> None:
    """Discrepancy of the first parameters against a thousandth of all random samples."""
    ours = discrepancy(drawn(Design(), worlds)[:, :4], method="L2-star")
    chance = np.random.default_rng(1)
    others = [discrepancy(chance.random((worlds, 4)), method="L2-star") for _ in range(200)]
    assert ours < np.quantile(others, 0.1)


@pytest.mark.slow
@settings(max_examples=30)
@given(number=st.integers(1, 5000), fewer=st.integers(1, len(DRAWN)))
def test_a_parameter_that_is_added_at_the_end_changes_no_other(number: int, fewer: int) -> None:
    whole = Design(DRAWN).shares(number)
    part = Design(DRAWN[:fewer]).shares(number)
    assert part == {name: whole[name] for name in DRAWN[:fewer]}


@given(worlds=st.integers(1, 60))
def test_rules_are_dealt_out_evenly(worlds: int) -> None:
    design = Design((), RULES)
    for rule in RULES:
        dealt = Counter(design.options(number)[rule] for number in range(1, worlds + 1))
        counts = [dealt[option] for option in alternatives()[rule]]
        assert max(counts) - min(counts) <= 1


def test_a_rule_holds_against_what_is_drawn(small: Scenario) -> None:
    design = Design(DRAWN, RULES)
    table = parameter_table()
    for number in range(1, 13):
        world, options = design.world(small, number), design.options(number)
        effect = options["coordination_effect"]
        strengths = [world.parameter(name) for name in STRENGTHS]
        if effect == "none":
            assert not any(strengths)
        if effect == "strongest":
            assert strengths == [table[name].high for name in STRENGTHS]
        community = world.parameter("registry.truth_community")
        assert (world.parameter("registry.truth") == community) == (
            options["targeting_rule"] == "community"
        )


def test_what_a_scenario_sets_itself_is_not_drawn(small: Scenario) -> None:
    own = replace(small, parameters={DRAWN[0]: 0.25})
    assert Design().world(own, 3).parameter(DRAWN[0]) == 0.25


def test_worlds_of_seeds_differ_by_their_seed_alone(small: Scenario) -> None:
    worlds = [Design(()).world(small, number) for number in (1, 2)]
    assert [world.seed - small.seed for world in worlds] == [1, 2]
    assert all(world.parameters == small.parameters for world in worlds)
