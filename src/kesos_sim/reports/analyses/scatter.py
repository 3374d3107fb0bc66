"""Points in four quadrants, labelled directly; on a narrow sheet by number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kesos_sim.reports.analyses.parts import tell
from kesos_sim.reports.analyses.placing import place
from kesos_sim.reports.charts import parts, style
from kesos_sim.reports.charts.chart import KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LOOKS", "Dot", "scatter"]

LOOKS: Final = {
    1: ("s", style.PACKAGES[1], False),
    2: ("^", style.PACKAGES[1], True),
    3: ("D", style.PACKAGES[0], True),
    4: ("o", style.PACKAGES[0], False),
}
"""Mark, colour, and whether the mark is open, by quadrant."""
_ROMAN: Final = {1: "I", 2: "II", 3: "III", 4: "IV"}
_SIZE: Final = 6.0
_LINE: Final = 11.5
_NEAR: Final = 13.0
_CORNER: Final = 28.0
"""Width and height that the number of a quadrant needs in its corner, points."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One region.

    Attributes
    ----------
    number : int
        Its number in the list.
    name : str
        Its name.
    x, y : float
        Level and yearly change.
    quadrant : int
        1 to 4.
    own : bool
        Whether it is the region that the chart is about.
    marked : bool
        Whether its figures are a planner's own, which an open diamond shows.
    """

    number: int
    name: str
    x: float
    y: float
    quadrant: int
    own: bool = False
    marked: bool = False


def roman(quadrant: int) -> str:
    """Return the number of a quadrant as it is written."""
    return _ROMAN[quadrant]


def scatter(
    dots: Sequence[Dot],
    reference: tuple[float, float],
    corners: dict[int, tuple[float, float]],
    names: dict[int, str],
    lang: str,
) -> tuple[Callable[[Sheet], Layout], Callable[[Sequence[Axes], Sheet], None]]:
    """Return the layout and the drawing of points in quadrants.

    Parameters
    ----------
    dots : sequence of Dot
        The most urgent first; they have the first choice of a place for their name.
    reference : (float, float)
        Level and yearly change that divide the quadrants.
    corners : dict of int to (float, float)
        Corner of each quadrant as parts of the panel.
    names : dict of int to str
        Name of each quadrant for the key.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    (callable, callable)
        For a `Chart`.
    """
    key = tuple(
        KeyEntry(f"{roman(which)} {names[which]}", mark, colour, hollow)
        for which, (mark, colour, hollow) in LOOKS.items()
    )

    def layout(sheet: Sheet) -> Layout:
        if sheet.narrow:
            note = tell("quadrants.numbered", lang)
            return Layout(height=230.0, left=40.0, bottom=24.0, key=key, note=note)
        return Layout(height=330.0, left=40.0, bottom=24.0, key=key)

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        _limits(panel, dots, reference)
        parts.plain(panel, "y")
        panel.axvline(reference[0], color=style.INK, linestyle=(0, (5, 2)), linewidth=1.2, zorder=2)
        panel.axhline(reference[1], color=style.INK, linestyle=(0, (5, 2)), linewidth=1.2, zorder=2)
        for which, (x, y) in corners.items():
            panel.text(
                0.02 + 0.96 * x,
                0.02 + 0.96 * y,
                roman(which),
                transform=panel.transAxes,
                ha="right" if x else "left",
                va="top" if y else "bottom",
                fontsize=2 * style.LABEL,
                color=style.FAINT,
                fontweight=style.BOLD,
                zorder=1,
            )
        for dot in dots:
            mark, colour, hollow = LOOKS[dot.quadrant]
            panel.plot(
                dot.x,
                dot.y,
                marker=mark,
                markersize=_SIZE + 3.0 * dot.own,
                color=colour,
                markerfacecolor=style.PAPER if hollow else colour,
                markeredgecolor=style.INK if dot.own else colour,
                markeredgewidth=1.8 if dot.own else 1.4,
                zorder=4,
            )
            if dot.marked:
                parts.mark_own(panel, [dot.x], [dot.y])
        _labels(panel, dots, reference, sheet)
        parts.value_ticks(panel, "y", lang, signed=True)
        parts.value_ticks(panel, "x", lang)

    return layout, draw


def _limits(panel: Axes, dots: Sequence[Dot], reference: tuple[float, float]) -> None:
    """Leave room around all points and both lines."""
    for which, own in enumerate(("x", "y")):
        ends = [getattr(dot, own) for dot in dots] + [reference[which]]
        margin = 0.1 * (max(ends) - min(ends) or 1.0)
        set_limits = panel.set_xlim if own == "x" else panel.set_ylim
        set_limits(min(ends) - margin, max(ends) + margin)


def _labels(panel: Axes, dots: Sequence[Dot], reference: tuple[float, float], sheet: Sheet) -> None:
    """Write names beside the points, or numbers where names have no room."""
    width, height = parts.axes_width(panel), parts.axes_height(panel)
    (left, right), (low, high) = panel.get_xlim(), panel.get_ylim()
    points = [
        (width * (dot.x - left) / (right - left), height * (dot.y - low) / (high - low))
        for dot in dots
    ]
    words = [str(dot.number) if sheet.narrow else dot.name for dot in dots]
    weights = [style.BOLD if dot.own else style.REGULAR for dot in dots]
    sizes = [
        (style.text_width(word, style.SMALL, weight) + 1.0, _LINE)
        for word, weight in zip(words, weights, strict=True)
    ]
    corners = [
        (x, y, x + _CORNER, y + _CORNER)
        for x in (0.0, width - _CORNER)
        for y in (0.0, height - _CORNER)
    ]
    across = width * (reference[0] - left) / (right - left)
    up = height * (reference[1] - low) / (high - low)
    lines = [(across, 0.0, across, height), (0.0, up, width, up)]
    boxes = place(points, sizes, (0.0, 0.0, width, height), corners, lines)
    for (x, y), box, word, weight in zip(points, boxes, words, weights, strict=True):
        if box is None:
            continue
        middle = (box[0] + box[2]) / 2 - x, (box[1] + box[3]) / 2 - y
        anchor = (x / width, y / height)
        nearest = (min(max(x, box[0]), box[2]) - x, min(max(y, box[1]), box[3]) - y)
        if max(map(abs, nearest)) > _NEAR:
            panel.annotate(
                "",
                anchor,
                xytext=nearest,
                xycoords="axes fraction",
                textcoords="offset points",
                arrowprops={"arrowstyle": "-", "color": style.QUIET, "linewidth": 0.6},
                zorder=3,
            )
        panel.annotate(
            word,
            anchor,
            xytext=middle,
            xycoords="axes fraction",
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=style.SMALL,
            fontweight=weight,
            bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.3, "alpha": 0.8},
            zorder=5,
        )
