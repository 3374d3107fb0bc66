"""Help on its way: shares are shares, remoteness hurts, the national mean stays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kesos_sim.data import read_table
from kesos_sim.institutions.channels import frictions, remoteness
from kesos_sim.institutions.places import Places
from kesos_sim.institutions.programmes import TOPUPS, schedule
from kesos_sim.units import Month


def unchanged(name: str) -> float:
    return 1.0


@pytest.mark.parametrize("month", ["2015-03", "2018-03", "2020-05", "2021-03", "2024-03"])
def test_shares_are_shares(month: str, nation: Places) -> None:
    plan = schedule(Month.parse(month), unchanged, temporary=True)
    found = frictions(plan, nation.codes)
    for array in (found.delivered, found.lost, found.late, found.administration):
        assert ((array >= 0) & (array <= 1)).all()
    assert (found.delivered + found.lost <= 1 + 1e-12).all()
    assert (found.late <= found.delivered).all()


def test_the_national_mean_is_the_published_one(nation: Places) -> None:
    plan = schedule(Month(2024, 3), unchanged)
    found = frictions(plan, nation.codes)
    undelivered = 1.0 - found.delivered[0] - found.lost[0]
    rows = read_table("district_population")
    people = dict(zip(rows["bps_code"].tolist(), rows["population"].tolist(), strict=True))
    weight = np.nan_to_num([people[code] for code in nation.codes.tolist()])
    assert np.average(undelivered, weights=weight) == pytest.approx(0.0031, rel=1e-6)


def test_remote_districts_lose_more(nation: Places) -> None:
    far, near = np.array([9501]), np.array([3273])
    assert remoteness(far)[0] > 0.9
    assert remoteness(near)[0] == 0.0
    plan = schedule(Month(2024, 3), unchanged)
    assert (frictions(plan, far).delivered[0] < frictions(plan, near).delivered[0]).all()


def test_premiums_and_topups(nation: Places) -> None:
    plan = schedule(Month(2024, 3), unchanged)
    found = frictions(plan, nation.codes)
    premium = plan.index("PBI")
    assert (found.delivered[premium] == 1).all()
    assert found.administration[premium] == 0
    assert all(found.administration[plan.index(name)] == 0 for name in TOPUPS)
    assert found.administration[plan.index("PKH")] > 0


def test_parameters_move_it(
    parameters: Callable[..., Callable[[str], float]], nation: Places
) -> None:
    plan = schedule(Month(2016, 3), unchanged)
    rice = plan.index("SEMBAKO")
    some = frictions(plan, nation.codes, parameters({"channel.in_kind_lost": 0.05}))
    more = frictions(plan, nation.codes, parameters({"channel.in_kind_lost": 0.25}))
    assert (some.delivered[rice] > more.delivered[rice]).all()
