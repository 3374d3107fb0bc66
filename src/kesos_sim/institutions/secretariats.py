"""When the money of secretariats comes: with the budget that pays it, or as an obligation.

What a government has spent of a year's budget by the end of a month, against as many twelfths, is
the chance that the money of a secretariat has been released by then. Until it is, the secretariat
gets nothing; then it gets what it is owed for the months of the year in which it worked, and from
there on it is paid month by month. What is not released by December lapses with the budget.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.body import luck
from kesos_sim.institutions.profiles import absorption
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["Secretariats", "released"]

_JANUARY = 1
_SECOND = 1
"""Word of a body's draw in January; the first one says whether it wakes or sleeps then."""

Parameter = Callable[[str], float]


def released(spent: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of secretariats whose money has been released in a month.

    Paid up to then, they have together what the government has spent of their money.

    Parameters
    ----------
    spent : float64[13], share of the budget, spent by the end of each month

    Returns
    -------
    float64[12], share, never falling

    Examples
    --------
    >>> import numpy as np
    >>> late = np.array([0, 0, 0, 0, 0, 0, 0.25, 0, 0, 0, 0, 0, 0.9])
    >>> released(np.maximum.accumulate(late))[[4, 5, 11]].tolist()
    [0.0, 0.5, 0.9]
    """
    twelfths = np.arange(1, MONTHS_PER_YEAR + 1) / MONTHS_PER_YEAR
    return np.asarray(np.maximum.accumulate(np.minimum(spent[1:] / twelfths, 1.0)))


class Secretariats:
    """The money of the secretariats of bodies of one level.

    Parameters
    ----------
    codes : uint32[n], BPS code, of the bodies
    level : str
        ``province`` or ``district``: whose budget pays.
    parameter : function
        Value of a model parameter by id.
    key : int
        Key of the seed and replicate.

    Attributes
    ----------
    owed : int64[n], months, of this year in which the body worked and was not paid
    months : int64[n], months, for which it is paid in this month
    behind : bool[n], flag, bodies whose money has not been released yet
    usual : float
        By how much more often bodies fall dormant today for want of punctual money, a ratio.
    """

    def __init__(
        self, codes: NDArray[np.uint32], level: str, parameter: Parameter, key: int
    ) -> None:
        self._codes, self._parameter, self._key = codes, parameter, key
        self._released = released(absorption(level, parameter))
        self.owed: NDArray[np.int64] = np.zeros(codes.size, np.int64)
        self.months: NDArray[np.int64] = np.ones(codes.size, np.int64)
        self.behind: NDArray[np.bool_] = np.zeros(codes.size, np.bool_)
        late = parameter("coordination.late_money.strength") * (1.0 - self._released.mean())
        self.usual = 1.0 + parameter("coordination.secretariat.strength") * float(late)

    def release(self, month: Month, awake: NDArray[np.bool_], obliged: float) -> None:
        """Release the money of a month.

        Parameters
        ----------
        month : Month
            The month.
        awake : bool[n], flag, bodies that work
        obliged : float
            Share of the money that is an obligation, and so on time.
        """
        if month.month == _JANUARY:
            self.owed[:] = 0
        self.owed += awake
        january = month - (month.month - _JANUARY)
        drawn = luck(self._key, january.ordinal, self._codes, _SECOND)
        late = self._parameter("coordination.late_money.strength") * (1.0 - obliged)
        self.behind = drawn >= 1.0 - late * (1.0 - self._released[month.month - 1])
        paid = awake & ~self.behind
        self.months = np.where(paid, self.owed, 0)
        self.owed[paid] = 0

    def sooner(self, missing: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how much more often bodies fall dormant for want of money.

        Parameters
        ----------
        missing : float64[n], share, of the money it needs, that a secretariat does not get even
            in time

        Returns
        -------
        float64[n], ratio, to bodies with enough money that comes as it does today
        """
        short = np.where(self.behind, 1.0, missing)
        strength = self._parameter("coordination.secretariat.strength")
        return np.asarray((1.0 + strength * short) / self.usual)
