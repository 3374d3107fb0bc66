"""``kesos lab``: the notebooks in JupyterLab, on this computer only."""

from __future__ import annotations

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Text, Whole
from kesos_sim.cli.words import Command, option
from kesos_sim.errors import InputError

_FIRST_PORT = 8888
_LAST_PORT = 65_535


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``lab``.
    """
    return Command(
        "lab",
        lang,
        [
            option(lang, "--folder", type=Text("folder"), text="lab_folder"),
            option(lang, "--port", type=Whole(1024, _LAST_PORT), default=_FIRST_PORT),
            option(lang, "--no-browser", is_flag=True),
        ],
        lambda **asked: _lab(lang=lang, **asked),
    )


def _lab(folder: str | None, port: int, no_browser: bool, lang: str) -> None:
    """Bring the folder up to date, say where it is, and open it."""
    try:
        from kesos_sim.workbench.lab import lab_folder, open_lab
    except ImportError as error:
        raise InputError("KS9043", "planner.no_lab") from error
    root = lab_folder(folder)
    click.echo(i18n.text("cli.lab.opening", lang, place=root), err=True)
    open_lab(root, port, browser=not no_browser)
