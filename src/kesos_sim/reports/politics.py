"""What happens in councils, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.values import change
from kesos_sim.reports.welfare import Fields

__all__ = ["politics", "politics_without_effect"]

_QUIET: Final = frozenset({"flat", "same"})


def politics(results: Results, region: str, scenario: str, lang: str) -> Iterator[Fields]:
    """Yield how far councils are won and where bylaws hold, where that changes.

    Parameters
    ----------
    results : Results
        The indexed comparison.
    region, scenario : str
        Codes in the frame.
    lang : str
        ``id`` or ``en``.

    Yields
    ------
    (str, dict)
        Key of the sentence and its fields.
    """
    support = results.at("political_support", region, scenario=scenario)
    if support is not None and _moved("political_support", support):
        yield (
            "politics",
            {
                "support": numbers.number(support.value, lang),
                "support_before": numbers.number(support.baseline, lang),
            },
        )
    names = ("bylaw_coverage", "months_to_bylaw", "coordination_active")
    covered, months, active = (results.at(name, region, scenario=scenario) for name in names)
    # Where no bylaw holds yet there are no months to tell of.
    if covered is None or months is None or active is None:
        return
    if _moved("bylaw_coverage", covered):
        yield (
            "politics_bylaw",
            {
                "covered": numbers.number(covered.value, lang),
                "covered_before": numbers.number(covered.baseline, lang),
                "months": numbers.number(months.value, lang),
                "active": numbers.number(active.value, lang),
                "active_before": numbers.number(active.baseline, lang),
            },
        )


def politics_without_effect(
    results: Results, context: ReportContext, scenario: str, lang: str
) -> Iterator[Fields]:
    """Yield what councils would do if neither dialogue nor coordination did anything.

    Parameters
    ----------
    results : Results
        The indexed comparison.
    context : ReportContext
        What is known beside the numbers.
    scenario : str
        Name in the frame.
    lang : str
        ``id`` or ``en``.

    Yields
    ------
    (str, dict)
        Key of the sentence and its fields, where `politics` has something to tell.
    """
    found = context.without_effect.get(scenario)
    if found is None or not any(politics(results, context.region, scenario, lang)):
        return
    told = {
        "support": "political_support",
        "covered": "bylaw_coverage",
        "active": "coordination_active",
    }
    fields = {}
    for field, name in told.items():
        value, before = found[name]
        fields[field] = numbers.number(value, lang)
        fields[f"{field}_before"] = numbers.number(before, lang)
    yield "politics_without_effect", fields


def _moved(name: str, estimate: Estimate) -> bool:
    """Return whether a change is worth a word."""
    return change(estimate, indicator(name).negligible) not in _QUIET
