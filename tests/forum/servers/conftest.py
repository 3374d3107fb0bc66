"""Servers with the smallest page there is: a component whose kernel sends back what it gets."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

pytest.importorskip("voila")

from kesos_sim.forum.client import Visitor
from kesos_sim.forum.limits import Limits
from kesos_sim.forum.server import SECRET_VARIABLE, SERVED_VARIABLE, Served
from kesos_sim.forum.sockets import listening

START_SECONDS = 60.0
SMALL = Limits(visitors=8, pool=1, unclaimed_seconds=60.0, left_seconds=60.0)
SECRET = "rahasia-sekali-2026"  # noqa: S105 (of a server that lives for a minute)
COMPONENT = '''
import os

import anywidget
import traitlets


class Echo(anywidget.AnyWidget):
    _esm = """
    export default {
      render({ model, el }) {
        el.innerHTML = "<h1>Gema</h1><button>Kirim</button><p></p>";
        const paragraph = el.querySelector("p");
        model.on("msg:custom", (message) => {
          paragraph.textContent = `${message.is} ${message.got.do}`;
        });
        el.querySelector("button").onclick = () => model.send({ do: "hello" });
      },
    };
    """
    _css = "h1 { font-weight: 700 }"
    blob = traitlets.Bytes(b"abc\\0def").tag(sync=True)
    touched = traitlets.Int(0).tag(sync=True)

    def __init__(self, **options):
        super().__init__(**options)
        self.on_msg(self.answer)

    def answer(self, widget, content, buffers):
        known = {"is": "echo", "got": content, "pid": os.getpid(), "touched": self.touched}
        if content.get("do") == "environment":
            known["environment"] = dict(os.environ)
        self.send(known, [b"xyz"])
'''


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def descendants(self) -> set[int]:
        """Processes that the server has brought about: zygote and kernels."""
        found: set[int] = set()
        waiting = {self.process.pid}
        while waiting:
            waiting = {child for pid in waiting for child in children(pid)}
            found |= waiting
        return found


def children(pid: int) -> set[int]:
    """Processes that a process has started, by whichever of its threads."""
    found: set[int] = set()
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found |= set(map(int, listed.read_text().split()))
    return found


class Meeting:
    """Visitors of one test, who all go home when it ends."""

    def __init__(self) -> None:
        self.visitors: list[Visitor] = []

    async def join(self, address: str, **options: Any) -> Visitor:
        visitor = await Visitor.join(address, **options)
        self.visitors.append(visitor)
        return visitor

    def hold(self, course: Coroutine[Any, Any, None]) -> None:
        """Let a meeting take its course."""

        async def whole() -> None:
            try:
                await course
            finally:
                await asyncio.gather(*(visitor.leave() for visitor in self.visitors))

        asyncio.run(whole())


@pytest.fixture
def meeting() -> Meeting:
    return Meeting()


Start = Callable[..., Running]


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start servers on free ports of the loopback address; all end with the tests."""
    started: list[Running] = []
    folder = tmp_path_factory.mktemp("echo")
    (folder / "echo_component.py").write_text(COMPONENT, encoding="utf-8")
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "echo",
        "metadata": {},
        "outputs": [],
        "source": "from echo_component import Echo\nEcho()",
    }
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": [cell],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (folder / "echo.ipynb").write_text(json.dumps(notebook), encoding="utf-8")

    def start(
        secret: str = "", proxy: str = "", *, https: bool = False, **limits: float
    ) -> Running:
        log = folder / f"server-{len(started)}.log"
        with listening("127.0.0.1", 0) as door, log.open("wb") as stream:
            os.set_inheritable(door.fileno(), True)
            served = Served(
                notebook=str(folder / "echo.ipynb"),
                title="Gema",
                modules=("anywidget",),
                inherited=door.fileno(),
                guarded=bool(secret),
                proxy=proxy,
                https=https,
                limits=replace(SMALL, **limits),  # type: ignore[arg-type]
            )
            environment = os.environ | {
                SERVED_VARIABLE: served.dumped(),
                SECRET_VARIABLE: secret,
                "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, sys.path)]),
            }
            process = subprocess.Popen(
                [sys.executable, "-m", "kesos_sim.forum.server"],
                env=environment,
                pass_fds=[door.fileno()],
                stdout=stream,
                stderr=stream,
            )
            address = f"http://127.0.0.1:{door.getsockname()[1]}/"
        started.append(Running(address, process, log))
        wait_for(address, process, log)
        return started[-1]

    yield start
    for one in started:
        one.process.send_signal(signal.SIGTERM)
    for one in started:
        one.process.wait(timeout=30)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{address}forum/alive", timeout=5):  # noqa: S310 (loopback)
                return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server does not answer: {log.read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture(scope="session")
def server(start_server: Start) -> Running:
    """A server for everybody."""
    return start_server(visitors=40)


@pytest.fixture(scope="session")
def small_server(start_server: Start) -> Running:
    """A server with three places, which come back soon."""
    return start_server(visitors=3, unclaimed_seconds=2.0, left_seconds=1.0)


@pytest.fixture(scope="session")
def guarded(start_server: Start) -> Running:
    """A server that asks for a secret."""
    return start_server(secret=SECRET)
