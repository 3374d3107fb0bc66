"""Standing of organisations with authorities and the public: certificates, reports, paperwork.

What each of these changes is measured nowhere in Indonesia: the parameters are assumptions, and
their ranges include no effect at all.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.body import STANDINGS
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["certification_cost", "certified", "legitimacy", "report_gain", "with_paperwork"]

Parameter = Callable[[str], float]
Lever = Callable[[str], float]


def certified(parameter: Parameter, share: float) -> tuple[float, float]:
    """Return how often certificates are lost and won, such that a share of organisations has one.

    Parameters
    ----------
    parameter : function
        Value of a model parameter by id.
    share : float
        Organisations that are to be certified.

    Returns
    -------
    tuple of float, share per year
        Of those with a certificate who lose it, and of those without who get one.
    """
    if share <= 0.0:
        return 1.0, 0.0
    rest = 1.0 - share
    # Nobody is checked twice a year, so a high share needs certificates that last longer.
    lost = min(1.0 / parameter("orsos.accreditation_years"), rest / share, 1.0)
    return lost, min(lost * share / rest, 1.0) if rest > 0.0 else 1.0


def certification_cost(
    parameter: Parameter, lever: Lever, working: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return what it costs to certify more organisations than today.

    Parameters
    ----------
    parameter, lever : function
        Value of a model parameter by id; setting of a lever by its name.
    working : int64[n_districts], organisations that work

    Returns
    -------
    float64[n_districts], rupiah per year
    """
    more = max(lever("orsos_certification") - parameter("orsos.accredited"), 0.0)
    each = parameter("orsos.certification_cost") / parameter("orsos.accreditation_years")
    return np.asarray(each * more * working, np.float64)


def with_paperwork(
    parameter: Parameter, lever: Lever, running: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what organisations cost whoever is served, with their licences and reports.

    Parameters
    ----------
    parameter, lever : function
        Value of a model parameter by id; setting of a lever by its name.
    running : float64[n_orsos], rupiah per month, with today's paperwork and reports

    Returns
    -------
    float64[n_orsos], rupiah per month
    """
    burden = parameter("orsos.paperwork_share") * (lever("orsos_paperwork") - 1.0)
    reports = _more_reports(parameter, lever) * parameter("orsos.report_cost") / MONTHS_PER_YEAR
    if burden == reports == 0.0:
        return running
    return np.asarray(np.maximum(running * (1.0 + burden) + reports, 0.0))


def report_gain(parameter: Parameter, lever: Lever) -> float:
    """Return how much more the public gives, against today, to those who publish what they did.

    Parameters
    ----------
    parameter, lever : function
        Value of a model parameter by id; setting of a lever by its name.

    Returns
    -------
    float, ratio; 0 where as many publish a yearly report as today
    """
    return parameter("orsos.report_effect") * _more_reports(parameter, lever)


def legitimacy(standing: NDArray[np.int64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much standing in law organisations have through their coordinating body.

    Parameters
    ----------
    standing : int64[n_districts], step, of `STANDINGS`
    share : float64[n_districts], share of the organisations that are members of a body that works

    Returns
    -------
    float64[n_districts], 0 without any, 1 where a bylaw names the body and all are members
    """
    return np.asarray(standing / (len(STANDINGS) - 1) * share, np.float64)


def _more_reports(parameter: Parameter, lever: Lever) -> float:
    """Return how many more organisations publish a yearly report than today, as a share."""
    return lever("yearly_reports") - parameter("lever.yearly_reports.default")
