"""What charts have in common: panels, axes, bands, labels beside lines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts import style
from kesos_sim.reports.context import ReportContext, clean, in_language
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.provenance import required
from kesos_sim.reports.values import band, band_words, range_words
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_TOGETHER: Final = len(style.PACKAGES)
_LONG_RUN: Final = 30
_SHORT_TICKS: Final = 4
_BETWEEN: Final = 6.0
_YEAR_ROOM: Final = 30.0
_SCALES: Final = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand"))


def panels(scenarios: Sequence[str]) -> list[tuple[str, ...]]:
    """Divide scenarios over panels: two share one, more get a panel each.

    Parameters
    ----------
    scenarios : sequence of str
        Names in the order of the frame.

    Returns
    -------
    list of tuple of str
        Scenarios of every panel.
    """
    if len(scenarios) <= _MOST_TOGETHER:
        return [tuple(scenarios)]
    return [(scenario,) for scenario in scenarios]


def source_line(context: ReportContext, lang: str, *more: str) -> str:
    """Return the line that says where the data of a chart come from.

    Parameters
    ----------
    context : ReportContext
        With the data sources.
    lang : str
        ``id`` or ``en``.
    *more : str
        Further sources of this chart.

    Returns
    -------
    str
        A sentence.
    """
    named = [in_language(words, lang) for words in context.sources]
    new = [name for name in map(clean, more) if not any(name in known for known in named)]
    unique = list(dict.fromkeys([*named, *new]))
    listed = "; ".join([*unique, i18n.text("charts.own", lang)])
    return i18n.text("charts.source", lang, sources=listed)


def provenance_line(context: ReportContext, lang: str) -> str:
    """Return the record of the result, or refuse a result without one."""
    return required(context.provenance).line(lang, timing=False)


def position(month: Month) -> float:
    """Return a month as a point on an axis of years."""
    return month.year + (month.month - 1) / MONTHS_PER_YEAR


def plain(axes: Axes, grid: str) -> None:
    """Take away frames; keep hairlines across the direction in which values are read.

    Parameters
    ----------
    axes : Axes
        The panel.
    grid : {"x", "y"}
        Axis of the values.
    """
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, labelsize=style.LABEL, pad=5)
    axes.grid(visible=True, axis="y" if grid == "y" else "x", color=style.HAIRLINE, linewidth=0.8)


def mark_own(axes: Axes, x: Sequence[float], y: Sequence[float]) -> None:
    """Mark values as a planner's own by open diamonds, as every chart does.

    Parameters
    ----------
    axes : Axes
        The panel.
    x, y : sequence of float
        Where they are.
    """
    axes.plot(
        x,
        y,
        linestyle="none",
        marker="D",
        markersize=10.0,
        markerfacecolor="none",
        markeredgecolor=style.INK,
        markeredgewidth=1.4,
        clip_on=False,
        zorder=6,
    )


def time_axis(axes: Axes, months: Sequence[Month], lang: str) -> None:
    """Write years below the panel, or months when the run is short.

    Parameters
    ----------
    axes : Axes
        The panel.
    months : sequence of Month
        All months, in order.
    lang : str
        ``id`` or ``en``.
    """
    first, last = months[0], months[-1]
    span = last - first
    if span >= _LONG_RUN:
        years = range(first.year + (first.month > 1), last.year + 1)
        step = _tick_step(axes, len(years))
        shown = [year for year in years if (years[-1] - year) % step == 0]
        axes.set_xticks([float(year) for year in shown], [str(year) for year in shown])
    else:
        written = {
            month: numbers.month_name(month, lang).split(" ")
            for month in (first + offset for offset in range(span + 1))
        }
        widest = max(
            style.text_width(word, style.LABEL) for words in written.values() for word in words
        )
        most = min(_SHORT_TICKS, max(1, int(axes_width(axes) / (widest + _BETWEEN)) - 1))
        ticks = list(written)[:: max(1, math.ceil(span / most))]
        labels = ["\n".join(written[month]) for month in ticks]
        axes.set_xticks([position(month) for month in ticks], labels)
    edge = 0.03 * max(position(last) - position(first), 1 / MONTHS_PER_YEAR)
    axes.set_xlim(position(first) - edge, position(last) + edge)


def year_axis(axes: Axes, months: Sequence[Month], lang: str) -> None:
    """Write the year below every yearly point, or the month when the run is short.

    Parameters
    ----------
    axes : Axes
        The panel.
    months : sequence of Month
        Months of the points, in order.
    lang : str
        ``id`` or ``en``.
    """
    time_axis(axes, months, lang)
    if months[-1] - months[0] >= _LONG_RUN:
        step = _tick_step(axes, len(months))
        shown = months[::-1][::step]
        axes.set_xticks([position(month) for month in shown], [str(m.year) for m in shown])


def _tick_step(axes: Axes, count: int) -> int:
    """Return every how many years a label fits below the panel."""
    return max(1, math.ceil(count * _YEAR_ROOM / axes_width(axes)))


def bottom_room(results: Results) -> float:
    """Return the room below a panel over time, in points."""
    return 24.0 if results.horizon - results.base >= _LONG_RUN else 36.0


def value_ticks(axes: Axes, which: str, lang: str, *, signed: bool = False) -> None:
    """Write a handful of round values, as the formatter writes them.

    Parameters
    ----------
    axes : Axes
        The panel, with its limits set.
    which : {"x", "y"}
        Axis of the values.
    lang : str
        ``id`` or ``en``.
    signed : bool
        Write a plus before positive values.
    """
    from matplotlib.ticker import MaxNLocator  # matplotlib loads where it is used

    axis = axes.yaxis if which == "y" else axes.xaxis
    low, high = axes.get_ylim() if which == "y" else axes.get_xlim()
    ticks = [
        float(tick)
        for tick in MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
        if low <= tick <= high
    ]
    step = min((b - a for a, b in pairwise(ticks)), default=1.0)
    decimals = next((d for d in range(7) if abs(round(step, d) - step) < 1e-9 * step), 6)
    labels = [numbers.number(tick, lang, decimals, signed=signed) for tick in ticks]
    axis.set_ticks(ticks, labels=labels)


def axes_height(axes: Axes) -> float:
    """Return the height of a panel in points."""
    figure = axes.get_figure(root=True)
    whole = float(figure.get_size_inches()[1]) if figure is not None else 1.0
    return float(axes.get_position().height) * whole * style.POINTS_PER_INCH


def axes_width(axes: Axes) -> float:
    """Return the width of a panel in points."""
    figure = axes.get_figure(root=True)
    whole = float(figure.get_size_inches()[0]) if figure is not None else 1.0
    return float(axes.get_position().width) * whole * style.POINTS_PER_INCH


def scale_of(largest: float, lang: str) -> tuple[float, str]:
    """Return by what to divide amounts of rupiah, and the word for it.

    Parameters
    ----------
    largest : float
        Largest amount of the chart, rupiah.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    (float, str)
        For instance a billion and ``Miliar``; 1 and an empty word for small amounts.
    """
    for scale, word in _SCALES:
        if largest >= scale:
            return scale, i18n.text(f"numbers.{word}", lang).capitalize()
    return 1.0, ""


def band_name(context: ReportContext, lang: str) -> str:
    """Name the range of a result by the number of draws behind it."""
    return band_words(required(context.provenance).replicates - 1, lang)


def band_note(estimates: Iterable[Estimate], context: ReportContext, lang: str) -> str:
    """Say what the lines through the marks are, or nothing when there are none."""
    banded = any(estimate.has_band for estimate in estimates)
    return i18n.text("charts.band", lang, band=band_name(context, lang)) if banded else ""


def range_note(estimate: Estimate, lang: str, decimals: int = 2) -> str:
    """Write the band of a difference in brackets, or nothing when there is none."""
    interval = range_words(*band(estimate), lang, "number", decimals)
    return i18n.text("charts.range_note", lang, interval=interval) if interval else ""


def package_style(scenarios: Sequence[str], scenario: str) -> tuple[str, str]:
    """Return colour and mark of a scenario, the same in every chart of a result.

    Parameters
    ----------
    scenarios : sequence of str
        All scenarios of the result; more than two get a panel each and look alike.
    scenario : str
        One of them.

    Returns
    -------
    (str, str)
        Colour and mark as matplotlib names them.
    """
    rank = scenarios.index(scenario) if len(scenarios) <= _MOST_TOGETHER else 0
    return style.PACKAGES[rank], style.MARKS[rank]


def results_regions(results: Results, context: ReportContext, name: str) -> list[str]:
    """Return the provinces for which the results hold an indicator, in the context's order."""
    return [
        code
        for code in context.provinces
        if any(results.at(name, code, scenario=s) is not None for s in results.scenarios)
    ]
