"""The coordinating bodies of provinces and of the nation, which pass practice on to those below.

Where the body above works, dormant bodies below are revived at a quicker pace than usual; where it
does not, at a slower one. Usual is how often bodies above work with the standing of today, so that
today's bodies wake as often as their own chances say. How often the national body falls dormant
today is what happens without money for a secretariat of its own; with it, it lasts longer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.body import Bkkks, chances, luck, missing, monthly, secretariat
from kesos_sim.institutions.places import Places
from kesos_sim.institutions.secretariats import Secretariats
from kesos_sim.units import Month

__all__ = ["BodiesAbove"]

_TURNS: Final = ("wake", "sleep")
_LEAST: Final = 1e-12
_AT_FIRST: Final = 0
"""Use of the draw that says which bodies work at first; months have other numbers."""

Parameter = Callable[[str], float]


class BodiesAbove:
    """The national body and those of the provinces of a run.

    Parameters
    ----------
    model : mesa.Model
        The model they live in.
    places : Places
        Districts of the run.
    parameter : function
        Value of a model parameter by id.
    key : int
        Key of the seed and replicate.

    Attributes
    ----------
    bodies : tuple of Bkkks
        The national body, then those of the provinces.
    awake : bool[1 + n_provinces], flag, those that work, in the same order
    secretariats : Secretariats
        The money of the secretariats of provinces, as it is released.
    """

    def __init__(self, model: Any, places: Places, parameter: Parameter, key: int) -> None:
        self._parameter, self._key = parameter, key
        self._codes = np.array((0, *places.provinces), np.uint32)
        self._province = places.province_index
        self.bodies = tuple(Bkkks(model, int(code)) for code in self._codes)
        self.secretariats = Secretariats(self._codes[1:], "province", parameter, key)
        today = int(parameter("lever.bkkks_standing.default"))
        wake, sleep = (self._chances(what, np.array([today])) for what in _TURNS)
        self._usual = wake / np.maximum(wake + sleep, _LEAST)
        usual = self._usual[np.minimum(np.arange(self._codes.size), 1)]
        self.awake: NDArray[np.bool_] = luck(key, _AT_FIRST, self._codes) < usual

    def live(
        self,
        month: Month,
        standing: NDArray[np.int64],
        *,
        coordinated: bool,
        paid: float = 0.0,
    ) -> None:
        """Let bodies wake and sleep in a month.

        Parameters
        ----------
        month : Month
            The month.
        standing : int64[n_provinces], step, of provincial bodies
        coordinated : bool
            Whether any body may work.
        paid : float
            Rupiah per year for the secretariat of the national body.
        """
        sleep, wake = (self._chances(what, standing) for what in ("sleep", "wake"))
        drawn = luck(self._key, month.ordinal, self._codes)
        pace = np.ones(drawn.size)
        pace[1:] = self._pace(0, self.awake[:1])
        still = (1.0 - wake) ** pace
        sooner = np.ones(drawn.size)
        money = secretariat(self._parameter, standing)
        sooner[0] = self._against_unpaid(paid)
        sooner[1:] = self.secretariats.sooner(missing(self._parameter, money))
        busy = (1.0 - sleep) ** sooner
        awake = np.where(self.awake, drawn >= 1.0 - busy, drawn >= still) & coordinated
        for place in np.flatnonzero(awake != self.awake).tolist():
            self.bodies[place].change(month, bool(awake[place]))
        self.awake = awake

    def _against_unpaid(self, paid: float) -> float:
        """Return how much more often the national body falls dormant than without any money."""
        strength = self._parameter("coordination.secretariat.strength")
        short = missing(self._parameter, np.array([paid, 0.0]))
        with_money, without = (1.0 + strength * short).tolist()
        return float(with_money / without)

    @property
    def of_provinces(self) -> NDArray[np.bool_]:
        """Provincial bodies that work: bool[n_provinces], flag."""
        return self.awake[1:]

    @property
    def pace(self) -> NDArray[np.float64]:
        """Pace at which dormant bodies of districts wake: float64[n_districts], usual is 1."""
        return np.asarray(self._pace(1, self.of_provinces)[self._province])

    def _pace(self, level: int, above: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the pace below bodies of a level: float64[n], usual is 1."""
        practice = self._parameter("coordination.practice")
        return np.asarray(1.0 + practice * (above - self._usual[level]))

    def _chances(self, what: str, standing: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the chances of a month: float64[1 + n_provinces], share."""
        nation = monthly(self._parameter(f"coordination.national_{what}"))
        return np.concatenate([[nation], chances(self._parameter, what, standing)])
