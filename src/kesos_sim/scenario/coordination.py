"""Whether a scenario rests on what coordination does, and the same scenario if it did nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.scenario import Scenario

__all__ = ["STRENGTHS", "rests_on_coordination", "with_strengths", "without_effect"]

STRENGTHS: Final = tuple(
    dict.fromkeys(strength for lever in LEVERS.values() for strength in lever.strengths)
)
"""Parameters whose zero means that a mechanism of coordination changes nothing."""


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

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> names = ("sembako-naik", "kemitraan-saja")
    >>> [rests_on_coordination(load_scenario(f"scenarios/{name}.yaml")) for name in names]
    [False, True]
    """
    through = {strength for name in scenario.levers for strength in LEVERS[name].strengths}
    return any(scenario.parameter(strength) > 0.0 for strength in through)


def without_effect(scenario: Scenario) -> Scenario:
    """Return the scenario in a world in which coordination changes nothing, today's neither.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    Scenario
        With every strength zero.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> package = without_effect(load_scenario("scenarios/kemitraan-saja.yaml"))
    >>> package.parameter("coordination.routing.strength")
    0.0
    """
    return with_strengths(scenario, dict.fromkeys(STRENGTHS, 0.0))


def with_strengths(scenario: Scenario, strengths: Mapping[str, float]) -> Scenario:
    """Return the scenario in a world in which mechanisms have other strengths, today's too.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    strengths : mapping of str to float
        Values of some of `STRENGTHS`.

    Returns
    -------
    Scenario
        With these strengths in what it extends too, so that the anchor knows them.
    """

    def moved(parameters: Mapping[str, float]) -> dict[str, float]:
        return dict(parameters) | dict(strengths)

    root = scenario.root and replace(scenario.root, parameters=moved(scenario.root.parameters))
    return replace(scenario, parameters=moved(scenario.parameters), root=root)
