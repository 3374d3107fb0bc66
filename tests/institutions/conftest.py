"""Small runs of the institutions alone: places from the tables, no households."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import mesa
import numpy as np
import pytest

from kesos_sim.data import read_table
from kesos_sim.data.regions import expand_region
from kesos_sim.institutions.budgets import district_population
from kesos_sim.institutions.places import Places, cities
from kesos_sim.institutions.programmes import TOPUPS, ProgrammeSchedule, names, schedule
from kesos_sim.institutions.quotas import quotas
from kesos_sim.institutions.rules import default_parameter
from kesos_sim.institutions.settlement import Settlement
from kesos_sim.institutions.treasury import Treasury
from kesos_sim.model.ledger import Ledger
from kesos_sim.scenario import Scenario, from_document
from kesos_sim.units import Month

PKH_MEAN = 2_830_000
SOURCES = {"perjalanan_dinas": 0.5, "belanja_barang": 0.5}


def places_of(region: str | int, year: int = 2024) -> Places:
    """The districts of a region with plausible people; most live outside cities in villages."""
    codes = np.array(expand_region(region), np.int64)
    people = district_population(year)
    rate = {
        row["bps_code"]: row["poverty_rate_p0"] / 100.0
        for row in read_table("poverty_kabupaten").where(year=year).rows()
    }
    population = np.array([people[code] for code in codes.tolist()])
    poor = population * np.array([rate[code] for code in codes.tolist()])
    urban = np.isin(codes, list(cities()))
    return Places(
        year, codes, population, poor, population / 3.8, np.where(urban, 0.0, 0.6 * population)
    )


def scenario_of(region: str | int = 33, **changes: Any) -> Scenario:
    """A scenario as a file would make it."""
    document: dict[str, Any] = {
        "schema": 1,
        "name": "test",
        "title": {"id": "uji", "en": "test"},
        "region": region if isinstance(region, str) else [region],
        "start": "2024-03",
        "months": 60,
        "households": 20_000,
        "seed": 1,
        "growth": "none",
    }
    if set(changes.get("levers", {})) & {"apbd_poverty_share", "apbn_poverty_share"}:
        document["funding_sources"] = SOURCES
    return from_document(document | changes)


@dataclass
class Run:
    """The institutions of a run, with a simple stand-in for households."""

    scenario: Scenario
    places: Places
    ledger: Ledger = field(init=False)
    treasury: Treasury = field(init=False)
    settlements: dict[Month, Settlement] = field(default_factory=dict)
    flats: dict[Month, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ledger = Ledger.open(self.places, names(self.scenario.programmes))
        self.treasury = Treasury(mesa.Model(rng=1), self.places, self.scenario, self.ledger)

    def schedule(self, month: Month) -> ProgrammeSchedule:
        return schedule(
            month,
            lambda name: self.scenario.lever(name, month),
            self.scenario.programmes,
            base=self.scenario.start,
            parameter=self.scenario.parameter,
        )

    def live(self, month: Month, taken_up: float = 1.0) -> None:
        plan = self.schedule(month)
        self.treasury.step(month)
        # Without organisations new money pays for services directly.
        nobody = np.zeros(self.places.codes.size, np.bool_)
        self.treasury.grant(*np.zeros((2, nobody.size), np.int64), nobody)
        quota = quotas(plan, self.places, self.scenario.parameter) * taken_up
        covered = self.treasury.topup_quota() * taken_up
        flat = self.treasury.topup_flat(covered)
        yearly = quota * 12 * plan.flat[:, None]
        yearly[plan.index("PKH")] += quota[plan.index("PKH")] * PKH_MEAN
        for place, name in enumerate(TOPUPS):
            yearly[plan.index(name)] = covered[place] * flat[place] * 12
        self.settlements[month] = self.treasury.pay(plan, np.rint(yearly).astype(np.int64))
        self.ledger.close_month(month)
        self.flats[month] = flat

    def live_until(self, end: str, taken_up: float = 1.0) -> Run:
        month = self.scenario.start
        while month <= Month.parse(end):
            self.live(month, taken_up)
            month = month + 1
        return self


@pytest.fixture(scope="session")
def run_of() -> Callable[..., Run]:
    """Make a run that has not begun."""

    def make(region: str | int = 33, **changes: Any) -> Run:
        return Run(scenario_of(region, **changes), places_of(region))

    return make


@pytest.fixture(scope="session")
def make_places() -> Callable[..., Places]:
    """Make the places of a region."""
    return places_of


@pytest.fixture(scope="session")
def java() -> Places:
    """The districts of Jawa Tengah."""
    return places_of(33)


@pytest.fixture(scope="session")
def nation() -> Places:
    """All districts."""
    return places_of("indonesia")


@pytest.fixture(scope="session")
def parameters() -> Callable[..., Callable[[str], float]]:
    """Make a parameter function in which some rows differ from the table."""

    def make(changed: Mapping[str, float]) -> Callable[[str], float]:
        return lambda name: changed[name] if name in changed else default_parameter(name)

    return make
