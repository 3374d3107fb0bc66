"""Numbers as people write them, and as a scenario file wants them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from kesos_sim.i18n.bounds import as_written

_PERCENT: Final = frozenset({"%", "persen", "percent", "pct"})
_SCALES: Final = {
    "ribu": 10**3,
    "rb": 10**3,
    "thousand": 10**3,
    "juta": 10**6,
    "jt": 10**6,
    "million": 10**6,
    "miliar": 10**9,
    "billion": 10**9,
}
_UNITS: Final = frozenset(
    {"rupiah", "idr", "bulan", "bln", "month", "months", "tahun", "year", "years", "x", "kali"}
    | {"orang", "people", "keluarga", "families", "households", "kk", "rt"}
)
_YEARS: Final = frozenset({"tahun", "year", "years"})
_PARTS: Final = re.compile(
    r"\s*(?P<currency>rp\.?|idr)?\s*"
    r"(?P<number>[-+]?[0-9][0-9.,_ ]*)\s*"
    r"(?P<words>[a-z%]*(\s+[a-z]+)?)",
    re.IGNORECASE | re.ASCII,
)
_THOUSANDS: Final = re.compile(r"[-+]?[0-9]{1,3}([.,_ ][0-9]{3})+", re.ASCII)
_DIGITS: Final = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?", re.ASCII)
"""What is left of a number once its marks are known; a blank is none of them."""
_SHORT: Final = re.compile(r"[-+]?[0-9]\.[0-9]", re.ASCII)
_LONGEST: Final = 60


def hint(text: str, *, whole: bool) -> str | None:
    """Guess the number that somebody meant who wrote a unit, a comma or quotation marks.

    Parameters
    ----------
    text : str
        What was written where a number is wanted.
    whole : bool
        Whether a whole number is wanted.

    Returns
    -------
    str or None
        The number as it should be written, or None if the text is no number at all.
    """
    match = _PARTS.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    number = _plain_number(match["number"].strip(), whole=whole or match["currency"] is not None)
    if number is None:
        return None
    for word in match["words"].lower().split():
        if word in _PERCENT:
            number /= 100
        elif word in _SCALES:
            number *= _SCALES[word]
        elif word not in _UNITS:
            return None
        if whole and word in _YEARS:
            number *= 12
    if whole and number != number.to_integral_value():
        return None
    return _two_digits(as_written(float(number)))


def as_fraction(percent: float) -> str:
    """Write a percentage as the fraction that a scenario file wants.

    Parameters
    ----------
    percent : float
        For instance 10.

    Returns
    -------
    str
        For instance ``0.10``.
    """
    return _two_digits(as_written(float(Decimal(repr(percent)) / 100)))


def _two_digits(written: str) -> str:
    """Write 0.1 as 0.10, so that nobody takes it for a thousandth."""
    return written + "0" if _SHORT.fullmatch(written) else written


def _plain_number(text: str, *, whole: bool) -> Decimal | None:
    """Read digits with a decimal comma or with marks between the thousands."""
    if _THOUSANDS.fullmatch(text) and (whole or not re.fullmatch(r"[-+]?[0-9]+[.,][0-9]{3}", text)):
        text = re.sub(r"[.,_ ]", "", text)
    elif re.fullmatch(r"[-+]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[-+]?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+", text):
        text = text.replace(",", "")
    elif text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    return Decimal(text) if _DIGITS.fullmatch(text) else None
