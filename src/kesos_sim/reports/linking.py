"""What happens in the referral service, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.frames import Results
from kesos_sim.reports.values import change
from kesos_sim.reports.welfare import Fields

__all__ = ["linking"]

_QUIET = frozenset({"flat", "same"})
_SAID = ("slrt_cases", "slrt_referred", "slrt_backlog", "slrt_days")


def linking(results: Results, region: str, scenario: str, lang: str) -> Iterator[Fields]:
    """Yield how many cases come and how long they take, where that changes.

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
    found = {name: results.at(name, region, scenario=scenario) for name in _SAID}
    cases = found["slrt_cases"]
    if cases is None or change(cases, indicator("slrt_cases").negligible) in _QUIET:
        return
    fields = {}
    for name, estimate in found.items():
        if estimate is None:
            return
        fields[name] = numbers.number(estimate.value, lang)
        fields[f"{name}_before"] = numbers.number(estimate.baseline, lang)
    if any(fields[name] != fields[f"{name}_before"] for name in found):
        yield "linking", fields
