"""Indicators of neighbourhood groups of mutual help."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.welfare import share

__all__ = ["COMMUNITY_MEASURES", "community_indicators"]

COMMUNITY_MEASURES: Final = (
    "active",
    "dormant",
    "households",
    "members",
    "fund",
    "paid",
    "paid_for_shocks",
    "members_lose",
    "cohesion",
    "led_by_women",
    "member_groups",
)
"""What is counted in each month and district: groups that work and that sleep, households, those
of them in a group that works, rupiah in all funds, paid out, and paid for illness and death,
rupiah that member households lose by the month's illnesses and deaths until the loss has waned,
the index of cohesion times households; groups that work and are led by women, and the groups that
are members of groups that work."""


def community_indicators(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the indicators of neighbourhood groups.

    Parameters
    ----------
    counts : float64[n_months, n_measures, n_regions], counts in the order of
        `COMMUNITY_MEASURES`

    Returns
    -------
    dict of float64[n_months, n_regions]
        ``wksbm_active`` in groups; ``wksbm_dormancy_rate``, ``wksbm_coverage``,
        ``wksbm_women_led`` and ``mutual_help_share`` in percent; ``wksbm_member_groups`` in
        groups; ``wksbm_fund_per_member`` in rupiah per household; ``mutual_help_paid`` in rupiah
        per month; ``cohesion_index`` from 0 to 100. NaN where there is nobody to count.
    """
    of = dict(zip(COMMUNITY_MEASURES, np.moveaxis(counts, 1, 0), strict=True))
    return {
        "wksbm_active": of["active"],
        "wksbm_dormancy_rate": share(of["dormant"], of["active"] + of["dormant"]),
        "wksbm_coverage": share(of["members"], of["households"]),
        "wksbm_fund_per_member": share(of["fund"], of["members"]) / 100.0,
        "mutual_help_paid": of["paid"],
        "mutual_help_share": share(of["paid_for_shocks"], of["members_lose"]),
        "cohesion_index": share(of["cohesion"], of["households"]) / 100.0,
        "wksbm_women_led": share(of["led_by_women"], of["active"]),
        "wksbm_member_groups": share(of["member_groups"], of["active"]) / 100.0,
    }
