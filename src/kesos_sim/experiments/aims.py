"""What packages are judged by: changes of indicators, added money, fairness between provinces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.experiments.tables import last_year
from kesos_sim.indicators.definitions import indicator
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["AIMS", "COST", "FAIRNESS", "Figures", "excess", "judged", "reached", "signs"]

COST, FAIRNESS = "cost", "fairness"
AIMS: Final = ("poverty_rate", "poverty_gap", "unmet_need_rate", COST, FAIRNESS)
"""What is sought: three indicators, the added money of a year, and how far the changes of the
poverty rate lie apart between provinces."""
_RATE: Final = "poverty_rate"
_SPENT: Final = "budget_spent"

Figures = Mapping[str, NDArray[np.float64]]
"""float64[n_months, 1 + n_provinces] by indicator."""


def judged(aims: Sequence[str]) -> list[int]:
    """Return the places of the aims that are indicators.

    Parameters
    ----------
    aims : some of `AIMS`

    Returns
    -------
    list of int
    """
    return [place for place, aim in enumerate(aims) if aim not in {COST, FAIRNESS}]


def signs(aims: Sequence[str]) -> NDArray[np.float64]:
    """Return which way each aim is better.

    Parameters
    ----------
    aims : some of `AIMS`

    Returns
    -------
    float64[n_aims], pure number
        1 for aims that are better when lower, -1 for others.
    """
    lower = {COST, FAIRNESS}
    return np.array(
        [1.0 if aim in lower or indicator(aim).direction == "lower" else -1.0 for aim in aims]
    )


def reached(aims: Sequence[str], figures: Figures, usual: Figures) -> list[float]:
    """Return what a package reaches.

    Parameters
    ----------
    aims : some of `AIMS`
    figures, usual : float64[n_months, 1 + n_provinces] by indicator, its unit, with the package
        and without it

    Returns
    -------
    list of float
        By aim, in the last year: change of an indicator in its unit, rupiah per year, percentage
        points between the provinces whose poverty rate changes most and least.
    """
    return [_aim(aim, figures, usual) for aim in aims]


def excess(figures: Figures, usual: Figures, budget: float, *, own_budgets: bool) -> float:
    """Return how far a package is beyond a budget.

    Parameters
    ----------
    figures, usual : float64[n_months, 1 + n_provinces] by indicator, its unit, with the package
        and without it
    budget : rupiah a year; infinite for no limit
    own_budgets : whether each province may add its people's part of the budget and no more

    Returns
    -------
    float
        As a part of the budget; 0 or less if it is within.
    """
    if not np.isfinite(budget):
        return 0.0
    added = _added(figures, usual)
    if not own_budgets or added.size == 1:
        return float(added[0] / budget - 1.0)
    people = last_year(usual["population"])[1:]
    return float((added[1:] / (budget * people / people.sum())).max() - 1.0)


def _aim(aim: str, figures: Figures, usual: Figures) -> float:
    """Return one aim."""
    if aim == COST:
        return float(_added(figures, usual)[0])
    name = _RATE if aim == FAIRNESS else aim
    change = last_year(figures[name]) - last_year(usual[name])
    if aim == FAIRNESS:
        return float(np.ptp(change[1:])) if change.size > 1 else 0.0
    return float(change[0])


def _added(figures: Figures, usual: Figures) -> NDArray[np.float64]:
    """Return what governments spend more in the last year: float64[n_regions], rupiah."""
    monthly = last_year(figures[_SPENT]) - last_year(usual[_SPENT])
    return np.asarray(MONTHS_PER_YEAR * monthly)
