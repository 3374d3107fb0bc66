"""The page of a chart: title, key, panels, source and provenance from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kesos_sim.reports.charts import style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARGIN: Final = 14.0
_GAP: Final = 8.0
_MARK_ROOM: Final = 13.0
_ENTRY_GAP: Final = 18.0
_INNER: Final = style.WIDTH - 2 * _MARGIN


@dataclass(frozen=True, slots=True)
class _Parts:
    """The words of a chart, broken into lines."""

    title: list[str]
    note: list[str]
    foot: list[str]
    key: list[list[KeyEntry]]
    headings: list[list[str]]


def compose(chart: Chart) -> Figure:
    """Lay out a chart; its height follows from its words and panels.

    Parameters
    ----------
    chart : Chart
        What to draw.

    Returns
    -------
    matplotlib.figure.Figure
        A figure of its own, not known to pyplot.
    """
    from matplotlib.figure import Figure  # matplotlib loads where it is used

    layout = chart.layout
    words = _broken(chart)
    heading = max((_height(lines, style.LABEL) + 4 for lines in words.headings), default=0.0)
    panel = heading + layout.height + layout.bottom
    key = _height(words.key, style.LABEL) + _GAP if words.key else 0.0
    head = _height(words.title, style.TITLE) + 4 + _height(words.note, style.LABEL) + _GAP
    panels = layout.rows * panel + (layout.rows - 1) * _GAP
    foot = _height(words.foot, style.SMALL)
    height = 2 * _MARGIN + head + key + panels + _GAP + foot

    figure = Figure(figsize=(style.WIDTH / style.POINTS_PER_INCH, height / style.POINTS_PER_INCH))
    top = height - _MARGIN
    top = _write(figure, words.title, (_MARGIN, top), style.TITLE, style.INK, bold=True) - 4
    top = _write(figure, words.note, (_MARGIN, top), style.LABEL, style.QUIET) - _GAP
    for row in words.key:
        _key(figure, row, top)
        top -= style.LABEL * style.LEADING
    top -= _GAP if words.key else 0.0
    _write(figure, words.foot, (_MARGIN, _MARGIN + foot), style.SMALL, style.QUIET)
    axes: list[Axes] = []
    for index in range(layout.rows * layout.columns):
        row_, column = divmod(index, layout.columns)
        left, width = _cell(layout, column)
        cell_top = top - row_ * (panel + _GAP)
        if words.headings:
            colour = layout.headings[index][1]
            lines = words.headings[index]
            _write(figure, lines, (left, cell_top), style.LABEL, colour, bold=True)
        inset = 0.0 if layout.shared_left else layout.left
        box = (
            (left + inset) / style.WIDTH,
            (cell_top - heading - layout.height) / height,
            (width - inset - layout.right) / style.WIDTH,
            layout.height / height,
        )
        axes.append(figure.add_axes(box))
    chart.draw(axes)
    return figure


def _cell(layout: Layout, column: int) -> tuple[float, float]:
    """Return left edge and width of a column of panels, in points."""
    shared = layout.left if layout.shared_left else 0.0
    width = (_INNER - shared - (layout.columns - 1) * _GAP) / layout.columns
    return _MARGIN + shared + column * (width + _GAP), width


def _broken(chart: Chart) -> _Parts:
    """Break the words of a chart into lines that fit."""
    layout = chart.layout
    width = _cell(layout, 0)[1] - 6
    foot = (chart.source, chart.provenance)
    return _Parts(
        title=style.wrap(chart.title, _INNER, style.TITLE, style.BOLD),
        note=style.wrap(chart.note, _INNER, style.LABEL),
        foot=[line for part in foot for line in style.wrap(part, _INNER, style.SMALL)],
        key=_key_rows(layout.key),
        headings=[
            style.wrap(words, width, style.LABEL, style.BOLD) for words, _ in layout.headings
        ],
    )


def _key_rows(entries: Sequence[KeyEntry]) -> list[list[KeyEntry]]:
    """Put the entries of the key into rows that fit."""
    rows: list[list[KeyEntry]] = []
    used = _INNER
    for entry in entries:
        width = _entry_width(entry)
        if not rows or used + width > _INNER:
            rows.append([])
            used = 0.0
        rows[-1].append(entry)
        used += width
    return rows


def _entry_width(entry: KeyEntry) -> float:
    return _MARK_ROOM + style.text_width(entry.words, style.LABEL, style.BOLD) + _ENTRY_GAP


def _key(figure: Figure, entries: Sequence[KeyEntry], top: float) -> None:
    """Write one row of the key."""
    from matplotlib.lines import Line2D  # matplotlib loads where it is used

    height = float(figure.get_size_inches()[1]) * style.POINTS_PER_INCH
    left = _MARGIN
    for entry in entries:
        mark = Line2D(
            [(left + 4) / style.WIDTH],
            [(top - style.LABEL * 0.64) / height],
            transform=figure.transFigure,
            linestyle="none",
            marker=entry.mark,
            markersize=6,
            markerfacecolor=style.PAPER if entry.hollow else entry.colour,
            markeredgecolor=entry.colour,
            markeredgewidth=1.4,
        )
        figure.add_artist(mark)
        start = (left + _MARK_ROOM, top)
        _write(figure, [entry.words], start, style.LABEL, entry.colour, bold=True)
        left += _entry_width(entry)


def _height(lines: Sequence[object], size: float) -> float:
    return len(lines) * size * style.LEADING


def _write(
    figure: Figure,
    lines: Sequence[str],
    at: tuple[float, float],
    size: float,
    colour: str,
    *,
    bold: bool = False,
) -> float:
    """Write lines downwards from a point; return where the next thing may start."""
    height = float(figure.get_size_inches()[1]) * style.POINTS_PER_INCH
    left, top = at
    for line in lines:
        figure.text(
            left / style.WIDTH,
            (top - size) / height,
            line,
            fontsize=size,
            color=colour,
            fontweight=style.BOLD if bold else style.REGULAR,
            va="baseline",
        )
        top -= size * style.LEADING
    return top
