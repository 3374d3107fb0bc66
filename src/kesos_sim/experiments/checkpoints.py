"""Long runs leave their state on the way, so that whoever starts them again goes on from there.

Only the newest checkpoint of a run is kept. It appears whole or not at all, and goes when the run
is finished. A run lives on where no checkpoint can be written.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from platformdirs import user_cache_path

from kesos_sim.errors import InputError
from kesos_sim.experiments.store import identity
from kesos_sim.model.checkpoint import save_checkpoint
from kesos_sim.model.files import prune
from kesos_sim.model.opening import reopen_model
from kesos_sim.model.state import state_arrays
from kesos_sim.whole_files import PART

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario.scenario import Scenario
    from kesos_sim.units import Month

__all__ = ["Checkpoints"]

_KIND: Final = "checkpoint"
_LEAST_SECONDS: Final = 60.0
"""Runs that are over sooner leave nothing."""
_APART: Final = 12.0
"""Time between checkpoints against the time that one takes to write."""
_MOST_BYTES: Final = 12_000_000_000
"""Room for checkpoints of all runs; those written longest ago make way."""
_LEFT_FREE: Final = 1_000_000_000
"""Bytes of the disk that stay free for others."""
_DEAD_SECONDS: Final = 60.0
"""A file being written that has not grown for so long belongs to nobody any more."""


@dataclass
class Checkpoints:
    """Checkpoints of the runs of a user.

    Attributes
    ----------
    folder : Path
        Where they lie; it is made if need be.
    months : int or None
        Months between two of them. None: at least a minute, and long enough that writing costs
        at most a twelfth of the time. 0: never.
    tell : function
        Told ``resumed`` or ``unwritable``, and the month at which that is.
    """

    folder: Path
    months: int | None = None
    tell: Callable[[str, Month], None] = lambda _event, _month: None
    _since: float = field(default_factory=time.monotonic)
    _apart: float = _LEAST_SECONDS
    _refused: bool = False

    @classmethod
    def default(
        cls,
        months: int | None = None,
        tell: Callable[[str, Month], None] = lambda _event, _month: None,
    ) -> Checkpoints:
        """Return those in the user's cache folder; see the attributes."""
        return cls(user_cache_path("kesos-sim") / "checkpoints", months, tell)

    def resumed(
        self, scenario: Scenario, threads: int, note: Callable[[str], None]
    ) -> WelfareModel | None:
        """Return the model of a run that was stopped on its way.

        Parameters
        ----------
        scenario : Scenario
            The scenario.
        threads : int
            Threads of the kernels.
        note : function
            Told what is being done, see `kesos_sim.model.opening.open_model`.

        Returns
        -------
        WelfareModel or None
            None where there is no whole checkpoint of this scenario, code and data.
        """
        self._since = time.monotonic()
        self._tidy()
        path = self._file(scenario)
        if not path.exists():
            return None
        try:
            model = reopen_model(scenario, threads, path, note=note)
        except InputError:
            self.forget(scenario)
            return None
        self.tell("resumed", model.month)
        return model

    def leave(self, model: WelfareModel) -> None:
        """Leave a checkpoint if it is time to.

        Parameters
        ----------
        model : WelfareModel
            Between two months.
        """
        if model.row < model.scenario.months and self._due(model.row):
            self._save(model)

    def forget(self, scenario: Scenario) -> None:
        """Delete the checkpoint of a scenario."""
        with suppress(OSError):
            self._file(scenario).unlink()

    def _due(self, row: int) -> bool:
        if self.months is None:
            return time.monotonic() - self._since >= self._apart
        return self.months > 0 and row % self.months == 0

    def _save(self, model: WelfareModel) -> None:
        """Write a checkpoint; without room for it the earlier one stays and the run goes on."""
        began = time.monotonic()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            size = sum(array.nbytes for array in state_arrays(model).values())
            if shutil.disk_usage(self.folder).free < size + _LEFT_FREE:
                self._refuse(model)
            else:
                save_checkpoint(model, self._file(model.scenario))
                self._tidy()
        except OSError:
            self._refuse(model)
        self._since = time.monotonic()
        self._apart = max(_LEAST_SECONDS, _APART * (self._since - began))

    def _refuse(self, model: WelfareModel) -> None:
        """Say once that checkpoints cannot be written."""
        if not self._refused:
            self._refused = True
            self.tell("unwritable", model.month)

    def _tidy(self) -> None:
        """Delete what killed processes have left unfinished, and what there is no room for."""
        with suppress(OSError):
            for part in self.folder.glob(f"*{PART}"):
                with suppress(OSError):
                    if time.time() - part.stat().st_mtime > _DEAD_SECONDS:
                        part.unlink()
        prune(self.folder, _MOST_BYTES)

    def _file(self, scenario: Scenario) -> Path:
        return self.folder / f"{identity(scenario, _KIND)}.npz"
