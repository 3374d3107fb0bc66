"""``kesos init``: the notebooks and scenarios that came with the package, in your folder."""

from __future__ import annotations

from pathlib import Path

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Folder
from kesos_sim.cli.words import Command
from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers
from kesos_sim.shipping import copied


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``init``.
    """
    folder = click.Argument(["folder"], type=Folder(), default=".")
    return Command("init", lang, [folder], lambda folder: _init(folder, lang))


def _init(folder: Path, lang: str) -> None:
    """Copy what the folder lacks, and say how to go on from there."""
    root = folder.resolve()
    try:
        count = sum(1 for _ in copied(root))
    except OSError as error:
        raise InputError("KS9042", "planner.unwritable", file=str(folder), reason=error) from error
    shown = numbers.number(count, lang, 0)
    click.echo(i18n.text("cli.init.done", lang, count=shown, place=root))
    click.echo(i18n.text("cli.init.next", lang))
