"""What happens to those whom a disaster hits, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kesos_sim.i18n import numbers
from kesos_sim.reports.context import ReportContext, in_language
from kesos_sim.reports.frames import Results
from kesos_sim.reports.welfare import Fields

__all__ = ["disasters"]

_FEW: Final = 100.0
"""People waiting, more or fewer, about whom no sentence is worth while."""


def disasters(
    results: Results, context: ReportContext, scenario: str, lang: str
) -> Iterator[Fields]:
    """Yield how those fare whom disasters hit, where and when a scenario changes it most.

    Beside it stands who would wait there if coordination did nothing: nobody has measured that
    it does.

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
        Key of the sentence and its fields.
    """
    places = {context.region: context.region_name} | dict(context.provinces)
    # A province says where it is; the whole region only where there are no provinces.
    codes = [code for code in context.provinces if code in results.regions] or [context.region]
    moved = [
        (abs(estimate.difference), code, month)
        for code in codes
        for month, estimate in results.series("disaster_waiting", code, scenario)
        if abs(estimate.difference) >= _FEW
    ]
    if not moved:
        return
    _, code, month = max(moved, key=lambda one: one[0])
    waiting, helped, aided, days = (
        results.at(name, code, month, scenario)
        for name in ("disaster_waiting", "disaster_helped", "aid_received", "days_to_aid")
    )
    if waiting is None or helped is None or aided is None or days is None:
        return
    yield (
        "disasters",
        {
            "place": in_language(places[code], lang),
            "month": numbers.month_name(month, lang),
            "waiting": numbers.people(waiting.value, lang),
            "waiting_before": numbers.people(waiting.baseline, lang),
            "helped": numbers.people(helped.value, lang),
            "helped_before": numbers.people(helped.baseline, lang),
            "aided": numbers.people(aided.value, lang),
            "aided_before": numbers.people(aided.baseline, lang),
            "days": numbers.number(days.value, lang, 1),
            "days_before": numbers.number(days.baseline, lang, 1),
        },
    )
    weak = context.waiting_without_effect.get(scenario, {}).get((code, str(month)))
    if weak is not None:
        yield (
            "disasters_without_effect",
            {
                "waiting": numbers.people(weak[0], lang),
                "waiting_before": numbers.people(weak[1], lang),
            },
        )
