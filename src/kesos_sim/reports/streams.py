"""Where the money of a year comes from, through whose hands it goes, and where it ends.

Counted from the books alone: programmes and services of governments, and everything that social
organisations and neighbourhood groups have. What governments do besides is left out. Of every
rupiah the year before left over, and of every rupiah this year leaves, only the difference
flows, as into or out of reserves.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim.institutions.accounts import BUSINESS, COMMUNITY, GENERAL, ORSOS, Stage

if TYPE_CHECKING:
    from kesos_sim.model.entries import Entries

__all__ = ["CHANNELS_OF_THEIR_OWN", "ENDS", "Flow", "yearly_flows"]

CHANNELS_OF_THEIR_OWN: Final = (ORSOS, COMMUNITY)
"""Streams of money that are no government's: what they receive from all comes together."""
ENDS: Final = ("households", "served", "public_services", "running", "lost", "returned", "reserves")
"""Households; people whom organisations serve; services of governments; what it costs to run;
leakage; back to the treasury; what is left for later years."""
_MEMBERS: Final = "members"
_RESERVES: Final = "reserves"
_END_OF: Final = {
    Stage.DELIVERED: "households",
    Stage.SERVICES: "public_services",
    Stage.ADMINISTRATION: "running",
    Stage.OTHER_SPENDING: "running",
    Stage.LEAKAGE: "lost",
    Stage.RETURNED: "returned",
}


@dataclass(frozen=True, slots=True)
class Flow:
    """Rupiah that go from one place to another in a year.

    Attributes
    ----------
    year : int
        Calendar year.
    step : int
        0 from a source into a channel, 1 from a channel to an end.
    origin, target : str
        Sources are streams of governments, lines of organisations' money, ``members`` and
        ``reserves``; channels programmes and `CHANNELS_OF_THEIR_OWN`; ends `ENDS`.
    rupiah : int
        Rupiah, more than 0.
    """

    year: int
    step: int
    origin: str
    target: str
    rupiah: int


def yearly_flows(books: Entries) -> tuple[Flow, ...]:
    """Return what flows in every calendar year of a run.

    Parameters
    ----------
    books : Entries
        Lines of the ledger.

    Returns
    -------
    tuple of Flow
        By year, then step; into every channel goes as much as comes out of it.
    """
    found: dict[tuple[int, int, str, str], int] = defaultdict(int)
    for (year, stream, line), stages in _sums(books).items():
        if stream == BUSINESS:
            found[year, 0, line, ORSOS] += stages[Stage.GRANT_OUT]
            continue
        own = stream in CHANNELS_OF_THEIR_OWN
        if line == GENERAL and not own:
            continue
        channel = stream if own else line
        spent = 0
        for stage, end in _END_OF.items():
            rupiah = stages[stage]
            served = "served" if stream == ORSOS and stage is Stage.SERVICES else end
            found[year, 1, channel, served] += rupiah
            spent += rupiah
        left = stages[Stage.CARRY_OVER] - stages[Stage.OPENING]
        found[year, 1, channel, _RESERVES] += max(left, 0)
        found[year, 0, _RESERVES, channel] += max(-left, 0)
        if not own:
            given = stages[Stage.GRANT_OUT]
            found[year, 0, stream, ORSOS] += given
            found[year, 0, stream, channel] += spent + max(left, 0) - max(-left, 0)
        else:
            source = _MEMBERS if stream == COMMUNITY else line
            found[year, 0, source, channel] += stages[Stage.REVENUE]
    return tuple(
        Flow(*key, rupiah)
        for key, rupiah in sorted(found.items(), key=lambda item: item[0])
        if rupiah > 0
    )


def _sums(books: Entries) -> dict[tuple[int, str, str], dict[Stage, int]]:
    """Add up the books by year, stream, line and stage."""
    years = np.array([int(month[:4]) for month in books.words["month"]], np.int64)
    first = int(years.min()) if years.size else 0
    sizes = [len(books.words[name]) for name in ("stream", "programme", "stage")]
    shape = (int(years.max()) - first + 1 if years.size else 0, *sizes)
    total = np.zeros(shape, np.int64)
    at = [books.codes[name] for name in ("stream", "programme", "stage")]
    np.add.at(total, (years[books.codes["month"]] - first, at[0], at[1], at[2]), books.rupiah)
    stages = [Stage[word.upper()] for word in books.words["stage"]]
    sums: dict[tuple[int, str, str], dict[Stage, int]] = {}
    for place, stream, line in zip(*np.nonzero(total.any(axis=3)), strict=True):
        key = (first + int(place), books.words["stream"][stream], books.words["programme"][line])
        row = dict(zip(stages, total[place, stream, line].tolist(), strict=True))
        sums[key] = {stage: row.get(stage, 0) for stage in Stage}
    return sums
