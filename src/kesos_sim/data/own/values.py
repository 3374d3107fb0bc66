"""From the content of a cell to a number, a code, a month or a choice, or to what is wrong."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from kesos_sim.data.own.grid import Cell, looks_like_formula
from kesos_sim.data.own.layout import Column, plain
from kesos_sim.data.regions import codes_named, districts, province_codes, region_name
from kesos_sim.errors import InputError, nearest
from kesos_sim.i18n import LANGUAGES, numbers
from kesos_sim.i18n.bounds import Bounds
from kesos_sim.units import Month

__all__ = [
    "Refused",
    "as_choice",
    "as_month",
    "as_number",
    "as_region",
    "as_text",
    "decimal_sign",
    "expected_words",
]

_LONGEST_TEXT: Final = 300
_CURRENCY: Final = re.compile(r"^(?:rp\.?|idr)\s*", re.IGNORECASE)
_DIGITS: Final = re.compile(r"[+-]?[0-9][0-9.,]*")
_SPACED: Final = re.compile(r"[+-]? ?[0-9]{1,3}(?: [0-9]{3})*(?:[.,][0-9]+)?")
"""Digits with spaces where thousands part, and nowhere else."""
_EXPONENT: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?e[+-]?[0-9]+", re.IGNORECASE)
_COMMA: Final = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?")
_POINT: Final = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_HUNDRED: Final = 100.0
_EXACT: Final = 12
_KEMENDAGRI: Final = re.compile(r"[0-9]{2}\.[0-9]{1,2}")
"""A district as the Ministry of Home Affairs writes it; BPS counts many of them otherwise."""
_MONTH: Final = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})[/-](\d{4})")
_MONTHS: Final = 12
_DISTRICT_DIGITS: Final = 4


class Refused(Exception):  # noqa: N818  # it never leaves the importer
    """A cell that is not what its column holds.

    Parameters
    ----------
    kind : str
        Kind of the problem.
    **fields : object
        What its texts need.
    """

    def __init__(self, kind: str, **fields: object) -> None:
        super().__init__(kind)
        self.kind = kind
        self.fields = fields


@cache
def expected_words(column: Column) -> Mapping[str, str]:
    """Say what a column holds.

    Parameters
    ----------
    column : Column
        Its declaration.

    Returns
    -------
    mapping of str to str
        For instance ``0,1–80 persen``, in both languages.
    """
    return MappingProxyType({lang: _expected(column, lang) for lang in LANGUAGES})


def _expected(column: Column, lang: str) -> str:
    if column.choices:
        return ", ".join(column.choice_words(choice, lang) for choice in column.choices)
    if column.kind not in ("number", "whole", "year"):
        return column.title(lang)
    bounds = Bounds(column.low, column.high)
    year = column.kind == "year"
    span = bounds.words(lambda end: f"{end:.0f}" if year else _written(end, lang))
    return span if not column.unit else f"{span} {column.heading(lang).rpartition('(')[2][:-1]}"


def _written(value: float, lang: str) -> str:
    text = f"{value:.{_EXACT}f}".rstrip("0").rstrip(".")
    return numbers.number(value, lang, len(text.partition(".")[2]))


def decimal_sign(texts: Iterable[str]) -> str:
    """Return the decimal sign of a column, where some of its numbers leave no doubt.

    Parameters
    ----------
    texts : iterable of str
        Numbers as written.

    Returns
    -------
    str
        ``,`` or ``.``; empty where nothing tells, or where numbers contradict each other.

    Examples
    --------
    >>> decimal_sign(["1.234,5", "12"]), decimal_sign(["0.25"])
    (',', '.')
    """
    found: set[str] = set()
    for text in texts:
        digits = text.strip().lstrip("+-")
        comma, point = _COMMA.fullmatch(digits), _POINT.fullmatch(digits)
        if bool(comma) != bool(point):
            # What fits one way only shows its decimal sign, or that the other one parts thousands.
            found.add("," if comma else ".")
    return found.pop() if len(found) == 1 else ""


def as_number(cell: Cell, column: Column, sign: str = "") -> float:
    """Read a number that has one meaning only.

    Parameters
    ----------
    cell : Cell
        What stands there.
    column : Column
        Its range and unit.
    sign : str
        Decimal sign that the other numbers of the column show, see `decimal_sign`.

    Returns
    -------
    float
        In the unit of the column.

    Raises
    ------
    Refused
        If it is no number, could mean two, or lies outside the range.
    """
    _plain_value(cell)
    wanted = expected_words(column)
    value = cell.value
    if isinstance(value, dt.date):
        day = {lang: numbers.date(value, lang) for lang in LANGUAGES}
        raise Refused("date_cell", got=day, wanted=wanted)
    if isinstance(value, dt.time):
        raise Refused("date_cell", got=str(value), wanted=wanted)
    if isinstance(value, bool):
        raise Refused("not_number", got=str(value), wanted=wanted)
    if isinstance(value, int | float):
        found = float(value)
        if cell.percent and column.unit == "percent":
            found = round(found * _HUNDRED, _EXACT)
        candidates = [found]
    else:
        candidates = _meanings(str(value), column, sign)
    if not candidates:
        raise Refused("not_number", got=value, wanted=wanted)
    inside = [one for one in candidates if _fits(one, column)]
    if len(inside) > 1:
        both = {
            lang: f" {'atau' if lang == 'id' else 'or'} ".join(_written(v, lang) for v in inside)
            for lang in LANGUAGES
        }
        raise Refused("ambiguous", got=value, both=both)
    if inside and not (column.whole_percent and 0.0 < inside[0] < 1.0 and not cell.percent):
        return inside[0]
    best = inside[0] if inside else candidates[0]
    if column.unit == "percent" and 0.0 < best < 1.0 and _HUNDRED * best <= column.high:
        asked = {lang: _written(_HUNDRED * best, lang) for lang in LANGUAGES}
        raise Refused("fraction", got=value, percent=asked)
    if column.kind == "whole" and math.isfinite(best) and best != round(best):
        raise Refused("not_whole", got=value, wanted=wanted)
    raise Refused("out_of_range", got=value, wanted=wanted)


def _fits(value: float, column: Column) -> bool:
    """Return whether a number is finite, in range, and whole where it has to be."""
    inside = math.isfinite(value) and column.low <= value <= column.high
    return inside and (column.kind not in ("whole", "year") or value == round(value))


def _meanings(text: str, column: Column, known: str) -> list[float]:
    """Return the numbers that a text may mean: with decimal comma, and with decimal point."""
    spaced = re.sub(r"\s", " ", text.strip()).replace("\u2212", "-")
    spaced = _CURRENCY.sub("", spaced)
    if column.unit == "percent":
        spaced = spaced.removesuffix("%").rstrip()
    if " " in spaced and not _SPACED.fullmatch(spaced):
        return []
    bare = spaced.replace(" ", "")
    if _EXPONENT.fullmatch(bare):
        return [float(bare.replace(",", "."))]
    if bare.casefold() in ("nan", "inf", "-inf", "infinity"):
        return [float(bare)]
    if not _DIGITS.fullmatch(bare):
        return []
    sign, digits = (-1.0 if bare[0] == "-" else 1.0), bare.lstrip("+-")
    found: list[float] = []
    if known != "." and _COMMA.fullmatch(digits):
        found.append(sign * float(digits.replace(".", "").replace(",", ".")))
    if known != "," and _POINT.fullmatch(digits):
        found.append(sign * float(digits.replace(",", "")))
    return list(dict.fromkeys(found))


def as_text(cell: Cell) -> str:
    """Read one line of text.

    Parameters
    ----------
    cell : Cell
        What stands there.

    Returns
    -------
    str
        Without spaces at the ends.

    Raises
    ------
    Refused
        If it is too long, not printable, or would be calculated by a spreadsheet.
    """
    _plain_value(cell)
    text = re.sub(r"[\n\r\t\u00a0]+", " ", str(cell.value)).strip()
    if not text.isprintable() or len(text) > _LONGEST_TEXT:
        raise Refused("bad_text", got=text, most=_LONGEST_TEXT)
    return text


def as_choice(cell: Cell, column: Column) -> str:
    """Read one of the choices of a column, in either language.

    Parameters
    ----------
    cell : Cell
        What stands there.
    column : Column
        Its choices.

    Returns
    -------
    str
        Its name in code.

    Raises
    ------
    Refused
        If it is none of them.
    """
    text = as_text(cell)
    known = {plain(choice): choice for choice in column.choices}
    for lang in LANGUAGES:
        known |= {plain(column.choice_words(choice, lang)): choice for choice in column.choices}
    if plain(text) in known:
        return known[plain(text)]
    near = nearest(plain(text), known)
    words = {
        lang: column.choice_words(known[near], lang) if near else numbers.EN_DASH
        for lang in LANGUAGES
    }
    raise Refused("unknown_choice", got=text, wanted=expected_words(column), near=words)


def as_region(cell: Cell, place: str, year: int) -> int:
    """Read the BPS code of a province or district.

    Parameters
    ----------
    cell : Cell
        What stands there.
    place : str
        The name beside it, empty if there is none.
    year : int
        Base year, which decides which provinces exist.

    Returns
    -------
    int
        Its code.

    Raises
    ------
    Refused
        If there is no such code, or the name beside it belongs to another one.
    """
    _plain_value(cell)
    named = _named(place)
    value = cell.value
    text = str(value).strip()
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    code = int(text) if text.isascii() and text.isdigit() and len(text) <= _DISTRICT_DIGITS else -1
    if code not in districts() and code not in province_codes(year):
        if _KEMENDAGRI.fullmatch(text):
            raise Refused("kemendagri_code", got=text, near=_region_words(named))
        near = named or _near(text, year)
        raise Refused("unknown_region", got=text, near=_region_words(near))
    if named is not None and named != code:
        raise Refused(
            "other_place",
            got=f"{code}, {place}",
            right=_region_words(code),
            other=_region_words(named),
        )
    return code


def _region_words(code: int | None) -> Mapping[str, str]:
    """Write a region with its code in both languages; a dash for none."""
    return {
        lang: numbers.EN_DASH if code is None else f"{code} ({region_name(code, lang)})"
        for lang in LANGUAGES
    }


def _named(place: str) -> int | None:
    """Return the one code that a name means."""
    try:
        codes = codes_named(place) if place else ()
    except InputError:
        return None
    return codes[0] if len(codes) == 1 else None


def _near(text: str, year: int) -> int | None:
    """Return the region whose code or name is nearest to a text."""
    by_name = _named(text)
    if by_name is not None:
        return by_name
    digits = re.sub(r"\D", "", text)
    near = nearest(digits or text, [str(code) for code in (*province_codes(year), *districts())])
    return int(near) if near else None


def as_month(cell: Cell) -> str:
    """Read a month.

    Parameters
    ----------
    cell : Cell
        Text such as ``2024-03`` or ``03/2024``, or a date.

    Returns
    -------
    str
        For instance ``2024-03``.

    Raises
    ------
    Refused
        If it is none.
    """
    _plain_value(cell)
    value = cell.value
    if isinstance(value, dt.date):
        return str(Month(value.year, value.month))
    found = _MONTH.fullmatch(str(value).strip())
    if found:
        year, month = int(found[1] or found[4]), int(found[2] or found[3])
        if 1 <= month <= _MONTHS:
            return str(Month(year, month))
    raise Refused("bad_month", got=value)


def _plain_value(cell: Cell) -> None:
    """Refuse what is not typed but calculated."""
    if cell.kind == "formula":
        raise Refused("formula", got=cell.value)
    if cell.kind == "error":
        raise Refused("error_cell", got=cell.value)
    if isinstance(cell.value, str) and looks_like_formula(cell.value):
        raise Refused("formula_text", got=cell.value)
