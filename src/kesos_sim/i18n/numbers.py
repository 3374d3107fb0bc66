"""One place where numbers, money, people, months and dates become words.

Decimal comma and point for thousands in Bahasa Indonesia, the reverse in English; money without
a space after Rp and with long scale words; ranges with an en dash; a true minus; halves round
away from zero. The table ``tests/golden/number_cases.json`` holds the cases that every
implementation of these rules, in any programming language, has to meet.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Final, Literal, SupportsFloat

from kesos_sim import i18n
from kesos_sim.i18n.dates import YearMonth, date, fiscal_year, month_name

__all__ = [
    "EN_DASH", "MINUS", "Kind", "YearMonth", "date", "fiscal_year", "interval", "month_name",
    "months", "number", "people", "percent", "points", "rupiah", "short", "span",
]  # fmt: skip

_MONTHS_PER_YEAR: Final = 12
MINUS: Final = "\u2212"
EN_DASH: Final = "\u2013"

Kind = Literal["number", "percent", "points", "rupiah", "people"]

_LOCALE: Final = {"id": "id", "en": "en_GB"}
_SCALES: Final = (
    (Decimal(10) ** 12, "trillion"),
    (Decimal(10) ** 9, "billion"),
    (Decimal(10) ** 6, "million"),
    (Decimal(10) ** 3, "thousand"),
)
_FORUM_DIGITS: Final = 2
_EXACT: Final = Context(prec=400)
_HUNDRED: Final = Decimal(100)
_THOUSAND: Final = Decimal(1000)


def number(
    value: SupportsFloat | None, lang: str, decimals: int = 0, *, signed: bool = False
) -> str:
    """Write a number, for instance ``1.234.567,89``.

    Parameters
    ----------
    value : float or None
        The number; None and NaN are missing.
    lang : str
        ``id`` or ``en``.
    decimals : int
        Digits after the decimal sign.
    signed : bool
        Write a plus sign before positive numbers.

    Returns
    -------
    str
        The number in words of that language.
    """
    exact = _exact(value)
    if exact is None:
        return i18n.text("numbers.missing", lang)
    return _write(_rounded(exact, decimals), lang, decimals, signed=signed)


def percent(
    value: SupportsFloat | None, lang: str, decimals: int = 1, *, signed: bool = False
) -> str:
    """Write a value that is already in percent, for instance ``9,36%``.

    Parameters
    ----------
    value : float or None
        Percent (9.36 is 9.36%); None and NaN are missing.
    lang : str
        ``id`` or ``en``.
    decimals : int
        Digits after the decimal sign.
    signed : bool
        Write a plus sign before positive numbers.

    Returns
    -------
    str
        The percentage.
    """
    written = number(value, lang, decimals, signed=signed)
    return written if _exact(value) is None else written + "%"


def points(
    value: SupportsFloat | None, lang: str, decimals: int = 1, *, signed: bool = False
) -> str:
    """Write a difference of percentages, for instance ``0,7 persen poin``.

    Parameters
    ----------
    value : float or None
        Percentage points; None and NaN are missing.
    lang : str
        ``id`` or ``en``.
    decimals : int
        Digits after the decimal sign.
    signed : bool
        Write a plus sign before positive numbers.

    Returns
    -------
    str
        The difference with its unit.
    """
    exact = _exact(value)
    if exact is None:
        return i18n.text("numbers.missing", lang)
    rounded = _rounded(exact, decimals)
    unit = "numbers.point" if abs(rounded) == 1 else "numbers.points"
    return i18n.text(unit, lang, number=_write(rounded, lang, decimals, signed=signed))


def span(count: int, lang: str) -> str:
    """Write a length of time: whole years as years, anything else as months.

    Parameters
    ----------
    count : int
        Number of months.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance ``10 tahun`` or ``18 months``.
    """
    years, rest = divmod(count, _MONTHS_PER_YEAR)
    return months(count, lang) if rest or not years else _counted(years, "year", lang)


def months(count: int, lang: str) -> str:
    """Write a number of months.

    Parameters
    ----------
    count : int
        Number of months.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance ``120 bulan`` or ``1 month``.
    """
    return _counted(count, "month", lang)


def _counted(count: int, unit: str, lang: str) -> str:
    """Write how many of a unit, in English with its plural."""
    key = f"numbers.{unit}" if count == 1 else f"numbers.{unit}s"
    return i18n.text(key, lang, number=number(count, lang))


def rupiah(
    value: SupportsFloat | None,
    lang: str,
    *,
    digits: int | None = None,
    signed: bool = False,
    even: bool = False,
) -> str:
    """Write money: ``Rp641.443`` in full, ``Rp1,2 triliun`` with two significant digits.

    Parameters
    ----------
    value : float or None
        Rupiah; None and NaN are missing.
    lang : str
        ``id`` or ``en``.
    digits : int, optional
        Significant digits, with a scale word from a thousand up; all digits when left out.
    signed : bool
        Write a plus sign before positive amounts.
    even : bool
        Write all of the significant digits before a scale word, ``Rp4,0 ribu``: for amounts that
        stand beside each other.

    Returns
    -------
    str
        The amount with its currency.
    """
    exact = _exact(value)
    if exact is None:
        return i18n.text("numbers.missing", lang)
    amount, word = (_rounded(exact, 0), "") if digits is None else _scaled(exact, digits)
    sign = _sign(amount, signed=signed)
    if even and digits is not None and word:
        written = _write(abs(amount), lang, max(digits - 1 - amount.adjusted(), 0))
    else:
        written = _plain(abs(amount), lang)
    return f"{sign}Rp{written}{_scale_word(word, lang)}"


def people(value: SupportsFloat | None, lang: str) -> str:
    """Write a number of people as precisely as the model can know it.

    Ten thousand and more are rounded to thousands (``41 ribu orang``), a million and more to
    three digits (``1,23 juta orang``), fewer to hundreds (``4.200 orang``).

    Parameters
    ----------
    value : float or None
        Persons; None and NaN are missing.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The number with the word for people.
    """
    exact = _exact(value)
    if exact is None:
        return i18n.text("numbers.missing", lang)
    if 0 < abs(exact) < _HUNDRED / 2:
        return i18n.text("numbers.few_people", lang)
    sign, size = _sign(exact, signed=False), abs(exact)
    to_hundreds = _rounded(size / _HUNDRED, 0) * _HUNDRED
    if to_hundreds < 10 * _THOUSAND:
        return i18n.text("numbers.people", lang, number=sign + _plain(to_hundreds, lang))
    to_thousands = _rounded(size / _THOUSAND, 0) * _THOUSAND
    amount, word = _scaled(size if to_thousands >= _THOUSAND * _THOUSAND else to_thousands, 3)
    counted = f"{sign}{_plain(amount, lang)}{_scale_word(word, lang)}"
    return i18n.text("numbers.people", lang, number=counted)


def short(value: SupportsFloat | None, lang: str, digits: int = 3, *, signed: bool = False) -> str:
    """Write a large number with a scale word, for instance ``12,8 juta``.

    Parameters
    ----------
    value : float or None
        The number; None and NaN are missing.
    lang : str
        ``id`` or ``en``.
    digits : int
        Significant digits.
    signed : bool
        Write a plus sign before positive numbers.

    Returns
    -------
    str
        The number, from a thousand up with a scale word.
    """
    exact = _exact(value)
    if exact is None:
        return i18n.text("numbers.missing", lang)
    amount, word = _scaled(exact, digits)
    return f"{_sign(amount, signed=signed)}{_plain(abs(amount), lang)}{_scale_word(word, lang)}"


def interval(
    low: SupportsFloat | None,
    high: SupportsFloat | None,
    lang: str,
    kind: Kind = "percent",
    decimals: int = 1,
    *,
    digits: int = _FORUM_DIGITS,
    even: bool = False,
) -> str:
    """Write a range, for instance ``7,4–8,5%``; with negative ends ``−1,8 sampai −0,2``.

    Parameters
    ----------
    low, high : float or None
        The ends; missing if either is None or NaN.
    lang : str
        ``id`` or ``en``.
    kind : {"number", "percent", "points", "rupiah", "people"}
        What the ends are.
    decimals : int
        Digits after the decimal sign, for the first three kinds.
    digits : int
        Significant digits of rupiah.
    even : bool
        As of `rupiah`.

    Returns
    -------
    str
        The range, or the single value when both ends look the same.
    """
    if _exact(low) is None or _exact(high) is None:
        return i18n.text("numbers.missing", lang)
    writers: dict[str, Callable[[SupportsFloat | None], str]] = {
        "number": lambda value: number(value, lang, decimals),
        "percent": lambda value: percent(value, lang, decimals),
        "points": lambda value: points(value, lang, decimals),
        "rupiah": lambda value: rupiah(value, lang, digits=digits, even=even),
        "people": lambda value: people(value, lang),
    }
    first, last = writers[kind](low), writers[kind](high)
    if first == last:
        return last
    negative = MINUS in first or MINUS in last
    if kind == "percent":
        first = first.removesuffix("%")
    elif kind == "points":
        first = number(low, lang, decimals)
    elif kind in {"rupiah", "people"}:
        whole, first = first, _without_common_end(first, last)
        if kind == "rupiah" and first != whole and not negative:
            last = last.removeprefix("Rp")
    if negative:
        return f"{first} {i18n.text('numbers.to', lang)} {last}"
    return f"{first} {EN_DASH} {last}" if " " in first else f"{first}{EN_DASH}{last}"


def _exact(value: SupportsFloat | None) -> Decimal | None:
    """Return the shortest decimal that means this number; None for what is missing."""
    if value is None:
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    number_ = float(value)
    if math.isnan(number_):
        return None
    return Decimal(repr(number_))


def _rounded(value: Decimal, decimals: int) -> Decimal:
    """Round halves away from zero; never return a negative zero."""
    if not value.is_finite():
        return value
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EXACT)
    return abs(rounded) if rounded == 0 else rounded


def _scaled(value: Decimal, digits: int) -> tuple[Decimal, str]:
    """Round to significant digits and divide by the largest scale that fits."""
    if value == 0 or not value.is_finite():
        return abs(value), ""
    decimals = digits - 1 - value.adjusted()
    rounded = _rounded(value, decimals) if decimals > 0 else _to_tens(value, -decimals)
    for scale, word in _SCALES:
        if abs(rounded) >= scale:
            return rounded / scale, word
    return _rounded(rounded, 0), ""


def _to_tens(value: Decimal, zeros: int) -> Decimal:
    """Round to a multiple of a power of ten."""
    unit = Decimal(10) ** zeros
    return _EXACT.multiply(_rounded(value / unit, 0), unit)


def _sign(value: Decimal, *, signed: bool) -> str:
    if value < 0:
        return MINUS
    return "+" if signed and value > 0 else ""


def _write(value: Decimal, lang: str, decimals: int, *, signed: bool = False) -> str:
    """Write a rounded number with exactly that many decimals."""
    from babel.numbers import format_decimal

    if not value.is_finite():
        return _sign(value, signed=signed) + "∞"
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    with localcontext(_EXACT):
        written = format_decimal(
            abs(value), format=pattern, locale=_LOCALE[i18n.known_language(lang)]
        )
    return _sign(value, signed=signed) + str(written)


def _plain(value: Decimal, lang: str) -> str:
    """Write a positive number with as many decimals as it has, without idle zeros."""
    places = -int(value.normalize().as_tuple().exponent) if value.is_finite() else 0
    return _write(value, lang, max(places, 0))


def _without_common_end(first: str, last: str) -> str:
    """Take away the words that both ends of a range end with, if what is left is clear."""
    words, others = first.split(" "), last.split(" ")
    while len(words) > 1 and len(others) > 1 and words[-1] == others[-1]:
        words.pop()
        others.pop()
    return " ".join(words) if len(words) == len(others) else first


def _scale_word(word: str, lang: str) -> str:
    return " " + i18n.text(f"numbers.{word}", lang) if word else ""
