"""What comes before and after a service: medical treatment first, and the danger of a relapse.

Whoever a service has helped can fall back for a while. Nobody has counted relapses in Indonesia,
nor what accompanying people does to them: all of it is assumed, with ranges.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.population.needs import KINDS
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["MEDICAL", "aftercare_cost", "medical_months", "relapse_chances"]

MEDICAL: Final = ("drug_rehabilitation", "mental_disorder")
"""Kinds of need that hospitals treat before organisations can help."""
_MOST: Final = 0.95
"""Highest share that falls back."""

Parameter = Callable[[str], float]
Lever = Callable[[str], float]


def relapse_chances(
    parameter: Parameter, lever: Lever, stigma: float
) -> tuple[NDArray[np.float32], np.float32]:
    """Return how often people fall back, and how soon they are out of danger.

    Parameters
    ----------
    parameter, lever : function
        Value of a model parameter by id; setting of a lever by its name.
    stigma : float
        What is left of today's stigma: 1 today, less with campaigns.

    Returns
    -------
    tuple of float32[2, n_kinds] and float32
        Share per month of those who left a home and of those who were helped where they live;
        share per month of those from then on out of danger.
    """
    months = parameter("need.relapse_months")
    ever = np.minimum([parameter(f"need.{kind}.relapse") for kind in KINDS], _MOST)
    # Two ways out of danger and back that compete: their rates divide people as the share says.
    rate = ever / (1.0 - ever) / months
    rate *= stigma * (1.0 - parameter("aftercare.strength") * lever("aftercare"))
    both = np.outer([parameter("orsos.relapse_home"), 1.0], rate)
    return (1.0 - np.exp(-both)).astype(np.float32), np.float32(1.0 - np.exp(-1.0 / months))


def aftercare_cost(
    parameter: Parameter, lever: Lever, helped: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return what it costs to accompany people after a service and to link to hospitals.

    Parameters
    ----------
    parameter, lever : function
        Value of a model parameter by id; setting of a lever by its name.
    helped : int64[n_districts], persons, who were helped and can fall back

    Returns
    -------
    float64[n_districts], rupiah per year
        Of the link: the pay of one social worker in each district.
    """
    after = MONTHS_PER_YEAR * parameter("aftercare.cost") * lever("aftercare") * helped
    return np.asarray(after + parameter("psks.social_worker_pay") * lever("medical_referral"))


def medical_months(parameter: Parameter, lever: Lever) -> NDArray[np.int16]:
    """Return how long people are in medical treatment, or wait for it, before a service.

    Parameters
    ----------
    parameter, lever : function
        Value of a model parameter by id; setting of a lever by its name.

    Returns
    -------
    int16[n_kinds], months since the onset of the need; 0 where no treatment comes first
    """
    left = 1.0 - parameter("medical_referral.strength") * lever("medical_referral")
    months = [
        parameter(f"need.{kind}.medical_months") * left if kind in MEDICAL else 0.0
        for kind in KINDS
    ]
    return np.rint(months).astype(np.int16)
