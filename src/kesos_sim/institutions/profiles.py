"""How spending is spread over a fiscal year: late, and never all of it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.rules import Parameter
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["absorption", "absorption_from"]

_JUNE: Final = 6
_NOVEMBER: Final = 11
_QUARTERS: Final = ("first", "second", "third")


def absorption(level: str, parameter: Parameter) -> NDArray[np.float64]:
    """Return the part of a year's budget that is spent by the end of each month.

    Parameters
    ----------
    level : str
        ``nation``, ``province`` or ``district``.
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    float64[13], share of the budget, from 0 on 1 January to what December leaves absorbed
    """
    if level == "nation":
        absorbed = parameter("fiscal.apbn_absorbed")
        quarters = np.cumsum([parameter(f"fiscal.apbn_{name}_quarter") for name in _QUARTERS])
        known = np.concatenate(([0.0], quarters * absorbed, [absorbed]))
        months = np.array([0, 3, 6, 9, MONTHS_PER_YEAR])
    else:
        known = np.array(
            [
                0.0,
                parameter("fiscal.apbd_by_june"),
                parameter("fiscal.apbd_by_november"),
                parameter("fiscal.apbd_absorbed"),
            ]
        )
        months = np.array([0, _JUNE, _NOVEMBER, MONTHS_PER_YEAR])
    spent = np.interp(np.arange(MONTHS_PER_YEAR + 1), months, known)
    return np.asarray(np.clip(np.maximum.accumulate(spent), 0.0, 1.0), np.float64)


def absorption_from(spent: NDArray[np.float64], first: int) -> NDArray[np.float64]:
    """Return the profile of a year that begins in a later month.

    Parameters
    ----------
    spent : float64[13], share of the budget, spent by the end of each month
    first : int
        First month of the year that counts, 1 to 12.

    Returns
    -------
    float64[13], share of the budget, 0 before the first month; December absorbs as much as ever
    """
    before = spent[first - 1]
    rest = spent[MONTHS_PER_YEAR] - before
    if rest <= 0.0:
        return np.zeros(MONTHS_PER_YEAR + 1)
    return np.asarray(np.clip(spent - before, 0.0, None) / rest * spent[-1], np.float64)
