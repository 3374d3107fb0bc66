"""Neighbourhood groups of mutual help (WKSBM): how many there are, and what each of them is.

A district has neighbourhoods, and some of them have a group. Numbers of groups are published for
few places; elsewhere they follow from one assumption (`group_numbers` says where). Groups are
arrays that kernels work on; an agent exists only for a group that somebody looks at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data import read_table
from kesos_sim.data.own.figures import OwnData
from kesos_sim.institutions.agent import Institution
from kesos_sim.institutions.places import Places, province_totals
from kesos_sim.kernels.draws import draw_words
from kesos_sim.kernels.pools import ABSENT, ACTIVE, BOOKED, DORMANT, TRAITS
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import Month

__all__ = ["Wksbm", "WksbmTable", "group_numbers", "group_unit"]

_NUMBER_BITS: Final = 16
"""Bits of an identity that hold the number within the district."""
_MOST_SLOTS: Final = 1 << _NUMBER_BITS
_HUNDRED_THOUSAND: Final = 1e5
_PROVINCES: Final = 100
_NARROWEST, _WIDEST = 0.5, 1.5
"""Size of the smallest and the largest neighbourhood against the mean."""
_WORDS: Final = {int(ABSENT): "absent", int(ACTIVE): "active", int(DORMANT): "dormant"}

Parameter = Callable[[str], float]


def group_numbers(
    places: Places, parameter: Parameter, own: OwnData | None = None
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return how many groups each district has, and where that is an assumption.

    A published number of a district stands. What a published number of a province leaves is
    shared by the people of its other districts. Everywhere else groups are assumed to be as many
    for each household as ``wksbm.groups_per_100k`` says.

    Parameters
    ----------
    places : Places
        Districts of the run.
    parameter : function
        Value of a model parameter by id.
    own : OwnData, optional
        Figures of a planner, which stand like published ones.

    Returns
    -------
    tuple of float64[n_districts] and bool[n_districts], groups, and whether they are imputed
    """
    published = {
        int(row["bps_code"]): row["value"]
        for row in read_table("wksbm_community").where(fact="wksbm_groups").rows()
    }
    if own is not None:
        published |= {code: figure.value for code, figure in own.of("number", "wksbm").items()}
    rate = parameter("wksbm.groups_per_100k") / _HUNDRED_THOUSAND
    number = places.households * rate
    imputed = np.ones(places.codes.size, np.bool_)
    of_district = {code: count for code, count in published.items() if code >= _PROVINCES}
    for place, code in enumerate(places.codes.tolist()):
        province = int(places.province_code[place])
        if code in of_district:
            number[place], imputed[place] = of_district[code], False
        elif province in published:
            inside = [known for known in of_district if known // _PROVINCES == province]
            left = published[province] - sum(of_district[known] for known in inside)
            here = np.isin(places.codes, inside)
            # Districts that are not in the run have about the people of those that are.
            people = province_totals(places.year)[province].population
            people = max(people - places.population[here].sum(), places.population[place])
            number[place], imputed[place] = left * places.population[place] / people, False
    return number, imputed


def group_unit(parameter: Parameter, places: Places, households: int) -> int:
    """Return how many real groups are taken as one, so that small samples stay quick.

    Parameters
    ----------
    parameter : function
        Value of a model parameter by id.
    places : Places
        Districts of the run.
    households : int
        Simulated households.

    Returns
    -------
    int
        1 or more.
    """
    neighbourhoods = places.households.sum() / parameter("wksbm.households")
    return max(
        1, int(np.ceil(neighbourhoods / (parameter("model.groups_per_household") * households)))
    )


@dataclass
class WksbmTable:
    """All neighbourhoods of a run by district; those with a group come first.

    Attributes
    ----------
    slot_start : int64[n_districts + 1], group, first neighbourhood of each district
    founded : int64[n_districts], groups, neighbourhoods that have a group, awake or not
    identity : uint32[n_groups], identity, by which it is drawn
    members : int32[n_groups], households
    nature : float32[n_groups], share, level of the managers' traits without training
    leadership : float64[n_groups], share, of groups led by women above which a woman leads this one
    ties : uint8[n_groups], groups, economic, prayer and farmers' groups, RT, RW, Dasa Wisma and
        others that belong to it
    state : uint8[n_groups], code, see `kesos_sim.kernels.pools`
    trait : float32[n_groups, 3], share, commitment, knowledge and skill of the managers
    activity : float32[n_groups], share, how regularly the group meets
    fund : int64[n_groups], rupiah
    flow : int64[n_groups, 7], rupiah of the last month, see `kesos_sim.kernels.pools.BOOKED`
    """

    slot_start: NDArray[np.int64]
    founded: NDArray[np.int64]
    identity: NDArray[np.uint32]
    members: NDArray[np.int32]
    nature: NDArray[np.float32]
    leadership: NDArray[np.float64]
    ties: NDArray[np.uint8]
    state: NDArray[np.uint8]
    trait: NDArray[np.float32]
    activity: NDArray[np.float32]
    fund: NDArray[np.int64]
    flow: NDArray[np.int64]

    @classmethod
    def draw(
        cls,
        places: Places,
        parameter: Parameter,
        key: int,
        unit: int = 1,
        own: OwnData | None = None,
    ) -> WksbmTable:
        """Draw the neighbourhoods of a run, and which of them have a group.

        Parameters
        ----------
        places : Places
            Districts of the run.
        parameter : function
            Value of a model parameter by id.
        key : int
            Key of the seed and replicate.
        unit : int
            Real groups that one stands for.
        own : OwnData, optional
            Figures of a planner, among them numbers of groups.

        Returns
        -------
        WksbmTable
            With empty funds; as many groups work as do in the long run.
        """
        codes = places.codes.astype(np.uint32)
        odd = _uniform(key, 0, codes)
        size = parameter("wksbm.households")
        slots = np.floor(places.households / (unit * size) + odd[:, 0]).astype(np.int64)
        slots = np.clip(slots, 1, _MOST_SLOTS)
        number, _ = group_numbers(places, parameter, own)
        founded = np.minimum(np.floor(number / unit + odd[:, 1]).astype(np.int64), slots)
        start = np.concatenate([[0], np.cumsum(slots)])
        home = np.repeat(np.arange(codes.size), slots)
        within = np.arange(start[-1]) - start[home]
        identity = (codes[home] << np.uint32(_NUMBER_BITS)) | within.astype(np.uint32)
        u, v, w = (_uniform(key, use, identity) for use in (1, 2, 3))
        mean = parameter("wksbm.nature")
        reach = min(mean, 1.0 - mean)
        nature = (mean + reach * (2.0 * u[:, 0] - 1.0)).astype(np.float32)
        width = _NARROWEST + (_WIDEST - _NARROWEST) * u[:, 1]
        sleep, wake = parameter("wksbm.sleep"), parameter("wksbm.wake")
        works = v[:, 0] < wake / max(wake + sleep, 1e-9)
        state = np.where(within < founded[home], np.where(works, ACTIVE, DORMANT), ABSENT)
        return cls(
            slot_start=start,
            founded=founded,
            identity=identity,
            members=np.maximum(np.rint(size * width), 1.0).astype(np.int32),
            nature=nature,
            leadership=w[:, 0].copy(),
            # From 1 to as far above the mean as 1 is below it.
            ties=np.rint(1.0 + 2.0 * (parameter("wksbm.member_groups") - 1.0) * w[:, 1]).astype(
                np.uint8
            ),
            state=state.astype(np.uint8),
            trait=np.repeat(nature[:, None], len(TRAITS), axis=1),
            activity=np.where(state == ACTIVE, parameter("wksbm.meet"), 0.0).astype(np.float32),
            fund=np.zeros(start[-1], np.int64),
            flow=np.zeros((start[-1], len(BOOKED)), np.int64),
        )

    def led_by_women(self, share: float) -> NDArray[np.bool_]:
        """Return which groups women lead, the same ones and more of them the larger the share.

        Parameters
        ----------
        share : float
            Groups led by women, 0 to 1.

        Returns
        -------
        bool[n_groups], flag, of neighbourhoods without a group too
        """
        return np.asarray(self.leadership < share)

    def ties_against_today(self, otherwise: float) -> NDArray[np.float64]:
        """Return how many member groups each group has against those that its district has now.

        Parameters
        ----------
        otherwise : float
            Groups, mean where the district has no group yet.

        Returns
        -------
        float64[n_groups], ratio; weighted by members its mean is 1 over the groups of a district
        """
        there = np.where(self.state == ABSENT, 0, self.members)
        weight, tied = (
            np.add.reduceat(of_group, self.slot_start[:-1]).astype(np.float64)
            for of_group in (there, there * self.ties)
        )
        mean = np.divide(tied, weight, out=np.full_like(tied, otherwise), where=weight > 0)
        return np.asarray(self.ties / np.repeat(mean, np.diff(self.slot_start)))

    def within(self, *of_group: NDArray[Any]) -> NDArray[np.int64]:
        """Return how much of some things the active groups of each district have together.

        Parameters
        ----------
        of_group : bool[n_groups] or uint8[n_groups], what each group has

        Returns
        -------
        int64[n_things, n_districts], the same units
        """
        there, start = self.there, self.group_start
        active = self.state[there] == ACTIVE
        upto = np.zeros((len(of_group), there.size + 1), np.int64)
        np.cumsum([active * own[there] for own in of_group], axis=1, out=upto[:, 1:])
        return np.asarray(upto[:, start[1:]] - upto[:, start[:-1]])

    @property
    def group_start(self) -> NDArray[np.int64]:
        """The first group of each district among those that are there.

        int64[n_districts + 1], place in `there`
        """
        return np.concatenate([[0], np.cumsum(self.founded)])

    @property
    def there(self) -> NDArray[np.int64]:
        """Neighbourhoods that have a group, awake or not: int64[n_founded], group."""
        return _in_a_row(self.slot_start[:-1], self.founded)

    @property
    def empty(self) -> NDArray[np.int64]:
        """Neighbourhoods without a group: int64[n_districts], groups."""
        return np.asarray(np.diff(self.slot_start) - self.founded)

    def found(self, number: NDArray[np.int64], fund: int) -> None:
        """Start groups in neighbourhoods that have none.

        Parameters
        ----------
        number : int64[n_districts], groups, not more than there are empty neighbourhoods
        fund : int
            Rupiah with which each begins.
        """
        new = _in_a_row(self.slot_start[:-1] + self.founded, number)
        self.state[new], self.activity[new], self.fund[new] = ACTIVE, 1.0, fund
        self.founded = self.founded + number

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return every array by name.

        Returns
        -------
        dict of any[n], see the attributes
        """
        return {item.name: getattr(self, item.name) for item in fields(self)}


class Wksbm(Institution):
    """One group, for whoever wants to follow it; it is made only when somebody asks for it.

    Parameters
    ----------
    model : mesa.Model
        The model it lives in.
    table : WksbmTable
        All groups.
    number : int
        Its place among them.
    households : int64[n_members], household, simulated ones that belong to it

    Attributes
    ----------
    months : list of dict
        What each month came to since somebody looks: month, state, members, fund, what came in,
        was lost and was paid, in rupiah.
    """

    def __init__(
        self, model: Any, table: WksbmTable, number: int, households: NDArray[np.int64]
    ) -> None:
        super().__init__(model)
        self.table, self.number, self.households = table, number, households
        self.months: list[dict[str, object]] = []

    @property
    def code(self) -> int:
        """BPS code of its district."""
        return int(self.table.identity[self.number]) >> _NUMBER_BITS

    @property
    def state(self) -> str:
        """Absent, active or dormant."""
        return _WORDS[int(self.table.state[self.number])]

    @property
    def members(self) -> int:
        """Households of the group."""
        return int(self.table.members[self.number])

    @property
    def ties(self) -> int:
        """Member groups: economic, prayer and farmers' groups, RT, RW, Dasa Wisma and others."""
        return int(self.table.ties[self.number])

    @property
    def fund(self) -> int:
        """Rupiah in the fund."""
        return int(self.table.fund[self.number])

    @property
    def managers(self) -> dict[str, float]:
        """Traits of the managers, 0 to 1."""
        return dict(zip(TRAITS, self.table.trait[self.number].tolist(), strict=True))

    def note(self, month: Month) -> None:
        """Write down the month.

        Parameters
        ----------
        month : Month
            The month that was lived.
        """
        flow = dict(zip(BOOKED, self.table.flow[self.number].tolist(), strict=True))
        lived = {"month": str(month), "state": self.state, "members": self.members}
        self.months.append(lived | {"fund": self.fund} | flow)


def _in_a_row(first: NDArray[np.int64], number: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a number of indices from each first one on: int64[n], index."""
    before = np.cumsum(number) - number
    return np.asarray(np.arange(int(number.sum())) + np.repeat(first - before, number))


def _uniform(key: int, use: int, entity: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Draw two numbers for each entity: float64[n, 2], between 0 and 1."""
    words = np.empty((entity.size, 2), np.uint32)
    draw_words(np.uint32(key), month_word(use, Stream.WKSBM), entity, words)
    return np.asarray((words + 0.5) * 2.0**-32, np.float64)
