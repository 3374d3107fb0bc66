"""Modelled mobility beside the published figures, with what was used to set the process.

A figure that set the welfare process, or was computed from one that did, proves nothing when the
model shows it again: those rows are marked ``used to set``. All others are scored. A figure that
cannot be computed from a panel of Indonesian poverty lines stays in the table with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from kesos_sim.data import read_table
from kesos_sim.indicators.mobility import Panel, lines_at_rates, mobility_statistics

__all__ = ["ScoreRow", "mobility_score", "study_rates"]

Floats = npt.NDArray[np.float64]
Parameters = Callable[[str], float]

STUDY_YEARS: Final = (2008, 2009, 2010)
"""Years of the Susenas panel from which nearly all figures come."""

_PERCENT: Final = 100.0
_SET: Final = "used to set"
_SCORED: Final = "not used"
_NOT_COMPUTED: Final = "not computed"


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One published figure beside the model's.

    Parameters
    ----------
    id : str
        Row of ``poverty_transitions`` (T) or ``evidence_parameters`` (A).
    quantity : str
        What was measured, in the words of the evidence table.
    statistic : str
        Name of the statistic, empty where none can be computed.
    role : str
        ``used to set``, ``not used`` (scored) or ``not computed``.
    published, modelled : float
        Fractions and correlations; NaN where missing.
    difference : float
        Modelled minus published.
    status : str
        How the figure is known: read, derived or recalled.
    note : str
        Reason or caution.
    """

    id: str
    quantity: str
    statistic: str
    role: str
    published: float
    modelled: float
    difference: float
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class _Figure:
    """Where a published figure stands and what it is compared with."""

    id: str
    statistic: str
    role: str
    note: str = ""
    place: int = 0


_DERIVED: Final = "derived from T01 and T02, so not independent"
_FIGURES: Final = (
    _Figure("T01", "poor_two_years_before", _SET),
    _Figure("T02", "left_within_a_year", _SET),
    _Figure("T16", "correlation_one_year", _SET, _DERIVED),
    _Figure("T17", "correlation_two_years", _SET, _DERIVED),
    _Figure("A01", "correlation_one_year", _SET, _DERIVED),
    _Figure("A02", "correlation_two_years", _SET, _DERIVED),
    _Figure("T19", "entered_within_a_year", _SET, "derived from T02, so not independent"),
    _Figure("A06", "poor_next_year_at_vulnerability_line", _SET, "derived from A01"),
    _Figure("T03", "newly_poor", _SCORED, "published as half or more"),
    _Figure("T04", "poor_both_years", _SCORED, "share of households"),
    _Figure("T05", "mean_below_line", _SCORED, "share of households"),
    _Figure("T06", "chronic_gap_share", _SCORED),
    _Figure("T07", "chronic_severity_share", _SCORED),
    _Figure("T09", "up_from_bottom_three", _SCORED, "definition of the move not published"),
    _Figure("T10", "down_from_top_six", _SCORED, "definition of the move not published"),
    _Figure("T15", "ever_poor", _SCORED, "low confidence", 0),
    _Figure("T15", "ever_near_poor", _SCORED, "low confidence; below 1.2 lines", 1),
    _Figure("A07", "poor_next_year_at_vulnerability_line", _SCORED, "definition of that line"),
    _Figure("T18", "correlation_two_years", _SCORED, "implied by T04 at recalled headcounts"),
    _Figure("T08", "", _NOT_COMPUTED, "equally-distributed-equivalent method over seven years"),
    _Figure("T11", "", _NOT_COMPUTED, "middle-class lines of the paper are not known"),
    _Figure("T12", "", _NOT_COMPUTED, "five waves over 21 years on the lines of the paper"),
    _Figure("T13", "", _NOT_COMPUTED, "middle-class lines of the paper are not known"),
    _Figure("T14", "", _NOT_COMPUTED, "needs the vulnerability index of the paper"),
)


def study_rates() -> Floats:
    """Return the national poverty rates that the panel's households lived under.

    Returns
    -------
    float64[3], share of persons, March of each of `STUDY_YEARS`
    """
    table = read_table("poverty_province").where(bps_code=0, month=3, area="total")
    rates = [float(table.where(year=year)["poverty_rate_p0"][0]) for year in STUDY_YEARS]
    return np.array(rates) / _PERCENT


def mobility_score(
    welfare: npt.NDArray[np.float32],
    persons: Floats,
    parameters: Parameters,
    households: Floats | None = None,
    at_study_rates: bool = True,
) -> list[dict[str, Any]]:
    """Compare a panel of yearly waves with every published figure.

    Parameters
    ----------
    welfare : float32[n_waves, n_households], ratio to the poverty line, one wave a year (March)
    persons : float64[n_households], persons that a simulated household stands for
    parameters : callable
        Value of a parameter by its id (``mobility.*``).
    households : float64[n_households], optional
        Households that it stands for; without it persons are counted everywhere.
    at_study_rates : bool
        Move the line of the last three waves to the poverty rates of 2008-2010, as persistence
        rises with the rate; otherwise the model's own line is used.

    Returns
    -------
    list of dict
        Rows of `ScoreRow`; statistics for which the waves do not suffice are NaN.
    """
    lines = np.ones(len(welfare))
    if at_study_rates:
        known = min(len(welfare), len(STUDY_YEARS))
        lines[-known:] = lines_at_rates(welfare[-known:], persons, study_rates()[-known:])
    panel = Panel(welfare, persons, persons if households is None else households, lines)
    modelled = mobility_statistics(
        panel,
        parameters("mobility.near_line"),
        parameters("mobility.vulnerability_line"),
        parameters("mobility.vulnerability_band"),
    )
    return [asdict(_row(figure, modelled)) for figure in _FIGURES]


def _row(figure: _Figure, modelled: dict[str, float]) -> ScoreRow:
    """Put one published figure beside the model's."""
    name = "poverty_transitions" if figure.id.startswith("T") else "evidence_parameters"
    row = next(read_table(name).where(id=figure.id).rows())
    published = _published(row, figure.place)
    found = modelled.get(figure.statistic, float("nan"))
    return ScoreRow(
        id=figure.id,
        quantity=str(row["quantity"]),
        statistic=figure.statistic,
        role=figure.role,
        published=published,
        modelled=found,
        difference=found - published,
        status=str(row["status"]),
        note=figure.note,
    )


def _published(row: dict[str, Any], place: int) -> float:
    """Return a published figure as a fraction or correlation."""
    value = float(row["value"])
    if np.isnan(value) and row["value_text"]:
        value = float(str(row["value_text"]).split(";")[place])
    return value / _PERCENT if str(row["unit"]).startswith("percent") else value
