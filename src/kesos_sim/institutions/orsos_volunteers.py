"""Volunteers of organisations: how many there are against usual, and what they save.

How many volunteers organisations have, how many stop, and what looking after them changes has not
been counted in Indonesia; the parameters are assumptions, and the range of the effect has zero.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.orsos import OrsosTable, uniform
from kesos_sim.kernels.funding import count_volunteers, keep_volunteers
from kesos_sim.rng import Stream
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["managed", "management_luck", "month_of_volunteers", "volunteers"]

Parameter = Callable[[str], float]


def management_luck(table: OrsosTable, key: int) -> NDArray[np.float64]:
    """Draw once who looks after volunteers at which share, see `managed`.

    Parameters
    ----------
    table : OrsosTable
        The organisations.
    key : int
        Key of the seed and replicate.

    Returns
    -------
    float64[n_orsos], between 0 and 1
    """
    return uniform(key, 0, table.identity, Stream.VOLUNTEERS)[:, 0].copy()


def managed(table: OrsosTable, luck: NDArray[np.float64], share: float) -> NDArray[np.bool_]:
    """Return which organisations recruit, train and look after their volunteers.

    Parameters
    ----------
    table : OrsosTable
        The organisations.
    luck : float64[n_orsos], between 0 and 1, what `management_luck` drew
    share : float
        Working organisations that do; a higher share adds to them.

    Returns
    -------
    bool[n_orsos], flag
    """
    return np.asarray(table.working & (luck < share))


def month_of_volunteers(
    parameter: Parameter,
    stock: NDArray[np.float32],
    cared_for: NDArray[np.bool_],
    campaign: float,
) -> NDArray[np.float32]:
    """Return the volunteers after some have left and others joined.

    Parameters
    ----------
    parameter : function
        Value of a model parameter by id.
    stock : float32[n_orsos], ratio, volunteers against usual
    cared_for : bool[n_orsos], flag, whether the organisation looks after them
    campaign : float
        Part of its full effect that social marketing has.

    Returns
    -------
    float32[n_orsos], ratio; it stays at one where nothing is other than usual
    """
    leaving = parameter("psks.volunteers_leave") / MONTHS_PER_YEAR
    kept = parameter("orsos.volunteers.strength")
    joining = 1.0 + parameter("marketing.volunteer_effect") * campaign
    found = np.empty_like(stock)
    keep_volunteers(float(leaving), float(kept), float(joining), cared_for, stock, found)
    return found


def volunteers(
    parameter: Parameter, table: OrsosTable, stock: NDArray[np.float32], districts: int
) -> NDArray[np.int64]:
    """Return how many volunteers organisations have.

    Parameters
    ----------
    parameter : function
        Value of a model parameter by id.
    table : OrsosTable
        The organisations.
    stock : float32[n_orsos], ratio, volunteers against usual
    districts : int
        Number of districts.

    Returns
    -------
    int64[n_districts], persons
    """
    each, number = float(parameter("orsos.volunteers_per_client")), np.empty(districts)
    count_volunteers(table.home, table.state, table.clients, stock, each, number)
    return np.rint(number).astype(np.int64)
