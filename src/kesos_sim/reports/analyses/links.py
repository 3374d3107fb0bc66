"""How far measures move together: rank correlations, their intervals, and what chance does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEAST_LINKED", "Link", "holm", "link"]

LEAST_LINKED: Final = 8
"""Fewest pairs for which anything is said about a link: with seven or fewer a rank correlation
has to exceed about 0.79 to be told from chance, and its interval spans most of the scale."""
_NORMAL_95: Final = 1.959963984540054
_SHUFFLES: Final = 9_999
_SEED: Final = 2008


@dataclass(frozen=True, slots=True)
class Link:
    """How far two measures move together.

    Attributes
    ----------
    rho : float
        Rank correlation of Spearman; NaN when one of them does not vary.
    n : int
        Pairs.
    low, high : float
        Interval that holds it 95 times in 100.
    p : float
        Chance of a correlation this strong, in either direction, among shuffled pairs.
    """

    rho: float
    n: int
    low: float
    high: float
    p: float


def link(first: Sequence[float], second: Sequence[float]) -> Link:
    """Return the rank correlation of pairs with its interval and permutation p.

    Parameters
    ----------
    first, second : sequence of float
        Values of as many pairs.

    Returns
    -------
    Link
        Interval and p are NaN below `LEAST_LINKED` pairs, where nothing may be claimed.

    Notes
    -----
    Interval on Fisher's scale with the variance of Bonett and Wright (2000), Psychometrika 65,
    23-28. The permutations are the same at every call.
    """
    from scipy.stats import rankdata  # scipy loads where it is used

    n = len(first)
    a, b = rankdata(first), rankdata(second)
    spread = float(np.std(a) * np.std(b)) if n else 0.0
    if spread == 0.0:
        return Link(math.nan, n, math.nan, math.nan, math.nan)
    a, b = a - a.mean(), b - b.mean()
    scale = math.sqrt(float(a @ a) * float(b @ b))
    rho = min(1.0, max(-1.0, float(a @ b) / scale))
    if n < LEAST_LINKED:
        return Link(rho, n, math.nan, math.nan, math.nan)
    half = _NORMAL_95 * math.sqrt((1.0 + rho * rho / 2.0) / (n - 3.0))
    middle = math.atanh(min(0.999999, max(-0.999999, rho)))
    beyond = int((np.abs(b[_orders(n)] @ a) / scale >= abs(rho) - 1e-12).sum())
    p = (1.0 + beyond) / (1.0 + _SHUFFLES)
    return Link(rho, n, math.tanh(middle - half), math.tanh(middle + half), p)


@lru_cache(maxsize=4)
def _orders(n: int) -> NDArray[np.intp]:
    """Return the same shuffles of so many pairs at every call.

    intp[n_shuffles, n], index.
    """
    return np.random.default_rng(_SEED).permuted(np.tile(np.arange(n), (_SHUFFLES, 1)), axis=1)


def holm(chances: Sequence[float]) -> list[float]:
    """Correct several chances for being looked at together.

    Parameters
    ----------
    chances : sequence of float
        One p for each question; NaN where nothing was asked.

    Returns
    -------
    list of float
        In the same order; Holm (1979).
    """
    asked = sorted((p, place) for place, p in enumerate(chances) if not math.isnan(p))
    corrected = [math.nan] * len(chances)
    largest = 0.0
    for done, (p, place) in enumerate(asked):
        largest = max(largest, min(1.0, p * (len(asked) - done)))
        corrected[place] = largest
    return corrected
