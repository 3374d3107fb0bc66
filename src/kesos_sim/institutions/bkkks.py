"""Coordinating bodies (BKKKS, LKKS, K3S): whether they work, meet, and what members exchange.

A district's body that works calls organisations to its meetings. Whoever trusts it enough joins,
and members exchange what the platform allows: they look up whether somebody else helps a person
already, and people whom nobody helps are sent to them. Each of these mechanisms has a strength of
its own that may be zero. Bodies fall dormant and revive; their standing decides how often.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import mesa
import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.orsos import Orsos, OrsosTable
from kesos_sim.institutions.places import Places
from kesos_sim.kernels.draws import draw_words
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["PLATFORMS", "STANDINGS", "Bkkks", "Coordination"]

STANDINGS: Final = ("none", "sk", "pergub", "perda")
"""Steps of the lever ``bkkks_standing``."""
PLATFORMS: Final = ("off", "directory", "cases", "planning")
"""Steps of the lever ``partnership_platform``."""

_AT_FIRST: Final = 0
"""Use of the draw that says which bodies work at first; months have other numbers."""

_BLANK: Final = -1
_LAST: Final = np.uint64(1 << 32)
"""Above every random word."""

Parameter = Callable[[str], float]
Lever = Callable[[str], float]


class Bkkks(mesa.Agent):
    """The coordinating body of a district.

    Parameters
    ----------
    model : mesa.Model
        The model it lives in.
    code : int
        BPS code of the district.

    Attributes
    ----------
    changes : list of tuple of Month and bool
        When it fell dormant (false) or revived (true).
    """

    def __init__(self, model: Any, code: int) -> None:
        super().__init__(model)
        self.code = code
        self.changes: list[tuple[Month, bool]] = []

    def change(self, month: Month, awake: bool) -> None:
        """Fall dormant, or revive.

        Parameters
        ----------
        month : Month
            The month.
        awake : bool
            Whether it works from now on.
        """
        self.changes.append((month, awake))


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

    Attributes
    ----------
    bodies : tuple of Bkkks
        One for each district.
    awake : bool[n_districts], flag, bodies that work
    province_orsos : int64[n_provinces + 1], organisation, first one of each province
    working, members : int64[n_districts], organisations that work, and members among them
    """

    def __init__(
        self, model: Any, places: Places, table: OrsosTable, parameter: Parameter, key: int
    ) -> None:
        self._model, self._parameter, self._key = model, parameter, key
        self.table = table
        self._codes = places.codes.astype(np.uint32)
        self.province_orsos = np.searchsorted(
            places.province_index[table.home], np.arange(len(places.provinces) + 1)
        )
        start = _luck(key, _AT_FIRST, self._codes)
        self.awake: NDArray[np.bool_] = start < parameter("coordination.working_start")
        self.bodies = tuple(Bkkks(model, int(code)) for code in places.codes)
        self._agents: dict[int, Orsos] = {}
        # Working organisations of each district side by side, then blanks.
        working = np.flatnonzero(table.working)
        home = table.home[working]
        number = np.bincount(home, minlength=places.codes.size)
        within = np.arange(working.size) - np.repeat(np.cumsum(number) - number, number)
        self._guests = np.full((number.size, int(number.max(initial=1))), _BLANK)
        self._guests[home, within] = working
        self.working = number
        self.count_members()

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
            self.live(month - before, lever)

    def live(self, month: Month, lever: Lever) -> None:
        """Let bodies wake and sleep, meet, and members come and go in a month.

        Parameters
        ----------
        month : Month
            The month.
        lever : function
            Setting of a lever in this month by its name.
        """
        parameter, table = self._parameter, self.table
        standing = STANDINGS[int(lever("bkkks_standing"))]
        sleep, wake = (
            1.0 - (1.0 - parameter(f"coordination.{what}_{standing}")) ** (1 / MONTHS_PER_YEAR)
            for what in ("sleep", "wake")
        )
        luck = _luck(self._key, month.ordinal, self._codes)
        awake = np.where(self.awake, luck >= sleep, luck >= 1.0 - wake)
        awake &= lever("coordination") > 0.0
        for place in np.flatnonzero(awake != self.awake).tolist():
            self.bodies[place].change(month, bool(awake[place]))
        self.awake = awake
        table.trust *= np.float32(parameter("coordination.trust_keep"))
        guests = self._invited(month)
        gain = np.float32(parameter("coordination.trust_gain"))
        table.trust[guests] += gain * (np.float32(1.0) - table.trust[guests])
        # Who trusts enough decides to join, and who has lost enough of that trust to leave.
        convinced = table.trust >= table.ego
        disappointed = table.trust < np.float32(parameter("coordination.leave_part")) * table.ego
        member = table.members
        for number in guests[convinced[guests] & ~member[guests]].tolist():
            self.agent(number).join(month)
        for number in np.flatnonzero(member & disappointed).tolist():
            self.agent(number).leave(month)
        self.count_members()

    def count_members(self) -> None:
        """Count the members of each district anew."""
        joined = self.table.home[self.table.members]
        self.members = np.bincount(joined, minlength=self.awake.size)

    def _invited(self, month: Month) -> NDArray[np.int64]:
        """Choose whom bodies call to their meetings: int64[n], organisation, each once."""
        most = int(self._parameter("coordination.meeting_invites"))
        every = max(1, round(MONTHS_PER_YEAR / self._parameter("coordination.meetings_yearly")))
        # Meetings of the bodies are spread over the year.
        meets = self.awake & ((month.ordinal + self._codes) % every == 0)
        known = self._guests[meets]
        called = known != _BLANK
        words = np.full(known.shape, _LAST, np.uint64)
        identity = self.table.identity[known[called]]
        words[called] = _words(self._key, month.ordinal, identity)
        if most < known.shape[1]:
            lowest = np.argpartition(words, most - 1, axis=1)[:, :most]
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

    def cost(self, lever: Lever) -> NDArray[np.float64]:
        """Return what secretariats and platforms cost.

        Parameters
        ----------
        lever : function
            Setting of a lever in this month by its name.

        Returns
        -------
        float64[n_districts], rupiah per year; a dormant body has no secretariat
        """
        standing = STANDINGS[int(lever("bkkks_standing"))]
        platform = PLATFORMS[int(lever("partnership_platform"))]
        secretariat = self._parameter(f"coordination.secretariat_{standing}")
        running = self._parameter(f"coordination.platform_cost_{platform}")
        return np.asarray(lever("coordination") * (self.awake * secretariat + running))

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
        # A list shows only the clients of those who share theirs.
        listed = level * self.members / np.maximum(self.working, 1)
        checked = parameter("coordination.shared_list.strength") * listed
        sent = parameter("coordination.routing.strength") * level
        return checked.astype(np.float32), sent.astype(np.float32)


def _luck(key: int, use: int, entity: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Draw a number for each entity in a month: float64[n], between 0 and 1."""
    return np.asarray((_words(key, use, entity) + 0.5) * 2.0**-32, np.float64)


def _words(key: int, use: int, entity: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return a random word of each entity in a month: uint32[n], bits."""
    words = np.empty((entity.size, 2), np.uint32)
    draw_words(np.uint32(key), month_word(use, Stream.MEETING), entity, words)
    return words[:, 0]
