"""Provinces as tiles of equal size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim.data import read_table
from kesos_sim.i18n import numbers
from kesos_sim.reports.analyses.figures import short_name
from kesos_sim.reports.analyses.parts import Drawing
from kesos_sim.reports.analyses.shading import NONE, Shown, brief, ink, shade, shades
from kesos_sim.reports.charts import parts, style
from kesos_sim.reports.charts.chart import Layout
from kesos_sim.reports.charts.style import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LAYOUTS", "tiles"]

LAYOUTS: Final = {"mpu": "mpu", "indonesia": "nation"}
_TILE: Final = {"mpu": {False: 56.0, True: 50.0}, "indonesia": {False: 54.0, True: 30.0}}
_GAP: Final = 0.02
_FRAME: Final = 2.4
"""Points, the frame of a tile that is to stand out."""


def tiles(shown: Shown, lang: str) -> Drawing:
    """Draw tiles in a grid."""
    table = read_table("province_tiles").where(layout=LAYOUTS[shown.scope])
    at = {int(r["bps_code"]): (int(r["row"]), int(r["column"])) for r in table.rows()}
    rows, columns = (max(where[axis] for where in at.values()) for axis in (0, 1))

    def layout(sheet: Sheet) -> Layout:
        height = rows * _TILE[shown.scope][sheet.narrow]
        return Layout(height=height, left=0.0, right=0.0, bottom=4.0, key=shades(shown, lang))

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        from matplotlib.patches import Rectangle  # matplotlib loads where it is used

        (panel,) = axes
        panel.set_axis_off()
        panel.set_xlim(0.5, columns + 0.5)
        panel.set_ylim(rows + 0.5, 0.5)
        width = parts.axes_width(panel) / columns * (1.0 - 2.0 * _GAP) - 1.0
        for code, (row, place) in at.items():
            klass, own = shown.klass(code), code in shown.marked
            panel.add_patch(
                Rectangle(
                    (place - 0.5 + _GAP, row - 0.5 + _GAP),
                    1.0 - 2.0 * _GAP,
                    1.0 - 2.0 * _GAP,
                    facecolor=NONE if klass is None else shade(shown, klass),
                    edgecolor=style.INK if own else style.BASELINE,
                    linewidth=_FRAME if own else 0.8,
                    linestyle=":" if klass is None else "-",
                )
            )
            short = shown.scope == "indonesia" and sheet.narrow
            name = (
                [f"{code:02d}"] if short else style.wrap(short_name(code, lang), width, style.SMALL)
            )
            value = numbers.EN_DASH
            if klass is not None:
                value = brief(shown, shown.known[code].value, lang)
                if short and shown.measure.definition.unit == "percent":
                    value = numbers.number(shown.known[code].value, lang, 1)
            _write(panel, (place, row), name, value, ink(shown, code))

    return layout, draw


def _write(
    panel: Axes, at: tuple[float, float], name: Sequence[str], value: str, colour: str
) -> None:
    """Write name and value of a tile, the value in bold below."""
    lines = [*name, value]
    for number, words in enumerate(lines):
        panel.annotate(
            words,
            at,
            xytext=(0.0, (len(lines) - 1) * 5.4 - number * 10.8),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=style.SMALL,
            fontweight=style.BOLD if words is lines[-1] else style.REGULAR,
            color=colour,
        )
