"""Yearly panel behind the growth link: how fast the poor gained on the line, and why.

A survey year ``y`` runs from the survey of March ``y`` to that of March ``y + 1``. Its outcome is
the parallel growth, relative to the poverty line, of everybody in a province that turns the
poverty rate of the first survey into that of the second. Because that rate is the province's
total, people who move from village to town are part of it: no other part of the model moves
households between areas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from kesos_sim.population.known import NATION, SURVEY_MONTH, KnownUntil, province_parents
from kesos_sim.units import Month

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Parameters = Callable[[str], float]

AREAS: Final = ("urban", "rural")
REGRESSORS: Final = (
    "constant",
    "gdp",
    "grdp_deviation",
    "inflation",
    "line_excess",
    "unemployment",
)

_NEWTON_STEPS: Final = 40


@dataclass(frozen=True, slots=True)
class Inputs:
    """Outside inputs as deviations from the reference year, by survey year and province.

    Parameters
    ----------
    years : int64[n_years], first calendar year of each survey year
    provinces : int64[n_provinces], BPS codes
    values : float64[n_years, n_provinces, n_regressors], percentage points (constant: 1)
    """

    years: Ints
    provinces: Ints
    values: Floats

    def at(self, year: int, province: int) -> Floats:
        """Return the regressors of a survey year and province, the nearest year if none.

        Parameters
        ----------
        year : int
            First calendar year of the survey year.
        province : int
            BPS code.

        Returns
        -------
        float64[n_regressors], percentage points (constant: 1)
        """
        row = int(np.clip(year - self.years[0], 0, len(self.years) - 1))
        column = int(np.searchsorted(self.provinces, province))
        found: Floats = self.values[row, column]
        return found


@dataclass(frozen=True, slots=True)
class Panel:
    """Observed yearly growth of the poor relative to the line, up to the base month.

    Parameters
    ----------
    year : int64[n], first calendar year of the survey year
    province : int64[n], BPS code
    growth : float64[n], log percent per year relative to the poverty line
    population : float64[n], thousand persons
    regressors : float64[n, n_regressors], percentage points (constant: 1)
    """

    year: Ints
    province: Ints
    growth: Floats
    population: Floats
    regressors: Floats


def score_slopes(view: KnownUntil, parameters: Parameters) -> Floats:
    """Measure how steep log consumption is in the normal score where the poverty line lies.

    The headcount elasticity of a distribution-neutral rise is the normal density over this slope
    and the headcount: about -3.8 in towns and -3.2 to -3.8 in villages (evidence A15, A16).

    Parameters
    ----------
    view : KnownUntil
        What was known in the base month.
    parameters : callable
        Value of a parameter by its id.

    Returns
    -------
    float64[2], log points per unit of the normal score; urban, rural
    """
    table = view.outcomes("consumption_percentiles", "ratio_to_median")
    rank = table["percentile"] / 100.0
    near = (rank >= parameters("growth.slope_rank_low")) & (
        rank <= parameters("growth.slope_rank_high")
    )
    slopes = []
    for area in AREAS:
        per_year = []
        for year in np.unique(table["year"]):
            rows = near & (table["area"] == area) & (table["year"] == year)
            score, log_ratio = ndtri(rank[rows]), np.log(table["ratio_to_median"][rows])
            score = score - score.mean()
            per_year.append(float(score @ log_ratio / (score @ score)))
        slopes.append(float(np.mean(per_year)))
    return np.array(slopes)


def outside_inputs(view: KnownUntil, parameters: Parameters) -> Inputs:
    """Collect the outside inputs of every survey year for which national ones exist.

    Parameters
    ----------
    view : KnownUntil
        Door to the data; inputs are read for all months.
    parameters : callable
        Value of a parameter by its id.

    Returns
    -------
    Inputs
        Deviations from the reference year; what is not published stands at the reference (zero),
        and a divided province takes the figures of the undivided one where it has none.
    """
    table = view.inputs(
        "growth_prices", "gdp_growth_percent", "cpi_inflation_percent", "unemployment_feb_percent"
    )
    gdp = _by_code_year(table, "gdp_growth_percent")
    prices = _by_code_year(table, "cpi_inflation_percent")
    jobless = _by_code_year(table, "unemployment_feb_percent")
    lines = _line_growth(view)
    parents = province_parents()
    years = np.array(sorted(y for c, y in gdp if c == NATION and (NATION, y) in prices))
    provinces = np.array(sorted(parents))
    values = np.zeros((len(years), len(provinces), len(REGRESSORS)))

    def reference(name: str) -> float:
        return parameters(f"growth.link.reference_{name}")

    def clipped(difference: float, name: str) -> float:
        limit = parameters(f"growth.link.clip_{name}")
        return 0.0 if np.isnan(difference) else float(np.clip(difference, -limit, limit))

    for row, year in enumerate(years.tolist()):
        national, inflation = gdp[NATION, year], prices[NATION, year]
        for column, code in enumerate(provinces.tolist()):
            family = (code, parents[code])
            own = _first(gdp, family, year)
            line = _first(lines, family, year)
            change = _first(jobless, family, year + 1) - _first(jobless, family, year)
            values[row, column] = (
                1.0,
                national - reference("gdp"),
                clipped(own - national, "grdp_deviation"),
                inflation - reference("inflation"),
                clipped(line - inflation - reference("line_excess"), "line_excess"),
                clipped(change - reference("unemployment"), "unemployment"),
            )
    return Inputs(years, provinces, values)


def observed_panel(view: KnownUntil, inputs: Inputs, parameters: Parameters) -> Panel:
    """Measure yearly growth relative to the line in each province up to the base month.

    Parameters
    ----------
    view : KnownUntil
        What was known in the base month.
    inputs : Inputs
        Outside inputs; survey years without them are left out.
    parameters : callable
        Value of a parameter by its id.

    Returns
    -------
    Panel
        One row per province and survey year; a year in which a province was divided is left out.
    """
    table = view.outcomes("poverty_province", "poverty_rate_p0", "poor_thousand")
    survey = (table["month"] == SURVEY_MONTH) & (table["bps_code"] != NATION)
    table = {name: column[survey] for name, column in table.items()}
    rate = {
        key: value / 100.0
        for key, value in _by_code_year(table, "poverty_rate_p0", "area").items()
        if value > 0.0
    }
    poor = _by_code_year(table, "poor_thousand", "area")
    slopes = score_slopes(view, parameters)
    parents = province_parents()
    keys, scores, shares, targets, people = [], [], [], [], []
    for code, year, area in sorted(rate):
        later = (code, year + 1, "total")
        usable = area == "total" and later in rate and year in inputs.years
        if not usable or _divided(code, year, parents, rate):
            continue
        parts = [(code, year, a) for a in AREAS]
        number = np.array([poor[p] / rate[p] if p in rate else 0.0 for p in parts])
        keys.append((year, code))
        scores.append([ndtri(rate[p]) if p in rate else 0.0 for p in parts])
        shares.append(number / number.sum())
        targets.append(rate[later])
        people.append(number.sum())
    growth = parallel_growth(np.array(scores), np.array(shares), np.array(targets), slopes)
    year_of, province_of = np.array(keys).T
    regressors = np.stack([inputs.at(y, c) for y, c in keys])
    return Panel(year_of, province_of, 100.0 * growth, np.array(people), regressors)


def parallel_growth(scores: Floats, shares: Floats, targets: Floats, slopes: Floats) -> Floats:
    """Solve for the common growth that turns two areas' poverty rates into a target rate.

    Parameters
    ----------
    scores : float64[n, 2], normal score of the poverty rate, urban and rural
    shares : float64[n, 2], share of persons, urban and rural
    targets : float64[n], poverty rate of both together one year later, 0 to 1
    slopes : float64[2], log points per unit of the normal score, urban and rural

    Returns
    -------
    float64[n], log growth relative to the poverty line
    """
    growth = np.zeros(len(targets))
    for _ in range(_NEWTON_STEPS):
        moved = scores - growth[:, None] / slopes
        value = (shares * ndtr(moved)).sum(axis=1)
        density = (shares * np.exp(-0.5 * moved**2) / slopes).sum(axis=1) / np.sqrt(2.0 * np.pi)
        growth += (value - targets) / density
    return growth


def survey_year(month: Month) -> int:
    """Return the survey year that a month belongs to.

    Parameters
    ----------
    month : Month
        Calendar month.

    Returns
    -------
    int
        Calendar year in which that survey year began.
    """
    return month.year if month.month > SURVEY_MONTH else month.year - 1


def _by_code_year(
    table: dict[str, npt.NDArray[Any]], column: str, *more: str
) -> dict[tuple[Any, ...], float]:
    """Index a column by code, year (and more keys), without the missing values."""
    keys = zip(*(table[name].tolist() for name in ("bps_code", "year", *more)), strict=True)
    values = table[column].tolist()
    return {key: value for key, value in zip(keys, values, strict=True) if not np.isnan(value)}


def _first(values: dict[tuple[Any, ...], float], family: tuple[int, int], year: int) -> float:
    """Return the value of a province, or of the undivided province, or NaN."""
    own, parent = family
    return values.get((own, year), values.get((parent, year), float("nan")))


def _divided(
    code: int, year: int, parents: dict[int, int], rate: dict[tuple[Any, ...], float]
) -> bool:
    """Tell whether part of a province became another province within a survey year."""
    return any(
        parent == code
        and child != code
        and (child, year + 1, "total") in rate
        and (child, year, "total") not in rate
        for child, parent in parents.items()
    )


def _line_growth(view: KnownUntil) -> dict[tuple[Any, ...], float]:
    """Return growth of the poverty line by code and survey year, in log percent.

    The mean of urban and rural growth; between two known surveys further apart growth is even.
    """
    table = view.inputs("poverty_province", "poverty_line_idr")
    march = table["month"] == SURVEY_MONTH
    table = {name: column[march] for name, column in table.items()}
    lines = _by_code_year(table, "poverty_line_idr", "area")
    growth: dict[tuple[Any, ...], list[float]] = {}
    for area in AREAS:
        for code in sorted({c for c, _, a in lines if a == area}):
            years = sorted(y for c, y, a in lines if c == code and a == area)
            for first, last in pairwise(years):
                ratio = lines[code, last, area] / lines[code, first, area]
                for year in range(first, last):
                    growth.setdefault((code, year), []).append(
                        100.0 * float(np.log(ratio)) / (last - first)
                    )
    return {key: float(np.mean(values)) for key, values in growth.items()}
