"""How many of those whom one provider reaches another one reaches too, as a matrix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim.experiments.who_serves import Map, WhoServes
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts import labels, style
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.measures.parts import drawn, say
from kesos_sim.reports.measures.who_serves import overlap_table, provider

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["charts"]

_NAME_ROOM: Final = 186.0
_ROW: Final = 21.0
_LIGHT: Final = 80.0
"""Percent from which the letters of a cell are light."""
_RAMP: Final = ((1.0, 1.0, 1.0), (0.0, 0.447, 0.698))


def charts(found: WhoServes, lang: str) -> tuple[Chart, ...]:
    """Draw the overlap without the package and with it.

    Parameters
    ----------
    found : WhoServes
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Chart
    """
    plain = [provider(name, found, lang) for name in found.package.providers]
    names = [
        say("serves.numbered", lang, number=number, name=name)
        for number, name in enumerate(plain, start=1)
    ]
    maps = (("without", found.baseline), ("with", found.package))
    headings = tuple((say(f"world.{name}", lang), style.INK) for name, _ in maps)

    def placed(sheet: Sheet) -> labels.Rows:
        return labels.Rows.of(names, _ROW, _NAME_ROOM, sheet)

    def layout(sheet: Sheet) -> Layout:
        own = placed(sheet)
        return Layout(
            rows=len(maps),
            height=len(names) * own.height,
            left=own.room,
            right=4.0,
            headings=headings,
        )

    items = "; ".join(
        say(
            "serves.alt_item",
            lang,
            first=plain[row],
            second=plain[col],
            share=numbers.percent(float(found.package.shares[row, col]), lang, 0),
        )
        for row, col in _largest(found.package)
    )
    title = _title(found, plain, lang)
    words = (title, say("serves.note", lang), say("serves.alt", lang, items=items))
    context = found.comparison.context()
    draw = _draw([own for _, own in maps], placed, lang)
    return (drawn("overlap", context, lang, words, overlap_table(found, lang), layout, draw),)


def _largest(found: Map, most: int = 5) -> list[tuple[int, int]]:
    """Return the cells with the largest overlap off the diagonal."""
    shares = np.nan_to_num(found.shares, nan=-1.0)
    np.fill_diagonal(shares, -1.0)
    order = np.argsort(-shares, axis=None, kind="stable")[:most]
    cells = [divmod(int(place), shares.shape[1]) for place in order]
    return [(row, col) for row, col in cells if shares[row, col] >= 0.0]


def _title(found: WhoServes, plain: Sequence[str], lang: str) -> str:
    """Say how many organisations serve twice, without and with the package."""
    doubled = []
    for own in (found.baseline, found.package):
        served, places = float(own.served.sum()), float(own.places.sum())
        share = 100.0 * (places - served) / served if served > 0.0 else 0.0
        doubled.append(numbers.percent(share, lang))
    return say("serves.title", lang, before=doubled[0], after=doubled[1])


def _draw(
    maps: Sequence[Map], placed: Callable[[Sheet], labels.Rows], lang: str
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws the cells."""

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        for panel, own in zip(axes, maps, strict=True):
            rows = placed(sheet)
            shares = own.shares
            n = len(shares)
            panel.set_xlim(-0.5, n - 0.5)
            for side in panel.spines.values():
                side.set_visible(False)
            panel.tick_params(length=0, labelsize=style.LABEL, pad=4)
            rows.write(panel)
            panel.set_xticks(range(n), [str(place + 1) for place in range(n)])
            high = rows.part(_ROW)
            for row in range(n):
                for col in range(n):
                    _cell(panel, (col, row + rows.shift), high, float(shares[row, col]), lang)

    return draw


def _cell(panel: Axes, at: tuple[float, float], high: float, share: float, lang: str) -> None:
    """Draw one cell with its value."""
    from matplotlib.patches import Rectangle  # matplotlib loads where it is used

    x, y = at
    known = np.isfinite(share)
    part = min(max(share, 0.0) / 100.0, 1.0) if known else 0.0
    colour = tuple(a + part * (b - a) for a, b in zip(*_RAMP, strict=True))
    panel.add_patch(
        Rectangle(
            (x - 0.5, y - high / 2.0),
            1.0,
            high,
            facecolor=colour,
            edgecolor=style.HAIRLINE,
            linewidth=0.8,
            zorder=3,
        )
    )
    decimals = 1 if known and 0.0 < share < 1.0 else 0
    panel.text(
        x,
        y,
        numbers.number(share, lang, decimals) if known else numbers.EN_DASH,
        ha="center",
        va="center_baseline",
        fontsize=style.SMALL,
        color=style.PAPER if part * 100.0 >= _LIGHT else style.INK,
        zorder=4,
    )
