"""Indicators of what organisations report beside what is true, and of how large they are."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.welfare import share
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["MONITORING_MEASURES", "SIZE_EDGES", "monitoring_indicators"]

_HUNDREDTH: Final = 0.01
_BINS_PER_TENFOLD: Final = 10
_TENFOLDS: Final = 4
SIZE_EDGES: Final = np.logspace(0.0, _TENFOLDS, _TENFOLDS * _BINS_PER_TENFOLD + 1)
"""Edges of the groups of organisations by size, float64[n_sizes + 1], clients."""
_REPORTS: Final = ("reported", "once", "claimed", "ended")
MONITORING_MEASURES: Final = (
    *_REPORTS,
    *(f"size_{number}" for number in range(SIZE_EDGES.size - 1)),
)
"""What is counted in each month and district of organisations: people whom they report to serve,
the same people counted once, needs that they report to have ended, those that a service has ended,
and organisations that work by the number of clients for whom they have places."""
_SMALL, _LARGE = 0.1, 0.9


def monitoring_indicators(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the indicators of reports and of the sizes of organisations.

    Parameters
    ----------
    counts : float64[n_months, n_measures, n_regions], counts in the order of
        `MONITORING_MEASURES`

    Returns
    -------
    dict of float64[n_months, n_regions]
        ``served_reported`` in persons; ``report_error`` in percent; ``impact_reported_ratio``, over
        the last twelve months, and ``capacity_spread`` in times. NaN where there is nobody to
        count.
    """
    first = len(_REPORTS)
    of = dict(zip(_REPORTS, np.moveaxis(counts[:, :first], 1, 0), strict=True))
    sizes = np.moveaxis(counts[:, first:], 1, 2)
    claimed, ended = _of_a_year(of["claimed"]), _of_a_year(of["ended"])
    spread = np.log10(_size_at(sizes, _LARGE)) - np.log10(_size_at(sizes, _SMALL))
    return {
        "served_reported": of["reported"],
        "report_error": share(of["reported"] - of["once"], of["once"]),
        "impact_reported_ratio": _HUNDREDTH * share(claimed, ended),
        "capacity_spread": 10.0**spread,
    }


def _of_a_year(monthly: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up the last twelve months, or those that there are: the same shape."""
    total = np.cumsum(monthly, axis=0)
    total[MONTHS_PER_YEAR:] -= total[:-MONTHS_PER_YEAR].copy()
    return total


def _size_at(sizes: NDArray[np.float64], part: float) -> NDArray[np.float64]:
    """Return below which size a part of the organisations is.

    Parameters
    ----------
    sizes : float64[n_months, n_regions, n_sizes], organisations
    part : share

    Returns
    -------
    float64[n_months, n_regions], clients; sizes within a group are spread evenly in logarithms
    """
    running = np.cumsum(sizes, axis=2)
    total = running[:, :, -1:]
    group = np.argmax(running >= part * total, axis=2)[:, :, None]
    inside = np.take_along_axis(sizes, group, axis=2)
    before = np.take_along_axis(running, group, axis=2) - inside
    within = np.full_like(inside, np.nan)
    np.divide(part * total - before, inside, out=within, where=total > 0.0)
    return np.asarray(10.0 ** ((group + within) / _BINS_PER_TENFOLD))[:, :, 0]
