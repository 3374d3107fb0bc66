"""Boxes of worlds as sentences."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.context import in_language, inside_sentence
from kesos_sim.reports.export import export_beside
from kesos_sim.reports.influence import factor_name, factor_value
from kesos_sim.reports.tables import Column, TableBuilder, TextTable
from kesos_sim.reports.values import difference_unit, say_difference, say_without_effect

if TYPE_CHECKING:
    from kesos_sim.experiments.discovery import Discovery, Limit

__all__ = ["asked_words", "export_discovery", "package_title", "sentences", "worlds_table"]

_PERCENT: Final = 100.0


def sentences(found: Discovery, lang: str) -> tuple[str, ...]:
    """Say in which worlds a package falls short.

    Parameters
    ----------
    found : Discovery
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        What was asked, in how many worlds it is not reached, what these have in common, and what
        the package does without any effect of coordination.
    """
    definition = indicator(found.indicator)
    label = definition.label(lang)
    told = [
        i18n.text(
            f"discovery.asked_{definition.direction}",
            lang,
            package=package_title(found, lang),
            indicator=inside_sentence(label),
            asked=asked_words(found, lang),
        )
    ]
    total, short = found.short.size, int(found.short.sum())
    if found.asked == 0.0 and not found.reached.any():
        return (*told, i18n.text("discovery.nothing", lang, total=total))
    key = "always" if short == total else "count" if short else "never"
    told.append(i18n.text(f"discovery.{key}", lang, short=short, total=total))
    if 0 < short < total:
        if found.box is None:
            told.append(i18n.text("discovery.no_box", lang))
        else:
            limits = f" {i18n.text('discovery.and', lang)} ".join(
                _limit(limit, lang) for limit in found.box.limits
            )
            told.append(
                i18n.text(
                    "discovery.box",
                    lang,
                    limits=limits,
                    density=numbers.percent(_PERCENT * found.box.density, lang, 0),
                    coverage=numbers.percent(_PERCENT * found.box.coverage, lang, 0),
                )
            )
            told.append(i18n.text("discovery.doubt", lang))
    nothing = found.ensemble.without_effect
    if nothing is not None and found.scenario in nothing.alternatives:
        change = nothing.change(found.scenario, found.indicator)
        told.append(say_without_effect(change, definition, lang))
    return tuple(told)


def package_title(found: Discovery, lang: str) -> str:
    """Return the title of the package that was asked."""
    runs = found.ensemble.runs
    package = next(run.scenario for run in runs if run.scenario.name == found.scenario)
    return in_language(package.title, lang)


def asked_words(found: Discovery, lang: str) -> str:
    """Write what the difference has to reach, with its unit."""
    definition = indicator(found.indicator)
    if definition.unit == "percent":
        return numbers.points(found.asked, lang, definition.decimals)
    return say_difference(found.asked, definition, lang).removeprefix("+")


def export_discovery(found: Discovery, path: str | os.PathLike[str], lang: str) -> Path:
    """Write the worlds as the folder of the comparison that they rest on.

    Parameters
    ----------
    found : Discovery
        Where the package falls short.
    path : path
        Folder to write.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    pathlib.Path
        The folder, with ``worlds.parquet`` (`Discovery.frame`) and a chart of the worlds beside
        the files of the comparison.
    """
    return export_beside(
        found.ensemble.comparison,
        path,
        lang,
        found.ensemble.seconds,
        told=sentences(found, lang),
        frames={"worlds": found.frame()},
        further=[found.chart(lang)],
    )


def worlds_table(found: Discovery, lang: str) -> TextTable:
    """List the worlds with what the package reaches there, the worst first.

    Parameters
    ----------
    found : Discovery
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        With the parameters and rules that tell worlds apart, if any do.

    Examples
    --------
    >>> from kesos_sim import ensemble, load_scenario
    >>> from kesos_sim.experiments.design import Design
    >>> from kesos_sim.experiments.discovery import discover
    >>> from kesos_sim.experiments.executors import Serial
    >>> from kesos_sim.experiments.store import Store
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> design = Design(("household.propensity_to_consume",))
    >>> many = ensemble([bare, today], 20, design, Serial(), Store.default())
    >>> table = worlds_table(discover(many, "baseline", "poverty_rate", 0.4), "en")
    >>> len(table.rows), [column.label for column in table.columns]
    (20, ['World', 'Difference', 'Falls short', 'share of help that is consumed'])
    """
    definition = indicator(found.indicator)
    frame = found.frame()
    named = [limit.name for limit in found.box.limits] if found.box else []
    columns = [
        Column(i18n.text("discovery.column_world", lang)),
        Column(i18n.text("discovery.column_reached", lang)),
        Column(i18n.text("discovery.column_short", lang), numeric=False),
        *(Column(_name(name, lang), numeric=name in parameter_table()) for name in named),
    ]
    unit = difference_unit(definition, lang)
    title = i18n.text("discovery.table_title", lang, indicator=definition.label(lang), unit=unit)
    fields = ("world", "reached", "short", *named)
    builder = TableBuilder("worlds", title, columns, fields)
    worse = definition.direction == "higher"
    ranked = frame.assign(world=range(1, len(frame) + 1)).sort_values("reached", ascending=worse)
    for row in ranked.to_dict("records"):
        short = "yes" if row["short"] else "no"
        shown = [
            factor_value(name, row[name], lang)
            if name in parameter_table()
            else i18n.text(f"discovery.option_{row[name]}", lang)
            for name in named
        ]
        builder.add(
            [
                str(row["world"]),
                say_difference(row["reached"], definition, lang),
                i18n.text(f"discovery.{short}", lang),
                *shown,
            ],
            [row["world"], row["reached"], short, *(row[name] for name in named)],
        )
    return builder.table()


def _name(name: str, lang: str) -> str:
    """Name a parameter or a rule."""
    if name in parameter_table():
        return factor_name(name, lang)
    return i18n.text(f"ensemble.rule_{name}", lang).partition(" (")[0]


def _limit(limit: Limit, lang: str) -> str:
    """Say one side of a box."""
    if limit.options:
        options = f" {i18n.text('discovery.or', lang)} ".join(
            i18n.text(f"discovery.option_{option}", lang) for option in limit.options
        )
        return i18n.text("discovery.options", lang, name=_name(limit.name, lang), options=options)
    ends = {
        name: factor_value(limit.name, end, lang)
        for name, end in (("low", limit.low), ("high", limit.high))
        if end is not None
    }
    key = "between" if len(ends) > 1 else "above" if "low" in ends else "below"
    return i18n.text(f"discovery.{key}", lang, name=factor_name(limit.name, lang), **ends)
