"""What a check of the tables found, in words: places by name, months, and what rows are about."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.data.reading import registry
from kesos_sim.data.regions import region_name
from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.data.catalogue import Check

__all__ = ["found_words", "where_words"]

_CODE: Final = re.compile(r"[0-9]{2}|[0-9]{4}", re.ASCII)
_MONTH: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_YEAR: Final = re.compile(r"\b[0-9]{4}\b", re.ASCII)
_YEARS: Final = re.compile(r"([0-9]{4})-([0-9]{4})", re.ASCII)


def found_words(check: Check, lang: str) -> str:
    """Say what a check found, and where, for people.

    Parameters
    ----------
    check : Check
        One finding about the tables.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Number of comparisons, largest difference, place; for a failure the file and line.
    """
    return replace(check, where=where_words(check.where, lang)).measured(lang)


def where_words(where: str, lang: str) -> str:
    """Write the place of a finding in words.

    Parameters
    ----------
    where : str
        As a check has it, for instance ``3573 2024 lks_active_share``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance ``Kota Malang, 2024, bagian LKS yang aktif``; what has no words stays.
    """
    whole = word("detail", where, lang)
    if not where or (whole != where and all(year in whole for year in _YEAR.findall(where))):
        return whole
    return ", ".join(_part(part, lang) for part in where.split())


def _part(part: str, lang: str) -> str:
    """Write one code, month, span of years, number of a row, name of a table or word."""
    if part in registry():
        return registry()[part].title[lang]
    if part.startswith("#"):
        return i18n.text("data.check_part.row", lang, number=part[1:])
    return _date(part, lang) or _region(part, lang) or word("detail", part, lang)


def _date(part: str, lang: str) -> str:
    """Write a month or a span of years; empty for what is neither."""
    if _MONTH.fullmatch(part):
        return numbers.month_name(Month.parse(part), lang)
    years = _YEARS.fullmatch(part)
    return f"{years[1]}{numbers.EN_DASH}{years[2]}" if years else ""


def _region(part: str, lang: str) -> str:
    """Write the region of a code; empty where there is none, as for a year."""
    try:
        return region_name(part, lang) if _CODE.fullmatch(part) else ""
    except InputError:
        return ""
