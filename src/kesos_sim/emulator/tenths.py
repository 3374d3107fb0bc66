"""Who gains and who loses by tenth of people: a small fit of its own, of the whole region.

Forty figures, four flows of people in each tenth, are answered for the last year without a shock
and without a range: a flow in all tenths is a sum of few patterns, so that they take little room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator.fitting import Prediction, predicted_pair, reduced
from kesos_sim.emulator.lives import gainers_by_tenth
from kesos_sim.emulator.question import FLOWS_OF_PEOPLE
from kesos_sim.emulator.table import Changes
from kesos_sim.emulator.terms import Terms

if TYPE_CHECKING:
    from kesos_sim.emulator.lives import Lived
    from kesos_sim.emulator.question import Life

__all__ = ["BY_DECILE", "TenthFit", "fit_tenths", "tenth_errors"]

Floats = NDArray[np.float64]

BY_DECILE: Final = "_by_decile"
"""Ending of a flow's name where its errors by tenth are meant."""


@dataclass(frozen=True)
class TenthFit:
    """One flow of people by tenth.

    Attributes
    ----------
    left : float64[n_terms, rank], pure numbers
    right : float64[rank, 10], percent of the people of a tenth
        Their product are the weights of the terms in each tenth, the poorest first.
    mae : float
        Mean absolute error in worlds that were left out, whose parameters are known, percentage
        points of a tenth.
    worst : float
        The largest of these errors in any tenth.
    r2 : float
        Part of the variance of the shares that is explained.
    tenths : tuple of float
        The mean absolute error by tenth.
    """

    left: Floats
    right: Floats
    mae: float
    worst: float
    r2: float
    tenths: tuple[float, ...]

    @classmethod
    def of(cls, changes: Changes, shares: Floats, told: Prediction, scale: Floats) -> TenthFit:
        """Reduce what was fitted to few patterns, and say how wrong it is.

        Parameters
        ----------
        changes : Changes
            The packages.
        shares : float64[n, 10], percent of the people of a tenth
        told : Prediction
            Of the shares in `scale`.
        scale : float64[10], percent

        Returns
        -------
        TenthFit
        """
        left, right = reduced(changes.terms, told.weight)
        error = np.abs(shares - told.own * scale)
        total = float(((shares - shares.mean(axis=0)) ** 2).sum())
        return cls(
            left=left,
            right=right * scale,
            mae=float(error.mean()),
            worst=float(error.max()),
            r2=1.0 - float((error**2).sum()) / total if total > 0.0 else 1.0,
            tenths=tuple(error.mean(axis=0).tolist()),
        )


def fit_tenths(
    found: Mapping[Life, Lived], terms: Terms, usual: Changes, idle: Changes
) -> dict[bool, tuple[TenthFit, ...]]:
    """Fit the flows of people by tenth.

    Parameters
    ----------
    found : mapping of Life to Lived
        What was lived.
    terms : Terms
        The terms of the surface.
    usual, idle : Changes
        The packages with and without the effect of coordination, without a shock.

    Returns
    -------
    dict of bool to tuple of TenthFit
        By whether coordination has an effect, in the order of `FLOWS_OF_PEOPLE`.
    """
    tables = [
        np.stack([gainers_by_tenth(found[life.baseline], found[life]) for life in one.lives])
        for one in (usual, idle)
    ]
    fits: dict[bool, tuple[TenthFit, ...]] = {True: (), False: ()}
    for flow in range(len(FLOWS_OF_PEOPLE)):
        shares, others = (table[:, flow] for table in tables)
        scale = np.sqrt((shares**2).mean(axis=0))
        sized = np.where(scale > 0.0, scale, 1.0)
        both = predicted_pair(usual, idle, shares / sized, others / sized, len(terms.curves))
        fits[True] += (TenthFit.of(usual, shares, both[0], scale),)
        fits[False] += (TenthFit.of(idle, others, both[1], scale),)
    return fits


def tenth_errors(fits: Sequence[TenthFit]) -> dict[str, dict[str, Any]]:
    """Return errors as a document holds them.

    Parameters
    ----------
    fits : sequence of TenthFit
        In the order of `FLOWS_OF_PEOPLE`.

    Returns
    -------
    dict
        By name of the flow with the ending `BY_DECILE`; without a range there is no coverage.
    """
    return {
        f"{name}{BY_DECILE}": {
            **{key: float(f"{getattr(fit, key):.4g}") for key in ("mae", "worst", "r2")},
            "tenths": [float(f"{value:.3g}") for value in fit.tenths],
        }
        for name, fit in zip(FLOWS_OF_PEOPLE, fits, strict=True)
    }
