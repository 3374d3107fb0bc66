"""The plan of action of the draft: a row for every moved lever, and what the facilitator wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.forum.figures import PACKAGE, span, written
from kesos_sim.forum.lever_words import setting_words
from kesos_sim.forum.records import Row
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.scenario.levers import LEVERS, POINTS, SHARE_LEVERS

if TYPE_CHECKING:
    from kesos_sim.forum.room import Room

__all__ = ["FIRST_YEAR", "plan_rows", "responsible", "source_words"]

FIRST_YEAR: Final = 2027
"""First fiscal year that a meeting of 2026 can decide on."""

_WORSE: Final = {"lower": 1.0, "higher": -1.0, "neutral": 0.0}
"""Sign of a change for the worse, by the direction in which an indicator is better."""


def responsible(point: str, lang: str) -> str:
    """Return who customarily does what a point asks for.

    Parameters
    ----------
    point : str
        ``1`` to ``9``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        A proposal that the meeting may change.
    """
    return i18n.text(f"forum_page.responsible_{point}", lang)


def plan_rows(room: Room, lang: str) -> tuple[Row, ...]:
    """Return the plan of action.

    Parameters
    ----------
    room : Room
        State of the meeting.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Row
        In the order of the points: one for every lever of the points that are carried, as far as
        it is known, with the fields that the facilitator rewrote, unless it was deleted; and what
        the facilitator added.
    """
    known = [
        _row(room, point, lever, value, lang)
        for point in map(str, POINTS)
        if room.carried(point)
        for lever, value in room.proposal(point).items()
    ]
    rows = {one.row: one for one in known if one.row not in room.dropped}
    for name, typed in room.rows.items():
        # What nobody rewrote is written anew in every language, with the figures of the moment.
        found = replace(rows[name], **typed) if name in rows else Row(**typed)
        if found.activity:
            rows[name] = found
    return tuple(sorted(rows.values(), key=lambda one: (one.point or "~", one.row)))


def _row(room: Room, point: str, lever: str, value: float, lang: str) -> Row:
    name, aim, reach = _aim(room, point, lang)
    last = str(room.figures.get("year", ""))
    since = i18n.text("agreement.since_year", lang, year=str(FIRST_YEAR))
    years = f"{FIRST_YEAR}{numbers.EN_DASH}{last}" if last else since
    return Row(
        row=f"{point}-{lever}",
        point=point,
        activity=f"{LEVERS[lever].label(lang)}: {setting_words(lever, value, lang)}",
        responsible=responsible(point, lang),
        years=years,
        fund=_fund(room, lever, lang),
        indicator=name,
        target=aim,
        range=reach,
    )


def _fund(room: Room, lever: str, lang: str) -> str:
    """Return the lines that pay for a share of the budget; others are for the meeting to say."""
    if lever not in SHARE_LEVERS:
        return ""
    shares = room.agreed()["sources"]
    return ", ".join(
        " ".join((source_words(name, lang), numbers.percent(100.0 * share, lang, 0)))
        for name, share in shares.items()
    )


def source_words(name: str, lang: str) -> str:
    """Return a line of the budget that may pay, in words."""
    return i18n.text(f"scenario.field_source_{name}", lang)


def _aim(room: Room, point: str, lang: str) -> tuple[str, str, str]:
    """Return indicator, target and range: the point's own outcome with the whole package."""
    own, whole = _bands(room, point), _bands(room, PACKAGE)
    names = sorted(own, key=lambda name: name == "poverty_rate")  # the point's own first
    if not names:
        return "", "", ""
    definition = indicator(names[0])
    bands = whole.get(names[0], own[names[0]])
    low, middle, high = bands["now"]
    worse = (middle - bands["base"][1]) * _WORSE[definition.direction] > 0.0
    return (
        definition.label(lang),
        "" if worse else written(middle, definition.unit, lang),
        span(low, high, definition.unit, lang),
    )


def _bands(room: Room, what: str) -> dict[str, Any]:
    """Return figures by outcome; none where there are none, or the surface refused."""
    found = room.figures.get(what, [])
    return {one["outcome"]: one for one in found} if isinstance(found, list) else {}
