"""Tables of the store and the way into a database; SQLite waits its turn and keeps every commit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    create_engine,
    event,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from kesos_sim.errors import InputError
from kesos_sim.forum.events import Event, body_text

__all__ = [
    "EVENTS", "FILES", "METADATA", "PRESENCE", "READING", "SECRETS", "SESSIONS", "address",
    "engine_of", "event_of", "row_of",
]  # fmt: skip

BUSY_SECONDS: Final = 20
"""So long a writer waits for the others."""

READING: Final = "kesos_reading"
"""Option of a connection that only reads: SQLite then takes no lock for it."""

METADATA: Final = MetaData()
SESSIONS: Final = SqlTable(
    "sessions",
    METADATA,
    Column("session", String(32), primary_key=True),
    Column("last", BigInteger, nullable=False),
)
EVENTS: Final = SqlTable(
    "events",
    METADATA,
    Column("session", String(32), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("participant", String(64), nullable=False),
    Column("table", String(8), nullable=False),
    Column("role", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("session", "id", name="events_id"),
)
FILES: Final = SqlTable(
    "files",
    METADATA,
    Column("session", String(32), primary_key=True),
    Column("name", String(120), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
SECRETS: Final = SqlTable(
    "secrets",
    METADATA,
    Column("session", String(32), primary_key=True),
    Column("name", String(120), primary_key=True),
    Column("text", Text, nullable=False),
)
PRESENCE: Final = SqlTable(
    "presence",
    METADATA,
    Column("session", String(32), primary_key=True),
    Column("participant", String(64), primary_key=True),
    Column("at", BigInteger, nullable=False),
)


def address(url: str | URL) -> URL:
    """Read the address of a database; see `kesos_sim.forum.store.Store`."""
    try:
        return make_url(url)
    except ArgumentError:
        shown = str(url).partition("@")[0] if "@" not in str(url) else "…"
        raise InputError(
            "KS9341", "forum.store_address", got=shown, expected="sqlite:///forum.sqlite"
        ) from None


def engine_of(url: URL) -> Engine:
    """Return an engine whose commits are on disk when they return.

    Parameters
    ----------
    url : URL
        Address of the database; ``postgresql`` alone means psycopg.

    Returns
    -------
    Engine
        Of few connections, because many processes have one.

    Raises
    ------
    InputError
        If there is no driver for it.
    """
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    try:
        engine = create_engine(url, pool_pre_ping=not sqlite, pool_size=2, max_overflow=2)
    except (ImportError, ArgumentError) as error:
        raise InputError(
            "KS9342", "forum.store_driver", got=url.drivername, reason=str(error)
        ) from None
    if sqlite:
        event.listen(engine, "connect", _connected)
        event.listen(engine, "begin", _begun)
    return engine


def _connected(connection: Any, _record: object) -> None:
    """Set a fresh SQLite connection up; transactions begin where SQLAlchemy says so."""
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begun(connection: Connection) -> None:
    """Take the right to write at once: two that read first would block each other."""
    if not connection.get_execution_options().get(READING):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def event_of(row: Any) -> Event:
    """Return a row of `EVENTS` as an event.

    Parameters
    ----------
    row : mapping of str to object
        The row, by the names of its columns.

    Returns
    -------
    Event
        The same.
    """
    return Event(
        int(row["seq"]), row["id"], row["kind"], row["participant"], row["table"], row["role"],
        int(row["at"]), json.loads(row["body"]),
    )  # fmt: skip


def row_of(session: str, one: Event) -> dict[str, Any]:
    """Return an event as a row of `EVENTS`.

    Parameters
    ----------
    session : str
        Code of the session.
    one : Event
        The event.

    Returns
    -------
    dict of str to object
        The row, by the names of its columns.
    """
    return {
        "session": session, "seq": one.seq, "id": one.id, "kind": one.kind,
        "participant": one.participant, "table": one.table, "role": one.role, "at": one.at,
        "body": body_text(one.body),
    }  # fmt: skip
