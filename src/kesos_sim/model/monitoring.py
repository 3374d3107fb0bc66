"""What organisations report of a month, beside what is true, and who checks their figures.

An organisation whose figures nobody checks reports every client that it has and every service
that is over as a success. One whose figures are checked by indicators leaves out clients whom
another checked one has reported, and services after which the need goes on. Neither can tell
whose need would have ended without it: only the model knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.monitoring import MONITORING_MEASURES, SIZE_EDGES
from kesos_sim.institutions.bkkks import Coordination
from kesos_sim.institutions.orsos import OrsosTable, uniform
from kesos_sim.institutions.orsos_money import OrsosMoney
from kesos_sim.institutions.orsos_turnover import decides
from kesos_sim.kernels.reports import report_clients
from kesos_sim.model.cases import Cases
from kesos_sim.rng import Stream

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Monitoring"]

_REPORTS = len(MONITORING_MEASURES) - (SIZE_EDGES.size - 1)


class Monitoring:
    """Reports of the organisations of a model.

    Parameters
    ----------
    model : the model
    table : the organisations
    bodies : the coordinating bodies
    money : what organisations can do
    unit : real clients that one place stands for

    Attributes
    ----------
    last : int64[n_districts, n_measures], what the last month came to; None before the first
    """

    def __init__(
        self,
        model: WelfareModel,
        table: OrsosTable,
        bodies: Coordination,
        money: OrsosMoney,
        unit: int,
    ) -> None:
        self._model, self._table, self._money, self._unit = model, table, money, unit
        self._province_orsos = bodies.province_orsos
        first = model.places.province_index
        self._province_district = np.searchsorted(first, np.arange(bodies.province_orsos.size))
        key = int(model.world.key)
        self._luck = uniform(key, 0, table.identity, Stream.MONITORING)[:, 0].copy()
        self.last: NDArray[np.int64] | None = None

    def settle(self) -> None:
        """Do nothing: a report is about its own month."""

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of int64[n_districts, n_measures], see the attributes
        """
        return {} if self.last is None else {"last": self.last}

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        self.last = kept["last"].copy()

    @property
    def counts(self) -> NDArray[np.int64]:
        """What the month came to.

        int64[n_districts, n_measures], counts in the order of
        `kesos_sim.indicators.monitoring.MONITORING_MEASURES`
        """
        if self.last is None:
            raise ValueError("nobody has reported yet")
        return self.last

    @property
    def checked(self) -> NDArray[np.bool_]:
        """Organisations whose figures are checked: bool[n_orsos], flag; more checks add to them."""
        return np.asarray(self._luck < self._model.lever("monitoring"))

    def cost(self) -> NDArray[np.float64]:
        """Return what checking costs.

        Returns
        -------
        float64[n_districts], rupiah per year
        """
        checked = self.checked & self._table.working
        number = self._table.by_district(checked, self._model.places.codes.size)
        return np.asarray(self._model.scenario.parameter("monitoring.cost") * number)

    def report(self, cases: Cases, finished: NDArray[np.int64]) -> None:
        """Let organisations report the month.

        Parameters
        ----------
        cases : the cases at the end of the month
        finished : int64[n_orsos, 3], clients, see `kesos_sim.kernels.search.hold_clients`
        """
        table, districts = self._table, self._model.places.codes.size
        reported = np.zeros((districts, _REPORTS), np.int64)
        self._model.world.team.share(
            report_clients,
            self._province_orsos.size - 1,
            self._province_orsos,
            cases.case_start[self._province_district],
            table.home,
            self.checked,
            finished,
            table.place_start,
            table.place_orsos,
            table.place_case,
            table.place_number,
            cases.case_client,
            cases.served,
            cases.helpers,
            reported,
        )
        self._model.world.team.gather("district", reported)
        # Organisations build, close and open in some months alone.
        if self.last is None or decides(self._model.month):
            sizes = self._sizes()
        else:
            sizes = self.last[:, _REPORTS:]
        self.last = np.concatenate([self._unit * reported, sizes], axis=1)

    def _sizes(self) -> NDArray[np.int64]:
        """Count working organisations by size: int64[n_districts, n_sizes]."""
        table, groups = self._table, SIZE_EDGES.size - 1
        working = table.working
        clients = self._unit * self._money.capacity[working]
        size = np.searchsorted(SIZE_EDGES[1:-1], clients, side="right")
        districts = self._model.places.codes.size
        count = np.bincount(groups * table.home[working] + size, minlength=groups * districts)
        return count.reshape(districts, groups)
