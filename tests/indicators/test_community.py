"""Indicators of neighbourhood groups in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from kesos_sim.indicators.community import COMMUNITY_MEASURES, community_indicators


def test_figures_are_shares_of_what_is_counted() -> None:
    counted = {
        "active": 6, "dormant": 2, "households": 5000, "members": 900, "fund": 9_000_000,
        "paid": 500_000, "paid_for_shocks": 300_000, "members_lose": 30_000_000,
        "cohesion": 5000 * 69.5, "led_by_women": 3, "member_groups": 33,
    }  # fmt: skip
    counts = np.array([counted[name] for name in COMMUNITY_MEASURES], float)[None, :, None]
    found = {name: float(table[0, 0]) for name, table in community_indicators(counts).items()}
    assert found == pytest.approx(
        {
            "wksbm_active": 6,
            "wksbm_dormancy_rate": 25.0,
            "wksbm_coverage": 18.0,
            "wksbm_fund_per_member": 10_000,
            "mutual_help_paid": 500_000,
            "mutual_help_share": 1.0,
            "cohesion_index": 69.5,
            "wksbm_women_led": 50.0,
            "wksbm_member_groups": 5.5,
        }
    )


def test_without_groups_there_is_nothing_to_divide() -> None:
    found = community_indicators(np.zeros((1, len(COMMUNITY_MEASURES), 1)))
    assert found["wksbm_active"][0, 0] == found["mutual_help_paid"][0, 0] == 0.0
    assert np.isnan(found["wksbm_dormancy_rate"][0, 0])
    assert np.isnan(found["wksbm_fund_per_member"][0, 0])
