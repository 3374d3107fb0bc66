"""``kesos effects``: each lever moved alone, and what moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Text, Whole
from kesos_sim.cli.levers import known_lever
from kesos_sim.cli.output import show, wrapped
from kesos_sim.cli.progress import Progress
from kesos_sim.cli.scenarios import (
    check_out,
    load_repeated,
    repeated_options,
    say_where,
    store_of,
    write,
)
from kesos_sim.cli.telling import tell_origin
from kesos_sim.cli.words import Command, option

if TYPE_CHECKING:
    from kesos_sim.experiments.effects import Effects

COLUMNS: Final = (
    "lever",
    "from",
    "to",
    "indicator",
    "expected",
    "before",
    "difference",
    "low",
    "high",
    "without",
    "verdict",
    "unit",
)
_SEEDS: Final = 4
_MOST_SEEDS: Final = 100


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``effects``.
    """
    scenario = click.Argument(["scenario"], type=Text("file"))
    levers = option(lang, "--lever", "levers", text="lever", type=Text("lever"), multiple=True)
    seeds = option(lang, "--seeds", type=Whole(2, _MOST_SEEDS), default=_SEEDS)
    fresh = option(lang, "--fresh", is_flag=True, text="fresh_store")
    return Command(
        "effects",
        lang,
        [scenario, levers, seeds, fresh, *repeated_options(lang)],
        lambda **asked: _effects(lang, **asked),
    )


def _effects(
    lang: str,
    scenario: str,
    levers: Sequence[str],
    seeds: int,
    out: Path | None,
    form: str,
    fresh: bool,
    **asked: Any,
) -> None:
    """Move levers, write what was asked for, and print what moves."""
    for name in levers:
        known_lever(name)
    loaded = load_repeated(scenario, asked)
    check_out(out)
    from kesos_sim.experiments.effects import effects

    with Progress(loaded.name, lang) as progress:
        found = effects(
            loaded, tuple(dict.fromkeys(levers)), seeds, progress, store=store_of(fresh=fresh)
        )
        write(found, out, progress, lang)
    if form == "table":
        click.echo("\n\n".join(_page(found, lang)))
        click.echo()
        tell_origin(found.provenance, lang)
    else:
        about = found.provenance | {"scenario": loaded.name, "seeds": seeds}
        show(found.rows, COLUMNS, form, provenance=about)
    say_where(out, lang)


def _page(found: Effects, lang: str) -> Iterator[str]:
    """Yield the paragraphs: what is compared, each lever, how many moved as expected."""
    from kesos_sim.reports.effects import intro, rows_of, summary

    yield "\n".join(wrapped(intro(found, lang), ""))
    for name in found.levers:
        yield "\n".join(_lever(name, rows_of(found, name), lang))
    yield "\n".join(wrapped(summary(found, lang), ""))


def _lever(name: str, rows: Sequence[Mapping[str, Any]], lang: str) -> Iterator[str]:
    """Yield the lines of one lever: how far it is moved, and what moves."""
    from kesos_sim.scenario.levers import LEVERS
    from kesos_sim.scenario.words import beside_words, lever_value

    lever = LEVERS[name]
    before, to = (lever_value(name, rows[0][end], lang) for end in ("from", "to"))
    head = i18n.text(
        "effects.lever", lang, label=lever.label(lang), lever=name, before=before, to=to
    )
    if lever.beside:
        head += "; " + i18n.text("effects.beside", lang, others="; ".join(beside_words(name, lang)))
    yield from wrapped(head, "")
    for row in rows:
        yield from wrapped(_row(row, lang))


def _row(row: Mapping[str, Any], lang: str) -> str:
    """Return what one indicator does."""
    from kesos_sim.indicators.definitions import indicator
    from kesos_sim.reports.effects import STILL, verdict_words
    from kesos_sim.reports.values import difference_unit, say_difference

    known, words = indicator(row["indicator"]), verdict_words(row, lang)
    if row["verdict"] in STILL:
        return i18n.text("effects.row_still", lang, indicator=known.label(lang), verdict=words)

    def signed(value: float) -> str:
        return say_difference(value, known, lang)

    line = i18n.text(
        "effects.row",
        lang,
        indicator=known.label(lang),
        unit=difference_unit(known, lang),
        difference=signed(row["difference"]),
        low=signed(row["low"]),
        high=signed(row["high"]),
        verdict=words,
    )
    if row["without"] is None:
        return line
    without = i18n.text("effects.without", lang, difference=signed(row["without"]))
    return f"{line}; {without}"
