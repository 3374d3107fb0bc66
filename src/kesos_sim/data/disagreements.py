"""Known disagreements of the sources, measured again at each check and left as published."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from kesos_sim.data.checking import Check, Checker, Tables, known, spread
from kesos_sim.data.community_checks import COMMUNITY_DISAGREEMENTS
from kesos_sim.data.hazard_checks import HAZARD_DISAGREEMENTS
from kesos_sim.data.organisation_checks import ORGANISATION_DISAGREEMENTS
from kesos_sim.data.poverty_checks import (
    MARCH,
    by_area,
    district_differences,
    implied_population,
    place,
)

_HUNDRED: Final = 100.0
_JUMP: Final = 20.0
_CENSUS_CHANGE: Final = (2019, 2020)
_NEWEST: Final = 2024
_KEPRI: Final = 21
_PAPUA: Final = 94
_LAMPUNG: Final = 18
_JAWA_TENGAH: Final = 33
_VINTAGE: Final = re.compile(r"growth (-?[0-9.]+) in the earlier")
_OTHER_BUDGET: Final = re.compile(r"Metro TV gives ([0-9.]+)")


def population_against_poverty(tables: Tables) -> Check:
    """Measure: published population against the one that poor persons and P0 imply."""
    rows = tables["population_province"].where(year=_NEWEST).rows()
    found = {
        place(row["bps_code"], row["year"]): _HUNDRED
        * (row["population_thousand"] / row["implied_susenas_population_thousand"] - 1.0)
        for row in rows
    }
    return known("population_against_poverty", ("population_province",), found, "percent")


def population_jump(tables: Tables) -> Check:
    """Measure: population jumps where the census base changes."""
    before, after = _CENSUS_CHANGE
    table = tables["population_province"]
    older = {row["bps_code"]: row["population_thousand"] for row in table.where(year=before).rows()}
    found = {
        place(row["bps_code"]): _HUNDRED
        * (row["population_thousand"] / older[row["bps_code"]] - 1.0)
        for row in table.where(year=after).rows()
        if row["bps_code"] in older
    }
    return known("population_jump", ("population_province",), found, "percent")


def district_p1(tables: Tables) -> Check:
    """Measure: P1 of the districts does not average to the province."""
    names = ("poverty_kabupaten", "poverty_province")
    return known("district_p1", names, district_differences(tables, "gap_p1"), "points")


def district_p2(tables: Tables) -> Check:
    """Measure: P2 of the districts does not average to the province."""
    names = ("poverty_kabupaten", "poverty_province")
    return known("district_p2", names, district_differences(tables, "severity_p2"), "points")


def district_lines(tables: Tables) -> Check:
    """Measure: poverty lines of the districts do not average to the province."""
    table = tables["poverty_province"].where(month=MARCH, area="total")
    lines = {place(row["bps_code"], row["year"]): row["poverty_line_idr"] for row in table.rows()}
    found = {
        at: _HUNDRED * difference / lines[at]
        for at, difference in district_differences(tables, "poverty_line_idr").items()
    }
    return known("district_lines", ("poverty_kabupaten", "poverty_province"), found, "percent")


def line_jumps(tables: Tables) -> Check:
    """Measure: poverty lines of some districts jump by more than a fifth in a year."""
    lines = {
        (row["bps_code"], row["year"]): row["poverty_line_idr"]
        for row in tables["poverty_kabupaten"].rows()
    }
    changes = {
        place(code, year): _HUNDRED * (line / lines[(code, year - 1)] - 1.0)
        for (code, year), line in lines.items()
        if (code, year - 1) in lines
    }
    found = {at: change for at, change in changes.items() if abs(change) > _JUMP}
    return known("line_jumps", ("poverty_kabupaten",), found, "percent")


def line_rounding(tables: Tables) -> Check:
    """Measure: food and non-food line differ from the line by a rupiah."""
    rows = tables["poverty_province"].rows()
    found: dict[str, float] = {}
    for row in rows:
        parts = row["poverty_line_food_idr"] + row["poverty_line_nonfood_idr"]
        if abs(row["poverty_line_idr"] - parts) > 0:
            at = place(row["bps_code"], (row["year"], row["month"]), row["area"])
            found[at] = row["poverty_line_idr"] - parts
    return known("line_rounding", ("poverty_province",), found, "rupiah")


def village_reclassification(tables: Tables) -> Check:
    """Measure: urban share of Kepulauan Riau between 2010 and 2011."""
    shares: dict[int, float] = {}
    for (code, year, month), areas in by_area(tables["poverty_province"]).items():
        if code == _KEPRI and month == MARCH and {"urban", "total"} <= set(areas):
            urban, total = implied_population(areas["urban"]), implied_population(areas["total"])
            shares[year] = _HUNDRED * urban / total
    found = {place(_KEPRI, "2010-2011"): shares[2011] - shares[2010]}
    return known("village_reclassification", ("poverty_province",), found, "points")


def implausible_gap(tables: Tables) -> Check:
    """Measure: P1 of Papua in September 2015 is a fraction of the half-year after it."""
    table = tables["poverty_province"].where(bps_code=_PAPUA, area="total")
    odd = table.where(year=2015, month=9)["gap_p1"]
    next_march = table.where(year=2016, month=MARCH)["gap_p1"]
    found = {place(_PAPUA, (2015, 9)): float((odd - next_march).sum())}
    return known("implausible_gap", ("poverty_province",), found, "points")


def growth_vintages(tables: Tables) -> Check:
    """Measure: regional growth differs between an early and a revised yearbook."""
    found: dict[str, float] = {}
    for row in tables["growth_prices"].rows():
        early = _VINTAGE.search(row["note"])
        if early:
            at = place(row["bps_code"], row["year"])
            found[at] = row["gdp_growth_percent"] - float(early[1])
    return known("growth_vintages", ("growth_prices",), found, "points")


def two_expenditure_means(tables: Tables) -> Check:
    """Measure: national mean expenditure has an estimate beside the published figure."""
    table = tables["expenditure_province"].where(bps_code=0, group="all", area="total")
    return known(
        "two_expenditure_means",
        ("expenditure_province",),
        spread(
            {
                place((row["year"], row["month"]), number): (
                    place((row["year"], row["month"])),
                    row["total_idr"],
                )
                for number, row in enumerate(table.rows())
            }
        ),
        "percent",
    )


def two_budgets(tables: Tables) -> Check:
    """Measure: two sources give different budgets for the same government and year."""
    table = tables["apbd_province"].where(
        measure=["total_expenditure_budget", "revenue_budget"], unit="IDR trillion"
    )
    figures = {
        str(number): (
            place(row["bps_code"], row["year"], row["level"], row["measure"]),
            row["value"],
        )
        for number, row in enumerate(table.rows())
    }
    return known("two_budgets", ("apbd_province",), spread(figures), "percent")


def pkh_budgets(tables: Tables) -> Check:
    """Measure: two figures for the budget of PKH."""
    found: dict[str, float] = {}
    for row in tables["programme_beneficiaries"].where(programme="PKH", region=0).rows():
        other = _OTHER_BUDGET.search(row["note"])
        if other:
            share = float(other[1]) / row["budget_idr_trillion"] - 1.0
            found[place("PKH", row["year"])] = _HUNDRED * share
    return known("pkh_budgets", ("programme_beneficiaries",), found, "percent")


def pkh_lampung(tables: Tables) -> Check:
    """Measure: the printed PKH total of Lampung in 2018 against its three parts."""
    table = tables["programme_beneficiaries"].where(region=_LAMPUNG, year=2018)
    parts = ["PKH_REGULER", "PKH_DISABILITAS_BERAT", "PKH_LANJUT_USIA"]
    total = float(table.where(programme="PKH")["beneficiaries"].sum())
    difference = total - float(table.where(programme=parts)["beneficiaries"].sum())
    found = {place(_LAMPUNG, 2018): difference}
    return known("pkh_lampung", ("programme_beneficiaries",), found, "people")


def elderly_age(tables: Tables) -> Check:
    """Measure: two minimum ages for the elderly component of PKH."""
    table = tables["programme_rules"].where(
        programme="PKH", rule=["lanjut_usia_min_age", "lanjut_usia_min_age_alternative"]
    )
    ages = table["value"]
    return known("elderly_age", ("programme_rules",), {"PKH": float(np.ptp(ages))}, "years")


def restored_zeros(tables: Tables) -> Check:
    """Measure: printed beneficiary counts whose lost zeros were restored."""
    rows = tables["programme_beneficiaries"].rows()
    found = {
        place(row["programme"], row["year"], row["region"]): 1.0
        for row in rows
        if "trailing zeros restored" in row["note"]
    }
    return known("restored_zeros", ("programme_beneficiaries",), found, "rows")


def household_numbers(tables: Tables) -> Check:
    """Measure: two counts of households of Jawa Tengah a year apart."""
    table = tables["population_province"].where(bps_code=_JAWA_TENGAH, year=[2023, 2024])
    counts = table["households_thousand"]
    found = {place(_JAWA_TENGAH, "2023-2024"): float(_HUNDRED * (counts[-1] / counts[0] - 1.0))}
    return known("household_numbers", ("population_province",), found, "percent")


def unexplained_budget(tables: Tables) -> Check:
    """Measure: ministry budget that its two large programmes do not explain."""
    found = {
        place(row["item"], row["year"]): row["residual_percent"]
        for row in tables["crosschecks"].where(item=["KEMENSOS", "SEMBAKO"]).rows()
        if abs(row["residual_percent"]) > 1.0
    }
    return known("unexplained_budget", ("crosschecks",), found, "percent")


def mistargeting_headlines(tables: Tables) -> Check:
    """Measure: headline shares of wrong recipients that have no published definition."""
    table = tables["targeting_incidence"].where(measure="mistargeted_share")
    found = {place(row["programme"], row["year"]): row["value"] for row in table.rows()}
    return known("mistargeting_headlines", ("targeting_incidence",), found, "percent")


def extreme_lines(tables: Tables) -> Check:
    """Measure: the line of extreme poverty changed, so the series must not be joined."""
    lines = sorted(set(tables["extreme_poverty"]["line"].tolist()))
    found = {" / ".join(lines): float(len(lines))}
    return known("extreme_lines", ("extreme_poverty",), found, "rows")


def financing_in_budget(tables: Tables) -> Check:
    """Measure: a headline budget that counts financing outlays as spending."""
    table = tables["apbd_province"].where(level="provinsi", unit="IDR trillion")
    headline = {
        (row["bps_code"], row["year"]): row["value"]
        for row in table.where(measure="total_expenditure_budget").rows()
    }
    found = {
        place(row["bps_code"], row["year"]): _HUNDRED * (headline[key] / row["value"] - 1.0)
        for row in table.where(measure="total_expenditure_excl_financing_budget").rows()
        if (key := (row["bps_code"], row["year"])) in headline
    }
    return known("financing_in_budget", ("apbd_province",), found, "percent")


KNOWN_DISAGREEMENTS: Final[tuple[Checker, ...]] = (
    population_against_poverty,
    population_jump,
    district_p1,
    district_p2,
    district_lines,
    line_jumps,
    line_rounding,
    village_reclassification,
    implausible_gap,
    growth_vintages,
    two_expenditure_means,
    household_numbers,
    extreme_lines,
    pkh_budgets,
    pkh_lampung,
    elderly_age,
    restored_zeros,
    mistargeting_headlines,
    unexplained_budget,
    two_budgets,
    financing_in_budget,
    *ORGANISATION_DISAGREEMENTS,
    *HAZARD_DISAGREEMENTS,
    *COMMUNITY_DISAGREEMENTS,
)
