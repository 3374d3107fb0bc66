"""The real command ``kesos forum``, and what its visitors do."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from kesos_sim.forum.client import Visitor
from kesos_sim.forum.session import Session
from kesos_sim.forum.settings import load_session
from kesos_sim.forum.store import Store

from .conftest import Meeting, children

ROOT = Path(__file__).parents[3]
SETTINGS = ROOT / "notebooks" / "forum" / "sesi.yaml"
START = "import sys; from kesos_sim.cli import main; sys.exit(main(sys.argv[1:]))"
SECRET_VARIABLE = "KESOS_FORUM_SECRET"  # noqa: S105 (its name)


@dataclass
class Forum:
    """The processes of `kesos forum`."""

    process: subprocess.Popen[str]
    said: str
    join: str
    facilitator: str
    secret: str
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


def environment(folder: Path, secret: str = "") -> dict[str, str]:
    """Variables of a command that leaves everything it keeps in a folder."""
    usual = {name: value for name, value in os.environ.items() if name != SECRET_VARIABLE}
    return usual | ({SECRET_VARIABLE: secret} if secret else {}) | {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "XDG_STATE_HOME": str(folder),
    }  # fmt: skip


@contextmanager
def kesos_forum(folder: Path, url: str, secret: str = "", *more: str) -> Iterator[Forum]:
    """Start the command, wait until it says that people can come in, and end it."""
    ports = ["--port", str(free_port()), "--facilitator-port", str(free_port())]
    words = ["forum", str(SETTINGS), *ports, "--store", url, *more]
    process = subprocess.Popen(
        [sys.executable, "-c", START, *words],
        env=environment(folder, secret),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None and process.stderr is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        if not line:
            break
        said += line
    made_up = re.search(r"kode rahasia ([\w-]{22,})$", said, re.MULTILINE)
    addresses = re.findall(r"http://127\.0\.0\.1:\d+/", said)
    if len(addresses) != 2 or bool(made_up) == bool(secret):
        process.kill()
        pytest.fail(f"{said}\n{process.communicate()[1]}")
    session = load_session(SETTINGS)
    store = Store(url, session.code)
    try:
        needed = made_up[1] if made_up else secret
        yield Forum(process, said, *addresses, needed, session, store, folder)
    finally:
        store.close()
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)
        process.stdout.close()
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
    visitor = await meeting.join(forum.facilitator, secret=forum.secret)
    visitor.send({"do": "hello", "lang": "id"})
    await acted(visitor, *entries)
    return visitor


async def acted(facilitator: Visitor, *entries: dict[str, Any]) -> None:
    facilitator.send({"do": "act", "lang": "id", "entries": list(entries)})
    answer = await facilitator.until("ack")
    assert not answer["refused"], answer["refused"]
