"""The kernel's side of the facilitator's page: events in, the state of the room and files out."""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.exc import SQLAlchemyError

from kesos_sim import i18n
from kesos_sim.forum.entries import MOST_AT_ONCE, Refused, checked
from kesos_sim.forum.events import Entry
from kesos_sim.forum.figures import draft_figures
from kesos_sim.forum.publishing import Wanted
from kesos_sim.forum.room_view import RoomView
from kesos_sim.forum.scenario_link import meeting_address
from kesos_sim.forum.session import Session
from kesos_sim.forum.shapes import form
from kesos_sim.forum.signing import drawn_codes, sealed

if TYPE_CHECKING:
    from kesos_sim.emulator import Surface
    from kesos_sim.forum.store import Store

__all__ = ["Desk", "Reply"]

Reply = tuple[dict[str, Any], list[bytes]]
"""A message to the page and what travels beside it."""

KEYS_ID: Final = "room-keys-of-the-meeting"
"""One number for all: whoever comes second changes nothing."""

ONLINE_SECONDS: Final = 50.0
"""A page that was not heard for so long is not connected; pages say so every 20 seconds."""
_CODES: Final = "codes:"
_DOCUMENTS: Final = ("docx", "pdf", "xlsx")
_LOG: Final = logging.getLogger(__name__)


class Desk:
    """The desk of the facilitator.

    Parameters
    ----------
    session : Session
        Settings of the meeting.
    store : Store
        Where events are.
    surface : Surface, optional
        The fitted surface; the figures of a frozen draft come from it.
    folder : pathlib.Path, optional
        Where backups go; beside the store's file, or the user's data folder when left out.
    clock : callable
        Milliseconds since 1970.
    """

    def __init__(
        self,
        session: Session,
        store: Store,
        surface: Surface | None = None,
        folder: Path | None = None,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._session, self._store, self._surface = session, store, surface
        self._folder, self._clock = folder, clock
        self._view = RoomView(session)
        self._lang = session.lang
        self._online: frozenset[str] = frozenset()
        self._wanted = Wanted(store)
        self._take()
        if not self._view.room.keys:
            self._give_codes(KEYS_ID)

    # Messages.

    def hear(self, content: object) -> list[Reply]:
        """Answer one message of the page.

        Parameters
        ----------
        content : object
            ``{"do": "hello" | "act" | "draft" | "backup" | "codes", ...}``.

        Returns
        -------
        list of Reply
            Messages in order. Nothing is acknowledged that is not on disk.
        """
        try:
            if not isinstance(content, Mapping):
                raise form()
            if content.get("lang") in i18n.LANGUAGES:
                self._lang = str(content["lang"])
            return self._answer(content)
        except Refused as error:
            return [_note(error.text(self._lang))]
        except (SQLAlchemyError, OSError):
            # Without an answer the page keeps what it has and sends it again.
            _LOG.exception("the store cannot be reached")
            return [_note(self._say("store_silent"))]

    def look(self) -> list[Reply]:
        """Look for news; called about twice a second.

        Returns
        -------
        list of Reply
            The state if something was written, and documents that are ready.
        """
        try:
            replies = self._documents()
            online = self._store.online(ONLINE_SECONDS)
            news = self._store.version() > self._view.room.version and self._take()
            if news or online != self._online:
                self._online = online
                replies.append(self._room())
        except SQLAlchemyError:
            _LOG.warning("the store cannot be read; trying again")
            return []
        return replies

    def _answer(self, content: Mapping[str, Any]) -> list[Reply]:
        match content.get("do"):
            case "hello":
                self._take()
                return [self._room()]
            case "act":
                return self._act(content.get("entries"))
            case "draft":
                return self._draft(content.get("form"))
            case "backup":
                return self._backup()
            case "codes":
                return self._new_codes()
        raise form()

    # Events.

    def _act(self, entries: object) -> list[Reply]:
        """Write events of the room; each is checked against those before it."""
        if not isinstance(entries, list) or len(entries) > MOST_AT_ONCE:
            raise form()
        ids: list[str] = []
        no: list[dict[str, str]] = []
        self._take()
        for raw in entries:
            identity = raw.get("id") if isinstance(raw, Mapping) else None
            if isinstance(identity, str) and identity in self._view.known:
                ids.append(identity)  # sent again because the answer was lost
                continue
            try:
                entry = self._completed(checked(raw, self._session, self._view.room))
            except Refused as error:
                no.append({"id": identity if isinstance(identity, str) else "",
                           "why": error.text(self._lang)})  # fmt: skip
                continue
            ids += [ack.id for ack in self._store.add([entry]) if ack.ok]
            self._take()
        self._note_address()
        return [({"is": "ack", "ids": ids, "refused": no}, []), self._room()]

    def _completed(self, entry: Entry) -> Entry:
        """Put the model's figures beside a frozen draft: they are part of what is signed."""
        if entry.kind != "freeze" or not entry.body["on"] or self._surface is None:
            return entry
        figures = draft_figures(self._view.room, self._surface)
        return Entry(entry.id, entry.kind, {**entry.body, "figures": figures})

    def _give_codes(self, identity: str) -> None:
        """Draw a signing code for every table, the same for all windows that do so at once.

        The codes stay in this database; events, and so backups, hold their seals.
        """
        drawn = drawn_codes(one.code for one in self._session.tables)
        codes = json.loads(self._store.keep_secret(_CODES + identity, json.dumps(drawn)))
        raw = {"id": identity, "kind": "keys", "body": {"seals": sealed(codes)}}
        self._store.add([checked(raw, self._session, self._view.room)])
        self._take()

    def _note_address(self) -> None:
        """Write down where the meeting is, for documents that are made when it is over.

        Not before the facilitator does something: until then a backup can be put back.
        """
        address, room = meeting_address(), self._view.room
        if not address or address == room.address:
            return
        # Two windows that act at once follow the same event and so write the same one.
        raw = {"id": f"room-address-{room.version}", "kind": "address", "body": {"join": address}}
        try:
            self._store.add([checked(raw, self._session, room)])
        except Refused:
            _LOG.warning("the address of the meeting is not kept: %s", address)
        self._take()

    def _new_codes(self) -> list[Reply]:
        """Draw new codes where the old ones are not known here: they are in no backup."""
        if self._codes():
            raise form()
        # Two windows that ask at once follow the same keys and so draw the same ones.
        self._give_codes(f"{KEYS_ID}-{self._view.room.version}")
        return [self._room(), _note(self._say("signing_renewed"))]

    def _codes(self) -> dict[str, str]:
        """Return the signing codes by table; none where a backup was put back."""
        kept = self._store.secret(_CODES + self._view.room.keys)
        return dict(json.loads(kept)) if kept else {}

    # Files.

    def _draft(self, kind: object) -> list[Reply]:
        if kind not in _DOCUMENTS:
            raise form()
        self._wanted.ask(str(kind), self._lang, self._clock() / 1000)
        return self._documents() or [_note(self._say("file_made"))]

    def _documents(self) -> list[Reply]:
        """Hand out documents that were asked for and are made; say which do not come."""
        made, never = self._wanted.take(self._view.room, self._clock() / 1000)
        return [
            *(({"is": "file", "name": name, "type": media}, [content])
              for name, media, content in made),
            *(_note(error.text(self._lang)) for error in never),
        ]  # fmt: skip

    def _backup(self) -> list[Reply]:
        """Write a copy on the server's disk, and hand it to the browser for a stick."""
        stamp = dt.datetime.fromtimestamp(self._clock() / 1000, dt.UTC).strftime("%Y%m%dT%H%M%SZ")
        path = self._backups() / f"{self._session.code}-{stamp}.jsonl.gz"
        count = self._store.backup(path)
        return [
            ({"is": "file", "name": path.name, "type": "application/gzip"}, [path.read_bytes()]),
            _note(self._say("backed_up", count=count, name=path.name)),
        ]

    def _backups(self) -> Path:
        if self._folder is not None:
            return self._folder
        database = self._store.url.database
        if self._store.url.get_backend_name() == "sqlite" and database not in (None, ":memory:"):
            return Path(str(database)).parent / "backups"
        from platformdirs import user_data_path

        return Path(user_data_path("kesos-sim")) / "forum" / "backups"

    # The state.

    def _take(self) -> bool:
        return self._view.take(self._store.since(self._view.room.version))

    def _room(self) -> Reply:
        state = self._view.state(self._view.room.lang, self._clock(), self._online)
        return {"is": "room", "state": {**state, "codes": self._codes()}}, []

    def _say(self, key: str, **fields: object) -> str:
        return i18n.text(f"forum_room.{key}", self._lang, **fields)


def _note(words: str) -> Reply:
    return {"is": "note", "text": words}, []
