"""The kernel side of the attendee page: messages in, messages out, and nothing heavy loaded."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlalchemy.exc import OperationalError

from kesos_sim import i18n
from kesos_sim.forum.attendee import LARGEST_MESSAGE, MOST_PARTICIPANTS, Attendee
from kesos_sim.forum.entries import MOST_AT_ONCE, checked
from kesos_sim.forum.events import pseudonym
from kesos_sim.forum.pace import Bucket, Pace
from kesos_sim.forum.room import Room
from kesos_sim.forum.session import Session
from kesos_sim.forum.signing import sealed
from kesos_sim.forum.store import Store

HEAVY = {
    "mesa", "numba", "pandas", "matplotlib", "scipy", "pyarrow", "networkx", "docx", "openpyxl",
    "typst", "rich", "click",
}  # fmt: skip
NUMBER = "0123456789abcdef" * 2


class Visitor:
    """A browser: what it sends, and what it got."""

    def __init__(self, session: Session, store: Store, number: str = NUMBER) -> None:
        self.page = Attendee(session, store)
        self.number = number
        self.got: list[dict[str, Any]] = []
        self.files: list[bytes] = []
        self.page.send = self._take  # type: ignore[method-assign]

    def _take(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.got.append(json.loads(json.dumps(content)))
        self.files += buffers or []

    def send(self, content: object) -> dict[str, Any]:
        before = len(self.got)
        self.page._heard(self.page, content, [])
        assert len(self.got) > before, "every message is answered"
        return self.got[before]

    def hello(self, lang: str = "id") -> dict[str, Any]:
        return self.send({"do": "hello", "participant": self.number, "lang": lang})

    def enter(self, *entries: tuple[str, dict[str, Any]]) -> dict[str, Any]:
        return self.send({"do": "enter", "entries": [as_sent(*one) for one in entries]})


def as_sent(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "kind": kind, "body": body}


JOIN = ("join", {"province": "33", "role": "dinsos", "lang": "id"})


@pytest.fixture
def store(session: Session, tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'forum.sqlite'}", session.code)
    yield opened
    opened.close()


@pytest.fixture
def do(session: Session, store: Store) -> Callable[..., None]:
    def act(kind: str, **body: Any) -> None:
        room = Room(session)
        room.take(store.since(0))
        store.add([checked(as_sent(kind, body), session, room)])

    return act


def test_a_page_carries_its_data_once_and_compressed(session: Session, store: Store) -> None:
    page = Attendee(session, store)
    assert json.loads(page.boot)["session"] == session.document()
    assert json.loads(gzip.decompress(page.surface))["headline"] == 2031
    assert json.loads(gzip.decompress(page.families))["families"]
    assert len(page.surface) + len(page.families) < 400_000
    assert "postgres" not in page.boot
    assert "export default" in page._esm


def test_hello_then_enter_then_state(session: Session, store: Store, do: Any) -> None:
    visitor = Visitor(session, store)
    welcome = visitor.hello()
    assert (welcome["is"], welcome["own"], welcome["state"]["phase"]) == ("welcome", [], "opening")
    answer = visitor.enter(JOIN)
    assert answer["is"] == "ack"
    assert len(answer["ids"]) == 1
    assert visitor.got[-1]["is"] == "state"
    assert visitor.got[-1]["state"]["joined"]["33"] == 1
    assert store.since(0)[0].participant == pseudonym(NUMBER)
    do("phase", name="guess")
    visitor.page.look()
    assert visitor.got[-1]["state"]["phase"] == "guess"
    count = len(visitor.got)
    visitor.page.look()
    assert len(visitor.got) == count, "nothing new, nothing sent"


def test_a_queue_is_handed_in_at_once_and_again(session: Session, store: Store, do: Any) -> None:
    do("phase", name="deliberate")
    entries = [
        as_sent(*JOIN),
        as_sent("guess", {"question": "apbd", "value": 7}),
        as_sent("guess", {"question": "apbd", "value": 9}),
        as_sent("stance", {"point": "1", "answer": 3, "round": 1}),
        as_sent("stance", {"point": "1", "answer": 7, "round": 1}),
    ]
    visitor = Visitor(session, store)
    visitor.hello("en")
    answer = visitor.send({"do": "enter", "entries": entries})
    assert answer["ids"] == [entries[place]["id"] for place in (0, 1, 3)]
    assert [one["id"] for one in answer["refused"]] == [entries[2]["id"], entries[4]["id"]]
    assert answer["refused"][0]["why"] == "Your guess is stored and cannot be changed."
    version = store.version()
    # The answer was lost, the page was loaded again, another kernel answers.
    again = Visitor(session, store)
    own = again.hello()["own"]
    assert [one["id"] for one in own] == answer["ids"]
    assert again.send({"do": "enter", "entries": entries[:2]})["ids"] == answer["ids"][:2]
    assert store.version() == version


def test_others_entries_are_not_seen(session: Session, store: Store, do: Any) -> None:
    do("phase", name="reflect")
    first, second = Visitor(session, store), Visitor(session, store, "f" * 32)
    for visitor in (first, second):
        visitor.hello()
        visitor.enter(JOIN)
    first.enter(("stance", {"point": "2", "answer": 0, "note": "RAHASIA", "round": 1}),
                ("reflect", {"text": "RAHASIA"}))  # fmt: skip
    second.page.look()
    seen = [one for one in second.got if one["is"] == "state"][-1]["state"]
    assert (seen["points"], seen["reflections"]) == ({}, [])
    assert not any("RAHASIA" in json.dumps(one.get("own", [])) for one in second.got)
    do("reveal", what="reflections")
    second.page.look()
    assert "RAHASIA" in json.dumps(second.got[-1]["state"]["reflections"])


@pytest.mark.parametrize(
    "content",
    [
        None, [], "hello", {}, {"do": "run", "code": "1"}, {"do": ["hello"]},
        {"do": "hello"}, {"do": "hello", "participant": "Budi"}, {"do": "enter"},
        {"do": "enter", "entries": "x" * 50}, {"do": "enter", "entries": {"id": 1}},
        {"do": "draft", "form": "py", "lang": "id"}, {"do": "draft", "form": "../pdf"},
        {"do": "enter", "entries": ["x" * LARGEST_MESSAGE]},
        {"do": "enter", "entries": [{}] * (MOST_AT_ONCE + 1)},
    ],
)  # fmt: skip
def test_hostile_messages_get_a_polite_no(session: Session, store: Store, content: object) -> None:
    visitor = Visitor(session, store)
    visitor.hello()
    answer = visitor.send(content)
    assert answer["is"] == "ack"
    assert answer["ids"] == []
    assert answer["refused"][0]["why"]
    assert store.version() == 0


def test_entries_that_are_none_are_refused_one_by_one(session: Session, store: Store) -> None:
    visitor = Visitor(session, store)
    visitor.hello()
    answer = visitor.send({"do": "enter", "entries": [None, 5, {"id": 3}, as_sent(*JOIN)]})
    assert len(answer["refused"]) == 3
    assert len(answer["ids"]) == 1


def test_state_of_the_widget_cannot_be_written(session: Session, store: Store) -> None:
    visitor = Visitor(session, store)
    before = visitor.page.boot
    visitor.page.set_state({"boot": "{}", "_esm": "alert(1)", "surface": b""})
    assert visitor.page.boot == before


def test_one_page_is_not_for_endless_people(session: Session, store: Store) -> None:
    visitor = Visitor(session, store)
    for number in range(MOST_PARTICIPANTS):
        visitor.number = f"{number:032x}"
        assert visitor.hello()["is"] == "welcome"
    visitor.number = "e" * 32
    assert visitor.hello()["is"] == "ack"


def test_a_flood_is_slowed_down(session: Session, store: Store, do: Any) -> None:
    do("phase", name="explore")
    now = [0.0]
    visitor = Visitor(session, store)
    visitor.page._pace = Pace(lambda: now[0])
    visitor.hello()
    visitor.enter(JOIN)
    tries = [("try", {"levers": {"welfare_bylaw": 1}})] * MOST_AT_ONCE
    answer = visitor.enter(*tries)
    assert len(answer["ids"]) == 40, "what a phone kept for two minutes comes through"
    assert answer["refused"][0]["again"] is True
    now[0] += 3.01
    assert len(visitor.enter(*tries[:2])["ids"]) == 1, "then one in three seconds"


def test_a_bucket_fills_with_time_and_not_beyond() -> None:
    now = [0.0]
    bucket = Bucket(2, 0.5, lambda: now[0])
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    now[0] = 2.0
    assert [bucket.take() for _ in range(2)] == [True, False]
    now[0] = 1e6
    assert [bucket.take() for _ in range(3)] == [True, True, False]


def test_a_store_that_fails_acknowledges_nothing(
    session: Session, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(session, store)
    visitor.hello()

    def broken(_entries: object) -> None:
        raise OperationalError("insert", {}, Exception("disk full"))

    monkeypatch.setattr(store, "add", broken)
    visitor.page._heard(visitor.page, {"do": "enter", "entries": [as_sent(*JOIN)]}, [])
    assert [one["is"] for one in visitor.got] == ["welcome"]
    monkeypatch.undo()
    assert len(visitor.enter(JOIN)["ids"]) == 1


def test_odd_numbers_and_deep_messages_are_refused_in_words(session: Session, store: Store) -> None:
    visitor = Visitor(session, store)
    visitor.hello()
    deep: list[Any] = []
    for _ in range(3000):
        deep = [deep]
    entries = [{"id": odd, "kind": "join", "body": {}} for odd in ([], {}, [1], None, 1.5)]
    answers = [visitor.send({"do": "enter", "entries": [one]}) for one in entries]
    answers.append(visitor.send({"do": "enter", "entries": deep}))
    assert all(one["refused"][0]["why"] and not one["ids"] for one in answers)
    assert len(visitor.enter(JOIN)["ids"]) == 1


def test_news_arrive_by_themselves_within_two_seconds(
    session: Session, store: Store, do: Any
) -> None:
    visitor = Visitor(session, store)

    async def meeting() -> float:
        visitor.page.start()
        visitor.hello()
        await asyncio.sleep(0)
        do("phase", name="package")
        began = time.monotonic()
        while visitor.got[-1]["is"] != "state" and time.monotonic() < began + 5:
            await asyncio.sleep(0.02)
        visitor.page._watch.cancel()  # type: ignore[union-attr]
        return time.monotonic() - began

    assert asyncio.run(meeting()) < 2
    assert visitor.got[-1]["state"]["phase"] == "package"


@pytest.mark.slow
def test_documents_are_made_once_and_handed_out(
    session: Session, store: Store, do: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, other = Visitor(session, store), Visitor(session, store, "b" * 32)
    visitor.hello()
    assert "dibekukan" in visitor.send({"do": "draft", "form": "pdf"})["refused"][0]["why"]
    do("phase", name="agree")
    do("freeze", on=True)
    started: list[subprocess.Popen[bytes]] = []
    original = subprocess.Popen

    def noted(*args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:
        started.append(original(*args, **kwargs))
        return started[-1]

    monkeypatch.setattr("kesos_sim.forum.publishing.subprocess.Popen", noted)
    other.hello()
    for one in (visitor, other):
        assert "disiapkan" in one.send({"do": "draft", "form": "pdf"})["refused"][0]["why"]
    assert len(started) == 1, "one process for the whole room"
    visitor.page.look()
    assert not visitor.files
    assert started[0].wait(60) == 0
    visitor.page.look()
    assert visitor.got[-1]["is"] == "file" and visitor.files[-1].startswith(b"%PDF")
    got = len(visitor.got)
    visitor.page.look()
    assert len(visitor.got) == got, "once"
    answer = other.send({"do": "draft", "form": "pdf", "lang": "id"})
    assert (answer["name"], answer["type"]) == ("kesepakatan-MPU26.pdf", "application/pdf")
    assert other.files[-1].startswith(b"%PDF")
    assert visitor.send({"do": "draft", "form": "docx", "lang": "en"})["name"].startswith("agree")
    assert visitor.files[-1].startswith(b"PK")
    # A document that was made before a table signed does not say so, and is made again.
    before = visitor.files[-1]
    do("keys", seals=sealed({"33": "ABCD2345"}))
    visitor.enter(("join", {"province": "33", "role": "dinsos", "lang": "id"}))
    digest = visitor.page._room.digest
    assert visitor.enter(("sign", {"digest": digest, "code": "ABCD2345"}))["ids"]
    for one in (visitor, other):
        assert "disiapkan" in one.send({"do": "draft", "form": "docx"})["refused"][0]["why"]
    assert len(started) == 2
    assert started[1].wait(60) == 0
    for one in (visitor, other):
        one.page.look()
        assert one.got[-1]["is"] == "file" and one.files[-1] != before
    words = "".join(Document(io.BytesIO(visitor.files[-1])).element.xpath("//w:t/text()"))
    assert i18n.text("agreement.signed_with_code", "id", tables="Jawa Tengah") in words


@pytest.mark.slow
def test_the_kernel_of_a_visitor_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "from kesos_sim.forum.attendee import attendee\n"
        f"page = attendee()\n"
        f"page._heard(page, {{'do': 'hello', 'participant': {NUMBER!r}}}, [])\n"
        "import sys; print(*{name.split('.')[0] for name in sys.modules})"
    )
    environment = {"KESOS_FORUM_STORE": f"sqlite:///{tmp_path / 'f.sqlite'}", "PATH": "/usr/bin"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2] / "src")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60,
        env=environment,
    )  # fmt: skip
    assert not HEAVY & set(done.stdout.splitlines()[-1].split())
