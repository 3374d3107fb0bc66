"""Sorted bars with reference lines; the region itself is marked by shape as well as by colour."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kesos_sim.palette import COLOURS
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Bar", "Limit", "bars", "pointed"]

_NAME_ROOM: Final = 138.0
_ROW: Final = {False: 17.0, True: 10.0}
_BAR: Final = {False: 10.0, True: 7.0}
_OTHER: Final = COLOURS["other_bar"].light
_POINTER: Final = "\u2192"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Attributes
    ----------
    name : str
        Name of its row.
    value : float
        Its length.
    words : str
        The value in words.
    own : bool
        Whether it is the region that the chart is about.
    marked : bool
        Whether its figure is a planner's own, which an open diamond shows.
    low, high : float
        Ends of its range, where there is one.
    """

    name: str
    value: float
    words: str
    own: bool = False
    marked: bool = False
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True, slots=True)
class Limit:
    """A line across all bars.

    Attributes
    ----------
    value : float
        Where it stands.
    words : str
        What it is, with its value.
    dashes : matplotlib line style
        How it is drawn.
    colour : str
        Its colour.
    """

    value: float
    words: str
    dashes: Any
    colour: str


def pointed(name: str, *, own: bool) -> str:
    """Return the name of a row; that of the region itself has an arrow before it."""
    return f"{_POINTER} {name}" if own else name


def bars(
    rows: Sequence[Bar], limits: Sequence[Limit], lang: str
) -> tuple[Callable[[Sheet], Layout], Callable[[Sequence[Axes], Sheet], None]]:
    """Return the layout and the drawing of bars.

    Parameters
    ----------
    rows : sequence of Bar
        From top to bottom.
    limits : sequence of Limit
        Lines across them, named in the key.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    (callable, callable)
        For a `Chart`.
    """
    names = [pointed(row.name, own=row.own) for row in rows]
    key = tuple(KeyEntry(one.words, "", one.colour, line=one.dashes) for one in limits)
    own = next((place for place, row in enumerate(rows) if row.own), -1)

    def placed(sheet: Sheet) -> labels.Rows:
        return labels.Rows.of(names, _ROW[sheet.narrow], _NAME_ROOM, sheet)

    def layout(sheet: Sheet) -> Layout:
        found = placed(sheet)
        return Layout(
            height=len(rows) * found.height,
            left=found.room,
            right=labels.room_beside([row.words for row in rows]),
            key=key,
        )

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        found = placed(sheet)
        parts.plain(panel, "x")
        ends = [row.value for row in rows] + [one.value for one in limits]
        ends += [end for row in rows for end in (row.low, row.high) if math.isfinite(end)]
        low, high = min([*ends, 0.0]), max([*ends, 0.0])
        margin = 0.04 * (high - low or 1.0)
        panel.set_xlim(low - margin * (low < 0.0), high + margin)
        found.write(panel, strong=own)
        panel.axvline(0.0, color=style.INK, linewidth=1.0, zorder=4)
        for place, row in enumerate(rows):
            y = place + found.shift
            panel.barh(
                y,
                row.value,
                height=found.part(_BAR[sheet.narrow]),
                facecolor=style.PACKAGES[0] if row.own else _OTHER,
                edgecolor=style.INK if row.own else style.BASELINE,
                linewidth=1.2 if row.own else 0.6,
                hatch="////" if row.own else None,
                zorder=3,
            )
            if math.isfinite(row.low):
                panel.plot([row.low, row.high], [y, y], color=style.INK, linewidth=1.2, zorder=5)
            if row.marked:
                parts.mark_own(panel, [row.value], [y])
            labels.beside(panel, y, row.words)
        for one in limits:
            panel.axvline(
                one.value, color=one.colour, linestyle=one.dashes, linewidth=1.6, zorder=5
            )
        parts.value_ticks(panel, "x", lang)

    return layout, draw
