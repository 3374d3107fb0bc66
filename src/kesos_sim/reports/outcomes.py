"""The tables of reports: indicators at the end, and poverty by province."""

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
from kesos_sim.reports.values import band, say, say_difference


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
        Signed ends, or a dash when there is no band.
    """
    if not estimate.has_band:
        return numbers.EN_DASH
    low, high = (say_difference(end, definition, lang) for end in band(estimate))
    return low if low == high else f"{low} {i18n.text('numbers.to', lang)} {high}"


def outcome_table(
    results: Results,
    context: ReportContext,
    lang: str,
    *,
    scenario: str | None = None,
    deciles: bool = True,
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
    deciles : bool
        Whether indicators by decile are listed, too.

    Returns
    -------
    TextTable
        One row per indicator, for a comparison per scenario and indicator. Indicators that the
        table of definitions does not know are left out.
    """
    listed = [
        definition
        for definition in known_indicators(results)
        if deciles or not definition.part.isdigit()
    ]
    if not results.compares:
        return _run_only(results, context, lang, listed)
    return _compared(results, context, lang, listed, scenario)


def province_table(results: Results, context: ReportContext, lang: str) -> TextTable:
    """List the poverty rate of every province at the end of the run.

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
    TextTable
        One row per province, for a comparison per scenario and province.
    """
    definition = indicator("poverty_rate")
    month = numbers.month_name(results.horizon, lang)
    title = i18n.text("reports.provinces_title", lang, month=month)
    place = heading("province", lang, numeric=False)
    if results.compares:
        columns = [heading("scenario", lang, numeric=False), place, *_change_columns(lang)]
        fields = ("scenario", "region", "value", "baseline", "difference", "low", "high")
        builder = TableBuilder("provinces", title, columns, fields)
    else:
        builder = TableBuilder(
            "provinces", title, [place, heading("value", lang)], ("region", "value")
        )
    for scenario in results.scenarios:
        for code in context.provinces:
            estimate = results.at("poverty_rate", code, scenario=scenario)
            if estimate is None:
                continue
            name = context.place(code, lang)
            if results.compares:
                row = (context.title(scenario, lang), name)
                builder.add(
                    (*row, *_change_cells(estimate, definition, lang)),
                    (scenario, code, *_change_values(estimate)),
                )
            else:
                level = say(estimate.value, definition, lang)
                builder.add((name, level), (code, estimate.value))
    return builder.table()


def _compared(
    results: Results,
    context: ReportContext,
    lang: str,
    listed: Sequence[Indicator],
    only: str | None,
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
            words = (definition.label(lang), definition.unit_label(lang))
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
    results: Results, context: ReportContext, lang: str, listed: Sequence[Indicator]
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
        if all(math.isnan(value) for value in numbers_):
            continue
        builder.add(
            (
                definition.label(lang),
                definition.unit_label(lang),
                *(say(value, definition, lang) for value in numbers_),
            ),
            (definition.name, definition.unit, *map(known, numbers_)),
        )
    return builder.table()


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
