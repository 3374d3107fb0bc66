"""Coordinating bodies: how often they work, whom they win and lose, what that allows and costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.data.parameters import parameter_table
from kesos_sim.institutions.accounts import COORDINATION, Stage
from kesos_sim.institutions.bkkks import PLATFORMS, Coordination
from kesos_sim.institutions.body import STANDINGS, alone, missing
from kesos_sim.institutions.orsos import OrsosTable
from kesos_sim.institutions.places import Places
from kesos_sim.institutions.rules import default_parameter
from kesos_sim.rng import draw_key
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.units import Month

START = Month(2024, 3)
FEW = settings(max_examples=15)
Parameter = Callable[[str], float]
Parameters = Callable[..., Parameter]
QUIET = {
    "coordination.meeting_invites": 0.0,
    "coordination.practice": 0.0,
    "coordination.secretariat.strength": 0.0,
    "coordination.members.strength": 0.0,
}
"""Nobody is invited, and every body wakes and falls dormant by its standing alone."""


def bodies_of(
    places: Places, parameter: Parameter = default_parameter, seed: int = 2008
) -> Coordination:
    key = draw_key(seed)
    table = OrsosTable.draw(places, parameter, key, 1)
    return Coordination(mesa.Model(rng=1), places, table, parameter, key)


def levers(
    standing: float, platform: float = 0.0, coordination: float = 1.0, **own: float
) -> Callable[[str], float]:
    """Return settings: those given, and today's of all others."""
    given = own | {
        "bkkks_standing": standing,
        "partnership_platform": platform,
        "coordination": coordination,
    }
    return lambda name: given[name] if name in given else float(LEVERS[name].default or 0.0)


def test_without_coordination_nobody_works_exchanges_or_is_paid(java: Places) -> None:
    bodies = bodies_of(java)
    bodies.settle(START, levers(3, 3))
    assert bodies.awake.any() and bodies.above.awake.any()
    assert all(cost.sum() > 0 for cost in bodies.cost(levers(3, 3))[:2])
    off = levers(3, 3, 0.0)
    bodies.live(START, off)
    assert not bodies.awake.any() and not bodies.above.awake.any()
    assert not np.any(bodies.exchange(off))
    assert not np.any(bodies.cost(off))
    assert not np.any(bodies.voice(off))


def monthly(parameter: Parameter, what: str, standing: int) -> float:
    yearly = parameter(f"coordination.{what}_{STANDINGS[standing]}")
    return 1.0 - (1.0 - yearly) ** (1 / 12)


@st.composite
def some_parameters(draw: st.DrawFn) -> Parameter:
    """Draw parameters of bodies anywhere within their ranges."""
    rows = {k: v for k, v in parameter_table().items() if k.startswith("coordination.")}
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = {k: chance.uniform(row.low, row.high) for k, row in rows.items()}
    return lambda name: values[name] if name in values else default_parameter(name)


def test_steps_of_the_levers_have_names() -> None:
    assert LEVERS["bkkks_standing"].high == len(STANDINGS) - 1
    assert LEVERS["partnership_platform"].high == len(PLATFORMS) - 1


# Working and sleeping


@pytest.mark.slow
@pytest.mark.parametrize("standing", range(4))
def test_bodies_work_as_often_as_they_wake_and_sleep(
    nation: Places, parameters: Parameters, standing: int
) -> None:
    """Wake over wake and sleep: the mean of 514 bodies over many years."""
    parameter = parameters(QUIET)
    bodies = bodies_of(nation, parameter)
    months, shares = 1200, []
    for month in range(months):
        bodies.live(START + month, levers(standing))
        shares.append(bodies.awake.mean())
    wake, sleep = (monthly(parameter, what, standing) for what in ("wake", "sleep"))
    expected, turn = wake / (wake + sleep), 1.0 / (wake + sleep)
    known = shares[240:]
    independent = bodies.awake.size * len(known) / (2.0 * turn)
    error = np.sqrt(expected * (1 - expected) / independent)
    assert abs(np.mean(known) - expected) < 4.5 * error
    assert error < 0.01


def test_bodies_wake_and_sleep_as_often_as_their_chances_say(
    nation: Places, parameters: Parameters
) -> None:
    parameter = parameters(QUIET)
    bodies = bodies_of(nation, parameter)
    start = bodies.awake.mean()
    p = parameter("coordination.working_start")
    assert abs(start - p) < 4.5 * np.sqrt(p * (1 - p) / bodies.awake.size)
    seen = {"wake": [0, 0], "sleep": [0, 0]}
    for month in range(120):
        before = bodies.awake.copy()
        bodies.live(START + month, levers(1))
        for what, of in (("sleep", before), ("wake", ~before)):
            seen[what][0] += int((bodies.awake != before)[of].sum())
            seen[what][1] += int(of.sum())
    for what, (changed, n) in seen.items():
        p = monthly(parameter, what, 1)
        assert abs(changed - n * p) < 4.5 * np.sqrt(n * p * (1 - p))


@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (2, 3)], ids=str)
def test_a_firmer_standing_puts_no_body_to_sleep(
    nation: Places, parameters: Parameters, pair: tuple[int, int]
) -> None:
    """With the same luck, body by body and in every month."""
    parameter = parameters(QUIET)
    loose, firm = (bodies_of(nation, parameter) for _ in range(2))
    more = 0
    for month in range(120):
        loose.live(START + month, levers(pair[0]))
        firm.live(START + month, levers(pair[1]))
        assert not (loose.awake & ~firm.awake).any()
        more += int((firm.awake & ~loose.awake).sum())
    assert more > 0


WITHOUT_MONEY = {"coordination.secretariat_sk": 0.0}
WITHOUT_MEMBERS = {"coordination.meeting_invites": 0.0}


@pytest.mark.parametrize("missing", [WITHOUT_MONEY, WITHOUT_MEMBERS], ids=["money", "members"])
def test_bodies_without_money_or_members_fall_dormant_sooner(
    nation: Places, parameters: Parameters, missing: dict[str, float]
) -> None:
    """With the same luck, body by body and in every month; without the strengths none does."""
    idle = {f"coordination.{name}.strength": 0.0 for name in ("secretariat", "members")}
    same = {"coordination.practice": 0.0}
    for strength, differ in (({}, True), (idle, False)):
        usual, lacking = (
            bodies_of(nation, parameters(same | strength | change)) for change in ({}, missing)
        )
        fewer = 0
        for month in range(96):
            for bodies in (usual, lacking):
                bodies.live(START + month, levers(1))
            # Only with the members that a body had anyway can money alone be told apart.
            if not differ:
                np.testing.assert_array_equal(usual.awake, lacking.awake)
            fewer += int((usual.awake & ~lacking.awake).sum()) - int(
                (lacking.awake & ~usual.awake).sum()
            )
        assert (fewer > 500) == differ


def test_as_many_bodies_work_today_as_by_standing_alone(
    make_places: Callable[..., Places], parameters: Parameters
) -> None:
    """In the ten provinces, whose membership is the usual one; elsewhere a little off.

    Late money of secretariats moves no more bodies than membership does.
    """
    for region, off in (("mpu", 0.02), ("indonesia", 0.04)):
        shares = []
        for strengths in ({}, {"members": 0.0, "late_money": 0.0}):
            changed = {f"coordination.{k}.strength": v for k, v in strengths.items()}
            parameter = parameters(changed)
            found = []
            for seed in range(3):
                bodies = bodies_of(make_places(region), parameter, seed)
                for month in range(240):
                    bodies.release(START + month, levers(1))
                    bodies.live(START + month, levers(1))
                    found += [bodies.awake.mean()] * (month >= 96)
            shares.append(np.mean(found))
        assert abs(shares[0] - shares[1]) < off, region


@pytest.mark.parametrize(("paid", "lacks"), [(0.0, 1.0), (25e6, 0.5), (50e6, 0.0), (250e6, 0.0)])
def test_a_secretariat_needs_enough_and_no_more(paid: float, lacks: float) -> None:
    assert missing(default_parameter, np.array([paid])) == pytest.approx(lacks)


@given(joined=st.lists(st.floats(0.0, 1.0), min_size=2, max_size=5), part=st.floats(0.0, 1.0))
def test_more_members_never_make_a_body_fall_dormant_sooner(
    joined: list[float], part: float
) -> None:
    values = {"coordination.members.strength": part, "coordination.members_usual": 0.6}
    found = alone(values.__getitem__, np.sort(joined))
    assert np.all(found >= 0.0)
    assert np.all(np.diff(found) <= 0.0)
    assert alone(values.__getitem__, np.array([0.6])) == pytest.approx(1.0)


@FEW
@given(parameter=some_parameters(), seed=st.integers(0, 2**31), data=st.data())
def test_bodies_do_not_depend_on_which_districts_take_part(java: Places, parameter, seed, data):
    """Neither whether they work nor whom they win: a part of the region lives as in the whole."""
    n = java.codes.size
    inside = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    arrays = ("codes", "population", "poor", "households", "rural")
    part = replace(java, **{name: getattr(java, name)[inside] for name in arrays})
    whole, few = bodies_of(java, parameter, seed), bodies_of(part, parameter, seed)
    for month in range(24):
        for bodies in (whole, few):
            bodies.live(START + month, levers(2))
        np.testing.assert_array_equal(few.awake, whole.awake[inside])
    of_part = inside[whole.table.home]
    for name in ("identity", "trust", "state"):
        own, all_ = getattr(few.table, name), getattr(whole.table, name)
        np.testing.assert_array_equal(own, all_[of_part], err_msg=name)


# Trust and members


@FEW
@given(parameter=some_parameters(), seed=st.integers(0, 2**31), standing=st.floats(0.0, 3.0))
def test_who_trusts_joins_and_who_is_forgotten_leaves(java: Places, parameter, seed, standing):
    """Month by month: trust within 0 and 1, joining at the limit, leaving below a part of it."""
    by_contact = "coordination.experience.strength"
    bodies = bodies_of(java, lambda name: 0.0 if name == by_contact else parameter(name), seed)
    table, keep = bodies.table, np.float32(parameter("coordination.trust_keep"))
    joined = left = 0
    for month in range(72):
        before, trust = table.members.copy(), table.trust.copy()
        bodies.live(START + month, levers(standing))
        assert table.trust.min() >= 0.0
        assert table.trust.max() <= 1.0
        met = table.trust > trust * keep
        assert not met[~bodies.awake[table.home]].any()
        assert not met[~table.working].any()
        np.testing.assert_array_equal(table.trust[~met], (trust * keep)[~met])
        invited = np.bincount(table.home[met], minlength=java.codes.size)
        assert invited.max() <= parameter("coordination.meeting_invites")
        new, gone = table.members & ~before, before & ~table.members
        assert np.all(met[new])
        assert np.all(table.trust[new] >= table.ego[new] * np.float32(1 - 1e-6))
        limit = np.float32(parameter("coordination.leave_part")) * table.ego
        assert np.all(table.trust[gone] < limit[gone])
        assert np.all(table.trust[table.members] >= limit[table.members])
        # Whoever met and trusts enough is a member.
        clear = met & (table.trust > table.ego * np.float32(1 + 1e-6))
        assert np.all(table.members[clear])
        joined, left = joined + int(new.sum()), left + int(gone.sum())
    assert joined > 0
    assert joined - left == table.members.sum()


def test_members_leave_when_bodies_sleep(java: Places, parameters: Parameters) -> None:
    """Trust halves in ln 2 / -ln keep months, and whoever had just joined has left by then."""
    changed = {f"coordination.{what}_{s}": 0.0 for what in ("wake", "sleep") for s in STANDINGS}
    bodies = bodies_of(java, parameters(changed | {"coordination.working_start": 1.0}))
    for month in range(60):
        bodies.live(START + month, levers(1))
    table, members = bodies.table, np.flatnonzero(bodies.table.members)
    bodies.awake = np.zeros_like(bodies.awake)
    expected = np.log(0.5 * table.ego[members] / table.trust[members]) / np.log(0.99)
    stayed = np.zeros(members.size)
    for month in range(300):
        stayed += table.members[members]
        bodies.live(START + 60 + month, levers(1))
    known = expected < 299
    assert known.sum() > 100
    np.testing.assert_allclose(stayed[known], np.ceil(expected[known]), atol=1.0)


def test_meetings_are_as_many_as_a_year_has(java: Places, parameters: Parameters) -> None:
    changed = {f"coordination.{what}_{s}": 0.0 for what in ("wake", "sleep") for s in STANDINGS}
    changed["coordination.working_start"] = 1.0
    for yearly, reach in ((4.0, 12.0), (12.0, 3.0), (1.0, 500.0)):
        now = {"coordination.meetings_yearly": yearly, "coordination.meeting_invites": reach}
        bodies = bodies_of(java, parameters(changed | now))
        table, met = bodies.table, 0
        for month in range(12):
            trust = table.trust * np.float32(0.99)
            bodies.live(START + month, levers(1))
            met += int((table.trust > trust).sum())
        working = np.bincount(table.home[table.working], minlength=java.codes.size)
        assert met == yearly * np.minimum(working, reach).sum()


# What members exchange


@FEW
@given(parameter=some_parameters(), platform=st.integers(0, 3), seed=st.integers(0, 2**31))
def test_exchange_is_strength_times_platform_times_members(java: Places, parameter, platform, seed):
    bodies = bodies_of(java, parameter, seed)
    lever = levers(2, platform)
    for month in range(36):
        bodies.live(START + month, lever)
    checked, sent = bodies.exchange(lever)
    table, share = bodies.table, parameter(f"coordination.platform_{PLATFORMS[platform]}")
    for place, awake in enumerate(bodies.awake):
        here = table.home == place
        part = (table.members & here).sum() / max((table.working & here).sum(), 1)
        level = share * awake
        strength = parameter("coordination.shared_list.strength")
        assert checked[place] == pytest.approx(strength * level * part, rel=1e-6)
        strength = parameter("coordination.routing.strength")
        assert sent[place] == pytest.approx(strength * level, rel=1e-6)
    assert np.all((checked >= 0) & (checked <= 1) & (sent >= 0) & (sent <= 1))


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_a_list_holds_what_members_report(
    java: Places, parameters: Parameters, share: float
) -> None:
    """In proportion at full strength, against today's reports; without strength as today."""
    today = default_parameter("lever.member_reports.default")
    for strength in (0.0, 1.0):
        bodies = bodies_of(java, parameters({"coordination.reports.strength": strength}))
        bodies.settle(START, levers(2, 3))
        usual, _ = bodies.exchange(levers(2, 3))
        now, _ = bodies.exchange(levers(2, 3, member_reports=share))
        part = bodies.members / np.maximum(bodies.working, 1)
        most = np.divide(usual, part, out=np.zeros(part.size), where=part > 0.0)
        expected = usual * (1.0 + strength * (share / today - 1.0))
        np.testing.assert_allclose(now, np.minimum(expected, most), rtol=1e-5)
    more = max(share - today, 0.0) * default_parameter("coordination.report_cost")
    cost, *_ = bodies.cost(levers(2, 3, member_reports=share))
    usual_cost, *_ = bodies.cost(levers(2, 3))
    np.testing.assert_allclose(cost - usual_cost, more * bodies.members * bodies.awake, atol=1e-3)


def test_campaigns_cost_where_bodies_work(java: Places) -> None:
    bodies = bodies_of(java)
    bodies.settle(START, levers(2))
    cost = bodies.cost(levers(2, bkkks_fundraising=0.5))[0] - bodies.cost(levers(2))[0]
    each = 0.5 * default_parameter("coordination.fundraising_cost")
    np.testing.assert_allclose(cost, each * bodies.awake)


@pytest.mark.parametrize("what", ["shared_list", "routing"])
def test_a_mechanism_without_strength_exchanges_nothing(
    java: Places, parameters: Parameters, what: str
) -> None:
    bodies = bodies_of(java, parameters({f"coordination.{what}.strength": 0.0}))
    bodies.settle(START, levers(3, 3))
    none, some = bodies.exchange(levers(3, 3))[:: 1 if what == "shared_list" else -1]
    assert not none.any()
    assert some.any()


def test_a_higher_platform_never_exchanges_less(java: Places) -> None:
    bodies = bodies_of(java)
    bodies.settle(START, levers(3, 0))
    steps = [bodies.exchange(levers(3, platform)) for platform in range(4)]
    for less, more in pairwise(steps):
        for low, high in zip(less, more, strict=True):
            assert np.all(high >= low)
            assert high.sum() > low.sum()


# Cost


@FEW
@given(parameter=some_parameters(), standing=st.integers(0, 3), platform=st.integers(0, 3))
def test_cost_is_a_secretariat_for_those_that_work_and_a_platform(
    java: Places, parameter, standing, platform
) -> None:
    bodies = bodies_of(java, parameter)
    cost, of_province, _ = bodies.cost(levers(standing, platform))
    secretariat = parameter(f"coordination.secretariat_{STANDINGS[standing]}")
    running = parameter(f"coordination.platform_cost_{PLATFORMS[platform]}")
    expected = [running + (secretariat if awake else 0.0) for awake in bodies.awake]
    np.testing.assert_allclose(cost, expected, rtol=1e-12)
    # All districts of the only province take part: its own secretariat is paid once.
    own = secretariat * bodies.above.of_provinces.sum()
    assert of_province.sum() == pytest.approx(own, rel=1e-12)


def test_bodies_that_cost_nothing_cost_nothing(java: Places, parameters: Parameters) -> None:
    free = {f"coordination.secretariat_{name}": 0.0 for name in STANDINGS}
    free |= {f"coordination.platform_cost_{name}": 0.0 for name in PLATFORMS}
    bodies = bodies_of(java, parameters(free))
    for standing in range(4):
        for platform in range(4):
            assert not np.any(bodies.cost(levers(standing, platform)))


@pytest.mark.parametrize("region", [31, 33])
def test_cost_is_booked_to_the_rupiah(run_of: Callable[..., Any], region: int) -> None:
    """Districts pay for their own; where they have no budget the province does."""
    run = run_of(region)
    bodies = bodies_of(run.places)
    lever, month = levers(3, 3), run.scenario.start
    bodies.above.awake[:] = True
    yearly, of_province, _ = bodies.cost(lever)
    rupiah, above = (np.rint(cost / 12).astype(np.int64) for cost in (yearly, of_province))
    own = run.treasury.governments.has_budget
    run.treasury.step(month)
    before = run.ledger.total(month, Stage.SERVICES)
    run.treasury.run_service(COORDINATION, yearly, of_province)
    booked = {
        stream: run.ledger.total(month, Stage.SERVICES, COORDINATION, stream)
        for stream in ("apbd_district", "apbd_province")
    }
    slots = run.ledger.slots(run.places.codes)
    np.testing.assert_array_equal(booked["apbd_district"][slots], rupiah * own)
    np.testing.assert_array_equal(booked["apbd_province"][slots], rupiah * ~own + above)
    assert booked["apbd_district"].sum() == (rupiah * own).sum()
    assert rupiah.sum() > 0 and above.sum() > 0
    added = run.ledger.total(month, Stage.SERVICES) - before
    assert added.sum() == rupiah.sum() + above.sum()
    plan = run.schedule(month)
    run.treasury.pay(plan, np.zeros((len(plan.names), run.places.codes.size), np.int64))
    run.ledger.close_month(month)


def test_a_service_that_costs_nothing_leaves_no_line(run_of: Callable[..., Any]) -> None:
    run = run_of(33)
    month = run.scenario.start
    run.treasury.step(month)
    run.treasury.run_service(COORDINATION, np.zeros(run.places.codes.size))
    for stage in Stage:
        assert not run.ledger.total(month, stage, COORDINATION).any()
