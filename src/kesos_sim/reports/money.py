"""Sentences about money, and new money set against the poverty gap."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.context import Money, MoneyLine, ReportContext, in_language, inside_sentence
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.values import band, change
from kesos_sim.units import MONTHS_PER_YEAR, Month

BILLION: Final = 1e9
_DIGITS: Final = 3
_ROUGH_DIGITS: Final = 2
_SMALL_SHARE: Final = 0.02
_LEAST_LINES: Final = 2

Fields = tuple[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class PerPoor:
    """New money and need in one province, per poor person of the baseline.

    Attributes
    ----------
    code, name : str
        The province.
    money : float
        New money, rupiah per poor person and year.
    gap : float
        Shortfall from the poverty line, rupiah per poor person and year; NaN when the line is
        not known.
    """

    code: str
    name: str
    money: float
    gap: float


def per_poor(results: Results, context: ReportContext, scenario: str, lang: str) -> list[PerPoor]:
    """Set the new money of a scenario against the poor of every province.

    Parameters
    ----------
    results : Results
        A comparison with ``poor_people``, ``poverty_rate`` and ``poverty_gap`` by province.
    context : ReportContext
        With the scenario's money by province and the poverty lines.
    scenario : str
        Name of the scenario.
    lang : str
        Language of the names, ``id`` or ``en``.

    Returns
    -------
    list of PerPoor
        From the most to the least money per poor person; provinces without poor people are left
        out. Empty when the scenario brings no new money.
    """
    money = context.money.get(scenario)
    if money is None or not money.per_year > 0:
        return []
    rows: list[PerPoor] = []
    for code, rupiah in money.by_province.items():
        poor = results.at("poor_people", code, scenario=scenario)
        if poor is None or not poor.baseline > 0:
            continue
        rate = results.at("poverty_rate", code, scenario=scenario)
        gap = results.at("poverty_gap", code, scenario=scenario)
        line = context.poverty_line.get(code, float("nan"))
        shortfall = float("nan")
        if rate is not None and gap is not None and rate.baseline > 0:
            shortfall = gap.baseline / rate.baseline * line * MONTHS_PER_YEAR
        rows.append(PerPoor(code, context.place(code, lang), rupiah / poor.baseline, shortfall))
    return sorted(rows, key=lambda row: (-row.money, row.code))


def folded(lines: Sequence[MoneyLine], kind: str) -> list[MoneyLine]:
    """Put lines that are too small to matter together in one.

    Parameters
    ----------
    lines : sequence of MoneyLine
        Lines, signed.
    kind : {"uses", "sources"}
        What they are, for the name of the rest.

    Returns
    -------
    list of MoneyLine
        From the largest amount to the smallest, the rest last; lines of less than a fiftieth of
        the whole count as small when there are at least two of them.
    """
    ordered = sorted(lines, key=lambda line: -line.rupiah)
    least = _SMALL_SHARE * sum(abs(line.rupiah) for line in ordered)
    small = [line for line in ordered if abs(line.rupiah) < least]
    if len(small) < _LEAST_LINES:
        return ordered
    words = {lang: i18n.text(f"sentences.other_{kind}", lang) for lang in i18n.LANGUAGES}
    rest = MoneyLine(words, sum(line.rupiah for line in small))
    return [line for line in ordered if abs(line.rupiah) >= least] + [rest]


def money_sentences(
    results: Results, context: ReportContext, scenario: str, lang: str
) -> Iterator[Fields]:
    """Yield what a scenario costs, from where, what did not fit, and what it buys.

    Parameters
    ----------
    results : Results
        The indexed comparison.
    context : ReportContext
        Money, places and poverty lines.
    scenario : str
        Name of the scenario.
    lang : str
        ``id`` or ``en``.

    Yields
    ------
    (str, dict)
        Key of the sentence and its fields.
    """
    money = context.money.get(scenario)
    if money is None:
        return
    people = results.at("poor_people", context.region, scenario=scenario)
    interval = cost_range(results, context, scenario, lang, less=money.per_year < 0)
    yield from _cost(money, results, interval, lang)
    yield from _cost_without_effect(context, scenario, lang)
    yield from _in_and_out(money, lang)
    yield from _room(money, lang)
    if money.definitions:
        definition = in_language(money.definition, lang)
        lines = _lines(money.definitions, lang)
        yield "definitions", {"definition": definition, "lines": lines}
    if people is not None and money.per_year > 0:
        price = results.at("cost_per_person_lifted", context.region, scenario=scenario)
        yield _per_billion(people, money.per_year, price, lang)
    yield from _per_poor(per_poor(results, context, scenario, lang), lang)


def cost_range(
    results: Results,
    context: ReportContext,
    scenario: str,
    lang: str,
    month: Month | None = None,
    *,
    less: bool = False,
) -> str:
    """Write the range of what a scenario costs more in twelve months.

    Parameters
    ----------
    results : Results
        The indexed comparison.
    context : ReportContext
        Which region it is.
    scenario : str
        Name of the scenario.
    lang : str
        ``id`` or ``en``.
    month : Month, optional
        The last of the twelve months; the last of the run when left out.
    less : bool
        Write what is spent less, for a sentence that says so.

    Returns
    -------
    str
        Empty where there is no range, or both ends read the same.
    """
    added = results.at("yearly_spending", context.region, month, scenario)
    if added is None or not added.has_band:
        return ""
    low, high = band(added)
    if less:
        low, high = -high, -low
    written = numbers.interval(low, high, lang, "rupiah", digits=_DIGITS)
    return "" if written == numbers.rupiah(high, lang, digits=_DIGITS) else written


def unspent(money: Money) -> float:
    """Return the part of the new money that the year has not spent.

    Parameters
    ----------
    money : Money
        What a package costs, and where it is taken from.

    Returns
    -------
    float
        Rupiah per year, without what organisations could not use; zero where little is left, or
        where the run went beyond its room.
    """
    if money.feasible is None or money.beyond_room:
        return 0.0
    left = money.feasible - (money.per_year - money.existing) - money.unusable
    return left if left > _SMALL_SHARE * money.feasible else 0.0


def _per_poor(rows: Sequence[PerPoor], lang: str) -> Iterator[Fields]:
    """Yield new money per poor person beside the shortfall, the range of places or the one."""
    if not rows:
        return
    most, least = rows[0], rows[-1]
    gaps = [row.gap for row in rows if row.gap > 0]
    if len(rows) == 1:
        yield "per_poor_one", {"amount": _rough(most.money, lang), "place": most.name}
        if gaps:
            yield "per_poor_gap_one", {"gap": _rough(gaps[0], lang)}
        return
    yield (
        "per_poor",
        {
            "lowest": _rough(least.money, lang),
            "lowest_place": least.name,
            "highest": _rough(most.money, lang),
            "highest_place": most.name,
        },
    )
    if gaps:
        fields = {"gap_low": _rough(min(gaps), lang), "gap_high": _rough(max(gaps), lang)}
        yield "per_poor_gap", fields


def _cost(money: Money, results: Results, interval: str, lang: str) -> Iterator[Fields]:
    """Yield the cost per year, its range, and its share of a budget."""
    months = numbers.number(min(len(results.months), MONTHS_PER_YEAR), lang)
    key = "cost_span_range" if interval else "cost_span"
    fields = {
        "amount": numbers.rupiah(abs(money.per_year), lang, digits=_DIGITS),
        "span": i18n.text(f"sentences.{key}", lang, months=months, interval=interval),
        "year": str(results.base.year),
    }
    if money.per_year == 0:
        yield "cost_none", {}
    elif money.per_year < 0:
        yield "cost_less", fields
    elif money.share is None:
        yield "cost", fields
    else:
        yield (
            "cost_share",
            fields
            | {
                "share": numbers.percent(money.share.percent, lang),
                "budget": in_language(money.share.words, lang),
            },
        )


def _in_and_out(money: Money, lang: str) -> Iterator[Fields]:
    """Yield the lines that the money is taken from, and what it goes to."""
    if money.sources:
        lines = _lines(folded(money.sources, "sources"), lang, inside_sentence)
        yield "taken_from", {"lines": lines}
    uses = folded(money.uses, "uses")
    more = [line for line in uses if line.rupiah > 0]
    less = [MoneyLine(line.words, -line.rupiah) for line in reversed(uses) if line.rupiah < 0]
    if more:
        yield "spent_on", {"lines": _lines(more, lang)}
    if less:
        yield "less_for", {"lines": _lines(less, lang)}


def _cost_without_effect(context: ReportContext, scenario: str, lang: str) -> Iterator[Fields]:
    """Yield what would be spent more if coordination did nothing."""
    spent = context.without_effect.get(scenario, {}).get("yearly_spending")
    if spent is not None and math.isfinite(spent[0] - spent[1]):
        amount = numbers.rupiah(spent[0] - spent[1], lang, digits=_DIGITS, signed=True)
        yield "cost_without_effect", {"amount": amount}


def _room(money: Money, lang: str) -> Iterator[Fields]:
    """Yield what mandatory spending leaves no room for, and what the year did not spend."""
    if money.requested is None or money.feasible is None:
        return
    fields = {
        "requested": numbers.rupiah(money.requested, lang, digits=_DIGITS),
        "feasible": numbers.rupiah(money.feasible, lang, digits=_DIGITS),
    }
    if money.requested > money.feasible and fields["requested"] != fields["feasible"]:
        yield ("beyond_room" if money.beyond_room else "not_feasible"), fields
    new = money.per_year - money.existing
    whole, part = (numbers.rupiah(one, lang, digits=_DIGITS) for one in (money.per_year, new))
    if whole != part:
        amount = numbers.rupiah(abs(money.existing), lang, digits=_DIGITS)
        amounts = {"new": part, "amount": amount}
        yield ("existing_more" if money.existing > 0 else "existing_less"), amounts
    left = unspent(money)
    if left > 0:
        yield "unspent", {"amount": _rough(left, lang)}
    if money.unusable > _SMALL_SHARE * money.feasible:
        yield "unusable", {"amount": _rough(money.unusable, lang)}


def _per_billion(people: Estimate, per_year: float, price: Estimate | None, lang: str) -> Fields:
    """Say how many people leave poverty for every billion rupiah a year.

    Draws that cost less also help fewer: the range is that of their prices per person, unless one
    of them helps nobody and has none; then it is that of the people at the cost as it is.
    """
    unit = numbers.rupiah(BILLION, lang, digits=1)
    billions = per_year / BILLION
    low, high = (end / billions for end in band(people))
    direction = change(people, indicator("poor_people").negligible)
    interval = _counts(low, high, lang)
    if direction == "same":
        return "per_rupiah_same", {}
    if interval == _counts(0.0, 0.0, lang):
        return "per_rupiah_slight", {"unit": unit}
    if direction != "down":
        return "per_rupiah_unsure", {"unit": unit, "interval": interval}
    if price is not None and price.has_level_band:
        low, high = -BILLION / price.low_value, -BILLION / price.high_value
    fields = {
        "unit": unit,
        "people": _counts(-people.difference / billions, -people.difference / billions, lang),
        "interval": _counts(-high, -low, lang),
    }
    ranged = fields["interval"] != _counts(-low, -low, lang)
    return ("per_rupiah" if ranged else "per_rupiah_no_range"), fields


def _counts(low: float, high: float, lang: str) -> str:
    """Write a range of people: with one decimal when both ends are below ten."""
    decimals = 1 if max(abs(low), abs(high)) < 10 else 0  # noqa: PLR2004  # two digits
    return numbers.interval(low, high, lang, "number", decimals)


def _rough(amount: float, lang: str) -> str:
    return numbers.rupiah(amount, lang, digits=_ROUGH_DIGITS)


def _lines(lines: Sequence[MoneyLine], lang: str, named: Callable[[str], str] = str) -> str:
    """Write budget lines with their amounts."""
    return "; ".join(
        i18n.text(
            "sentences.line",
            lang,
            name=named(in_language(line.words, lang)),
            amount=numbers.rupiah(line.rupiah, lang, digits=_DIGITS),
        )
        for line in lines
    )
