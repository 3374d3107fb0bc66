"""``kesos discover``: in which worlds a package falls short, and what these have in common."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.attribute import chosen_indicators
from kesos_sim.cli.ensemble import RULES, executor_of, executor_options
from kesos_sim.cli.kinds import Number, Text, Whole, Word
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
    write,
)
from kesos_sim.cli.telling import tell, tell_origin
from kesos_sim.cli.words import Command, option

_REPLICATES: Final = 64
_MOST: Final = 100_000
_DEFAULT: Final = "poverty_rate"


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``discover``.
    """
    return Command(
        "discover",
        lang,
        [
            click.Argument(["baseline"], type=Text("file")),
            click.Argument(["package"], type=Text("file")),
            option(
                lang, "--indicator", type=Text("name"), default=_DEFAULT,
                text="discover_indicator",
            ),
            option(lang, "--at-least", "asked", type=Number(), text="at_least"),
            option(lang, "--replicates", type=Whole(1, _MOST), default=_REPLICATES),
            option(lang, "--rule", "rules", type=Word(RULES), multiple=True),
            *executor_options(lang),
            option(lang, "--fresh", is_flag=True, text="fresh_store"),
            *repeated_options(lang),
        ],
        lambda **asked: _discover(lang, **asked),
    )  # fmt: skip


def _discover(
    lang: str,
    baseline: str,
    package: str,
    indicator: str,
    asked: float | None,
    replicates: int,
    rules: Sequence[str],
    workers: int | None,
    scheduler: str | None,
    out: Path | None,
    form: str,
    fresh: bool,
    **options: Any,
) -> None:
    """Live the worlds, write what was asked for, and say where the package falls short."""
    loaded = [load_repeated(path, options) for path in (baseline, package)]
    check_out(out)
    warn(loaded, lang)
    from kesos_sim.experiments.design import DRAWN, Design
    from kesos_sim.experiments.discovery import check_asked, discover
    from kesos_sim.experiments.ensemble import ensemble
    from kesos_sim.indicators.definitions import indicators

    chosen_indicators(indicators(), (indicator,))
    check_asked(indicator, replicates)

    design = Design(DRAWN, tuple(dict.fromkeys(rules)))
    with Progress(i18n.text("cli.ensemble.running", lang), lang) as progress:
        worlds = ensemble(
            loaded,
            replicates,
            design,
            executor_of(workers, scheduler),
            store_of(fresh=fresh),
            progress,
        )
        found = discover(worlds, loaded[1].name, indicator, asked)
        write(found, out, progress, lang)
    if form == "table":
        tell(found.sentences(lang))
        tell_origin(worlds.provenance, lang)
    else:
        frame = found.frame()
        columns = [str(name) for name in frame.columns]
        show(records(frame), columns, form, provenance=worlds.provenance)
    say_where(out, lang)
