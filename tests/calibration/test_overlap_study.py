"""The level of overlap is a range over drawn worlds beside a figure that judges nothing."""

from __future__ import annotations

import numpy as np
import pytest

from kesos_sim.calibration.overlap_study import (
    NAMED,
    SOURCE,
    overlap_figures,
    overlap_levels,
    relief_levels,
)
from kesos_sim.calibration.table import part_tables
from kesos_sim.scenario import Scenario, changed

MANY_HIT = {
    "parameters.hazard.people_per_volunteer": 20.0,
    "parameters.hazard.relief_share": 0.3,
    "parameters.coordination.task_force.strength": 0.8,
}
"""So that the volunteers of one small province are too few."""


def test_the_level_is_a_range_beside_a_figure_without_a_source(
    small: Scenario, anchors: object
) -> None:
    own, low, high, alone, listed = overlap_figures(changed(small, MANY_HIT), worlds=3)
    assert (own.published, own.code) == (NAMED, "34")
    assert np.isnan(low.published) and np.isnan(high.published)
    assert 0.0 < low.modelled < high.modelled
    assert {one.verdict for one in (own, low, high)} == {"not_judged"}
    assert {one.source for one in (own, low, high)} == {SOURCE}
    assert "no source" in SOURCE
    assert alone.published == pytest.approx(86.4) and np.isnan(listed.published)
    assert {one.verdict for one in (alone, listed)} == {"not_judged"}
    assert 0.0 < listed.modelled < alone.modelled < 50.0
    for lang, word in (("id", "lemah"), ("en", "weak")):
        (table,) = part_tables([own, low, high, alone, listed], lang)
        assert word in " ".join(cell for row in table.rows for cell in row)


def test_overlap_follows_from_how_people_are_seen(small: Scenario, anchors: object) -> None:
    """No constant: where some are seen by all, more are served twice."""
    blind, seen = (
        overlap_levels(changed(small, {"parameters.orsos.visibility_spread": spread}), worlds=0)
        for spread in (0.0, 1.8)
    )
    assert blind.shape == (1,)
    assert seen[0] > blind[0]


def test_doubled_relief_follows_from_how_people_are_seen(small: Scenario, anchors: object) -> None:
    blind, seen = (
        relief_levels(changed(small, MANY_HIT | {"parameters.hazard.visibility_spread": spread}))
        for spread in (0.0, 1.8)
    )
    assert np.all(seen > blind) and seen[0] > seen[1]


def test_what_is_done_is_told(small: Scenario, anchors: object) -> None:
    told: list[tuple[int, int]] = []
    overlap_levels(small, worlds=1, told=lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2)]
