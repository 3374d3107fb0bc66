"""The same households with an earthquake and without it, beside studies of Indonesian panels.

The world of the scenario is lived twice from its base month. In one life an earthquake hits a tenth
of the households in the month after: some lose what a damaged house costs, the others what being
affected costs, in the proportion of damaged houses to affected people that BNPB counted for
earthquakes. Everybody else lives the same life twice, so that what differs among those who were hit
is what the disaster does to them, after help. No parameter was fitted to the studies' effects on
poverty or spending; how fast losses wane was set by what one of them says about two years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.calibration.figures import Figure, Use
from kesos_sim.data import read_table
from kesos_sim.institutions.hazards import KINDS, province_rates
from kesos_sim.kernels.composition import field
from kesos_sim.scenario.parts import Event

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Struck", "disaster_figures", "lives_with_an_earthquake"]

_TABLE: Final = "evidence_parameters"
_KIND: Final = "earthquake"
_MONTHS: Final = 24
"""What the studies look at: the first two years."""
_SHARE: Final = 0.1
"""Share of households hit; far from all, so that those who help are not overrun."""
_MOST: Final = 30_000
_ROWS: Final = ("A34", "A36", "A37")


@dataclass(frozen=True)
class Struck:
    """Households that an earthquake hits, in both lives.

    Attributes
    ----------
    usual, hit : float64[n_months, n_households], ratio to the poverty line, consumption in each of
        the 24 months from the earthquake on, without it and with it
    left : float64[n_months], share of the loss at once that is left at the end of each month
    """

    usual: NDArray[np.float64]
    hit: NDArray[np.float64]
    left: NDArray[np.float64]

    @property
    def fewer_nonpoor(self) -> float:
        """Mean change over the two years of the share that is not poor, percentage points."""
        return 100.0 * float(np.mean(self.hit >= 1.0) - np.mean(self.usual >= 1.0))

    @property
    def spending(self) -> float:
        """Mean change of consumption over the two years, percent."""
        return 100.0 * float(np.mean(self.hit / self.usual) - 1.0)

    @property
    def lost_within(self) -> float:
        """Percent of all that is lost that falls into the two years."""
        waning = float(self.left[-1] / self.left[-2])
        later = float(self.left[-1]) * waning / (1.0 - waning)
        inside = float(self.left.sum())
        return 100.0 * inside / (inside + later)


def lives_with_an_earthquake(scenario: Scenario, threads: int = 1) -> Struck:
    """Live a scenario's world for two years with an earthquake and without.

    Parameters
    ----------
    scenario : Scenario
        Its region, base month, parameters and seed are used; nothing that it decides is.
    threads : int
        Threads of the kernels; they change nothing.

    Returns
    -------
    Struck
    """
    from kesos_sim.model.opening import open_model

    calm = replace(
        scenario.anchor,
        months=_MONTHS,
        root=None,
        levers={},
        events=(),
        programmes=(),
        households=min(scenario.households, _MOST),
    )
    models = [open_model(calm, threads)]
    world = models[0].world
    size = float(field(world.households.word, "size").mean())
    events = _events(calm, size, models[0].places.codes)
    models.append(open_model(replace(calm, root=calm, events=events), threads))
    welfare: list[list[NDArray[np.float32]]] = [[], []]
    lost = []
    for month in range(_MONTHS):
        for model, kept in zip(models, welfare, strict=True):
            model.step()
            kept.append(model.world.households.welfare.copy())
        felt, usual = (model.parts.hazards.felt for model in (models[1], models[0]))
        if month == 0:
            # Enough beyond rounding: the weakest loss of a hit household is many times larger.
            hit = felt > usual + np.float32(1e-4)
        lost.append(float((felt - usual)[hit].mean(dtype=np.float64)))
    without, with_it = (np.array([one[hit] for one in kept], np.float64) for kept in welfare)
    return Struck(without, with_it, np.array(lost) / lost[0])


def _events(calm: Scenario, size: float, districts: NDArray[np.int64]) -> tuple[Event, ...]:
    """Return the earthquake: those whose house is damaged and the others who are affected."""
    kind = KINDS.index(_KIND)
    _, people, houses = np.sum([rates[:, kind] for rates in province_rates().values()], axis=0)
    damaged = float(min(houses * size / people, 1.0))
    codes = tuple(int(code) for code in districts)
    return tuple(
        Event(_KIND, calm.start + 1, 1, calm.parameter(loss), _SHARE * part, None, codes)
        for loss, part in (("hazard.loss_house", damaged), ("hazard.loss", 1.0 - damaged))
        if part > 0.0
    )


def disaster_figures(scenario: Scenario, threads: int = 1) -> Sequence[Figure]:
    """Put what studies found of disasters beside the model's.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    threads : int
        Threads of the kernels; they change nothing.

    Returns
    -------
    sequence of Figure
        Fewer people who are not poor after an earthquake; what households spend; how much of the
        loss lies in the first two years. Households are counted, as in the studies.
    """
    found = lives_with_an_earthquake(scenario, threads)
    rows = {row: next(read_table(_TABLE).where(id=row).rows()) for row in _ROWS}

    def figure(row: str, measure: str, modelled: float, unit: str, use: Use) -> Figure:
        published = rows[row]["value"]
        return Figure(
            "disaster",
            "study",
            str(rows[row]["source"]),
            measure,
            (_KIND,),
            float("nan") if published is None else float(published),
            modelled,
            unit,
            str(rows[row]["status"]),
            use,
            f"{_TABLE}:{row}",
        )

    return (
        figure("A34", "nonpoor_after_disaster", found.fewer_nonpoor, "percentage_points", "scored"),
        figure("A36", "spending_after_disaster", found.spending, "percent", "shown"),
        figure("A37", "loss_in_two_years", found.lost_within, "percent", "set"),
    )
