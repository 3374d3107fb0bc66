"""Predictions of a meeting beside the model, as one chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.forum.agreement import provenance
from kesos_sim.forum.as_data import Meeting, Score
from kesos_sim.forum.as_data_words import score_table
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["score_chart"]

_NAME_ROOM: Final = 150.0
_MARK: Final = {False: 34.0, True: 30.0}
_STEP: Final = 0.1
"""Guesses that round to the same tenth of a percent stand above each other."""
_RISE: Final = 0.035


def score_chart(meeting: Meeting, found: Sequence[Score], lang: str = "id") -> Chart:
    """Draw each prediction as a dot above the model's range.

    Parameters
    ----------
    meeting : Meeting
        The meeting.
    found : sequence of Score
        As `kesos_sim.forum.as_data.scores` returns them.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        A row per question; a simulated meeting is called one in its title.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> from kesos_sim.forum.as_data import meeting_of, scores
    >>> surface = load_surface()
    >>> meeting = meeting_of(surface=surface)
    >>> print(score_chart(meeting, scores(meeting, surface), "en").title)
    SIMULATION, no meeting MPU26: made-up predictions beside the model's range
    """
    names = [i18n.text(f"agreement.question_{one.question}", lang) for one in found]
    beside = [
        i18n.text(
            "forum_data.beside",
            lang,
            room=numbers.percent(one.median, lang),
            model=numbers.percent(one.model[1], lang),
        )
        for one in found
    ]
    guesses = {one.question: meeting.room.guessed(one.question) for one in found}
    key = (
        KeyEntry(i18n.text("forum_data.key_room", lang), "o", style.PACKAGES[1], hollow=True),
        KeyEntry(i18n.text("forum_data.key_model", lang), "s", style.PACKAGES[0], line="-"),
    )

    def layout(sheet: Sheet) -> Layout:
        placed = labels.Rows.of(names, _MARK[sheet.narrow], _NAME_ROOM, sheet)
        return Layout(
            height=len(names) * placed.height,
            left=placed.room,
            right=labels.room_beside(beside),
            key=key,
        )

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        placed = labels.Rows.of(names, _MARK[sheet.narrow], _NAME_ROOM, sheet)
        parts.plain(panel, "x")
        placed.write(panel)
        values = [v for one in found for v in (*guesses[one.question], one.model[0], one.model[2])]
        panel.set_xlim(min(values) - 0.3, max(values) + 0.3)
        for row, one in enumerate(found):
            y = row + placed.shift
            low, middle, high = one.model
            panel.plot([low, high], [y + 0.3, y + 0.3], color=style.PACKAGES[0], linewidth=3.0)
            panel.plot(middle, y + 0.3, marker="s", markersize=6, color=style.PACKAGES[0])
            for x, place in _stacked(guesses[one.question]):
                panel.plot(
                    x,
                    y + 0.04 - _RISE * place,
                    marker="o",
                    markersize=4,
                    color=style.PACKAGES[1],
                    markerfacecolor=style.PAPER,
                )
            labels.beside(panel, y, beside[row])
        parts.value_ticks(panel, "x", lang)

    lines = "; ".join(f"{name}: {words}" for name, words in zip(names, beside, strict=True))
    which = "_simulated" if meeting.simulated else ""
    title = i18n.text(f"forum_data.chart_title{which}", lang, code=meeting.session.code)
    return Chart(
        name="tebakan",
        lang=lang,
        title=title,
        note=i18n.text("forum_data.chart_note", lang),
        alt=f"{title} {lines}.",
        table=score_table(found, lang),
        source=i18n.text(f"forum_data.chart_source{which}", lang),
        provenance=provenance(meeting.room).line(lang, timing=False),
        layout=layout,
        draw=draw,
    )


def _stacked(values: Sequence[float]) -> list[tuple[float, int]]:
    """Return each guess with the number of those below it."""
    counts: dict[int, int] = {}
    placed = []
    for value in values:
        step = round(value / _STEP)
        placed.append((value, counts.get(step, 0)))
        counts[step] = counts.get(step, 0) + 1
    return placed
