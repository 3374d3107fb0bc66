"""Messages of attendees and of the facilitator as no page of ours would send them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

from benchmarks.fuzz.damage import bent, damaged, strange
from benchmarks.fuzz.tally import Target
from kesos_sim.forum.attendee import Attendee
from kesos_sim.forum.channels import allowed, taken_apart
from kesos_sim.forum.client import packet
from kesos_sim.forum.desk import Desk
from kesos_sim.forum.events import pseudonym
from kesos_sim.forum.session import PHASES, Session
from kesos_sim.forum.settings import load_session
from kesos_sim.forum.store import Store
from kesos_sim.forum.supervisor import page_notebook

__all__ = ["GOOD", "ForumEntries", "forum_entries"]

GOOD: Final[dict[str, dict[str, Any]]] = {
    "join": {"province": "33", "role": "bappeda", "lang": "en"},
    "guess": {"question": "apbd", "value": 7.5},
    "try": {"levers": {"apbd_poverty_share": 0.1}},
    "package": {"name": "Paket", "levers": {"welfare_bylaw": 2}, "sources": {"subsidi": 1},
                "table": True, "balanced": True},
    "stance": {"point": "4", "answer": 2, "note": "perlu anggaran", "round": 1},
    "amend": {"point": "4", "lever": "apbd_poverty_share", "value": 0.08},
    "reflect": {"text": "Saya berubah pikiran."},
    "full": {"levers": {"welfare_bylaw": 2}, "sources": {}, "shock": "flood", "effect": False},
}  # fmt: skip
"""What the attendee page sends, by kind."""

_ROOM: Final[dict[str, dict[str, Any]]] = {
    "phase": {"name": "explore"},
    "input": {"open": True},
    "reveal": {"what": "guess:apbd"},
    "hide": {"what": "about"},
    "freeze": {"on": False},
    "shock": {"name": "flood"},
    "vote": {"point": "1", "for": 3, "against": 0},
    "clause": {"point": "4", "levers": {"apbd_poverty_share": 0.1}},
    "paper": {"table": "51", "kind": "reflect", "body": {"text": "x"}},
    "projector": {"size": 2},
    "undo": {"id": "event-0000"},
    "lang": {"lang": "en"},
}
_A_MEETING: Final = 200
_DOCUMENTS: Final = ("docx", "pdf", "xlsx", "yaml", "exe", "", None)


class ForumEntries(Target):
    """A meeting to which anybody says anything.

    Parameters
    ----------
    folder : pathlib.Path
        An empty folder for the stores.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._session: Session = load_session(page_notebook("sesi.yaml"))
        self._made = 0
        self._store: Store
        self._desk: Desk
        self._open_meeting()

    def close(self) -> None:
        """End the meeting."""
        self._store.close()

    def attempt(self, draw: Random) -> bool:
        """Say something, and look at the answer and at the store.

        Parameters
        ----------
        draw : random.Random
            The generator of the case.

        Returns
        -------
        bool
            Whether something new was stored.
        """
        self._made += 1
        if self._made % _A_MEETING == 0:
            self._store.close()
            self._open_meeting()
        phase = draw.choice(PHASES)
        self._desk.hear({"do": "act", "entries": [_entry(draw, "phase", {"name": phase})]})
        before = self._store.version()
        match draw.randrange(10):
            case 0:
                _through_the_channel(draw)
            case 1 | 2 | 3:
                self._facilitate(draw)
            case _:
                self._attend(draw)
        return self._store.version() > before

    def _open_meeting(self) -> None:
        path = self._folder / f"rapat-{self._made}.sqlite"
        self._store = Store(f"sqlite:///{path}", self._session.code)
        self._desk = Desk(self._session, self._store, folder=self._folder / "cadangan")
        for old in self._folder.glob("rapat-*"):
            if not old.name.startswith(path.name):
                old.unlink()

    def _attend(self, draw: Random) -> None:
        """Open a page, perhaps say who one is, and send entries."""
        page = Attendee(self._session, self._store)
        got: list[dict[str, Any]] = []
        page.send = lambda content, buffers=None: got.append(content)
        number = f"{draw.getrandbits(128):032x}"
        hello = {"do": "hello", "participant": number, "lang": draw.choice(("id", "en"))}
        join = {"do": "enter", "entries": [_entry(draw, "join", GOOD["join"])]}
        kinds = [draw.choice(list(GOOD)) for _ in range(draw.choice((1, 1, 2, 5, 60)))]
        enter = {"do": "enter", "entries": [_entry(draw, kind, GOOD[kind]) for kind in kinds]}
        form = draw.choice(_DOCUMENTS)
        # No document is made for nothing: that is a process of its own, and has its tests.
        other = {"do": draw.choice(("draft", "x", "", None)), "form": form, "lang": "id"}
        last = bent(enter if draw.random() < 0.85 else other, draw, share=0.03)
        for message in (hello, join, last):
            if message is not last and draw.random() < 0.1:
                message = bent(message, draw)  # noqa: PLW2901
            before = len(got)
            page._heard(page, message, [])
            assert len(got) > before, "every message is answered"
        stored = {
            event.id for event in self._store.since(0) if event.participant == pseudonym(number)
        }
        page.layout.close()
        page.close()
        for answer in got:
            json.dumps(answer)
            if answer["is"] == "ack" and stored:
                assert stored >= set(answer["ids"]), "what is acknowledged is stored"

    def _facilitate(self, draw: Random) -> None:
        """Do something at the desk of the facilitator."""
        kinds = [draw.choice(list(_ROOM)) for _ in range(draw.choice((1, 1, 2, 60)))]
        message = {
            "do": draw.choice(("act", "act", "act", "act", "hello", "x")),
            "entries": [_entry(draw, kind, _ROOM[kind]) for kind in kinds],
            "lang": draw.choice(("id", "en", "xx", 5)),
        }
        answers = self._desk.hear(bent(message, draw, share=0.04))
        assert answers, "every message is answered"
        stored = {event.id for event in self._store.since(0)}
        for answer, _ in answers:
            json.dumps(answer)
            if answer["is"] == "ack":
                assert stored >= set(answer["ids"]), "what is acknowledged is stored"


@contextmanager
def forum_entries() -> Iterator[ForumEntries]:
    """Give a folder for the stores of the meetings.

    Yields
    ------
    ForumEntries
    """
    with tempfile.TemporaryDirectory(prefix="kesos-fuzz-") as folder:
        meeting = ForumEntries(Path(folder))
        try:
            yield meeting
        finally:
            meeting.close()


def _entry(draw: Random, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"event-{draw.getrandbits(64):016x}", "kind": kind, "body": body}


def _through_the_channel(draw: Random) -> None:
    """Take a wrong message of the websocket apart; only what is understood may pass."""
    content = bent({"comm_id": "x", "data": {"method": "custom", "content": {}}}, draw)
    kind = draw.choice(("comm_msg", "comm_open", "execute_request", "kernel_info_request"))
    try:
        message = packet(kind, content if isinstance(content, dict) else {"data": strange(draw)})
    except (RecursionError, ValueError):
        return  # no client could write it either
    parts = taken_apart(damaged(message, draw) if draw.random() < 0.7 else message)
    if parts is not None and allowed(parts[0], parts[1:]):
        assert json.loads(parts[1])["msg_type"] != "execute_request"
