"""RPKD: problem, priority interventions, places, budget, in this order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.context import in_language
from kesos_sim.reports.office.document import (
    Block,
    Document,
    Heading,
    Note,
    Paragraph,
    Table,
)
from kesos_sim.reports.plans.activities import activities
from kesos_sim.reports.plans.again import remade
from kesos_sim.reports.plans.annex import finished
from kesos_sim.reports.plans.budget import (
    activity_table,
    all_spending,
    place_table,
    source_table,
)
from kesos_sim.reports.plans.common import (
    Said,
    blocks_of,
    columns,
    doubt,
    lever_label,
    named,
    opening,
    outcome_blocks,
    say_plan,
)
from kesos_sim.reports.plans.package import Package, chosen
from kesos_sim.reports.plans.strategies import STRATEGIES, strategy_of_lever
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, known
from kesos_sim.reports.values import say, say_difference, unit_words
from kesos_sim.scenario.lever import UP
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.words import lever_setting, programme_words

if TYPE_CHECKING:
    from kesos_sim.experiments.compare import Comparison

__all__ = ["INTERVENTION_SHARES", "district_table", "intervention_table", "rpkd"]

INTERVENTION_SHARES: Final = (21.0, 18.0, 22.0, 22.0, 10.0)
"""Widths of the columns of `intervention_table`, in relation to each other."""

_PROBLEMS: Final = (
    "poverty_rate",
    "poor_people",
    "poverty_gap",
    "extreme_poverty_rate",
    "near_poor_rate",
    "gini",
    "exclusion_error",
    "inclusion_error",
    "unmet_need_rate",
    "duplicate_service_rate",
)
_MOST_PLACES: Final = 30
"""Places that a printed table lists; a workbook has all."""
_MOST_AIMS: Final = 2


def rpkd(
    comparison: Comparison,
    lang: str = "id",
    *,
    package: str | None = None,
    year: int | None = None,
    problem: Said = (),
    priorities: Said = (),
    places: Said = (),
    budget: Said = (),
) -> Document:
    """Make the regional poverty reduction plan of a package.

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
    problem, priorities, places, budget : sequence of str, Chart, TextTable or Block
        What the planner adds to a section, for instance lists of priority districts.

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
    >>> plan = rpkd(compare(today, [more], draws=0), "en")
    >>> [table.title for table in plan.tables if "package" in table.title]
    ['Interventions of the package 10% of APBD for poverty']
    """
    asked = chosen(comparison, package, lang)
    when = asked.year(year)
    listed = district_table(asked)
    shown = TextTable(
        listed.name,
        listed.title,
        listed.columns,
        listed.rows[:_MOST_PLACES],
        listed.fields,
        listed.data[:_MOST_PLACES],
    )
    whole = () if len(listed.rows) <= _MOST_PLACES else (_all_places(listed, asked),)
    blocks = (
        *opening(
            lang,
            region=asked.place,
            package=asked.title,
            period=asked.period,
            year=numbers.fiscal_year(when, lang),
            author="",
            number="",
        ),
        *_problem(asked),
        *blocks_of(problem, lang),
        *_priorities(asked),
        *blocks_of(priorities, lang),
        *_places(asked, shown, len(listed.rows)),
        *blocks_of(places, lang),
        *_budget(asked, when),
        *blocks_of(budget, lang),
        *doubt(asked),
    )
    data = (*whole, place_table(asked, activities(asked, when)))
    handed = {"problem": problem, "priorities": priorities, "places": places, "budget": budget}
    again = remade(asked, "rpkd", year=when, sections=handed)
    return finished(asked, "rpkd", say_plan("rpkd_title", lang), blocks, again, data=data)


def _problem(package: Package) -> Iterator[Block]:
    """Yield how things stand and where they go without change."""
    lang = package.lang
    base, month = (
        numbers.month_name(month, lang) for month in (package.results.base, package.results.horizon)
    )
    yield Heading(say_plan("rpkd_problem", lang))
    yield Paragraph(
        say_plan("rpkd_problem_text", lang, place=package.place, base=base, month=month)
    )
    heads = [Column(say_plan("column_indicator", lang), numeric=False), Column(base), Column(month)]
    builder = TableBuilder(
        "problem",
        say_plan("rpkd_problem_table", lang, place=package.place),
        heads,
        ("indicator", str(package.results.base), str(package.results.horizon)),
    )
    for name in _PROBLEMS:
        last = package.at(name)
        if last is None:
            continue
        first, definition = package.at(name, package.results.base), indicator(name)
        values = (float("nan") if first is None else first.baseline, last.baseline)
        label = named(definition, package)
        builder.add(
            (label, *(say(value, definition, lang) for value in values)),
            (label, *map(known, values)),
        )
    sources = "; ".join(in_language(words, lang) for words in package.context.sources)
    yield Table(builder.table(), say_plan("rpkd_problem_note", lang, base=base, sources=sources))
    path = package.charts.get("poverty_path")
    if path is not None:
        yield from blocks_of([path], lang)


def intervention_table(package: Package) -> TextTable:
    """List what a package changes, by strategy, with what it is expected to move.

    Parameters
    ----------
    package : Package
        The package.

    Returns
    -------
    TextTable
        One row per lever and per programme of the scenario's own.
    """
    lang = package.lang
    heads = columns(
        lang, strategy=False, intervention=False, setting=False, aims=False, grade=False
    )
    title = say_plan("rpkd_priorities_table", lang, package=package.title)
    fields = ("strategy", "intervention", "setting", "aims", "grade")
    builder = TableBuilder("interventions", title, heads, fields)
    for strategy in STRATEGIES:
        word = say_plan(f"strategy_{strategy}", lang)
        served = (name for name in package.levers if strategy_of_lever(name) == strategy)
        rows = [_lever_row(package, name) for name in served]
        if strategy == "burden":
            rows += [
                (one.label(lang), programme_words(one, lang), "", "") for one in package.programmes
            ]
        for row in rows:
            builder.add((word, *row), (word, *row))
    return builder.table()


def _lever_row(package: Package, name: str) -> tuple[str, str, str, str]:
    """Return a lever with its change, its aims and the evidence for them."""
    lang, lever = package.lang, LEVERS[name]
    before, after = (
        lever_setting(name, one.levers.get(name), lang) for one in (package.usual, package.scenario)
    )
    lowered = _lowered(package, name)
    aims = "; ".join(
        say_plan(
            "aim_up" if (direction == UP) != lowered else "aim_down",
            lang,
            name=indicator(aim).label(lang),
        )
        for aim, direction in list(lever.acts_on.items())[:_MOST_AIMS]
    )
    grade = i18n.text(f"reports.grade_{lever.grade.lower()}", lang)
    return lever_label(name, lang), f"{before} → {after}", aims, grade


def _lowered(package: Package, name: str) -> bool:
    """Return whether a package sets a lever lower than it is without it, so that aims turn round.

    What today's setting is of a budget share differs between governments; a share is raised.
    """
    before, after = (
        one.levers[name].value if name in one.levers else one.lever_default(name)
        for one in (package.usual, package.scenario)
    )
    return before is not None and after is not None and after < before


def _priorities(package: Package) -> Iterator[Block]:
    """Yield what the package does, by strategy, and what comes of it."""
    lang = package.lang
    yield Heading(say_plan("rpkd_priorities", lang))
    yield Paragraph(say_plan("strategies_text", lang))
    yield Table(intervention_table(package), shares=INTERVENTION_SHARES)
    yield Heading(say_plan("outcome", lang), 2)
    yield from outcome_blocks(package, details=True)


def district_table(package: Package) -> TextTable:
    """List districts by how many poor people they have with no change.

    Parameters
    ----------
    package : Package
        The package.

    Returns
    -------
    TextTable
        One row per district, the most poor people first.
    """
    lang = package.lang
    month = numbers.month_name(package.results.horizon, lang)
    rate, poor = indicator("poverty_rate"), indicator("poor_people")
    people, percent = (unit_words(one, lang) for one in (poor, rate))
    heads = columns(
        lang, place=False, code=False, poor=people, rate=percent, rate_with=percent, points=True
    )
    fields = ("place", "code", "poor", "baseline", "value", "difference")
    builder = TableBuilder(
        "districts", say_plan("rpkd_places_table", lang, month=month), heads, fields
    )
    rows = []
    for code in package.context.districts or (package.context.region,):
        here, there = (package.at(name, region=code) for name in ("poverty_rate", "poor_people"))
        if here is not None and there is not None:
            rows.append((there.baseline, code, here))
    for count, code, here in sorted(rows, key=lambda row: (-row[0], row[1])):
        words = (package.context.place(code, lang), code)
        builder.add(
            (
                *words,
                say(count, poor, lang),
                say(here.baseline, rate, lang),
                say(here.value, rate, lang),
                say_difference(here.difference, rate, lang),
            ),
            (*words, round(count), *map(known, (here.baseline, here.value, here.difference))),
        )
    return builder.table()


def _all_places(listed: TextTable, package: Package) -> TextTable:
    """Return the table of districts under the name that the workbook has for all of them."""
    month = numbers.month_name(package.results.horizon, package.lang)
    title = say_plan("rpkd_places_all", package.lang, month=month)
    return TextTable(
        "districts_all", title, listed.columns, listed.rows, listed.fields, listed.data
    )


def _places(package: Package, shown: TextTable, count: int) -> Iterator[Block]:
    """Yield where the poor are."""
    lang = package.lang
    yield Heading(say_plan("rpkd_places", lang))
    parts = ("text", "rough") if package.context.districts else ("text",)
    yield Paragraph(" ".join(say_plan(f"rpkd_places_{part}", lang) for part in parts))
    note = ""
    if count > len(shown.rows):
        fields = {"shown": len(shown.rows), "all": count}
        written = {name: numbers.number(value, lang) for name, value in fields.items()}
        note = say_plan("rpkd_places_note", lang, **written)
    yield Table(shown, note)


def _budget(package: Package, year: int) -> Iterator[Block]:
    """Yield what it costs and where the money comes from."""
    lang, found = package.lang, activities(package, year)
    yield Heading(say_plan("rpkd_budget", lang))
    written = numbers.fiscal_year(year, lang)
    yield Paragraph(say_plan("rpkd_budget_text", lang, year=written))
    if not found:
        yield Note(say_plan("no_programme_money", lang))
        return
    yield Table(activity_table(package, found, year), all_spending(package, year))
    sources = source_table(package)
    if sources is not None:
        yield Table(sources)
    chart = package.charts.get("money_in_out")
    if chart is not None:
        yield from blocks_of([chart], lang)
