"""The money of a package in one year as tables: by activity, by place, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.reports.context import in_language
from kesos_sim.reports.money import cost_range, unspent
from kesos_sim.reports.plans.activities import Activity, existing_programmes
from kesos_sim.reports.plans.common import columns, say_plan
from kesos_sim.reports.plans.package import Package
from kesos_sim.reports.tables import TableBuilder, TextTable
from kesos_sim.reports.values import say_money
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = [
    "activity_table",
    "all_spending",
    "fund_words",
    "place_table",
    "schedule_words",
    "source_table",
]

_NATION: Final = "00"
"""Region of the books that stands for the whole country."""


def activity_table(package: Package, found: Sequence[Activity], year: int) -> TextTable:
    """List the added spending of a year by strategy and activity.

    Parameters
    ----------
    package : Package
        The package.
    found : sequence of Activity
        Its activities of the year.
    year : int
        The year.

    Returns
    -------
    TextTable
        The last row is the total.
    """
    lang = package.lang
    heads = columns(
        lang, strategy=False, activity=False, fund=False, amount=word("unit", "rupiah", lang)
    )
    title = say_plan("budget_table", lang, year=str(year))
    builder = TableBuilder("budget", title, heads, ("strategy", "activity", "fund", "rupiah"))
    for one in found:
        words = (say_plan(f"strategy_{one.strategy}", lang), one.label, fund_words(one, lang))
        builder.add((*words, say_money(one.rupiah, lang)), (*words, round(one.rupiah)))
    total = sum(one.rupiah for one in found)
    label = say_plan("budget_total", lang)
    builder.add((label, "", "", say_money(total, lang)), (label, "", "", round(total)))
    return builder.table()


def place_table(package: Package, found: Sequence[Activity]) -> TextTable:
    """List the added spending of a year by activity, place and payer, for a workbook.

    Parameters
    ----------
    package : Package
        The package.
    found : sequence of Activity
        Its activities of the year.

    Returns
    -------
    TextTable
        One row per activity and place.
    """
    lang = package.lang
    heads = columns(
        lang, activity=False, place=False, code=False, amount=word("unit", "rupiah", lang)
    )
    title = say_plan("rat_places", lang)
    fields = ("activity", "place", "code", "rupiah")
    builder = TableBuilder("budget_places", title, heads, fields)
    for one in found:
        for region, rupiah in sorted(one.by_region.items()):
            place = (
                say_plan("nation", lang)
                if region == _NATION
                else package.context.place(region, lang)
            )
            words = (one.label, place, region)
            builder.add((*words, say_money(rupiah, lang)), (*words, round(rupiah)))
    return builder.table()


def source_table(package: Package) -> TextTable | None:
    """List the budget lines that the package's new money is taken from.

    Parameters
    ----------
    package : Package
        The package.

    Returns
    -------
    TextTable or None
        None when nothing is taken from anywhere.
    """
    lang, money = package.lang, package.context.money.get(package.name)
    if money is None or not money.sources:
        return None
    heads = columns(lang, line=False, cut=word("unit", "rupiah", lang))
    builder = TableBuilder(
        "budget_sources", say_plan("budget_sources", lang), heads, ("line", "rupiah")
    )
    for line in money.sources:
        words = in_language(line.words, lang)
        builder.add((words, say_money(line.rupiah, lang)), (words, round(line.rupiah)))
    left = unspent(money)
    if left > 0:
        words, back = i18n.text("charts.money_unspent", lang), -(left + money.unusable)
        builder.add((words, say_money(back, lang)), (words, round(back)))
    return builder.table()


def all_spending(package: Package, year: int) -> str:
    """Say what changes in a year besides the activities, and in all, with its range.

    Parameters
    ----------
    package : Package
        The package.
    year : int
        The year.

    Returns
    -------
    str
        Two sentences; the first alone for a year before whose January the run has no month.
    """
    lang, december = package.lang, Month(year, MONTHS_PER_YEAR)
    amount = say_money(existing_programmes(package, year), lang, signed=True)
    told = [say_plan("budget_existing", lang, amount=amount)]
    spent = package.at("yearly_spending", december)
    if spent is not None:
        ends = cost_range(package.results, package.context, package.name, lang, december)
        words = {
            "year": numbers.fiscal_year(year, lang),
            "amount": say_money(spent.difference, lang, signed=True),
            "range": say_plan("budget_range", lang, interval=ends) if ends else "",
        }
        told.append(say_plan("budget_all", lang, **words))
    return " ".join(told)


def fund_words(one: Activity, lang: str) -> str:
    """Write who pays for an activity, the largest payer first.

    Parameters
    ----------
    one : Activity
        The activity.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance ``APBD kabupaten/kota Rp331 miliar; APBD provinsi Rp139 miliar``.
    """
    payers = sorted(one.by_stream.items(), key=lambda item: -abs(item[1]))
    names = [(i18n.text(f"charts.stream_{stream}", lang), rupiah) for stream, rupiah in payers]
    if len(names) == 1:
        return names[0][0]
    return "; ".join(f"{name} {say_money(rupiah, lang)}" for name, rupiah in names)


def schedule_words(first: Month, last: Month, lang: str) -> str:
    """Write from which month to which; nothing where the first comes after the last."""
    begins, ends = (numbers.month_name(month, lang) for month in (first, last))
    if first >= last:
        return begins if first == last else ""
    return say_plan("schedule_year", lang, first=begins, dash=numbers.EN_DASH, last=ends)
