"""Free parameters in their ranges: value of the table, mean and interval after a calibration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.calibration.figure_words import published_by
from kesos_sim.calibration.words import calibration_table, span
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.influence import factor_name, factor_value
from kesos_sim.reports.provenance import Provenance

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kesos_sim.calibration.calibrate import Calibration

__all__ = ["ranges_chart"]

_MARK: Final = {False: 26.0, True: 16.0}
_NAME_ROOM: Final = 210.0
_TICKS: Final = (0.0, 0.5, 1.0)
_EDGE: Final = 0.03


def ranges_chart(found: Calibration, lang: str) -> Chart:
    """Draw where each free parameter lies in its range, before and after.

    Parameters
    ----------
    found : Calibration
        The calibration.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        A row for each parameter; those of which figures say next to nothing are grey and hollow.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.calibration.calibrate import calibrate
    >>> from kesos_sim.experiments.executors import Serial
    >>> from kesos_sim.experiments.store import Store
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> found = calibrate(blora, ("registry.truth",), 5, Serial(), Store.default(), draws=100)
    >>> ranges_chart(found, "en").name
    'calibration'
    """
    rows, learned = found.rows(), set(found.learned)
    names = [factor_name(row["parameter"], lang) for row in rows]
    said = [
        i18n.text(
            "calibration.chart_value",
            lang,
            mean=factor_value(row["parameter"], row["mean"], lang),
            interval=span(row["parameter"], row["from"], row["to"], lang),
        )
        for row in rows
    ]
    title = i18n.text(
        "calibration.chart_title" if learned else "calibration.chart_title_none",
        lang,
        learned=numbers.number(len(learned), lang),
        total=numbers.number(len(rows), lang),
    )
    lines = "; ".join(
        i18n.text(
            "calibration.chart_line",
            lang,
            parameter=name,
            value=factor_value(row["parameter"], row["value"], lang),
            range=span(row["parameter"], row["low"], row["high"], lang),
            after=words,
        )
        for name, row, words in zip(names, rows, said, strict=True)
    )

    def placed(sheet: Sheet) -> labels.Rows:
        return labels.Rows.of(names, _MARK[sheet.narrow], _NAME_ROOM, sheet)

    def layout(sheet: Sheet) -> Layout:
        own = placed(sheet)
        return Layout(
            height=len(rows) * own.height,
            left=own.room,
            right=labels.room_beside(said),
            key=_key(learned, len(rows), lang),
        )

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        own = placed(sheet)
        parts.plain(panel, "x")
        own.write(panel)
        panel.set_xlim(-_EDGE, 1.0 + _EDGE)
        panel.set_xticks(_TICKS, [i18n.text(f"calibration.tick_{n}", lang) for n in range(3)])
        for place, row in enumerate(rows):
            y, known = place + own.shift, row["parameter"] in learned
            colour = style.PACKAGES[0] if known else style.BASELINE
            low, width = row["low"], (row["high"] - row["low"]) or 1.0
            value, mean, start, end = (
                (row[name] - low) / width for name in ("value", "mean", "from", "to")
            )
            panel.plot([start, end], [y, y], color=colour, linewidth=3.0, zorder=2)
            panel.plot(
                value, y, "D", markersize=7, color=style.INK, markerfacecolor=style.PAPER, zorder=3
            )
            panel.plot(
                mean,
                y,
                "o" if known else "s",
                markersize=6,
                color=colour,
                markerfacecolor=colour if known else style.PAPER,
                zorder=4,
            )
            labels.beside(panel, y, said[place])

    return Chart(
        name="calibration",
        lang=lang,
        title=title,
        note=i18n.text("calibration.chart_note", lang),
        alt=i18n.text("calibration.chart_alt", lang, title=title, lines=lines),
        table=calibration_table(found, lang),
        source=i18n.text("validation.source", lang, sources=published_by(found.figures, lang)),
        provenance=Provenance(**found.provenance).line(lang, timing=False),
        layout=layout,
        draw=draw,
    )


def _key(learned: set[str], total: int, lang: str) -> tuple[KeyEntry, ...]:
    """Say what the marks are; only those that there are."""
    key = [KeyEntry(i18n.text("calibration.key_table", lang), "D", style.INK, hollow=True)]
    if learned:
        key.append(KeyEntry(i18n.text("calibration.key_learned", lang), "o", style.PACKAGES[0]))
    if len(learned) < total:
        words = i18n.text("calibration.key_silent", lang)
        key.append(KeyEntry(words, "s", style.BASELINE, hollow=True))
    return tuple(key)
