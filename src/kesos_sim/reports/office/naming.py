"""Names of sheets in words: what a planner reads on the tabs of a workbook, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kesos_sim import i18n

__all__ = ["MOST_LETTERS", "sheet_name"]

MOST_LETTERS: Final = 31
"""Letters that the name of a sheet can have."""


def sheet_name(name: str, lang: str) -> str:
    """Return the name of a table's sheet in words.

    Parameters
    ----------
    name : str
        Name that the table has in files, for instance ``trend_poverty_rate_53``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        At most 31 letters; the name itself where the catalogue does not know it.

    Examples
    --------
    >>> sheet_name("trend_poverty_rate_53", "id"), sheet_name("zero_effect", "en")
    ('Tren kemiskinan (P0)', 'Without coordination effect')
    """
    parts = name.split("_")
    for length in range(len(parts), 0, -1):
        key = f"office.sheet.{'_'.join(parts[:length])}"
        if i18n.has(key):
            return i18n.text(key, lang, of=_measure(parts[length:], lang)).strip()
    return name


def _measure(parts: Sequence[str], lang: str) -> str:
    """Return the measure that the end of a name tells, before a code; empty if none."""
    words = [part for part in parts if not part.isdigit()]
    for first in range(len(words)):
        key = f"office.sheet_of.{'_'.join(words[first:])}"
        if i18n.has(key):
            return i18n.text(key, lang)
    return ""
