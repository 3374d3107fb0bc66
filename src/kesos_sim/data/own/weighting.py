"""Weights of a sample that add up to known totals, as near as possible to those it came with.

Calibration by entropy: of all weights that meet the totals, those with the least Kullback-Leibler
divergence from the first weights, ``w = d * exp(x @ b)`` (Deville and Särndal 1992, the raking
ratio). With totals of a contingency table it is iterative proportional fitting; here totals of
persons and of households stand side by side, which no table holds. Decision 0013 says why no
package is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Calibrated", "calibrate", "effective_size"]

Floats = NDArray[np.float64]

_MET: Final = 1e-6
"""Part of a total by which it may be missed."""
_MOST_STEPS: Final = 200
_HALVINGS: Final = 40
_STEEPEST: Final = 30.0
_SAME: Final = 1e-10


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Weights of a sample after calibration.

    Attributes
    ----------
    weight : float64[n], households that a sampled one stands for
    before, after : float64[k], persons or households, totals with the first weights and with these
    wanted : float64[k], persons or households
    met : bool
        Whether every total is met.
    """

    weight: Floats
    before: Floats
    after: Floats
    wanted: Floats
    met: bool


def effective_size(weight: Floats) -> float:
    """Return how many equally weighted households would say as much (Kish 1965).

    Parameters
    ----------
    weight : float64[n], households

    Returns
    -------
    float
        Households; 0 without weights.

    Examples
    --------
    >>> import numpy as np
    >>> effective_size(np.array([1.0, 1.0, 1.0, 1.0])), effective_size(np.array([1.0, 0.0]))
    (4.0, 1.0)
    """
    total = float((weight**2).sum())
    return float(weight.sum()) ** 2 / total if total > 0.0 else 0.0


def calibrate(weight: Floats, parts: Floats, wanted: Floats) -> Calibrated:
    """Find the weights nearest to the first ones that add up to known totals.

    Parameters
    ----------
    weight : float64[n], households, positive
    parts : float64[n, k], persons or households, what a sampled household adds to each total
    wanted : float64[k], persons or households, positive

    Returns
    -------
    Calibrated
        If totals contradict each other or cannot be reached, the nearest that was found.

    Examples
    --------
    >>> import numpy as np
    >>> parts = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> found = calibrate(np.array([10.0, 10.0, 10.0]), parts, np.array([30.0, 10.0]))
    >>> found.weight.round(3).tolist(), found.met
    ([15.0, 15.0, 10.0], True)
    """
    scaled = parts / wanted
    # The first weights at the right height: then the exponents stay small.
    start = weight * (wanted.sum() / max(float(weight @ parts.sum(axis=1)), _SAME))
    found = start.copy()
    exponent = np.zeros(parts.shape[1])
    miss = 1.0 - found @ scaled
    for _ in range(_MOST_STEPS):
        if np.abs(miss).max() <= _MET:
            break
        curvature = scaled.T @ (found[:, None] * scaled)
        # Totals that depend on each other make it singular: the shortest step that serves.
        step = np.linalg.lstsq(curvature, miss, rcond=_SAME)[0]
        length = 1.0
        for _ in range(_HALVINGS):
            trial = exponent + length * step
            power = scaled @ trial
            if np.abs(power).max() <= _STEEPEST:
                weights = start * np.exp(power)
                now = 1.0 - weights @ scaled
                if np.abs(now).max() < np.abs(miss).max():
                    break
            length /= 2.0
        else:
            break
        exponent, found, miss = trial, weights, now
    return Calibrated(
        weight=found,
        before=np.asarray(weight @ parts),
        after=np.asarray(found @ parts),
        wanted=wanted,
        met=bool(np.abs(miss).max() <= _MET),
    )
