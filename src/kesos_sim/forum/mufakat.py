"""When a point is agreed: the table counts, and an objection is not outvoted.

Answers are 3 for agreed, 2 for agreed with a note, 1 for not understood and 0 for an objection.
Who agreed to another setting than the room proposes now has to confirm it and does not agree yet.
The thresholds come from the session settings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import median_low
from typing import Final, Literal

from kesos_sim.forum.session import Thresholds

__all__ = [
    "AGREED", "OBJECTS", "UNCLEAR", "PointState", "Status", "middle", "point_state", "table_answer",
]  # fmt: skip

OBJECTS: Final = 0
UNCLEAR: Final = 1
AGREED: Final = (2, 3)

Status = Literal["mufakat", "near", "open", "voted"]

_TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class PointState:
    """How far a point is.

    Attributes
    ----------
    status : str
        ``mufakat``, ``near`` (almost), ``open`` or ``voted`` (the facilitator called a vote).
    tables : mapping of str to int
        Answer of each table that gave one, 0 to 3.
    share : float
        Tables that agree, with or without a note, as a part of those that are present.
    objections : tuple of str
        Tables that hold an objection which is not resolved.
    silent : tuple of str
        Tables that are present and have not answered.
    unconfirmed : tuple of str
        Tables that agreed to a setting which has changed since, and have not said so again.
    """

    status: Status
    tables: Mapping[str, int]
    share: float
    objections: tuple[str, ...]
    silent: tuple[str, ...]
    unconfirmed: tuple[str, ...] = ()

    @property
    def carried(self) -> bool:
        """Whether the point is agreed without a vote."""
        return self.status == "mufakat"


def middle(values: Iterable[float]) -> float:
    """Return the lower median: one of the values, and the same in whatever order they come.

    Parameters
    ----------
    values : iterable of float
        At least one.

    Returns
    -------
    float
        The value in the middle; of two in the middle the smaller.

    Examples
    --------
    >>> middle([3.0, 1.0, 2.0, 10.0])
    2.0
    """
    return median_low(values)


def table_answer(answers: Collection[int], thresholds: Thresholds) -> int:
    """Return the answer of a table from those of the people at it.

    Parameters
    ----------
    answers : collection of int
        Latest answer of each, 0 to 3; at least one.
    thresholds : Thresholds
        Says whose objection counts.

    Returns
    -------
    int
        The lower median; an objection where a single one keeps the point open.
    """
    if thresholds.objection == "any" and OBJECTS in answers:
        return OBJECTS
    return int(middle(answers))


def point_state(
    answers: Mapping[str, Collection[int]],
    present: Collection[str],
    thresholds: Thresholds,
    *,
    voted: bool = False,
    outdated: Mapping[str, Collection[int]] | None = None,
) -> PointState:
    """Return how far a point is.

    A table that is present and silent does not agree; a table at which nobody sits is not
    counted. A point is not agreed while a table has to confirm. Nothing becomes a vote by itself.

    Parameters
    ----------
    answers : mapping of str to collection of int
        Latest answers of the people at each table to what the room proposes now.
    present : collection of str
        Tables at which somebody sits.
    thresholds : Thresholds
        Of the session.
    voted : bool
        Whether the facilitator called a vote on the point.
    outdated : mapping of str to collection of int, optional
        Latest answers of other people at each table, given to another setting. An objection stays
        one; an agreement is to be confirmed.

    Returns
    -------
    PointState
        The same for the same answers, in whatever order they came.
    """
    before = outdated or {}
    given = {
        code: (answers.get(code, ()), before.get(code, ())) for code in sorted({*answers, *before})
    }
    tables = {
        code: table_answer([*now, *old], thresholds)
        for code, (now, old) in given.items()
        if now or old
    }
    unconfirmed = tuple(
        code
        for code, answer in tables.items()
        if answer in AGREED and not _confirmed(*given[code], thresholds)
    )
    there = sorted({*present, *tables})
    objections = tuple(code for code in there if tables.get(code) == OBJECTS)
    silent = tuple(code for code in there if code not in tables)
    agreeing = sum(tables.get(code) in AGREED for code in there) - len(unconfirmed)
    share = agreeing / len(there) if there else 0.0
    status: Status = "open"
    if voted:
        status = "voted"
    elif there and share >= thresholds.mufakat - _TOLERANCE and not (objections or unconfirmed):
        status = "mufakat"
    elif there and share >= thresholds.near - _TOLERANCE:
        status = "near"
    return PointState(status, tables, share, objections, silent, unconfirmed)


def _confirmed(now: Collection[int], old: Collection[int], thresholds: Thresholds) -> bool:
    """Return whether a table agrees without the agreements that were given to another setting."""
    asked = (UNCLEAR if one in AGREED else one for one in old)
    return table_answer([*now, *asked], thresholds) in AGREED
