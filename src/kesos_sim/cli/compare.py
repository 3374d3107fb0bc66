"""``kesos compare``: alternatives against a baseline in the same simulated world."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.checkpoints import checkpoint_option, checkpoints_of
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

_DRAWS: Final = 8
_MOST_DRAWS: Final = 1000
COLUMNS: Final = (
    "scenario",
    "replicate",
    "month",
    "region",
    "indicator",
    "value",
    "unit",
    "baseline",
    "difference",
    "low",
    "high",
)


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``compare``.
    """
    baseline = click.Argument(["baseline"], type=Text("file"))
    alternatives = click.Argument(["alternatives"], type=Text("file"), nargs=-1, required=True)
    return Command(
        "compare",
        lang,
        [
            baseline,
            alternatives,
            *scenario_options(lang),
            option(lang, "--draws", type=Whole(0, _MOST_DRAWS), default=_DRAWS),
            option(lang, "--fresh", is_flag=True, text="fresh_store"),
            checkpoint_option(lang),
        ],
        lambda **asked: _compare(lang, **asked),
    )


def _compare(
    lang: str,
    baseline: str,
    alternatives: Sequence[str],
    threads: int | None,
    out: Path | None,
    by: str,
    form: str,
    draws: int,
    fresh: bool,
    checkpoint_months: int | None,
    **asked: Any,
) -> None:
    """Run all scenarios, write what was asked for, print the differences."""
    from kesos_sim.scenario import difference, load_scenario

    changes = overrides(asked)
    base, *others = [load_scenario(path, changes) for path in (baseline, *alternatives)]
    check_out(out)
    warn([base, *others], lang)
    from kesos_sim.experiments.compare import compare

    with Progress(i18n.text("cli.compare.running", lang), lang) as progress:
        store = store_of(fresh=fresh)
        on = threads or usable_workers()
        result = compare(
            base,
            others,
            on,
            progress,
            draws=draws,
            store=store,
            checkpoints=checkpoints_of(checkpoint_months, lang),
        )
        write(result, out, progress, lang)
    if form == "table":
        for other in others:
            click.echo(i18n.text("cli.compare.changes", lang, name=other.title[lang]))
            click.echo("".join(f"  {line}\n" for line in difference(base, other, lang)), nl=False)
        print_report(result, by, lang)
    else:
        rows = records(result.frame(by), replicate=0)
        show(rows, COLUMNS, form, provenance=result.provenance)
    warn_of_misses(result, lang)
    say_where(out, lang)
