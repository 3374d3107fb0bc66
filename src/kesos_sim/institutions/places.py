"""What institutions know about districts and provinces: who lives there and how many are poor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data import read_table
from kesos_sim.data.regions import districts, province_codes, province_of

__all__ = ["Places", "ProvinceTotals", "cities", "districts_by_province", "province_totals"]

_THOUSAND: Final = 1000.0
_MARCH: Final = 3
_NATION: Final = 0


@dataclass(frozen=True)
class Places:
    """The districts of a run in its base year.

    Attributes
    ----------
    year : int
        Base year; decides which provinces exist.
    codes : int64[n_districts], BPS code, ascending
    population : float64[n_districts], persons
    poor : float64[n_districts], persons below the poverty line
    households : float64[n_districts], households
    rural : float64[n_districts], persons in rural strata
    replaced : mapping of int to ProvinceTotals
        Totals of provinces whose published ones own data replace.
    """

    year: int
    codes: NDArray[np.int64]
    population: NDArray[np.float64]
    poor: NDArray[np.float64]
    households: NDArray[np.float64]
    rural: NDArray[np.float64]
    replaced: Mapping[int, ProvinceTotals] = field(default_factory=dict)

    @cached_property
    def provinces(self) -> tuple[int, ...]:
        """Provinces of the run, ascending."""
        return tuple(sorted(set(self.province_code.tolist())))

    @cached_property
    def province_code(self) -> NDArray[np.int64]:
        """Province of each district.

        Returns
        -------
        int64[n_districts], BPS code of the base year
        """
        found = [province_of(int(code), self.year) for code in self.codes]
        return np.array(found, np.int64)

    @cached_property
    def province_index(self) -> NDArray[np.int64]:
        """Place of each district's province in `provinces`.

        Returns
        -------
        int64[n_districts], index
        """
        return np.searchsorted(np.array(self.provinces), self.province_code).astype(np.int64)

    @cached_property
    def rural_poor(self) -> NDArray[np.float64]:
        """Poor people in rural strata, split by population: the strata's rates are not known here.

        Returns
        -------
        float64[n_districts], persons
        """
        return np.asarray(self.poor * self.rural / np.maximum(self.population, 1.0))

    @cached_property
    def share_of_province(self) -> Mapping[str, NDArray[np.float64]]:
        """Part of its province in each district, by measure.

        Returns
        -------
        mapping of str to ndarray
            float64[n_districts], share; the shares of a whole province add up to 1, those of a
            part of it to what the published totals of the province leave for that part.
        """
        measures = {
            "population": self.population,
            "poor": self.poor,
            "rural": self.rural,
            "rural_poor": self.rural_poor,
        }
        whole = np.array([self._is_whole(code) for code in self.provinces])
        totals = {**province_totals(self.year), **self.replaced}
        shares = {}
        for name, values in measures.items():
            here = np.bincount(self.province_index, values, len(self.provinces))
            published = np.array([getattr(totals[code], name) for code in self.provinces])
            total = np.where(whole, here, np.maximum(published, here))
            shares[name] = values / np.maximum(total, 1.0)[self.province_index]
        return MappingProxyType(shares)

    def _is_whole(self, province: int) -> bool:
        """Return whether all districts of a province take part."""
        return int((self.province_code == province).sum()) == len(
            districts_by_province(self.year)[province]
        )


@dataclass(frozen=True, slots=True)
class ProvinceTotals:
    """Published figures of a province.

    Attributes
    ----------
    population, poor, rural, rural_poor : float
        Persons, as Susenas weights them (poor persons over poverty rate).
    """

    population: float
    poor: float
    rural: float
    rural_poor: float


@cache
def province_totals(year: int) -> Mapping[int, ProvinceTotals]:
    """Return people and poor people of all provinces in March of a year.

    A year without figures takes those of the last year before it that has some.

    Parameters
    ----------
    year : int
        Calendar year; decides which provinces exist.

    Returns
    -------
    mapping of int to ProvinceTotals
        By province code; 0 is the nation, the sum of the provinces.
    """
    march = read_table("poverty_province").where(month=_MARCH)
    known = np.unique(march["year"][np.isfinite(march["poor_thousand"])])
    latest = int(known[known <= year].max(initial=int(known.min())))
    rows = {
        (row["bps_code"], row["area"]): (row["poor_thousand"], row["poverty_rate_p0"])
        for row in march.where(year=latest).rows()
    }

    def people(code: int, area: str) -> tuple[float, float]:
        poor, rate = rows.get((code, area), (0.0, np.nan))
        if not np.isfinite(poor) or not rate > 0.0:
            return 0.0, 0.0
        return poor * _THOUSAND / (rate / 100.0), poor * _THOUSAND

    found = {}
    for code in province_codes(year):
        population, poor = people(code, "total")
        rural, rural_poor = people(code, "rural")
        found[code] = ProvinceTotals(population, poor, rural, rural_poor)
    names = ("population", "poor", "rural", "rural_poor")
    found[_NATION] = ProvinceTotals(
        *(sum(getattr(totals, name) for totals in found.values()) for name in names)
    )
    return MappingProxyType(found)


@cache
def districts_by_province(year: int) -> Mapping[int, tuple[int, ...]]:
    """Return the districts of every province of a year.

    Parameters
    ----------
    year : int
        Calendar year.

    Returns
    -------
    mapping of int to tuple of int
        Codes, ascending.
    """
    found: dict[int, list[int]] = {code: [] for code in province_codes(year)}
    for code in districts():
        found[province_of(code, year)].append(code)
    return MappingProxyType({code: tuple(inside) for code, inside in found.items()})


@cache
def cities() -> frozenset[int]:
    """Return the districts that are cities (kota)."""
    return frozenset(code for code, found in districts().items() if found.kind == "kota")
