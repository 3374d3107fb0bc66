"""What a store keeps beside the events: of the moment, made again, or not to leave the database.

None of it is an event, and so none of it is in a backup.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, insert, select, update

from kesos_sim.forum.database import FILES, PRESENCE, SECRETS

__all__ = ["Beside", "now_ms"]

T = TypeVar("T")


class Beside(ABC):
    """The other tables of a session, for the store that knows how to reach them.

    Attributes
    ----------
    session : str
        Code of the session.
    """

    session: str

    @abstractmethod
    def _retried(self, work: Callable[[Connection], T]) -> T:
        """Do work in one transaction; again when another process was in the way."""

    @abstractmethod
    def _reading(self) -> Connection:
        """Return a connection that only reads."""

    @abstractmethod
    def _locked(self, connection: Connection) -> int:
        """Take the row of the session, so that nobody else writes, and return the last number."""

    # Who is connected; of the moment, so it is no event and in no backup.

    def seen(self, participant: str) -> None:
        """Note that the page of somebody, by pseudonym, is connected now."""

        def write(connection: Connection) -> None:
            own = (PRESENCE.c.session == self.session, PRESENCE.c.participant == participant)
            found = connection.execute(update(PRESENCE).where(*own).values(at=now_ms()))
            if not found.rowcount:
                row = {"session": self.session, "participant": participant, "at": now_ms()}
                connection.execute(insert(PRESENCE), row)

        self._retried(write)

    def online(self, seconds: float) -> frozenset[str]:
        """Return the pseudonyms of those whose page was connected in the last seconds."""
        since = now_ms() - int(1000 * seconds)
        query = select(PRESENCE.c.participant).where(
            PRESENCE.c.session == self.session, PRESENCE.c.at >= since
        )
        with self._reading() as connection:
            return frozenset(connection.execute(query).scalars())

    # Files that were made from the events; they can be made again and are in no backup.

    def keep_file(self, name: str, content: bytes) -> None:
        """Keep a document for everybody who asks for it.

        Parameters
        ----------
        name : str
            Its name; a file of that name is replaced.
        content : bytes
            What it holds.
        """

        def write(connection: Connection) -> None:
            where = (FILES.c.session == self.session, FILES.c.name == name)
            connection.execute(FILES.delete().where(*where))
            connection.execute(
                insert(FILES).values(session=self.session, name=name, at=now_ms(), content=content)
            )

        self._retried(write)

    def file(self, name: str) -> bytes | None:
        """Return a document that was kept, or None.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        bytes or None
            What it holds.
        """
        query = select(FILES.c.content).where(FILES.c.session == self.session, FILES.c.name == name)
        with self._reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else bytes(found)

    # What must not leave this database: in no event, and so in no backup.

    def keep_secret(self, name: str, text: str) -> str:
        """Keep something for whoever comes first with it.

        Parameters
        ----------
        name : str
            Its name.
        text : str
            What is to be kept.

        Returns
        -------
        str
            What is kept: that of the first.
        """

        def write(connection: Connection) -> str:
            self._locked(connection)
            where = (SECRETS.c.session == self.session, SECRETS.c.name == name)
            found = connection.execute(select(SECRETS.c.text).where(*where)).scalar_one_or_none()
            if found is not None:
                return str(found)
            row = {"session": self.session, "name": name, "text": text}
            connection.execute(insert(SECRETS), row)
            return text

        return self._retried(write)

    def secret(self, name: str) -> str | None:
        """Return what was kept under a name here; None where nothing was, as after a restore."""
        query = select(SECRETS.c.text).where(
            SECRETS.c.session == self.session, SECRETS.c.name == name
        )
        with self._reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else str(found)

    def claim(self, name: str, seconds: float) -> bool:
        """Take on a piece of work that only one process of all should do.

        Parameters
        ----------
        name : str
            Name of the work.
        seconds : float
            After so long somebody else may take it on.

        Returns
        -------
        bool
            Whether it is the caller's now.
        """
        return self._retried(lambda connection: self._claim(connection, name, seconds))

    def release(self, name: str) -> None:
        """Let others take on a piece of work that is done.

        Parameters
        ----------
        name : str
            Name of the work.
        """
        where = (FILES.c.session == self.session, FILES.c.name == name)
        self._retried(lambda connection: connection.execute(FILES.delete().where(*where)))

    def _claim(self, connection: Connection, name: str, seconds: float) -> bool:
        self._locked(connection)
        where = (FILES.c.session == self.session, FILES.c.name == name)
        taken = connection.execute(select(FILES.c.at).where(*where)).scalar_one_or_none()
        # A claim from the future was made before a clock was put back; it holds nobody up.
        if taken is not None and 0 <= now_ms() - int(taken) < 1000 * seconds:
            return False
        connection.execute(FILES.delete().where(*where))
        connection.execute(
            insert(FILES).values(session=self.session, name=name, at=now_ms(), content=b"")
        )
        return True


def now_ms() -> int:
    """Return the clock of this machine, milliseconds since 1970."""
    return time.time_ns() // 1_000_000
