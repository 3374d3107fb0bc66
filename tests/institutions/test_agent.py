"""Agents count by model, and keep no model that nobody uses."""

from __future__ import annotations

import gc
import weakref

import mesa
import pytest

from kesos_sim.institutions.agent import Institution


def test_agents_of_each_model_are_counted_from_one() -> None:
    one, other = mesa.Model(), mesa.Model()
    assert [Institution(model).unique_id for model in (one, one, other, one)] == [1, 2, 1, 3]


@pytest.mark.slow
def test_a_model_goes_when_nobody_uses_it() -> None:
    model = mesa.Model()
    Institution(model)
    seen = weakref.ref(model)
    del model
    gc.collect()
    assert seen() is None
