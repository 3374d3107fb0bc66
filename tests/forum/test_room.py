"""The state of a meeting follows from its events: in any order of people, again, and undone."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim import i18n
from kesos_sim.forum.agreement_tables import package_table
from kesos_sim.forum.events import Event
from kesos_sim.forum.proposals import heard, kept
from kesos_sim.forum.room import Room
from kesos_sim.forum.session import FORUM_LEVERS, PHASES, Session
from kesos_sim.forum.shapes import Refused
from kesos_sim.forum.signing import sealed
from kesos_sim.i18n import numbers
from kesos_sim.scenario.levers import LEVERS, POINTS
from tests.forum.meeting import BALI, JATENG, LAMPUNG, Meeting, who

PEOPLE = [f"{table}/{n}" for table in (LAMPUNG, JATENG, BALI) for n in range(3)]


def settings_of(lever: str) -> st.SearchStrategy[float]:
    declared = LEVERS[lever]
    if declared.kind in ("step", "switch"):
        return st.integers(int(declared.low), int(declared.high)).map(float)
    return st.sampled_from([declared.low, 0.05 * declared.high, declared.high])


LEVER_SETTINGS = st.sampled_from(FORUM_LEVERS).flatmap(
    lambda name: st.tuples(st.just(name), settings_of(name))
)
ACTIONS = st.one_of(
    st.tuples(st.just("guess"), st.fixed_dictionaries(
        {"question": st.sampled_from(["apbd", "both"]), "value": st.integers(0, 20)})),
    st.tuples(st.just("stance"), st.fixed_dictionaries(
        {"point": st.sampled_from("149"), "answer": st.integers(0, 3), "round": st.just(1),
         "note": st.sampled_from(["", "perlu anggaran", "<b>tidak</b>"])})),
    LEVER_SETTINGS.map(lambda one: ("amend", {"point": str(LEVERS[one[0]].point),
                                              "lever": one[0], "value": one[1]})),
    LEVER_SETTINGS.map(lambda one: ("try", {"levers": {one[0]: one[1]}})),
    st.tuples(st.just("reflect"), st.fixed_dictionaries({"text": st.sampled_from(["a", "b"])})),
)  # fmt: skip
DAYS = st.lists(st.tuples(st.sampled_from(PEOPLE), ACTIONS), max_size=40)


def event(seq: int, person: str, kind: str, body: dict[str, Any], identity: str) -> Event:
    return Event(seq, identity, kind, who(person), person[:2], "orsos", 0, body)


def played(session: Session, rows: list[tuple[str, str, dict[str, Any], str]]) -> Room:
    room = Room(session)
    room.take(event(seq, *row[:3], row[3]) for seq, row in enumerate(rows, 1))
    return room


def seen(room: Room) -> dict[str, Any]:
    full = room.full("id")
    return {name: value for name, value in full.items() if name not in ("steps",)}


def rows_of(day: list[tuple[str, tuple[str, dict[str, Any]]]]) -> list[Any]:
    joins = [(name, "join", {"province": name[:2], "role": "orsos"}, f"join-{name}")
             for name in PEOPLE]  # fmt: skip
    return joins + [
        (name, kind, body, f"event-{place:05d}") for place, (name, (kind, body)) in enumerate(day)
    ]


@settings(max_examples=40)
@given(day=DAYS, seed=st.integers(0, 2**16))
def test_the_order_in_which_different_people_come_does_not_matter(
    session: Session, day: list[Any], seed: int
) -> None:
    """But that an answer is to what the room proposes then: all proposals come before it here."""
    draw = random.Random(seed)  # noqa: S311
    rows, mixed = [], []
    for answering in (False, True):
        part = [row for row in rows_of(day) if (row[1] == "stance") == answering]
        rows += part
        waiting = {name: [row for row in part if row[0] == name] for name in PEOPLE}
        while any(waiting.values()):
            name = draw.choice([name for name, left in waiting.items() if left])
            mixed.append(waiting[name].pop(0))
    assert seen(played(session, mixed)) == seen(played(session, rows))


@settings(max_examples=25)
@given(day=DAYS, cuts=st.lists(st.integers(0, 50), max_size=5))
def test_replay_in_pieces_and_twice_gives_the_same(
    session: Session, day: list[Any], cuts: list[int]
) -> None:
    events = [event(seq, *row[:3], row[3]) for seq, row in enumerate(rows_of(day), 1)]
    whole, pieces = Room(session), Room(session)
    whole.take(events)
    for cut in sorted(cuts):
        pieces.take(events[:cut])
    assert pieces.take(events) or cuts
    assert not pieces.take(events)
    assert seen(pieces) == seen(whole)
    json.dumps(seen(whole), allow_nan=False)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("phase"), st.fixed_dictionaries({"name": st.sampled_from(PHASES)})),
        st.tuples(st.just("input"), st.fixed_dictionaries({"open": st.booleans()})),
        st.tuples(st.just("freeze"), st.fixed_dictionaries({"on": st.booleans()})),
        st.tuples(st.sampled_from(["reveal", "hide"]), st.fixed_dictionaries(
            {"what": st.sampled_from(["packages", "stances", "guess:apbd"])})),
        st.tuples(st.just("vote"), st.fixed_dictionaries(
            {"point": st.sampled_from("19"), "for": st.just(6), "against": st.just(4)})),
        st.tuples(st.just("clause"), st.fixed_dictionaries(
            {"point": st.sampled_from("19"), "text": st.sampled_from(["", "Butir lain"])})),
        st.tuples(st.just("renaksi"), st.fixed_dictionaries(
            {"row": st.sampled_from("ab"), "activity": st.just("Rapat"), "delete": st.booleans()})),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


@settings(max_examples=40)
@given(steps=STEPS, back=st.integers(0, 40))
def test_undoing_is_as_if_it_had_not_been(session: Session, steps: list[Any], back: int) -> None:
    place = back % len(steps)
    done, without = Meeting(session), Meeting(session)
    for number, (kind, body) in enumerate(steps):
        entry = done.written(kind, **body)
        if number == place:
            undone = entry.id
        else:
            without.written(kind, **body)
    undo = done.written("undo", id=undone)
    first, second = seen(done.room), seen(without.room)
    for one in (first, second):
        del one["version"], one["phase_at"]
    assert first == second
    assert undone not in [step.id for step in done.room.steps]
    assert not done.room.can_undo(undone)
    again = Room(session)
    again.take([*done.events, Event(99, "event-99", "undo", "", "", "", 0, {"id": undo.id})])
    assert undone in [step.id for step in again.steps], "an undo can be undone"


@settings(max_examples=25)
@given(day=DAYS, steps=STEPS, seed=st.integers(0, 99))
def test_a_draft_that_is_kept_is_the_draft(
    session: Session, day: list[Any], steps: list[Any], seed: int
) -> None:
    """What is remembered between events equals what is written anew."""
    events = [event(0, *row[:3], row[3]) for row in rows_of(day)]
    events += [
        Event(0, f"step-{n:04d}", kind, "", "", "", 0, body) for n, (kind, body) in enumerate(steps)
    ]
    random.Random(seed).shuffle(events)  # noqa: S311
    room = Room(session)
    for seq, one in enumerate(events, 1):
        room.take([replace(one, seq=seq)])
        room.draft("id")
    anew = Room(session)
    anew.take(replace(one, seq=seq) for seq, one in enumerate(events, 1))
    assert room.draft("id") == anew.draft("id")
    assert room.digest == anew.digest


def test_nobody_sees_others_before_it_is_opened(meeting: Meeting) -> None:
    names = meeting.seated(2)
    meeting.do("phase", name="reflect")
    for name in names:
        meeting.enter(name, "guess", question="apbd", value=7)
        meeting.enter(name, "package", name="Rahasia meja", levers={"welfare_bylaw": 2},
                      sources={"subsidi": 1.0}, table=True, balanced=True)  # fmt: skip
        meeting.answer(name, 1, 0, "Rahasia catatan")
        meeting.enter(name, "reflect", text="Rahasia kalimat")
    seals = sealed({one.code: f"RAHASIA{one.code}" for one in meeting.session.tables})
    meeting.do("keys", seals=seals)
    state = meeting.room.public(who(names[0]), "id")
    assert "ahasia" not in json.dumps(state).lower().replace("rahasia catatan", "")
    assert (state["guesses"], state["packages"], state["points"]) == ({}, [], {})
    for what in ("guess:apbd", "packages", "stances", "reflections"):
        meeting.do("reveal", what=what)
    state = meeting.room.public(who(names[0]), "id")
    assert state["guesses"]["apbd"]["n"] == 20
    assert len(state["packages"]) == 10
    assert state["points"]["1"]["status"] == "open"
    assert len(state["reflections"]) == 20
    assert not any(seal in json.dumps(state) for seal in seals.values())
    assert who(names[0]) not in json.dumps(state)
    meeting.do("hide", what="packages")
    assert meeting.room.public(who(names[0]), "id")["packages"] == []


def test_an_entry_can_be_taken_off_the_wall(meeting: Meeting) -> None:
    meeting.join("a")
    meeting.do("phase", name="reflect")
    entry = meeting.enter("a", "reflect", text="Kasar")
    meeting.do("reveal", what="reflections")
    assert meeting.room.public("", "id")["reflections"][0]["text"] == "Kasar"
    meeting.do("hide", what=f"entry:{entry.id}")
    assert meeting.room.public("", "id")["reflections"] == []
    meeting.do("reveal", what=f"entry:{entry.id}")
    assert len(meeting.room.public("", "id")["reflections"]) == 1


def test_own_entries_come_back_after_a_reload(meeting: Meeting) -> None:
    meeting.join("a")
    meeting.join("b")
    meeting.do("phase", name="explore")
    entry = meeting.enter("a", "guess", question="both", value=6.5)
    for n in range(30):
        meeting.enter("a", "try", levers={"political_dialogue": n % 12})
    own = meeting.room.own(who("a"))
    assert {"id": entry.id, "kind": "guess", "body": {"question": "both", "value": 6.5}} in own
    assert sum(one["kind"] == "try" for one in own) == 20
    assert meeting.room.own("") == []


def test_paper_cards_count_like_phones(meeting: Meeting) -> None:
    meeting.do("phase", name="deliberate")
    for card, answer in (("k1", 3), ("k2", 0), ("k2", 2)):
        meeting.do("paper", table=BALI, role="bkkks", card=card, kind="stance",
                   body={"point": "1", "answer": answer, "round": 1})  # fmt: skip
    assert meeting.room.point("1").tables == {BALI: 2}
    assert meeting.room.present == (BALI,)
    assert meeting.room.full("id")["on_paper"] == {BALI: 2}
    assert meeting.room.full("id")["people"] == 0


def test_a_lever_without_a_circle_is_no_vote_for_today(meeting: Meeting) -> None:
    """Three cards of ten circle a lever: the middle is of those three."""
    quiet = [name for name in FORUM_LEVERS if name != "bkkks_standing"]
    for place, one in enumerate(meeting.session.tables):
        levers = {"bkkks_standing": 3.0} if place < 3 else {}
        silent = quiet if place < 3 else [*FORUM_LEVERS]
        meeting.do("paper", table=one.code, kind="package", card="k1",
                   body={"name": "Kartu", "levers": levers, "silent": silent,
                         "table": True, "balanced": True})  # fmt: skip
    assert meeting.room.proposal("1") == {"bkkks_standing": 3.0}
    assert heard(meeting.room, 1) == {"bkkks_standing": 3}
    assert heard(meeting.room, 4) == {"apbd_poverty_share": 0, "apbn_poverty_share": 0}
    for one in meeting.session.tables[3:]:  # "as now" said in so many words is a vote for today
        meeting.do("paper", table=one.code, kind="package", card="k1",
                   body={"name": "Kartu", "levers": {}, "silent": quiet,
                         "table": True, "balanced": True})  # fmt: skip
    assert meeting.room.proposal("1") == {}
    assert heard(meeting.room, 1) == {"bkkks_standing": len(meeting.session.tables)}


def test_phones_and_paper_count_an_opinion_by_one_rule(meeting: Meeting) -> None:
    """The same package says the same from a phone and from a card; an old entry said it of all."""
    meeting.seated()
    meeting.do("phase", name="deliberate")
    shares = {"apbd_poverty_share": 0.1}
    quiet = [name for name in FORUM_LEVERS if name not in {*shares, "bkkks_standing"}]
    said = {"name": "P", "levers": shares, "silent": quiet, "table": True, "balanced": True}
    meeting.enter(f"{BALI}/0", "package", **said)
    phone = {point: heard(meeting.room, point) for point in POINTS}
    meeting.do("paper", table=BALI, kind="package", card="k1", body=said)
    assert {point: heard(meeting.room, point) for point in POINTS} == phone
    assert phone[1] == {"bkkks_standing": 1}
    assert phone[4] == {"apbd_poverty_share": 1, "apbn_poverty_share": 0}
    assert phone[7] == {"welfare_bylaw": 0}
    for one in (LAMPUNG, JATENG):  # untouched levers do not pull the middle towards today
        meeting.enter(f"{one}/0", "package", **{**said, "levers": {}, "silent": [*FORUM_LEVERS]})
    assert meeting.room.proposal("4") == shares
    old = {name: value for name, value in said.items() if name != "silent"}
    for one in (LAMPUNG, JATENG):
        meeting.enter(f"{one}/0", "package", **{**old, "levers": {}})
    assert heard(meeting.room, 7) == {"welfare_bylaw": 2}
    assert meeting.room.proposal("4") == {}, "two tables of three said in full: as today"


def test_a_clause_tells_what_stays_from_what_nobody_spoke_of(meeting: Meeting) -> None:
    names = meeting.seated()
    meeting.do("phase", name="deliberate")
    levers = {"apbd_poverty_share": 0.1}
    quiet = [name for name in FORUM_LEVERS if name not in {*levers, "bkkks_standing"}]
    for name in names:
        meeting.enter(name, "package", name="P", levers=levers, silent=quiet, table=True,
                      balanced=True)  # fmt: skip
        for point in POINTS:
            meeting.answer(name, point, 3)
    assert kept(meeting.room, 1) == ("bkkks_standing",)
    clauses = {one.point: one.text for one in meeting.room.draft("id").clauses}
    standing = LEVERS["bkkks_standing"].label("id")
    assert clauses["1"] == f"Disepakati: {standing} tetap seperti sekarang."
    assert clauses["7"] == "Disepakati pada prinsipnya; besarannya belum ditentukan."
    assert "tetap seperti sekarang" not in clauses["4"], "the share of the nation is not spoken of"
    meeting.do("clause", point="7", levers={"welfare_bylaw": 0.0})
    assert kept(meeting.room, 7) == ("welfare_bylaw",), "the facilitator wrote it down"
    assert kept(meeting.room, 4) == ()
    meeting.enter(names[0], "package", name="P", levers=levers, table=True, balanced=True,
                  silent=[one for one in quiet if one != "apbn_poverty_share"])  # fmt: skip
    text = meeting.room.draft("id").clauses[3].text
    assert f"{LEVERS['apbn_poverty_share'].label('id')} tetap seperti sekarang." in text
    table = package_table(meeting.room, "id")
    agreed, own = table.rows[-1], table.rows[0]
    at = {lever: 2 + place for place, lever in enumerate(FORUM_LEVERS)}
    assert agreed[at["political_dialogue"]] == own[at["political_dialogue"]] == numbers.EN_DASH
    assert agreed[at["bkkks_standing"]] == own[at["bkkks_standing"]] == "SK"


def test_a_phrase_stands_once_with_all_who_chose_it(meeting: Meeting) -> None:
    names = meeting.seated(2)
    meeting.do("phase", name="deliberate")
    for name in names:
        meeting.enter(name, "stance", point="1", answer=2, round=1, phrase="money")
    meeting.answer(names[0], 1, 2, "Bertahap saja")
    meeting.enter(names[-1], "stance", point="1", answer=0, round=1, phrase="money")
    clause = meeting.room.draft("id").clauses[0]
    phrase = i18n.text("forum_page.phrase_money", "id")
    grouped, own = clause.notes
    assert grouped.startswith(f"{phrase} ({len(names) - 2} orang): Lampung (Dinas Sosial), ")
    assert len(grouped.split(", ")) == len(meeting.session.tables), "each table and role once"
    assert own == "Lampung (Dinas Sosial): Bertahap saja"
    (objection,) = clause.dissent
    assert objection.endswith(f": {phrase}"), "who objects is named one by one"


def test_the_proposal_is_the_middle_of_the_tables(meeting: Meeting) -> None:
    meeting.seated()
    meeting.do("phase", name="deliberate")
    for place, one in enumerate(meeting.session.tables):
        meeting.enter(f"{one.code}/0", "package", name="P", table=True, balanced=True,
                      levers={"apbd_poverty_share": 0.01 * place} if place else {},
                      sources={"subsidi": 1.0} if place % 2 else {"belanja_modal": 1.0},
                      )  # fmt: skip
    assert meeting.room.proposal("4") == {"apbd_poverty_share": pytest.approx(0.04)}
    assert meeting.room.proposal("1") == {}
    for table in (BALI, LAMPUNG, JATENG):
        meeting.enter(f"{table}/0", "amend", point="4", lever="apbd_poverty_share", value=0.15)
    assert meeting.room.proposal("4") == {"apbd_poverty_share": pytest.approx(0.06)}
    meeting.do("clause", point="4", levers={"apbd_poverty_share": 0.1})
    assert meeting.room.proposal("4") == {"apbd_poverty_share": 0.1}
    sources = meeting.room.agreed()["sources"]
    assert sources == {"belanja_modal": 0.5, "subsidi": 0.5}


def test_only_points_that_are_carried_are_in_the_package(meeting: Meeting) -> None:
    names = meeting.seated(3)
    meeting.do("phase", name="deliberate")
    levers = {"apbd_poverty_share": 0.1, "welfare_bylaw": 2.0, "bkkks_standing": 3.0}
    for name in names:
        meeting.enter(name, "package", name="P", levers=levers, sources={}, table=True,
                      balanced=False)  # fmt: skip
        for point in POINTS:
            meeting.answer(name, point, 3)
    assert meeting.room.agreed()["levers"] == levers
    meeting.answer(names[0], 4, 0, "Tidak ada ruang fiskal")
    assert set(meeting.room.agreed()["levers"]) == {"welfare_bylaw", "bkkks_standing"}
    meeting.do("vote", point="4", **{"for": 9, "against": 1}, dissent="Lampung menolak")
    assert meeting.room.agreed()["levers"] == levers
    clause = meeting.room.draft("id").clauses[3]
    assert clause.status == "voted"
    assert "9 setuju, 1 tidak setuju" in clause.outcome
    assert clause.dissent == ("Lampung (Dinas Sosial): Tidak ada ruang fiskal", "Lampung menolak")
    meeting.do("vote", point="4", **{"for": 4, "against": 6})
    assert "apbd_poverty_share" not in meeting.room.agreed()["levers"]


def test_freezing_keeps_the_draft_and_an_edit_needs_new_signatures(meeting: Meeting) -> None:
    meeting.do("keys", seals=sealed({one.code: "AB12" for one in meeting.session.tables}))
    names = meeting.seated()
    meeting.do("phase", name="agree")
    assert meeting.room.digest is None
    meeting.do("freeze", on=True)
    digest = meeting.room.digest
    assert digest == meeting.room.draft("id").digest != meeting.room.draft("en").digest
    meeting.enter(names[0], "sign", digest=digest, code="AB12")
    late = Event(len(meeting.events) + 1, "late-0001", "stance", who(names[1]), "31", "orsos", 0,
                 {"point": "1", "answer": 0, "round": 1})  # fmt: skip
    meeting.room.take([late])
    assert meeting.room.digest == digest, "what arrives after the freeze changes nothing"
    assert meeting.room.signed == (names[0][:2],)
    room = meeting.room
    room.take([Event(late.seq + 1, "edit-0001", "clause", "", "", "", 0,
                     {"point": "1", "text": "Diubah"})])  # fmt: skip
    assert room.digest != digest
    assert room.signed == ()


def test_who_comes_after_the_freeze_is_seen_but_not_signed_for(meeting: Meeting) -> None:
    meeting.do("keys", seals=sealed({one.code: "AB12" for one in meeting.session.tables}))
    names = [BALI, LAMPUNG]
    for name in names:
        meeting.join(name, name)
    meeting.do("phase", name="agree")
    for name in names:
        meeting.answer(name, 1, 3)
    meeting.do("freeze", on=True)
    digest, draft = meeting.room.digest, meeting.room.draft("id")
    assert draft.clauses[0].status == "mufakat"
    for name in names:
        meeting.enter(name, "sign", digest=digest, code="AB12")
    meeting.join("late", JATENG)
    card = {"table": "31", "kind": "stance", "card": "k1",
            "body": {"point": "1", "answer": 0, "round": 1}}  # fmt: skip
    with pytest.raises(Refused):
        meeting.do("paper", **card)
    room = meeting.room
    assert room.present == (LAMPUNG, JATENG, BALI)
    assert room.public("", "id")["joined"][JATENG] == 1
    assert (room.digest, room.draft("id")) == (digest, draft)
    assert set(room.signed) == set(names)
    assert room.carried("1"), "what is exported says the same"
    meeting.do("freeze", on=True)
    assert set(room.signed) == set(names), "pressing it twice changes nothing"
    meeting.enter("late", "sign", digest=digest, code="AB12")
    assert JATENG in room.signed
    meeting.do("freeze", on=False)
    meeting.do("paper", **card)
    assert room.present == (LAMPUNG, "31", JATENG, BALI)
    assert not room.carried("1"), "a draft that is open again counts everybody"
    meeting.do("freeze", on=True)
    assert room.digest != digest
    assert room.signed == ()


def test_full_model_requests_queue_in_order(meeting: Meeting) -> None:
    for name in "abc":
        meeting.join(name)
    meeting.do("phase", name="explore")
    ids = [meeting.enter(name, "full", levers={"welfare_bylaw": 1}).id for name in "abc"]
    places = [meeting.room.public(who(name), "id")["requests"] for name in "abc"]
    assert [one[i]["place_in_queue"] for one, i in zip(places, ids, strict=True)] == [1, 2, 3]
    meeting.do("result", request=ids[0], state="running")
    meeting.do("result", request=ids[0], state="done", outcomes={"poverty_rate": 7.5})
    own = meeting.room.public(who("a"), "id")["requests"]
    assert own == {ids[0]: {"state": "done", "place_in_queue": 0,
                            "outcomes": {"poverty_rate": 7.5}}}  # fmt: skip
    assert meeting.room.public(who("b"), "id")["requests"][ids[1]]["place_in_queue"] == 1


def test_a_row_of_the_plan_is_rewritten_deleted_and_added(meeting: Meeting) -> None:
    names = meeting.seated()
    meeting.do("phase", name="deliberate")
    for name in names:
        meeting.enter(name, "package", name="P", table=True, balanced=True, sources={},
                      levers={"welfare_bylaw": 2.0, "political_dialogue": 4.0})  # fmt: skip
        for point in (2, 7):
            meeting.answer(name, point, 3)

    def rows() -> dict[str, str]:
        return {one.row: one.activity for one in meeting.room.draft("id").rows}

    known = rows()
    assert list(known) == ["2-political_dialogue", "7-welfare_bylaw"]
    meeting.do("renaksi", row="7-welfare_bylaw", point="7", activity="Naskah akademik")
    meeting.do("renaksi", row="x", point="3", activity="Direktori Orsos")
    assert rows() == {**known, "7-welfare_bylaw": "Naskah akademik", "x": "Direktori Orsos"}
    meeting.do("renaksi", row="7-welfare_bylaw", years="2028")
    for lang in ("id", "en"):
        # What nobody typed is in the language of the reader.
        (row,) = [one for one in meeting.room.draft(lang).rows if one.point == "7"]
        assert (row.activity, row.years) == ("Naskah akademik", "2028")
        assert row.responsible == i18n.text("forum_page.responsible_7", lang)
    deleted = meeting.do("renaksi", row="2-political_dialogue", delete=True)
    assert list(rows()) == ["x", "7-welfare_bylaw"]
    meeting.do("undo", id=deleted.id)
    assert list(rows()) == ["2-political_dialogue", "x", "7-welfare_bylaw"]


@pytest.mark.parametrize(("values", "middle"), [([3, 5, 9], 5), ([3, 5, 6, 30], 5.5), ([4], 4)])
def test_the_middle_of_guesses_is_the_median(
    meeting: Meeting, values: list[float], middle: float
) -> None:
    for place in range(len(values)):
        meeting.join(place)
    meeting.do("phase", name="guess")
    for place, value in enumerate(values):
        meeting.enter(place, "guess", question="apbd", value=value)
    meeting.do("reveal", what="guess:apbd")
    assert meeting.room.public("", "id")["guesses"]["apbd"]["median"] == middle
    assert meeting.room.median("apbd") == middle


def test_of_two_guesses_that_crossed_the_first_counts(meeting: Meeting) -> None:
    """Two open pages of one person may both send before either knows of the other."""
    meeting.join("a")
    seq = len(meeting.events)
    meeting.room.take(
        event(seq + n, "33/0", "guess", {"question": "apbd", "value": value}, f"guess-{n}")
        for n, value in ((1, 6.0), (2, 9.0))
    )
    assert meeting.room.guessed("apbd") == [6.0]


def test_as_it_is_today_can_be_asked_for_and_is_counted(meeting: Meeting) -> None:
    """Shares have no step that is today's; each government keeps its own."""
    meeting.do("phase", name="deliberate")
    for table in (BALI, LAMPUNG, JATENG):
        meeting.join(table, table)
        meeting.enter(table, "package", name="P", table=True, balanced=True,
                      levers={"apbn_poverty_share": 0.1, "bkkks_standing": 3.0})  # fmt: skip
    for table in (BALI, LAMPUNG):
        meeting.enter(table, "amend", point="4", lever="apbn_poverty_share", value=None)
        meeting.enter(table, "amend", point="1", lever="bkkks_standing", value=None)
    assert meeting.room.proposal("4") == meeting.room.proposal("1") == {}
    assert kept(meeting.room, 4) == ("apbd_poverty_share", "apbn_poverty_share")
    assert kept(meeting.room, 1) == ("bkkks_standing",)
    json.dumps(meeting.room.full("id"), allow_nan=False)


@pytest.mark.parametrize("order", [(0.02, 0.05, 0.15), (0.15, 0.02, 0.05), (0.05, 0.15, 0.02)])
def test_a_table_proposes_the_middle_of_its_people(
    meeting: Meeting, order: tuple[float, ...]
) -> None:
    meeting.do("phase", name="deliberate")
    for n, value in enumerate(order):
        meeting.join(n, BALI)
        meeting.enter(n, "amend", point="4", lever="apbd_poverty_share", value=value)
    assert meeting.room.proposal("4") == {"apbd_poverty_share": 0.05}
    assert meeting.room.full("id")["points"]["4"]["settings"]["apbd_poverty_share"] == {BALI: 0.05}
