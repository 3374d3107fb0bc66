"""Coordinating bodies (BKKKS, LKKS, K3S): whether they work, meet, and what members exchange.

A district's body that works calls organisations to its meetings. Whoever trusts it enough joins,
and members exchange what the platform allows: they look up whether somebody else helps a person
already, and people whom nobody helps are sent to them. Each of these mechanisms has a strength of
its own that may be zero. Bodies fall dormant and revive; their standing decides how often, and
those whose secretariat gets too little or too late, or to whom few organisations belong, fall
dormant sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.backing import Backing
from kesos_sim.institutions.bodies_above import BodiesAbove
from kesos_sim.institutions.body import (
    STANDINGS,
    Bkkks,
    alone,
    chances,
    luck,
    missing,
    secretariat,
    words,
)
from kesos_sim.institutions.budgets import district_population
from kesos_sim.institutions.experience import learn
from kesos_sim.institutions.federations import Federations
from kesos_sim.institutions.orsos import Orsos, OrsosTable
from kesos_sim.institutions.places import Places
from kesos_sim.institutions.secretariats import Secretariats
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["PLATFORMS", "Coordination"]

PLATFORMS: Final = ("off", "directory", "cases", "planning")
"""Steps of the lever ``partnership_platform``."""

_AT_FIRST: Final = 0
"""Use of the draw that says which bodies work at first; months have other numbers."""

_PERDA: Final = STANDINGS.index("perda")
_BLANK: Final = -1
_LAST: Final = np.uint64(1 << 32)
"""Above every random word."""

Parameter = Callable[[str], float]
Lever = Callable[[str], float]


class Coordination:
    """All coordinating bodies of a run, and what organisations exchange through them.

    Parameters
    ----------
    model : mesa.Model
        The model they live in.
    places : Places
        Districts of the run.
    table : OrsosTable
        The organisations.
    parameter : function
        Value of a model parameter by id.
    key : int
        Key of the seed and replicate.
    unit : int
        Real clients that one place of an organisation stands for.

    Attributes
    ----------
    bodies : tuple of Bkkks
        One for each district.
    above : BodiesAbove
        Those of the provinces and of the nation.
    secretariats : Secretariats
        The money of the secretariats of districts, as it is released.
    backing : Backing
        What councils give them.
    federations : Federations
        Which organisations belong together.
    awake : bool[n_districts], flag, bodies that work
    province_orsos : int64[n_provinces + 1], organisation, first one of each province
    working, members : int64[n_districts], organisations that work, and members among them
    """

    def __init__(
        self,
        model: Any,
        places: Places,
        table: OrsosTable,
        parameter: Parameter,
        key: int,
        unit: int = 1,
    ) -> None:
        self._model, self._parameter, self._key, self._unit = model, parameter, key, unit
        self.table = table
        self._codes = places.codes.astype(np.uint32)
        self.province_orsos = np.searchsorted(
            places.province_index[table.home], np.arange(len(places.provinces) + 1)
        )
        self._share = places.share_of_province["population"]
        nation = district_population(places.year)
        self._share_of_nation = places.population / sum(nation.values())
        self._province = places.province_index
        self.above = BodiesAbove(model, places, parameter, key)
        self.secretariats = Secretariats(self._codes, "district", parameter, key)
        self.backing = Backing.none(places)
        start = luck(key, _AT_FIRST, self._codes)
        self.awake: NDArray[np.bool_] = start < parameter("coordination.working_start")
        self.bodies = tuple(Bkkks(model, int(code)) for code in places.codes)
        self._agents: dict[int, Orsos] = {}
        self.count_working()

    def settle(self, month: Month, lever: Lever) -> None:
        """Live some years before the first month, so that membership is in its steady state.

        Parameters
        ----------
        month : Month
            First month of the run.
        lever : function
            Setting of a lever by its name.
        """
        for before in range(int(self._parameter("coordination.settle_months")), 0, -1):
            self.release(month - before, lever)
            self.live(month - before, lever, learning=False)

    def release(self, month: Month, lever: Lever) -> None:
        """Let governments release the money of secretariats.

        Parameters
        ----------
        month, lever : see `live`
        """
        obliged = lever("social_obligation")
        self.secretariats.release(month, self.awake, obliged)
        self.above.secretariats.release(month, self.above.of_provinces, obliged)

    def live(
        self,
        month: Month,
        lever: Lever,
        aided: NDArray[np.bool_] | None = None,
        *,
        learning: bool = True,
    ) -> None:
        """Let bodies wake and sleep, meet, and members come and go in a month.

        Parameters
        ----------
        month : Month
            The month.
        lever : function
            Setting of a lever in this month by its name.
        aided : bool[n_districts], flag, optional
            Whether other provinces helped after a disaster, which revives dormant bodies.
        learning : bool
            Whether members learn from what coordination did for them since last month; not before
            anybody has been served.
        """
        parameter, table = self._parameter, self.table
        coordinated = lever("coordination") > 0.0
        standing, of_province = self.standings(lever)
        paid = lever("national_secretariat")
        self.above.live(month, of_province, coordinated=coordinated, paid=paid)
        sleep, wake = (chances(parameter, what, standing) for what in ("sleep", "wake"))
        drawn = luck(self._key, month.ordinal, self._codes)
        joined = self.members / np.maximum(self.working, 1)
        poor = self.secretariats.sooner(missing(parameter, secretariat(parameter, standing)))
        sooner = poor * alone(parameter, joined)
        busy = (1.0 - sleep) ** sooner
        still = (1.0 - wake) ** self.above.pace
        if aided is not None:
            aid = "coordination.interprovince_aid"
            still *= 1.0 - parameter(f"{aid}.strength") * parameter(f"{aid}.revival") * aided
        awake = np.where(self.awake, drawn >= 1.0 - busy, drawn >= still) & coordinated
        for place in np.flatnonzero(awake != self.awake).tolist():
            self.bodies[place].change(month, bool(awake[place]))
        self.awake = awake
        table.trust *= np.float32(parameter("coordination.trust_keep"))
        guests = self._invited(month)
        # A bylaw makes a body somebody to reckon with; whoever understands the law asks for less.
        gain = parameter("coordination.trust_gain")
        lawful = gain + (1.0 - gain) * parameter("politics.legitimacy") * self.backing.law
        won = lawful.astype(np.float32)[table.home[guests]]
        table.trust[guests] += won * (np.float32(1.0) - table.trust[guests])
        passed = lever("federations") * parameter("coordination.federation.strength")
        asked = guests
        if passed > 0.0:
            fellows, part = self.federations.fellows(guests)
            heard = np.float32(passed) * part * lawful.astype(np.float32)[table.home[fellows]]
            table.trust[fellows] += heard * (np.float32(1.0) - table.trust[fellows])
            asked = np.concatenate([guests, fellows])
        if learning:
            learn(table, parameter, lever, awake, guests, self._unit)
        needed = table.ego
        if self.backing.understanding.any():
            eased = np.float32(parameter("politics.compliance")) * self.backing.understanding
            needed = needed * (np.float32(1.0) - eased)[table.home]
        # Who trusts enough decides to join, and who has lost enough of that trust to leave.
        convinced = table.trust >= needed
        disappointed = table.trust < np.float32(parameter("coordination.leave_part")) * needed
        member = table.members
        for number in asked[convinced[asked] & ~member[asked]].tolist():
            self.agent(number).join(month)
        for number in np.flatnonzero(member & disappointed).tolist():
            self.agent(number).leave(month)
        self.count_members()

    def standings(self, lever: Lever) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the standing of bodies: what was decided, or the bylaw that holds.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.

        Returns
        -------
        tuple of int64[n_districts] and int64[n_provinces], step, of `STANDINGS`
        """
        decided = int(lever("bkkks_standing"))
        backing = self.backing
        return (
            np.where(backing.law, _PERDA, decided),
            np.where(backing.law_of_province, _PERDA, decided),
        )

    def unpaid(self, lever: Lever) -> NDArray[np.bool_]:
        """Return which bodies work while their secretariat waits for its money of this year.

        Parameters
        ----------
        lever : see `standings`

        Returns
        -------
        bool[n_districts], flag
        """
        entitled = secretariat(self._parameter, self.standings(lever)[0]) > 0.0
        return np.asarray(self.awake & self.secretariats.behind & entitled)

    def voice(self, lever: Lever) -> NDArray[np.float64]:
        """Return how loudly bodies advocate in the councils of their regions.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.

        Returns
        -------
        float64[n_provinces + n_districts], share
        """
        parameter = self._parameter
        loud = np.array([parameter(f"coordination.advocacy_{name}") for name in STANDINGS])
        here, above = self.standings(lever)
        return np.concatenate([loud[above] * self.above.of_provinces, loud[here] * self.awake])

    @property
    def reach(self) -> NDArray[np.float64]:
        """Organisations that are members of a body that works: float64[n_districts], share."""
        return np.asarray(self.awake * self.members / np.maximum(self.working, 1))

    def count_working(self) -> None:
        """Take in anew which organisations work: federations, possible guests and members."""
        table = self.table
        self.federations = Federations.draw(table, self._parameter, self._key)
        # Working organisations of each district side by side, then blanks.
        working = np.flatnonzero(table.working)
        home = table.home[working]
        number = np.bincount(home, minlength=self.awake.size)
        within = np.arange(working.size) - np.repeat(np.cumsum(number) - number, number)
        self._guests = np.full((number.size, int(number.max(initial=1))), _BLANK)
        self._guests[home, within] = working
        self.working = number
        self.count_members()

    def count_members(self) -> None:
        """Count the members of each district anew."""
        self.members = self.table.by_district(self.table.members, self.awake.size)

    def _invited(self, month: Month) -> NDArray[np.int64]:
        """Choose whom bodies call to their meetings: int64[n], organisation, each once."""
        most = int(self._parameter("coordination.meeting_invites"))
        every = max(1, round(MONTHS_PER_YEAR / self._parameter("coordination.meetings_yearly")))
        # Meetings of the bodies are spread over the year.
        meets = self.awake & ((month.ordinal + self._codes) % every == 0)
        known = self._guests[meets]
        called = known != _BLANK
        order = np.full(known.shape, _LAST, np.uint64)
        identity = self.table.identity[known[called]]
        order[called] = words(self._key, month.ordinal, identity)
        if most < known.shape[1]:
            lowest = np.argpartition(order, most - 1, axis=1)[:, :most]
            known = np.take_along_axis(known, lowest, axis=1)
        return np.asarray(known[known != _BLANK])

    def agent(self, number: int) -> Orsos:
        """Return an organisation as an agent.

        Parameters
        ----------
        number : int
            Its place in the table.

        Returns
        -------
        Orsos
        """
        found = self._agents.get(number)
        if found is None:
            found = self._agents[number] = Orsos(self._model, self.table, number)
        return found

    def cost(
        self, lever: Lever
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return what secretariats, platforms, reports of members and campaigns cost.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.

        Returns
        -------
        tuple of float64[n_districts], rupiah per year, paid by districts, by their province, and
        by the national budget for the part of the national body that is a district's by people;
        a dormant body has no secretariat, and one whose money is late gets it all at once
        """
        platform = PLATFORMS[int(lever("partnership_platform"))]
        running = self._parameter(f"coordination.platform_cost_{platform}")
        money = (secretariat(self._parameter, own) for own in self.standings(lever))
        paid = (self.secretariats.months, self.above.secretariats.months)
        here, above = (yearly * months for yearly, months in zip(money, paid, strict=True))
        of_provinces = (above * self.above.of_provinces)[self._province] * self._share
        on = lever("coordination")
        reports = lever("member_reports") - self._parameter("lever.member_reports.default")
        written = max(reports, 0.0) * self._parameter("coordination.report_cost") * self.members
        campaign = lever("bkkks_fundraising") * self._parameter("coordination.fundraising_cost")
        of_bodies = self.awake * (here + written + campaign)
        paid_above = lever("national_secretariat") * self.above.awake[0]
        of_nation = on * paid_above * self._share_of_nation
        return np.asarray(on * (of_bodies + running)), np.asarray(on * of_provinces), of_nation

    def level(self, lever: Lever) -> NDArray[np.float64]:
        """Return how far the platform lets those exchange who share.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.

        Returns
        -------
        float64[n_districts], share of a perfect exchange; none where no body works
        """
        platform = PLATFORMS[int(lever("partnership_platform"))]
        return np.asarray(self.awake * self._parameter(f"coordination.platform_{platform}"))

    def exchange(self, lever: Lever) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return how much members exchange in each district.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.

        Returns
        -------
        tuple of float32[n_districts], share, picks that are checked against the shared list, and
        free places to which people are sent
        """
        parameter = self._parameter
        level = self.level(lever)
        # A list shows only the clients of those who share theirs, and what they report of them.
        today = parameter("lever.member_reports.default")
        more = parameter("coordination.reports.strength") * (lever("member_reports") / today - 1.0)
        listed = level * np.minimum(
            self.members / np.maximum(self.working, 1) * max(1.0 + more, 0.0), 1.0
        )
        checked = parameter("coordination.shared_list.strength") * listed
        sent = parameter("coordination.routing.strength") * level
        return checked.astype(np.float32), sent.astype(np.float32)
