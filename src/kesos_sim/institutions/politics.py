"""Political support for social welfare: how councils are won, what that costs, and their bylaws.

Every province and every district with a council of its own has a level of support. It fades to
what is usual; rounds of dialogue, explaining the law, and coordinating bodies that advocate each
win a part of what is missing. Support shortens the way of a bylaw (`kesos_sim.institutions.perda`);
beyond that of the base period it makes councils take up bills by themselves more often, and lets
a budget share that was decided be reached sooner. It decides on none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.backing import Backing
from kesos_sim.institutions.bkkks import Coordination
from kesos_sim.institutions.perda import Bills
from kesos_sim.institutions.places import Places
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["Politics"]

_LEAST: Final = 1e-12
Parameter = Callable[[str], float]
Lever = Callable[[str], float]


class Politics:
    """The councils of a run: provinces first, then districts.

    Parameters
    ----------
    places : Places
        Districts of the run.
    councils : bool[n_districts], flag, districts with a council of their own
    parameter : function
        Value of a model parameter by id.
    key : int
        Key of the seed and replicate.

    Attributes
    ----------
    support, usual : float64[n_provinces + n_districts], share, support in the council, now and in
        the base period
    understanding : float64[n_districts], share, of the law among organisations and agencies
    bills : Bills
        Their bylaws.
    """

    def __init__(
        self, places: Places, councils: NDArray[np.bool_], parameter: Parameter, key: int
    ) -> None:
        self._places, self._parameter = places, parameter
        provinces = len(places.provinces)
        self._above = places.province_index
        self._own = slice(provinces, None)
        self._has_council = np.concatenate([np.ones(provinces, np.bool_), councils])
        codes = np.concatenate([np.array(places.provinces, np.int64), places.codes])
        self.bills = Bills(codes, parameter, key)
        self.support = np.full(codes.size, parameter("politics.support_today"))
        self.usual = self.support
        self.understanding = np.zeros(places.codes.size)

    def live(
        self, month: Month, lever: Lever, bodies: Coordination, *, by_themselves: bool
    ) -> None:
        """Let support fade and be won, and bills move.

        Parameters
        ----------
        month : Month
            The month.
        lever : function
            Setting of a lever in this month by its name.
        bodies : Coordination
            Those who advocate; they get what councils give them.
        by_themselves : bool
            Whether councils may take up bills that nobody decided on.
        """
        self.win(lever, bodies.voice(lever))
        if self.bills.new_council(month):
            usual = self._parameter("politics.support_today")
            self.support = usual + self._parameter("politics.support_carried") * (
                self.support - usual
            )
        initiative = self.initiative if by_themselves else np.zeros_like(self.support)
        self.bills.live(month, self.support, self.wanted(lever), initiative)
        bodies.backing = self.backing

    def win(self, lever: Lever, voice: NDArray[np.float64]) -> None:
        """Let a month of contact win support and understanding, and let both fade.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.
        voice : float64[n_provinces + n_districts], share, of bodies that advocate
        """
        parameter, month = self._parameter, 1.0 / MONTHS_PER_YEAR
        rounds, reach = lever("political_dialogue"), lever("regulation_outreach")
        missed = (1.0 - parameter("politics.dialogue_gain")) ** (rounds * month)
        missed *= (1.0 - parameter("politics.outreach_support") * reach) ** month
        silent = (1.0 - parameter("coordination.advocacy.strength") * voice) ** month
        usual, keep = parameter("politics.support_today"), parameter("politics.support_keep")
        kept = usual + keep * (self.support - usual)
        self.support = 1.0 - (1.0 - kept) * missed * silent
        unclear = (1.0 - parameter("politics.outreach_understanding") * reach) ** month
        self.understanding = 1.0 - (1.0 - keep * self.understanding) * unclear

    def wanted(self, lever: Lever) -> NDArray[np.bool_]:
        """Return which regions have decided to make a bylaw.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.

        Returns
        -------
        bool[n_provinces + n_districts], flag
        """
        levels = int(lever("welfare_bylaw"))
        wanted = self._has_council & (levels > 0)
        wanted[self._own] &= levels > 1
        return wanted

    @property
    def more_support(self) -> NDArray[np.float64]:
        """Support beyond that of the base period.

        float64[n_provinces + n_districts], share of what was missing then, 0 or more
        """
        missing = np.maximum(1.0 - self.usual, _LEAST)
        return np.asarray(np.maximum(self.support - self.usual, 0.0) / missing)

    @property
    def initiative(self) -> NDArray[np.float64]:
        """Chance that a council takes up a bill by itself.

        float64[n_provinces + n_districts], share per month; none where there is no council
        """
        today, gain = (self._parameter(f"politics.initiative{of}") for of in ("", "_gain"))
        yearly = np.minimum(today + gain * self.more_support, 1.0)
        return np.asarray(self._has_council * (1.0 - (1.0 - yearly) ** (1.0 / MONTHS_PER_YEAR)))

    @property
    def pace(self) -> NDArray[np.float64]:
        """By how much sooner a budget share that was decided is reached.

        float64[n_provinces + n_districts], ratio, 0 as in the base period
        """
        return np.asarray(self._parameter("politics.budget_speed") * self.more_support)

    @property
    def backing(self) -> Backing:
        """What councils give to coordinating bodies."""
        law, own = self.bills.law, self._own
        provinces = law[: own.start]
        return Backing(
            law=law[own] | provinces[self._above],
            law_of_province=provinces,
            understanding=self.understanding.astype(np.float32),
        )

    @property
    def months(self) -> NDArray[np.int64]:
        """From taking a bill up to the first bylaw that holds.

        int64[n_districts], months, zero where none holds
        """
        bills = self.bills
        last = np.iinfo(np.int64).max
        enacted = np.where(bills.law, bills.enacted, last)
        own, above = self._own, self._above
        first = np.minimum(enacted[own], enacted[above])
        since = np.where(enacted[own] <= enacted[above], bills.since[own], bills.since[above])
        return np.where(first < last, first - since, 0)

    @property
    def mean_support(self) -> NDArray[np.float64]:
        """Support in the councils over each district, its own and its province's.

        float64[n_districts], share, their mean; where there is no own council, the province's
        """
        own, above = self.support[self._own], self.support[self._above]
        return np.asarray(np.where(self._has_council[self._own], (own + above) / 2.0, above))

    def cost(self, lever: Lever) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what dialogue, explaining the law and drafting cost.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.

        Returns
        -------
        tuple of float64[n_districts], rupiah per year, paid by districts and by their province
        """
        parameter, places = self._parameter, self._places
        council = lever("political_dialogue") * parameter("politics.dialogue_cost")
        drafts = self.bills.underway * parameter("politics.bylaw_cost")
        yearly = council * self._has_council + drafts
        outreach = lever("regulation_outreach") * parameter("politics.outreach_cost")
        shares = places.share_of_province["population"]
        return yearly[self._own] + outreach, yearly[self._above] * shares

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of any[n], see the attributes
        """
        own = {
            "support": self.support,
            "usual": self.usual,
            "understanding": self.understanding,
        }
        return own | self.bills.arrays()

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        self.support, self.usual = kept["support"], kept["usual"]
        self.understanding = kept["understanding"]
        self.bills.restore(kept)
