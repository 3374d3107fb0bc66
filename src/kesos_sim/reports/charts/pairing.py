"""How sure a difference is after so many worlds, in pairs and without."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import Indicator, indicator
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.pairing import Pairing, around, count, pairing, unit
from kesos_sim.reports.tables import Column, TableBuilder, TextTable
from kesos_sim.reports.values import say_difference

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kesos_sim.experiments.ensemble import Ensemble

__all__ = ["pairing_chart"]

_MARK: Final = 19.0
_NAME_ROOM: Final = 60.0
_APART: Final = 0.2
_MOST: Final = 12
"""Rows that a chart can hold; the table has all."""


def pairing_chart(ensemble: Ensemble, name: str, lang: str) -> Chart:
    """Draw the 95% interval of a mean difference after the first worlds, paired and unpaired.

    Parameters
    ----------
    ensemble : Ensemble
        Two scenarios or more; the first alternative is drawn.
    name : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        A row for each number of worlds.

    Examples
    --------
    >>> from kesos_sim import ensemble, load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> many = ensemble([today, bare], 2, executor=Serial())
    >>> print(pairing_chart(many, "poverty_rate", "en").note)
    Without social assistance, April 2024, Kabupaten Blora: mean difference in poverty rate
    (P0) (percentage points) after so many worlds, with its 95% confidence interval.
    """
    found, definition = pairing(ensemble, name), indicator(name)
    steps = list(found.intervals())
    every = max(1, math.ceil(len(steps) / _MOST))
    shown = steps[::-1][::every][::-1]
    names = [numbers.number(step[0], lang) for step in shown]
    words = around(ensemble, lang)
    label = definition.label(lang)[:1].lower() + definition.label(lang)[1:]
    title = _title(found, label, lang)
    context = ensemble.comparison.context()
    lines = "; ".join(
        i18n.text(
            "ensemble.pairing_line",
            lang,
            count=numbers.number(number, lang),
            paired=_interval(mean, paired, definition, lang),
            unpaired=_interval(mean, unpaired, definition, lang),
        )
        for number, mean, paired, unpaired in shown
    )
    values = [_interval(mean, paired, definition, lang) for _, mean, paired, _ in shown]

    def layout(sheet: Sheet) -> Layout:
        placed = labels.Rows.of(names, _MARK, _NAME_ROOM, sheet)
        return Layout(
            height=max(1, len(names)) * placed.height,
            left=placed.room,
            right=labels.room_beside(values),
            key=(
                KeyEntry(i18n.text("ensemble.pairing_paired", lang), "o", style.PACKAGES[0]),
                KeyEntry(i18n.text("ensemble.pairing_unpaired", lang), "s", style.BASELINE, True),
            ),
        )

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        placed = labels.Rows.of(names, _MARK, _NAME_ROOM, sheet)
        parts.plain(panel, "x")
        placed.write(panel, strong=len(names) - 1)
        reach = max((abs(mean) + wide for _, mean, _, wide in shown), default=1.0) or 1.0
        panel.set_xlim(-1.05 * reach, 1.05 * reach)
        panel.axvline(0.0, color=style.INK, linewidth=1.0, zorder=1)
        for row, (_, mean, paired, unpaired) in enumerate(shown):
            y = row + placed.shift
            for half, colour, mark, way in (
                (paired, style.PACKAGES[0], "o", -_APART),
                (unpaired, style.BASELINE, "s", _APART),
            ):
                ends = (mean - half, mean + half)
                dashes = "-" if mark == "o" else (0, (4, 2))
                panel.plot(ends, [y + way] * 2, color=colour, linewidth=1.8, linestyle=dashes)
                face = colour if mark == "o" else style.PAPER
                panel.plot(
                    mean, y + way, marker=mark, markersize=5, color=colour, markerfacecolor=face
                )
            labels.beside(panel, y, values[row])
        parts.value_ticks(panel, "x", lang, signed=True)

    return Chart(
        name=f"pairing_{name}",
        lang=lang,
        title=title,
        note=i18n.text(
            "ensemble.pairing_note",
            lang,
            indicator=label,
            unit=unit(definition, lang),
            **{key: words[key] for key in ("scenario", "month", "region")},
        ),
        alt=i18n.text("ensemble.pairing_alt", lang, lines=lines),
        table=_table(steps, definition, title, lang),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=draw,
    )


def _title(found: Pairing, label: str, lang: str) -> str:
    """Say what pairing brings, where there is a difference at all."""
    if math.isnan(found.ratio) or math.isnan(found.worlds(paired=True)):
        return i18n.text("ensemble.pairing_title_none", lang, indicator=label)
    return i18n.text(
        "ensemble.pairing_title",
        lang,
        indicator=label,
        ratio=count(found.ratio, lang),
        paired=count(found.worlds(paired=True), lang),
        unpaired=count(found.worlds(paired=False), lang),
    )


def _interval(mean: float, half: float, definition: Indicator, lang: str) -> str:
    """Write both ends of an interval."""
    low, high = (say_difference(mean + way * half, definition, lang) for way in (-1, 1))
    return f"{low} {i18n.text('numbers.to', lang)} {high}"


def _table(
    steps: Sequence[tuple[int, float, float, float]], definition: Indicator, title: str, lang: str
) -> TextTable:
    """List the intervals after every number of worlds."""
    columns = [
        Column(i18n.text(f"ensemble.{name}", lang))
        for name in ("pairing_count", "column_difference", "pairing_paired", "pairing_unpaired")
    ]
    fields = ("worlds", "mean", "half_paired", "half_unpaired")
    builder = TableBuilder(f"pairing_{definition.name}", title, columns, fields)
    for number, mean, paired, unpaired in steps:
        builder.add(
            (
                numbers.number(number, lang),
                say_difference(mean, definition, lang),
                _interval(mean, paired, definition, lang),
                _interval(mean, unpaired, definition, lang),
            ),
            (number, mean, paired, unpaired),
        )
    return builder.table()
