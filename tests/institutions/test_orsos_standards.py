"""Certificates, reports, paperwork and standing in law: what they change and what they do not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.data.parameters import parameter_table
from kesos_sim.institutions.accounts import ORSOS_CERTIFICATION, Stage
from kesos_sim.institutions.body import STANDINGS
from kesos_sim.institutions.orsos_standards import (
    certification_cost,
    certified,
    legitimacy,
    report_gain,
    with_paperwork,
)
from kesos_sim.kernels.places import ACCREDITED
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, changed
from kesos_sim.scenario.levers import LEVERS
from tests.model.lives import live

Open = Callable[..., WelfareModel]
SHARES = st.floats(0.0, 1.0)


def parameter(name: str) -> float:
    """Return a parameter of the table."""
    return parameter_table()[name].value


def levers(**own: float) -> Callable[[str], float]:
    """Return settings: today's besides those that are given."""

    def setting(name: str) -> float:
        usual = LEVERS[name].default
        assert usual is not None
        return own.get(name, usual)

    return setting


@given(share=SHARES)
def test_certificates_settle_at_the_share_asked_for(share: float) -> None:
    """The stationary share of a chain of two states is what comes in over what goes round."""
    lost, won = certified(parameter, share)
    assert 0.0 <= lost <= 1.0
    assert 0.0 <= won <= 1.0
    assert won / (won + lost) == pytest.approx(share, abs=1e-9)


def test_certificates_last_as_long_as_published_at_todays_share() -> None:
    lost, _ = certified(parameter, parameter("orsos.accredited"))
    assert lost == pytest.approx(1.0 / parameter("orsos.accreditation_years"))


@given(share=SHARES)
def test_nothing_is_paid_for_todays_certificates(share: float) -> None:
    working = np.array([3, 0, 40])
    cost = certification_cost(parameter, levers(orsos_certification=share), working)
    more = max(share - parameter("orsos.accredited"), 0.0)
    each = parameter("orsos.certification_cost") / parameter("orsos.accreditation_years")
    np.testing.assert_allclose(cost, more * working * each)


@given(burden=st.floats(0.0, 3.0))
def test_paperwork_takes_money_from_services(burden: float) -> None:
    running = np.array([0.0, 2e6, 5e7])
    now = with_paperwork(parameter, levers(orsos_paperwork=burden), running)
    share = parameter("orsos.paperwork_share")
    np.testing.assert_allclose(now, running * (1.0 - share) + running * share * burden)
    np.testing.assert_array_equal(with_paperwork(parameter, levers(), running), running)


@given(share=SHARES)
def test_reports_raise_donations(share: float) -> None:
    today = parameter("lever.yearly_reports.default")
    gain = report_gain(parameter, levers(yearly_reports=share))
    assert gain == pytest.approx(parameter("orsos.report_effect") * (share - today))
    cost = with_paperwork(parameter, levers(yearly_reports=share), np.full(2, 1e8)) - 1e8
    np.testing.assert_allclose(
        cost * 12, (share - today) * parameter("orsos.report_cost"), atol=1e-3
    )


@given(step=st.integers(0, len(STANDINGS) - 1), share=SHARES)
def test_standing_in_law_is_between_none_and_all(step: int, share: float) -> None:
    found = legitimacy(np.array([step]), np.array([share]))[0]
    assert found == pytest.approx(share * step / (len(STANDINGS) - 1))
    assert 0.0 <= found <= share
    lower = legitimacy(np.array([max(step - 1, 0)]), np.array([share]))[0]
    assert lower <= found


# Over whole runs


@pytest.fixture(scope="module")
def years(small: Scenario) -> Scenario:
    """Three years without growth."""
    return changed(small, {"months": 36, "growth": "none"})


def settings(**own: float) -> dict[str, object]:
    """Set levers from the third month on."""
    return {
        f"levers.{name}.{key}": value
        for name, setting in own.items()
        for key, value in (("value", setting), ("from", "2024-06"), ("ramp_months", 0))
    }


def income(model: WelfareModel, source: str) -> float:
    """Return what organisations had from a source in the last year."""
    books, total = model.ledger, 0
    for back in range(12):
        line = source.upper() if source != "government" else "ORSOS_GRANTS"
        stage = Stage.REVENUE if source != "government" else Stage.GRANT_OUT
        total += int(books.total(model.month - back, stage, line).sum())
    return float(total)


def test_more_certificates_open_more_grants(years: Scenario, open_small: Open) -> None:
    """What authorities give follows who is certified; the districts pay for the visits."""
    base = live(open_small(years))
    more = live(open_small(changed(years, settings(orsos_certification=0.9))))
    held = [((model.parts.serving.orsos.state & ACCREDITED) != 0).mean() for model in (base, more)]
    assert held[1] > held[0] + 0.2
    assert income(more, "government") > 1.2 * income(base, "government")
    # With money of authorities a few more organisations stay open, and get donations too.
    assert income(more, "donation") == pytest.approx(income(base, "donation"), rel=1e-3)
    paid = more.ledger.total(more.month, Stage.SERVICES, ORSOS_CERTIFICATION)
    working = more.parts.serving.bodies.working
    expected = certification_cost(years.parameter, more.lever, np.asarray(working))
    assert paid.sum() == pytest.approx(expected.sum() / 12, rel=1e-6)
    assert not base.ledger.total(base.month, Stage.SERVICES, ORSOS_CERTIFICATION).any()


@pytest.mark.slow
def test_a_bylaw_raises_donations_and_without_strength_nothing_does(
    years: Scenario, open_small: Open
) -> None:
    name = "coordination.legitimacy.strength"
    found = {}
    for strength in (0.0, 0.3):
        for standing in (0, 3):
            own = changed(
                years, {f"parameters.{name}": strength, **settings(bkkks_standing=standing)}
            )
            found[strength, standing] = income(live(open_small(own)), "donation")
    assert found[0.0, 3] == found[0.0, 0]
    assert found[0.3, 3] > 1.01 * found[0.3, 0]


def test_fund_raising_of_bodies_brings_donations(years: Scenario, open_small: Open) -> None:
    """As much as its strength says of what members among the organisations have."""
    base = live(open_small(years))
    more = live(open_small(changed(years, settings(bkkks_fundraising=1.0))))
    strength = years.parameter("coordination.fundraising.strength")
    gained = income(more, "donation") / income(base, "donation") - 1.0
    assert 0.05 * strength < gained < strength
    nothing = {"parameters.coordination.fundraising.strength": 0.0}
    without = live(open_small(changed(years, settings(bkkks_fundraising=1.0) | nothing)))
    assert income(without, "donation") == income(base, "donation")
