"""Every parameter with value, range, unit, grade and source, and how well they are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.data.parameters import Parameter, parameter_table
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.palette import COLOURS
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.description.versions import versions
from kesos_sim.reports.references import readable
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["grades_chart", "parameter_tables"]

_GRADES: Final = "ABCD"
_COLOURS: Final = (COLOURS["gain"].light, style.PACKAGES[0], style.BASELINE, style.PACKAGES[1])
"""Dark enough for words; hatching tells them apart in greyscale."""
_HATCHES: Final = (None, None, "..", "////")
_NAME_ROOM: Final = 118.0
_MARK: Final = {False: 15.0, True: 13.0}
_BAR: Final = 11.0
_FIELDS: Final = ("parameter", "value", "low", "high", "unit", "grade", "source", "note")


def parameter_tables(lang: str, only: Collection[str] | None = None) -> list[TextTable]:
    """List every parameter, one table for each group.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.
    only : collection of str, optional
        Ids of the parameters to list; all when left out.

    Returns
    -------
    list of TextTable
        Groups by the first word of the ids, in alphabetical order; titles count the grades.

    Examples
    --------
    >>> (table,) = parameter_tables("en", ["household.propensity_to_consume"])
    >>> table.rows[0][:5]
    ('household.propensity_to_consume', '0.6', '0.1 to 1', 'share of a transfer consumed',
    'B literature')
    """
    return [_table(group, rows, lang) for group, rows in sorted(_groups(only).items())]


def _groups(only: Collection[str] | None = None) -> dict[str, list[Parameter]]:
    """Return the parameters, or some of them, by the first word of their ids."""
    found: dict[str, list[Parameter]] = {}
    for row in parameter_table().values():
        if only is not None and row.id not in only:
            continue
        found.setdefault(row.id.partition(".")[0], []).append(row)
    return found


def _table(group: str, rows: Sequence[Parameter], lang: str) -> TextTable:
    """List the parameters of a group."""
    columns = [
        heading("parameter", lang, numeric=False),
        heading("value", lang),
        heading("possible", lang),
        heading("unit", lang, numeric=False),
        heading("grade", lang, numeric=False),
        heading("definition_source", lang, numeric=False),
    ]
    counted = Counter[str](row.grade for row in rows)
    title = i18n.text(
        "description.parameters_title",
        lang,
        group=_named(group, lang),
        count=numbers.number(len(rows), lang),
        parts=", ".join(
            f"{_grade(grade, lang)} {numbers.number(counted[grade], lang)}"
            for grade in _GRADES
            if counted[grade]
        ),
    )
    builder = TableBuilder(f"parameters_{group}", title, columns, _FIELDS)
    for row in rows:
        note = row.note_id if lang == "id" else row.note
        builder.add(
            (
                row.id,
                _plain(row.value, lang),
                f"{_plain(row.low, lang)} {i18n.text('numbers.to', lang)} {_plain(row.high, lang)}",
                word("unit", row.unit, lang),
                _grade(row.grade, lang),
                "; ".join(filter(None, (readable(row.sources)[lang], note))),
            ),
            (row.id, row.value, row.low, row.high, row.unit, row.grade, row.source, row.note),
        )
    return builder.table()


def _named(group: str, lang: str) -> str:
    """Return what a group of parameters is about, in words."""
    return i18n.text(f"description.parameter_group.{group}", lang)


def grades_chart(lang: str) -> Chart:
    """Draw how many parameters of each group have which grade of evidence.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        A bar for each group, the largest on top.

    Examples
    --------
    >>> [column.label for column in grades_chart("en").table.columns]
    ['Group', 'Parameters', 'A data', 'B literature', 'C expert', 'D guess']
    """
    groups = sorted(_groups().items(), key=lambda item: (-len(item[1]), item[0]))
    counts = [Counter[str](row.grade for row in rows) for _, rows in groups]
    names = [_named(name, lang) for name, _ in groups]
    total = sum(counts, Counter[str]())
    written = [
        ", ".join(f"{grade} {numbers.number(own[grade], lang)}" for grade in _GRADES if own[grade])
        for own in counts
    ]

    def layout(sheet: Sheet) -> Layout:
        placed = labels.Rows.of(names, _MARK[sheet.narrow], _NAME_ROOM, sheet)
        return Layout(
            height=len(names) * placed.height,
            left=placed.room,
            right=labels.room_beside(written),
            key=tuple(
                KeyEntry(_grade(grade, lang), "s", colour)
                for grade, colour in zip(_GRADES, _COLOURS, strict=True)
            ),
        )

    title = i18n.text(
        "description.grades_title",
        lang,
        guessed=numbers.number(total["D"], lang),
        data=numbers.number(total["A"], lang),
        count=numbers.number(total.total(), lang),
    )
    lines = "; ".join(
        i18n.text("description.grades_line", lang, group=name, counts=words)
        for name, words in zip(names, written, strict=True)
    )

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        placed = labels.Rows.of(names, _MARK[sheet.narrow], _NAME_ROOM, sheet)
        parts.plain(panel, "x")
        panel.set_xlim(0.0, 1.04 * max(own.total() for own in counts))
        placed.write(panel)
        for rank, own in enumerate(counts):
            left = 0
            for grade, colour, hatch in zip(_GRADES, _COLOURS, _HATCHES, strict=True):
                panel.barh(
                    rank + placed.shift,
                    own[grade],
                    left=left,
                    height=placed.part(_BAR),
                    color=colour,
                    hatch=hatch,
                    edgecolor=style.PAPER,
                    linewidth=0.6,
                    zorder=3,
                )
                left += own[grade]
            labels.beside(panel, rank + placed.shift, written[rank])
        parts.value_ticks(panel, "x", lang)

    return Chart(
        name="parameter_grades",
        lang=lang,
        title=title,
        note=i18n.text("description.grades_note", lang),
        alt=i18n.text("description.grades_alt", lang, lines=lines),
        table=_grades_table(names, counts, title, lang),
        source=i18n.text("description.grades_source", lang),
        provenance=versions(lang),
        layout=layout,
        draw=draw,
    )


def _grades_table(
    names: Sequence[str], counts: Sequence[Counter[str]], title: str, lang: str
) -> TextTable:
    """Count the parameters of each group by grade."""
    columns = [
        Column(i18n.text("description.column_group", lang), numeric=False),
        Column(i18n.text("description.column_parameters", lang)),
        *(Column(_grade(grade, lang)) for grade in _GRADES),
    ]
    builder = TableBuilder(
        "parameter_grades", title, columns, ("group", "parameters", *_GRADES.lower())
    )
    for name, own in zip(names, counts, strict=True):
        values = (own.total(), *(own[grade] for grade in _GRADES))
        builder.add((name, *(numbers.number(value, lang) for value in values)), (name, *values))
    return builder.table()


def _grade(grade: str, lang: str) -> str:
    """Write a grade with its word."""
    return i18n.text(f"reports.grade_{grade.lower()}", lang)


def _plain(value: float, lang: str) -> str:
    """Write a number with as many digits as it has."""
    text = f"{value:.6g}"
    if "e" in text:
        text = f"{value:.12f}".rstrip("0")
    return numbers.number(value, lang, len(text.partition(".")[2]))
