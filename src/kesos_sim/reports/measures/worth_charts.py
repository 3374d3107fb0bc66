"""What a rupiah buys, as range bars and as the gain of the next rupiah."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim.experiments.worth import Line, Worth, interval
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts import parts, style
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.measures.parts import drawn, range_rows, say
from kesos_sim.reports.measures.worth import figure, tables, title_of
from kesos_sim.reports.values import band_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["charts"]

_FIRST: Final = "people_out"
_PERCENT: Final = 100.0
_HALF: Final = 50.0
_BAR: Final = 0.62
_PANELS: Final = 6


def charts(found: Worth, lang: str) -> tuple[Chart, ...]:
    """Draw the ranking with its ranges, and the gain of the next rupiah.

    Parameters
    ----------
    found : Worth
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Chart
        Empty where no candidate costs anything.
    """
    ranked = found.ranked(_FIRST)
    if not ranked:
        return ()
    curves = [line for line in ranked if len(line.strengths) > 1 and line.starts(_FIRST)]
    made = [_ranking(found, ranked, lang)]
    if curves:
        made.append(_curves(found, curves[:_PANELS], lang))
    return tuple(made)


def _ranking(found: Worth, ranked: Sequence[Line], lang: str) -> Chart:
    """Draw people out of poverty per billion rupiah, the best first."""
    names = [title_of(line, lang) for line in ranked]
    bought = [line.per_billion(_FIRST) for line in ranked]
    values = [_value(*figure(_FIRST, worlds, lang), lang) for worlds in bought]
    title = say("worth.title", lang, title=names[0], people=values[0])
    items = "; ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
    marks = [
        (float(worlds[0]), *interval(worlds), line.without_per_billion(_FIRST))
        for worlds, line in zip(bought, ranked, strict=True)
    ]
    layout, draw = range_rows(names, marks, values, lang)
    context = found.comparisons[0].context()
    band = band_words(len(found.comparisons[0].pairs), lang)
    words = (title, say("worth.note", lang, band=band), say("worth.alt", lang, items=items))
    return drawn("worth", context, lang, words, tables(found, lang)[0], layout, draw)


def _value(value: str, told: str, lang: str) -> str:
    """Write a figure with its range, where there is one to tell."""
    return value if told == numbers.EN_DASH else say("worth.value", lang, value=value, range=told)


def _curves(found: Worth, lines: Sequence[Line], lang: str) -> Chart:
    """Draw what the next rupiah gives at each strength, against the first."""
    relative = [_relative(line) for line in lines]
    names = [title_of(line, lang) for line in lines]
    falling = [name for name, line in zip(names, lines, strict=True) if line.saturates(_FIRST)]
    title = (
        say("worth.curve_title", lang, names="; ".join(falling))
        if falling
        else say("worth.curve_title_none", lang)
    )
    items = "; ".join(
        say(
            "worth.curve_item",
            lang,
            name=name,
            values=", ".join(
                numbers.percent(value, lang, 0) if np.isfinite(value) else numbers.EN_DASH
                for value in row
            ),
        )
        for name, row in zip(names, relative, strict=True)
    )
    columns = 2 if len(lines) > 1 else 1

    def layout(sheet: Sheet) -> Layout:
        across = 1 if sheet.narrow else columns
        return Layout(
            rows=-(-len(lines) // across),
            columns=across,
            height=120.0,
            left=30.0,
            headings=_headings(names, across),
        )

    draw = _draw_curves(lines, relative, lang)
    context = found.comparisons[0].context()
    words = (title, say("worth.curve_note", lang), say("worth.alt", lang, items=items))
    return drawn("worth_next", context, lang, words, tables(found, lang)[0], layout, draw)


def _headings(names: Sequence[str], across: int) -> tuple[tuple[str, str], ...]:
    """Return the names above panels; an empty one above a panel that is left over."""
    missing = -len(names) % across
    return tuple((name, style.INK) for name in (*names, *[""] * missing))


def _relative(line: Line) -> list[float]:
    """Return what the next rupiah gives at each strength, percent of the first."""
    marginal = line.marginal(_FIRST)[0]
    return [_PERCENT * float(value / marginal[0]) for value in marginal]


def _draw_curves(
    lines: Sequence[Line], relative: Sequence[Sequence[float]], lang: str
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws bars of the next rupiah by strength."""
    known = [value for row in relative for value in row if np.isfinite(value)]
    low, high = min([0.0, *known]), max([_PERCENT, *known])

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        for panel, line, row in zip(axes, lines, relative, strict=False):
            parts.plain(panel, "y")
            panel.set_ylim(1.2 * low, 1.2 * high)
            panel.set_xlim(-0.6, len(row) - 0.4)
            panel.axhline(0.0, color=style.INK, linewidth=1.0, zorder=2)
            panel.axhline(_HALF, color=style.PUBLISHED, linewidth=1.2, linestyle=":", zorder=4)
            for place, value in enumerate(row):
                none = not np.isfinite(value)
                panel.bar(
                    place,
                    0.0 if none else value,
                    width=_BAR,
                    color=style.PACKAGES[0] if none or value >= _HALF else style.PAPER,
                    edgecolor=style.PACKAGES[0],
                    hatch=None if none or value >= _HALF else "////",
                    zorder=3,
                )
                words = say("worth.full", lang) if none else numbers.number(value, lang, 0)
                panel.annotate(
                    words,
                    (place, 0.0 if none else max(value, 0.0)),
                    xytext=(0, 3),
                    textcoords="offset points",
                    ha="center",
                    fontsize=style.SMALL,
                    zorder=5,
                )
            strengths = [numbers.percent(_PERCENT * one, lang, 0) for one in line.strengths]
            panel.set_xticks(range(len(row)), strengths)
            parts.value_ticks(panel, "y", lang)
        for panel in axes[len(lines) :]:
            panel.set_axis_off()

    return draw
