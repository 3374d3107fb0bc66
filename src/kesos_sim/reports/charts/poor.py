"""New money per poor person by province, against the yearly poverty gap."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Results
from kesos_sim.reports.money import PerPoor, per_poor
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, heading, known
from kesos_sim.reports.values import say_money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAME_ROOM: Final = 118.0
_MARK: Final = {False: 21.0, True: 18.0}
"""Height of a row without a name above it, on wide and narrow sheets, points."""
_DIGITS: Final = 2
_TEN: Final = 10.0
"""Ratios from here on have two significant digits without a decimal."""
_BAR: Final = 13.0
_TICK: Final = 19.0


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
    title = _poor_title(found, context, lang)
    count = max(map(len, found.values()))
    groups = [(s,) for s in scenarios]
    lines = [
        i18n.text(
            "charts.item",
            lang,
            name=row.name if len(scenarios) == 1 else f"{context.title(s, lang)}: {row.name}",
            value=_poor_value(row, lang),
        )
        for s, rows in found.items()
        for row in rows
    ]

    def layout(sheet: Sheet) -> Layout:
        placed = _poor_rows(found[scenarios[0]], sheet)
        return Layout(
            rows=len(scenarios),
            height=count * placed.height,
            left=placed.room,
            right=labels.room_beside(
                [
                    _poor_value(row, lang, brief=sheet.narrow)
                    for rows in found.values()
                    for row in rows
                ]
            ),
            headings=labels.headings(groups, results, context, lang),
        )

    return Chart(
        name="rupiah_per_poor",
        lang=lang,
        title=title,
        note=i18n.text("charts.poor_axis", lang, unit=unit).strip(),
        alt=i18n.text("charts.poor_alt", lang, lines="; ".join(lines)),
        table=_poor_table(found, context, lang, title),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=_draw_poor(found, results, lang, scale, largest),
    )


def _poor_title(found: dict[str, list[PerPoor]], context: ReportContext, lang: str) -> str:
    """Say how unequal the money per poor person is, for every scenario."""
    ratios = {s: rows[0].money / rows[-1].money for s, rows in found.items() if _unequal(rows)}
    written = {s: numbers.number(r, lang, 0 if r >= _TEN else 1) for s, r in ratios.items()}
    if len(found) > 1 and ratios.keys() == found.keys():
        lines = [
            i18n.text("charts.poor_times", lang, name=context.title(s, lang), ratio=ratio)
            for s, ratio in written.items()
        ]
        return i18n.text("charts.poor_title_many", lang, lines="; ".join(lines))
    scenario, rows = next(iter(found.items()))
    words = {"most": rows[0].name, "least": rows[-1].name}
    if scenario in written:
        return i18n.text("charts.poor_title", lang, ratio=written[scenario], **words)
    amount = numbers.rupiah(rows[0].money, lang, digits=_DIGITS)
    said = i18n.text("charts.poor_title_one", lang, amount=amount, most=rows[0].name)
    return said if len(found) == 1 else f"{context.title(scenario, lang)}: {said}"


def _unequal(rows: Sequence[PerPoor]) -> bool:
    """Return whether the most and the least money can be set against each other."""
    return len(rows) > 1 and rows[-1].money > 0.0


def _poor_rows(rows: Sequence[PerPoor], sheet: Sheet) -> labels.Rows:
    """Return the rows of the chart of money per poor person."""
    return labels.Rows.of([row.name for row in rows], _MARK[sheet.narrow], _NAME_ROOM, sheet)


def _poor_value(row: PerPoor, lang: str, *, brief: bool = False) -> str:
    """Write money per poor person, and how many times the shortfall it is unless brief."""
    amount = numbers.rupiah(row.money, lang, digits=_DIGITS)
    if brief or not row.gap > 0:
        return amount
    times = row.money / row.gap
    written = numbers.number(times, lang, 0 if times >= _TEN else 1)
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
    found: dict[str, list[PerPoor]], results: Results, lang: str, scale: float, largest: float
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws the bars and the marks of the shortfall."""

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        for panel, (scenario, rows) in zip(axes, found.items(), strict=True):
            parts.plain(panel, "x")
            panel.set_xlim(min(0.0, min(row.money for row in rows) / scale), 1.04 * largest / scale)
            placed = _poor_rows(rows, sheet)
            placed.write(panel)
            colour, _ = parts.package_style(results.scenarios, scenario)
            for place, row in enumerate(rows):
                y = place + placed.shift
                height = placed.part(_BAR)
                panel.barh(y, row.money / scale, height=height, color=colour, zorder=3)
                if row.gap > 0:
                    half = placed.part(_TICK) / 2
                    _gap_mark(panel, row.gap / scale, (y - half, y + half))
                labels.beside(panel, y, _poor_value(row, lang, brief=sheet.narrow))
            parts.value_ticks(panel, "x", lang)

    return draw


def _gap_mark(axes: Axes, x: float, ends: tuple[float, float]) -> None:
    """Draw the upright mark of the poverty gap, with a light rim against the bar."""
    for colour, width in ((style.PAPER, 4.5), (style.INK, 2.2)):
        axes.plot([x, x], ends, color=colour, linewidth=width, zorder=4, solid_capstyle="butt")
