"""Checking entries: everything that comes from a visitor is hostile until it has passed here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from kesos_sim.forum.events import (
    ATTENDEE_KINDS,
    ROOM_KINDS,
    Entry,
    body_text,
    pseudonym,
)
from kesos_sim.forum.session import PHASES, Session, lever_fits, levers_of_point
from kesos_sim.forum.shapes import (
    MARK,
    Refused,
    attendee_shapes,
    fields,
    form,
    refused,
    room_shapes,
)

if TYPE_CHECKING:
    from kesos_sim.forum.records import Member
    from kesos_sim.forum.room import Room

__all__ = ["LARGEST_BODY", "LARGEST_ROOM_BODY", "MOST_AT_ONCE", "Refused", "checked", "participant"]

LARGEST_BODY: Final = 4096
"""Most bytes of the body of an attendee's entry."""

LARGEST_ROOM_BODY: Final = 32_768
"""Most bytes of a body that the facilitator or the worker writes."""

MOST_AT_ONCE: Final = 50
"""Most entries in one message."""

OPENS: Final[Mapping[str, str]] = {
    "guess": "guess",
    "try": "explore",
    "package": "explore",
    "full": "explore",
    "stance": "deliberate",
    "amend": "deliberate",
    "sign": "agree",
    "reflect": "reflect",
}
"""Phase from which on an attendee may send a kind; joining is always open."""

_ID: Final = re.compile(r"[A-Za-z0-9_:-]{8,64}", re.ASCII)
_PARTICIPANT: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_WHAT: Final = re.compile(
    r"(?:guess|model):[a-z]{1,20}|about|families|packages|shock|stances|reflections|tries"
    r"|entry:[A-Za-z0-9_:-]{8,64}",
    re.ASCII,
)
_CLOSED_BY_INPUT: Final = frozenset({"guess", "package", "stance", "amend", "reflect"})
_CLOSED_BY_FREEZE: Final = frozenset({"package", "stance", "amend"})
_OF_TEXT: Final = frozenset({"clause", "renaksi", "vote"})


def participant(value: object) -> str:
    """Return the pseudonym of the number that a visitor's browser chose.

    Parameters
    ----------
    value : object
        What came in: 32 hexadecimal digits.

    Returns
    -------
    str
        As `pseudonym` makes it.

    Raises
    ------
    Refused
        If it is anything else.
    """
    if not isinstance(value, str) or not _PARTICIPANT.fullmatch(value):
        raise form()
    return pseudonym(value)


def checked(
    raw: object,
    session: Session,
    room: Room,
    who: str = "",
    member: Member | None = None,
) -> Entry:
    """Check one entry against the settings and the state of the room.

    Parameters
    ----------
    raw : object
        ``{"id", "kind", "body"}`` as it came in.
    session : Session
        Settings of the meeting.
    room : Room
        State of the meeting as the checking process knows it.
    who : str
        Pseudonym of the attendee who sent it; empty for the facilitator and the worker, who alone
        may write kinds of the room.
    member : Member, optional
        Where the attendee sits when that is not in the room yet, because joining is part of the
        same message.

    Returns
    -------
    Entry
        Clean, complete, of bounded size.

    Raises
    ------
    Refused
        With the reason in words for the visitor.
    """
    identity, kind, body = _parts(raw)
    if not who:
        return _of_room(identity, kind, body, session, room)
    if kind in ROOM_KINDS:
        raise refused("KS9331", "forum.refused_room")
    if who in room.excluded:
        raise refused("KS9353", "forum.refused_excluded")
    shapes = attendee_shapes(session)
    if kind not in shapes:
        raise form()
    clean = fields(body, shapes[kind])
    _small(clean, LARGEST_BODY)
    seat = _seat(kind, clean, session, room, who, member)
    _timely(kind, room)
    _fitting(kind, clean, room, who, seat[0])
    if kind == "sign":
        clean = _signed(clean)
    if kind == "guess" and f"guess:{clean['question']}" in room.reveal:
        clean["late"] = True  # kept, but it does not count: the answer was on the wall
    return Entry(identity, kind, clean, who, *seat)


def _parts(raw: object) -> tuple[str, str, object]:
    """Return number, kind and body of something that came in."""
    if not isinstance(raw, Mapping):
        raise form()
    identity, kind = raw.get("id"), raw.get("kind")
    if not isinstance(identity, str) or not _ID.fullmatch(identity):
        raise form()
    if not isinstance(kind, str) or kind not in (*ATTENDEE_KINDS, *ROOM_KINDS):
        raise form()
    return identity, kind, raw.get("body")


def _small(body: Mapping[str, Any], most: int) -> None:
    if len(body_text(body).encode("utf-8", "replace")) > most:
        raise refused("KS9321", "forum.refused_large")


def _seat(
    kind: str,
    body: Mapping[str, Any],
    session: Session,
    room: Room,
    who: str,
    member: Member | None,
) -> tuple[str, str]:
    """Return table and role of an attendee."""
    if kind == "join":
        table = next(one for one in session.tables if one.province == body["province"])
        return table.code, str(body["role"])
    found = member or room.member(who)
    if found is None:
        raise refused("KS9323", "forum.refused_join")
    return found.table, found.role


def _timely(kind: str, room: Room) -> None:
    """Refuse what the facilitator has not opened, or has closed."""
    if kind == "join":
        return
    if PHASES.index(room.phase) < PHASES.index(OPENS[kind]):
        raise refused("KS9329", "forum.refused_phase")
    if room.frozen and kind in _CLOSED_BY_FREEZE:
        raise refused("KS9330", "forum.refused_frozen")
    if not room.open and kind in _CLOSED_BY_INPUT:
        raise refused("KS9332", "forum.refused_closed")


def _fitting(kind: str, body: Mapping[str, Any], room: Room, who: str, table: str) -> None:
    """Refuse what does not fit to the state of the room."""
    if kind == "guess" and room.has_guessed(who, body["question"]):
        raise refused("KS9328", "forum.refused_locked")
    if kind == "amend":
        _amendment(body)
    if kind == "stance":
        _answered(body)
    if kind == "full" and room.is_waiting(who):
        raise refused("KS9336", "forum.refused_waiting")
    if kind == "sign":
        _signature(body, room, table)


def _amendment(body: Mapping[str, Any]) -> None:
    name, value = body["lever"], body["value"]
    if name not in levers_of_point(int(body["point"])):
        raise refused("KS9337", "forum.refused_point")
    if value is not None and not lever_fits(name, value):
        raise refused("KS9326", "forum.refused_lever")


def _answered(body: Mapping[str, Any]) -> None:
    """Refuse an answer to a setting that is none of its point."""
    if not set(body.get("setting", ())) <= set(levers_of_point(int(body["point"]))):
        raise refused("KS9337", "forum.refused_point")


def _signed(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a signature: never the code, which has done its work."""
    return {"digest": body["digest"]}


def _signature(body: Mapping[str, Any], room: Room, table: str) -> None:
    digest = room.digest
    if digest is None:
        raise refused("KS9333", "forum.refused_not_frozen")
    if not room.opens(table, body["code"]):
        raise refused("KS9335", "forum.refused_code")
    if body["digest"] != digest:
        raise refused("KS9334", "forum.refused_digest")


def _of_room(identity: str, kind: str, body: object, session: Session, room: Room) -> Entry:
    """Check what the facilitator or the worker writes."""
    shapes = room_shapes(session)
    if kind not in shapes:
        raise form()
    clean = fields(body, shapes[kind])
    if kind in ("reveal", "hide") and not _WHAT.fullmatch(clean["what"]):
        raise form()
    if kind == "undo" and not room.can_undo(clean["id"]):
        raise refused("KS9338", "forum.refused_undo")
    if kind == "exclude":
        _exclusion(clean, room)
    table = ""
    if kind == "paper":
        clean["body"] = _on_paper(clean, session, room)
        clean.setdefault("card", identity[:MARK])
        table = clean["table"]
    if room.frozen:
        undone = [step for step in room.steps if kind == "undo" and step.id == clean["id"]]
        written = undone[0] if undone else Entry(identity, kind, clean)
        if _changes_text(written.kind, written.body, room):
            raise refused("KS9355", "forum.refused_frozen_text")
    _small(clean, LARGEST_ROOM_BODY)
    return Entry(identity, kind, clean, table=table)


def _changes_text(kind: str, body: Mapping[str, Any], room: Room) -> bool:
    """Return whether a step of the facilitator changes the text that tables sign."""
    if kind in ("reveal", "hide"):  # notes stand in the text, reflections do not
        answers = (one for given in room.stances.values() for one in given.values())
        return body["what"] in {f"entry:{one.id}" for one in answers}
    return kind in _OF_TEXT or (kind == "paper" and body["kind"] in _CLOSED_BY_FREEZE)


def _exclusion(body: Mapping[str, Any], room: Room) -> None:
    if body["device"] > len(room.devices):
        raise form()
    if room.frozen:  # the text that is being signed would change
        raise refused("KS9354", "forum.refused_frozen_device")


def _on_paper(card: Mapping[str, Any], session: Session, room: Room) -> dict[str, Any]:
    """Check what the operator typed in from a card; a card is not bound to phases."""
    kind = card["kind"]
    body = fields(card["body"], attendee_shapes(session)[kind])
    _small(body, LARGEST_BODY)
    if kind == "amend":
        _amendment(body)
    if kind == "stance":
        _answered(body)
    if kind == "sign":
        _signature(body, room, card["table"])
        return _signed(body)
    return body
