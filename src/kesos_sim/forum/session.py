"""What is agreed before a meeting: who sits where, what is asked, when a point is agreed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from kesos_sim.scenario.levers import LEVERS, POINTS

__all__ = [
    "FORMS",
    "FORUM_LEVERS",
    "OBJECTIONS",
    "PHASES",
    "QUESTIONS",
    "ROLES",
    "SHOCKS",
    "Phase",
    "Question",
    "Session",
    "Table",
    "Thresholds",
    "agenda",
    "lever_fits",
    "levers_of_point",
]

FORMS: Final = (150, 45)
"""Lengths of a meeting in minutes."""

PHASES: Final = (
    "opening",
    "family",
    "guess",
    "explore",
    "package",
    "shock",
    "deliberate",
    "agree",
    "reflect",
)
"""Phases of a meeting in their order."""

QUESTIONS: Final = ("apbd", "coordination", "both")
"""What attendees predict before they see the answer."""

ROLES: Final = ("dinsos", "bkkks", "orsos", "wksbm", "usaha", "bappeda")
"""Whom an attendee speaks for."""

SHOCKS: Final = ("flood", "price_rise", "donation_fall", "registry_delay")
"""Shocks that packages are tried under."""

OBJECTIONS: Final = ("any", "table")
"""Whose objection keeps a point open: that of any attendee, or only of a table as a whole."""

FORUM_LEVERS: Final = tuple(name for name, lever in LEVERS.items() if lever.point is not None)
"""Levers of the nine points, in the order of their declarations."""

_WHOLE: Final = frozenset({"step", "switch"})


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the meeting; it is what counts when a point is agreed.

    Attributes
    ----------
    code : str
        Its code in entries: the BPS code of its province.
    province : str
        BPS code of the province, two digits.
    name : mapping of str to str
        Its name in ``id`` and ``en``.
    """

    code: str
    province: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the meeting.

    Attributes
    ----------
    name : str
        One of `PHASES`.
    minutes : int
        How long it is meant to take.
    """

    name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Question:
    """Something that attendees predict before the answer is shown.

    Attributes
    ----------
    name : str
        One of `QUESTIONS`.
    levers : mapping of str to float
        The package whose outcome is asked for.
    """

    name: str
    levers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a point is agreed. Starting values; an organiser may choose others.

    Attributes
    ----------
    mufakat, near : float
        Shares of the tables that are present, 0 to 1.
    objection : str
        One of `OBJECTIONS`.
    """

    mufakat: float = 0.8
    near: float = 0.6
    objection: str = "any"


@dataclass(frozen=True, slots=True)
class Session:
    """The settings of one meeting.

    Attributes
    ----------
    code : str
        Short code of the meeting, for instance ``MPU26``.
    title, place : mapping of str to str
        In ``id`` and ``en``.
    date : datetime.date
        Day of the meeting.
    form : int
        One of `FORMS`, minutes.
    lang : str
        Language of the meeting and of the text that is signed, ``id`` or ``en``.
    region : str
        Region that the model answers for; ``mpu``.
    tables : tuple of Table
        In the order in which they are shown.
    phases : tuple of Phase
        In their order.
    shocks : tuple of str
        Names of `SHOCKS` that may be drawn.
    thresholds : Thresholds
        When a point is agreed.
    steps : mapping of str to tuple of float
        Settings of a lever from none to full, two to four of them.
    questions : tuple of Question
        What attendees predict.
    attendees : int
        Most attendees that are let in.
    store : str
        Address of the store without a password; empty for the customary file.
    """

    code: str
    title: Mapping[str, str]
    place: Mapping[str, str]
    date: dt.date
    form: int
    lang: str
    region: str
    tables: tuple[Table, ...]
    phases: tuple[Phase, ...]
    shocks: tuple[str, ...]
    thresholds: Thresholds
    steps: Mapping[str, tuple[float, ...]]
    questions: tuple[Question, ...]
    attendees: int
    store: str = field(default="", repr=False)

    @property
    def provinces(self) -> tuple[str, ...]:
        """BPS codes of the provinces, two digits, in the order of the tables."""
        return tuple(dict.fromkeys(table.province for table in self.tables))

    def table(self, code: str) -> Table | None:
        """Return a table by its code.

        Parameters
        ----------
        code : str
            Its code.

        Returns
        -------
        Table or None
            None where there is no such table.
        """
        return next((table for table in self.tables if table.code == code), None)

    def question(self, name: str) -> Question | None:
        """Return a question by its name; None where it is not asked."""
        return next((one for one in self.questions if one.name == name), None)

    def document(self) -> dict[str, Any]:
        """Return the settings as plain values, as the page gets them.

        Returns
        -------
        dict
            Ready for JSON; without the address of the store.
        """
        return {
            "code": self.code,
            "title": dict(self.title),
            "place": dict(self.place),
            "date": self.date.isoformat(),
            "form": self.form,
            "lang": self.lang,
            "region": self.region,
            "provinces": list(self.provinces),
            "tables": [
                {"code": one.code, "province": one.province, "name": dict(one.name)}
                for one in self.tables
            ],
            "phases": [{"name": one.name, "minutes": one.minutes} for one in self.phases],
            "roles": list(ROLES),
            "shocks": list(self.shocks),
            "thresholds": {
                "mufakat": self.thresholds.mufakat,
                "near": self.thresholds.near,
                "objection": self.thresholds.objection,
            },
            "steps": {name: list(values) for name, values in self.steps.items()},
            "guesses": [
                {"question": one.name, "levers": dict(one.levers)} for one in self.questions
            ],
            "points": {str(point): list(levers_of_point(point)) for point in POINTS},
            "attendees": self.attendees,
        }


# The agenda of a meeting; the short form keeps every phase whose record the agreement needs.
_AGENDA: Final[Mapping[int, tuple[Phase, ...]]] = MappingProxyType(
    {
        150: tuple(map(Phase, PHASES, (10, 10, 15, 25, 35, 15, 25, 10, 5))),
        45: tuple(map(Phase, PHASES, (3, 3, 6, 6, 8, 4, 10, 3, 2))),
    }
)


def agenda(form: int) -> tuple[Phase, ...]:
    """Return the customary phases of a form.

    Parameters
    ----------
    form : int
        One of `FORMS`, minutes.

    Returns
    -------
    tuple of Phase
        In their order.
    """
    return _AGENDA[form]


def levers_of_point(point: int) -> tuple[str, ...]:
    """Return the levers of a point of the agreement of 2008.

    Parameters
    ----------
    point : int
        1 to 9.

    Returns
    -------
    tuple of str
        Names; empty where there is no such point.
    """
    return tuple(name for name in FORUM_LEVERS if LEVERS[name].point == point)


def lever_fits(name: str, value: float) -> bool:
    """Return whether a lever of the nine points may be set to a value.

    Parameters
    ----------
    name : str
        Name of a lever.
    value : float
        A setting in the lever's unit.

    Returns
    -------
    bool
        False also for levers that the forum does not have, and for steps in between.
    """
    if name not in FORUM_LEVERS:
        return False
    lever = LEVERS[name]
    whole = lever.kind not in _WHOLE or float(value).is_integer()
    return lever.low <= value <= lever.high and whole
