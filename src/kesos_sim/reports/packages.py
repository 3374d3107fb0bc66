"""Packages of a search in words and as a table."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.export import export_beside
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, known
from kesos_sim.reports.values import difference_unit, say_difference, say_money
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.words import lever_value

if TYPE_CHECKING:
    from kesos_sim.experiments.search import Package, Search

__all__ = ["aim_name", "aim_unit", "export_search", "packages_table", "said_value", "sentences"]

_COST, _FAIRNESS = "cost", "fairness"
_RATE: Final = "poverty_rate"
_PERCENT: Final = 100.0


def sentences(found: Search, lang: str) -> tuple[str, ...]:
    """Say what a search has found.

    Parameters
    ----------
    found : Search
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        How many packages, within which budget, the best and the most robust one.
    """
    lives = numbers.number(found.lives, lang, 0)
    limited = math.isfinite(found.budget)
    budget = say_money(found.budget, lang) if limited else ""
    if not found.packages:
        return (i18n.text("packages.none", lang, lives=lives, budget=budget),)
    told = [i18n.text("packages.found", lang, lives=lives, count=len(found.packages))]
    if limited:
        key = "closed" if found.own_budgets else "open"
        borders = i18n.text(f"packages.borders_{key}", lang)
        told.append(i18n.text("packages.budget", lang, budget=budget, borders=borders))
    numbered = list(enumerate(found.packages, start=1))
    if _RATE in found.aims and _COST in found.aims:
        number, best = min(numbered, key=lambda one: one[1].reached[_RATE])
        told.append(
            i18n.text(
                "packages.best" if best.reached[_RATE] < 0.0 else "packages.best_none",
                lang,
                number=number,
                change=_spread(best, _RATE, lang),
                cost=say_money(best.reached[_COST], lang),
                levers=_levers(best, lang),
            )
        )
        if best.without_effect is not None:
            change = numbers.points(best.without_effect[_RATE], lang, 2, signed=True)
            told.append(i18n.text("packages.without", lang, change=change))
    if found.worlds:
        told.append(_robust(numbered, found.worlds, lang))
        if _RATE in found.aims:
            told.append(i18n.text("packages.regret", lang, **_regret(numbered, lang)))
    told.append(i18n.text("packages.doubt", lang))
    return tuple(told)


def export_search(found: Search, path: str | os.PathLike[str], lang: str) -> Path:
    """Write the packages as the folder of the run that they are set against.

    Parameters
    ----------
    found : Search
        What was found.
    path : path
        Folder to write.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    pathlib.Path
        The folder, with ``packages.parquet`` and a chart of every aim against cost beside the
        files of the baseline.
    """
    return export_beside(
        found.comparison,
        path,
        lang,
        found.seconds,
        told=sentences(found, lang),
        tables=[packages_table(found, lang)] if found.packages else [],
        frames={"packages": found.frame()} if found.packages else {},
        further=found.charts(lang),
    )


def packages_table(found: Search, lang: str) -> TextTable:
    """List the packages with what they reach and how well they hold up.

    Parameters
    ----------
    found : Search
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        One row for each package, the cheapest first; what it reaches if coordination did nothing
        stands beside it where a lever rests on that.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> from kesos_sim.experiments.search import search
    >>> world = {"region": "3316", "households": 2000, "months": 2}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> small = {"size": 4, "generations": 1, "worlds": 1}
    >>> found = search(today, ["pkh_amount"], ("poverty_rate", "cost"), executor=Serial(), **small)
    >>> [column.label for column in packages_table(found, "en").columns][:3]
    ['Package', 'Levers', 'Poverty rate (P0), percentage points']
    """
    # What it costs is the same; what it reaches is not.
    beside = [
        aim
        for aim in found.aims
        if aim != _COST and any(package.without_effect for package in found.packages)
    ]
    # Without other worlds nothing is known of regret.
    robust = [aim for aim in found.aims if aim == _RATE and found.worlds]
    columns = [
        Column(i18n.text("packages.column_package", lang)),
        Column(i18n.text("packages.column_levers", lang), numeric=False),
        *(Column(_headed(aim, lang)) for aim in found.aims),
        *(
            Column(i18n.text("packages.column_without", lang, aim=_headed(aim, lang)))
            for aim in beside
        ),
        *(
            Column(i18n.text("packages.column_regret", lang, aim=_headed(aim, lang)))
            for aim in robust
        ),
        Column(i18n.text("packages.column_satisfied", lang)),
    ]
    levers = list(found.packages[0].levers) if found.packages else []
    ends = [f"{end}_{aim}" for end in ("low", "high", "regret") for aim in found.aims]
    idle = [f"without_effect_{aim}" for aim in beside]
    fields = ("package", *levers, *found.aims, *idle, *ends, "satisfied")
    title = i18n.text("packages.table_title", lang)
    builder = TableBuilder("packages", title, columns, fields)
    for number, package in enumerate(found.packages, start=1):
        shown = [_banded(package, aim, lang) for aim in found.aims]
        nothing = package.without_effect or package.reached
        shown += [said_value(aim, nothing[aim], lang) for aim in beside]
        shown += [said_value(aim, package.regret[aim], lang).removeprefix("+") for aim in robust]
        held = (
            numbers.EN_DASH
            if math.isnan(package.satisfied)
            else numbers.percent(_PERCENT * package.satisfied, lang, 0)
        )
        values = [
            *package.levers.values(),
            *package.reached.values(),
            *(nothing[aim] for aim in beside),
            *package.low.values(),
            *package.high.values(),
            *package.regret.values(),
        ]
        builder.add(
            [str(number), _levers(package, lang), *shown, held],
            [number, *map(known, values), known(package.satisfied)],
        )
    return builder.table()


def _headed(aim: str, lang: str) -> str:
    """Name an aim with its unit; rupiah stand in every cell."""
    name = aim_name(aim, lang)
    if aim == _COST:
        return name
    return i18n.text("packages.column_aim", lang, aim=name, unit=aim_unit(aim, lang))


def _banded(package: Package, aim: str, lang: str) -> str:
    """Write what is reached of an aim, with its ends over the worlds if there are any."""
    value = said_value(aim, package.reached[aim], lang)
    if math.isnan(package.low[aim]):
        return value
    low, high = (said_value(aim, ends[aim], lang) for ends in (package.low, package.high))
    return i18n.text("packages.banded", lang, value=value, low=low, high=high)


def _spread(package: Package, aim: str, lang: str) -> str:
    """Write a change in points for a sentence, with its ends over the worlds if there are any."""
    value = numbers.points(package.reached[aim], lang, 2, signed=True)
    if math.isnan(package.low[aim]):
        return value
    low, high = (
        numbers.number(ends[aim], lang, 2, signed=True) for ends in (package.low, package.high)
    )
    return i18n.text("packages.spread", lang, value=value, low=low, high=high)


def _robust(numbered: Sequence[tuple[int, Package]], worlds: int, lang: str) -> str:
    """Say which package is better than none in most worlds, and how many others are as good."""
    most = max(package.satisfied for _, package in numbered)
    alike = [number for number, package in numbered if package.satisfied == most]
    if most == 0.0:
        key = "packages.robust_none"
    else:
        key = "packages.robust" if len(alike) == 1 else "packages.robust_alike"
    return i18n.text(
        key,
        lang,
        number=alike[0],
        count=numbers.number(len(alike), lang),
        packages=numbers.number(len(numbered), lang),
        satisfied=numbers.percent(_PERCENT * most, lang, 0),
        worlds=numbers.number(worlds, lang),
    )


def _regret(numbered: Sequence[tuple[int, Package]], lang: str) -> dict[str, str]:
    """Find the package that loses least of the poverty rate against the best of each world."""
    number, least = min(numbered, key=lambda one: one[1].regret[_RATE])
    return {
        "number": numbers.number(number, lang),
        "regret": numbers.points(least.regret[_RATE], lang, 2),
    }


def _levers(package: Package, lang: str) -> str:
    """Name the settings of a package."""
    return "; ".join(
        i18n.text(
            "packages.setting",
            lang,
            lever=LEVERS[name].label(lang),
            value=lever_value(name, value, lang),
        )
        for name, value in package.levers.items()
    )


def aim_name(aim: str, lang: str) -> str:
    """Name an aim.

    Parameters
    ----------
    aim : str
        One of `kesos_sim.experiments.aims.AIMS`.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        A noun phrase.
    """
    if aim in {_COST, _FAIRNESS}:
        return i18n.text(f"packages.aim_{aim}", lang)
    return indicator(aim).label(lang)


def aim_unit(aim: str, lang: str) -> str:
    """Return the unit of what is reached of an aim other than cost.

    Parameters
    ----------
    aim : str
        One of `kesos_sim.experiments.aims.AIMS`.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    return difference_unit(indicator(_RATE if aim == _FAIRNESS else aim), lang)


def said_value(aim: str, value: float, lang: str) -> str:
    """Write what is reached of an aim.

    Parameters
    ----------
    aim : str
        One of `kesos_sim.experiments.aims.AIMS`.
    value : float
        What is reached, in the unit of the aim.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Money, a number, or a difference with its unit.
    """
    if aim == _COST:
        return say_money(value, lang)
    if aim == _FAIRNESS:
        return numbers.number(value, lang, 2)
    return say_difference(value, indicator(aim), lang)
