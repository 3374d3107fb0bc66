"""Enterprises with capital from outside, and families that leave PKH with support.

Capital goes to the lowest-ranked listed households, alone (UEP, PENA, start-up stimulus) or in
groups (KUBE); enterprises fail, those with a coach less often, and those in a neighbourhood with a
family that has left its need behind (keluarga pioner) less often too. All of it happens when
records are ranked. Nothing of this exists in the base period.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.empowering import EMPOWERING_MEASURES
from kesos_sim.institutions.programmes import TOPUPS
from kesos_sim.kernels import enterprises as step
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Empowering"]

_SURVIVAL_MONTHS: Final = 24
_WORK, _LEFT, _TOPUP, _PIONEERS = slice(0, 4), slice(4, 6), slice(6, 8), 8
"""Places of counts among the measures: of enterprises, of leavers of PKH, of new cash and food, of
pioneer families."""


class Empowering:
    """Enterprises and graduates of a model.

    Parameters
    ----------
    model : the model

    Attributes
    ----------
    waiting : float64[n_districts], rupiah, capital until the next ranking
    due : float64[n_districts], rupiah, support of families that left PKH, paid next month
    enterprise : uint8[n_households], bits, see `kesos_sim.kernels.enterprises`; empty while
        nobody ever had one
    started, left : int16[n_households], month, start of the enterprise, leaving of PKH; the same
    starts : int64[n_rounds + 1, n_districts], 1/65536 households, enterprises begun at rankings:
        at the next one, and at those before it, the latest first
    effect : float32[2], log points, gain of an enterprise now, alone or in a group
    last : int64[n_districts, n_measures], 1/65536 households, counts of the last ranking
    """

    def __init__(self, model: WelfareModel) -> None:
        self._model = model
        n = model.places.codes.size
        rounds = max(1, round(_SURVIVAL_MONTHS / model.office.interval))
        self.waiting, self.due = np.zeros(n), np.zeros(n)
        self.enterprise = np.zeros(0, np.uint8)
        self.started, self.left = np.zeros(0, np.int16), np.zeros(0, np.int16)
        self.starts = np.zeros((rounds + 1, n), np.int64)
        self.effect = np.zeros(2, np.float32)
        self.last = np.zeros((n, len(EMPOWERING_MEASURES)), np.int64)

    def settle(self) -> None:
        """Do nothing: there are no enterprises from outside before the base month."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of any[n], see the attributes
        """
        names = (
            "waiting",
            "due",
            "enterprise",
            "started",
            "left",
            "starts",
            "effect",
            "last",
        )
        return {name: getattr(self, name) for name in names}

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        for name, array in kept.items():
            setattr(self, name, array)

    @property
    def counts(self) -> NDArray[np.int64]:
        """What the last ranking came to.

        int64[n_districts, n_measures], households in the order of
        `kesos_sim.indicators.empowering.EMPOWERING_MEASURES`
        """
        return np.asarray((self.last + WEIGHT_UNIT // 2) // WEIGHT_UNIT, np.int64)

    def cost(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what markets for groups and support of leavers cost this month.

        Returns
        -------
        tuple of float64[n_districts], rupiah per year
            From regional budgets, and from the national budget; the second is counted anew.
        """
        parameter, lever = self._model.scenario.parameter, self._model.lever
        market = lever("kube_network") * parameter("kube.network_cost")
        due, self.due = self.due, np.zeros_like(self.due)
        return np.full(due.size, market), due * MONTHS_PER_YEAR

    def leave(self) -> None:
        """Let families leave PKH when records were ranked, before its selection."""
        graduation = self._model.lever("pkh_graduation")
        if graduation > 0.0:
            self._make_room()
        if self.enterprise.size:
            self._leave(graduation)

    def live(self) -> None:
        """Collect capital, and use it when records were ranked."""
        model = self._model
        self.waiting = self.waiting + model.treasury.enterprise
        if not model.office.ranks(model.month):
            return
        if self.enterprise.size or self.waiting.any():
            self._make_room()
            self._work()
            self._find_pioneers()
        if model.treasury.topup_budget.any():
            self._count_unable()

    def _count_unable(self) -> None:
        """Count who gets new cash and food, and who of them cannot work."""
        world, counts = self._model.world, np.empty((self.due.size, 2), np.int64)
        step.count_unable(
            world.layout.district_stratum,
            world.layout.stratum_start,
            world.weight,
            np.uint16(self._model.mask(*TOPUPS)),
            world.households.word,
            world.households.enrolled,
            counts,
        )
        world.team.gather("district", counts)
        self.last[:, _TOPUP] = counts

    def _find_pioneers(self) -> None:
        """Count the families that are an example from now on."""
        model, world, counts = self._model, self._model.world, np.empty(self.due.size, np.int64)
        step.find_pioneers(
            np.int16(model.month - model.first),
            world.layout.district_stratum,
            world.layout.stratum_start,
            world.weight,
            world.households.record,
            world.households.welfare,
            self.started,
            self.enterprise,
            counts,
        )
        world.team.gather("district", counts)
        self.last[:, _PIONEERS] = counts

    def _make_room(self) -> None:
        """Give every household a place for an enterprise, once the first may get one."""
        if not self.enterprise.size:
            n = self._model.world.layout.n_households
            self.enterprise = np.zeros(n, np.uint8)
            self.started = np.zeros(n, np.int16)
            self.left = np.full(n, step.NEVER, np.int16)
            self.effect = self._effects()

    def _leave(self, graduation: float) -> None:
        """Let families leave PKH, each with capital and a coach."""
        model, people, world = self._model, self._model.world.households, self._model.world
        parameter, counts = model.scenario.parameter, np.empty((self.due.size, 4), np.int64)
        leaving = graduation * model.office.interval / MONTHS_PER_YEAR
        step.leave_pkh(
            world.key,
            month_word(model.month.ordinal, Stream.GRADUATION),
            people.first_id,
            np.int16(model.month - model.first),
            np.int16(parameter("graduation.wait_months")),
            world.layout.district_stratum,
            world.layout.stratum_start,
            world.weight,
            np.rint(leaving * model.parts.linking.families() * WEIGHT_UNIT).astype(np.int64),
            np.uint16(model.mask("PKH")),
            self.effect[0],
            people.word,
            people.record_score,
            people.record,
            people.enrolled,
            people.welfare,
            self.enterprise,
            self.started,
            self.left,
            people.gain,
            counts,
        )
        world.team.gather("district", counts)
        stay, poor, new, given = counts.T
        self.starts = np.concatenate([self.starts[:1] + given, self.starts[1:]])
        money = given * parameter("programme.enterprise_grant")
        money = money + new * parameter("enterprise.coaching_cost")
        self.due = self.due + money / WEIGHT_UNIT
        self.last[:, _LEFT] = np.stack([stay + new, poor], axis=1)

    def _work(self) -> None:
        """Let enterprises fail and start."""
        model, people, world = self._model, self._model.world.households, self._model.world
        parameter, lever = model.scenario.parameter, model.lever
        group, coached = lever("kube_share"), lever("enterprise_coaching")
        price = group * parameter("programme.kube_grant")
        price += (1.0 - group) * parameter("programme.enterprise_grant")
        places = self.waiting / (price + coached * parameter("enterprise.coaching_cost"))
        self.waiting = np.zeros_like(self.waiting)
        effect, counts = self._effects(), np.empty((self.due.size, 4), np.int64)
        world.team.share(
            step.run_enterprises,
            world.layout.n_districts,
            world.key,
            month_word(model.month.ordinal, Stream.ENTERPRISE),
            people.first_id,
            np.int16(model.month - model.first),
            np.int16((self.starts.shape[0] - 1) * model.office.interval),
            world.layout.district_stratum,
            world.layout.stratum_start,
            world.weight,
            np.rint(places * WEIGHT_UNIT).astype(np.int64),
            np.float32(group),
            np.float32(coached),
            lever("aid_for_earners") > 0.0,
            self._failures(),
            self.effect,
            effect,
            people.word,
            people.record_score,
            people.record,
            self.enterprise,
            self.started,
            people.gain,
            counts,
        )
        world.team.gather("district", counts)
        self.effect = effect
        working, of_earners, begun, reached = counts.T
        self.starts[0] += begun
        self.last[:, _WORK] = np.stack([working, of_earners, self.starts[-1], reached], axis=1)
        # The next ranking begins a cohort of its own.
        self.starts = np.concatenate([np.zeros_like(self.starts[:1]), self.starts[:-1]])

    def _effects(self) -> NDArray[np.float32]:
        """Return the gain while an enterprise works: float32[2], log points, alone, in a group."""
        parameter = self._model.scenario.parameter
        market = parameter("kube.network.strength") * self._model.lever("kube_network")
        return (parameter("enterprise.effect") * np.array([1.0, 1.0 + market])).astype(np.float32)

    def _failures(self) -> NDArray[np.float32]:
        """Return the share that fails between rankings.

        Published rates are of enterprises of which today's part is coached, and hold where no
        pioneer family is near.

        Returns
        -------
        float32[n_districts, 2, 2], share, by kind and coaching
        """
        parameter = self._model.scenario.parameter
        strength = parameter("enterprise.coaching.strength")
        today = parameter("lever.enterprise_coaching.default")
        yearly = np.array(
            [parameter("enterprise.failure_alone"), parameter("enterprise.failure_yearly")]
        )
        without = yearly / (1.0 - strength * today)
        both = np.minimum(np.stack([without, without * (1.0 - strength)], axis=1), 1.0)
        spared = parameter("enterprise.pioneer.strength") * self._near_pioneers()
        both = both * (1.0 - spared)[:, None, None]
        part = self._model.office.interval / MONTHS_PER_YEAR
        return (1.0 - (1.0 - both) ** part).astype(np.float32)

    def _near_pioneers(self) -> NDArray[np.float64]:
        """Return neighbourhoods with a pioneer family.

        Returns
        -------
        float64[n_districts], share of neighbourhoods, if such families live anywhere in a district
        """
        families = self.last[:, _PIONEERS] / WEIGHT_UNIT
        share = np.minimum(families / self._model.places.households, 1.0)
        neighbours = self._model.scenario.parameter("enterprise.pioneer_neighbours")
        return np.asarray(1.0 - (1.0 - share) ** neighbours)
