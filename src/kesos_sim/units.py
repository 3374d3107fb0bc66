"""Months and rates: the only units of time that the model needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, overload

from kesos_sim.errors import InputError

MONTHS_PER_YEAR: Final = 12
DAYS_PER_MONTH: Final = 365.25 / MONTHS_PER_YEAR
_PATTERN: Final = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2200


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, ordered, with whole-month arithmetic.

    Parameters
    ----------
    year : int
        Calendar year, 1900 to 2200.
    month : int
        Month of the year, 1 to 12.

    Examples
    --------
    >>> start = Month.parse("2024-03")
    >>> str(start + 22), Month(2026, 1) - start, start < Month(2024, 4)
    ('2026-01', 22, True)
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        """Refuse a month that no calendar has."""
        fits = 1 <= self.month <= MONTHS_PER_YEAR and _FIRST_YEAR <= self.year <= _LAST_YEAR
        if not fits:
            raise InputError(
                "KS1001", "units.month", got=f"{self.year}-{self.month:02d}", expected="2024-03"
            )

    @classmethod
    def parse(cls, text: object) -> Month:
        """Read a month written as ``2024-03``.

        Parameters
        ----------
        text : object
            What a file or an option contains.

        Returns
        -------
        Month
            The month.

        Raises
        ------
        InputError
            If it is not written that way or does not exist.
        """
        if isinstance(text, cls):
            return text
        match = _PATTERN.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise InputError("KS1001", "units.month", got=text, expected="2024-03")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def from_ordinal(cls, ordinal: int) -> Month:
        """Return the month with that number of months since January of year 0."""
        year, month = divmod(ordinal, MONTHS_PER_YEAR)
        return cls(year, month + 1)

    @property
    def ordinal(self) -> int:
        """Months since January of year 0."""
        return self.year * MONTHS_PER_YEAR + self.month - 1

    def __str__(self) -> str:
        """Return the month as files have it."""
        return f"{self.year:04d}-{self.month:02d}"

    def __add__(self, months: int) -> Month:
        """Return the month that many months later."""
        return Month.from_ordinal(self.ordinal + months)

    @overload
    def __sub__(self, other: Month) -> int: ...
    @overload
    def __sub__(self, other: int) -> Month: ...
    def __sub__(self, other: Month | int) -> Month | int:
        """Return the distance in months to a month, or the month that many months earlier."""
        if isinstance(other, Month):
            return self.ordinal - other.ordinal
        return Month.from_ordinal(self.ordinal - other)
