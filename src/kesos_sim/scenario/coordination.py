"""Whether a scenario rests on what coordination does, and the same scenario if it did nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.scenario import Scenario

__all__ = ["STRENGTHS", "rests_on_coordination", "without_effect"]

STRENGTHS: Final = (
    "coordination.shared_list.strength",
    "coordination.routing.strength",
    "coordination.advocacy.strength",
)
"""Parameters whose zero means that a mechanism of coordination changes nothing."""

_COSTS: Final = frozenset({"coordination", "dialogue", "outreach", "bylaw"})
"""Cost rules of the levers that reach people through coordinating bodies alone."""


def rests_on_coordination(scenario: Scenario) -> bool:
    """Return whether a scenario moves coordination and lets it have an effect.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    bool
        False where every mechanism has no strength.
    """
    moved = any(LEVERS[name].cost in _COSTS for name in scenario.levers)
    return moved and any(scenario.parameter(strength) > 0.0 for strength in STRENGTHS)


def without_effect(scenario: Scenario) -> Scenario:
    """Return the scenario in a world in which coordination changes nothing, today's neither.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    Scenario
        With every strength zero, in what it extends too, so that the anchor knows it.
    """

    def weak(parameters: Mapping[str, float]) -> dict[str, float]:
        return dict(parameters) | dict.fromkeys(STRENGTHS, 0.0)

    root = scenario.root and replace(scenario.root, parameters=weak(scenario.root.parameters))
    return replace(scenario, parameters=weak(scenario.parameters), root=root)
