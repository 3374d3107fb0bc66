"""The effect on poverty by province."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.charts.paths import RATE
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.outcomes import range_text
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, heading, known
from kesos_sim.reports.values import band, change, point_decimals, say_difference

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAME_ROOM: Final = 118.0
_LINE: Final = {False: 15.0, True: 12.5}
"""Height of the line of one scenario in a row, on wide and narrow sheets, points."""
_LEAST_ROW: Final = {False: 21.0, True: 14.0}


def province_effect(results: Results, context: ReportContext, lang: str) -> Chart | None:
    """Draw the effect on the poverty rate, one row per province with its range.

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
        None for a run, or when there are fewer than two provinces.
    """
    codes = parts.results_regions(results, context, RATE) if results.compares else []
    if len(codes) < 2:  # noqa: PLR2004  # one province needs no comparison
        return None
    effects = {
        (s, code): estimate
        for s in results.scenarios
        for code in [context.region, *codes]
        if (estimate := results.at(RATE, code, scenario=s)) is not None
    }
    lead = results.scenarios[0]
    codes.sort(key=lambda code: (_difference(effects.get((lead, code))), code))
    rows = [context.region, *codes] if (lead, context.region) in effects else codes
    groups = parts.panels(results.scenarios)
    together = len(groups[0])
    key = labels.package_key(results, context, lang) if together > 1 else ()
    title = _effect_title(effects, codes, results, context, lang)
    month = numbers.month_name(results.horizon, lang)
    definition = indicator(RATE)
    lines = [
        i18n.text(
            "charts.item",
            lang,
            name=_name(code, context, lang),
            value=say_difference(effects[lead, code].difference, definition, lang),
        )
        for code in rows
        if (lead, code) in effects
    ]

    def layout(sheet: Sheet) -> Layout:
        ranged = _ranged(groups, sheet)
        placed = _effect_rows(rows, groups, context, lang, sheet)
        return Layout(
            rows=len(groups) if sheet.narrow else 1,
            columns=1 if sheet.narrow else len(groups),
            height=len(rows) * placed.height,
            left=placed.room,
            right=labels.room_beside(
                [_effect_value(e, lang, ranged=ranged) for e in effects.values()]
            ),
            shared_left=len(groups) > 1 and not sheet.narrow,
            key=key,
            headings=labels.headings(groups, results, context, lang),
        )

    return Chart(
        name="province_effect",
        lang=lang,
        title=title,
        note=i18n.text(
            "charts.province_axis",
            lang,
            month=month,
            band=parts.band_note(effects.values(), context, lang),
        ),
        alt=i18n.text("charts.province_alt", lang, month=month, lines="; ".join(lines)),
        table=_effect_table((effects, rows), results, context, lang, title),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=_draw_effect((effects, rows), results, context, lang, groups),
    )


def _effect_value(estimate: Estimate, lang: str, *, ranged: bool) -> str:
    """Write an effect, with its range where there is room."""
    definition = indicator(RATE)
    words = say_difference(estimate.difference, definition, lang)
    spread = range_text(estimate, definition, lang)
    return f"{words} ({spread})" if ranged and spread != numbers.EN_DASH else words


def _difference(estimate: Estimate | None) -> float:
    return math.inf if estimate is None else estimate.difference


def _name(code: str, context: ReportContext, lang: str) -> str:
    return i18n.text("charts.all", lang) if code == context.region else context.place(code, lang)


def _ranged(groups: Sequence[Sequence[str]], sheet: Sheet) -> bool:
    """Return whether there is room for ranges in figures; the table always has them."""
    return len(groups) == 1 and not sheet.narrow


def _effect_rows(
    codes: Sequence[str],
    groups: Sequence[Sequence[str]],
    context: ReportContext,
    lang: str,
    sheet: Sheet,
) -> labels.Rows:
    """Return the rows of the chart of effects, with a line for every scenario of a panel."""
    names = [_name(code, context, lang) for code in codes]
    mark = max(len(groups[0]) * _LINE[sheet.narrow], _LEAST_ROW[sheet.narrow])
    return labels.Rows.of(names, mark, _NAME_ROOM, sheet)


Effects = tuple[dict[tuple[str, str], Estimate], list[str]]


def _effect_title(
    effects: dict[tuple[str, str], Estimate],
    codes: Sequence[str],
    results: Results,
    context: ReportContext,
    lang: str,
) -> str:
    """Say where poverty falls or rises most, if the interval of any province is clear."""
    negligible = indicator(RATE).negligible
    clear = [
        (abs(estimate.difference), code, estimate, scenario)
        for (scenario, code), estimate in effects.items()
        if code in codes and change(estimate, negligible) in {"down", "up"}
    ]
    if not clear:
        return i18n.text("charts.province_title_unsure", lang)
    size, code, estimate, scenario = max(clear, key=lambda row: (row[0], row[1]))
    several = "_many" if len(results.scenarios) > 1 else ""
    words = {
        "title": context.title(scenario, lang),
        "place": context.place(code, lang),
        "difference": numbers.points(size, lang, point_decimals(size)),
    }
    direction = change(estimate, negligible)
    return i18n.text(f"charts.province_title_{direction}{several}", lang, **words)


def _effect_table(
    effects: Effects, results: Results, context: ReportContext, lang: str, title: str
) -> TextTable:
    """Return the effect by province with its range."""
    definition = indicator(RATE)
    estimates, rows = effects
    columns, fields = [heading("province", lang, numeric=False)], ["region"]
    for scenario in results.scenarios:
        columns += [Column(context.title(scenario, lang)), heading("range", lang)]
        fields += [scenario, f"{scenario}_low", f"{scenario}_high"]
    builder = TableBuilder("province_effect", title, columns, fields)
    for code in rows:
        row: list[str] = [_name(code, context, lang)]
        cells: list[str | float | None] = [code]
        for scenario in results.scenarios:
            estimate = estimates.get((scenario, code), Estimate(math.nan))
            row += [
                say_difference(estimate.difference, definition, lang),
                range_text(estimate, definition, lang),
            ]
            cells += map(known, (estimate.difference, estimate.low, estimate.high))
        builder.add(row, cells)
    return builder.table()


def _draw_effect(
    effects: Effects,
    results: Results,
    context: ReportContext,
    lang: str,
    groups: Sequence[Sequence[str]],
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws the rows into their panels."""
    estimates, rows = effects
    definition = indicator(RATE)

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        placed = _effect_rows(rows, groups, context, lang, sheet)
        ends = [end for estimate in estimates.values() for end in band(estimate)]
        low, high = min([*ends, 0.0]), max([*ends, 0.0])
        margin = 0.06 * max(high - low, 2 * definition.negligible)
        for panel, scenarios in zip(axes, groups, strict=True):
            parts.plain(panel, "x")
            panel.set_xlim(low - margin, high + margin)
            placed.write(panel, strong=0 if rows[0] == context.region else -1)
            if panel is not axes[0] and not sheet.narrow:
                panel.tick_params(labelleft=False)
            panel.axvline(0.0, color=style.INK, linewidth=1.0, zorder=1)
            for scenario in scenarios:
                rank = scenarios.index(scenario)
                lines = rank - (len(scenarios) - 1) / 2
                shift = placed.shift + lines * placed.part(_LINE[sheet.narrow])
                colour, mark = parts.package_style(results.scenarios, scenario)
                for row, code in enumerate(rows):
                    estimate = estimates.get((scenario, code))
                    if estimate is None:
                        continue
                    y = row + shift
                    panel.plot(band(estimate), [y, y], color=colour, linewidth=1.8, zorder=3)
                    panel.plot(
                        estimate.difference, y, marker=mark, markersize=6, color=colour, zorder=4
                    )
                    words = _effect_value(estimate, lang, ranged=_ranged(groups, sheet))
                    labels.beside(panel, y, words, colour if len(scenarios) > 1 else style.INK)
            parts.value_ticks(panel, "x", lang, signed=True)

    return draw
