"""Words inside charts: labels beside lines, names of rows, keys, headings of panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kesos_sim.reports.charts import style
from kesos_sim.reports.charts.chart import KeyEntry
from kesos_sim.reports.charts.parts import axes_height, package_style
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_MOST_LINES: Final = 3
_BETWEEN: Final = 3.0
_NAME_LEADING: Final = 1.3


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart so that none covers another, each as little as possible.

    Parameters
    ----------
    wanted : sequence of float
        Where the labels would like to be.
    gap : float
        Least distance between two of them.
    low, high : float
        Range in which they have to stay, if there is room.

    Returns
    -------
    list of float
        Places in the order of the input.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    groups: list[tuple[float, list[int]]] = []
    for index in order:
        groups.append((wanted[index], [index]))
        while len(groups) > 1 and _top(groups[-2], gap) + gap > _foot(groups[-1], gap):
            (above, members), (below, lower) = groups.pop(), groups.pop()
            joined = lower + members
            centre = (above * len(members) + below * len(lower)) / len(joined)
            groups.append((centre, joined))
    placed = [0.0] * len(wanted)
    for centre, members in groups:
        half = gap * (len(members) - 1) / 2
        middle = min(max(centre, low + half), max(high - half, low + half))
        for rank, index in enumerate(members):
            placed[index] = middle - half + rank * gap
    return placed


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A label at the right end of a line.

    Attributes
    ----------
    y : float
        Where the line ends.
    lines : tuple of str
        Words.
    colour : str
        Colour of the line.
    """

    y: float
    lines: tuple[str, ...]
    colour: str


def end_labels(axes: Axes, labels: Sequence[EndLabel], x: float) -> None:
    """Write the names of lines beside their ends.

    Parameters
    ----------
    axes : Axes
        The panel, with its limits set.
    labels : sequence of EndLabel
        Names and places.
    x : float
        Right end of the lines.
    """
    low, high = axes.get_ylim()
    per_point = (high - low) / axes_height(axes)
    tallest = max(len(label.lines) for label in labels)
    gap = (tallest * style.LABEL * style.LEADING + _BETWEEN) * per_point
    # Words are centred on their place; more than one line must not reach the words of the title.
    over = 0.5 * (tallest - 1) * style.LABEL * style.LEADING * per_point
    places = spread([label.y for label in labels], gap, low + over, high - over)
    for label, y in zip(labels, places, strict=True):
        axes.annotate(
            "\n".join(label.lines),
            (x, y),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=label.colour,
            fontsize=style.LABEL,
            fontweight=style.BOLD,
            linespacing=1.15,
            annotation_clip=False,
        )


def headings(
    groups: Sequence[Sequence[str]], results: Results, context: ReportContext, lang: str
) -> tuple[tuple[str, str], ...]:
    """Return the headings of panels with one scenario each; none for a single panel.

    Parameters
    ----------
    groups : sequence of sequence of str
        Scenarios of every panel.
    results : Results
        With all scenarios, which fix the colours.
    context : ReportContext
        With the titles.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of (str, str)
        Words and colour.
    """
    if len(groups) == 1:
        return ()
    return tuple(
        (context.title(group[0], lang), package_style(results.scenarios, group[0])[0])
        for group in groups
    )


def package_key(results: Results, context: ReportContext, lang: str) -> tuple[KeyEntry, ...]:
    """Return what the marks of scenarios in one panel stand for.

    Parameters
    ----------
    results : Results
        With the scenarios.
    context : ReportContext
        With the titles.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of KeyEntry
        One for every scenario.
    """
    entries = []
    for scenario in results.scenarios:
        colour, mark = package_style(results.scenarios, scenario)
        entries.append(KeyEntry(context.title(scenario, lang), mark, colour))
    return tuple(entries)


def named_end(name: str, value: str, y: float, colour: str, room: float) -> EndLabel:
    """Return the label of a line: its name and its last value, in at most three lines.

    Parameters
    ----------
    name : str
        Name of the line; empty when the panel's heading already says it.
    value : str
        Its last value.
    y : float
        Where the line ends.
    colour : str
        Colour of the line.
    room : float
        Width in points.

    Returns
    -------
    EndLabel
        The label.
    """
    lines = style.wrap(f"{name} {value}", room, style.LABEL, style.BOLD)
    if len(lines) > _MOST_LINES:
        lines = [*two_lines(style.wrap(name, room - 12, style.LABEL, style.BOLD)), value]
    return EndLabel(y, tuple(lines), colour)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows with names: beside them on a wide sheet, above them on a narrow one.

    Attributes
    ----------
    names : tuple of str
        Names from top to bottom.
    mark : float
        Height that the marks of a row need, points.
    room : float
        Width for the names in points; 0 where they stand above their rows.
    lines : int
        Lines of names above a row.
    """

    names: tuple[str, ...]
    mark: float
    room: float
    lines: int

    @classmethod
    def of(cls, names: Sequence[str], mark: float, room: float, sheet: Sheet) -> Rows:
        """Return the rows of a sheet.

        Parameters
        ----------
        names : sequence of str
            Names from top to bottom; long ones take two lines.
        mark : float
            Height that the marks of a row need, points.
        room : float
            Width for the names where they stand beside their rows, points.
        sheet : Sheet
            Width to draw for.

        Returns
        -------
        Rows
        """
        room = 0.0 if sheet.narrow else room
        width = room - 8 if room else sheet.inner
        broken = [two_lines(style.wrap(name, width, style.LABEL)) for name in names]
        lines = 0 if room else max(map(len, broken))
        return cls(tuple("\n".join(part) for part in broken), mark, room, lines)

    @property
    def height(self) -> float:
        """Height of a row in points; names of two lines beside their rows do not touch."""
        if not self.room:
            return self.mark + self.lines * style.LABEL * _NAME_LEADING
        lines = 1 + max((name.count("\n") for name in self.names), default=0)
        return self.mark if lines == 1 else max(self.mark, lines * style.LABEL * _NAME_LEADING)

    @property
    def shift(self) -> float:
        """How far below the middle of a row its marks stand, in rows."""
        return 0.0 if self.room else (self.height - self.mark) / self.height / 2.0

    def part(self, points: float) -> float:
        """Return points as a part of a row."""
        return points / self.height

    def write(self, axes: Axes, *, strong: int = -1) -> None:
        """Write the names; the vertical axis becomes 0 for the first row, 1 for the next.

        Parameters
        ----------
        axes : Axes
            The panel.
        strong : int
            Row whose name is set in semi-bold, if any.
        """
        if self.room:
            rows_axis(axes, self.names, strong=strong)
            return
        axes.set_ylim(len(self.names) - 0.5, -0.5)
        axes.set_yticks([])
        for rank, name in enumerate(self.names):
            axes.annotate(
                name,
                (0, rank + self.shift - self.part(self.mark) / 2),
                xycoords=("axes fraction", "data"),
                va="bottom",
                # Lines of the panel stop at a name instead of crossing it.
                bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.6},
                zorder=6,
                fontsize=style.LABEL,
                fontweight=style.BOLD if rank == strong else style.REGULAR,
                linespacing=1.1,
                annotation_clip=False,
            )


def rows_axis(axes: Axes, names: Sequence[str], *, strong: int = -1) -> None:
    """Write the names of rows at the left, the first one on top.

    Parameters
    ----------
    axes : Axes
        The panel; its vertical axis becomes 0 for the first row, 1 for the next.
    names : sequence of str
        Names from top to bottom, already broken into lines.
    strong : int
        Row whose name is set in semi-bold, if any.
    """
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), list(names))
    for rank, label in enumerate(axes.get_yticklabels()):
        label.set_color(style.INK)
        label.set_linespacing(1.0)
        label.set_fontweight(style.BOLD if rank == strong else style.REGULAR)


def two_lines(lines: list[str]) -> list[str]:
    """Keep two lines of a label; mark with an ellipsis that some were cut."""
    return lines if len(lines) <= 2 else [lines[0], lines[1] + " …"]  # noqa: PLR2004


def room_beside(words: Sequence[str]) -> float:
    """Return the room that values at the right of a panel need, in points.

    Parameters
    ----------
    words : sequence of str
        All values.

    Returns
    -------
    float
        Width of the widest with its distance from the panel.
    """
    return max((style.text_width(word, style.LABEL) for word in words), default=0.0) + 10.0


def beside(axes: Axes, row: float, words: str, colour: str = style.INK) -> None:
    """Write a value at the right of a panel, beside its row.

    Parameters
    ----------
    axes : Axes
        The panel.
    row : float
        Vertical position in rows.
    words : str
        The value.
    colour : str
        Colour of the words.
    """
    axes.annotate(
        words,
        (1, row),
        xytext=(8, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        fontsize=style.LABEL,
        color=colour,
        annotation_clip=False,
    )


def _top(group: tuple[float, list[int]], gap: float) -> float:
    return group[0] + gap * (len(group[1]) - 1) / 2


def _foot(group: tuple[float, list[int]], gap: float) -> float:
    return group[0] - gap * (len(group[1]) - 1) / 2
