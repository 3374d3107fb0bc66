"""The money of governments: conserved, late, carried over, never more than there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.institutions.accounts import Stage
from kesos_sim.institutions.profiles import absorption, absorption_from
from kesos_sim.institutions.programmes import TOPUPS, schedule
from kesos_sim.institutions.quotas import quotas
from kesos_sim.institutions.rules import default_parameter
from kesos_sim.institutions.side_effects import crowding, demand
from kesos_sim.institutions.treasury_state import PARTS, release_parts
from kesos_sim.units import Month
from tests.model.lives import columns_of

RunOf = Callable[..., Any]
BOTH = {
    "apbd_poverty_share": {"value": 0.10, "from": "2025-01"},
    "apbn_poverty_share": {"value": 0.05, "from": "2025-04"},
}


def flow(run: Any, stage: Stage, programme: str | None = None, year: int = 2026) -> int:
    months = [Month(year, month) for month in range(1, 13)]
    return sum(int(run.ledger.total(m, stage, programme).sum()) for m in months)


def test_profiles_are_late_and_never_whole() -> None:
    for level, absorbed in (("nation", 0.98), ("province", 0.95), ("district", 0.95)):
        spent = absorption(level, default_parameter)
        assert spent[0] == 0
        assert spent[12] == pytest.approx(absorbed)
        assert (np.diff(spent) >= 0).all()
        assert (spent <= np.arange(13) / 12 + 1e-12).all()
    assert absorption("district", default_parameter)[6] == pytest.approx(0.31)
    assert absorption("district", default_parameter)[11] == pytest.approx(0.726)


@given(st.integers(1, 12))
def test_a_year_that_begins_later_absorbs_as_much(first: int) -> None:
    spent = absorption("district", default_parameter)
    rest = absorption_from(spent, first)
    assert rest[first - 1] == 0
    assert rest[12] == pytest.approx(spent[12])
    assert (np.diff(rest) >= 0).all()


def test_new_money_is_spent_or_kept_to_the_rupiah(run_of: RunOf) -> None:
    before, after = run_of(33).live_until("2026-12"), run_of(33, levers=BOTH)
    after.live_until("2025-12")
    state = after.treasury.state
    opening = int(state.reserve.sum() + state.pot.sum())
    for month in range(1, 13):
        after.live(Month(2026, month))
    stages = (
        Stage.DELIVERED,
        Stage.SERVICES,
        Stage.ADMINISTRATION,
        Stage.LEAKAGE,
        Stage.RETURNED,
    )
    spent = sum(flow(after, stage) - flow(before, stage) for stage in stages)
    kept = int(state.reserve.sum() + state.pot.sum())
    assert opening + int(state.money.sum()) == spent + kept


def test_what_is_not_released_is_carried_over(run_of: RunOf) -> None:
    run = run_of(33, levers=BOTH).live_until("2025-12")
    state = run.treasury.state
    assert (state.reserve == state.money - state.released).all()
    first = state.reserve.copy()
    assert 0.02 <= first.sum() / state.money.sum() <= 0.05
    run.live(Month(2026, 1))
    assert (run.treasury.state.available >= run.treasury.state.money).all()
    later = run.treasury.state.available.sum() - run.treasury.state.money.sum()
    assert later == first.sum()


def test_help_is_spread_over_the_year_and_money_comes_late(run_of: RunOf) -> None:
    run = run_of(33, levers=BOTH).live_until("2026-12")
    flats = np.stack([run.flats[Month(2026, month)] for month in range(1, 13)])
    assert (flats == flats[0]).all()
    paid = [
        int(run.ledger.total(Month(2026, month), Stage.DELIVERED, TOPUPS[0]).sum())
        for month in range(1, 13)
    ]
    assert sum(paid[:6]) / sum(paid) == pytest.approx(0.31 / 0.95, rel=0.01)
    assert paid[11] > 2 * paid[0]


def test_households_get_what_the_budget_promises(run_of: RunOf) -> None:
    run = run_of(33, levers=BOTH).live_until("2026-12")
    year = [run.settlements[Month(2026, month)] for month in range(1, 13)]
    k = run.schedule(Month(2026, 1)).index(TOPUPS[0])
    due = sum(int(settled.due[k].sum()) for settled in year)
    covered = run.treasury.topup_quota()[0]
    promised = (covered * run.flats[Month(2026, 1)][0] * 12).sum()
    assert due == pytest.approx(promised, rel=1e-6)
    assert promised <= run.treasury.topup_budget[1:].sum() * (1 + 1e-9)


def test_the_cap_holds_and_the_rest_returns(run_of: RunOf) -> None:
    levers = {"apbd_poverty_share": {"value": 0.15, "from": "2025-01"}}
    run = run_of(51, levers=levers, parameters={"fiscal.room_movable": 1.0}).live_until("2027-03")
    cap = default_parameter("programme.topup_cap")
    highest = max(flat.sum(axis=0).max() for flat in run.flats.values())
    assert highest == pytest.approx(cap)
    assert flow(run, Stage.RETURNED, TOPUPS[0], 2026) > 0
    assert run.treasury.state.pot.sum() < 1.5 * run.treasury.topup_budget.sum()


def test_money_that_no_household_takes_is_carried_over(run_of: RunOf) -> None:
    run = run_of(33, levers=BOTH).live_until("2025-12", taken_up=0.0)
    assert flow(run, Stage.DELIVERED, TOPUPS[0], 2025) == 0
    pot = run.treasury.state.pot.sum()
    assert pot > 0
    run.live(Month(2026, 1))
    assert run.treasury.topup_budget.sum() > 1.5 * pot


def test_the_reform_costs_what_other_spending_loses(run_of: RunOf) -> None:
    before = run_of(33).live_until("2026-12")
    after = run_of(33, levers=BOTH).live_until("2026-12")
    lost = flow(before, Stage.OTHER_SPENDING) - flow(after, Stage.OTHER_SPENDING)
    assert lost == int(after.treasury.state.money.sum())
    assert flow(before, Stage.REVENUE) == flow(after, Stage.REVENUE)


def test_nothing_changes_before_the_lever(run_of: RunOf) -> None:
    before, after = run_of(33).live_until("2025-06"), run_of(33, levers=BOTH)
    after.live_until("2024-12")
    kept = columns_of(before.ledger)["month"] <= "2024-12"
    for name, column in columns_of(after.ledger).items():
        assert (columns_of(before.ledger)[name][kept] == column).all()


def test_audits_lower_leakage_and_cost_something(run_of: RunOf) -> None:
    whole = {"audit_coverage": {"value": 1.0}}
    today = release_parts(run_of(33).scenario, Month(2026, 1))
    audited = release_parts(run_of(33, levers=whole).scenario, Month(2026, 1))
    assert today[1] == pytest.approx(0.05)
    assert audited[1] == pytest.approx(0.05 * (1 - 0.32))
    assert audited[0] > today[0]
    assert today.sum() == pytest.approx(1.0) == audited.sum()


def test_registry_and_enterprise_money_reach_the_engine(run_of: RunOf) -> None:
    run = run_of(33, levers=BOTH)
    assert not run.treasury.extra_visits().any()
    run.live_until("2026-02")
    assert (run.treasury.extra_visits() > 0).all()
    capital = int(run.ledger.total(Month(2026, 2), Stage.DELIVERED, "ENTERPRISE").sum())
    assert run.treasury.enterprise.sum() == capital


def test_regional_money_may_replace_national_programmes(run_of: RunOf) -> None:
    plan = schedule(Month(2025, 2), lambda _: 1.0)
    neutral = run_of(33, levers=BOTH).live_until("2025-02")
    quota = quotas(plan, neutral.places)
    assert (crowding(neutral.treasury, plan, quota) == 1.0).all()
    crowded = run_of(33, levers=BOTH, parameters={"fiscal.crowding_out": 0.5})
    assert (crowding(crowded.treasury, plan, quota) == 1.0).all()
    crowded.live_until("2025-02")
    left = crowding(crowded.treasury, plan, quota)
    assert ((left > 0.3) & (left < 1.0)).all()


def test_demand_is_neutral_unless_told_and_acts_on_both_sides(run_of: RunOf) -> None:
    assert not demand(run_of(33, levers=BOTH).live_until("2025-02").treasury).any()
    levers = {"apbd_poverty_share": {"value": 0.03, "from": "2025-01"}}
    run = run_of(33, levers=levers, parameters={"fiscal.demand_multiplier": 1.0})
    run.live_until("2025-02")
    net, money = demand(run.treasury).sum(), run.treasury.state.money.sum()
    # What leaks and what is carried over is missing, nothing else.
    assert -0.12 < net / money < 0.0


def test_a_checkpoint_goes_on_as_if_nothing_happened(run_of: RunOf) -> None:
    whole = run_of(33, levers=BOTH).live_until("2026-03")
    first = run_of(33, levers=BOTH).live_until("2025-05")
    second = run_of(33, levers=BOTH)
    second.treasury.restore(first.treasury.snapshot())
    second.ledger.restore(first.ledger.snapshot())
    month = Month(2025, 6)
    while month <= Month(2026, 3):
        second.live(month)
        month = month + 1
    for name, column in columns_of(whole.ledger).items():
        assert (columns_of(second.ledger)[name] == column).all()
    assert second.treasury.plans == whole.treasury.plans


def test_the_burn_in_lives_by_the_decisions_of_the_base_month(run_of: RunOf) -> None:
    run = run_of(33, levers={"apbd_poverty_share": {"value": 0.03}})
    for month in (Month(2023, 12), Month(2024, 1), Month(2024, 2)):
        run.live(month)
    run.live_until("2024-04")
    flat = [run.flats[month].max() for month in sorted(run.flats)]
    assert flat[1] > 0
    assert flat[1:] == pytest.approx([flat[1]] * 4)


SHARE = st.floats(0.0, 0.15)
PART = st.floats(0.01, 1.0)


@pytest.mark.slow
@settings(max_examples=25)
@given(
    apbd=SHARE,
    apbn=SHARE,
    start=st.integers(1, 12),
    ramp=st.integers(0, 30),
    beyond=st.booleans(),
    portfolio=st.tuples(PART, PART, PART, PART, PART),
    taken_up=st.floats(0.0, 1.0),
    region=st.sampled_from([31, 34, 51, 3316]),
    leaked=st.floats(0.005, 0.25),
)
def test_money_is_conserved_whatever_is_decided(
    run_of: RunOf,
    apbd: float,
    apbn: float,
    start: int,
    ramp: int,
    beyond: bool,
    portfolio: tuple[float, ...],
    taken_up: float,
    region: int,
    leaked: float,
) -> None:
    begin = {"from": f"2025-{start:02d}", "ramp_months": ramp}
    total = sum(portfolio)
    names = ("cash", "food", "enterprise", "registry", "services")
    levers: dict[str, Any] = {
        "apbd_poverty_share": {"value": apbd, **begin},
        "apbn_poverty_share": {"value": apbn, **begin},
        "run_beyond_room": {"value": float(beyond)},
    } | {
        f"portfolio_{name}": {"value": part / total}
        for name, part in zip(names, portfolio, strict=True)
    }
    run = run_of(region, levers=levers, parameters={"fiscal.leakage_share": leaked})
    # Closing a month refuses one that does not balance, and every amount below zero.
    run.live_until("2027-02", taken_up)
    state = run.treasury.state
    for array in (state.money, state.available, state.released, state.reserve, state.pot):
        assert (array >= 0).all()
    assert (state.released <= state.available).all()
    assert np.allclose(state.parts.sum(axis=1), 1.0)
    assert len(state.parts[0]) == len(PARTS)
    records = columns_of(run.ledger)
    assert (records["rupiah"] > 0).all()
    inside = np.isin(records["stage"], ["revenue"])
    outside = np.isin(
        records["stage"],
        ["delivered", "services", "administration", "leakage", "other_spending", "returned"],
    )
    last = (records["month"] == "2027-02") & (records["stage"] == "carry_over")
    rupiah = records["rupiah"].astype(object)
    assert rupiah[inside].sum() == rupiah[outside].sum() + rupiah[last].sum()
