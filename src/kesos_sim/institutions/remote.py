"""The ministry's programme for remote customary communities (KAT), against today's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.population.needs import KINDS
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["REMOTE", "remote_cost", "with_programme"]

REMOTE: Final = KINDS.index("remote_community")
"""Kind of need of remote communities; only households of rural strata can have it."""

Parameter = Callable[[str], float]
Lever = Callable[[str], float]


def with_programme(
    parameter: Parameter, lever: Lever, end: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return how often needs end by themselves and through the programme.

    Today's programme is in the mean time that a need lasts.

    Parameters
    ----------
    parameter, lever : function
        Value of a model parameter by id; setting of a lever by its name.
    end : float32[2, n_kinds], share per month, with today's programme

    Returns
    -------
    float32[2, n_kinds], share per month
    """
    found = end.copy()
    more = _more(parameter, lever) / MONTHS_PER_YEAR
    found[:, REMOTE] = np.clip(end[:, REMOTE] + more, 0.0, 1.0)
    return found


def remote_cost(
    parameter: Parameter, lever: Lever, in_need: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return what more of the programme than today costs the national budget.

    Parameters
    ----------
    parameter, lever : function
        Value of a model parameter by id; setting of a lever by its name.
    in_need : int64[n_districts], families of remote communities

    Returns
    -------
    float64[n_districts], rupiah per year; 0 where there is less of it
    """
    more = max(_more(parameter, lever), 0.0)
    return np.asarray(parameter("kat.cost") * more * in_need, np.float64)


def _more(parameter: Parameter, lever: Lever) -> float:
    """Return the families settled beyond today as a share of all per year, below 0 for fewer."""
    today = parameter("kat.families") / parameter("need.remote_community.count")
    return (lever("kat_programme") - 1.0) * today
