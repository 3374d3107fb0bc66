"""What the bodies of entries may hold; everything else is refused."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from kesos_sim.errors import KesosError
from kesos_sim.forum.records import BESIDE
from kesos_sim.forum.session import FORUM_LEVERS, ROLES, SHOCKS, Session, lever_fits
from kesos_sim.forum.text import clean_text
from kesos_sim.i18n import LANGUAGES
from kesos_sim.scenario.format import FUNDING_SOURCES
from kesos_sim.scenario.levers import LEVERS, POINTS

__all__ = ["MARK", "Refused", "Shape", "choice", "levers", "number", "refused", "sources", "text"]

Shape = Mapping[str, tuple[Callable[[Any], Any], bool]]
"""Checks of the fields of a body, and whether a field must be there."""

MARK: Final = 64
"""Most characters of a name, a code or a number of an entry."""

_TOLERANCE: Final = 1e-6
_ADDRESS: Final = 240
"""Most characters of the address of a meeting."""


class Refused(KesosError):  # noqa: N818 - it is what happens to an entry, not a fault
    """An entry that is not accepted; its words tell the visitor what to do."""

    exit_code = 2


def refused(code: str, key: str, **fields: object) -> Refused:
    """Build a refusal.

    Parameters
    ----------
    code, key : str
        Code and catalogue key.
    **fields : object
        What the message needs.

    Returns
    -------
    Refused
        To be raised by the caller.
    """
    return Refused(code, key, **fields)


def form() -> Refused:
    """Return the refusal of something that no page of ours sends."""
    return refused("KS9320", "forum.refused_form")


def fields(body: object, shape: Shape) -> dict[str, Any]:
    """Check a body field by field.

    Parameters
    ----------
    body : object
        What came in.
    shape : mapping
        What it may hold.

    Returns
    -------
    dict
        The checked fields that were there.

    Raises
    ------
    Refused
        At the first field that is unknown, missing or wrong.
    """
    if not isinstance(body, Mapping) or not set(body) <= set(shape):
        raise form()
    if any(must and name not in body for name, (_, must) in shape.items()):
        raise form()
    return {name: check(body[name]) for name, (check, _) in shape.items() if name in body}


def text(most: int, *, empty: bool = False) -> Callable[[Any], str]:
    """Return a check for typed text of at most so many characters."""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise form()
        # Cleaning is not for free: what is far too long is refused unread.
        found = clean_text(value) if len(value) <= 4 * most else value
        if len(found) > most or not (found or empty):
            raise refused("KS9322", "forum.refused_text", most=most)
        return found

    return check


def choice(*names: object) -> Callable[[Any], Any]:
    """Return a check for one of some values; true is not 1."""

    def check(value: Any) -> Any:
        for name in names:
            if type(value) is type(name) and value == name:
                return name
        raise refused("KS9324", "forum.refused_choice")

    return check


def number(low: float, high: float, *, whole: bool = False) -> Callable[[Any], float]:
    """Return a check for a finite number in a range."""

    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise form()
        if not low <= value <= high or (whole and value != int(value)):
            raise refused("KS9325", "forum.refused_number")
        return int(value) if whole else float(value) + 0.0

    return check


def _setting(value: Any) -> float | None:
    """Check the setting of a lever, or nothing: that it stays as it is today."""
    return None if value is None else number(-1e6, 1e6)(value)


def flag(value: Any) -> bool:
    """Check for true or false."""
    if not isinstance(value, bool):
        raise form()
    return value


def levers(value: Any) -> dict[str, float]:
    """Check the settings of levers by name."""
    if not isinstance(value, Mapping) or len(value) > len(LEVERS):
        raise form()
    for name, setting in value.items():
        bad = isinstance(setting, bool) or not isinstance(setting, int | float)
        # NaN and values without bound fail the range of the lever.
        if bad or not isinstance(name, str) or not lever_fits(name, _bounded(setting)):
            raise refused("KS9326", "forum.refused_lever")
    return {name: float(value[name]) + 0.0 for name in sorted(value)}


def lever_names(value: Any) -> list[str]:
    """Check a list of levers, each once."""
    if not isinstance(value, list) or len(value) > len(FORUM_LEVERS):
        raise form()
    if not all(isinstance(name, str) and name in FORUM_LEVERS for name in value):
        raise refused("KS9326", "forum.refused_lever")
    return sorted(set(value))


def sources(value: Any) -> dict[str, float]:
    """Check shares of the lines that pay; none, or together the whole."""
    if not isinstance(value, Mapping) or not set(value) <= set(FUNDING_SOURCES):
        raise form()
    checked = {name: number(0.0, 1.0)(value[name]) for name in sorted(value)}
    kept = {name: share for name, share in checked.items() if share > 0.0}
    if kept and abs(sum(kept.values()) - 1.0) > _TOLERANCE:
        raise refused("KS9327", "forum.refused_sources")
    return kept


def _bounded(value: float) -> float:
    """Return a number as a float; one that is too large for it is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _figures(value: Any) -> Any:
    """Check figures that the facilitator's kernel computed: numbers in mappings and lists."""
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) and len(name) <= MARK for name in value):
            raise form()
        return {name: _figures(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_figures(one) for one in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text(MARK, empty=True)(value)
    return number(-1e18, 1e18, whole=isinstance(value, int))(value)


def _body(value: Any) -> dict[str, Any]:
    """Check that there is a mapping; what is in it is checked by its kind."""
    if not isinstance(value, Mapping):
        raise form()
    return dict(value)


def _seals(value: Any) -> dict[str, str]:
    """Check seals of signing codes by table."""
    if not isinstance(value, Mapping):
        raise form()
    return {text(MARK)(name): text(MARK)(seal) for name, seal in value.items()}


def _join(value: Any) -> str:
    """Check the address of the attendee page."""
    found = text(_ADDRESS)(value)
    if not found.startswith(("http://", "https://")):
        raise form()
    return found


def attendee_shapes(session: Session) -> dict[str, Shape]:
    """Return the shapes of what attendees send.

    Parameters
    ----------
    session : Session
        Settings of the meeting.

    Returns
    -------
    dict of str to mapping
        By kind.
    """
    point = choice(*map(str, POINTS))
    return {
        "join": {
            "province": (choice(*session.provinces), True),
            "role": (choice(*ROLES), True),
            "lang": (choice(*LANGUAGES), False),
        },
        "guess": {
            "question": (choice(*(one.name for one in session.questions)), True),
            "value": (number(0.0, 100.0), True),
        },
        "try": {"levers": (levers, True)},
        "package": {
            "name": (text(40), True),
            "levers": (levers, True),
            "silent": (lever_names, False),
            "sources": (sources, False),
            "table": (flag, True),
            "balanced": (flag, True),
        },
        "stance": {
            "point": (point, True),
            "answer": (number(0, 3, whole=True), True),
            "phrase": (text(MARK), False),
            "note": (text(140, empty=True), False),
            "round": (number(1, 2, whole=True), True),
            "setting": (levers, False),
        },
        "amend": {
            "point": (point, True),
            "lever": (text(MARK), True),
            "value": (_setting, True),
        },
        "sign": {"digest": (text(MARK), True), "code": (text(MARK), True)},
        "reflect": {"text": (text(280), True)},
        "full": {
            "levers": (levers, True),
            "sources": (sources, False),
            "shock": (choice("none", *session.shocks), False),
            "effect": (flag, False),
        },
    }


def room_shapes(session: Session) -> dict[str, Shape]:
    """Return the shapes of what the facilitator and the worker write.

    Parameters
    ----------
    session : Session
        Settings of the meeting.

    Returns
    -------
    dict of str to mapping
        By kind.
    """
    point = (choice(*map(str, POINTS)), True)
    table = choice(*(one.code for one in session.tables))
    line = (text(240, empty=True), False)
    what = (text(2 * MARK), True)
    count = (number(0, 1000, whole=True), True)
    return {
        "keys": {"seals": (_seals, True)},
        "address": {"join": (_join, True)},
        "phase": {"name": (choice(*(one.name for one in session.phases)), True)},
        "input": {"open": (flag, True)},
        "reveal": {"what": what},
        "hide": {"what": what},
        "highlight": {"table": (choice("", *(one.code for one in session.tables)), True)},
        "freeze": {"on": (flag, True), "figures": (_figures, False)},
        "shock": {"name": (choice("none", *SHOCKS), True)},
        "show_table": {"on": (flag, True)},
        "vote": {"point": point, "for": count, "against": count, "dissent": (text(280, empty=True),
                 False)},
        "clause": {"point": point, "text": (text(1000, empty=True), False),
                   "levers": (levers, False)},
        "renaksi": {"row": (text(MARK), True), "delete": (flag, False),
                    "point": (choice("", *map(str, POINTS)), False), "activity": line,
                    "responsible": line, "years": line, "fund": line, "indicator": line,
                    "target": line, "range": line},
        "paper": {"table": (table, True), "role": (choice(*ROLES), False),
                  "card": (text(MARK), False), "kind": (choice(*_ON_PAPER), True),
                  "body": (_body, True)},
        "undo": {"id": (text(MARK), True)},
        "projector": {"size": (number(0.5, 4.0), True)},
        "result": {"request": (text(MARK), True), "outcomes": (_figures, False),
                   **dict.fromkeys(BESIDE, (_figures, False)),
                   "state": (choice("running", "done", "refused"), False)},
        "lang": {"lang": (choice(*LANGUAGES), True)},
        "exclude": {"device": (number(1, 100_000, whole=True), True), "on": (flag, True)},
    }  # fmt: skip


_ON_PAPER: Final = ("guess", "package", "stance", "amend", "sign", "reflect")
