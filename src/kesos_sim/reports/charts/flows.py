"""Money in and money out of every package, as signed bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.context import Money, MoneyLine, ReportContext, in_language
from kesos_sim.reports.frames import Results
from kesos_sim.reports.money import cost_range, folded, unspent
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, heading
from kesos_sim.reports.values import say_money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAME_ROOM: Final = 150.0
_MARK: Final = {False: 27.0, True: 19.0}
"""Height of a row without a name above it, on wide and narrow sheets, points."""
_BAR: Final = 14.0
_ROUNDING: Final = 1000.0
"""Rupiah by which whole rupiah of many accounts may miss a sum."""
_DIGITS: Final = 3
_VALUE_ROOM: Final = 82.0
_HATCH: Final = "////"


@dataclass(frozen=True, slots=True)
class _Bar:
    """One signed amount: uses to the right, sources to the left, what was not spent hollow."""

    name: str
    rupiah: float
    kind: str


def money_in_out(results: Results, context: ReportContext, lang: str) -> Chart | None:
    """Draw where the money of every package comes from and what it pays for.

    Parameters
    ----------
    results : Results
        The indexed comparison.
    context : ReportContext
        With the money of every scenario.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart or None
        None when no scenario names a source or a use.
    """
    found = {
        s: bars
        for s in results.scenarios
        if (money := context.money.get(s)) is not None and (bars := _bars(money, lang))
    }
    if not found:
        return None
    groups = [(s,) for s in found]
    title = _title(list(found), results, context, lang)
    lines = [
        i18n.text(
            "charts.item",
            lang,
            name=f"{context.title(s, lang)}: {bar.name}",
            value=_amount(bar, lang),
        )
        for s, bars in found.items()
        for bar in bars
    ]

    over = any(bar.kind == "over" for bars in found.values() for bar in bars)

    def layout(sheet: Sheet) -> Layout:
        most = max(map(len, found.values()))
        rows = _rows([bar for bars in found.values() for bar in bars], sheet)
        return Layout(
            rows=len(found),
            height=most * rows.height,
            left=rows.room,
            right=6.0,
            bottom=8.0,
            headings=labels.headings(groups, results, context, lang),
        )

    return Chart(
        name="money_in_out",
        lang=lang,
        title=title,
        note=i18n.text("charts.money_axis_over" if over else "charts.money_axis", lang),
        alt=i18n.text("charts.money_alt", lang, lines="; ".join(lines)),
        table=_table(found, context, lang, title),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=_draw(found, results, lang),
    )


def _bars(money: Money, lang: str) -> list[_Bar]:
    """Return uses, then sources, each from the largest, then what was not spent or carried out."""
    uses = folded(money.uses, "uses")
    sources = folded(money.sources, "sources")
    bars = [_Bar(_capital(line, lang), line.rupiah, "use") for line in uses]
    bars += [_Bar(_capital(line, lang), -line.rupiah, "source") for line in sources]
    left = unspent(money)
    if sources and left > 0:
        word = i18n.text("charts.money_unspent", lang)
        bars.append(_Bar(word, left + money.unusable, "over"))
    over = (money.requested or 0.0) - (money.feasible or 0.0)
    if bars and money.requested is not None and money.feasible is not None and over > _ROUNDING:
        word = "money_beyond" if money.beyond_room else "money_infeasible"
        bars.append(_Bar(i18n.text(f"charts.{word}", lang), over, "over"))
    return bars


def _capital(line: MoneyLine, lang: str) -> str:
    """Return the name of a line as the beginning of a row."""
    name = in_language(line.words, lang)
    return name[:1].upper() + name[1:]


def _rows(bars: Sequence[_Bar], sheet: Sheet) -> labels.Rows:
    """Return rows for bars, all of one height."""
    return labels.Rows.of([bar.name for bar in bars], _MARK[sheet.narrow], _NAME_ROOM, sheet)


def _amount(bar: _Bar, lang: str) -> str:
    return numbers.rupiah(bar.rupiah, lang, digits=_DIGITS)


def _title(scenarios: Sequence[str], results: Results, context: ReportContext, lang: str) -> str:
    """Say how much money, and where most of it comes from when there is one package."""
    less = all(context.money[s].per_year < 0 for s in scenarios)
    told = [
        {
            "title": context.title(s, lang),
            "amount": numbers.rupiah(
                (-1 if less else 1) * context.money[s].per_year, lang, digits=_DIGITS
            ),
            "range": _range(results, context, s, lang, less=less),
        }
        for s in scenarios
    ]
    if less:
        return "; ".join(i18n.text("charts.money_less", lang, **words) for words in told)
    if len(told) > 1:
        lines = [
            i18n.text("charts.item", lang, name=one["title"], value=one["amount"] + one["range"])
            for one in told
        ]
        return i18n.text("charts.money_title_many", lang, lines="; ".join(lines))
    (words,) = told
    sources = context.money[scenarios[0]].sources
    largest = max(sources, key=lambda line: line.rupiah, default=None)
    if largest is None or 2 * largest.rupiah <= sum(line.rupiah for line in sources):
        return i18n.text("charts.money_title_plain", lang, **words)
    words["source"] = in_language(largest.words, lang)
    return i18n.text("charts.money_title", lang, **words)


def _range(
    results: Results, context: ReportContext, scenario: str, lang: str, *, less: bool
) -> str:
    """Write the range of what a package costs in a year, where there is one."""
    interval = cost_range(results, context, scenario, lang, less=less)
    return i18n.text("charts.money_range", lang, interval=interval) if interval else ""


def _table(
    found: dict[str, list[_Bar]], context: ReportContext, lang: str, title: str
) -> TextTable:
    """Return the amounts, signed."""
    columns = [
        heading("scenario", lang, numeric=False),
        Column(i18n.text("charts.money_line", lang), numeric=False),
        Column(i18n.text("charts.money_amount", lang)),
    ]
    fields = ("scenario", "line", "kind", "rupiah_per_year")
    builder = TableBuilder("money_in_out", title, columns, fields)
    for scenario, bars in found.items():
        for bar in bars:
            builder.add(
                (context.title(scenario, lang), bar.name, say_money(bar.rupiah, lang)),
                (scenario, bar.name, bar.kind, bar.rupiah),
            )
    return builder.table()


def _draw(
    found: dict[str, list[_Bar]], results: Results, lang: str
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws the bars of every package."""

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        everything = [bar for bars in found.values() for bar in bars]
        rows = _rows(everything, sheet)
        amounts = [bar.rupiah for bar in everything]
        low, high = min([*amounts, 0.0]), max([*amounts, 0.0])
        most = max(map(len, found.values()))
        for panel, (scenario, bars) in zip(axes, found.items(), strict=True):
            parts.plain(panel, "x")
            # Every bar has its amount beside it, which lines of a grid would cross.
            panel.grid(visible=False)
            panel.set_xticks([])
            room = (high - low) * _VALUE_ROOM / (parts.axes_width(panel) - _VALUE_ROOM)
            panel.set_xlim(low, high + room)
            own = replace(rows, names=_rows(bars, sheet).names)
            own.write(panel)
            panel.set_ylim(most - 0.5, -0.5)
            ends = (-0.5, len(bars) - 0.5)
            panel.vlines(0.0, *ends, color=style.INK, linewidth=1.0, zorder=5)
            colour, _ = parts.package_style(results.scenarios, scenario)
            for row, bar in enumerate(bars):
                y = row + rows.shift
                _draw_bar(panel, y, bar, colour, rows.part(_BAR))
                panel.annotate(
                    _amount(bar, lang),
                    (max(bar.rupiah, 0.0), y),
                    xytext=(5, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=style.LABEL,
                )

    return draw


def _draw_bar(axes: Axes, y: float, bar: _Bar, colour: str, height: float) -> None:
    """Draw one bar: filled for uses, hatched for sources, hollow for what was not spent."""
    looks: dict[str, dict[str, Any]] = {
        "use": {"facecolor": colour, "edgecolor": colour},
        "source": {"facecolor": style.PAPER, "edgecolor": colour, "hatch": _HATCH},
        "over": {"facecolor": style.PAPER, "edgecolor": style.BASELINE, "linestyle": (0, (4, 2))},
    }
    axes.barh(y, bar.rupiah, height=height, linewidth=1.2, zorder=3, **looks[bar.kind])
