"""Copies of a session that can be carried on a stick: one compressed file of lines, with a seal.

The first line says what it is, then comes an event a line, and the last line holds their number
and the SHA-256 of everything before it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from kesos_sim.errors import InputError
from kesos_sim.forum.events import Event
from kesos_sim.forum.store import Store
from kesos_sim.whole_files import replacing

__all__ = ["as_lines", "backup", "read_backup", "restore"]

FORMAT: Final = "kesos-forum-1"
LARGEST: Final = 512 * 1024 * 1024
_FIELDS: Final = ("seq", "id", "kind", "participant", "table", "role", "at", "body")


def backup(store: Store, path: str | os.PathLike[str]) -> int:
    """Write every event of a session into one file, whole or not at all.

    Parameters
    ----------
    store : Store
        The session; others may go on writing to it.
    path : path-like
        Where to; readable by its owner alone. It holds seals of the signing codes, not the codes.

    Returns
    -------
    int
        Events in it.
    """
    events = store.since(0)
    with replacing(Path(path), private=True, lasting=True) as stream:
        stream.write(as_lines(store.session, events))
    return len(events)


def as_lines(session: str, events: Iterable[Event]) -> bytes:
    """Return events as a backup has them: the same bytes for the same events.

    Parameters
    ----------
    session : str
        Code of the session.
    events : iterable of Event
        In their order.

    Returns
    -------
    bytes
        Compressed.
    """
    lines = [_line({"format": FORMAT, "session": session})]
    lines += [_line({name: _plain(getattr(one, name)) for name in _FIELDS}) for one in events]
    body = "".join(lines).encode()
    seal = _line({"events": len(lines) - 1, "sha256": hashlib.sha256(body).hexdigest()})
    return gzip.compress(body + seal.encode(), 6, mtime=0)


def read_backup(path: str | os.PathLike[str]) -> tuple[str, list[Event]]:
    """Read a backup after looking at its seal.

    Parameters
    ----------
    path : path-like
        As `backup` wrote it.

    Returns
    -------
    str
        Code of the session.
    list of Event
        Its events.

    Raises
    ------
    InputError
        If it cannot be opened, is cut short, or was changed.
    """
    try:
        with gzip.open(path, "rb") as stream:
            content = stream.read(LARGEST + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise InputError("KS9343", "forum.backup_damaged", file=path) from None
    except OSError as error:
        raise InputError("KS9344", "forum.backup_missing", file=path, reason=error) from None
    try:
        return _unsealed(content)
    except (ValueError, KeyError, TypeError, IndexError):
        raise InputError("KS9343", "forum.backup_damaged", file=path) from None


def restore(path: str | os.PathLike[str], url: str) -> Store:
    """Put a backup into a store; doing it twice changes nothing.

    Parameters
    ----------
    path : path-like
        As `backup` wrote it.
    url : str
        Address of a store that holds nothing of this session, or the beginning of it.

    Returns
    -------
    Store
        With the events of the backup, in their order and with their times.

    Raises
    ------
    InputError
        If the backup is damaged, or the store holds other events of this session.
    """
    session, events = read_backup(path)
    store = Store(url, session)
    store.put_back(events)
    return store


def _unsealed(content: bytes) -> tuple[str, list[Event]]:
    if len(content) > LARGEST:
        raise ValueError
    body, _, last = content.rstrip(b"\n").rpartition(b"\n")
    body += b"\n"
    seal = json.loads(last)
    head, *rows = [json.loads(line) for line in body.splitlines()]
    if seal != {"events": len(rows), "sha256": hashlib.sha256(body).hexdigest()}:
        raise ValueError
    if head["format"] != FORMAT:
        raise ValueError
    events = [Event(**{name: row[name] for name in _FIELDS}) for row in rows]
    if [one.seq for one in events] != list(range(1, len(events) + 1)):
        raise ValueError
    return str(head["session"]), events


def _plain(value: Any) -> Any:
    return dict(value) if hasattr(value, "items") else value


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
