"""A package in several futures, in sentences, as ranges and as tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.experiments.stress import USUAL, Cell, Stress
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.context import inside_sentence
from kesos_sim.reports.measures.parts import caveats, column, drawn, say
from kesos_sim.reports.measures.stress_facts import facts_words, future_name, grounds
from kesos_sim.reports.tables import TableBuilder, TextTable, known
from kesos_sim.reports.values import band_words, say_difference, unit_words
from kesos_sim.reports.values import say as say_value
from kesos_sim.scenario.coordination import rests_on_coordination

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["charts", "sentences", "tables"]

_NAME_ROOM: Final = 178.0
_ROW: Final = 25.0
_MARKS: Final = {"holds": "o", "weaker": "s", "unsure": "D", "fails": "X", "never": "X"}
_FILLED: Final = frozenset({"holds", "fails", "never"})


def sentences(found: Stress, lang: str) -> tuple[str, ...]:
    """Say under which conditions the package fails, indicator by indicator.

    Parameters
    ----------
    found : Stress
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
    """
    package = found.comparison.alternatives[0].scenario
    context = found.comparison.context()
    told = [say("stress.title", lang, title=context.title(package.name, lang))]
    for name in dict.fromkeys(cell.indicator for cell in found.cells):
        told.append(_verdicts(list(found.of(name).values()), lang))
    told += [
        f"{future_name(name, lang)}: {facts_words(found, name, lang)}."
        for name in found.futures[1:]
    ]
    told.append(say("stress.conditions", lang))
    draws = numbers.number(found.draws, lang)
    told.append(say("stress.how" if found.draws else "stress.how_one", lang, draws=draws))
    guess = rests_on_coordination(package)
    return (*told, *caveats(context, lang, coordination=guess))


def _verdicts(cells: Sequence[Cell], lang: str) -> str:
    """Say in which futures an indicator still gets better through the package."""
    usual = cells[0]
    definition = indicator(usual.indicator)
    label = definition.label(lang)
    unit = _unit(usual.indicator, lang)
    amount = say_difference(usual.difference, definition, lang)
    if usual.verdict == "never":
        return say("stress.never", lang, indicator=label, change=amount, unit=unit)
    told = _range(usual, lang)
    band = "" if told == numbers.EN_DASH else say("worth.bought_range", lang, range=told)
    words = {"indicator": label, "change": amount, "unit": unit, "range": band}
    lines = [say("stress.usual", lang, **words)]
    for verdict in ("fails", "unsure", "weaker", "never"):
        inside = [cell for cell in cells[1:] if cell.verdict == verdict]
        if inside:
            items = "; ".join(
                say(
                    "stress.item",
                    lang,
                    future=inside_sentence(future_name(cell.future, lang)),
                    change=say_difference(cell.difference, definition, lang),
                )
                for cell in inside
            )
            lines.append(say(f"stress.is_{verdict}", lang, items=items))
    if all(cell.verdict == "holds" for cell in cells):
        lines.append(say("stress.is_holds", lang))
    return " ".join(lines)


def tables(found: Stress, lang: str) -> tuple[TextTable, ...]:
    """List indicators by future, and the numbers behind the futures.

    Parameters
    ----------
    found : Stress
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of TextTable
    """
    builder = TableBuilder(
        "stress",
        _title(found, lang),
        [
            column("future", lang, numeric=False),
            column("indicator", lang, numeric=False),
            column("unit_difference", lang, numeric=False),
            *(column(name, lang) for name in ("without", "with", "difference", "range")),
            column("verdict", lang, numeric=False),
        ],
        (
            "future", "indicator", "unit", "baseline", "value", "difference", "low", "high",
            "verdict",
        ),
    )  # fmt: skip
    for cell in found.cells:
        definition = indicator(cell.indicator)
        builder.add(
            [
                future_name(cell.future, lang),
                definition.label(lang),
                _unit(cell.indicator, lang),
                say_value(cell.baseline, definition, lang),
                say_value(cell.value, definition, lang),
                say_difference(cell.difference, definition, lang),
                _range(cell, lang),
                say(f"stress.verdict_{cell.verdict}", lang),
            ],
            [
                cell.future,
                cell.indicator,
                definition.unit,
                *(known(one) for one in (cell.baseline, cell.value, cell.difference)),
                *(known(one) for one in (cell.low, cell.high)),
                cell.verdict,
            ],
        )
    return builder.table(), grounds(found, lang)


def charts(found: Stress, lang: str) -> tuple[Chart, ...]:
    """Draw what the package does in every future, one chart for each indicator that it moves.

    Parameters
    ----------
    found : Stress
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Chart
    """
    names = dict.fromkeys(cell.indicator for cell in found.cells)
    moved = [name for name in names if found.of(name)[USUAL].verdict != "never"]
    return tuple(_chart(found, name, lang) for name in moved or list(names)[:1])


def _chart(found: Stress, name: str, lang: str) -> Chart:
    """Draw one indicator."""
    cells = list(found.of(name).values())
    definition = indicator(name)
    rows = [future_name(cell.future, lang) for cell in cells]
    values = [
        say(
            "stress.value",
            lang,
            change=say_difference(cell.difference, definition, lang),
            verdict=say(f"stress.verdict_{cell.verdict}", lang),
        )
        for cell in cells
    ]
    bad = [row for row, cell in zip(rows, cells, strict=True) if cell.verdict == "fails"]
    doubt = [
        row for row, cell in zip(rows, cells, strict=True) if cell.verdict in {"unsure", "weaker"}
    ]
    label = inside_sentence(definition.label(lang))
    key = "fails" if bad else "doubt" if doubt else "holds"
    names = "; ".join(inside_sentence(one) for one in bad or doubt)
    title = (
        i18n.text("planner_plans.stress_never", lang, indicator=label)
        if cells[0].verdict == "never"
        else say(f"stress.chart_{key}", lang, indicator=label, names=names)
    )
    items = "; ".join(f"{row}: {value}" for row, value in zip(rows, values, strict=True))

    def placed(sheet: Sheet) -> labels.Rows:
        named = (
            rows
            if not sheet.narrow
            else [
                say(
                    "stress.value",
                    lang,
                    change=row,
                    verdict=say(f"stress.verdict_{cell.verdict}", lang),
                )
                for row, cell in zip(rows, cells, strict=True)
            ]
        )
        return labels.Rows.of(named, _ROW, _NAME_ROOM, sheet)

    def beside(sheet: Sheet) -> list[str]:
        if not sheet.narrow:
            return values
        return [say_difference(cell.difference, definition, lang) for cell in cells]

    def layout(sheet: Sheet) -> Layout:
        own = placed(sheet)
        room = labels.room_beside(beside(sheet))
        return Layout(height=len(rows) * own.height, left=own.room, right=room)

    words = (
        title,
        say("stress.note", lang, unit=_unit(name, lang), band=band_words(found.draws, lang)),
        say("stress.alt", lang, items=items),
    )
    return drawn(
        f"stress_{name}",
        found.comparison.context(),
        lang,
        words,
        tables(found, lang)[0],
        layout,
        _draw(cells, beside, placed, lang),
    )


def _draw(
    cells: Sequence[Cell],
    beside: Callable[[Sheet], Sequence[str]],
    placed: Callable[[Sheet], labels.Rows],
    lang: str,
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws the ranges; the usual future's effect is a dashed line."""

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        own, values = placed(sheet), beside(sheet)
        ends = [one for cell in cells for one in (cell.low, cell.high, cell.difference, 0.0)]
        seen = [one for one in ends if math.isfinite(one)]
        margin = 0.08 * max(max(seen) - min(seen), 1e-6)
        parts.plain(panel, "x")
        panel.set_xlim(min(seen) - margin, max(seen) + margin)
        own.write(panel, strong=0)
        panel.axvline(0.0, color=style.INK, linewidth=1.0, zorder=1)
        panel.axvline(
            cells[0].difference, color=style.BASELINE, linewidth=1.2, linestyle="--", zorder=1
        )
        for row, cell in enumerate(cells):
            y = row + own.shift
            good = cell.verdict in {"holds", "weaker"}
            colour = style.PACKAGES[0 if good else 1]
            if math.isfinite(cell.low):
                panel.plot([cell.low, cell.high], [y, y], color=colour, linewidth=2.4, zorder=3)
            panel.plot(
                cell.difference,
                y,
                marker=_MARKS[cell.verdict],
                markersize=8,
                color=colour,
                markerfacecolor=colour if cell.verdict in _FILLED else style.PAPER,
                markeredgewidth=1.6,
                zorder=4,
            )
            labels.beside(panel, y, values[row])
        parts.value_ticks(panel, "x", lang, signed=True)

    return draw


def _title(found: Stress, lang: str) -> str:
    """Return what the table is about."""
    context = found.comparison.context()
    name = found.comparison.alternatives[0].scenario.name
    return say("stress.table_title", lang, title=context.title(name, lang))


def _unit(name: str, lang: str) -> str:
    """Return the unit of a difference."""
    definition = indicator(name)
    if definition.unit == "percent":
        return say("unit_points", lang)
    return unit_words(definition, lang)


def _range(cell: Cell, lang: str) -> str:
    """Write the interval of a cell."""
    if not math.isfinite(cell.low):
        return numbers.EN_DASH
    definition = indicator(cell.indicator)
    low, high = (say_difference(one, definition, lang) for one in (cell.low, cell.high))
    return numbers.EN_DASH if low == high else say("range_words", lang, low=low, high=high)
