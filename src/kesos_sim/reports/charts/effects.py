"""What one lever moves: each indicator against how surely its direction can be told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.effects import STILL, effects_table, rows_of, title, verdict_words
from kesos_sim.reports.values import difference_unit, say_difference
from kesos_sim.scenario.words import lever_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kesos_sim.experiments.effects import Effects

__all__ = ["effects_chart"]

_MARK: Final = {False: 26.0, True: 15.0}
_NAME_ROOM: Final = 200.0
_FARTHEST: Final = 4.0
"""Differences beyond so many half intervals are drawn at the edge."""
_MARKS: Final[Mapping[str, tuple[str, str, bool]]] = {
    "expected": ("o", style.PACKAGES[0], False),
    "opposite": ("s", style.PACKAGES[1], False),
    "unclear": ("D", style.BASELINE, True),
}
"""Mark, colour and hollowness by verdict; of the other verdicts as of the last one."""


def effects_chart(found: Effects, lever: str, lang: str) -> Chart:
    """Draw the difference of each indicator as a multiple of half its 90% interval.

    Parameters
    ----------
    found : Effects
        What each lever moves.
    lever : str
        Name of one of its levers.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        A row for each indicator that the lever is expected to move; inside the grey band its
        direction cannot be told. The figures stand beside the rows.
    """
    rows = rows_of(found, lever)
    names = [indicator(row["indicator"]).label(lang) for row in rows]
    values = [_value(row, lang) for row in rows]
    verdicts = [verdict_words(row, lang) for row in rows]
    heading = title(found, lever, lang)
    before, to = (lever_value(lever, rows[0][end], lang) for end in ("from", "to"))
    context = found.comparison.baseline.context()
    lines = "; ".join(
        i18n.text("effects.chart_line", lang, indicator=name, value=value, verdict=verdict)
        for name, value, verdict in zip(names, values, verdicts, strict=True)
    )
    styles = [_style(row) for row in rows]
    key = {name: own for name, own in _MARKS.items() if own in styles}

    def placed(sheet: Sheet) -> labels.Rows:
        return labels.Rows.of(names, _MARK[sheet.narrow], _NAME_ROOM, sheet)

    def layout(sheet: Sheet) -> Layout:
        own = placed(sheet)
        return Layout(
            height=len(rows) * own.height,
            left=own.room,
            right=labels.room_beside(values),
            key=tuple(
                KeyEntry(i18n.text(f"effects.key_{name}", lang), mark, colour, hollow)
                for name, (mark, colour, hollow) in key.items()
            ),
        )

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        own = placed(sheet)
        parts.plain(panel, "x")
        own.write(panel)
        panel.axvspan(-1.0, 1.0, color=style.HAIRLINE, zorder=0)
        panel.axvline(0.0, color=style.INK, linewidth=1.0, zorder=1)
        panel.set_xlim(-1.05 * _FARTHEST, 1.05 * _FARTHEST)
        for place, row in enumerate(rows):
            y, x = place + own.shift, _sureness(row)
            mark, colour, hollow = styles[place]
            panel.plot([0.0, x], [y, y], color=colour, linewidth=1.4, zorder=2)
            panel.plot(
                x,
                y,
                marker=mark,
                markersize=6,
                color=colour,
                markerfacecolor=style.PAPER if hollow else colour,
                zorder=3,
            )
            labels.beside(panel, y, values[place])
        parts.value_ticks(panel, "x", lang, signed=True)

    return Chart(
        name=f"effects_{lever}",
        lang=lang,
        title=heading,
        note=i18n.text("effects.chart_note", lang, before=before, to=to, seeds=found.seeds),
        alt=f"{heading}. {lines}",
        table=effects_table(found, lever, lang),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=draw,
    )


def _style(row: Mapping[str, Any]) -> tuple[str, str, bool]:
    """Return mark, colour and hollowness of a row."""
    return _MARKS.get(row["verdict"], _MARKS["unclear"])


def _sureness(row: Mapping[str, Any]) -> float:
    """Return a difference in half intervals, no farther than the edge; 0 where nothing moves."""
    if row["verdict"] in STILL:
        return 0.0
    half = (row["high"] - row["low"]) / 2.0
    far = abs(row["difference"]) / half if half > 0.0 else math.inf
    return math.copysign(min(far, _FARTHEST), row["difference"])


def _value(row: Mapping[str, Any], lang: str) -> str:
    """Write a difference with its unit, or that there is none."""
    if row["verdict"] in STILL:
        return i18n.text(f"effects.short_{row['verdict']}", lang)
    known = indicator(row["indicator"])
    words = say_difference(row["difference"], known, lang)
    return f"{words} {difference_unit(known, lang)}"
