"""Money indicators of a run, read from its ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.accounts import GENERAL

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["money_indicators"]

_SPENT = ("delivered", "services", "administration", "leakage")
_NATION = 0


def money_indicators(model: WelfareModel) -> dict[str, NDArray[np.float64]]:
    """Return what poverty programmes cost and what of it arrived, by month and region.

    Parameters
    ----------
    model : a model with an observer

    Returns
    -------
    dict of float64[n_months, n_regions]
        ``benefit_delivered``, ``budget_released``, ``leakage`` in rupiah per month of the price
        year, ``budget_absorbed`` in percent of what was released since January; NaN before the
        base month and after the present one.
    """
    observer, start = model.observer, model.scenario.start
    if observer is None:
        raise ValueError("the model has no observer yet")
    books = model.ledger.records()
    month, region, programme, stage, rupiah = (
        books[name] for name in ("month", "region", "programme", "stage", "rupiah")
    )
    rows = model.scenario.months + 1
    names = [str(start + row) for row in range(rows)]
    place = {name: row for row, name in enumerate(names)}
    kept = np.isin(month, names) & (programme != GENERAL)
    row = np.array([place[name] for name in month[kept].tolist()], np.int64)
    members = region_members(region[kept], observer.regions.codes)
    spent = {
        name: by_region(row, members, np.where(stage[kept] == name, rupiah[kept], 0), rows)
        for name in _SPENT
    }
    returned = by_region(row, members, np.where(stage[kept] == "returned", rupiah[kept], 0), rows)
    used = spent["delivered"] + spent["services"] + spent["administration"] + spent["leakage"]
    released = used + returned
    january = np.array([(start + r).month == 1 or r == 0 for r in range(rows)])
    since = np.maximum.accumulate(np.where(january, np.arange(rows), 0))
    total_used, total_released = np.cumsum(used, axis=0), np.cumsum(released, axis=0)
    year_used = total_used - (total_used - used)[since]
    year_released = total_released - (total_released - released)[since]
    absorbed = np.divide(
        100.0 * year_used, year_released,
        out=np.full_like(year_used, np.nan), where=year_released > 0,
    )
    return {
        "benefit_delivered": spent["delivered"],
        "budget_released": released,
        "leakage": spent["leakage"],
        "budget_absorbed": absorbed,
    }


def region_members(region: NDArray[np.str_], codes: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return which ledger rows belong to which region of the results.

    Parameters
    ----------
    region : str[n_rows], BPS code of the account
    codes : codes of the results' regions, the whole first

    Returns
    -------
    bool[n_regions, n_rows], whether the row counts there; the whole counts everything
    """
    found = np.zeros((len(codes), region.size), np.bool_)
    found[0] = True
    for place, code in enumerate(codes[1:], start=1):
        found[place] = np.char.startswith(region, code)
    return found


def by_region(
    row: NDArray[np.int64], members: NDArray[np.bool_], rupiah: NDArray[np.int64], rows: int
) -> NDArray[np.float64]:
    """Return sums by month and region.

    Parameters
    ----------
    row : int64[n_rows], index, month of each ledger row
    members : bool[n_regions, n_rows], whether the row counts in the region
    rupiah : int64[n_rows], rupiah
    rows : number of months

    Returns
    -------
    float64[rows, n_regions], rupiah
    """
    return np.stack([np.bincount(row[m], rupiah[m], rows) for m in members], axis=1)
