"""What levers and single assumptions move in the shipped baseline, as it was measured."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.card.markdown import say, table
from kesos_sim.reports.effects import verdict_words
from kesos_sim.reports.values import difference_unit, range_cell, say_difference
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.words import lever_value

__all__ = ["effects_lines", "kept_effects"]


@cache
def kept_effects() -> Mapping[str, Any]:
    """Return what the last measurement found.

    Returns
    -------
    mapping of str to object
        See `kesos_sim.calibration.measured_effects.finding`.

    Examples
    --------
    >>> sorted(kept_effects())
    ['assumed', 'assumptions', 'levers', 'placebos', 'provenance']
    """
    source = files("kesos_sim.reports.card") / "effects.json"
    found: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return found


def effects_lines(lang: str) -> Iterator[str]:
    """Yield what moves, by how much, and what does not.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Yields
    ------
    str
        Lines of Markdown.
    """
    found = kept_effects()
    numbered = {
        name: numbers.number(found["provenance"][name], lang)
        for name in ("households", "months", "seeds")
    }
    yield from (say("effects.text", lang, **numbered), "")
    alone = ("lever", "indicator", "unit", "change", "interval", "without", "verdict")
    yield from table(
        [say(f"effects.{head}", lang) for head in alone],
        (_alone(row, lang) for row in found["levers"]),
    )
    behind = {name: numbers.number(value, lang) for name, value in found["assumed"].items()}
    yield from (say("effects.assumptions", lang, **behind), "")
    assumed = ("assumption", "lever", "indicator", "unit", "whole", "share", "interval", "verdict")
    yield from table(
        [say(f"effects.{head}", lang) for head in assumed],
        (_assumed(row, lang) for row in found["assumptions"]),
    )
    tried, levers = (numbers.number(found["placebos"][name], lang) for name in ("tried", "levers"))
    yield from (say("effects.placebos", lang, tried=tried, levers=levers), "")


def _alone(row: Mapping[str, Any], lang: str) -> list[str]:
    """Return the cells of a lever that is moved alone."""
    lever = row["lever"]
    before, to = (lever_value(lever, row[end], lang) for end in ("from", "to"))
    return [
        f"{LEVERS[lever].label(lang)}: {before} → {to}",
        indicator(row["indicator"]).label(lang),
        difference_unit(indicator(row["indicator"]), lang),
        _signed(row, "difference", lang),
        range_cell(_signed(row, "low", lang), _signed(row, "high", lang), lang),
        _signed(row, "without", lang),
        verdict_words(row, lang),
    ]


def _assumed(row: Mapping[str, Any], lang: str) -> list[str]:
    """Return the cells of an assumption in the effect of a lever."""
    return [
        f"`{row['assumption']}`",
        LEVERS[row["lever"]].label(lang),
        indicator(row["indicator"]).label(lang),
        difference_unit(indicator(row["indicator"]), lang),
        _signed(row, "whole", lang),
        _signed(row, "difference", lang),
        range_cell(_signed(row, "low", lang), _signed(row, "high", lang), lang),
        verdict_words(row, lang),
    ]


def _signed(row: Mapping[str, Any], name: str, lang: str) -> str:
    """Write a difference, or a dash where there is none."""
    value = row[name]
    if value is None:
        return numbers.EN_DASH
    return say_difference(value, indicator(row["indicator"]), lang)
