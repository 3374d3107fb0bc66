"""A device whose entries do not count: reversible, recorded, and told to it alone."""

from __future__ import annotations

import json

import pytest

from kesos_sim import i18n
from kesos_sim.forum.entries import Refused
from kesos_sim.forum.exporting import entries_as_lines
from kesos_sim.forum.room_view import RoomView
from kesos_sim.forum.session import Session
from tests.forum.meeting import BALI, LAMPUNG, Meeting, who


@pytest.fixture
def disturbed(session: Session) -> Meeting:
    meeting = Meeting(session)
    for name, table in (("kind", BALI), ("loud", BALI), ("other", LAMPUNG)):
        meeting.join(name, table)
    meeting.do("phase", name="deliberate")
    meeting.enter("loud", "guess", question="apbd", value=99)
    meeting.enter("kind", "guess", question="apbd", value=6)
    meeting.answer("kind", 1, 3)
    meeting.answer("loud", 1, 0, "mengganggu")
    return meeting


def test_entries_of_an_excluded_device_do_not_count_until_it_is_let_in(disturbed: Meeting) -> None:
    room, before = disturbed.room, disturbed.room.full("id")
    disturbed.do("exclude", device=2, on=True)
    assert room.guessed("apbd") == [6.0]
    assert room.point("1").objections == ()
    assert "mengganggu" not in room.draft("id").text
    assert room.full("id")["people"] == 2
    assert room.public(who("loud"), "id")["excluded"]
    assert not room.public(who("kind"), "id")["excluded"]
    with pytest.raises(Refused) as refused:
        disturbed.answer("loud", 2, 0)
    for lang in i18n.LANGUAGES:
        assert "fasilita" in refused.value.text(lang) or "facilita" in refused.value.text(lang)
    disturbed.do("exclude", device=2, on=False)
    after = room.full("id")
    for name in ("guesses", "points", "people", "draft"):
        assert after[name] == before[name], name
    disturbed.answer("loud", 2, 3)


def test_the_exclusion_itself_can_be_undone(disturbed: Meeting) -> None:
    step = disturbed.do("exclude", device=2, on=True)
    disturbed.do("undo", id=step.id)
    assert disturbed.room.guessed("apbd") == [6.0, 99.0]
    assert not disturbed.room.excluded


def test_nobody_is_excluded_who_never_came_nor_while_the_text_is_signed(
    disturbed: Meeting,
) -> None:
    with pytest.raises(Refused):
        disturbed.do("exclude", device=4, on=True)
    disturbed.do("freeze", on=True)
    digest = disturbed.room.digest
    with pytest.raises(Refused):
        disturbed.do("exclude", device=2, on=True)
    assert disturbed.room.digest == digest


def test_the_facilitator_sees_devices_and_who_is_connected(disturbed: Meeting) -> None:
    view = RoomView(disturbed.session)
    view.take(disturbed.events)
    disturbed.do("exclude", device=2, on=True)
    view.take(disturbed.events[-1:])
    state = view.state("id", 0, {who("kind"), who("loud")})
    tables = {one["code"]: one for one in state["tables"]}
    assert (tables[BALI]["online"], tables[BALI]["joined"]) == (1, 1)
    assert tables[LAMPUNG]["online"] == 0
    devices = {one["number"]: one for one in state["devices"]}
    assert devices[2] == {
        "number": 2, "table": BALI, "role": "dinsos", "online": True,
        "excluded": True,
    }  # fmt: skip
    assert not devices[3]["online"]


def test_data_for_researchers_name_the_device_by_its_number(disturbed: Meeting) -> None:
    disturbed.do("exclude", device=2, on=True)
    text = entries_as_lines(disturbed.events)
    assert who("loud") not in text
    last = json.loads(text.splitlines()[-1])
    assert last["body"] == {"device": 2, "on": True}
