"""Money in and money out of every package, as signed bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.context import Money, ReportContext, in_language
from kesos_sim.reports.frames import Results
from kesos_sim.reports.money import folded
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, heading
from kesos_sim.reports.values import say_money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAME_ROOM: Final = 150.0
_ROW: Final = 24.0
_BAR: Final = 0.6
_DIGITS: Final = 3
_VALUE_ROOM: Final = 82.0
_HATCH: Final = "////"


@dataclass(frozen=True, slots=True)
class _Bar:
    """One signed amount: uses to the right, sources to the left, what did not fit hollow."""

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
    largest = max(abs(bar.rupiah) for bars in found.values() for bar in bars)
    scale, unit = parts.scale_of(largest, lang)
    groups = [(s,) for s in found]
    title = _title(list(found), context, lang)
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
    return Chart(
        name="money_in_out",
        lang=lang,
        title=title,
        note=i18n.text("charts.money_axis", lang, unit=unit).strip(),
        alt=i18n.text("charts.money_alt", lang, lines="; ".join(lines)),
        table=_table(found, context, lang, title),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=Layout(
            rows=len(found),
            height=_ROW * max(map(len, found.values())),
            left=_NAME_ROOM,
            right=6.0,
            headings=labels.headings(groups, context, lang),
        ),
        draw=_draw(found, lang, scale, largest),
    )


def _bars(money: Money, lang: str) -> list[_Bar]:
    """Return uses, then sources, each from the largest, then what was not carried out."""
    uses = folded(money.uses, "uses")
    sources = folded(money.sources, "sources")
    bars = [_Bar(in_language(line.words, lang), line.rupiah, "use") for line in uses]
    bars += [_Bar(in_language(line.words, lang), -line.rupiah, "source") for line in sources]
    over = (money.requested or 0.0) - (money.feasible or 0.0)
    if bars and money.requested is not None and money.feasible is not None and over > 0:
        word = "money_beyond" if money.beyond_room else "money_infeasible"
        bars.append(_Bar(i18n.text(f"charts.{word}", lang), over, "over"))
    return bars


def _amount(bar: _Bar, lang: str) -> str:
    return numbers.rupiah(bar.rupiah, lang, digits=_DIGITS)


def _title(scenarios: Sequence[str], context: ReportContext, lang: str) -> str:
    """Say how much money, and the largest source when there is one package."""
    amounts = {
        s: numbers.rupiah(context.money[s].per_year, lang, digits=_DIGITS) for s in scenarios
    }
    if all(context.money[s].per_year < 0 for s in scenarios):
        return _less_title(scenarios, context, lang)
    if len(scenarios) > 1:
        lines = [
            i18n.text("charts.item", lang, name=context.title(s, lang), value=amount)
            for s, amount in amounts.items()
        ]
        return i18n.text("charts.money_title_many", lang, lines="; ".join(lines))
    (scenario,) = scenarios
    words = {"title": context.title(scenario, lang), "amount": amounts[scenario]}
    sources = context.money[scenario].sources
    if not sources:
        return i18n.text("charts.money_title_plain", lang, **words)
    largest = max(sources, key=lambda line: line.rupiah)
    words["source"] = in_language(largest.words, lang)
    return i18n.text("charts.money_title", lang, **words)


def _less_title(scenarios: Sequence[str], context: ReportContext, lang: str) -> str:
    """Say how much less is spent."""
    lines = [
        i18n.text(
            "charts.money_less",
            lang,
            title=context.title(s, lang),
            amount=numbers.rupiah(-context.money[s].per_year, lang, digits=_DIGITS),
        )
        for s in scenarios
    ]
    return "; ".join(lines)


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
    found: dict[str, list[_Bar]], lang: str, scale: float, largest: float
) -> Callable[[Sequence[Axes]], None]:
    """Return what draws the bars of every package."""

    def draw(axes: Sequence[Axes]) -> None:
        amounts = [bar.rupiah for bars in found.values() for bar in bars]
        low, high = (end / scale for end in (min([*amounts, 0.0]), max([*amounts, 0.0])))
        most = max(map(len, found.values()))
        for panel, bars in zip(axes, found.values(), strict=True):
            parts.plain(panel, "x")
            sides = (low < 0) + (high > 0)
            room = (high - low) * _VALUE_ROOM / (parts.axes_width(panel) - sides * _VALUE_ROOM)
            panel.set_xlim(low - room * (low < 0), high + room * (high > 0))
            labels.rows_axis(panel, [bar.name for bar in bars], _NAME_ROOM)
            panel.axvline(0.0, color=style.INK, linewidth=1.0, zorder=5)
            for row, bar in enumerate(bars):
                _draw_bar(panel, row, bar, scale, _BAR * len(bars) / most)
                side = 1 if bar.rupiah >= 0 else -1
                panel.annotate(
                    _amount(bar, lang),
                    (bar.rupiah / scale, row),
                    xytext=(5 * side, 0),
                    textcoords="offset points",
                    ha="left" if side > 0 else "right",
                    va="center",
                    fontsize=style.LABEL,
                )
            parts.value_ticks(panel, "x", lang, signed=True)

    return draw


def _draw_bar(axes: Axes, row: int, bar: _Bar, scale: float, height: float) -> None:
    """Draw one bar: filled for uses, hatched for sources, hollow for what did not fit."""
    looks: dict[str, dict[str, Any]] = {
        "use": {"facecolor": style.PACKAGES[0], "edgecolor": style.PACKAGES[0]},
        "source": {
            "facecolor": style.PAPER,
            "edgecolor": style.PACKAGES[1],
            "hatch": _HATCH,
        },
        "over": {"facecolor": style.PAPER, "edgecolor": style.BASELINE, "linestyle": (0, (4, 2))},
    }
    axes.barh(row, bar.rupiah / scale, height=height, linewidth=1.2, zorder=3, **looks[bar.kind])
