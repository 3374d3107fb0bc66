"""What always holds, whatever a scenario asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from kesos_sim.indicators.welfare import gini
from kesos_sim.institutions.accounts import MONEY_IN, Stage
from kesos_sim.kernels.households import MEASURES, SIZE_MASK
from kesos_sim.model import helping
from kesos_sim.model.model import WelfareModel
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.scenario import Scenario, changed, from_document, load_scenario
from kesos_sim.testing import scenarios
from tests.model.lives import columns_of, figures, fingerprint, live

Open = Callable[..., WelfareModel]
COLUMN = {name: place for place, name in enumerate(MEASURES)}
FEW = settings(max_examples=6, suppress_health_check=list(HealthCheck))


def observed(model: WelfareModel) -> dict[str, Any]:
    """Counts of people by name: float64[n_months, n_districts]."""
    assert model.observer is not None
    return {name: model.observer.counts[:, :, place] for name, place in COLUMN.items()}


@pytest.fixture(scope="module")
def baseline(small: Scenario, open_small: Open) -> WelfareModel:
    """No change, lived to its end."""
    return live(open_small(small))


@pytest.fixture(scope="module")
def reform(scenario_folder: Path, open_small: Open) -> WelfareModel:
    """Both shares of new money, lived to its end; the ramp is cut short so that money flows."""
    world = {"region": "34", "households": 4000, "months": 24}
    options = {
        f"levers.{which}_poverty_share.{key}": value
        for which in ("apbd", "apbn")
        for key, value in (("from", "2024-07"), ("ramp_months", 3))
    }
    return live(open_small(load_scenario(scenario_folder / "apbd-apbn-10.yaml", world | options)))


# Money


def test_money_is_conserved_by_month_region_and_stream(reform: WelfareModel) -> None:
    """To the rupiah, and what is carried over comes back in the next month."""
    money: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    between: dict[tuple[str, str], int] = defaultdict(int)
    books = columns_of(reform.ledger)
    for month, region, stream, stage, rupiah in zip(
        *(books[name].tolist() for name in ("month", "region", "stream", "stage", "rupiah")),
        strict=True,
    ):
        assert rupiah > 0
        money[month, region, stream][stage] += rupiah
        between[month, stream] += {"transfer_in": rupiah, "transfer_out": -rupiah}.get(stage, 0)
    came = {stage.name.lower() for stage in MONEY_IN}
    stages = {stage.name.lower() for stage in Stage}
    start = reform.scenario.start
    for (month, region, stream), flows in money.items():
        assert set(flows) <= stages
        assert sum(v for k, v in flows.items() if k in came) == sum(
            v for k, v in flows.items() if k not in came
        ), (month, region, stream)
    assert not any(between.values())
    for row in range(reform.scenario.months):
        for _, region, stream in list(money):
            kept = money[str(start + row), region, stream]["carry_over"]
            assert kept == money[str(start + row + 1), region, stream]["opening"]


def test_the_books_are_those_of_the_run(reform: WelfareModel) -> None:
    """From the base month to the last; what was paid in the burn-in belongs to nobody."""
    months = [str(reform.scenario.start + row) for row in range(reform.scenario.months + 1)]
    assert np.unique(columns_of(reform.ledger)["month"]).tolist() == months


def test_programmes_pay_what_households_are_entitled_to(baseline: WelfareModel) -> None:
    """In the last month: a month's part of a year's, for real households and records of nobody."""
    plan, month = baseline.schedule, baseline.month
    cut = baseline.world.layout.district_stratum[:-1]
    real = baseline.yearly_rupiah * (baseline.world.weight / WEIGHT_UNIT)
    real = np.add.reduceat(real, cut, axis=1) / (1.0 - baseline.ghosts)
    for name in ("PKH", "SEMBAKO", "PBI", "BLT_DESA"):
        k = plan.index(name)
        paid = sum(
            baseline.ledger.total(month, stage, name).sum()
            for stage in (Stage.DELIVERED, Stage.LEAKAGE, Stage.RETURNED)
        )
        owed = real[k].sum() * plan.due_share[k]
        assert paid == pytest.approx(owed, abs=baseline.places.codes.size)


# Same question, same answer


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        {"levers.pkh_amount.value": 1.0},
        {"levers.sembako_quota.value": 1.0, "levers.sembako_quota.from": "2024-06"},
        {"levers.social_assistance.value": True},
        {"levers.apbd_poverty_share.value": "today"},
        {"levers.apbn_poverty_share.value": "today", "levers.apbn_poverty_share.ramp_months": 12},
        {"levers.topup_coverage.value": 0.5},
        {"levers.registry_verification_rate.value": None},
        {"funding_sources.perjalanan_dinas": 0.1, "funding_sources.belanja_barang": 0.9},
    ],
    ids=str,
)
def test_a_lever_that_changes_nothing_changes_no_bit(
    small: Scenario, open_small: Open, baseline: WelfareModel, change: dict[str, object]
) -> None:
    """A lever at its default, or at what governments do today, or without any money to act on."""
    for name, value in change.items():
        if value is None:
            lever = name.split(".")[1]
            change = change | {name: small.lever_default(lever)}
    scenario = changed(small, change)
    assert fingerprint(live(open_small(scenario))) == fingerprint(baseline)


@pytest.mark.parametrize(
    "event",
    [
        {"hazard": "income_shock", "month": "2024-06", "months": 6, "severity": 0.4, "share": 0.0},
        {"hazard": "income_shock", "month": "2024-06", "months": 6, "severity": 0.0, "share": 0.4},
        {"hazard": "price_rise", "month": "2024-06", "months": 6, "severity": 0.0},
        {"hazard": "flood", "month": "2024-06", "severity": 0.4, "share": 0.0},
    ],
    ids=["nobody hit", "no loss", "no rise", "no flood"],
)
def test_an_event_of_no_strength_changes_no_bit(
    small: Scenario, open_small: Open, baseline: WelfareModel, event: dict[str, object]
) -> None:
    scenario = from_document(small.document() | {"events": [event]})
    assert fingerprint(live(open_small(scenario))) == fingerprint(baseline)


def test_the_world_is_the_same_under_every_policy(
    baseline: WelfareModel, reform: WelfareModel
) -> None:
    """Births, scores and health insurance's losses do not know what governments decide."""
    ours, theirs = (model.world.households for model in (baseline, reform))
    for name in ("word", "permanent", "base", "persistent", "transitory", "score"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name), err_msg=name)
    assert not np.array_equal(ours.welfare, theirs.welfare)


def test_months_before_a_reform_are_those_of_the_baseline(
    baseline: WelfareModel, reform: WelfareModel
) -> None:
    ours, theirs = figures(baseline), figures(reform)
    before = 3
    for name in ours:
        np.testing.assert_array_equal(ours[name][:before], theirs[name][:before], err_msg=name)


# More money


ALL_CASH = {
    f"levers.portfolio_{part}.value": float(part == "cash")
    for part in ("cash", "food", "enterprise", "registry", "services")
}


@pytest.mark.slow
def test_more_cash_for_the_poorest_never_raises_the_gap(small: Scenario, open_small: Open) -> None:
    """In the same world: P1 and P2 of every month and district fall or stay as the share rises."""
    gaps = []
    for share in (0.02, 0.04, 0.07, 0.10, 0.15):
        options = {"levers.apbd_poverty_share.value": share, "levers.run_beyond_room.value": True}
        model = live(open_small(changed(small, ALL_CASH | options)))
        gaps.append(np.stack([observed(model)["gap"], observed(model)["severity"]]))
    for less, more in pairwise(gaps):
        assert np.all(more <= less + 1e-9)
    assert gaps[-1][0, -1].sum() < gaps[0][0, -1].sum()


def test_without_assistance_nobody_gets_any(
    small: Scenario, open_small: Open, baseline: WelfareModel
) -> None:
    model = live(open_small(changed(small, {"levers.social_assistance.value": False})))
    assert model.observer is not None
    assert not model.observer.recipients[1:].any()
    assert not model.world.households.benefit.any()
    assert figures(model)["poverty_gap"][-1, 0] > figures(baseline)["poverty_gap"][-1, 0]


# Counting


def test_figures_of_a_region_are_those_of_its_parts(reform: WelfareModel) -> None:
    """Counts add up; rates are the averages of their districts, weighted by people."""
    assert reform.observer is not None
    found, codes = figures(reform), reform.observer.regions.codes
    districts = [place for place, code in enumerate(codes) if len(code) == 4]
    people = found["population"]
    for name in ("population", "poor_people", "entered_poverty", "left_poverty"):
        np.testing.assert_allclose(
            found[name][:, 0], found[name][:, districts].sum(axis=1), rtol=1e-12, err_msg=name
        )
    for name in (
        "poverty_rate", "poverty_gap", "poverty_severity", "near_poor_rate",
        "extreme_poverty_rate", "chronic_poverty_rate",
    ):  # fmt: skip
        mean = (found[name] * people)[:, districts].sum(axis=1) / people[:, districts].sum(axis=1)
        np.testing.assert_allclose(found[name][:, 0], mean, rtol=1e-12, err_msg=name)
    for name in found:
        if name.startswith("programme_recipients"):
            np.testing.assert_allclose(
                found[name][:, 0], found[name][:, districts].sum(axis=1), rtol=1e-12, err_msg=name
            )


def test_figures_of_the_last_month_are_those_of_the_households(reform: WelfareModel) -> None:
    """Worked out again from every household, in plain arithmetic."""
    world, found = reform.world, figures(reform)
    sizes = np.diff(world.layout.stratum_start)
    members = (world.households.word & np.uint32(SIZE_MASK)).astype(float)
    people = members * np.repeat(world.weight, sizes) / WEIGHT_UNIT
    welfare = world.households.welfare.astype(float)
    shortfall = np.maximum(1.0 - welfare, 0.0)
    total = people.sum()
    assert found["population"][-1, 0] == pytest.approx(total, rel=1e-12)
    assert found["poverty_rate"][-1, 0] == pytest.approx(100 * people[welfare < 1].sum() / total)
    for name, power in (("poverty_gap", 1), ("poverty_severity", 2)):
        value = 100 * (people * shortfall**power).sum() / total
        assert found[name][-1, 0] == pytest.approx(value, abs=100 / 2**15)
    money = welfare * np.repeat(world.line_ratio, sizes)
    order = np.argsort(money)
    exact = gini((people[order] * WEIGHT_UNIT).astype(np.int64), money[order])
    assert found["gini"][-1, 0] == pytest.approx(float(exact), abs=3e-4)
    means = [found[f"decile_mean_{tenth}"][-1, 0] for tenth in range(1, 11)]
    assert np.mean(means) == pytest.approx(
        world.reference_line * (people * money).sum() / total, rel=1e-3
    )
    assert means == sorted(means)


def check_counts(model: WelfareModel) -> None:
    """No household below zero, no negative count, no part larger than its whole."""
    assert model.observer is not None
    people, counts = model.world.households, observed(model)
    assert people.welfare.min() >= 0.0
    assert people.savings.min() >= 0.0
    assert people.loss.min() >= 0.0
    for name, array in counts.items():
        assert np.all(array >= 0.0), name
        assert np.all(array <= counts["persons"] * (1 + 1e-12)), name
    assert np.all(counts["severity"] <= counts["gap"] * (1 + 1e-9))
    assert np.all(counts["gap"] <= counts["poor"] * (1 + 1e-9))
    assert np.all(counts["extreme_poor"] <= counts["poor"])
    assert np.all(counts["entered"] <= counts["poor"])
    assert np.all(counts["before_help_poor_covered"] <= counts["before_help_poor"])
    assert np.all(counts["before_help_poor_covered"] <= counts["covered"])
    assert np.all(model.observer.recipients >= 0.0)
    found = figures(model)
    for name, array in found.items():
        known = array[~np.isnan(array)]
        assert np.all(np.isfinite(known)), name
        if name.endswith("_rate") or name.startswith(("benefit_coverage", "benefit_share")):
            assert np.all((known >= 0.0) & (known <= 100.0 + 1e-9)), name
    shares = np.stack([found[f"benefit_share_d{tenth}"] for tenth in range(1, 11)])
    totals = shares.sum(axis=0)
    np.testing.assert_allclose(totals[~np.isnan(totals)], 100.0, rtol=1e-9)
    assert np.all((found["gini"][:, 0] > 0.0) & (found["gini"][:, 0] < 1.0))


def test_counts_of_a_reform(reform: WelfareModel) -> None:
    check_counts(reform)


@pytest.mark.slow
@FEW
@given(scenario=scenarios())
def test_counts_of_any_scenario(open_small: Open, scenario: Scenario) -> None:
    """And the books close in every month, or living would have refused to go on."""
    check_counts(live(open_small(scenario)))


# Quotas


@pytest.mark.usefixtures("burning_in")
def test_selections_stay_within_their_quotas(
    scenario_folder: Path, open_small: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every selection of every programme: at most one household over in any district."""
    seen = []
    select = helping.select

    def checked(world: Any, programme: int, code: int, quota: Any, **how: Any) -> None:
        select(world, programme, code, quota, **how)
        people = world.households
        inside = (people.enrolled >> np.uint16(programme)) & np.uint16(1)
        members = (people.word & np.uint32(SIZE_MASK)).astype(np.int64)
        size = members if how["by_person"] else np.ones_like(members)
        real = size * np.repeat(world.weight, np.diff(world.layout.stratum_start)) / WEIGHT_UNIT
        first = world.layout.district_start[:-1]
        given_out = np.add.reduceat(real * inside, first)
        most = np.maximum.reduceat(real, first)
        assert np.all(given_out <= quota + most), programme
        seen.append(programme)

    monkeypatch.setattr(helping, "select", checked)
    world = {"region": "34", "households": 4000, "months": 12}
    options = {"levers.apbd_poverty_share.from": "2024-07", "levers.pkh_quota.value": 2.0}
    live(open_small(load_scenario(scenario_folder / "apbd-10.yaml", world | options)))
    assert len(set(seen)) >= 6
    assert len(seen) > 30
