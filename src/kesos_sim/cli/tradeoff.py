"""``kesos tradeoff``: the same money as coordination, as cash, and as both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Text, Whole
from kesos_sim.cli.output import show, wrapped
from kesos_sim.cli.progress import Progress
from kesos_sim.cli.scenarios import (
    check_out,
    load_repeated,
    repeated_options,
    say_where,
    store_of,
    warn,
    write,
)
from kesos_sim.cli.telling import tell_origin
from kesos_sim.cli.words import Command, option

if TYPE_CHECKING:
    from kesos_sim.experiments.tradeoff import Tradeoff

COLUMNS: Final = (
    "effect",
    "package",
    "rupiah",
    "indicator",
    "value",
    "baseline",
    "difference",
    "low",
    "high",
    "unit",
)
_SEEDS: Final = 3
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
        ``tradeoff``.
    """
    scenario = click.Argument(["scenario"], type=Text("file"))
    seeds = option(lang, "--seeds", type=Whole(1, _MOST_SEEDS), default=_SEEDS)
    fresh = option(lang, "--fresh", is_flag=True, text="fresh_store")
    return Command(
        "tradeoff",
        lang,
        [scenario, seeds, fresh, *repeated_options(lang)],
        lambda **asked: _tradeoff(lang, **asked),
    )


def _tradeoff(
    lang: str,
    scenario: str,
    seeds: int,
    fresh: bool,
    out: Path | None,
    form: str,
    **asked: Any,
) -> None:
    """Run every package, write what was asked for, and print what it changes."""
    loaded = load_repeated(scenario, asked)
    check_out(out)
    warn([loaded], lang)
    from kesos_sim.experiments.tradeoff import tradeoff

    with Progress(loaded.name, lang) as progress:
        found = tradeoff(loaded, seeds, progress, store=store_of(fresh=fresh))
        write(found, out, progress, lang)
    if form == "table":
        click.echo("\n\n".join(_page(found, lang)))
        tell_origin(found.provenance, lang)
    else:
        about = found.provenance | {"scenario": loaded.name, "seeds": seeds}
        show(found.rows, COLUMNS, form, provenance=about)
    say_where(out, lang)


def _page(found: Tradeoff, lang: str) -> list[str]:
    """Return the paragraphs: what is compared, each guess of the effect, what to make of it."""
    from kesos_sim.reports.tradeoff import intro, readings

    page = ["\n".join(wrapped(intro(found, lang), ""))]
    for effect, of_effect in groupby(found.rows, key=lambda row: row["effect"]):
        lines = [i18n.text(f"tradeoff.effect_{effect}", lang)]
        for package, of_package in groupby(of_effect, key=lambda row: row["package"]):
            lines += _package(package, list(of_package), lang)
        page.append("\n".join(lines))
    return [*page, *("\n".join(wrapped(words, "")) for words in readings(found, lang))]


def _package(package: str, rows: Sequence[Mapping[str, Any]], lang: str) -> list[str]:
    """Return the lines of one package: what it costs, and what it changes with its band."""
    from kesos_sim.i18n import numbers
    from kesos_sim.indicators.definitions import indicator
    from kesos_sim.reports.values import difference_unit, say, say_money

    lines = [
        "  "
        + i18n.text(
            "tradeoff.package",
            lang,
            package=i18n.text(f"tradeoff.package_{package}", lang),
            rupiah=say_money(rows[0]["rupiah"], lang),
        )
    ]
    for row in rows:
        known = indicator(row["indicator"])
        decimals = max(known.decimals, known.spoken)

        def signed(value: float, decimals: int = decimals) -> str:
            return numbers.number(value, lang, decimals, signed=True)

        lines.append(
            "    "
            + i18n.text(
                "tradeoff.row",
                lang,
                indicator=known.label(lang),
                unit=difference_unit(known, lang),
                difference=signed(row["difference"]),
                low=signed(row["low"]),
                high=signed(row["high"]),
                baseline=say(row["baseline"], known, lang),
            )
        )
    return lines
