"""National quotas reach districts: published counts as they are, the rest by poor people."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.institutions.places import Places, province_totals
from kesos_sim.institutions.programmes import schedule
from kesos_sim.institutions.quotas import province_quota, quota_table, quotas
from kesos_sim.units import Month

BASE = Month(2024, 3)


def unchanged(name: str) -> float:
    return 1.0


def test_the_nation_gives_out_its_whole_quota(nation: Places) -> None:
    plan = schedule(BASE, unchanged)
    given_out = quotas(plan, nation)
    for name in ("PKH", "SEMBAKO", "PBI"):
        k = plan.index(name)
        assert given_out[k].sum() == pytest.approx(plan.national_quota[k], rel=1e-3)
    k = plan.index("BLT_DESA")
    assert given_out[k].sum() == pytest.approx(plan.national_quota[k], rel=0.05)


def test_published_provinces_get_their_count() -> None:
    pkh = province_quota(schedule(BASE, unchanged), "PKH")
    assert pkh[32] == pytest.approx(1_498_266)
    assert pkh[18] == pytest.approx(451_000)
    assert pkh[53] == pytest.approx(376_880)
    assert sum(pkh.values()) == pytest.approx(10_000_000)


def test_imputed_counts_are_marked() -> None:
    table = quota_table(schedule(BASE, unchanged))
    pkh = {row["bps_code"]: row["quality"] for row in table.where(programme="PKH").rows()}
    assert pkh[32] == "official"
    assert pkh[35] == "secondary, scaled from 2018"
    assert pkh[33] == "imputed, grade D"
    assert set(table["programme"].tolist()) == {"PKH", "SEMBAKO", "BLT_DESA", "PBI"}


def test_a_single_district_gets_its_part(java: Places, make_places: Callable[..., Places]) -> None:
    plan = schedule(BASE, unchanged)
    blora = make_places(3316)
    alone, together = quotas(plan, blora), quotas(plan, java)
    place = int(np.flatnonzero(java.codes == 3316)[0])
    kinds = [plan.index(name) for name in ("PKH", "SEMBAKO", "PBI")]
    assert alone[kinds, 0] == pytest.approx(together[kinds, place], rel=0.1)


def test_quotas_follow_poor_people(java: Places) -> None:
    plan = schedule(BASE, unchanged)
    weight = {0.5: lambda name: 0.5, 1.0: lambda name: 1.0}
    pkh = {w: quotas(plan, java, one)[0] for w, one in weight.items()}
    assert pkh[1.0] / pkh[1.0].sum() == pytest.approx(java.poor / java.poor.sum())
    assert not np.allclose(pkh[0.5], pkh[1.0])


def test_villages_only(make_places: Callable[..., Places]) -> None:
    plan = schedule(BASE, unchanged)
    jakarta = make_places(31)
    assert not quotas(plan, jakarta)[plan.index("BLT_DESA")].any()


def test_papua_is_one_province_before_2024(make_places: Callable[..., Places]) -> None:
    places = make_places(94, 2019)
    assert places.provinces == (94,)
    assert set(province_totals(2019)) >= {91, 94}
    assert not set(province_totals(2019)) & {92, 95, 96, 97}


@given(st.floats(0.0, 3.0), st.integers(2015, 2025), st.integers(1, 12))
def test_no_place_gets_more_than_it_has(factor: float, year: int, month: int) -> None:
    places = Places(
        2024,
        np.array([3316, 3101, 5301]),
        np.array([9e5, 3e4, 3e5]),
        np.array([1e5, 4e3, 9e4]),
        np.array([2.7e5, 8e3, 6e4]),
        np.array([7e5, 0.0, 2.5e5]),
    )
    plan = schedule(Month(year, month), lambda _: factor, base=BASE)
    found = quotas(plan, places)
    assert (found >= 0).all()
    most = np.where(plan.by_person[:, None], places.population, places.households)
    assert (found <= most + 1e-6).all()
