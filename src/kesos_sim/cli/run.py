"""``kesos run``: one scenario, from its file to indicators and ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from kesos_sim.cli.checkpoints import checkpoint_option, checkpoints_of
from kesos_sim.cli.cores import usable_cores
from kesos_sim.cli.kinds import Text
from kesos_sim.cli.output import show
from kesos_sim.cli.progress import Progress
from kesos_sim.cli.scenarios import (
    check_out,
    overrides,
    print_report,
    records,
    say_where,
    scenario_options,
    store_of,
    warn,
    warn_of_misses,
    write,
)
from kesos_sim.cli.words import Command, option

COLUMNS: Final = ("scenario", "replicate", "month", "region", "indicator", "value", "unit")


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``run``.
    """
    scenario = click.Argument(["scenario"], type=Text("file"))
    own = [option(lang, "--fresh", is_flag=True), checkpoint_option(lang)]
    return Command(
        "run", lang, [scenario, *scenario_options(lang), *own], lambda **asked: _run(lang, **asked)
    )


def _run(
    lang: str,
    scenario: str,
    threads: int | None,
    out: Path | None,
    by: str,
    form: str,
    fresh: bool,
    checkpoint_months: int | None,
    **asked: Any,
) -> None:
    """Run the scenario, write what was asked for, print the result."""
    from kesos_sim.scenario import load_scenario

    loaded = load_scenario(scenario, overrides(asked))
    check_out(out)
    warn([loaded], lang)
    from kesos_sim.experiments.run import run

    with Progress(loaded.name, lang) as progress:
        result = run(
            loaded,
            threads or usable_cores(),
            progress,
            store=store_of(fresh=fresh),
            fresh=fresh,
            checkpoints=checkpoints_of(checkpoint_months, lang),
        )
        write(result, out, progress, lang)
    if form == "table":
        print_report(result, by, lang)
    else:
        rows = records(result.frame(by), scenario=loaded.name, replicate=0)
        show(rows, COLUMNS, form, provenance=result.provenance)
    warn_of_misses(result, lang)
    say_where(out, lang)
