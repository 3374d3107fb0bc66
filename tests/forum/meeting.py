"""A small meeting for tests: events without a store, numbered as a store would."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from kesos_sim.forum.entries import checked
from kesos_sim.forum.events import Entry, Event
from kesos_sim.forum.room import Room
from kesos_sim.forum.session import Session

BALI, LAMPUNG, JATENG = "51", "18", "33"


def who(name: object) -> str:
    """Pseudonym of somebody in a test."""
    return hashlib.sha256(str(name).encode()).hexdigest()


class Meeting:
    """A room and the events that made it."""

    def __init__(self, session: Session) -> None:
        self.session, self.room = session, Room(session)
        self.events: list[Event] = []

    def _take(self, entry: Entry) -> Entry:
        seq = len(self.events) + 1
        event = Event(
            seq, entry.id, entry.kind, entry.participant, entry.table, entry.role, 1000 * seq,
            entry.body,
        )  # fmt: skip
        self.events.append(event)
        self.room.take([event])
        return entry

    def _raw(self, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return {"id": f"event-{len(self.events):06d}", "kind": kind, "body": body}

    def do(self, kind: str, /, **body: Any) -> Entry:
        """The facilitator does something."""
        return self._take(checked(self._raw(kind, body), self.session, self.room))

    def written(self, kind: str, /, **body: Any) -> Entry:
        """The facilitator did something in a meeting of an older version, unchecked."""
        return self._take(Entry(f"event-{len(self.events):06d}", kind, body))

    def enter(self, name: object, kind: str, /, **body: Any) -> Entry:
        """An attendee enters something."""
        return self._take(checked(self._raw(kind, body), self.session, self.room, who(name)))

    def join(self, name: object, table: str = JATENG, role: str = "dinsos") -> Entry:
        return self.enter(name, "join", province=table, role=role, lang="id")

    def seated(self, each: int = 1) -> list[str]:
        """So many people join at every table; their names."""
        names = [f"{one.code}/{n}" for one in self.session.tables for n in range(each)]
        for name in names:
            self.join(name, name[:2])
        return names

    def answer(self, name: object, point: int, answer: int, note: str = "") -> Entry:
        return self.enter(name, "stance", point=str(point), answer=answer, note=note, round=1)
