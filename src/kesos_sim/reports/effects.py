"""Levers moved one by one: what moves, in words, tables and files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.context import in_language
from kesos_sim.reports.export import export_beside
from kesos_sim.reports.tables import TextTable, record_table
from kesos_sim.reports.values import difference_unit, range_cell, say, say_difference
from kesos_sim.scenario.levers import LEVERS

if TYPE_CHECKING:
    from kesos_sim.experiments.effects import Effects

__all__ = [
    "STILL",
    "effects_table",
    "export_effects",
    "intro",
    "rows_of",
    "sentences",
    "summary",
    "title",
    "verdict_words",
]

STILL: Final = frozenset({"slight", "nothing", "undefined"})
"""Verdicts with which there is no difference worth a figure."""
_MOVED: Final = frozenset({"expected", "opposite"})
_FIELDS: Final = ("indicator", "before", "difference", "low", "high", "without", "verdict", "unit")


def rows_of(found: Effects, lever: str) -> list[dict[str, Any]]:
    """Return the rows of a lever.

    Parameters
    ----------
    found : Effects
        What each lever moves.
    lever : str
        Its name.

    Returns
    -------
    list of dict
        See `Effects`; one for each indicator that the lever is expected to move.
    """
    return [dict(row) for row in found.rows if row["lever"] == lever]


def verdict_words(row: Mapping[str, Any], lang: str) -> str:
    """Say whether an indicator moves as expected, and which way.

    Parameters
    ----------
    row : mapping
        A row of `Effects`.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    verdict = row["verdict"]
    if verdict in _MOVED:
        verdict += "_up" if row["difference"] > 0.0 else "_down"
    return i18n.text(f"effects.{verdict}", lang)


def title(found: Effects, lever: str, lang: str) -> str:
    """Say how many of the indicators that a lever is expected to move do so.

    Parameters
    ----------
    found : Effects
        What each lever moves.
    lever : str
        Its name.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    verdicts = [row["verdict"] for row in rows_of(found, lever)]
    return i18n.text(
        "effects.chart_title",
        lang,
        label=LEVERS[lever].label(lang),
        moved=numbers.number(verdicts.count("expected"), lang),
        total=numbers.number(len(verdicts), lang),
    )


def intro(found: Effects, lang: str) -> str:
    """Say what is compared, and what the figures are."""
    scenario = found.comparison.baseline.scenario
    words = in_language(scenario.title, lang)
    return i18n.text("effects.intro", lang, scenario=words, seeds=found.seeds)


def summary(found: Effects, lang: str) -> str:
    """Count the verdicts of all levers in one sentence."""
    from kesos_sim.experiments.effects import VERDICTS

    counts = Counter(str(row["verdict"]) for row in found.rows)
    numbered = {verdict: numbers.number(counts[verdict], lang) for verdict in VERDICTS}
    return i18n.text("effects.summary", lang, all=numbers.number(len(found.rows), lang), **numbered)


def sentences(found: Effects, lang: str) -> tuple[str, ...]:
    """Say what is compared, how much of it moves by lever, and in all.

    Parameters
    ----------
    found : Effects
        What each lever moves.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
    """
    by_lever = (title(found, lever, lang) + "." for lever in found.levers)
    return intro(found, lang), *by_lever, summary(found, lang)


def effects_table(found: Effects, lever: str, lang: str) -> TextTable:
    """List what a lever moves, and what it does not move.

    Parameters
    ----------
    found : Effects
        What each lever moves.
    lever : str
        Its name.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        A row for each indicator that it is expected to move; what it moves where coordination has
        no effect stands beside it, if the lever acts through that.
    """
    rows = rows_of(found, lever)
    through = any(row["without"] is not None for row in rows)
    numeric = ("before", "difference", "interval", *(("without",) if through else ()))
    heads = {"indicator": False, "unit": False, **dict.fromkeys(numeric, True), "verdict": False}
    return record_table(
        f"effects_{lever}",
        title(found, lever, lang),
        "effects.column_",
        heads,
        _FIELDS,
        [(_cells(row, lang, through=through), row) for row in rows],
        lang,
    )


def _cells(row: Mapping[str, Any], lang: str, *, through: bool) -> list[str]:
    """Write what a lever does to an indicator."""
    definition = indicator(row["indicator"])

    def signed(name: str) -> str:
        return numbers.EN_DASH if row[name] is None else say_difference(row[name], definition, lang)

    return [
        definition.label(lang),
        difference_unit(definition, lang),
        numbers.EN_DASH if row["before"] is None else say(row["before"], definition, lang),
        signed("difference"),
        range_cell(signed("low"), signed("high"), lang),
        *([signed("without")] if through else []),
        verdict_words(row, lang),
    ]


def export_effects(found: Effects, path: str | os.PathLike[str], lang: str) -> Path:
    """Write what levers move as the folder of the run that they are set against.

    Parameters
    ----------
    found : Effects
        What each lever moves.
    path : path
        Folder to write.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    pathlib.Path
        The folder, with ``effects.parquet`` (all rows) and a chart for each lever beside the
        files of the ground.
    """
    return export_beside(
        found.comparison,
        path,
        lang,
        found.seconds,
        told=sentences(found, lang),
        frames={"effects": found.frame()},
        further=[found.chart(lever, lang) for lever in found.levers],
    )
