"""How sure an ensemble is: sentences, a table for each scenario, and its files."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import Indicator, indicator
from kesos_sim.reports.context import in_language
from kesos_sim.reports.export import export_beside
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, known
from kesos_sim.reports.values import range_cell, say, say_difference
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.experiments.ensemble import Ensemble
    from kesos_sim.experiments.run import Run

__all__ = ["export_ensemble", "precision", "precision_tables"]

_HEADLINE: Final = "poverty_rate"
_SHOWN: Final = (
    _HEADLINE,
    "poverty_gap",
    "gini",
    "exclusion_error",
    "cases_served",
    "unmet_need_rate",
    "duplicate_service_rate",
    "days_to_service",
    "wksbm_coverage",
    "budget_released",
)
_FIELDS: Final = (
    "scenario",
    "indicator",
    "mean",
    "low",
    "high",
    "difference",
    "low_difference",
    "high_difference",
    "error",
    "needed",
    "replicates",
)


def precision(ensemble: Ensemble, lang: str) -> tuple[str, ...]:
    """Say how many worlds there were, how far apart they lie, and what can be told.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        Sentences.

    Examples
    --------
    >>> from kesos_sim import ensemble, load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> told = precision(ensemble([today, bare], 2, executor=Serial()), "en")
    >>> print(told[0].split(",")[0])
    Run in 2 worlds with other parameters and random seeds
    """
    told = [_worlds(ensemble, lang)]
    rules = sorted({name for pair in ensemble.pairs for name in pair.options})
    if rules:
        words = "; ".join(i18n.text(f"ensemble.rule_{name}", lang) for name in rules)
        told.append(i18n.text("ensemble.rules", lang, rules=words))
    if ensemble.lost:
        first = ensemble.lost[0]
        told.append(
            i18n.text(
                "ensemble.lost",
                lang,
                count=len(ensemble.lost),
                number=first.number,
                cause=first.cause,
            )
        )
    first_run, *others = ensemble.runs
    rows = _last(ensemble)
    if ensemble.pairs:
        told.append(_level(rows[first_run.scenario.name, _HEADLINE], lang))
        told += [_change(one, rows[one.scenario.name, _HEADLINE], lang) for one in others]
    return tuple(told)


def precision_tables(ensemble: Ensemble, lang: str) -> list[TextTable]:
    """List the main indicators of each scenario at the end with what is known of them.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of TextTable
        One for each scenario; none where no world was lived.

    Examples
    --------
    >>> from kesos_sim import ensemble, load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> many = ensemble([today, bare], 2, executor=Serial())
    >>> print(precision_tables(many, "en")[1].title)
    How sure: Without social assistance, April 2024, Kabupaten Blora
    """
    rows = _last(ensemble)
    return [_table(ensemble, found, rows, lang) for found in ensemble.runs] if rows else []


def export_ensemble(ensemble: Ensemble, path: str | os.PathLike[str], lang: str) -> Path:
    """Write an ensemble as the folder of its comparison or run, with what all worlds say.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    path : path
        Folder to write.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    pathlib.Path
        The folder, with ``worlds.parquet`` (the ensemble's frame) beside the other files, and
        where there is an alternative with the chart that says how many worlds it would take to
        tell the direction of its difference.
    """
    from kesos_sim.reports.charts.pairing import pairing_chart
    from kesos_sim.reports.pairing import pairing

    several = len(ensemble.runs) > 1 and bool(ensemble.pairs)
    steps = list(pairing(ensemble, _HEADLINE).intervals()) if several else []
    return export_beside(
        ensemble.comparison,
        path,
        lang,
        ensemble.seconds,
        told=precision(ensemble, lang),
        tables=precision_tables(ensemble, lang),
        frames={"worlds": ensemble.frame()},
        further=[pairing_chart(ensemble, _HEADLINE, lang)] if steps else [],
    )


def _worlds(ensemble: Ensemble, lang: str) -> str:
    """Say how many worlds there were and what differs in them."""
    ours = ensemble.runs[0].scenario.parameters
    drawn = any(pair.parameters.keys() - ours.keys() for pair in ensemble.pairs)
    return i18n.text(
        "ensemble.worlds",
        lang,
        count=numbers.number(len(ensemble.pairs), lang, 0),
        what=i18n.text(f"ensemble.varies_{'parameters' if drawn else 'seeds'}", lang),
        seconds=numbers.number(ensemble.seconds, lang, 0),
    )


_Row = Mapping[str, Any]


def _last(ensemble: Ensemble) -> dict[tuple[str, str], _Row]:
    """Return the rows of the whole region in the last month, by scenario and indicator."""
    if not ensemble.pairs:
        return {}
    frame, run = ensemble.frame(), ensemble.runs[0]
    last = frame[(frame.month == run.months[-1]) & (frame.region == run.regions[0])]
    columns = [str(name) for name in last.columns]
    rows = [dict(zip(columns, row, strict=True)) for row in last.itertuples(index=False, name=None)]
    return {(row["scenario"], row["indicator"]): row for row in rows if row["indicator"] in _SHOWN}


def _level(row: _Row, lang: str) -> str:
    """Say where an indicator of the baseline is."""
    definition = indicator(row["indicator"])
    mean, low, high = (say(row[name], definition, lang) for name in ("mean", "low", "high"))
    return i18n.text(
        "ensemble.level" if row["replicates"] > 1 else "ensemble.level_alone",
        lang,
        indicator=_capital(definition.label(lang)),
        month=numbers.month_name(Month.parse(row["month"]), lang),
        mean=mean,
        low=low,
        high=high,
    )


def _change(found: Run, row: _Row, lang: str) -> str:
    """Say what an alternative changes, and whether that is certain."""
    definition = indicator(row["indicator"])
    if row["difference"] == row["low_difference"] == row["high_difference"] == 0.0:
        key = "none"
    elif math.isnan(row["error"]):
        key = "alone"
    else:
        key = "sure" if row["needed"] <= row["replicates"] else "unsure"
    return i18n.text(
        f"ensemble.change_{key}",
        lang,
        scenario=in_language(found.scenario.title, lang),
        indicator=definition.label(lang),
        month=numbers.month_name(Month.parse(row["month"]), lang),
        difference=_points(row["difference"], definition, lang),
        low=_points(row["low_difference"], definition, lang),
        high=_points(row["high_difference"], definition, lang),
        error=numbers.number(row["error"], lang, definition.decimals + 1),
        needed=_count(row["needed"], lang),
    )


def _points(value: float, definition: Indicator, lang: str) -> str:
    """Write a difference with its unit."""
    if definition.unit == "percent" and not math.isnan(value):
        return numbers.points(value, lang, definition.decimals)
    return say_difference(value, definition, lang)


def _count(worlds: float, lang: str) -> str:
    """Write a number of worlds."""
    return numbers.EN_DASH if math.isnan(worlds) else numbers.short(worlds, lang, 2)


def _capital(words: str) -> str:
    """Begin a sentence."""
    return words[:1].upper() + words[1:]


def _table(
    ensemble: Ensemble, found: Run, rows: Mapping[tuple[str, str], _Row], lang: str
) -> TextTable:
    """List the main indicators of one scenario."""
    several = found is not ensemble.runs[0]
    heads = ["mean", "band", *(["difference", "difference_band", "needed"] if several else [])]
    columns = [
        Column(i18n.text("ensemble.column_indicator", lang), numeric=False),
        *(Column(i18n.text(f"ensemble.column_{name}", lang)) for name in heads),
    ]
    context = found.context()
    title = i18n.text(
        "ensemble.table_title",
        lang,
        scenario=in_language(found.scenario.title, lang),
        month=numbers.month_name(Month.parse(found.months[-1]), lang),
        region=context.place(context.region, lang),
    )
    builder = TableBuilder(f"precision_{found.scenario.name}", title, columns, _FIELDS)
    for name in _SHOWN:
        row = rows.get((found.scenario.name, name))
        if row is None:
            continue
        known_as = indicator(name)
        cells = [
            known_as.label(lang),
            say(row["mean"], known_as, lang),
            range_cell(say(row["low"], known_as, lang), say(row["high"], known_as, lang), lang),
        ]
        if several:
            low, high = (
                say_difference(row[f"{end}_difference"], known_as, lang) for end in ("low", "high")
            )
            cells += [
                say_difference(row["difference"], known_as, lang),
                range_cell(low, high, lang),
                _count(row["needed"], lang),
            ]
        values = [
            row[field] if isinstance(row[field], str) else known(float(row[field]))
            for field in _FIELDS
        ]
        builder.add(cells, values)
    return builder.table()
