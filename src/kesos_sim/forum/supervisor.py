"""Everything that a meeting needs on one machine: two servers and a worker, kept alive.

The sockets that listen belong to this process: while a server that died starts again, requests
wait in them instead of being refused.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final
from urllib.error import URLError
from urllib.request import urlopen

from kesos_sim.errors import InputError, KesosError
from kesos_sim.forum.limits import Limits
from kesos_sim.forum.server import SECRET_VARIABLE, SERVED_VARIABLE, Served
from kesos_sim.forum.sockets import join_address, listening
from kesos_sim.forum.worker import WARM_VARIABLE
from kesos_sim.shipping import shipped

if TYPE_CHECKING:
    from kesos_sim.forum.session import Session

__all__ = ["SHORTEST_SECRET", "Meeting", "Plan", "page_notebook"]

ATTENDEES: Final = "attendees"
FACILITATOR: Final = "facilitator"
WORKER: Final = "worker"
_NOTEBOOKS: Final = {ATTENDEES: "peserta.ipynb", FACILITATOR: "fasilitator.ipynb"}
_START_SECONDS: Final = 90.0
_END_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_STABLE_SECONDS: Final = 60.0
_POOL_SHARE: Final = 10
_LARGEST_POOL: Final = 15
_SECRET_BYTES: Final = 16
_RESERVE_MINUTES: Final = 30
SHORTEST_SECRET: Final = 8
"""Fewest characters of a secret of the environment."""

Say = Callable[[str, Mapping[str, object]], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is started.

    Parameters
    ----------
    session : Session
        Settings of the meeting.
    settings : Path
        The file that they are in.
    store : str
        Address of the store.
    ip, port : str and int
        Where attendees come in; port 0 for any that is free.
    facilitator_ip, facilitator_port : str and int
        Where the facilitator comes in.
    address : str
        What attendees type where a proxy stands before their server; empty without one.
    proxy : str
        Where that proxy's connections come from; empty without one.
    limits : Limits, optional
        What attendees may do; by default what the session's number of attendees asks for.
    logs : Path, optional
        Folder of the logs.
    """

    session: Session
    settings: Path
    store: str
    ip: str = "127.0.0.1"
    port: int = 8866
    facilitator_ip: str = "127.0.0.1"
    facilitator_port: int = 8867
    address: str = ""
    proxy: str = ""
    limits: Limits | None = None
    logs: Path | None = None


@dataclass(slots=True)
class _Child:
    """One process that is kept alive."""

    name: str
    module: str
    environment: dict[str, str]
    door: socket.socket | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    again_at: float = 0.0


@dataclass
class Meeting:
    """The processes of a meeting.

    Parameters
    ----------
    plan : Plan
        What is started.
    say : callable
        Told with a key of ``forum_server`` and its fields when something happens.

    Attributes
    ----------
    secret : str
        What the facilitator's page asks for.
    generated : bool
        Whether it was made up here; else it is that of the environment.
    join : str
        Address for attendees.
    facilitator : str
        Address for the facilitator.
    """

    plan: Plan
    say: Say = lambda key, fields: None
    secret: str = ""
    generated: bool = False
    join: str = ""
    facilitator: str = ""
    _children: list[_Child] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start everything and wait until both pages answer.

        Raises
        ------
        InputError
            If a port is taken, or the secret of the environment is too short.
        KesosError
            If a server does not come up.
        """
        self.secret = os.environ.get(SECRET_VARIABLE, "").strip()
        if self.secret and len(self.secret) < SHORTEST_SECRET:
            raise InputError("KS9413", "forum_server.short_secret", expected=SHORTEST_SECRET)
        self.generated = not self.secret
        self.secret = self.secret or secrets.token_urlsafe(_SECRET_BYTES)
        plan = self.plan
        try:
            doors = {ATTENDEES: listening(plan.ip, plan.port)}
            self._children.append(_Child(ATTENDEES, "", {}, doors[ATTENDEES]))
            doors[FACILITATOR] = listening(
                plan.facilitator_ip, plan.facilitator_port, "facilitator-"
            )
            self._children.append(_Child(FACILITATOR, "", {}, doors[FACILITATOR]))
            own = join_address(plan.ip, doors[ATTENDEES].getsockname()[1])
            self.join = plan.address or own
            self.facilitator = join_address(
                plan.facilitator_ip, doors[FACILITATOR].getsockname()[1]
            )
            self._children = [self._server(name, door) for name, door in doors.items()]
            warm = self._environment() | {WARM_VARIABLE: "1"}
            self._children.append(_Child(WORKER, "kesos_sim.forum.worker", warm))
            for child in self._children:
                self._spawn(child)
            for child in self._children:
                self._wait_for(child)
        except BaseException:
            self.stop()
            raise

    def watch(self) -> None:
        """Keep everything alive until the process is told to stop."""
        previous = {
            number: signal.signal(number, self._asked_to_stop)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            while not self._over.wait(_LOOK_SECONDS):
                self.look()
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    def look(self) -> None:
        """Start again what has died, later each time that it dies soon."""
        now = time.monotonic()
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                lived = now - child.started
                child.failures = 1 if lived > _STABLE_SECONDS else child.failures + 1
                pause = 0.0 if child.failures == 1 else min(_LONGEST_PAUSE, 2.0**child.failures)
                child.process, child.again_at = None, now + pause
                # What ended it may be the memory that this takes.
                child.environment.pop(WARM_VARIABLE, None)
                self.say("child_died", {"what": child.name, "seconds": f"{pause:.0f}"})
            if child.process is None and now >= child.again_at:
                self._spawn(child)

    def stop(self) -> None:
        """End everything."""
        self._over.set()
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + _END_SECONDS
        for process in running:
            try:
                process.wait(timeout=max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for child in self._children:
            if child.door is not None:
                child.door.close()
            child.process = None

    def pids(self) -> dict[str, int]:
        """Return the processes by name.

        Returns
        -------
        dict of str to int
        """
        return {
            child.name: child.process.pid for child in self._children if child.process is not None
        }

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        """Stop watching."""
        del number, frame
        self._over.set()

    def _server(self, name: str, door: socket.socket) -> _Child:
        """Describe one of the servers."""
        guarded = name == FACILITATOR
        module = "kesos_sim.forum." + ("facilitator" if guarded else "attendee")
        served = Served(
            notebook=str(page_notebook(_NOTEBOOKS[name])),
            title=self.plan.session.title[self.plan.session.lang],
            modules=(module,),
            inherited=door.fileno(),
            guarded=guarded,
            proxy="" if guarded else self.plan.proxy,
            https=not guarded and self.join.lower().startswith("https://"),
            limits=_FEW if guarded else self.plan.limits or self._limits(),
        )
        environment = self._environment() | {SERVED_VARIABLE: served.dumped()}
        if guarded:
            environment |= {
                SECRET_VARIABLE: self.secret,
                "KESOS_FORUM_GUARDED": "1",
            }
        return _Child(name, "kesos_sim.forum.server", environment, door)

    def _limits(self) -> Limits:
        """Return what attendees may do: a phone may sleep for the whole meeting."""
        session = self.plan.session
        minutes = sum(one.minutes for one in session.phases) + _RESERVE_MINUTES
        return replace(limits_of(session.attendees), asleep_seconds=60.0 * minutes)

    def _environment(self) -> dict[str, str]:
        """Return what all processes know: the meeting, but not the secret."""
        inherited = {name: value for name, value in os.environ.items() if name != SECRET_VARIABLE}
        return inherited | {
            "KESOS_FORUM_SESSION": str(self.plan.settings.resolve()),
            "KESOS_FORUM_STORE": self.plan.store,
            "KESOS_FORUM_ADDRESS": self.join,
        }

    def _spawn(self, child: _Child) -> None:
        """Start one process, out of reach of the keyboard's Ctrl-C."""
        log = self._log(child)
        with log.open("ab") as stream:
            child.process = subprocess.Popen(  # noqa: S603 (this interpreter, modules of ours)
                [sys.executable, "-m", child.module],
                env=child.environment,
                pass_fds=[child.door.fileno()] if child.door is not None else [],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )
        child.started = time.monotonic()

    def _log(self, child: _Child) -> Path:
        """Return the log of one process."""
        from platformdirs import user_log_path

        folder = self.plan.logs or user_log_path("kesos-sim") / "forum" / self.plan.session.code
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{child.name}.log"

    def _wait_for(self, child: _Child) -> None:
        """Wait until a server answers."""
        if child.door is None or child.process is None:
            return
        host, port = child.door.getsockname()[:2]
        place = join_address("127.0.0.1" if host == "0.0.0.0" else host, port)  # noqa: S104
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and child.process.poll() is None:
            try:
                with urlopen(f"{place}forum/alive", timeout=5):  # noqa: S310 (our own address)
                    return
            except (URLError, OSError):
                time.sleep(_LOOK_SECONDS / 2)
        raise KesosError("KS9414", "forum_server.no_start", what=child.name, file=self._log(child))


_FEW: Final = Limits(visitors=8, pool=1, message_bytes=1024 * 1024, bytes_burst=8e6)


def limits_of(attendees: int) -> Limits:
    """Return what a meeting of some size needs.

    Parameters
    ----------
    attendees : int
        Most attendees.

    Returns
    -------
    Limits
    """
    pool = max(1, min(_LARGEST_POOL, attendees // _POOL_SHARE))
    return Limits(visitors=attendees, pool=pool, pages_burst=float(attendees + 90))


def page_notebook(name: str) -> Path:
    """Return a notebook of the forum: of the source tree, or of the installed package.

    Parameters
    ----------
    name : str
        Its file name.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If the package came without it.
    """
    found = shipped(f"notebooks/forum/{name}")
    if found is not None:
        return found
    raise InputError("KS9415", "forum_server.no_notebook", file=name)
