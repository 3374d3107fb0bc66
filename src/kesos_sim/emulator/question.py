"""What the surface answers: the levers of the agreement, in which world, when, and with what shock.

Everything that decides what is asked of the model stands here, so that the hash of this file and of
the packages below says whether a surface still answers the same question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kesos_sim.experiments.design import Design
from kesos_sim.experiments.futures import FUTURES
from kesos_sim.scenario.coordination import without_effect
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.load import from_document
from kesos_sim.scenario.parts import LeverSetting
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = [
    "BASE",
    "FLOWS_OF_PEOPLE",
    "HOUSEHOLDS",
    "NAMES",
    "OUTCOMES",
    "RAMPS",
    "SHOCKS",
    "START",
    "YEARS",
    "Life",
    "baseline",
    "scenario_of",
]

NAMES: Final = tuple(name for name, lever in LEVERS.items() if lever.point is not None)
"""Levers of the nine points, in the order in which they are shown."""
START: Final = Month.parse("2027-01")
"""Month from which a package acts: the first fiscal year that a meeting of 2026 can decide on."""
RAMPS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "apbd_poverty_share": 36,
        "apbn_poverty_share": 36,
        "bkkks_standing": 24,
        "partnership_platform": 36,
        "social_obligation": 36,
    }
)
"""Months over which levers are phased in, as in ``scenarios/semua-butir.yaml``; others at once."""
YEARS: Final = (2026, 2027, 2028, 2029, 2030, 2031)
"""Calendar years that are answered: the last before the package, and five with it."""
BASE: Final = Month.parse("2024-03")
HOUSEHOLDS: Final = 40_000
"""Simulated households of a life. More of them hardly cost more until about here."""
SHOCKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "none": "usual",
        "flood": "flood",
        "price_rise": "prices",
        "donation_fall": "donations",
        "registry_delay": "registry",
    }
)
"""Shocks, and the futures of `kesos_sim.experiments.futures` that declare their sizes."""
OUTCOMES: Final = (
    "poverty_rate",
    "poor_people",
    "poverty_gap",
    "extreme_poverty_rate",
    "near_poor_rate",
    "gini",
    "exclusion_error",
    "inclusion_error",
    "unmet_need_rate",
    "duplicate_service_rate",
    "days_to_service",
    "cases_served",
    "service_interruptions",
    "coordination_active",
    "orsos_membership",
    "orsos_income",
    "political_support",
    "bylaw_coverage",
    "disaster_waiting",
    "pillar_share_community",
    "benefit_delivered",
    "budget_spent",
    *(f"decile_mean_{tenth}" for tenth in range(1, 11)),
)
"""Indicators that are answered."""
FLOWS_OF_PEOPLE: Final = (
    "people_gaining", "people_losing", "people_gaining_much", "people_losing_much",
)  # fmt: skip
"""Percent of people who have more, or less, than without the package in the last month; much is
what `kesos_sim.experiments.winners` calls a large gain or loss, and counts among the others too."""


@dataclass(frozen=True)
class Life:
    """One run that is asked of the model.

    Attributes
    ----------
    world : int
        Number of the world, 1 or more: its seed and uncertain parameters.
    effect : bool
        Whether coordination has the effect that the world draws, or none.
    shock : str
        One of `SHOCKS`.
    levers : tuple of (str, float)
        Settings of the package by name, in order of name; none for the baseline.
    """

    world: int
    effect: bool = True
    shock: str = "none"
    levers: tuple[tuple[str, float], ...] = ()

    @property
    def baseline(self) -> Life:
        """The same world without the package."""
        return replace(self, levers=())


@cache
def baseline(households: int = HOUSEHOLDS) -> Scenario:
    """Return ``scenarios/baseline.yaml`` for as long as the surface answers.

    Parameters
    ----------
    households : int
        Simulated households.

    Returns
    -------
    Scenario
        Ten provinces without any change, to the end of the last year.
    """
    end = Month.parse(f"{YEARS[-1]}-{MONTHS_PER_YEAR}")
    return from_document(
        {
            "schema": 1,
            "name": "baseline",
            "title": {"id": "Tanpa perubahan", "en": "No change"},
            "region": "mpu",
            "start": str(BASE),
            "months": end - BASE,
            "households": households,
            "seed": 2008,
            "growth": "forward",
            "calibration": 2,
            "funding_sources": {"perjalanan_dinas": 0.5, "belanja_barang": 0.5},
        }
    )


def scenario_of(life: Life, households: int = HOUSEHOLDS) -> Scenario:
    """Return a life as a scenario.

    Parameters
    ----------
    life : Life
        What is asked.
    households : int
        Simulated households.

    Returns
    -------
    Scenario
        In the life's world. The shock holds with and without the package alike, and the package
        extends the baseline, whose anchor it shares.
    """
    usual = FUTURES[SHOCKS[life.shock]].change(baseline(households))
    levers = {name: LeverSetting(value, START, RAMPS.get(name, 0)) for name, value in life.levers}
    if levers:
        usual = replace(usual, name="package", levers=levers, root=usual)
    lived = Design().world(usual, life.world)
    return lived if life.effect else without_effect(lived)
