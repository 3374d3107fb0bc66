"""Neighbourhood groups of a month: who starts one, what they collect and pay, what families feel.

Households belong to the group of their neighbourhood (`kesos_sim.model.pooling`). The published
figures contain today's groups, so that households feel only what differs from what their own
neighbourhood had, and up to the base month nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.community import COMMUNITY_MEASURES
from kesos_sim.institutions.accounts import (
    ARISAN,
    COMMUNITY,
    MUTUAL_HELP,
    WKSBM,
    Stage,
    in_a_row,
)
from kesos_sim.institutions.wksbm import Wksbm, WksbmTable, group_unit
from kesos_sim.kernels.pools import COUNTED, REACH_UNIT, live_groups
from kesos_sim.model.pooling import Pooling
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Community"]

_REACH: Final = COUNTED.index("reach")
_SHOCKS: Final = ("illness", "death")


class Community:
    """The neighbourhood groups of a model.

    Parameters
    ----------
    model : the model

    Attributes
    ----------
    groups : the groups
    unit : real groups that one of them stands for
    totals : int64[n_districts, 13], of the last month, in groups that stand for ``unit`` real ones
    pooling : which households belong to them
    expected : float64[n_groups, 4], rupiah per household, what those of each neighbourhood expect
        to pay and to get
    usual : float64[n_districts], share, what they expect the reach of the groups to be
    lived : int64[1], months, over which households have come to expect it
    waiting : float64[n_districts], groups, begun and not yet whole
    lost : int64[n_districts], rupiah, what the month's illnesses and deaths take from households
    watched : groups that somebody follows, by their number
    """

    def __init__(self, model: WelfareModel) -> None:
        self._model = model
        parameter, places, world = model.scenario.parameter, model.places, model.world
        self.unit = group_unit(parameter, places, world.layout.n_households)
        self.groups = WksbmTable.draw(
            places, parameter, int(world.key), self.unit, model.scenario.own_data
        )
        more = self.groups.ties_against_today(parameter("wksbm.member_groups")) - 1.0
        self._ties = (1.0 + parameter("wksbm.ties.strength") * more).astype(np.float32)
        n = places.codes.size
        self.totals = np.zeros((n, len(COUNTED)), np.int64)
        self.expected = np.zeros((self.groups.identity.size, 4))
        self.usual = np.zeros(n)
        self.lived = np.zeros(1, np.int64)
        self.waiting = np.zeros(n)
        self.lost = np.zeros(n, np.int64)
        self.watched: dict[int, Wksbm] = {}
        self._slots = in_a_row(model.ledger.slots(places.codes))
        self._shock = self._chances()
        self.pooling = Pooling(model, self.groups, self._shock)

    def _chances(self) -> NDArray[np.float64]:
        """Return illnesses and deaths: float64[n_districts, 2], share of households per month."""
        world = self._model.world
        strata, cut = world.targets.strata, world.layout.district_stratum[:-1]
        limit = world.rules.shock_limit[:, : len(_SHOCKS)]
        chance = np.diff(limit, axis=1, prepend=0)[strata.area] / (1 << 16)
        real = world.weight * np.diff(world.layout.stratum_start)
        households = np.add.reduceat(real, cut).astype(np.float64)
        return np.asarray(np.add.reduceat(chance * real[:, None], cut) / households[:, None])

    # What a part offers

    def settle(self) -> None:
        """Let groups live some years before the first month, so that funds and activity settle."""
        for before in range(int(self._model.scenario.parameter("wksbm.settle_months")), 0, -1):
            self._live_groups(self._model.first - before, 0.0)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of any[n], see `WksbmTable` and the attributes
        """
        found = {f"groups.{name}": array for name, array in self.groups.arrays().items()}
        own = ("totals", "expected", "usual", "lived", "waiting", "lost")
        return found | {name: getattr(self, name) for name in own}

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        for name, array in kept.items():
            owner = self.groups if name.startswith("groups.") else self
            setattr(owner, name.removeprefix("groups."), array)

    @property
    def counts(self) -> NDArray[np.int64]:
        """What the month came to.

        int64[n_districts, n_measures], counts in the order of
        `kesos_sim.indicators.community.COMMUNITY_MEASURES`
        """
        of, groups = self._real(), self.groups
        led, tied = self.unit * groups.within(groups.led_by_women(self._women), groups.ties)
        households = self._model.places.households
        paid = of["illness"] + of["death"]
        # A loss wanes by itself; what is lost until then counts, not only the first month.
        lasting = self.lost / (1.0 - float(self._model.world.rules.loss_keep))
        columns = {
            "active": of["active"],
            "dormant": of["dormant"],
            "households": households,
            "members": of["members"],
            "fund": of["fund"],
            "paid": paid + of["care"],
            "paid_for_shocks": paid,
            "members_lose": lasting * np.minimum(of["members"] / households, 1.0),
            "cohesion": self.cohesion * households,
            "led_by_women": led,
            "member_groups": tied,
        }
        found = np.array([columns[name] for name in COMMUNITY_MEASURES], np.float64)
        return np.rint(found).astype(np.int64).T

    def _real(self) -> dict[str, NDArray[np.int64]]:
        """Return the totals of the month in real groups, by name: int64[n_districts] each."""
        return dict(zip(COUNTED, (self.unit * self.totals).T, strict=True))

    # What others ask for

    @property
    def reach(self) -> NDArray[np.float64]:
        """Households near active groups whose managers know whom to ask.

        float64[n_districts], share
        """
        near = self.unit * self.totals[:, _REACH] / REACH_UNIT
        return np.asarray(np.minimum(near / self._model.places.households, 1.0))

    @property
    def cohesion(self) -> NDArray[np.float64]:
        """How much people of a district stand together: float64[n_districts], index 0 to 100."""
        return self._cohesion(self.reach)

    @property
    def usual_cohesion(self) -> NDArray[np.float64]:
        """The same in the base period: float64[n_districts], index 0 to 100."""
        return self._cohesion(self.usual)

    def _cohesion(self, reach: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how much people stand together where groups reach so far."""
        parameter = self._model.scenario.parameter
        found = parameter("wksbm.cohesion_base") + parameter("wksbm.cohesion_gain") * reach
        return np.asarray(np.minimum(found, 100.0))

    @property
    def referred(self) -> NDArray[np.float32]:
        """Free places of organisations to which groups bring people whom nobody serves.

        float32[n_districts], share
        """
        strength = self._model.scenario.parameter("wksbm.referral.strength")
        return np.asarray(np.minimum(strength * self.reach, 1.0), np.float32)

    @property
    def voices(self) -> NDArray[np.float64]:
        """Proposals and objections against those of the baseline: float64[n_districts], ratio."""
        strength = self._model.scenario.parameter("wksbm.usul.strength")
        expected = self.reach if self._model.row <= 0 else self.usual
        return np.asarray(np.maximum(1.0 + strength * (self.reach - expected), 0.0))

    def group(self, number: int) -> Wksbm:
        """Return a group as an agent, and follow it from now on.

        Parameters
        ----------
        number : int
            Its place among the groups.

        Returns
        -------
        Wksbm
        """
        if number not in self.watched:
            members = self.pooling.members(number)
            self.watched[number] = Wksbm(self._model, self.groups, number, members)
        return self.watched[number]

    # The month

    def begin(self, lever: Callable[[str], float]) -> None:
        """Start new groups; governments pay for that, what they begin with, and for training.

        They also pay for accompanying women who lead more groups than today.

        Groups are published for today, so that none is added before the base month.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.
        """
        growth, training = lever("wksbm_growth"), lever("wksbm_training")
        women = max(0.0, self._women - self._women_today)
        if self._model.row <= 0 or growth == training == women == 0.0:
            return
        parameter, groups = self._model.scenario.parameter, self.groups
        wanted = growth / MONTHS_PER_YEAR * np.diff(groups.slot_start)
        self.waiting = np.where(groups.empty > 0, self.waiting + wanted, 0.0)
        new = np.minimum(np.floor(self.waiting).astype(np.int64), groups.empty)
        self.waiting = self.waiting - new
        start = round(lever("wksbm_stimulus"))
        trained, led = training * groups.founded, women * groups.founded
        groups.found(new, start)
        yearly = MONTHS_PER_YEAR * new * parameter("wksbm.cost_new")
        yearly += trained * parameter("wksbm.cost_training")
        yearly += led * parameter("wksbm.cost_women")
        pay, given = self._model.treasury.run_service, MONTHS_PER_YEAR * start * new
        pay(WKSBM, self.unit * yearly)
        pay(WKSBM, self.unit * given.astype(np.float64), taker=(COMMUNITY, MUTUAL_HELP))

    def live(self, month: Month, lever: Callable[[str], float]) -> None:
        """Let groups collect and pay, and families feel it.

        Parameters
        ----------
        month : the month
        lever : setting of a lever in this month by its name
        """
        self._open_books(month)
        trained = lever("wksbm_training") if self._model.row > 0 else 0.0
        self._live_groups(month, trained / MONTHS_PER_YEAR)
        self._book(month)
        usual = self.expected
        if self._model.row <= 0:
            amounts = self.pooling.amounts(self.totals, np.zeros_like(usual))
            self.lived += 1
            months, there = float(self.lived[0]), self.groups.there
            usual[there] += (amounts[:-1] - usual[there]) / months
            self.usual = self.usual + (self.reach - self.usual) / months
        if self._model.row == 0:
            self.pooling.feel(month, np.zeros_like(amounts), self.lost)
        elif self._model.row > 0:
            self.pooling.feel(month, self.pooling.amounts(self.totals, usual), self.lost)
        for agent in self.watched.values():
            agent.note(month)

    def _live_groups(self, month: Month, trained: float) -> None:
        """Let every group live the month."""
        parameter, groups = self._model.scenario.parameter, self.groups
        sleep, wake, idle = (
            np.float32(1.0 - (1.0 - parameter(f"wksbm.{what}")) ** (1.0 / MONTHS_PER_YEAR))
            for what in ("sleep", "wake", "idle_loss")
        )
        together = (self.cohesion / parameter("wksbm.cohesion_base")) ** parameter(
            "wksbm.cohesion_pull"
        )
        paying = np.minimum(parameter("wksbm.participation") * together, 1.0)
        jimpitan = parameter("wksbm.jimpitan") * parameter("wksbm.social_share")
        dues = [jimpitan, parameter("wksbm.death_dues"), parameter("wksbm.other")]
        benefit = [parameter(f"wksbm.{what}_benefit") for what in _SHOCKS]
        live_groups(
            self._model.world.key,
            month_word(month.ordinal, Stream.MUTUAL_HELP),
            groups.slot_start,
            groups.founded,
            sleep,
            wake,
            np.float32(trained),
            np.float32(parameter("wksbm.training_gain")),
            np.float32(parameter("wksbm.trait_keep") ** (1.0 / MONTHS_PER_YEAR)),
            np.float32(parameter("wksbm.meet")),
            np.float32(parameter("wksbm.activity_keep")),
            paying.astype(np.float32),
            np.rint(dues).astype(np.int64),
            self._shock.astype(np.float32),
            np.rint(benefit).astype(np.int64),
            np.float32(parameter("wksbm.lost_share")),
            idle,
            np.float32(parameter("wksbm.reserve_months")),
            np.float32(parameter("wksbm.care_share")),
            groups.identity,
            groups.members,
            groups.nature,
            self._willing(),
            self._ties,
            groups.state,
            groups.trait,
            groups.activity,
            groups.fund,
            groups.flow,
            self.totals,
        )

    @property
    def _women_today(self) -> float:
        """Groups that women lead today: share of groups."""
        return self._model.scenario.parameter("lever.women_leaders.default")

    @property
    def _women(self) -> float:
        """Groups that women lead in this month: share of groups; up to the base month as today."""
        return self._model.lever("women_leaders") if self._model.row > 0 else self._women_today

    def _willing(self) -> NDArray[np.float32]:
        """Return members that pay against those that pay to today's leader.

        Today's participation contains the women who lead today, so that only a change counts.

        Returns
        -------
        float32[n_groups], ratio
        """
        if self._women == self._women_today:
            return np.ones(self.groups.members.size, np.float32)
        more = np.float32(1.0 + self._model.scenario.parameter("wksbm.women.strength"))
        led, today = map(self.groups.led_by_women, (self._women, self._women_today))
        return more ** (led.astype(np.float32) - today.astype(np.float32))

    def _open_books(self, month: Month) -> None:
        """Book what is in the funds before the first month that has books."""
        if month == self._model.first + 1:
            within = np.add.reduceat(self.groups.fund, self.groups.slot_start[:-1])
            line, opening = (COMMUNITY, MUTUAL_HELP), (Stage.OPENING,)
            self._model.ledger.post(month, line, opening, self.unit * within[None], self._slots)

    def _book(self, month: Month) -> None:
        """Book what members paid in, what was lost and paid, and what stays in the funds."""
        of = self._real()
        came = of["jimpitan"] + of["death_dues"] + of["other"]
        paid = of["illness"] + of["death"] + of["care"]
        stages = (Stage.REVENUE, Stage.DELIVERED, Stage.LEAKAGE, Stage.CARRY_OVER)
        money = [came, paid, of["lost"], of["fund"]]
        ledger = self._model.ledger
        ledger.post(month, (COMMUNITY, MUTUAL_HELP), stages, np.array(money), self._slots)
        rotated = round(self._model.scenario.parameter("wksbm.arisan")) * of["paying"]
        both = np.array([rotated, rotated])
        line = (COMMUNITY, ARISAN)
        ledger.post(month, line, (Stage.REVENUE, Stage.DELIVERED), both, self._slots)
