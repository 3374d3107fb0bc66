"""``kesos warmup``: compile now, so that the first simulation is quick."""

from __future__ import annotations

import time
from typing import Any, Final

import click

from kesos_sim import __version__, i18n
from kesos_sim.cli.kinds import Word
from kesos_sim.cli.output import FORMATS, show
from kesos_sim.cli.words import Command, option
from kesos_sim.i18n import numbers

TINY: Final[dict[str, Any]] = {
    "schema": 1,
    "name": "warmup",
    "title": {"id": "Pemanasan", "en": "Warm-up"},
    "region": [3316],
    "start": "2024-03",
    "months": 13,
    "households": 2000,
    "seed": 1,
}
"""One district for a little more than a year: every kernel is needed once."""


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``warmup``.
    """
    form = option(lang, "--format", "form", type=Word(FORMATS), default=FORMATS[0])
    return Command("warmup", lang, [form], lambda form: _warmup(form, lang))


def _warmup(form: str, lang: str) -> None:
    """Live a year in a tiny world, which compiles every kernel that a run needs."""
    from kesos_sim.kernels import cache_folder
    from kesos_sim.model.opening import open_model
    from kesos_sim.scenario import from_document

    click.echo(i18n.text("cli.progress.compiling", lang), err=True)
    started = time.perf_counter()
    scenario = from_document(TINY)
    model = open_model(scenario, threads=2, fresh=True)
    for _ in range(scenario.months):
        model.step()
    seconds, place = time.perf_counter() - started, cache_folder()
    if form == "table":
        took = numbers.number(seconds, lang, 1)
        click.echo(i18n.text("cli.warmup.done", lang, seconds=took, place=place))
    else:
        record = {"seconds": round(seconds, 3), "cache": place}
        show([record], tuple(record), form, provenance={"version": __version__})
