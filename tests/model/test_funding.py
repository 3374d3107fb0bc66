"""Money of organisations over whole runs: every rupiah, and what certainty of it changes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kesos_sim.indicators.coordination import SERVICE_MEASURES
from kesos_sim.institutions.accounts import (
    BUSINESS,
    CSR,
    CSR_FORUM,
    FUND_LINES,
    GENERAL,
    ORSOS,
    ORSOS_GRANTS,
    ORSOS_TRAINING,
    SOCIAL_MARKETING,
    Stage,
)
from kesos_sim.institutions.accounts import SERVICES as NEW_SERVICES
from kesos_sim.institutions.channels import remoteness
from kesos_sim.kernels.funding import SOURCES
from kesos_sim.kernels.places import ACCREDITED, COMMUNITY
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, changed
from tests.model.lives import STEADY, live, state

Open = Callable[..., WelfareModel]
MEASURE = {name: place for place, name in enumerate(SERVICE_MEASURES)}
BUILDING = Stage.OTHER_SPENDING


def at_once(**levers: float) -> dict[str, object]:
    """Set levers from the third month on."""
    return {
        f"levers.{name}.{key}": value
        for name, setting in levers.items()
        for key, value in (("value", setting), ("from", "2024-06"), ("ramp_months", 0))
    }


def counted(model: WelfareModel, name: str) -> np.ndarray:
    """Return a count by month and district."""
    assert model.observer is not None
    return model.observer.counted["serving"][:, :, MEASURE[name]].astype(float)


@pytest.fixture(scope="module")
def years(small: Scenario) -> Scenario:
    """Three years without growth, so that only the levers move anything."""
    return changed(small, {"months": 36, "growth": "none"})


@pytest.fixture(scope="module")
def baseline(years: Scenario, open_small: Open) -> WelfareModel:
    """No change."""
    return live(open_small(years))


@pytest.fixture(scope="module")
def everything(years: Scenario, open_small: Open) -> WelfareModel:
    """All levers on money of organisations, and new money for services."""
    levers = at_once(
        social_obligation=0.5,
        social_marketing=4000.0,
        csr_matching=1.0,
        orsos_training=0.5,
        community_care=0.3,
        apbd_poverty_share=0.1,
    )
    return live(open_small(changed(years, levers)))


@pytest.mark.parametrize("which", ["baseline", "everything"])
def test_every_rupiah_of_organisations_is_somewhere(
    which: str, request: pytest.FixtureRequest
) -> None:
    """What they had and got is what they spent and have; and the books say the same."""
    model: WelfareModel = request.getfixturevalue(which)
    books, start = model.ledger, model.scenario.start
    for row in range(1, model.scenario.months + 1):
        month = start + row

        def of(stage: Stage, line: str | None = None, month: object = month) -> int:
            return int(books.total(month, stage, line, ORSOS).sum())  # type: ignore[arg-type]

        received = sum(of(Stage.REVENUE, line) for line in FUND_LINES) + of(Stage.GRANT_IN)
        assert of(Stage.REVENUE, CSR) == 0
        assert received == sum(counted(model, source)[row].sum() for source in SOURCES)
        spent = of(Stage.SERVICES, GENERAL) + of(Stage.ADMINISTRATION, GENERAL)
        assert spent == counted(model, "spent")[row].sum() > 0
        left = counted(model, "reserves")
        assert of(Stage.CARRY_OVER) == left[row].sum() >= 0
        assert left[row].sum() - left[row - 1].sum() == received - spent - of(BUILDING)
        granted = sum(
            int(books.total(month, Stage.GRANT_OUT, line).sum())
            for line in (ORSOS_GRANTS, NEW_SERVICES)
        )
        by_firms = of(Stage.GRANT_IN, CSR)
        assert granted == of(Stage.GRANT_IN) - by_firms
        assert by_firms == counted(model, "csr")[row].sum()
        through = int(books.total(month, Stage.GRANT_OUT, CSR_FORUM, BUSINESS).sum())
        directly = int(books.total(month, Stage.GRANT_OUT, CSR, BUSINESS).sum())
        assert through + directly == by_firms
        assert through == books.total(month, Stage.REVENUE, CSR_FORUM, BUSINESS).sum()
        assert granted == counted(model, "government")[row].sum()
    assert model.parts.serving.funding.money.reserve.sum() == counted(model, "reserves")[-1].sum()


def test_campaigns_and_trainings_are_paid_by_the_districts(
    everything: WelfareModel, baseline: WelfareModel
) -> None:
    month = everything.month
    paid = everything.ledger.total(month, Stage.SERVICES, SOCIAL_MARKETING).sum()
    assert paid == pytest.approx(4000.0 * everything.places.households.sum() / 12, abs=5)
    cost = everything.scenario.parameter("orsos.training_cost")
    first, trained = everything.scenario.start + 3, 0
    for number in range(month - first + 1):
        money = everything.ledger.total(first + number, Stage.SERVICES, ORSOS_TRAINING).sum()
        assert money % cost == 0
        trained += int(money / cost)
    working = everything.parts.serving.orsos.working.sum()
    assert trained == pytest.approx(0.5 * working * (month - first + 1) / 12, rel=0.25)
    for line in (ORSOS_TRAINING, SOCIAL_MARKETING):
        assert not baseline.ledger.total(month, Stage.SERVICES, line).any()


def test_nobody_serves_more_than_can_be_paid(everything: WelfareModel) -> None:
    serving = everything.parts.serving
    money, table = serving.funding.money, serving.orsos
    assert np.all(money.reserve >= 0)
    assert np.all(money.capacity <= money.largest * (1 + 1e-12))
    places = np.diff(table.place_start)
    assert np.all(np.floor(money.capacity + table.rounding) <= places)


def test_zakat_is_a_part_of_what_donors_give(years: Scenario, open_small: Open) -> None:
    """It takes from donations what it brings, and comes evenly; without its part it brings none."""
    usual = open_small(years).parts.serving.funding.money.usual.astype(np.float64)
    none = open_small(changed(years, {"parameters.orsos.zakat.part": 0.0}))
    without = none.parts.serving.funding.money.usual.astype(np.float64)
    given, zakat = SOURCES.index("donation"), SOURCES.index("zakat")
    np.testing.assert_allclose(usual[:, given] + usual[:, zakat], without[:, given], rtol=1e-5)
    part = years.parameter("orsos.zakat.part")
    np.testing.assert_allclose(usual[:, zakat], part * without[:, given], rtol=1e-5)
    assert not without[:, zakat].any()
    others = [place for place in range(len(SOURCES)) if place not in (given, zakat)]
    np.testing.assert_array_equal(usual[:, others], without[:, others])


def test_zakat_follows_what_donors_follow(years: Scenario, open_small: Open) -> None:
    """Audits and reports raise it as they raise donations, campaigns of bodies do not."""
    short = changed(years, {"months": 8})
    raised = {"audit_coverage": 0.5, "yearly_reports": 1.0}
    months = slice(4, None)

    def lived(levers: dict[str, float], trust: float) -> WelfareModel:
        own = {"parameters.orsos.zakat.trust": trust, "parameters.orsos.turnover.strength": 0.0}
        return live(open_small(changed(short, own | at_once(**levers))))

    def income(model: WelfareModel, name: str) -> float:
        return float(counted(model, name)[months].sum())

    for trust in (0.0, 1.0):
        model, baseline = lived(raised, trust), lived({}, trust)
        more = income(model, "donation") / income(baseline, "donation")
        zakat = income(model, "zakat") / income(baseline, "zakat")
        assert more > 1.02
        assert zakat == pytest.approx(more if trust else 1.0, abs=1e-4)
    campaign = lived({"bkkks_fundraising": 1.0}, 1.0)
    assert income(campaign, "donation") > income(baseline, "donation")
    assert income(campaign, "zakat") == pytest.approx(income(baseline, "zakat"), rel=1e-3)
    zakat = campaign.ledger.total(campaign.month, Stage.REVENUE, "ZAKAT", ORSOS).sum()
    assert zakat == counted(campaign, "zakat")[-1].sum() > 0


def test_sources_pay_as_often_as_they_should(years: Scenario, open_small: Open) -> None:
    """Over the years of many organisations: the chain of renewals keeps its share."""
    model = open_small(changed(years, {"region": "33", "households": 2000, "months": 24}))
    funding, parameter = model.parts.serving.funding, years.parameter
    seen = {name: [] for name in ("government", "csr", "international")}  # type: ignore[var-annotated]
    accredited = []
    for _ in range(24):
        model.step()
        for name, shares in seen.items():
            shares.append(((funding.money.pays >> SOURCES.index(name)) & 1).mean())
        accredited.append(((model.parts.serving.orsos.state & ACCREDITED) != 0).mean())
    for name, shares in seen.items():
        assert shares[-1] == pytest.approx(parameter(f"orsos.{name}.paid"), abs=0.04)
    assert accredited[-1] == pytest.approx(parameter("orsos.accredited"), abs=0.04)
    assert len(set(seen["csr"])) == 3


# What levers do


def test_an_obligation_keeps_services_going(
    years: Scenario, open_small: Open, baseline: WelfareModel
) -> None:
    """Certain money interrupts less; the poverty rate stays where it was."""
    owed = live(open_small(changed(years, at_once(social_obligation=1.0))))
    ours, theirs = counted(owed, "sent_away"), counted(baseline, "sent_away")
    assert ours[12:].sum() < 0.9 * theirs[12:].sum()
    assert counted(owed, "served")[-1].sum() > counted(baseline, "served")[-1].sum()
    swings = [
        np.std(counted(model, "government")[12:].sum(axis=1))
        / np.mean(counted(model, "government")[12:].sum(axis=1))
        for model in (owed, baseline)
    ]
    assert swings[0] < 0.5 * swings[1]


def test_new_money_for_services_reaches_people(
    years: Scenario, open_small: Open, baseline: WelfareModel
) -> None:
    levers = at_once(
        apbd_poverty_share=0.1,
        portfolio_services=1.0,
        portfolio_cash=0.0,
        portfolio_food=0.0,
        portfolio_enterprise=0.0,
        portfolio_registry=0.0,
    )
    paid = live(open_small(changed(years, levers)))
    assert counted(paid, "government")[-12:].sum() > 2 * counted(baseline, "government")[-12:].sum()
    assert counted(paid, "served")[-1].sum() > 1.1 * counted(baseline, "served")[-1].sum()


def test_matching_moves_money_between_districts_and_makes_none(
    years: Scenario, open_small: Open, baseline: WelfareModel
) -> None:
    matched = live(open_small(changed(years, at_once(csr_matching=1.0, partnership_platform=3))))
    ours, theirs = counted(matched, "csr")[4:], counted(baseline, "csr")[4:]
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.15)
    assert np.abs(ours.sum(axis=0) / theirs.sum(axis=0) - 1.0).max() > 0.02


@pytest.mark.parametrize("knows", [0.0, 1.0])
def test_without_a_platform_the_forum_acts_by_what_it_learns_at_meetings(
    knows: float, years: Scenario, open_small: Open
) -> None:
    """Nothing goes through the forum unless firms route it, and no more than meetings show."""
    own = {
        "months": 8,
        "parameters.coordination.platform_off": 0.0,
        "parameters.coordination.forum_meetings.strength": knows,
    }
    model = live(open_small(changed(years, own | STEADY | at_once(csr_matching=1.0))))
    books, start = model.ledger, model.scenario.start
    through = [
        int(books.total(start + row, Stage.REVENUE, CSR_FORUM, BUSINESS).sum()) for row in range(9)
    ]
    assert not any(through[:3])
    assert any(through[3:]) == (knows > 0.0)
    passed = model.parts.serving.funding.giving.through_forum
    assert not passed.any() or passed.sum() == through[-1]
    awake = model.parts.serving.bodies.awake
    assert awake.any() and not awake.all()


def test_care_outside_homes_serves_more_for_the_same_money(
    years: Scenario, open_small: Open
) -> None:
    alike = changed(years, STEADY)
    inside, outside = (
        live(open_small(changed(alike, levers))) for levers in ({}, at_once(community_care=1.0))
    )
    ours, theirs = (
        sum(counted(model, source)[-1].sum() for source in SOURCES) for model in (outside, inside)
    )
    assert ours == theirs
    assert counted(outside, "served")[-1].sum() > 1.05 * counted(inside, "served")[-1].sum()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lever", "changes"),
    [
        ("csr_matching", {"coordination.matching.strength": 0.0}),
        (
            "orsos_training",
            {"coordination.capacity.strength": 0.0, "orsos.training_cost": 0.0},
        ),
    ],
)
def test_a_lever_of_no_strength_and_cost_changes_no_bit(
    lever: str, changes: dict[str, float], small: Scenario, open_small: Open
) -> None:
    """But who was trained."""
    world = changed(small, {f"parameters.{name}": value for name, value in changes.items()})
    without = state(live(open_small(world)))
    placebo = state(live(open_small(changed(world, at_once(**{lever: 1.0})))))
    for name, array in without.items():
        if name != "serving.funding.money.trained":
            np.testing.assert_array_equal(placebo[name], array, err_msg=name)


def test_services_cost_more_in_remote_districts(small: Scenario, open_small: Open) -> None:
    """By the index of remoteness, everything else the same."""
    papua = changed(small, {"region": "94,3171", "households": 2000, "months": 2})
    model = open_small(papua)
    model.step()
    funding, table = model.parts.serving.funding, model.parts.serving.orsos
    _, place = funding._costs()
    far = remoteness(model.places.codes)[table.home]
    mode = (table.state & COMMUNITY) != 0
    for own in (mode, ~mode):
        near = place[own] / (1.0 + papua.parameter("orsos.remote_cost") * far[own])
        np.testing.assert_allclose(near, near[0], rtol=1e-5)
    assert np.ptp(far) > 0.5


@pytest.mark.slow
def test_knowing_the_law_brings_money_of_firms(years: Scenario, open_small: Open) -> None:
    found, alike = {}, changed(years, STEADY)
    usual = counted(live(open_small(alike)), "csr")[12:].sum()
    for effect in (0.0, 0.3):
        own = changed(
            alike, {"parameters.politics.csr_effect": effect} | at_once(regulation_outreach=1.0)
        )
        found[effect] = counted(live(open_small(own)), "csr")[12:].sum()
    assert found[0.0] == usual
    assert found[0.3] > 1.02 * found[0.0]
