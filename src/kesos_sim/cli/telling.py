"""What analyses found, on a terminal: sentences, tables, and where it comes from."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from kesos_sim.cli.output import wrapped

if TYPE_CHECKING:
    from kesos_sim.reports.tables import TextTable

__all__ = ["plain_width", "tell", "tell_origin"]

_PLAIN_WIDTH: Final = 110
"""Columns where nobody says how many there are."""


def plain_width() -> int | None:
    """Return the columns to write for; None where the terminal knows.

    Returns
    -------
    int or None
    """
    return None if sys.stdout.isatty() else _PLAIN_WIDTH


def tell(sentences: Iterable[str], tables: Iterable[TextTable] = ()) -> None:
    """Print sentences, then tables.

    Parameters
    ----------
    sentences : iterable of str
        What was found.
    tables : iterable of TextTable
        The figures behind it.
    """
    from kesos_sim.reports import terminal

    for sentence in sentences:
        click.echo("\n".join(wrapped(sentence, "")))
    click.echo()
    for table in tables:
        terminal.show(terminal.table(table), sys.stdout, plain_width())


def tell_origin(provenance: Mapping[str, Any], lang: str) -> None:
    """Print where a result comes from.

    Parameters
    ----------
    provenance : mapping of str to object
        Versions, hashes, seed and time.
    lang : str
        ``id`` or ``en``.
    """
    from kesos_sim.reports.provenance import Provenance

    click.echo(Provenance(**provenance).line(lang))
