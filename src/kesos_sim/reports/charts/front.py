"""Packages of a search: what each costs and brings, and what if coordination did nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.reports.charts import parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.packages import aim_name, aim_unit, packages_table, said_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kesos_sim.experiments.search import Search

__all__ = ["front_chart"]

_COST: Final = "cost"
_HEIGHT: Final = 230.0
_SPARE: Final = 0.12
_SIZE: Final = 6.5
_BESIDE: Final = 4.0


def front_chart(found: Search, aim: str, lang: str) -> Chart:
    """Draw what the packages of a search reach of an aim against what they cost.

    Parameters
    ----------
    found : Search
        With cost among its aims and at least one package.
    aim : str
        Another aim of the search.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        A mark for each package, numbered as in the table; hollow marks show the same package if
        coordination did nothing, where it rests on that.

    Raises
    ------
    ValueError
        If the search did not seek that aim and cost, or found nothing.
    """
    if aim == _COST or not {aim, _COST} <= set(found.aims) or not found.packages:
        raise ValueError(f"no front of {aim!r} and cost in this search")
    costs = [package.reached[_COST] for package in found.packages]
    scale, word = parts.scale_of(max(map(abs, costs)), lang)
    marks = [
        (cost / scale, one.reached[aim]) for cost, one in zip(costs, found.packages, strict=True)
    ]
    idle = {
        number: (one.without_effect[_COST] / scale, one.without_effect[aim])
        for number, one in enumerate(found.packages)
        if one.without_effect is not None
    }
    name, context = aim_name(aim, lang), found.comparison.context()
    lines = "; ".join(
        i18n.text(
            "packages.chart_line",
            lang,
            number=number,
            cost=said_value(_COST, one.reached[_COST], lang),
            reached=said_value(aim, one.reached[aim], lang),
        )
        for number, one in enumerate(found.packages, start=1)
    )
    key = [KeyEntry(i18n.text("packages.chart_assumed", lang), "o", style.PACKAGES[0])]
    if idle:
        words = i18n.text("packages.chart_idle", lang)
        key.append(KeyEntry(words, "s", style.BASELINE, True))

    def layout(sheet: Sheet) -> Layout:
        del sheet
        return Layout(height=_HEIGHT, left=44.0, right=16.0, bottom=36.0, key=tuple(key))

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        del sheet
        (panel,) = axes
        parts.plain(panel, "y")
        for number, place in idle.items():
            own = marks[number]
            panel.plot(*zip(own, place, strict=True), color=style.BASELINE, linewidth=0.8)
            panel.plot(
                *place,
                "s",
                markersize=_SIZE + 2.0,
                color=style.BASELINE,
                markerfacecolor=style.PAPER,
            )
        for number, (x, y) in enumerate(marks, start=1):
            panel.plot(x, y, "o", markersize=_SIZE, color=style.PACKAGES[0], zorder=3)
            # In turn above and below: along a front neighbours are close together.
            above = number % 2 == 1
            panel.annotate(
                str(number),
                (x, y),
                (_BESIDE, _BESIDE) if above else (-_BESIDE, -_BESIDE),
                textcoords="offset points",
                ha="left" if above else "right",
                va="bottom" if above else "top",
                fontsize=style.LABEL,
                color=style.INK,
            )
        everything = [(0.0, 0.0), *marks, *idle.values()]
        for values, limit in zip(zip(*everything, strict=True), ("x", "y"), strict=True):
            low, high = min(values), max(values)
            room = _SPARE * ((high - low) or 1.0)
            getattr(panel, f"set_{limit}lim")(low - room, high + room)
        panel.axhline(0.0, color=style.INK, linewidth=1.0, zorder=1)
        panel.set_xlabel(
            i18n.text("packages.chart_cost", lang, scale=word),
            fontsize=style.LABEL,
            color=style.INK,
        )
        parts.value_ticks(panel, "x", lang)
        parts.value_ticks(panel, "y", lang, signed=True)

    title = i18n.text("packages.chart_title", lang, aim=name[:1].lower() + name[1:])
    return Chart(
        name=f"front_{aim}",
        lang=lang,
        title=title,
        note=i18n.text("packages.chart_note", lang, unit=aim_unit(aim, lang), lives=found.lives),
        alt=i18n.text("packages.chart_alt", lang, lines=lines),
        table=packages_table(found, lang),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=draw,
    )
