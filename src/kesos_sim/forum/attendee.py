"""The page of an attendee: one widget that hands in entries and hands out what is public.

Its kernel imports nothing heavy. Everything that a visitor sees happens in the browser; messages
are as the contract of the pages has them and are checked as if they came from anybody.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

import anywidget
import traitlets
from sqlalchemy.exc import SQLAlchemyError

from kesos_sim import i18n
from kesos_sim.forum.attendee_texts import boot as page_boot
from kesos_sim.forum.attendee_texts import packed
from kesos_sim.forum.bundle import bundle, stylesheet
from kesos_sim.forum.entries import MOST_AT_ONCE, Refused, checked, participant
from kesos_sim.forum.events import Entry
from kesos_sim.forum.pace import Pace
from kesos_sim.forum.publishing import Wanted
from kesos_sim.forum.records import Member
from kesos_sim.forum.room import Room
from kesos_sim.forum.session import Session
from kesos_sim.forum.settings import example_session
from kesos_sim.forum.shapes import form, refused
from kesos_sim.forum.store import Store, open_store

__all__ = ["Attendee", "attendee", "prepare"]

POLL_SECONDS: Final = 1.0
SEEN_EVERY: Final = 20.0
"""Seconds between two notes in the store that a page is connected."""
MOST_PARTICIPANTS: Final = 5
"""So many visitors may use one page after another, for instance one phone that goes round."""

LARGEST_MESSAGE: Final = 128 * 1024
_FORMS: Final = ("docx", "pdf", "xlsx", "yaml")
_AGAIN: Final = frozenset({"forum.refused_rate", "forum.refused_waiting", "forum.refused_closed"})
_LOG: Final = logging.getLogger(__name__)


class Attendee(anywidget.AnyWidget):
    """The attendee page.

    Parameters
    ----------
    session : Session
        Settings of the meeting.
    store : Store
        Where entries go.
    lang : str
        Language until the visitor chooses; the session's when left empty.

    Attributes
    ----------
    boot : str
        JSON text with the public settings and the words in both languages, sent once.
    surface, families : bytes
        The fitted surface and the typical families, compressed with gzip, sent once.
    """

    _esm, _css = bundle("attendee.js"), stylesheet()
    boot = traitlets.Unicode().tag(sync=True)
    surface = traitlets.Bytes().tag(sync=True)
    families = traitlets.Bytes().tag(sync=True)

    def __init__(self, session: Session, store: Store, lang: str = "") -> None:
        super().__init__(
            boot=page_boot(session), surface=packed("mpu.json"), families=packed("families.json")
        )
        self._session, self._store = session, store
        self._room = Room(session)
        self._pace = Pace()
        self._who = ""
        self._lang = lang if lang in i18n.LANGUAGES else session.lang
        self._known: set[str] = set()
        self._shown = ""
        self._seen = -math.inf
        self._wanted = Wanted(store)
        self._watch: asyncio.Task[None] | None = None
        self.on_msg(self._heard)

    def set_state(self, sync_data: Any) -> None:
        """Take no state from a browser; entries come as messages."""

    def start(self) -> None:
        """Look for news about once a second, as long as the kernel lives."""
        if self._watch is None:
            self._watch = asyncio.get_running_loop().create_task(self._watching())

    async def _watching(self) -> None:
        while True:
            # Not all kernels in the same moment; no secret hangs on the draw.
            await asyncio.sleep(POLL_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311
            try:
                self.look()
            except SQLAlchemyError:
                _LOG.warning("the store cannot be read; trying again")

    def look(self) -> None:
        """Send the state if it has changed for this visitor."""
        if self._store.version() > self._room.version:
            self._room.take(self._store.since(self._room.version))
        if self._who:
            self._show()
        self._hand_out()

    # Messages.

    def _heard(self, _widget: object, content: object, _buffers: object) -> None:
        """Answer one message; nothing that comes in may stop the page."""
        try:
            self._answer(content)
        except Refused as error:
            self._refuse(error)
        except SQLAlchemyError:
            # No answer: the browser keeps its entries and sends them again.
            _LOG.warning("the store cannot be reached; entries are not acknowledged")

    def _answer(self, content: object) -> None:
        if not isinstance(content, Mapping) or not _fits(content):
            raise form()
        self._here()
        match content.get("do"):
            case "here":
                pass  # it only says that the page is there
            case "hello":
                self._hello(content)
            case "enter":
                self._enter(content.get("entries"))
            case "draft":
                self._file(content)
            case _:
                raise form()

    def _here(self) -> None:
        """Note that the page is connected, not more often than anybody looks."""
        now = time.monotonic()
        if self._who and now - self._seen >= SEEN_EVERY:
            self._seen = now
            self._store.seen(self._who)

    def _hello(self, content: Mapping[str, Any]) -> None:
        who = participant(content.get("participant"))
        if not self._pace.allows("hello"):
            raise refused("KS9339", "forum.refused_rate")
        if len(self._known | {who}) > MOST_PARTICIPANTS:
            raise form()
        self._known.add(who)
        if who != self._who:
            self._who, self._seen = who, -math.inf
            self._here()
        if content.get("lang") in i18n.LANGUAGES:
            self._lang = str(content["lang"])
        self._room.take(self._store.since(self._room.version))
        state = self._room.public(who, self._lang)
        self._shown = _text(_timeless(state))
        self.send({"is": "welcome", "state": state, "own": self._room.own(who)})

    def _enter(self, entries: object) -> None:
        if not self._who or not isinstance(entries, Sequence) or isinstance(entries, str):
            raise form()
        if len(entries) > MOST_AT_ONCE:
            raise refused("KS9321", "forum.refused_large")
        self._room.take(self._store.since(self._room.version))
        stored = {own["id"] for own in self._room.own(self._who)}
        good: list[Entry] = []
        ids: list[str] = []
        no: list[dict[str, Any]] = []
        member: Member | None = None
        guessed: set[str] = set()
        for raw in entries:
            identity = raw.get("id") if isinstance(raw, Mapping) else None
            if isinstance(identity, str) and identity in stored:
                ids.append(identity)  # sent again because the answer was lost
                continue
            try:
                entry = self._checked(raw, member, guessed)
            except Refused as error:
                no.append(
                    {
                        "id": identity if isinstance(identity, str) else "",
                        "why": error.text(self._lang),
                        "again": error.key in _AGAIN,
                    }
                )
                continue
            if entry.kind == "join":
                member = Member(entry.table, entry.role, str(entry.body.get("lang", "")))
            good.append(entry)
        ids += [ack.id for ack in self._store.add(good) if ack.ok]
        self.send({"is": "ack", "ids": ids, "refused": no})
        if good:
            self.look()

    def _checked(self, raw: object, member: Member | None, guessed: set[str]) -> Entry:
        """Check one entry of a message against the room and against those before it."""
        kind = raw.get("kind") if isinstance(raw, Mapping) else None
        if not self._pace.allows(str(kind)):
            raise refused("KS9339", "forum.refused_rate")
        entry = checked(raw, self._session, self._room, self._who, member)
        if entry.kind == "guess":
            if entry.body["question"] in guessed:
                raise refused("KS9328", "forum.refused_locked")
            guessed.add(entry.body["question"])
        return entry

    def _file(self, content: Mapping[str, Any]) -> None:
        """Hand out a document of the frozen draft."""
        kind, lang = content.get("form"), content.get("lang", self._lang)
        if kind not in _FORMS or lang not in i18n.LANGUAGES:
            raise form()
        if not self._pace.allows("draft"):
            raise refused("KS9339", "forum.refused_rate")
        self._room.take(self._store.since(self._room.version))
        self._wanted.ask(str(kind), str(lang), time.monotonic())
        if not self._hand_out():
            self._refuse(refused("KS9352", "forum.refused_file_soon"))

    def _hand_out(self) -> bool:
        """Send documents that were asked for and are made; return whether anything was said."""
        made, never = self._wanted.take(self._room, time.monotonic())
        for name, media, content in made:
            self.send({"is": "file", "name": name, "type": media}, [content])
        for error in never:
            self._refuse(error)
        return bool(made or never)

    def _refuse(self, error: Refused) -> None:
        """Say why something was not done."""
        no = {"id": "", "why": error.text(self._lang), "again": error.key in _AGAIN}
        self.send({"is": "ack", "ids": [], "refused": [no]})

    def _show(self) -> None:
        state = self._room.public(self._who, self._lang)
        text = _text(_timeless(state))
        if text != self._shown:
            self._shown = text
            self.send({"is": "state", "state": state})


def attendee(
    session: Session | None = None, store: Store | None = None, bahasa: str = ""
) -> Attendee:
    """Return the attendee page, looking for news once it is in a kernel.

    Parameters
    ----------
    session : Session, optional
        That of the environment, or the shipped example.
    store : Store, optional
        That of the environment or of the settings, or a file in the user's data folder.
    bahasa : str
        Language in which refusals are worded until the visitor says hello; the session's when
        left empty.

    Returns
    -------
    Attendee
        To be the last line of a cell.

    Examples
    --------
    >>> import json
    >>> from kesos_sim.forum.settings import example_session
    >>> from kesos_sim.forum.store import open_store
    >>> session = example_session()
    >>> page = attendee(session, open_store("sqlite:///attendee.sqlite", session))
    >>> sorted(json.loads(page.boot))
    ['formats', 'glossary', 'session', 'stale', 'texts']
    """
    chosen = session or example_session()
    page_of_visitor = Attendee(chosen, store or open_store(None, chosen), bahasa)
    try:
        page_of_visitor.start()
    except RuntimeError:  # no event loop: a plain Python process
        _LOG.debug("no event loop; the page does not look for news by itself")
    return page_of_visitor


def prepare() -> None:
    """Read and compress everything that every page needs, before kernels are forked."""
    page_boot(example_session())
    for name in ("mpu.json", "families.json"):
        packed(name)


def _timeless(state: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what changes with every entry of anybody."""
    return {name: value for name, value in state.items() if name != "version"}


def _fits(content: Mapping[str, Any]) -> bool:
    """Say whether a message is as long and as deep as a page may send it."""
    try:
        return len(_text(content)) <= LARGEST_MESSAGE
    except RecursionError:  # lists in lists, thousands deep
        return False


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
