"""A meeting with attendees that are programs: real pages, real kernels, real entries.

What is measured: how soon attendees are in, how soon the facilitator sees what they hand in, and
how much memory everything takes together.
"""

from __future__ import annotations

import asyncio
import bisect
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from kesos_sim.errors import KesosError
from kesos_sim.forum.client import Visitor, fetched

if TYPE_CHECKING:
    from kesos_sim.forum.session import Session
    from kesos_sim.forum.store import Store

__all__ = ["Course", "Figures", "family", "memory_of", "quantile", "rehearse"]

_GIB: Final = 1 << 30
_JOIN_SECONDS: Final = 90.0
_ANSWER_SECONDS: Final = 30.0
_P95: Final = 0.95
_HALF: Final = 0.5
_ROLES: Final = ("dinsos", "bkkks", "orsos", "wksbm", "usaha", "bappeda")
_FULL: Final = 503


@dataclass(frozen=True, slots=True)
class Course:
    """How a rehearsal goes.

    Parameters
    ----------
    attendees : int
        How many come.
    arrive_seconds : float
        Over how long they come, evenly.
    active_seconds : float
        How long they hand in packages afterwards.
    pause_seconds : float
        Mean pause of an attendee between two packages.
    beyond : int
        How many come when all are in and nobody else fits.
    """

    attendees: int
    arrive_seconds: float = 30.0
    active_seconds: float = 20.0
    pause_seconds: float = 5.0
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What a rehearsal found.

    Attributes
    ----------
    attendees, admitted, errors : int
        Who came, who got in, and what went wrong for whomever.
    waiting : int
        Who came beyond the limit and got the waiting page.
    join_p50_s, join_p95_s, all_in_s : float or None
        Seconds from the request to the whole page, and from the first request until all were in.
    submitted : int
        Packages handed in.
    submit_p50_s, submit_p95_s : float or None
        Seconds from sending a package until the facilitator's page had it.
    memory_gib : float
        Memory of all processes, shared pages counted once.
    megabytes_per_page : float or None
        What a page receives until it is whole, before compression.
    first_error : str
        What went wrong first; empty if nothing did.
    """

    attendees: int
    admitted: int
    errors: int
    waiting: int
    join_p50_s: float | None
    join_p95_s: float | None
    all_in_s: float | None
    submitted: int
    submit_p50_s: float | None
    submit_p95_s: float | None
    memory_gib: float
    megabytes_per_page: float | None
    first_error: str = ""

    def record(self) -> dict[str, Any]:
        """Return the figures by name.

        Returns
        -------
        dict
        """
        return asdict(self)


class _Watch:
    """The facilitator, who notes when which version of the state came in."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.versions: list[int] = []
        self.arrived: list[float] = []

    async def follow(self) -> None:
        """Note every state until cancelled."""
        while True:
            at, content, _ = await self.visitor.receive(timeout=3600.0)
            version = (content.get("state") or {}).get("version")
            if isinstance(version, int) and (not self.versions or version > self.versions[-1]):
                self.versions.append(version)
                self.arrived.append(at)

    def seen(self, version: int) -> float | None:
        """Return when a version, or a later one, was there."""
        place = bisect.bisect_left(self.versions, version)
        return self.arrived[place] if place < len(self.arrived) else None


class _Attendee:
    """One attendee: comes in, sits down at a table, hands in packages."""

    def __init__(self, number: int, session: Session) -> None:
        self.number = number
        self.visitor: Visitor | None = None
        self.sent: dict[str, float] = {}
        self.problems: list[str] = []
        tables = session.tables
        self._table = tables[number % len(tables)].code
        self._role = _ROLES[number % len(_ROLES)]
        self._name = secrets.token_hex(16)

    async def come(self, address: str, after: float) -> None:
        """Open the page and sit down."""
        await asyncio.sleep(after)
        try:
            self.visitor = await Visitor.join(address, timeout=_JOIN_SECONDS)
            self.visitor.send({"do": "hello", "participant": self._name, "lang": "id"})
            await self.visitor.until("welcome", _ANSWER_SECONDS)
            await self.hand_in("join", {"province": self._table, "role": self._role, "lang": "id"})
        except (KesosError, TimeoutError, OSError) as error:
            self.problems.append(f"{type(error).__name__}: {error}")

    async def take_part(self, course: Course) -> None:
        """Hand in a package now and then."""
        until = time.perf_counter() + course.active_seconds
        number = 0
        # Not all at once: everybody begins at a moment of their own.
        await asyncio.sleep(course.pause_seconds * (self.number % 97) / 97)
        while self.visitor is not None and time.perf_counter() < until:
            number += 1
            share = round(0.01 * (1 + (self.number + number) % 14), 2)
            body = {
                "name": f"Paket {number}",
                "levers": {"apbd_poverty_share": share},
                "sources": {"perjalanan_dinas": 0.5, "belanja_barang": 0.5},
                "table": False,
                "balanced": True,
            }
            try:
                await self.hand_in("package", body)
            except (TimeoutError, OSError) as error:
                self.problems.append(f"{type(error).__name__}: {error}")
            await asyncio.sleep(course.pause_seconds)

    async def hand_in(self, kind: str, body: dict[str, Any]) -> str:
        """Send an entry and wait until it is acknowledged."""
        identity = str(uuid4())
        visitor = self.visitor
        if visitor is None:
            raise TimeoutError
        began = time.perf_counter()
        entry = {"id": identity, "kind": kind, "body": body}
        visitor.send({"do": "enter", "entries": [entry]})
        while True:
            answer = await visitor.until("ack", _ANSWER_SECONDS)
            if identity in answer["ids"]:
                break
            for refused in answer["refused"]:
                if refused["id"] == identity:
                    self.problems.append(refused["why"])
                    return ""
        self.sent[identity] = began
        return identity


async def rehearse(
    attendees: str, facilitator: str, secret: str, session: Session, store: Store, course: Course,
    pids: Iterable[int],
) -> Figures:  # fmt: skip
    """Hold a rehearsal.

    Parameters
    ----------
    attendees, facilitator : str
        Addresses of the two pages.
    secret : str
        What the facilitator's page asks for.
    session : Session
        Settings of the meeting that the servers know.
    store : Store
        Its store.
    course : Course
        How it goes.
    pids : iterable of int
        Processes whose memory counts, with all that they have started.

    Returns
    -------
    Figures
    """
    problems: list[str] = []
    watch, following = await _open_room(facilitator, secret, problems)
    began = time.perf_counter()
    people = [_Attendee(number, session) for number in range(course.attendees)]
    step = course.arrive_seconds / max(1, course.attendees)
    await asyncio.gather(*(one.come(attendees, one.number * step) for one in people))
    all_in = time.perf_counter() - began
    here = [one for one in people if one.visitor is not None]
    waiting = await _turned_away(attendees, course.beyond)
    await asyncio.gather(*(one.take_part(course) for one in here))
    await asyncio.sleep(min(2.0, course.active_seconds))
    memory = memory_of(pids)
    times = _times(people, watch, store)
    pages = [one.visitor for one in here if one.visitor is not None]
    if following is not None:
        following.cancel()
    leaving = [page.leave() for page in pages]
    if watch is not None:
        leaving.append(watch.visitor.leave())
    await asyncio.gather(*leaving, return_exceptions=True)
    problems += [problem for one in people for problem in one.problems]
    joined = [page.joined_after for page in pages]
    sizes = [page.bytes_in for page in pages]
    return Figures(
        attendees=course.attendees,
        admitted=len(here),
        errors=len(problems),
        waiting=waiting,
        join_p50_s=quantile(joined, _HALF),
        join_p95_s=quantile(joined, _P95),
        all_in_s=round(all_in, 2) if here else None,
        submitted=len(times),
        submit_p50_s=quantile(times, _HALF),
        submit_p95_s=quantile(times, _P95),
        memory_gib=round(memory / _GIB, 3),
        megabytes_per_page=round(max(sizes) / 1e6, 3) if sizes else None,
        first_error=problems[0] if problems else "",
    )


async def _open_room(
    address: str, secret: str, problems: list[str]
) -> tuple[_Watch | None, asyncio.Task[None] | None]:
    """Open the facilitator's page, the phase of packages, and the entries."""
    try:
        watch = _Watch(await Visitor.join(address, secret=secret, timeout=_JOIN_SECONDS))
    except (KesosError, TimeoutError, OSError) as error:
        problems.append(f"{type(error).__name__}: {error}")
        return None, None
    following = asyncio.create_task(watch.follow())
    watch.visitor.send({"do": "hello", "lang": "id"})
    steps = (("phase", {"name": "package"}), ("input", {"open": True}))
    entries = [{"id": str(uuid4()), "kind": kind, "body": body} for kind, body in steps]
    watch.visitor.send({"do": "act", "lang": "id", "entries": entries})
    return watch, following


async def _turned_away(address: str, count: int) -> int:
    """Count who gets the waiting page."""
    answers = await asyncio.gather(*(fetched(address) for _ in range(count)))
    return sum(answer.code == _FULL for answer in answers)


def _times(people: Sequence[_Attendee], watch: _Watch | None, store: Store) -> list[float]:
    """Return the seconds from sending to seeing of everything that was handed in."""
    if watch is None:
        return []
    version = {event.id: event.seq for event in store.since(0)}
    found = []
    for one in people:
        for identity, sent in one.sent.items():
            seen = watch.seen(version[identity]) if identity in version else None
            if seen is None:
                one.problems.append("an entry was not seen by the facilitator")
            else:
                found.append(seen - sent)
    return found


def quantile(values: Iterable[float], share: float) -> float | None:
    """Return a quantile: the smallest value that at least a share of them does not exceed.

    Parameters
    ----------
    values : iterable of float
        Any order.
    share : float
        Between 0 and 1.

    Returns
    -------
    float or None
        Three decimals; None without values.
    """
    ordered = sorted(values)
    if not ordered:
        return None
    place = min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))
    return round(ordered[place], 3)


def family(pids: Iterable[int]) -> set[int]:
    """Return processes and all that they have started.

    Parameters
    ----------
    pids : iterable of int
        Processes.

    Returns
    -------
    set of int
    """
    found: set[int] = set()
    waiting = set(pids)
    while waiting:
        found |= waiting
        waiting = {child for pid in waiting for child in _children(pid)} - found
    return found


def memory_of(pids: Iterable[int]) -> int:
    """Return the memory of processes and all that they have started.

    Parameters
    ----------
    pids : iterable of int
        Processes.

    Returns
    -------
    int
        Bytes, pages that several share counted once (proportional set size); 0 where the system
        does not tell.
    """
    total = 0
    for pid in family(pids):
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        total += sum(
            1024 * int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")
        )
    return total


def _children(pid: int) -> set[int]:
    """Return what a process has started, by whichever of its threads."""
    found: set[int] = set()
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found |= set(map(int, listed.read_text(encoding="ascii").split()))
        except OSError:
            continue
    return found
