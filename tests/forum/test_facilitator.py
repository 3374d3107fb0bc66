"""The facilitator's desk: what is written, what comes back, and where it refuses to start."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim import i18n
from kesos_sim.errors import KesosError
from kesos_sim.forum import facilitator as module
from kesos_sim.forum.agreement import agreement
from kesos_sim.forum.backup import read_backup, restore
from kesos_sim.forum.bundle import bundle
from kesos_sim.forum.desk import Desk
from kesos_sim.forum.exporting import entries_as_lines
from kesos_sim.forum.facilitator import GUARDED_VARIABLE, facilitator
from kesos_sim.forum.room_boot import ADDRESS_VARIABLE, address_code, boot_text
from kesos_sim.forum.room_view import RoomView
from kesos_sim.forum.session import FORUM_LEVERS, PHASES, SHOCKS
from kesos_sim.forum.settings import load_session
from kesos_sim.reports.office.document import LinkCode
from tests.forum.full_meeting import NOW, SETTINGS, Meeting

PAGE = Path(module.__file__).parent / "page" / "room"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Meeting:
    """A meeting that went through all phases; read only."""
    meeting = Meeting(tmp_path_factory.mktemp("full"))
    meeting.fill()
    return meeting


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    return Meeting(tmp_path)


def state_of(desk: Desk, lang: str = "id") -> dict[str, Any]:
    replies = desk.hear({"do": "hello", "lang": lang})
    assert [content["is"] for content, _ in replies] == ["room"]
    return dict(replies[0][0]["state"])


def entry(kind: str, number: int = 1, **body: Any) -> dict[str, Any]:
    return {"id": f"desk-{number:06d}", "kind": kind, "body": body}


def test_the_state_counts_what_people_did(full: Meeting) -> None:
    state = state_of(full.desk)
    json.dumps(state)
    tables = {table["code"]: table for table in state["tables"]}
    room = full.room()
    assert sum(table["joined"] for table in tables.values()) == len(full.people())
    assert tables["53"]["joined"] == 0 and tables["53"]["quiet"] == 0
    assert tables["18"]["guessed"] == 15, "five people, three questions"
    assert len(state["guesses"]["apbd"]) == len(full.people())
    assert state["guesses"]["apbd"] == sorted(state["guesses"]["apbd"])
    assert [one["table"] for one in state["packages"] if not one["balanced"]] == ["32", "36"]
    assert tables["32"]["balanced"] is False and tables["53"]["balanced"] is None
    assert state["points"]["4"]["silent"] == ["36"]
    assert {note["table"] for note in state["points"]["4"]["notes"] if note["answer"] == 0} >= {
        "34",
        "51",
    }
    assert sum(state["points"]["4"]["people"]) == len(full.people()) - 5
    assert state["points"]["4"]["amended"] == {"apbd_poverty_share": 0.05}
    assert state["tries"]["people"] == len(set().union(*room.tries.values()))
    assert tables["36"]["points"] == 7 and tables["18"]["points"] == 9
    assert len(state["sentences"]) == 14
    assert state["phase"]["name"] == "opening" and state["phase"]["since"] > 0


def test_the_state_holds_nothing_that_leads_to_a_person(full: Meeting) -> None:
    text = json.dumps(state_of(full.desk))
    assert not any(event.participant in text for event in full.store.since(0) if event.participant)


def test_an_act_is_on_disk_before_it_is_acknowledged(meeting: Meeting) -> None:
    acknowledged, room = meeting.desk.hear(
        {"do": "act", "entries": [entry("phase", name="guess"), entry("input", 2, open=False)]}
    )
    assert acknowledged[0]["ids"] == ["desk-000001", "desk-000002"]
    assert room[0]["state"]["phase"]["name"] == "guess" and room[0]["state"]["open"] is False
    kinds = [event.kind for event in meeting.store.since(0)]
    assert kinds == ["keys", "phase", "input"]
    again = meeting.desk.hear({"do": "act", "entries": [entry("phase", name="guess")]})
    assert again[0][0]["ids"] == ["desk-000001"], "sent again because the answer was lost"
    assert len(meeting.store.since(0)) == 3


def test_one_refused_act_does_not_hold_up_the_others(meeting: Meeting) -> None:
    acts = [
        entry("phase", 1, name="no such phase"),
        entry("join", 2, province="33", role="dinsos"),
        entry("reveal", 3, what="<script>"),
        entry("reveal", 4, what="model:apbd"),
    ]
    answer = meeting.desk.hear({"do": "act", "lang": "en", "entries": acts})[0][0]
    assert answer["ids"] == ["desk-000004"]
    assert [one["id"] for one in answer["refused"]] == [f"desk-00000{n}" for n in (1, 2, 3)]
    assert all(one["why"] for one in answer["refused"])
    assert state_of(meeting.desk)["reveal"] == ["model:apbd"]


@pytest.mark.parametrize(
    "message",
    [None, [], "act", {}, {"do": "exec"}, {"do": "act"}, {"do": "act", "entries": "x"},
     {"do": "act", "entries": [entry("phase", name="guess")] * 51}, {"do": "draft", "form": "exe"},
     {"do": "draft", "form": ["pdf"]}],
)  # fmt: skip
def test_odd_messages_change_nothing_and_stop_nothing(meeting: Meeting, message: object) -> None:
    replies = meeting.desk.hear(message)
    assert [content["is"] for content, _ in replies] == ["note"]
    assert [event.kind for event in meeting.store.since(0)] == ["keys"]


def test_everything_can_be_undone(meeting: Meeting) -> None:
    before = state_of(meeting.desk)
    acts = [
        ("phase", {"name": "package"}), ("input", {"open": False}),
        ("reveal", {"what": "packages"}), ("highlight", {"table": "33"}), ("lang", {"lang": "en"}),
        ("shock", {"name": "flood"}), ("show_table", {"on": True}), ("projector", {"size": 1.5}),
        ("vote", {"point": "4", "for": 6, "against": 4, "dissent": "Dua meja"}),
        ("clause", {"point": "1", "text": "Bunyi baru"}),
        ("renaksi", {"row": "r1", "point": "1", "activity": "Rapat"}),
        ("paper", {"table": "53", "kind": "reflect", "body": {"text": "Dari kertas"}}),
        ("freeze", {"on": True}),
    ]  # fmt: skip
    for kind, body in acts:
        meeting.act(kind, **body)
    changed = state_of(meeting.desk)
    assert [one["kind"] for one in changed["log"]] == [kind for kind, _ in acts]
    assert changed["points"]["4"]["vote"] == {"for": 6, "against": 4, "dissent": "Dua meja"}
    assert changed["tables"][-1]["cards"] == 1
    for one in reversed(changed["log"]):
        meeting.act("undo", id=one["id"])
    after = state_of(meeting.desk)
    for moving in ("version", "at"):
        before.pop(moving), after.pop(moving)
    assert after == before


def test_a_hidden_sentence_stays_with_the_facilitator_only(full: Meeting, tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    meeting.store.put_back(full.store.since(0))
    identity = state_of(meeting.desk)["sentences"][0]["id"]
    meeting.act("reveal", what="reflections")
    meeting.act("hide", what=f"entry:{identity}")
    hidden = {one["id"] for one in state_of(meeting.desk)["sentences"] if one["hidden"]}
    assert hidden == {identity}
    public = meeting.room().public("", "id")["reflections"]
    assert identity not in {one["id"] for one in public} and len(public) == 13


def test_signing_codes_are_drawn_once_for_all_windows(meeting: Meeting) -> None:
    codes = state_of(meeting.desk)["codes"]
    assert set(codes) == {table.code for table in meeting.session.tables}
    assert len(set(codes.values())) == len(codes)
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{8}", one) for one in codes.values())
    second = Desk(meeting.session, meeting.store)
    assert state_of(second)["codes"] == codes
    assert [event.kind for event in meeting.store.since(0)] == ["keys"]


def test_nobody_signs_with_what_is_in_a_backup(full: Meeting, tmp_path: Path) -> None:
    """Codes and signatures come back, the codes themselves only with those who hold them."""
    full.store.backup(tmp_path / "full.jsonl.gz")
    restore(tmp_path / "full.jsonl.gz", f"sqlite:///{tmp_path / 'room.sqlite'}").close()
    meeting = Meeting(tmp_path)
    codes = dict(state_of(full.desk)["codes"])
    assert state_of(meeting.desk)["codes"] == {}
    meeting.act("phase", name="agree")
    meeting.act("freeze", on=True)
    digest = meeting.room().digest
    meeting.enter("18-0", ("sign", {"digest": digest, "code": codes["18"].lower()}))
    path = tmp_path / "copy.jsonl.gz"
    meeting.store.backup(path)
    text = gzip.decompress(path.read_bytes()).decode()
    assert not any(code in text.upper() for code in codes.values())
    (keys,) = (event for event in read_backup(path)[1] if event.kind == "keys")
    assert keys.body["seals"].keys() == codes.keys()
    assert not any(meeting.room().opens(*one) for one in keys.body["seals"].items())
    back = restore(path, f"sqlite:///{tmp_path / 'again.sqlite'}")
    desk = Desk(meeting.session, back, folder=tmp_path)
    assert desk._view.room.signed == ("18",)
    assert all(desk._view.room.opens(table, code) for table, code in codes.items())
    (room, _), (note, _) = desk.hear({"do": "codes"})
    assert note["is"] == "note"
    anew = room["state"]["codes"]
    assert anew.keys() == codes.keys() and not set(anew.values()) & set(codes.values())
    assert desk._view.room.signed == ("18",)
    assert desk._view.room.opens("33", anew["33"]) and not desk._view.room.opens("33", codes["33"])
    assert desk.hear({"do": "codes"})[0][0]["is"] == "note"
    assert state_of(desk)["codes"] == anew


def test_a_second_window_sees_what_the_first_one_did(meeting: Meeting) -> None:
    second = Desk(meeting.session, meeting.store)
    assert second.look() == []
    meeting.act("phase", name="family")
    ((content, _),) = second.look()
    assert content["state"]["phase"]["name"] == "family"
    assert second.look() == [], "nothing new, nothing sent"


def test_frozen_text_carries_the_figures_of_the_model(full: Meeting, tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    meeting.store.put_back(full.store.since(0))
    meeting.act("freeze", on=True)
    state = state_of(meeting.desk)
    assert state["frozen"] and len(state["draft"]["digest"]) == 64
    carried = [one for one in state["draft"]["clauses"] if one["carried"]]
    assert carried
    figures = meeting.room().figures
    assert figures["year"] == 2031 and figures["package"]
    moved = [one for one in carried if meeting.room().proposal(one["point"])]
    assert moved and all(any(sign.isdigit() for sign in one["number"]) for one in moved)
    assert [one["signed"] for one in state["tables"]] == [False] * 10


def test_backup_is_on_disk_and_in_the_browser(full: Meeting) -> None:
    (answer, (content,)), (note, _) = full.desk.hear({"do": "backup", "lang": "en"})
    assert answer["name"].startswith("MPU26-") and answer["name"].endswith(".jsonl.gz")
    (path,) = (Path(full.store.url.database).parent / "backups").glob(answer["name"])
    assert path.read_bytes() == content
    session, events = read_backup(path)
    assert session == "MPU26" and events == full.store.since(0)
    assert str(len(events)) in note["text"]


def test_a_document_is_refused_before_the_text_is_frozen(meeting: Meeting) -> None:
    ((content, buffers),) = meeting.desk.hear({"do": "draft", "form": "pdf"})
    assert content["is"] == "note" and content["text"] and not buffers
    assert meeting.desk.look() == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "starts"),
    [
        ({}, True),
        ({"SERVER_SOFTWARE": "jupyter/2"}, True),
        ({"SERVER_SOFTWARE": "voila/0.5.13"}, False),
        ({"VOILA_PREHEAT": "True"}, False),
        ({"SERVER_SOFTWARE": "voila/0.5.13", GUARDED_VARIABLE: "1"}, True),
        ({"VOILA_BASE_URL": "/", GUARDED_VARIABLE: "0"}, False),
        ({"VOILA_BASE_URL": "/", "KESOS_FORUM_SECRET": "a secret"}, True),
        ({"VOILA_BASE_URL": "/", "KESOS_FORUM_SECRET": " "}, False),
    ],
)
def test_it_starts_only_behind_a_secret(
    meeting: Meeting,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    starts: bool,
) -> None:
    for name in (GUARDED_VARIABLE, "KESOS_FORUM_SECRET", "SERVER_SOFTWARE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if not starts:
        with pytest.raises(KesosError, match="KS9501"):
            facilitator(meeting.session, meeting.store)
        return
    page = facilitator(meeting.session, meeting.store)
    boot = json.loads(page.boot)
    assert boot["session"]["code"] == "MPU26" and page.surface[:2] == b"\x1f\x8b"
    page.set_state({"boot": "{}"})
    assert json.loads(page.boot) == boot, "a browser cannot change what the page is made of"


def test_the_draft_follows_the_language_of_the_room_at_once(meeting: Meeting) -> None:
    raw = {"id": meeting.identity(), "kind": "lang", "body": {"lang": "en"}}
    replies = meeting.desk.hear({"do": "act", "lang": "id", "entries": [raw]})
    (state,) = [content["state"] for content, _ in replies if content["is"] == "room"]
    assert state["lang"] == "en"
    assert state["draft"]["clauses"][0]["text"] == i18n.text("agreement.not_agreed", "en")


def test_the_page_is_told_names_in_both_languages(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, "http://192.168.1.20:8866/")
    monkeypatch.setenv("KESOS_FORUM_SECRET", "do not tell")
    made = {"version": "0.1.0", "vintage": "2024-03", "runs": 1000, "code": "abcdef0123456789"}
    text = boot_text(meeting.session, (), made)
    boot = json.loads(text)
    assert "do not tell" not in text
    first, second = (boot["labels"][lang] for lang in i18n.LANGUAGES)
    assert first.keys() == second.keys() and first != second
    assert set(first["phases"]) == set(PHASES) and set(first["shocks"]) == set(SHOCKS)
    assert first["levers"].keys() == set(FORUM_LEVERS)
    assert first["settings"]["step_bkkks_standing_2"] == "Pergub"
    assert boot["join"]["code"] == list(address_code("http://192.168.1.20:8866/"))
    assert "abcdef01" in boot["source"]["id"] and "abcdef0123" not in boot["source"]["id"]
    assert "data Maret 2024, 1.000 hitungan" in boot["source"]["id"]
    assert "data March 2024, 1,000 runs" in boot["source"]["en"]


def test_the_meeting_is_found_again_when_it_is_over(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The annex has the code to scan also where it is made without the servers."""
    monkeypatch.setenv(ADDRESS_VARIABLE, "http://127.0.0.1:8866/")
    meeting.act("phase", name="family")
    assert meeting.room().address == "", "nobody else could reach it"
    addresses = ("http://192.168.1.20:8866/", "https://forum.example/")
    for address in addresses:
        monkeypatch.setenv(ADDRESS_VARIABLE, address)
        before = meeting.store.version()
        desk = Desk(meeting.session, meeting.store)
        assert meeting.store.version() == before, "a backup can still be put back"
        for name in ("guess", "explore"):
            meeting.act("phase", name=name)
        assert meeting.room().address == address
        kinds = {one["kind"] for one in state_of(desk)["log"]}
        assert kinds == {"phase"}, "it is no step that can be undone"
    written = [one for one in meeting.store.since(0) if one.kind == "address"]
    assert [one.body["join"] for one in written] == [*addresses]
    monkeypatch.delenv(ADDRESS_VARIABLE)
    (link,) = (one for one in agreement(meeting.room(), "id").blocks if isinstance(one, LinkCode))
    assert link.address.startswith("https://forum.example/#paket=")
    said = [
        json.loads(line)["kind"] for line in entries_as_lines(meeting.store.since(0)).splitlines()
    ]
    assert "address" not in said


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789:/.-", min_size=8, max_size=60))
def test_the_code_of_an_address_is_a_square_with_its_three_eyes(address: str) -> None:
    rows = address_code(address)
    assert {len(row) for row in rows} == {len(rows)} and set("".join(rows)) == {"0", "1"}
    eye = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
    for down, across in ((0, 0), (0, -7), (-7, 0)):
        corner = [row[across:][:7] for row in rows[down:][:7]]
        assert corner == eye
    assert len(rows) == len(list(segno.make(address, error="m", micro=False).matrix))


def test_every_text_that_the_page_names_is_in_the_catalogue() -> None:
    keys = i18n.keys()
    known = {key.removeprefix("forum_room.") for key in keys}
    sources = "".join(path.read_text(encoding="utf-8") for path in PAGE.glob("*.js"))
    named = set(re.findall(r'\bsay\("([a-z0-9_]+)"', sources))
    chosen = re.findall(r'\bsay\([^()"]*\? "([a-z0-9_]+)" : "([a-z0-9_]+)"', sources)
    named |= {name for pair in chosen for name in pair}
    assert len(named) > 150
    assert not named - known
    stems = set(re.findall(r"\bsay\(`([a-z0-9_]+)\$\{", sources))
    assert all(any(key.startswith(stem) for key in known) for stem in stems)
    steps = set(re.findall(r'(?:name: |reveal\()"([a-z_]+)"', (PAGE / "steps.js").read_text()))
    assert {f"step_{name}" for name in steps} <= known
    for phase in PHASES:
        for part in ("say", "do_1", "ask_1", "claim_1", "reply_1", "plan_b"):
            assert f"script.{phase}.{part}" in known


def test_the_page_puts_no_text_into_markup() -> None:
    text = bundle("room/room.js")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)
    assert not re.search(r"https?://(?!www\.w3\.org/)", text), "nothing is loaded from outside"


@pytest.mark.slow
def test_the_view_is_the_same_however_the_events_come_in(full: Meeting) -> None:
    events = full.store.since(0)
    at_once, one_by_one = (RoomView(load_session(SETTINGS)) for _ in range(2))
    assert at_once.take(events) and not at_once.take(events)
    for event in events:
        one_by_one.take([event])
    assert at_once.state("en", NOW) == one_by_one.state("en", NOW)
