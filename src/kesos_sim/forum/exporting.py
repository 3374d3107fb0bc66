"""Everything that a meeting leaves behind, written into a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from kesos_sim.forum.agreed import scenario_files
from kesos_sim.forum.agreement import agreement
from kesos_sim.forum.draft import say
from kesos_sim.forum.events import Event
from kesos_sim.forum.room import Room
from kesos_sim.forum.session import Session
from kesos_sim.forum.store import Store
from kesos_sim.reports.office import free_name, render
from kesos_sim.reports.office.writing import whole_file

__all__ = ["documents", "entries_as_lines", "export", "room_of"]

_FORMS: Final = ("docx", "pdf", "xlsx")
_NOT_SAID: Final = frozenset({"keys", "address"})
"""Kinds that hold nothing that anybody in the room said."""


def export(
    session: Session, store: Store, out: str | os.PathLike[str], lang: str = "id"
) -> tuple[Path, ...]:
    """Write the agreement, its scenario files and the entries as data.

    Parameters
    ----------
    session : Session
        Settings of the meeting.
    store : Store
        Its events.
    out : path-like
        Folder to write to; a file that holds something else is left alone and the new one gets
        a number.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Path
        Agreement as DOCX, PDF and XLSX; two scenario files for ``kesos compare``; the text whose
        SHA-256 is the digest; entries as lines of JSON, without codes and pseudonyms.

    Raises
    ------
    InputError
        If a package is missing, or a file cannot be written.
    """
    events = store.since(0)
    room = room_of(session, events)
    folder = Path(out)
    return tuple(
        whole_file(free_name(folder / name, content), content)
        for name, content in _files(room, events, lang).items()
    )


def room_of(session: Session, events: Iterable[Event]) -> Room:
    """Return the state of a meeting after its events.

    Parameters
    ----------
    session : Session
        Settings of the meeting.
    events : iterable of Event
        In their order.

    Returns
    -------
    Room
        The state.
    """
    room = Room(session)
    room.take(events)
    return room


def documents(room: Room, lang: str) -> dict[str, bytes]:
    """Return the agreement in every format.

    Parameters
    ----------
    room : Room
        State of the meeting.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    dict of str to bytes
        By format: ``docx``, ``pdf``, ``xlsx``, and ``yaml`` of the agreed package. The same bytes
        for the same state.
    """
    document = agreement(room, lang)
    found = {form: render(document, form) for form in _FORMS}
    return {**found, "yaml": list(scenario_files(room).values())[-1].encode()}


def entries_as_lines(events: Iterable[Event]) -> str:
    """Return entries as data for researchers: one JSON record a line.

    Parameters
    ----------
    events : iterable of Event
        In their order.

    Returns
    -------
    str
        People are numbered in the order in which they came; seals of signing codes and the
        address of the meeting are left out.
    """
    people: dict[str, str] = {}
    lines = []
    for one in events:
        if one.kind in _NOT_SAID:
            continue
        person = ""
        if one.participant:
            person = people.setdefault(one.participant, f"P{len(people) + 1:03d}")
        record = {
            "seq": one.seq, "at": one.at, "kind": one.kind, "person": person,
            "table": one.table, "role": one.role, "body": dict(one.body),
        }  # fmt: skip
        lines.append(json.dumps(record, ensure_ascii=False, sort_keys=True))
    return "".join(f"{line}\n" for line in lines)


def _files(room: Room, events: Iterable[Event], lang: str) -> dict[str, bytes]:
    code = room.session.code
    stem = f"{say('file', lang)}-{code}"
    made = documents(room, lang)
    return {
        **{f"{stem}.{form}": made[form] for form in _FORMS},
        **{name: text.encode() for name, text in scenario_files(room).items()},
        # The digest is that of the text in the language that is signed.
        f"{say('text_file', lang)}-{code}.txt": room.draft(room.session.lang).text.encode(),
        f"{say('entries_file', lang)}-{code}.jsonl": entries_as_lines(events).encode(),
    }
