"""``kesos systems``: what the source documents name, and where each of it is in the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Whole, Word
from kesos_sim.cli.output import data_provenance, headed, show, wrapped
from kesos_sim.cli.words import Command, option
from kesos_sim.reports.systems import STATUSES, record, summary, systems

FORMATS: Final = ("text", "table", "json", "csv")
COLUMNS: Final = (
    "row",
    "section",
    "section_words",
    "name",
    "seed",
    "core",
    "status",
    "status_words",
    "module",
    "test",
    "indicator",
    "left_out",
    "missing",
)
"""Fields of a record; what ends with ``_words`` is in the language of the reader."""
_SHORT: Final = ("row", "name", "status_words", "module")
_CARD: Final = ("module", "test", "indicator")
_LAST: Final = 133


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``systems``.
    """
    return Command(
        "systems",
        lang,
        [
            option(lang, "--row", type=Whole(1, _LAST), multiple=True),
            option(lang, "--status", type=Word(STATUSES)),
            option(lang, "--core", is_flag=True),
            option(
                lang,
                "--format",
                "form",
                type=Word(FORMATS),
                default=FORMATS[0],
                text="format_text",
            ),
        ],
        lambda **asked: _systems(lang=lang, **asked),
    )


def _systems(row: tuple[int, ...], status: str | None, core: bool, form: str, lang: str) -> None:
    """Print the rows that were asked for."""
    chosen = [
        system
        for system in systems()
        if (not row or system.row in row)
        and status in {None, system.status}
        and (system.core or not core)
    ]
    records = [record(system, lang) for system in chosen]
    if form == "text":
        click.echo("\n".join(_lines(records, lang)))
        click.echo("\n".join(wrapped(summary(chosen, lang), "")))
    elif form == "table":
        headings = {name: i18n.text(f"cli.heading.{name}", lang) for name in _SHORT}
        show(records, _SHORT, form, headings=headings)
    else:
        if form == "csv":
            records = [entry | {"seed": "; ".join(entry["seed"])} for entry in records]
        show(records, COLUMNS, form, provenance=data_provenance())


def _lines(records: list[dict[str, Any]], lang: str) -> Iterator[str]:
    """Yield the groups of the list with the cards of their rows."""
    for title, group in groupby(records, key=lambda entry: entry["section_words"]):
        yield f"{title}\n"
        for entry in group:
            yield from _card(entry, lang)
        yield ""


def _card(entry: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Yield the lines about one row."""
    mark = i18n.text("systems.core", lang) if entry["core"] else ""
    yield from wrapped(f"{entry['row']}. {entry['name']}{mark}", "")
    status = entry["status_words"]
    missing = f"{status}: {entry['missing']}" if entry["missing"] else status
    yield from wrapped(entry["left_out"] or missing)
    for field in _CARD:
        if entry[field] is not None:
            yield from wrapped(headed(field, entry[field], lang))
