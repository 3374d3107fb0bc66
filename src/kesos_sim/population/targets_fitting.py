"""Bending the national shapes until districts, cells and provinces all look as published.

Published poverty is that of welfare, the published Gini and mean are those of expenditure in
rupiah, and the Gini of a whole province also depends on how far its urban and rural means lie
apart. Rounds of bending and measuring move the goals of each curve until what the nested strata
imply meets the published figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.population.quantile import (
    AREAS,
    PERCENT,
    Floats,
    Parameters,
    RankGrid,
    reference_curve,
)
from kesos_sim.population.quantile_bending import CurveGoals, bend, bend_settings
from kesos_sim.population.quantile_nesting import Nested, Nesting, measure, measure_again
from kesos_sim.population.targets_published import CellFigures

__all__ = ["FittedCurves", "fitted_curves"]

_ROUNDS: Final = 10
_CLOSE_GINI: Final = 0.2
_CLOSE_MEAN: Final = 0.001
"""Rounds end when every Gini is this close (tolerances) and wanted means stay (log points)."""
_LOG_RATIOS: Final = np.linspace(0.0, 1.2, 33)
"""Urban over rural mean expenditure that is looked through, in logarithms."""


@dataclass(frozen=True, slots=True)
class FittedCurves:
    """Curves of all cells and what they imply.

    Attributes
    ----------
    log_welfare : float64[n_cells, m], log of the ratio to the poverty line
    log_slope : float64[n_cells, k], log ratio, slope over that of the national shape
    mean_goal : float64[n_cells], ratio to the cell's line, wanted mean expenditure; NaN if none
    nested : Nested
        What the nested strata imply.
    """

    log_welfare: Floats
    log_slope: Floats
    mean_goal: Floats
    nested: Nested


def fitted_curves(
    cells: Sequence[CellFigures],
    totals: Mapping[int, Mapping[str, float]],
    grid: RankGrid,
    nesting: Nesting,
    parameters: Parameters,
) -> FittedCurves:
    """Fit the curves of cells.

    Parameters
    ----------
    cells : sequence of CellFigures
        Provinces by area of one year; no later shape is read.
    totals : mapping of int to mapping of str to float
        Published totals by province, see `published_provinces`.
    grid : RankGrid
        Ranks of the curves.
    nesting : Nesting
        All strata of the cells.
    parameters : callable
        Value of a parameter by id.

    Returns
    -------
    FittedCurves
        One curve per cell.
    """
    shapes = [reference_curve(area, cells[0].year, grid, parameters) for area in range(len(AREAS))]
    reference = np.stack([shapes[cell.area] for cell in cells])
    settings = bend_settings(parameters)
    gini = np.array([cell.gini for cell in cells])
    pairs = _Pairs(cells, totals)
    mean = np.array([cell.expenditure / cell.line for cell in cells])
    goals = CurveGoals(
        p0=np.array([cell.p0 for cell in cells]) / PERCENT,
        p1=np.array([cell.p1 for cell in cells]) / PERCENT,
        p2=np.array([cell.p2 for cell in cells]) / PERCENT,
        gini=gini.copy(),
        mean=mean.copy(),
    )
    bent = bend(reference, grid, goals, settings)
    curves, slopes = bent.log_welfare, bent.log_slope
    nested = measure(nesting, grid, curves)
    province = np.array([cell.province for cell in cells])
    still = np.arange(len(cells))
    for _ in range(_ROUNDS):
        miss = gini - nested.gini
        wanted = pairs.means(nested, mean)
        steady = ~np.isfinite(wanted) | (np.abs(np.log(wanted / mean)) <= _CLOSE_MEAN)
        mean[still] = wanted[still]
        goals.gini[still] += miss[still]
        goals.mean[still] = (mean * grid.average(np.exp(curves)) / nested.mean)[still]
        bent = bend(reference[still], grid, goals.take(still), settings, start=slopes[still])
        curves[still], slopes[still] = bent.log_welfare, bent.log_slope
        measure_again(nested, nesting, grid, curves, still.tolist())
        rough = np.abs(gini - nested.gini) > _CLOSE_GINI * settings.tolerance[-1]
        still = still[np.isin(province[still], province[rough | ~steady])]
        if not len(still):
            break
    return FittedCurves(curves, slopes, mean, nested)


class _Pairs:
    """Provinces whose split of mean expenditure follows from their published Gini."""

    def __init__(
        self, cells: Sequence[CellFigures], totals: Mapping[int, Mapping[str, float]]
    ) -> None:
        self.line = np.array([cell.line for cell in cells])
        self.people = np.array([cell.population for cell in cells])
        members: dict[int, list[int]] = {}
        for place, cell in enumerate(cells):
            if cell.grade_expenditure != "A":
                members.setdefault(cell.province, []).append(place)
        self.pairs: list[tuple[NDArray[np.int64], float, float]] = [
            (np.array(places), totals[province]["gini"], totals[province]["expenditure"])
            for province, places in members.items()
            if len(places) == len(AREAS)
        ]

    def means(self, nested: Nested, mean: Floats) -> Floats:
        """Return means (ratio to the line) that keep the total and give the published Gini."""
        wanted = mean.copy()
        for pair, gini, total in self.pairs:
            people, line = self.people[pair], self.line[pair]
            now = nested.mean[pair] * line
            everyone = total if np.isfinite(total) else people @ now / people.sum()
            splits = self._split(people, everyone, np.exp(_LOG_RATIOS))
            found = _mixture_ginis(nested, pair, line * splits / now, people)
            lowest = int(found.argmin())
            ratio = np.exp(np.interp(gini, found[lowest:], _LOG_RATIOS[lowest:]))
            wanted[pair] = self._split(people, everyone, ratio[None])[0] / line
        return wanted

    @staticmethod
    def _split(people: Floats, everyone: float, ratio: Floats) -> Floats:
        """Return urban and rural means, one row per ratio, with a given total."""
        rural = everyone * people.sum() / (people[0] * ratio + people[1])
        return np.stack([ratio * rural, rural], axis=1)


def _mixture_ginis(
    nested: Nested, pair: NDArray[np.int64], scales: Floats, people: Floats
) -> Floats:
    """Return the Gini of two cells together for several scales of their expenditure at once."""
    value = (scales[:, :, None] * nested.spending[pair]).reshape(len(scales), -1)
    order = np.argsort(value, axis=1)
    weight = (people[:, None] * nested.persons[pair]).ravel()[order]
    money = weight * np.take_along_axis(value, order, axis=1)
    middle = np.cumsum(weight, axis=1) - 0.5 * weight
    total = money.sum(axis=1) * people.sum()
    result: Floats = 2.0 * (money * middle).sum(axis=1) / total - 1.0
    return result
