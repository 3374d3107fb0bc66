"""Documents of the frozen draft for everybody who asks: made once, and again when a table signed.

Making them needs packages that the kernel of an attendee must not load; it starts one process
for the whole room, which puts all files into the store.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from kesos_sim.forum.settings import SETTINGS_VARIABLE
from kesos_sim.forum.shapes import Refused, refused
from kesos_sim.forum.store import STORE_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kesos_sim.forum.room import Room
    from kesos_sim.forum.store import Store

__all__ = ["TYPES", "Wanted", "file_name", "keep", "publish", "published"]

TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml",
}
"""Media types by format."""

_PATIENCE: Final = 120.0
"""Seconds after which somebody else may make the documents."""
_SOON: Final = "forum.refused_file_soon"
_SIGNED: Final = "signed"
_WAITED: Final = 180.0
"""Seconds after which whoever waits for a document is told that it does not come."""


def file_name(session: str, form: str, lang: str) -> str:
    """Return what a file is called for whoever downloads it.

    Parameters
    ----------
    session : str
        Code of the session.
    form : str
        One of `TYPES`.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        A name without folders.
    """
    stem = {"id": "kesepakatan", "en": "agreement"}[lang]
    return f"{stem}-{session}.{form}"


def published(room: Room, store: Store, form: str, lang: str) -> tuple[str, str, bytes]:
    """Return a document of the frozen draft, having it made where it is not there yet.

    Parameters
    ----------
    room : Room
        State of the meeting.
    store : Store
        Where documents are kept.
    form : str
        One of `TYPES`.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str, str, bytes
        Name, media type and content.

    Raises
    ------
    Refused
        If the draft is not frozen, or the document is being made, also because a table has signed
        since it was.
    """
    digest = room.digest
    if digest is None:
        raise refused("KS9351", "forum.refused_file")
    content = store.file(_kept(digest, f"{lang}.{form}"))
    if content is None or store.file(_kept(digest, _SIGNED)) != _signed(room):
        if store.claim(_making(digest), _PATIENCE):
            publish(store)
        raise refused("KS9352", _SOON)
    return file_name(room.session.code, form, lang), TYPES[form], content


class Wanted:
    """Documents that one page has asked for; they come by themselves once they are made.

    Parameters
    ----------
    store : Store
        Where documents are kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._since: dict[tuple[str, str], float] = {}

    def ask(self, form: str, lang: str, now: float) -> None:
        """Ask for a document, in a language, at a time in seconds."""
        self._since[form, lang] = now

    def take(self, room: Room, now: float) -> tuple[list[tuple[str, str, bytes]], list[Refused]]:
        """Take what is made, and what will not come.

        Parameters
        ----------
        room : Room
            The room, its draft frozen.
        now : float
            Time, seconds.

        Returns
        -------
        list of (str, str, bytes), and list of Refused
            Name, media type and content of each that is made, and why others do not come. What is
            being made is in neither.
        """
        made, never = [], []
        for (form, lang), since in list(self._since.items()):
            try:
                made.append(published(room, self._store, form, lang))
            except Refused as error:
                if error.key == _SOON and now - since < _WAITED:
                    continue
                never.append(error)
            del self._since[form, lang]
        return made, never


def publish(store: Store) -> subprocess.Popen[bytes]:
    """Start the process that makes the documents of the frozen draft and keeps them.

    Parameters
    ----------
    store : Store
        Where events come from and documents go.

    Returns
    -------
    subprocess.Popen
        The process; nobody has to wait for it.
    """
    address = store.url.render_as_string(hide_password=False)
    environment = {**os.environ, STORE_VARIABLE: address}
    return subprocess.Popen(
        [sys.executable, "-m", "kesos_sim.forum.agreement_files"],
        env={**environment, SETTINGS_VARIABLE: environment.get(SETTINGS_VARIABLE, "")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def keep(room: Room, store: Store, made: Mapping[tuple[str, str], bytes]) -> None:
    """Keep the documents of the frozen draft, and let others make them when a table signs.

    Parameters
    ----------
    room : Room
        State of the meeting that they were made of, its draft frozen.
    store : Store
        Where they are kept.
    made : mapping of (str, str) to bytes
        Content by language and format.
    """
    digest = str(room.digest)
    for (lang, form), content in made.items():
        store.keep_file(_kept(digest, f"{lang}.{form}"), content)
    store.keep_file(_kept(digest, _SIGNED), _signed(room))
    store.release(_making(digest))


def _kept(digest: str, what: str) -> str:
    """Return the name under which the store keeps something that belongs to a draft."""
    return f"{digest[:32]}-{what}"


def _signed(room: Room) -> bytes:
    """Return which tables have signed, as it is kept beside the documents that say so."""
    return ",".join(room.signed).encode()


def _making(digest: str) -> str:
    return f"making-{digest}"
