"""Cash that a rule triggers when a disaster hits many of a district, as BST did in 2020 and 2021.

No rule of this kind is in force in Indonesia; threshold and months are assumptions, the amount is
that of BST.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["EmergencyCash", "emergency_cash"]

Parameter = Callable[[str], float]


@dataclass(frozen=True)
class EmergencyCash:
    """Cash that a month's disasters trigger.

    Attributes
    ----------
    families : int64[n_districts], families, who get it
    rupiah : int64[n_districts], rupiah, for all its months
    spared : float64[n_districts], log points, of the loss of everybody hit, on average
    """

    families: NDArray[np.int64]
    rupiah: NDArray[np.int64]
    spared: NDArray[np.float64]


def emergency_cash(
    parameter: Parameter,
    reach: float,
    affected: NDArray[np.float64],
    people: NDArray[np.float64],
    size: NDArray[np.float64],
    consumption: NDArray[np.float64],
) -> EmergencyCash:
    """Return whom the rule gives cash, and what it spares them.

    A loss from a disaster fades over the months; the cash is taken to be spread over that time,
    so that both are compared in total.

    Parameters
    ----------
    parameter : function
        Value of a model parameter by id.
    reach : float
        Share of the families hit that the list finds.
    affected, people : float64[n_districts], persons, hit in this month, and living there
    size : float64[n_districts], persons per family
    consumption : float64[n_districts], rupiah per family and month

    Returns
    -------
    EmergencyCash
    """
    triggered = affected >= np.maximum(parameter("adaptive.trigger_share") * people, 1.0)
    amount, months = parameter("adaptive.cash_amount"), parameter("adaptive.cash_months")
    families = np.rint(reach * triggered * affected / size).astype(np.int64)
    fades = 1.0 - parameter("hazard.monthly_keep")
    each = months * np.log1p(amount / np.maximum(consumption, amount))
    return EmergencyCash(
        families=families,
        rupiah=families * round(amount * months),
        spared=np.asarray(reach * triggered * fades * each),
    )
