"""The draft of the agreement as text: what tables read, sign, and what the digest is made of.

Light enough for the kernel of an attendee; the documents are made from it elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.forum.actions import plan_rows, responsible
from kesos_sim.forum.current_names import replaced_names
from kesos_sim.forum.figures import figure_sentences
from kesos_sim.forum.gains import gain_sentences
from kesos_sim.forum.lever_words import setting_words
from kesos_sim.forum.mufakat import AGREED, OBJECTS, UNCLEAR
from kesos_sim.forum.proposals import kept
from kesos_sim.forum.records import Row, Stance
from kesos_sim.i18n import numbers
from kesos_sim.i18n.dates import date
from kesos_sim.scenario.levers import LEVERS, POINTS

if TYPE_CHECKING:
    from kesos_sim.forum.room import Room

__all__ = ["Clause", "Draft", "drafted", "voice"]

STARTS: Final = "2027-01"
"""Month from which the levers of an agreed package act."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One point of the agreement.

    Attributes
    ----------
    point : str
        ``1`` to ``9``.
    name : str
        Its name.
    text : str
        What is agreed, or that nothing is.
    figures : tuple of str
        The model's figures, each with its range and the case without effect of coordination.
    status : str
        As in `kesos_sim.forum.mufakat.PointState`.
    responsible : str
        Who is to do it, as the rows of the plan of action say; empty for what is not agreed.
    outcome : str
        How it was decided, in words.
    carried : bool
        Whether it is part of the agreed package.
    levers : mapping of str to float
        What it moves.
    notes : tuple of str
        Notes of those who agree.
    names : tuple of str
        Today's names of what is called by an old one.
    questions : tuple of str
        Notes of those to whom the point is not clear.
    dissent : tuple of str
        Objections that are left.
    """

    point: str
    name: str
    text: str
    figures: tuple[str, ...]
    status: str
    responsible: str
    outcome: str
    carried: bool
    levers: Mapping[str, float]
    notes: tuple[str, ...]
    names: tuple[str, ...]
    questions: tuple[str, ...]
    dissent: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """The draft in one language.

    Attributes
    ----------
    lang : str
        ``id`` or ``en``.
    title : str
        Title of the meeting.
    day, place : str
        When and where, in words.
    parties : tuple of str
        Tables at which somebody sat when it was written, or frozen.
    absent : tuple of str
        The other tables of the session.
    clauses : tuple of Clause
        In the order of 2008.
    rows : tuple of Row
        The plan of action.
    totals : tuple of str
        The figures of the whole package.
    """

    lang: str
    title: str
    day: str
    place: str
    parties: tuple[str, ...]
    absent: tuple[str, ...]
    clauses: tuple[Clause, ...]
    rows: tuple[Row, ...]
    totals: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """The whole draft as plain text, one thought a line."""
        return "\n".join(self._lines()) + "\n"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `text`, hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def public(self) -> dict[str, Any]:
        """Return what pages show of it.

        Returns
        -------
        dict
            ``digest``, ``clauses``, ``totals``, ``rows`` and the heading, ready for JSON.
        """
        return {
            "digest": self.digest,
            "title": self.title,
            "day": self.day,
            "place": self.place,
            "totals": list(self.totals),
            "clauses": [
                {
                    "point": one.point,
                    "name": one.name,
                    "text": one.text,
                    "number": " ".join(one.figures),
                    "status": one.status,
                    "responsible": one.responsible,
                    "outcome": " ".join((one.outcome, *one.names)),
                    "carried": one.carried,
                    "notes": list(one.notes),
                    "questions": [say("question", self.lang, words=text) for text in one.questions],
                    "dissent": list(one.dissent),
                }
                for one in self.clauses
            ],
            "rows": [{name: getattr(row, name) for name in Row.__slots__} for row in self.rows],
        }

    def _lines(self) -> Iterator[str]:
        yield say("draft_statement", self.lang)
        yield self.title
        yield f"{self.day}, {self.place}"
        yield say("present", self.lang, tables=", ".join(self.parties) or numbers.EN_DASH)
        if self.absent:
            yield say("absent", self.lang, tables=", ".join(self.absent))
        for one in self.clauses:
            yield f"{one.point}. {one.name}"
            yield one.text
            if one.carried:
                yield say("responsible", self.lang, who=one.responsible)
                yield from one.figures
            yield one.outcome
            yield from one.names
            yield from one.notes
            yield from (say("question", self.lang, words=text) for text in one.questions)
            yield from one.dissent
        yield from self.totals
        for row in self.rows:
            yield " · ".join(getattr(row, name) for name in Row.__slots__)


def say(key: str, lang: str, /, **fields: object) -> str:
    """Return a text of the catalogue ``agreement``."""
    return i18n.text(f"agreement.{key}", lang, **fields)


def drafted(room: Room, lang: str) -> Draft:
    """Write the draft of the agreement as the meeting stands.

    Parameters
    ----------
    room : Room
        State of the meeting.
    lang : str
        ``id`` or ``en``; what people typed stays in their language.

    Returns
    -------
    Draft
        The same for the same state.
    """
    session, rows = room.session, plan_rows(room, lang)
    there = set(room.counted)
    return Draft(
        lang=lang,
        title=session.title[lang],
        day=date(session.date, lang, weekday=True),
        place=session.place[lang],
        parties=tuple(one.name[lang] for one in session.tables if one.code in there),
        absent=tuple(one.name[lang] for one in session.tables if one.code not in there),
        clauses=tuple(_clause(room, str(point), rows, lang) for point in POINTS),
        rows=rows,
        totals=(
            *_told(room, "package", lang),
            *gain_sentences(room.figures.get("gains", {}), lang),
        ),
    )


def voice(room: Room, stance: Stance, lang: str) -> str:
    """Write what somebody noted, with table and role and without a name.

    Parameters
    ----------
    room : Room
        State of the meeting.
    stance : Stance
        An answer.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance ``Bali (Orsos): perlu anggaran``.
    """
    return f"{_speaker(room, stance, lang)}: {_words(stance, lang)}"


def _voices(room: Room, stances: Iterable[Stance], lang: str) -> tuple[str, ...]:
    """Write what people noted: the same words once, with how many said them, before others."""
    alike: dict[str, list[Stance]] = {}
    for one in stances:
        alike.setdefault(" ".join(_words(one, lang).split()).casefold(), []).append(one)
    most_first = sorted(alike.values(), key=len, reverse=True)
    return tuple(
        voice(room, one, lang) if not others else _together(room, (one, *others), lang)
        for one, *others in most_first
    )


def _together(room: Room, stances: Sequence[Stance], lang: str) -> str:
    """Write words that several people noted, and who they are."""
    who = ", ".join(dict.fromkeys(_speaker(room, one, lang) for one in stances))
    count = numbers.number(len(stances), lang)
    return say("voices", lang, words=_words(stances[0], lang), count=count, who=who)


def _words(stance: Stance, lang: str) -> str:
    """Return what somebody chose from the list and typed."""
    parts = (_phrase(stance.phrase, lang), stance.note)
    return "; ".join(part for part in parts if part) or say("no_words", lang)


def _speaker(room: Room, stance: Stance, lang: str) -> str:
    """Write where an answer came from: table and role."""
    table = room.session.table(stance.table)
    place = stance.table if table is None else table.name[lang]
    if stance.role:
        return f"{place} ({i18n.text(f'forum.role_{stance.role}', lang)})"
    return place


def _phrase(phrase: str, lang: str) -> str:
    """Return the words of a phrase of the list; a page of another version may have others."""
    try:
        return i18n.text(f"forum_page.phrase_{phrase}", lang) if phrase else ""
    except KeyError:
        return ""


def _responsible(rows: tuple[Row, ...], point: str, lang: str) -> str:
    """Name every body that the plan of action names for a point; who is usual where it is silent.

    Clause and plan are signed together and must not contradict each other.
    """
    named = dict.fromkeys(one.responsible for one in rows if one.point == point)
    return "; ".join(name for name in named if name) or responsible(point, lang)


def _clause(room: Room, point: str, rows: tuple[Row, ...], lang: str) -> Clause:
    state, carried = room.point(point), room.carried(point)
    levers = room.proposal(point)
    stances = sorted(
        room.stances.get(point, {}).values(), key=lambda one: (one.table, one.role, one.id)
    )
    stances = [one for one in stances if f"entry:{one.id}" not in room.hidden]
    dissent = [*_voices(room, (one for one in stances if one.answer == OBJECTS), lang)]
    vote = room.votes.get(point)
    if vote is not None and vote.dissent:
        dissent.append(vote.dissent)
    stay = kept(room, int(point)) if carried else ()
    text = room.clauses.get(point) or _wording(levers, stay, lang, carried=carried)
    notes = _noted(room, stances, AGREED, lang)
    questions = _noted(room, stances, (UNCLEAR,), lang)
    names = replaced_names(text, *notes, *questions, *dissent).items()
    return Clause(
        point=point,
        name=i18n.text(f"forum_page.point_{point}", lang),
        text=text,
        figures=_figures(room, point, lang) if carried else (),
        status=state.status,
        responsible=_responsible(rows, point, lang) if carried else "",
        outcome=_outcome(room, point, lang),
        carried=carried,
        levers=levers,
        notes=notes,
        names=tuple(say("name_now", lang, old=old, now=now) for old, now in names),
        questions=questions,
        dissent=tuple(dissent),
    )


def _noted(
    room: Room, stances: Iterable[Stance], answers: Collection[int], lang: str
) -> tuple[str, ...]:
    """Write the notes that came with some answers."""
    said = [one for one in stances if one.answer in answers and (one.note or one.phrase)]
    return _voices(room, said, lang)


def _figures(room: Room, point: str, lang: str) -> tuple[str, ...]:
    """Write the figures of a point that is carried."""
    if not room.proposal(point) and (room.figures or not room.frozen):
        return (say("nothing_moved", lang),)
    return _told(room, point, lang)


def _told(room: Room, what: str, lang: str) -> tuple[str, ...]:
    """Write the model's figures, or that they come with freezing."""
    if not room.figures and not room.frozen:
        return (say("figure_to_come", lang),)
    return figure_sentences(room.figures, what, lang)


def _wording(
    levers: Mapping[str, float], stay: Collection[str], lang: str, *, carried: bool
) -> str:
    """Write what changes and what is to stay as it is, in the words of the levers."""
    if not carried:
        return say("not_agreed", lang)
    stays = [say("lever_stays", lang, label=LEVERS[name].label(lang)) for name in stay]
    if not levers:
        return say("agreed_as_now" if stay else "agreed_in_principle", lang, what="; ".join(stays))
    parts = [_change(name, value, lang) for name, value in levers.items()]
    return say("agreed", lang, what="; ".join([*parts, *stays]), since=_since(lang))


def _change(name: str, value: float, lang: str) -> str:
    """Write a lever's new setting and today's."""
    label, old = LEVERS[name].label(lang), LEVERS[name].default
    new = setting_words(name, value, lang)
    if old is None:
        return say("lever_changes_shares", lang, label=label, new=new)
    return say("lever_changes", lang, label=label, new=new, old=setting_words(name, old, lang))


def _since(lang: str) -> str:
    from kesos_sim.units import Month

    return numbers.month_name(Month.parse(STARTS), lang)


def _outcome(room: Room, point: str, lang: str) -> str:
    """Write how a point was decided."""
    state, vote = room.point(point), room.votes.get(point)
    if vote is not None:
        key = "outcome_vote_for" if vote.carried else "outcome_vote_against"
        return say(key, lang, yes=vote.yes, no=vote.no)
    agreeing = round(state.share * len({*room.counted, *state.tables}))
    fields = {"agreeing": agreeing, "tables": len({*room.counted, *state.tables})}
    words = say(f"outcome_{state.status}", lang, **fields)
    if state.objections:
        words += " " + say("outcome_objections", lang, tables=_names(room, state.objections, lang))
    if state.silent:
        words += " " + say("outcome_silent", lang, tables=_names(room, state.silent, lang))
    if state.unconfirmed:
        tables = _names(room, state.unconfirmed, lang)
        words += " " + say("outcome_unconfirmed", lang, tables=tables)
    return words


def _names(room: Room, codes: tuple[str, ...], lang: str) -> str:
    tables = (room.session.table(code) for code in codes)
    return ", ".join(one.name[lang] for one in tables if one is not None)
