"""A meeting with people, as the tests of the facilitator's page need it."""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kesos_sim.emulator import load_surface
from kesos_sim.forum.desk import Desk
from kesos_sim.forum.entries import checked
from kesos_sim.forum.events import pseudonym
from kesos_sim.forum.room import Room
from kesos_sim.forum.session import FORUM_LEVERS, ROLES, Session
from kesos_sim.forum.settings import load_session
from kesos_sim.forum.store import Store

SETTINGS = Path(__file__).parents[2] / "notebooks" / "forum" / "sesi.yaml"
HOSTILE = '<img src=x onerror="window.hurt=1"> =SUM(A1) <b>tebal</b>'
NOW = 1_795_000_000_000


class Meeting:
    """A store, a desk and ways to let people act."""

    def __init__(self, folder: Path, session: Session | None = None) -> None:
        self.session = session or load_session(SETTINGS)
        self.store = Store(f"sqlite:///{folder / 'room.sqlite'}", self.session.code)
        self.desk = Desk(self.session, self.store, load_surface(), folder / "backups")
        self._random = random.Random(2008)  # noqa: S311 (people of a test)

    def identity(self) -> str:
        return uuid.uuid4().hex

    def room(self) -> Room:
        room = Room(self.session)
        room.take(self.store.since(0))
        return room

    def act(self, kind: str, /, **body: Any) -> dict[str, Any]:
        """Do something at the facilitator's desk; return the acknowledgement."""
        identity = self.identity()
        entry = {"id": identity, "kind": kind, "body": body}
        message = {"do": "act", "lang": "id", "entries": [entry]}
        replies = self.desk.hear(message)
        acknowledged = replies[0][0]
        assert acknowledged["ids"] == [identity], acknowledged
        return acknowledged

    def enter(self, person: str, *entries: tuple[str, dict[str, Any]]) -> None:
        """Let an attendee hand something in, checked as the attendee's kernel does."""
        room = self.room()
        for kind, body in entries:
            raw = {"id": self.identity(), "kind": kind, "body": body}
            entry = checked(raw, self.session, room, pseudonym(code(person)))
            self.store.add([entry])
            room.take(self.store.since(room.version))

    def enter_many(self, rows: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
        """Let many people hand in one thing each; the state does not depend on their order."""
        room = self.room()
        self.store.add(
            checked(
                {"id": self.identity(), "kind": kind, "body": body},
                self.session,
                room,
                pseudonym(code(person)),
            )
            for person, kind, body in rows
        )

    def people(self) -> list[tuple[str, str]]:
        """Name and table of everybody: five at each table but the last, where nobody came."""
        return [
            (f"{table.code}-{place}", table.code)
            for table in self.session.tables[:-1]
            for place in range(5)
        ]

    def fill(self) -> None:
        """Go through the whole meeting, and stay in its first phase at the end."""
        draw, people = self._random, self.people()
        self.enter_many(
            (name, "join", {"province": table, "role": ROLES[place % len(ROLES)], "lang": "id"})
            for place, (name, table) in enumerate(people)
        )
        self.act("phase", name="guess")
        for question, around in (("apbd", 6.8), ("coordination", 7.2), ("both", 6.1)):
            self.enter_many(
                (name, "guess", {"question": question,
                                 "value": round(max(1.0, draw.gauss(around, 0.9)), 1)})
                for name, _ in people
            )  # fmt: skip
        self.act("phase", name="explore")
        chances = [0.9, 0.4, 0.7, 0.95, 0.6, 0.3, 0.35, 0.5, 0.2, 0.1, 0.25]
        for lever, chance in zip(FORUM_LEVERS, chances, strict=True):
            full = self.session.steps[lever][-1]
            some = [name for name, _ in people if draw.random() < chance]
            self.enter_many((name, "try", {"levers": {lever: full}}) for name in some)
        self.act("phase", name="package")
        for place, table in enumerate(self.session.tables[:-1]):
            levers = {
                name: self.session.steps[name][draw.randrange(len(self.session.steps[name]))]
                for name in FORUM_LEVERS
                if draw.random() < 0.6
            }
            levers = {name: value for name, value in levers.items() if value}
            balanced = place not in (2, 6)
            sources = {"perjalanan_dinas": 0.5, "belanja_barang": 0.5} if balanced else {}
            name = HOSTILE[:40] if place == 1 else f"Paket {table.name['id']}"
            self.enter(f"{table.code}-0", ("package", {
                "name": name, "levers": levers, "sources": sources, "table": True,
                "balanced": balanced,
            }))  # fmt: skip
        self.act("phase", name="deliberate")
        for point in map(str, range(1, 10)):
            rows = []
            for name, table in people:
                if table == "36" and point in {"4", "7"}:
                    continue
                answer = draw.choices([3, 2, 1, 0], [80, 15, 4, 1])[0]
                if point == "4" and table in {"34", "51"}:
                    answer = 0
                body: dict[str, Any] = {"point": point, "answer": answer, "round": 1}
                if answer == 0:
                    body |= {"phrase": "money", "note": HOSTILE}
                elif answer == 2:
                    body |= {"note": "Asal dananya jelas dan bertahap"}
                rows.append((name, "stance", body))
            self.enter_many(rows)
        self.enter("18-0", ("amend", {"point": "4", "lever": "apbd_poverty_share", "value": 0.05}))
        self.act("phase", name="reflect")
        self.enter_many(
            (name, "reflect", {"text": HOSTILE if place == 0 else f"Angka kecil pun soal {place}."})
            for place, (name, _) in enumerate(people[:14])
        )
        self.act("phase", name="opening")


def code(person: str) -> str:
    """The random number of a person's browser, 32 hexadecimal digits."""
    return hashlib.md5(person.encode(), usedforsecurity=False).hexdigest()
