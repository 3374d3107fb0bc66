"""Entries of visitors are refused unless they are exactly what a page of ours would send."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.forum_entries import GOOD
from kesos_sim import i18n
from kesos_sim.forum.entries import LARGEST_BODY, Refused, checked, participant
from kesos_sim.forum.events import ATTENDEE_KINDS, ROOM_KINDS, body_text, pseudonym
from kesos_sim.forum.room import Room
from kesos_sim.forum.session import Session
from kesos_sim.forum.signing import sealed
from tests.forum.meeting import BALI, JATENG, LAMPUNG, Meeting, who

NUMBER = "a" * 32


def opened(session: Session, phase: str = "reflect") -> Meeting:
    meeting = Meeting(session)
    meeting.do("keys", seals=sealed({one.code: f"KODE{one.code}" for one in session.tables}))
    meeting.join("Sari", BALI, "orsos")
    meeting.do("phase", name=phase)
    return meeting


@pytest.mark.parametrize("kind", GOOD)
def test_what_pages_send_is_accepted(session: Session, kind: str) -> None:
    meeting = opened(session)
    entry = meeting.enter("Sari", kind, **GOOD[kind])
    assert entry.participant == who("Sari")
    assert entry.table == (JATENG if kind == "join" else BALI)
    assert {**entry.body} | GOOD[kind] == {**entry.body}
    assert len(body_text(entry.body)) <= LARGEST_BODY


def why(meeting: Meeting, kind: object, body: object, identity: object = "event-xx") -> str:
    with pytest.raises(Refused) as caught:
        checked(
            {"id": identity, "kind": kind, "body": body}, meeting.session, meeting.room, who("Sari")
        )
    for lang in i18n.LANGUAGES:
        assert caught.value.text(lang)
    return caught.value.key.removeprefix("forum.refused_")


INFINITE, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("kind", "changes", "reason"),
    [
        ("join", {"province": "61"}, "choice"),
        ("join", {"province": 33}, "choice"),
        ("join", {"role": "presiden"}, "choice"),
        ("join", {"name": "Budi"}, "form"),
        ("guess", {"question": "x"}, "choice"),
        ("guess", {"value": "7"}, "form"),
        ("guess", {"value": True}, "form"),
        ("guess", {"value": NAN}, "number"),
        ("guess", {"value": INFINITE}, "number"),
        ("guess", {"value": -1}, "number"),
        ("guess", {"value": 10**400}, "number"),
        ("guess", {"late": False}, "form"),
        ("try", {"levers": {"pkh_amount": 1}}, "lever"),
        ("try", {"levers": {"apbd_poverty_share": 0.16}}, "lever"),
        ("try", {"levers": {"apbd_poverty_share": NAN}}, "lever"),
        ("try", {"levers": {"welfare_bylaw": 1.5}}, "lever"),
        ("try", {"levers": {"welfare_bylaw": 10**400}}, "lever"),
        ("try", {"levers": {"welfare_bylaw": True}}, "lever"),
        ("try", {"levers": ["welfare_bylaw"]}, "form"),
        ("package", {"name": ""}, "text"),
        ("package", {"name": "x" * 41}, "text"),
        ("package", {"name": "\u202e"}, "text"),
        ("package", {"sources": {"subsidi": 0.5}}, "sources"),
        ("package", {"sources": {"kas": 1}}, "form"),
        ("package", {"sources": {"subsidi": 1.5, "belanja_modal": -0.5}}, "number"),
        ("package", {"table": 1}, "form"),
        ("stance", {"point": "10"}, "choice"),
        ("stance", {"point": 4}, "choice"),
        ("stance", {"answer": 4}, "number"),
        ("stance", {"answer": 2.5}, "number"),
        ("stance", {"answer": NAN}, "number"),
        ("stance", {"note": "x" * 141}, "text"),
        ("stance", {"note": {"a": 1}}, "form"),
        ("amend", {"lever": "welfare_bylaw"}, "point"),
        ("amend", {"value": 0.2}, "lever"),
        ("amend", {"value": NAN}, "number"),
        ("reflect", {"text": "x" * 281}, "text"),
        ("reflect", {"text": "x" * 1_000_000}, "text"),
        ("full", {"shock": "meteor"}, "choice"),
        ("full", {"effect": "no"}, "form"),
    ],
)  # fmt: skip
def test_what_no_page_sends_is_refused(
    session: Session, kind: str, changes: dict[str, Any], reason: str
) -> None:
    assert why(opened(session), kind, {**GOOD[kind], **changes}) == reason


def test_a_table_may_ask_that_a_lever_stays_as_it_is_today(session: Session) -> None:
    entry = opened(session).enter("Sari", "amend", **{**GOOD["amend"], "value": None})
    assert entry.body["value"] is None


@pytest.mark.parametrize("kind", ROOM_KINDS)
def test_a_visitor_does_nothing_of_the_facilitator(session: Session, kind: str) -> None:
    assert why(opened(session), kind, {"on": True}) == "room"


@pytest.mark.parametrize("identity", [None, 7, "", "short", "x" * 65, "event xx", "é" * 12])
def test_numbers_of_entries_are_plain(session: Session, identity: object) -> None:
    assert why(opened(session), "reflect", GOOD["reflect"], identity) == "form"


@pytest.mark.parametrize("number", [None, "", "A" * 32, "a" * 31, "a" * 33, 5, "g" * 32])
def test_numbers_of_participants_are_random_ones(number: object) -> None:
    with pytest.raises(Refused):
        participant(number)


def test_a_participant_is_kept_only_as_a_digest() -> None:
    assert participant(NUMBER) == pseudonym(NUMBER)
    assert NUMBER not in participant(NUMBER)
    assert len(participant(NUMBER)) == 64


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner,
                                                                 max_size=3),
    max_leaves=8,
)  # fmt: skip
FIELDS = sorted({name for body in GOOD.values() for name in body})


@pytest.mark.slow
@settings(max_examples=150)
@given(
    kind=st.sampled_from([*ATTENDEE_KINDS, *ROOM_KINDS]) | JSON,
    body=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6) | JSON,
    by=st.sampled_from(["", who("Sari"), who("nobody")]),
)
def test_nothing_that_comes_in_breaks_the_check(
    session: Session, kind: Any, body: Any, by: str
) -> None:
    room = Room(session)
    try:
        entry = checked({"id": "event-1234", "kind": kind, "body": body}, session, room, by)
    except Refused as error:
        assert error.key.startswith("forum.refused_")
    else:
        json.loads(body_text(entry.body))


def test_a_visitor_joins_first(session: Session) -> None:
    meeting = Meeting(session)
    meeting.do("phase", name="deliberate")
    assert why(meeting, "stance", GOOD["stance"]) == "join"


@pytest.mark.parametrize(
    ("phase", "kind", "open_"),
    [
        ("opening", "guess", False), ("guess", "guess", True), ("agree", "guess", True),
        ("guess", "try", False), ("explore", "try", True), ("shock", "stance", False),
        ("deliberate", "stance", True), ("agree", "reflect", False), ("reflect", "reflect", True),
        ("opening", "join", True), ("explore", "full", True), ("guess", "package", False),
    ],
)  # fmt: skip
def test_parts_open_with_their_phase_and_stay_open(
    session: Session, phase: str, kind: str, open_: bool
) -> None:
    meeting = opened(session, phase)
    if open_:
        meeting.enter("Sari", kind, **GOOD[kind])
    else:
        assert why(meeting, kind, GOOD[kind]) == "phase"


def test_closed_input_takes_nothing_but_people_and_tries(session: Session) -> None:
    meeting = opened(session)
    meeting.do("input", open=False)
    for kind in ("guess", "package", "stance", "amend", "reflect"):
        assert why(meeting, kind, GOOD[kind]) == "closed"
    meeting.join("late", LAMPUNG)
    meeting.enter("Sari", "try", **GOOD["try"])


def test_a_guess_is_locked(session: Session) -> None:
    meeting = opened(session)
    meeting.enter("Sari", "guess", question="apbd", value=7)
    assert why(meeting, "guess", {"question": "apbd", "value": 8}) == "locked"
    meeting.enter("Sari", "guess", question="both", value=8)


def test_a_guess_after_the_answer_is_kept_and_does_not_count(session: Session) -> None:
    meeting = opened(session)
    meeting.do("reveal", what="guess:apbd")
    entry = meeting.enter("Sari", "guess", question="apbd", value=7)
    assert entry.body["late"] is True
    assert meeting.room.guessed("apbd") == []
    assert meeting.room.full("id")["guesses"]["apbd"]["late"] == 1


def test_signing(session: Session) -> None:
    meeting = opened(session, "agree")
    body = {"digest": "0" * 64, "code": f"KODE{BALI}"}
    assert why(meeting, "sign", body) == "not_frozen"
    meeting.do("freeze", on=True)
    assert why(meeting, "sign", {**body, "code": f"KODE{LAMPUNG}"}) == "code"
    assert why(meeting, "sign", body) == "digest"
    meeting.enter("Sari", "sign", digest=meeting.room.digest, code=f" ko-de {BALI} ")
    assert meeting.room.signed == (BALI,)
    for kind in ("package", "stance", "amend"):
        assert why(meeting, kind, GOOD[kind]) == "frozen"


def test_the_text_that_is_being_signed_changes_by_nobody(session: Session) -> None:
    """Nor by the facilitator, a card of paper or a step back: signatures would count no more."""
    meeting = opened(session, "deliberate")
    answer = meeting.enter("Sari", "stance", **GOOD["stance"])
    clause = meeting.do("clause", point="1", text="Disepakati.")
    meeting.do("phase", name="agree")
    meeting.do("freeze", on=True)
    digest = meeting.room.digest
    cards = ({"kind": kind, "table": BALI, "body": GOOD[kind]} for kind in ("stance", "package"))
    changes: list[tuple[str, dict[str, Any]]] = [
        ("clause", {"point": "1", "text": "Lain."}),
        ("renaksi", {"row": "r1", "point": "1", "activity": "Rapat"}),
        ("vote", {"point": "1", "for": 3, "against": 1}),
        ("hide", {"what": f"entry:{answer.id}"}),
        ("undo", {"id": clause.id}),
        *(("paper", card) for card in cards),
    ]
    for kind, body in changes:
        with pytest.raises(Refused) as caught:
            meeting.do(kind, **body)
        assert caught.value.key == "forum.refused_frozen_text", kind
    assert meeting.room.digest == digest
    # What stands outside of the text goes on.
    meeting.do("phase", name="reflect")
    said = meeting.enter("Sari", "reflect", **GOOD["reflect"])
    meeting.do("hide", what=f"entry:{said.id}")
    meeting.do("paper", kind="reflect", table=BALI, body=GOOD["reflect"])
    meeting.do("freeze", on=False)
    for kind, body in changes:
        meeting.do(kind, **body)
    assert meeting.room.clauses == {"1": "Lain."} and meeting.room.digest is None


def test_one_request_at_a_time(session: Session) -> None:
    meeting = opened(session)
    entry = meeting.enter("Sari", "full", **GOOD["full"])
    assert why(meeting, "full", GOOD["full"]) == "waiting"
    meeting.do("result", request=entry.id, outcomes={"poverty_rate": [7.1, None]})
    meeting.enter("Sari", "full", **GOOD["full"])


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("phase", {"name": "lunch"}), ("reveal", {"what": "keys"}), ("undo", {"id": "nothing-1"}),
        ("clause", {"point": "4", "levers": {"apbd_poverty_share": 9}}), ("shock", {"name": "x"}),
        ("paper", {"table": BALI, "kind": "join", "body": {}}),
        ("paper", {"table": BALI, "kind": "guess", "body": {"question": "apbd", "value": 200}}),
        ("paper", {"table": BALI, "kind": "reflect", "body": [""]}),
        ("paper", {"table": BALI, "kind": "reflect", "body": 7.5}),
        ("paper", {"table": "99", "kind": "reflect", "body": {"text": "x"}}),
        ("freeze", {"on": True, "figures": {"a": [float("nan")]}}), ("join", GOOD["join"]),
        ("vote", {"point": "1", "for": -1, "against": 0}), ("projector", {"size": 90}),
    ],
)  # fmt: skip
def test_the_facilitator_s_entries_are_checked_too(
    session: Session, kind: str, body: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        opened(session).do(kind, **body)
