"""Extension workers: who hears them is bounded, and community figures are heard where trusted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.institutions.extension import extension_cost, hearing
from kesos_sim.institutions.rules import default_parameter

PEOPLE = np.array([1e5])


def heard(workers: float, cohesion: float, **values: float) -> float:
    """Return the share of 100,000 people who hear them, with some parameters of their own."""
    own = {f"psks.{name}": value for name, value in values.items()}

    def parameter(name: str) -> float:
        return own.get(name, default_parameter(name))

    return float(hearing(parameter, np.array([workers]), np.array([cohesion]), PEOPLE)[0])


@given(st.floats(0.0, 1e6), st.floats(0.0, 100.0), st.floats(1e-3, 1e5))
def test_at_most_everybody_hears_and_more_workers_reach_more(
    workers: float, cohesion: float, more: float
) -> None:
    now, later = heard(workers, cohesion), heard(workers + more, cohesion)
    assert 0.0 <= now <= later <= 1.0
    assert heard(0.0, cohesion) == 0.0


def test_few_workers_reach_as_many_as_they_talk_to() -> None:
    reach = default_parameter("psks.penyuluh_reach")
    assert heard(0.1, 100.0) == pytest.approx(0.1 * reach / PEOPLE[0], rel=2e-3)


def test_community_figures_are_heard_where_people_trust_each_other() -> None:
    """Civil servants are heard alike everywhere; without strength so is everybody."""
    trusting, wary = heard(5.0, 90.0), heard(5.0, 30.0)
    assert trusting > wary > heard(5.0, 0.0)
    assert heard(5.0, 90.0, **{"trust.strength": 0.0}) == heard(5.0, 0.0, **{"trust.strength": 0.0})
    only = {"penyuluh_civil_servants": 1.0}
    assert heard(5.0, 90.0, **only) == heard(5.0, 0.0, **only)


def test_each_kind_has_its_own_pay() -> None:
    values = {
        "psks.penyuluh_civil_servants": 0.25,
        "psks.penyuluh_pay": 40.0,
        "psks.penyuluh_honorarium": 4.0,
    }
    found = extension_cost(values.__getitem__, np.array([0.0, 8.0]))
    np.testing.assert_allclose(found, [0.0, 2 * 40.0 + 6 * 4.0])
