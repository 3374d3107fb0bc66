"""What people typed, made harmless: one line, no control or direction signs, a length limit.

Markup stays the text that it is; whoever shows it escapes it. Only a spreadsheet reads meaning
into the first character of a text, so formulas are disarmed where a sheet is written.
"""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["clean_text"]

_MARKS_IN_A_ROW: Final = 2


def clean_text(text: str) -> str:
    """Return typed text on one line, as every screen and document can hold it.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        Composed (NFC), with single spaces, without control, direction, private and unassigned
        characters and without towers of combining marks.

    Examples
    --------
    >>> clean_text("  Dinas Sosial " + chr(8238) + " Blora ")
    'Dinas Sosial Blora'
    """
    kept: list[str] = []
    marks = 0
    for sign in unicodedata.normalize("NFC", text):
        category = unicodedata.category(sign)
        if category[0] == "M":
            marks += 1
            if marks > _MARKS_IN_A_ROW or not kept:
                continue
        else:
            marks = 0
        if category in ("Cc", "Zs", "Zl", "Zp"):
            kept.append(" ")
        elif category[0] != "C":
            kept.append(sign)
    return " ".join("".join(kept).split())
