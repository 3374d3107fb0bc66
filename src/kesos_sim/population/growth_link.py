"""Link from outside inputs to growth relative to the poverty line, for backcasts.

A linear link with six coefficients is estimated on the panel of survey years that were known in
the base month, as a Bayesian regression: each coefficient has a declared prior mean and spread,
all provinces of a year share one unexplained disturbance (few years, many provinces: without it
the standard errors would be far too small), and outlying provinces are weighted down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from kesos_sim.population.growth_panel import (
    REGRESSORS,
    Floats,
    Inputs,
    Panel,
    Parameters,
    observed_panel,
    outside_inputs,
)
from kesos_sim.population.known import KnownUntil

_ITERATIONS: Final = 30


@dataclass(frozen=True, slots=True)
class GrowthLink:
    """Estimated link with its uncertainty.

    Parameters
    ----------
    coefficients : float64[n_regressors], log percent per year per percentage point
    covariance : float64[n_regressors, n_regressors], of the coefficients
    prior_mean, prior_sd : float64[n_regressors], units of the coefficients
    year_sd : float, log percent, disturbance of a year that all provinces share
    province_sd : float, log percent, lasting disturbance of one province in a year
    noise_sd : float, log percent, spread of one province's observed growth in a year
    years : tuple of int, survey years of the panel
    observations : int, rows of the panel
    inputs : Inputs, outside inputs of all survey years
    """

    coefficients: Floats
    covariance: Floats
    prior_mean: Floats
    prior_sd: Floats
    year_sd: float
    province_sd: float
    noise_sd: float
    years: tuple[int, ...]
    observations: int
    inputs: Inputs

    def standard_errors(self) -> Floats:
        """Return the standard errors.

        Returns
        -------
        float64[n_regressors], log percent per year per percentage point
        """
        return np.sqrt(np.diag(self.covariance))

    def table(self) -> list[dict[str, Any]]:
        """Return the coefficients as rows.

        Returns
        -------
        list of dict
            Name, estimate, standard error and prior, in log percent per percentage point.
        """
        rows = zip(
            REGRESSORS,
            self.coefficients.tolist(),
            self.standard_errors().tolist(),
            self.prior_mean.tolist(),
            self.prior_sd.tolist(),
            strict=True,
        )
        names = ("coefficient", "estimate", "standard_error", "prior_mean", "prior_sd")
        return [dict(zip(names, row, strict=True)) for row in rows]


def fit_link(view: KnownUntil, parameters: Parameters) -> GrowthLink:
    """Estimate the link on what was known in the base month.

    Parameters
    ----------
    view : KnownUntil
        What was known in the base month.
    parameters : callable
        Value of a parameter by its id.

    Returns
    -------
    GrowthLink
        Posterior mean and covariance of the coefficients and the spread of the disturbances.
    """
    inputs = outside_inputs(view, parameters)
    return estimate(observed_panel(view, inputs, parameters), inputs, parameters)


def estimate(panel: Panel, inputs: Inputs, parameters: Parameters) -> GrowthLink:
    """Estimate the link on a given panel.

    Parameters
    ----------
    panel : Panel
        Observed growth and regressors.
    inputs : Inputs
        Outside inputs, kept with the result.
    parameters : callable
        Value of a parameter by its id.

    Returns
    -------
    GrowthLink
        The estimated link.
    """
    prior_mean = np.array([parameters(f"growth.link.{name}") for name in REGRESSORS])
    prior_sd = np.array([parameters(f"growth.link.prior_sd_{name}") for name in REGRESSORS])
    x, y = panel.regressors, panel.growth
    years, year_row = np.unique(panel.year, return_inverse=True)
    size = (panel.population / panel.population.mean()) ** parameters("growth.link.size_weight")
    year_sd = year_prior = parameters("growth.link.year_sd")
    prior_years = parameters("growth.link.year_sd_prior_years")
    noise_sd, trust = float(y.std()), np.ones(len(y))
    coefficients, covariance = prior_mean, np.diag(prior_sd**2)
    residual = y
    for _ in range(_ITERATIONS):
        weight = size * trust
        weighted = _whiten(np.column_stack([x, y]), weight / noise_sd**2, year_row, year_sd)
        information = x.T @ weighted[:, :-1] + np.diag(prior_sd**-2.0)
        covariance = np.linalg.inv(information)
        coefficients = covariance @ (x.T @ weighted[:, -1] + prior_mean / prior_sd**2)
        residual = y - x @ coefficients
        shared = np.bincount(year_row, weight * residual) / np.bincount(year_row, weight)
        own = residual - shared[year_row]
        year_sd = float(
            np.sqrt((prior_years * year_prior**2 + shared @ shared) / (prior_years + len(years)))
        )
        noise_sd = float(np.sqrt((weight * own**2).sum() / trust.sum()))
        distance = np.abs(own) * np.sqrt(size) / noise_sd
        trust = np.minimum(1.0, parameters("growth.link.huber") / np.maximum(distance, 1e-12))
    return GrowthLink(
        coefficients=coefficients,
        covariance=covariance,
        prior_mean=prior_mean,
        prior_sd=prior_sd,
        year_sd=year_sd,
        province_sd=_lasting_sd(own * trust, size, panel, parameters),
        noise_sd=noise_sd,
        years=tuple(years.tolist()),
        observations=len(y),
        inputs=inputs,
    )


def _whiten(
    columns: Floats, precision: Floats, year_row: npt.NDArray[np.intp], year_sd: float
) -> Floats:
    """Multiply by the inverse variance of own noise plus one disturbance shared in each year."""
    scaled = columns * precision[:, None]
    total = np.bincount(year_row, precision)
    summed = np.zeros((len(total), columns.shape[1]))
    np.add.at(summed, year_row, scaled)
    shrink = year_sd**2 / (1.0 + year_sd**2 * total)
    return scaled - precision[:, None] * (shrink[:, None] * summed)[year_row]


def _lasting_sd(own: Floats, size: Floats, panel: Panel, parameters: Parameters) -> float:
    """Separate what lasts in a province from survey noise, which cancels in longer differences.

    A change over k years varies by k times the lasting part plus twice the noise of one survey;
    the single and the longest change give the lasting part, averaged with its declared value.
    Outliers come in drawn to the limit at which they are weighted down.
    """
    single = float(np.average(own**2, weights=size))
    found, weights = [], []
    for code in np.unique(panel.province):
        rows = panel.province == code
        if rows.sum() > 1:
            found.append((own[rows].sum() ** 2 - single) / (rows.sum() - 1))
            weights.append(size[rows].mean())
    lasting = max(float(np.average(found, weights=weights)), 0.0) if found else 0.0
    return float(np.sqrt(np.mean([lasting, parameters("growth.link.province_sd") ** 2])))


def cumulative_inputs(link: GrowthLink, provinces: Sequence[int], years: Sequence[int]) -> Floats:
    """Accumulate the regressors month by month.

    Parameters
    ----------
    link : GrowthLink
        Estimated link with its inputs.
    provinces : sequence of int
        BPS code of each cell's province.
    years : sequence of int
        Survey year of each month.

    Returns
    -------
    float64[n_months, n_cells, n_regressors], percentage points times years (constant: years)
    """
    monthly = np.stack([[link.inputs.at(year, code) for code in provinces] for year in years])
    summed: Floats = np.cumsum(monthly, axis=0) / 12.0
    return summed
