"""Published against fitted figures of a base month, one row per region and measure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from kesos_sim.population.quantile import AREAS, PERCENT, Measures, measures
from kesos_sim.population.quantile_nesting import mixture_gini

if TYPE_CHECKING:
    from kesos_sim.population.targets import Targets

__all__ = ["ReportRow", "report_rows"]

_NAN: Final = float("nan")
_UPPER_HALF: Final = 0.5


class ReportRow(NamedTuple):
    """One figure as published and as fitted.

    Attributes
    ----------
    level : str
        ``province``, ``cell`` (province and area) or ``district``.
    code : int
        BPS code of the province or district.
    area : str
        ``urban``, ``rural`` or ``total``.
    measure : str
        ``p0``, ``p1``, ``p2`` (percent), ``gini`` (0 to 1, of expenditure), ``gini_welfare`` (of
        expenditure over the own line), ``mean`` (expenditure over the line), ``mean_upper_half``,
        ``population`` (persons), ``p1_shrunk``, ``p2_shrunk`` (percent).
    published, fitted, difference : float
        In the unit of the measure; NaN where nothing is published.
    quality : str
        Quality of the published figure; empty where nothing is published.
    grade : str
        Grade of the fitted figure: A data, B literature, C expert, D guess.
    """

    level: str
    code: int
    area: str
    measure: str
    published: float
    fitted: float
    difference: float
    quality: str
    grade: str


def report_rows(targets: Targets) -> list[ReportRow]:
    """Compare published and fitted figures.

    Parameters
    ----------
    targets : Targets
        Targets of a base month.

    Returns
    -------
    list of ReportRow
        Provinces, then cells, then districts.
    """
    measured = measures(np.log(targets.cells.welfare), targets.grid)
    return [
        *_province_rows(targets, measured),
        *_cell_rows(targets, measured),
        *_district_rows(targets),
    ]


def _row(
    place: tuple[str, int, str], measure: str, published: float, fitted: float, *marks: str
) -> ReportRow:
    """Build a row; without a published figure there is no quality either."""
    quality, grade = marks
    published, fitted = float(published), float(fitted)
    known = quality if np.isfinite(published) else ""
    return ReportRow(*place, measure, published, fitted, fitted - published, known, grade)


def _province_rows(targets: Targets, measured: Measures) -> Iterator[ReportRow]:
    """Compare the mixture of urban and rural with the published totals."""
    cells, nested = targets.cells, targets.nested
    published = targets.totals
    for province in np.unique(cells.province).tolist():
        total = published[province]
        inside = np.flatnonzero(cells.province == province)
        people = cells.population[inside]
        share = people / people.sum()
        place = ("province", province, "total")
        quality = str(cells.quality_poverty[inside[0]])
        for name in ("p0", "p1", "p2"):
            fitted = share @ getattr(measured, name)[inside]
            yield _row(place, name, total[name], fitted, quality, "A")
        gini = mixture_gini(nested, inside, cells.line[inside], people)
        yield _row(place, "gini", total["gini"], gini, str(cells.quality_gini[inside[0]]), "C")
        line = share @ cells.line[inside]
        mean = share @ (nested.mean * cells.line)[inside]
        yield _row(place, "mean", total["expenditure"] / line, mean / line, "official", "C")
        implied = total["poor"] / (total["p0"] / PERCENT)
        yield _row(place, "population", implied, people.sum(), quality, "A")


def _cell_rows(targets: Targets, measured: Measures) -> Iterator[ReportRow]:
    """Compare each cell with its published figures."""
    cells, nested = targets.cells, targets.nested
    upper = cells.rank >= _UPPER_HALF
    for cell in range(len(cells)):
        place = ("cell", int(cells.province[cell]), AREAS[cells.area[cell]])
        poverty, gini = str(cells.quality_poverty[cell]), str(cells.quality_gini[cell])
        for name in ("p0", "p1", "p2"):
            yield _row(
                place, name, getattr(cells, name)[cell], getattr(measured, name)[cell], poverty, "A"
            )
        yield _row(place, "gini", cells.gini[cell], nested.gini[cell], gini, "A")
        yield _row(place, "gini_welfare", _NAN, measured.gini[cell], "", "D")
        grade = str(cells.grade_mean[cell])
        mean = _NAN if grade == "D" else cells.mean_welfare[cell]
        quality = "official" if grade == "A" else "estimate"
        yield _row(place, "mean", mean, nested.mean[cell], quality, grade)
        half = cells.welfare[cell, upper] @ cells.width[upper] / cells.width[upper].sum()
        yield _row(place, "mean_upper_half", _NAN, half, "", "D")


def _district_rows(targets: Targets) -> Iterator[ReportRow]:
    """Compare each requested district with its published figures."""
    districts = targets.districts
    for row, code in enumerate(districts.code.tolist()):
        place = ("district", code, "total")
        quality = str(districts.quality[row])
        pairs = {
            "p0": (districts.p0, districts.p0_fitted, "A"),
            "p1": (districts.p1, districts.p1_implied, "D"),
            "p2": (districts.p2, districts.p2_implied, "D"),
            "p1_shrunk": (districts.p1, districts.p1_shrunk, "C"),
            "p2_shrunk": (districts.p2, districts.p2_shrunk, "C"),
        }
        for name, (published, fitted, grade) in pairs.items():
            known = bool(np.isfinite(published[row]))
            yield _row(place, name, published[row], fitted[row], quality, grade if known else "D")
        grade = str(districts.grade_population[row])
        before = districts.population[row] / districts.tilt[row]
        yield _row(place, "population", before, districts.population[row], "estimate", grade)
