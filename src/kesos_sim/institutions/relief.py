"""Relief after disasters: volunteers, stocks, what other provinces send, and the long recovery.

Help comes in five stages. In the first days volunteers (Tagana) and parcels from the warehouse of
the province reach people; where either is missing, organisations, neighbours of the same province,
the nation's buffer and other provinces step in. Shelter, houses, livelihoods and psychosocial
support follow from queues, each at its own pace. Volunteers are teams that look for people by
themselves (`responders`), and work on people who were helped already is lost. Parcels and people
are whole numbers, and none is lost: a parcel is left only with those who have none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.accounts import DISASTER, PREPAREDNESS
from kesos_sim.institutions.cashier import Cashier
from kesos_sim.institutions.places import Places, province_totals
from kesos_sim.institutions.responders import Responders, deal
from kesos_sim.institutions.settlement import Spread, monthly

__all__ = ["COOPERATION", "LATER", "STAGES", "Relief", "Relieved"]

STAGES: Final = ("first_days", "shelter", "houses", "livelihood", "psychosocial")
"""Stages of relief; the first is of people, then families, houses, families, people."""
LATER: Final = STAGES[1:]
COOPERATION: Final = ("occasional", "pact", "fund")
"""Steps of the lever ``interprovince_cooperation``."""

_BY_VOLUNTEERS: Final = np.array([True, False, False, True])
"""Which later stages lose work where several help the same people; the others go by a register."""
_PAID_BY_NATION: Final = np.array([True, True, False, False])
"""Who pays the later stages: rent and houses the nation, livelihoods and support the district."""
_PAYERS: Final = 3
"""Levels of government."""
_DAYS: Final = 365.25 / 12.0

Parameter = Callable[[str], float]
Lever = Callable[[str], float]


@dataclass(frozen=True)
class Relieved:
    """What relief came to in a month.

    Attributes
    ----------
    needed, helped, aided : int64[n_districts], persons: newly in need of first help, reached by
        it, and among them through other provinces
    days : float64[n_districts], days, of all who were reached together, since they were hit
    repaired : int64[n_districts], houses
    prompt : float64[n_districts], share, of the month in which those newly in need had help
    pace : float64[4, n_districts], share per month, at which the later stages work off their queue
    visits, doubled : int64[n_districts], visits of the first days, and those of people whom others
        had reached
    """

    needed: NDArray[np.int64]
    helped: NDArray[np.int64]
    aided: NDArray[np.int64]
    days: NDArray[np.float64]
    repaired: NDArray[np.int64]
    prompt: NDArray[np.float64]
    pace: NDArray[np.float64]
    visits: NDArray[np.int64]
    doubled: NDArray[np.int64]


class Relief:
    """Volunteers, warehouses and queues of a run.

    Parameters
    ----------
    places : Places
        Districts of the run.
    parameter : function
        Value of a model parameter by id.
    usual : float64[2, n_districts], people affected and houses damaged in a month on average

    Attributes
    ----------
    waiting : int64[5, n_districts], who waits in each of `STAGES`
    waited : int64[n_districts], person-months, of those who wait for first help
    stock : int64[n_provinces + 1], parcels, of each province and in the nation's buffer
    received : int64[n_districts], persons, helped through other provinces in the last month
    bills : int64[3, n_districts], rupiah, to be paid next month by nation, province and district
    given : int64[n_provinces], rupiah, to be given next month to other provinces
    gift : int64[n_districts], rupiah, what of it each district gets
    bought : int64[n_provinces + 1], parcels, of the last month
    """

    def __init__(self, places: Places, parameter: Parameter, usual: NDArray[np.float64]) -> None:
        self._parameter, self._places = parameter, places
        n, index = places.codes.size, places.province_index
        self._index, self._first = index, np.searchsorted(index, np.arange(len(places.provinces)))
        nowhere = np.zeros(n, np.int64)
        self._everywhere = np.zeros(1, np.int64)
        self._people = Spread.by_weight(places.population, index)
        self._everyone = Spread.by_weight(places.population, nowhere)
        self._teams = Responders(places, parameter)
        self._size = places.population / places.households
        own = np.add.reduceat(places.population, self._first) * parameter("hazard.buffer_parcels")
        part = places.population.sum() / province_totals(places.year)[0].population
        self._target = np.append(own, parameter("hazard.nation_parcels") * part)
        self._pace = np.array([[parameter(f"hazard.{stage}_pace")] for stage in LATER])
        cost = np.array([[parameter(f"hazard.{stage}_cost")] for stage in LATER])
        self._cost = np.rint(cost).astype(np.int64)
        # Those who work can do some times as much as what usually happens asks of them.
        usually = self._later(usual[0] * parameter("hazard.relief_share"), usual[1])
        self._most = parameter("hazard.surge") * np.maximum(usually, 1.0)
        self.waiting = np.zeros((len(STAGES), n), np.int64)
        self.waited = np.zeros(n, np.int64)
        self.stock = np.rint(self._target).astype(np.int64)
        self.received, self.gift = np.zeros(n, np.int64), np.zeros(n, np.int64)
        self.bills = np.zeros((_PAYERS, n), np.int64)
        self.given = np.zeros(len(places.provinces), np.int64)
        self.bought = np.zeros_like(self.stock)

    def arrays(self) -> dict[str, NDArray[np.int64]]:
        """Return what is remembered from month to month.

        Returns
        -------
        dict of int64[...], see the attributes
        """
        names = ("waiting", "waited", "stock", "received", "bills", "given", "gift", "bought")
        return {name: getattr(self, name) for name in names}

    def target(self, lever: Lever) -> NDArray[np.int64]:
        """Return how many parcels warehouses are to hold.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.

        Returns
        -------
        int64[n_provinces + 1], parcels; the nation's buffer last
        """
        step = COOPERATION[int(lever("interprovince_cooperation"))]
        agreed = self._parameter("coordination.interprovince_aid.strength")
        beyond = agreed * self._parameter(f"hazard.aid_stock_{step}")
        more = np.full(self._target.size, 1.0 + beyond)
        more[-1] = 1.0
        return np.asarray(np.rint(self._target * more), np.int64)

    def by_district(self, parcels: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the part of each district in the warehouses of its province.

        Parameters
        ----------
        parcels : int64[n_provinces + 1], parcels; the nation's buffer counts nowhere

        Returns
        -------
        int64[n_districts], parcels
        """
        return self._people.split(parcels[:-1])

    def shield(self, lever: Lever) -> float:
        """Return what is left of the harm of disasters, against today's preparedness.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.

        Returns
        -------
        float
            Ratio, 0 or more.
        """
        today = self._parameter("lever.disaster_preparedness.default")
        more = lever("disaster_preparedness") - today
        return max(0.0, 1.0 - self._parameter("hazard.preparedness_effect") * more)

    # Money

    def replenish(self, lever: Lever) -> None:
        """Buy parcels where warehouses hold too few, and write the bills of it.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.
        """
        target = self.target(lever)
        most = np.ceil(self._parameter("hazard.refill") * target).astype(np.int64)
        self.bought = np.clip(target - self.stock, 0, most)
        self.stock = self.stock + self.bought
        rupiah = self.bought * round(self._parameter("hazard.parcel_price"))
        self.bills[0] += self._everyone.split(rupiah[-1:])
        self.bills[1] += self._people.split(rupiah[:-1])

    def pay(self, cashier: Cashier, lever: Lever) -> None:
        """Pay bills, what provinces give each other, drills and the cooperation of provinces.

        Parameters
        ----------
        cashier : Cashier
            Who books it.
        lever : function
            Setting of a lever in this month by its name.
        """
        parameter, people = self._parameter, self._places.population
        step = COOPERATION[int(lever("interprovince_cooperation"))]
        drills = lever("disaster_preparedness") * parameter("hazard.preparedness_cost") * people
        yearly = drills + parameter(f"hazard.aid_cost_{step}")
        of_nation, of_provinces, of_districts = self.bills
        cashier.serve("apbn", DISASTER, of_nation)
        cashier.run(DISASTER, of_districts, of_provinces)
        cashier.run(PREPAREDNESS, monthly(yearly))
        cashier.aid(DISASTER, self.given, self.gift)
        for paid in (self.bills, self.given, self.gift):
            paid[...] = 0

    # Help

    def respond(
        self,
        affected: NDArray[np.float64],
        damaged: NDArray[np.float64],
        awake: NDArray[np.bool_],
        lever: Lever,
    ) -> Relieved:
        """Help those who were hit in a month, and those who still wait.

        Parameters
        ----------
        affected : float64[n_districts], persons, newly affected
        damaged : float64[n_districts], houses, newly damaged
        awake : bool[n_districts], flag, whether the coordinating body works
        lever : function
            Setting of a lever in this month by its name.

        Returns
        -------
        Relieved
        """
        parameter = self._parameter
        force = self._teams.strength * awake
        needed = np.rint(affected * parameter("hazard.relief_share")).astype(np.int64)
        old = self.waiting[0]
        queue = old + needed
        able, visits = self._teams.go(queue, awake)
        by_source, sent = self._parcels(queue, able, awake, lever)
        helped = by_source.sum(axis=0)
        spent = (by_source * self._days(lever)[:, None] * (1.0 - force)).sum(axis=0)
        # Who waited longest is helped first.
        olds = np.minimum(old, helped)
        months = self.waited * olds // np.maximum(old, 1)
        still = queue - helped
        self.waited = self.waited - months + still
        self.waiting[0] = still
        new = helped - olds
        quick = np.maximum(1.0 - spent / np.maximum(helped, 1) / _DAYS, 0.0)
        prompt = np.where(needed > 0, new * quick / np.maximum(needed, 1), np.nan)
        pace, repaired = self._recover(needed, damaged, awake)
        self.received = by_source[-1]
        self.bills[-1] += helped * round(parameter("hazard.first_days_cost"))
        doubled = visits - able + sent - self.received
        days = spent + months * _DAYS
        return Relieved(
            needed, helped, self.received, days, repaired, prompt, pace, visits + sent, doubled
        )

    def _days(self, lever: Lever) -> NDArray[np.float64]:
        """Return days until help arrives, from province, nation and other provinces: float64[3]."""
        step = COOPERATION[int(lever("interprovince_cooperation"))]
        names = ("days_own", "days_nation", f"aid_days_{step}")
        return np.array([self._parameter(f"hazard.{name}") for name in names])

    def _parcels(
        self,
        queue: NDArray[np.int64],
        able: NDArray[np.int64],
        awake: NDArray[np.bool_],
        lever: Lever,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Hand out parcels.

        int64[3, n_districts], persons by who gave them, see `_days`; int64[n_districts], visits of
        other provinces
        """
        parameter, first, stock = self._parameter, self._first, self.stock
        asked = np.add.reduceat(able, first)
        taken = np.minimum(asked, stock[:-1])
        of_province = deal(taken, able, first)
        # The nation keeps some of its buffer for elsewhere.
        most = int(parameter("hazard.nation_share") * stock[-1])
        bare = np.minimum(asked - taken, most)
        sent = np.minimum(bare.sum(keepdims=True), stock[-1:])
        to_province = deal(sent, bare, self._everywhere)
        of_nation = deal(to_province, able - of_province, first)
        stock[:-1] -= taken
        stock[-1] -= sent[0]
        # Other provinces send volunteers along, one visit for each parcel that they can spare.
        before = of_province + of_nation
        missing = queue - before
        lacking = np.add.reduceat(missing, first)
        step = COOPERATION[int(lever("interprovince_cooperation"))]
        give = parameter("coordination.interprovince_aid.strength")
        give *= parameter(f"hazard.aid_give_{step}")
        beyond = stock[:-1] - parameter("hazard.aid_reserve") * self._target[:-1]
        spare = np.where(lacking > 0, 0.0, give * np.maximum(beyond, 0.0)).astype(np.int64)
        total = np.minimum(spare.sum(keepdims=True), lacking.sum(keepdims=True))
        sent = deal(total, missing, self._everywhere)
        after, visits = self._teams.search(queue, before, sent[:, None].astype(np.float64), awake)
        of_others = after - before
        given = deal(of_others.sum(keepdims=True), spare, self._everywhere)
        stock[:-1] -= given
        cash = round(parameter("hazard.aid_cash"))
        self.given, self.gift = self.given + given * cash, self.gift + of_others * cash
        return np.array([of_province, of_nation, of_others]), visits - before

    def _later(
        self, needed: NDArray[np.float64], damaged: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return who needs the later stages: float64[4, n_districts], families, houses, persons."""
        heavy = damaged * self._parameter("hazard.heavy_share")
        living = needed / self._size * self._parameter("hazard.livelihood_share")
        return np.array(
            [heavy, damaged, living, needed * self._parameter("hazard.psychosocial_share")]
        )

    def _recover(
        self,
        needed: NDArray[np.int64],
        damaged: NDArray[np.float64],
        awake: NDArray[np.bool_],
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Work off the later stages: their pace, float64[4, n_districts], and houses repaired."""
        new = np.rint(self._later(needed.astype(np.float64), damaged)).astype(np.int64)
        queue = self.waiting[1:] + new
        pace = np.minimum(self._pace, self._most / np.maximum(queue, 1))
        pace[_BY_VOLUNTEERS] = self._teams.useful(pace[_BY_VOLUNTEERS], awake)
        done = np.minimum(np.ceil(queue * pace).astype(np.int64), queue)
        self.waiting[1:] = queue - done
        cost = done * self._cost
        self.bills[0] += cost[_PAID_BY_NATION].sum(axis=0)
        self.bills[-1] += cost[~_PAID_BY_NATION].sum(axis=0)
        return np.where(queue > 0, pace, np.nan), done[1]
