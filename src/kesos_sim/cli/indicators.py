"""``kesos indicators``: what results tell, how it is worked out, and to which SDG it belongs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Text, Word
from kesos_sim.cli.output import FORMATS, data_provenance, headed, show, wrapped
from kesos_sim.cli.words import Command, option
from kesos_sim.indicators.definitions import (
    Indicator,
    indicator,
    indicators,
    sdg_targets,
    sdg_words,
)

COLUMNS: Final = (
    "name",
    "label",
    "meaning",
    "formula",
    "source",
    "unit",
    "unit_words",
    "direction",
    "direction_words",
    "sdg",
    "sdg_words",
)
"""Fields of a record; what ends with ``_words`` is in the language of the reader."""
_LISTS: Final = ("sdg", "sdg_words")


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``indicators``.
    """
    return Command(
        "indicators",
        lang,
        [
            click.Argument(["names"], type=Text("text"), nargs=-1),
            option(lang, "--sdg", type=Word(sdg_targets())),
            option(lang, "--format", "form", type=Word(FORMATS), default="table"),
        ],
        lambda **asked: _indicators(lang=lang, **asked),
    )


def _indicators(names: Sequence[str], sdg: str | None, form: str, lang: str) -> None:
    """Print the indicators that were asked for, in the order of the table."""
    from kesos_sim.institutions.programmes import names as programmes

    everything = [
        *indicators().values(),
        *(indicator(f"programme_recipients.{name.lower()}") for name in programmes()),
    ]
    asked = [indicator(name) for name in names]
    chosen = [one for one in (asked or everything) if sdg is None or sdg in one.sdg]
    if not chosen:
        click.echo(i18n.text("cli.indicators.none", lang), err=True)
    if form == "table":
        families = groupby(chosen, key=lambda one: one.family)
        cards = ("\n".join(_card(list(family), lang)) for _, family in families)
        click.echo("\n\n".join(cards), nl=bool(chosen))
        return
    records = [_record(one, lang) for one in chosen]
    if form == "csv":
        records = [
            record | {name: "; ".join(record[name]) for name in _LISTS} for record in records
        ]
    show(records, COLUMNS, form, provenance=data_provenance())


def _record(one: Indicator, lang: str) -> dict[str, Any]:
    """Return everything that is known about an indicator, by the names of `COLUMNS`."""
    return {
        "name": one.name,
        "label": one.label(lang),
        "meaning": one.meaning(lang),
        "formula": one.formula(lang),
        "source": one.source(lang),
        "unit": one.unit,
        "unit_words": one.unit_label(lang),
        "direction": one.direction,
        "direction_words": i18n.text(f"indicators.direction.{one.direction}", lang),
        "sdg": list(one.sdg),
        "sdg_words": [sdg_words(target, lang) for target in one.sdg],
    }


def _card(family: Sequence[Indicator], lang: str) -> Iterator[str]:
    """Yield the lines about an indicator; members of a family share one card."""
    record: Mapping[str, Any] = _record(family[0], lang)
    name = record["name"] if len(family) == 1 else f"{record['name']} .. {family[-1].name}"
    yield from wrapped(f"{name}: {record['label']}", "")
    yield from wrapped(record["meaning"])
    pair = [("unit", record["unit_words"]), ("direction", record["direction_words"])]
    yield from wrapped("; ".join(headed(field, words, lang) for field, words in pair))
    for field in ("formula", "source"):
        yield from wrapped(headed(field, record[field], lang))
    targets = dict.fromkeys(target for one in family for target in one.sdg)
    if targets:
        words = "; ".join(f"{target} {sdg_words(target, lang)}" for target in targets)
        yield from wrapped(headed("sdg", words, lang))
