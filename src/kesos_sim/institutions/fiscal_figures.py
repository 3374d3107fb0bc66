"""Published figures of national and regional budgets, by measure and year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import numpy as np

from kesos_sim.data import read_table

__all__ = ["apbd", "apbn", "nearest_year", "regional_index", "transfers"]


@cache
def apbd(level: str) -> Mapping[tuple[int, str], Mapping[int, tuple[float, str]]]:
    """Return the published figures of regional budgets of one level.

    Parameters
    ----------
    level : str
        Level as the table apbd_province names it.

    Returns
    -------
    mapping
        (province, measure) to year to (trillion rupiah, quality).
    """
    found: dict[tuple[int, str], dict[int, tuple[float, str]]] = {}
    for row in read_table("apbd_province").where(level=level).rows():
        if row["unit"] == "IDR trillion":
            years = found.setdefault((row["bps_code"], row["measure"]), {})
            years[row["year"]] = (row["value"], row["quality"])
    return MappingProxyType(found)


@cache
def apbn(measure: str) -> Mapping[int, float]:
    """Return one series of the national budget.

    Parameters
    ----------
    measure : str
        Measure as the table apbn names it.

    Returns
    -------
    mapping of int to float
        Trillion rupiah by year.
    """
    rows = read_table("apbn").where(measure=measure).rows()
    return MappingProxyType({row["year"]: row["value"] for row in rows})


def nearest_year(years: Mapping[int, tuple[float, str]], wanted: int) -> int:
    """Return the year nearest to the wanted one, the earlier of two.

    Parameters
    ----------
    years : mapping
        Figures by year.
    wanted : int
        Calendar year.

    Returns
    -------
    int
        A year that has a figure.
    """
    return min(years, key=lambda year: (abs(year - wanted), year))


@cache
def regional_index(year: int) -> float:
    """Return all regional budgets together in a year, trillion rupiah, gross.

    Between published years it is interpolated, after the last held; before the first it follows
    transfers from the centre.

    Parameters
    ----------
    year : int
        Calendar year.

    Returns
    -------
    float
        Trillion rupiah of that year.
    """
    totals = apbd("provinsi_plus_kabkota")[0, "total_expenditure_budget"]
    years = sorted(totals)
    if year >= years[0]:
        return float(np.interp(year, years, [totals[y][0] for y in years]))
    return totals[years[0]][0] * transfers(year) / transfers(years[0])


def transfers(year: int) -> float:
    """Return the nation's transfers to regions, village funds included.

    Parameters
    ----------
    year : int
        Calendar year.

    Returns
    -------
    float
        Trillion rupiah of that year; between published years interpolated.
    """
    for measure in (
        "transfers_to_regions_total_realised",
        "transfers_to_regions_and_village_fund",
        "transfers_to_regions_total_budget",
    ):
        if year in apbn(measure):
            return apbn(measure)[year]
    both = (apbn("transfers_to_regions_realised"), apbn("dana_desa_realised"))
    known = sorted(set(both[0]) & set(both[1]))
    return float(np.interp(year, known, [both[0][y] + both[1][y] for y in known]))
