"""A whole meeting as `kesos forum` starts it: real pages, a store, and processes that die."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from kesos_sim.forum.client import Visitor, fetched
from kesos_sim.forum.rehearsal import Course, family, rehearse
from kesos_sim.forum.session import Session
from kesos_sim.forum.settings import load_session
from kesos_sim.forum.store import Store
from kesos_sim.forum.supervisor import Meeting as Processes
from kesos_sim.forum.supervisor import Plan

from .conftest import SECRET, Meeting, children

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SETTINGS = ROOT / "notebooks" / "forum" / "sesi.yaml"
START = "import sys; from kesos_sim.cli import main; sys.exit(main(sys.argv[1:]))"
PATIENCE = 90.0


@dataclass
class Forum:
    """The processes of `kesos forum`."""

    process: subprocess.Popen[str]
    join: str
    facilitator: str
    session: Session
    store: Store
    logs: Path

    def server(self, log: str) -> int:
        """The process that writes a log."""
        for pid in children(self.process.pid):
            if os.path.realpath(f"/proc/{pid}/fd/1").endswith(f"{log}.log"):
                return pid
        raise AssertionError(f"no {log}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forum]:
    folder = tmp_path_factory.mktemp("forum")
    url = f"sqlite:///{folder}/forum.sqlite"
    environment = os.environ | {
        "KESOS_FORUM_SECRET": SECRET,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "XDG_STATE_HOME": str(folder),
    }
    ports = ["--port", str(free_port()), "--facilitator-port", str(free_port())]
    words = ["forum", str(SETTINGS), *ports, "--store", url]
    process = subprocess.Popen(
        [sys.executable, "-c", START, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        if not line:
            break
        said += line
    addresses = re.findall(r"http://127\.0\.0\.1:\d+/", said)
    if len(addresses) != 2:
        process.kill()
        pytest.fail(f"{said}\n{process.communicate()[1]}")
    assert "█" in said or "▄" in said, "a code to scan"
    assert SECRET not in said, "a secret of the environment is not written"
    session = load_session(SETTINGS)
    store = Store(url, session.code)
    yield Forum(process, *addresses, session, store, folder)
    store.close()
    if process.poll() is None:
        process.terminate()
        process.wait(timeout=30)
    process.stdout.close()
    if process.stderr is not None:
        process.stderr.close()


def entry(kind: str, **body: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "kind": kind, "body": body}


async def seated(visitor: Visitor, who: str, province: str = "33") -> dict[str, Any]:
    """Say hello and sit down; returns the welcome."""
    visitor.send({"do": "hello", "participant": who, "lang": "id"})
    welcome = await visitor.until("welcome")
    await handed_in(visitor, entry("join", province=province, role="dinsos", lang="id"))
    return welcome


async def handed_in(visitor: Visitor, *entries: dict[str, Any]) -> None:
    visitor.send({"do": "enter", "entries": list(entries)})
    answer = await visitor.until("ack")
    assert not answer["refused"], answer["refused"]
    assert set(answer["ids"]) == {one["id"] for one in entries}


async def room(meeting: Meeting, forum: Forum, *entries: dict[str, Any]) -> Visitor:
    """The facilitator, who takes some steps."""
    visitor = await meeting.join(forum.facilitator, secret=SECRET)
    visitor.send({"do": "hello", "lang": "id"})
    visitor.send({"do": "act", "lang": "id", "entries": list(entries)})
    answer = await visitor.until("ack")
    assert not answer["refused"], answer["refused"]
    return visitor


@pytest.mark.parametrize(
    ("address", "secure"), [("https://forum.office.example/", True), ("", False)]
)
def test_cookie_is_secure_where_the_meeting_is_reached_by_https(
    tmp_path: Path, address: str, secure: bool
) -> None:
    port = free_port()
    session = load_session(SETTINGS)
    url = f"sqlite:///{tmp_path}/forum.sqlite"
    plan = Plan(session, SETTINGS, url, port=port, facilitator_port=0, address=address,
                logs=tmp_path / "logs")  # fmt: skip
    held = Processes(plan)
    held.start()
    try:
        page = asyncio.run(fetched(f"http://127.0.0.1:{port}/"))
        (cookie,) = page.headers.get_list("Set-Cookie")
        assert ("Secure" in cookie) is secure and "SameSite=Strict" in cookie
    finally:
        held.stop()


def test_five_attendees_come_in_and_hand_in(forum: Forum) -> None:
    course = Course(5, arrive_seconds=1.0, active_seconds=4.0, pause_seconds=1.5)
    found = asyncio.run(
        rehearse(
            forum.join, forum.facilitator, SECRET, forum.session, forum.store, course,
            [forum.process.pid],
        )
    )  # fmt: skip
    assert found.first_error == ""
    assert (found.admitted, found.errors) == (5, 0)
    assert found.submitted >= 10
    assert found.join_p95_s is not None
    assert found.submit_p95_s is not None
    assert 0.0 < found.join_p95_s < 30.0
    assert 0.0 < found.submit_p95_s < 10.0
    assert 0.1 < found.memory_gib < 4.0


def test_nothing_of_others_is_seen_before_it_is_opened(forum: Forum, meeting: Meeting) -> None:
    name = f"Rahasia {secrets.token_hex(4)}"

    async def meet() -> None:
        await room(meeting, forum, entry("phase", name="package"), entry("input", open=True))
        one = await meeting.join(forum.join)
        other = await meeting.join(forum.join)
        who = secrets.token_hex(16)
        await seated(one, who)
        await seated(other, secrets.token_hex(16), "51")
        package = entry(
            "package", name=name, levers={"apbd_poverty_share": 0.07}, table=True, balanced=True
        )
        await handed_in(one, package)
        other.send({"do": "hello", "participant": secrets.token_hex(16), "lang": "id"})
        hidden = await other.until("welcome")
        assert name not in json.dumps(hidden)
        assert who not in json.dumps(hidden)
        assert package["id"] not in json.dumps(hidden)
        # Whatever the other page is told from here on, the name comes only after the opening.
        facilitator = await room(meeting, forum, entry("reveal", what="packages"))
        shown = await other.until("state")
        assert name in json.dumps(shown)
        assert who not in json.dumps(shown)
        facilitator.send({"do": "hello", "lang": "id"})

    meeting.hold(meet())


HOSTILE = (
    None,
    7,
    "enter",
    [],
    {},
    {"do": "act", "entries": [{"id": "phase-by-a-visitor", "kind": "phase", "body": {}}]},
    {"do": "backup"},
    {"do": ["enter"]},
    {"do": "hello", "participant": "../../etc/passwd", "lang": "id"},
    {"do": "hello", "participant": "f" * 31 + "\u0660", "lang": "id"},
    {"do": "enter", "entries": "x"},
    {"do": "enter", "entries": [{"id": "x" * 65, "kind": "reflect", "body": {"text": "a"}}]},
    {"do": "enter", "entries": [{"id": "kind-of-room", "kind": "reveal", "body": {"what": "x"}}]},
    {"do": "enter", "entries": [{"id": "kind-unknown", "kind": "__class__", "body": {}}]},
    {"do": "enter", "entries": [{"id": "body-missing", "kind": "package"}]},
    {
        "do": "enter",
        "entries": [{"id": f"many-{n:06d}", "kind": "try", "body": {}} for n in range(99)],
    },
    {"do": "draft", "form": "../../../etc/passwd", "lang": "id"},
    {"do": "draft", "form": "pdf", "lang": "__import__('os')"},
)


def test_hostile_messages_change_nothing(forum: Forum, meeting: Meeting) -> None:
    async def meet() -> None:
        visitor = await meeting.join(forum.join)
        who = secrets.token_hex(16)
        await seated(visitor, who)
        version = forum.store.version()
        for content in HOSTILE:
            data = {"method": "custom", "content": content}
            visitor.post("comm_msg", visitor.model_id, data)
        await asyncio.sleep(1.0)
        assert forum.store.version() == version
        visitor.send({"do": "hello", "participant": who, "lang": "id"})
        welcome = await visitor.until("welcome")
        assert {own["kind"] for own in welcome["own"]} == {"join"}

    meeting.hold(meet())


def test_facilitator_is_elsewhere(forum: Forum) -> None:
    async def meet() -> None:
        for place in ("secret", f"?token={SECRET}"):
            answer = await fetched(forum.join + place)
            assert answer.code in {302, 404}
        assert (await fetched(forum.facilitator)).code == 302
        environment = Path(f"/proc/{forum.server('attendees')}/environ").read_bytes()
        assert SECRET.encode() not in environment

    asyncio.run(meet())


def test_killed_server_comes_back_at_the_same_address(forum: Forum, meeting: Meeting) -> None:
    who = secrets.token_hex(16)
    package = entry(
        "package", name="Tetap", levers={"apbd_poverty_share": 0.05}, table=False, balanced=True
    )

    async def meet() -> None:
        before = await Visitor.join(forum.join)
        await seated(before, who)
        await handed_in(before, package)
        killed = forum.server("attendees")
        os.kill(killed, signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        # Requests wait in the socket instead of being refused.
        answer = await fetched(f"{forum.join}forum/alive", timeout=PATIENCE)
        assert answer.code == 200
        assert forum.server("attendees") != killed
        gone = await fetched(f"{forum.join}api/kernels/{before.kernel_id}", cookies=before.cookies)
        assert gone.code == 404, "so the page knows that it has to begin anew"
        after = await meeting.join(forum.join, timeout=until - time.monotonic())
        after.send({"do": "hello", "participant": who, "lang": "id"})
        welcome = await after.until("welcome")
        assert package["id"] in {own["id"] for own in welcome["own"]}
        await handed_in(after, package)  # the page sends again what it does not know to be stored
        await before.drop()

    meeting.hold(meet())
    stored = [event.id for event in forum.store.since(0)]
    assert stored.count(package["id"]) == 1


def test_ctrl_c_ends_everything(forum: Forum) -> None:
    everybody = family([forum.process.pid])
    assert len(everybody) > 5
    forum.process.send_signal(signal.SIGINT)
    assert forum.process.wait(timeout=30) == 0
    assert forum.process.stderr is not None
    assert "Forum selesai" in forum.process.stderr.read()
    until = time.monotonic() + PATIENCE
    while any(alive(pid) for pid in everybody) and time.monotonic() < until:
        time.sleep(0.1)
    assert not [pid for pid in everybody if alive(pid)]


def alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
