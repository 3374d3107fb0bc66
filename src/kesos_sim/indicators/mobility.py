"""Who stays poor, who leaves and who falls in: statistics of a panel of yearly waves.

Every statistic is defined as the study that published it defines it (table
``poverty_transitions``): spells of poverty between waves two years apart, the component approach
of Jalan and Ravallion to chronic poverty, moves between groups of deciles, and correlations of
log consumption. `kesos_sim.indicators.mobility_score` puts them beside the published figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = [
    "BOTTOM_SHARE",
    "STATISTICS",
    "TOP_FROM",
    "Panel",
    "lines_at_rates",
    "mobility_statistics",
]

Floats = npt.NDArray[np.float64]

STATISTICS: Final = (
    "poor_two_years_before",
    "left_within_a_year",
    "newly_poor",
    "entered_within_a_year",
    "poor_both_years",
    "mean_below_line",
    "chronic_gap_share",
    "chronic_severity_share",
    "up_from_bottom_three",
    "down_from_top_six",
    "ever_poor",
    "ever_near_poor",
    "poor_next_year_at_vulnerability_line",
    "correlation_one_year",
    "correlation_two_years",
    "correlation_ten_years",
)
"""Names of the statistics; rates and shares are fractions."""

# Source: TNP2K WP 3-2018 (poverty_transitions T09, T10): bottom three and top six deciles.
BOTTOM_SHARE: Final = 0.3
TOP_FROM: Final = 0.4

_TEN_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class Panel:
    """Households followed over yearly waves.

    Parameters
    ----------
    welfare : float32[n_waves, n_households], ratio to the poverty line, one wave a year
    persons : float64[n_households], persons that the household stands for
    households : float64[n_households], households that it stands for
    lines : float64[n_waves], poverty line of each wave, ratio to the model's own line
    """

    welfare: npt.NDArray[np.float32]
    persons: Floats
    households: Floats
    lines: Floats

    def ratio(self, wave: int) -> Floats:
        """Return welfare over the panel's line in a wave counted from the end.

        Parameters
        ----------
        wave : int
            0 for the last wave, 1 for the one a year before.

        Returns
        -------
        float64[n_households], ratio to the panel's line
        """
        row = len(self.lines) - 1 - wave
        ratio: Floats = self.welfare[row].astype(np.float64) / self.lines[row]
        return ratio


def lines_at_rates(welfare: npt.NDArray[np.float32], persons: Floats, rates: Floats) -> Floats:
    """Find the line of each wave at which a given share of persons is poor.

    Studies of other years saw other poverty rates; persistence depends on the rate, so it is
    compared at the rate of the study.

    Parameters
    ----------
    welfare : float32[n_waves, n_households], ratio to the poverty line
    persons : float64[n_households], persons that the household stands for
    rates : float64[n_waves], share of persons below the wanted line, 0 to 1

    Returns
    -------
    float64[n_waves], ratio to the model's own poverty line
    """
    return np.array(
        [_quantile(row, persons, rate) for row, rate in zip(welfare, rates, strict=True)]
    )


def mobility_statistics(
    panel: Panel, near_line: float, vulnerability_line: float, vulnerability_band: float
) -> dict[str, float]:
    """Compute every statistic that the number of waves allows.

    Parameters
    ----------
    panel : Panel
        Households over yearly waves; the last waves are used.
    near_line : float
        Line of near poverty, in poverty lines.
    vulnerability_line : float
        Welfare at which next year's risk of poverty is read, in poverty lines.
    vulnerability_band : float
        Half width of the window around it, log points.

    Returns
    -------
    dict of str to float
        All of `STATISTICS` as fractions or correlations; NaN where the waves do not suffice.
    """
    found = dict.fromkeys(STATISTICS, float("nan"))
    waves = len(panel.lines)
    if waves > 1:
        found |= _one_year(panel, vulnerability_line, vulnerability_band)
    if waves > 2:  # noqa: PLR2004 - two years apart means three waves
        found |= _spells(panel, near_line) | _components(panel) | _moves(panel)
        found["correlation_two_years"] = _log_correlation(panel, 2)
    if waves > _TEN_YEARS:
        found["correlation_ten_years"] = _log_correlation(panel, _TEN_YEARS)
    return found


def _one_year(panel: Panel, line: float, band: float) -> dict[str, float]:
    """Count exits, entries and risk from one wave to the next."""
    before, after = panel.ratio(1), panel.ratio(0)
    was, now = before < 1.0, after < 1.0
    near = np.abs(np.log(before / line)) < band
    return {
        "left_within_a_year": _share(~now, panel.persons, was),
        "newly_poor": _share(~was, panel.persons, now),
        "entered_within_a_year": _share(now, panel.persons, ~was),
        "poor_next_year_at_vulnerability_line": _share(now, panel.persons, near),
        "correlation_one_year": _log_correlation(panel, 1),
    }


def _spells(panel: Panel, near_line: float) -> dict[str, float]:
    """Count poverty in the first, the last and any of three waves."""
    three = np.stack([panel.ratio(wave) for wave in (2, 1, 0)])
    first, last = three[0] < 1.0, three[2] < 1.0
    lowest: Floats = three.min(axis=0)
    return {
        "poor_two_years_before": _share(first, panel.persons, last),
        "poor_both_years": _share(first & last, panel.households),
        "ever_poor": _share(lowest < 1.0, panel.persons),
        "ever_near_poor": _share(lowest < near_line, panel.persons),
    }


def _components(panel: Panel) -> dict[str, float]:
    """Measure chronic poverty as poverty of mean welfare (Jalan and Ravallion 2000)."""
    first, last = panel.ratio(2), panel.ratio(0)
    mean = 0.5 * (first + last)

    def gap(ratio: Floats, power: int) -> float:
        return float(np.average(np.maximum(1.0 - ratio, 0.0) ** power, weights=panel.households))

    def chronic(power: int) -> float:
        total = 0.5 * (gap(first, power) + gap(last, power))
        return gap(mean, power) / total if total > 0.0 else float("nan")

    return {
        "mean_below_line": _share(mean < 1.0, panel.households),
        "chronic_gap_share": chronic(1),
        "chronic_severity_share": chronic(2),
    }


def _moves(panel: Panel) -> dict[str, float]:
    """Count moves between groups of deciles over three waves, persons ranked by welfare."""
    before, after = _ranks(panel.ratio(2), panel.persons), _ranks(panel.ratio(0), panel.persons)
    return {
        "up_from_bottom_three": _share(after > BOTTOM_SHARE, panel.persons, before <= BOTTOM_SHARE),
        "down_from_top_six": _share(after <= TOP_FROM, panel.persons, before > TOP_FROM),
    }


def _log_correlation(panel: Panel, years: int) -> float:
    """Correlate log welfare of two waves, persons weighted."""
    pair = np.log(np.stack([panel.ratio(years), panel.ratio(0)]))
    covariance = np.cov(pair, aweights=panel.persons)
    return float(covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]))


def _share(
    mask: npt.NDArray[np.bool_], weight: Floats, among: npt.NDArray[np.bool_] | None = None
) -> float:
    """Weighted share of a group in which something holds; NaN for an empty group."""
    if among is not None:
        mask, weight = mask[among], weight[among]
    total = float(weight.sum())
    return float(weight[mask].sum()) / total if total > 0.0 else float("nan")


def _ranks(welfare: Floats, weight: Floats) -> Floats:
    """Weighted rank of each household between 0 and 1, the middle of its own weight."""
    order = np.argsort(welfare, kind="stable")
    after = np.cumsum(weight[order])
    ranks = np.empty_like(welfare)
    ranks[order] = (after - 0.5 * weight[order]) / after[-1]
    return ranks


def _quantile(welfare: npt.NDArray[np.float32], weight: Floats, rate: float) -> float:
    """Welfare below which a share of the weight lies."""
    order = np.argsort(welfare, kind="stable")
    ranks = np.cumsum(weight[order]) - 0.5 * weight[order]
    return float(np.interp(rate * weight.sum(), ranks, welfare[order].astype(np.float64)))
