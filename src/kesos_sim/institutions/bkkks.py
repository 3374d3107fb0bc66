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
from kesos_sim.kernels.search import MEMBER
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["PLATFORMS", "STANDINGS", "Bkkks", "Coordination"]

STANDINGS: Final = ("none", "sk", "pergub", "perda")
"""Steps of the lever ``bkkks_standing``."""
PLATFORMS: Final = ("off", "directory", "cases", "planning")
"""Steps of the lever ``partnership_platform``."""

_AT_FIRST: Final = 0
"""Use of the draw that says which bodies work at first; months have other numbers."""

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
    table : OrsosTable
        The organisations.
    orsos : int64[n], index, the working ones of the district
    """

    def __init__(self, model: Any, code: int, table: OrsosTable, orsos: NDArray[np.int64]) -> None:
        super().__init__(model)
        self.code, self.table, self.orsos = code, table, orsos

    def invite(self, key: int, month: Month, most: int) -> list[int]:
        """Choose whom to call to a meeting.

        Parameters
        ----------
        key : int
            Key of the seed and replicate.
        month : Month
            Month of the meeting.
        most : int
            Organisations that a meeting reaches.

        Returns
        -------
        list of int
            Places of organisations in the table, each once.
        """
        order = np.argsort(_words(key, month.ordinal, self.table.identity[self.orsos]))
        chosen: list[int] = self.orsos[order[:most]].tolist()
        return chosen


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
    awake : bool[n_districts], flag, bodies that work
    """

    def __init__(
        self, model: Any, places: Places, table: OrsosTable, parameter: Parameter, key: int
    ) -> None:
        self._model, self._parameter, self._key = model, parameter, key
        self.table = table
        working = table.working
        self.bodies = tuple(
            Bkkks(model, int(code), table, np.flatnonzero(working & (table.home == place)))
            for place, code in enumerate(places.codes)
        )
        self._codes = places.codes.astype(np.uint32)
        start = self._luck(_AT_FIRST)
        self.awake: NDArray[np.bool_] = start < parameter("coordination.working_start")
        self._agents: dict[int, Orsos] = {}

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
        luck = self._luck(month.ordinal)
        self.awake = np.where(self.awake, luck >= sleep, luck >= 1.0 - wake)
        table.trust *= np.float32(parameter("coordination.trust_keep"))
        gain, most = (
            parameter("coordination.trust_gain"),
            int(parameter("coordination.meeting_invites")),
        )
        every = max(1, round(MONTHS_PER_YEAR / parameter("coordination.meetings_yearly")))
        for place in np.flatnonzero(self.awake).tolist():
            # Meetings of the bodies are spread over the year.
            if (month.ordinal + place) % every == 0:
                for number in self.bodies[place].invite(self._key, month, most):
                    self.agent(number).attend(gain)
        # Trust that has gone to half of what joining took is a reason to leave.
        gone = table.members & (table.trust < np.float32(0.5) * table.ego)
        table.state[gone] &= ~MEMBER

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
        return np.asarray(self.awake * secretariat + running)

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
        platform = PLATFORMS[int(lever("partnership_platform"))]
        level = self.awake * parameter(f"coordination.platform_{platform}")
        n = self.awake.size
        working = np.bincount(self.table.home[self.table.working], minlength=n)
        joined = np.bincount(self.table.home[self.table.members], minlength=n)
        # A list shows only the clients of those who share theirs.
        listed = level * joined / np.maximum(working, 1)
        checked = parameter("coordination.shared_list.strength") * listed
        sent = parameter("coordination.routing.strength") * level
        return checked.astype(np.float32), sent.astype(np.float32)

    def _luck(self, use: int) -> NDArray[np.float64]:
        """Draw a number for each body: float64[n_districts], between 0 and 1."""
        return np.asarray((_words(self._key, use, self._codes) + 0.5) * 2.0**-32, np.float64)


def _words(key: int, use: int, entity: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return a random word of each entity in a month: uint32[n], bits."""
    words = np.empty((entity.size, 2), np.uint32)
    draw_words(np.uint32(key), month_word(use, Stream.MEETING), entity, words)
    return words[:, 0].copy()
