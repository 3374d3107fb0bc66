"""Whether a package can be paid, by fiscal year, and the months in which a year is spent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim.experiments.feasibility import Feasibility, YearOfPayer
from kesos_sim.i18n import dates, numbers
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.measures.feasibility import shown, tables
from kesos_sim.reports.measures.parts import column, drawn, say
from kesos_sim.reports.tables import TableBuilder, TextTable
from kesos_sim.reports.values import say_money
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["charts"]

_NAME_ROOM: Final = 56.0
_ROW: Final = 30.0
_BAR: Final = 0.62
_MOST_YEARS: Final = 12
_LAST_QUARTER: Final = 9


def charts(found: Feasibility, lang: str) -> tuple[Chart, ...]:
    """Draw asked, feasible and spent money by year, and the months of a year.

    Parameters
    ----------
    found : Feasibility
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Chart
        Empty where the package costs nothing more.
    """
    if found.verdict in {"nothing", "less"}:
        return ()
    made = [_years(found, lang)]
    if sum(int(value) for months in found.calendar.values() for value in months) > 0:
        made.append(_calendar(found, lang))
    return tuple(made)


def _years(found: Feasibility, lang: str) -> Chart:
    """Draw every fiscal year."""
    rows = [row for row in shown(found) if row.asked > 0.0][-_MOST_YEARS:] or list(shown(found))
    names = [dates.fiscal_year(row.year, lang) for row in rows]
    values = [
        say(
            "feasibility.bar_value",
            lang,
            absorbed=say_money(row.absorbed, lang),
            asked=say_money(row.asked, lang),
        )
        for row in rows
    ]
    key = (
        KeyEntry(say("feasibility.key_absorbed", lang), "s", style.PACKAGES[0]),
        KeyEntry(say("feasibility.key_feasible", lang), "s", style.QUIET, hollow=True),
        KeyEntry(say("feasibility.key_asked", lang), "D", style.PACKAGES[1]),
        KeyEntry(say("feasibility.key_room", lang), "|", style.INK),
    )
    last = rows[-1]
    title = say(
        f"feasibility.title_{found.verdict}",
        lang,
        year=dates.fiscal_year(last.year, lang),
        asked=say_money(last.asked, lang),
        feasible=say_money(last.feasible, lang),
        absorbed=say_money(last.absorbed, lang),
    )
    scale, unit = parts.scale_of(max(max(row.asked, row.room) for row in rows), lang)

    def placed(sheet: Sheet) -> labels.Rows:
        return labels.Rows.of(names, _ROW, _NAME_ROOM, sheet)

    def layout(sheet: Sheet) -> Layout:
        own = placed(sheet)
        right = 8.0 if sheet.narrow else labels.room_beside(values)
        return Layout(height=len(rows) * own.height, left=own.room, right=right, key=key)

    items = "; ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
    words = (
        title,
        say("feasibility.note", lang, unit=unit),
        say("feasibility.alt", lang, items=items),
    )
    draw = _draw_years(rows, scale, values, placed, lang)
    context = found.comparison.context()
    return drawn("budget_years", context, lang, words, tables(found, lang)[0], layout, draw)


def _draw_years(
    rows: Sequence[YearOfPayer],
    scale: float,
    values: Sequence[str],
    placed: Callable[[Sheet], labels.Rows],
    lang: str,
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws the bars of fiscal years."""

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        own = placed(sheet)
        parts.plain(panel, "x")
        panel.set_xlim(0.0, 1.06 * max(max(row.asked, row.room) for row in rows) / scale)
        own.write(panel)
        thick = own.part(_ROW * _BAR)
        for place, row in enumerate(rows):
            y = place + own.shift
            panel.barh(
                y,
                row.feasible / scale,
                height=thick,
                facecolor=style.PAPER,
                edgecolor=style.QUIET,
                linewidth=1.2,
                zorder=3,
            )
            panel.barh(
                y, row.absorbed / scale, height=0.6 * thick, color=style.PACKAGES[0], zorder=4
            )
            panel.plot(
                [row.room / scale] * 2,
                [y - thick * 0.75, y + thick * 0.75],
                color=style.INK,
                linewidth=2.0,
                zorder=5,
            )
            panel.plot(
                row.asked / scale,
                y,
                marker="D",
                markersize=6.5,
                color=style.PACKAGES[1],
                zorder=6,
                clip_on=False,
            )
            if not sheet.narrow:
                labels.beside(panel, y, values[place])
        parts.value_ticks(panel, "x", lang)

    return draw


def _calendar(found: Feasibility, lang: str) -> Chart:
    """Draw the months of a fiscal year."""
    months = [
        sum(int(table[place]) for table in found.calendar.values())
        for place in range(MONTHS_PER_YEAR)
    ]
    total = sum(months)
    late = 100.0 * sum(months[_LAST_QUARTER:]) / total
    year = dates.fiscal_year(found.calendar_year, lang)
    title = say("feasibility.calendar_title", lang, year=year, share=numbers.percent(late, lang, 0))
    names = [
        numbers.month_name(Month(found.calendar_year, 1 + place), lang).split(" ")[0]
        for place in range(MONTHS_PER_YEAR)
    ]
    scale, unit = parts.scale_of(max(map(abs, months)), lang)
    items = "; ".join(
        f"{name} {say_money(value, lang)}" for name, value in zip(names, months, strict=True)
    )

    def layout(sheet: Sheet) -> Layout:
        return Layout(height=150.0, left=34.0, right=6.0)

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        parts.plain(panel, "y")
        tall = [value / scale for value in months]
        low, high = min([0.0, *tall]), max(tall)
        panel.set_ylim(1.1 * low, 1.16 * high)
        panel.set_xlim(-0.6, MONTHS_PER_YEAR - 0.4)
        panel.axhline(0.0, color=style.INK, linewidth=1.0, zorder=2)
        running = 0.0
        for place, value in enumerate(tall):
            running += months[place]
            last = place >= _LAST_QUARTER
            panel.bar(
                place,
                value,
                width=_BAR,
                facecolor=style.PACKAGES[0],
                edgecolor=style.PAPER,
                hatch="////" if last else None,
                zorder=3,
            )
            if not sheet.narrow or place % 3 == 2:  # noqa: PLR2004  # ends of quarters
                panel.annotate(
                    numbers.percent(100.0 * running / total, lang, 0),
                    (place, max(value, 0.0)),
                    xytext=(0, 3),
                    textcoords="offset points",
                    ha="center",
                    fontsize=style.SMALL,
                )
        panel.set_xticks(
            range(MONTHS_PER_YEAR), [name[: 1 if sheet.narrow else 3] for name in names]
        )
        parts.value_ticks(panel, "y", lang)

    words = (
        title,
        say("feasibility.calendar_note", lang, unit=unit, year=year),
        say("feasibility.alt", lang, items=items),
    )
    context = found.comparison.context()
    twin = _months_table(title, names, months, lang)
    return drawn("budget_months", context, lang, words, twin, layout, draw)


def _months_table(title: str, names: Sequence[str], months: Sequence[int], lang: str) -> TextTable:
    """List the months with what is spent in each and until then."""
    builder = TableBuilder(
        "budget_months",
        title,
        [
            column("month", lang, numeric=False),
            column("money_absorbed", lang, unit="rupiah"),
            column("cumulative", lang, unit="percent"),
        ],
        ("month", "absorbed", "cumulative_percent"),
    )
    running = 0
    for place, (name, value) in enumerate(zip(names, months, strict=True), start=1):
        running += value
        share = 100.0 * running / sum(months)
        builder.add(
            [name, say_money(value, lang), numbers.percent(share, lang)], [place, value, share]
        )
    return builder.table()
