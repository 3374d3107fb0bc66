"""A whole meeting as `kesos forum` starts it: real pages, a store, and processes that die."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kesos_sim.emulator import load_surface
from kesos_sim.errors import KesosError
from kesos_sim.forum.client import Visitor, fetched
from kesos_sim.forum.rehearsal import Course, family, rehearse
from kesos_sim.forum.settings import load_session
from kesos_sim.forum.supervisor import Meeting as Processes
from kesos_sim.forum.supervisor import Plan

from .command import SETTINGS, Forum, entry, free_port, handed_in, kesos_forum, room, seated
from .conftest import Meeting

pytestmark = pytest.mark.slow

PATIENCE = 90.0


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forum]:
    folder = tmp_path_factory.mktemp("forum")
    with kesos_forum(folder, f"sqlite:///{folder}/forum.sqlite") as begun:
        assert "█" in begun.said or "▄" in begun.said, "a code to scan"
        yield begun


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
            forum.join, forum.facilitator, forum.secret, forum.session, forum.store, course,
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


def test_a_secret_is_made_up_where_none_is_set(forum: Forum) -> None:
    """The command says it once, and only who has it reaches the facilitator's page."""

    async def meet() -> None:
        assert forum.said.count(forum.secret) == 1
        assert len(set(forum.secret)) > 8
        assert (await fetched(forum.facilitator)).code == 302
        for wrong in (forum.secret[:-1], forum.secret.swapcase(), "fasilitator"):
            with pytest.raises(KesosError, match="KS9421"):
                await Visitor.join(forum.facilitator, secret=wrong)
        for place in ("secret", f"?token={forum.secret}"):
            assert (await fetched(forum.join + place)).code in {302, 404}
        for process in ("attendees", "worker"):
            variables = Path(f"/proc/{forum.server(process)}/environ").read_bytes()
            assert forum.secret.encode() not in variables

    asyncio.run(meet())
    for log in forum.logs.rglob("*.log"):
        assert forum.secret not in log.read_text(encoding="utf-8")


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


@pytest.mark.full
def test_the_model_itself_answers_who_asks_for_it(forum: Forum, meeting: Meeting) -> None:
    """From the page's request to the figures, by the worker that the command has started."""
    levers = {"apbd_poverty_share": 0.1, "bkkks_standing": 3.0}
    asked = entry("full", levers=levers, sources={}, shock="none", effect=True)

    async def ask() -> dict[str, Any]:
        await room(meeting, forum, entry("phase", name="package"))
        visitor = await meeting.join(forum.join)
        await seated(visitor, secrets.token_hex(16))
        await handed_in(visitor, asked)
        async with asyncio.timeout(300):
            while True:
                state = (await visitor.until("state", 300.0))["state"]
                found: dict[str, Any] = state["requests"][asked["id"]]
                assert found["state"] in {"queued", "running", "done"}
                if found["state"] == "done":
                    return found

    found: dict[str, Any] = {}

    async def meet() -> None:
        found.update(await ask())

    meeting.hold(meet())
    surface = load_surface()
    for effect, base, package in (
        (True, found["baseline"]["poverty_rate"]["mpu"],
         found["outcomes"]["poverty_rate"]["mpu"]["package"]),
        (False, found["idle_baseline"]["poverty_rate"]["mpu"],
         found["idle"]["poverty_rate"]["mpu"]),
    ):  # fmt: skip
        low, _, high = surface.answer(levers, effect=effect)["outcomes"]["poverty_rate"]["package"][
            -1
        ]
        assert low <= package <= high
        assert package < base


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
