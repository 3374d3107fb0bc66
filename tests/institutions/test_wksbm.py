"""How many groups there are, and what each of them is."""

from __future__ import annotations

import mesa
import numpy as np
import pytest

from kesos_sim.data import read_table
from kesos_sim.institutions.rules import default_parameter
from kesos_sim.institutions.wksbm import Wksbm, WksbmTable, group_numbers, group_unit
from kesos_sim.kernels.pools import ABSENT, ACTIVE
from kesos_sim.units import Month
from tests.institutions.conftest import places_of

YOGYAKARTA, SLEMAN, BONTANG = 34, 3404, 6474


def published(code: int) -> float:
    """Return the published number of groups of a place."""
    rows = read_table("wksbm_community").where(fact="wksbm_groups", bps_code=code)
    return float(rows["value"].sum())


def test_published_numbers_stand():
    places = places_of(YOGYAKARTA)
    number, imputed = group_numbers(places, default_parameter)
    assert not imputed.any()
    assert number[places.codes == SLEMAN] == published(SLEMAN) == 41
    # What the districts add up to differs only as their people differ from the province's.
    assert number.sum() == pytest.approx(published(YOGYAKARTA), rel=0.05)


@pytest.mark.parametrize("code", [SLEMAN, BONTANG])
def test_a_published_district_alone_has_its_number(code):
    number, imputed = group_numbers(places_of(code), default_parameter)
    assert (number.tolist(), imputed.tolist()) == ([published(code)], [False])


def test_elsewhere_groups_are_an_assumption_and_say_so():
    places = places_of(33)
    number, imputed = group_numbers(places, default_parameter)
    assert imputed.all()
    rate = default_parameter("wksbm.groups_per_100k") / 1e5
    np.testing.assert_allclose(number, places.households * rate)


def test_a_table_has_the_groups_that_are_counted():
    places = places_of("mpu")
    number, _ = group_numbers(places, default_parameter)
    table = WksbmTable.draw(places, default_parameter, 5)
    assert np.all(np.abs(table.founded - number) <= 1.0)
    assert np.all(table.empty > 0)
    neighbourhoods = places.households.sum() / default_parameter("wksbm.households")
    assert table.slot_start[-1] == pytest.approx(neighbourhoods, rel=0.01)
    assert table.members.mean() == pytest.approx(default_parameter("wksbm.households"), rel=0.01)
    assert table.nature.mean() == pytest.approx(default_parameter("wksbm.nature"), abs=0.01)
    assert np.unique(table.identity).size == table.identity.size
    assert (table.state != ABSENT).sum() == table.founded.sum()
    sleep, wake = (default_parameter(f"wksbm.{name}") for name in ("sleep", "wake"))
    works = (table.state == ACTIVE).sum() / table.founded.sum()
    assert works == pytest.approx(wake / (wake + sleep), abs=0.03)


def test_a_group_is_drawn_by_its_place_alone():
    """The same groups whether the rest of the province is in the run or not."""
    alone, together = (
        WksbmTable.draw(places_of(region), default_parameter, 5) for region in (3316, 33)
    )
    inside = together.identity >> 16 == 3316
    for name in ("members", "nature", "leadership", "ties"):
        np.testing.assert_array_equal(getattr(alone, name), getattr(together, name)[inside])


def test_women_who_lead_do_so_in_every_scenario_and_more_of_them_join():
    table = WksbmTable.draw(places_of("mpu"), default_parameter, 5)
    few, many = table.led_by_women(0.2), table.led_by_women(0.6)
    assert np.all(many[few])
    assert (few.mean(), many.mean()) == pytest.approx((0.2, 0.6), abs=0.01)
    assert not table.led_by_women(0.0).any() and table.led_by_women(1.0).all()
    # Who leads says nothing about the managers or the size of a group.
    others = np.stack([table.nature, table.members, table.ties])
    assert np.abs(np.corrcoef(table.leadership, others)[0, 1:]).max() < 0.02


@pytest.mark.parametrize("mean", [2.0, 6.0, 7.3])
def test_member_groups_have_their_mean(mean):
    changed = {"wksbm.member_groups": mean}

    def parameter(name: str) -> float:
        return changed.get(name, default_parameter(name))

    table = WksbmTable.draw(places_of("mpu"), parameter, 5)
    assert table.ties.mean() == pytest.approx(mean, rel=0.01)
    assert table.ties.min() == 1 and table.ties.max() == np.rint(2 * mean - 1)


def test_member_groups_are_measured_against_those_of_the_district_today():
    table = WksbmTable.draw(places_of("mpu"), default_parameter, 5)
    table.founded[0] = 0
    table.state[: table.slot_start[1]] = ABSENT
    ratio = table.ties_against_today(6.0)
    np.testing.assert_allclose(ratio[: table.slot_start[1]], table.ties[: table.slot_start[1]] / 6)
    for place in range(1, table.founded.size):
        own = slice(table.slot_start[place], table.slot_start[place] + table.founded[place])
        if table.founded[place]:
            assert np.average(ratio[own], weights=table.members[own]) == pytest.approx(1.0)
    later = slice(table.slot_start[1], table.slot_start[2])
    assert np.ptp(table.ties[later] / ratio[later]) < 1e-9


def test_what_active_groups_have_together_is_by_district():
    table = WksbmTable.draw(places_of(YOGYAKARTA), default_parameter, 5)
    found, ones = table.within(table.ties, np.ones_like(table.ties))
    for place, (first, last) in enumerate(
        zip(table.slot_start, table.slot_start[1:], strict=False)
    ):
        works = table.state[first:last] == ACTIVE
        assert found[place] == table.ties[first:last][works].astype(int).sum() > 0
        assert ones[place] == works.sum()


def test_new_groups_fill_empty_neighbourhoods_in_order():
    table = WksbmTable.draw(places_of(YOGYAKARTA), default_parameter, 5)
    before = table.founded.copy()
    table.found(np.array([3, 0, 2, 0, 1]), 250)
    np.testing.assert_array_equal(table.founded - before, [3, 0, 2, 0, 1])
    assert table.fund.sum() == 6 * 250
    for place, start in enumerate(table.slot_start[:-1]):
        first = start + table.founded[place]
        assert np.all(table.state[start:first] != ABSENT)
        assert np.all(table.state[first : table.slot_start[place + 1]] == ABSENT)


def test_small_samples_take_groups_together():
    places = places_of("mpu")
    units = [group_unit(default_parameter, places, n) for n in (2000, 20_000, 100_000, 10**7)]
    assert units == sorted(units, reverse=True)
    assert units[0] > units[1] > 1
    assert units[-1] == 1
    for n, unit in zip((2000, 20_000), units, strict=False):
        rows = WksbmTable.draw(places, default_parameter, 5, unit).slot_start[-1]
        assert rows <= default_parameter("model.groups_per_household") * n + places.codes.size


def test_a_group_is_an_agent_when_somebody_asks_for_it():
    table = WksbmTable.draw(places_of(YOGYAKARTA), default_parameter, 5)
    number = int(table.slot_start[3])
    group = Wksbm(mesa.Model(rng=1), table, number, np.array([3, 8]))
    assert group.households.tolist() == [3, 8]
    assert group.code == SLEMAN
    assert group.state in {"active", "dormant"}
    assert group.ties == table.ties[number] >= 1
    assert set(group.managers) == {"commitment", "knowledge", "skill"}
    table.fund[number], table.flow[number] = 900, np.arange(7)
    group.note(Month(2024, 4))
    (month,) = group.months
    assert month["month"] == "2024-04"
    assert (month["fund"], month["members"]) == (900, group.members)
    assert (month["jimpitan"], month["care"]) == (0, 6)
