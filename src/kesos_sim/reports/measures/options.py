"""Several packages beside each other, in sentences and as tables."""

from __future__ import annotations

import math
from typing import Final

from kesos_sim import i18n
from kesos_sim.experiments.options import Best, Option, Options, sense_of
from kesos_sim.experiments.worth import interval
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import Indicator, indicator
from kesos_sim.reports.measures.parts import caveats, column, say
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, known
from kesos_sim.reports.values import say_difference, say_money, unit_words

__all__ = ["about", "aim_table", "changed", "ranked", "sentences", "tables", "title_of"]

_PARTS: Final = ("difference", "low", "high")


def about(key: str, lang: str, /, **fields: object) -> str:
    """Return a text of the catalogue ``planner_plans``.

    Parameters
    ----------
    key : str
        Its name.
    lang : str
        ``id`` or ``en``.
    **fields : object
        What it needs.

    Returns
    -------
    str
    """
    return i18n.text(f"planner_plans.{key}", lang, **fields)


def title_of(name: str, found: Options, lang: str) -> str:
    """Name a package."""
    runs = (run.scenario for run in found.comparison.alternatives)
    return next(one.title[lang] for one in runs if one.name == name)


def unit_of(definition: Indicator, lang: str) -> str:
    """Name the unit of a difference."""
    percent = definition.unit == "percent"
    return say("unit_points", lang) if percent else unit_words(definition, lang)


def changed(option: Option, aim: str, lang: str) -> str:
    """Write what a package changes of an aim, with its range where that can be seen.

    Parameters
    ----------
    option : Option
        The package.
    aim : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    definition, values = indicator(aim), option.change[aim]
    value = say_difference(float(values[0]), definition, lang)
    ends = interval(values)
    if not all(map(math.isfinite, ends)):
        return value
    low, high = (say_difference(end, definition, lang) for end in ends)
    return _ranged(value, low, high, lang)


def _ranged(value: str, low: str, high: str, lang: str) -> str:
    """Write a value with its range; alone where both ends read the same."""
    if low == high:
        return value
    words = say("range_words", lang, low=low, high=high)
    return about("with_range", lang, value=value, range=words)


def sentences(found: Options, lang: str) -> tuple[str, ...]:
    """Say which package is best for which aim, what it costs and who loses.

    Parameters
    ----------
    found : Options
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
    """
    best = [found.best(aim) for aim in found.aims]
    told = [_best(one, found, lang) for one in best]
    names = {one.package for one in best if one.package}
    if len(names) > 1:
        told.append(about("no_single_best", lang))
    elif names and all(one.package for one in best):
        told.append(about("single_best", lang, title=title_of(names.pop(), found, lang)))
    told += [_price(one, found, lang) for one in found.options]
    draws = len(found.comparison.pairs)
    told.append(
        about("how", lang, worlds=numbers.number(draws + 1, lang))
        if draws
        else about("how_one", lang)
    )
    guess = any(one.rests for one in found.options)
    return (*told, *caveats(found.comparison.context(), lang, coordination=guess))


def _best(one: Best, found: Options, lang: str) -> str:
    """Say which package serves an aim best, how sure that is, and what if coordination failed."""
    label = indicator(one.aim).label(lang)
    lines = [about("none_helps", lang, aim=label)] if not one.package else _first(one, found, lang)
    if any(other.rests for other in found.options) and one.without != one.package:
        lines.append(
            about("best_idle", lang, title=title_of(one.without, found, lang))
            if one.without
            else about("best_idle_none", lang)
        )
    return " ".join(lines)


def _first(one: Best, found: Options, lang: str) -> list[str]:
    """Say what the best package does, and whether that and its place are sure."""
    option = next(other for other in found.options if other.name == one.package)
    definition = indicator(one.aim)
    lines = [
        about(
            "best",
            lang,
            aim=definition.label(lang),
            title=title_of(one.package, found, lang),
            change=changed(option, one.aim, lang),
            unit=unit_of(definition, lang),
        )
    ]
    if not one.certain:
        lines.append(about("not_certain", lang))
    if not one.second:
        lines.append(about("only_one", lang))
    elif found.comparison.pairs:
        second = title_of(one.second, found, lang)
        lines.append(about("ahead" if one.sure else "unsure", lang, second=second))
    return lines


def _price(option: Option, found: Options, lang: str) -> str:
    """Say what a package costs, and how many gain and lose."""
    gain, loss = (numbers.percent(share, lang) for share in option.moved)
    return about(
        "price",
        lang,
        title=title_of(option.name, found, lang),
        cost=_cost(option, lang),
        gain=gain,
        loss=loss,
    )


def _cost(option: Option, lang: str) -> str:
    """Write what a package costs a year, with its range where there is one."""
    value = say_money(float(option.cost[0]), lang, signed=True)
    ends = interval(option.cost)
    if not all(map(math.isfinite, ends)):
        return value
    low, high = (say_money(end, lang, signed=True) for end in ends)
    return _ranged(value, low, high, lang)


def tables(found: Options, lang: str) -> tuple[TextTable, ...]:
    """List packages by aim, and the best for each aim.

    Parameters
    ----------
    found : Options
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of TextTable
    """
    return _packages(found, lang), _aims(found, lang)


def _packages(found: Options, lang: str) -> TextTable:
    """List packages: cost, every aim, who gains and loses; without coordination below each."""
    heads = [
        Column(about("column_package", lang), numeric=False),
        column("cost", lang),
        *(Column(_heading(aim, lang)) for aim in found.aims),
        Column(about("column_gain", lang)),
        Column(about("column_loss", lang)),
    ]
    fields = (
        "package",
        "coordination",
        *(f"cost_{part}" for part in _PARTS),
        *(f"{aim}_{part}" for aim in found.aims for part in _PARTS),
        "gain_percent",
        "loss_percent",
    )
    builder = TableBuilder("options", about("table_title", lang), heads, fields)
    for option in found.options:
        name = title_of(option.name, found, lang)
        moved = [numbers.percent(share, lang) for share in option.moved]
        ends = (option.cost, *(option.change[aim] for aim in found.aims))
        builder.add(
            [
                name,
                _cost(option, lang),
                *(changed(option, aim, lang) for aim in found.aims),
                *moved,
            ],
            [
                option.name,
                "assumed",
                *(
                    known(value)
                    for values in ends
                    for value in (float(values[0]), *interval(values))
                ),
                *option.moved,
            ],
        )
        if option.without_moved is not None:
            builder.add(*_idle_row(option, name, found, lang))
    return builder.table()


def aim_table(found: Options, aim: str, lang: str) -> TextTable:
    """List what every package does for one aim, the best on top.

    Parameters
    ----------
    found : Options
        What was found.
    aim : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        Difference, its range, and the difference if coordination had no effect.
    """
    definition = indicator(aim)
    heads = [
        Column(about("column_package", lang), numeric=False),
        Column(_heading(aim, lang)),
        column("range", lang, unit=unit_of(definition, lang)),
        Column(about("column_idle", lang), unit=unit_of(definition, lang)),
    ]
    fields = ("package", *_PARTS, "without_effect")
    builder = TableBuilder(f"options_{aim}", definition.label(lang), heads, fields)
    for option in ranked(found, aim):
        values = option.change[aim]
        low, high = interval(values)
        idle = option.without.get(aim, math.nan)
        told = [say_difference(one, definition, lang) for one in (low, high)]
        banded = math.isfinite(low) and math.isfinite(high) and told[0] != told[1]
        builder.add(
            [
                title_of(option.name, found, lang),
                say_difference(float(values[0]), definition, lang),
                say("range_words", lang, low=told[0], high=told[1]) if banded else numbers.EN_DASH,
                say_difference(idle, definition, lang),
            ],
            [option.name, *map(known, (float(values[0]), low, high, idle))],
        )
    return builder.table()


def ranked(found: Options, aim: str) -> list[Option]:
    """Return the packages, the one that does most for an aim first."""
    sense = sense_of(aim)
    return sorted(found.options, key=lambda one: -sense * float(one.change[aim][0]))


def _idle_row(
    option: Option, name: str, found: Options, lang: str
) -> tuple[list[str], list[str | float | None]]:
    """Return the row of a package in a world in which coordination does nothing."""
    moved = option.without_moved or (math.nan, math.nan)
    values = [option.without_cost, *(option.without[aim] for aim in found.aims)]
    words = [
        about("row_idle", lang, title=name),
        say_money(option.without_cost, lang, signed=True),
        *(say_difference(option.without[aim], indicator(aim), lang) for aim in found.aims),
        *(numbers.percent(share, lang) for share in moved),
    ]
    data: list[str | float | None] = [option.name, "none"]
    for value in values:
        data += [known(value), None, None]
    return words, [*data, *moved]


def _heading(aim: str, lang: str) -> str:
    """Name an aim with the unit of its difference."""
    definition = indicator(aim)
    return about("column_aim", lang, aim=definition.label(lang), unit=unit_of(definition, lang))


def _aims(found: Options, lang: str) -> TextTable:
    """List the best package for each aim, and the best if coordination did nothing."""
    names = ("best", "change", "second", "order", "idle")
    builder = TableBuilder(
        "aims",
        about("aims_title", lang),
        [
            column("indicator", lang, numeric=False),
            *(Column(about(f"column_{name}", lang), name == "change") for name in names),
        ],
        ("aim", "best", "difference", "second", "sure", "best_without_effect"),
    )
    dash = numbers.EN_DASH
    for one in map(found.best, found.aims):
        option = next((other for other in found.options if other.name == one.package), None)
        told = [
            title_of(name, found, lang) if name else dash
            for name in (one.package, one.second, one.without)
        ]
        order = about("sure" if one.sure else "not_sure", lang) if one.second else dash
        builder.add(
            [
                _heading(one.aim, lang),
                told[0],
                changed(option, one.aim, lang) if option else dash,
                told[1],
                order,
                told[2],
            ],
            [
                one.aim,
                one.package or None,
                known(float(option.change[one.aim][0])) if option else None,
                one.second or None,
                int(one.sure),
                one.without or None,
            ],
        )
    return builder.table()
