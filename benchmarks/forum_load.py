"""A meeting under load: how soon seventy and a hundred and fifty are in, and what they wait for.

``python -m benchmarks.forum_load`` holds two rehearsals on this machine, some minutes in all, and
ends by itself. ``--real-time`` adds ten minutes offline and fifteen minutes asleep, in real time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from benchmarks.figures import Figure, machine
from kesos_sim.forum.client import Visitor, fetched
from kesos_sim.forum.events import Entry
from kesos_sim.forum.limits import raise_descriptors
from kesos_sim.forum.rehearsal import Course, Figures, rehearse
from kesos_sim.forum.settings import load_session
from kesos_sim.forum.store import Store
from kesos_sim.forum.supervisor import Meeting, Plan, limits_of, page_notebook

__all__ = ["Load", "crowd", "main", "patience", "running"]

_JOIN_SECONDS, _SUBMIT_SECONDS, _MEMORY_GIB = 60.0, 2.0, 4.0
_TYPICAL, _LARGE, _BEYOND = 70, 150, 10
_OFFLINE_SECONDS, _ASLEEP_SECONDS = 600.0, 900.0
_ENTRIES: Final = 12
_JOIN_PATIENCE: Final = 90.0


@dataclass(frozen=True, slots=True)
class Load:
    """How much is tried.

    Parameters
    ----------
    attendees : int
        How many come, all of whom fit.
    arrive_seconds : float
        Over how long.
    active_seconds : float
        How long they hand in.
    pause_seconds : float
        Mean pause between two packages of one attendee.
    beyond : int
        How many come although nobody else fits.
    """

    attendees: int
    arrive_seconds: float = 30.0
    active_seconds: float = 30.0
    pause_seconds: float = 5.0
    beyond: int = 0


@contextmanager
def running(attendees: int, logs: Path | None = None) -> Iterator[tuple[Meeting, Store]]:
    """Start a meeting on free ports with a store of its own.

    Parameters
    ----------
    attendees : int
        How many fit.
    logs : pathlib.Path, optional
        Folder for the logs of its processes; that of the store when left out.

    Yields
    ------
    tuple of Meeting and Store
    """
    settings = page_notebook("sesi.yaml")
    session = load_session(settings)
    raise_descriptors(2 * limits_of(attendees).descriptors)
    with tempfile.TemporaryDirectory(prefix="kesos-load-") as folder:
        url = f"sqlite:///{folder}/forum.sqlite"
        plan = Plan(
            session, settings, url, port=0, facilitator_port=0, limits=limits_of(attendees),
            logs=logs or Path(folder),
        )  # fmt: skip
        meeting = Meeting(plan)
        meeting.start()
        store = Store(url, session.code)
        try:
            yield meeting, store
        finally:
            store.close()
            meeting.stop()


def crowd(load: Load) -> Figures:
    """Hold a rehearsal.

    Parameters
    ----------
    load : Load
        How much is tried.

    Returns
    -------
    Figures
    """
    with running(load.attendees) as (meeting, store):
        course = Course(
            load.attendees,
            load.arrive_seconds,
            load.active_seconds,
            load.pause_seconds,
            load.beyond,
        )
        return asyncio.run(
            rehearse(
                meeting.join, meeting.facilitator, meeting.secret, meeting.plan.session, store,
                course, meeting.pids().values(),
            )
        )  # fmt: skip


def patience(offline: float, asleep: float) -> dict[str, Any]:
    """Let one attendee lose the network, and another's phone sleep, both with entries unsent.

    Parameters
    ----------
    offline, asleep : float
        Seconds.

    Returns
    -------
    dict
        Entries made, entries stored, entries stored twice, and whether the kernel of the phone
        that slept was still there.
    """
    with running(_TYPICAL) as (meeting, store):
        store.add([Entry("the-phase-of-levers", "phase", {"name": "explore"})])
        made, alive = asyncio.run(_silences(meeting, offline, asleep))
        stored = [event.id for event in store.since(0)]
    return {
        "made": len(made),
        "stored": len(made & set(stored)),
        "twice": len(stored) - len(set(stored)),
        "kernel_survived_sleep": alive,
    }


async def _silences(meeting: Meeting, offline: float, asleep: float) -> tuple[set[str], bool]:
    """Hold both silences at once; returns entries made and whether the second kernel survived."""
    found = await asyncio.gather(_silence(meeting, offline), _silence(meeting, asleep))
    return found[0][0] | found[1][0], found[1][1]


async def _silence(meeting: Meeting, seconds: float) -> tuple[set[str], bool]:
    """Be away, make entries meanwhile, come back as the page does, and hand them in twice."""
    who = secrets.token_hex(16)
    visitor = await _in(meeting, who)
    await _sent(visitor, [_entry("join", province="33", role="dinsos", lang="id")])
    await visitor.drop()
    entries = [
        _entry("try", levers={"apbd_poverty_share": round(0.01 * (1 + n), 2)})
        for n in range(_ENTRIES)
    ]
    await asyncio.sleep(seconds)
    place = f"{meeting.join}api/kernels/{visitor.kernel_id}"
    state = await fetched(place, cookies=visitor.cookies)
    alive = state.code == 200
    if alive:
        await visitor.connect()
        visitor.send({"do": "hello", "participant": who, "lang": "id"})
        await visitor.until("welcome")
    else:
        visitor = await _in(meeting, who)
    await _sent(visitor, entries)
    await _sent(visitor, entries)
    await visitor.leave()
    return {one["id"] for one in entries}, alive


async def _in(meeting: Meeting, who: str) -> Visitor:
    """Open the page and say hello."""
    visitor = await Visitor.join(meeting.join, timeout=_JOIN_PATIENCE)
    visitor.send({"do": "hello", "participant": who, "lang": "id"})
    await visitor.until("welcome")
    return visitor


async def _sent(visitor: Visitor, entries: list[dict[str, Any]]) -> None:
    """Hand entries in and wait until they are acknowledged."""
    visitor.send({"do": "enter", "entries": entries})
    answer = await visitor.until("ack")
    if answer["refused"]:
        raise RuntimeError(answer["refused"])


def _entry(kind: str, **body: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "kind": kind, "body": body}


def figures(found: Figures, load: Load) -> list[Figure]:
    """Set what was found beside what is asked.

    Parameters
    ----------
    found : Figures
        Of a rehearsal.
    load : Load
        What was tried.

    Returns
    -------
    list of Figure
    """
    name = f"forum_{load.attendees}"
    listed = [
        Figure(f"{name}_admitted", float(found.admitted), "people", None, "least", load.attendees),
        Figure(f"{name}_errors", float(found.errors), "people", None, "most", 0.0),
        Figure(f"{name}_all_in", found.all_in_s or 0.0, "seconds", None, "most",
               _JOIN_SECONDS if load.attendees <= _TYPICAL else None),
        Figure(f"{name}_join_p95", found.join_p95_s or 0.0, "seconds"),
        Figure(f"{name}_submit_p95", found.submit_p95_s or 0.0, "seconds", None, "most",
               _SUBMIT_SECONDS if load.attendees <= _TYPICAL else None),
        Figure(f"{name}_memory", found.memory_gib, "gib", None, "most",
               _MEMORY_GIB if load.attendees <= _TYPICAL else None),
        Figure(f"{name}_page", found.megabytes_per_page or 0.0, "megabytes"),
    ]  # fmt: skip
    if load.beyond:
        listed.append(
            Figure(f"{name}_waiting", float(found.waiting), "people", None, "least", load.beyond)
        )
    return listed


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print records as JSON.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process if left out.

    Returns
    -------
    int
        0 if every threshold holds, else 1.
    """
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.forum_load")
    parser.add_argument("--attendees", type=int, action="append", help="instead of 70 and 150")
    parser.add_argument("--arrive", type=float, default=30.0, help="seconds over which they come")
    parser.add_argument("--active", type=float, default=30.0, help="seconds of handing in")
    parser.add_argument("--pause", type=float, default=5.0, help="seconds between two packages")
    parser.add_argument("--real-time", action="store_true", help="10 minutes offline, 15 asleep")
    parser.add_argument("--offline", type=float, default=_OFFLINE_SECONDS)
    parser.add_argument("--asleep", type=float, default=_ASLEEP_SECONDS)
    asked = parser.parse_args(arguments)
    listed: list[Figure] = []
    said: dict[str, Any] = {}
    for attendees in asked.attendees or (_TYPICAL, _LARGE):
        share = attendees / _TYPICAL
        # Twice as many people take twice as long to come and hand in half as often each.
        load = Load(
            attendees, asked.arrive * max(1.0, share), asked.active,
            asked.pause * max(1.0, share), beyond=_BEYOND,
        )  # fmt: skip
        found = crowd(load)
        listed += figures(found, load)
        said[str(attendees)] = found.record()
    if asked.real_time:
        began = time.monotonic()
        kept = patience(asked.offline, asked.asleep)
        said["silence"] = kept | {"seconds": round(time.monotonic() - began)}
        lost = kept["made"] - kept["stored"] + kept["twice"]
        listed.append(Figure("forum_lost", float(lost), "people", None, "most", 0.0))
    document = {
        "records": [figure.record() for figure in listed],
        "found": said,
        "machine": machine({"load": os.getloadavg()[0]}),
    }
    print(json.dumps(document, indent=2))
    return 0 if all(figure.ok is not False for figure in listed) else 1


if __name__ == "__main__":
    sys.exit(main())
