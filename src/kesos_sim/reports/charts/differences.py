"""The paired difference of the poverty rate, year by year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.charts.paths import LABEL_ROOM, RATE, ROOM
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.outcomes import range_text
from kesos_sim.reports.provenance import required
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, heading, known
from kesos_sim.reports.values import band, change, point_decimals, range_words, say_difference

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_VALUE_ROOM: Final = 44.0
_DODGE: Final = {False: 0.24, True: 0.42}
"""Years between the marks of two scenarios, on wide and narrow sheets."""
_LONG: Final = 6
"""Points of a chart up to which marks are not farther apart, however wide a year is."""
_BESIDE: Final = 8.0
"""Room that marks beside each other take from the names behind them, points."""


def yearly_difference(results: Results, context: ReportContext, lang: str) -> Chart | None:
    """Draw the paired difference of the poverty rate year by year, with its interval.

    Parameters
    ----------
    results : Results
        The indexed comparison.
    context : ReportContext
        Titles and places.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart or None
        None for a run, or when the region has no poverty rate at the end.
    """
    region = context.region
    ends = {s: results.at(RATE, region, scenario=s) for s in results.scenarios}
    if not results.compares or any(estimate is None for estimate in ends.values()):
        return None
    groups = parts.panels(results.scenarios)
    known_ends = {s: estimate for s, estimate in ends.items() if estimate is not None}
    month = numbers.month_name(results.horizon, lang)
    lines = [
        i18n.text(
            "charts.difference_alt_line",
            lang,
            name=context.title(s, lang),
            value=say_difference(estimate.difference, indicator(RATE), lang),
            month=month,
            range=parts.range_note(estimate, lang),
        )
        for s, estimate in known_ends.items()
    ]
    banded = parts.band_note(known_ends.values(), context, lang)
    axis = i18n.text("charts.difference_axis", lang, month=_yearly(results, lang), band=banded)
    told = _certainty(known_ends, context, lang)
    title = _difference_title(known_ends, context, lang, month)

    def layout(sheet: Sheet) -> Layout:
        named = len(groups) == 1
        return Layout(
            rows=len(groups) if sheet.narrow else 1,
            columns=1 if sheet.narrow else len(groups),
            height=170.0 if sheet.narrow else 205.0,
            left=36.0,
            right=LABEL_ROOM if named and not sheet.narrow else _VALUE_ROOM,
            bottom=parts.bottom_room(results),
            shared_left=not named and not sheet.narrow,
            headings=labels.headings(groups, results, context, lang),
            key=labels.package_key(results, context, lang) if named and sheet.narrow else (),
        )

    return Chart(
        name="yearly_difference",
        lang=lang,
        title=title,
        note=" ".join([axis, *told]),
        alt=i18n.text(
            "charts.difference_alt",
            lang,
            region=context.place(region, lang),
            lines="; ".join([*lines, *(words.removesuffix(".") for words in told)]),
        ),
        table=_difference_table(results, context, lang, title),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=_draw_difference(results, context, lang, groups),
    )


def _certainty(ends: dict[str, Estimate], context: ReportContext, lang: str) -> list[str]:
    """Say how many draws would tell a direction that is not certain, or that draws differ in it."""
    draws = required(context.provenance).replicates - 1
    told = []
    for scenario, estimate in ends.items():
        needed = context.needed.get(scenario)
        if needed is None or change(estimate, indicator(RATE).negligible) != "unsure":
            continue
        key = "told" if needed <= draws else "needed"
        told.append(
            i18n.text(
                f"charts.difference_{key}",
                lang,
                name=context.title(scenario, lang),
                needed=numbers.short(needed, lang, 2),
                draws=numbers.number(draws, lang),
            )
        )
    return told


def _yearly(results: Results, lang: str) -> str:
    """Return the name of the month that every point of the chart belongs to."""
    return numbers.month_name(results.base, lang).rpartition(" ")[0]


def _difference_title(
    ends: dict[str, Estimate], context: ReportContext, lang: str, month: str
) -> str:
    """Say the difference at the end; a direction only when the interval supports it."""
    definition = indicator(RATE)
    if len(ends) > 1:
        lines = [
            i18n.text(
                "charts.item",
                lang,
                name=context.title(s, lang),
                value=say_difference(estimate.difference, definition, lang),
            )
            for s, estimate in ends.items()
        ]
        return i18n.text("charts.difference_title_many", lang, month=month, lines="; ".join(lines))
    ((scenario, estimate),) = ends.items()
    low, high = band(estimate)
    decimals = point_decimals(low, high)
    near, far = sorted((abs(low), abs(high)))
    interval = range_words(near, far, lang, "number", decimals)
    note = i18n.text("charts.range_note", lang, interval=interval) if interval else ""
    return i18n.text(
        f"charts.difference_title_{change(estimate, definition.negligible)}",
        lang,
        title=context.title(scenario, lang),
        month=month,
        difference=numbers.points(abs(estimate.difference), lang, decimals),
        range=note,
    )


def _difference_table(results: Results, context: ReportContext, lang: str, title: str) -> TextTable:
    """Return the yearly differences with their ranges."""
    definition, region = indicator(RATE), context.region
    columns, fields = [heading("month", lang, numeric=False)], ["month"]
    for scenario in results.scenarios:
        columns += [Column(context.title(scenario, lang)), heading("range", lang)]
        fields += [scenario, f"{scenario}_low", f"{scenario}_high"]
    builder = TableBuilder("yearly_difference", title, columns, fields)
    for month in results.years:
        row: list[str] = [numbers.month_name(month, lang)]
        cells: list[str | float | None] = [str(month)]
        for scenario in results.scenarios:
            estimate = results.at(RATE, region, month, scenario)
            if estimate is None:
                row += [numbers.EN_DASH, numbers.EN_DASH]
                cells += [None, None, None]
                continue
            row += [
                say_difference(estimate.difference, definition, lang),
                range_text(estimate, definition, lang),
            ]
            cells += map(known, (estimate.difference, estimate.low, estimate.high))
        builder.add(row, cells)
    return builder.table()


def _draw_difference(
    results: Results, context: ReportContext, lang: str, groups: Sequence[Sequence[str]]
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws the yearly differences into their panels."""
    region, definition = context.region, indicator(RATE)

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        dodge = _DODGE[sheet.narrow] * min(1.0, len(results.years) / _LONG)
        yearly = {
            s: [(m, results.at(RATE, region, m, s)) for m in results.years]
            for s in results.scenarios
        }
        seen = [
            end for rows in yearly.values() for _, e in rows if e is not None for end in band(e)
        ]
        low, high = min([*seen, 0.0]), max([*seen, 0.0])
        margin = 0.1 * max(high - low, 2 * definition.negligible)
        for panel, scenarios in zip(axes, groups, strict=True):
            panel.set_ylim(low - margin, high + margin)
            parts.plain(panel, "y")
            parts.year_axis(panel, results.years, lang)
            panel.axhline(0.0, color=style.INK, linewidth=1.0, zorder=1)
            ends: list[labels.EndLabel] = []
            for rank, scenario in enumerate(scenarios):
                colour, mark = parts.package_style(results.scenarios, scenario)
                shift = (rank - (len(scenarios) - 1) / 2) * dodge
                found = [(m, e) for m, e in yearly[scenario] if e is not None]
                for month, estimate in found:
                    x = parts.position(month) + shift
                    panel.plot([x, x], band(estimate), color=colour, linewidth=1.6, zorder=3)
                panel.plot(
                    [parts.position(m) + shift for m, _ in found],
                    [e.difference for _, e in found],
                    linestyle="none",
                    marker=mark,
                    markersize=4.5 if sheet.narrow else 6,
                    clip_on=False,
                    color=colour,
                    zorder=4,
                )
                value = say_difference(found[-1][1].difference, definition, lang)
                named = len(groups) == 1 and not sheet.narrow
                name = context.title(scenario, lang) if named else ""
                end = found[-1][1].difference
                room = ROOM - _BESIDE * (len(scenarios) - 1)
                ends.append(labels.named_end(name, value, end, colour, room))
            last = parts.position(results.horizon) + (len(scenarios) - 1) / 2 * dodge
            labels.end_labels(panel, ends, last)
            parts.value_ticks(panel, "y", lang, signed=True)
            if panel is not axes[0] and not sheet.narrow:
                panel.tick_params(labelleft=False)

    return draw
