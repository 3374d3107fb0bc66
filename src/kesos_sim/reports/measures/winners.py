"""Who gains and who loses, in sentences, as stacked bars and as tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim.experiments.winners import CLASSES, TENTHS, Winners, most_lost
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.measures.parts import (
    GAIN_LOSS,
    HATCH,
    caveats,
    column,
    drawn,
    legend,
    legend_room,
    say,
)
from kesos_sim.reports.tables import TableBuilder, TextTable
from kesos_sim.reports.values import say_money
from kesos_sim.units import Month

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["charts", "sentences", "tables"]

_NAME_ROOM: Final = 58.0
_ROW: Final = 21.0
_BAR: Final = 0.74
_DARK: Final = frozenset({0, 4})
_NAMED: Final = 2
_RIGHT: Final = 6.0
_GAINS: Final = 2
_LOSSES: Final = 3
_TINY: Final = 0.05
"""Percent of people below which nobody is said to lose."""


def sentences(found: Winners, lang: str) -> tuple[str, ...]:
    """Say who gains and who loses.

    Parameters
    ----------
    found : Winners
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
    """
    comparison = found.comparison
    context = comparison.context()
    package = comparison.alternatives[0]
    everybody = found.shares[0]

    def percent(value: float) -> str:
        return numbers.percent(value, lang)

    told = [
        say(
            "winners.all",
            lang,
            title=context.title(package.scenario.name, lang),
            month=numbers.month_name(Month.parse(package.months[-1]), lang),
            gain=percent(everybody[:_GAINS].sum()),
            same=percent(everybody[_GAINS]),
            loss=percent(everybody[_LOSSES:].sum()),
            large=percent(everybody[0]),
        )
    ]
    gains = found.shares[1:, :_GAINS].sum(axis=1)
    best = int(gains.argmax())
    if gains[best] > 0.0:
        mean = say_money(float(found.mean[1 + best]), lang, signed=True)
        share = percent(gains[best])
        told.append(say("winners.most_helped", lang, decile=best + 1, share=share, mean=mean))
    if found.losers >= _TINY:
        traits = [
            say(
                "winners.trait",
                lang,
                trait=say(f"trait.{name}", lang),
                part=numbers.percent(found.traits[name][0], lang, 0),
                whole=numbers.percent(found.traits[name][1], lang, 0),
            )
            for name in most_lost(found)[:_NAMED]
        ]
        share = percent(found.losers)
        told.append(
            say("winners.losers", lang, share=share, traits="; ".join(traits))
            if traits
            else say("winners.losers_alike", lang, share=share)
        )
        told.append(say("winners.why_lose", lang))
    else:
        told.append(say("winners.no_losers", lang))
    if found.without_effect is not None:
        idle = found.without_effect[0]
        gain, loss = percent(idle[:_GAINS].sum()), percent(idle[_LOSSES:].sum())
        told.append(say("winners.without_effect", lang, gain=gain, loss=loss))
    told.append(say("winners.pairs", lang))
    return (*told, *caveats(context, lang, coordination=found.without_effect is not None))


def tables(found: Winners, lang: str) -> tuple[TextTable, ...]:
    """List classes by tenth, and who the losers are.

    Parameters
    ----------
    found : Winners
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of TextTable
    """
    who = TableBuilder(
        "losers",
        say("winners.losers_title", lang),
        [
            column("trait", lang, numeric=False),
            column("among_losers", lang, unit="percent"),
            column("among_all", lang, unit="percent"),
        ],
        ("trait", "percent_of_losers", "percent_of_all"),
    )
    for name, (part, whole) in sorted(found.traits.items(), key=lambda one: -one[1][0]):
        who.add(
            [say(f"trait.{name}", lang), *(numbers.percent(one, lang) for one in (part, whole))],
            [name, part, whole],
        )
    return _classes(found, lang), who.table()


def charts(found: Winners, lang: str) -> tuple[Chart, ...]:
    """Draw classes by tenth.

    Parameters
    ----------
    found : Winners
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Chart
    """
    names = _rows(lang)
    entries = [
        (say(f"winners.class_{name}", lang), colour, place >= _LOSSES)
        for place, (name, colour) in enumerate(zip(CLASSES, GAIN_LOSS, strict=True))
    ]

    def placed(sheet: Sheet) -> labels.Rows:
        return labels.Rows.of(names, _ROW, _NAME_ROOM, sheet)

    def layout(sheet: Sheet) -> Layout:
        own = placed(sheet)
        above = legend_room(entries, sheet.inner - _RIGHT)
        return Layout(height=len(names) * own.height + above, left=own.room, right=_RIGHT)

    lines = "; ".join(
        say(
            "winners.alt_row",
            lang,
            name=name,
            gain=numbers.percent(row[:_GAINS].sum(), lang),
            loss=numbers.percent(row[_LOSSES:].sum(), lang),
        )
        for name, row in zip(names, found.shares, strict=True)
    )
    title = _title(found, lang)
    words = (title, say("winners.note", lang), say("winners.alt", lang, lines=lines))
    context = found.comparison.context()
    draw = _draw(found, entries, placed, lang)
    return (drawn("winners", context, lang, words, _classes(found, lang), layout, draw),)


def _title(found: Winners, lang: str) -> str:
    """Say how many gain and lose."""
    context = found.comparison.context()
    everybody = found.shares[0]
    return say(
        "winners.title",
        lang,
        title=context.title(found.comparison.alternatives[0].scenario.name, lang),
        gain=numbers.percent(everybody[:_GAINS].sum(), lang),
        loss=numbers.percent(everybody[_LOSSES:].sum(), lang),
    )


def _rows(lang: str) -> list[str]:
    """Return the names of the bars: everybody, then tenths."""
    tenths = [say("winners.decile", lang, number=rank) for rank in range(1, TENTHS + 1)]
    return [say("winners.everybody", lang), *tenths]


def _classes(found: Winners, lang: str) -> TextTable:
    """List classes, mean change and people of everybody and of each tenth."""
    idle = () if found.without_effect is None else ("idle_gain", "idle_loss")
    columns = [
        column("decile", lang, numeric=False),
        *(column(f"class_{name}", lang, unit="percent") for name in CLASSES),
        column("mean_change", lang, unit="rupiah"),
        column("people", lang, unit="persons"),
        *(column(name, lang, unit="percent") for name in idle),
    ]
    fields = ("decile", *CLASSES, "mean_rupiah", "people", *idle)
    builder = TableBuilder("winners", _title(found, lang), columns, fields)
    for rank, name in enumerate(_rows(lang)):
        shares = [float(one) for one in found.shares[rank]]
        mean, people = float(found.mean[rank]), float(found.people[rank])
        same = [] if found.without_effect is None else _gain_loss(found.without_effect[rank])
        builder.add(
            [
                name,
                *(numbers.percent(one, lang) for one in shares),
                say_money(round(mean), lang, signed=True),
                numbers.people(people, lang),
                *(numbers.percent(one, lang) for one in same),
            ],
            ["all" if rank == 0 else rank, *shares, mean, people, *same],
        )
    return builder.table()


def _gain_loss(shares: Floats) -> list[float]:
    """Return the percentages that gain and that lose."""
    return [float(shares[:_GAINS].sum()), float(shares[_LOSSES:].sum())]


def _draw(
    found: Winners,
    entries: Sequence[tuple[str, str, bool]],
    placed: Callable[[Sheet], labels.Rows],
    lang: str,
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws the bars."""

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        own = placed(sheet)
        parts.plain(panel, "x")
        panel.set_xlim(0.0, 100.0)
        own.write(panel, strong=0)
        room = legend_room(entries, sheet.inner - _RIGHT)
        panel.set_ylim(len(found.shares) - 0.5, -0.5 - own.part(room))
        width = parts.axes_width(panel)
        for rank, row in enumerate(found.shares):
            left = 0.0
            for place, share in enumerate(row.tolist()):
                panel.barh(
                    rank + own.shift,
                    share,
                    left=left,
                    height=own.part(_ROW * _BAR),
                    color=GAIN_LOSS[place],
                    edgecolor=style.BASELINE,
                    linewidth=1.0,
                    hatch=HATCH if place >= _LOSSES else None,
                    zorder=3,
                )
                words = numbers.number(share, lang, 0)
                if share / 100.0 * width > style.text_width(words, style.SMALL) + 6.0:
                    dark = place in _DARK
                    panel.text(
                        left + share / 2.0,
                        rank + own.shift,
                        words,
                        ha="center",
                        va="center_baseline",
                        fontsize=style.SMALL,
                        color=style.PAPER if dark else style.INK,
                        bbox={
                            "facecolor": GAIN_LOSS[place],
                            "edgecolor": "none",
                            "pad": 0.8,
                        }
                        if place >= _LOSSES
                        else None,
                        zorder=4,
                    )
                left += share
        legend(panel, entries, own.room, -room + 4.0)
        parts.value_ticks(panel, "x", lang)

    return draw
