"""A meeting of 45 minutes with two questions, from the opening to its documents."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from kesos_sim import i18n
from kesos_sim.forum.agreement_tables import guess_table
from kesos_sim.forum.entries import Refused
from kesos_sim.forum.exporting import entries_as_lines
from kesos_sim.forum.room_boot import boot_text
from kesos_sim.forum.session import PHASES, Session
from kesos_sim.forum.settings import load_session
from kesos_sim.scenario.levers import POINTS
from tests.forum.full_meeting import SETTINGS, Meeting

MINUTE = 60_000
BEGINNING = 1_795_824_000_000
LEVERS = {"apbd_poverty_share": 0.1, "bkkks_standing": 3.0}


@pytest.fixture
def short(tmp_path: Path) -> Session:
    """Settings as the guide says: the short form, and the third question deleted."""
    written = yaml.safe_load(SETTINGS.read_text(encoding="utf-8"))
    written["form"] = 45
    del written["guesses"][2]
    path = tmp_path / "sesi.yaml"
    path.write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
    return load_session(path)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Minutes since the beginning."""
    minutes = [0]
    monkeypatch.setattr("time.time_ns", lambda: (BEGINNING + MINUTE * minutes[0]) * 1_000_000)
    yield minutes


def seen(meeting: Meeting) -> dict[str, Any]:
    """What the facilitator's page shows."""
    ((content, _),) = meeting.desk.hear({"do": "hello", "lang": "id"})
    state: dict[str, Any] = content["state"]
    return state


def test_a_short_meeting_from_opening_to_agreement(
    short: Session, tmp_path: Path, clock: list[int]
) -> None:
    meeting = Meeting(tmp_path, short)
    boot = json.loads(boot_text(short, (), {}))["session"]
    assert [one["name"] for one in boot["phases"]] == list(PHASES)
    assert sum(one["minutes"] for one in boot["phases"]) == boot["form"] == 45
    assert [one["question"] for one in boot["guesses"]] == ["apbd", "coordination"]

    people = [name for name, _ in meeting.people()]
    for name, table in meeting.people():
        meeting.enter(name, ("join", {"province": table, "role": "dinsos", "lang": "id"}))

    def guess() -> None:
        for question in ("apbd", "coordination"):
            meeting.enter_many(
                (name, "guess", {"question": question, "value": 7.0}) for name in people
            )
            meeting.act("reveal", what=f"guess:{question}")
            meeting.act("reveal", what=f"model:{question}")
        with pytest.raises(Refused):
            meeting.enter(people[0], ("guess", {"question": "both", "value": 7.0}))

    def package() -> None:
        for place, table in enumerate(short.tables[:-1]):
            meeting.enter(f"{table.code}-0", ("package", {
                "name": f"Paket {place}", "levers": LEVERS, "table": True, "balanced": True,
                "sources": {"belanja_barang": 1.0},
            }))  # fmt: skip

    def deliberate() -> None:
        for point in map(str, POINTS):
            meeting.enter_many(
                (name, "stance", {"point": point, "answer": 3, "round": 1}) for name in people
            )

    def agree() -> None:
        meeting.act("freeze", on=True)
        state = seen(meeting)
        signing = {"digest": state["draft"]["digest"], "code": state["codes"]["18"]}
        meeting.enter("18-0", ("sign", signing))

    def reflect() -> None:
        meeting.enter("18-0", ("reflect", {"text": "Cukup singkat, cukup jelas."}))

    acts = {
        "guess": guess, "package": package, "deliberate": deliberate, "agree": agree,
        "reflect": reflect, "shock": lambda: meeting.act("shock", name=short.shocks[0]),
    }  # fmt: skip
    for phase in short.phases:
        meeting.act("phase", name=phase.name)
        state = seen(meeting)
        assert state["phase"] == {"name": phase.name, "since": BEGINNING + MINUTE * clock[0]}
        acts.get(phase.name, lambda: None)()
        clock[0] += phase.minutes
    assert clock[0] == 45

    state = seen(meeting)
    assert set(state["guesses"]) == {"apbd", "coordination"}
    assert all(len(found) == len(people) for found in state["guesses"].values())
    assert [one["code"] for one in state["tables"] if one["signed"]] == ["18"]
    assert sum(one["carried"] for one in state["draft"]["clauses"]) >= 2
    events = meeting.store.since(0)
    passed = dt.timedelta(milliseconds=events[-1].at - events[0].at)
    assert dt.timedelta(minutes=43) <= passed <= dt.timedelta(minutes=45)
    kinds = [json.loads(line)["kind"] for line in entries_as_lines(events).splitlines()]
    assert kinds.count("guess") == 2 * len(people)
    for lang in i18n.LANGUAGES:
        asked = {str(row[0]) for row in guess_table(meeting.room(), lang).rows}
        named = {i18n.text(f"agreement.question_{one.name}", lang) for one in short.questions}
        assert named <= asked and len(named) == 2
        assert i18n.text("agreement.question_both", lang) not in asked
