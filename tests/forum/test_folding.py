"""An answer counts for the proposal that it was given to; a new proposal has to be confirmed."""

from __future__ import annotations

from typing import Any

import pytest

from kesos_sim.forum.entries import Refused
from kesos_sim.forum.room_view import RoomView
from tests.forum.meeting import BALI, JATENG, LAMPUNG, Meeting, who

LEVER = "bkkks_standing"
POINT = "1"
SK, PERDA = {LEVER: 2.0}, {LEVER: 3.0}
TABLES = (BALI, LAMPUNG, JATENG)


@pytest.fixture
def three(meeting: Meeting) -> Meeting:
    """Three tables with packages that make SK the proposal of the room."""
    for table in TABLES:
        meeting.join(table, table)
    meeting.do("phase", name="deliberate")
    for table, levers in zip(TABLES, (SK, SK, PERDA), strict=True):
        meeting.enter(table, "package", name="P", levers=levers, table=True, balanced=True)
    assert meeting.room.proposal(POINT) == SK
    return meeting


def agree(meeting: Meeting, table: str, answer: int = 3, **more: Any) -> None:
    meeting.enter(table, "stance", point=POINT, answer=answer, round=1, **more)


def change(meeting: Meeting, table: str = BALI, value: float = 3.0) -> None:
    meeting.enter(table, "amend", point=POINT, lever=LEVER, value=value)


def status(meeting: Meeting) -> tuple[str, tuple[str, ...]]:
    state = meeting.room.point(POINT)
    return state.status, state.unconfirmed


@pytest.mark.parametrize("more", [{"setting": SK}, {}], ids=["told", "older page"])
def test_a_changed_proposal_has_to_be_confirmed(three: Meeting, more: dict[str, Any]) -> None:
    for table in TABLES:
        agree(three, table, **more)
    assert status(three) == ("mufakat", ())
    change(three)
    assert three.room.proposal(POINT) == PERDA
    assert status(three) == ("open", (LAMPUNG, JATENG, BALI))
    assert three.room.point(POINT).share == 0
    assert three.room.agreed()["levers"] == {}
    for at, table in enumerate((LAMPUNG, JATENG, BALI), 1):
        agree(three, table, setting=PERDA)
        assert three.room.point(POINT).share == pytest.approx(at / 3)
    assert status(three) == ("mufakat", ())
    assert three.room.agreed()["levers"] == PERDA


def test_everybody_is_told_what_to_confirm(three: Meeting) -> None:
    for table in TABLES:
        agree(three, table, setting=SK)
    assert three.room.public(who(BALI), "id")["confirm"] == {}
    change(three)
    agree(three, JATENG, setting=PERDA)
    own = three.room.public(who(BALI), "id")
    assert (own["confirm"], own["settings"][POINT]) == ({POINT: SK}, PERDA)
    assert own["points"] == {}, "the meter is not open"
    assert three.room.public(who(JATENG), "id")["confirm"] == {}
    assert three.room.public("", "id")["confirm"] == {}
    assert three.room.full("id")["points"][POINT]["unconfirmed"] == [LAMPUNG, BALI]
    view = RoomView(three.session)
    view.take(three.events)
    assert view.state("id", 0)["points"][POINT]["unconfirmed"] == [LAMPUNG, BALI]
    three.do("reveal", what="stances")
    assert three.room.public("", "id")["points"][POINT]["unconfirmed"] == [LAMPUNG, BALI]
    three.do("freeze", on=True)
    clause = three.room.draft("id").clauses[0]
    assert not clause.carried
    assert "Perlu dikonfirmasi" in clause.outcome
    assert "Lampung, Bali" in clause.outcome
    assert "To be confirmed" in three.room.draft("en").text


def test_one_table_that_has_to_confirm_keeps_a_point_open(meeting: Meeting) -> None:
    names = meeting.seated()
    meeting.do("phase", name="deliberate")
    agree(meeting, names[0], setting={})
    meeting.do("clause", point=POINT, levers=PERDA)
    for name in names[1:]:
        agree(meeting, name, setting=PERDA)
    assert status(meeting) == ("near", (names[0][:2],))
    agree(meeting, names[0], setting=PERDA)
    assert status(meeting) == ("mufakat", ())


def test_an_objection_stays_an_objection(three: Meeting) -> None:
    agree(three, BALI, 0, setting=SK)
    agree(three, LAMPUNG, 1, setting=SK)
    change(three)
    state = three.room.point(POINT)
    assert (state.objections, state.unconfirmed) == ((BALI,), ())
    assert dict(state.tables) == {BALI: 0, LAMPUNG: 1}
    assert three.room.public(who(BALI), "id")["confirm"] == {}


def test_what_was_agreed_counts_again_when_the_proposal_comes_back(three: Meeting) -> None:
    agree(three, LAMPUNG, setting=SK)
    agree(three, JATENG)
    change(three)
    change(three, value=2.0)
    assert three.room.proposal(POINT) == SK
    assert three.room.point(POINT).unconfirmed == (JATENG,), "nobody knows what it has read"


def test_a_setting_that_the_room_never_had_is_no_answer_to_a_later_one(three: Meeting) -> None:
    agree(three, BALI, setting=PERDA)
    assert three.room.point(POINT).unconfirmed == (BALI,)
    change(three)
    assert three.room.point(POINT).unconfirmed == (BALI,)


def test_taking_a_change_back_takes_its_confirmation_back(three: Meeting) -> None:
    agree(three, BALI, setting=SK)
    step = three.do("clause", point=POINT, levers=PERDA)
    agree(three, LAMPUNG, setting=PERDA)
    assert three.room.point(POINT).unconfirmed == (BALI,)
    three.do("undo", id=step.id)
    assert three.room.proposal(POINT) == SK
    assert three.room.point(POINT).unconfirmed == (LAMPUNG,)


@pytest.mark.parametrize(
    "setting", [{"apbd_poverty_share": 0.1}, {LEVER: 99.0}, {"?": 1}, [LEVER], None]
)
def test_a_setting_of_another_point_or_out_of_range_is_refused(
    three: Meeting, setting: object
) -> None:
    with pytest.raises(Refused):
        agree(three, BALI, setting=setting)
    body = {"point": POINT, "answer": 3, "round": 1, "setting": setting}
    with pytest.raises(Refused):
        three.do("paper", table=BALI, kind="stance", card="k1", body=body)
    assert three.room.point(POINT).tables == {}


def card(meeting: Meeting, number: str, answer: int = 3, **more: object) -> None:
    """A card of the deliberation from Bali is typed in."""
    body = {"point": POINT, "answer": answer, "round": 1, **more}
    meeting.do("paper", table=BALI, kind="stance", card=number, body=body)


def test_a_card_on_paper_counts_for_the_proposal_it_was_filled_in_for(three: Meeting) -> None:
    three.do("clause", point=POINT, levers=SK)
    three.do("clause", point=POINT, levers=PERDA)
    assert three.room.asked(POINT)[-2:] == [SK, PERDA]
    card(three, "k1", setting=SK)  # typed in after the proposal had changed
    assert three.room.point(POINT).unconfirmed == (BALI,)
    card(three, "k1", setting=PERDA)
    assert three.room.point(POINT).unconfirmed == ()
    three.do("clause", point=POINT, levers=SK)
    assert three.room.point(POINT).unconfirmed == (BALI,)


def test_a_card_that_names_no_proposal_counts_only_where_there_was_one(meeting: Meeting) -> None:
    room = meeting.room
    meeting.do("clause", point=POINT, levers=PERDA)  # before the room is asked
    meeting.do("clause", point=POINT, levers=SK)
    meeting.do("phase", name="deliberate")
    assert room.asked(POINT) == [SK]
    card(meeting, "k1")
    assert room.point(POINT).unconfirmed == ()
    meeting.do("clause", point=POINT, levers=PERDA)
    assert room.point(POINT).unconfirmed == (BALI,)
    card(meeting, "k1")
    assert room.point(POINT).unconfirmed == (BALI,)
    card(meeting, "k2", answer=0)
    assert room.point(POINT).objections == (BALI,)


def test_the_proposals_that_were_asked_follow_an_undone_phase(meeting: Meeting) -> None:
    step = meeting.do("phase", name="deliberate")
    assert meeting.room.asked(POINT) == [{}]
    meeting.do("undo", id=step.id)
    assert meeting.room.asked(POINT) == []


def test_settings_are_public_only_while_the_room_is_asked(meeting: Meeting) -> None:
    meeting.join("a")
    assert meeting.room.public(who("a"), "id")["settings"] == {}
    meeting.do("phase", name="deliberate")
    assert set(meeting.room.public(who("a"), "id")["settings"]) == {str(n) for n in range(1, 10)}
