"""Medical treatment first, relapses after: what the chances say, and what people then live."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.data.parameters import parameter_table
from kesos_sim.experiments.run import figures, observed
from kesos_sim.institutions.accounts import AFTERCARE, Stage
from kesos_sim.institutions.aftercare import (
    MEDICAL,
    aftercare_cost,
    medical_months,
    relapse_chances,
)
from kesos_sim.model.model import WelfareModel
from kesos_sim.population.needs import KINDS
from kesos_sim.scenario import Scenario, changed
from tests.model.lives import live, state

Open = Callable[..., WelfareModel]
SHARES = st.floats(0.0, 1.0)


def parameter(name: str) -> float:
    """Return a parameter of the table."""
    return parameter_table()[name].value


def levers(**own: float) -> Callable[[str], float]:
    """Return settings, zero besides those that are given."""
    return lambda name: own.get(name, 0.0)


def ever(chances: np.ndarray, safe: float, months: int = 4000) -> np.ndarray:
    """Return how many fall back in the end, month after month."""
    left, fell = np.ones_like(chances, np.float64), np.zeros(chances.shape)
    for _ in range(months):
        fell += left * chances
        left *= 1.0 - chances - safe
    return fell


def test_as_many_fall_back_as_the_table_says() -> None:
    """But for a small part that both dangers of a month would have had."""
    chances, safe = relapse_chances(parameter, levers(), 1.0)
    share = np.array([parameter(f"need.{kind}.relapse") for kind in KINDS])
    np.testing.assert_allclose(ever(chances[1], float(safe)), share, atol=0.01)
    assert np.all(chances[0] >= chances[1])


@given(aftercare=SHARES, stigma=SHARES)
def test_aftercare_and_less_stigma_prevent_relapses(aftercare: float, stigma: float) -> None:
    today, safe = relapse_chances(parameter, levers(), 1.0)
    found, same = relapse_chances(parameter, levers(aftercare=aftercare), stigma)
    assert same == safe
    rate = stigma * (1.0 - parameter("aftercare.strength") * aftercare)
    np.testing.assert_allclose(np.log1p(-found), rate * np.log1p(-today), atol=2e-6)


def test_hospitals_treat_first_and_a_link_shortens_it() -> None:
    months = medical_months(parameter, levers())
    for kind, number in zip(KINDS, months.tolist(), strict=True):
        expected = parameter(f"need.{kind}.medical_months") if kind in MEDICAL else 0
        assert number == expected
    linked = medical_months(parameter, levers(medical_referral=1.0))
    assert np.all(linked <= months)
    assert linked.sum() < months.sum()


def test_who_is_accompanied_is_paid_for() -> None:
    at_risk = np.array([0, 5, 700])
    cost = aftercare_cost(parameter, levers(aftercare=0.5), at_risk)
    np.testing.assert_allclose(cost, 0.5 * 12 * parameter("aftercare.cost") * at_risk)
    linked = aftercare_cost(parameter, levers(medical_referral=1.0), at_risk)
    np.testing.assert_allclose(linked, parameter("psks.social_worker_pay"))


# Over whole runs


def years(small: Scenario, **own: object) -> Scenario:
    """Three years without growth, with some levers from the start."""
    moved: dict[str, object] = {}
    for name, setting in own.items():
        moved |= {
            f"levers.{name}.value": setting,
            f"levers.{name}.from": "2024-04",
            f"levers.{name}.ramp_months": 0,
        }
    return changed(small, {"months": 36, "growth": "none", "households": 10_000} | moved)


def last_years(model: WelfareModel, name: str) -> float:
    """Return the mean of an indicator over the last two years."""
    return float(np.nanmean(figures(model, observed(model).regions)[name][12:, 0]))


def test_accompanied_people_stay_well(small: Scenario, open_small: Open) -> None:
    base = live(open_small(years(small)))
    accompanied = live(open_small(years(small, aftercare=1.0)))
    usual, now = (last_years(model, "relapse_rate") for model in (base, accompanied))
    left = 1.0 - small.parameter("aftercare.strength")
    assert now == pytest.approx(left * usual, rel=0.25)
    month = accompanied.month
    last = accompanied.parts.serving.last
    assert last is not None
    paid = accompanied.ledger.total(month, Stage.SERVICES, AFTERCARE).sum()
    assert paid == pytest.approx(small.parameter("aftercare.cost") * last.at_risk.sum(), rel=0.1)
    assert not base.ledger.total(month, Stage.SERVICES, AFTERCARE).any()


def test_a_link_without_strength_only_costs(small: Scenario, open_small: Open) -> None:
    nothing = {"parameters.medical_referral.strength": 0.0}
    base = live(open_small(changed(years(small), nothing)))
    linked = live(open_small(changed(years(small, medical_referral=1.0), nothing)))
    ours, theirs = state(linked), state(base)
    for name, array in theirs.items():
        if name.startswith("serving.") or name.startswith("households."):
            np.testing.assert_array_equal(ours[name], array, err_msg=name)


def test_drug_victims_are_reached_sooner_through_a_link(small: Scenario, open_small: Open) -> None:
    full = {"parameters.medical_referral.strength": 1.0}
    place = KINDS.index("drug_rehabilitation")
    served = []
    for scenario in (years(small), years(small, medical_referral=1.0)):
        model = open_small(changed(scenario, full))
        number = 0
        while model.row < model.scenario.months:
            model.step()
            assert model.parts.serving.last is not None
            number += int(model.parts.serving.last.served[:, place].sum())
            waiting = model.parts.serving.cases
            since = model.parts.serving.needing.now - waiting.since
            months = medical_months(model.scenario.parameter, model.lever)[place]
            young = (waiting.kind == place) & (since < months)
            assert not waiting.served[young].any()
        served.append(number)
    assert served[1] > served[0]
