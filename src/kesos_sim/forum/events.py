"""Entries as they come in and events as they are stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = [
    "ATTENDEE_KINDS",
    "ROOM_KINDS",
    "Ack",
    "Entry",
    "Event",
    "body_text",
    "pseudonym",
]

ATTENDEE_KINDS: Final = (
    "join", "guess", "try", "package", "stance", "amend", "sign", "reflect", "full",
)  # fmt: skip
"""What attendees send."""

ROOM_KINDS: Final = (
    "keys", "phase", "input", "reveal", "hide", "highlight", "freeze", "shock", "show_table",
    "vote", "clause", "renaksi", "paper", "undo", "projector", "result", "lang", "exclude",
    "address",
)  # fmt: skip
"""What the facilitator and the worker of the full model write."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry that has been checked and is ready to be stored.

    Attributes
    ----------
    id : str
        Chosen by the sender, a UUID; writing it again changes nothing.
    kind : str
        One of `ATTENDEE_KINDS` or `ROOM_KINDS`.
    body : mapping
        Plain values, as the contract of the kind has them.
    participant : str
        What `pseudonym` made of the participant's number; empty for the room.
    table : str
        Code of the table; empty for the room.
    role : str
        Role of the participant; empty for the room.
    """

    id: str
    kind: str
    body: Mapping[str, Any]
    participant: str = ""
    table: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as it stands in the store.

    Attributes
    ----------
    seq : int
        Place in the order of the session, from 1, without gaps.
    id, kind, participant, table, role
        As in `Entry`.
    at : int
        When it was stored, milliseconds since 1970 (UTC, clock of the server).
    body : mapping
        As in `Entry`.
    """

    seq: int
    id: str
    kind: str
    participant: str
    table: str
    role: str
    at: int
    body: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ack:
    """What became of an entry.

    Attributes
    ----------
    id : str
        Number of the entry.
    ok : bool
        Whether it is stored, now or since an earlier attempt.
    why : str
        Catalogue key of the reason when it is not; else empty.
    """

    id: str
    ok: bool
    why: str = ""


def pseudonym(participant: str) -> str:
    """Return what the store keeps of a participant.

    Parameters
    ----------
    participant : str
        The random number that a visitor's browser chose, 32 hexadecimal digits.

    Returns
    -------
    str
        Its SHA-256, from which the number cannot be found again.
    """
    return hashlib.sha256(participant.encode()).hexdigest()


def body_text(body: Mapping[str, Any]) -> str:
    """Return a body as the store keeps it: JSON with sorted keys.

    Parameters
    ----------
    body : mapping
        Plain values.

    Returns
    -------
    str
        The same text for the same body.
    """
    return json.dumps(
        body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
