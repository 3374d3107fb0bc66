"""People away from home who are handed over, and the joint fund, in a whole run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kesos_sim.indicators.coordination import SERVICE_MEASURES
from kesos_sim.institutions.accounts import AFTERCARE, ORSOS_GRANTS, Stage
from kesos_sim.kernels.cases import FREE
from kesos_sim.kernels.places import LEFT_RETURNED, RETURNED
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.returning import MOBILE
from kesos_sim.population.needs import KINDS
from kesos_sim.scenario import Scenario, changed
from tests.model.lives import STEADY, fingerprint, live
from tests.model.test_serving import check_services

Open = Callable[..., WelfareModel]
TWO = {"region": "33,34", "households": 6000, "months": 14, "growth": "none"}
OFTEN = {
    "parameters.need.homeless.count": 150_000.0,
    "parameters.need.violence.count": 400_000.0,
    "parameters.return.known": 0.3,
    "parameters.coordination.return.strength": 1.0,
    "parameters.coordination.national_wake": 0.9,
    "parameters.coordination.sleep_sk": 0.05,
    "parameters.coordination.wake_sk": 0.4,
}
"""Many people away from home, whom officers know, in provinces whose bodies work."""
PACT = {"levers.interprovince_cooperation.value": 1}
FUND = {"levers.interprovince_cooperation.value": 2}
NO_DISASTERS = {"parameters.coordination.interprovince_aid.strength": 0.0}


@pytest.fixture(scope="module")
def world(small: Scenario) -> Scenario:
    """Jawa Tengah and Yogyakarta."""
    return changed(small, TWO | OFTEN | NO_DISASTERS)


@pytest.fixture(scope="module")
def baseline(world: Scenario, open_small: Open) -> WelfareModel:
    """No cooperation."""
    return live(open_small(world))


def returned(model: WelfareModel) -> np.ndarray:
    """People with an organisation of their home province by month and district."""
    assert model.observer is not None
    place = SERVICE_MEASURES.index("returned")
    return model.observer.counted["serving"][:, :, place]


def test_people_go_home_only_to_places_that_are_free(
    world: Scenario, open_small: Open, baseline: WelfareModel
) -> None:
    model = open_small(changed(world, PACT))
    seen = paid = 0
    for _ in range(world.months):
        model.step()
        serving = model.parts.serving
        cases, guests = serving.cases, serving.returning.guests
        away = np.isin(cases.servers, (RETURNED, LEFT_RETURNED))
        away &= np.repeat(cases.household != FREE, np.diff(cases.case_client))
        # Whoever got well or whose need ended since left the place free.
        assert away.sum() <= serving.returning.counted[..., 0].sum()
        assert guests.sum() <= serving.returning.counted[..., 0].sum()
        held = np.bincount(
            serving.orsos.place_orsos[serving.orsos.place_case >= 0], minlength=guests.size
        )
        busy = np.flatnonzero(guests)
        assert np.all(guests[busy] + held[busy] <= serving.funding.room[busy])
        assert set(serving.orsos.field[busy].tolist()) <= {KINDS.index(kind) for kind in MOBILE}
        check_services(model)
        seen += int(away.sum())
        paid += model.ledger.total(model.month, Stage.SERVICES, AFTERCARE, "apbd_province").sum()
    assert seen > 0
    assert returned(model)[-1].sum() > 0
    assert not returned(baseline).any()
    assert paid > 0
    served = [m.parts.serving.last.served[:, [8, 9]].sum() for m in (baseline, model)]  # type: ignore[union-attr]
    assert served[1] > served[0]


@pytest.mark.parametrize("setting", [PACT, FUND])
def test_without_strength_and_cost_cooperation_changes_no_bit(
    world: Scenario, open_small: Open, baseline: WelfareModel, setting: dict[str, Any]
) -> None:
    nothing = {
        "parameters.coordination.return.strength": 0.0,
        "parameters.coordination.joint_fund.strength": 0.0,
        "parameters.hazard.aid_cost_pact": 0.0,
        "parameters.hazard.aid_cost_fund": 0.0,
        "parameters.hazard.aid_stock_fund": 0.0,
    }
    usual = live(open_small(changed(world, nothing)))
    assert fingerprint(live(open_small(changed(world, nothing | setting)))) == fingerprint(usual)


def test_one_province_alone_has_nobody_to_cooperate_with(small: Scenario, open_small: Open) -> None:
    world = changed(small, OFTEN | NO_DISASTERS | {"months": 4})
    model = live(open_small(changed(world, FUND)))
    assert not returned(model).any()


def test_the_joint_fund_moves_money_between_provinces_and_keeps_none(
    world: Scenario, open_small: Open
) -> None:
    """While the same organisations work whatever money they get."""
    alike = changed(world, STEADY | {"parameters.coordination.return.strength": 0.0})
    ours, model = live(open_small(alike)), open_small(changed(alike, FUND))
    moved = 0
    for _ in range(world.months):
        model.step()
        out, back = (
            model.ledger.total(model.month, stage, ORSOS_GRANTS, "apbd_province")
            for stage in (Stage.TRANSFER_OUT, Stage.TRANSFER_IN)
        )
        assert out.sum() == back.sum()
        moved += int(out.sum())
    usual = sum(
        int(ours.ledger.total(month, Stage.TRANSFER_OUT, ORSOS_GRANTS, "apbd_province").sum())
        for month in [ours.month - back for back in range(world.months)]
    )
    assert moved > usual
    income = SERVICE_MEASURES.index("government")
    assert model.observer is not None and ours.observer is not None
    theirs, own = (
        m.observer.counted["serving"][:, :, income].sum()  # type: ignore[union-attr]
        for m in (model, ours)
    )
    assert theirs - own == moved - usual
