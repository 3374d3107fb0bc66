"""Scores of predictions: how far a set of guesses, or a distribution, is from what came out.

The continuous ranked probability score (CRPS) of one guess is its absolute error; of a set it also
rewards that the set is as wide as it is wrong. It is in the unit of the guesses; less is better.
Source: Gneiting & Raftery (2007), Strictly proper scoring rules, J. Am. Stat. Assoc. 102.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["band_sample", "crps", "distance", "pooled"]

Floats = NDArray[np.float64]

# Standard normal deviate of the 90th percentile; the ends of a band are the 10th and 90th.
_END = 1.2815515655446004
_POINTS = 401


def crps(sample: Floats, observed: float) -> float:
    """Return the CRPS of a sample for what was observed.

    Parameters
    ----------
    sample : float64[n], any unit
        Guesses, or draws of a distribution; at least one.
    observed : float
        What came out, in the same unit.

    Returns
    -------
    float
        In that unit, not negative; 0 for a sample that is exactly right.
    """
    return float(np.abs(sample - observed).mean() - _spread(sample) / 2.0)


def distance(first: Floats, second: Floats) -> float:
    """Return how far two samples are apart, as the CRPS measures it.

    Parameters
    ----------
    first, second : float64[n], any unit
        Samples; of different sizes if need be.

    Returns
    -------
    float
        The mean CRPS of one for draws of the other, less what the other cannot avoid; 0 for equal
        distributions.
    """
    between = float(np.abs(first[:, None] - second[None, :]).mean())
    return max(0.0, between - _spread(first) / 2.0 - _spread(second) / 2.0)


def band_sample(band: Sequence[float]) -> Floats:
    """Return evenly spread quantiles of a distribution of which three are known.

    Parameters
    ----------
    band : sequence of float
        10th, 50th and 90th percentile.

    Returns
    -------
    float64[401], unit of the band
        Quantiles of a split normal distribution through the three, rising.
    """
    from scipy.special import ndtri

    low, middle, high = band
    deviates = ndtri((np.arange(_POINTS) + 0.5) / _POINTS)
    widths = np.where(deviates < 0.0, (middle - low) / _END, (high - middle) / _END)
    return np.asarray(middle + widths * deviates, dtype=np.float64)


def pooled(sample: Floats, groups: Sequence[str]) -> tuple[float, float]:
    """Return mean and standard deviation of guesses in which each group counts once.

    Parameters
    ----------
    sample : float64[n], any unit
        Guesses.
    groups : sequence of str
        Group of each, for instance the table.

    Returns
    -------
    float, float
        Mean and standard deviation of the mixture of the groups: what is between people of a
        group and between groups. Both NaN without a guess.
    """
    if not len(sample):
        return float("nan"), float("nan")
    names = np.array(groups)
    parts = [sample[names == name] for name in sorted(set(groups))]
    means = np.array([part.mean() for part in parts])
    inside = np.array([part.var() for part in parts])
    return float(means.mean()), float(np.sqrt(inside.mean() + means.var()))


def _spread(sample: Floats) -> float:
    """Return the mean distance of two draws with replacement, in the unit of the sample."""
    rising = np.sort(sample)
    n = rising.size
    weights = 2.0 * np.arange(1, n + 1) - n - 1.0
    return float(2.0 * (weights * rising).sum() / n**2)
