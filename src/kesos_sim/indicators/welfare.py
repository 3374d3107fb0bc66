"""Poverty, inequality and targeting from counted people.

Foster, Greer and Thorbecke (1984) indices and the Gini coefficient, weighted by
persons; every function takes counts and returns shares of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.incidence import INCIDENCE_SCALE

__all__ = ["benefit_incidence", "gini", "share"]

Floats = NDArray[np.float64]


def share(part: Floats, whole: Floats) -> Floats:
    """Return 100 times part over whole, missing where the whole is empty.

    Parameters
    ----------
    part, whole : float64[...], persons, of one shape

    Returns
    -------
    float64[...], percent, NaN where ``whole`` is 0

    Examples
    --------
    >>> import numpy as np
    >>> share(np.array([9.0, 0.0]), np.array([60.0, 0.0])).tolist()
    [15.0, nan]
    """
    result: Floats = np.full(np.shape(part), np.nan)
    return np.divide(100.0 * part, whole, out=result, where=whole > 0)


def gini(people: NDArray[np.int64], level: Floats) -> Floats:
    """Return the Gini coefficient of binned consumption.

    Parameters
    ----------
    people : int64[..., n_bins], persons, by ascending consumption
    level : float64[n_bins], any unit, consumption that stands for each bin

    Returns
    -------
    float64[...], index from 0 to 1, NaN without people

    Examples
    --------
    >>> import numpy as np
    >>> level = np.array([1.0, 2.0, 4.0])
    >>> gini(np.array([[0, 10, 0], [5, 0, 5]]), level).round(3).tolist()
    [0.0, 0.3]
    """
    people = people.astype(np.float64)
    total = people.sum(axis=-1, keepdims=True)
    money = people * level
    spent = money.sum(axis=-1, keepdims=True)
    shape = total.shape
    weight = people / np.where(total > 0, total, 1.0)
    held = money / np.where(spent > 0, spent, 1.0)
    lorenz = np.cumsum(held, axis=-1)
    # Area under the Lorenz curve by trapezes: exact for equal consumption within a bin.
    area = (weight * (lorenz - 0.5 * held)).sum(axis=-1, keepdims=True)
    result: Floats = np.where(total > 0, 1.0 - 2.0 * area, np.full(shape, np.nan))[..., 0]
    return result


def benefit_incidence(counts: NDArray[np.int64]) -> dict[str, Floats]:
    """Return who gets how much, by tenths of people.

    Parameters
    ----------
    counts : int64[n_groups, n_bins, 4 + n_programmes], weighted persons and fixed-point money,
        by ascending consumption before help, see `kesos_sim.kernels.incidence`

    Returns
    -------
    dict of float64[n_groups, 10]
        ``mean`` (consumption per person, reference lines), ``coverage`` (percent of people),
        ``adequacy`` (percent of the consumption of those reached), ``share`` (percent of all
        help) and ``help`` (reference lines per person).
    """
    running = np.cumsum(counts.astype(np.float64), axis=1)
    n_groups, _, n_columns = counts.shape
    edges = np.zeros((n_groups, 11, n_columns))
    for group in range(n_groups):
        persons = running[group, :, 0]
        if persons[-1] <= 0:
            continue
        cuts = np.linspace(0.0, persons[-1], 11)
        start = np.concatenate([[0.0], persons])
        for column in range(n_columns):
            values = np.concatenate([[0.0], running[group, :, column]])
            edges[group, :, column] = np.interp(cuts, start, values)
    tenth = np.diff(edges, axis=1)
    persons, reached = tenth[:, :, 0], tenth[:, :, 3]
    money, given = (tenth[:, :, k] / INCIDENCE_SCALE for k in (1, 2))
    fraction = np.divide(reached, persons, out=np.zeros_like(reached), where=persons > 0)
    spent_by_reached = money * fraction
    return {
        "mean": np.divide(money, persons, out=np.full_like(money, np.nan), where=persons > 0),
        "help": np.divide(given, persons, out=np.full_like(money, np.nan), where=persons > 0),
        "coverage": share(reached, persons),
        "adequacy": share(given, spent_by_reached),
        "share": share(given, np.broadcast_to(given.sum(axis=1, keepdims=True), given.shape)),
    }
