"""Neighbourhood groups of a whole run: money that is conserved, placebos, sizes that are right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kesos_sim.data import read_table
from kesos_sim.indicators.community import COMMUNITY_MEASURES
from kesos_sim.institutions.accounts import ARISAN, COMMUNITY, MUTUAL_HELP, WKSBM, Stage
from kesos_sim.kernels.pools import ACTIVE, BOOKED
from kesos_sim.model.checkpoint import load_checkpoint, save_checkpoint
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.money import money_indicators
from kesos_sim.scenario import Scenario, changed, from_document, load_scenario
from tests.model.lives import columns_of, figures, live, state

Open = Callable[..., WelfareModel]
AT_ONCE = {f"levers.wksbm_{lever}.from": "2024-06" for lever in ("growth", "training", "stimulus")}
NOTHING_TO_BEGIN_WITH = {"levers.wksbm_stimulus.value": 0}
WITHOUT_STRENGTH = {
    "parameters.wksbm.cost_new": 0.0,
    "parameters.wksbm.cost_training": 0.0,
    "parameters.wksbm.participation": 0.0,
    "parameters.wksbm.referral.strength": 0.0,
    "parameters.wksbm.usul.strength": 0.0,
    "parameters.psks.trust.strength": 0.0,
    "parameters.wksbm.cost_women": 0.0,
}
"""Nobody pays, groups refer nobody, raise no voice and bring no trust; governments pay nothing."""


@pytest.fixture(scope="module")
def baseline(small: Scenario, open_small: Open) -> WelfareModel:
    """No change, lived to its end."""
    return live(open_small(small))


@pytest.fixture(scope="module")
def growing(small: Scenario, scenario_folder: Path) -> Callable[..., Scenario]:
    """Make the scenario in which groups grow, in the same world, from the third month."""

    def make(**changes: Any) -> Scenario:
        world = {"region": "34", "households": small.households, "months": small.months}
        return load_scenario(scenario_folder / "wksbm-tumbuh.yaml", world | AT_ONCE | changes)

    return make


@pytest.fixture(scope="module")
def grown(growing: Callable[..., Scenario], open_small: Open) -> WelfareModel:
    """Growing groups, lived to their end; one of them and one that is yet to come are followed."""
    model = open_small(growing())
    groups = model.parts.community.groups
    for number in (0, int(groups.founded[0])):
        model.parts.community.group(number)
    return live(model)


def counted(model: WelfareModel, name: str) -> np.ndarray:
    """Return a count by month and district."""
    assert model.observer is not None
    place = COMMUNITY_MEASURES.index(name)
    return model.observer.counted["community"][:, :, place].astype(float)


def booked(model: WelfareModel, row: int, stage: Stage, line: str, stream: str) -> int:
    """Return what the ledger has for a stage, line and stream in a month."""
    month = model.scenario.start + row
    return int(model.ledger.total(month, stage, line, stream).sum())


# Money


@pytest.mark.parametrize("which", ["baseline", "grown"])
def test_what_members_pay_is_paid_out_lost_or_in_the_funds(
    request: pytest.FixtureRequest, which: str
) -> None:
    """In every month, by the ledger, and the ledger's funds are those of the groups."""
    model: WelfareModel = request.getfixturevalue(which)
    kept = None
    for row in range(1, model.scenario.months + 1):
        of = {stage: booked(model, row, stage, MUTUAL_HELP, COMMUNITY) for stage in Stage}
        came = of[Stage.REVENUE] + of[Stage.GRANT_IN]
        went = of[Stage.DELIVERED] + of[Stage.LEAKAGE]
        assert came - went == of[Stage.CARRY_OVER] - of[Stage.OPENING]
        assert kept is None or of[Stage.OPENING] == kept
        kept = of[Stage.CARRY_OVER]
        assert of[Stage.DELIVERED] == counted(model, "paid")[row].sum()
        round_ = [booked(model, row, s, ARISAN, COMMUNITY) for s in Stage]
        assert round_[Stage.REVENUE] == round_[Stage.DELIVERED] > 0
        assert sum(round_) == 2 * round_[Stage.REVENUE]
    own = model.parts.community
    assert kept == own.unit * own.groups.fund.sum() == counted(model, "fund")[-1].sum()


def test_governments_pay_for_groups_and_groups_get_it(grown: WelfareModel) -> None:
    """A cost for each new group and training; what new groups begin with is a grant."""
    parameter, own = grown.scenario.parameter, grown.parts.community
    start = grown.scenario.lever("wksbm_stimulus", grown.month)
    given = [booked(grown, row, Stage.GRANT_IN, MUTUAL_HELP, COMMUNITY) for row in range(25)]
    paid = [booked(grown, row, Stage.GRANT_OUT, WKSBM, "apbd_district") for row in range(25)]
    spent = [booked(grown, row, Stage.SERVICES, WKSBM, "apbd_district") for row in range(25)]
    assert given == paid
    assert sum(given[:3]) == sum(spent[:3]) == 0
    groups = counted(grown, "active") + counted(grown, "dormant")
    new = np.diff(groups.sum(axis=1))
    np.testing.assert_array_equal(given[1:], start * new)
    assert new.sum() > 10 * own.unit
    trained = grown.scenario.lever("wksbm_training", grown.month) / 12
    cost = parameter("wksbm.cost_new") * new
    cost[2:] += trained * parameter("wksbm.cost_training") * groups[2:-1].sum(axis=1)
    np.testing.assert_allclose(spent[1:], cost, atol=grown.places.codes.size)


def test_groups_grow_by_their_share_of_neighbourhoods(grown: WelfareModel) -> None:
    own = grown.parts.community.groups
    groups = counted(grown, "active") + counted(grown, "dormant")
    new = (groups[-1] - groups[0]) / grown.parts.community.unit
    yearly = grown.scenario.lever("wksbm_growth", grown.month)
    np.testing.assert_allclose(new, yearly * 22 / 12 * np.diff(own.slot_start), atol=1.0)


def test_no_group_is_added_beyond_the_last_neighbourhood(
    growing: Callable[..., Scenario], open_small: Open
) -> None:
    changes = {"levers.wksbm_growth.value": 0.2, "months": 72}
    model = live(open_small(growing(**changes)))
    assert not model.parts.community.groups.empty.any()
    assert booked(model, 72, Stage.GRANT_OUT, WKSBM, "apbd_district") == 0
    coverage = figures(model)["wksbm_coverage"][:, 0]
    assert coverage.max() <= 100.5


# Placebo


@pytest.mark.slow
def test_groups_of_no_strength_and_cost_change_no_bit(
    small: Scenario, growing: Callable[..., Scenario], open_small: Open
) -> None:
    """No household, rupiah or client; only how many groups there are, and who trains them."""
    without = live(open_small(changed(small, WITHOUT_STRENGTH)))
    placebo = live(open_small(growing(**(WITHOUT_STRENGTH | NOTHING_TO_BEGIN_WITH))))
    ours, theirs = state(placebo), state(without)
    assert set(ours) == set(theirs)
    for name, array in theirs.items():
        if not name.startswith(("community.", "observer.counted.community")):
            np.testing.assert_array_equal(ours[name], array, err_msg=name)
    assert (
        placebo.parts.community.groups.founded.sum() > without.parts.community.groups.founded.sum()
    )
    assert not ours["households.pooled"].any()
    assert COMMUNITY not in columns_of(placebo.ledger)["stream"]


def test_levers_that_are_not_moved_change_no_bit(
    baseline: WelfareModel, growing: Callable[..., Scenario], open_small: Open
) -> None:
    still = {f"levers.wksbm_{name}.value": 0 for name in ("growth", "training", "stimulus")}
    ours, theirs = state(live(open_small(growing(**still)))), state(baseline)
    for name, array in theirs.items():
        np.testing.assert_array_equal(ours[name], array, err_msg=name)


def with_women(scenario: Scenario, share: float, **changes: float) -> Scenario:
    """Let women lead a share of the groups from the third month, in the world of a scenario."""
    options = {f"parameters.wksbm.{name}": value for name, value in changes.items()}
    document = changed(scenario, options).document() | {"anchor": {}}
    document["levers"] = {"women_leaders": {"value": share, "from": "2024-06"}}
    return from_document(document)


@pytest.mark.slow
def test_women_who_lead_without_strength_and_cost_change_no_bit(
    small: Scenario, baseline: WelfareModel, open_small: Open
) -> None:
    nothing = {"women.strength": 0.0, "cost_women": 0.0}
    ours, theirs = state(live(open_small(with_women(small, 1.0, **nothing)))), state(baseline)
    for name, array in theirs.items():
        if name != "observer.counted.community":
            np.testing.assert_array_equal(ours[name], array, err_msg=name)
    place = COMMUNITY_MEASURES.index("led_by_women")
    others = np.arange(len(COMMUNITY_MEASURES)) != place
    ours, theirs = (found["observer.counted.community"] for found in (ours, theirs))
    np.testing.assert_array_equal(ours[..., others], theirs[..., others])
    assert np.all(ours[3:, :, place] == ours[3:, :, 0])


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_women_lead_more_members_pay(
    small: Scenario, baseline: WelfareModel, open_small: Open, share: float
) -> None:
    """By the strength, in the groups whose leader changes and in no other; and back again."""
    strength, today = 0.2, baseline.scenario.parameter("lever.women_leaders.default")
    model = live(open_small(with_women(small, share, **{"women.strength": strength})))
    ours, theirs = model.parts.community.groups, baseline.parts.community.groups
    both = (ours.state == ACTIVE) & (theirs.state == ACTIVE)
    changes = (ours.leadership < today) != (share == 1.0)
    dues = BOOKED.index("jimpitan")
    paid = [groups.flow[:, dues].astype(float) for groups in (ours, theirs)]
    ratio = np.divide(*paid, out=np.ones_like(paid[0]), where=paid[1] > 0)
    np.testing.assert_allclose(ratio[both & ~changes], 1.0, atol=0.05)
    expected = 1.0 + strength if share == 1.0 else 1.0 / (1.0 + strength)
    assert (both & changes).any()
    np.testing.assert_allclose(ratio[both & changes], expected, atol=0.1)
    np.testing.assert_array_equal(counted(model, "paid")[:3], counted(baseline, "paid")[:3])
    assert figures(model)["wksbm_women_led"][-1, 0] == pytest.approx(100.0 * share)


def test_only_groups_that_women_come_to_lead_cost(small: Scenario, open_small: Open) -> None:
    more, fewer = (live(open_small(with_women(small, share)), 4) for share in (1.0, 0.0))
    parameter, own = more.scenario.parameter, more.parts.community
    led = (1.0 - parameter("lever.women_leaders.default")) * own.unit * own.groups.founded.sum()
    spent = booked(more, 4, Stage.SERVICES, WKSBM, "apbd_district")
    assert spent == pytest.approx(led * parameter("wksbm.cost_women") / 12, abs=5)
    assert booked(more, 2, Stage.SERVICES, WKSBM, "apbd_district") == 0
    assert booked(fewer, 4, Stage.SERVICES, WKSBM, "apbd_district") == 0


@pytest.mark.slow
def test_groups_with_more_member_groups_reach_further_and_the_mean_stays(
    small: Scenario, baseline: WelfareModel, open_small: Open
) -> None:
    """What today's groups reach together is about that without any effect."""
    weak, strong = (
        live(open_small(changed(small, {"parameters.wksbm.ties.strength": value})))
        for value in (0.0, 1.0)
    )
    reached = [model.parts.community.reach.mean() for model in (strong, weak, baseline)]
    assert np.any(strong.parts.community.reach != weak.parts.community.reach)
    assert reached[0] == pytest.approx(reached[1], rel=0.15)
    assert reached[2] == pytest.approx(reached[1], rel=0.05)
    per_group = figures(baseline)["wksbm_member_groups"][-1, 0]
    assert per_group == pytest.approx(baseline.scenario.parameter("wksbm.member_groups"), rel=0.15)
    np.testing.assert_array_equal(counted(strong, "members"), counted(weak, "members"))
    # Reach moves cohesion, and cohesion who pays: by less than a thousandth.
    np.testing.assert_allclose(counted(strong, "fund")[0], counted(weak, "fund")[0], rtol=1e-3)


def test_arisan_moves_no_household(
    small: Scenario, baseline: WelfareModel, open_small: Open
) -> None:
    """What goes round comes back whole: more of it is more in the books and nothing else."""
    more = live(open_small(changed(small, {"parameters.wksbm.arisan": 50_000.0})))
    np.testing.assert_array_equal(more.world.households.welfare, baseline.world.households.welfare)
    five = booked(more, 24, Stage.REVENUE, ARISAN, COMMUNITY)
    assert five == 5 * booked(baseline, 24, Stage.REVENUE, ARISAN, COMMUNITY)


def test_families_feel_nothing_up_to_the_base_month(small: Scenario, open_small: Open) -> None:
    """The published figures contain today's groups: in the base month nobody is better off."""
    model = open_small(changed(small, {"months": 2}))
    assert not model.world.households.pooled.any()
    model.step()
    assert model.world.households.pooled.any()


# Direction


def test_more_groups_cover_and_pay_more_and_poverty_hardly_moves(
    baseline: WelfareModel, grown: WelfareModel
) -> None:
    ours, theirs = figures(grown), figures(baseline)
    for name in theirs:
        np.testing.assert_array_equal(ours[name][:3, 0], theirs[name][:3, 0], err_msg=name)

    def moved(name: str) -> float:
        return float(ours[name][-1, 0] - theirs[name][-1, 0])

    assert moved("wksbm_coverage") > 5.0
    assert moved("mutual_help_paid") > theirs["mutual_help_paid"][-1, 0]
    assert moved("wksbm_dormancy_rate") < 0.0
    assert moved("cohesion_index") > 0.0
    difference = ours["poverty_rate"][:, 0] - theirs["poverty_rate"][:, 0]
    assert np.abs(difference).max() < 0.1
    assert abs(difference.mean()) < 0.03
    felt = (model.world.households.welfare for model in (grown, baseline))
    assert not np.array_equal(*felt)


def test_groups_that_refer_and_speak_reach_others(
    growing: Callable[..., Scenario], open_small: Open
) -> None:
    """Without any money: organisations serve others, records are proposed and contested."""
    often = {
        "levers.registry_openness.value": 1.0,
        "levers.registry_openness.from": "2024-06",
        "levers.wksbm_growth.value": 0.2,
    }
    full = {"parameters.wksbm.referral.strength": 1.0, "parameters.wksbm.usul.strength": 3.0}
    weak, strong = (
        live(open_small(growing(**(often | WITHOUT_STRENGTH | strength))))
        for strength in ({}, full)
    )
    assert not weak.parts.community.referred.any()
    assert strong.parts.community.referred.min() > 0.02
    np.testing.assert_array_equal(weak.parts.community.voices, 1.0)
    assert strong.parts.community.voices.min() > 1.1
    assert strong.parts.community.reach.max() <= 1.0
    servers = weak.parts.serving.cases.servers, strong.parts.serving.cases.servers
    assert servers[0].size != servers[1].size or not np.array_equal(*servers)
    ours, theirs = figures(strong), figures(weak)
    assert not np.array_equal(ours["registry_age"], theirs["registry_age"])


# Sizes


def test_money_is_as_large_as_published(baseline: WelfareModel) -> None:
    """Thousands of rupiah per household and month, below what a winning group collects."""
    own, parameter = baseline.parts.community, baseline.scenario.parameter
    facts = read_table("wksbm_community")
    winner = float(facts.where(fact="wksbm_donation_per_household_month")["value"].max())
    dues = parameter("wksbm.jimpitan") * parameter("wksbm.social_share")
    dues += parameter("wksbm.death_dues") + parameter("wksbm.other")
    assert 500 < dues < winner
    groups = own.groups
    works = groups.state == ACTIVE
    paid_in = groups.flow[works][:, [BOOKED.index(n) for n in ("jimpitan", "death_dues", "other")]]
    each = paid_in.sum() / groups.members[works].sum()
    assert 300 < each < winner
    found = figures(baseline)
    assert 1_000 < found["wksbm_fund_per_member"][-1, 0] < 100_000
    assert found["mutual_help_share"][:, 0].max() < 20.0
    assert 40.0 < 100.0 - np.mean(found["wksbm_dormancy_rate"][:, 0]) < 90.0
    benefits = facts.where(fact="death_benefit_per_death")["value"]
    assert benefits.min() <= parameter("wksbm.death_benefit") <= 1_000_000
    # Of its members a group is part: DIY has 193 of them for more than a million households.
    assert found["wksbm_coverage"][0, 0] < 4.0


def test_households_belong_to_the_group_of_their_neighbourhood(grown: WelfareModel) -> None:
    """Each to one or none, as many as groups have members, and nobody else feels anything."""
    community, people = grown.parts.community, grown.world.households
    pooling, groups = community.pooling, community.groups
    n = grown.world.layout.n_households
    inside = [pooling.members(group) for group in range(groups.identity.size)]
    np.testing.assert_array_equal(np.sort(np.concatenate(inside)), np.arange(n))
    belongs = np.zeros(n, bool)
    for group, households in enumerate(inside):
        for household in households.tolist():
            there = pooling.group_of(household)
            assert there == (group if groups.state[group] != 0 else None)
            belongs[household] = there is not None
    of_district = groups.founded / np.diff(groups.slot_start)
    share = np.repeat(of_district, np.diff(grown.world.layout.district_start)).mean()
    assert belongs.mean() == pytest.approx(share, abs=4 * np.sqrt(share / n))
    assert not people.pooled[~belongs].any()
    assert (people.pooled[belongs] != 0.0).mean() > 0.5


def test_a_member_pays_what_its_group_collects(grown: WelfareModel) -> None:
    """Of a household that nothing strikes: the dues of its group less those it is used to."""
    community, people, world = grown.parts.community, grown.world.households, grown.world
    groups, strata = community.groups, world.targets.strata
    line = np.repeat(strata.line, np.diff(world.layout.stratum_start))
    size = np.maximum(people.word & np.uint32(15), 1)
    felt = -people.pooled.astype(float) * line * size
    seen = 0
    for group in np.flatnonzero(groups.state == 1).tolist():
        dues = groups.flow[group, :3].sum() / groups.members[group]
        expected = dues - community.expected[group, 0]
        own = community.pooling.members(group)
        quiet = own[felt[own] > -1000.0]
        seen += quiet.size
        np.testing.assert_allclose(felt[quiet], expected, atol=1.0 + 1e-3 * abs(expected))
    assert seen > 50


def test_families_that_are_hit_get_what_the_pools_pay(grown: WelfareModel) -> None:
    """Month by month nearly nothing; over all households less is felt than is consumed."""
    people = grown.world.households
    assert np.abs(people.pooled).max() < 0.5
    payers = people.pooled < 0.0
    assert payers[people.pooled != 0.0].mean() > 0.8
    rupiah = -people.pooled[payers].astype(float) * (people.word[payers] & np.uint32(15))
    line = float(grown.world.targets.strata.line.mean())
    assert np.median(rupiah) * line < 5000.0


def test_state_cost_per_poor_person_is_what_was_spent_on_them(grown: WelfareModel) -> None:
    assert grown.observer is not None
    poor = figures(grown)["poor_people"]
    money = money_indicators(grown, grown.observer.regions.codes, poor)
    assert np.isnan(money["state_cost_per_poor"][:12]).all()
    year = money["budget_spent"][13:25].sum(axis=0)
    np.testing.assert_allclose(money["yearly_spending"][24], year)
    np.testing.assert_allclose(money["state_cost_per_poor"][24], year / poor[24])


# A group that is looked at


def test_a_group_tells_its_months(grown: WelfareModel) -> None:
    old, new = grown.parts.community.watched.values()
    assert [len(group.months) for group in (old, new)] == [24, 24]
    assert new.months[0]["state"] == "absent"
    assert new.months[-1]["state"] != "absent"
    for earlier, month in zip(old.months, old.months[1:], strict=False):
        came = month["jimpitan"] + month["death_dues"] + month["other"]
        went = month["lost"] + month["illness"] + month["death"] + month["care"]
        assert month["fund"] == earlier["fund"] + came - went
    assert old.fund == old.months[-1]["fund"]


def test_following_a_group_changes_no_bit(
    baseline: WelfareModel, small: Scenario, open_small: Open
) -> None:
    model = open_small(small)
    model.parts.community.group(0)
    ours, theirs = state(live(model)), state(baseline)
    for name, array in theirs.items():
        np.testing.assert_array_equal(ours[name], array, err_msg=name)


# Stopping


def test_a_stop_in_the_middle_of_growth(
    growing: Callable[..., Scenario], open_small: Open, grown: WelfareModel, tmp_path: Path
) -> None:
    path = tmp_path / "run.npz"
    save_checkpoint(live(open_small(growing()), 7), path)
    resumed = live(load_checkpoint(open_small(growing()), path))
    ours, theirs = state(resumed), state(grown)
    assert set(ours) == set(theirs)
    for name, array in theirs.items():
        np.testing.assert_array_equal(ours[name], array, err_msg=name)
