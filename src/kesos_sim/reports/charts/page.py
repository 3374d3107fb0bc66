"""The page of a chart: title, key, panels, source and provenance from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kesos_sim.reports.charts import style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_GAP: Final = 8.0
_BELOW_HEADING: Final = 8.0
"""Room for half of a value that stands at the top of the axis of a panel."""
_MARK_ROOM: Final = 13.0
_LINE_ROOM: Final = 26.0
_ENTRY_GAP: Final = 18.0


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the key, its words broken into lines."""

    entry: KeyEntry
    lines: list[str]
    room: float
    width: float


@dataclass(frozen=True, slots=True)
class _Parts:
    """The words of a chart, broken into lines."""

    title: list[str]
    note: list[str]
    foot: list[str]
    key: list[list[_Entry]]
    headings: list[list[str]]


def compose(chart: Chart, sheet: Sheet) -> Figure:
    """Lay out a chart; its height follows from its words and panels.

    Parameters
    ----------
    chart : Chart
        What to draw.
    sheet : Sheet
        Width to draw for.

    Returns
    -------
    matplotlib.figure.Figure
        A figure of its own, not known to pyplot.
    """
    from matplotlib.figure import Figure  # matplotlib loads where it is used

    layout = chart.layout(sheet)
    words = _broken(chart, layout, sheet)
    heading = max(
        (_height(lines, style.LABEL) + _BELOW_HEADING for lines in words.headings), default=0.0
    )
    panel = heading + layout.height + layout.bottom
    key = sum(map(_row_height, words.key)) + _GAP if words.key else 0.0
    head = _height(words.title, style.TITLE) + 4 + _height(words.note, style.LABEL) + _GAP
    panels = layout.rows * panel + (layout.rows - 1) * _GAP
    foot = _height(words.foot, style.SMALL)
    height = 2 * sheet.margin + head + key + panels + _GAP + foot

    figure = Figure(figsize=(sheet.width / style.POINTS_PER_INCH, height / style.POINTS_PER_INCH))
    left, top = sheet.margin, height - sheet.margin
    top = _write(figure, words.title, (left, top), style.TITLE, style.INK, bold=True) - 4
    top = _write(figure, words.note, (left, top), style.LABEL, style.QUIET) - _GAP
    for row in words.key:
        _key(figure, row, (left, top))
        top -= _row_height(row)
    top -= _GAP if words.key else 0.0
    _write(figure, words.foot, (left, sheet.margin + foot), style.SMALL, style.QUIET)
    axes: list[Axes] = []
    for index in range(layout.rows * layout.columns):
        row_, column = divmod(index, layout.columns)
        left, width = _cell(layout, column, sheet)
        cell_top = top - row_ * (panel + _GAP)
        if words.headings:
            colour = layout.headings[index][1]
            lines = words.headings[index]
            _write(figure, lines, (left, cell_top), style.LABEL, colour, bold=True)
        inset = 0.0 if layout.shared_left else layout.left
        box = (
            (left + inset) / sheet.width,
            (cell_top - heading - layout.height) / height,
            (width - inset - layout.right) / sheet.width,
            layout.height / height,
        )
        axes.append(figure.add_axes(box))
    chart.draw(axes, sheet)
    return figure


def _cell(layout: Layout, column: int, sheet: Sheet) -> tuple[float, float]:
    """Return left edge and width of a column of panels, in points."""
    shared = layout.left if layout.shared_left else 0.0
    width = (sheet.inner - shared - (layout.columns - 1) * _GAP) / layout.columns
    return sheet.margin + shared + column * (width + _GAP), width


def _broken(chart: Chart, layout: Layout, sheet: Sheet) -> _Parts:
    """Break the words of a chart into lines that fit."""
    width = _cell(layout, 0, sheet)[1] - 6
    foot = (chart.source, chart.provenance)
    return _Parts(
        title=style.wrap(chart.title, sheet.inner, style.TITLE, style.BOLD),
        note=style.wrap(f"{chart.note} {layout.note}".strip(), sheet.inner, style.LABEL),
        foot=[line for part in foot for line in style.wrap(part, sheet.inner, style.SMALL)],
        key=_key_rows(layout.key, sheet.inner),
        headings=[
            style.wrap(words, width, style.LABEL, style.BOLD) for words, _ in layout.headings
        ],
    )


def _key_rows(entries: Sequence[KeyEntry], inner: float) -> list[list[_Entry]]:
    """Put the entries of the key into rows that fit."""
    rows: list[list[_Entry]] = []
    used = inner
    for entry in entries:
        broken = _broken_entry(entry, inner)
        if not rows or used + broken.width > inner:
            rows.append([])
            used = 0.0
        rows[-1].append(broken)
        used += broken.width + _ENTRY_GAP
    return rows


def _broken_entry(entry: KeyEntry, inner: float) -> _Entry:
    """Break the words of an entry into lines that fit beside its mark."""
    room = _MARK_ROOM if entry.line is None else _LINE_ROOM
    lines = style.wrap(entry.words, inner - room, style.LABEL, style.BOLD)
    widest = max(style.text_width(line, style.LABEL, style.BOLD) for line in lines)
    return _Entry(entry, lines, room, room + widest)


def _row_height(row: Sequence[_Entry]) -> float:
    return max(_height(broken.lines, style.LABEL) for broken in row)


def _key(figure: Figure, row: Sequence[_Entry], at: tuple[float, float]) -> None:
    """Write one row of the key from a point to the right."""
    from matplotlib.lines import Line2D  # matplotlib loads where it is used

    width, height = (float(inch) * style.POINTS_PER_INCH for inch in figure.get_size_inches())
    left, top = at
    for broken in row:
        entry = broken.entry
        y = (top - style.LABEL * 0.64) / height
        x = [left + 4] if entry.line is None else [left, left + broken.room / 2 - 3]
        ends = x if entry.line is None else [*x, left + broken.room - 6]
        mark = Line2D(
            [end / width for end in ends],
            [y] * len(ends),
            transform=figure.transFigure,
            linestyle="none" if entry.line is None else entry.line,
            linewidth=style.LINE,
            color=entry.colour,
            marker=entry.mark or None,
            markevery=[len(x) - 1],
            markersize=6,
            markerfacecolor=style.PAPER if entry.hollow else entry.colour,
            markeredgecolor=entry.ink or entry.colour,
            markeredgewidth=1.4,
        )
        figure.add_artist(mark)
        start = (left + broken.room, top)
        _write(figure, broken.lines, start, style.LABEL, entry.ink or entry.colour, bold=True)
        left += broken.width + _ENTRY_GAP


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
    width, height = (float(inch) * style.POINTS_PER_INCH for inch in figure.get_size_inches())
    left, top = at
    for line in lines:
        figure.text(
            left / width,
            (top - size) / height,
            line,
            fontsize=size,
            color=colour,
            fontweight=style.BOLD if bold else style.REGULAR,
            va="baseline",
        )
        top -= size * style.LEADING
    return top
