"""Extension workers (penyuluh): who hears from them what help there is and how to ask for it.

Civil servants are heard by whomever they talk to; figures of the community by those who trust
them. How many hear, and how many of those then ask, was not measured: both are assumed, with
ranges, and the second one's includes zero.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["extension_cost", "hearing"]

_WHOLE: Final = 100.0
"""Cohesion of a place where all trust each other."""

Parameter = Callable[[str], float]


def hearing(
    parameter: Parameter,
    workers: NDArray[np.float64],
    cohesion: NDArray[np.float64],
    population: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return how many people extension workers tell in a year what help there is.

    Talks fall on people at random, so that some hear twice before others hear at all.

    Parameters
    ----------
    parameter : function
        Value of a model parameter by id.
    workers : float64[n_districts], persons, extension workers of both kinds
    cohesion : float64[n_districts], index 0 to 100, how much people stand together
    population : float64[n_districts], persons

    Returns
    -------
    float64[n_districts], share of people

    Examples
    --------
    Where nobody trusts anybody, only civil servants are heard:

    >>> import numpy as np
    >>> values = {"reach": 1000.0, "civil_servants": 0.5, "trust.strength": 1.0}
    >>> workers, people = np.array([10.0, 10.0]), np.array([1e5, 1e5])
    >>> found = hearing(
    ...     lambda name: values[name.removeprefix("psks.").removeprefix("penyuluh_")],
    ...     workers, np.array([0.0, 100.0]), people,
    ... )
    >>> found.round(4).tolist()
    [0.0488, 0.0952]
    """
    servants = parameter("psks.penyuluh_civil_servants")
    trusted = 1.0 - parameter("psks.trust.strength") * (1.0 - cohesion / _WHOLE)
    talks = parameter("psks.penyuluh_reach") * workers * (servants + (1.0 - servants) * trusted)
    return np.asarray(-np.expm1(-talks / population))


def extension_cost(parameter: Parameter, more: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what more extension workers than today cost.

    Parameters
    ----------
    parameter : function
        Value of a model parameter by id.
    more : float64[n_districts], persons, extension workers beyond those of today

    Returns
    -------
    float64[n_districts], rupiah per year
    """
    servants = parameter("psks.penyuluh_civil_servants")
    pay = servants * parameter("psks.penyuluh_pay")
    return np.asarray((pay + (1.0 - servants) * parameter("psks.penyuluh_honorarium")) * more)
