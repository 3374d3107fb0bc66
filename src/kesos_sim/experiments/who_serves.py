"""Who serves whom at the end of a run: providers by need, their overlap, and where nobody comes.

Three things are told apart. Organisations hold clients one by one, so that who is served twice is
known. Programmes reach households, so that they reach everybody in need who lives there. Groups of
neighbours (WKSBM) are near a share of the households of a district; the model does not know which
ones, so that their overlap with others is that of chance within the district.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.experiments.compare import Comparison
from kesos_sim.experiments.executors import Executor
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.sights import pair_of, sights
from kesos_sim.kernels.cases import FREE
from kesos_sim.kernels.funding import SOURCES
from kesos_sim.kernels.places import COMMUNITY, EMPTY, LEFT_RETURNED, MEMBER
from kesos_sim.kernels.pools import COUNTED
from kesos_sim.population.needs import KINDS

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.reports.charts.chart import Chart
    from kesos_sim.reports.tables import TextTable
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["GROUPS", "NEIGHBOURS", "PAYERS", "Map", "WhoServes", "who_serves"]

Floats = NDArray[np.float64]

GROUPS: Final = ("home_member", "home_other", "community_member", "community_other")
"""Organisations that serve in homes or where people live, members of a coordinating body or not."""
NEIGHBOURS: Final = "wksbm"
PAYERS: Final = (*SOURCES, "reserves")
"""Whose money pays for the places: the sources of organisations, and what they have left."""
_MEMBERS: Final = COUNTED.index("members")
_COMMUNITY_BIT, _MEMBER_BIT = 2, 1


@dataclass(frozen=True)
class Map:
    """Who serves whom in the last month of a run.

    Attributes
    ----------
    providers : `GROUPS`, programmes that somebody in need receives, and neighbours
    districts : BPS codes
    in_need, served, places : float64[n_districts, n_kinds], persons with the need, those whom an
        organisation serves, and these once for each organisation
    reach : float64[n_providers, n_kinds], persons in need whom the provider reaches
    overlap : float64[n_providers, n_providers], persons in need whom both reach; on the diagonal
        of organisations those whom two or more of the group serve, else NaN
    total : float64[n_providers], persons in need whom the provider reaches
    paid : float64[n_payers, n_kinds], places by whose money pays for them
    """

    providers: tuple[str, ...]
    districts: tuple[int, ...]
    in_need: Floats
    served: Floats
    places: Floats
    reach: Floats
    overlap: Floats
    total: Floats
    paid: Floats

    @property
    def unmet(self) -> Floats:
        """People in need whom no organisation serves.

        float64[n_districts, n_kinds], persons
        """
        return np.asarray(self.in_need - self.served)

    @property
    def shares(self) -> Floats:
        """Return the overlap as a part of those whom the provider of the row reaches.

        Returns
        -------
        float64[n_providers, n_providers], percent, NaN where a provider reaches nobody
        """
        whole = np.where(self.total > 0.0, self.total, np.nan)
        return np.asarray(100.0 * self.overlap / whole[:, None])

    def only(self, providers: tuple[str, ...]) -> Map:
        """Return the map of other providers; one that reaches nobody here has zeros."""
        index = [self.providers.index(one) if one in self.providers else -1 for one in providers]

        def rows(table: Floats) -> Floats:
            padded = np.concatenate([table, np.zeros((1, *table.shape[1:]))])
            return np.asarray(padded[index])

        return Map(
            providers=providers,
            districts=self.districts,
            in_need=self.in_need,
            served=self.served,
            places=self.places,
            reach=rows(self.reach),
            overlap=rows(rows(self.overlap).T).T,
            total=rows(self.total),
            paid=self.paid,
        )

    def gaps(self, most: int) -> list[tuple[int, str, float, float]]:
        """Return where most people are in need and nobody serves them.

        Parameters
        ----------
        most : how many places to list

        Returns
        -------
        list of (district, kind, persons unserved, percent of those in need)
        """
        unmet = self.unmet
        order = np.argsort(-unmet, axis=None, kind="stable")[:most]
        found = []
        for place in order.tolist():
            d, k = divmod(place, len(KINDS))
            if unmet[d, k] > 0.0:
                share = 100.0 * float(unmet[d, k] / self.in_need[d, k])
                found.append((self.districts[d], KINDS[k], float(unmet[d, k]), share))
        return found


@dataclass(frozen=True)
class WhoServes:
    """Who serves whom without a package and with it.

    Attributes
    ----------
    comparison : the package against the baseline
    baseline, package : the maps
    without_effect : the same two if coordination did nothing; None where the package does not rest
        on coordination
    """

    comparison: Comparison
    baseline: Map
    package: Map
    without_effect: tuple[Map, Map] | None

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        return self.comparison.provenance

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Say who serves whom, what is doubled, and where nobody comes."""
        from kesos_sim.reports.measures import who_serves as told

        return told.sentences(self, lang)

    def charts(self, lang: str = "id") -> tuple[Chart, ...]:
        """Draw the overlap without the package and with it."""
        from kesos_sim.reports.measures import overlap_chart as told

        return told.charts(self, lang)

    def tables(self, lang: str = "id") -> tuple[TextTable, ...]:
        """List providers by need, who pays, overlap and gaps."""
        from kesos_sim.reports.measures import who_serves as told

        return told.tables(self, lang)


def who_serves(
    baseline: Scenario,
    package: Scenario,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> WhoServes:
    """Map who serves whom at the end of a run, without a package and with it.

    Parameters
    ----------
    baseline : the scenario without the package
    package : the scenario with it
    executor : who lives them; processes of this machine when left out
    progress : told what is being done

    Returns
    -------
    WhoServes

    Raises
    ------
    InputError
        If the scenarios are not of one world.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> joined = load_scenario("scenarios/bkkks-aktif.yaml", world)
    >>> found = who_serves(today, joined, Serial())
    >>> [chart.title.split(" are ")[0] for chart in found.charts("en")]
    ['Doubled services of ORSOS']
    """
    comparison, seen = sights(pair_of(baseline, package), look, executor, progress)
    order = tuple(dict.fromkeys(name for one in seen for name in one.providers[:-1]))
    maps = [one.only((*order, NEIGHBOURS)) for one in seen]
    return WhoServes(
        comparison=comparison,
        baseline=maps[0],
        package=maps[1],
        without_effect=(maps[2], maps[3]) if len(maps) > 2 else None,  # noqa: PLR2004  # two pairs
    )


def look(model: WelfareModel) -> Map:
    """Look at who serves whom in a model.

    Parameters
    ----------
    model : a model at the end of a month

    Returns
    -------
    Map
    """
    serving = model.parts.serving
    last = serving.last
    if last is None:
        raise ValueError("nobody has been served yet")
    clients = _Clients.of(model)
    groups = clients.organisations(model)
    unit = float(serving.unit)
    # Programmes and neighbours reach whoever is in need, organisations those whom they hold.
    enrolled = model.world.households.enrolled[clients.household]
    names = list(GROUPS)
    reach = [one > 0 for one in groups]
    for k, programme in enumerate(model.schedule.names):
        reached = (enrolled >> k & 1) != 0
        if reached.any():
            names.append(programme)
            reach.append(reached)
    near = _near_groups(model)[clients.district]
    weights = np.array([*(one.astype(np.float64) for one in reach), near])
    overlap = unit * (weights @ weights.T)
    diagonal = np.full(len(weights), np.nan)
    diagonal[: len(GROUPS)] = unit * (groups > 1).sum(axis=1)
    np.fill_diagonal(overlap, diagonal)
    kinds = np.eye(len(KINDS))[clients.kind]
    return Map(
        providers=(*names, NEIGHBOURS),
        districts=tuple(model.places.codes.tolist()),
        in_need=last.in_need.astype(np.float64),
        served=last.served.astype(np.float64),
        places=last.places.astype(np.float64),
        reach=unit * (weights @ kinds),
        overlap=overlap,
        total=unit * weights.sum(axis=1),
        paid=_paid(model),
    )


@dataclass(frozen=True)
class _Clients:
    """Clients who have a need now.

    Attributes
    ----------
    place : int64[n], client, its byte among all
    household, district, kind : int64[n], index
    """

    place: NDArray[np.int64]
    household: NDArray[np.int64]
    district: NDArray[np.int64]
    kind: NDArray[np.int64]

    @classmethod
    def of(cls, model: WelfareModel) -> _Clients:
        """Find them."""
        cases = model.parts.serving.cases
        case = np.repeat(np.arange(cases.household.size), np.diff(cases.case_client))
        within = np.arange(case.size) - cases.case_client[case]
        open_ = (
            (cases.household[case] != FREE)
            & (within < cases.people[case])
            & (cases.servers < LEFT_RETURNED)
        )
        place = np.flatnonzero(open_)
        own = case[place]
        district = np.searchsorted(cases.case_start, own, side="right") - 1
        return cls(
            place,
            cases.household[own].astype(np.int64),
            district,
            cases.kind[own].astype(np.int64),
        )

    def organisations(self, model: WelfareModel) -> NDArray[np.int64]:
        """Return by how many organisations of each group a client is served.

        int64[n_groups, n], organisations
        """
        serving = model.parts.serving
        orsos, cases = serving.orsos, serving.cases
        held = np.flatnonzero(orsos.place_case != EMPTY)
        case = orsos.place_case[held]
        client = cases.case_client[case] + orsos.place_number[held]
        owner = np.searchsorted(orsos.place_start, held, side="right") - 1
        group = _group(orsos.state[owner])
        count = np.zeros((len(GROUPS), cases.servers.size), np.int64)
        np.add.at(count, (group, client), 1)
        return count[:, self.place]


def _group(state: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return which of `GROUPS` organisations belong to: int64[n], index."""
    community = ((state & COMMUNITY) != 0).astype(np.int64)
    other = ((state & MEMBER) == 0).astype(np.int64)
    return np.asarray(_COMMUNITY_BIT * community + _MEMBER_BIT * other)


def _near_groups(model: WelfareModel) -> Floats:
    """Return the share of households that are members of active groups: float64[n_districts]."""
    community = model.parts.community
    members = community.unit * community.totals[:, _MEMBERS]
    return np.asarray(np.minimum(members / model.places.households, 1.0), np.float64)


def _paid(model: WelfareModel) -> Floats:
    """Return places by whose money pays for them: float64[n_payers, n_kinds], persons.

    The places of an organisation are shared out like the money that it has from its sources in the
    year; where none of them pays, it lives on its reserves.
    """
    serving = model.parts.serving
    orsos, money = serving.orsos, serving.funding.money
    held = np.flatnonzero(orsos.place_case != EMPTY)
    owner = np.searchsorted(orsos.place_start, held, side="right") - 1
    count = np.bincount(owner, minlength=orsos.home.size).astype(np.float64)
    pays = (money.pays[:, None] >> np.arange(len(SOURCES)) & 1) != 0
    income = money.usual * pays
    total = income.sum(axis=1, keepdims=True)
    share = np.divide(income, total, out=np.zeros(income.shape), where=total > 0.0)
    share = np.concatenate([share, total == 0.0], axis=1)
    kinds = np.eye(len(KINDS))[orsos.field]
    return np.asarray(float(serving.unit) * (share * count[:, None]).T @ kinds)


def distinct(found: Map) -> Mapping[str, float]:
    """Return people in need, served, and places that serve them, of the whole region."""
    return {name: float(getattr(found, name).sum()) for name in ("in_need", "served", "places")}
