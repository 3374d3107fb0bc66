"""Volunteers of organisations: how many there are against usual, and what they save.

How many volunteers organisations have, how many stop, and what looking after them changes has not
been counted in Indonesia; the parameters are assumptions, and the range of the effect has zero.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.orsos import OrsosTable, uniform
from kesos_sim.rng import Stream
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["managed", "management_luck", "month_of_volunteers", "volunteers", "work_done"]

_LEAST: Final = 0.1
"""Part of the cost that remains however many volunteers there are."""

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
    kept = parameter("orsos.volunteers.strength") * cared_for
    joining = 1.0 + parameter("marketing.volunteer_effect") * campaign
    return (stock + leaving * (joining - (1.0 - kept) * stock)).astype(np.float32)


def work_done(parameter: Parameter, stock: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return what services cost with the volunteers that there are, against usual.

    Parameters
    ----------
    parameter : function
        Value of a model parameter by id.
    stock : float32[n_orsos], ratio, volunteers against usual

    Returns
    -------
    float64[n_orsos], ratio
    """
    saved = parameter("orsos.volunteer_work") * (stock.astype(np.float64) - 1.0)
    return np.asarray(np.maximum(1.0 - saved, _LEAST), np.float64)


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
    number = parameter("orsos.volunteers_per_client") * table.clients * stock * table.working
    return np.rint(np.bincount(table.home, number, districts)).astype(np.int64)
