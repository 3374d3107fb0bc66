"""Months, dates and fiscal years in words."""

from __future__ import annotations

import datetime as dt
from typing import Final, Protocol

from kesos_sim import i18n

__all__ = ["YearMonth", "date", "fiscal_year", "month_name"]

_LOCALE: Final = {"id": "id", "en": "en_GB"}


class YearMonth(Protocol):
    """What `month_name` needs to know of a month."""

    @property
    def year(self) -> int:
        """Calendar year."""

    @property
    def month(self) -> int:
        """Month of the year, 1 to 12."""


def month_name(month: YearMonth, lang: str) -> str:
    """Write a month, for instance ``Maret 2024``.

    Parameters
    ----------
    month : Month
        Anything with a year and a month.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Name and year.

    Examples
    --------
    >>> from kesos_sim.units import Month
    >>> month_name(Month(2024, 3), "id"), month_name(Month(2024, 3), "en")
    ('Maret 2024', 'March 2024')
    """
    return _date(dt.date(month.year, month.month, 1), "MMMM y", lang)


def date(day: dt.date, lang: str, *, weekday: bool = False) -> str:
    """Write a date, for instance ``Sabtu, 21 November 2026``.

    Parameters
    ----------
    day : datetime.date
        The date.
    lang : str
        ``id`` or ``en``.
    weekday : bool
        Begin with the day of the week.

    Returns
    -------
    str
        The date.

    Examples
    --------
    >>> import datetime as dt
    >>> date(dt.date(2008, 8, 20), "id", weekday=True), date(dt.date(2008, 8, 20), "en")
    ('Rabu, 20 Agustus 2008', '20 August 2008')
    """
    return _date(day, "EEEE, d MMMM y" if weekday else "d MMMM y", lang)


def fiscal_year(year: int, lang: str) -> str:
    """Write a fiscal year, for instance ``TA 2027``.

    Parameters
    ----------
    year : int
        Calendar year of the budget.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The year with the customary abbreviation.

    Examples
    --------
    >>> fiscal_year(2024, "id"), fiscal_year(2024, "en")
    ('TA 2024', 'FY 2024')
    """
    return i18n.text("numbers.fiscal_year", lang, year=str(year))


def _date(day: dt.date, pattern: str, lang: str) -> str:
    from babel.dates import format_date

    return str(format_date(day, format=pattern, locale=_LOCALE[i18n.known_language(lang)]))
