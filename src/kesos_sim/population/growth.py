"""Growth of welfare relative to each household's own poverty line, by rank and month.

Output or GRDP never multiplies welfare. What moves a household's distance from the line is the
growth of its consumption beyond the growth of the line, and that is measured from published lines
and distributions. National mean expenditure over the line fell from 2.63 (March 2015) to 2.57
(March 2024) while the poverty rate fell from 11.2 to 9.0 percent: the bottom gained on the line
and the top lost. The forward mode continues that; the backcast mode links growth to outside
inputs with what was known in the base month (`kesos_sim.population.growth_link`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from kesos_sim.population.growth_link import GrowthLink, cumulative_inputs, fit_link
from kesos_sim.population.growth_panel import Floats, Parameters, survey_year
from kesos_sim.population.known import KnownUntil, known_until
from kesos_sim.units import MONTHS_PER_YEAR, Month

MODES: Final = ("none", "forward", "backcast")


@dataclass(frozen=True, slots=True)
class GrowthPaths:
    """Cumulative growth since the base month as a level and a tilt over ranks.

    Log growth of a rank is ``level + tilt * shape``: the level holds for the bottom, the tilt is
    what the top grows more (or less) than the bottom.

    Parameters
    ----------
    level : float64[months + 1, n_cells], log points since the base, bottom ranks
    tilt : float64[months + 1, n_cells], log points since the base, top minus bottom
    shape : float64[m], 0 at the bottom ranks rising to 1 at the top, weight of the tilt
    shared_sd : float64[months + 1, n_cells], log points, prediction error that provinces share
    own_sd : float64[months + 1, n_cells], log points, prediction error of the province alone
    link : GrowthLink or None
        The estimated link of a backcast.
    """

    level: Floats
    tilt: Floats
    shape: Floats
    shared_sd: Floats
    own_sd: Floats
    link: GrowthLink | None = None

    def at(self, month: int) -> Floats:
        """Return the log growth of every cell and rank in one month.

        Parameters
        ----------
        month : int
            Months since the base.

        Returns
        -------
        float64[n_cells, m], log points relative to the poverty line since the base
        """
        growth: Floats = self.level[month][:, None] + self.tilt[month][:, None] * self.shape
        return growth

    def log_growth(self) -> Floats:
        """Return the log growth of every month, cell and rank.

        Returns
        -------
        float64[months + 1, n_cells, m], log points relative to the poverty line since the base
        """
        return self.level[:, :, None] + self.tilt[:, :, None] * self.shape

    def coefficients(self) -> list[dict[str, Any]]:
        """Return the link's coefficients with standard errors and priors.

        Returns
        -------
        list of dict
            One row per coefficient, log percent per year per percentage point; empty without link.
        """
        return [] if self.link is None else self.link.table()


def growth_paths(
    province: npt.NDArray[np.int32],
    area: npt.NDArray[np.uint8],
    rank: Floats,
    base: Month,
    months: int,
    mode: str,
    parameters: Parameters,
    view: KnownUntil | None = None,
) -> GrowthPaths:
    """Return growth relative to the poverty line for cells of province and area.

    Parameters
    ----------
    province : int32[n_cells], BPS code of the province
    area : uint8[n_cells], 0 urban, 1 rural
    rank : float64[m], person ranks between 0 and 1
    base : Month
        Base month; growth is 0 there.
    months : int
        Months after the base.
    mode : {"none", "forward", "backcast"}
        No growth, the declared continuation, or the link to outside inputs.
    parameters : callable
        Value of a parameter by its id (``growth.*``).
    view : KnownUntil, optional
        What a backcast may know; what was known in the base month when left out.

    Returns
    -------
    GrowthPaths
        Level, tilt and shape, with the prediction error of a backcast.

    Raises
    ------
    ValueError
        If the mode is unknown or the cells do not agree in number.
    """
    if mode not in MODES:
        raise ValueError(f"growth mode {mode!r}; known: {', '.join(MODES)}")
    if len(province) != len(area):
        raise ValueError("province and area must have one entry per cell")
    cells = len(province)
    level, tilt, shared, own = (np.zeros((months + 1, cells)) for _ in range(4))
    link = None
    if mode != "none":
        bottom = np.log1p(parameters("growth.bottom40_forward")) / MONTHS_PER_YEAR
        top = np.log1p(parameters("growth.upper_forward")) / MONTHS_PER_YEAR
        step = np.full((months, cells), bottom)
        bend = np.full((months, cells), top - bottom)
        if mode == "backcast":
            link = fit_link(view or known_until(base), parameters)
            linked = _linked_steps(link, province, base, months, parameters)
            observed = len(linked.step)
            step[:observed] = linked.step
            bend[:observed] = parameters("growth.backcast_upper_gap") / MONTHS_PER_YEAR
            shared[1:], own[1:] = _spread(link, linked, months)
        level[1:] = np.cumsum(step, axis=0)
        tilt[1:] = np.cumsum(bend, axis=0)
        if link is not None:
            level += parameters("growth.link.shift") * shared
    return GrowthPaths(level, tilt, _tilt_shape(rank, parameters), shared, own, link)


@dataclass(frozen=True, slots=True)
class _Linked:
    """Part of a backcast for which outside inputs exist.

    Parameters
    ----------
    step : float64[n_observed, n_cells], log points per month
    inputs : float64[n_observed, n_cells, n_regressors], cumulative inputs in years
    """

    step: Floats
    inputs: Floats


def _linked_steps(
    link: GrowthLink,
    province: npt.NDArray[np.int32],
    base: Month,
    months: int,
    parameters: Parameters,
) -> _Linked:
    """Apply the link to the months after the base whose survey year has inputs."""
    years = [survey_year(base + month) for month in range(1, months + 1)]
    years = [year for year in years if year <= link.inputs.years[-1]]
    if not years:
        return _Linked(np.zeros((0, len(province))), np.zeros((0, len(province), 0)))
    inputs = cumulative_inputs(link, province.tolist(), years)
    path = inputs @ link.coefficients / 100.0
    step = np.diff(path, axis=0, prepend=np.zeros((1, len(province))))
    counted_elsewhere = parameters("growth.link.programme_part") / MONTHS_PER_YEAR
    return _Linked(step - counted_elsewhere, inputs)


def _spread(link: GrowthLink, linked: _Linked, months: int) -> tuple[Floats, Floats]:
    """Return the prediction error of the level, shared by all provinces and of each alone."""
    observed, cells = linked.step.shape
    elapsed = np.arange(1, months + 1)[:, None] / MONTHS_PER_YEAR
    estimation = np.zeros((months, cells))
    if observed:
        variance = np.einsum("tck,kl,tcl->tc", linked.inputs, link.covariance, linked.inputs)
        estimation[:observed] = variance
        estimation[observed:] = variance[-1]
    shared = np.sqrt(estimation + elapsed * link.year_sd**2) / 100.0
    own = np.broadcast_to(np.sqrt(elapsed) * link.province_sd / 100.0, (months, cells))
    return shared, own


def _tilt_shape(rank: Floats, parameters: Parameters) -> Floats:
    """Return the weight of the tilt: 0 up to one rank, 1 from another, a straight line between."""
    start, end = parameters("growth.tilt_start"), parameters("growth.tilt_end")
    shape: Floats = np.clip((rank - start) / (end - start), 0.0, 1.0)
    return shape
