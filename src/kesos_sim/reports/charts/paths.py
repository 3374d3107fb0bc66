"""The path of the poverty rate over time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.context import PublishedPoint, ReportContext
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, heading, known
from kesos_sim.reports.values import range_words, say
from kesos_sim.units import Month

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RATE: Final = "poverty_rate"
LABEL_ROOM: Final = 122.0
ROOM: Final = LABEL_ROOM - 10.0
_LEAST_TOP: Final = 2.0
_HEADROOM: Final = 1.08
_VALUE_ROOM: Final = 38.0
_BAND: Final = 0.14
_EDGE: Final = 0.55
_HATCH: Final = "///"
_MARKS: Final = {False: "o", True: "D"}
"""Open marks of published figures and of a planner's own."""
_DASHES: Final = (0, (5, 3))


def poverty_path(results: Results, context: ReportContext, lang: str) -> Chart | None:
    """Draw the poverty rate over time: without the change dashed, packages solid, bands.

    Parameters
    ----------
    results : Results
        The indexed run or comparison.
    context : ReportContext
        Titles, places, published figures.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart or None
        None when the region has no poverty rate at the end.
    """
    region = context.region
    if any(results.at(RATE, region, scenario=s) is None for s in results.scenarios):
        return None
    points = [p for p in context.published if p.indicator == RATE and p.region == region]
    groups = parts.panels(results.scenarios)
    title, lines = _path_words(results, context, lang)
    banded = any(
        estimate.has_level_band
        for s in results.scenarios
        for _, estimate in results.series(RATE, region, s)
    )

    def layout(sheet: Sheet) -> Layout:
        named = results.compares and len(groups) == 1
        lines = _line_key(results, context, lang) if named and sheet.narrow else ()
        published = _published_key(points, lang) if points else ()
        return Layout(
            rows=len(groups) if sheet.narrow else 1,
            columns=1 if sheet.narrow else len(groups),
            height=170.0 if sheet.narrow else 215.0,
            left=30.0,
            right=LABEL_ROOM if named and not sheet.narrow else _VALUE_ROOM,
            bottom=parts.bottom_room(results),
            shared_left=len(groups) > 1 and not sheet.narrow,
            headings=labels.headings(groups, results, context, lang),
            key=(*lines, *published),
        )

    return Chart(
        name="poverty_path",
        lang=lang,
        title=title,
        note=i18n.text("charts.path_axis", lang, band=parts.band_name(context, lang))
        if banded
        else i18n.text("charts.path_axis_plain", lang),
        alt=i18n.text(
            "charts.path_alt",
            lang,
            region=context.place(region, lang),
            base=numbers.month_name(results.base, lang),
            month=numbers.month_name(results.horizon, lang),
            lines="; ".join(lines),
        ),
        table=_path_table(results, context, lang, title, points),
        source=parts.source_line(context, lang, *(point.source for point in points)),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=_draw_path(results, context, lang, groups, points),
    )


def _path_words(results: Results, context: ReportContext, lang: str) -> tuple[str, list[str]]:
    """Return the title and the lines of the alternative text."""
    definition, region = indicator(RATE), context.region
    month = numbers.month_name(results.horizon, lang)
    place = context.place(region, lang)
    first = {s: results.at(RATE, region, results.base, s) for s in results.scenarios}
    last = {s: results.at(RATE, region, scenario=s) for s in results.scenarios}

    def spoken(value: float) -> str:
        return say(value, definition, lang, spoken=True)

    lines: list[str] = []
    items: list[tuple[str, str, str]] = []
    baseline = ""
    for scenario in results.scenarios:
        start, end = first[scenario], last[scenario]
        if start is None or end is None:
            continue
        if results.compares and not lines:
            baseline = spoken(end.baseline)
            without = i18n.text("charts.without", lang)
            ends = {"first": spoken(start.baseline), "last": baseline, "range": ""}
            lines.append(i18n.text("charts.path_alt_line", lang, name=without, **ends))
        name = context.title(scenario, lang) if results.compares else place
        interval = range_words(end.low_value, end.high_value, lang)
        note = i18n.text("charts.range_note", lang, interval=interval) if interval else ""
        ends = {"first": spoken(start.value), "last": spoken(end.value), "range": note}
        lines.append(i18n.text("charts.path_alt_line", lang, name=name, **ends))
        items.append((name, spoken(end.value), note))
    words = {"month": month, "region": place, "baseline": baseline}
    if not results.compares:
        start = first[""]
        base = spoken(start.value) if start is not None else ""
        words |= {"value": items[0][1], "base_value": base}
        words["base"] = numbers.month_name(results.base, lang)
        return i18n.text("charts.path_title_run", lang, **words), lines
    if len(items) == 1:
        words |= dict(zip(("title", "value", "range"), items[0], strict=True))
        return i18n.text("charts.path_title", lang, **words), lines
    listed = [i18n.text("charts.item", lang, name=name, value=value) for name, value, _ in items]
    return i18n.text("charts.path_title_many", lang, lines="; ".join(listed), **words), lines


def _path_table(
    results: Results,
    context: ReportContext,
    lang: str,
    title: str,
    points: Sequence[PublishedPoint],
) -> TextTable:
    """Return the yearly values behind the path, and every published one beside the model's."""
    definition, region = indicator(RATE), context.region
    published = {Month.parse(point.month): point.value for point in points}
    columns = [heading("month", lang, numeric=False)]
    fields = ["month"]
    if results.compares:
        columns.append(Column(i18n.text("charts.without", lang)))
        fields.append("baseline")
    for scenario in results.scenarios:
        name = context.title(scenario, lang) if results.compares else definition.label(lang)
        columns += [Column(name), heading("range", lang)]
        key = scenario or "value"
        fields += [key, f"{key}_low", f"{key}_high"]
    if published:
        columns.append(Column(_published_words(points, lang)))
        fields.append("published")
    builder = TableBuilder("poverty_path", title, columns, fields)
    for month in sorted({*results.years, *(published.keys() & set(results.months))}):
        row, values = [numbers.month_name(month, lang)], [str(month)]
        cells: list[str | float | None] = list(values)
        for rank, scenario in enumerate(results.scenarios):
            estimate = results.at(RATE, region, month, scenario)
            estimate = Estimate(float("nan")) if estimate is None else estimate
            if results.compares and rank == 0:
                row.append(say(estimate.baseline, definition, lang))
                cells.append(known(estimate.baseline))
            ends = (estimate.low_value, estimate.high_value)
            interval = range_words(*ends, lang, "percent", definition.decimals)
            row += [say(estimate.value, definition, lang), interval or numbers.EN_DASH]
            cells += map(known, (estimate.value, estimate.low_value, estimate.high_value))
        if published:
            value = published.get(month, math.nan)
            row.append(say(value, definition, lang))
            cells.append(known(value))
        builder.add(row, cells)
    return builder.table()


def _draw_path(
    results: Results,
    context: ReportContext,
    lang: str,
    groups: Sequence[Sequence[str]],
    points: Sequence[PublishedPoint],
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws the paths into their panels."""
    region, definition = context.region, indicator(RATE)

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        top = _top(results, region, points)
        for panel, scenarios in zip(axes, groups, strict=True):
            panel.set_ylim(0.0, top)
            parts.plain(panel, "y")
            parts.time_axis(panel, results.months, lang)
            ends: list[labels.EndLabel] = []
            for rank, scenario in enumerate(scenarios):
                series = results.series(RATE, region, scenario)
                if results.compares and rank == 0:
                    end = _line(panel, [(m, e.baseline) for m, e in series], None)
                    name = i18n.text("charts.without", lang)
                    ends.append(label(name, end, style.BASELINE, sheet))
                colour, mark = parts.package_style(results.scenarios, scenario)
                _level_band(panel, series, colour, hatched=rank > 0)
                values = [(m, e.value) for m, e in series]
                end = _line(panel, values, (colour, mark if rank else ""))
                name = context.title(scenario, lang) if results.compares else ""
                ends.append(label(name, end, colour, sheet))
            if points:
                _published(panel, points)
            labels.end_labels(panel, ends, parts.position(results.horizon))
            parts.value_ticks(panel, "y", lang)
            if panel is not axes[0] and not sheet.narrow:
                panel.tick_params(labelleft=False)

    def label(name: str, end: float, colour: str, sheet: Sheet) -> labels.EndLabel:
        value = say(end, definition, lang, spoken=True)
        shown = name if len(groups) == 1 and not sheet.narrow else ""
        return labels.named_end(shown, value, end, colour, ROOM)

    return draw


def _line(
    axes: Axes, values: Sequence[tuple[Month, float]], package: tuple[str, str] | None
) -> float:
    """Draw one line, the baseline when there is no package; return where it ends."""
    x = [parts.position(month) for month, _ in values]
    y = [value for _, value in values]
    if package is None:
        axes.plot(x, y, color=style.BASELINE, linewidth=1.8, linestyle=_DASHES, zorder=3)
        return y[-1]
    colour, mark = package
    axes.plot(
        x,
        y,
        color=colour,
        linewidth=style.LINE,
        zorder=4,
        marker=mark or None,
        markersize=5.5,
        clip_on=False,
        markevery=[i for i, (m, _) in enumerate(values) if (m - values[0][0]) % 12 == 0],
    )
    return y[-1]


def _level_band(
    axes: Axes, series: Sequence[tuple[Month, Estimate]], colour: str, *, hatched: bool
) -> None:
    """Draw the 80% band of the level: shaded, or hatched where another one is shaded.

    Two shades over each other would look like a third one, of the line without the change.
    """
    banded = [(parts.position(m), e) for m, e in series if e.has_level_band]
    x = [place for place, _ in banded]
    low, high = [e.low_value for _, e in banded], [e.high_value for _, e in banded]
    axes.fill_between(
        x,
        low,
        high,
        facecolor="none" if hatched else colour,
        hatch=_HATCH if hatched else None,
        edgecolor=colour,
        alpha=_BAND * (1 + hatched),
        linewidth=0,
        zorder=2,
    )
    for edge in (low, high):
        axes.plot(x, edge, color=colour, alpha=_EDGE, linewidth=0.8, zorder=2)


def _line_key(results: Results, context: ReportContext, lang: str) -> tuple[KeyEntry, ...]:
    """Return what the lines stand for, where there is no room beside their ends."""
    entries = [KeyEntry(i18n.text("charts.without", lang), "", style.BASELINE, line=_DASHES)]
    for rank, scenario in enumerate(results.scenarios):
        colour, mark = parts.package_style(results.scenarios, scenario)
        name = context.title(scenario, lang)
        entries.append(KeyEntry(name, mark if rank else "", colour, line="-"))
    return tuple(entries)


def _published_key(points: Sequence[PublishedPoint], lang: str) -> tuple[KeyEntry, ...]:
    """Return what the open marks stand for; beside a mark the words would meet a line."""
    kinds = dict.fromkeys(point.own for point in points)
    return tuple(
        KeyEntry(
            i18n.text("own_data.result.points" if own else "charts.published", lang),
            _MARKS[own],
            style.PUBLISHED,
            hollow=True,
        )
        for own in kinds
    )


def _published_words(points: Sequence[PublishedPoint], lang: str) -> str:
    """Return whether the marks are published figures or a planner's own."""
    own = {point.own for point in points}
    if own == {True}:
        return i18n.text("own_data.result.points", lang)
    return i18n.text("own_data.result.points_both" if True in own else "charts.published", lang)


def _published(axes: Axes, points: Sequence[PublishedPoint]) -> None:
    """Draw published figures, and a planner's own, as open marks of two shapes."""
    for own, mark in _MARKS.items():
        if some := [point for point in points if point.own is own]:
            _marks(axes, some, mark)


def _marks(axes: Axes, points: Sequence[PublishedPoint], mark: str) -> None:
    """Draw figures as open marks of one shape."""
    axes.plot(
        [parts.position(Month.parse(point.month)) for point in points],
        [point.value for point in points],
        linestyle="none",
        marker=mark,
        markersize=7,
        clip_on=False,
        markerfacecolor=style.PAPER,
        markeredgecolor=style.PUBLISHED,
        markeredgewidth=1.4,
        zorder=6,
    )


def _top(results: Results, region: str, points: Sequence[PublishedPoint]) -> float:
    """Return the end of the axis, which begins at zero so that a small change looks small."""
    seen = [point.value for point in points]
    for scenario in results.scenarios:
        for _, e in results.series(RATE, region, scenario):
            seen += [
                v for v in (e.value, e.baseline, e.low_value, e.high_value) if math.isfinite(v)
            ]
    return max(_HEADROOM * max(seen), _LEAST_TOP)
