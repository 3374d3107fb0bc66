"""The state of a meeting, folded from its events: pure, quick, the same for the same events."""

from __future__ import annotations

from statistics import median
from typing import Any, Final

from kesos_sim.forum.draft import Draft, drafted
from kesos_sim.forum.events import ROOM_KINDS, Event
from kesos_sim.forum.folding import FOR_EVER, Memory
from kesos_sim.forum.mufakat import PointState, point_state
from kesos_sim.forum.proposals import agreed_sources
from kesos_sim.forum.records import Member, Request, Stance
from kesos_sim.forum.session import Session
from kesos_sim.forum.signing import fits
from kesos_sim.scenario.levers import POINTS

__all__ = ["Room"]

_WAITING: Final = ("queued", "running")


class Room(Memory):
    """The state of a meeting.

    Parameters
    ----------
    session : Session
        Settings of the meeting.

    Attributes
    ----------
    session
        As given.
    version : int
        Number of the last event that was taken.
    at : int
        When it was stored, milliseconds since 1970.
    written : int
        Number of the last event that may have changed the draft.
    phase : str
        One of `PHASES`; the first one of the session until the facilitator goes on.
    phase_at : int
        When it began, milliseconds since 1970; 0 before the first.
    open, frozen, show_table : bool
        Whether input is taken, the draft is frozen, tables are shown.
    present, counted : tuple of str
        Tables at which somebody sits, and those of them that the draft counts: who comes after
        the freeze is present, but changes nothing of what is being signed.
    shock, highlight, lang, projector
        What the facilitator chose.
    reveal : tuple of str
        What is open to the room, in the order in which it was opened.
    hidden : frozenset of str
        Numbers of entries that the facilitator took off the wall.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._drafts: dict[tuple[int, str], Draft] = {}

    # What others ask.

    def member(self, who: str) -> Member | None:
        """Return where somebody sits; None before joining.

        Parameters
        ----------
        who : str
            Pseudonym of a participant.

        Returns
        -------
        Member or None
            Table, role and language.
        """
        return self.members.get(who)

    def has_guessed(self, who: str, question: str) -> bool:
        """Return whether somebody has predicted the answer of a question."""
        return who in self.guesses.get(question, {})

    def is_waiting(self, who: str) -> bool:
        """Return whether a request of somebody for the full model is not done yet."""
        return any(one.who == who and one.state in _WAITING for one in self.requests.values())

    def opens(self, table: str, code: str) -> bool:
        """Return whether a code is the one that a table signs with."""
        return fits(self._seals.get(table, ""), code)

    def can_undo(self, identity: str) -> bool:
        """Return whether an event is a step of the facilitator that counts."""
        return identity not in self._undone and any(
            event.id == identity and event.kind in ROOM_KINDS and event.kind not in FOR_EVER
            for event in self._log
        )

    @property
    def steps(self) -> tuple[Event, ...]:
        """Steps of the facilitator that count and can be undone, the oldest first."""
        return tuple(
            event
            for event in self._log
            if event.kind in ROOM_KINDS
            and event.kind not in FOR_EVER
            and event.id not in self._undone
        )

    @property
    def digest(self) -> str | None:
        """SHA-256 of the frozen draft; None while it is not frozen."""
        return self.draft(self.session.lang).digest if self.frozen else None

    @property
    def signed(self) -> tuple[str, ...]:
        """Tables that have signed the draft as it stands, in the order of the session."""
        digest = self.digest
        return tuple(
            one.code
            for one in self.session.tables
            if digest is not None and self.signs.get(one.code) == digest
        )

    def draft(self, lang: str) -> Draft:
        """Return the draft of the agreement as the state has it.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        Draft
            Clauses in the order of 2008.
        """
        key = (self.written, lang)
        if key not in self._drafts:
            self._drafts = {at: one for at, one in self._drafts.items() if at[0] == self.written}
            self._drafts[key] = drafted(self, lang)
        return self._drafts[key]

    def point(self, point: str) -> PointState:
        """Return how far a point is.

        Parameters
        ----------
        point : str
            ``1`` to ``9``.

        Returns
        -------
        PointState
            Status, answers by table, objections, silent tables, tables that have to confirm.
        """
        answers: dict[str, list[int]] = {}
        outdated: dict[str, list[int]] = {}
        for one in self.stances.get(point, {}).values():
            found = outdated if self.is_outdated(point, one) else answers
            found.setdefault(one.table, []).append(one.answer)
        return point_state(
            answers,
            self.counted,
            self.session.thresholds,
            voted=point in self.votes,
            outdated=outdated,
        )

    def is_outdated(self, point: str, stance: Stance) -> bool:
        """Return whether an answer was given to another setting than the room proposes now.

        Parameters
        ----------
        point : str
            ``1`` to ``9``.
        stance : Stance
            An answer to it.

        Returns
        -------
        bool
            An entry that does not name its setting counts for the one at its time until that
            changes; one that names a setting that the room never had counts for none.
        """
        had = self.settings[point]
        if stance.told:
            return stance.turn == 0 or stance.setting != had[-1]
        return stance.turn != len(had)

    def carried(self, point: str) -> bool:
        """Return whether a point is part of the agreement: by mufakat, or by a vote for it."""
        vote = self.votes.get(point)
        return vote.carried if vote is not None else self.point(point).carried

    def proposal(self, point: str) -> dict[str, float]:
        """Return the settings that the tables propose for a point.

        Parameters
        ----------
        point : str
            ``1`` to ``9``.

        Returns
        -------
        dict of str to float
            Levers that are to be moved; the middle of what tables propose, or what the
            facilitator wrote down for the point.
        """
        return dict(self.settings[point][-1])

    def agreed(self) -> dict[str, Any]:
        """Return the agreed package.

        Returns
        -------
        dict
            ``levers`` and ``sources`` of the points that are carried.
        """
        levers = {
            name: value
            for point in map(str, POINTS)
            if self.carried(point)
            for name, value in self.proposal(point).items()
        }
        return {"levers": levers, "sources": agreed_sources(self)}

    def queue(self) -> tuple[Request, ...]:
        """Return requests for the full model that are not done, the oldest first."""
        waiting = (one for one in self.requests.values() if one.state in _WAITING)
        return tuple(sorted(waiting, key=lambda one: one.seq))

    def own(self, who: str) -> list[dict[str, Any]]:
        """Return what somebody entered, as the browser gets it back after a reload.

        Parameters
        ----------
        who : str
            Pseudonym of a participant.

        Returns
        -------
        list of dict
            ``id``, ``kind`` and ``body``, the oldest first; only the last twenty tries.
        """
        found = [event for event in self._log if event.participant == who and who]
        tries = [event.seq for event in found if event.kind == "try"][:-20]
        return [
            {"id": event.id, "kind": event.kind, "body": dict(event.body)}
            for event in found
            if event.seq not in tries
        ]

    def public(self, participant: str, lang: str) -> dict[str, Any]:
        """Return what an attendee may see; see `kesos_sim.forum.views`."""
        from kesos_sim.forum.views import public

        return public(self, participant, lang)

    def full(self, lang: str) -> dict[str, Any]:
        """Return what the facilitator may see; see `kesos_sim.forum.views`."""
        from kesos_sim.forum.views import full

        return full(self, lang)

    def guessed(self, question: str) -> list[float]:
        """Return the predictions that came before the answer, in percent, rising.

        Parameters
        ----------
        question : str
            Name of a question.

        Returns
        -------
        list of float
            Percent.
        """
        found = self.guesses.get(question, {}).values()
        return sorted(one.value for one in found if not one.late)

    def median(self, question: str) -> float | None:
        """Return the median of the predictions, percent; None where there is none."""
        values = self.guessed(question)
        return median(values) if values else None
