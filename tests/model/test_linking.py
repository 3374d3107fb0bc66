"""Linking people in a whole run: cases are conserved, costs booked, placebos change nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kesos_sim.indicators.linking import LINKING_MEASURES, linking_indicators
from kesos_sim.institutions.accounts import LINKING, Stage
from kesos_sim.institutions.extension import extension_cost, hearing
from kesos_sim.institutions.psks import PSKS
from kesos_sim.kernels.funding import SOURCES
from kesos_sim.kernels.search import find_clients
from kesos_sim.model import serving
from kesos_sim.model.checkpoint import load_checkpoint, save_checkpoint
from kesos_sim.model.community import Community
from kesos_sim.model.helping import count_school_age
from kesos_sim.model.linking import Linking
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, changed, from_document
from tests.model.lives import columns_of, figures, fingerprint, live, state

Open = Callable[..., WelfareModel]
MEASURE = {name: place for place, name in enumerate(LINKING_MEASURES)}
WITHOUT_STRENGTH = {
    f"parameters.{name}.strength": 0.0
    for name in (
        "slrt.referral",
        "slrt.proposal",
        "psks.conditions",
        "psks.accompaniment",
        "psks.support",
        "psks.youth",
        "psks.youth_care",
        "psks.information",
        "psks.trust",
        "psks.counselling",
        "psks.youth_enterprise",
    )
}
MORE = {
    "slrt_capacity": 1.0,
    "social_workers": 4.0,
    "facilitator_ratio": 150.0,
    "volunteer_support": 1.0,
    "youth_groups": 1.0,
    "extension_workers": 10.0,
}
OWN = "linking."
_REFERRED = list(inspect.signature(find_clients.py_func).parameters).index("referred")


@pytest.fixture(scope="module")
def baseline(small: Scenario, open_small: Open) -> WelfareModel:
    """No change, lived to its end."""
    return live(open_small(small))


def with_levers(scenario: Scenario, **levers: float) -> Scenario:
    """Move levers from the third month, in the world of a scenario."""
    document = scenario.document() | {"anchor": {}}
    document["levers"] = {
        name: {"value": value, "from": "2024-06"} for name, value in levers.items()
    }
    return from_document(document)


@pytest.fixture(scope="module")
def moved(small: Scenario, open_small: Open) -> Callable[..., WelfareModel]:
    """Live with some levers moved."""
    return lambda **levers: live(open_small(with_levers(small, **levers)))


def counts(model: WelfareModel, name: str) -> np.ndarray:
    """Return a count by month and district."""
    assert model.observer is not None
    return model.observer.counted["linking"][:, :, MEASURE[name]]


def check_books(model: WelfareModel) -> None:
    """Cases that came left in some way or wait, in every month and district."""
    left = sum(
        counts(model, name)
        for name in ("local", "gave_up", "counselled", "referred", "proposed", "refused")
    )
    waiting = counts(model, "backlog")
    np.testing.assert_array_equal(
        waiting[:-1] + counts(model, "arrived")[1:], waiting[1:] + left[1:]
    )


def test_no_case_is_lost(baseline: WelfareModel, moved: Callable[..., WelfareModel]) -> None:
    check_books(baseline)
    check_books(moved(**MORE))


def test_today_the_offices_stand_still(baseline: WelfareModel) -> None:
    """Arrivals, volunteers and queues keep their level, so that the baseline moves nothing."""
    for name in ("arrived", "volunteers"):
        series = counts(baseline, name).sum(axis=1)
        assert np.ptp(series) <= baseline.places.codes.size
    backlog = counts(baseline, "backlog").sum(axis=1)
    assert np.ptp(backlog) <= 0.1 * counts(baseline, "arrived")[0].sum() + 10


def test_figures_are_those_of_the_districts(baseline: WelfareModel) -> None:
    assert baseline.observer is not None
    whole = baseline.observer.counted["linking"].sum(axis=1).astype(float)[:, :, None]
    found = figures(baseline)
    for name, series in linking_indicators(whole).items():
        np.testing.assert_allclose(found[name][:, :1], series, err_msg=name)


# Placebo


def same_but_for_linking(ours: WelfareModel, theirs: WelfareModel) -> None:
    """No bit of households, money, registry or services differs."""
    one, other = state(ours), state(theirs)
    assert set(one) == set(other)
    for name, array in other.items():
        if not name.startswith(OWN) and name != "observer.counted.linking":
            np.testing.assert_array_equal(one[name], array, err_msg=name)


def test_linking_of_no_strength_and_cost_changes_no_bit(
    small: Scenario, open_small: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pay is never zero in its range, so that the bill is taken away instead."""
    monkeypatch.setattr(Linking, "cost", lambda own: np.zeros((2, own.volunteers.size)))
    plain = changed(small, WITHOUT_STRENGTH)
    without, placebo = live(open_small(plain)), live(open_small(with_levers(plain, **MORE)))
    same_but_for_linking(placebo, without)
    assert counts(placebo, "arrived")[-1].sum() > counts(without, "arrived")[-1].sum()
    assert LINKING not in columns_of(placebo.ledger)["programme"]


@pytest.mark.parametrize("lever", MORE)
def test_without_strength_a_lever_moves_money_only(
    small: Scenario, open_small: Open, lever: str
) -> None:
    plain = changed(small, WITHOUT_STRENGTH | {"months": 10})
    without = live(open_small(plain))
    placebo = live(open_small(with_levers(plain, **{lever: MORE[lever]})))
    ours, theirs = state(placebo), state(without)
    for name, array in theirs.items():
        if name.startswith(("households.", "serving.")):
            np.testing.assert_array_equal(ours[name], array, err_msg=name)
    paid, usual = (
        model.ledger.total(model.month, Stage.SERVICES, LINKING).sum()
        for model in (placebo, without)
    )
    assert paid > usual


@pytest.mark.slow
def test_today_changes_no_household(small: Scenario, open_small: Open) -> None:
    """Proposals and conditions are deviations from the base period: only services may differ.

    Counselling is too, but it closes whole cases, one more or fewer by chance.
    """
    still = {"slrt.referral": 0.0, "psks.counselling": 0.0}
    plain = changed(small, {f"parameters.{name}.strength": value for name, value in still.items()})
    without = live(open_small(changed(plain, WITHOUT_STRENGTH)))
    now = live(open_small(plain))
    for name in ("gain", "score", "welfare"):
        np.testing.assert_array_equal(
            getattr(now.world.households, name)[:10], getattr(without.world.households, name)[:10]
        )
    found, other = figures(now)["exclusion_error"], figures(without)["exclusion_error"]
    assert np.abs(found[:, 0] - other[:, 0]).max() < 0.5


# Direction


def test_service_points_bring_cases_and_shorten_their_way(
    baseline: WelfareModel, moved: Callable[..., WelfareModel]
) -> None:
    points = moved(slrt_capacity=1.0)
    ours, theirs = figures(points), figures(baseline)
    for name in ("slrt_cases", "slrt_referred"):
        assert np.all(ours[name][3:, 0] > theirs[name][3:, 0])
        np.testing.assert_array_equal(ours[name][:3], theirs[name][:3])
    assert ours["slrt_days"][4, 0] < theirs["slrt_days"][4, 0]
    listed = [int((model.world.households.record & 1).sum()) for model in (points, baseline)]
    assert listed[0] > listed[1]
    np.testing.assert_array_equal(counts(points, "volunteers"), counts(baseline, "volunteers"))


@pytest.mark.slow
@pytest.mark.slow
def test_service_points_bring_people_to_organisations(small: Scenario, open_small: Open) -> None:
    """A few of many who are served, so that one world does not tell."""
    more = []
    for seed in range(1, 8):
        worlds = small, with_levers(small, slrt_capacity=1.0)
        theirs, ours = (
            figures(live(open_small(changed(one, {"seed": seed}))))["cases_served"]
            for one in worlds
        )
        more.append(float((ours - theirs)[-6:, 0].mean()))
    assert np.mean(more) > 2.0 * np.std(more, ddof=1) / len(more) ** 0.5


def test_points_without_people_to_decide_lengthen_the_queue(
    small: Scenario, open_small: Open
) -> None:
    few = changed(
        small,
        {"parameters.slrt.point_back_office": 0.1, "parameters.slrt.decisions": 1.0, "months": 12},
    )
    usual = live(open_small(few))
    points = live(open_small(with_levers(few, slrt_capacity=1.0)))
    staffed = live(open_small(with_levers(few, slrt_capacity=1.0, social_workers=10.0)))
    ends = [counts(model, "backlog")[-1].sum() for model in (usual, points, staffed)]
    assert ends[2] < ends[0] < ends[1]


def test_extension_workers_bring_cases_by_their_number(
    small: Scenario, open_small: Open, baseline: WelfareModel
) -> None:
    """The front office receives what they bring, beside volunteers and subdistrict workers."""
    without = live(open_small(changed(small, {"parameters.psks.penyuluh_cases": 0.0})), 3)
    workers = baseline.parts.linking.staff[PSKS.index("penyuluh")]
    brought = small.parameter("psks.penyuluh_cases") * workers
    fewer = counts(baseline, "arrived")[3] - counts(without, "arrived")[3]
    assert brought.min() > 0.0
    np.testing.assert_allclose(fewer, brought, atol=1.0)


def test_people_who_hear_of_help_ask_for_it(
    small: Scenario, open_small: Open, baseline: WelfareModel
) -> None:
    """At the front office, at organisations and for the list; and so many as the strength says."""
    told = {}
    for strength in (0.0, 0.4):
        base = changed(small, {"parameters.psks.information.strength": strength})
        model = open_small(with_levers(base, extension_workers=20.0))
        told[strength] = live(model)
    silent, asking = told[0.0].parts.linking, told[0.4].parts.linking
    workers = baseline.parts.linking.staff[PSKS.index("penyuluh")]
    people, community = told[0.4].places.population, told[0.4].parts.community
    heard, usual = (
        hearing(small.parameter, number * workers, cohesion, people)
        for number, cohesion in ((20.0, community.cohesion), (1.0, community.usual_cohesion))
    )
    unserved = told[0.4].parts.serving.unmet
    expected = 0.4 / 12 * (heard - usual) * unserved
    np.testing.assert_allclose(asking.asking, expected)
    np.testing.assert_array_equal(silent.asking, np.zeros_like(expected))
    free = np.full(expected.size, 1e6)
    assert np.all(asking.referral(free) > silent.referral(free))
    at_office = counts(told[0.4], "arrived") - counts(told[0.0], "arrived")
    np.testing.assert_array_equal(at_office[:3], 0)
    assert at_office[3:].sum() == pytest.approx(0.5 * 22 * expected.sum(), rel=0.2)
    listed = [int((told[own].world.households.record & 1).sum()) for own in (0.4, 0.0)]
    assert listed[0] > listed[1]


def test_nobody_asks_more_than_usual_in_the_base_period(baseline: WelfareModel) -> None:
    """Today's extension workers are in what is published: later only trust moves, and by little."""
    asked, arrived = baseline.parts.linking.asking, counts(baseline, "arrived")[-1]
    assert np.abs(asked).max() < 0.02 * arrived.min()


@pytest.mark.parametrize("number", [0.0, 1.0, 3.0])
def test_only_extension_workers_beyond_those_of_today_cost_more(
    baseline: WelfareModel, moved: Callable[..., WelfareModel], number: float
) -> None:
    usual = baseline.parts.linking.cost()[0]
    more = max(0.0, number - 1.0) * baseline.parts.linking.staff[PSKS.index("penyuluh")]
    found = moved(extension_workers=number).parts.linking.cost()[0]
    expected = extension_cost(baseline.scenario.parameter, more)
    np.testing.assert_allclose(found - usual, expected, atol=1e-3)


def test_counselled_families_keep_children_in_school(
    small: Scenario, open_small: Open, baseline: WelfareModel
) -> None:
    """Of families counselled beyond the base period as many as the strength says, and no more."""
    points = {"slrt_capacity": 1.0, "social_workers": 10.0}
    room = {"parameters.psks.lk3_cases": 20.0, "parameters.slrt.to_counselling": 0.3}
    lived = {}
    for strength in (0.0, 0.5):
        base = changed(small, room | {"parameters.psks.counselling.strength": strength})
        lived[strength] = live(open_small(with_levers(base, **points)))
    ours, theirs = (lived[strength] for strength in (0.5, 0.0))
    linking, missing = ours.parts.linking, ours.parts.serving.out_of_school
    np.testing.assert_array_equal(theirs.parts.linking.kept, 0.0)
    assert linking.kept.min() > 0.0
    assert ours.world.households.gain.sum() > theirs.world.households.gain.sum()
    attended = [figures(model)["school_attendance"][-1, 0] for model in (ours, theirs)]
    assert 90.0 < attended[1] < attended[0] <= 100.0
    more = linking.counselled - linking.usual_counselled
    expected = np.clip(0.5 * more / np.maximum(missing, 1), -1.0, 1.0)
    np.testing.assert_allclose(linking.keep_in_school(missing), expected)
    np.testing.assert_array_equal(linking.counselled, 0.0)
    assert np.abs(baseline.parts.linking.kept).max() < 0.01


def test_nobody_loses_more_school_than_there_is(baseline: WelfareModel) -> None:
    """Attendance is what is left after the part that children with an unmet need lose."""
    serving = baseline.parts.serving
    lost = baseline.scenario.parameter("need.education.school_loss") * serving.out_of_school
    children = count_school_age(baseline.world)
    found = figures(baseline)["school_attendance"][-1, 0]
    assert found == pytest.approx(100.0 * (1.0 - lost.sum() / children.sum()), abs=0.01)


def test_youth_groups_give_from_their_enterprises(
    small: Scenario, open_small: Open, baseline: WelfareModel
) -> None:
    """So much for each group beyond those of today; organisations receive it as own business."""
    given = {"parameters.psks.youth_enterprise.strength": 0.5, "parameters.psks.youth_gift": 1e7}
    alone = {"psks.youth.strength": 0.0, "psks.youth_care.strength": 0.0}
    base = changed(small, given | {f"parameters.{name}": value for name, value in alone.items()})
    none = changed(base, {"parameters.psks.youth_enterprise.strength": 0.0})
    ours, theirs = (live(open_small(with_levers(one, youth_groups=1.0)), 6) for one in (base, none))
    assert not baseline.parts.linking.youth_gifts.any()
    groups = ours.parts.linking.staff[PSKS.index("karang_taruna")]
    gifts = 0.5 * 1e7 / 12 * (1.0 - base.parameter("lever.youth_groups.default")) * groups
    np.testing.assert_allclose(ours.parts.linking.youth_gifts, gifts)
    income = [model.parts.serving.funding.income for model in (ours, theirs)]
    own = SOURCES.index("own_business")
    assert income[0][:, own].sum() > income[1][:, own].sum()
    others = [place for place in range(len(SOURCES)) if place != own]
    np.testing.assert_array_equal(income[0][:, others], income[1][:, others])


def test_social_workers_make_services_succeed_more_often(
    baseline: WelfareModel, moved: Callable[..., WelfareModel]
) -> None:
    usual = baseline.parts.serving.needs.success_by_mode
    np.testing.assert_array_equal(baseline.parts.linking.success(usual), usual)
    staffed = moved(social_workers=10.0).parts.linking.success(usual)
    strength = baseline.scenario.parameter("psks.accompaniment.strength")
    np.testing.assert_allclose(staffed, usual + strength * (1.0 - usual), rtol=1e-6)


def test_facilitators_with_fewer_families_hold_them_to_conditions(
    baseline: WelfareModel, moved: Callable[..., WelfareModel]
) -> None:
    looked_after = moved(facilitator_ratio=150.0)
    assert baseline.parts.linking.conditions() == 1.0
    strength = baseline.scenario.parameter("psks.conditions.strength")
    assert looked_after.parts.linking.conditions() == pytest.approx(1 + strength * (400 / 150 - 1))
    ours, theirs = figures(looked_after), figures(baseline)
    factor = ours["facilitator_caseload"][-1, 0] / theirs["facilitator_caseload"][-1, 0]
    assert factor == pytest.approx(150 / 400, rel=0.02)
    assert looked_after.world.households.gain.sum() > baseline.world.households.gain.sum()


def test_support_keeps_volunteers_as_the_flows_say(
    baseline: WelfareModel, moved: Callable[..., WelfareModel]
) -> None:
    """They approach joiners over those who still leave, and nobody else changes."""
    kept = moved(volunteer_support=1.0)
    parameter = baseline.scenario.parameter
    leaving = parameter("psks.volunteers_leave") / 12
    stays = parameter("psks.support.strength")
    before = baseline.parts.linking.staff[1]
    steady, keep = before / (1 - stays), 1 - leaving * (1 - stays)
    months = 24 - 2
    expected = steady + (before - steady) * keep**months
    np.testing.assert_allclose(kept.parts.linking.volunteers, expected)
    ours, theirs = figures(kept), figures(baseline)
    assert ours["slrt_cases"][-1, 0] > theirs["slrt_cases"][-1, 0]


@pytest.mark.parametrize("active", [0.0, 1.0])
def test_new_volunteers_follow_the_youth_groups_that_are_active(
    baseline: WelfareModel, moved: Callable[..., WelfareModel], active: float
) -> None:
    """They approach joiners over leavers; what groups bring is the part that is assumed."""
    ours, parameter = moved(youth_groups=active), baseline.scenario.parameter
    before, keep = baseline.parts.linking.staff[1], 1 - parameter("psks.volunteers_leave") / 12
    against_today = active / parameter("lever.youth_groups.default") - 1.0
    steady = before * (1.0 + parameter("psks.youth.strength") * against_today)
    expected = steady + (before - steady) * keep ** (24 - 2)
    np.testing.assert_allclose(ours.parts.linking.volunteers, expected)
    groups = ours.parts.linking.staff[PSKS.index("karang_taruna")]
    np.testing.assert_array_equal(counts(ours, "youth_groups")[-1], np.rint(active * groups))
    np.testing.assert_array_equal(
        counts(ours, "youth_groups")[:3], counts(baseline, "youth_groups")[:3]
    )


@pytest.mark.parametrize("active", [0.0, 0.6, 1.0])
def test_youth_groups_bring_people_to_free_places(
    small: Scenario, open_small: Open, active: float
) -> None:
    """So many for each group beyond those of today, within the places for which clients are sought.

    Where fewer are active than today, letters have to make up for it.
    """
    alone = {"psks.youth_care.strength": 0.2, "psks.information.strength": 0.0}
    base = changed(small, {f"parameters.{name}": value for name, value in alone.items()})
    linking = live(open_small(with_levers(base, youth_groups=active)), 4).parts.linking
    parameter, groups = base.parameter, linking.staff[PSKS.index("karang_taruna")]
    assert linking.last is not None
    more = active - parameter("lever.youth_groups.default")
    brought = parameter("slrt.referral.strength") * linking.last.referred + 0.2 * more * groups
    for free in (0.0, 1.0, 500.0, 1e6):
        sought = max(parameter("orsos.search_effort") * free, 1.0)
        found = linking.referral(np.full(groups.size, free))
        np.testing.assert_allclose(found, np.clip(brought / sought, 0.0, 1.0), rtol=1e-5)


def test_only_groups_that_are_not_active_today_cost_more(
    baseline: WelfareModel, moved: Callable[..., WelfareModel]
) -> None:
    usual = baseline.parts.linking.cost()[0]
    fewer, all_of_them = moved(youth_groups=0.0), moved(youth_groups=1.0)
    np.testing.assert_array_equal(fewer.parts.linking.cost()[0], usual)
    parameter, groups = (
        baseline.scenario.parameter,
        baseline.parts.linking.staff[PSKS.index("karang_taruna")],
    )
    added = (1.0 - parameter("lever.youth_groups.default")) * groups
    np.testing.assert_allclose(
        all_of_them.parts.linking.cost()[0] - usual, parameter("psks.youth_group_support") * added
    )


def test_what_linking_costs_is_in_the_ledger(moved: Callable[..., WelfareModel]) -> None:
    model = moved(slrt_capacity=0.5, volunteer_support=1.0)
    regional, national = model.parts.linking.cost()
    month = model.month
    for stream, cost in (("apbd_district", regional), ("apbn", national)):
        booked = model.ledger.total(month, Stage.SERVICES, LINKING, stream).sum()
        # Booked at the beginning of the month, before volunteers came and went.
        assert booked == pytest.approx(cost.sum() / 12, rel=0.01)


# Resumed


def test_a_resumed_run_is_the_same(small: Scenario, open_small: Open, tmp_path: Path) -> None:
    scenario: Any = with_levers(changed(small, {"months": 14}), **MORE)
    whole = live(open_small(scenario))
    model = live(open_small(scenario), 7)
    save_checkpoint(model, tmp_path / "kept.npz")
    resumed = load_checkpoint(open_small(scenario), tmp_path / "kept.npz")
    assert fingerprint(live(resumed)) == fingerprint(whole)


@pytest.mark.parametrize(("groups", "letters"), [(0.25, 0.5), (0.0, 0.3), (0.3, 0.0)])
def test_a_place_is_filled_by_a_group_or_by_a_letter(
    small: Scenario,
    open_small: Open,
    monkeypatch: pytest.MonkeyPatch,
    groups: float,
    letters: float,
) -> None:
    """Both bring people independently of each other; one alone brings exactly its own share."""
    one, other = np.float32(groups), np.float32(letters)
    everywhere = property(lambda part: np.full(part.waiting.size, one))
    monkeypatch.setattr(Community, "referred", everywhere)
    monkeypatch.setattr(Linking, "referral", lambda _, free: np.full(free.size, other))
    shares: list[np.ndarray] = []

    def noted(*given: Any) -> None:
        shares.append(given[_REFERRED])
        find_clients(*given)

    monkeypatch.setattr(serving, "find_clients", noted)
    live(open_small(small), 1)
    (found,) = shares
    assert found.dtype == np.float32
    if 0.0 in (groups, letters):
        np.testing.assert_array_equal(found, max(one, other))
    else:
        np.testing.assert_allclose(found, 1.0 - (1.0 - groups) * (1.0 - letters), rtol=1e-6)
