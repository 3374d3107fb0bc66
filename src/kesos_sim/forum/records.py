"""What the room remembers of each kind of entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

__all__ = ["BESIDE", "Guess", "Member", "Package", "Request", "Row", "Stance", "Vote"]

BESIDE: Final = ("baseline", "idle", "idle_baseline")
"""What comes with the outcomes of the full model; see `kesos_sim.forum.worker`."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who joined: code of the table, role, language."""

    table: str
    role: str
    lang: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A prediction in percent, the table it came from, and whether the answer was shown before."""

    value: float
    table: str
    late: bool


@dataclass(frozen=True, slots=True)
class Package:
    """A package: settings of levers, shares of the lines that pay, and whether it is balanced.

    A lever that is not in ``levers`` stays as it is today, but for those in ``silent``: on them
    there is no opinion, as where a phone did not touch them or a card of paper has no circle. A
    package of an older store has no such list; there all of them were opinions.
    """

    name: str
    levers: Mapping[str, float]
    sources: Mapping[str, float]
    balanced: bool
    table: str
    at: int
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stance:
    """Answer of one person to one point, with the note and where it was said.

    ``setting`` is the proposal of the room that was answered: as the entry says (``told``), else
    as it was when the entry came. ``turn`` counts the proposals that the point had had by then; it
    is 0 where the entry names one that the room never had, and on a card of paper that does not
    say which of several it was filled in for.
    """

    id: str
    answer: int
    phrase: str
    note: str
    round: int
    table: str
    role: str
    at: int
    setting: Mapping[str, float]
    told: bool
    turn: int


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote that the facilitator called: tables or people for and against, and the dissent."""

    yes: int
    no: int
    dissent: str

    @property
    def carried(self) -> bool:
        """Whether more were for it than against."""
        return self.yes > self.no


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the plan of action."""

    row: str
    point: str = ""
    activity: str = ""
    responsible: str = ""
    years: str = ""
    fund: str = ""
    indicator: str = ""
    target: str = ""
    range: str = ""


@dataclass(slots=True)
class Request:
    """A request for the full model and what became of it.

    ``state`` is ``queued``, ``running``, ``done`` or ``refused``; ``beside`` holds those of
    `BESIDE` that came with the outcomes.
    """

    id: str
    who: str
    table: str
    seq: int
    body: Mapping[str, object]
    state: str = "queued"
    outcomes: object = field(default=None, repr=False)
    beside: Mapping[str, object] = field(default_factory=dict, repr=False)
