"""What the synthetic population has to reproduce in a base month.

Cells are provinces by urban and rural area, always whole, so that a run of one district nests in
its province. Each cell has a curve of welfare after help that meets the published poverty rate,
gap, severity and Gini. Strata are the urban and rural parts of the requested districts; their
scores are shifted within the curve of their cell. All rates are in percent.

The published Gini and mean are those of expenditure in rupiah. Welfare is expenditure over the
stratum's own line, and lines are higher in richer districts, so the curves of welfare are slightly
more equal: they are bent until the nested strata give the published Gini of expenditure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data.own.figures import OwnData
from kesos_sim.data.regions import districts as known_districts
from kesos_sim.data.regions import province_of
from kesos_sim.data.regions import provinces as known_provinces
from kesos_sim.errors import InputError
from kesos_sim.population.quantile import (
    Floats,
    Parameters,
    RankGrid,
    rank_grid,
)
from kesos_sim.population.quantile_nesting import Nested, Nesting, nest
from kesos_sim.population.strata import ProvinceParts, Strata, Text, province_parts, strata_of
from kesos_sim.population.targets_fitting import FittedCurves, fitted_curves
from kesos_sim.population.targets_own import with_own
from kesos_sim.population.targets_published import (
    CellFigures,
    DistrictFigures,
    base_months,
    check_base,
    household_sizes,
    published_figures,
)
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.population.targets_report import ReportRow

__all__ = ["Cells", "Districts", "Strata", "Targets", "base_months", "published_targets"]


@dataclass(frozen=True, slots=True)
class Cells:
    """Provinces by area with published figures and the curve that meets them.

    Attributes
    ----------
    province : int32[n], BPS code in the boundaries of the base year
    area : uint8[n], 0 urban, 1 rural
    population : float64[n], persons, poor persons over the poverty rate
    line : float64[n], rupiah per person per month, published poverty line
    p0, p1, p2 : float64[n], percent, published headcount, gap and severity
    gini : float64[n], 0 to 1, published Gini index of expenditure
    mean_welfare : float64[n], ratio to the cell's line, wanted mean expenditure; NaN if none
    quality_poverty, quality_gini : str[n], quality of the published figures
    grade_mean : str[n], A published for the area, C the province's mean split such that its Gini
        is met, D without a published mean, only the split
    score : float64[m], normal score of the ranks, evenly spaced
    rank : float64[m], share of persons below, points of the curve
    width : float64[m], share of persons for whom a point stands; the sum is 1
    welfare : float64[n, m], ratio to the own poverty line, curve after help; the upper half is
        imputed from the national shape, the Gini and the mean
    log_slope : float64[n, k], log ratio, slope of the curve over that of the national shape
    """

    province: NDArray[np.int32]
    area: NDArray[np.uint8]
    population: Floats
    line: Floats
    p0: Floats
    p1: Floats
    p2: Floats
    gini: Floats
    mean_welfare: Floats
    quality_poverty: Text
    quality_gini: Text
    grade_mean: Text
    score: Floats
    rank: Floats
    width: Floats
    welfare: Floats
    log_slope: Floats

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.province)


@dataclass(frozen=True, slots=True)
class Districts:
    """The requested districts, by code; published figures are NaN where there are none.

    Attributes
    ----------
    code, province : int32[n], BPS code, the province is that of the base year
    name : str[n], name
    population : float64[n], persons, as the survey is weighted
    tilt : float64[n], ratio, population over its prior
    p0, p1, p2 : float64[n], percent, published
    line : float64[n], rupiah per person per month, published
    p0_fitted : float64[n], percent, poverty rate of the district's strata
    p1_implied, p2_implied : float64[n], percent, what the province's curves imply for the strata
    p1_shrunk, p2_shrunk : float64[n], percent, between published and implied
    quality : str[n], quality of the published figures
    grade_population : str[n], A data, B literature, C expert, D guess
    """

    code: NDArray[np.int32]
    province: NDArray[np.int32]
    name: Text
    population: Floats
    tilt: Floats
    p0: Floats
    p1: Floats
    p2: Floats
    line: Floats
    p0_fitted: Floats
    p1_implied: Floats
    p2_implied: Floats
    p1_shrunk: Floats
    p2_shrunk: Floats
    quality: Text
    grade_population: Text


@dataclass(frozen=True, slots=True)
class Targets:
    """What the population of a base month has to reproduce.

    Attributes
    ----------
    base : Month
        Base month.
    totals : mapping of int to mapping of str to float
        Figures of whole provinces, see `published_provinces`.
    strata : Strata
        Requested districts by urban and rural.
    cells : Cells
        Whole provinces by area that contain them.
    districts : Districts
        The requested districts.
    grid : RankGrid
        Ranks of the curves.
    nesting : Nesting
        All strata of the cells, requested or not.
    nested : Nested
        What those strata imply.
    """

    base: Month
    totals: Mapping[int, Mapping[str, float]]
    strata: Strata
    cells: Cells
    districts: Districts
    grid: RankGrid
    nesting: Nesting
    nested: Nested

    def report(self) -> list[ReportRow]:
        """Compare published and fitted figures.

        Returns
        -------
        list of ReportRow
            Provinces, cells and districts, one row per measure.
        """
        from kesos_sim.population.targets_report import report_rows

        return report_rows(self)


def published_targets(
    districts: Sequence[int],
    base: Month,
    parameters: Parameters,
    fit: Callable[..., FittedCurves] = fitted_curves,
    own: OwnData | None = None,
) -> Targets:
    """Gather and complete what is published for districts in a base month.

    Parameters
    ----------
    districts : sequence of int
        BPS codes of districts, in any order.
    base : Month
        A March with published figures, see `base_months`.
    parameters : callable
        Value of a parameter by id (``population.*``).
    fit : callable
        `fitted_curves`, or what returns the same from an earlier time.
    own : OwnData, optional
        Figures of a planner that replace published ones.

    Returns
    -------
    Targets
        Targets; the same districts, base and parameters give the same arrays.

    Raises
    ------
    InputError
        If the base has no published figures or a district is not known.
    """
    check_base(base)
    wanted = sorted({int(code) for code in districts})
    if not wanted:
        raise InputError("KS2002", "population.no_district", field="region")
    provinces = sorted({province_of(code, base.year) for code in wanted})
    known = published_figures(base.year)
    if own is not None:
        known = with_own(known, own)
    cells = {key: cell for key, cell in known.cells.items() if key[0] in provinces}
    everyone, totals = known.districts, known.provinces
    sizes = household_sizes()
    parent = {province: known_provinces()[province].undivided for province in provinces}
    parts = {
        province: province_parts(
            [cell for key, cell in cells.items() if key[0] == province],
            [figure for figure in everyone.values() if figure.province == province],
            sizes[parent[province]],
            base.year,
            parameters,
        )
        for province in provinces
    }
    strata = strata_of(parts, cells)
    grid = rank_grid(parameters)
    nesting = nest(strata)
    fitted = fit(list(cells.values()), totals, grid, nesting, parameters)
    kept = np.isin(strata.district, wanted)
    return Targets(
        base=base,
        totals=totals,
        strata=strata.take(kept),
        cells=_cells(list(cells.values()), grid, fitted),
        districts=_districts(
            [everyone[code] for code in wanted], parts, strata, fitted.nested, parameters
        ),
        grid=grid,
        nesting=nesting,
        nested=fitted.nested,
    )


def _cells(cells: Sequence[CellFigures], grid: RankGrid, fitted: FittedCurves) -> Cells:
    """Put the cells into arrays."""
    return Cells(
        province=np.array([cell.province for cell in cells], np.int32),
        area=np.array([cell.area for cell in cells], np.uint8),
        population=np.array([cell.population for cell in cells]),
        line=np.array([cell.line for cell in cells]),
        p0=np.array([cell.p0 for cell in cells]),
        p1=np.array([cell.p1 for cell in cells]),
        p2=np.array([cell.p2 for cell in cells]),
        gini=np.array([cell.gini for cell in cells]),
        mean_welfare=fitted.mean_goal,
        quality_poverty=np.array([cell.quality["poverty"] for cell in cells]),
        quality_gini=np.array([cell.quality["gini"] for cell in cells]),
        grade_mean=np.array([cell.grade_expenditure or "D" for cell in cells]),
        score=grid.score,
        rank=grid.rank,
        width=grid.width,
        welfare=np.exp(fitted.log_welfare),
        log_slope=fitted.log_slope,
    )


def _districts(
    figures: Sequence[DistrictFigures],
    parts: dict[int, ProvinceParts],
    strata: Strata,
    nested: Nested,
    parameters: Parameters,
) -> Districts:
    """Put the districts into arrays, with what their strata imply."""
    code = np.array([figure.code for figure in figures], np.int32)
    place = np.searchsorted(code, strata.district)
    place = np.where(np.isin(strata.district, code), place, len(code))

    def average(rate: Floats) -> Floats:
        total = np.bincount(place, weights=strata.population * rate, minlength=len(code) + 1)
        people = np.bincount(place, weights=strata.population, minlength=len(code) + 1)
        result: Floats = total[: len(code)] / people[: len(code)]
        return result

    def shrunk(published: Floats, implied: Floats) -> Floats:
        share = parameters("population.district_gap_shrinkage")
        moved = published + share * (implied - published)
        return np.where(np.isfinite(published), moved, implied)

    where = [(parts[figure.province], figure.code) for figure in figures]
    rows = [int(np.searchsorted(part.code, number)) for part, number in where]
    pairs = [(part, row) for (part, _), row in zip(where, rows, strict=True)]
    p1, p2 = (np.array([getattr(figure, name) for figure in figures]) for name in ("p1", "p2"))
    p1_implied, p2_implied = average(nested.p1), average(nested.p2)
    names = known_districts()
    return Districts(
        code=code,
        province=np.array([figure.province for figure in figures], np.int32),
        name=np.array([names[figure.code].name for figure in figures]),
        population=np.array([part.population[row].sum() for part, row in pairs]),
        tilt=np.array([part.tilt[row] for part, row in pairs]),
        p0=np.array([figure.p0 for figure in figures]),
        p1=p1,
        p2=p2,
        line=np.array([figure.line for figure in figures]),
        p0_fitted=average(nested.p0),
        p1_implied=p1_implied,
        p2_implied=p2_implied,
        p1_shrunk=shrunk(p1, p1_implied),
        p2_shrunk=shrunk(p2, p2_implied),
        quality=np.array([figure.quality for figure in figures]),
        grade_population=np.array([part.grade_population[row] for part, row in pairs]),
    )
