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
from kesos_sim.kernels.reports import report_clients
from kesos_sim.model.cases import Cases
from kesos_sim.rng import Stream

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Monitoring"]


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
        key = int(model.world.key)
        self._luck = uniform(key, 0, table.identity, Stream.MONITORING)[:, 0]
        self._over = np.zeros((table.home.size, 2), np.int64)
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
        number = np.bincount(self._table.home, checked, self._model.places.codes.size)
        return np.asarray(self._model.scenario.parameter("monitoring.cost") * number)

    def part(self, cases: Cases) -> None:
        """Let organisations part with clients whose need has ended by itself.

        Parameters
        ----------
        cases : the cases, after some were closed and before any is opened
        """
        self._over = self._reports(cases, closed=True)

    def report(self, cases: Cases, finished: NDArray[np.int64]) -> None:
        """Let organisations report the month.

        Parameters
        ----------
        cases : the cases at the end of the month
        finished : int64[n_orsos, 2], clients, whose service is finished, and those of them whose
            need is over with it
        """
        have = self._reports(cases, closed=False)
        claimed = np.where(self.checked, finished[:, 1], finished[:, 0]) + self._over[:, 0]
        of_reports = np.column_stack([have, claimed, finished[:, 1]])
        table, districts = self._table, self._model.places.codes.size
        found = np.zeros((districts, len(MONITORING_MEASURES)), np.int64)
        np.add.at(found[:, : of_reports.shape[1]], table.home, self._unit * of_reports)
        size = np.digitize(self._unit * self._money.capacity, SIZE_EDGES[1:-1])
        column = of_reports.shape[1] + size
        np.add.at(found, (table.home, column), table.working)
        self.last = found

    def _reports(self, cases: Cases, *, closed: bool) -> NDArray[np.int64]:
        """Return clients as reported and counted once: int64[n_orsos, 2], clients."""
        table, reported = self._table, np.empty((self._table.home.size, 2), np.int64)
        self._model.world.team.share(
            report_clients,
            self._province_orsos.size - 1,
            self._province_orsos,
            self.checked,
            table.place_start,
            table.place_case,
            table.place_number,
            cases.household,
            cases.case_client,
            closed,
            np.zeros(cases.servers.size, np.uint8),
            reported,
        )
        return reported
