"""The path of the poverty rate as SVG that follows the theme and stays legible on a phone.

The colours are those of the page (`look.css`). Two sizes are written; the page shows the one that
fits, so that letters keep their size.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.reports.context import PublishedPoint, ReportContext
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.units import Month

__all__ = ["path_picture"]

_RATE: Final = "poverty_rate"
_STEPS: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
_MOST_TICKS: Final = 6
_HEADROOM: Final = 1.1
_LABEL_LETTERS: Final = 12
_LINE_HEIGHT: Final = 17.0
_MOST_YEARS: Final = 6
_YEAR_WIDTH: Final = 44.0

Point = tuple[Month, float]


@dataclass(frozen=True, slots=True)
class _Size:
    """Room for the picture, in pixels at its natural size."""

    name: str
    width: float
    height: float
    left: float = 42.0
    right: float = 104.0
    top: float = 14.0
    bottom: float = 30.0


_SIZES: Final = (_Size("narrow", 360.0, 270.0), _Size("wide", 720.0, 340.0))


@dataclass(frozen=True, slots=True)
class _Scale:
    """From months and percent to pixels."""

    size: _Size
    months: Sequence[Month]
    top: float
    step: float

    def x(self, month: Month) -> float:
        """Return where a month is."""
        span = max(self.months[-1] - self.months[0], 1)
        room = self.size.width - self.size.left - self.size.right
        return self.size.left + room * (month - self.months[0]) / span

    def y(self, value: float) -> float:
        """Return where a rate is; no rate is below zero."""
        room = self.size.height - self.size.top - self.size.bottom
        return self.size.top + room * (1.0 - max(value, 0.0) / self.top)


def path_picture(results: Results, context: ReportContext, lang: str, words: str) -> str:
    """Draw the poverty rate of a comparison with one alternative.

    The axis begins at zero and its end depends on the path without the change alone, unless
    the alternative needs more room; a small effect looks small.

    Parameters
    ----------
    results : Results
        The indexed comparison.
    context : ReportContext
        Region and published figures.
    lang : str
        ``id`` or ``en``.
    words : str
        The picture in words, for those who cannot see it.

    Returns
    -------
    str
        Two ``svg`` elements of the classes ``narrow`` and ``wide``.
    """
    series = results.series(_RATE, context.region, results.scenarios[0])
    points = [p for p in context.published if p.indicator == _RATE and p.region == context.region]
    top, step = _axis(series, points)
    return "".join(
        _drawn(_Scale(size, results.months, top, step), series, points, results.years, lang, words)
        for size in _SIZES
    )


def _axis(
    series: Sequence[tuple[Month, Estimate]], points: Sequence[PublishedPoint]
) -> tuple[float, float]:
    """Return the end of the axis and the distance of its ticks."""
    usual = [e.baseline for _, e in series] + [p.value for p in points]
    wanted = max(_HEADROOM * max(usual), *(_highest(e) for _, e in series))
    step = next((s for s in _STEPS if wanted / s <= _MOST_TICKS), _STEPS[-1])
    return step * math.ceil(wanted / step), step


def _highest(estimate: Estimate) -> float:
    return estimate.high_value if estimate.has_level_band else estimate.value


def _drawn(
    scale: _Scale,
    series: Sequence[tuple[Month, Estimate]],
    points: Sequence[PublishedPoint],
    years: Sequence[Month],
    lang: str,
    words: str,
) -> str:
    """Return one picture."""
    size = scale.size
    usual = [(month, e.baseline) for month, e in series]
    moved = [(month, e.value) for month, e in series]
    parts = [
        *_ticks(scale, lang),
        *_years(scale, years),
        _band(scale, series),
        f'<path class="usual" d="{_path(scale, usual)}"/>',
        f'<path class="moved" d="{_path(scale, moved)}"/>',
        *_published(scale, points),
        *_ends(scale, usual[-1], moved[-1], lang),
    ]
    return (
        f'<svg class="{size.name}" viewBox="0 0 {size.width:g} {size.height:g}" role="img" '
        f'lang="{lang}" aria-label="{escape(words)}">{"".join(parts)}</svg>'
    )


def _ticks(scale: _Scale, lang: str) -> Iterable[str]:
    """Yield hairlines with the percentages at their left."""
    size = scale.size
    decimals = 0 if scale.step >= 1.0 else 1
    for number in range(round(scale.top / scale.step) + 1):
        value = number * scale.step
        y = scale.y(value)
        yield (
            f'<path class="hair" d="M{size.left:g} {y:.1f}H{size.width - size.right:g}"/>'
            f'<text class="tick" x="{size.left - 6:g}" y="{y + 5:.1f}" text-anchor="end">'
            f"{numbers.percent(value, lang, decimals)}</text>"
        )


def _years(scale: _Scale, years: Sequence[Month]) -> Iterable[str]:
    """Yield years below the axis, as many as fit."""
    room = scale.size.width - scale.size.left - scale.size.right
    most = max(2, min(_MOST_YEARS, int(room / _YEAR_WIDTH)))
    whole = [m for m in years if m.month == years[0].month]
    least = max(1, math.ceil(len(whole) / most))
    # Rather fewer years than a last one that is left out.
    every = next((n for n in range(least, 2 * least) if (len(whole) - 1) % n == 0), least)
    for month in whole[::every]:
        yield (
            f'<text class="tick" x="{scale.x(month):.1f}" y="{scale.size.height - 8:g}" '
            f'text-anchor="middle">{month.year}</text>'
        )


def _path(scale: _Scale, values: Sequence[Point]) -> str:
    return "M" + "L".join(f"{scale.x(month):.1f} {scale.y(value):.1f}" for month, value in values)


def _band(scale: _Scale, series: Sequence[tuple[Month, Estimate]]) -> str:
    """Return the 80% range of the level as an area, if there is one."""
    banded = [(month, e) for month, e in series if e.has_level_band]
    if not banded:
        return ""
    upper = [(month, e.high_value) for month, e in banded]
    lower = [(month, e.low_value) for month, e in reversed(banded)]
    return f'<path class="band" d="{_path(scale, [*upper, *lower])}Z"/>'


def _published(scale: _Scale, points: Sequence[PublishedPoint]) -> Iterable[str]:
    """Yield an open circle for every published figure."""
    for point in points:
        x, y = scale.x(Month.parse(point.month)), scale.y(point.value)
        yield f'<circle class="published" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'


def _ends(scale: _Scale, usual: Point, moved: Point, lang: str) -> Iterable[str]:
    """Yield value and name at the end of both lines, apart from each other."""
    size = scale.size
    named = {
        "usual": (usual[1], _broken(i18n.text("workbench.without", lang))),
        "moved": (moved[1], _broken(i18n.text("workbench.with", lang))),
    }
    first, second = sorted(named, key=lambda name: (-named[name][0], name))
    heights = {name: _LINE_HEIGHT * (1 + len(lines)) for name, (_, lines) in named.items()}
    starts = {name: scale.y(value) - _LINE_HEIGHT / 2 for name, (value, _) in named.items()}
    overlap = starts[first] + heights[first] + 4 - starts[second]
    if overlap > 0:
        starts[first] -= overlap / 2
        starts[second] += overlap / 2
    floor = size.height - heights[second]
    if starts[second] > floor:
        starts[first] -= starts[second] - floor
        starts[second] = floor
    if starts[first] < 0:
        starts[second] -= starts[first]
        starts[first] = 0.0
    left = size.width - size.right + 8
    for name, (value, lines) in named.items():
        rows = "".join(
            f'<tspan x="{left:g}" dy="{_LINE_HEIGHT:g}">{escape(line)}</tspan>' for line in lines
        )
        yield (
            f'<text class="end {name}" x="{left:g}" y="{starts[name] + 14:.1f}">'
            f'<tspan class="value">{numbers.percent(value, lang)}</tspan>{rows}</text>'
        )


def _broken(words: str) -> list[str]:
    """Break a short name into lines that fit beside the lines of the picture."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= _LABEL_LETTERS or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
