"""What the model says of every package, as tables of the workbook; and where that comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from kesos_sim.emulator.question import FLOWS_OF_PEOPLE
from kesos_sim.emulator.words import named, surface_sentences
from kesos_sim.forum.draft import say
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.tables import Column, TableBuilder, TextTable
from kesos_sim.scenario.levers import LEVERS

if TYPE_CHECKING:
    from kesos_sim.emulator import Surface
    from kesos_sim.forum.room import Room

__all__ = ["origin_table", "result_table"]

_BANDS: Final = ("base", "package", "change",
                 "zero_effect_base", "zero_effect", "zero_effect_change")  # fmt: skip
_ENDS: Final = ("low", "value", "high")
_PERCENT: Final = "poverty_rate"
"""An indicator in percent of people."""
_MADE: Final = ("version", "vintage", "seed", "households", "runs", "start", "on", "code", "data",
                "parameters", "question")  # fmt: skip


def result_table(room: Room, surface: Surface, lang: str) -> TextTable:
    """List what the fitted surface answers for every package in the headline year.

    Parameters
    ----------
    room : Room
        State of the meeting.
    surface : Surface
        The fitted surface.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        A row per package and outcome: low, value and high without the package, with it, of their
        difference, and the same three if coordination had no effect. A package
        outside the sampled range has one row that names the lever.
    """
    heads = [
        *(Column(say(f"column_{name}", lang), numeric=False)
          for name in ("table", "name", "indicator_name", "unit")),
        Column(say("column_year", lang)),
        *(Column(f"{say(f'band_{band}', lang)}: {say(f'end_{end}', lang)}")
          for band in _BANDS for end in _ENDS),
    ]  # fmt: skip
    fields = ("table", "name", "outcome", "unit", "year",
              *(f"{band}_{end}" for band in _BANDS for end in _ENDS))  # fmt: skip
    builder = TableBuilder("hasil_paket", say("result_table", lang), heads, fields)
    for table, name, levers in _packages(room, lang):
        for outcome, unit, cells in _answers(surface, levers, lang):
            texts = [numbers.number(cell, lang, 2) for cell in cells]
            year = surface.headline
            builder.add((table, name, outcome, unit, str(year), *texts),
                        (table, name, outcome, unit, year, *cells))  # fmt: skip
    return builder.table()


def origin_table(surface: Surface, lang: str) -> TextTable:
    """List what the results of the packages come from.

    Parameters
    ----------
    surface : Surface
        The fitted surface.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        Subject and content: model, data and sample of the surface, and what has changed since.
    """
    heads = [Column(say("column_subject", lang), numeric=False),
             Column(say("column_content", lang), numeric=False)]  # fmt: skip
    builder = TableBuilder("asal_hasil", say("origin_table", lang), heads, ("subject", "content"))
    rows = [(say(f"origin_{name}", lang), str(surface.made[name])) for name in _MADE]
    rows += [(say("origin_note", lang), words) for words in surface_sentences(surface, lang)]
    rows.append((say("origin_note", lang), say("figure_note", lang)))
    for row in rows:
        builder.add(row, row)
    return builder.table()


def _packages(room: Room, lang: str) -> Iterator[tuple[str, str, Mapping[str, float]]]:
    """Yield table, name and levers of the packages, the agreed one last."""
    for table in room.session.tables:
        found = room.packages.get(table.code)
        if found is not None:
            yield table.name[lang], found.name, found.levers
    yield say("all_tables", lang), say("agreed_package", lang), room.agreed()["levers"]


def _answers(
    surface: Surface, levers: Mapping[str, float], lang: str
) -> Iterator[tuple[str, str, list[float | None]]]:
    """Yield the label of an outcome, its unit and its bands."""
    strong = surface.answer(levers)
    if not strong["inside"]:
        name = strong["lever"]
        label = LEVERS[name].label(lang) if name in LEVERS else name
        yield say("outside", lang, label=label), "", [None] * (len(_BANDS) * len(_ENDS))
        return
    weak = surface.answer(levers, effect=False)
    for known in surface.outcomes:
        name = str(known["name"])
        ours, zero = (one["outcomes"][name] for one in (strong, weak))
        bands: list[Any] = [ours["base"], ours["package"], ours["change"],
                            zero["base"], zero["package"], zero["change"]]  # fmt: skip
        cells = [cell for band in bands for cell in (band[-1] or [None] * len(_ENDS))]
        yield named(name, lang), _unit(name, lang), cells


def _unit(name: str, lang: str) -> str:
    """Return the unit of an outcome; flows of people are shares of them."""
    return indicator(_PERCENT if name in FLOWS_OF_PEOPLE else name).unit_label(lang)
