"""How wide the columns of a printed table are, how large its letters, and how its page lies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kesos_sim.reports.tables import TextTable

__all__ = ["letter_size", "too_wide", "widths"]

_LETTERS: Final = {False: 95.0, True: 150.0}
"""Letters that a line of a table holds across the page, upright and turned."""
_LONGEST_WORD: Final = 18
"""Letters of a word beyond which it may be broken."""
_PARTED: Final = re.compile(r"[ \t\r\n]+")
"""Where a line may end; a space that binds is none of these."""
_BOUND: Final = "\u00a0"
_BROAD: Final = re.compile("[mwMW]")
_BROAD_MORE: Final = 0.6
"""Room that each of these letters takes beyond that of a usual one."""
_LARGE: Final = re.compile("[A-LN-VX-Z]")
_LARGE_MORE: Final = 0.25
"""The same of these."""
_DIGIT: Final = re.compile("[0-9–−]")
_DIGIT_MORE: Final = 0.08
"""The same of these."""
_NARROW: Final = re.compile("[ijl.,]")
_NARROW_LESS: Final = 0.4
"""Room that each of these letters leaves of that of a usual one."""
_ROOM: Final = (
    (_BROAD, _BROAD_MORE),
    (_LARGE, _LARGE_MORE),
    (_DIGIT, _DIGIT_MORE),
    (_NARROW, -_NARROW_LESS),
)
_PADDING: Final = 2.0
"""Letters that the space beside a column takes."""
_WIDER: Final = 1.08
"""Width of a letter of a word in the widest font that an office program may take, letters."""
_BOLD: Final = 1.25
"""The same of a heading."""
_SMALLEST: Final = 0.8
"""Size to which letters may shrink, of their usual one, before a table is turned."""


def too_wide(table: TextTable) -> bool:
    """Return whether words of a table would break on an upright page, even in small letters.

    Parameters
    ----------
    table : TextTable
        The table.

    Returns
    -------
    bool
    """
    return _fit(table, wide=False) < _SMALLEST


def letter_size(table: TextTable, *, wide: bool) -> float:
    """Return how large letters may be so that the words of a table stay whole.

    Parameters
    ----------
    table : TextTable
        The table.
    wide : bool
        Whether the long side of the page is at the bottom.

    Returns
    -------
    float
        Part of the usual size, from 0.8 to 1.
    """
    return max(_SMALLEST, min(1.0, _fit(table, wide=wide)))


def widths(table: TextTable, shares: Sequence[float] = (), *, wide: bool) -> tuple[float, ...]:
    """Return the width of every column as a part of the whole.

    Parameters
    ----------
    table : TextTable
        The table.
    shares : sequence of float
        Widths in relation to each other; by the words of the columns when empty.
    wide : bool
        Whether the long side of the page is at the bottom.

    Returns
    -------
    tuple of float
        Adds up to one. Where shares are given, a column still has room for its longest word.
    """
    asked = [_asked(table, place) for place in range(len(table.columns))]
    room = _LETTERS[wide] / letter_size(table, wide=wide)
    found = _shared(asked, shares, room) if shares else _by_words(asked, room)
    return tuple(width / sum(found) for width in found)


_Asked = tuple[float, float, float, float]
"""Letters that a column asks for: longest word of its cells, of its heading, its contents in
several lines, its contents in one."""


def _asked(table: TextTable, place: int) -> _Asked:
    cells = [row[place] for row in table.whole_numbers()]
    label = table.columns[place].label
    body, head = (
        max((_letters(part) for cell in texts for part in _PARTED.split(cell)), default=1)
        for texts in (cells, [label])
    )
    most = max(map(len, [label, *cells]))
    return (
        _WIDER * max(3, body) + _PADDING,
        _BOLD * head + _PADDING,
        most**0.5 * 3.0 + _PADDING,
        most + _PADDING,
    )


def _letters(part: str) -> float:
    """Return the room of a word that stays together: words that are bound are never broken."""
    room = len(part) + sum(more * len(which.findall(part)) for which, more in _ROOM)
    return room if _BOUND in part else min(room, _LONGEST_WORD)


def _longest(asked: _Asked) -> float:
    """Return letters that the longest word of a column takes, in a cell or its heading."""
    return max(asked[:2])


def _fit(table: TextTable, *, wide: bool) -> float:
    """Return how many times the longest words of all columns go across the page."""
    needed = sum(_longest(_asked(table, place)) for place in range(len(table.columns)))
    return _LETTERS[wide] / max(1.0, needed)


def _by_words(asked: Sequence[_Asked], room: float) -> list[float]:
    """Give columns room for the words of their cells, then of their headings, then for more.

    What there is no room for is shared out by what is asked for: numbers stay whole first.
    """
    found = [0.0] * len(asked)
    for wishes in zip(*asked, strict=True):
        more = [max(0.0, wish - has) for wish, has in zip(wishes, found, strict=True)]
        part = min(1.0, max(0.0, room - sum(found)) / sum(more)) if sum(more) > 0.0 else 0.0
        found = [has + part * extra for has, extra in zip(found, more, strict=True)]
    return found


def _shared(asked: Sequence[_Asked], shares: Sequence[float], room: float) -> list[float]:
    """Follow given shares, but let no column be narrower than its longest word."""
    least = [_longest(one) for one in asked]
    loose = set(range(len(shares)))
    while loose:
        held = sum(width for place, width in enumerate(least) if place not in loose)
        unit = max(0.0, room - held) / sum(shares[place] for place in loose)
        tight = {place for place in loose if unit * shares[place] < least[place]}
        if not tight:
            return [
                unit * share if place in loose else least[place]
                for place, share in enumerate(shares)
            ]
        loose -= tight
    return least
