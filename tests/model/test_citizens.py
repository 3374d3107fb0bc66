"""Complaints and deliberations in a whole run: queues that add up, placebos, money, direction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kesos_sim.indicators.citizens import CITIZEN_MEASURES
from kesos_sim.institutions.accounts import PARTICIPATION, Stage
from kesos_sim.kernels.registry import LISTED
from kesos_sim.model.checkpoint import load_checkpoint, save_checkpoint
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, changed, from_document
from tests.model.lives import columns_of, figures, fingerprint, live, state

Open = Callable[..., WelfareModel]
MEASURE = {name: place for place, name in enumerate(CITIZEN_MEASURES)}
ALL = {"complaint_channel": 1.0, "village_deliberation": 1.0}
WITHOUT_STRENGTH = {"complaint.strength": 0.0, "deliberation.strength": 0.0}
WITHOUT_COST = {"complaint.cost": 0.0, "deliberation.cost": 0.0}
LOUD = {"complaint.rate": 0.2, "complaint.capacity": 40.0}
"""Complaints enough that a small sample shows them."""
OWN = ("citizens.", "observer.counted.citizens")


def with_levers(scenario: Scenario, parameters: dict[str, float], **levers: float) -> Scenario:
    """Move levers from the third month, in the world of a scenario."""
    options = {f"parameters.{name}": value for name, value in parameters.items()}
    document = changed(scenario, options).document() | {"anchor": {}}
    document["levers"] = {
        name: {"value": value, "from": "2024-06"} for name, value in levers.items()
    }
    return from_document(document)


@pytest.fixture(scope="module")
def lived(small: Scenario, open_small: Open) -> Callable[..., WelfareModel]:
    """Live two years with levers moved, each setting once."""
    known: dict[str, WelfareModel] = {}

    def run(parameters: dict[str, float] | None = None, **levers: float) -> WelfareModel:
        key = repr((parameters, levers))
        if key not in known:
            known[key] = live(open_small(with_levers(small, parameters or {}, **levers)))
        return known[key]

    return run


def counts(model: WelfareModel, name: str) -> np.ndarray:
    """Return a count by month and district."""
    assert model.observer is not None
    return model.observer.counted["citizens"][:, :, MEASURE[name]]


def same_but_for_citizens(ours: WelfareModel, theirs: WelfareModel) -> None:
    """No bit of households, money, registry or services differs."""
    one, other = state(ours), state(theirs)
    assert set(one) == set(other)
    for name, array in other.items():
        if not name.startswith(OWN):
            np.testing.assert_array_equal(one[name], array, err_msg=name)


# The queue


def test_every_open_complaint_is_resolved_given_up_or_waits(
    lived: Callable[..., WelfareModel],
) -> None:
    """From one month to the next, where more come than offices handle."""
    model = lived(**ALL)
    kept = 1.0 - model.scenario.parameter("slrt.give_up")
    came, open_, resolved = (counts(model, name) for name in ("complaints", "open", "resolved"))
    expected = kept * (open_[:-1] - resolved[:-1]) + came[1:]
    np.testing.assert_allclose(open_[1:], expected, atol=2.5)
    left = model.parts.citizens.waiting[0].sum(axis=0)
    np.testing.assert_allclose(open_[-1] - resolved[-1], left, atol=1.5)
    assert (came > 0).all()


def test_offices_resolve_no_more_than_they_can(lived: Callable[..., WelfareModel]) -> None:
    few, usual = lived({"complaint.capacity": 1.0}, **ALL), lived(**ALL)
    for model in (few, usual):
        people = model.places.population / 100_000
        most = model.scenario.parameter("complaint.capacity") * people
        assert (counts(model, "resolved") <= most + 0.51).all()
        np.testing.assert_allclose(counts(model, "resolved")[-1], most, atol=0.51)
    ours, theirs = (figures(model)["complaints_resolved"][-1, 0] for model in (few, usual))
    assert ours < theirs < 100.0


def test_complaints_follow_the_channel_and_its_reasons(lived: Callable[..., WelfareModel]) -> None:
    """Families in plain need without a record, and records of nobody, counted anew."""
    usual, wide = lived(), lived(WITHOUT_STRENGTH | WITHOUT_COST, complaint_channel=1.0)
    parameter, part = usual.scenario.parameter, usual.parts.citizens
    today = parameter("lever.complaint_channel.default")
    expected = today * parameter("complaint.rate") / 12 * part.reasons.sum(axis=0)
    np.testing.assert_array_equal(counts(usual, "complaints")[-1], np.rint(expected))
    ratio = counts(wide, "complaints")[-1].sum() / counts(usual, "complaints")[-1].sum()
    assert ratio == pytest.approx(1.0 / today, rel=0.02)
    people, world = usual.world.households, usual.world
    weight = np.repeat(world.weight, np.diff(world.layout.stratum_start)) / 65536
    listed = np.add.reduceat(
        np.where(people.record & LISTED, weight, 0.0), world.layout.district_start[:-1]
    )
    # The list stands still since the last ranking; every record is a family or nobody.
    np.testing.assert_allclose(
        part.reasons[1] / (listed + part.reasons[1]), usual.ghosts, rtol=1e-6
    )


# Placebo


def test_levers_at_their_defaults_change_no_bit(lived: Callable[..., WelfareModel]) -> None:
    parameter = lived().scenario.parameter
    still = {name: parameter(f"lever.{name}.default") for name in ALL}
    assert fingerprint(lived(**still)) == fingerprint(lived())


def test_citizens_of_no_strength_and_cost_change_no_bit(lived: Callable[..., WelfareModel]) -> None:
    nothing = WITHOUT_STRENGTH | WITHOUT_COST
    placebo, without = lived(nothing, **ALL), lived(nothing)
    same_but_for_citizens(placebo, without)
    assert counts(placebo, "complaints")[-1].sum() > counts(without, "complaints")[-1].sum()
    assert PARTICIPATION not in columns_of(placebo.ledger)["programme"]


def test_today_changes_no_household(lived: Callable[..., WelfareModel]) -> None:
    """Strengths act on what differs from today, so that without a decision they do nothing."""
    same_but_for_citizens(lived(WITHOUT_STRENGTH), lived())


# Direction


def test_complaints_bring_families_onto_the_list_and_take_nobody_off(
    lived: Callable[..., WelfareModel],
) -> None:
    """About as many as are resolved beyond those of today, and nobody before the first month."""
    strong = {**LOUD, "complaint.strength": 1.0, "complaint.cost": 0.0}
    wide, usual = lived(strong, complaint_channel=1.0), lived(strong)
    ours, theirs = figures(wide), figures(usual)
    for name in ("exclusion_error", "registry_ghosts"):
        assert ours[name][-1, 0] < theirs[name][-1, 0]
        np.testing.assert_array_equal(ours[name][:3], theirs[name][:3])
    weight = np.repeat(
        wide.world.weight, np.diff(wide.world.layout.stratum_start).astype(int)
    ) / float(1 << 16)
    added = sum(
        sign * weight[(model.world.households.record & LISTED) != 0].sum()
        for sign, model in ((1, wide), (-1, usual))
    )
    # Rankings until January 2026 see what was resolved from July 2024 to December 2025.
    months = slice(3, 22)
    more = (counts(wide, "resolved") - counts(usual, "resolved"))[months].sum()
    reasons = usual.parts.citizens.reasons.sum(axis=1)
    assert added == pytest.approx(more * reasons[0] / reasons.sum(), rel=0.35)


def test_a_narrower_channel_is_worse_than_today(lived: Callable[..., WelfareModel]) -> None:
    strong = {**LOUD, "complaint.strength": 1.0}
    none, usual = lived(strong, complaint_channel=0.0), lived(strong)
    assert not counts(none, "complaints")[3:].any()
    ours, theirs = figures(none), figures(usual)
    assert ours["registry_ghosts"][-1, 0] > theirs["registry_ghosts"][-1, 0]
    listed = [int((m.world.households.record & LISTED != 0).sum()) for m in (none, usual)]
    assert listed[0] < listed[1]


@pytest.mark.slow
def test_deliberations_bring_more_proposals_and_objections(
    lived: Callable[..., WelfareModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    strong = {"deliberation.strength": 3.0}
    everywhere, usual = lived(strong, village_deliberation=1.0), lived(strong)
    today = usual.scenario.parameter("lever.village_deliberation.default")
    assert everywhere.parts.citizens.voices == pytest.approx(1.0 + 3.0 * (1.0 - today))
    assert usual.parts.citizens.voices == 1.0
    assert figures(everywhere)["villages_deliberating"][-1, 0] == pytest.approx(100.0, abs=0.1)
    flips = [(model.world.households.record & LISTED).astype(int) for model in (everywhere, usual)]
    assert ((flips[0] == 1) & (flips[1] == 0)).sum() > 0
    assert ((flips[0] == 0) & (flips[1] == 1)).sum() > 0
    ours, theirs = figures(everywhere), figures(usual)
    assert ours["registry_age"][-1, 0] < theirs["registry_age"][-1, 0]


# Money


def test_only_what_goes_beyond_today_costs(lived: Callable[..., WelfareModel]) -> None:
    wide, usual = lived(**ALL), lived()
    parameter, places = wide.scenario.parameter, wide.places
    told = (1.0 - parameter("lever.complaint_channel.default")) * parameter("complaint.cost")
    held = 1.0 - parameter("lever.village_deliberation.default")
    yearly = told * places.population
    yearly += held * parameter("deliberation.cost") * wide.parts.linking.villages
    for row, expected in ((2, 0.0), (4, yearly.sum() / 12)):
        month = wide.scenario.start + row
        booked = wide.ledger.total(month, Stage.SERVICES, PARTICIPATION, "apbd_district").sum()
        assert booked == pytest.approx(expected, abs=places.codes.size)
    assert PARTICIPATION not in columns_of(usual.ledger)["programme"]
    none = lived(complaint_channel=0.0, village_deliberation=0.0)
    assert PARTICIPATION not in columns_of(none.ledger)["programme"]


# Resumed


def test_a_resumed_run_is_the_same(small: Scenario, open_small: Open, tmp_path: Path) -> None:
    scenario: Any = with_levers(changed(small, {"months": 14}), {}, **ALL)
    whole = live(open_small(scenario))
    model = live(open_small(scenario), 7)
    save_checkpoint(model, tmp_path / "kept.npz")
    resumed = load_checkpoint(open_small(scenario), tmp_path / "kept.npz")
    assert fingerprint(live(resumed)) == fingerprint(whole)
