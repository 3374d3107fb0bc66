"""Money of social organisations: from whom, how regularly, what services cost, what is kept.

Nothing is published on the yearly money of an ordinary organisation, so that the mix of sources
and its swings are assumptions with ranges; the cost of a client is published for single homes
and for one national programme.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from kesos_sim.institutions.orsos import OrsosTable, uniform
from kesos_sim.institutions.orsos_sources import CHANGING, DRAWN, Sources
from kesos_sim.kernels.funding import SOURCES, cost_orsos, want_orsos
from kesos_sim.kernels.places import ACCREDITED, COMMUNITY
from kesos_sim.population.needs import KINDS
from kesos_sim.rng import Stream
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["OrsosMoney", "owed"]

_DONATION, _ZAKAT = SOURCES.index("donation"), SOURCES.index("zakat")
_EARNING: Final = "livelihood"
"""The kind of need whose people can earn: what they get stays aid."""
_WIDEST: Final = 3.0

Parameter = Callable[[str], float]


@dataclass
class OrsosMoney:
    """Money of all organisations of a run.

    Attributes
    ----------
    own_month : uint8[n_orsos], index, month of the year in which yearly money comes
    leaning : float32[n_orsos], share, 0 to 1: the higher, the rather residential
    pays : uint8[n_orsos], bits, sources that pay in this year
    usual : float32[n_orsos, n_sources], rupiah per month, in the long run
    capacity : float64[n_orsos], places, that it has now
    largest : float64[n_orsos], places, that it can ever have
    reserve : int64[n_orsos], rupiah
    smoothed : float64[n_orsos], rupiah per month, what came in a year or so
    trained : float32[n_orsos], share, what is left of a training
    volunteers : float32[n_orsos], ratio, volunteers against usual
    remote : float32[n_orsos], index, how remote its district is, 0 to 1
    """

    own_month: NDArray[np.uint8]
    leaning: NDArray[np.float32]
    pays: NDArray[np.uint8]
    usual: NDArray[np.float32]
    capacity: NDArray[np.float64]
    largest: NDArray[np.float64]
    reserve: NDArray[np.int64]
    smoothed: NDArray[np.float64]
    trained: NDArray[np.float32]
    volunteers: NDArray[np.float32]
    remote: NDArray[np.float32]

    @classmethod
    def draw(
        cls,
        table: OrsosTable,
        sources: Sources,
        parameter: Parameter,
        key: int,
        unit: int,
        remote: NDArray[np.float64],
    ) -> OrsosMoney:
        """Draw the money of a run's organisations, each by its identity alone.

        Parameters
        ----------
        table : OrsosTable
            The organisations; they are given their bits ``ACCREDITED`` and ``COMMUNITY``.
        sources : Sources
            What sources are like.
        parameter : function
            Value of a model parameter by id.
        key : int
            Key of the seed and replicate.
        unit : int
            Real clients that one place stands for.
        remote : float64[n_districts], index, how remote districts are, 0 to 1

        Returns
        -------
        OrsosMoney
        """
        n, drawn = table.home.size, len(DRAWN)
        u = np.concatenate(
            [uniform(key, use, table.identity, Stream.MONEY) for use in range(7)],
            axis=1,
        )
        mixed = u[:, 4 : 4 + drawn]
        spread = parameter("orsos.mix_spread")
        weight = sources.share[:drawn] * np.exp(spread * _score(mixed))
        mix = np.zeros((n, len(SOURCES)))
        mix[:, :drawn] = weight / weight.sum(axis=1, keepdims=True)
        mix[:, _ZAKAT] = sources.zakat * mix[:, _DONATION]
        mix[:, _DONATION] -= mix[:, _ZAKAT]
        paying = np.ones((n, len(SOURCES)), np.bool_)
        paying[:, :drawn] = u[:, 9 : 9 + drawn] < sources.paid[:drawn]
        wide = parameter("orsos.income_spread")
        ratio = parameter("orsos.income_ratio") * np.exp(wide * _score(u[:, 0]) - wide**2 / 2.0)
        begin = table.clients / unit
        accredited = u[:, 1] < parameter("orsos.accredited")
        table.state |= np.where(accredited, ACCREDITED, 0).astype(np.uint8)
        found = cls(
            own_month=np.floor(MONTHS_PER_YEAR * u[:, 2]).astype(np.uint8),
            leaning=u[:, 3].astype(np.float32),
            pays=np.packbits(paying, axis=1, bitorder="little")[:, 0],
            usual=np.zeros((n, len(SOURCES)), np.float32),
            capacity=begin.copy(),
            largest=parameter("orsos.room") * begin,
            reserve=np.zeros(n, np.int64),
            smoothed=np.zeros(n),
            trained=np.zeros(n, np.float32),
            volunteers=np.ones(n, np.float32),
            remote=remote[table.home].astype(np.float32),
        )
        found.choose_mode(table, parameter, 0.0)
        running, place = found.costs(table, parameter, unit, 0.0)
        found.usual = ((ratio * (running + place * begin))[:, None] * mix).astype(np.float32)
        found.smoothed = found.usual.sum(axis=1).astype(np.float64)
        # Whoever has more money than places has long since built some.
        affordable = (found.smoothed - running) / place
        found.capacity = np.clip(affordable, begin, found.largest)
        start = parameter("orsos.reserve_months") * found.smoothed * table.working
        found.reserve = np.rint(start).astype(np.int64)
        return found

    def renew(self, sources: Sources, luck: NDArray[np.float64]) -> None:
        """Let sources that do not pay always begin or stop to pay.

        Parameters
        ----------
        sources : Sources
            What sources are like.
        luck : float64[n_orsos, 3], between 0 and 1
        """
        for column, name in enumerate(CHANGING):
            place = SOURCES.index(name)
            paid = (self.pays >> place) & 1
            chance = np.where(paid, sources.renewed[place], sources.begun[place])
            pays = (luck[:, column] < chance).astype(np.uint8)
            self.pays = (self.pays & ~np.uint8(1 << place)) | (pays << np.uint8(place))

    def choose_mode(self, table: OrsosTable, parameter: Parameter, turned: float) -> None:
        """Let organisations serve people in homes or where they live.

        Parameters
        ----------
        table : OrsosTable
            The organisations; their bit ``COMMUNITY`` is written.
        parameter : function
            Value of a model parameter by id.
        turned : float
            Share of the residential ones that turns to community service.
        """
        usual = np.array([parameter(f"orsos.community.{kind}") for kind in KINDS])
        share = usual[table.field]
        community = self.leaning < share + (1.0 - share) * turned
        table.state = np.where(community, table.state | COMMUNITY, table.state & ~COMMUNITY).astype(
            np.uint8
        )

    def costs(
        self, table: OrsosTable, parameter: Parameter, unit: int, saved: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what organisations cost in a month.

        Parameters
        ----------
        table : OrsosTable
            The organisations.
        parameter : function
            Value of a model parameter by id.
        unit : int
            Real clients that one place stands for.
        saved : float
            Share of the cost that training saves.

        Returns
        -------
        tuple of float64[n_orsos], rupiah per month, whoever is served, and for each place taken
        """
        running, place = np.empty((2, table.home.size))
        cost_orsos(
            table.state,
            table.clients,
            self.trained,
            self.remote,
            self.volunteers,
            float(parameter("orsos.cost_residential")),
            float(parameter("orsos.cost_community")),
            np.float32(saved),
            np.float32(parameter("orsos.remote_cost")),
            float(parameter("orsos.volunteer_work")),
            float(parameter("orsos.fixed_share")),
            float(unit),
            running,
            place,
        )
        return running, place

    def price(
        self, table: OrsosTable, parameter: Parameter, place: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return what a new place costs; only homes have to build.

        Parameters
        ----------
        table : OrsosTable
            The organisations.
        parameter : function
            Value of a model parameter by id.
        place : float64[n_orsos], rupiah per month, for each place taken

        Returns
        -------
        float64[n_orsos], rupiah
        """
        price = place * parameter("orsos.place_cost")
        return np.asarray(np.where(table.state & COMMUNITY, 0.0, price), np.float64)

    def build(
        self,
        table: OrsosTable,
        parameter: Parameter,
        running: NDArray[np.float64],
        place: NDArray[np.float64],
    ) -> NDArray[np.int64]:
        """Let organisations that have more money than places get more of them.

        Parameters
        ----------
        table : OrsosTable
            The organisations.
        parameter : function
            Value of a model parameter by id.
        running : float64[n_orsos], rupiah per month, for what is there anyway
        place : float64[n_orsos], rupiah per month, for each place taken

        Returns
        -------
        int64[n_orsos], rupiah, taken from reserves
        """
        spare = self.reserve - parameter("orsos.reserve_months") * self.smoothed
        lasting = spare / parameter("orsos.plan_months") + self.smoothed - running
        most = np.minimum(
            parameter("orsos.build_share") * self.capacity, self.largest - self.capacity
        )
        more = np.clip(lasting / place - self.capacity, 0.0, most)
        price = self.price(table, parameter, place)
        more = np.minimum(more, self.reserve / np.maximum(price, 1.0)) * table.working
        built = np.minimum(np.rint(more * price).astype(np.int64), self.reserve)
        self.reserve -= built
        self.capacity += more
        return np.asarray(built)

    def wants(
        self,
        table: OrsosTable,
        parameter: Parameter,
        running: NDArray[np.float64],
        place: NDArray[np.float64],
        districts: int,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what new grants organisations could use in a month, see `want_orsos`.

        Parameters
        ----------
        table, parameter : as for `costs`
        running, place : float64[n_orsos], rupiah per month, what it returned
        districts : int
            Number of districts.

        Returns
        -------
        tuple of float64[n_orsos] and float64[n_districts], rupiah
            Of each organisation, and of those of a district together.
        """
        want, together = np.empty(table.home.size), np.empty(districts)
        want_orsos(
            table.home,
            table.state,
            self.usual,
            running,
            place,
            self.capacity,
            self.largest,
            self.reserve,
            float(parameter("orsos.build_share")),
            float(parameter("orsos.place_cost")),
            float(parameter("orsos.reserve_months")),
            float(parameter("orsos.plan_months")),
            want,
            together,
        )
        return want, together

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return every array by name.

        Returns
        -------
        dict of any[n], see the attributes
        """
        return {item.name: getattr(self, item.name) for item in fields(self)}


def owed(share: float) -> NDArray[np.float32]:
    """Return what part of grants is an obligation, by kind of need.

    Parameters
    ----------
    share : float
        Part of the grants for people who cannot earn.

    Returns
    -------
    float32[n_kinds], share; grants for those who can earn stay aid
    """
    return np.array([0.0 if kind == _EARNING else share for kind in KINDS], np.float32)


def _score(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return normal scores of uniform numbers, without the far tails: same shape."""
    return np.asarray(np.clip(ndtri(u), -_WIDEST, _WIDEST))
