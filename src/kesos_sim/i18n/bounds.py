"""Numbers as files and commands have them, and ranges of what is allowed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from kesos_sim.i18n.numbers import EN_DASH

__all__ = ["Bounds", "as_written", "number_in"]


def as_written(value: float) -> str:
    """Write a number as files and commands have it: decimal point, no thousands marks.

    Parameters
    ----------
    value : float
        A finite number.

    Returns
    -------
    str
        The shortest form that means the same number.

    Examples
    --------
    >>> as_written(0.15), as_written(2000.0)
    ('0.15', '2000')
    """
    return str(int(value)) if float(value).is_integer() else format(Decimal(repr(value)), "f")


def number_in(text: object) -> float | None:
    """Read a number as files and commands have it.

    Parameters
    ----------
    text : object
        What was written.

    Returns
    -------
    int, float or None
        None for what is no finite number.

    Examples
    --------
    >>> number_in("0.2"), number_in("1 9,48")
    (0.2, None)
    """
    written = str(text).replace("_", " ")  # Python reads 1_000 as a number, files do not
    try:
        return int(written)
    except ValueError:
        pass
    try:
        found = float(written)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


@dataclass(frozen=True, slots=True)
class Bounds:
    """The smallest and the largest number that are allowed.

    Attributes
    ----------
    low, high : float
        Both are allowed, and are the same where there is one number only.

    Examples
    --------
    >>> str(Bounds(0, 0.15))
    '0 – 0.15'
    """

    low: float
    high: float

    @property
    def whole(self) -> bool:
        """Whether both are whole numbers."""
        return float(self.low).is_integer() and float(self.high).is_integer()

    def words(self, write: Callable[[float], str]) -> str:
        """Write the range for people.

        Parameters
        ----------
        write : callable
            Writes one number.

        Returns
        -------
        str
            For instance ``2.000–80.000.000``.
        """
        return EN_DASH.join(write(end) for end in self._ends())

    def __str__(self) -> str:
        """Return the range with the numbers as files and commands have them."""
        return f" {EN_DASH} ".join(as_written(end) for end in self._ends())

    def _ends(self) -> tuple[float, ...]:
        return tuple(dict.fromkeys((self.low, self.high)))
