"""Published poverty rates of a run's regions, and where the base month misses them.

The anchor fits the base month to what is published, but few simulated households cannot show
it: four poor people of a hundred are not there if the sample has none of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data import read_table
from kesos_sim.data.own.figures import OwnData
from kesos_sim.population.targets_own import with_own
from kesos_sim.population.targets_published import published_figures
from kesos_sim.units import Month

__all__ = ["DISTRICT_TOLERANCE", "PROVINCE_TOLERANCE", "BaseMiss", "base_misses", "published_rates"]

PROVINCE_TOLERANCE: Final = 0.1
"""What the anchor promises for the poverty rate of a province, percentage points."""

DISTRICT_TOLERANCE: Final = 0.3
"""The same for a district, where a survey has some hundred households."""

_MARCH: Final = 3
_PERCENT: Final = 100.0
_PROVINCE_DIGITS: Final = 2
_DISTRICT_DIGITS: Final = 4
_ROUNDING: Final = 1e-9


class BaseMiss(TypedDict):
    """A published poverty rate that the base month misses.

    Attributes
    ----------
    region : str
        Code of the region.
    published, modelled, tolerance : float
        Percent, and percentage points that the two may differ by.
    """

    region: str
    published: float
    modelled: float
    tolerance: float


def published_rates(
    region: str | Sequence[int],
    months: Sequence[str],
    regions: Sequence[str],
    own: OwnData | None = None,
) -> dict[tuple[str, str], float]:
    """Return the published poverty rates of the months and regions of a run.

    Parameters
    ----------
    region : str or sequence of int
        The region as the scenario names it; provinces of which it has only some districts have
        no published rate.
    months : sequence of str
        Months, ``2024-03``.
    regions : sequence of str
        Codes of the regions, the run's own first.
    own : OwnData, optional
        Figures of a planner, which replace published ones of their base month.

    Returns
    -------
    dict of (str, str) to float
        Percent by month and region: provinces; the whole of several provinces, from their poor
        people; a district if it is the run's own region.
    """
    inside, whole = set(months), regions[0]
    named = None if isinstance(region, str) else {f"{code:02d}" for code in region}
    codes = {
        int(code): code
        for code in regions
        if len(code) == _PROVINCE_DIGITS and (named is None or code in named)
    }
    complete = named is None or named <= set(codes.values())
    found: dict[tuple[str, str], float] = {}
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    replaced = None if own is None else with_own(published_figures(own.year), own)
    base = "" if own is None else str(Month(own.year, _MARCH))
    for row in read_table("poverty_province").where(area="total").rows():
        month = str(Month(int(row["year"]), int(row["month"])))
        rate, poor, code = row["poverty_rate_p0"], row["poor_thousand"], int(row["bps_code"])
        if month not in inside or code not in codes or not rate > 0.0:
            continue
        if replaced is not None and month == base and code:
            rate, poor = replaced.provinces[code]["p0"], replaced.provinces[code]["poor"] / 1e3
        found[month, codes[code]] = float(rate)
        if code:
            sums[month][0] += poor
            sums[month][1] += _PERCENT * poor / rate
    if complete and whole not in codes.values() and len(codes) > 1:
        for month, (poor, people) in sums.items():
            found[month, whole] = _PERCENT * poor / people
    if len(whole) == _DISTRICT_DIGITS:
        # Districts are published once a year, for March.
        for row in read_table("poverty_kabupaten").where(bps_code=int(whole)).rows():
            month = str(Month(int(row["year"]), _MARCH))
            if month in inside and row["poverty_rate_p0"] > 0.0:
                found[month, whole] = float(row["poverty_rate_p0"])
        if replaced is not None and base in inside:
            found[base, whole] = replaced.districts[int(whole)].p0
    return found


def base_misses(
    region: str | Sequence[int],
    base: str,
    regions: Sequence[str],
    figures: Mapping[str, NDArray[np.float64]],
    own: OwnData | None = None,
) -> tuple[BaseMiss, ...]:
    """Return the published poverty rates that the base month misses, the worst miss first.

    Parameters
    ----------
    region : str or sequence of int
        The region as the scenario names it.
    base : str
        The base month, ``2024-03``.
    regions : sequence of str
        Codes of the regions, the run's own first.
    figures : float64[n_months, n_regions] by indicator, percent for ``poverty_rate``
    own : OwnData, optional
        Figures of a planner, which replace published ones.

    Returns
    -------
    tuple of BaseMiss
        Only provinces, and a district that is the run's own region.
    """
    found = []
    for (_, code), published in published_rates(region, [base], regions, own).items():
        digits = len(code) if code.isdigit() else 0
        if digits not in {_PROVINCE_DIGITS, _DISTRICT_DIGITS}:
            continue
        tolerance = PROVINCE_TOLERANCE if digits == _PROVINCE_DIGITS else DISTRICT_TOLERANCE
        modelled = float(figures["poverty_rate"][0, regions.index(code)])
        if abs(modelled - published) > tolerance + _ROUNDING:
            found.append(
                BaseMiss(region=code, published=published, modelled=modelled, tolerance=tolerance)
            )
    return tuple(sorted(found, key=lambda miss: -abs(miss["modelled"] - miss["published"])))
