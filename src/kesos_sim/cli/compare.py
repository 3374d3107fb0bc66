"""``kesos compare``: alternatives against a baseline in the same simulated world."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Text
from kesos_sim.cli.output import show
from kesos_sim.cli.progress import Progress
from kesos_sim.cli.scenarios import (
    announce_compilation,
    overrides,
    records,
    say_where,
    scenario_options,
)
from kesos_sim.cli.words import Command

if TYPE_CHECKING:
    from kesos_sim.experiments.compare import Comparison
    from kesos_sim.scenario import Scenario

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
        [baseline, alternatives, *scenario_options(lang)],
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
    **asked: Any,
) -> None:
    """Run all scenarios, write what was asked for, print the differences."""
    from kesos_sim.scenario import load_scenario

    changes = overrides(asked)
    base, *others = [load_scenario(path, changes) for path in (baseline, *alternatives)]
    from kesos_sim.experiments.compare import compare

    announce_compilation(lang)
    label = i18n.text("cli.progress.running", lang, name=", ".join(s.name for s in (base, *others)))
    with Progress(label, lang) as progress:
        result = compare(base, others, threads=threads, progress=progress)
    if out is not None:
        result.export(out)
    if form == "table":
        _print(result, base, others, by, lang)
    else:
        rows = records(result.frame(by), replicate=0)
        show(rows, COLUMNS, form, provenance=result.provenance)
    say_where(out, lang)
