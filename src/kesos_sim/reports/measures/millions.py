"""Rupiah in millions, for amounts of very different size that stand beside each other."""

from __future__ import annotations

from typing import Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.reports.values import range_words

__all__ = ["millions_range", "say_millions"]

_MILLION: Final = 1e6


def say_millions(value: float, lang: str) -> str:
    """Write rupiah in millions with one decimal, for amounts that stand beside each other.

    Parameters
    ----------
    value : float
        Rupiah.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str

    Examples
    --------
    >>> say_millions(400_736, "id"), say_millions(-31.4e6, "id"), say_millions(67.0e6, "en")
    ('Rp0,4 juta', '−Rp31,4 juta', 'Rp67.0 million')
    """
    written = numbers.number(value / _MILLION, lang, 1)
    sign = numbers.MINUS if written.startswith(numbers.MINUS) else ""
    amount = written.removeprefix(numbers.MINUS)
    return i18n.text("reports.millions", lang, sign=sign, amount=amount)


def millions_range(low: float, high: float, lang: str) -> str:
    """Write a range of rupiah in millions, or nothing where both ends read the same.

    Parameters
    ----------
    low, high : float
        The ends, rupiah.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str

    Examples
    --------
    >>> millions_range(54.1e6, 67.2e6, "id"), millions_range(-31.4e6, 63.3e6, "id")
    ('Rp54,1–67,2 juta', '−Rp31,4 juta sampai Rp63,3 juta')
    """
    first, last = (say_millions(end, lang) for end in (low, high))
    if first == last:
        return ""
    if numbers.MINUS in first + last:
        return i18n.text("measures.range_words", lang, low=first, high=last)
    ends = range_words(low / _MILLION, high / _MILLION, lang, "number", 1)
    return i18n.text("reports.millions", lang, sign="", amount=ends)
