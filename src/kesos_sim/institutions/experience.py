"""What organisations experience of coordination, and what it does to their trust.

A client who is sent need not be looked for, and a client whom the shared list shows to be another's
need not be taken on twice: both save days of work. Meetings and reports take days. Members feel
both, and guests of a meeting are told. Nobody has measured either; the parameters are assumptions,
and the strength of this learning may be zero.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.orsos import OrsosTable
from kesos_sim.kernels.experience import learn_trust
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["learn"]

Parameter = Callable[[str], float]
Lever = Callable[[str], float]


def learn(
    table: OrsosTable,
    parameter: Parameter,
    lever: Lever,
    awake: NDArray[np.bool_],
    guests: NDArray[np.int64],
    unit: int,
) -> None:
    """Let organisations win and lose trust by what coordination did for members since last month.

    Parameters
    ----------
    table : OrsosTable
        The organisations; their trust is changed.
    parameter, lever : function
        Value of a model parameter by id; setting of a lever in this month by its name.
    awake : bool[n_districts], flag, bodies that work
    guests : int64[n], organisation, those at a meeting in this month
    unit : int
        Real clients that one place stands for.
    """
    strength = parameter("coordination.experience.strength")
    if strength == 0.0:
        return
    met = np.zeros(table.home.size, np.bool_)
    met[guests] = True
    reported = parameter("coordination.report_days") * lever("member_reports") * awake
    scratch = np.empty((2, awake.size))
    learn_trust(
        np.float32(strength),
        np.float32(parameter("coordination.client_days")),
        np.float32(parameter("coordination.double_days")),
        np.float32(parameter("coordination.meeting_days")),
        reported.astype(np.float32),
        np.float32(MONTHS_PER_YEAR / parameter("coordination.meetings_yearly")),
        unit,
        table.home,
        table.state,
        table.clients,
        table.eased,
        met,
        scratch[0],
        scratch[1],
        table.trust,
    )
