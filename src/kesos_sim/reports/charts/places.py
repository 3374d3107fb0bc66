"""Charts by province: the effect on poverty, and new money against the poverty gap."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.paths import RATE
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.money import PerPoor, per_poor
from kesos_sim.reports.outcomes import range_text
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, heading, known
from kesos_sim.reports.values import band, change, point_decimals, say_difference, say_money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAME_ROOM: Final = 118.0
_ROW: Final = 21.0
_TALL_ROW: Final = 30.0
_DODGE: Final = 0.22
_DIGITS: Final = 2
_BAR: Final = 0.62


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
    key = _key(results.scenarios, context, lang) if together > 1 else ()
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
    return Chart(
        name="province_effect",
        lang=lang,
        title=title,
        note=i18n.text(
            "charts.province_axis",
            lang,
            month=month,
            band=parts.band_note(effects.values(), lang),
        ),
        alt=i18n.text("charts.province_alt", lang, month=month, lines="; ".join(lines)),
        table=_effect_table((effects, rows), results, context, lang, title),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=Layout(
            columns=len(groups),
            height=len(rows) * (_TALL_ROW if together > 1 else _ROW),
            left=_NAME_ROOM,
            right=labels.room_beside(
                [_effect_value(e, lang, ranged=len(groups) == 1) for e in effects.values()]
            ),
            shared_left=len(groups) > 1,
            key=tuple(key),
            headings=labels.headings(groups, context, lang),
        ),
        draw=_draw_effect((effects, rows), context, lang, groups),
    )


def rupiah_per_poor(results: Results, context: ReportContext, lang: str) -> Chart | None:
    """Draw the new money per poor person of every province beside the yearly shortfall.

    Parameters
    ----------
    results : Results
        The indexed comparison.
    context : ReportContext
        With money by province and poverty lines.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart or None
        None when no scenario brings new money to provinces.
    """
    found = {s: rows for s in results.scenarios if (rows := per_poor(results, context, s, lang))}
    if max(map(len, found.values()), default=0) < 2:  # noqa: PLR2004  # one bar says nothing
        return None
    largest = max(
        amount
        for rows in found.values()
        for row in rows
        for amount in (row.money, row.gap)
        if math.isfinite(amount)
    )
    scale, unit = parts.scale_of(largest, lang)
    scenarios = tuple(found)
    title = _poor_title(found[scenarios[0]], lang)
    if len(scenarios) > 1:
        title = f"{context.title(scenarios[0], lang)}: {title[0].lower()}{title[1:]}"
    count = max(map(len, found.values()))
    lines = [
        i18n.text("charts.item", lang, name=row.name, value=_poor_value(row, lang))
        for row in found[scenarios[0]]
    ]
    groups = [(s,) for s in scenarios]
    return Chart(
        name="rupiah_per_poor",
        lang=lang,
        title=title,
        note=i18n.text("charts.poor_axis", lang, unit=unit).strip(),
        alt=i18n.text("charts.poor_alt", lang, lines="; ".join(lines)),
        table=_poor_table(found, context, lang, title),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=Layout(
            rows=len(scenarios),
            height=count * _ROW,
            left=_NAME_ROOM,
            right=labels.room_beside(
                [_poor_value(row, lang) for rows in found.values() for row in rows]
            ),
            headings=labels.headings(groups, context, lang),
        ),
        draw=_draw_poor(found, lang, scale, largest),
    )


def _effect_value(estimate: Estimate, lang: str, *, ranged: bool) -> str:
    """Write an effect, with its range where there is room."""
    definition = indicator(RATE)
    words = say_difference(estimate.difference, definition, lang)
    if ranged and estimate.has_band:
        words += f" ({range_text(estimate, definition, lang)})"
    return words


def _difference(estimate: Estimate | None) -> float:
    return math.inf if estimate is None else estimate.difference


def _name(code: str, context: ReportContext, lang: str) -> str:
    return i18n.text("charts.all", lang) if code == context.region else context.place(code, lang)


def _key(scenarios: Sequence[str], context: ReportContext, lang: str) -> list[KeyEntry]:
    """Return the key of two packages in one panel."""
    return [
        KeyEntry(
            context.title(scenario, lang),
            style.MARKS[rank],
            style.PACKAGES[rank],
        )
        for rank, scenario in enumerate(scenarios)
    ]


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
    context: ReportContext,
    lang: str,
    groups: Sequence[Sequence[str]],
) -> Callable[[Sequence[Axes]], None]:
    """Return what draws the rows into their panels."""
    estimates, rows = effects
    definition = indicator(RATE)

    def draw(axes: Sequence[Axes]) -> None:
        ends = [end for estimate in estimates.values() for end in band(estimate)]
        low, high = min([*ends, 0.0]), max([*ends, 0.0])
        margin = 0.06 * max(high - low, 2 * definition.negligible)
        for panel, scenarios in zip(axes, groups, strict=True):
            parts.plain(panel, "x")
            panel.set_xlim(low - margin, high + margin)
            names = [_name(code, context, lang) for code in rows]
            strong = 0 if rows[0] == context.region else -1
            labels.rows_axis(panel, names, _NAME_ROOM, strong=strong)
            if panel is not axes[0]:
                panel.tick_params(labelleft=False)
            panel.axvline(0.0, color=style.INK, linewidth=1.0, zorder=1)
            for scenario in scenarios:
                rank = scenarios.index(scenario)
                shift = (rank - (len(scenarios) - 1) / 2) * 2 * _DODGE
                colour, mark = parts.package_style(scenarios, scenario)
                for row, code in enumerate(rows):
                    estimate = estimates.get((scenario, code))
                    if estimate is None:
                        continue
                    y = row + shift
                    panel.plot(band(estimate), [y, y], color=colour, linewidth=1.8, zorder=3)
                    panel.plot(
                        estimate.difference, y, marker=mark, markersize=6, color=colour, zorder=4
                    )
                    words = _effect_value(estimate, lang, ranged=len(groups) == 1)
                    labels.beside(panel, y, words, colour if len(scenarios) > 1 else style.INK)
            parts.value_ticks(panel, "x", lang, signed=True)

    return draw


def _poor_title(rows: Sequence[PerPoor], lang: str) -> str:
    """Say how unequal the money per poor person is."""
    most, least = rows[0], rows[-1]
    if len(rows) == 1 or not least.money > 0:
        amount = numbers.rupiah(most.money, lang, digits=_DIGITS)
        return i18n.text("charts.poor_title_one", lang, amount=amount, most=most.name)
    ratio = most.money / least.money
    decimals = 0 if ratio >= 10 else 1  # noqa: PLR2004  # two significant digits
    words = {"ratio": numbers.number(ratio, lang, decimals)}
    return i18n.text("charts.poor_title", lang, most=most.name, least=least.name, **words)


def _poor_value(row: PerPoor, lang: str) -> str:
    """Write money per poor person and how many times the shortfall it is."""
    amount = numbers.rupiah(row.money, lang, digits=_DIGITS)
    if not row.gap > 0:
        return amount
    times = row.money / row.gap
    written = numbers.number(times, lang, 0 if times >= 10 else 1)  # noqa: PLR2004
    return i18n.text("charts.poor_value", lang, amount=amount, times=written)


def _poor_table(
    found: dict[str, list[PerPoor]], context: ReportContext, lang: str, title: str
) -> TextTable:
    """Return money and shortfall per poor person."""
    columns = [
        heading("scenario", lang, numeric=False),
        heading("province", lang, numeric=False),
        Column(i18n.text("charts.poor_money", lang)),
        Column(i18n.text("charts.poor_gap", lang)),
    ]
    fields = ("scenario", "region", "rupiah_per_poor", "gap_per_poor")
    builder = TableBuilder("rupiah_per_poor", title, columns, fields)
    for scenario, rows in found.items():
        for row in rows:
            builder.add(
                (
                    context.title(scenario, lang),
                    row.name,
                    say_money(row.money, lang),
                    say_money(row.gap, lang),
                ),
                (scenario, row.code, known(row.money), known(row.gap)),
            )
    return builder.table()


def _draw_poor(
    found: dict[str, list[PerPoor]], lang: str, scale: float, largest: float
) -> Callable[[Sequence[Axes]], None]:
    """Return what draws the bars and the marks of the shortfall."""

    def draw(axes: Sequence[Axes]) -> None:
        for panel, rows in zip(axes, found.values(), strict=True):
            parts.plain(panel, "x")
            panel.set_xlim(min(0.0, min(row.money for row in rows) / scale), 1.04 * largest / scale)
            labels.rows_axis(panel, [row.name for row in rows], _NAME_ROOM)
            for place, row in enumerate(rows):
                panel.barh(place, row.money / scale, height=_BAR, color=style.PACKAGES[0], zorder=3)
                if row.gap > 0:
                    x, half = row.gap / scale, 0.45
                    panel.plot(
                        [x, x],
                        [place - half, place + half],
                        color=style.PAPER,
                        linewidth=4.5,
                        zorder=4,
                        solid_capstyle="butt",
                    )
                    panel.plot(
                        [x, x],
                        [place - half, place + half],
                        color=style.INK,
                        linewidth=2.2,
                        zorder=5,
                        solid_capstyle="butt",
                    )
                labels.beside(panel, place, _poor_value(row, lang))
            parts.value_ticks(panel, "x", lang)

    return draw
