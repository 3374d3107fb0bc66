"""The levers: what a policy can move, each declared once.

The scenario format, its JSON Schema, the editors, the sliders and the documentation are made
from these declarations. A lever is listed here only if the model has a mechanism for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kesos_sim.scenario.lever import Lever
from kesos_sim.scenario.levers_citizens import OF_CITIZENS
from kesos_sim.scenario.levers_coordination import OF_COORDINATION
from kesos_sim.scenario.levers_linking import OF_LINKING
from kesos_sim.scenario.levers_money import OF_MONEY
from kesos_sim.scenario.levers_organisations import OF_ORGANISATIONS
from kesos_sim.scenario.levers_protection import OF_PROTECTION

__all__ = ["LEVERS", "POINTS", "PORTFOLIO", "SHARE_LEVERS", "THEMES", "TODAY"]

TODAY: Final = "today"

POINTS: Final = range(1, 10)
"""Points of the agreement of 2008."""

_DECLARED: Final = {
    "money": OF_MONEY,
    "coordination": OF_COORDINATION,
    "organisations": OF_ORGANISATIONS,
    "linking": OF_LINKING,
    "protection": OF_PROTECTION,
    "citizens": OF_CITIZENS,
}

LEVERS: Final[Mapping[str, Lever]] = MappingProxyType(
    {lever.name: lever for levers in _DECLARED.values() for lever in levers}
)

THEMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {theme: tuple(lever.name for lever in levers) for theme, levers in _DECLARED.items()}
)
"""The levers by what they are about, in the order of declaration."""

PORTFOLIO: Final = tuple(name for name in LEVERS if name.startswith("portfolio_"))

SHARE_LEVERS: Final = ("apbd_poverty_share", "apbn_poverty_share")
