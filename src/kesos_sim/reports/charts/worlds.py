"""Worlds in which a package reaches what is asked of it, and those in which it falls short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.charts import parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.discovery import asked_words, package_title, sentences, worlds_table
from kesos_sim.reports.influence import factor_name
from kesos_sim.reports.values import difference_unit, say_difference

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kesos_sim.experiments.discovery import Discovery, Limit

__all__ = ["worlds_chart"]

_HEIGHT: Final = 230.0
_SPARE: Final = 0.08
_SIZE: Final = 6.0


def worlds_chart(found: Discovery, lang: str) -> Chart:
    """Draw what a package reaches in each world, along the parameter that tells worlds apart best.

    Parameters
    ----------
    found : Discovery
        Where a package falls short.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        A mark for each world. Where no parameter tells them apart the worlds stand in the order
        of what is reached, the worst first.
    """
    definition, frame = indicator(found.indicator), found.frame()
    limit = _numeric(found)
    better = -1.0 if definition.direction == "lower" else 1.0
    reached, short = found.reached, found.short
    if limit is None:
        place = np.empty(reached.size)
        place[np.argsort(better * reached, kind="stable")] = np.arange(1, reached.size + 1)
        across = i18n.text("discovery.chart_ranked", lang)
    else:
        place = frame[limit.name].to_numpy(np.float64)
        across = factor_name(limit.name, lang)
    unit = difference_unit(definition, lang)
    label = definition.label(lang)
    title = i18n.text(
        "discovery.chart_title" if reached.any() else "discovery.chart_title_nothing",
        lang,
        package=package_title(found, lang),
        short=numbers.number(int(short.sum()), lang),
        total=numbers.number(short.size, lang),
    )
    context = found.ensemble.comparison.context()

    def layout(sheet: Sheet) -> Layout:
        del sheet
        return Layout(height=_HEIGHT, left=44.0, right=16.0, bottom=36.0, key=_key(found, lang))

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        del sheet
        (panel,) = axes
        parts.plain(panel, "y")
        ends = [*reached.tolist(), 0.0, better * found.asked]
        room = _SPARE * ((max(ends) - min(ends)) or 1.0)
        panel.set_ylim(min(ends) - room, max(ends) + room)
        spare = _SPARE * (float(np.ptp(place)) or 1.0)
        left, right = float(place.min()) - spare, float(place.max()) + spare
        panel.set_xlim(left, right)
        if limit is not None:
            low = left if limit.low is None else limit.low
            panel.axvspan(low, right if limit.high is None else limit.high, color=style.HAIRLINE)
        panel.axhline(0.0, color=style.INK, linewidth=1.0, zorder=1)
        panel.axhline(better * found.asked, color=style.INK, linewidth=1.0, linestyle=":")
        for fails in (False, True):
            own = short == fails
            panel.plot(
                place[own],
                reached[own],
                style.MARKS[fails],
                markersize=_SIZE,
                color=style.PACKAGES[fails],
                linestyle="none",
                zorder=3,
            )
        panel.set_xlabel(across, fontsize=style.LABEL, color=style.INK)
        parts.value_ticks(panel, "x", lang)
        parts.value_ticks(panel, "y", lang, signed=True)

    note = i18n.text(
        "discovery.chart_note" if limit is None else "discovery.chart_note_box",
        lang,
        indicator=label,
        unit=unit,
        asked=asked_words(found, lang),
    )
    lowest, highest = (
        say_difference(float(end), definition, lang) for end in (reached.min(), reached.max())
    )
    alt = i18n.text(
        "discovery.chart_alt",
        lang,
        sentences=" ".join(sentences(found, lang)),
        low=lowest,
        high=highest,
        unit=unit,
    )
    return Chart(
        name="worlds",
        lang=lang,
        title=title,
        note=note,
        alt=alt,
        table=worlds_table(found, lang),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=draw,
    )


def _numeric(found: Discovery) -> Limit | None:
    """Return the surest border of the box that lies in a parameter."""
    limits = found.box.limits if found.box else ()
    return next((limit for limit in limits if not limit.options), None)


def _key(found: Discovery, lang: str) -> tuple[KeyEntry, ...]:
    """Say what the marks are; only those that there are."""
    there = [fails for fails in (False, True) if (found.short == fails).any()]
    return tuple(
        KeyEntry(
            i18n.text(f"discovery.key_{'short' if fails else 'reached'}", lang),
            style.MARKS[fails],
            style.PACKAGES[fails],
        )
        for fails in there
    )
