"""Disasters of a month: what strikes, whom it hits, who helps, and how households recover.

The published base month already contains the disasters of an average year. Until the base month
households are therefore hit as in the average month, and the anchor knows it; from then on events
happen one by one, and help counts by how much it is better or worse than usual. See
docs/decisions/0006-disasters.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.adaptive import EmergencyCash, emergency_cash
from kesos_sim.institutions.hazards import HazardRates
from kesos_sim.institutions.relief import LATER, Relief, Relieved
from kesos_sim.institutions.treasury import Treasury
from kesos_sim.kernels.hazards import feel
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.rng import Stream, month_word
from kesos_sim.scenario.parts import DISASTERS
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Hazards"]

_FINE: Final = 1000.0
"""Parts of a person's log point in which losses are counted."""


class Hazards:
    """Disasters and relief of a model.

    Parameters
    ----------
    model : the model

    Attributes
    ----------
    rates : what strikes on average
    relief : those who help, and what they have
    felt : float32[n_households], log points, loss from disasters now
    lost : float64[12, n_districts], person log points, loss at once by month of the year
    kept : float64[12, n_districts], share, part of a loss that outlived the month, likewise
    usual : float64[5], share, promptness of first help and pace of later stages in the baseline
    last : what the last month came to; None before the first
    """

    def __init__(self, model: WelfareModel) -> None:
        self._model = model
        parameter, places = model.scenario.parameter, model.places
        spread, most = (parameter(f"hazard.size_{name}") for name in ("spread", "most"))
        self.rates = HazardRates.of(places, spread, most)
        self._usual = self.rates.usual
        self.relief = Relief(places, parameter, self._usual)
        n = places.codes.size
        self._each = self._usual[1].sum() / self._usual[0].sum()
        self.felt = np.zeros(model.world.layout.n_households, np.float32)
        self.lost = np.zeros((MONTHS_PER_YEAR, n))
        self.kept = np.full((MONTHS_PER_YEAR, n), parameter("hazard.monthly_keep"))
        self.usual = np.ones(1 + len(LATER))
        self.last: NDArray[np.int64] | None = None
        self._past = np.zeros(n), np.zeros(n)
        strata = model.world.targets.strata
        first = model.world.layout.district_stratum[:-1]
        real = model.world.weight * np.diff(model.world.layout.stratum_start) / WEIGHT_UNIT
        self._households = np.add.reduceat(real, first)
        self._people = np.add.reduceat(strata.population, first)
        self._size = self._people / self._households
        self._line = np.add.reduceat(strata.population * strata.line, first) / self._people

    def settle(self) -> None:
        """Live some years before the first month, so that stocks and queues are as usual."""
        model, relief = self._model, self.relief
        awake = model.parts.serving.bodies.awake
        months = int(model.scenario.parameter("hazard.settle_months"))
        total, weight = np.zeros(self.usual.size), np.zeros(self.usual.size)
        for before in range(months, 0, -1):
            relief.replenish(model.lever)
            _, people, houses = self.rates.draw(int(model.world.key), model.first - before)
            queue = relief.waiting[1:].copy()
            found = relief.respond(people, houses, awake, model.lever)
            of = np.concatenate([found.needed[None], queue])
            measured = np.concatenate([found.prompt[None], found.pace])
            known = np.isfinite(measured)
            total += np.where(known, measured * of, 0.0).sum(axis=1)
            weight += np.where(known, of, 0).sum(axis=1)
        self.usual = np.where(weight > 0.0, total / np.maximum(weight, 1.0), 1.0)
        for bill in (relief.bills, relief.given, relief.gift):
            bill[...] = 0

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of any[n], see `Relief` and the attributes
        """
        own = {name: getattr(self, name) for name in ("felt", "lost", "kept", "usual")}
        return own | self.relief.arrays()

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        for name in ("felt", "lost", "kept", "usual"):
            setattr(self, name, kept[name].copy())
        for name in self.relief.arrays():
            setattr(self.relief, name, kept[name].copy())

    @property
    def counts(self) -> NDArray[np.int64]:
        """What the month came to.

        int64[n_districts, n_measures], counts in the order of
        `kesos_sim.indicators.hazards.HAZARD_MEASURES`
        """
        if self.last is None:
            raise ValueError("no month has been lived yet")
        return self.last

    @property
    def aided(self) -> NDArray[np.bool_]:
        """Districts that other provinces helped in the last month: bool[n_districts], flag."""
        return np.asarray(self.relief.received > 0)

    def pay(self, treasury: Treasury) -> None:
        """Fill warehouses, and pay what the month before cost.

        Parameters
        ----------
        treasury : who pays
        """
        lever = self._model.lever
        self.relief.replenish(lever)
        self.relief.pay(treasury.cashier, lever)

    def live(self, month: Month) -> None:
        """Let disasters strike, help arrive and households recover.

        Parameters
        ----------
        month : the month
        """
        model = self._model
        lever, awake = model.lever, model.parts.serving.bodies.awake
        shield = self.relief.shield(lever)
        _, people, houses = self.rates.draw(int(model.world.key), month)
        people, houses = np.minimum(people, self._people), np.minimum(houses, self._households)
        named = self._named(month)
        by_name = np.zeros_like(people)
        for share, _, _ in named:
            by_name += share * self._people
        affected = people + by_name
        damaged = shield * (houses + self._each * by_name)
        found = self.relief.respond(shield * affected, damaged, awake, lever)
        cash = self._cash(affected)
        self.relief.bills[0] += cash.rupiah
        self._hit(month, people, houses, named, shield, found, cash.spared)
        self._count(month, affected, damaged, found, cash.families)

    def _cash(self, affected: NDArray[np.float64]) -> EmergencyCash:
        """Return the cash that this month's disasters trigger."""
        model, world = self._model, self._model.world
        reach = model.lever("adaptive_cash") if model.row > 0 else 0.0
        start, welfare = world.layout.district_start, np.zeros(affected.size)
        for district in np.flatnonzero(affected) if reach else ():
            own = world.households.welfare[start[district] : start[district + 1]]
            welfare[district] = own.mean(dtype=np.float64)
        if reach:
            world.team.gather("district", welfare)
        return emergency_cash(
            model.scenario.parameter,
            reach,
            affected,
            self._people,
            self._size,
            welfare * self._line * self._size,
        )

    def _named(self, month: Month) -> list[tuple[NDArray[np.float64], float, int]]:
        """Return disasters of the scenario: share hit float64[n_districts], loss, number."""
        found = []
        for number, event in enumerate(self._model.decisions.events):
            first = max(event.month, self._model.scenario.start + 1)
            if event.hazard in DISASTERS and month == first:
                inside = np.isin(self._model.places.codes, event.districts)
                found.append((np.where(inside, event.share, 0.0), event.severity, number))
        return found

    def _hit(
        self,
        month: Month,
        people: NDArray[np.float64],
        houses: NDArray[np.float64],
        named: list[tuple[NDArray[np.float64], float, int]],
        shield: float,
        found: Relieved,
        spared: NDArray[np.float64],
    ) -> None:
        """Let households lose and recover; until the base month, as in the average month."""
        model = self._model
        parameter, world = model.scenario.parameter, model.world
        small, large = parameter("hazard.loss"), parameter("hazard.loss_house")
        keep = np.full(people.size, parameter("hazard.monthly_keep"))
        harm = np.ones(people.size)
        if model.row <= 0:
            people, houses = self._usual
        else:
            effect = parameter("hazard.relief_effect")
            later = np.where(found.needed > 0, found.prompt - self.usual[0], 0.0)
            harm = np.maximum(shield * (1.0 - effect * later), 0.0)
            faster = found.pace / self.usual[1:, None]
            known = np.isfinite(faster)
            mean = np.where(known, faster - 1.0, 0.0).sum(axis=0) / np.maximum(known.sum(0), 1)
            speed = np.maximum(1.0 + parameter("hazard.recovery_effect") * mean, 0.0)
            keep = np.maximum(1.0 - (1.0 - keep) * speed, 0.0)
        share, homes = np.minimum(people / self._people, 1.0), houses / self._households
        world.team.share(
            feel,
            world.layout.n_districts,
            world.key,
            month_word(month.ordinal, Stream.HAZARD_HOUSEHOLD),
            world.households.first_id,
            world.layout.district_start,
            homes.astype(np.float32),
            np.maximum(share, homes).astype(np.float32),
            np.maximum(large * harm - spared, 0.0).astype(np.float32),
            np.maximum(small * harm - spared, 0.0).astype(np.float32),
            keep.astype(np.float32),
            world.rules.loss_keep,
            self.felt,
            world.households.loss,
        )
        lost = self._people * harm * (homes * large + np.maximum(share - homes, 0.0) * small)
        for inside, severity, number in named:
            size = np.maximum(severity * harm - spared, 0.0).astype(np.float32)
            event = model.decisions.events[number]
            for loss in (self.felt, world.households.loss):
                world.strike(event.month, number, inside.astype(np.float32), size, loss)
            lost += inside * self._people * severity * harm
        place = month.ordinal % MONTHS_PER_YEAR
        before = self.lost[place].copy()
        self.lost[place], self.kept[place] = lost, keep
        self._past = before, before * (1.0 - self.kept.prod(axis=0))

    def _count(
        self,
        month: Month,
        affected: NDArray[np.float64],
        damaged: NDArray[np.float64],
        found: Relieved,
        families: NDArray[np.int64],
    ) -> None:
        """Count the month."""
        relief, lever = self.relief, self._model.lever
        before, recovered = (_FINE * of for of in self._past)
        self.last = np.array(
            [
                np.rint(affected).astype(np.int64),
                found.needed,
                found.helped,
                np.rint(found.days).astype(np.int64),
                relief.waiting[0],
                found.aided,
                relief.by_district(relief.stock),
                relief.by_district(relief.target(lever)),
                np.rint(damaged).astype(np.int64),
                relief.waiting[2],
                found.repaired,
                np.rint(before).astype(np.int64),
                np.rint(recovered).astype(np.int64),
                families,
            ],
            np.int64,
        ).T
