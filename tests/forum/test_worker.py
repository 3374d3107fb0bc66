"""The queue of the full model: in order, bounded, and none the worse for a kill."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kesos_sim.emulator import question
from kesos_sim.errors import InputError
from kesos_sim.forum.entries import LARGEST_ROOM_BODY
from kesos_sim.forum.events import Entry
from kesos_sim.forum.room import Room
from kesos_sim.forum.session import Session
from kesos_sim.forum.store import Store
from kesos_sim.forum.worker import (
    ATTEMPTS,
    BESIDE_OUTCOMES,
    MOST_WAITING,
    Worker,
    _usual,
    full_model,
    scenarios,
    warm,
)
from tests.forum.meeting import who

PACKAGE = {
    "levers": {"apbd_poverty_share": 0.1, "bkkks_standing": 3.0},
    "sources": {"perjalanan_dinas": 0.4, "belanja_barang": 0.6},
    "shock": "flood",
    "effect": True,
}


@pytest.fixture
def store(session: Session, tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path}/forum.sqlite", session.code)
    yield opened
    opened.close()


def ask(store: Store, *names: str) -> None:
    store.add(
        Entry(f"request-{name}", "full", dict(PACKAGE), who(name), "33", "dinsos") for name in names
    )


def state(store: Store, session: Session, name: str) -> dict[str, Any]:
    """What somebody sees of their request."""
    room = Room(session)
    room.take(store.since(0))
    (found,) = room.public(who(name), "id")["requests"].values()
    return dict(found)


def doubled(body: Any) -> Any:
    """Outcomes that depend on what was asked."""
    package = 80.0 * body["levers"]["apbd_poverty_share"]
    return {
        "outcomes": {"poverty_rate": {"mpu": {"base": 8.0, "package": package}}},
        "baseline": {"poverty_rate": {"mpu": 8.0}},
        "idle": {"poverty_rate": {"mpu": 8.5}},
    }


def test_requests_are_done_in_order_and_told_to_who_asked(store: Store, session: Session) -> None:
    ask(store, "a", "b")
    seen = []

    def compute(body: Any) -> Any:
        seen.append(
            [state(store, session, name)["state"] for name in ("a", "b")]
            + [state(store, session, "b")["place_in_queue"]]
        )
        return doubled(body)

    worker = Worker(session, store, compute)
    assert worker.step()
    assert state(store, session, "a")["outcomes"]["poverty_rate"]["mpu"]["package"] == 8.0
    assert state(store, session, "a")["baseline"] == {"poverty_rate": {"mpu": 8.0}}
    assert state(store, session, "a")["idle"] == {"poverty_rate": {"mpu": 8.5}}
    assert worker.step()
    assert not worker.step()
    assert seen == [["running", "queued", 2], ["done", "running", 1]]
    assert state(store, session, "b")["state"] == "done"


def test_queue_is_bounded(store: Store, session: Session) -> None:
    names = [f"n{number}" for number in range(MOST_WAITING + 2)]
    ask(store, *names)
    Worker(session, store, doubled).step()
    states = [state(store, session, name)["state"] for name in names]
    assert states == ["done", *["queued"] * (MOST_WAITING - 1), "refused", "refused"]
    assert state(store, session, names[1])["place_in_queue"] == 1


def test_killed_worker_is_followed_by_one_that_goes_on(store: Store, session: Session) -> None:
    ask(store, "a")

    class Killed(BaseException):
        pass

    def die(body: Any) -> Any:
        raise Killed

    with pytest.raises(Killed):
        Worker(session, store, die).step()
    assert state(store, session, "a")["state"] == "running"
    assert Worker(session, store, doubled).step()
    assert not Worker(session, store, doubled).step()
    results = [event.body["state"] for event in store.since(0, ["result"])]
    assert results == ["running", "running", "done"]


def test_request_that_kills_every_worker_is_given_up(store: Store, session: Session) -> None:
    ask(store, "bad", "good")

    class Killed(BaseException):
        pass

    def die(body: Any) -> Any:
        raise Killed

    for _ in range(ATTEMPTS):
        with pytest.raises(Killed):
            Worker(session, store, die).step()
    worker = Worker(session, store, doubled)
    assert worker.step()
    assert worker.step()
    assert state(store, session, "bad")["state"] == "refused"
    assert state(store, session, "good")["state"] == "done"


def test_request_that_no_scenario_can_have_is_refused(store: Store, session: Session) -> None:
    ask(store, "a")

    def refuse(body: Any) -> Any:
        scenarios({**body, "sources": {"perjalanan_dinas": 0.2}})

    assert Worker(session, store, refuse).step()
    assert state(store, session, "a")["state"] == "refused"


def test_request_becomes_the_question_of_the_surface() -> None:
    without, package = scenarios(PACKAGE)
    assert not without.levers
    assert package.levers["apbd_poverty_share"].value == 0.1
    assert str(package.levers["bkkks_standing"].start) == "2027-01"
    assert package.levers["apbd_poverty_share"].ramp_months == 36
    assert package.funding_sources["belanja_barang"] == 0.6
    assert package.events == without.events != ()
    assert package.root == without, "both share the base month"
    idle = scenarios({**PACKAGE, "effect": False})[1]
    assert idle.document() != package.document()
    with pytest.raises(InputError):
        scenarios({**PACKAGE, "sources": {"perjalanan_dinas": 0.2}})


@pytest.mark.full
def test_full_model_answers_near_the_surface() -> None:
    from kesos_sim.emulator import load_surface

    levers = {"apbd_poverty_share": 0.1, "bkkks_standing": 3.0}
    result: dict[str, Any] = full_model({"levers": levers, "shock": "none", "effect": True})
    assert len(json.dumps(result)) < LARGEST_ROOM_BODY
    found = result["outcomes"]["poverty_rate"]
    assert len(found) == 11
    surface = load_surface()
    for effect, package in (
        (True, found["mpu"]["package"]), (False, result["idle"]["poverty_rate"]["mpu"]),
    ):  # fmt: skip
        answer = surface.answer(levers, effect=effect)
        low, _, high = answer["outcomes"]["poverty_rate"]["package"][-1]
        assert low <= package <= high
    assert found["mpu"]["package"] < found["mpu"]["base"]
    assert result["baseline"]["poverty_rate"]["mpu"] == found["mpu"]["base"]
    assert result["idle"] != result["idle_baseline"]
    for name in ("baseline", "idle", "idle_baseline"):
        assert tuple(result[name]) == BESIDE_OUTCOMES
        assert all(list(places) == list(found) for places in result[name].values())
    alone: dict[str, Any] = full_model({"levers": levers, "shock": "none", "effect": False})
    assert alone["idle"] == result["idle"]
    assert alone["baseline"] == alone["idle_baseline"] == result["idle_baseline"]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the question be asked of few households, and forget their answer afterwards."""
    monkeypatch.setattr(question, "baseline", partial(question.baseline, 2000))
    _usual.cache_clear()
    yield
    _usual.cache_clear()


@pytest.mark.slow
@pytest.mark.usefixtures("few")
def test_sources_of_money_change_no_figure() -> None:
    """Therefore a page may keep an answer of the full model when only the sources change."""
    levers = {"apbd_poverty_share": 0.1, "apbn_poverty_share": 0.1}
    one, other = (
        full_model({"levers": levers, "sources": {line: 1.0}, "effect": False})
        for line in ("subsidi", "belanja_modal")
    )
    assert one == other


@pytest.mark.slow
@pytest.mark.usefixtures("few")
def test_a_warm_worker_has_run_the_world_without_a_package() -> None:
    warm()
    run = _usual.cache_info().misses
    assert run == 2
    full_model({**PACKAGE, "shock": "none"})
    assert _usual.cache_info().misses == run
