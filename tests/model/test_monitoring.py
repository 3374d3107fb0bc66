"""Reports of a whole run beside what is true; what checks cost, and that they change nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kesos_sim.indicators.coordination import SERVICE_MEASURES
from kesos_sim.indicators.monitoring import MONITORING_MEASURES
from kesos_sim.institutions.accounts import GENERAL, MONITORING, Stage
from kesos_sim.kernels.cases import FREE, GONE
from kesos_sim.kernels.places import COMMUNITY, EMPTY, WORKING
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, changed
from tests.model.lives import columns_of, figures, live, state

Open = Callable[..., WelfareModel]
DOUBLED: dict[str, Any] = {
    "parameters.need.neglected_children.count": 3_000_000.0,
    "parameters.orsos.field.neglected_children": 0.85,
    "parameters.orsos.registered": 26_000.0,
    "parameters.orsos.working": 0.8,
    "parameters.orsos.clients": 50.0,
}
"""So many places for so few children that many are served twice."""


def checked(share: float) -> dict[str, Any]:
    """Options that let a share of the organisations be checked from the base month's end on."""
    return {"levers.monitoring.value": share, "levers.monitoring.from": "2024-04"}


@pytest.fixture(scope="module")
def lives(small: Scenario, open_small: Open) -> dict[float, WelfareModel]:
    """The same world with nobody, some and everybody checked."""
    crowded = changed(small, DOUBLED)
    return {share: live(open_small(changed(crowded, checked(share)))) for share in (0.0, 0.5, 1.0)}


def counted(model: WelfareModel, name: str) -> np.ndarray:
    """Return a count of reports by month and district."""
    assert model.observer is not None
    return model.observer.counted["monitoring"][:, :, MONITORING_MEASURES.index(name)]


def services(model: WelfareModel, name: str) -> np.ndarray:
    """Return a count of services by month and district."""
    assert model.observer is not None
    return model.observer.counted["serving"][:, :, SERVICE_MEASURES.index(name)]


@pytest.mark.slow
def test_who_is_not_checked_reports_places_and_who_is_checked_people(
    lives: dict[float, WelfareModel],
) -> None:
    nobody, some, everybody = lives.values()
    for model in lives.values():
        people = services(model, "served").sum(axis=1)
        np.testing.assert_array_equal(counted(model, "once").sum(axis=1), people)
    places = services(nobody, "places").sum(axis=1)
    np.testing.assert_array_equal(counted(nobody, "reported").sum(axis=1)[1:], places[1:])
    np.testing.assert_array_equal(
        counted(everybody, "reported")[1:], counted(everybody, "once")[1:]
    )
    assert places[1:].sum() > 1.1 * counted(everybody, "reported")[1:].sum()
    for name in ("reported", "claimed"):
        none, half, all_ = (counted(model, name)[1:].sum() for model in lives.values())
        assert none > half > all_
    assert counted(some, "claimed")[1:].sum() > counted(some, "ended")[1:].sum()


def test_needs_that_end_by_themselves_are_claimed_by_everybody(
    lives: dict[float, WelfareModel],
) -> None:
    """Even where all are checked reports are above the truth, which no check can find out."""
    nobody, _, everybody = (figures(model)["impact_reported_ratio"] for model in lives.values())
    assert everybody[-1, 0] > 1.1
    assert nobody[-1, 0] > 1.1 * everybody[-1, 0]
    np.testing.assert_array_equal(counted(lives[1.0], "ended"), counted(lives[0.0], "ended"))


@pytest.mark.slow
def test_reports_of_checked_are_what_competing_risks_say(small: Scenario, open_small: Open) -> None:
    """By kind and mode of every place of two years; some clients have two, so a little less."""
    alone = served = claimed = ended = 0.0
    for seed in range(1, 5):
        model = open_small(changed(small, checked(1.0) | {"seed": seed}))
        serving = model.parts.serving
        while model.row < small.months:
            orsos, needs = serving.orsos, serving.needs
            taken = np.flatnonzero(orsos.place_case != EMPTY)
            holder = np.searchsorted(orsos.place_start, taken, side="right") - 1
            kind = orsos.field[holder]
            mode = ((orsos.state[holder] & COMMUNITY) != 0).astype(int)
            household = serving.cases.household[orsos.place_case[taken]]
            poor = (model.world.households.welfare[household] < 1).astype(int)
            end = needs.end[poor, kind].astype(float)
            well = needs.finish[kind].astype(float) * needs.success_by_mode[mode, kind]
            model.step()
            # In January children are grown up and old people have died: nobody is left to serve.
            left = model.world.households.word[household] & needs.members[kind]
            end = np.where(left == 0, 1.0, end)
            alone += serving.unit * end.sum()
            served += serving.unit * ((1.0 - end) * well).sum()
        claimed += counted(model, "claimed")[1:].sum()
        ended += counted(model, "ended")[1:].sum()
    assert ended == pytest.approx(served, rel=0.1)
    assert claimed - ended == pytest.approx(alone, rel=0.1)


def test_checks_change_nothing_but_reports_and_their_price(
    lives: dict[float, WelfareModel],
) -> None:
    """No household, client, place or rupiah of organisations."""
    ours, theirs = state(lives[1.0]), state(lives[0.0])
    assert set(ours) == set(theirs)
    # Rows of closed cases hold who was reported last, until a case is opened in them.
    for share, found in ((1.0, ours), (0.0, theirs)):
        cases = lives[share].parts.serving.cases
        rows = np.repeat(cases.household != FREE, np.diff(cases.case_client))
        found["serving.cases.servers"] = np.where(rows, cases.servers, GONE)
    for name, array in theirs.items():
        if not name.startswith(("ledger.", "monitoring.", "observer.counted.monitoring")):
            np.testing.assert_array_equal(ours[name], array, err_msg=name)
    books = []
    for model in (lives[1.0], lives[0.0]):
        columns = columns_of(model.ledger)
        keep = (columns["programme"] != MONITORING) & (columns["programme"] != GENERAL)
        books.append({name: column[keep] for name, column in columns.items()})
    for name, column in books[0].items():
        np.testing.assert_array_equal(column, books[1][name], err_msg=name)


@pytest.mark.slow
def test_checks_of_no_cost_change_no_rupiah(small: Scenario, open_small: Open) -> None:
    free = {"parameters.monitoring.cost": 0.0}
    ours, theirs = (
        columns_of(live(open_small(changed(small, free | checked(share))), 6).ledger)
        for share in (1.0, 0.0)
    )
    assert MONITORING not in ours["programme"]
    for name, column in theirs.items():
        np.testing.assert_array_equal(ours[name], column, err_msg=name)


def test_what_checks_cost_is_in_the_ledger(lives: dict[float, WelfareModel]) -> None:
    """A month's part for every working organisation that is checked; districts pay."""
    for share, model in lives.items():
        parts, parameter = model.parts, model.scenario.parameter
        working = (parts.serving.orsos.state & WORKING) != 0
        number = np.bincount(
            parts.serving.orsos.home, working & parts.monitoring.checked, model.places.codes.size
        )
        paid = model.ledger.total(model.month, Stage.SERVICES, MONITORING, "apbd_district")
        assert paid.sum() == np.rint(number * parameter("monitoring.cost") / 12).sum()
        assert number.sum() == pytest.approx(share * working.sum(), abs=4 * working.sum() ** 0.5)
        assert paid.sum() == model.ledger.total(model.month, Stage.SERVICES, MONITORING).sum()


def test_more_checks_add_to_those_before(lives: dict[float, WelfareModel]) -> None:
    none, half, all_ = (model.parts.monitoring.checked for model in lives.values())
    assert not none.any() and all_.all()
    assert 0 < half.sum() < half.size


def test_the_gap_of_capacity_is_that_of_the_organisations(
    lives: dict[float, WelfareModel],
) -> None:
    model = lives[0.0]
    serving = model.parts.serving
    clients = serving.unit * serving.funding.money.capacity[serving.orsos.working]
    small_, large = np.percentile(clients, [10, 90])
    # Sizes are counted in bins; half of one is 12 percent.
    assert figures(model)["capacity_spread"][-1, 0] == pytest.approx(large / small_, rel=0.12)
    np.testing.assert_array_equal(
        model.observer.counted["monitoring"][-1, :, MONITORING_MEASURES.index("size_0") :].sum(),
        serving.orsos.working.sum(),
    )
