"""``kesos ensemble``: scenarios in many worlds, and how sure the answer is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Duration, Text, Whole, Word
from kesos_sim.cli.output import show
from kesos_sim.cli.progress import Progress
from kesos_sim.cli.scenarios import (
    check_out,
    load_repeated,
    records,
    repeated_options,
    say_where,
    store_of,
    warn,
    warn_of_misses,
    write,
)
from kesos_sim.cli.telling import tell, tell_origin
from kesos_sim.cli.words import Command, option

if TYPE_CHECKING:
    from kesos_sim.experiments.ensemble import Ensemble
    from kesos_sim.experiments.executors import Executor

COLUMNS: Final = (
    "scenario",
    "month",
    "region",
    "indicator",
    "mean",
    "low",
    "high",
    "difference",
    "low_difference",
    "high_difference",
    "error",
    "needed",
    "replicates",
    "unit",
)
VARY: Final = ("parameters", "seeds")
RULES: Final = ("targeting_rule", "coordination_effect", "take_up")
_REPLICATES: Final = 32
_MOST: Final = 100_000
MOST_WORKERS: Final = 1024


def executor_options(lang: str) -> list[click.Parameter]:
    """Declare the options that say who computes.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of click.Parameter
        ``--workers`` and ``--scheduler``.
    """
    return [
        option(lang, "--workers", type=Whole(1, MOST_WORKERS)),
        option(lang, "--scheduler", type=Text("address")),
    ]


def executor_of(workers: int | None, scheduler: str | None) -> Executor:
    """Return who computes.

    Parameters
    ----------
    workers : int, optional
        Processes of this machine, or of a local cluster; one for each core when left out.
    scheduler : str, optional
        Address of a Dask scheduler, or ``local``.

    Returns
    -------
    Executor
    """
    from kesos_sim.experiments.executors import Cluster, Processes, Serial, usable_workers

    number = workers or usable_workers()
    if scheduler:
        return Cluster(scheduler, number)
    return Processes(number) if number > 1 else Serial()


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``ensemble``.
    """
    scenario = click.Argument(["scenario"], type=Text("file"))
    alternatives = click.Argument(["alternatives"], nargs=-1, type=Text("file"))
    return Command(
        "ensemble",
        lang,
        [
            scenario,
            alternatives,
            option(lang, "--replicates", type=Whole(1, _MOST), default=_REPLICATES),
            option(lang, "--within", type=Duration()),
            option(lang, "--vary", type=Word(VARY), default=VARY[0]),
            option(lang, "--rule", "rules", type=Word(RULES), multiple=True),
            *executor_options(lang),
            option(lang, "--fresh", is_flag=True, text="fresh_store"),
            *repeated_options(lang),
        ],
        lambda **asked: _ensemble(lang, **asked),
    )


def _ensemble(
    lang: str,
    scenario: str,
    alternatives: Sequence[str],
    replicates: int,
    within: float | None,
    vary: str,
    rules: Sequence[str],
    workers: int | None,
    scheduler: str | None,
    out: Path | None,
    form: str,
    fresh: bool,
    **asked: Any,
) -> None:
    """Live all scenarios in many worlds, write what was asked for, print what is sure."""
    loaded = [load_repeated(path, asked) for path in (scenario, *alternatives)]
    check_out(out)
    warn(loaded, lang)
    from kesos_sim.experiments.design import DRAWN, Design
    from kesos_sim.experiments.ensemble import ensemble

    design = Design(DRAWN if vary == VARY[0] else (), tuple(dict.fromkeys(rules)))
    with Progress(i18n.text("cli.ensemble.running", lang), lang) as progress:
        result = ensemble(
            loaded,
            replicates,
            design,
            executor_of(workers, scheduler),
            store_of(fresh=fresh),
            progress,
            within=math.inf if within is None else within,
        )
        write(result, out, progress, lang)
    if form == "table":
        _print(result, lang)
    else:
        show(records(result.frame()), COLUMNS, form, provenance=result.provenance)
    warn_of_misses(result.comparison, lang)
    say_where(out, lang)


def _print(result: Ensemble, lang: str) -> None:
    """Print sentences, a table for each scenario, and where it comes from."""
    from kesos_sim.reports.precision import precision_tables

    tell(result.sentences(lang), precision_tables(result, lang))
    tell_origin(result.provenance, lang)
