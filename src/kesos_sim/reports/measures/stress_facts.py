"""The numbers that futures of a stress test are made of, in words and as a table."""

from __future__ import annotations

import math
from typing import Final

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.experiments.futures import Fact
from kesos_sim.experiments.stress import Stress
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.reports.measures.parts import column, say
from kesos_sim.reports.tables import TableBuilder, TextTable, known

__all__ = ["facts_words", "future_name", "grounds"]

_POINTS: Final = frozenset({"excess_inflation", "more_unemployed"})
"""Observed numbers that are differences of percentages."""


def future_name(name: str, lang: str) -> str:
    """Name a future."""
    return say(f"future.{name}", lang)


def facts_words(found: Stress, future: str, lang: str) -> str:
    """Say what a future is made of."""
    facts = found.facts[future]
    if not facts:
        return say("stress.by_definition", lang)
    return "; ".join(
        say(
            "stress.fact",
            lang,
            name=say(f"fact.{fact.key}", lang),
            value=_value(fact, fact.value, lang) + _share_lost(fact, lang),
            source=_source(fact, lang),
            quality=word("quality", fact.grade, lang),
        )
        for fact in facts
    )


def _value(fact: Fact, value: float, lang: str) -> str:
    """Write a number behind a future."""
    if fact.year:
        return (numbers.points if fact.key in _POINTS else numbers.percent)(value, lang)
    unit = parameter_table()[fact.source].unit
    if unit.startswith("share"):
        return numbers.percent(100.0 * value, lang)
    decimals = 0 if float(value).is_integer() else 2
    return f"{numbers.number(value, lang, decimals)} {word('unit', unit, lang)}"


def _share_lost(fact: Fact, lang: str) -> str:
    """Say log points as the share that is lost, which readers know."""
    if fact.year or not parameter_table()[fact.source].unit.startswith("log points"):
        return ""
    lost = 100.0 * (1.0 - math.exp(-fact.value))
    return say("stress.share_lost", lang, share=numbers.percent(lost, lang, 0))


def _fact_unit(fact: Fact, lang: str) -> str:
    """Return the unit in which the data have a number behind a future."""
    if not fact.year:
        return word("unit", parameter_table()[fact.source].unit, lang)
    return say("unit_points", lang) if fact.key in _POINTS else word("unit", "percent", lang)


def _possible(fact: Fact, lang: str) -> str:
    """Write the range of a number behind a future, its unit once; a dash where there is none."""
    if not math.isfinite(fact.low):
        return numbers.EN_DASH
    low, high = (_value(fact, end, lang) for end in (fact.low, fact.high))
    unit = f" {_fact_unit(fact, lang)}"
    return say("range_words", lang, low=low.removesuffix(unit), high=high)


def _grade(mark: str, lang: str) -> str:
    """Write the quality of a published figure, or the grade of a parameter with its meaning."""
    key = f"reports.grade_{mark.lower()}"
    return i18n.text(key, lang) if i18n.has(key) else word("quality", mark, lang)


def _source(fact: Fact, lang: str) -> str:
    """Say where a number comes from."""
    if fact.year:
        return say(f"source.{fact.source}", lang, year=str(fact.year))
    return say("source.declared", lang)


def grounds(found: Stress, lang: str) -> TextTable:
    """List the numbers behind the futures with source, year and quality."""
    builder = TableBuilder(
        "futures",
        say("stress.grounds_title", lang),
        [
            column("future", lang, numeric=False),
            column("number", lang, numeric=False),
            column("value", lang),
            column("range", lang),
            column("source", lang, numeric=False),
            column("quality", lang, numeric=False),
        ],
        ("future", "number", "value", "low", "high", "source", "quality", "unit"),
    )
    for future, facts in found.facts.items():
        for fact in facts:
            builder.add(
                [
                    future_name(future, lang),
                    say(f"fact.{fact.key}", lang),
                    _value(fact, fact.value, lang),
                    _possible(fact, lang),
                    _source(fact, lang),
                    _grade(fact.grade, lang),
                ],
                [
                    future,
                    fact.key,
                    fact.value,
                    known(fact.low),
                    known(fact.high),
                    fact.source,
                    fact.grade,
                    _fact_unit(fact, lang),
                ],
            )
    return builder.table()
