"""What new poverty money does beside its purpose: it may replace other help and move demand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.programmes import REGULAR, ProgrammeSchedule
from kesos_sim.institutions.treasury import Treasury
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["crowding", "demand"]


def crowding(
    treasury: Treasury, schedule: ProgrammeSchedule, quota: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what is left of national quotas where regional money replaces them.

    Parameters
    ----------
    treasury : Treasury
        The money of the fiscal year.
    schedule : ProgrammeSchedule
        Programmes of the month.
    quota : float64[k, n_districts], households

    Returns
    -------
    float64[n_districts], factor on the quotas of PKH and Sembako, 0 to 1
    """
    parameter = treasury.scenario.parameter
    lost = parameter("fiscal.crowding_out")
    if lost <= 0.0 or not treasury.state.first.any():
        return np.ones(quota.shape[1])
    regional = treasury.yearly()[1:].sum(axis=0)
    yearly = schedule.flat * MONTHS_PER_YEAR
    yearly += schedule.pkh_part * parameter("programme.pkh_mean_amount")
    places = [schedule.index(name) for name in REGULAR]
    national = yearly[places] @ quota[places]
    return np.asarray(1.0 - np.minimum(1.0, lost * regional / np.maximum(national, 1.0)))


def demand(treasury: Treasury) -> NDArray[np.float64]:
    """Return how much local income new money adds and cut spending takes away.

    The multiplier acts on both sides: on what is spent in a district, and on what its own, its
    province's and the nation's government spend less there (by population).

    Parameters
    ----------
    treasury : Treasury
        The money of the fiscal year.

    Returns
    -------
    float64[n_districts], rupiah per year, net; zeros with a multiplier of zero
    """
    places, governments = treasury.places, treasury.governments
    multiplier = treasury.scenario.parameter("fiscal.demand_multiplier")
    if multiplier == 0.0 or not treasury.state.first.any():
        return np.zeros(places.codes.size)
    spent = (treasury.yearly() - treasury.yearly("leakage")).sum(axis=0)
    cut = treasury.state.money.astype(np.float64)
    for stream, level in enumerate(governments.levels):
        cut[level] *= MONTHS_PER_YEAR / treasury.state.span(stream)
    nation, provinces, districts = (cut[level] for level in governments.levels)
    people, index = places.population, places.province_index
    in_province = np.maximum(np.bincount(index, people, len(places.provinces)), 1.0)
    less = nation * people / people.sum() + (provinces / in_province)[index] * people + districts
    return np.asarray(multiplier * (spent - less))
