"""What becomes of enterprises and of families that leave PKH, and who gets what, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator

from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.frames import Results
from kesos_sim.reports.values import change
from kesos_sim.reports.welfare import Fields

__all__ = ["empowering"]

_QUIET = frozenset({"flat", "same"})


def empowering(results: Results, region: str, scenario: str, lang: str) -> Iterator[Fields]:
    """Yield enterprises, leavers of PKH and who gets what, each where there is something to say.

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

    def value(name: str) -> float | None:
        found = results.at(name, region, scenario=scenario)
        return None if found is None or math.isnan(found.value) else found.value

    working = results.at("enterprises", region, scenario=scenario)
    survival = value("enterprise_survival")
    earners, unable = value("stimulus_to_earners"), value("topup_to_unable")
    moved = working is not None and (
        change(working, indicator("enterprises").negligible) not in _QUIET
    )
    if working is not None and moved and survival is not None:
        yield (
            "enterprises",
            {
                "working": numbers.short(working.value, lang),
                "survival": numbers.number(survival, lang),
            },
        )
    if earners is not None and unable is not None and moved:
        yield (
            "who_gets_what",
            {
                "earners": numbers.number(earners, lang),
                "unable": numbers.number(unable, lang),
            },
        )
    graduates, relapse = value("pkh_graduates"), value("graduate_relapse")
    if graduates and relapse is not None:
        yield (
            "graduates",
            {
                "graduates": numbers.short(graduates, lang),
                "relapse": numbers.number(relapse, lang),
            },
        )
