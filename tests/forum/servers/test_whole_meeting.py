"""A whole meeting of `kesos forum` on PostgreSQL, through two outages, to its documents."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kesos_sim.forum.client import Visitor
from kesos_sim.forum.store import Store
from kesos_sim.scenario.levers import POINTS
from tests.forum.databases import running_postgres

from .command import (
    SETTINGS,
    START,
    Forum,
    acted,
    entry,
    environment,
    handed_in,
    kesos_forum,
    room,
    seated,
)
from .conftest import SECRET, Meeting

pytestmark = pytest.mark.full

TABLES = ("33", "34", "51")
LEVERS = {"apbd_poverty_share": 0.1, "bkkks_standing": 3.0}
SOURCES = {"perjalanan_dinas": 0.5, "belanja_barang": 0.5}


class Day:
    """The people of a meeting, and what they have handed in."""

    def __init__(self) -> None:
        self.people = {table: secrets.token_hex(16) for table in TABLES}
        self.entries: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
        self.digest = ""
        self.codes: dict[str, str] = {}

    async def enter(self, visitors: dict[str, Visitor], kind: str, **body: Any) -> None:
        """Everybody hands in the same."""
        for table, visitor in visitors.items():
            self.entries[table].append(entry(kind, **body))
            await handed_in(visitor, self.entries[table][-1])


async def state_of(facilitator: Visitor, forum: Forum) -> dict[str, Any]:
    """What the facilitator sees once everything that is stored has come in."""
    version = forum.store.version()
    facilitator.send({"do": "hello", "lang": "id"})
    while True:
        found: dict[str, Any] = (await facilitator.until("room"))["state"]
        if found["version"] >= version:
            return found


async def everybody(meeting: Meeting, forum: Forum, day: Day) -> dict[str, Visitor]:
    return {table: await meeting.join(forum.join) for table in day.people}


def test_a_whole_meeting_on_postgresql(tmp_path: Path) -> None:
    day = Day()
    with running_postgres() as database:

        async def until_it_is_signed(meeting: Meeting, forum: Forum) -> None:
            leads = await room(meeting, forum, entry("phase", name="guess"))
            visitors = await everybody(meeting, forum, day)
            for table, visitor in visitors.items():
                await seated(visitor, day.people[table], table)
            await day.enter(visitors, "guess", question="apbd", value=7.0)
            await acted(leads, entry("reveal", what="guess:apbd"), entry("phase", name="package"))
            await day.enter(visitors, "package", name="Paket meja", levers=LEVERS, sources=SOURCES,
                            table=True, balanced=True)  # fmt: skip
            await acted(leads, entry("phase", name="deliberate"))

            database.stop()
            missed = entry("stance", point="9", answer=3, round=1)
            visitors["33"].send({"do": "enter", "entries": [missed]})
            leads.send({"do": "hello", "lang": "id"})
            assert (await leads.until("note"))["text"]
            database.start()
            day.entries["33"].append(missed)
            await handed_in(visitors["33"], missed)  # a page sends again what was not acknowledged

            for point in POINTS:
                await day.enter(visitors, "stance", point=str(point), answer=3, round=1)
            vote = {"point": "7", "for": 8, "against": 2, "dissent": "Bali tetap menolak"}
            await acted(leads, entry("vote", **vote), entry("phase", name="agree"),
                        entry("freeze", on=True))  # fmt: skip
            state = await state_of(leads, forum)
            assert state["frozen"] and state["points"]["7"]["vote"]["for"] == 8
            day.digest, day.codes = state["draft"]["digest"], state["codes"]
            await handed_in(visitors["33"], entry("sign", digest=day.digest, code=day.codes["33"]))

        async def afterwards(meeting: Meeting, forum: Forum) -> None:
            leads = await room(meeting, forum)
            state = await state_of(leads, forum)
            assert (state["draft"]["digest"], state["codes"]) == (day.digest, day.codes)
            visitors = await everybody(meeting, forum, day)
            for table, visitor in visitors.items():
                visitor.send({"do": "hello", "participant": day.people[table], "lang": "id"})
                own = {one["id"] for one in (await visitor.until("welcome"))["own"]}
                assert {one["id"] for one in day.entries[table]} <= own
            await handed_in(visitors["33"], *day.entries["33"][:2])  # once more: stored once
            await handed_in(visitors["51"], entry("sign", digest=day.digest, code=day.codes["51"]))
            signed = {
                one["code"] for one in (await state_of(leads, forum))["tables"] if one["signed"]
            }
            assert signed == {"33", "51"}

        for course in (until_it_is_signed, afterwards):
            with kesos_forum(tmp_path, database.url, SECRET) as forum:
                assert SECRET not in forum.said, "a secret of the environment is not written"
                meeting = Meeting()
                meeting.hold(course(meeting, forum))
        what_is_left_is_whole(tmp_path, database.url, forum.session.code, day)


def what_is_left_is_whole(folder: Path, url: str, code: str, day: Day) -> None:
    """Every entry once in the store, and the same in the files of ``kesos forum export``."""
    store = Store(url, code)
    events = store.since(0)
    store.close()
    assert [one.seq for one in events] == list(range(1, len(events) + 1))
    known = [one.id for one in events]
    handed = [one["id"] for given in day.entries.values() for one in given]
    assert len(known) == len(set(known)) and set(handed) <= set(known)
    files = exported(folder, url)
    said = Counter(json.loads(line)["kind"] for line in files["entri-MPU26.jsonl"].splitlines())
    once = {"join": 3, "guess": 3, "package": 3, "vote": 1, "freeze": 1, "sign": 2}
    assert once.items() <= said.items()
    assert said["stance"] == 3 * len(POINTS) + 1
    assert "8 setuju, 2 tidak setuju" in files["naskah-MPU26.txt"]
    assert "value: 0.1" in files["kesepakatan.yaml"]


def exported(folder: Path, url: str) -> dict[str, str]:
    """What ``kesos forum export`` writes, as text where it is text."""
    words = ["forum", "export", str(SETTINGS), "--store", url, "--out", str(folder / "out")]
    done = subprocess.run(
        [sys.executable, "-c", START, *words],
        env=environment(folder), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    files = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
    assert len(files) == 7
    assert files["kesepakatan-MPU26.pdf"].startswith(b"%PDF")
    return {name: content.decode("utf-8", "replace") for name, content in files.items()}
