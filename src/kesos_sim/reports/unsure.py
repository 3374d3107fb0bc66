"""Which differences of a told sentence may as well be of the other sign."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import Indicator, indicator
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.values import band, change, range_cell, say, say_difference
from kesos_sim.reports.welfare import Fields

__all__ = ["TOLD", "unsure"]

TOLD: Final = {
    "reached": ("exclusion_error", "inclusion_error"),
    "services": ("cases_served", "duplicate_service_rate", "unmet_need_rate", "days_to_service"),
    "reports_of_services": ("served_reported", "report_error", "impact_reported_ratio"),
    "politics": ("political_support",),
    "politics_bylaw": ("bylaw_coverage", "coordination_active"),
    "community": ("wksbm_coverage", "mutual_help_paid"),
    "linking": ("slrt_cases", "slrt_referred", "slrt_backlog", "slrt_days"),
}
"""Sentences that write two figures without the range of their difference, and of which."""


def unsure(
    results: Results, region: str, scenario: str, told: Collection[str], lang: str
) -> Iterator[Fields]:
    """Yield which of the figures already told may rise as well as fall.

    Parameters
    ----------
    results : Results
        The indexed comparison.
    region, scenario : str
        Codes in the frame.
    told : collection of str
        Keys of the sentences that stand above.
    lang : str
        ``id`` or ``en``.

    Yields
    ------
    (str, dict)
        Key of the sentence and its fields; nothing where every direction is certain.
    """
    lines = [
        i18n.text(
            "sentences.unsure_line",
            lang,
            name=definition.label(lang),
            interval=_ends(estimate, definition, lang),
        )
        for key, names in TOLD.items()
        if key in told
        for definition in map(indicator, names)
        if (estimate := results.at(definition.name, region, scenario=scenario)) is not None
        and _open(estimate, definition, lang)
    ]
    if lines:
        yield "unsure_too", {"lines": "; ".join(lines)}


def _open(estimate: Estimate, definition: Indicator, lang: str) -> bool:
    """Return whether two figures that read differently may differ the other way round."""
    written = {say(value, definition, lang) for value in (estimate.value, estimate.baseline)}
    return len(written) > 1 and change(estimate, definition.negligible) == "unsure"


def _ends(estimate: Estimate, definition: Indicator, lang: str) -> str:
    """Write the range of a difference with its unit where that is short."""
    low, high = band(estimate)
    last = say_difference(high, definition, lang)
    if definition.unit == "percent":
        last = numbers.points(high, lang, definition.decimals, signed=True)
    elif definition.unit == "days":
        last = f"{last} {definition.unit_label(lang)}"
    return range_cell(say_difference(low, definition, lang), last, lang)
