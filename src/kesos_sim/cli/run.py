"""``kesos run``: one scenario, from its file to indicators and ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kesos_sim.cli.checkpoints import checkpoint_option, checkpoints_of
from kesos_sim.cli.ensemble import MOST_WORKERS
from kesos_sim.cli.kinds import Text, Whole
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
from kesos_sim.experiments.executors import usable_workers

if TYPE_CHECKING:
    from kesos_sim.experiments.executors import Cluster

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
    own = [
        option(lang, "--fresh", is_flag=True),
        checkpoint_option(lang),
        option(lang, "--workers", type=Whole(1, MOST_WORKERS), text="sharing_workers"),
        option(lang, "--scheduler", type=Text("address"), text="sharing_scheduler"),
    ]
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
    workers: int | None,
    scheduler: str | None,
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
            threads or usable_workers(),
            progress,
            store=store_of(fresh=fresh),
            fresh=fresh,
            checkpoints=checkpoints_of(checkpoint_months, lang),
            cluster=_cluster(workers, scheduler),
        )
        write(result, out, progress, lang)
    if form == "table":
        print_report(result, by, lang)
    else:
        rows = records(result.frame(by), scenario=loaded.name, replicate=0)
        show(rows, COLUMNS, form, provenance=result.provenance)
    warn_of_misses(result, lang)
    say_where(out, lang)


def _cluster(workers: int | None, scheduler: str | None) -> Cluster | None:
    """Return the cluster whose workers share the run, if one is asked for."""
    from kesos_sim.experiments.executors import LOCAL, Cluster

    if workers is None and scheduler is None:
        return None
    return Cluster(scheduler or LOCAL, workers or usable_workers())
