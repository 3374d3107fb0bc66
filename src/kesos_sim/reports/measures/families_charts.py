"""The lives of families as lines: consumption against the poverty line, and what they received."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from kesos_sim.experiments.families import Families, Family
from kesos_sim.experiments.household_month import HouseholdMonth
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts import parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.measures.families import life_table, months_poor, named, summary
from kesos_sim.reports.measures.parts import drawn, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["charts"]

_DASHED: Final = (0, (4, 2))
_DOTTED: Final = (0, (1, 1.3))
_LOOKS: Final[tuple[tuple[str, Any, float, int], ...]] = (
    (style.BASELINE, _DASHED, 1.6, 4),
    (style.PACKAGES[0], "-", style.LINE, 3),
    (style.PACKAGES[1], _DOTTED, 1.8, 5),
)
"""Colour, dash, width and order of a life without the package, with it, and with it idle."""


def charts(found: Families, lang: str) -> tuple[Chart, ...]:
    """Draw one chart for each family that was found.

    Parameters
    ----------
    found : Families
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Chart
    """
    return tuple(_chart(found, one, lang) for one in found.families if one.without is not None)


def _chart(found: Families, family: Family, lang: str) -> Chart:
    """Draw one family."""
    before, after = family.lives
    label = named(family.kind, lang)
    poor = [months_poor(months) for months in (before, after)]
    key = "fewer" if poor[1] < poor[0] else "more" if poor[1] > poor[0] else "same"
    title = say(
        f"families.title_{key}",
        lang,
        family=label,
        before=numbers.number(poor[0], lang),
        after=numbers.number(poor[1], lang),
        months=numbers.number(len(after) - 1, lang),
    )
    package = found.package.context().title(found.package.scenario.name, lang)
    worlds = [say("world.without", lang), package]
    lives = [before, after]
    if family.idle_lives is not None:
        worlds.append(say("families.world_idle", lang, title=package))
        lives.append(family.idle_lives[1])
    entries = (
        *(
            KeyEntry(words, "", colour, line=dash)
            for words, (colour, dash, _, _) in zip(worlds, _LOOKS, strict=False)
        ),
        KeyEntry(say("families.line", lang), "", style.PUBLISHED, line=":"),
    )
    headings = (
        (say("families.consumption", lang), style.INK),
        (say("families.help", lang), style.INK),
    )

    def layout(sheet: Sheet) -> Layout:
        return Layout(
            rows=2,
            height=66.0,
            left=40.0,
            right=20.0,
            bottom=26.0,
            headings=headings,
            key=entries,
        )

    scale, unit = parts.scale_of(
        max([1.0, *(month.help for months in lives for month in months)]), lang
    )
    words = (
        title,
        say("families.note", lang, unit=f"{unit.lower()} rupiah".strip()),
        f"{title}. {summary(found, family, lang)}",
    )
    return drawn(
        f"family_{family.kind}",
        found.package.context(),
        lang,
        words,
        life_table(found, family, lang),
        layout,
        _draw(found, lives, scale, lang),
    )


def _draw(
    found: Families,
    lives: Sequence[Sequence[HouseholdMonth]],
    scale: float,
    lang: str,
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws consumption and help."""
    start = found.package.scenario.start
    dates = [start + month.row for month in lives[1]]
    x = [parts.position(one) for one in dates]

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        top, bottom = axes
        levels = [[month.welfare for month in months] for months in lives]
        helped = [[month.help / scale for month in months] for months in lives]
        for panel, lines in ((top, levels), (bottom, helped)):
            parts.plain(panel, "y")
            high = max(value for line in lines for value in line)
            panel.set_ylim(0.0, 1.12 * max(high, 1.15 if panel is top else 0.0) or 1.0)
            parts.time_axis(panel, dates, lang)
            for line, (colour, dash, width, order) in zip(lines, _LOOKS, strict=False):
                panel.plot(x, line, color=colour, linestyle=dash, linewidth=width, zorder=order)
            parts.value_ticks(panel, "y", lang)
            if not high:
                panel.set_yticks([0.0], labels=[numbers.number(0, lang)])
        top.axhline(1.0, color=style.PUBLISHED, linewidth=1.2, linestyle=":", zorder=2)

    return draw
