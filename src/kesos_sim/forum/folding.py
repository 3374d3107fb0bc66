"""Folding events into what the room remembers; the questions about it are in `room`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from kesos_sim.forum.events import ROOM_KINDS, Event
from kesos_sim.forum.proposals import agreed_levers, today
from kesos_sim.forum.records import BESIDE, Guess, Member, Package, Request, Stance, Vote
from kesos_sim.forum.session import PHASES, Session
from kesos_sim.scenario.levers import POINTS

__all__ = ["FOR_EVER", "Memory"]

FOR_EVER: Final = frozenset({"keys", "undo", "result", "address"})
"""Kinds of the room that cannot be undone one by one."""

_DELIBERATE: Final = PHASES.index("deliberate")

_BACKWARDS: Final = frozenset({"undo", "exclude"})
"""Kinds that change what counts of the events before them."""

_BESIDE: Final = frozenset(
    {"guess", "try", "sign", "reflect", "full", "result", "keys", "phase", "input", "highlight",
     "shock", "show_table", "projector", "lang", "address"}
)  # fmt: skip
"""Kinds that change nothing of the draft."""


class Memory:
    """What the events of a meeting add up to; see `kesos_sim.forum.room.Room`.

    Parameters
    ----------
    session : Session
        Settings of the meeting.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._log: list[Event] = []
        self._reset()

    def _reset(self) -> None:
        self.version = 0
        self.at = 0
        self.written = 0
        self.phase = self.session.phases[0].name if self.session.phases else PHASES[0]
        self.phase_at = 0
        self.open = True
        self.frozen = False
        self.seats: tuple[str, ...] | None = None
        self.figures: Mapping[str, Any] = {}
        self.shock = "none"
        self.highlight = ""
        self.show_table = False
        self.lang = self.session.lang
        self.projector = 1.0
        self.reveal: tuple[str, ...] = ()
        self.hidden: frozenset[str] = frozenset()
        self.members: dict[str, Member] = {}
        self.guesses: dict[str, dict[str, Guess]] = {}
        self.tries: dict[str, set[str]] = {}
        self.packages: dict[str, Package] = {}
        self.own_packages: dict[str, Package] = {}
        self.stances: dict[str, dict[str, Stance]] = {}
        self.settings: dict[str, list[dict[str, float]]] = {str(point): [{}] for point in POINTS}
        self.first_asked: dict[str, int] = {}
        self.amendments: dict[tuple[str, str], dict[str, float]] = {}
        self.votes: dict[str, Vote] = {}
        self.clauses: dict[str, str] = {}
        self.fixed: dict[str, Mapping[str, float]] = {}
        self.rows: dict[str, Mapping[str, str]] = {}
        self.dropped: set[str] = set()
        self.signs: dict[str, str] = {}
        self.reflections: dict[str, tuple[str, str, str, str]] = {}
        self.requests: dict[str, Request] = {}
        self.on_paper: dict[str, set[str]] = {}
        self._seals: Mapping[str, str] = {}
        self.keys = ""
        self.address = ""
        self._undone: frozenset[str] = frozenset()
        self.devices: dict[str, Member] = {}
        self.excluded: frozenset[str] = frozenset()

    @property
    def present(self) -> tuple[str, ...]:
        """Tables at which somebody sits, in the order of the session."""
        there = {one.table for one in self.members.values()} | set(self.on_paper)
        return tuple(one.code for one in self.session.tables if one.code in there)

    @property
    def counted(self) -> tuple[str, ...]:
        """Tables that the draft counts: those present, or that were when it was frozen."""
        return self.present if self.seats is None else self.seats

    def asked(self, point: str) -> list[dict[str, float]]:
        """Return the proposals for a point that the room was asked about, the first one first.

        Parameters
        ----------
        point : str
            ``1`` to ``9``.

        Returns
        -------
        list of dict
            From the one that stood when the consultation began; each has its place, from 1, as the
            number by which a card of paper names it. Empty before.
        """
        first = self.first_asked.get(point)
        return [] if first is None else self.settings[point][first:]

    def take(self, events: Iterable[Event]) -> bool:
        """Fold events into the state.

        Parameters
        ----------
        events : iterable of Event
            In the order of the session; those that were taken before are passed over.

        Returns
        -------
        bool
            Whether there was a new one.
        """
        last = self._log[-1].seq if self._log else 0
        fresh = [event for event in events if event.seq > last]
        if not fresh:
            return False
        self._log += fresh
        if any(event.kind in _BACKWARDS for event in fresh):
            self._reset()
            self._undone = _undone(self._log)
            self.excluded = _excluded(self._log, self._undone)
            fresh = self._log
        for event in fresh:
            self.version, self.at = event.seq, event.at
            if event.id not in self._undone:
                self._fold(event)
                if event.kind not in _BESIDE:
                    self.written = event.seq
        return True

    def _fold(self, event: Event) -> None:
        if event.kind == "paper":
            self._paper(event)
        elif event.kind in ROOM_KINDS:
            getattr(self, f"_room_{event.kind}", _nothing)(event)
        else:
            self._from_device(event)

    def _from_device(self, event: Event) -> None:
        """Take the entry of a device, unless the facilitator has excluded it."""
        if event.kind == "join":
            self.devices[event.participant] = _member(event, self.session.lang)
        if event.participant not in self.excluded:
            self._entered(event, event.kind, event.body, event.participant)

    def _paper(self, event: Event) -> None:
        """Take a card of paper as the entry of somebody without a phone."""
        table, card = event.body["table"], event.body.get("card", event.id)
        self.on_paper.setdefault(table, set()).add(card)
        self._entered(event, event.body["kind"], event.body["body"], f"paper:{table}:{card}")

    def _entered(self, event: Event, kind: str, body: Mapping[str, Any], who: str) -> None:
        """Take the entry of an attendee; the latest counts, of a guess the first."""
        if self.frozen and kind in ("package", "stance", "amend"):
            return  # it was on its way when the draft was frozen
        role = event.role or str(event.body.get("role", ""))
        match kind:
            case "join":
                self.members[who] = self.devices[who]
            case "guess":
                late = bool(body.get("late")) or f"guess:{body['question']}" in self.reveal
                guess = Guess(float(body["value"]), event.table, late)
                self.guesses.setdefault(body["question"], {}).setdefault(who, guess)
            case "try":
                for name in body["levers"]:
                    self.tries.setdefault(name, set()).add(who)
            case "package":
                self._package(event, body, who)
            case "stance":
                self._stance(event, body, who, role)
            case "amend":
                lever, value = body["lever"], body["value"]
                asked = today(lever) if value is None else float(value)
                self.amendments.setdefault((event.table, lever), {})[who] = asked
                self._settle(int(body["point"]))
            case "sign":
                self.signs[event.table] = body["digest"]
            case "reflect":
                self.reflections[who] = (event.id, event.table, role, body["text"])
            case "full":
                self.requests[event.id] = Request(event.id, who, event.table, event.seq, body)

    def _package(self, event: Event, body: Mapping[str, Any], who: str) -> None:
        package = Package(
            body["name"], body["levers"], body.get("sources", {}), body["balanced"],
            event.table, event.at, frozenset(body.get("silent", ())) - set(body["levers"]),
        )  # fmt: skip
        if body["table"]:
            self.packages[event.table] = package
            self._settle(*POINTS)
        else:
            self.own_packages[who] = package

    def _stance(self, event: Event, body: Mapping[str, Any], who: str, role: str) -> None:
        """Take an answer together with the proposal of the room that it was given to.

        A phone shows the proposal of the moment. A card of paper may be older than that: without a
        proposal it counts for the only one that the room was asked about, among several for none.
        """
        had = self.settings[body["point"]]
        paper = event.kind == "paper"
        told = "setting" in body or paper
        setting = dict(body["setting"]) if "setting" in body else had[-1]
        unknown = paper and "setting" not in body and len(self.asked(body["point"])) > 1
        self.stances.setdefault(body["point"], {})[who] = Stance(
            event.id, int(body["answer"]), body.get("phrase", ""), body.get("note", ""),
            int(body.get("round", 1)), event.table, role, event.at,
            setting, told, len(had) if setting in had and not unknown else 0,
        )  # fmt: skip

    def _settle(self, *points: int) -> None:
        """Note what the room now proposes for points of which a setting may have changed."""
        for point in points:
            had, now = self.settings[str(point)], agreed_levers(self, point)
            if now != had[-1]:
                had.append(now)

    def _room_keys(self, event: Event) -> None:
        # A store of an older version has codes in their place, with which nobody can sign.
        self.keys, self._seals = event.id, event.body.get("seals", {})

    def _room_address(self, event: Event) -> None:
        self.address = event.body["join"]

    def _room_phase(self, event: Event) -> None:
        self.phase, self.phase_at = event.body["name"], event.at
        if PHASES.index(self.phase) >= _DELIBERATE:
            for point, had in self.settings.items():
                self.first_asked.setdefault(point, len(had) - 1)

    def _room_input(self, event: Event) -> None:
        self.open = event.body["open"]

    def _room_reveal(self, event: Event) -> None:
        what = event.body["what"]
        self.hidden -= {what}
        if not what.startswith("entry:"):
            self.reveal = (*(one for one in self.reveal if one != what), what)

    def _room_hide(self, event: Event) -> None:
        what = event.body["what"]
        self.reveal = tuple(one for one in self.reveal if one != what)
        if what.startswith("entry:"):
            self.hidden |= {what}

    def _room_highlight(self, event: Event) -> None:
        self.highlight = event.body["table"]

    def _room_freeze(self, event: Event) -> None:
        if not event.body["on"]:
            self.seats = None
        elif self.seats is None:  # pressed again, it is still the same draft
            self.seats = self.present
        self.frozen = event.body["on"]
        if "figures" in event.body:
            self.figures = event.body["figures"]

    def _room_shock(self, event: Event) -> None:
        self.shock = event.body["name"]

    def _room_show_table(self, event: Event) -> None:
        self.show_table = event.body["on"]

    def _room_vote(self, event: Event) -> None:
        body = event.body
        self.votes[body["point"]] = Vote(body["for"], body["against"], body.get("dissent", ""))

    def _room_clause(self, event: Event) -> None:
        point = event.body["point"]
        if "text" in event.body:
            self.clauses[point] = event.body["text"]
        if "levers" in event.body:
            self.fixed[point] = event.body["levers"]
            self._settle(int(point))

    def _room_renaksi(self, event: Event) -> None:
        body = {name: value for name, value in event.body.items() if name != "delete"}
        if event.body.get("delete"):
            self.rows.pop(body["row"], None)
            self.dropped.add(body["row"])
        else:
            self.dropped.discard(body["row"])
            self.rows[body["row"]] = {**self.rows.get(body["row"], {}), **body}

    def _room_projector(self, event: Event) -> None:
        self.projector = event.body["size"]

    def _room_lang(self, event: Event) -> None:
        self.lang = event.body["lang"]

    def _room_result(self, event: Event) -> None:
        request = self.requests.get(event.body["request"])
        if request is not None:
            request.state = event.body.get("state", "done")
            request.outcomes = event.body.get("outcomes", request.outcomes)
            request.beside = {name: event.body[name] for name in BESIDE if name in event.body}


def _nothing(_event: Event) -> None:
    """Leave the state alone: an undo has done its work before the fold."""


def _member(event: Event, lang: str) -> Member:
    """Return who joined, and where."""
    role = event.role or str(event.body.get("role", ""))
    return Member(event.table, role, event.body.get("lang", lang))


def _excluded(log: Iterable[Event], undone: frozenset[str]) -> frozenset[str]:
    """Return the pseudonyms whose entries do not count, after the last word on each device.

    Devices have the number in which they joined, since pseudonyms stay in the store.
    """
    came: dict[str, None] = {}
    said: dict[int, bool] = {}
    for event in log:
        if event.kind == "join":
            came.setdefault(event.participant)
        elif event.kind == "exclude" and event.id not in undone:
            said[event.body["device"]] = event.body["on"]
    return frozenset(who for number, who in enumerate(came, 1) if said.get(number))


def _undone(log: Iterable[Event]) -> frozenset[str]:
    """Return the numbers of events that do not count, seen from the last to the first."""
    gone: set[str] = set()
    for event in reversed(list(log)):
        if event.kind == "undo" and event.id not in gone:
            gone.add(event.body["id"])
    return frozenset(gone)
