"""RAT: what is done in one budget year, for whom, where, with which money, towards which target.

What the model cannot know, for instance who is responsible, is an empty, named field.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import count
from typing import TYPE_CHECKING, Final

from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.office.document import Block, Document, Note, Paragraph, Table
from kesos_sim.reports.plans.activities import (
    Activity,
    activities,
    without_money,
)
from kesos_sim.reports.plans.again import remade
from kesos_sim.reports.plans.aims import Aim, aim_of, passed_over
from kesos_sim.reports.plans.annex import finished
from kesos_sim.reports.plans.budget import all_spending, fund_words, place_table, schedule_words
from kesos_sim.reports.plans.common import (
    Said,
    blocks_of,
    columns,
    doubt,
    lever_label,
    opening,
    say_plan,
    target,
)
from kesos_sim.reports.plans.package import Package, chosen
from kesos_sim.reports.plans.strategies import STRATEGIES, Strategy, strategy_of_lever
from kesos_sim.reports.tables import Cell, TableBuilder, TextTable
from kesos_sim.reports.values import say_money
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.words import lever_setting, programme_words
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from kesos_sim.experiments.compare import Comparison

__all__ = ["rat"]

_FILL: Final = frozenset({2, 3, 4, 7, 8, 9})
"""Columns that a planner fills in where the model has nothing."""
_SHARES: Final = (4.0, 33.0, 10.0, 10.0, 11.0, 18.0, 11.0, 10.0, 22.0, 11.0)
_FIELDS: Final = (
    "number",
    "activity",
    "location",
    "target_group",
    "volume",
    "fund",
    "rupiah",
    "responsible",
    "target",
    "schedule",
)
_MOST_NAMES: Final = 3


def rat(
    comparison: Comparison,
    lang: str = "id",
    *,
    package: str | None = None,
    year: int | None = None,
    notes: Said = (),
) -> Document:
    """Make the yearly action plan of a package.

    Parameters
    ----------
    comparison : Comparison
        The package beside its baseline.
    lang : str
        ``id`` or ``en``.
    package : str, optional
        Name of the alternative; may be left out when there is only one.
    year : int, optional
        Budget year; without it the last whole year of the run.
    notes : sequence of str, Chart, TextTable or Block
        What the planner adds after the tables.

    Returns
    -------
    Document

    Raises
    ------
    InputError
        If the package or the year is not in the comparison.
    KesosError
        If the provenance is incomplete.

    Examples
    --------
    >>> from kesos_sim import compare, load_scenario
    >>> world = {"region": "3316", "households": 2000, "months": 22}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> early = {"levers.apbd_poverty_share.from": "2024-04"}
    >>> more = load_scenario("scenarios/apbd-10.yaml", world | early)
    >>> print(rat(compare(today, [more], draws=0), "en", year=2025).title)
    Yearly Action Plan (RAT) FY 2025
    """
    asked = chosen(comparison, package, lang)
    when = asked.year(year)
    found = activities(asked, when)
    blocks = (*_opening(asked, when), *_tables(asked, found, when), *blocks_of(notes, lang))
    title = f"{say_plan('rat_title', lang)} {numbers.fiscal_year(when, lang)}"
    data = (place_table(asked, found),)
    again = remade(asked, "rat", year=when, sections={"notes": notes})
    return finished(asked, "rat", title, (*blocks, *doubt(asked)), again, data=data)


def _opening(package: Package, year: int) -> Iterator[Block]:
    """Yield what the document is and how to read its tables."""
    lang = package.lang
    yield from opening(
        lang,
        region=package.place,
        package=package.title,
        year=numbers.fiscal_year(year, lang),
        author="",
        number="",
    )
    yield Paragraph(say_plan("strategies_text", lang), quiet=True)
    month = numbers.month_name(_end(year), lang)
    base = str(package.results.base.year)
    yield Paragraph(say_plan("rat_note", lang, base=base, month=month), quiet=True)


def _tables(package: Package, found: Sequence[Activity], year: int) -> Iterator[Block]:
    """Yield a table per strategy."""
    lang, numbered, told = package.lang, count(1), set[str]()
    free = without_money(package, found)
    if not found and not free:
        yield Note(say_plan("no_programme_money", lang))
    for strategy in STRATEGIES:
        table = _table(package, strategy, found, free, year, numbered, told)
        if table.rows:
            yield Table(table, fill=_FILL, shares=_SHARES, wide=True)
    aims = [_aim(package, one.levers, one.line, year) for one in found]
    aims += [_aim(package, (name,), "", year) for name in free]
    worse = passed_over([aim for aim in aims if aim], package)
    if worse:
        yield Paragraph(worse, quiet=True)
    if found:
        yield Paragraph(all_spending(package, year), quiet=True)


def _table(
    package: Package,
    strategy: Strategy,
    found: Sequence[Activity],
    free: Sequence[str],
    year: int,
    numbered: Iterator[int],
    told: set[str],
) -> TextTable:
    """Return the table of one strategy: activities with money, then action without.

    A lever that pays for several activities has its setting where it comes first; `told` holds
    those that had it.
    """
    lang = package.lang
    heads = columns(
        lang,
        number=True,
        activity=False,
        location=False,
        target_group=False,
        volume=False,
        fund=False,
        amount=word("unit", "rupiah", lang),
        responsible=False,
        target=False,
        schedule=False,
    )
    title = say_plan(
        "rat_table",
        lang,
        strategy=say_plan(f"strategy_{strategy}", lang),
        year=numbers.fiscal_year(year, lang),
    )
    builder = TableBuilder(f"rat_{strategy}", title, heads, _FIELDS)
    for one in found:
        if one.strategy == strategy:
            words = _activity_words(package, one, year, told)
            told.update(one.levers)
            _add(builder, next(numbered), words, say_money(one.rupiah, lang), round(one.rupiah))
    for name in free:
        if strategy_of_lever(name) == strategy:
            words = _free_words(package, name, year)
            _add(builder, next(numbered), words, say_plan("cost_zero", lang), 0)
    return builder.table()


def _add(
    builder: TableBuilder, number: int, words: Sequence[str], amount: str, rupiah: int
) -> None:
    """Add a row; empty words are fields to be filled in."""
    before, after = words[:5], words[5:]
    data: list[Cell] = [number, *(word or None for word in before), rupiah]
    builder.add((str(number), *before, amount, *after), (*data, *(word or None for word in after)))


def _activity_words(package: Package, one: Activity, year: int, told: Set[str]) -> tuple[str, ...]:
    """Return activity, place, target group, volume, payer, responsible, target, schedule."""
    lang = package.lang
    own = next((p for p in package.scenario.programmes if p.name == one.line), None)
    settings = "; ".join(
        LEVERS[name].label(lang) if name in told else _setting(package, name) for name in one.levers
    )
    done = programme_words(own, lang) if own is not None else settings
    return (
        f"{one.label} ({done})" if done else one.label,
        _location(package, one),
        "",
        _volume(package, one, year),
        fund_words(one, lang),
        "",
        _target(_aim(package, one.levers, one.line, year), package),
        schedule_words(one.first, one.last, lang),
    )


def _free_words(package: Package, name: str, year: int) -> tuple[str, ...]:
    """Return the same of a lever that adds no spending in the year."""
    return (
        _setting(package, name),
        package.place,
        "",
        "",
        LEVERS[name].cost_rule(package.lang),
        "",
        _target(_aim(package, (name,), "", year), package),
        _in_force(package, name, year),
    )


def _in_force(package: Package, name: str, year: int) -> str:
    """Write the months of a year in which a lever is set; nothing where it is set later."""
    setting = package.scenario.levers.get(name)
    if setting is None:
        return ""
    january, december = Month(year, 1), _end(year)
    return schedule_words(max(setting.start or january, january), december, package.lang)


def _setting(package: Package, name: str) -> str:
    """Write a lever with its setting and unit."""
    lang = package.lang
    setting = lever_setting(name, package.scenario.levers.get(name), lang)
    return say_plan("action", lang, label=lever_label(name, lang), setting=setting)


def _location(package: Package, one: Activity) -> str:
    """Write where the money goes: few districts by name, else how many, or the whole region."""
    lang = package.lang
    places = [code for code in one.by_region if code in package.context.districts]
    if not places or len(places) == len(package.context.districts):
        return package.place
    if len(places) <= _MOST_NAMES:
        return ", ".join(package.context.place(code, lang) for code in places)
    return say_plan("districts_many", lang, number=numbers.number(len(places), lang))


def _volume(package: Package, one: Activity, year: int) -> str:
    """Write how many receive a programme at the end of the year, where the model counts them."""
    name, lang = f"programme_recipients.{one.line.lower()}", package.lang
    estimate = package.at(name, _end(year))
    if estimate is None:
        return ""
    number, unit = numbers.short(estimate.value, lang), indicator(name).unit_label(lang)
    return say_plan("volume_recipients", lang, number=number, unit=unit)


def _target(aim: Aim | None, package: Package) -> str:
    """Write the indicator that an activity is for, at the end of the year."""
    if aim is None:
        return ""
    words = target(aim.definition, aim.estimate, package)
    return say_plan("rat_target_worse", package.lang, target=words) if aim.worse else words


def _aim(package: Package, levers: Sequence[str], line: str, year: int) -> Aim | None:
    """Return the indicator that an activity of some levers, with money or without, is for."""
    aims = [aim for name in levers for aim in LEVERS[name].acts_on]
    return aim_of(package, (*aims, *(("poverty_rate",) if line else ())), _end(year))


def _end(year: int) -> Month:
    """Return the last month of a year."""
    return Month(year, MONTHS_PER_YEAR)
