"""What happens to neighbourhood groups of mutual help (WKSBM), in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.frames import Results
from kesos_sim.reports.values import change
from kesos_sim.reports.welfare import Fields

__all__ = ["community"]

_QUIET = frozenset({"flat", "same"})


def community(results: Results, region: str, scenario: str, lang: str) -> Iterator[Fields]:
    """Yield how many households groups cover and what they pay, where that changes.

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
    names = ("wksbm_coverage", "mutual_help_paid", "mutual_help_share")
    covered, paid, part = (results.at(name, region, scenario=scenario) for name in names)
    if covered is None or paid is None or part is None:
        return
    if change(covered, indicator("wksbm_coverage").negligible) in _QUIET:
        return
    yield (
        "community",
        {
            "covered": numbers.number(covered.value, lang, 1),
            "covered_before": numbers.number(covered.baseline, lang, 1),
            "paid": numbers.rupiah(paid.value, lang, digits=2),
            "paid_before": numbers.rupiah(paid.baseline, lang, digits=2),
            "part": numbers.number(part.value, lang, 1),
        },
    )
