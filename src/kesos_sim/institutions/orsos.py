"""Social organisations (ORSOS): where they are, what they do, for how many, and whom they trust.

Search, clients and places are arrays that kernels work on; an organisation becomes an agent when
it has something to decide, which is when a coordinating body calls it to a meeting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from kesos_sim.data.own.figures import OwnData
from kesos_sim.institutions.agent import Institution
from kesos_sim.institutions.places import Places, districts_by_province, province_totals
from kesos_sim.kernels.draws import draw_words
from kesos_sim.kernels.places import ACCREDITED, EMPTY, MEMBER, WORKING
from kesos_sim.population.needs import KINDS
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import Month

__all__ = ["Orsos", "OrsosTable", "client_unit", "uniform"]

_NATION: Final = 0
_WIDEST: Final = 3.0
"""Normal score beyond which no organisation is larger or smaller."""
_LEAST_CLIENTS: Final = 3
_NUMBER_BITS: Final = 16
"""Bits of an identity that hold the number within the district."""


@dataclass
class OrsosTable:
    """All organisations of a run, by district; places for clients by organisation.

    Attributes
    ----------
    identity : uint32[n_orsos], identity, by which it is drawn
    home : int64[n_orsos], index, district
    field : uint8[n_orsos], code, kind of need that it serves
    clients : float64[n_orsos], clients, for whom it began with places
    rounding : float64[n_orsos], share, added to places before the whole ones are counted
    state : uint8[n_orsos], bits, ``WORKING``, ``MEMBER``, ``ACCREDITED`` and ``COMMUNITY``
    trust : float32[n_orsos], share, trust in the coordinating body
    ego : float32[n_orsos], share, trust that it needs before it shares
    eased : int32[n_orsos, 2], places, last month's: for which the body sent a client, and for which
        its list spared somebody whom another one helps
    place_start : int64[n_orsos + 1], place, first place for a client of each organisation
    place_case : int32[n_places], case, of the client, or ``EMPTY``
    place_number : int32[n_places], index, client of the case
    """

    identity: NDArray[np.uint32]
    home: NDArray[np.int64]
    field: NDArray[np.uint8]
    clients: NDArray[np.float64]
    rounding: NDArray[np.float64]
    state: NDArray[np.uint8]
    trust: NDArray[np.float32]
    ego: NDArray[np.float32]
    eased: NDArray[np.int32]
    place_start: NDArray[np.int64]
    place_case: NDArray[np.int32]
    place_number: NDArray[np.int32]

    @classmethod
    def draw(
        cls,
        places: Places,
        parameter: Callable[[str], float],
        key: int,
        unit: int = 1,
        own_data: OwnData | None = None,
    ) -> OrsosTable:
        """Draw the organisations of a run.

        Each district has its part of the registered ones by population, moved a little towards
        poor people; every organisation is drawn by its district and number alone.

        Parameters
        ----------
        places : Places
            Districts of the run.
        parameter : function
            Value of a model parameter by id.
        key : int
            Key of the seed and replicate.
        unit : int
            Real clients that one place stands for.
        own_data : OwnData, optional
            Figures of a planner, among them numbers of registered organisations.

        Returns
        -------
        OrsosTable
            Without clients and members.
        """
        nation = province_totals(places.year)[_NATION]
        poverty = places.poor / np.maximum(places.population, 1.0)
        pull = (poverty / (nation.poor / nation.population)) ** parameter("orsos.need_pull")
        expected = parameter("orsos.registered") * places.population / nation.population * pull
        if own_data is not None:
            expected = _with_own(expected, places, own_data)
        codes = places.codes.astype(np.uint32)
        odd = uniform(key, 0, codes)[:, 0]
        number = np.floor(expected + odd).astype(np.int64)
        home = np.repeat(np.arange(codes.size), number)
        within = np.arange(home.size) - np.repeat(np.cumsum(number) - number, number)
        identity = (codes[home] << np.uint32(_NUMBER_BITS)) | within.astype(np.uint32)
        u = np.concatenate([uniform(key, use, identity) for use in (1, 2, 3)], axis=1)
        shares = np.array([parameter(f"orsos.field.{kind}") for kind in KINDS])
        limits = np.cumsum(shares / shares.sum())
        spread, full = parameter("orsos.clients_spread"), parameter("orsos.occupancy")
        size = np.exp(spread * np.clip(ndtri(u[:, 1]), -_WIDEST, _WIDEST) - spread**2 / 2.0)
        clients = np.maximum(np.rint(parameter("orsos.clients") / full * size), _LEAST_CLIENTS)
        # Reluctance spreads evenly around its mean, as far as it can.
        ego = parameter("orsos.ego")
        reach = min(ego, 1.0 - ego)
        # What is left of a place is drawn, so that places stand for all clients.
        largest = parameter("orsos.room") * clients / unit
        own = np.floor(largest + u[:, 4]).astype(np.int64)
        start = np.concatenate([[0], np.cumsum(own)])
        return cls(
            identity=identity,
            home=home,
            field=np.minimum(np.searchsorted(limits, u[:, 0]), len(KINDS) - 1).astype(np.uint8),
            clients=clients,
            rounding=np.ascontiguousarray(u[:, 4]),
            state=np.where(u[:, 2] < parameter("orsos.working"), WORKING, 0).astype(np.uint8),
            trust=np.zeros(u.shape[0], np.float32),
            ego=(ego + reach * (2.0 * u[:, 3] - 1.0)).astype(np.float32),
            eased=np.zeros((u.shape[0], 2), np.int32),
            place_start=start,
            place_case=np.full(start[-1], EMPTY, np.int32),
            place_number=np.zeros(start[-1], np.int32),
        )

    @cached_property
    def place_orsos(self) -> NDArray[np.int32]:
        """Organisations whose places they are: int32[n_places], organisation."""
        orsos = np.arange(self.home.size, dtype=np.int32)
        return np.repeat(orsos, np.diff(self.place_start))

    @property
    def working(self) -> NDArray[np.bool_]:
        """Organisations that work: bool[n_orsos], flag."""
        return np.asarray((self.state & WORKING) != 0)

    @property
    def members(self) -> NDArray[np.bool_]:
        """Working organisations that are members: bool[n_orsos], flag."""
        both = WORKING | MEMBER
        return np.asarray((self.state & both) == both)

    def by_district(self, of_orsos: NDArray[Any], districts: int) -> NDArray[np.int64]:
        """Add up over the organisations of each district.

        Parameters
        ----------
        of_orsos : bool[n_orsos] or int[n_orsos], any unit, of each organisation
        districts : int
            Number of districts.

        Returns
        -------
        int64[n_districts], the same unit
        """
        cut = np.searchsorted(self.home, np.arange(districts + 1))
        found, some = np.zeros(districts, np.int64), cut[:-1] < cut[1:]
        found[some] = np.add.reduceat(of_orsos, cut[:-1][some], dtype=np.int64)
        return found

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return every array by name.

        Returns
        -------
        dict of any[n], see the attributes
        """
        return {item.name: getattr(self, item.name) for item in fields(self)}


def _with_own(expected: NDArray[np.float64], places: Places, own: OwnData) -> NDArray[np.float64]:
    """Put own numbers of registered organisations in the place of expected ones.

    float64[n_districts], organisations; what a province's number leaves goes to its districts
    without their own, as far as they are in the run by their part of its people
    """
    found, brought = expected.copy(), own.of("number", "lks")
    known = np.isin(places.codes, list(brought))
    share = places.share_of_province["population"]
    for code, figure in brought.items():
        inside = (places.province_code == code) & ~known
        if not inside.any():
            continue
        counted = {c for c in brought if c in districts_by_province(places.year)[code]}
        left = max(figure.value - sum(brought[c].value for c in counted), 0.0)
        outside = share[(places.province_code == code) & known].sum()
        part = share[inside].sum() / max(1.0 - outside, share[inside].sum())
        found[inside] *= left * part / found[inside].sum()
    for place in np.flatnonzero(known).tolist():
        found[place] = brought[int(places.codes[place])].value
    return found


def client_unit(parameter: Callable[[str], float], places: Places, households: int) -> int:
    """Return how many real clients are taken as one, so that small samples stay quick.

    Organisations are as many as they really are, whatever the sample. Their places are taken
    together until there are not more than ``model.places_per_household`` for each simulated
    household; what is doubled depends on places over people in need, not on their number.

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
    nation = province_totals(places.year)[_NATION]
    part = places.population.sum() / nation.population
    clients = parameter("orsos.registered") * parameter("orsos.clients") * part
    most = parameter("model.places_per_household") * households
    return max(1, round(float(clients / most)))


def uniform(
    key: int, use: int, entity: NDArray[np.uint32], stream: Stream = Stream.COORDINATION
) -> NDArray[np.float64]:
    """Draw two numbers for each entity.

    Parameters
    ----------
    key : int
        Key of the seed and replicate.
    use : int
        What they are for, or in which month.
    entity : uint32[n], identity, of each entity
    stream : Stream
        The process that draws.

    Returns
    -------
    float64[n, 2], between 0 and 1
    """
    words = np.empty((entity.size, 2), np.uint32)
    draw_words(np.uint32(key), month_word(use, stream), entity, words)
    return np.asarray((words + 0.5) * 2.0**-32, np.float64)


class Orsos(Institution):
    """One organisation that has had something to decide.

    Parameters
    ----------
    model : mesa.Model
        The model it lives in.
    table : OrsosTable
        All organisations.
    number : int
        Its place among them.

    Attributes
    ----------
    changes : list of tuple of Month and bool
        When it joined (true) or left (false).
    works : list of tuple of Month and bool
        When it began to work (true) or closed (false).
    """

    def __init__(self, model: Any, table: OrsosTable, number: int) -> None:
        super().__init__(model)
        self.table, self.number = table, number
        self.changes: list[tuple[Month, bool]] = []
        self.works: list[tuple[Month, bool]] = []

    def begin(self, month: Month) -> None:
        """Begin to work, as a new organisation or again, without a certificate until it wins one.

        Parameters
        ----------
        month : Month
            The month.
        """
        self.table.state[self.number] &= ~ACCREDITED
        self.table.state[self.number] |= WORKING
        self.works.append((month, True))

    def close(self, month: Month) -> None:
        """Work no longer, and be no member; its clients are sent away in the same month.

        Parameters
        ----------
        month : Month
            The month.
        """
        self.table.state[self.number] &= ~(WORKING | MEMBER)
        self.works.append((month, False))

    def join(self, month: Month) -> None:
        """Become a member, and share from now on.

        Parameters
        ----------
        month : Month
            The month.
        """
        self.table.state[self.number] |= MEMBER
        self.changes.append((month, True))

    def leave(self, month: Month) -> None:
        """Be a member no longer.

        Parameters
        ----------
        month : Month
            The month.
        """
        self.table.state[self.number] &= ~MEMBER
        self.changes.append((month, False))
