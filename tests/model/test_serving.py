"""Services of a whole run: books that agree, placebos that change nothing, sizes that are right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kesos_sim.data.parameters import parameter_table
from kesos_sim.indicators.coordination import SERVICE_MEASURES, service_indicators
from kesos_sim.indicators.politics import POLITICAL_MEASURES
from kesos_sim.institutions.accounts import COORDINATION, Stage
from kesos_sim.institutions.places import province_totals
from kesos_sim.kernels.cases import FREE, GONE
from kesos_sim.kernels.places import EMPTY, LEFT_RETURNED, RETURNED
from kesos_sim.model import cases as cases_module
from kesos_sim.model import serving
from kesos_sim.model.cases import Cases
from kesos_sim.model.model import WelfareModel
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.population.needs import KINDS
from kesos_sim.scenario import Scenario, changed, load_scenario
from kesos_sim.scenario.coordination import STRENGTHS
from tests.model.lives import columns_of, figures, live, state

Open = Callable[..., WelfareModel]
MEASURE = {name: place for place, name in enumerate(SERVICE_MEASURES)}
NOBODY_ELSE = {
    "serving.orsos.state",
    "serving.orsos.trust",
    "serving.awake",
    "serving.awake_above",
    "serving.owed",
    "serving.owed_above",
    "serving.funding.forum_seen",
    "observer.counted.politics",
}
"""What a placebo may move: members, their trust, and bodies that work, the months for which their
secretariats wait and what firms saw of them; those of provinces are counted with politics."""
AT_ONCE = {
    f"levers.{lever}.{key}": value
    for lever in ("bkkks_standing", "partnership_platform")
    for key, value in (("from", "2024-06"), ("ramp_months", 0))
}
FREE_OF_CHARGE = {
    f"parameters.coordination.{what}": 0.0
    for what in (
        *(f"secretariat_{name}" for name in ("none", "sk", "pergub", "perda")),
        *(f"platform_cost_{name}" for name in ("off", "directory", "cases", "planning")),
    )
}
WITHOUT_STRENGTH = {f"parameters.{name}": 0.0 for name in STRENGTHS}
CROWDED = {
    "parameters.need.neglected_children.count": 3_000_000.0,
    "parameters.orsos.field.neglected_children": 0.85,
    "parameters.orsos.registered": 26_000.0,
    "parameters.orsos.working": 0.8,
    "parameters.orsos.clients": 50.0,
}
"""As many places for as few children as the ranges allow."""


@pytest.fixture(scope="module")
def baseline(small: Scenario, open_small: Open) -> WelfareModel:
    """No change, lived to its end."""
    return live(open_small(small))


@pytest.fixture(scope="module")
def system(small: Scenario, scenario_folder: Path) -> Callable[..., Scenario]:
    """Make the partnership system in the same world, at once in the third month."""

    def make(**changes: Any) -> Scenario:
        world = {"region": "34", "households": small.households, "months": small.months}
        return load_scenario(scenario_folder / "sistem-kemitraan.yaml", world | AT_ONCE | changes)

    return make


@pytest.fixture(scope="module")
def partnership(system: Callable[..., Scenario], open_small: Open) -> WelfareModel:
    """The partnership system, lived to its end."""
    return live(open_small(system()))


def services(model: WelfareModel, name: str) -> np.ndarray:
    """Return a count by month and district."""
    assert model.observer is not None
    return model.observer.counted["serving"][:, :, MEASURE[name]].astype(float)


def politics(model: WelfareModel, name: str) -> np.ndarray:
    """Return a count of politics by month and district."""
    assert model.observer is not None
    place = POLITICAL_MEASURES.index(name)
    return model.observer.counted["politics"][:, :, place].astype(float)


def check_services(model: WelfareModel) -> None:
    """Places, clients, cases and households say the same."""
    own, people = model.parts.serving, model.world.households
    cases, orsos, last = own.cases, own.orsos, own.last
    assert last is not None
    open_ = np.flatnonzero(cases.household != FREE)
    needs = np.zeros(people.needs.size, np.int64)
    np.bitwise_or.at(needs, cases.household[open_], 1 << cases.kind[open_].astype(np.int64))
    np.testing.assert_array_equal(needs, people.needs)
    assert open_.size == sum(((needs >> kind) & 1).sum() for kind in range(len(KINDS)))
    district = np.searchsorted(cases.case_start, open_, side="right") - 1
    start = model.world.layout.district_start
    at_home = np.searchsorted(start, cases.household[open_], side="right") - 1
    np.testing.assert_array_equal(district, at_home)
    taken = np.flatnonzero(orsos.place_case != EMPTY)
    case = orsos.place_case[taken]
    holder = np.searchsorted(orsos.place_start, taken, side="right") - 1
    np.testing.assert_array_equal(cases.kind[case], orsos.field[holder])
    client = cases.case_client[case] + orsos.place_number[taken]
    assert np.all(client < cases.case_client[case + 1])
    counted = np.bincount(client, minlength=cases.servers.size)
    in_need, home = cases.servers < LEFT_RETURNED, cases.servers == RETURNED
    assert np.all(in_need[client] & ~home[client])
    np.testing.assert_array_equal(np.where(in_need & ~home, cases.servers, 0), counted)
    # Rows of closed cases hold whoever was reported last.
    own_row = np.repeat(cases.household != FREE, np.diff(cases.case_client))
    assert cases.helped.sum() == (own_row & ~in_need & (cases.servers != GONE)).sum()
    assert last.places.sum() == own.unit * (taken.size + home.sum())
    assert last.served.sum() == own.unit * ((counted > 0).sum() + home.sum())
    assert last.in_need.sum() == own.unit * in_need.sum()
    assert np.all(last.served <= last.places)
    np.testing.assert_array_equal(last.found, last.doubled + last.reached)


# Room


@pytest.mark.usefixtures("burning_in")
def test_room_that_is_always_made_anew_changes_nothing(
    small: Scenario, open_small: Open, baseline: WelfareModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any room to spare cases move again and again; clients stay with those who help."""
    for name, value in (("_ROOM", 1.0), ("_SPARE", 0.0), ("_FULL", 1.0)):
        monkeypatch.setattr(cases_module, name, value)
    larger, moved = Cases.larger, []

    def counted(cases: Cases, *room: np.ndarray) -> Cases:
        moved.append(cases.household.size)
        return larger(cases, *room)

    monkeypatch.setattr(Cases, "larger", counted)
    model = open_small(small)
    while model.row < small.months:
        model.step()
        check_services(model)
    # Not only at the start, where each kind of need begins apart.
    assert len(moved) > len(KINDS) + 3
    assert model.parts.serving.cases.household.size < baseline.parts.serving.cases.household.size
    ours, theirs = state(model), state(baseline)
    for name, array in theirs.items():
        if not name.startswith("serving.cases") and name != "serving.orsos.place_case":
            np.testing.assert_array_equal(ours[name], array, err_msg=name)


# Books


@pytest.mark.parametrize("which", ["baseline", "partnership"])
def test_books_of_services_agree_in_the_end(request: pytest.FixtureRequest, which: str) -> None:
    check_services(request.getfixturevalue(which))


def test_books_of_services_agree_in_every_month(
    system: Callable[..., Scenario], open_small: Open
) -> None:
    """Even where most who are served are served twice, and in any unit of clients."""
    model = open_small(changed(system(), CROWDED))
    while model.row < 12:
        model.step()
        check_services(model)
    assert services(model, "places")[12].sum() > 1.1 * services(model, "served")[12].sum()


def test_figures_of_services_are_those_of_the_districts(partnership: WelfareModel) -> None:
    """Of the region, from its districts; and of each district, from its own counts."""
    assert partnership.observer is not None
    found, codes = figures(partnership), partnership.observer.regions.codes
    counts = partnership.observer.counted["serving"].swapaxes(1, 2).astype(float)
    whole = service_indicators(counts.sum(axis=2, keepdims=True))
    parts = service_indicators(counts)
    districts = [f"{code:04d}" for code in partnership.places.codes]
    for name in whole:
        np.testing.assert_allclose(found[name][:, :1], whole[name], err_msg=name)
        for place, code in enumerate(districts):
            own = found[name][:, codes.index(code)]
            np.testing.assert_array_equal(own, parts[name][:, place], err_msg=name)
    weight = counts[:, MEASURE["in_need"]]
    mean = (parts["unmet_need_rate"] * weight).sum(axis=1) / weight.sum(axis=1)
    np.testing.assert_allclose(found["unmet_need_rate"][:, 0], mean)
    np.testing.assert_allclose(found["cases_served"][:, 0], parts["cases_served"].sum(axis=1))


def test_no_district_is_helped_less_than_once(
    system: Callable[..., Scenario], open_small: Open
) -> None:
    """Where organisations of other districts help too: places count where the people are."""
    model = live(open_small(system(region="64", months=36)))
    for name in ("in_need", "places"):
        assert np.all(services(model, name) >= services(model, "served"))
    assert np.nanmin(figures(model)["duplicate_service_rate"]) >= 0.0


def test_what_bodies_cost_is_in_the_ledger(
    system: Callable[..., Scenario], small: Scenario, open_small: Open
) -> None:
    """A month's part of their year, for those that worked when it began, if no money is late."""
    punctual = {"parameters.coordination.late_money.strength": 0.0}
    partnership = live(open_small(system(**punctual)))
    parameter = partnership.scenario.parameter
    awake = services(partnership, "awake")
    above = politics(partnership, "province_awake")
    share = partnership.places.share_of_province["population"]
    for row in range(1, small.months + 1):
        month = small.start + row
        step = "sk", "off"
        if row >= 3:
            step = "perda", "planning"
        yearly = awake[row - 1] * parameter(f"coordination.secretariat_{step[0]}")
        yearly += parameter(f"coordination.platform_cost_{step[1]}")
        of_province = above[row - 1] * share * parameter(f"coordination.secretariat_{step[0]}")
        for stream, cost in (("apbd_district", yearly), ("apbd_province", of_province)):
            booked = partnership.ledger.total(month, Stage.SERVICES, COORDINATION, stream)
            assert booked.sum() == np.rint(cost / 12).sum(), (month, stream)


def test_what_organisations_are_spared_is_counted_as_in_their_districts(
    partnership: WelfareModel,
) -> None:
    serving = partnership.parts.serving
    table, last = serving.orsos, serving.last
    assert last is not None
    sent, spared = table.eased.T
    assert sent.sum() > 0
    assert not table.eased[~table.members].any()
    for counted, most in ((sent, last.sent), (spared, last.spared)):
        by_district = serving.unit * table.by_district(counted, most.size)
        assert np.all(by_district <= most)
    assert serving.unit * sent.sum() == last.sent.sum()


# Placebo


def test_coordination_of_no_strength_and_cost_changes_no_bit(
    small: Scenario, system: Callable[..., Scenario], open_small: Open
) -> None:
    """Only who is a member, trust, and which bodies work; no household, rupiah or client."""
    nothing = FREE_OF_CHARGE | WITHOUT_STRENGTH
    without = live(open_small(changed(small, nothing)))
    placebo = live(open_small(system(**nothing)))
    ours, theirs = state(placebo), state(without)
    assert set(ours) == set(theirs)
    columns = [MEASURE[name] for name in ("awake", "members")]
    for name, array in theirs.items():
        if name == "observer.counted.serving":
            moved = np.flatnonzero((ours[name] != array).any(axis=(0, 1)))
            assert moved.tolist() == columns
        elif name not in NOBODY_ELSE:
            np.testing.assert_array_equal(ours[name], array, err_msg=name)
    assert not np.array_equal(ours["serving.awake"], theirs["serving.awake"])
    assert COORDINATION not in columns_of(placebo.ledger)["programme"]


def test_without_strength_only_money_differs(
    small: Scenario, system: Callable[..., Scenario], open_small: Open
) -> None:
    """At full cost: what is shipped as coordination without effect serves as its own baseline."""
    without = live(open_small(changed(small, WITHOUT_STRENGTH)))
    placebo = live(open_small(system(**WITHOUT_STRENGTH)))
    for name in ("in_need", "served", "places", "reached", "waited", "working"):
        np.testing.assert_array_equal(services(placebo, name), services(without, name))
    paid, usual = (
        model.ledger.total(model.month, Stage.SERVICES, COORDINATION).sum()
        for model in (placebo, without)
    )
    assert paid > usual


def test_months_before_the_system_are_those_of_the_baseline(
    baseline: WelfareModel, partnership: WelfareModel
) -> None:
    ours, theirs = figures(partnership), figures(baseline)
    for name in theirs:
        np.testing.assert_array_equal(ours[name][:3], theirs[name][:3], err_msg=name)
    assert not np.array_equal(ours["orsos_membership"], theirs["orsos_membership"])


# Sizes


def test_people_in_need_are_those_published(small: Scenario, open_small: Open) -> None:
    """All together within 15 percent, and each kind of which the sample has enough within 20.

    A region's part of a national count is its part of the people, corrected for how many are poor.
    """
    model = open_small(changed(small, {"households": 20_000}))
    last, parameter, places = model.parts.serving.last, small.parameter, model.places
    assert last is not None
    nation = province_totals(places.year)[0]
    here, there = places.poor.sum() / places.population.sum(), nation.poor / nation.population
    part = places.population.sum() / nation.population
    found = last.in_need.sum(axis=0)
    expected = np.array(
        [
            parameter(f"need.{kind}.count")
            * part
            * (1 + (parameter(f"need.{kind}.poor_ratio") - 1) * here)
            / (1 + (parameter(f"need.{kind}.poor_ratio") - 1) * there)
            for kind in KINDS
        ]
    )
    assert found.sum() == pytest.approx(expected.sum(), rel=0.15)
    cases = expected / (model.world.weight.mean() / WEIGHT_UNIT)
    many = cases > 450
    assert many.sum() >= 3
    np.testing.assert_allclose(found[many], expected[many], rtol=0.2)


def test_members_leave_as_often_as_the_parameters_say(small: Scenario, open_small: Open) -> None:
    """Where families are composed otherwise, `need.leaves` has to be measured anew."""
    of = {"education": "pupil", "health_nutrition": "toddler", "neglected_elderly": "elder",
          "neglected_children": "child"}  # fmt: skip
    model = open_small(changed(small, {"months": 40, "households": 8000}))
    members = model.parts.serving.needing.needs.members
    had, left = np.zeros(len(KINDS)), np.zeros(len(KINDS))
    before = model.world.households.word.copy()
    while model.row < model.scenario.months:
        model.step()
        if model.month.month == 1:
            now = model.world.households.word
            for kind, some in enumerate(members):
                had[kind] += ((before & some) != 0).sum()
                left[kind] += (((before & some) != 0) & ((now & some) == 0)).sum()
            before = now.copy()
    for kind, who in of.items():
        row = parameter_table()[f"need.leaves.{who}"]
        share = left[KINDS.index(kind)] / had[KINDS.index(kind)]
        assert row.low < share < row.high, (who, share)
        assert share == pytest.approx(row.value, rel=0.25), who


def test_nobody_needs_what_none_of_its_members_can_need(small: Scenario, open_small: Open) -> None:
    """No household without old people has a neglected one, years after the base month either."""
    model = live(open_small(changed(small, {"months": 24})))
    people, needs = model.world.households, model.parts.serving.needing.needs
    for kind, members in enumerate(needs.members):
        has = (people.needs >> np.uint16(kind)) & np.uint16(1) != 0
        missing = has & ((people.word & members) == 0)
        # Who died or grew up in the last month is looked at in the next.
        assert missing.sum() <= 0.05 * has.sum(), KINDS[kind]


def test_needs_of_villagers_follow_where_they_live(small: Scenario, open_small: Open) -> None:
    """A city has none and opens like any other; elsewhere they are as common among villagers."""
    city, whole = (
        open_small(changed(small, {"region": region, "households": 2000, "months": 1}))
        for region in ("3471", "34")
    )
    place = KINDS.index("remote_community")
    assert city.parts.serving.last is not None
    assert city.parts.serving.last.in_need[:, place].sum() == 0
    assert city.parts.serving.last.in_need.sum() > 0
    # National counts are of people in households, which differ in size from place to place.
    size, present = (
        np.array([value(model) for model in (city, whole)])
        for value in (
            lambda model: model.places.population.sum() / model.places.households.sum(),
            lambda model: model.parts.serving.needs.present[place],
        )
    )
    assert present[0] / size[0] == pytest.approx(present[1] / size[1], rel=1e-6)
    count, nation = small.parameter("need.remote_community.count"), province_totals(2024)[0]
    poor = nation.poor / nation.population
    ratio = small.parameter("need.remote_community.poor_ratio")
    expected = count * size[1] / nation.rural / (1 + (ratio - 1) * poor)
    assert present[1] == pytest.approx(expected, rel=1e-6)


def test_a_partnership_system_hardly_moves_the_poverty_rate(
    baseline: WelfareModel, partnership: WelfareModel
) -> None:
    ours, theirs = figures(partnership), figures(baseline)
    moved = ours["poverty_rate"][:, 0] - theirs["poverty_rate"][:, 0]
    # Of 4000 households one or two may be at the line in a month.
    assert np.abs(moved).max() < 0.1
    assert abs(moved.mean()) < 0.02
    assert not np.array_equal(
        partnership.world.households.welfare, baseline.world.households.welfare
    )


def test_help_is_doubled_as_often_in_any_unit_of_clients(
    small: Scenario, open_small: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taking four clients as one leaves the share of doubled help, where there is much of it."""
    scenario = changed(small, CROWDED | {"months": 12})
    found = {}
    for unit in (1, 4):
        monkeypatch.setattr(serving, "client_unit", lambda *_, unit=unit: unit)
        model = live(open_small(scenario, fresh=True))
        assert model.parts.serving.unit == unit
        check_services(model)
        served, places = (services(model, name).sum(axis=1) for name in ("served", "places"))
        found[unit] = (np.mean(places / served - 1.0), places.mean(), served.mean())
    (one, places, _), (four, fewer, _) = found[1], found[4]
    assert one > 0.1
    # Clients doubled by chance, in the coarser unit; months of a year are mostly the same clients.
    error = np.sqrt(4 * one * found[4][2]) / found[4][2]
    assert abs(four - one) < 4.5 * error
    assert abs(four - one) < 0.15 * one
    assert fewer == pytest.approx(places, rel=0.03)


def test_units_are_as_coarse_as_a_sample_is_small(baseline: WelfareModel) -> None:
    parameter, places = baseline.scenario.parameter, baseline.places
    most = parameter("model.places_per_household")
    units = [serving.client_unit(parameter, places, n) for n in (100, 1000, 4000, 10**6)]
    assert units == sorted(units, reverse=True)
    assert units[-1] == 1
    nation = province_totals(places.year)[0]
    part = places.population.sum() / nation.population
    clients = parameter("orsos.registered") * parameter("orsos.clients") * part
    for n, unit in zip((100, 1000), units, strict=False):
        assert unit > 1
        assert clients / unit == pytest.approx(most * n, rel=0.5 / unit)
    twice = replace(places, population=2 * places.population)
    assert serving.client_unit(parameter, twice, 100) == pytest.approx(2 * units[0], abs=1)
