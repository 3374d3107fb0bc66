"""Checks of population, distribution, composition, programmes and budgets."""

from __future__ import annotations

import math
import re
from typing import Final

import numpy as np

from kesos_sim.data.checking import Check, Checker, Tables, compare, weighted
from kesos_sim.data.community_checks import COMMUNITY_CHECKS
from kesos_sim.data.poverty_checks import MARCH, by_area, implied_population, place

# Tolerances are the rounding of the published figures.
_IMPLIED: Final = 0.05
_IMPLIED_SUM: Final = 0.1
_POPULATION_SUM: Final = 0.5
_SHARES: Final = 0.02
_DECILES: Final = 1e-5
_EXPENDITURE_PARTS: Final = 10.0
_EXPENDITURE_MEAN: Final = 0.03
_COMPOSITION: Final = 0.05
_RESIDUAL: Final = 0.01
_HUNDRED: Final = 100.0
_MEDIAN: Final = 50
_DECILE_COLUMNS: Final = tuple(f"d{number}" for number in range(1, 11))
_SHARES_OF_HOUSEHOLDS: Final = re.compile(r"households_by_.*|household_share_by_.*")


def implied(tables: Tables) -> Check:
    """Check that the implied population is poor persons over P0 of March."""
    rows = tables["poverty_province"].where(month=MARCH, area="total").rows()
    expected = {(row["bps_code"], row["year"]): implied_population(row) for row in rows}
    found = {
        place(row["bps_code"], row["year"]): _HUNDRED
        * (row["implied_susenas_population_thousand"] / expected[key] - 1.0)
        for row in tables["population_province"].rows()
        if (key := (row["bps_code"], row["year"])) in expected
    }
    names = ("population_province", "poverty_province")
    return compare("implied", names, found, _IMPLIED, "percent")


def _provinces_to_nation(tables: Tables, column: str) -> dict[str, tuple[float, float]]:
    """Return sum of the provinces and the nation's figure by year."""
    table = tables["population_province"]
    found: dict[str, tuple[float, float]] = {}
    for year in sorted(set(table["year"].tolist())):
        rows = table.where(year=year)
        nation = rows.where(bps_code=0)[column]
        provinces = rows[column][rows["bps_code"] > 0]
        if len(nation) == 1 and not np.all(np.isnan(provinces)):
            found[str(year)] = float(np.nansum(provinces)), float(nation[0])
    return found


def implied_sum(tables: Tables) -> Check:
    """Check that implied populations of the provinces add up to the nation's."""
    sums = _provinces_to_nation(tables, "implied_susenas_population_thousand")
    found = {year: _HUNDRED * (total / nation - 1.0) for year, (total, nation) in sums.items()}
    return compare("implied_sum", ("population_province",), found, _IMPLIED_SUM, "percent")


def population_sum(tables: Tables) -> Check:
    """Check that published populations of the provinces add up to the nation's."""
    sums = _provinces_to_nation(tables, "population_thousand")
    found = {year: total - nation for year, (total, nation) in sums.items()}
    names = ("population_province",)
    return compare("population_sum", names, found, _POPULATION_SUM, "thousand_people")


def shares_40_40_20(tables: Tables) -> Check:
    """Check that the shares of the bottom 40, middle 40 and top 20 percent add up to 100."""
    found = {
        place(row["bps_code"], (row["year"], row["month"]), row["area"]): row["share_bottom40"]
        + row["share_mid40"]
        + row["share_top20"]
        - _HUNDRED
        for row in tables["inequality_province"].rows()
    }
    return compare("shares_40_40_20", ("inequality_province",), found, _SHARES, "points")


def deciles(tables: Tables) -> Check:
    """Check that decile shares add up to one and rise from decile to decile."""
    table = tables["decile_shares"]
    shares = np.stack([table[name] for name in _DECILE_COLUMNS])
    fall = np.maximum(-np.diff(shares, axis=0).min(axis=0), 0.0)
    wrong = np.maximum(np.abs(shares.sum(axis=0) - 1.0), fall).tolist()
    labels = zip(table["year"].tolist(), table["area"].tolist(), strict=True)
    found = {place(*label): value for label, value in zip(labels, wrong, strict=True)}
    return compare("deciles", ("decile_shares",), found, _DECILES, "share")


def percentiles(tables: Tables) -> Check:
    """Check that percentiles rise, there are 99 of them, and the median is one."""
    table = tables["consumption_percentiles"]
    found: dict[str, float] = {}
    for year in sorted(set(table["year"].tolist())):
        for area in sorted(set(table["area"].tolist())):
            rows = table.where(year=year, area=area)
            curve = rows["ratio_to_median"]
            complete = rows["percentile"].tolist() == list(range(1, 100))
            rising = bool(np.all(np.diff(curve) > 0))
            median = float(curve[rows["percentile"] == _MEDIAN].sum())
            found[place(year, area)] = float(not (complete and rising)) + abs(median - 1.0)
    return compare("percentiles", ("consumption_percentiles",), found, 0.0, "share")


def expenditure_parts(tables: Tables) -> Check:
    """Check that food and non-food expenditure add up to the total."""
    found = {
        place(row["bps_code"], (row["year"], row["month"]), row["area"], row["group"]): row[
            "total_idr"
        ]
        - row["food_idr"]
        - row["nonfood_idr"]
        for row in tables["expenditure_province"].rows()
    }
    names = ("expenditure_province",)
    return compare("expenditure_parts", names, found, _EXPENDITURE_PARTS, "rupiah")


def expenditure_areas(tables: Tables) -> Check:
    """Check that urban and rural expenditure average to the published total."""
    poverty = by_area(tables["poverty_province"])
    whole = tables["expenditure_province"].where(group="all", quality="official")
    found: dict[str, float] = {}
    for (code, year, month), areas in by_area(whole).items():
        people = poverty.get((code, year, month), {})
        if {"urban", "rural", "total"} <= set(areas) and {"urban", "rural"} <= set(people):
            mean = weighted(
                np.array([areas[area]["total_idr"] for area in ("urban", "rural")]),
                np.array([implied_population(people[area]) for area in ("urban", "rural")]),
            )
            total = areas["total"]["total_idr"]
            found[place(code, (year, month))] = _HUNDRED * (mean / total - 1.0)
    names = ("expenditure_province", "poverty_province")
    return compare("expenditure_areas", names, found, _EXPENDITURE_MEAN, "percent")


def composition_shares(tables: Tables) -> Check:
    """Check that shares of households by size or by children add up to 100."""
    sums: dict[str, float] = {}
    for row in tables["household_composition"].rows():
        if _SHARES_OF_HOUSEHOLDS.fullmatch(row["indicator"]):
            at = place(row["bps_code"], row["year"], row["area"], row["indicator"])
            sums[at] = sums.get(at, -_HUNDRED) + row["value"]
    return compare("composition_shares", ("household_composition",), sums, _COMPOSITION, "points")


def district_counts(tables: Tables) -> Check:
    """Check that the list of districts has as many kabupaten and kota as each province counts."""
    table = tables["districts"]
    found: dict[str, float] = {}
    for row in tables["provinces"].rows():
        for kind in ("kabupaten", "kota"):
            listed = len(table.where(province_code=row["bps_code"], kind=kind))
            found[place(row["bps_code"], kind)] = listed - row[f"n_{kind}"]
    return compare("district_counts", ("districts", "provinces"), found, 0.0, "rows")


def village_counts(tables: Tables) -> Check:
    """Check that villages and urban villages add up."""
    found = {
        place(row["bps_code"]): row["n_desa"] + row["n_kelurahan"] - row["n_desa_kelurahan"]
        for row in tables["provinces"].rows()
    }
    return compare("village_counts", ("provinces",), found, 0.0, "rows")


def crosscheck_residuals(tables: Tables) -> Check:
    """Check that the printed residuals of the budget cross-checks follow from their figures."""
    found = {
        place(row["item"], row["year"], f"#{number}"): _HUNDRED
        * (row["computed"] / row["published"] - 1.0)
        - row["residual_percent"]
        for number, row in enumerate(tables["crosschecks"].rows(), start=1)
    }
    return compare("crosscheck_residuals", ("crosschecks",), found, _RESIDUAL, "percent")


def latest_budgets(tables: Tables) -> Check:
    """Check that each latest provincial budget stands in the long table too."""
    spending = tables["apbd_province"].where(level="provinsi")
    found: dict[str, float] = {}
    for row in tables["apbd_province_latest"].rows():
        total = row["total_expenditure_idr_trillion"]
        if not math.isnan(total):
            rows = spending.where(bps_code=row["bps_code"], year=int(row["expenditure_year"]))
            found[place(row["bps_code"])] = float(not np.isclose(rows["value"], total).any())
    names = ("apbd_province_latest", "apbd_province")
    return compare("latest_budgets", names, found, 0.0, "rows")


OTHER_CHECKS: Final[tuple[Checker, ...]] = (
    implied,
    implied_sum,
    population_sum,
    shares_40_40_20,
    deciles,
    percentiles,
    expenditure_parts,
    expenditure_areas,
    composition_shares,
    district_counts,
    village_counts,
    crosscheck_residuals,
    latest_budgets,
    *COMMUNITY_CHECKS,
)
