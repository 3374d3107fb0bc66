"""One published figure beside the model's, and what may be said about the two.

A figure that set a parameter proves nothing when the model shows it again: every figure says
whether it was used to set the model or is a test of it. Figures of another year, place or
definition are shown for comparison and not judged.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from kesos_sim.experiments.base_month import DISTRICT_TOLERANCE, PROVINCE_TOLERANCE

__all__ = ["PARTS", "TOLERANCES", "Figure", "Use", "counts"]

Use = Literal["set", "scored", "shown"]
"""Used to set the model, a test of it, or shown for comparison without a verdict."""

PARTS: Final = (
    "anchor",
    "targeting",
    "budgets",
    "mobility",
    "path",
    "transfer",
    "disaster",
    "overlap",
)
"""Parts of the validation, in the order in which they are shown."""

TOLERANCES: Final[Mapping[str, float]] = MappingProxyType(
    {
        # What the anchor promises: a tenth of a point in provinces and areas, three tenths in
        # districts, where a survey has some hundred households.
        "poverty_rate": PROVINCE_TOLERANCE,
        "poverty_gap": 0.1,
        "poverty_severity": 0.1,
        "gini": 0.005,
        "district_poverty_rate": DISTRICT_TOLERANCE,
        # Households: Susenas sizes differ by about a tenth from year to year.
        "household_size": 0.1,
        "poor_household_size": 0.15,
        "quintile_household_size": 0.2,
        "age_share": 0.5,
        # People that published numbers of poor imply: rounding of both.
        "people_implied": 0.002,
        "urban_share": 0.1,
        # Surveys of receipt and of targeting errors have samples of some thousand households.
        "receipt_rate": 5.0,
        "district_receipt": 10.0,
        "undercoverage": 5.0,
        "leakage": 5.0,
        "quintile_receipt": 5.0,
        "aid_of_poor": 5.0,
        "overlap": 2.0,
        "overlap_families": 0.3,
        "listed_people": 5.0,
        "rank_correlation": 0.02,
        # Money: published totals of one year differ by about five percent between sources.
        "programme_total": 0.05,
        "mean_per_family": 0.05,
        # Panels: shares are published in steps of about five points; small ones more finely.
        "transition": 0.05,
        # Five years ahead: the mean error of the forecast that nothing changes is about a point.
        "poverty_path": 1.0,
        "left_out_path": 1.0,
        # Four of five changes of a province from one March to the next (2015-2019) are smaller.
        "gini_path": 0.02,
        # The study's 5,004 households: standard errors are about 0.7 points of the headcount.
        "study_headcount": 1.0,
        "study_gap": 1.0,
        "study_error": 5.0,
        "study_mean_consumption": 0.05,
        # The abstract rounds to a point and gives no error; half the effect tells it from none.
        "nonpoor_after_disaster": 2.5,
    }
)
"""Largest difference that counts as a match, in the unit of the measure; of the measures in
`RELATIVE` as a share of the published figure."""

RELATIVE: Final = frozenset(
    {"programme_total", "mean_per_family", "study_mean_consumption", "people_implied"}
)
"""Measures whose tolerance is a share of the published figure."""


LARGEST_SHARE: Final[Mapping[str, float]] = MappingProxyType({"transition": 0.2})
"""Measures whose tolerance is moreover at most this share of the published figure."""


_DECIMALS: Final = {
    "index": 3,
    "correlation": 2,
    "share": 2,
    "thousand_rupiah": 0,
    "thousand_persons": 0,
}
_USUAL_DECIMALS: Final = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure and what the model makes of it.

    Attributes
    ----------
    part : str
        One of `PARTS`.
    level : str
        ``nation``, ``region``, ``province``, ``cell`` (province and area), ``district`` or
        ``study``.
    code : str
        Code of the place, or name of the study.
    measure : str
        What was measured: a key of `TOLERANCES` or a word of the catalogue.
    detail : tuple of str or int
        Programme, area, year, decile or rupiah that the measure is about.
    published, modelled : float
        The figures; NaN where missing.
    unit : str
        Their unit.
    quality : str
        Quality of the published figure, as its table has it.
    use : {"set", "scored", "shown"}
        Whether it was used to set the model.
    source : str
        Table and row of the published figure.
    low, high : float
        Ends of the modelled figure's interval over further worlds; NaN where there is none.
    """

    part: str
    level: str
    code: str
    measure: str
    detail: tuple[str | int, ...]
    published: float
    modelled: float
    unit: str
    quality: str
    use: Use
    source: str
    low: float = math.nan
    high: float = math.nan

    @property
    def decimals(self) -> int:
        """Digits after the decimal sign with which the figures are written."""
        return _DECIMALS.get(self.unit, _USUAL_DECIMALS)

    @property
    def inside(self) -> bool | None:
        """Whether the interval holds the published figure, as both are written; None without."""
        if not math.isfinite(self.low + self.high + self.published):
            return None
        low, published, high = (
            round(value, self.decimals) for value in (self.low, self.published, self.high)
        )
        return low <= published <= high

    @property
    def difference(self) -> float:
        """Modelled minus published."""
        return self.modelled - self.published

    @property
    def tolerance(self) -> float | None:
        """Largest difference that counts as a match; None if the figure is not judged."""
        known = TOLERANCES.get(self.measure)
        if self.use == "shown" or known is None or math.isnan(self.published):
            return None
        if self.measure in RELATIVE:
            return known * abs(self.published)
        return min(known, LARGEST_SHARE.get(self.measure, math.inf) * abs(self.published))

    @property
    def hit(self) -> bool | None:
        """Whether the model is within the tolerance; None when it is not judged."""
        bound = self.tolerance
        return None if bound is None else abs(self.difference) <= bound + 1e-9

    @property
    def verdict(self) -> str:
        """``hit``, ``miss`` or ``not_judged``."""
        return {True: "hit", False: "miss", None: "not_judged"}[self.hit]

    def record(self) -> dict[str, Any]:
        """Return the figure as data.

        Returns
        -------
        dict of str to object
            Text and numbers; a missing number is NaN.
        """
        return {
            "part": self.part,
            "level": self.level,
            "code": self.code,
            "measure": self.measure,
            "detail": " ".join(str(word) for word in self.detail),
            "published": self.published,
            "modelled": self.modelled,
            "low": self.low,
            "high": self.high,
            "difference": self.difference,
            "unit": self.unit,
            "tolerance": self.tolerance,
            "quality": self.quality,
            "use": self.use,
            "verdict": self.verdict,
            "inside": self.inside,
            "source": self.source,
        }


def counts(figures: Iterable[Figure]) -> dict[tuple[Use, str], int]:
    """Count verdicts by whether a figure set the model.

    Parameters
    ----------
    figures : iterable of Figure
        Any figures.

    Returns
    -------
    dict of (use, verdict) to int
        Zero where there are none.
    """
    uses: tuple[Use, ...] = ("set", "scored", "shown")
    found: dict[tuple[Use, str], int] = {
        (use, verdict): 0 for use in uses for verdict in ("hit", "miss", "not_judged")
    }
    for figure in figures:
        found[figure.use, figure.verdict] += 1
    return found
