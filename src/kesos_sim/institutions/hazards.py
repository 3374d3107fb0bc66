"""How often disasters of each kind strike a district and whom they hit, and who is there to help.

Rates are those observed in 2023 and 2024: a kind's events, people affected and houses damaged of
an average year of the nation, spread over provinces as in 2023, the year that has both. Inside a
province they follow the people, for no table says more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import erf, exp, sqrt
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data import read_table
from kesos_sim.data.regions import province_codes, province_of
from kesos_sim.institutions.budgets import district_population
from kesos_sim.institutions.places import Places
from kesos_sim.kernels.hazards import draw_events
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["KINDS", "OBSERVED", "HazardRates", "mean_size", "province_rates", "tagana"]

KINDS: Final = (
    "flood",
    "landslide",
    "extreme_weather",
    "tidal_wave_abrasion",
    "drought",
    "forest_land_fire",
    "earthquake",
    "volcanic_eruption",
)
"""Kinds of disaster that strike by themselves, as table ``disasters_province`` names them."""

OBSERVED: Final = (2023, 2024)
"""Years of which the nation's figures by kind are complete."""

_BY_KIND: Final = 2023
"""The year of which provinces are known by kind."""
_PROVINCES: Final = 2024
"""Provinces as they were when the observed years were counted."""
_HOUSES: Final = ("houses_heavy", "houses_medium", "houses_light")
_KIND_BITS: Final = 4
"""Place of the district in the identity of a draw, above the kind."""
_FACTS: Final = ("tagana_members", "tagana_members_active")


@dataclass(frozen=True)
class HazardRates:
    """What disasters do to the districts of a run on average.

    Attributes
    ----------
    events : float64[n_districts, n_kinds], events of a month
    people, houses : float64[n_districts, n_kinds], people affected and houses damaged by an event
    spread : float32, log points, standard deviation of the size of an event
    most : float32, standard deviations, from which on sizes are cut off
    """

    events: NDArray[np.float64]
    people: NDArray[np.float64]
    houses: NDArray[np.float64]
    spread: np.float32
    most: np.float32
    _entity: NDArray[np.uint32]

    @classmethod
    def of(cls, places: Places, spread: float, most: float) -> HazardRates:
        """Return the rates of the districts of a run.

        Parameters
        ----------
        places : Places
            Districts of the run.
        spread : float
            Standard deviation of the log of the size of an event.
        most : float
            Standard deviations from which on sizes are cut off.

        Returns
        -------
        HazardRates
        """
        rates, people_of = province_rates(), _people(places.year)
        codes = [province_of(int(code), _PROVINCES) for code in places.codes]
        yearly = np.array([rates[code] / people_of[code] for code in codes])
        own = yearly * places.population[:, None, None]
        events = own[:, 0] / MONTHS_PER_YEAR
        each = np.maximum(own[:, :1], np.finfo(np.float64).tiny)
        people, houses = np.moveaxis(own[:, 1:] / each, 1, 0)
        kinds = np.arange(len(KINDS), dtype=np.uint32)
        entity = (places.codes.astype(np.uint32)[:, None] << np.uint32(_KIND_BITS)) | kinds
        return cls(events, people, houses, np.float32(spread), np.float32(most), entity.ravel())

    @property
    def usual(self) -> NDArray[np.float64]:
        """People affected and houses damaged in a month on average.

        float64[2, n_districts], persons and houses
        """
        return np.stack([(self.events * each).sum(axis=1) for each in (self.people, self.houses)])

    def draw(self, key: int, month: Month) -> NDArray[np.float64]:
        """Draw what strikes in a month.

        Parameters
        ----------
        key : int
            Key of the seed and replicate.
        month : Month
            The month.

        Returns
        -------
        float64[3, n_districts], count, persons and houses: events, people affected, houses damaged
        """
        number = self._entity.size
        events, size = np.empty(number, np.int64), np.empty(number)
        word = month_word(month.ordinal, Stream.HAZARD)
        expected = self.events.ravel()
        draw_events(
            np.uint32(key), word, self._entity, expected, self.spread, self.most, events, size
        )
        shape = self.events.shape
        happened = events.reshape(shape).astype(np.float64)
        size_of = size.reshape(shape) / mean_size(float(self.spread), float(self.most))
        hit = happened * size_of
        return np.array([c.sum(axis=1) for c in (happened, hit * self.people, hit * self.houses)])


@cache
def mean_size(spread: float, most: float) -> float:
    """Return the mean of a log-normal size whose score is cut off on both sides.

    Parameters
    ----------
    spread : float
        Standard deviation of the log.
    most : float
        Standard deviations from which on scores are cut off.

    Returns
    -------
    float
        Ratio to the median.
    """

    def below(score: float) -> float:
        return 0.5 * (1.0 + erf(score / sqrt(2.0)))

    inside = exp(0.5 * spread**2) * (below(most - spread) - below(-most - spread))
    return inside + below(-most) * (exp(spread * most) + exp(-spread * most))


@cache
def province_rates() -> Mapping[int, NDArray[np.float64]]:
    """Return what strikes each province in a year.

    Returns
    -------
    mapping of int to float64[3, n_kinds], count, persons and houses
        Events, people affected, houses damaged, by province code of 2024.
    """
    table = read_table("disasters_province").where(period="full_year")
    codes = np.array(province_codes(_PROVINCES))

    def figures(code: int, kind: str, year: int) -> NDArray[np.float64]:
        rows = table.where(bps_code=code, hazard_type=kind, year=year)
        columns = [rows["events"], rows["affected_displaced"], sum(rows[name] for name in _HOUSES)]
        return np.array([np.nansum(column) for column in columns])

    nation = np.stack(
        [np.mean([figures(0, kind, year) for year in OBSERVED], axis=0) for kind in KINDS], axis=1
    )
    own = np.array([[figures(int(c), kind, _BY_KIND) for kind in KINDS] for c in codes])
    own = np.moveaxis(own, 1, 2)
    # Fires have no rows by province: what all kinds have beyond the others.
    everything = np.array([figures(int(code), "all", _BY_KIND) for code in codes])
    fire = KINDS.index("forest_land_fire")
    own[:, :, fire] = np.maximum(everything - own.sum(axis=2), 0.0)
    # Where events, or houses, are not known by province they are spread as people affected are.
    people = np.broadcast_to(own[:, 1:2], own.shape)
    own = np.where(own.sum(axis=0) > 0.0, own, people)
    # Nobody is hit without an event.
    own = np.where(own[:, :1] > 0.0, own, 0.0)
    found = own / np.maximum(own.sum(axis=0), 1.0) * nation
    return MappingProxyType(dict(zip(codes.tolist(), found, strict=True)))


@cache
def _people(year: int) -> Mapping[int, float]:
    """Return the people of a year in provinces as disasters were counted; nothing later is read."""
    found = dict.fromkeys(province_codes(_PROVINCES), 0.0)
    for code, number in district_population(year).items():
        found[province_of(code, _PROVINCES)] += number
    return MappingProxyType(found)


def tagana(places: Places) -> NDArray[np.float64]:
    """Return the trained volunteers of Tagana in each district.

    Parameters
    ----------
    places : Places
        Districts of the run.

    Returns
    -------
    float64[n_districts], persons; known for few provinces, elsewhere by people
    """
    table = read_table("disaster_response").where(fact=list(_FACTS))
    nation = table.where(bps_code=0, quality="official")
    people = _people(places.year)
    known = {
        int(row["bps_code"]): row["value"] for row in table.rows() if row["bps_code"] in people
    }
    others = sum(number for code, number in people.items() if code not in known)
    each = (nation["value"].max() - sum(known.values())) / others
    codes = [province_of(int(code), _PROVINCES) for code in places.codes]
    density = [known[code] / people[code] if code in known else each for code in codes]
    return np.asarray(np.array(density) * places.population)
