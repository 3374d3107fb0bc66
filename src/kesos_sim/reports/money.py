"""Sentences about money, and new money set against the poverty gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.context import BudgetShare, Money, MoneyLine, ReportContext, in_language
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.values import band, change
from kesos_sim.units import MONTHS_PER_YEAR

BILLION: Final = 1e9
_DIGITS: Final = 2
_FEW_PLACES: Final = 2

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


def per_poor(results: Results, context: ReportContext, scenario: str) -> list[PerPoor]:
    """Set the new money of a scenario against the poor of every province.

    Parameters
    ----------
    results : Results
        A comparison with ``poor_people``, ``poverty_rate`` and ``poverty_gap`` by province.
    context : ReportContext
        With the scenario's money by province and the poverty lines.
    scenario : str
        Name of the scenario.

    Returns
    -------
    list of PerPoor
        From the most to the least money per poor person; provinces without money or without
        poor people are left out.
    """
    money = context.money.get(scenario)
    rows: list[PerPoor] = []
    for code, rupiah in (money.by_province if money else {}).items():
        poor = results.at("poor_people", code, scenario=scenario)
        if poor is None or not poor.baseline > 0:
            continue
        rate = results.at("poverty_rate", code, scenario=scenario)
        gap = results.at("poverty_gap", code, scenario=scenario)
        line = context.poverty_line.get(code, float("nan"))
        shortfall = float("nan")
        if rate is not None and gap is not None and rate.baseline > 0:
            shortfall = gap.baseline / rate.baseline * line * MONTHS_PER_YEAR
        rows.append(PerPoor(code, context.place(code, "id"), rupiah / poor.baseline, shortfall))
    return sorted(rows, key=lambda row: (-row.money, row.code))


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
    yield from _cost(money, lang)
    yield from _room(money, lang)
    if money.definitions:
        yield "definitions", {"lines": _shares(money.definitions, lang)}
    if people is not None and money.per_year > 0:
        yield _per_billion(people, money.per_year, lang)
    rows = per_poor(results, context, scenario)
    if len(rows) >= _FEW_PLACES:
        most, least = rows[0], rows[-1]
        yield (
            "per_poor",
            {
                "lowest": numbers.rupiah(least.money, lang, digits=_DIGITS),
                "lowest_place": least.name,
                "highest": numbers.rupiah(most.money, lang, digits=_DIGITS),
                "highest_place": most.name,
            },
        )
        gaps = [row.gap for row in rows if row.gap > 0]
        if gaps:
            yield (
                "per_poor_gap",
                {
                    "gap_low": numbers.rupiah(min(gaps), lang, digits=_DIGITS),
                    "gap_high": numbers.rupiah(max(gaps), lang, digits=_DIGITS),
                },
            )


def _cost(money: Money, lang: str) -> Iterator[Fields]:
    """Yield the cost per year, its share of a budget, and the lines it comes from."""
    amount = numbers.rupiah(abs(money.per_year), lang, digits=_DIGITS)
    if money.per_year == 0:
        yield "cost_none", {}
    elif money.per_year < 0:
        yield "cost_less", {"amount": amount}
    elif money.share is None:
        yield "cost", {"amount": amount}
    else:
        yield (
            "cost_share",
            {
                "amount": amount,
                "share": numbers.percent(money.share.percent, lang),
                "budget": in_language(money.share.words, lang),
            },
        )
    if money.sources:
        yield "taken_from", {"lines": _lines(money.sources, lang)}
    if money.uses:
        yield "spent_on", {"lines": _lines(money.uses, lang)}


def _room(money: Money, lang: str) -> Iterator[Fields]:
    """Yield what mandatory spending does not leave room for."""
    if money.requested is None or money.feasible is None or money.requested <= money.feasible:
        return
    fields = {
        "requested": numbers.rupiah(money.requested, lang, digits=_DIGITS),
        "feasible": numbers.rupiah(money.feasible, lang, digits=_DIGITS),
    }
    yield ("beyond_room" if money.beyond_room else "not_feasible"), fields


def _per_billion(people: Estimate, per_year: float, lang: str) -> Fields:
    """Say how many people leave poverty for every billion rupiah a year."""
    unit = numbers.rupiah(BILLION, lang, digits=1)
    billions = per_year / BILLION
    low, high = (end / billions for end in band(people))
    direction = change(people, indicator("poor_people").negligible)
    if direction != "down":
        interval = numbers.interval(low, high, lang, "number", 0)
        return "per_rupiah_unsure", {"unit": unit, "interval": interval}
    fields = {
        "unit": unit,
        "people": _count(-people.difference / billions, lang),
        "interval": numbers.interval(-high, -low, lang, "number", _count_decimals(-high)),
    }
    return ("per_rupiah" if people.has_band else "per_rupiah_no_range"), fields


def _count_decimals(value: float) -> int:
    """Return one decimal for a handful, none for more."""
    return 1 if abs(value) < 10 else 0  # noqa: PLR2004  # two significant digits


def _count(value: float, lang: str) -> str:
    return numbers.number(value, lang, _count_decimals(value))


def _lines(lines: Sequence[MoneyLine], lang: str) -> str:
    """Write budget lines with their amounts, largest first."""
    ordered = sorted(lines, key=lambda line: -line.rupiah)
    return "; ".join(
        i18n.text(
            "sentences.line",
            lang,
            name=in_language(line.words, lang),
            amount=numbers.rupiah(line.rupiah, lang, digits=_DIGITS),
        )
        for line in ordered
    )


def _shares(shares: Sequence[BudgetShare], lang: str) -> str:
    """Write shares of a budget by definition."""
    return "; ".join(
        i18n.text(
            "sentences.share_line",
            lang,
            name=in_language(share.words, lang),
            share=numbers.percent(share.percent, lang),
        )
        for share in shares
    )
