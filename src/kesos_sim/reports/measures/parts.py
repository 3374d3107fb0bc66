"""What the reports of measures have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim import i18n
from kesos_sim.i18n.vocabulary import word
from kesos_sim.palette import COLOURS
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.sentences import base_miss
from kesos_sim.reports.tables import Column, TextTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "GAIN_LOSS",
    "caveats",
    "column",
    "drawn",
    "legend",
    "legend_room",
    "range_rows",
    "say",
]

GAIN_LOSS: Final = tuple(
    COLOURS[name].light for name in ("gain", "gain_pale", "even", "loss_pale", "package_b")
)
"""From the largest gain to the largest loss; losses are hatched too."""
HATCH: Final = "////"
_BOX: Final = 9.0
_GAP: Final = 16.0
_ROW: Final = 15.0
_RANGE_ROW: Final = 30.0
_RANGE_NAMES: Final = 170.0
_MARGIN: Final = 0.06


def say(key: str, lang: str, /, **fields: object) -> str:
    """Return a text of the catalogue ``measures``.

    Parameters
    ----------
    key : str
        Its name.
    lang : str
        ``id`` or ``en``.
    **fields : object
        What it needs.

    Returns
    -------
    str
    """
    return i18n.text(f"measures.{key}", lang, **fields)


def caveats(context: ReportContext, lang: str, *, coordination: bool = False) -> tuple[str, ...]:
    """Return what holds for every result of a measure.

    Parameters
    ----------
    context : ReportContext
        Places, provenance, and which figures are imputed.
    lang : str
        ``id`` or ``en``.
    coordination : bool
        Whether the package rests on what coordination does, which nobody has measured.

    Returns
    -------
    tuple of str
    """
    told = [base_miss(context, lang)]
    told += [say("coordination_guess", lang)] if coordination else []
    told += [i18n.text("sentences.imputed", lang)] if context.notes else []
    told.append(i18n.text("sentences.missing", lang))
    return tuple(one for one in told if one)


def drawn(
    name: str,
    context: ReportContext,
    lang: str,
    words: tuple[str, str, str],
    table: TextTable,
    layout: Callable[[Sheet], Layout],
    draw: Callable[[Sequence[Axes], Sheet], None],
    *sources: str,
) -> Chart:
    """Make a chart with the sources and the record of its result.

    Parameters
    ----------
    name : str
        Name of its files.
    context : ReportContext
        Sources and provenance.
    lang : str
        ``id`` or ``en``.
    words : tuple of str
        Title, note and alternative text.
    table : TextTable
        Its table twin.
    layout, draw : callable
        See `Chart`.
    *sources : str
        Further sources.

    Returns
    -------
    Chart
    """
    title, note, alt = words
    return Chart(
        name=name,
        lang=lang,
        title=title,
        note=note,
        alt=alt,
        table=table,
        source=parts.source_line(context, lang, *sources),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=draw,
    )


def column(
    key: str, lang: str, *, numeric: bool = True, unit: str = "", **fields: object
) -> Column:
    """Return a column with a heading of the catalogue ``measures``, and the unit of its data."""
    return Column(say(f"column.{key}", lang, **fields), numeric, word("unit", unit, lang))


def range_rows(
    names: Sequence[str],
    marks: Sequence[tuple[float, float, float, float]],
    values: Sequence[str],
    lang: str,
) -> tuple[Callable[[Sheet], Layout], Callable[[Sequence[Axes], Sheet], None]]:
    """Lay out and draw rows of a mark with its range, and a hollow one without coordination.

    Parameters
    ----------
    names : sequence of str
        Names of the rows from top to bottom.
    marks : sequence of (float, float, float, float)
        Value, both ends of its range, and the value if coordination had no effect; NaN for an end
        or a value that there is not.
    values : sequence of str
        What is written beside the rows.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    (callable, callable)
        Layout and drawing, see `Chart`.
    """
    guessed = any(np.isfinite(idle) for *_, idle in marks)
    key = (
        KeyEntry(say("worth.key_assumed", lang), "o", style.PACKAGES[0]),
        KeyEntry(say("worth.key_zero", lang), "s", style.BASELINE, hollow=True),
    )

    def layout(sheet: Sheet) -> Layout:
        own = labels.Rows.of(names, _RANGE_ROW, _RANGE_NAMES, sheet)
        return Layout(
            height=len(names) * own.height,
            left=own.room,
            right=labels.room_beside(values),
            key=key if guessed else (),
        )

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        own = labels.Rows.of(names, _RANGE_ROW, _RANGE_NAMES, sheet)
        known = [0.0, *(one for row in marks for one in row if np.isfinite(one))]
        margin = _MARGIN * max(max(known) - min(known), 1e-9)
        parts.plain(panel, "x")
        panel.set_xlim(min(known) - margin, max(known) + margin)
        own.write(panel)
        panel.axvline(0.0, color=style.INK, linewidth=1.0, zorder=1)
        for row, (value, low, high, idle) in enumerate(marks):
            y = row + own.shift
            if np.isfinite([low, high]).all():
                panel.plot([low, high], [y, y], color=style.PACKAGES[0], linewidth=3.0, zorder=3)
            panel.plot(value, y, marker="o", markersize=9, color=style.PACKAGES[0], zorder=4)
            if np.isfinite(idle):
                panel.plot(
                    idle,
                    y,
                    marker="s",
                    markersize=5.5,
                    markerfacecolor=style.PAPER,
                    markeredgecolor=style.BASELINE,
                    markeredgewidth=1.6,
                    zorder=5,
                )
            labels.beside(panel, y, values[row])
        parts.value_ticks(panel, "x", lang)

    return layout, draw


def legend_rows(entries: Sequence[tuple[str, str, bool]], width: float) -> list[list[int]]:
    """Put entries of a legend into rows that fit.

    Parameters
    ----------
    entries : sequence of (str, str, bool)
        Words, colour, and whether it is hatched.
    width : float
        Room in points.

    Returns
    -------
    list of list of int
        Places of the entries of each row.
    """
    rows: list[list[int]] = []
    used = width
    for place, (words, _, _) in enumerate(entries):
        wide = _BOX + 4.0 + style.text_width(words, style.LABEL)
        if not rows or used + wide > width:
            rows.append([])
            used = 0.0
        rows[-1].append(place)
        used += wide + _GAP
    return rows


def legend(
    panel: Axes, entries: Sequence[tuple[str, str, bool]], left: float, above: float
) -> None:
    """Draw boxes with their words above a panel; words are dark whatever the colour.

    Parameters
    ----------
    panel : Axes
        The panel, in its place.
    entries : sequence of (str, str, bool)
        Words, colour, and whether it is hatched.
    left : float
        How far the legend begins left of the panel, points.
    above : float
        Distance of the lowest row from the panel, points.
    """
    from matplotlib.patches import Rectangle  # matplotlib loads where it is used
    from matplotlib.transforms import ScaledTranslation

    figure = panel.get_figure(root=True)
    if figure is None:
        raise ValueError("the panel has no figure")
    corner = panel.transAxes.transform((0.0, 1.0))
    dots = figure.dpi / style.POINTS_PER_INCH
    rows = legend_rows(entries, parts.axes_width(panel) + left)
    for number, row in enumerate(rows):
        x, y = -left, above + _ROW * (len(rows) - 1 - number)
        for place in row:
            words, colour, hatched = entries[place]
            shift = ScaledTranslation(
                (corner[0] / dots + x) / style.POINTS_PER_INCH,
                (corner[1] / dots + y) / style.POINTS_PER_INCH,
                figure.dpi_scale_trans,
            )
            box = Rectangle(
                (0.0, 0.0),
                _BOX / style.POINTS_PER_INCH,
                _BOX / style.POINTS_PER_INCH,
                facecolor=colour,
                edgecolor=style.BASELINE,
                linewidth=1.0,
                hatch=HATCH if hatched else None,
                transform=figure.dpi_scale_trans + shift,
                clip_on=False,
            )
            figure.add_artist(box)
            panel.annotate(
                words,
                (0, 1),
                xycoords="axes fraction",
                xytext=(x + _BOX + 4.0, y + _BOX / 2.0),
                textcoords="offset points",
                va="center",
                fontsize=style.LABEL,
                color=style.INK,
                annotation_clip=False,
            )
            x += _BOX + 4.0 + style.text_width(words, style.LABEL) + _GAP


def legend_room(entries: Sequence[tuple[str, str, bool]], width: float) -> float:
    """Return the height that a legend needs, points."""
    return _ROW * len(legend_rows(entries, width)) + 4.0
