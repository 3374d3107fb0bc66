"""Poverty spells of the engine's own households from March to March beside published panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim.calibration.figures import Figure, Use
from kesos_sim.indicators.mobility_score import mobility_score
from kesos_sim.indicators.survey_noise import survey_reading
from kesos_sim.kernels.composition import field
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["WAVES", "mobility_figures"]

WAVES: Final = 3
"""Yearly waves, as many as the Susenas panel of 2008-2010 has."""

_USES: Final[dict[str, Use]] = {
    "used to set": "set",
    "not used": "scored",
    "not computed": "shown",
}


def mobility_figures(model: WelfareModel) -> list[Figure]:
    """Follow households over three years and compare with published panels.

    Parameters
    ----------
    model : WelfareModel
        A model in its base month, with at least two years to live; it lives them.

    Returns
    -------
    list of Figure
        Figures that set the welfare process, figures that test it, and those that cannot be
        computed. Reporting error belongs to whoever observes and is added to what is read only.
    """
    parameter = model.scenario.parameter
    waves, months = [model.world.households.welfare.copy()], [model.month.ordinal]
    for _ in range(WAVES - 1):
        for _ in range(MONTHS_PER_YEAR):
            model.step()
        waves.append(model.world.households.welfare.copy())
        months.append(model.month.ordinal)
    read = survey_reading(
        np.stack(waves),
        np.array(months, np.int64),
        int(model.world.key),
        parameter("mobility.survey_noise_sd"),
        model.world.households.first_id,
    )
    sizes = np.diff(model.world.layout.stratum_start)
    households = np.repeat(model.world.weight / WEIGHT_UNIT, sizes)
    persons = households * field(model.world.households.word, "size")
    return [
        Figure(
            "mobility",
            "study",
            str(row["id"]),
            "transition",
            (str(row["statistic"] or "not_computed"),),
            float(row["published"]),
            float(row["modelled"]),
            "share",
            str(row["status"]),
            _USES[str(row["role"])],
            ("poverty_transitions:" if row["id"].startswith("T") else "evidence_parameters:")
            + str(row["id"]),
        )
        for row in mobility_score(read, persons, parameter, households)
    ]
