"""What all documents of planners share: opening, outcome, doubt, sources, how to get it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import Indicator, indicator
from kesos_sim.reports.charts import Chart
from kesos_sim.reports.frames import Estimate
from kesos_sim.reports.office.document import (
    Block,
    Bullets,
    Facts,
    Heading,
    Note,
    Paragraph,
    Picture,
    Table,
)
from kesos_sim.reports.office.naming import sheet_name
from kesos_sim.reports.outcomes import range_text
from kesos_sim.reports.plans.package import Package
from kesos_sim.reports.provenance import Provenance
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, known
from kesos_sim.reports.values import band, range_cell, say, say_difference, unit_words
from kesos_sim.scenario.coordination import rests_on_coordination
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.units import Month

__all__ = [
    "Content",
    "Said",
    "blocks_of",
    "columns",
    "doubt",
    "facts",
    "handed_in",
    "level_range",
    "lever_label",
    "named",
    "opening",
    "outcome_blocks",
    "recorded",
    "refusal",
    "say_plan",
    "target",
]

Content = str | Chart | TextTable | Block
"""What a planner hands in: a sentence, a chart, a table, or a block."""
Said = Sequence[Content]

_SHORT_TABLE: Final = 12
"""Rows of a chart's table that still stand below it in print."""
_ZERO_INDICATORS: Final = (
    "poverty_rate",
    "cases_served",
    "duplicate_service_rate",
    "unmet_need_rate",
    "disaster_waiting",
    "yearly_spending",
)
_LISTED: Final = ("evidence_d", "evidence_c")
"""Sentences that name parameters, which the annex of a document lists."""
_BARE: Final = frozenset({"amount", "count"})
"""Kinds of levers whose settings do not say what they count."""


def say_plan(key: str, lang: str, /, **fields: object) -> str:
    """Return a text of the catalogue ``plans``."""
    return i18n.text(f"plans.{key}", lang, **fields)


def columns(lang: str, **numeric: bool | str) -> list[Column]:
    """Return columns by their keys in the catalogue, and whether they hold numbers.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.
    **numeric : bool or str
        In order; names without the ``column_`` before them. A unit, in words, is of numbers.

    Returns
    -------
    list of Column
    """
    return [
        Column(say_plan(f"column_{name}", lang), bool(is_), is_ if isinstance(is_, str) else "")
        for name, is_ in numeric.items()
    ]


def facts(lang: str, **values: str) -> Facts:
    """Return facts by their keys in the catalogue; one without a value is a field to fill in.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.
    **values : str
        In order; names without the ``fact_`` before them.

    Returns
    -------
    Facts
    """
    return Facts(tuple((say_plan(f"fact_{name}", lang), said) for name, said in values.items()))


def opening(lang: str, before: str = "", /, **values: str) -> Iterator[Block]:
    """Yield how a document opens: that it is a draft, what it is about, and what is filled in.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.
    before : str
        What stands before the word of the draft.
    **values : str
        As `facts` takes them.

    Yields
    ------
    Block
    """
    yield Note(" ".join(part for part in (before, say_plan("draft", lang)) if part))
    yield facts(lang, **values)
    yield Paragraph(say_plan("fill", lang), quiet=True)


def recorded(record: Provenance, lang: str) -> dict[str, str]:
    """Return what everybody needs to get a result again, for `facts`.

    Parameters
    ----------
    record : Provenance
        Of the result.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    dict of str to str
        Version, hashes and base month.
    """
    return {
        "version": record.model_version,
        "hash": record.scenario_hash,
        "code": record.code_hash,
        "data": record.data_hash,
        "base": numbers.month_name(Month.parse(record.base_month), lang),
    }


def refusal(error: InputError, lang: str) -> str:
    """Say why there is no analysis, without names of arguments, which no planner knows.

    Parameters
    ----------
    error : InputError
        Why.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        What is missing, and what would be possible.
    """
    plain: dict[str, Any] = {**error.fields, "field": None}
    if "{got}" not in i18n.template(error.key, lang):
        plain["got"] = None
    return InputError(error.code, error.key, **plain).text(lang)


def blocks_of(contents: Iterable[Content], lang: str) -> Iterator[Block]:
    """Return what was handed in as blocks.

    Parameters
    ----------
    contents : iterable of str, Chart, TextTable or Block
        What was handed in.
    lang : str
        ``id`` or ``en``.

    Yields
    ------
    Block
        A chart comes with its table where that is short, else with the name of its sheet.
    """
    for content in contents:
        if isinstance(content, str):
            yield Paragraph(content)
        elif isinstance(content, TextTable):
            yield Table(content)
        elif isinstance(content, Chart):
            yield Picture(content)
            if len(content.table.rows) <= _SHORT_TABLE:
                yield Table(content.table)
            else:
                sheet = sheet_name(content.table.name, lang)
                yield Paragraph(i18n.text("office.table_of_chart", lang, sheet=sheet), quiet=True)
        else:
            yield content


def handed_in(contents: Iterable[Content], lang: str, what: str, supply: str) -> list[Block]:
    """Return what was handed in, or a sentence that says what could be.

    Parameters
    ----------
    contents : iterable of str, Chart, TextTable or Block
        What was handed in.
    lang : str
        ``id`` or ``en``.
    what, supply : str
        What is missing otherwise, and what could be supplied.

    Returns
    -------
    list of Block
        Never empty.
    """
    found = list(blocks_of(contents, lang))
    return found or [Note(say_plan("refused", lang, what=what, supply=supply))]


def outcome_blocks(package: Package, *, details: bool = False) -> Iterator[Block]:
    """Yield the outcome of a package in sentences, with or without its details.

    How weak the evidence is stands in numbers: the annex lists the parameters with their grades.
    """
    own = [one for one in package.said if one.scenario == package.name]
    shown = [one.text for one in own if one.leading or (details and one.key not in _LISTED)]
    grades = Counter(row.grade for row in package.context.evidence.get(package.name, ()))
    if details and (grades["C"] or grades["D"]):
        counted = {"all": grades.total(), "guesses": grades["D"], "experts": grades["C"]}
        written = {key: numbers.number(count, package.lang) for key, count in counted.items()}
        shown.append(say_plan("weak_evidence", package.lang, **written))
    yield Bullets(tuple(shown))


def doubt(package: Package) -> Iterator[Block]:
    """Yield how sure the outcome is, with the case without effect of coordination beside it."""
    lang = package.lang
    yield Heading(say_plan("doubt", lang))
    yield Bullets(tuple(one.text for one in package.said if not one.scenario))
    zero = zero_table(package)
    if zero is not None:
        yield Paragraph(say_plan("doubt_zero", lang))
        yield Table(zero)


def zero_table(package: Package) -> TextTable | None:
    """Set the outcome beside the one in a world in which coordination has no effect.

    Parameters
    ----------
    package : Package
        The package.

    Returns
    -------
    TextTable or None
        None where the package does not rest on coordination.
    """
    weak = package.context.without_effect.get(package.name)
    if not weak or not rests_on_coordination(package.scenario):
        return None
    lang = package.lang
    heads = columns(lang, indicator=False, without=True, difference=True, range=True, zero=True)
    fields = ("indicator", "baseline", "difference", "low", "high", "zero")
    builder = TableBuilder("zero_effect", say_plan("zero_table", lang), heads, fields)
    for name in _ZERO_INDICATORS:
        estimate = package.at(name)
        if estimate is None or name not in weak:
            continue
        definition = indicator(name)
        change = weak[name][0] - weak[name][1]
        builder.add(
            (
                named(definition, package),
                say(estimate.baseline, definition, lang),
                say_difference(estimate.difference, definition, lang),
                range_text(estimate, definition, lang),
                say_difference(change, definition, lang),
            ),
            (
                named(definition, package),
                known(estimate.baseline),
                known(estimate.difference),
                *(known(end) if estimate.has_band else None for end in band(estimate)),
                known(change),
            ),
        )
    table = builder.table()
    return table if table.rows else None


def named(definition: Indicator, package: Package) -> str:
    """Return an indicator with its unit, in the brackets that its name may end with."""
    label = package.context.label(definition, package.lang)
    name = f"{label[:-1]}; " if label.endswith(")") else f"{label} ("
    return f"{name}{unit_words(definition, package.lang)})"


def lever_label(name: str, lang: str) -> str:
    """Return a lever's name, with the unit where a setting is a bare number."""
    lever = LEVERS[name]
    label = lever.label(lang)
    return f"{label} ({lever.unit_words(lang)})" if lever.kind in _BARE else label


def target(definition: Indicator, estimate: Estimate, package: Package) -> str:
    """Write an indicator without and with the package, and its range.

    Parameters
    ----------
    definition : Indicator
        The indicator.
    estimate : Estimate
        Its values.
    package : Package
        The package.

    Returns
    -------
    str
        For instance ``Tingkat kemiskinan: 10,2% → 9,0% (kisaran 9,0–10,6%)``.
    """
    lang = package.lang
    return say_plan(
        "target_words",
        lang,
        name=package.context.label(definition, lang),
        before=say(estimate.baseline, definition, lang),
        after=say(estimate.value, definition, lang),
        range=_range_words(estimate, definition, lang),
    )


def level_range(estimate: Estimate, definition: Indicator, lang: str) -> str:
    """Write the range of a value, or a dash when there is none or its ends read the same."""
    if not estimate.has_level_band:
        return numbers.EN_DASH
    low, high = (say(end, definition, lang) for end in (estimate.low_value, estimate.high_value))
    return range_cell(low, high, lang)


def _range_words(estimate: Estimate, definition: Indicator, lang: str) -> str:
    written = level_range(estimate, definition, lang)
    return "" if written == numbers.EN_DASH else say_plan("target_range", lang, interval=written)
