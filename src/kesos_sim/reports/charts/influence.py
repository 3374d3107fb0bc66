"""What an answer hangs on: one bar for each parameter, and one for chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.influence import (
    factor_name,
    influence_table,
    measure_words,
    rows_of,
    title,
)
from kesos_sim.reports.values import say_difference

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kesos_sim.experiments.sensitivity import Sensitivity

_SHOWN: Final = 12
_NAME_ROOM: Final = 210.0
_ROW: Final = {False: 28.0, True: 14.0}
_BAR: Final = 0.5
_CHANCE: Final = "chance"
_PERCENT: Final = 100.0


def influence(found: Sensitivity, name: str, lang: str) -> Chart:
    """Draw how far an indicator hangs on the parameters that matter most, and on chance.

    Parameters
    ----------
    found : Sensitivity
        The analysis.
    name : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        Bars with their intervals; chance is hatched.
    """
    everyone = rows_of(found, name)
    rows = everyone[:_SHOWN]
    rows += [row for row in everyone[_SHOWN:] if row["factor"] == _CHANCE]
    leading = "effect" if found.method == "morris" else "in_all"
    scale = 1.0 if leading == "effect" else _PERCENT
    definition = indicator(name)
    values = [
        say_difference(row[leading], definition, lang).removeprefix("+")
        if leading == "effect"
        else numbers.percent(scale * row[leading], lang, 0)
        for row in rows
    ]
    names = [factor_name(row["factor"], lang) for row in rows]
    measure = measure_words(found, name, lang)
    heading = title(found, name, lang)
    comparison = found.comparison
    context = (comparison if comparison.alternatives else comparison.baseline).context()
    items = "; ".join(
        i18n.text("influence.item", lang, factor=words, value=value)
        for words, value in zip(names, values, strict=True)
    )

    def placed(sheet: Sheet) -> labels.Rows:
        return labels.Rows.of(names, _ROW[sheet.narrow], _NAME_ROOM, sheet)

    def layout(sheet: Sheet) -> Layout:
        own = placed(sheet)
        return Layout(
            height=len(rows) * own.height, left=own.room, right=labels.room_beside(values)
        )

    return Chart(
        name=f"influence_{name}",
        lang=lang,
        title=heading,
        note=i18n.text(
            f"influence.note_{found.method}", lang, unit=measure[:1].upper() + measure[1:]
        ),
        alt=f"{heading}: {items}",
        table=influence_table(found, name, lang),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=_draw(rows, leading, scale, values, placed, lang),
    )


def _draw(
    rows: Sequence[dict[str, Any]],
    leading: str,
    scale: float,
    values: Sequence[str],
    placed: Callable[[Sheet], labels.Rows],
    lang: str,
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws the bars."""

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        own = placed(sheet)
        ends = [scale * (row[leading] + row[f"{leading}_error"]) for row in rows]
        parts.plain(panel, "x")
        panel.set_xlim(0.0, 1.05 * max([*ends, 1e-9]))
        own.write(panel)
        thick = own.part(_ROW[sheet.narrow] * _BAR)
        for place, row in enumerate(rows):
            y, chance = place + own.shift, row["factor"] == _CHANCE
            length, error = scale * row[leading], scale * row[f"{leading}_error"]
            panel.barh(
                y,
                length,
                height=thick,
                color=style.BASELINE if chance else style.PACKAGES[0],
                hatch="////" if chance else None,
                edgecolor=style.PAPER,
                zorder=3,
            )
            span = [max(length - error, 0.0), length + error]
            panel.plot(span, [y, y], color=style.INK, linewidth=1.2, zorder=4)
            if "alone" in row:
                alone = scale * max(row["alone"], 0.0)
                panel.plot(alone, y, marker="o", markersize=5, color=style.INK, zorder=5)
            labels.beside(panel, y, values[place])
        parts.value_ticks(panel, "x", lang)

    return draw
