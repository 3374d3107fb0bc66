"""What happens to services of social organisations, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Results
from kesos_sim.reports.values import change, say_difference
from kesos_sim.reports.welfare import Fields

__all__ = ["days_that_rise", "reports_of_services", "services", "services_without_effect"]

_QUIET = frozenset({"flat", "same"})


def services(results: Results, region: str, scenario: str, lang: str) -> Iterator[Fields]:
    """Yield how many people are served, twice, not at all or how late, where that changes.

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
    names = ("cases_served", "duplicate_service_rate", "unmet_need_rate", "days_to_service")
    served, doubled, unmet, days = (results.at(name, region, scenario=scenario) for name in names)
    if served is None or doubled is None or unmet is None or days is None:
        return
    if change(doubled, indicator("duplicate_service_rate").negligible) in _QUIET:
        return
    yield (
        "services",
        {
            "served": numbers.people(served.value, lang),
            "served_before": numbers.people(served.baseline, lang),
            "doubled": numbers.number(doubled.value, lang, 1),
            "doubled_before": numbers.number(doubled.baseline, lang, 1),
            "unmet": numbers.number(unmet.value, lang, 1),
            "unmet_before": numbers.number(unmet.baseline, lang, 1),
            "days": numbers.number(days.value, lang),
            "days_before": numbers.number(days.baseline, lang),
        },
    )


def days_that_rise(results: Results, region: str, scenario: str, lang: str) -> Iterator[Fields]:
    """Yield why people seem to wait longer, where the mean of those newly served rises.

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
    days = results.at("days_to_service", region, scenario=scenario)
    if days is None:
        return
    written = [numbers.number(value, lang, 0) for value in (days.value, days.baseline)]
    if days.value > days.baseline and written[0] != written[1]:
        yield "days_rise", {"days": written[0], "before": written[1]}


def reports_of_services(
    results: Results, region: str, scenario: str, lang: str
) -> Iterator[Fields]:
    """Yield how far reports of organisations are from what is true, where that changes.

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
    names = ("served_reported", "report_error", "impact_reported_ratio")
    reported, error, ratio = (results.at(name, region, scenario=scenario) for name in names)
    if reported is None or error is None or ratio is None:
        return
    if change(ratio, indicator("impact_reported_ratio").negligible) in _QUIET:
        return
    yield (
        "reports_of_services",
        {
            "reported": numbers.people(reported.value, lang),
            "error": numbers.number(error.value, lang, 1),
            "error_before": numbers.number(error.baseline, lang, 1),
            "ratio": numbers.number(ratio.value, lang, 1),
            "ratio_before": numbers.number(ratio.baseline, lang, 1),
        },
    )


def services_without_effect(context: ReportContext, scenario: str, lang: str) -> Iterator[Fields]:
    """Yield what would be if coordination did nothing: nobody has measured that it does.

    Parameters
    ----------
    context : ReportContext
        What is known beside the numbers.
    scenario : str
        Name in the frame.
    lang : str
        ``id`` or ``en``.

    Yields
    ------
    (str, dict)
        Key of the sentence and its fields.
    """
    found = context.without_effect.get(scenario)
    if not found:
        return
    names = ("cases_served", "duplicate_service_rate", "unmet_need_rate", "days_to_service")
    served, doubled, unmet, days = (found[name] for name in names)
    poor = found["poverty_rate"]
    yield (
        "services_without_effect",
        {
            "served": numbers.people(served[0], lang),
            "served_before": numbers.people(served[1], lang),
            "doubled": numbers.number(doubled[0], lang, 1),
            "doubled_before": numbers.number(doubled[1], lang, 1),
            "unmet": numbers.number(unmet[0], lang, 1),
            "unmet_before": numbers.number(unmet[1], lang, 1),
            "days": numbers.number(days[0], lang),
            "days_before": numbers.number(days[1], lang),
            "points": say_difference(poor[0] - poor[1], indicator("poverty_rate"), lang),
        },
    )
