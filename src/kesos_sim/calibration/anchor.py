"""The realised base month beside the figures that it was anchored to, and who lives in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.calibration.figures import Figure, Use
from kesos_sim.data import read_table
from kesos_sim.model.sample import Sample
from kesos_sim.population.quantile import AREAS, weighted_gini

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["anchor_figures", "household_figures"]

_MEASURES: Final = {
    "p0": ("poverty_rate", 0),
    "p1": ("poverty_gap", 1),
    "p2": ("poverty_severity", 2),
}
"""Measures of the report of the targets, with their names as indicators and powers of the gap."""

_NATION: Final = 0
_MARCH: Final = 3
_MONTHS: Final = 12
_SIZE_YEAR: Final = 2017
_SHORT_TRIP: Final = 24
"""Months that a published size of poor households may lie away from the base month."""

_AGES: Final = {
    "7-12": ("primary",),
    "13-15": ("junior",),
    "16-18": ("senior",),
    "60+": ("elderly_60",),
    "0-6 plus 60+": ("age_0_6", "elderly_60"),
}


def anchor_figures(model: WelfareModel, sample: Sample) -> list[Figure]:
    """Compare poverty and inequality of the realised base month with what was published.

    Parameters
    ----------
    model : WelfareModel
        A model in its base month.
    sample : Sample
        Its households.

    Returns
    -------
    list of Figure
        The nation, whole provinces, whole provinces by area, districts.
    """
    found = [*_nation(model, sample)]
    for row in model.world.targets.report():
        if row.measure not in (*_MEASURES, "gini") or not np.isfinite(row.published):
            continue
        inside = _inside(sample, row.level, row.code, row.area)
        if inside is None:
            continue
        measure = "gini" if row.measure == "gini" else _MEASURES[row.measure][0]
        use: Use = "set"
        if row.level == "district" and row.measure == "p0":
            measure = "district_poverty_rate"
        elif row.level == "district":
            use = "shown"
        found.append(
            Figure(
                "anchor",
                row.level,
                f"{row.code:02d}",
                measure,
                () if row.area == "total" else (row.area,),
                float(row.published),
                _measured(sample, row.measure, inside),
                "index" if measure == "gini" else "percent",
                row.quality or row.grade,
                use,
                "poverty_kabupaten" if row.level == "district" else "poverty_province",
            )
        )
    return found


def _nation(model: WelfareModel, sample: Sample) -> Iterator[Figure]:
    """Compare the whole country, if all of it is simulated."""
    if not sample.nation:
        return
    start = model.scenario.start
    table = read_table("poverty_province").where(
        bps_code=_NATION, year=start.year, month=_MARCH, area="total"
    )
    columns = {"p0": "poverty_rate_p0", "p1": "gap_p1", "p2": "severity_p2"}
    for row in table.rows():
        for name, column in columns.items():
            if np.isfinite(row[column]):
                yield Figure(
                    "anchor",
                    "nation",
                    "00",
                    _MEASURES[name][0],
                    (),
                    float(row[column]),
                    _measured(sample, name, sample.inside(_NATION)),
                    "percent",
                    str(row["quality"]),
                    "set",
                    "poverty_province",
                )


def _inside(sample: Sample, level: str, code: int, area: str) -> NDArray[np.bool_] | None:
    """Return the households of a place, or None if only a part of it is simulated."""
    if level == "province" and code not in sample.whole_provinces:
        return None
    if level == "cell":
        number = AREAS.index(area)
        if (code, number) not in sample.whole_cells:
            return None
        return np.asarray(sample.inside(code) & (sample.area == number))
    return sample.inside(code)


def _measured(sample: Sample, measure: str, inside: NDArray[np.bool_]) -> float:
    """Measure the households of a place; the Gini is that of expenditure in rupiah."""
    persons = sample.persons[inside]
    welfare = sample.welfare[inside]
    if measure == "gini":
        return weighted_gini(welfare * sample.line[inside], persons)
    gap = np.maximum(1.0 - welfare, 0.0) ** _MEASURES[measure][1]
    if measure == "p0":
        gap = (welfare < 1.0).astype(np.float64)
    return 100.0 * float(np.average(gap, weights=persons))


def household_figures(model: WelfareModel, sample: Sample) -> list[Figure]:
    """Compare sizes of households, sizes of poor households and ages with what was published.

    Parameters
    ----------
    model : WelfareModel
        A model in its base month.
    sample : Sample
        Its households.

    Returns
    -------
    list of Figure
        The nation and whole provinces; ages of the nation beside those of the simulated region.
    """
    places = [_NATION] if sample.nation else []
    places += sorted(sample.whole_provinces)
    return [
        *(figure for code in places for figure in _sizes(model, sample, code)),
        *_ages(sample),
    ]


def _sizes(model: WelfareModel, sample: Sample, code: int) -> Iterator[Figure]:
    """Compare mean sizes of all and of poor households."""
    inside = sample.inside(code)
    rows = read_table("household_composition").where(
        bps_code=code, area="total", indicator="mean_household_size"
    )
    level, label = ("nation", "00") if code == _NATION else ("province", f"{code:02d}")
    for row in rows.where(category="all", year=_SIZE_YEAR).rows():
        yield Figure(
            "anchor",
            level,
            label,
            "household_size",
            (_SIZE_YEAR,),
            float(row["value"]),
            _mean_size(sample, inside),
            "persons",
            str(row["quality"]),
            "set",
            "household_composition:mean_household_size",
        )
    start = model.scenario.start
    for row in rows.where(category="poor").rows():
        away = abs((row["year"] - start.year) * _MONTHS + row["month"] - start.month)
        if away <= _SHORT_TRIP:
            yield Figure(
                "anchor",
                level,
                label,
                "poor_household_size",
                (int(row["year"]),),
                float(row["value"]),
                _mean_size(sample, inside & sample.poor),
                "persons",
                str(row["quality"]),
                "set" if code == _NATION else "scored",
                "household_composition:mean_household_size:poor",
            )


def _mean_size(sample: Sample, inside: NDArray[np.bool_]) -> float:
    return float(np.average(sample.size[inside], weights=sample.households[inside]))


def _ages(sample: Sample) -> Iterator[Figure]:
    """Compare shares of ages; those of a region are shown beside the nation's."""
    rows: list[dict[str, Any]] = list(
        read_table("household_composition")
        .where(bps_code=_NATION, area="total", indicator="population_share_by_age")
        .rows()
    )
    persons = float(sample.persons.sum())
    for row in rows:
        kinds = _AGES.get(str(row["category"]))
        if kinds is None:
            continue
        people = sum(float((sample.members[kind] * sample.households).sum()) for kind in kinds)
        yield Figure(
            "anchor",
            *sample.place,
            "age_share",
            (str(row["category"]), int(row["year"])),
            float(row["value"]),
            100.0 * people / persons,
            "percent",
            str(row["quality"]),
            "set" if sample.nation else "shown",
            "household_composition:population_share_by_age",
        )
