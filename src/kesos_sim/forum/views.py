"""What each side may see of the state: attendees what is revealed, the facilitator all."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from kesos_sim.forum.actions import plan_rows
from kesos_sim.forum.draft import voice
from kesos_sim.forum.mufakat import AGREED, OBJECTS
from kesos_sim.forum.proposals import amended, heard, table_setting
from kesos_sim.forum.records import Package, Request, Row
from kesos_sim.forum.session import FORUM_LEVERS, PHASES
from kesos_sim.scenario.levers import LEVERS, POINTS

if TYPE_CHECKING:
    from kesos_sim.forum.room import Room

__all__ = ["OFFLINE_AFTER", "full", "public"]

OFFLINE_AFTER: Final = 12
"""Seconds without a sign after which a page says that it is not connected."""

_BARS: Final = 12
_WIDTHS: Final = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
_AGREE: Final = PHASES.index("agree")
_DELIBERATE: Final = PHASES.index("deliberate")


def public(room: Room, participant: str, lang: str) -> dict[str, Any]:
    """Return the state as an attendee may see it.

    Parameters
    ----------
    room : Room
        State of the meeting.
    participant : str
        Pseudonym of the attendee; empty for somebody who has not said hello.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    dict
        Ready for JSON. Nothing of others before the facilitator opens it, but what the room
        proposes while it is asked for answers (``settings``), of how many tables that is the middle
        (``heard``) and the how-many-eth proposal for the point it is (``asked``). ``confirm`` has,
        by point, what the attendee agreed to where the room proposes something else by now.
    """
    shown = set(room.reveal)
    phase = PHASES.index(room.phase)
    agreeing = phase >= _AGREE
    return {
        "version": room.version,
        "excluded": participant in room.excluded,
        "phase": room.phase,
        "open": room.open,
        "frozen": room.frozen,
        "shock": room.shock,
        "show_table": room.show_table,
        "round": 2 if "stances" in shown else 1,
        "reveal": list(room.reveal),
        "joined": _joined(room),
        "guesses": {
            one.name: _histogram(room, one.name)
            for one in room.session.questions
            if f"guess:{one.name}" in shown
        },
        "packages": _packages(room) if "packages" in shown else [],
        "settings": {point: room.proposal(point) for point in map(str, POINTS)}
        if phase >= _DELIBERATE
        else {},
        "heard": {str(point): heard(room, point) for point in POINTS}
        if phase >= _DELIBERATE
        else {},
        "asked": {point: len(room.asked(point)) for point in map(str, POINTS)}
        if phase >= _DELIBERATE
        else {},
        "confirm": _confirm(room, participant),
        "points": _points(room) if "stances" in shown else {},
        "reflections": _reflections(room) if "reflections" in shown else [],
        "draft": _draft(room, lang) if agreeing or room.frozen else None,
        "signed": list(room.signed),
        "requests": {
            one.id: _request(room, one) for one in room.requests.values()
            if one.who == participant and participant
        },
        "highlight": room.highlight,
        "limits": {"offline_after_s": OFFLINE_AFTER},
    }  # fmt: skip


def full(room: Room, lang: str) -> dict[str, Any]:
    """Return the state as the facilitator sees it.

    Parameters
    ----------
    room : Room
        State of the meeting.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    dict
        Ready for JSON: the public state with everything open, and besides it roles, tries, own
        packages, notes, silent tables, steps that can be undone and the queue.
    """
    tables = [one.code for one in room.session.tables]
    return {
        **public(room, "", lang),
        "phase_at": room.phase_at,
        "lang": room.lang,
        "projector": room.projector,
        "people": len(room.members),
        "present": list(room.present),
        "roles": {
            code: dict(Counter(one.role for one in room.members.values() if one.table == code))
            for code in tables
        },
        "guesses": {
            one.name: {
                **_histogram(room, one.name),
                "late": sum(g.late for g in room.guesses.get(one.name, {}).values()),
                "tables": dict(Counter(g.table for g in room.guesses.get(one.name, {}).values())),
            }
            for one in room.session.questions
        },
        "tries": {name: len(room.tries.get(name, ())) for name in FORUM_LEVERS},
        "packages": _packages(room),
        "own_packages": dict(Counter(one.table for one in room.own_packages.values())),
        "unbalanced": [code for code in tables if code in room.packages
                       and not room.packages[code].balanced],
        "without_package": [code for code in room.present if code not in room.packages],
        "points": {point: _point_detail(room, point, lang) for point in map(str, POINTS)},
        "clauses": dict(room.clauses),
        "fixed": {point: dict(levers) for point, levers in room.fixed.items()},
        "votes": {
            point: {"for": one.yes, "against": one.no, "dissent": one.dissent}
            for point, one in room.votes.items()
        },
        "renaksi": [_row(one) for one in plan_rows(room, lang)],
        "agreed": room.agreed(),
        "figures": dict(room.figures),
        "draft": _draft(room, lang),
        "reflections": _reflections(room),
        "queue": [{"id": one.id, "table": one.table, "body": dict(one.body), "state": one.state}
                  for one in room.queue()],
        "results": {one.id: one.outcomes for one in room.requests.values()
                    if one.state == "done"},
        "on_paper": {code: len(cards) for code, cards in sorted(room.on_paper.items())},
        "hidden": sorted(room.hidden),
        "steps": [{"id": one.id, "kind": one.kind, "at": one.at, "body": dict(one.body)}
                  for one in room.steps[-40:]],
    }  # fmt: skip


def _histogram(room: Room, question: str) -> dict[str, Any]:
    """Return predictions as bars of equal width.

    Parameters
    ----------
    room : Room
        State of the meeting.
    question : str
        Name of the question.

    Returns
    -------
    dict
        ``bins`` (``low``, ``high``, ``count``), ``median`` and ``n``; the median of an even number
        is the mean of both in the middle, and None where nobody predicted.
    """
    values = room.guessed(question)
    if not values:
        return {"bins": [], "median": None, "n": 0}
    spread = values[-1] - values[0]
    width = next((one for one in _WIDTHS if spread <= one * (_BARS - 1)), _WIDTHS[-1])
    counts = Counter(math.floor(value / width) for value in values)
    bins = [
        {"low": place * width, "high": (place + 1) * width, "count": counts.get(place, 0)}
        for place in range(min(counts), max(counts) + 1)
    ]
    return {"bins": bins, "median": room.median(question), "n": len(values)}


def _joined(room: Room) -> dict[str, int]:
    counts = Counter(one.table for one in room.members.values())
    return {one.code: counts.get(one.code, 0) for one in room.session.tables}


def _packages(room: Room) -> list[dict[str, Any]]:
    """Return the packages of the tables in the order of the session."""
    found = ((one.code, room.packages.get(one.code)) for one in room.session.tables)
    return [_package(code, package) for code, package in found if package is not None]


def _package(code: str, package: Package) -> dict[str, Any]:
    return {
        "table": code,
        "name": package.name,
        "levers": dict(package.levers),
        "silent": sorted(package.silent),
        "sources": dict(package.sources),
        "balanced": package.balanced,
        "at": package.at,
    }


def _confirm(room: Room, participant: str) -> dict[str, dict[str, float]]:
    """Return the settings that somebody agreed to and that are others now, by point."""
    own = ((point, room.stances.get(point, {}).get(participant)) for point in map(str, POINTS))
    return {
        point: dict(one.setting)
        for point, one in own
        if one is not None and one.answer in AGREED and room.is_outdated(point, one)
    }


def _points(room: Room) -> dict[str, Any]:
    found = {}
    for point in map(str, POINTS):
        state = room.point(point)
        found[point] = {
            "status": state.status,
            "share": state.share,
            "tables": dict(state.tables),
            "unconfirmed": list(state.unconfirmed),
            "amended": amended(room, int(point)),
            "proposal": room.proposal(point),
        }
    return found


def _point_detail(room: Room, point: str, lang: str) -> dict[str, Any]:
    """Return a point with the answers of each person, without saying who."""
    state = room.point(point)
    stances = sorted(room.stances.get(point, {}).values(), key=lambda one: (one.at, one.id))
    answers: dict[str, list[int]] = {}
    for one in stances:
        answers.setdefault(one.table, [0, 0, 0, 0])[one.answer] += 1
    return {
        "status": state.status,
        "share": state.share,
        "carried": room.carried(point),
        "tables": dict(state.tables),
        "answers": answers,
        "objections": list(state.objections),
        "silent": list(state.silent),
        "unconfirmed": list(state.unconfirmed),
        "amended": amended(room, int(point)),
        "proposal": room.proposal(point),
        "settings": {
            lever: {
                one.code: value
                for one in room.session.tables
                if (value := table_setting(room, one.code, lever)) is not None
                and math.isfinite(value)
            }
            for lever in FORUM_LEVERS
            if str(LEVERS[lever].point) == point
        },
        "notes": [
            {"id": one.id, "table": one.table, "role": one.role, "answer": one.answer,
             "phrase": one.phrase, "note": one.note, "round": one.round,
             "objects": one.answer == OBJECTS, "text": voice(room, one, lang)}
            for one in stances
            if one.note or one.phrase or one.answer == OBJECTS
        ],
    }  # fmt: skip


def _reflections(room: Room) -> list[dict[str, str]]:
    rows = sorted(room.reflections.values())
    return [
        {"id": identity, "table": table, "role": role, "text": text}
        for identity, table, role, text in rows
        if f"entry:{identity}" not in room.hidden
    ]


def _draft(room: Room, lang: str) -> dict[str, Any]:
    """Return the draft; its digest is that of the text in the language that is signed."""
    return {**room.draft(lang).public(), "digest": room.digest}


def _request(room: Room, one: Request) -> dict[str, Any]:
    queue = [waiting.id for waiting in room.queue()]
    place = queue.index(one.id) + 1 if one.id in queue else 0
    return {"state": one.state, "place_in_queue": place, "outcomes": one.outcomes, **one.beside}


def _row(row: Row) -> dict[str, str]:
    return {name: getattr(row, name) for name in Row.__slots__}
