"""``kesos levers``: what a policy can move, by what right, at what cost and on what evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Text, Whole, Word
from kesos_sim.cli.output import FORMATS, data_provenance, headed, show, wrapped
from kesos_sim.cli.words import Command, option
from kesos_sim.errors import InputError, nearest
from kesos_sim.reports.lever_figures import cost_figures, delay_figures, delay_words, figure_words
from kesos_sim.scenario.lever import Lever
from kesos_sim.scenario.levers import LEVERS, POINTS

COLUMNS: Final = (
    "name",
    "label",
    "help",
    "point",
    "kind",
    "kind_words",
    "unit",
    "unit_words",
    "low",
    "high",
    "range_words",
    "default",
    "default_words",
    "cost",
    "cost_words",
    "cost_figures",
    "cost_figures_words",
    "delay",
    "delay_words",
    "grade",
    "grade_words",
    "beside",
    "beside_words",
    "acts_on",
    "acts_on_words",
)
"""Fields of a record; what ends with ``_words`` is in the language of the reader."""
_LISTS: Final = ("cost_figures_words", "beside", "beside_words", "acts_on", "acts_on_words")
_FIGURES: Final = ("cost_figures", "delay")


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``levers``.
    """
    return Command(
        "levers",
        lang,
        [
            click.Argument(["levers"], type=Text("text"), nargs=-1),
            option(lang, "--point", type=Whole(POINTS[0], POINTS[-1])),
            option(lang, "--format", "form", type=Word(FORMATS), default="table"),
        ],
        lambda **asked: _levers(lang=lang, **asked),
    )


def _levers(levers: Sequence[str], point: int | None, form: str, lang: str) -> None:
    """Print the levers that were asked for, those of the agreement first."""
    for name in levers:
        known_lever(name)
    chosen = [
        lever
        for lever in sorted(LEVERS.values(), key=_place)
        if (not levers or lever.name in levers) and point in {None, lever.point}
    ]
    records = [_record(lever, lang) for lever in chosen]
    if form == "table":
        if records:
            click.echo("\n\n".join("\n".join(lines) for lines in _page(records, lang)))
    else:
        if form == "csv":
            records = [
                record
                | {name: "; ".join(record[name]) for name in _LISTS}
                | {name: json.dumps(record[name]) for name in _FIGURES}
                for record in records
            ]
        show(records, COLUMNS, form, provenance=data_provenance())
    if not records:
        click.echo(i18n.text("cli.levers.none", lang), err=True)


def known_lever(name: str) -> None:
    """Refuse a name that no lever has.

    Parameters
    ----------
    name : str
        What the user wrote.

    Raises
    ------
    InputError
        With the nearest name.
    """
    if name not in LEVERS:
        raise InputError("KS1961", "cli.levers.unknown", got=name, suggestion=nearest(name, LEVERS))


def _place(lever: Lever) -> int:
    """Return where a lever stands: by point of the agreement, then the planner's own."""
    return POINTS[-1] + 1 if lever.point is None else lever.point


def _record(lever: Lever, lang: str) -> dict[str, Any]:
    """Return everything that is known about a lever, by the names of `COLUMNS`."""
    from kesos_sim.i18n.bounds import as_written
    from kesos_sim.indicators.definitions import indicator
    from kesos_sim.scenario.words import beside_words, lever_range, lever_value

    default = lever.default
    return {
        "name": lever.name,
        "label": lever.label(lang),
        "help": lever.help(lang),
        "point": lever.point,
        "kind": lever.kind,
        "kind_words": lever.kind_words(lang),
        "unit": lever.unit,
        "unit_words": lever.unit_words(lang),
        "low": lever.low,
        "high": lever.high,
        "range_words": lever_range(lever.name, lang),
        "default": default,
        "default_words": i18n.text("cli.levers.today", lang)
        if default is None
        else lever_value(lever.name, default, lang),
        "cost": lever.cost,
        "cost_words": lever.cost_rule(lang),
        "cost_figures": cost_figures(lever),
        "cost_figures_words": [figure_words(figure, lang) for figure in cost_figures(lever)],
        "delay": delay_figures(lever),
        "delay_words": delay_words(lever, lang),
        "grade": lever.grade,
        "grade_words": i18n.text(f"reports.grade_{lever.grade.lower()}", lang),
        "beside": [f"{name}={as_written(value)}" for name, value in lever.beside.items()],
        "beside_words": beside_words(lever.name, lang),
        "acts_on": list(lever.acts_on),
        "acts_on_words": [indicator(name).label(lang) for name in lever.acts_on],
    }


def _page(records: Sequence[Mapping[str, Any]], lang: str) -> Iterator[list[str]]:
    """Yield paragraphs: the name of each group, then the cards of its levers."""
    for point, group in groupby(records, key=lambda record: record["point"]):
        if point is None:
            yield [i18n.text("cli.levers.own", lang)]
        else:
            yield [i18n.text("cli.levers.point", lang, point=point)]
        for record in group:
            yield list(_card(record, lang))


def _card(record: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Yield the lines about one lever: name and label, then what else is known, indented."""
    from kesos_sim.i18n.bounds import as_written

    if record["kind"] == "switch":
        written = "false, true"
    else:
        written = "..".join(as_written(record[end]) for end in ("low", "high"))
    yield from wrapped(f"{record['name']}: {record['label']}", "")
    yield from wrapped(record["help"])
    first = [("kind", record["kind_words"])]
    if record["unit_words"] != record["range_words"]:
        first.append(("unit", record["unit_words"]))
    first += [("range", record["range_words"]), ("written", written)]
    yield from wrapped("; ".join(headed(field, words, lang) for field, words in first))
    for field in ("default", "cost", "cost_figures", "delay", "grade", "beside", "acts_on"):
        words = record[f"{field}_words"]
        if not words:
            continue
        words = "; ".join(words) if isinstance(words, list) else words
        yield from wrapped(headed(field, words, lang))
