"""Levers of the nine points in a world in which nothing unmeasured has an effect: they only cost.

What such a lever may still move is money, and what counts the activity itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from kesos_sim.experiments.effects import trial
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import LEVERS, Scenario, from_document
from kesos_sim.scenario.coordination import without_effect
from kesos_sim.scenario.parts import LeverSetting
from tests.model.lives import figures, fingerprint, live

Open = Callable[..., WelfareModel]
POINTS = [name for name, lever in LEVERS.items() if lever.point and lever.strengths]
_BODIES = {"coordination_active", "orsos_membership", "province_bodies_active"}
ACTIVITY = {
    "bkkks_standing": _BODIES,
    "welfare_bylaw": _BODIES | {"bylaw_coverage", "months_to_bylaw"},
}
"""What counts the activity itself, by lever: bodies, their members, bylaws."""
FLOOD = {"hazard": "flood", "month": "2024-09", "severity": 0.3, "share": 0.5, "region": [34]}
SWIFT = {
    "politics.draft_months": 2.0, "politics.list_months": 1.0, "politics.debate_months": 2.0,
    "politics.review_months": 1.0, "politics.initiative": 0.05, "politics.initiative_gain": 0.75,
}  # fmt: skip
"""Bills that pass quickly, which councils begin by themselves."""


@pytest.fixture(scope="module")
def world(small: Scenario) -> Scenario:
    """Two provinces, one of which a flood hits."""
    document = small.document() | {
        "region": [33, 34], "households": 4000, "months": 14, "events": [FLOOD],
        "parameters": SWIFT,
    }  # fmt: skip
    return from_document(document)


@pytest.fixture(scope="module")
def usual(world: Scenario, open_small: Open) -> WelfareModel:
    """No lever, where nothing unmeasured has an effect."""
    return live(open_small(without_effect(world)))


@pytest.mark.parametrize("name", POINTS)
def test_a_point_without_effect_moves_nothing_but_money(
    name: str, world: Scenario, open_small: Open, usual: WelfareModel
) -> None:
    setting = LeverSetting(trial(LEVERS[name]))
    scenario = replace(world, levers={name: setting}, root=world.root or world)
    model = live(open_small(without_effect(scenario)))
    ours, theirs = figures(model), figures(usual)
    assert ours.keys() == theirs.keys()
    differ = {
        one
        for one, values in ours.items()
        if not np.array_equal(values, theirs[one], equal_nan=True)
    }
    assert differ <= ACTIVITY.get(name, set())
    assert fingerprint(model)["ledger.rupiah"] != fingerprint(usual)["ledger.rupiah"]


def test_every_point_with_an_unmeasured_effect_is_tried() -> None:
    points = {LEVERS[name].point for name in POINTS}
    assert points == {1, 2, 3, 6, 7, 9}
