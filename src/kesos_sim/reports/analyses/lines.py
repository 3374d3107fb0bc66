"""Lines over years: gaps dashed, breaks of method marked by letters, ranges as upright strokes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Band", "Line", "lettered", "lines"]

_LABEL_ROOM: Final = 122.0
_BESIDE: Final = 14.0
_YEAR_ROOM: Final = 30.0
_GAP: Final = (0, (2, 2))
_BAND: Final = 0.16
_LETTERS: Final = "abcdefghijklm"
_STROKE: Final = 0.12


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes
    ----------
    name : str
        What it shows.
    points : mapping of float to float
        Values by time in years, ascending.
    last : str
        Its last value in words.
    colour, mark : str
        How it is drawn.
    dashes : matplotlib line style
        How it is drawn.
    yearly : bool
        Whether a missing year is a gap, drawn as thin dashes.
    half : mapping of float to float
        Half the range of a value, where it is to be shown.
    marked : set of float
        Times whose values are a planner's own, which open diamonds show.
    """

    name: str
    points: Mapping[float, float]
    last: str
    colour: str
    mark: str
    dashes: Any = "-"
    yearly: bool = True
    half: Mapping[float, float] = field(default_factory=dict)
    marked: frozenset[float] = frozenset()


@dataclass(frozen=True, slots=True)
class Band:
    """A shaded range along a line: ends by time in years."""

    points: Mapping[float, tuple[float, float]]
    colour: str


def lettered(found: Mapping[int, str], lang: str) -> str:
    """Return what the letters at breaks mean, as sentences; nothing without breaks."""
    return " ".join(
        i18n.text("analyses.break", lang, letter=letter, year=str(year), words=words)
        for letter, (year, words) in zip(_LETTERS, found.items(), strict=False)
    )


def lines(
    drawn: Sequence[Line],
    lang: str,
    *,
    scale: float = 1.0,
    cuts: Sequence[int] = (),
    bands: Sequence[Band] = (),
    turn: float | None = None,
    from_zero: bool = True,
) -> tuple[Callable[[Sheet], Layout], Callable[[Sequence[Axes], Sheet], None]]:
    """Return the layout and the drawing of lines.

    Parameters
    ----------
    drawn : sequence of Line
        The lines, the most important first.
    lang : str
        ``id`` or ``en``.
    scale : float
        What values are divided by on the axis, whose unit says so.
    cuts : sequence of int
        First years after a break of method, ascending.
    bands : sequence of Band
        Ranges along lines.
    turn : float, optional
        A year that divides before from after.
    from_zero : bool
        Whether the axis begins at zero.

    Returns
    -------
    (callable, callable)
        For a `Chart`.
    """
    drawn = [_scaled(one, scale) for one in drawn]
    values = max(style.text_width(one.last, style.LABEL, style.BOLD) for one in drawn) + _BESIDE

    def room(sheet: Sheet) -> float:
        named = len(drawn) > 1 and not sheet.narrow
        return max(values, _LABEL_ROOM) if named else values

    def layout(sheet: Sheet) -> Layout:
        key = tuple(KeyEntry(one.name, one.mark, one.colour, line=one.dashes) for one in drawn)
        return Layout(
            height=170.0 if sheet.narrow else 215.0,
            left=40.0,
            right=room(sheet),
            key=key if sheet.narrow and len(drawn) > 1 else (),
        )

    shaded = [
        Band({t: (a / scale, b / scale) for t, (a, b) in band.points.items()}, band.colour)
        for band in bands
    ]

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        low, high = _reach(drawn, shaded)
        pad = 0.08 * (high - low or abs(high) or 1.0)
        start = min(0.0, low - pad * (low < 0.0)) if from_zero else low - pad
        panel.set_ylim(start, high + 2.0 * pad)
        parts.plain(panel, "y")
        times = [time for one in drawn for time in one.points]
        _years(panel, min(times), max(times))
        for band in shaded:
            ends = list(band.points.items())
            panel.fill_between(
                [time for time, _ in ends],
                [low for _, (low, _) in ends],
                [high for _, (_, high) in ends],
                color=band.colour,
                alpha=_BAND,
                linewidth=0.0,
                zorder=1,
            )
        for letter, cut in zip(_LETTERS, cuts, strict=False):
            panel.axvline(cut - 0.5, color=style.QUIET, linestyle=":", linewidth=1.2, zorder=2)
            _above(panel, cut - 0.5, letter)
        if turn is not None:
            panel.axvline(turn, color=style.INK, linewidth=1.2, zorder=2)
            _above(panel, turn, f"{turn:g}")
        for one in reversed(drawn):
            _draw(panel, one, cuts)
        named = [
            _end(one, room(sheet), named=len(drawn) > 1 and not sheet.narrow)
            for one in drawn
            if one.last
        ]
        labels.end_labels(panel, named, max(times))
        parts.value_ticks(panel, "y", lang)

    return layout, draw


def _scaled(one: Line, scale: float) -> Line:
    """Return a line in a larger unit."""
    if scale == 1.0:
        return one
    points = {time: value / scale for time, value in one.points.items()}
    half = {time: value / scale for time, value in one.half.items()}
    return replace(one, points=points, half=half)


def _reach(drawn: Sequence[Line], bands: Sequence[Band]) -> tuple[float, float]:
    """Return the lowest and the highest value that is drawn."""
    seen = [
        value + sign * one.half.get(time, 0.0)
        for one in drawn
        for time, value in one.points.items()
        for sign in (-1.0, 1.0)
    ]
    seen += [end for band in bands for ends in band.points.values() for end in ends]
    known = [value for value in seen if math.isfinite(value)]
    return min(known), max(known)


def _years(panel: Axes, first: float, last: float) -> None:
    """Write round years below the panel."""
    whole = range(math.ceil(first - 1e-9), math.floor(last + 1e-9) + 1)
    step = max(1, math.ceil(len(whole) * _YEAR_ROOM / parts.axes_width(panel)))
    shown = [year for year in whole if (whole[-1] - year) % step == 0]
    panel.set_xticks([float(year) for year in shown], [str(year) for year in shown])
    edge = 0.04 * max(last - first, 1.0)
    panel.set_xlim(first - edge, last + edge)


def _above(panel: Axes, x: float, words: str) -> None:
    """Write a word at the top of an upright line."""
    panel.annotate(
        words,
        (x, 1.0),
        xytext=(3, -2),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        va="top",
        fontsize=style.SMALL,
        color=style.QUIET,
    )


def _draw(panel: Axes, one: Line, cuts: Sequence[int]) -> None:
    """Draw one line with its gaps, marks and ranges; a break of method is not bridged."""
    points = list(one.points.items())
    for (time, value), (then, after) in pairwise(points):
        if any(time < cut <= then for cut in cuts):
            continue
        gap = one.yearly and then - time > 1.0
        panel.plot(
            [time, then],
            [value, after],
            color=one.colour,
            linewidth=1.2 if gap else style.LINE,
            linestyle=_GAP if gap else one.dashes,
            zorder=4,
        )
    if one.mark:
        panel.plot(
            [time for time, _ in points],
            [value for _, value in points],
            linestyle="none",
            marker=one.mark,
            markersize=5.5,
            color=one.colour,
            zorder=5,
        )
    parts.mark_own(panel, sorted(one.marked), [one.points[t] for t in sorted(one.marked)])
    for time, half in one.half.items():
        low, high = one.points[time] - half, one.points[time] + half
        panel.plot([time, time], [low, high], color=one.colour, linewidth=1.0, zorder=3)
        for end in (low, high):
            panel.plot(
                [time - _STROKE, time + _STROKE], [end, end], color=one.colour, linewidth=1.0
            )


def _end(one: Line, room: float, *, named: bool) -> labels.EndLabel:
    """Return the label at the end of a line."""
    name = one.name if named else ""
    value = list(one.points.values())[-1]
    return labels.named_end(name, one.last, value, one.colour, room - 10.0)
