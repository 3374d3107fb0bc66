"""What each part adds, from the one end to the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim import i18n
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.values import say, say_difference, unit_words
from kesos_sim.reports.why import part_name, title, why_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kesos_sim.experiments.attribution import Attribution

_NAME_ROOM: Final = 190.0
_ROW: Final = {False: 30.0, True: 15.0}
_BAR: Final = 0.55


def waterfall(attribution: Attribution, name: str, lang: str) -> Chart:
    """Draw what each part adds to an indicator, one row for each, from the start to the end.

    Parameters
    ----------
    attribution : Attribution
        The attribution.
    name : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        Bars that begin where the one above ends; the first and the last row are the levels.
    """
    definition = indicator(name)
    start = float(attribution.before[name][:, 0].mean())
    steps = attribution.added[name][:, :, 0].mean(axis=0)
    order = np.argsort(-np.abs(steps), kind="stable")
    names = [part_name(attribution.parts[place], lang) for place in order]
    added = steps[order]
    ends = start + np.concatenate([[0.0], np.cumsum(added)])
    rows = [
        i18n.text("why.before" if attribution.period != "path" else "why.short_before", lang),
        *names,
        i18n.text("why.after" if attribution.period != "path" else "why.short_after", lang),
    ]
    values = [
        say(start, definition, lang),
        *(say_difference(step, definition, lang) for step in added),
        say(float(ends[-1]), definition, lang),
    ]
    comparison = attribution.comparison
    shown = comparison if comparison.alternatives else comparison.baseline
    context = shown.context()
    items = "; ".join(
        i18n.text("why.item", lang, part=row, value=value)
        for row, value in zip(rows, values, strict=True)
    )
    unit = (
        i18n.text("why.unit_points", lang)
        if definition.unit == "percent"
        else unit_words(definition, lang)
    )
    heading = title(attribution, name, lang)

    def placed(sheet: Sheet) -> labels.Rows:
        return labels.Rows.of(rows, _ROW[sheet.narrow], _NAME_ROOM, sheet)

    def layout(sheet: Sheet) -> Layout:
        own = placed(sheet)
        return Layout(
            height=len(rows) * own.height,
            left=own.room,
            right=labels.room_beside(values),
        )

    return Chart(
        name=f"why_{name}",
        lang=lang,
        title=heading,
        note=i18n.text("why.note", lang, unit=unit),
        alt=f"{heading}: {items}",
        table=why_table(attribution, name, lang),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=_draw(ends, 2.0 * definition.negligible, values, placed, lang),
    )


def _draw(
    ends: np.ndarray,
    least: float,
    values: Sequence[str],
    placed: Callable[[Sheet], labels.Rows],
    lang: str,
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws the bars."""

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        own = placed(sheet)
        low, high = float(ends.min()), float(ends.max())
        # No axis is finer than what is worth a word.
        room = 0.12 * max(high - low, least)
        low, high = min(low, ends[0] - least / 2.0), max(high, ends[0] + least / 2.0)
        parts.plain(panel, "x")
        panel.set_xlim(low - room, high + room)
        own.write(panel, strong=len(values) - 1)
        last = len(values) - 1
        thick = own.part(_ROW[sheet.narrow] * _BAR)
        for row in range(len(values)):
            y = row + own.shift
            if row in {0, last}:
                level = ends[0] if row == 0 else ends[-1]
                panel.plot(level, y, marker="D", markersize=6, color=style.INK, zorder=4)
            else:
                fell = ends[row] < ends[row - 1]
                panel.barh(
                    y,
                    ends[row] - ends[row - 1],
                    left=ends[row - 1],
                    height=thick,
                    color=style.PACKAGES[0 if fell else 1],
                    hatch=None if fell else "////",
                    edgecolor=style.PAPER,
                    zorder=3,
                )
            if row < last:
                x = ends[min(row, ends.size - 1)]
                panel.plot([x, x], [y, y + 1], color=style.BASELINE, linewidth=0.8, zorder=2)
            labels.beside(panel, y, values[row])
        parts.value_ticks(panel, "x", lang)

    return draw
