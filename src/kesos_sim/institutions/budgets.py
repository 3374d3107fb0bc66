"""What governments spend themselves, and what of it reaches the poor today.

Own net spending is gross spending less what is passed on to other governments and villages
(shared revenue and financial aid); only on it does a share of the budget mean something.
Rupiah are of the base year: a figure of another year is carried over by the growth of all
regional budgets together. What is not published is imputed, with the method in the row
(`budget_table`, grade D): missing provinces and districts by a fixed part and a part per head,
fitted to those that are published. DKI has no district budgets.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np

from kesos_sim.data import Table, read_table
from kesos_sim.data.own.figures import OwnData
from kesos_sim.data.regions import FIRST_YEAR_DIVIDED, districts, province_codes, region_name
from kesos_sim.institutions.budget import Budget, own_budget, share_now, share_room
from kesos_sim.institutions.fiscal_figures import (
    apbd,
    apbn,
    nearest_year,
    regional_index,
    transfers,
)
from kesos_sim.institutions.places import cities, districts_by_province, province_totals
from kesos_sim.institutions.rules import Parameter, default_parameter

__all__ = [
    "Budget",
    "budget_table",
    "district_budgets",
    "district_population",
    "national_budget",
    "province_budgets",
    "village_fund",
]

TRILLION: Final = 1e12
_DKI: Final = 31
_SAMPLE_YEAR: Final = 2019
"""Year of the district budgets in table apbd_district_2019_sample."""
_IMPUTED: Final = "imputed, grade D"
_GROSS: Final = (
    "total_expenditure_realised",
    "total_expenditure_budget_revised",
    "total_expenditure_budget",
    "total_expenditure_budget_original",
)
"""Measures of gross spending, the best first."""
_WITHOUT_FINANCING: Final = "total_expenditure_excl_financing_budget"
_PASSED_ON: Final = (
    ("belanja_transfer_to_lower_levels",),
    ("belanja_bagi_hasil_to_lower_levels", "belanja_bantuan_keuangan_to_lower_levels"),
)


def national_budget(year: int) -> Budget:
    """Return the nation's own spending: central expenditure without transfers to regions.

    Parameters
    ----------
    year : int
        Base year.

    Returns
    -------
    Budget
        Rupiah of that year.
    """
    passed_on = transfers(year)
    for measure in ("central_expenditure_realised", "central_expenditure_budget"):
        if year in apbn(measure):
            own = apbn(measure)[year]
            return _nation(own, passed_on, year, "official", measure.replace("_", " "))
    for measure in ("total_expenditure_realised", "total_expenditure_budget_revised"):
        if year in apbn(measure):
            method = f"{measure.replace('_', ' ')} less transfers to regions"
            return _nation(apbn(measure)[year] - passed_on, passed_on, year, "estimate", method)
    central = apbn("central_expenditure_realised")
    near = min(central, key=lambda y: abs(y - year))
    own = central[near] * passed_on / transfers(near)
    method = f"central expenditure of {near}, carried over by transfers to regions"
    return _nation(own, passed_on, near, _IMPUTED, method)


def _nation(own: float, passed_on: float, year: int, quality: str, method: str) -> Budget:
    """Make the nation's budget of figures in trillion rupiah."""
    gross, passed_on = (own + passed_on) * TRILLION, passed_on * TRILLION
    return Budget(0, "nation", gross, passed_on, year, quality, method)


def _gross_of_province(code: int, year: int, parameter: Parameter) -> tuple[float, int, str, str]:
    """Return gross spending in trillion of the base year, year, quality and method."""
    figures = apbd("provinsi")
    excluding = figures.get((code, _WITHOUT_FINANCING))
    series = [excluding] if excluding else [figures.get((code, m), {}) for m in _GROSS]
    merged: dict[int, tuple[float, str]] = {}
    for years in reversed(series):
        merged |= years
    if merged:
        near = nearest_year(merged, year)
        value, quality = merged[near]
        scale = regional_index(year) / regional_index(near)
        return value * scale, near, quality, "published spending" + _carried(near, year)
    revenue: dict[int, tuple[float, str]] = {}
    for measure in ("revenue_budget_revised", "revenue_budget", "revenue_realised"):
        revenue |= figures.get((code, measure), {})
    if revenue:
        near = nearest_year(revenue, year)
        scale = regional_index(year) / regional_index(near)
        value = revenue[near][0] * parameter("fiscal.expenditure_per_revenue")
        return value * scale, near, "estimate", "published revenue" + _carried(near, year)
    people = province_totals(year)[code].population
    value = parameter("fiscal.province_fixed") + parameter("fiscal.province_per_head") * people
    return value / TRILLION, 0, _IMPUTED, "fixed part and population of other provinces"


def _carried(near: int, year: int) -> str:
    """Say that a figure was carried over from another year."""
    return "" if near == year else f" of {near}, carried over by all regional budgets"


def _share_passed_on(level: str, code: int, gross: Mapping[int, float], default: float) -> float:
    """Return the published part of gross spending that is passed on, or the default."""
    figures = apbd(level)
    for names in _PASSED_ON:
        for suffix in ("_realised", "_budget"):
            series = [figures.get((code, name + suffix), {}) for name in names]
            years = set.intersection(*(set(one) for one in series)) & set(gross)
            if years:
                latest = max(years)
                return sum(one[latest][0] for one in series) / gross[latest]
    return default


def _gross_years(level: str, code: int) -> dict[int, float]:
    """Return gross spending by year, as published, trillion rupiah."""
    found: dict[int, float] = {}
    for measure in reversed(_GROSS):
        found |= {year: value for year, (value, _) in apbd(level).get((code, measure), {}).items()}
    return found


def province_budgets(
    year: int, parameter: Parameter = default_parameter
) -> dict[int, tuple[Budget, Budget | None]]:
    """Return the budget of each province and of its districts together.

    Parameters
    ----------
    year : int
        Base year.
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    dict of int to tuple
        By province: the province's own budget, and that of its districts together (None in DKI).
    """
    found: dict[int, tuple[Budget, Budget | None]] = {}
    for code in province_codes(year):
        gross, source_year, quality, method = _gross_of_province(code, year, parameter)
        part = 0.0
        if code != _DKI:
            part = _share_passed_on(
                "provinsi",
                code,
                _gross_years("provinsi", code),
                parameter("fiscal.province_passed_on"),
            )
        province = Budget(
            code,
            "province",
            gross * TRILLION,
            gross * part * TRILLION,
            source_year,
            quality,
            method,
        )
        found[code] = (province, _districts_together(code, year, province, parameter))
    return found


def _districts_together(
    code: int, year: int, province: Budget, parameter: Parameter
) -> Budget | None:
    """Return the budgets of a province's districts added up."""
    if code == _DKI:
        return None
    own = _gross_years("kabkota_consolidated", code)
    both = apbd("provinsi_plus_kabkota").get((code, "revenue_budget"), {})
    if own:
        near = min(own, key=lambda y: abs(y - year))
        gross = own[near] * regional_index(year) / regional_index(near) * TRILLION
        quality, method = "estimate", "published total less the province" + _carried(near, year)
    elif both:
        near = nearest_year(both, year)
        total = both[near][0] * regional_index(year) / regional_index(near) * TRILLION
        gross, quality = max(total - province.gross, 0.0), "estimate"
        method = "revenue of all budgets less the province" + _carried(near, year)
    else:
        near, quality, method = (
            _SAMPLE_YEAR,
            _IMPUTED,
            "61 districts" + _carried(_SAMPLE_YEAR, year),
        )
        gross = sum(_by_sample(one, year, parameter) for one in districts_by_province(year)[code])
        gross *= regional_index(year) / regional_index(_SAMPLE_YEAR)
    part = _share_passed_on(
        "kabkota_consolidated", code, own, parameter("fiscal.district_passed_on")
    )
    return Budget(code, "district", gross, gross * part, near, quality, method)


def _by_sample(code: int, year: int, parameter: Parameter) -> float:
    """Return what a district of that population spent in the sample's year, rupiah."""
    people = district_population(year)[code]
    return parameter("fiscal.district_fixed") + parameter("fiscal.district_per_head") * people


@cache
def district_population(year: int) -> Mapping[int, float]:
    """Return the population of districts in 2017, scaled to the base year of their province.

    Parameters
    ----------
    year : int
        Base year.

    Returns
    -------
    mapping of int to float
        Persons by district code.
    """
    rows = read_table("district_population")
    known = dict(zip(rows["bps_code"].tolist(), rows["population"].tolist(), strict=True))
    carved = dict(zip(rows["bps_code"].tolist(), rows["carved_from"].tolist(), strict=True))
    # A district counted with the one it was carved from shares its people evenly.
    sharing: dict[int, list[int]] = {}
    for code in known:
        sharing.setdefault(carved[code] or code, []).append(code)
    people = {
        code: known[origin] / len(codes) for origin, codes in sharing.items() for code in codes
    }
    for province in province_codes(year):
        codes = districts_by_province(year)[province]
        scale = province_totals(year)[province].population / sum(people[code] for code in codes)
        people |= {code: people[code] * scale for code in codes}
    return MappingProxyType(people)


def district_budgets(year: int, parameter: Parameter = default_parameter) -> dict[int, Budget]:
    """Return the budget of each district, split from its province's total.

    Parameters
    ----------
    year : int
        Base year.
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    dict of int to Budget
        By district code; none for DKI.
    """
    found: dict[int, Budget] = {}
    for province, (_, together) in province_budgets(year, parameter).items():
        if together is None:
            continue
        size = {
            code: _by_sample(code, year, parameter)
            for code in districts_by_province(year)[province]
        }
        total = sum(size.values())
        for code, own in size.items():
            part = own / total
            found[code] = Budget(
                code,
                "district",
                together.gross * part,
                together.passed_on * part,
                together.year,
                _IMPUTED,
                f"fixed part and population of the province's total; total: {together.method}",
            )
    return found


def village_fund(year: int, own: OwnData | None = None) -> dict[int, float]:
    """Return the village fund of each district, split by villages and rural people.

    The national total goes to provinces by villages, inside a province to districts (not to
    cities) evenly by population: villages by district are not in the tables (grade D).

    Parameters
    ----------
    year : int
        Base year.
    own : OwnData, optional
        Figures of a planner that replace these.

    Returns
    -------
    dict of int to float
        Rupiah of that year by district code.
    """
    totals = apbn("dana_desa_budget")
    national = float(np.interp(year, sorted(totals), [totals[y] for y in sorted(totals)]))
    if year < min(totals):
        national = 0.0
    villages = {row["bps_code"]: row["n_desa"] for row in read_table("provinces").rows()}
    every = sum(villages.values())
    people = district_population(year)
    found = dict.fromkeys(districts(), 0.0)
    for province, codes in districts_by_province(FIRST_YEAR_DIVIDED).items():
        rural = [code for code in codes if code not in cities()]
        total = sum(people[code] for code in rural)
        for code in rural:
            part = villages[province] / every * people[code] / total
            found[code] = national * part * TRILLION
    brought = {} if own is None else own.of("amount", "village_fund")
    return found | {code: figure.value for code, figure in brought.items()}


def budget_table(
    year: int = 2024, parameter: Parameter = default_parameter, own: OwnData | None = None
) -> Table:
    """Return the budgets of all governments as a table, imputations marked.

    Parameters
    ----------
    year : int
        Base year.
    parameter : function
        Value of a model parameter by id.
    own : OwnData, optional
        Figures of a planner that replace these.

    Returns
    -------
    Table
        Columns bps_code, name, level, gross, passed_on, own (rupiah of the base year), share_now,
        room (shares of own net spending), figure_year, quality, method.
    """
    budgets = [national_budget(year)]
    budgets += [province for province, _ in province_budgets(year, parameter).values()]
    budgets += district_budgets(year, parameter).values()
    budgets = [own_budget(budget, year, own) for budget in budgets]
    columns: dict[str, list[object]] = {
        "bps_code": [b.code for b in budgets],
        "name": [region_name(b.code, "id") for b in budgets],
        "level": [b.level for b in budgets],
        "gross": [b.gross for b in budgets],
        "passed_on": [b.passed_on for b in budgets],
        "own": [b.own for b in budgets],
        "share_now": [share_now(b, parameter) for b in budgets],
        "room": [share_room(b, parameter) for b in budgets],
        "figure_year": [b.year for b in budgets],
        "quality": [b.quality for b in budgets],
        "method": [b.method for b in budgets],
    }
    return Table.from_columns("budgets", columns)
