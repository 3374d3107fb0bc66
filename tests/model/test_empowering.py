"""Enterprises and leavers of PKH in a whole run: money, survival, placebo and direction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kesos_sim.indicators.empowering import EMPOWERING_MEASURES
from kesos_sim.institutions.accounts import EMPOWERMENT, ENTERPRISE, Stage
from kesos_sim.kernels.registry import GRADUATED
from kesos_sim.model.checkpoint import load_checkpoint, save_checkpoint
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, changed, from_document
from tests.model.lives import figures, fingerprint, live, state

Open = Callable[..., WelfareModel]
MEASURE = {name: place for place, name in enumerate(EMPOWERING_MEASURES)}
NEW_MONEY = {"apbd_poverty_share": 0.10, "portfolio_enterprise": 0.5, "portfolio_cash": 0.15}
ALL_MOVED = {
    "kube_share": 0.8,
    "enterprise_coaching": 1.0,
    "kube_network": 1.0,
    "pkh_graduation": 0.2,
    "aid_for_earners": 1.0,
}


def with_levers(scenario: Scenario, **levers: float) -> Scenario:
    """Move levers from the third month, in the world of a scenario."""
    document = scenario.document() | {"anchor": {}}
    document["levers"] = {
        name: {"value": value, "from": "2024-06"} for name, value in levers.items()
    }
    return from_document(document)


@pytest.fixture(scope="module")
def lived(small: Scenario, open_small: Open) -> Callable[..., WelfareModel]:
    """Live three years with levers moved, each setting once."""
    known: dict[str, WelfareModel] = {}

    def run(parameters: dict[str, Any] | None = None, **levers: float) -> WelfareModel:
        key = repr((parameters, levers))
        if key not in known:
            options = {f"parameters.{name}": value for name, value in (parameters or {}).items()}
            scenario = with_levers(changed(small, options | {"months": 36}), **levers)
            known[key] = live(open_small(scenario))
        return known[key]

    return run


def counts(model: WelfareModel, name: str) -> np.ndarray:
    """Return a count by month and district."""
    assert model.observer is not None
    return model.observer.counted["empowering"][:, :, MEASURE[name]]


# Money


def test_nothing_happens_and_nothing_is_kept_without_money(
    lived: Callable[..., WelfareModel],
) -> None:
    model = lived()
    assert not model.parts.empowering.enterprise.size
    assert not model.observer.counted["empowering"].any()  # type: ignore[union-attr]


def test_capital_starts_as_many_enterprises_as_it_pays_for(
    lived: Callable[..., WelfareModel],
) -> None:
    """All money until the last ranking, at the price of a grant with its coach; none fails."""
    model = lived(**NEW_MONEY, enterprise_coaching=1.0, kube_share=1.0)
    parameter = model.scenario.parameter
    price = parameter("programme.kube_grant") + parameter("enterprise.coaching_cost")
    entries = [
        model.ledger.total(model.scenario.start + row, Stage.DELIVERED, ENTERPRISE).sum()
        for row in range(1, 35)
    ]
    begun = np.concatenate([model.parts.empowering.starts.sum(axis=1)]) / 65536
    # The four last rankings: July 2025 to January 2027, with the money from February 2025 on.
    assert begun.sum() == pytest.approx(sum(entries[10:34]) / price, rel=0.02)


def test_leavers_are_paid_from_the_national_budget_in_the_month_after(
    lived: Callable[..., WelfareModel],
) -> None:
    model = lived(pkh_graduation=0.2)
    parameter, paid = model.scenario.parameter, {}
    for row in range(1, 37):
        month = model.scenario.start + row
        paid[row] = model.ledger.total(month, Stage.SERVICES, EMPOWERMENT, "apbn").sum()
    months = [row for row, rupiah in paid.items() if rupiah]
    # Rankings are in January and July; March is row 0.
    assert months == [5, 11, 17, 23, 29, 35]
    first = counts(model, "graduates")[4].sum()
    most = parameter("programme.enterprise_grant") + parameter("enterprise.coaching_cost")
    assert paid[5] == pytest.approx(first * most, rel=0.02)


# Placebo


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lever", "strength"),
    [
        ("kube_network", "kube.network.strength"),
        ("enterprise_coaching", "enterprise.coaching.strength"),
    ],
)
def test_without_strength_a_lever_moves_no_enterprise(
    lived: Callable[..., WelfareModel], lever: str, strength: str
) -> None:
    """Coaching still costs capital, so that its price is made that of today."""
    nothing = {strength: 0.0}
    usual = lived(nothing, **NEW_MONEY)
    placebo = lived(nothing, **NEW_MONEY, **{lever: 1.0 if lever == "kube_network" else 0.3})
    ours, theirs = state(placebo), state(usual)
    for name, array in theirs.items():
        if name.startswith(("households.", "empowering.", "serving.")):
            np.testing.assert_array_equal(ours[name], array, err_msg=name)


def test_without_effect_enterprises_change_no_gain(lived: Callable[..., WelfareModel]) -> None:
    """Whoever gets capital for nothing lives as before; failing takes back what was not given."""
    nothing = {"enterprise.effect": 0.0}
    ours = lived(nothing, **NEW_MONEY, kube_network=1.0)
    theirs = lived(nothing, **NEW_MONEY)
    for name in ("gain", "welfare", "enrolled"):
        np.testing.assert_array_equal(
            getattr(ours.world.households, name), getattr(theirs.world.households, name)
        )
    assert counts(ours, "enterprises")[-1].sum() > 0


# Direction


def test_gains_are_those_of_working_enterprises(lived: Callable[..., WelfareModel]) -> None:
    """Also after the market has moved what a group enterprise brings."""
    model = lived(**NEW_MONEY, kube_network=1.0)
    usual = lived({"enterprise.effect": 0.0}, **NEW_MONEY, kube_network=1.0)
    part, effect = model.parts.empowering, model.parts.empowering.effect
    works = (part.enterprise & 1) == 1
    expected = np.where(works, effect[(part.enterprise >> 1) & 1], 0.0)
    found = model.world.households.gain - usual.world.households.gain
    # Who is less poor also needs services less often, which moves a few gains a little.
    assert np.isclose(found, expected, atol=2e-6).mean() > 0.97
    assert effect[1] == pytest.approx(
        effect[0] * (1 + model.scenario.parameter("kube.network.strength"))
    )


def test_coached_enterprises_last_longer(lived: Callable[..., WelfareModel]) -> None:
    coached, alone = (lived(**NEW_MONEY, enterprise_coaching=share) for share in (1.0, 0.0))
    fails = coached.parts.empowering._failures()
    assert np.all(fails[..., 1] < fails[..., 0])
    ours, theirs = (figures(m)["enterprise_survival"][-1, 0] for m in (coached, alone))
    assert ours > theirs
    # A coach costs capital: fewer enterprises begin.
    assert coached.parts.empowering.starts.sum() < alone.parts.empowering.starts.sum()


def test_published_survival_holds_at_todays_coaching(lived: Callable[..., WelfareModel]) -> None:
    """Groups of which today's part is coached fail at the published yearly rate."""
    model = lived({"enterprise.pioneer.strength": 0.0}, **NEW_MONEY)
    parameter = model.scenario.parameter
    both = 1.0 - (1.0 - model.parts.empowering._failures()) ** 2
    share = parameter("lever.enterprise_coaching.default")
    mean = (1.0 - share) * both[..., 0] + share * both[..., 1]
    published = [parameter("enterprise.failure_alone"), parameter("enterprise.failure_yearly")]
    np.testing.assert_allclose(mean, np.tile(published, (mean.shape[0], 1)), rtol=1e-5)


def test_enterprises_near_pioneers_last_longer(lived: Callable[..., WelfareModel]) -> None:
    """More of them work with an effect, and fewer fail in the districts that have more pioneers."""
    strength = "enterprise.pioneer.strength"
    ours = lived({strength: 0.4}, **NEW_MONEY, pkh_graduation=0.2)
    theirs = lived({strength: 0.0}, **NEW_MONEY, pkh_graduation=0.2)
    last = (figures(model)["enterprise_survival"][-1, 0] for model in (ours, theirs))
    assert next(last) > next(last)
    assert counts(ours, "enterprises")[-1].sum() > counts(theirs, "enterprises")[-1].sum()
    part, households = ours.parts.empowering, ours.places.households
    pioneers = part.last[:, MEASURE["pioneers"]] / 65536
    assert (pioneers > 0).all()
    # The chance that none of the neighbours is one, by the logarithm instead of the power.
    neighbours = ours.scenario.parameter("enterprise.pioneer_neighbours")
    near = -np.expm1(neighbours * np.log1p(-pioneers / households))
    half = part._failures().astype(float)
    usual = theirs.parts.empowering._failures().astype(float)
    yearly, usually = (1.0 - (1.0 - fails) ** 2 for fails in (half, usual))
    np.testing.assert_allclose(
        yearly, usually * (1.0 - 0.4 * near)[:, None, None], rtol=1e-5, atol=1e-7
    )


def test_pioneers_without_strength_are_counted_and_change_nothing(
    lived: Callable[..., WelfareModel],
) -> None:
    strength, neighbours = "enterprise.pioneer.strength", "enterprise.pioneer_neighbours"
    ours = lived({strength: 0.0}, **NEW_MONEY)
    theirs = lived({strength: 0.0, neighbours: 150}, **NEW_MONEY)
    assert fingerprint(ours) == fingerprint(theirs)
    families = counts(ours, "pioneers")[-1].sum()
    assert 0 < families < counts(ours, "enterprises")[-1].sum()


def test_leavers_of_pkh_who_are_not_poor_are_pioneers(small: Scenario, open_small: Open) -> None:
    """In a month of ranking, from the households themselves; the first leavers are among them."""
    scenario = with_levers(changed(small, {"months": 4}), pkh_graduation=0.2)
    model = live(open_small(scenario))
    people, layout = model.world.households, model.world.layout
    over = ((people.record & GRADUATED) != 0) & (people.welfare >= 1.0)
    weight = np.repeat(model.world.weight, np.diff(layout.stratum_start)) / 65536
    real = np.add.reduceat(np.where(over, weight, 0.0), layout.district_start[:-1])
    np.testing.assert_allclose(counts(model, "pioneers")[-1], real, atol=0.51)
    assert 0 < real.sum() < counts(model, "graduates")[-1].sum()


def test_leavers_make_room_and_some_are_poor_again(lived: Callable[..., WelfareModel]) -> None:
    """Who left is in PKH no longer, its size stays, and the poor among leavers are counted."""
    model, usual = lived(pkh_graduation=0.2), lived()
    people = model.world.households
    left = (people.record & GRADUATED) != 0
    inside = (people.enrolled & np.uint16(model.mask("PKH"))) != 0
    assert left.any() and not np.any(inside & left)
    ours, theirs = (figures(m)["programme_recipients.pkh"][-1, 0] for m in (model, usual))
    assert ours == pytest.approx(theirs, rel=0.03)
    relapse = figures(model)["graduate_relapse"][-1, 0]
    assert 0.0 < relapse < figures(model)["poverty_rate"][-1, 0] * 2
    assert (counts(model, "relapsed") <= counts(model, "graduates")).all()


def test_aid_for_earners_sends_capital_and_obligation_different_ways(
    lived: Callable[..., WelfareModel],
) -> None:
    split, mixed = lived(**NEW_MONEY, aid_for_earners=1.0), lived(**NEW_MONEY)
    ours, theirs = figures(split), figures(mixed)
    for name in ("stimulus_to_earners", "topup_to_unable"):
        assert ours[name][-1, 0] > theirs[name][-1, 0]
    assert ours["stimulus_to_earners"][4, 0] == 100.0
    spent = [m.ledger.total(m.month, Stage.DELIVERED, ENTERPRISE).sum() for m in (split, mixed)]
    assert spent[0] == spent[1]


# Resumed


def test_a_resumed_run_is_the_same(small: Scenario, open_small: Open, tmp_path: Path) -> None:
    scenario = with_levers(changed(small, {"months": 14}), **NEW_MONEY, **ALL_MOVED)
    whole = live(open_small(scenario))
    model = live(open_small(scenario), 7)
    save_checkpoint(model, tmp_path / "kept.npz")
    resumed = load_checkpoint(open_small(scenario), tmp_path / "kept.npz")
    assert fingerprint(live(resumed)) == fingerprint(whole)
