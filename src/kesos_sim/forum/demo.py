"""A simulated meeting: nobody was there. For trying pages and methods, never as a result.

Every number below is an assumption made up for the purpose of having something to show; none was
measured at any meeting.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, Final

from kesos_sim.forum.entries import checked
from kesos_sim.forum.events import Event, pseudonym
from kesos_sim.forum.figures import Answers, draft_figures
from kesos_sim.forum.room import Room
from kesos_sim.forum.session import FORUM_LEVERS, ROLES, Session, lever_fits
from kesos_sim.scenario.levers import LEVERS, POINTS

__all__ = ["simulated_meeting"]

# Assumptions, see above. Percentage points that a role expects besides the model's answer, and how
# far people differ; the model's answer stands in for what informed people have in mind.
_BIAS: Final[Mapping[str, float]] = {
    "dinsos": 0.1, "bkkks": -0.4, "orsos": -0.2, "wksbm": 0.2, "usaha": 0.4, "bappeda": 0.0,
}  # fmt: skip
_TABLES_DIFFER: Final = 0.4
_PEOPLE_DIFFER: Final = 0.6
# Chances of the answers 0 to 3, by point, and that a second look turns an objection.
_ANSWERS: Final[Mapping[int, tuple[float, float, float, float]]] = {
    1: (0.00, 0.03, 0.22, 0.75), 2: (0.00, 0.05, 0.25, 0.70), 3: (0.00, 0.04, 0.26, 0.70),
    4: (0.04, 0.08, 0.38, 0.50), 5: (0.00, 0.10, 0.30, 0.60), 6: (0.00, 0.05, 0.20, 0.75),
    7: (0.01, 0.08, 0.31, 0.60), 8: (0.02, 0.15, 0.33, 0.50), 9: (0.00, 0.05, 0.25, 0.70),
}  # fmt: skip
_SECOND_THOUGHTS: Final = 0.5
_PHRASES: Final = ("money", "capacity", "legal", "certainty", "small_first", "data", "who")
_MOVED: Final = 0.6
_START: Final = 1_795_824_000_000
"""Clock of the simulated meeting: milliseconds of a day in November 2026."""


class _Play:
    """Events of a meeting that nobody attends, checked like those of one that somebody does."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session = session
        self.room = Room(session)
        self.events: list[Event] = []
        self.draw = random.Random(seed)  # noqa: S311 - a play, no secret

    def take(self, kind: str, body: Mapping[str, Any], who: str = "") -> None:
        """Check an entry and let it happen."""
        seq = len(self.events) + 1
        raw = {"id": f"simulated-{seq:06d}", "kind": kind, "body": body}
        entry = checked(raw, self.session, self.room, who)
        event = Event(
            seq, entry.id, kind, who, entry.table, entry.role, _START + 1000 * seq, entry.body
        )
        self.events.append(event)
        self.room.take([event])


def simulated_meeting(
    session: Session, surface: Answers, attendees: int = 70, seed: int = 2008
) -> list[Event]:
    """Return the events of a meeting that was simulated from declared assumptions.

    Parameters
    ----------
    session : Session
        Settings of the meeting.
    surface : Surface
        The model's answers, which people guess around.
    attendees : int
        People, spread over the tables.
    seed : int
        The same seed gives the same events.

    Returns
    -------
    list of Event
        From opening to a frozen draft; their numbers begin with ``simulated-``.
    """
    play = _Play(session, seed)
    people = _joined(play, attendees)
    play.take("phase", {"name": "guess"})
    _guess(play, people, surface)
    play.take("phase", {"name": "package"})
    for table in session.tables:
        _package(play, people, table.code)
    play.take("phase", {"name": "deliberate"})
    _deliberate(play, people)
    play.take("phase", {"name": "agree"})
    play.take("freeze", {"on": True, "figures": draft_figures(play.room, surface)})
    return play.events


def _joined(play: _Play, attendees: int) -> dict[str, tuple[str, str]]:
    """Let people join; return table and role by pseudonym."""
    people = {}
    for number in range(attendees):
        table = play.session.tables[number % len(play.session.tables)]
        role = ROLES[(number // len(play.session.tables)) % len(ROLES)]
        who = pseudonym(f"{play.draw.getrandbits(128):032x}")
        play.take("join", {"province": table.province, "role": role, "lang": "id"}, who)
        people[who] = (table.code, role)
    return people


def _guess(play: _Play, people: Mapping[str, tuple[str, str]], surface: Answers) -> None:
    for question in play.session.questions:
        middle = surface.answer(question.levers)["outcomes"]["poverty_rate"]["package"][-1][1]
        tables = {one.code: play.draw.gauss(0.0, _TABLES_DIFFER) for one in play.session.tables}
        for who, (table, role) in people.items():
            value = middle + _BIAS[role] + tables[table] + play.draw.gauss(0.0, _PEOPLE_DIFFER)
            rounded = round(min(max(value, 0.0), 100.0), 1)
            play.take("guess", {"question": question.name, "value": rounded}, who)
        play.take("reveal", {"what": f"guess:{question.name}"})


def _package(play: _Play, people: Mapping[str, tuple[str, str]], table: str) -> None:
    """Let somebody of a table hand in its package."""
    who = next((one for one, (at, _) in people.items() if at == table), None)
    if who is None:
        return
    levers: dict[str, float] = {}
    for name in FORUM_LEVERS:
        value = play.draw.choice(play.session.steps[name])
        moved = value != LEVERS[name].default and lever_fits(name, value)
        if moved and play.draw.random() < _MOVED:
            levers[name] = value
    body = {
        "name": f"Paket {table}", "levers": levers, "table": True, "balanced": True,
        "silent": [name for name in FORUM_LEVERS if name not in levers],
        "sources": {"perjalanan_dinas": 0.5, "belanja_barang": 0.5},
    }  # fmt: skip
    play.take("package", body, who)


def _deliberate(play: _Play, people: Mapping[str, tuple[str, str]]) -> None:
    for point in POINTS:
        for who in people:
            answer = play.draw.choices(range(4), _ANSWERS[point])[0]
            body: dict[str, Any] = {"point": str(point), "answer": answer, "round": 1}
            if answer in (0, 2):
                body["phrase"] = play.draw.choice(_PHRASES)
            play.take("stance", body, who)
            if answer == 0 and play.draw.random() < _SECOND_THOUGHTS:
                play.take("stance", {**body, "answer": 2, "round": 2}, who)
