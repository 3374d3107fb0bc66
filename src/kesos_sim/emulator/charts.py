"""Charts of a surface: how wrong it is where, and how an outcome answers to one lever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim import i18n
from kesos_sim.data.regions import region_name
from kesos_sim.emulator.surface import Surface
from kesos_sim.emulator.words import named, origin, written
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.tables import Column, TableBuilder
from kesos_sim.scenario.levers import LEVERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["error_map", "response_chart"]

_ROW: Final = 22.0
_BAR: Final = 0.6
_STEPS: Final = 31
_HEIGHT: Final = 220.0


def error_map(surface: Surface, outcome: str, lang: str) -> Chart:
    """Draw how wrong a surface is by place.

    Parameters
    ----------
    surface : Surface
        The surface.
    outcome : str
        One of its outcomes.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        A bar for the whole region and each province, the largest error first.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> error_map(load_surface(), "poverty_rate", "en").title.split(" in ")[0]
    'The error of poverty rate (P0) is largest'
    """
    errors = dict(zip(surface.places, surface.errors[outcome]["places"], strict=True))
    ranked = sorted(errors, key=lambda place: -errors[place])
    names = [place_name(place, lang) for place in ranked]
    words = [written(errors[place], lang) for place in ranked]
    label = named(outcome, lang)
    title = i18n.text(
        "emulator.map_title",
        lang,
        outcome=label[:1].lower() + label[1:],
        worst=names[0],
        error=words[0],
    )
    columns = [
        Column(i18n.text("emulator.column_place", lang), numeric=False),
        Column(i18n.text("emulator.column_mae", lang)),
    ]
    builder = TableBuilder(f"emulator_map_{outcome}", title, columns, ("place", "mae"))
    for place, name, word in zip(ranked, names, words, strict=True):
        builder.add([name, word], [place, errors[place]])

    def layout(sheet: Sheet) -> Layout:
        del sheet
        wide = max(style.text_width(name, style.LABEL) for name in names)
        return Layout(
            height=_ROW * len(names),
            left=wide + 12.0,
            right=labels.room_beside(words),
            bottom=8.0,
        )

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        del sheet
        (panel,) = axes
        parts.plain(panel, "x")
        panel.barh(
            range(len(ranked)),
            [errors[place] for place in ranked],
            height=_BAR,
            color=style.PACKAGES[0],
        )
        labels.rows_axis(panel, names, strong=ranked.index(surface.places[0]))
        panel.set_xlim(left=0.0)
        panel.set_xticks([])
        for row, word in enumerate(words):
            labels.beside(panel, row, word)

    return Chart(
        name=f"emulator_map_{outcome}",
        lang=lang,
        title=title,
        note=i18n.text("emulator.map_note", lang, year=surface.headline),
        alt="; ".join(f"{name}: {word}" for name, word in zip(names, words, strict=True)),
        table=builder.table(),
        source=i18n.text("emulator.source", lang),
        provenance=origin(surface, lang),
        layout=layout,
        draw=draw,
    )


def response_chart(surface: Surface, lever: str, outcome: str, place: str, lang: str) -> Chart:
    """Draw how an outcome answers to one lever that is moved alone.

    Parameters
    ----------
    surface : Surface
        The surface.
    lever : str
        One of its levers.
    outcome : str
        One of its outcomes.
    place : str
        One of its places.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        The change in the headline year over the sampled range: the middle and the band of 80
        percent of the worlds, as assumed and if coordination did nothing.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> surface = load_surface()
    >>> print(response_chart(surface, "apbd_poverty_share", "poverty_rate", "mpu", "en").title)
    Share of APBD for poverty reduction: change of poverty rate (P0) in 2031, Ten provinces
    """
    (own,) = (one for one in surface.levers if one["name"] == lever)
    whole = own["kind"] in {"step", "switch"}
    count = int(own["high"] - own["low"]) + 1 if whole else _STEPS
    at = np.linspace(own["low"], own["high"], count)
    drawn, idle = (
        np.array(
            [
                surface.answer({lever: float(value)}, effect=effect, place=place)["outcomes"][
                    outcome
                ]["change"][-1]
                for value in at
            ]
        )
        for effect in (True, False)
    )
    label, lever_name = named(outcome, lang), LEVERS[lever].label(lang)
    title = i18n.text(
        "emulator.response_title",
        lang,
        lever=lever_name,
        outcome=label[:1].lower() + label[1:],
        place=place_name(place, lang),
        year=surface.headline,
    )
    heads = ("setting", "low", "middle", "high", "idle")
    columns = [Column(i18n.text(f"emulator.column_{head}", lang)) for head in heads]
    builder = TableBuilder(f"emulator_{lever}_{outcome}", title, columns, heads)
    for value, band, none in zip(at.tolist(), drawn.tolist(), idle.tolist(), strict=True):
        figures = [value, *band, none[1]]
        builder.add([written(figure, lang) for figure in figures], figures)
    key = (
        KeyEntry(i18n.text("emulator.key_drawn", lang), "", style.PACKAGES[0], line="-"),
        KeyEntry(i18n.text("emulator.key_idle", lang), "", style.BASELINE, line="--"),
    )

    def layout(sheet: Sheet) -> Layout:
        del sheet
        return Layout(height=_HEIGHT, left=52.0, right=16.0, bottom=36.0, key=key)

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        del sheet
        (panel,) = axes
        parts.plain(panel, "y")
        panel.fill_between(at, drawn[:, 0], drawn[:, 2], color=style.PACKAGES[0], alpha=0.18, lw=0)
        panel.plot(at, drawn[:, 1], color=style.PACKAGES[0], linewidth=1.8)
        panel.plot(at, idle[:, 1], color=style.BASELINE, linewidth=1.4, linestyle="--")
        panel.axhline(0.0, color=style.INK, linewidth=1.0, zorder=1)
        panel.set_xlabel(lever_name, fontsize=style.LABEL, color=style.INK)
        parts.value_ticks(panel, "x", lang)
        parts.value_ticks(panel, "y", lang, signed=True)

    return Chart(
        name=f"emulator_{lever}_{outcome}",
        lang=lang,
        title=title,
        note=i18n.text("emulator.response_note", lang),
        alt=title,
        table=builder.table(),
        source=i18n.text("emulator.source", lang),
        provenance=origin(surface, lang),
        layout=layout,
        draw=draw,
    )


def place_name(place: str, lang: str) -> str:
    """Return the name of a place of a surface."""
    if not place.isdigit():
        return i18n.text("emulator.whole", lang)
    return region_name(place, lang)
