"""Programme totals and budgets beside published figures, misses included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from kesos_sim.data import Table, read_table
from kesos_sim.data.regions import provinces
from kesos_sim.institutions.budgets import (
    district_budgets,
    national_budget,
    province_budgets,
    village_fund,
)
from kesos_sim.institutions.fiscal_figures import apbd, apbn, regional_index
from kesos_sim.institutions.places import districts_by_province, province_totals
from kesos_sim.institutions.programmes import schedule
from kesos_sim.institutions.rules import (
    NATIONAL,
    Parameter,
    default_parameter,
    rule_years,
)
from kesos_sim.institutions.shares import starting_share
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["cross_check", "money_per_poor", "programme_total"]

_TRILLION: Final = 1e12
_PERCENT: Final = 100.0
_NATION: Final = 0
_COUNTED_AS: Final = {
    "PKH": "PKH",
    "SEMBAKO": "SEMBAKO",
    "BLT_DESA": "BLT_DANA_DESA",
    "PBI": "PBI_JKN",
    "BST": "BST",
}
"""Names of the programmes in the table of beneficiaries."""
_PARTIAL: Final = ("to 30 Apr 2022 only",)


def programme_total(name: str, year: int, parameter: Parameter = default_parameter) -> float:
    """Return what a national programme costs by its rules: quota times amount times months.

    PKH components count with the mean amount ``programme.pkh_mean_amount``.

    Parameters
    ----------
    name : str
        Name of a national programme.
    year : int
        Calendar year of the rule table.
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    float
        Nominal rupiah of that year.
    """
    total = 0.0
    for month in range(1, MONTHS_PER_YEAR + 1):
        plan = schedule(Month(year, month), lambda _: 1.0, parameter=parameter)
        k = plan.index(name)
        amount = float(plan.flat[k])
        if plan.pkh_part[k] > 0.0:
            amount = parameter("programme.pkh_mean_amount") / MONTHS_PER_YEAR
        total += float(plan.national_quota[k]) * amount
    return total


def cross_check(
    modelled: Mapping[tuple[str, int], float] | None = None,
    parameter: Parameter = default_parameter,
) -> Table:
    """Compare programme totals and budgets with published figures.

    Parameters
    ----------
    modelled : mapping, optional
        What a run of the whole country paid, rupiah by (programme, year); without it the rules'
        totals stand there.
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    Table
        Columns item, year, model, published (trillion rupiah), residual (percent), note.
    """
    rows = [*_programmes(modelled or {}, parameter), *_budgets(parameter)]
    names = ("item", "year", "model", "published", "residual", "note")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return Table.from_columns("cross_check", columns)


_Row = tuple[str, int, float, float, float, str]


def _row(item: str, year: int, model: float, published: float, note: str) -> _Row:
    """Make a row with its residual."""
    return item, year, model, published, _PERCENT * (model / published - 1.0), note


def _programmes(modelled: Mapping[tuple[str, int], float], parameter: Parameter) -> list[_Row]:
    """Compare the national programmes with their published budgets."""
    first, last = rule_years()
    rows = []
    for definition in NATIONAL:
        published = read_table("programme_beneficiaries").where(
            programme=_COUNTED_AS[definition.name], region=_NATION
        )
        for row in published.rows():
            year, budget = int(row["year"]), float(row["budget_idr_trillion"])
            partial = any(words in row["note"] for words in _PARTIAL)
            if not np.isfinite(budget) or not first <= year <= last or partial:
                continue
            own = modelled.get((definition.name, year))
            total = programme_total(definition.name, year, parameter) if own is None else own
            note = "by the rules" if own is None else "paid in the run"
            rows.append(_row(definition.name, year, total / _TRILLION, budget, note))
    return rows


def _budgets(parameter: Parameter) -> list[_Row]:
    """Compare the sum of imputed and published budgets with national totals."""
    year = 2024
    provincial = province_budgets(year, parameter)
    gross = sum(province.gross for province, _ in provincial.values())
    gross += sum(budget.gross for budget in district_budgets(year, parameter).values())
    rows = [
        _row("APBD gross", year, gross / _TRILLION, regional_index(year), "published 2023"),
        _row(
            "APBN own spending",
            year,
            national_budget(year).own / _TRILLION,
            apbn("central_expenditure_realised")[year],
            "",
        ),
    ]
    funds = village_fund(year)
    for (code, measure), years in apbd("apbn_spent_in_province").items():
        if measure == "dana_desa":
            total = sum(funds[inside] for inside in districts_by_province(year)[code])
            when = max(years)
            name = f"village fund {provinces()[code].name['id']}"
            rows.append(_row(name, when, total / _TRILLION, years[when][0], "by villages"))
    return rows


def money_per_poor(
    share: float = 0.10, year: int = 2024, parameter: Parameter = default_parameter
) -> Table:
    """Return what a share of the APBD of a province and its districts means for each poor person.

    Parameters
    ----------
    share : float
        Poverty share of own net spending.
    year : int
        Base year.
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    Table
        Columns bps_code, province, own (rupiah of all governments of the province), poor
        (persons), money (rupiah per poor person and year at the share), new_money (above today's
        share), gap (rupiah a poor person lacks in a year), ratio (money over gap).
    """
    rows = read_table("poverty_province").where(year=year, month=3, area="total")
    gap_of = {
        row["bps_code"]: row["gap_p1"] / row["poverty_rate_p0"] * row["poverty_line_idr"]
        for row in rows.rows()
    }
    local = district_budgets(year, parameter)
    columns: dict[str, list[float | int | str]] = {
        name: []
        for name in ("bps_code", "province", "own", "poor", "money", "new_money", "gap", "ratio")
    }
    for code, (province, _) in province_budgets(year, parameter).items():
        inside = districts_by_province(year)[code]
        own = province.own + sum(local[one].own for one in inside if one in local)
        poor = province_totals(year)[code].poor
        money = share * own / poor
        new = max(share - starting_share("province", parameter), 0.0) * own / poor
        gap = gap_of[code] * MONTHS_PER_YEAR
        row = (code, provinces()[code].name["id"], own, poor, money, new, gap, money / gap)
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
    return Table.from_columns("money_per_poor", columns)
