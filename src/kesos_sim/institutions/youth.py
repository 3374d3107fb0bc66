"""Youth groups (Karang Taruna) whose enterprises give to social organisations.

How many groups have an enterprise that gives, and what it gives, was not found; both are assumed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["part_of_gifts", "with_gifts"]


def with_gifts(
    gifts: NDArray[np.float64], earned: NDArray[np.float64], home: NDArray[np.integer[Any]]
) -> NDArray[np.float64]:
    """Return money of own business with what enterprises of others give through it.

    Parameters
    ----------
    gifts : float64[n_districts], rupiah per month, below zero where less is given than usual
    earned : float64[n_orsos], rupiah per month, of own business in the long run
    home : int[n_orsos], index, district

    Returns
    -------
    float64[n_districts], ratio
        Against what is usual; others give at most as much as organisations earn themselves.

    Examples
    --------
    >>> import numpy as np
    >>> home = np.array([0, 0, 1])
    >>> with_gifts(np.array([5.0, 9.0, 1.0]), np.array([4.0, 6.0, 3.0]), home).tolist()
    [1.5, 2.0, 2.0]
    """
    usual = np.bincount(home, earned, gifts.size)
    return np.asarray(1.0 + np.clip(gifts / np.maximum(usual, 1.0), -1.0, 1.0))


def part_of_gifts(ratio: float) -> float:
    """Return which part of money of own business came from enterprises of youth groups.

    Parameters
    ----------
    ratio : float
        Of a district, as `with_gifts` returns it.

    Returns
    -------
    float
        Share; below zero where less is given than usual, and zero where nothing came.

    Examples
    --------
    >>> part_of_gifts(2.0), part_of_gifts(1.0), part_of_gifts(0.5)
    (0.5, 0.0, -1.0)
    """
    return 1.0 - 1.0 / ratio if ratio > 0.0 else 0.0
