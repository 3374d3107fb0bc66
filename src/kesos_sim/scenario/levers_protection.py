"""Levers of protection besides the regular programmes: disasters, houses, remote communities."""

from __future__ import annotations

from typing import Final

from kesos_sim.scenario.lever import DOWN, UP, Lever

__all__ = ["OF_PROTECTION"]

OF_PROTECTION: Final = (
    Lever(
        "adaptive_cash",
        "share",
        "families_hit",
        0.0,
        1.0,
        cost="adaptive_cash",
        grade="D",
        acts_on={"emergency_cash_families": UP, "poverty_gap": DOWN},
        fixed_default=0.0,
    ),
    Lever(
        "house_repair",
        "share",
        "unfit_houses",
        0.0,
        0.5,
        cost="house_repair",
        grade="D",
        acts_on={"houses_repaired": UP, "unfit_housing_rate": DOWN},
        fixed_default=0.0,
    ),
    Lever(
        "kat_programme",
        "factor",
        "today",
        0.0,
        10.0,
        cost="kat_programme",
        grade="C",
        acts_on={"remote_in_need": DOWN},
        fixed_default=1.0,
    ),
)
"""Levers in the order in which they are shown."""
