"""Supporting measures at the left, the main one at the right, and the links between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kesos_sim.palette import COLOURS
from kesos_sim.reports.analyses.parts import Drawing, tell
from kesos_sim.reports.charts import parts, style
from kesos_sim.reports.charts.chart import Layout
from kesos_sim.reports.charts.style import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Edge", "diagram"]

_WAYS: Final = ("peers", "years")
_ROW: Final = 40.0
_LEFT: Final = 0.44
"""Right edge of the supporting measures, part of the panel."""
_RIGHT: Final = {False: 0.92, True: 0.91}
"""Left edge of the main measure, part of the panel."""
_SPACE: Final = 1.04


@dataclass(frozen=True, slots=True)
class Edge:
    """A link of a supporting measure.

    Attributes
    ----------
    name : str
        The measure.
    words : str
        The link in a few words.
    rho : float
        Its strength, -1 to 1; NaN where nothing is claimed.
    """

    name: str
    words: str
    rho: float

    @property
    def claimed(self) -> bool:
        """Whether something is said about it."""
        return not math.isnan(self.rho)


def diagram(edges: Sequence[Sequence[Edge]], main: str, lang: str) -> Drawing:
    """Return the layout and the drawing of links, across peers and over years.

    Parameters
    ----------
    edges : sequence of sequence of Edge
        Links across peers, then links over years, of the same measures.
    main : str
        Name of the main measure.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    (callable, callable)
        For a `Chart`.
    """

    def layout(sheet: Sheet) -> Layout:
        return Layout(
            rows=2 if sheet.narrow else 1,
            columns=1 if sheet.narrow else 2,
            height=len(edges[0]) * _ROW,
            left=0.0,
            right=0.0,
            bottom=4.0,
            headings=tuple((tell(f"linkage.heading_{way}", lang), style.INK) for way in _WAYS),
        )

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        right = _RIGHT[sheet.narrow]
        for panel, found in zip(axes, edges, strict=True):
            panel.set_axis_off()
            panel.set_xlim(0.0, 1.0)
            panel.set_ylim(len(found) - 0.5, -0.5)
            width = parts.axes_width(panel)
            _main(panel, right, len(found), main)
            for row, one in enumerate(found):
                _box(panel, row, one.name, width)
                look = _look(one)
                panel.plot([_LEFT, right], [row, row], zorder=1, **look)
                panel.text(
                    _LEFT + 0.02,
                    row,
                    one.words,
                    va="center",
                    fontsize=style.SMALL,
                    fontweight=style.BOLD if one.claimed else style.REGULAR,
                    color=look["color"] if one.claimed else style.QUIET,
                    bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.8},
                    zorder=4,
                )

    return layout, draw


def _look(one: Edge) -> dict[str, Any]:
    """Return how a link is drawn: solid with, dashed against, dotted where nothing is claimed."""
    if not one.claimed:
        return {"color": style.BASELINE, "linewidth": 0.8, "linestyle": (0, (1, 3))}
    together = one.rho > 0.0
    return {
        "color": style.PACKAGES[0] if together else style.PACKAGES[1],
        "linewidth": 1.0 + 4.0 * abs(one.rho),
        "linestyle": "-" if together else (0, (3, 1.2)),
    }


def _main(panel: Axes, left: float, rows: int, words: str) -> None:
    """Write the main measure upright along all rows."""
    _rectangle(panel, (left, -0.42), (1.0 - left, rows - 0.16), strong=True)
    panel.text(
        (left + 1.0) / 2.0,
        (rows - 1) / 2.0,
        words,
        rotation=90,
        ha="center",
        va="center",
        fontsize=style.SMALL,
        fontweight=style.BOLD,
        zorder=4,
    )


def _box(panel: Axes, row: float, words: str, width: float) -> None:
    """Write a supporting measure in a box."""
    _rectangle(panel, (0.0, row - 0.42), (_LEFT, 0.84), strong=False)
    panel.text(
        _LEFT / 2.0,
        row,
        "\n".join(style.wrap(words, _LEFT * width - 6.0, style.SMALL)),
        ha="center",
        va="center",
        fontsize=style.SMALL,
        linespacing=_SPACE,
        zorder=4,
    )


def _rectangle(
    panel: Axes, corner: tuple[float, float], size: tuple[float, float], *, strong: bool
) -> None:
    """Draw a box."""
    from matplotlib.patches import Rectangle  # matplotlib loads where it is used

    panel.add_patch(
        Rectangle(
            corner,
            *size,
            facecolor=style.PAPER if strong else COLOURS["soft"].light,
            edgecolor=style.INK if strong else style.BASELINE,
            linewidth=1.6 if strong else 0.8,
            zorder=3,
            clip_on=False,
        )
    )
