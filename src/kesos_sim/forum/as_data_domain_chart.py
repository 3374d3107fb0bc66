"""Where the packages of a meeting lie in what was sampled: in words, as a table and as a chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.emulator import Surface
from kesos_sim.emulator.words import origin
from kesos_sim.forum.agreement_tables import say_yes
from kesos_sim.forum.as_data import Meeting
from kesos_sim.forum.as_data_domain import Placed, usual_distance
from kesos_sim.forum.lever_words import setting_words
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.tables import Column, TableBuilder, TextTable
from kesos_sim.scenario.levers import LEVERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["domain_chart", "domain_sentences", "packages_table"]

_NAME_ROOM: Final = 190.0
_MARK: Final = {False: 32.0, True: 28.0}
_PERCENT: Final = 100.0
_RISE: Final = 5.0
"""Points between marks of the same setting."""
_MOST_RISES: Final = 4


def domain_sentences(found: Sequence[Placed], surface: Surface, lang: str = "id") -> list[str]:
    """Say how many packages of a meeting the surface answers well.

    Parameters
    ----------
    found : sequence of Placed
        As `kesos_sim.forum.as_data_domain.placed` returns them.
    surface : Surface
        The surface.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of str
        Sentences.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> from kesos_sim.forum.as_data import meeting_of
    >>> from kesos_sim.forum.as_data_domain import placed
    >>> surface = load_surface()
    >>> found = placed(meeting_of(surface=surface), surface)
    >>> print(domain_sentences(found, surface, "en")[0].split(";")[0])
    10 of 10 packages of the meeting lie inside the sampled ranges and are answered
    """
    if not found:
        return [_say("no_packages", lang)]
    return [
        _say("inside", lang, inside=sum(one.inside for one in found), count=len(found)),
        _say("edge", lang, edge=sum(bool(one.edge) for one in found), count=len(found)),
        _say(
            "far",
            lang,
            far=sum(one.far for one in found),
            count=len(found),
            usual=numbers.number(usual_distance(surface), lang, 2),
        ),
    ]


def packages_table(found: Sequence[Placed], meeting: Meeting, lang: str = "id") -> TextTable:
    """List the packages of a meeting with their place in the sampled ranges.

    Parameters
    ----------
    found : sequence of Placed
        As `kesos_sim.forum.as_data_domain.placed` returns them.
    meeting : Meeting
        The meeting.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        One row per package.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> from kesos_sim.forum.as_data import meeting_of
    >>> from kesos_sim.forum.as_data_domain import placed
    >>> surface = load_surface()
    >>> meeting = meeting_of(surface=surface)
    >>> found = placed(meeting, surface)
    >>> [column.label for column in packages_table(found, meeting, "en").columns][:3]
    ['Table', 'Settings', 'Inside the ranges']
    """
    fields = ("table", "settings", "inside", "edge", "distance", "far")
    heads = [Column(_say(f"column_{name}", lang), name == "distance") for name in fields]
    builder = TableBuilder("paket_dalam_rentang", _say("packages", lang), heads, fields)
    names = {one.code: one.name[lang] for one in meeting.session.tables}
    for one in found:
        settings = "; ".join(
            f"{LEVERS[name].label(lang)}: {setting_words(name, value, lang)}"
            for name, value in one.levers.items()
        )
        edge = ", ".join(LEVERS[name].label(lang) for name in one.edge)
        builder.add(
            (
                names[one.table],
                settings or numbers.EN_DASH,
                say_yes(lang, yes=one.inside),
                edge or numbers.EN_DASH,
                numbers.number(one.distance, lang, 2),
                say_yes(lang, yes=one.far),
            ),
            (one.table, settings, str(one.inside).lower(), ";".join(one.edge), one.distance,
             str(one.far).lower()),
        )  # fmt: skip
    return builder.table()


def domain_chart(
    found: Sequence[Placed], meeting: Meeting, surface: Surface, lang: str = "id"
) -> Chart:
    """Draw the settings of a meeting over the range of each lever that was sampled.

    Parameters
    ----------
    found : sequence of Placed
        As `kesos_sim.forum.as_data_domain.placed` returns them.
    meeting : Meeting
        The meeting.
    surface : Surface
        The surface.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        A row per lever and a dot per package that moves it; a simulated meeting is called one in
        its title.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> from kesos_sim.forum.as_data import meeting_of
    >>> from kesos_sim.forum.as_data_domain import placed
    >>> surface = load_surface()
    >>> meeting = meeting_of(surface=surface)
    >>> found = placed(meeting, surface)
    >>> print(domain_chart(found, meeting, surface, "en").title)
    SIMULATION, no meeting MPU26: settings of made-up packages within the sampled ranges
    """
    names = [LEVERS[lever["name"]].label(lang) for lever in surface.levers]
    chosen = [
        Counter(one.levers[lever["name"]] for one in found if lever["name"] in one.levers)
        for lever in surface.levers
    ]
    ends = [setting_words(lever["name"], lever["high"], lang) for lever in surface.levers]
    which = "_simulated" if meeting.simulated else ""
    title = _say(f"chart_title{which}", lang, code=meeting.session.code)
    key = (
        KeyEntry(_say("key_range", lang), "", style.BASELINE, line="-"),
        KeyEntry(_say("key_package", lang), "o", style.PACKAGES[1], hollow=True),
    )

    def layout(sheet: Sheet) -> Layout:
        placed = labels.Rows.of(names, _MARK[sheet.narrow], _NAME_ROOM, sheet)
        return Layout(
            height=len(names) * placed.height,
            left=placed.room,
            right=labels.room_beside(ends),
            bottom=8.0,
            key=key,
        )

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        placed = labels.Rows.of(names, _MARK[sheet.narrow], _NAME_ROOM, sheet)
        parts.plain(panel, "x")
        placed.write(panel)
        panel.set_xlim(-3.0, 103.0)
        panel.set_xticks([])
        for row, (lever, counts) in enumerate(zip(surface.levers, chosen, strict=True)):
            y = row + placed.shift + placed.part(_RISE)
            panel.plot([0.0, _PERCENT], [y, y], color=style.BASELINE, linewidth=2.0)
            for value, count in counts.items():
                x = _PERCENT * (value - lever["low"]) / (lever["high"] - lever["low"])
                step = placed.part(_RISE) * min(1.0, _MOST_RISES / count)
                panel.plot(
                    [x] * count,
                    [y - step * place for place in range(count)],
                    color=style.PACKAGES[1],
                    linestyle="none",
                    marker="o",
                    markersize=5,
                    markerfacecolor=style.PAPER,
                )
            labels.beside(panel, y, ends[row])

    table = _levers_table(surface, chosen, title, lang)
    return Chart(
        name="paket_dalam_rentang",
        lang=lang,
        title=title,
        note=_say("chart_note", lang),
        alt="; ".join(f"{row[0]}: {row[3]}" for row in table.rows),
        table=table,
        source=_say(f"chart_source{which}", lang),
        provenance=origin(surface, lang),
        layout=layout,
        draw=draw,
    )


def _levers_table(
    surface: Surface, chosen: Sequence[Counter[float]], title: str, lang: str
) -> TextTable:
    """List what the chart shows: range of each lever, and how many packages set it where."""
    fields = ("lever", "low", "high", "settings")
    heads = [Column(_say(f"column_{name}", lang), numeric=False) for name in fields]
    builder = TableBuilder("setelan_dalam_rentang", title, heads, fields)
    for lever, counts in zip(surface.levers, chosen, strict=True):
        name = lever["name"]
        settings = [
            f"{setting_words(name, value, lang)} (× {counts[value]})" for value in sorted(counts)
        ]
        builder.add(
            (
                LEVERS[name].label(lang),
                setting_words(name, lever["low"], lang),
                setting_words(name, lever["high"], lang),
                "; ".join(settings) or numbers.EN_DASH,
            ),
            (name, lever["low"], lever["high"],
             ";".join(f"{value:g}x{counts[value]}" for value in sorted(counts))),
        )  # fmt: skip
    return builder.table()


def _say(key: str, lang: str, /, **fields: object) -> str:
    return i18n.text(f"forum_domain.{key}", lang, **fields)
