"""Attributions in words and tables."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.context import in_language, inside_sentence
from kesos_sim.reports.export import export_beside
from kesos_sim.reports.tables import TextTable, record_table
from kesos_sim.reports.values import say_change, say_difference, say_without_effect
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.experiments.attribution import Attribution, Part

__all__ = ["export_attribution", "part_name", "sentences", "title", "total_words", "why_table"]

_HEADLINE: Final = "poverty_rate"
_POINT: Final = "point_"
_LARGEST: Final = 3
_TOTAL: Final = "total"


def part_name(part: Part, lang: str) -> str:
    """Return the name of a part.

    Parameters
    ----------
    part : Part
        A lever, a point of the agreement, or a part of consumption.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    if part.name.startswith(_POINT):
        levers = ", ".join(LEVERS[name].label(lang) for name in part.levers)
        number = part.name.removeprefix(_POINT)
        return i18n.text("why.point", lang, number=number, levers=levers)
    if part.levers:
        return ", ".join(LEVERS[name].label(lang) for name in part.levers)
    return i18n.text(f"why.part_{part.name}", lang)


def title(attribution: Attribution, name: str, lang: str) -> str:
    """Return what an attribution of an indicator is about.

    Parameters
    ----------
    attribution : Attribution
        The attribution.
    name : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        A title.
    """
    runs = (attribution.comparison.baseline, *attribution.comparison.alternatives)
    context = attribution.comparison.context() if len(runs) > 1 else runs[0].context()
    key, label = _title_key(attribution, name, lang), indicator(name).label(lang)
    return i18n.text(
        f"why.title_{key}",
        lang,
        indicator=label if key.endswith(("still_path", "hardly_path")) else inside_sentence(label),
        total=total_words(attribution, name, lang),
        package=in_language(runs[-1].scenario.title, lang),
        region=context.place(context.region, lang),
        start=numbers.month_name(Month.parse(runs[0].months[0]), lang),
        month=numbers.month_name(Month.parse(runs[0].months[-1]), lang),
    )


def _title_key(attribution: Attribution, name: str, lang: str) -> str:
    """Return which title tells of a change; those at zero ask for no reason."""
    *rows, whole = _rows(attribution, name)
    path = "_path" if attribution.period == "path" else ""
    if not any(row["added"] for row in (*rows, whole)):
        return f"still{path}"
    definition = indicator(name)
    if say_change(whole["added"], definition, lang) == say_change(0.0, definition, lang):
        return f"hardly{path}"
    return attribution.period


def total_words(attribution: Attribution, name: str, lang: str) -> str:
    """Return the whole change of an indicator in words.

    Parameters
    ----------
    attribution : Attribution
        The attribution.
    name : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    return say_change(_rows(attribution, name)[-1]["added"], indicator(name), lang)


def sentences(attribution: Attribution, lang: str, name: str = _HEADLINE) -> tuple[str, ...]:
    """Say what adds how much to the change of an indicator.

    Parameters
    ----------
    attribution : Attribution
        The attribution.
    lang : str
        ``id`` or ``en``.
    name : str
        The indicator.

    Returns
    -------
    tuple of str
        Sentences: the largest parts, those against it, how it was computed, and what it is
        without any effect of coordination.
    """
    definition = indicator(name)
    *rows, whole = _rows(attribution, name)
    parts = dict(zip((part.name for part in attribution.parts), attribution.parts, strict=True))
    label = definition.label(lang)
    sign = math.copysign(1.0, whole["added"])
    ranked = sorted(rows, key=lambda row: -sign * row["added"])
    with_it = [row for row in ranked if sign * row["added"] > 0.0][:_LARGEST]
    against = [row for row in reversed(ranked) if sign * row["added"] < 0.0][:_LARGEST]

    def listed(some: list[dict[str, Any]]) -> str:
        return "; ".join(
            i18n.text(
                "why.item",
                lang,
                part=part_name(parts[row["part"]], lang),
                value=say_change(row["added"], definition, lang),
            )
            for row in some
        )

    if not any(row["added"] for row in (*rows, whole)):
        told = [i18n.text("why.no_change", lang, indicator=label)]
    else:
        total = say_change(whole["added"], definition, lang)
        told = [i18n.text("why.led", lang, indicator=label, total=total, parts=listed(with_it))]
        if against:
            told.append(i18n.text("why.against", lang, parts=listed(against)))
    how = "exact" if attribution.period == "year" else "households"
    worst = max(row["error"] for row in rows)
    if attribution.orders:
        error = numbers.number(worst, lang, definition.decimals + 1)
        told.append(i18n.text("why.error", lang, orders=attribution.orders, error=error))
    else:
        told.append(i18n.text(f"why.{how}", lang, lives=numbers.number(attribution.lives, lang, 0)))
    if attribution.without_effect is not None and name in attribution.without_effect:
        told.append(say_without_effect(attribution.without_effect[name], definition, lang))
    told += [
        i18n.text("why.guessed", lang, part=part_name(parts[row["part"]], lang))
        for row in rows
        if row["part"] == "coordination" and row["added"]
    ]
    return tuple(told)


def why_table(attribution: Attribution, name: str, lang: str) -> TextTable:
    """List what each part adds to an indicator.

    Parameters
    ----------
    attribution : Attribution
        The attribution.
    name : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        The parts, then their sum, in the whole region.
    """
    definition = indicator(name)
    rows = _rows(attribution, name)
    banded = not math.isnan(rows[0]["low"])

    def cells(words: str, row: Mapping[str, Any]) -> list[str]:
        told = [words, say_difference(row["added"], definition, lang)]
        if banded:
            low, high = (say_difference(row[end], definition, lang) for end in ("low", "high"))
            told.append(f"{low} {i18n.text('numbers.to', lang)} {high}")
        return told

    heads = {"part": False, "value": True} | ({"band": True} if banded else {})
    names = [part_name(part, lang) for part in attribution.parts]
    named = zip([*names, i18n.text("why.total", lang)], rows, strict=True)
    return record_table(
        f"why_{name}",
        title(attribution, name, lang),
        "why.column_",
        heads,
        ("part", "added", "low", "high", "error"),
        [(cells(words, row), row) for words, row in named],
        lang,
    )


def export_attribution(
    attribution: Attribution, names: Sequence[str], path: str | os.PathLike[str], lang: str
) -> Path:
    """Write an attribution as the folder of its comparison or run, with what each part adds.

    Parameters
    ----------
    attribution : Attribution
        The attribution.
    names : sequence of str
        Indicators whose waterfall is drawn.
    path : path
        Folder to write.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    pathlib.Path
        The folder, with ``attribution.parquet`` (all indicators) beside the other files.
    """
    from kesos_sim.reports.charts.waterfall import waterfall

    return export_beside(
        attribution.comparison,
        path,
        lang,
        attribution.seconds,
        told=[words for name in names for words in sentences(attribution, lang, name)],
        frames={"attribution": attribution.frame()},
        further=[waterfall(attribution, name, lang) for name in names],
    )


def _rows(attribution: Attribution, name: str) -> list[dict[str, Any]]:
    """Return the rows of an indicator in the whole region, the parts and then their sum."""
    frame = attribution.frame()
    mine = frame[(frame.indicator == name) & (frame.region == attribution.regions[0])]
    columns = [str(column) for column in mine.columns]
    rows = [dict(zip(columns, row, strict=True)) for row in mine.itertuples(index=False, name=None)]
    return [row for row in rows if row["part"] != _TOTAL] + [
        row for row in rows if row["part"] == _TOTAL
    ]
