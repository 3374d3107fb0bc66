"""Governments decide once a year, within their room, and say what was not feasible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
import pytest

from kesos_sim.institutions.budget_holders import Governments
from kesos_sim.institutions.government import (
    INSTRUMENTS,
    District,
    FiscalYear,
    Nation,
    Province,
    Terms,
    portfolio,
)
from kesos_sim.scenario import Scenario
from kesos_sim.units import Month

TEN_PERCENT = {"value": 0.10, "from": "2026-01"}
APBD = {"levers": {"apbd_poverty_share": TEN_PERCENT}}
RunOf = Callable[..., Any]


def test_governments_are_agents(run_of: RunOf) -> None:
    run = run_of(33)
    model = mesa.Model(rng=1)
    governments = Governments.of(model, run.places, run.scenario)
    assert set(model.agents) == set(governments.agents)
    kinds = [type(agent) for agent in governments.agents]
    assert (kinds.count(Nation), kinds.count(Province), kinds.count(District)) == (1, 1, 35)


def test_jakarta_has_one_regional_government(run_of: RunOf) -> None:
    run = run_of(31)
    agents = run.treasury.governments.agents
    assert [type(agent) for agent in agents] == [Nation, Province]
    assert not run.treasury.governments.has_budget.any()


def test_a_single_district_takes_part_of_its_province(run_of: RunOf) -> None:
    blora, java = run_of(3316).treasury.governments, run_of(33).treasury.governments
    assert 0.01 < blora.own[1] / java.own[1] < 0.05
    assert java.own[1] == pytest.approx(java.agents[1].budget.own)
    assert blora.own[0] < java.own[0] < 2_486.7e12


def test_new_money_is_the_target_less_todays_share(run_of: RunOf) -> None:
    run = run_of(33, **APBD, parameters={"fiscal.room_movable": 1.0}).live_until("2026-01")
    (plan,) = run.treasury.governments.agents[1].plans
    assert plan.year == 2026
    assert plan.target_share == pytest.approx(0.10)
    assert plan.money == pytest.approx(0.085 * plan.own_spending, rel=1e-9)
    assert plan.not_feasible == pytest.approx(0.0)
    assert plan.by_definition["function"] == pytest.approx(0.0876 * plan.own_spending)
    assert sum(plan.sources.values()) == pytest.approx(plan.money)
    assert sum(plan.instruments.values()) == pytest.approx(plan.money)
    assert set(plan.instruments) == set(INSTRUMENTS)


def test_mandatory_spending_limits_it(run_of: RunOf) -> None:
    run = run_of(33, **APBD).live_until("2026-01")
    for plan in run.treasury.plans:
        assert plan.money == pytest.approx(0.05 * plan.own_spending, rel=1e-9)
        assert plan.not_feasible == pytest.approx(0.035 * plan.own_spending)
        assert not plan.beyond_room


def test_running_anyway_is_marked(run_of: RunOf) -> None:
    levers = {"apbd_poverty_share": TEN_PERCENT, "run_beyond_room": {"value": 1}}
    run = run_of(33, levers=levers).live_until("2026-01")
    for plan in run.treasury.plans:
        assert plan.money == pytest.approx(0.085 * plan.own_spending, rel=1e-9)
        assert plan.beyond_room
        assert plan.not_feasible == pytest.approx(0.035 * plan.own_spending)


def test_only_the_moved_share_makes_plans(run_of: RunOf) -> None:
    run = run_of(33, levers={"apbn_poverty_share": TEN_PERCENT}).live_until("2026-02")
    assert [plan.level for plan in run.treasury.plans] == ["nation"]
    assert run_of(33).live_until("2025-02").treasury.plans == []


def terms_of(scenario: Scenario, year: int, pace: float = 0.0) -> Terms:
    """Return the terms of provinces in a fiscal year."""
    asked = FiscalYear.of("province", "apbd_poverty_share", Month(year, 1), scenario)
    return asked.terms(scenario.parameter, pace=pace)


def test_a_ramp_counts_by_the_mean_of_its_months(run_of: RunOf) -> None:
    ramp = {"apbd_poverty_share": {"value": 0.10, "from": "2026-01", "ramp_months": 24}}
    scenario = run_of(33, levers=ramp).scenario
    terms = [terms_of(scenario, year) for year in (2026, 2027, 2028)]
    # In equal steps: 1/24 to 12/24 in the first year, 13/24 to 24/24 in the second.
    assert [one.above for one in terms] == pytest.approx(
        [0.085 * 6.5 / 24, 0.085 * 18.5 / 24, 0.085]
    )


@pytest.mark.parametrize("pace", [0.0, 0.5, 1.0, 5.0])
def test_councils_that_support_it_reach_the_share_sooner_and_never_more(
    run_of: RunOf, pace: float
) -> None:
    ramp = {"apbd_poverty_share": {"value": 0.10, "from": "2026-01", "ramp_months": 24}}
    scenario = run_of(33, levers=ramp).scenario
    terms = [terms_of(scenario, year, pace) for year in (2026, 2027, 2028)]
    reached = np.minimum(np.arange(1, 37) * (1.0 + pace) / 24, 1.0).reshape(3, 12).mean(axis=1)
    assert [one.above for one in terms] == pytest.approx(0.085 * reached)
    assert terms_of(scenario, 2025, pace).above == 0.0


def test_a_share_that_starts_in_july_counts_from_july(run_of: RunOf) -> None:
    late = {"apbd_poverty_share": {"value": 0.03, "from": "2026-07"}}
    run = run_of(33, levers=late).live_until("2027-01")
    first, second = run.treasury.governments.agents[1].plans
    assert (first.year, first.months, second.year, second.months) == (2026, 6, 2027, 12)
    assert 2 * first.money == pytest.approx(second.money, rel=1e-9)
    flat = {str(month): run.flats[month].max() for month in run.flats}
    assert flat["2026-06"] == 0
    assert flat["2026-07"] > 0


def test_a_share_below_todays_takes_nothing_away(run_of: RunOf) -> None:
    run = run_of(33, levers={"apbd_poverty_share": {"value": 0.0}}).live_until("2024-06")
    assert all(plan.money == 0 for plan in run.treasury.plans)
    assert not run.treasury.topup_budget.any()


def test_the_portfolio_is_a_whole(run_of: RunOf) -> None:
    levers = {
        "portfolio_cash": {"value": 0.2},
        "portfolio_food": {"value": 0.2},
        "portfolio_enterprise": {"value": 0.2},
        "portfolio_registry": {"value": 0.2},
        "portfolio_services": {"value": 0.2},
    }
    scenario = run_of(33, levers=levers).scenario
    assert sum(portfolio(scenario, scenario.start).values()) == pytest.approx(1.0)


def test_budgets_grow_with_prices_unless_told(run_of: RunOf) -> None:
    steady = run_of(33).treasury.governments.agents[1]
    assert steady.own_spending(2034, run_of(33).scenario) == steady.own_spending(
        2024, run_of(33).scenario
    )
    growing = run_of(33, parameters={"fiscal.real_growth": 0.02})
    agent = growing.treasury.governments.agents[1]
    assert agent.own_spending(2034, growing.scenario) == pytest.approx(
        1.02**10 * agent.own_spending(2024, growing.scenario)
    )
