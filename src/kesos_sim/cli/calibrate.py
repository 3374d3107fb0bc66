"""``kesos calibrate``: what published figures say of the free parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.ensemble import executor_of, executor_options
from kesos_sim.cli.kinds import Text, Whole
from kesos_sim.cli.output import show
from kesos_sim.cli.progress import Progress
from kesos_sim.cli.scenarios import (
    check_out,
    load_repeated,
    repeated_options,
    say_where,
    store_of,
    write,
)
from kesos_sim.cli.telling import tell, tell_origin
from kesos_sim.cli.words import Command, option

COLUMNS: Final = (
    "parameter", "value", "low", "high", "mean", "from", "to", "narrower", "grade",
)  # fmt: skip
_LIVES: Final = 128
_MOST: Final = 100_000


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``calibrate``.
    """
    return Command(
        "calibrate",
        lang,
        [
            click.Argument(["scenario"], type=Text("file")),
            option(
                lang, "--parameter", "parameters", type=Text("name"), multiple=True,
                text="free_parameter",
            ),
            option(lang, "--lives", type=Whole(1, _MOST), default=_LIVES),
            option(lang, "--truths", type=Whole(0, _MOST), default=0),
            *executor_options(lang),
            option(lang, "--fresh", is_flag=True, text="fresh_store"),
            *repeated_options(lang),
        ],
        lambda **asked: _calibrate(lang, **asked),
    )  # fmt: skip


def _calibrate(
    lang: str,
    scenario: str,
    parameters: tuple[str, ...],
    lives: int,
    truths: int,
    workers: int | None,
    scheduler: str | None,
    out: Path | None,
    form: str,
    fresh: bool,
    **asked: Any,
) -> None:
    """Fit, write what was asked for, and print what was learned."""
    loaded = load_repeated(scenario, asked)
    check_out(out)
    from kesos_sim.calibration.calibrate import FREE, calibrate

    who, store = executor_of(workers, scheduler), store_of(fresh=fresh)
    with Progress(i18n.text("cli.calibrate.running", lang), lang) as progress:
        found = calibrate(loaded, parameters or FREE, lives, who, store, progress, truths=truths)
        write(found, out, progress, lang)
    if form == "table":
        from kesos_sim.calibration.words import calibration_table

        tell(found.sentences(lang), [calibration_table(found, lang)])
        tell_origin(found.provenance, lang)
    else:
        about = found.provenance | {
            "error_before": found.error_before,
            "error_after": found.error_after,
            "sealed_before": found.sealed_before,
            "sealed_after": found.sealed_after,
            "scored": found.scored,
        }
        show(found.rows(), COLUMNS, form, provenance=about)
    say_where(out, lang)
