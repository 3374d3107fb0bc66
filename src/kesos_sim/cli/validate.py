"""``kesos validate``: published figures beside modelled ones, misses as plain as hits."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Text, Whole, Word
from kesos_sim.cli.output import show
from kesos_sim.cli.progress import Progress
from kesos_sim.cli.scenarios import (
    check_out,
    overrides,
    say_where,
    scenario_options,
    store_of,
)
from kesos_sim.cli.words import Command, option
from kesos_sim.errors import InputError
from kesos_sim.experiments.executors import usable_workers

PARTS: Final = (
    "anchor",
    "targeting",
    "budgets",
    "mobility",
    "path",
    "transfer",
    "disaster",
    "overlap",
)
DEFAULT: Final = "scenarios/baseline.yaml"
_DRAWS: Final = 8
_MOST_DRAWS: Final = 1000


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``validate``.
    """
    scenario = click.Argument(["scenario"], type=Text("file"), required=False)
    part = click.Option(
        ["--part", "parts"],
        type=Word(PARTS),
        multiple=True,
        help=i18n.text("validation.option_part", lang),
    )
    shared = [option for option in scenario_options(lang) if option.name != "months"]
    draws = option(
        lang, "--draws", text="draws_validate", type=Whole(0, _MOST_DRAWS), default=_DRAWS
    )
    fresh = option(lang, "--fresh", is_flag=True, text="fresh_store")
    return Command(
        "validate",
        lang,
        [scenario, part, draws, fresh, *shared],
        lambda **asked: _validate(lang, **asked),
    )


def _validate(
    lang: str,
    scenario: str | None,
    parts: tuple[str, ...],
    draws: int,
    fresh: bool,
    threads: int | None,
    by: str,
    form: str,
    out: Path | None,
    **asked: Any,
) -> None:
    """Compare, write what was asked for, and print."""
    check_out(out)
    from kesos_sim.scenario import load_scenario

    if scenario is None and not Path(DEFAULT).exists():
        raise InputError("KS1921", "cli.validate.no_default", got=DEFAULT, folder=str(Path.cwd()))
    loaded = load_scenario(scenario or DEFAULT, overrides({**asked, "months": None}))
    from kesos_sim.calibration.published import validate
    from kesos_sim.calibration.table import FIELDS

    with Progress(loaded.name, lang) as progress:
        store, on = store_of(fresh=fresh), threads or usable_workers()
        found = validate(loaded, parts or PARTS, on, progress, store, draws=draws)
        if out is not None:
            progress("files", 0, 1)
            found.export(out, lang, districts=by == "district")
    if form == "table":
        click.echo(found.misses_first().text(lang, districts=by == "district"))
    else:
        show(found.records(), FIELDS, form, provenance=found.provenance)
    say_where(out, lang)
