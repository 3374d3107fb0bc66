"""Money indicators of a run, read from its ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.accounts import (
    COMMUNITY,
    MUTUAL_HELP,
    ORSOS,
    SPENT,
    Line,
    Stage,
    of_a_programme,
)
from kesos_sim.institutions.purposes import PILLAR_OF, PILLARS, Purpose, purposes
from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["money_indicators"]

Floats = NDArray[np.float64]
_Flows = Callable[[Callable[[Line], bool], Sequence[Stage]], Floats]

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
        ``benefit_delivered``, ``budget_released``, ``budget_spent``, ``leakage`` in rupiah per
        month of the price year, ``yearly_spending`` in rupiah of the last twelve months,
        ``budget_absorbed`` in percent of what was released since January,
        ``state_cost_per_poor`` in rupiah spent in the last twelve months per person,
        ``preventive_share`` and the shares of pillars in percent of the last twelve months.
    """
    start, rows = model.scenario.start, model.scenario.months + 1
    accounts = region_accounts(model.ledger.regions, codes)

    booked = model.ledger.booked()
    money, month = booked.rupiah @ accounts.T, booked.month - start.ordinal
    lived = month < rows

    def flows(wanted: Callable[[Line], bool], stages: Sequence[Stage]) -> Floats:
        """Return rupiah of some lines and stages: float64[n_stages, n_months, n_regions]."""
        chosen = booked.of_lines(wanted) & lived
        found = np.zeros((len(Stage), rows, len(codes)))
        np.add.at(found, (booked.stage[chosen], month[chosen]), money[chosen])
        return found[list(stages)]

    by_region = np.moveaxis(flows(of_a_programme, tuple(Stage)), 0, 1)
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
    purpose = purposes(model.scenario.programmes)
    preventive, reactive = (
        _of_a_year(flows(_meant(purpose, kind), SPENT).sum(axis=0))
        for kind in (Purpose.PREVENTIVE, Purpose.REACTIVE)
    )
    year = _of_a_year(used)
    return {
        "state_cost_per_poor": _part(year, poor),
        "preventive_share": 100.0 * _part(preventive, preventive + reactive),
        **_pillars(flows, purpose),
        "benefit_delivered": by_region[:, Stage.DELIVERED],
        "budget_released": released,
        "budget_spent": used,
        "yearly_spending": year,
        "leakage": by_region[:, Stage.LEAKAGE],
        "budget_absorbed": absorbed,
    }


def _pillars(flows: _Flows, purpose: Mapping[str, Purpose]) -> dict[str, Floats]:
    """Return the share of each pillar in all help: float64[n_months, n_regions], percent.

    Help is what reaches households or is spent on serving people, not what it costs to run. What
    organisations and groups give counts for those from whom they have their money.
    """
    into = (Stage.REVENUE, Stage.GRANT_IN)
    help_ = _meant(purpose, Purpose.PREVENTIVE, Purpose.REACTIVE)
    (served,) = flows(lambda line: line[0] == ORSOS, (Stage.SERVICES,))
    given = {pillar: np.zeros_like(served) for pillar in PILLARS}
    by_government = flows(help_, (Stage.DELIVERED, Stage.SERVICES)).sum(axis=0)
    given["government"] += _of_a_year(by_government)
    received = {pillar: np.zeros_like(money) for pillar, money in given.items()}
    for source, pillar in PILLAR_OF.items():
        received[pillar] += _of_a_year(flows((ORSOS, source).__eq__, into).sum(axis=0))
    dues, stimulus, paid = flows((COMMUNITY, MUTUAL_HELP).__eq__, (*into, Stage.DELIVERED))
    in_groups = {"community": _of_a_year(dues), "government": _of_a_year(stimulus)}
    for money, sources in ((served, received), (paid, in_groups)):
        everybody = np.sum(list(sources.values()), axis=0)
        for pillar, own in sources.items():
            given[pillar] += _of_a_year(money) * _part(own, everybody, of_nothing=0.0)
    everything = np.sum(list(given.values()), axis=0)
    return {
        f"pillar_share_{pillar}": 100.0 * _part(money, everything)
        for pillar, money in given.items()
    }


def _meant(purpose: Mapping[str, Purpose], *kinds: Purpose) -> Callable[[Line], bool]:
    """Return what tells whether a line is a government's and has one of some purposes."""
    return lambda line: of_a_programme(line) and purpose[line[1]] in kinds


def _part(part: Floats, whole: Floats, of_nothing: float = np.nan) -> Floats:
    """Return part over whole: the same shape; a given value where the whole is empty."""
    return np.divide(part, whole, out=np.full_like(part, of_nothing), where=whole > 0.0)


def _of_a_year(monthly: Floats) -> Floats:
    """Add up twelve months: the same shape, NaN before there are twelve after the base month."""
    total = np.cumsum(monthly, axis=0)
    found = np.full_like(total, np.nan)
    found[MONTHS_PER_YEAR:] = total[MONTHS_PER_YEAR:] - total[:-MONTHS_PER_YEAR]
    return found


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
