"""Sentences about who is helped: recipients, deciles, people who leave poverty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import DECILES
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.values import Change, change

Fields = tuple[str, dict[str, str]]

_NAMED: Final = 2
_MOST_LOSSES: Final = 4
_NOBODY: Final = 99.95
"""Percent of the poor left out that is written as all of them."""
_SHOWN_DECIMALS: Final = 1
_NEGLIGIBLE_PERCENT: Final = 0.5 * 10.0**-_SHOWN_DECIMALS


@dataclass(frozen=True, slots=True)
class DecileChange:
    """Relative change of the mean of one decile.

    Attributes
    ----------
    decile : int
        1 is the poorest.
    estimate : Estimate
        Difference and band in percent of the decile's mean without the change.
    change : Change
        What may be said about it.
    """

    decile: int
    estimate: Estimate
    change: Change


def decile_changes(results: Results, region: str, scenario: str) -> list[DecileChange]:
    """Return the relative change of every decile's mean at the end of the run.

    Parameters
    ----------
    results : Results
        The indexed comparison.
    region, scenario : str
        Codes in the frame.

    Returns
    -------
    list of DecileChange
        By decile; deciles that the frame does not have are left out.
    """
    found: list[DecileChange] = []
    for decile in DECILES:
        estimate = results.last(f"decile_mean_{decile}", region, scenario)
        if estimate is None or not estimate.baseline > 0:
            continue
        scale = 100.0 / estimate.baseline
        relative = replace(
            estimate,
            difference=estimate.difference * scale,
            low=estimate.low * scale,
            high=estimate.high * scale,
        )
        found.append(DecileChange(decile, relative, change(relative, _NEGLIGIBLE_PERCENT)))
    return found


def winners(results: Results, region: str, scenario: str, lang: str) -> Iterator[Fields]:
    """Yield the deciles that gain most and those that lose, where the interval is clear.

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
    changes = decile_changes(results, region, scenario)
    gain = [row for row in changes if row.change == "up"]
    gain.sort(key=lambda row: (-row.estimate.difference, row.decile))
    loss = [row for row in changes if row.change == "down"]
    if gain:
        yield "winners", {"lines": _deciles(gain[:_NAMED], lang)}
    loss.sort(key=lambda row: (row.estimate.difference, row.decile))
    if len(loss) == len(DECILES):
        yield "lower_everywhere", {"lines": _deciles(loss[:_NAMED], lang)}
    elif loss:
        yield "lower_deciles", {"lines": _deciles(loss[:_MOST_LOSSES], lang)}


def reached(results: Results, region: str, scenario: str, lang: str) -> Iterator[Fields]:
    """Yield how many of the poor receive help and how many recipients are not poor.

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
    left_out = results.at("exclusion_error", region, scenario=scenario)
    wrong = results.at("inclusion_error", region, scenario=scenario)
    if left_out is not None and left_out.value >= _NOBODY:
        yield "reached_none", {"before": numbers.number(100 - left_out.baseline, lang)}
    if left_out is None or wrong is None:
        return
    yield (
        "reached",
        {
            "now": numbers.number(100 - left_out.value, lang),
            "before": numbers.number(100 - left_out.baseline, lang),
            "wrong": numbers.number(wrong.value, lang),
            "wrong_before": numbers.number(wrong.baseline, lang),
        },
    )


def run_reached(results: Results, region: str, lang: str) -> Iterator[Fields]:
    """Yield how many of the poor receive help in a run by itself.

    Parameters
    ----------
    results : Results
        The indexed run.
    region : str
        Code in the frame.
    lang : str
        ``id`` or ``en``.

    Yields
    ------
    (str, dict)
        Key of the sentence and its fields.
    """
    left_out = results.last("exclusion_error", region)
    wrong = results.last("inclusion_error", region)
    if left_out is not None and wrong is not None:
        yield (
            "reached_run",
            {
                "now": numbers.number(100 - left_out.value, lang),
                "wrong": numbers.number(wrong.value, lang),
            },
        )


def transitions(results: Results, region: str, scenario: str, lang: str) -> Iterator[Fields]:
    """Yield how many people left poverty and fell into it, always beside the baseline's.

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
    found = results.latest("left_poverty", region, scenario)
    if found is None or not found[1].value > 0:
        return
    month, left = found
    entered = results.at("entered_poverty", region, month, scenario)
    fields = {
        "people": numbers.people(left.value, lang),
        "baseline": numbers.people(left.baseline, lang),
        "month": numbers.month_name(month, lang),
    }
    if entered is None:
        yield "left", fields
        return
    fields["entered"] = numbers.people(entered.value, lang)
    fields["entered_baseline"] = numbers.people(entered.baseline, lang)
    yield "flows", fields


def _deciles(rows: list[DecileChange], lang: str) -> str:
    """List deciles with their relative change."""
    decimals = _SHOWN_DECIMALS
    return ", ".join(
        i18n.text(
            "sentences.decile",
            lang,
            decile=str(row.decile),
            change=numbers.percent(row.estimate.difference, lang, decimals, signed=True),
        )
        for row in rows
    )
