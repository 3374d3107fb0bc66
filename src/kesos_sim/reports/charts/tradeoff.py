"""What the same money changes as coordination, as cash and as both, for each guess of an effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.indicators.definitions import Indicator, indicator
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.tradeoff import rows_of, say_change, title, tradeoff_table
from kesos_sim.reports.values import difference_unit, say_difference, say_money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kesos_sim.experiments.tradeoff import Tradeoff

_NAME_ROOM: Final = 130.0
_ROW: Final = {False: 22.0, True: 14.0}
_TICKS: Final = 24.0
_MARGIN: Final = 0.08
_CASH: Final = ("cash", "cash_twice")
"""Packages without coordination; the others hold it."""


def same_money(found: Tradeoff, name: str, lang: str) -> Chart:
    """Draw the paired difference of each package with its band, by what coordination can do.

    Parameters
    ----------
    found : Tradeoff
        The comparison of packages.
    name : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        A panel for each guess of the effect, all with the same axis; squares for packages of cash
        alone.
    """
    definition = indicator(name)
    rows = rows_of(found, name)
    effects = list(dict.fromkeys(row["effect"] for row in rows))
    groups = [[row for row in rows if row["effect"] == effect] for effect in effects]
    names = [i18n.text(f"tradeoff.package_{row['package']}", lang) for row in groups[0]]
    values = [say_difference(row["difference"], definition, lang) for row in rows]
    heading = title(found, name, lang)
    context = found.comparison.context()
    lines = "; ".join(_told(group, definition, lang) for group in groups)

    def placed(sheet: Sheet) -> labels.Rows:
        return labels.Rows.of(names, _ROW[sheet.narrow], _NAME_ROOM, sheet)

    def layout(sheet: Sheet) -> Layout:
        own = placed(sheet)
        return Layout(
            rows=len(groups),
            height=len(names) * own.height,
            left=own.room,
            right=labels.room_beside(values),
            bottom=_TICKS,
            headings=tuple(
                (i18n.text(f"tradeoff.short_{effect}", lang), style.INK) for effect in effects
            ),
        )

    unit = difference_unit(definition, lang)
    return Chart(
        name=f"tradeoff_{name}",
        lang=lang,
        title=heading,
        note=i18n.text(
            "tradeoff.note",
            lang,
            unit=unit[:1].upper() + unit[1:],
            rupiah=say_money(rows[0]["rupiah"], lang),
            seeds=found.seeds,
        ),
        alt=f"{heading}. {lines}",
        table=tradeoff_table(found, name, lang),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=_draw(groups, definition, placed, lang),
    )


def _told(group: Sequence[Mapping[str, Any]], definition: Indicator, lang: str) -> str:
    """Say what the packages change with one guess of the effect."""
    items = "; ".join(
        i18n.text(
            "why.item",
            lang,
            part=i18n.text(f"tradeoff.package_{row['package']}", lang),
            value=say_change(row["difference"], definition, lang),
        )
        for row in group
    )
    effect = i18n.text(f"tradeoff.effect_{group[0]['effect']}", lang)
    return f"{effect} {items}"


def _draw(
    groups: Sequence[Sequence[Mapping[str, Any]]],
    definition: Indicator,
    placed: Callable[[Sheet], labels.Rows],
    lang: str,
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws marks and bands; no axis is finer than what is worth a word."""
    ends = [row[end] for group in groups for row in group for end in ("difference", "low", "high")]
    least = definition.negligible
    low, high = min(*ends, -least), max(*ends, least)
    edge = _MARGIN * (high - low)

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        own = placed(sheet)
        for panel, group in zip(axes, groups, strict=True):
            parts.plain(panel, "x")
            panel.set_xlim(low - edge, high + edge)
            own.write(panel)
            panel.axvline(0.0, color=style.INK, linewidth=1.0, zorder=2)
            for place, row in enumerate(group):
                cash = row["package"] in _CASH
                y, colour = place + own.shift, style.PACKAGES[cash]
                panel.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=style.LINE)
                panel.plot(
                    row["difference"], y, marker=style.MARKS[cash], markersize=6, color=colour,
                    zorder=4,
                )  # fmt: skip
                labels.beside(panel, y, say_difference(row["difference"], definition, lang))
            parts.value_ticks(panel, "x", lang, signed=True)

    return draw
