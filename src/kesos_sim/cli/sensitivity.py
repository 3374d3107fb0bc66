"""``kesos sensitivity``: which assumptions an answer hangs on, and how much is chance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.attribute import chosen_indicators
from kesos_sim.cli.ensemble import executor_of, executor_options
from kesos_sim.cli.kinds import Text, Whole, Word
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
)
from kesos_sim.cli.telling import tell, tell_origin
from kesos_sim.cli.words import Command, option

if TYPE_CHECKING:
    from kesos_sim.experiments.sensitivity import Sensitivity

METHODS: Final = ("morris", "sobol")
_MOST: Final = 65_536


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``sensitivity``.
    """
    baseline = click.Argument(["baseline"], type=Text("file"))
    alternative = click.Argument(["package"], type=Text("file"), required=False)
    return Command(
        "sensitivity",
        lang,
        [
            baseline,
            alternative,
            option(lang, "--method", type=Word(METHODS), default=METHODS[0]),
            option(lang, "--parameter", "parameters", type=Text("name"), multiple=True),
            option(lang, "--samples", type=Whole(1, _MOST)),
            option(
                lang, "--indicator", "indicators", type=Text("name"), multiple=True,
                text="attribute_indicator",
            ),
            *executor_options(lang),
            option(lang, "--fresh", is_flag=True, text="fresh_store"),
            *repeated_options(lang),
        ],
        lambda **asked: _sensitivity(lang, **asked),
    )  # fmt: skip


def _sensitivity(
    lang: str,
    baseline: str,
    package: str | None,
    method: str,
    parameters: tuple[str, ...],
    samples: int | None,
    indicators: tuple[str, ...],
    workers: int | None,
    scheduler: str | None,
    out: Path | None,
    form: str,
    fresh: bool,
    **asked: Any,
) -> None:
    """Find what the answer hangs on, and print it."""
    first = load_repeated(baseline, asked)
    other = load_repeated(package, asked) if package else None
    check_out(out)
    warn([first, *([other] if other else [])], lang)
    from kesos_sim.experiments.design import DRAWN
    from kesos_sim.experiments.sensitivity import sensitivity
    from kesos_sim.indicators.definitions import indicators as known

    chosen_indicators(known(), indicators)  # before anything is computed

    who, store = executor_of(workers, scheduler), store_of(fresh=fresh)
    with Progress(i18n.text("cli.sensitivity.running", lang), lang) as progress:
        found = sensitivity(
            first, other, method, parameters or DRAWN, samples, who, store, progress
        )
        names = chosen_indicators(found.found, indicators)
        if out is not None:
            from kesos_sim.reports.influence import export_sensitivity

            progress("files", 0, 1)
            export_sensitivity(found, names, out, lang)
    if form == "table":
        _print(found, names, lang)
    else:
        frame = found.frame()
        frame = frame[frame.indicator.isin(names)] if indicators else frame
        columns = ("factor", "indicator", *found.columns, "unit")
        show(records(frame), columns, form, provenance=found.provenance)
    say_where(out, lang)


def _print(found: Sensitivity, names: tuple[str, ...], lang: str) -> None:
    """Print sentences and a table for each indicator."""
    from kesos_sim.reports.influence import influence_table, sentences

    for name in names:
        tell(sentences(found, lang, name), [influence_table(found, name, lang)])
    tell_origin(found.provenance, lang)
