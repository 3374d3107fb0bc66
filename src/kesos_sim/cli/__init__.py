"""The command line: ``kesos run | compare | explain | validate | ...``, see `COMMANDS`.

Every command exists in both languages; nothing heavy is loaded before a command needs it.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

import click

from kesos_sim import __version__, i18n
from kesos_sim.cli.failures import exit_code
from kesos_sim.cli.words import Group, language_of

COMMANDS: Final = (
    "init",
    "run",
    "compare",
    "ensemble",
    "attribute",
    "sensitivity",
    "discover",
    "search",
    "calibrate",
    "tradeoff",
    "effects",
    "explain",
    "validate",
    "levers",
    "indicators",
    "systems",
    "data",
    "store",
    "emulator",
    "forum",
    "lab",
    "warmup",
    "bench",
    "doctor",
)
_OBJECTS_BETWEEN_LOOKS: Final = 50_000


class Kesos(Group):
    """The whole command line in one language; commands load when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which one learns them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Build one command in the language of this group."""
        if cmd_name not in COMMANDS:
            return None
        module: Any = import_module(f"kesos_sim.cli.{cmd_name}")
        command: click.Command = module.command(self.lang)
        return command

    def line_of(self, name: str) -> str:
        """Return the line of one command without loading it."""
        return i18n.text(f"cli.{name}.short", self.lang)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words of the command line; those of the process when left out.

    Returns
    -------
    int
        0 when done, 1 after a failure, 2 for what the user can mend, 130 after Ctrl-C.
    """
    # Looking for cycles as often as usual is a tenth of the time of imports and charts.
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    words = list(sys.argv[1:] if arguments is None else arguments)
    lang = language_of(words)
    return exit_code(lambda: _invoke(words, lang), words, lang)


def _invoke(words: list[str], lang: str) -> None:
    """Let click take the words apart and call the command."""
    version = click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_print_version,
        help=i18n.text("cli.option.version", lang),
    )
    group = Kesos(name="kesos", lang=lang, params=[version])
    with group.make_context("kesos", list(words)) as context:
        group.invoke(context)


def _print_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"kesos-sim {__version__}")
        context.exit()
