"""Backcasts beside what was published later, and beside what two simple forecasts would have said.

A world is anchored in an earlier March and lives to the end of 2024 with the prices, poverty
lines, output, unemployment and programme rules of each year as inputs; nothing after the base
month that is an outcome is read. What it says about poverty in later Marches is set against the
published rates, and its mean error against that of two forecasts that anybody could have made: no
change, and a fixed elasticity of poverty to provincial output, fitted on what was known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.calibration.figures import Figure
from kesos_sim.data import read_table
from kesos_sim.experiments.executors import Executor
from kesos_sim.experiments.outcomes import Outcome, all_outcomes
from kesos_sim.experiments.store import Store
from kesos_sim.population.known import NATION, SURVEY_MONTH, KnownUntil, known_until
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = [
    "BASES",
    "FORECASTS",
    "LAST_YEAR",
    "backcast",
    "elasticity",
    "errors",
    "path_figures",
    "path_of",
]

Floats = NDArray[np.float64]

BASES: Final = (2015, 2017, 2019)
"""Years in whose March a backcast begins."""
FORECASTS: Final = ("no_change", "elasticity")
"""Simple forecasts that a model should beat."""
LAST_YEAR: Final = 2024
"""Last year whose March is looked at."""
_MOST_HOUSEHOLDS: Final = 100_000
_PERCENT: Final = 100.0


_MEASURES: Final = {
    # measure: indicator of the model, table and column of what was published, unit
    "poverty_path": ("poverty_rate", "poverty_province", "poverty_rate_p0", "percent"),
    "gini_path": ("gini", "inequality_province", "gini", "index"),
}


@dataclass(frozen=True)
class Published:
    """What was published of provinces in March.

    Attributes
    ----------
    value : by BPS code and year, in the unit of the measure
    quality : its quality by BPS code and year
    """

    value: dict[tuple[int, int], float]
    quality: dict[tuple[int, int], str]

    @classmethod
    def read(cls, measure: str = "poverty_path") -> Published:
        """Read the table of a measure."""
        _, name, column, _ = _MEASURES[measure]
        table = read_table(name)
        columns = (
            np.asarray(table[one])
            for one in ("bps_code", "year", "month", "area", column, "quality")
        )
        rows = [
            (int(code), int(year), float(value), str(quality))
            for code, year, month, area, value, quality in zip(*columns, strict=True)
            if area == "total" and int(month) == SURVEY_MONTH and np.isfinite(float(value))
        ]
        return cls(
            {(code, year): value for code, year, value, _ in rows},
            {(code, year): quality for code, year, _, quality in rows},
        )


def backcast(scenario: Scenario, base: int) -> Scenario:
    """Return the backcast of a scenario's region from the March of a year.

    Parameters
    ----------
    scenario : Scenario
        Region, seed and sample size.
    base : int
        One of `BASES`.

    Returns
    -------
    Scenario
        To March 2024, without any decision of the scenario and without its calibration, which has
        read figures after the base month.
    """
    start = Month(base, SURVEY_MONTH)
    return replace(
        scenario.uncalibrated,
        name=f"backcast-{base}",
        start=start,
        months=Month(LAST_YEAR, SURVEY_MONTH) - start,
        households=min(scenario.households, _MOST_HOUSEHOLDS),
        levers={},
        events=(),
        programmes=(),
        growth="backcast",
        root=None,
    )


def elasticity(view: KnownUntil) -> float:
    """Fit how poverty follows provincial output, on what was known in a base month.

    Parameters
    ----------
    view : KnownUntil
        The data up to the base month.

    Returns
    -------
    float
        Log change of the poverty rate for a log point of output: least squares through the origin
        over provinces and years.
    """
    table = view.outcomes("poverty_province", "poverty_rate_p0")
    growth = _growth(view)
    rate = {
        (int(code), int(year)): float(value)
        for code, year, month, area, value in zip(
            *(table[name] for name in ("bps_code", "year", "month", "area", "poverty_rate_p0")),
            strict=True,
        )
        if area == "total" and int(month) == SURVEY_MONTH and np.isfinite(float(value))
    }
    pairs = [
        (growth[code, year], np.log(rate[code, year + 1] / before))
        for (code, year), before in rate.items()
        if code != NATION and (code, year + 1) in rate and (code, year) in growth
    ]
    grown, moved = np.array(pairs).T
    return float(grown @ moved / (grown @ grown))


def _growth(view: KnownUntil) -> dict[tuple[int, int], float]:
    """Return log growth of output by BPS code and calendar year."""
    table = view.inputs("growth_prices", "gdp_growth_percent")
    return {
        (int(code), int(year)): float(np.log1p(float(value) / _PERCENT))
        for code, year, value in zip(
            table["bps_code"], table["year"], table["gdp_growth_percent"], strict=True
        )
        if np.isfinite(float(value))
    }


def forecasts(
    base: int, year: int, codes: Sequence[int], rate: Sequence[float]
) -> dict[str, Floats]:
    """Return what simple forecasts say of provinces.

    Parameters
    ----------
    base : int
        Year in whose March the forecast is made.
    year : int
        Year of whose March it speaks.
    codes : sequence of int
        BPS codes.
    rate : sequence of float
        Their poverty rates in the base month, percent.

    Returns
    -------
    dict of float64[n_codes], percent, by `FORECASTS`
    """
    view = known_until(Month(base, SURVEY_MONTH))
    growth, slope = _growth(view), elasticity(view)
    start = np.array(rate, np.float64)
    grown = np.array(
        [
            sum(growth.get((code, one), growth[NATION, one]) for one in range(base, year))
            for code in codes
        ]
    )
    return {"no_change": start, "elasticity": start * np.exp(slope * grown)}


def path_figures(
    scenario: Scenario,
    executor: Executor | None = None,
    store: Store | None = None,
    bases: Sequence[int] = BASES,
) -> list[Figure]:
    """Live the backcasts of a scenario's region and compare.

    Parameters
    ----------
    scenario : Scenario
        Region, seed and sample size.
    executor : Executor, optional
        Who computes; processes of this machine when left out.
    store : Store, optional
        Who remembers finished runs.
    bases : sequence of int
        Some of `BASES`.

    Returns
    -------
    list of Figure
        For each base year: poverty rate and Gini of every province in every later March that is
        published, and the mean absolute error of the rate beside that of each simple forecast.
    """
    jobs = [backcast(scenario, base) for base in bases]
    lives = all_outcomes(jobs, executor, store)
    figures = []
    for base, life in zip(bases, lives, strict=True):
        own = {measure: path_of(base, life, measure) for measure in _MEASURES}
        figures += [figure for listed in own.values() for figure in listed]
        figures += errors(base, own["poverty_path"])
    return figures


def path_of(base: int, life: Outcome, measure: str) -> list[Figure]:
    """Compare a backcast with what was published later.

    Parameters
    ----------
    base : int
        Year in whose March it begins.
    life : Outcome
        The backcast.
    measure : str
        ``poverty_path`` or ``gini_path``.

    Returns
    -------
    list of Figure
        One for each province and later March that is published.
    """
    published = Published.read(measure)
    name, table, column_name, unit = _MEASURES[measure]
    provinces = {
        int(code): column
        for column, code in enumerate(life.regions)
        if len(code) == _CODE_DIGITS and code.isdigit() and int(code) != NATION
    }
    values = life.figures[name]
    return [
        Figure(
            "path",
            "province",
            f"{code:02d}",
            measure,
            (base, year),
            published.value[code, year],
            float(values[MONTHS_PER_YEAR * (year - base), column]),
            unit,
            published.quality[code, year],
            "scored",
            f"{table}:{column_name}",
        )
        for year in range(base + 1, LAST_YEAR + 1)
        for code, column in provinces.items()
        if (code, year) in published.value and (code, base) in published.value
    ]


_CODE_DIGITS: Final = 2


def errors(base: int, own: Sequence[Figure]) -> list[Figure]:
    """Return the mean absolute error of a backcast beside those of simple forecasts.

    Parameters
    ----------
    base : int
        Year in whose March it begins.
    own : sequence of Figure
        Poverty rates of provinces in later Marches.

    Returns
    -------
    list of Figure
        One for each of `FORECASTS`, whose error stands in the place of what was published.
    """
    if not own:
        return []
    start = Published.read().value
    miss: dict[str, list[float]] = {name: [] for name in FORECASTS}
    for year in sorted({int(figure.detail[1]) for figure in own}):
        rows = [figure for figure in own if figure.detail[1] == year]
        codes = [int(figure.code) for figure in rows]
        said = forecasts(base, year, codes, [start[code, base] for code in codes])
        for name, values in said.items():
            miss[name] += [
                abs(value - figure.published) for value, figure in zip(values, rows, strict=True)
            ]
    model = float(np.mean([abs(figure.difference) for figure in own]))
    return [
        Figure(
            "path",
            "study",
            "backcast",
            "path_error",
            (base, name),
            float(np.mean(values)),
            model,
            "percent",
            "derived",
            "shown",
            "poverty_province:poverty_rate_p0",
        )
        for name, values in miss.items()
    ]
