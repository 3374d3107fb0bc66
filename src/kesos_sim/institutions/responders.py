"""Who goes out after a disaster, and whom they reach between them.

Volunteers of the district (Tagana) know their place and visit nobody twice. Where they are too
few, organisations come, and the volunteers of other districts and provinces. Each of these is a
team of its own that sees the easily seen first and cannot see whom the others have helped; a task
force lets them check against one list. How much is done twice follows (`kernels.visits`).
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.hazards import tagana
from kesos_sim.institutions.places import Places
from kesos_sim.kernels.shares import by_want
from kesos_sim.kernels.visits import visit

__all__ = ["Responders", "deal"]

_LEVELS: Final = 16
"""Levels of visibility, as many people on each."""
_WORK: Final = np.linspace(0.0, 1.0, 257)
"""Work on a queue, in shares of it, for which what is doubled is worked out beforehand."""

Count = NDArray[np.int64]
Flag = NDArray[np.bool_]


def deal(amount: Count, wanted: Count, first: Count) -> Count:
    """Split amounts over the members of groups by what they want.

    Parameters
    ----------
    amount : int64[n_groups], count, at most what the members of the group want together
    wanted : int64[n], count, of each member, 0 or more
    first : int64[n_groups], index, first member of each group; groups follow on each other

    Returns
    -------
    int64[n], count; adds up to the amounts, and nobody gets more than wanted
    """
    got = np.empty_like(wanted)
    by_want(amount, wanted, first, got)
    return got


class Responders:
    """Teams of a run that help after disasters.

    Parameters
    ----------
    places : Places
        Districts of the run.
    parameter : function
        Value of a model parameter by id.

    Attributes
    ----------
    own : int64[n_districts], persons, whom the volunteers of each district can visit in a month
    organisation : float64[n_districts], persons, whom one organisation there can visit in a month
    strength : float, share, of those who were helped, whom teams of a task force know from one
        list
    """

    def __init__(self, places: Places, parameter: Callable[[str], float]) -> None:
        index = places.province_index
        self._first = np.searchsorted(index, np.arange(len(places.provinces)))
        hands = tagana(places) * parameter("hazard.tagana_deployed")
        hands = hands * parameter("hazard.people_per_volunteer")
        self._teams = round(parameter("hazard.organisation_teams"))
        besides = parameter("hazard.organisation_volunteers")
        spread, normal = parameter("hazard.visibility_spread"), NormalDist()
        scores = [normal.inv_cdf((level + 0.5) / _LEVELS) for level in range(_LEVELS)]
        self._visibility = np.exp(spread * np.array(scores))
        self.own = np.floor(hands).astype(np.int64)
        self.organisation = hands * besides / self._teams
        self.strength = parameter("coordination.task_force.strength")
        parts = np.array([1.0, *[besides / self._teams] * self._teams]) / (1.0 + besides)
        everyone, spent = np.ones(_WORK.size), np.empty(_WORK.size)
        self._useful = np.zeros((2, _WORK.size))
        for checked, useful in zip((0.0, self.strength), self._useful, strict=True):
            listed = checked * everyone
            visit(everyone, _WORK[:, None] * parts, listed, self._visibility, useful, spent)

    def go(self, people: Count, awake: Flag) -> tuple[Count, Count]:
        """Let the teams of districts and of their provinces go out.

        Parameters
        ----------
        people : int64[n_districts], persons, in need of first help
        awake : bool[n_districts], flag, whether a coordinating body leads a task force

        Returns
        -------
        tuple of int64[n_districts], persons reached, and visits, those of people reached already
            among them
        """
        own = np.minimum(people, self.own)
        left, spare = people - own, self.own - own
        # Who is short calls for as many as were hit: nobody knows whom the others reach.
        called = np.where(left > 0, people, 0)
        sent = np.minimum(*(np.add.reduceat(of, self._first) for of in (called, spare)))
        neighbours = deal(sent, called, self._first)
        organisations = np.repeat(self.organisation[:, None], self._teams, axis=1)
        hands = np.column_stack([organisations, neighbours.astype(np.float64)])
        return self.search(people, own, hands, awake)

    def search(
        self, people: Count, helped: Count, hands: NDArray[np.float64], awake: Flag
    ) -> tuple[Count, Count]:
        """Let teams look for people of whom some have been helped.

        Parameters
        ----------
        people, helped : int64[n_districts], persons, in need, and helped before
        hands : float64[n_districts, n_teams], persons, whom each team can visit
        awake : bool[n_districts], flag, see `go`

        Returns
        -------
        tuple of int64[n_districts], persons helped after, and visits, those before among them
        """
        after, visits = helped.copy(), helped.copy()
        (place,) = np.nonzero(people > helped)
        found, spent = helped[place].astype(np.float64), np.empty(place.size)
        visit(
            people[place].astype(np.float64),
            hands[place],
            self.strength * awake[place],
            self._visibility,
            found,
            spent,
        )
        after[place] = np.rint(found)
        visits[place] = np.maximum(helped[place] + np.rint(spent), after[place])
        return after, visits

    def useful(self, work: NDArray[np.float64], awake: Flag) -> NDArray[np.float64]:
        """Return what work of all teams together, by their hands, comes to without what is doubled.

        Parameters
        ----------
        work : float64[n_stages, n_districts], share, of those who wait, 0 to 1
        awake : bool[n_districts], flag, see `go`

        Returns
        -------
        float64[n_stages, n_districts], share
        """
        alone, together = (np.interp(work, _WORK, useful) for useful in self._useful)
        return np.where(awake, together, alone)
