"""The state of a meeting as the facilitator's page shows it, made from the folded room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from kesos_sim.forum.events import Event
from kesos_sim.forum.proposals import amended, heard
from kesos_sim.forum.room import Room
from kesos_sim.forum.session import Session
from kesos_sim.scenario.levers import POINTS

__all__ = ["RoomView"]

_MINUTE: Final = 60_000
_SHOWN_STEPS: Final = 40
_OBJECTS: Final = 0
_ANSWERS: Final = 4


class RoomView:
    """A meeting that is followed event by event.

    Parameters
    ----------
    session : Session
        Settings of the meeting.

    Attributes
    ----------
    room : Room
        The folded state.
    known : set of str
        Numbers of all events.
    """

    def __init__(self, session: Session) -> None:
        self.room = Room(session)
        self.known: set[str] = set()
        self._heard: dict[str, int] = {}

    def take(self, events: Iterable[Event]) -> bool:
        """Fold new events.

        Parameters
        ----------
        events : iterable of Event
            In the order of the session.

        Returns
        -------
        bool
            Whether there was a new one.
        """
        fresh = list(events)
        for event in fresh:
            self.known.add(event.id)
            if event.table and event.kind != "paper":
                self._heard[event.table] = max(event.at, self._heard.get(event.table, 0))
        return self.room.take(fresh)

    def state(self, lang: str, now: int, online: Collection[str] = frozenset()) -> dict[str, Any]:
        """Return what the page needs to draw everything.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``: language of the texts that are composed here.
        now : int
            Clock of the server, milliseconds since 1970.
        online : collection of str
            Pseudonyms of those whose page is connected.

        Returns
        -------
        dict
            Ready for JSON; the same for the same events but for ``at`` and how long a table has
            been quiet.
        """
        room = self.room
        return {
            "version": room.version,
            "at": now,
            "phase": {"name": room.phase, "since": room.phase_at or None},
            "open": room.open,
            "frozen": room.frozen,
            "shock": room.shock,
            "highlight": room.highlight,
            "table": room.show_table,
            "lang": room.lang,
            "size": room.projector,
            "reveal": list(room.reveal),
            "tables": self._tables(now, online),
            "devices": self._devices(online),
            "guesses": {one.name: room.guessed(one.name) for one in room.session.questions},
            "medians": {one.name: room.median(one.name) for one in room.session.questions},
            "tries": {
                "people": len(set().union(*room.tries.values())),
                "levers": {name: {"people": len(who)} for name, who in sorted(room.tries.items())},
            },
            "packages": [
                _package(code, package) for code, package in self._in_order(room.packages)
            ],
            "points": {str(point): self._point(str(point)) for point in POINTS},
            "draft": self._draft(lang),
            "sentences": [
                {"id": one, "table": table, "text": text, "hidden": f"entry:{one}" in room.hidden}
                for one, table, _role, text in room.reflections.values()
            ],
            "requests": {"waiting": len(room.queue())},
            "log": [
                {"id": one.id, "kind": one.kind, "at": one.at, "body": _short(one.body)}
                for one in room.steps[-_SHOWN_STEPS:]
            ],
        }

    def _in_order(self, by_table: Mapping[str, Any]) -> list[tuple[str, Any]]:
        codes = (one.code for one in self.room.session.tables)
        return [(code, by_table[code]) for code in codes if code in by_table]

    def _tables(self, now: int, online: Collection[str]) -> list[dict[str, Any]]:
        """Return who is there, what was sent and how long nothing came, table by table."""
        room = self.room
        joined = Counter(one.table for one in room.members.values())
        there = Counter(one.table for who, one in room.members.items() if who in online)
        cards = {code: len(found) for code, found in room.on_paper.items()}
        guessed = Counter(
            guess.table for answers in room.guesses.values() for guess in answers.values()
        )
        tried = Counter(
            member.table
            for who in set().union(*room.tries.values())
            if (member := room.member(who)) is not None
        )
        sentences = Counter(table for _, table, _, _ in room.reflections.values())
        answered = Counter(code for point in POINTS for code in self.room.point(str(point)).tables)
        signed = set(room.signed)
        return [
            {
                "code": code,
                "joined": joined[code],
                "online": there[code],
                "cards": cards.get(code, 0),
                "guessed": guessed[code],
                "tried": tried[code],
                "package": code in room.packages,
                "balanced": room.packages[code].balanced if code in room.packages else None,
                "points": answered[code],
                "sentences": sentences[code],
                "signed": code in signed,
                "quiet": max(0, now - self._heard[code]) // _MINUTE if code in self._heard else 0,
            }
            for code in (one.code for one in room.session.tables)
        ]

    def _devices(self, online: Collection[str]) -> list[dict[str, Any]]:
        """Return the devices in the order in which they came, those that do not count too."""
        room = self.room
        return [
            {
                "number": number,
                "table": member.table,
                "role": member.role,
                "online": who in online,
                "excluded": who in room.excluded,
            }
            for number, (who, member) in enumerate(room.devices.items(), 1)
        ]

    def _point(self, point: str) -> dict[str, Any]:
        """Return how far a point is, with what was said and who is silent."""
        room = self.room
        state = room.point(point)
        stances = sorted(room.stances.get(point, {}).values(), key=lambda one: (one.at, one.id))
        counts = Counter(one.answer for one in stances)
        vote = room.votes.get(point)
        return {
            "status": state.status,
            "share": state.share,
            "tables": dict(state.tables),
            "people": [counts[answer] for answer in range(_ANSWERS)],
            "silent": list(state.silent),
            "unconfirmed": list(state.unconfirmed),
            "amended": amended(room, int(point)),
            "proposal": room.proposal(point),
            "heard": heard(room, int(point)),
            "asked": room.asked(point),
            "vote": None
            if vote is None
            else {"for": vote.yes, "against": vote.no, "dissent": vote.dissent},
            "notes": [
                {
                    "id": one.id,
                    "table": one.table,
                    "answer": one.answer,
                    "phrase": one.phrase,
                    "text": one.note,
                    "hidden": f"entry:{one.id}" in room.hidden,
                }
                for one in stances
                if one.note or one.phrase or one.answer == _OBJECTS
            ],
        }

    def _draft(self, lang: str) -> dict[str, Any]:
        """Return the draft; its digest is that of the text that is signed."""
        found = self.room.draft(lang).public()
        return {
            "digest": self.room.digest,
            "clauses": found["clauses"],
            "totals": found["totals"],
            "renaksi": found["rows"],
        }


def _package(code: str, package: Any) -> dict[str, Any]:
    return {
        "table": code,
        "name": package.name,
        "levers": dict(package.levers),
        "silent": sorted(package.silent),
        "sources": dict(package.sources),
        "balanced": package.balanced,
    }


def _short(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the list of steps tells of an event; figures stay where they are."""
    kept = ("name", "open", "on", "what", "table", "point", "activity", "kind", "lang", "size",
            "device")  # fmt: skip
    return {name: body[name] for name in kept if name in body}
