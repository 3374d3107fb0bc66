"""How values of an indicator are written, and what may be said about a change."""

from __future__ import annotations

import math
from typing import Final, Literal

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import Indicator
from kesos_sim.reports.frames import Estimate

Change = Literal["down", "up", "flat", "same", "unsure"]
"""down, up: the whole interval lies on one side. flat: too small to be seen in the level.
same: exactly no difference. unsure: the interval reaches to both sides."""

_MONEY_UNITS: Final = frozenset(
    {"rupiah", "rupiah/person", "rupiah/person/month", "rupiah/household", "rupiah/household/month"}
)
_COUNT_UNITS: Final = frozenset({"persons", "households", "houses"})
_TABLE_DIGITS: Final = 3
_SHORT_FROM: Final = {"money": 1e6, "count": 1e4}
"""Amounts from which a table writes three digits and a scale word, in rupiah and in heads."""
_SMALL_POINTS: Final = 1.0
_EXTRA_DIGIT: Final = 1
_SHORT_END: Final = 8
"""Letters up to which the first end of a range keeps the word behind it on its line."""
_ENOUGH: Final = 8
"""Draws from which the tenth and the ninetieth percentile are more than their ends."""


def change(estimate: Estimate, negligible: float) -> Change:
    """Decide what may be said about the direction of a paired difference.

    Parameters
    ----------
    estimate : Estimate
        Difference with its 80% band; without a band the difference alone decides.
    negligible : float
        Differences up to this size are not worth a word, in the unit of the indicator.

    Returns
    -------
    Change
        The only direction that a sentence or a colour may claim.
    """
    low, high = band(estimate)
    if estimate.difference == low == high == 0:
        return "same"
    if max(abs(low), abs(high)) < negligible:
        return "flat"
    if low <= 0 <= high:
        return "unsure"
    if abs(estimate.difference) < negligible:
        return "flat"
    return "down" if high < 0 else "up"


def band(estimate: Estimate) -> tuple[float, float]:
    """Return the band of the difference in order, widened to hold the difference itself.

    Parameters
    ----------
    estimate : Estimate
        Difference, with or without a band.

    Returns
    -------
    (float, float)
        Both equal to the difference when there is no band.
    """
    if not estimate.has_band:
        return estimate.difference, estimate.difference
    ends = [estimate.low, estimate.high]
    if not math.isnan(estimate.difference):
        ends.append(estimate.difference)
    return min(ends), max(ends)


def range_words(
    low: float, high: float, lang: str, kind: numbers.Kind = "percent", decimals: int = 1
) -> str:
    """Write a range, or nothing where there is none or both ends read the same.

    Parameters
    ----------
    low, high : float
        The ends; NaN where there is no range.
    lang : str
        ``id`` or ``en``.
    kind : {"number", "percent", "points", "rupiah", "people"}
        What the ends are.
    decimals : int
        Digits after the decimal sign.

    Returns
    -------
    str
        Empty where a range would only repeat the figure beside it.

    Examples
    --------
    >>> range_words(17.22, 17.24, "id"), range_words(17.2, 17.9, "id")
    ('', '17,2–17,9%')
    """
    written = numbers.interval(low, high, lang, kind, decimals)
    return "" if written == numbers.interval(high, high, lang, kind, decimals) else written


def range_cell(low: str, high: str, lang: str) -> str:
    r"""Write two ends that are words already for a table, which may be broken between them.

    Parameters
    ----------
    low, high : str
        The ends.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        A dash where both read the same: that is no range.

    Examples
    --------
    >>> range_cell("0%", "0%", "en"), range_cell("1%", "2%", "en").replace("\u00a0", " ")
    ('–', '1% to 2%')
    """
    if low == high:
        return numbers.EN_DASH
    first, last = (words.replace(" ", "\u00a0") for words in (low, high))
    tie = "\u00a0" if len(first) <= _SHORT_END else " "
    return f"{first}{tie}{i18n.text('numbers.to', lang)} {last}"


def band_words(draws: int, lang: str) -> str:
    """Name the range behind a figure: with few draws it is no share of anything.

    Parameters
    ----------
    draws : int
        Runs behind the range beside the one with the default parameters.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance ``kisaran 80%``.

    Examples
    --------
    >>> band_words(8, "en"), band_words(2, "en")
    ('80% range', 'range of the default parameters and 2 draws')
    """
    if draws >= _ENOUGH:
        return i18n.text("reports.band", lang)
    few = {0: "band_none", 1: "band_one"}.get(draws, "band_few")
    return i18n.text(f"reports.{few}", lang, draws=numbers.number(draws, lang))


def say(value: float, indicator: Indicator, lang: str, *, spoken: bool = False) -> str:
    """Write a value in the unit of its indicator.

    Parameters
    ----------
    value : float
        The value; NaN is missing.
    indicator : Indicator
        Its definition.
    lang : str
        ``id`` or ``en``.
    spoken : bool
        Write as a sentence does, with fewer digits and scale words; otherwise as a table does.

    Returns
    -------
    str
        The value with its unit where the unit is short; a dash for what a table does not have.
    """
    decimals = indicator.spoken if spoken else indicator.decimals
    if math.isnan(value) and not spoken:
        return numbers.EN_DASH
    if indicator.unit == "percent":
        return numbers.percent(value, lang, decimals)
    if indicator.unit in _MONEY_UNITS:
        return numbers.rupiah(value, lang, digits=2) if spoken else say_money(value, lang)
    if indicator.unit == "persons" and spoken:
        return numbers.people(value, lang)
    if is_count(indicator):
        return _count(value, lang)
    return numbers.number(value, lang, decimals)


def say_difference(value: float, indicator: Indicator, lang: str) -> str:
    """Write a difference as a table does: signed, percentages in points.

    Parameters
    ----------
    value : float
        The difference; NaN is missing.
    indicator : Indicator
        Its definition.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Signed number, its unit being that of the indicator; a dash for what is missing.

    Examples
    --------
    >>> from kesos_sim.indicators.definitions import indicator
    >>> say_difference(-0.72, indicator("poverty_rate"), "id")
    '−0,72'
    """
    if math.isnan(value):
        return numbers.EN_DASH
    if indicator.unit in _MONEY_UNITS:
        return say_money(value, lang, signed=True)
    if is_count(indicator):
        return _count(value, lang, signed=True)
    return numbers.number(value, lang, indicator.decimals, signed=True)


def say_change(value: float, indicator: Indicator, lang: str) -> str:
    """Write a difference as a sentence does: signed, with its unit.

    Parameters
    ----------
    value : float
        The difference.
    indicator : Indicator
        Its definition.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Percentages in points.
    """
    if indicator.unit == "percent":
        return numbers.points(value, lang, indicator.decimals, signed=True)
    if indicator.unit.startswith("rupiah"):
        return say(value, indicator, lang)
    return say_difference(value, indicator, lang)


def say_without_effect(value: float, indicator: Indicator, lang: str) -> str:
    """Say what a change would be if coordination had no effect at all.

    Parameters
    ----------
    value : float
        The difference in that case.
    indicator : Indicator
        Its definition.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        A sentence.
    """
    change = say_change(value, indicator, lang)
    return i18n.text("sentences.without_effect", lang, value=change)


def say_money(value: float, lang: str, *, signed: bool = False) -> str:
    """Write rupiah as a table does: large amounts with three digits and a scale word.

    Parameters
    ----------
    value : float
        Rupiah.
    lang : str
        ``id`` or ``en``.
    signed : bool
        Write a plus sign before positive amounts.

    Returns
    -------
    str
        For instance ``Rp31,3 miliar``.

    Examples
    --------
    >>> say_money(-2.5e9, "en", signed=True), say_money(2.5e9, "id")
    ('−Rp2.5 billion', 'Rp2,5 miliar')
    """
    large = abs(value) >= _SHORT_FROM["money"]
    return numbers.rupiah(value, lang, digits=_TABLE_DIGITS if large else None, signed=signed)


def difference_unit(indicator: Indicator, lang: str) -> str:
    """Return the unit of a difference in words.

    Parameters
    ----------
    indicator : Indicator
        Its definition.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Percentage points where values are percentages, otherwise as `unit_words`.

    Examples
    --------
    >>> from kesos_sim.indicators.definitions import indicator
    >>> difference_unit(indicator("poverty_rate"), "en")
    'percentage points'
    """
    points = indicator.unit == "percent"
    return i18n.text("effects.points", lang) if points else unit_words(indicator, lang)


def unit_words(indicator: Indicator, lang: str) -> str:
    """Return the unit in words; for what adds up over months it says that a month is meant.

    Parameters
    ----------
    indicator : Indicator
        Its definition.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance ``rupiah per bulan``.

    Examples
    --------
    >>> from kesos_sim.indicators.definitions import indicator
    >>> unit_words(indicator("poverty_rate"), "en")
    'percent'
    """
    unit = indicator.unit_label(lang)
    return i18n.text("reports.per_month", lang, unit=unit) if indicator.flow else unit


def point_decimals(*values: float) -> int:
    """Return how many decimals a sentence needs for differences in percentage points.

    Parameters
    ----------
    *values : float
        All differences in the sentence, percentage points.

    Returns
    -------
    int
        Two when all are below one point, so that small effects do not all read 0.1; else one.
    """
    known = [abs(value) for value in values if math.isfinite(value)]
    return 1 + (_EXTRA_DIGIT if max(known, default=0.0) < _SMALL_POINTS else 0)


def is_count(indicator: Indicator) -> bool:
    """Return whether the indicator counts people, households or houses."""
    return indicator.unit in _COUNT_UNITS


def _count(value: float, lang: str, *, signed: bool = False) -> str:
    """Write heads as a table does."""
    if abs(value) >= _SHORT_FROM["count"]:
        return numbers.short(value, lang, _TABLE_DIGITS, signed=signed)
    return numbers.number(value, lang, signed=signed)
