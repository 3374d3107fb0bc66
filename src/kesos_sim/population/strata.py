"""Strata: every district's urban and rural part with its people, line and poverty rate.

Little of this is published by district and nothing by district and area, so most of it is imputed
(grade D) such that what is published is met: districts and areas add up to the persons and poor
persons of each province and area, and the two areas of a district average to its poverty rate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from kesos_sim.data.regions import districts as known_districts
from kesos_sim.population.quantile import AREAS, PERCENT, RURAL, URBAN, Floats, Parameters
from kesos_sim.population.strata_raking import (
    poor_by_area,
    rates_with_mean,
    shares_with_total,
    tilted,
)
from kesos_sim.population.targets_published import STRUCTURE_YEAR, CellFigures, DistrictFigures

__all__ = ["ProvinceParts", "Strata", "province_parts", "strata_of"]

Text = NDArray[np.str_]
_MOST_ROUNDS: Final = 10


@dataclass(frozen=True, slots=True)
class Strata:
    """District by urban and rural; only parts with people; by district code, urban first.

    Attributes
    ----------
    district, province : int32[n], BPS code, the province is that of the base year
    area : uint8[n], 0 urban, 1 rural
    cell : int32[n], index of the province and area
    population : float64[n], persons, as the survey is weighted
    line : float64[n], rupiah per person per month, poverty line
    relative_line : float64[n], ratio, line over that of the cell; averages to 1 over its people
    mean_household_size : float64[n], persons
    p0 : float64[n], percent, imputed poverty rate
    shift : float64[n], normal score, how far the stratum lies above its cell at the line: scores
        that are normal around it with spread 1 have the share `p0` below the cell's crossing
    grade_population, grade_p0, grade_line, grade_household_size : str[n], A data, B literature,
        C expert (computed by a chosen rule), D guess (imputed)
    """

    district: NDArray[np.int32]
    province: NDArray[np.int32]
    area: NDArray[np.uint8]
    cell: NDArray[np.int32]
    population: Floats
    line: Floats
    relative_line: Floats
    mean_household_size: Floats
    p0: Floats
    shift: Floats
    grade_population: Text
    grade_p0: Text
    grade_line: Text
    grade_household_size: Text

    def __len__(self) -> int:
        """Return the number of strata."""
        return len(self.district)

    def take(self, rows: NDArray[np.bool_]) -> Strata:
        """Keep some strata.

        Parameters
        ----------
        rows : bool[n], true where a stratum is kept

        Returns
        -------
        Strata
            The kept ones in their order; `cell` still points into all cells.
        """
        return Strata(**{name: getattr(self, name)[rows] for name in self.__slots__})


@dataclass(frozen=True, slots=True)
class ProvinceParts:
    """Imputed parts of all districts of one province.

    Attributes
    ----------
    code : int32[n], BPS code of the districts
    population : float64[n, 2], persons, urban and rural
    rate : float64[n, 2], share, poverty rate of the urban and the rural part
    line : float64[n], rupiah per person per month, line of the district
    household_size : float64[n], persons
    grade_population : str[n], grade of the district's population
    line_known, size_known : bool[n], whether the figure is published for the district
    tilt : float64[n], ratio, population over its prior
    odds_ratio : float
        Odds of being poor in urban over rural parts of a district; NaN with one area only.
    """

    code: NDArray[np.int32]
    population: Floats
    rate: Floats
    line: Floats
    household_size: Floats
    grade_population: Text
    line_known: NDArray[np.bool_]
    size_known: NDArray[np.bool_]
    tilt: Floats
    odds_ratio: float


def province_parts(
    cells: Sequence[CellFigures],
    figures: Sequence[DistrictFigures],
    province_size: float,
    year: int,
    parameters: Parameters,
) -> ProvinceParts:
    """Impute the parts of all districts of a province.

    Parameters
    ----------
    cells : sequence of CellFigures
        The province's areas, urban before rural.
    figures : sequence of DistrictFigures
        All its districts, by code.
    province_size : float
        Persons, mean household size of the province, for districts without their own.
    year : int
        Base year.
    parameters : callable
        Value of a parameter by id.

    Returns
    -------
    ProvinceParts
        Parts that add up to the cells' persons and poor persons.
    """
    persons = [0.0, 0.0]
    poor = [0.0, 0.0]
    for cell in cells:
        persons[cell.area], poor[cell.area] = cell.population, cell.poor
    mean = sum(poor) / sum(persons)
    at = {figure.code: row for row, figure in enumerate(figures)}
    rate = _filled([figure.p0 for figure in figures], figures, at, PERCENT * mean)
    line = _filled([figure.line for figure in figures], figures, at, cells[0].line)
    size = _filled([figure.household_size for figure in figures], figures, at, province_size)
    prior, grade = _prior_population(figures, at, year)
    population, met = tilted(prior, rate, PERCENT * mean, sum(persons))
    rate = rate / PERCENT if met else rates_with_mean(rate / PERCENT, population, mean)
    urban = population * _urban_shares(
        _urban_prior(figures, at, rate, parameters),
        population,
        persons[URBAN],
        parameters("population.smallest_area_share"),
    )
    parts = np.stack([urban, population - urban], axis=1)
    odds_ratio = float("nan")
    rates = np.stack([rate, rate], axis=1)
    if min(persons) > 0.0:
        rates[:, URBAN], rates[:, RURAL], odds_ratio = poor_by_area(
            parts[:, URBAN], parts[:, RURAL], rate, poor[URBAN]
        )
    return ProvinceParts(
        code=np.array([figure.code for figure in figures], np.int32),
        population=parts,
        rate=rates,
        line=line,
        household_size=size,
        grade_population=grade,
        line_known=np.isfinite([figure.line for figure in figures]),
        size_known=np.isfinite([figure.household_size for figure in figures]),
        tilt=population / (prior * (sum(persons) / prior.sum())),
        odds_ratio=odds_ratio,
    )


def strata_of(
    parts: Mapping[int, ProvinceParts], cells: Mapping[tuple[int, int], CellFigures]
) -> Strata:
    """Turn the parts of provinces into strata, one per district and area with people.

    Parameters
    ----------
    parts : mapping of int to ProvinceParts
        By province.
    cells : mapping of (province, area) to CellFigures
        In the order of cell indices.

    Returns
    -------
    Strata
        All strata of these provinces.
    """
    index = {key: place for place, key in enumerate(cells)}
    columns: dict[str, list[NDArray[np.generic]]] = {name: [] for name in Strata.__slots__}
    for province, part in parts.items():
        single = sum((province, area) in index for area in range(len(AREAS))) == 1
        for area in range(len(AREAS)):
            keep = part.population[:, area] > 0.0
            if (province, area) not in index or not keep.any():
                continue
            cell = cells[province, area]
            people, line = part.population[keep, area], part.line[keep]
            relative = line * (people.sum() / (people @ line))
            rate = part.rate[keep, area]
            count = int(keep.sum())
            known = part.line_known[keep]
            new: dict[str, NDArray[np.generic]] = {
                "district": part.code[keep],
                "province": np.full(count, province, np.int32),
                "area": np.full(count, area, np.uint8),
                "cell": np.full(count, index[province, area], np.int32),
                "population": people,
                "line": cell.line * relative,
                "relative_line": relative,
                "mean_household_size": part.household_size[keep],
                "p0": PERCENT * rate,
                "shift": ndtri(cell.p0 / PERCENT) - ndtri(rate),
                "grade_population": part.grade_population[keep] if single else _all("D", count),
                "grade_p0": _all("A" if single else "D", count),
                "grade_line": np.where(known, "B" if single else "C", "D"),
                "grade_household_size": np.where(part.size_known[keep], "B", "D"),
            }
            for name, column in new.items():
                columns[name].append(column)
    joined = {name: np.concatenate(column) for name, column in columns.items()}
    order = np.lexsort((joined["area"], joined["district"]))
    return Strata(**{name: column[order] for name, column in joined.items()})


def _all(grade: str, count: int) -> Text:
    """Return one grade for several strata."""
    return np.full(count, grade, dtype="U1")


def _filled(
    values: Sequence[float],
    figures: Sequence[DistrictFigures],
    at: Mapping[int, int],
    default: float,
) -> Floats:
    """Fill gaps with the figure of the district it was carved from, else with the province's."""
    filled = np.array(values, dtype=np.float64)
    for row, figure in enumerate(figures):
        if np.isfinite(filled[row]):
            continue
        parent = at.get(figure.carved_from)
        filled[row] = values[parent] if parent is not None else default
        if not np.isfinite(filled[row]):
            filled[row] = default
    return filled


def _prior_population(
    figures: Sequence[DistrictFigures], at: Mapping[int, int], year: int
) -> tuple[Floats, Text]:
    """Return populations known up to a common factor, and their grades.

    Persons of the survey year where they follow from published figures, else those of 2017; there,
    a district and those carved out of it share its persons equally.
    """
    this_year = np.array([figure.population for figure in figures])
    if np.isfinite(this_year).all():
        return this_year, _all("A", len(figures))
    prior = np.array([figure.population_2017 for figure in figures])
    grade = _all("B" if year == STRUCTURE_YEAR else "C", len(figures))
    children: dict[int, list[int]] = {}
    for row, figure in enumerate(figures):
        if figure.carved_from:
            children.setdefault(at[figure.carved_from], []).append(row)
    for parent, rows in children.items():
        family = [parent, *rows]
        prior[family] = prior[parent] / len(family)
        grade[family] = "D"
    return prior, grade


def _urban_prior(
    figures: Sequence[DistrictFigures], at: Mapping[int, int], rate: Floats, parameters: Parameters
) -> Floats:
    """Return log odds of urban shares up to a common shift.

    Cities, districts where many rent and districts with little poverty are more urban.
    """
    kinds = known_districts()
    kota = np.array([kinds[figure.code].kind == "kota" for figure in figures], np.float64)
    offset = parameters("population.renting_offset")
    renting = _filled([figure.renting for figure in figures], figures, at, offset)
    prior: Floats = (
        parameters("population.kota_urban_logit") * kota
        + parameters("population.renting_urban_logit") * np.log(renting + offset)
        + parameters("population.poverty_urban_logit") * np.log(PERCENT * rate)
    )
    return prior


def _urban_shares(prior: Floats, population: Floats, urban: float, least: float) -> Floats:
    """Impute urban shares that add up to the urban persons; shares below `least` become none."""
    share = shares_with_total(prior, population, urban)
    free = (share > 0.0) & (share < 1.0)
    for _ in range(_MOST_ROUNDS):
        small, large = free & (share < least), free & (share > 1.0 - least)
        if not (small | large).any() or (small | large)[free].all():
            break
        share[small], share[large] = 0.0, 1.0
        free &= ~(small | large)
        left = urban - float(population[~free] @ share[~free])
        share[free] = shares_with_total(prior[free], population[free], left)
    return share
