"""Poor people of districts: published where there is a figure, else estimated from the rate.

The estimate is the published poverty rate times the people of the district as the model has them:
the figures of 2017 and 2024, raked to the people that the province's published poor imply.
"""

from __future__ import annotations

import math
from functools import cache

from kesos_sim.data.parameters import parameter_table
from kesos_sim.data.regions import provinces
from kesos_sim.population.strata import province_parts
from kesos_sim.population.targets_published import (
    base_months,
    household_sizes,
    published_cells,
    published_districts,
)
from kesos_sim.reports.analyses.figures import Figure, Figures
from kesos_sim.reports.analyses.measures import MEASURES

__all__ = ["poor_people"]

_PERCENT = 100.0
_TABLE = "poverty_kabupaten"


def poor_people(figures: Figures, codes: tuple[int, ...], year: int) -> dict[int, Figure]:
    """Return the poor people of districts of one province in March of a year.

    Parameters
    ----------
    figures : Figures
        Where published figures are.
    codes : tuple of int
        The districts.
    year : int
        The year.

    Returns
    -------
    dict of int to Figure
        Persons; the quality says which are estimates. Districts without a poverty rate are left
        out.
    """
    found = figures.values(MEASURES["poor_people"], codes, year)
    rates = figures.values(MEASURES["poverty_rate"], codes, year)
    open_codes = [code for code in codes if code in rates and code not in found]
    people = _people(year) if open_codes and year in {m.year for m in base_months()} else {}
    for code in open_codes:
        if not math.isnan(people.get(code, math.nan)):
            poor = people[code] * rates[code].value / _PERCENT
            rate = rates[code]
            found[code] = (
                Figure(poor, rate.quality, "", rate.origin)
                if rate.own
                else Figure(poor, "estimate", _TABLE)
            )
    return dict(sorted(found.items()))


@cache
def _people(year: int) -> dict[int, float]:
    """Return the persons of every district to whom the survey of a year is weighted."""
    cells, figures, sizes = published_cells(year), published_districts(year), household_sizes()
    found: dict[int, float] = {}
    for province in sorted({key[0] for key in cells}):
        parts = province_parts(
            [cell for key, cell in cells.items() if key[0] == province],
            [figure for figure in figures.values() if figure.province == province],
            sizes[provinces()[province].undivided],
            year,
            lambda name: parameter_table()[name].value,
        )
        found |= dict(zip(parts.code.tolist(), parts.population.sum(axis=1).tolist(), strict=True))
    return found
