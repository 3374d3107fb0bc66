"""What the tables propose for a point: the middle of their settings, whatever came first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kesos_sim.forum.mufakat import middle
from kesos_sim.forum.session import levers_of_point
from kesos_sim.scenario.levers import LEVERS

if TYPE_CHECKING:
    from kesos_sim.forum.folding import Memory

__all__ = ["agreed_levers", "agreed_sources", "amended", "heard", "kept", "table_setting", "today"]

_TODAY = -math.inf
"""A share that stays as each government has it today stands below every other."""


def today(lever: str) -> float:
    """Return what stands for a lever that stays as it is.

    Parameters
    ----------
    lever : str
        One of the levers of the nine points.

    Returns
    -------
    float
        Today's setting; minus infinity where each government has its own.

    Examples
    --------
    >>> today("bkkks_standing"), today("apbd_poverty_share")
    (1.0, -inf)
    """
    default = LEVERS[lever].default
    return _TODAY if default is None else float(default)


def table_setting(room: Memory, table: str, lever: str) -> float | None:
    """Return what a table proposes for a lever.

    Parameters
    ----------
    room : Memory
        State of the meeting.
    table : str
        Code of a table.
    lever : str
        One of the levers of the nine points.

    Returns
    -------
    float or None
        Its amendment (the middle of those of the people at it), else the setting of its package,
        where a lever that is not named stays as it is (minus infinity: as today); None where the
        table has said nothing: without a package, or with one that has no opinion on the lever, on
        a phone as on a card of paper.
    """
    written = room.amendments.get((table, lever))
    if written:
        return middle(written.values())
    package = room.packages.get(table)
    if package is None or lever in package.silent:
        return None
    return float(package.levers.get(lever, today(lever)))


def amended(room: Memory, point: int) -> dict[str, float]:
    """Return the settings of a point for which at least one table asks a change.

    Parameters
    ----------
    room : Memory
        State of the meeting.
    point : int
        1 to 9.

    Returns
    -------
    dict of str to float
        The middle over all tables.
    """
    asked = {lever for _, lever in room.amendments}
    chosen = {lever: _middle(room, lever) for lever in levers_of_point(point) if lever in asked}
    return {lever: value for lever, value in chosen.items() if value is not None}


def heard(room: Memory, point: int) -> dict[str, int]:
    """Return how many tables have said something about each lever of a point.

    Parameters
    ----------
    room : Memory
        State of the meeting.
    point : int
        1 to 9.

    Returns
    -------
    dict of str to int
        Tables whose settings the middle is taken of, "as today" among them.
    """
    codes = [one.code for one in room.session.tables]
    return {
        lever: sum(table_setting(room, code, lever) is not None for code in codes)
        for lever in levers_of_point(point)
    }


def kept(room: Memory, point: int) -> tuple[str, ...]:
    """Return the levers of a point of which the meeting says that they stay as they are today.

    Parameters
    ----------
    room : Memory
        State of the meeting.
    point : int
        1 to 9.

    Returns
    -------
    tuple of str
        Those that are not moved though a table, or the facilitator, said something about them. On
        the others that are not moved nobody has an opinion.
    """
    said = {lever for lever, tables in heard(room, point).items() if tables}
    said |= set(room.fixed.get(str(point), {}))
    moved = agreed_levers(room, point)
    return tuple(one for one in levers_of_point(point) if one in said and one not in moved)


def agreed_levers(room: Memory, point: int) -> dict[str, float]:
    """Return the settings that the meeting proposes for a point.

    Parameters
    ----------
    room : Memory
        State of the meeting.
    point : int
        1 to 9.

    Returns
    -------
    dict of str to float
        Only levers that are moved: what the facilitator wrote down, else the middle of the tables.
    """
    fixed = room.fixed.get(str(point), {})
    found: dict[str, float] = {}
    for lever in levers_of_point(point):
        value = fixed[lever] if lever in fixed else _middle(room, lever)
        if value is not None and value != LEVERS[lever].default:
            found[lever] = value
    return found


def agreed_sources(room: Memory) -> dict[str, float]:
    """Return which lines pay: the mean of what tables with a balanced package chose.

    Parameters
    ----------
    room : Memory
        State of the meeting.

    Returns
    -------
    dict of str to float
        Shares that add up to one; empty where no table chose any.
    """
    chosen = [
        one.sources
        for _, one in sorted(room.packages.items())
        if one.balanced and math.fsum(one.sources.values()) > 0.0
    ]
    names = sorted({name for one in chosen for name in one})
    mean = {
        name: round(math.fsum(one.get(name, 0.0) for one in chosen) / len(chosen), 4)
        for name in names
    }
    kept = {name: share for name, share in mean.items() if share > 0.0}
    if kept:  # four decimals are what a file shows; the largest takes the rest
        largest = max(kept, key=lambda name: (kept[name], name))
        kept[largest] = round(kept[largest] + 1.0 - math.fsum(kept.values()), 4)
    return kept


def _middle(room: Memory, lever: str) -> float | None:
    """Return the middle of the settings that tables propose; None for none, or as today."""
    values = [table_setting(room, one.code, lever) for one in room.session.tables]
    said = [value for value in values if value is not None]
    value = middle(said) if said else None
    return None if value is None or value == _TODAY else value
