"""Levers of citizens who complain about the list and deliberate on it."""

from __future__ import annotations

from typing import Final

from kesos_sim.scenario.lever import DOWN, UP, Lever

__all__ = ["OF_CITIZENS"]

OF_CITIZENS: Final = (
    Lever(
        "complaint_channel",
        "share",
        "people",
        0.0,
        1.0,
        cost="complaint_channel",
        grade="D",
        acts_on={
            "complaints": UP,
            "complaints_resolved": DOWN,
            "registry_ghosts": DOWN,
            "registry_age": DOWN,
        },
        default_parameter="lever.complaint_channel.default",
        strengths=("complaint.strength",),
    ),
    Lever(
        "village_deliberation",
        "share",
        "villages",
        0.0,
        1.0,
        cost="village_deliberation",
        grade="D",
        acts_on={"villages_deliberating": UP, "registry_age": DOWN},
        default_parameter="lever.village_deliberation.default",
        strengths=("deliberation.strength",),
    ),
)
"""Levers in the order in which they are shown."""
