"""The tables of reports: indicators at the end, and poverty by province and district."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import Indicator, indicator
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.tables import Cell, Column, TableBuilder, TextTable, heading, known
from kesos_sim.reports.values import band, range_cell, say, say_difference, unit_words


def range_text(estimate: Estimate, definition: Indicator, lang: str) -> str:
    """Write the band of a paired difference for a table.

    Parameters
    ----------
    estimate : Estimate
        Difference with or without a band.
    definition : Indicator
        Definition of the indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Signed ends that may be broken between them, or a dash when there is no band
        or both ends read the same.
    """
    if not estimate.has_band:
        return numbers.EN_DASH
    low, high = (say_difference(end, definition, lang) for end in band(estimate))
    return range_cell(low, high, lang)


def outcome_table(
    results: Results,
    context: ReportContext,
    lang: str,
    *,
    scenario: str | None = None,
    brief: bool = False,
) -> TextTable:
    """List every indicator of the region at the end, beside its baseline or its start.

    Parameters
    ----------
    results : Results
        The indexed run or comparison.
    context : ReportContext
        Titles and places.
    lang : str
        ``id`` or ``en``.
    scenario : str, optional
        Only this scenario of a comparison, without a column for it.
    brief : bool
        Leave out indicators by decile, and programmes that nobody receives.

    Returns
    -------
    TextTable
        One row per indicator, for a comparison per scenario and indicator. Indicators that the
        table of definitions does not know are left out.
    """
    listed = [one for one in known_indicators(results) if not (brief and one.part.isdigit())]
    if not results.compares:
        return _run_only(results, context, lang, listed, brief=brief)
    return _compared(results, context, lang, listed, scenario, brief=brief)


def place_tables(results: Results, context: ReportContext, lang: str) -> list[TextTable]:
    """List the poverty rate of every province, and of every district, that the frame has.

    Parameters
    ----------
    results : Results
        The indexed run or comparison.
    context : ReportContext
        Titles and places.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of TextTable
        ``provinces`` and ``districts``, each with one row per place (for a comparison per
        scenario and place) and left out when it has no rows.
    """
    levels = (
        ("provinces", "province", context.provinces),
        ("districts", "district", context.districts),
    )
    tables = [
        _place_table(results, context, lang, name, column, tuple(places))
        for name, column, places in levels
        if results.regions & places.keys()
    ]
    return [table for table in tables if table.rows]


def _place_table(
    results: Results,
    context: ReportContext,
    lang: str,
    name: str,
    column: str,
    codes: Sequence[str],
) -> TextTable:
    """List the poverty rate of places of one level."""
    definition = indicator("poverty_rate")
    base, month = (numbers.month_name(m, lang) for m in (results.base, results.horizon))
    place = heading(column, lang, numeric=False)
    if results.compares:
        columns = [heading("scenario", lang, numeric=False), place, *_change_columns(lang)]
        fields: tuple[str, ...] = (
            "scenario", "region", "value", "baseline", "difference", "low", "high",
        )  # fmt: skip
        title = i18n.text(f"reports.{name}_title", lang, month=month)
    else:
        columns = [place, Column(base), Column(month)]
        fields = ("region", str(results.base), str(results.horizon))
        title = i18n.text(f"reports.{name}_run_title", lang)
    builder = TableBuilder(name, title, columns, fields)
    for scenario in results.scenarios:
        for code in codes:
            estimate = results.at("poverty_rate", code, scenario=scenario)
            if estimate is None:
                continue
            label = context.place(code, lang)
            if results.compares:
                builder.add(
                    (
                        context.title(scenario, lang),
                        label,
                        *_change_cells(estimate, definition, lang),
                    ),
                    (scenario, code, *_change_values(estimate)),
                )
            else:
                start = results.at("poverty_rate", code, results.base)
                values = [math.nan if start is None else start.value, estimate.value]
                builder.add(
                    (label, *(say(value, definition, lang) for value in values)),
                    (code, *map(known, values)),
                )
    return builder.table()


def _compared(
    results: Results,
    context: ReportContext,
    lang: str,
    listed: Sequence[Indicator],
    only: str | None,
    *,
    brief: bool,
) -> TextTable:
    """List scenario and indicator with value, baseline, difference and range."""
    title = i18n.text(
        "reports.outcomes_title",
        lang,
        month=numbers.month_name(results.horizon, lang),
        region=context.place(context.region, lang),
    )
    columns = [
        heading("indicator", lang, numeric=False),
        heading("unit", lang, numeric=False),
        *_change_columns(lang),
    ]
    fields = ["indicator", "unit", "value", "baseline", "difference", "low", "high"]
    if only is None:
        columns.insert(0, heading("scenario", lang, numeric=False))
        fields.insert(0, "scenario")
    builder = TableBuilder("outcomes", title, columns, fields)
    for scenario in results.scenarios if only is None else (only,):
        for definition in listed:
            estimate = results.at(definition.name, context.region, scenario=scenario)
            if estimate is None:
                continue
            if brief and _idle(definition, (estimate.value, estimate.baseline)):
                continue
            words = (context.label(definition, lang), unit_words(definition, lang))
            first = (context.title(scenario, lang), *words) if only is None else words
            names = (definition.name, definition.unit)
            builder.add(
                (*first, *_change_cells(estimate, definition, lang)),
                (
                    *((scenario, *names) if only is None else names),
                    *_change_values(estimate),
                ),
            )
    return builder.table()


def _run_only(
    results: Results,
    context: ReportContext,
    lang: str,
    listed: Sequence[Indicator],
    *,
    brief: bool,
) -> TextTable:
    """List indicators with their value at the start and at the end."""
    base, month = (numbers.month_name(m, lang) for m in (results.base, results.horizon))
    place = context.place(context.region, lang)
    title = i18n.text("reports.run_title", lang, base=base, month=month, region=place)
    columns = [
        heading("indicator", lang, numeric=False),
        heading("unit", lang, numeric=False),
        Column(base),
        Column(month),
    ]
    fields = ("indicator", "unit", str(results.base), str(results.horizon))
    builder = TableBuilder("outcomes", title, columns, fields)
    for definition in listed:
        pair = [
            results.at(definition.name, context.region, m) for m in (results.base, results.horizon)
        ]
        numbers_ = [math.nan if estimate is None else estimate.value for estimate in pair]
        if all(map(math.isnan, numbers_)) or (brief and _idle(definition, numbers_)):
            continue
        builder.add(
            (
                context.label(definition, lang),
                unit_words(definition, lang),
                *(say(value, definition, lang) for value in numbers_),
            ),
            (definition.name, definition.unit, *map(known, numbers_)),
        )
    return builder.table()


def _idle(definition: Indicator, values: Sequence[float]) -> bool:
    """Return whether a row would say that nobody receives a programme."""
    return definition.family == "programme_recipients" and all(
        value == 0.0 or math.isnan(value) for value in values
    )


def known_indicators(results: Results) -> list[Indicator]:
    """Return the definitions of the frame's indicators that are known, in its order.

    Parameters
    ----------
    results : Results
        The indexed run or comparison.

    Returns
    -------
    list of Indicator
        Their definitions.
    """
    found: list[Indicator] = []
    for name in results.indicators:
        try:
            found.append(indicator(name))
        except InputError:
            continue
    return found


def _change_columns(lang: str) -> list[Column]:
    """Return the headings of value, baseline, difference and range."""
    return [heading(name, lang) for name in ("value", "without", "difference", "range")]


def _change_cells(estimate: Estimate, definition: Indicator, lang: str) -> tuple[str, ...]:
    """Write value, baseline, difference and range."""
    return (
        say(estimate.value, definition, lang),
        say(estimate.baseline, definition, lang),
        say_difference(estimate.difference, definition, lang),
        range_text(estimate, definition, lang),
    )


def _change_values(estimate: Estimate) -> tuple[Cell, ...]:
    """Return value, baseline, difference, low and high for a file."""
    return tuple(
        known(value)
        for value in (
            estimate.value,
            estimate.baseline,
            estimate.difference,
            estimate.low,
            estimate.high,
        )
    )
