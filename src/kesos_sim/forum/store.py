"""The store of a meeting: append-only events that many processes write and read.

One small table, in a SQLite file by default (write-ahead log, every commit on disk before it is
acknowledged) or in any database that SQLAlchemy knows. A row per session counts the events; who
writes takes that row first, so numbers have no gaps and nobody who reads onwards misses one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from kesos_sim.errors import InputError
from kesos_sim.forum.beside import Beside, now_ms
from kesos_sim.forum.database import (
    EVENTS,
    METADATA,
    READING,
    SESSIONS,
    address,
    engine_of,
    event_of,
    row_of,
)
from kesos_sim.forum.events import Ack, Entry, Event, body_text

if TYPE_CHECKING:
    from kesos_sim.forum.session import Session

__all__ = ["STORE_VARIABLE", "Store", "open_store", "store_url"]

STORE_VARIABLE: Final = "KESOS_FORUM_STORE"
"""Environment variable with the address of the store, passwords included."""

_ATTEMPTS: Final = 5
_PAUSE: Final = 0.05

T = TypeVar("T")


class Store(Beside):
    """The events of one session.

    Parameters
    ----------
    url : str or URL
        Address of a database as SQLAlchemy has it.
    session : str
        Code of the session.

    Raises
    ------
    InputError
        If the address is none, its driver is not installed, or the database cannot be used.
    """

    def __init__(self, url: str | URL, session: str) -> None:
        self.url = address(url)
        self.session = session
        self._pid = os.getpid()
        self._engine = engine_of(self.url)
        try:
            self._retried(self._prepare)
        except DBAPIError as error:
            self.close()
            raise InputError(
                "KS9345", "forum.store_unreachable", file=_place(self.url), got=str(error.orig)
            ) from None

    # Writing.

    def add(self, entries: Iterable[Entry]) -> tuple[Ack, ...]:
        """Store entries, all or none, and return when they are on disk.

        Parameters
        ----------
        entries : iterable of Entry
            Checked entries, in order.

        Returns
        -------
        tuple of Ack
            One for each; an entry that is there already is acknowledged and changes nothing.

        Raises
        ------
        sqlalchemy.exc.DBAPIError
            If the database fails; nothing is acknowledged then.
        """
        wanted = tuple(entries)
        if wanted:
            rows = [(one, body_text(one.body)) for one in wanted]
            self._retried(lambda connection: self._append(connection, rows))
        return tuple(Ack(one.id, ok=True) for one in wanted)

    def put_back(self, events: Sequence[Event]) -> int:
        """Store events of a backup as they were.

        Parameters
        ----------
        events : sequence of Event
            In their order, without gaps from 1.

        Returns
        -------
        int
            How many were not there yet.

        Raises
        ------
        InputError
            If the session already holds other events.
        """
        return self._retried(lambda connection: self._put_back(connection, events))

    # Reading.

    def since(self, seq: int, kinds: Sequence[str] | None = None) -> list[Event]:
        """Return what was stored after an event.

        Parameters
        ----------
        seq : int
            Number of the last event that is known; 0 for all.
        kinds : sequence of str, optional
            Only these kinds.

        Returns
        -------
        list of Event
            In their order.
        """
        query = (
            select(EVENTS)
            .where(EVENTS.c.session == self.session, EVENTS.c.seq > seq)
            .order_by(EVENTS.c.seq)
        )
        if kinds is not None:
            query = query.where(EVENTS.c.kind.in_(list(kinds)))
        with self._reading() as connection:
            return [event_of(row) for row in connection.execute(query).mappings()]

    def version(self) -> int:
        """Return the number of the last event; it grows with everything that is written."""
        query = select(SESSIONS.c.last).where(SESSIONS.c.session == self.session)
        with self._reading() as connection:
            return int(connection.execute(query).scalar_one_or_none() or 0)

    def backup(self, path: str | os.PathLike[str]) -> int:
        """Write every event into one file; see `kesos_sim.forum.backup.backup`."""
        from kesos_sim.forum.backup import backup

        return backup(self, path)

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    # How.

    def _prepare(self, connection: Connection) -> None:
        METADATA.create_all(connection)
        known = select(SESSIONS.c.last).where(SESSIONS.c.session == self.session)
        if connection.execute(known).scalar_one_or_none() is None:
            connection.execute(insert(SESSIONS).values(session=self.session, last=0))

    def _locked(self, connection: Connection) -> int:
        """Take the row of the session, so that nobody else writes, and return the last number."""
        own = SESSIONS.c.session == self.session
        connection.execute(update(SESSIONS).where(own).values(last=SESSIONS.c.last))
        return int(connection.execute(select(SESSIONS.c.last).where(own)).scalar_one())

    def _advance(self, connection: Connection, last: int) -> None:
        own = SESSIONS.c.session == self.session
        connection.execute(update(SESSIONS).where(own).values(last=last))

    def _append(self, connection: Connection, rows: Sequence[tuple[Entry, str]]) -> None:
        last = self._locked(connection)
        ids = [one.id for one, _ in rows]
        query = select(EVENTS.c.id).where(EVENTS.c.session == self.session, EVENTS.c.id.in_(ids))
        there = set(connection.execute(query).scalars())
        fresh: list[dict[str, Any]] = []
        for one, body in rows:
            if one.id in there:
                continue
            there.add(one.id)
            last += 1
            fresh.append(
                {
                    "session": self.session, "seq": last, "id": one.id, "kind": one.kind,
                    "participant": one.participant, "table": one.table, "role": one.role,
                    "at": now_ms(), "body": body,
                }
            )  # fmt: skip
        if fresh:
            connection.execute(insert(EVENTS), fresh)
            self._advance(connection, last)

    def _put_back(self, connection: Connection, events: Sequence[Event]) -> int:
        last = self._locked(connection)
        query = select(EVENTS.c.seq, EVENTS.c.id).where(EVENTS.c.session == self.session)
        there = {int(seq): str(identity) for seq, identity in connection.execute(query)}
        known = {one.seq: one.id for one in events}
        if any(known.get(seq) != identity for seq, identity in there.items()):
            raise InputError("KS9340", "forum.other_events", got=self.session)
        fresh = [row_of(self.session, one) for one in events if one.seq > last]
        if fresh:
            connection.execute(insert(EVENTS), fresh)
            self._advance(connection, events[-1].seq)
        return len(fresh)

    def _own(self) -> Engine:
        """Return the engine; a forked process does not use its parent's connections."""
        if self._pid != os.getpid():
            self._engine.dispose(close=False)
            self._pid = os.getpid()
        return self._engine

    def _reading(self) -> Connection:
        return self._own().connect().execution_options(**{READING: True})

    def _retried(self, work: Callable[[Connection], T]) -> T:
        """Do work in one transaction; again when another process was in the way."""
        for attempt in range(_ATTEMPTS):
            try:
                with self._own().begin() as connection:
                    return work(connection)
            except DBAPIError:
                if attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(_PAUSE * 2**attempt)
        raise AssertionError  # the last attempt returns or raises


def open_store(url: str | None = None, session: Session | None = None) -> Store:
    """Open the store of a meeting, making it where there is none.

    Parameters
    ----------
    url : str, optional
        Address of the database; see `store_url`.
    session : Session, optional
        The meeting; that of the environment, or the shipped example.

    Returns
    -------
    Store
        For this session.

    Raises
    ------
    InputError
        If the address is none, or its driver is not installed.
    """
    if session is None:
        from kesos_sim.forum.settings import example_session

        session = example_session()
    return Store(store_url(url, session), session.code)


def store_url(url: str | None, session: Session) -> str:
    """Return where a meeting is stored.

    Parameters
    ----------
    url : str or None
        An address, or a path of a SQLite file.
    session : Session
        Settings of the meeting.

    Returns
    -------
    str
        `url`, else what the environment or the settings name, else a file in the user's data
        folder.
    """
    chosen = url or os.environ.get(STORE_VARIABLE, "").strip() or session.store
    if not chosen:
        from platformdirs import user_data_path

        chosen = str(user_data_path("kesos-sim") / "forum" / f"{session.code}.sqlite")
    return chosen if "://" in chosen else f"sqlite:///{Path(chosen).absolute()}"


def _place(url: URL) -> str:
    """Return the address as a message may show it: the file, or all but the password."""
    sqlite = url.get_backend_name() == "sqlite"
    return str(url.database) if sqlite else url.render_as_string(hide_password=True)
