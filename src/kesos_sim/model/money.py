"""Money indicators of a run, read from its ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.accounts import SPENT, Stage
from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["money_indicators"]

_JANUARY: Final = 1


def money_indicators(
    model: WelfareModel, codes: tuple[str, ...], poor: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Return what poverty programmes cost and what of it arrived, by month and region.

    Parameters
    ----------
    model : a model
    codes : codes of the regions, the whole first
    poor : float64[n_months, n_regions], persons, poor people of these regions

    Returns
    -------
    dict of float64[n_months, n_regions]
        ``benefit_delivered``, ``budget_released``, ``leakage`` in rupiah per month of the price
        year, ``budget_absorbed`` in percent of what was released since January,
        ``state_cost_per_poor`` in rupiah of the last twelve months per person.
    """
    start, rows = model.scenario.start, model.scenario.months + 1
    flows = model.ledger.flows(start, rows).astype(np.float64)
    accounts = region_accounts(model.ledger.regions, codes)
    by_region = flows @ accounts.T
    used = by_region[:, list(SPENT)].sum(axis=1)
    released = used + by_region[:, Stage.RETURNED]
    first = np.array([row == 0 or (start + row).month == _JANUARY for row in range(rows)])
    since = np.maximum.accumulate(np.where(first, np.arange(rows), 0))
    total_used, total_released = np.cumsum(used, axis=0), np.cumsum(released, axis=0)
    year_used = total_used - (total_used - used)[since]
    year_released = total_released - (total_released - released)[since]
    absorbed = np.divide(
        100.0 * year_used,
        year_released,
        out=np.full_like(year_used, np.nan),
        where=year_released > 0,
    )
    yearly = np.full_like(released, np.nan)
    months = min(MONTHS_PER_YEAR, rows)
    total = total_released.copy()
    total[months:] -= total_released[:-months]
    np.divide(total[months:], poor[months:], out=yearly[months:], where=poor[months:] > 0.0)
    return {
        "state_cost_per_poor": yearly,
        "benefit_delivered": by_region[:, Stage.DELIVERED],
        "budget_released": released,
        "leakage": by_region[:, Stage.LEAKAGE],
        "budget_absorbed": absorbed,
    }


def region_accounts(account: NDArray[np.int64], codes: tuple[str, ...]) -> NDArray[np.float64]:
    """Return which accounts belong to which region of the results.

    Parameters
    ----------
    account : int64[n_accounts], BPS code of the nation (0), provinces and districts
    codes : codes of the results' regions, the whole first

    Returns
    -------
    float64[n_regions, n_accounts], 1 where the account counts, else 0; the whole counts all
    """
    names = np.array([f"{code:02d}" for code in account.tolist()])
    found = np.stack([np.char.startswith(names, code) for code in codes]).astype(np.float64)
    found[0] = 1.0
    return found
