"""``kesos attribute``: what each part of a package, or of life, adds to a change."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kesos_sim import i18n
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
from kesos_sim.errors import InputError, nearest

if TYPE_CHECKING:
    from kesos_sim.experiments.attribution import Attribution

COLUMNS: Final = (
    "part",
    "region",
    "indicator",
    "before",
    "added",
    "low",
    "high",
    "error",
    "unit",
)
BY: Final = ("points", "levers", "households")
_MOST_WORLDS: Final = 1000
_MOST_ORDERS: Final = 10_000
_ORDERS: Final = 16
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
        ``attribute``.
    """
    baseline = click.Argument(["baseline"], type=Text("file"))
    package = click.Argument(["package"], type=Text("file"), required=False)
    return Command(
        "attribute",
        lang,
        [
            baseline,
            package,
            option(lang, "--by", type=Word(BY), default=BY[0], text="attribute_by"),
            option(
                lang, "--indicator", "indicators", type=Text("name"), multiple=True,
                text="attribute_indicator",
            ),
            option(lang, "--worlds", type=Whole(1, _MOST_WORLDS), default=1),
            option(lang, "--orders", type=Whole(2, _MOST_ORDERS), default=_ORDERS),
            *executor_options(lang),
            option(lang, "--fresh", is_flag=True, text="fresh_store"),
            *repeated_options(lang),
        ],
        lambda **asked: _attribute(lang, **asked),
    )  # fmt: skip


def _attribute(
    lang: str,
    baseline: str,
    package: str | None,
    by: str,
    indicators: tuple[str, ...],
    worlds: int,
    orders: int,
    workers: int | None,
    scheduler: str | None,
    out: Path | None,
    form: str,
    fresh: bool,
    **asked: Any,
) -> None:
    """Find what adds how much, and print it."""
    first = load_repeated(baseline, asked)
    other = load_repeated(package, asked) if package else None
    check_out(out)
    warn([first, *([other] if other else [])], lang)
    from kesos_sim.experiments.accounting import account
    from kesos_sim.experiments.attribution import attribute
    from kesos_sim.indicators.definitions import indicators as known

    chosen_indicators(known(), indicators)  # before anything is computed

    who, store = executor_of(workers, scheduler), store_of(fresh=fresh)
    with Progress(i18n.text("cli.attribute.running", lang), lang) as progress:
        if other is None or by == "households":
            found = account(first, other, who, store, progress)
        else:
            found = attribute(first, other, by, worlds, who, store, progress, orders=orders)
        names = chosen_indicators(found.added, indicators)
        if out is not None:
            from kesos_sim.reports.why import export_attribution

            progress("files", 0, 1)
            export_attribution(found, names, out, lang)
    if form == "table":
        _print(found, names, lang)
    else:
        frame = found.frame()
        frame = frame[frame.indicator.isin(names)] if indicators else frame
        show(records(frame), COLUMNS, form, provenance=found.provenance)
    say_where(out, lang)


def chosen_indicators(found: Collection[str], asked: tuple[str, ...]) -> tuple[str, ...]:
    """Return the indicators to show; refuse those that a result does not have.

    Parameters
    ----------
    found : collection of str
        Indicators of the result.
    asked : tuple of str
        Those that were asked for; the poverty rate if none.

    Returns
    -------
    tuple of str

    Raises
    ------
    InputError
        If one is not there.
    """
    for name in asked:
        if name not in found:
            raise InputError(
                "KS1919",
                "experiments.no_such_indicator",
                field="--indicator",
                got=name,
                suggestion=nearest(name, found),
            )
    return asked or (_DEFAULT,)


def _print(found: Attribution, names: tuple[str, ...], lang: str) -> None:
    """Print sentences and a table for each indicator."""
    from kesos_sim.reports.why import sentences, why_table

    for name in names:
        tell(sentences(found, lang, name), [why_table(found, name, lang)])
    tell_origin(found.provenance, lang)
