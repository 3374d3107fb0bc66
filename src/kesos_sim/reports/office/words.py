"""Text as files hold it: without control signs, and with ranges that stay on one line."""

from __future__ import annotations

import re
from typing import Final

from kesos_sim.reports.context import clean

__all__ = ["plain", "tied"]

_BETWEEN: Final = re.compile(r"(?<=\S)–(?=\S)")
"""A dash within a range; one between spaces parts clauses, where a line may end."""


def plain(words: str) -> str:
    """Return text as every format can hold it: without control and direction signs.

    Parameters
    ----------
    words : str
        Text, possibly typed by a user; line breaks stay.

    Returns
    -------
    str
        The text.
    """
    return "\n".join(clean(line) for line in words.splitlines())


def tied(words: str) -> str:
    r"""Return text as pages hold it: `plain`, and no line ends within a range of years or numbers.

    Parameters
    ----------
    words : str
        Text, possibly typed by a user.

    Returns
    -------
    str
        A word joiner, which nobody sees, follows the dash of every range.

    Examples
    --------
    >>> tied("2022–2024 – turun").replace("\u2060", "+")
    '2022–+2024 – turun'
    """
    return _BETWEEN.sub("–\u2060", plain(words))
