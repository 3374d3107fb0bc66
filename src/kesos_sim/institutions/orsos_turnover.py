"""Organisations that close for want of money, and others that are founded or opened again.

How many social organisations close or open in a year has not been counted in Indonesia: the
parameters are assumptions. Today as many open as close. What is registered and does not work is the
stock from which organisations open; a new one takes the place of one of them: its district, field
and size, not its certificate. So the register does not grow, as real ones do, and what is founded
in other places or for other people than those of the register is not seen. What a register holds
is no count of those that work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.bkkks import Coordination
from kesos_sim.institutions.orsos import OrsosTable, uniform
from kesos_sim.rng import Stream
from kesos_sim.units import Month

__all__ = ["come_and_go", "decides", "turnover"]

_JANUARY: Final = 1


def decides(month: Month) -> bool:
    """Return whether organisations decide in a month whether to go on: once a year.

    Parameters
    ----------
    month : Month
        The month.

    Returns
    -------
    bool
    """
    return month.month == _JANUARY


def come_and_go(
    bodies: Coordination,
    parameter: Callable[[str], float],
    key: int,
    month: Month,
    short: NDArray[np.int16],
    appeal: NDArray[np.float64],
) -> None:
    """Let organisations close, and others begin; parameters as for `turnover`.

    Parameters
    ----------
    bodies : Coordination
        The coordinating bodies, with the organisations.
    parameter, key, month : see `turnover`
    short : int16[n_orsos], months, see `turnover`
    appeal : float64[n_orsos], ratio, see `turnover`
    """
    closing, opening = turnover(bodies.table, parameter, key, month, short, appeal)
    for number in closing.tolist():
        bodies.agent(number).close(month)
    for number in opening.tolist():
        bodies.agent(number).begin(month)
    if closing.size or opening.size:
        bodies.count_working()


def turnover(
    table: OrsosTable,
    parameter: Callable[[str], float],
    key: int,
    month: Month,
    short: NDArray[np.int16],
    appeal: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return who decides to close, and who to begin.

    Parameters
    ----------
    table : OrsosTable
        The organisations.
    parameter : function
        Value of a model parameter by id.
    key : int
        Key of the seed and replicate.
    month : Month
        The month.
    short : int16[n_orsos], months, in a row, in which there was hardly any money for clients
    appeal : float64[n_orsos], ratio, donations and volunteers that there are, against the usual

    Returns
    -------
    tuple of int64[n], organisation
        Those that work and close, and those that do not work and begin.
    """
    strength = parameter("orsos.turnover.strength")
    if strength == 0.0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    luck = uniform(key, month.ordinal, table.identity, Stream.TURNOVER)[:, 0]
    working = table.working
    long = short >= parameter("orsos.closing_months")
    founding = parameter("orsos.founding")
    closing = working & long & (luck < strength)
    opening = ~working & (luck < strength * founding * appeal)
    return np.flatnonzero(closing), np.flatnonzero(opening)
