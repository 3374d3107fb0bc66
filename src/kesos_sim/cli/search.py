"""``kesos search``: packages that no others beat in everything, and how well they hold up."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.ensemble import executor_of, executor_options
from kesos_sim.cli.kinds import MonthKind, Number, Text, Whole, Word
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
from kesos_sim.units import Month

AIMS: Final = ("poverty_rate", "poverty_gap", "unmet_need_rate", "cost", "fairness")
_SIZE: Final = 24
_GENERATIONS: Final = 8
_WORLDS: Final = 8
_MOST: Final = 10_000
_BILLION: Final = 1e9


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``search``.
    """
    return Command(
        "search",
        lang,
        [
            click.Argument(["scenario"], type=Text("file")),
            option(
                lang, "--lever", "levers", type=Text("lever"), multiple=True, required=True,
                text="search_lever",
            ),
            option(lang, "--aim", "aims", type=Word(AIMS), multiple=True),
            option(lang, "--budget", type=Number()),
            option(lang, "--own-budgets", is_flag=True),
            option(lang, "--from", "since", type=MonthKind(), text="search_from"),
            option(lang, "--size", type=Whole(4, _MOST), default=_SIZE),
            option(lang, "--generations", type=Whole(1, _MOST), default=_GENERATIONS),
            option(lang, "--worlds", type=Whole(0, _MOST), default=_WORLDS, text="search_worlds"),
            *executor_options(lang),
            option(lang, "--fresh", is_flag=True, text="fresh_store"),
            *repeated_options(lang),
        ],
        lambda **asked: _search(lang, **asked),
    )  # fmt: skip


def _search(
    lang: str,
    scenario: str,
    levers: tuple[str, ...],
    aims: tuple[str, ...],
    budget: float | None,
    own_budgets: bool,
    since: Month | None,
    size: int,
    generations: int,
    worlds: int,
    workers: int | None,
    scheduler: str | None,
    out: Path | None,
    form: str,
    fresh: bool,
    **asked: Any,
) -> None:
    """Look for packages and print those that are left."""
    loaded = load_repeated(scenario, asked)
    check_out(out)
    warn([loaded], lang)
    from kesos_sim.experiments.search import search

    with Progress(i18n.text("cli.search.running", lang), lang) as progress:
        found = search(
            loaded,
            tuple(dict.fromkeys(levers)),
            tuple(dict.fromkeys(aims)) or AIMS,
            math.inf if budget is None else _BILLION * budget,
            since,
            executor_of(workers, scheduler),
            store_of(fresh=fresh),
            progress,
            own_budgets=own_budgets,
            size=size,
            generations=generations,
            worlds=worlds,
        )
        write(found, out, progress, lang)
    if form == "table":
        from kesos_sim.reports.packages import packages_table

        tell(found.sentences(lang), [packages_table(found, lang)] if found.packages else ())
        tell_origin(found.provenance, lang)
    else:
        frame = found.frame()
        columns = [str(name) for name in frame.columns]
        show(records(frame), columns, form, provenance=found.provenance)
    say_where(out, lang)
