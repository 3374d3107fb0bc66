"""``kesos store``: finished runs that are not computed again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Duration, Size, Text, Word
from kesos_sim.cli.output import FORMATS, headed, show
from kesos_sim.cli.words import Command, Group, option
from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers

if TYPE_CHECKING:
    from kesos_sim.experiments.store import Entry, Store

COLUMNS: Final = (
    "key",
    "kind",
    "scenario",
    "region",
    "seed",
    "households",
    "months",
    "state",
    "seconds",
    "created",
    "size",
    "cause",
    "scenario_hash",
    "code_hash",
    "data_hash",
)
_LISTED: Final = (
    "key", "kind", "scenario", "region", "seed", "households", "months", "state", "created", "size",
)  # fmt: skip
_SHOWN_KEY: Final = 12


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``store`` with ``list``, ``show`` and ``prune``.
    """
    form = option(lang, "--format", "form", type=Word(FORMATS), default=FORMATS[0])
    listing = Command("list", lang, [form], lambda form: _list(form, lang), key="store.list")
    showing = Command(
        "show",
        lang,
        [click.Argument(["key"], type=Text("text")), form],
        lambda key, form: _show(key, form, lang),
        key="store.show",
    )
    pruning = Command(
        "prune",
        lang,
        [
            option(lang, "--older", type=Duration()),
            option(lang, "--keep", type=Size()),
            option(lang, "--failed", is_flag=True),
            option(lang, "--stale", is_flag=True),
            option(lang, "--everything", is_flag=True),
        ],
        lambda **asked: _prune(lang, **asked),
        key="store.prune",
    )
    return Group("store", lang, commands=[listing, showing, pruning])


def _store() -> Store:
    """Open the user's store."""
    from kesos_sim.experiments.store import Store

    return Store.default()


def _list(form: str, lang: str) -> None:
    """Print what is known of every run."""
    store = _store()
    entries = store.entries()
    if form != "table":
        show(map(vars, entries), COLUMNS, form, provenance={"folder": store.folder})
        return
    rows = [
        vars(entry)
        | {
            "key": entry.key[:_SHOWN_KEY],
            "state": i18n.text(f"cli.store.{entry.state}", lang),
            "size": _bytes(entry.size, lang),
        }
        for entry in entries
    ]
    names = {name: i18n.text(f"cli.store.column_{name}", lang) for name in _LISTED}
    if rows:
        show(rows, _LISTED, form, headings=names)
    total = sum(entry.size for entry in entries)
    click.echo(
        i18n.text(
            "cli.store.total",
            lang,
            count=numbers.number(len(entries), lang, 0),
            size=_bytes(total, lang),
            place=store.folder,
        )
    )


def _show(key: str, form: str, lang: str) -> None:
    """Print everything that is known of one run."""
    store = _store()
    found = [entry for entry in store.entries() if entry.key.startswith(key)]
    if len(found) != 1:
        code, text = (
            ("KS3023", "experiments.several_runs") if found else ("KS3022", "experiments.no_run")
        )
        raise InputError(code, text, got=key, count=len(found))
    (entry,) = found
    if form != "table":
        show([vars(entry)], COLUMNS, form, provenance={"folder": store.folder})
        return
    for name in COLUMNS:
        value = vars(entry)[name]
        if name == "size":
            value = _bytes(value, lang)
        elif name == "state":
            value = i18n.text(f"cli.store.{value}", lang)
        if value != "":
            click.echo(f"{i18n.text(f'cli.store.column_{name}', lang)}: {value}")
    folder = store.find(entry.key)
    if folder:
        click.echo(headed("place", str(folder), lang))


def _prune(
    lang: str,
    older: float | None,
    keep: int | None,
    failed: bool,
    stale: bool,
    everything: bool,
) -> None:
    """Forget runs and say how many."""
    if older is keep is None and not (failed or stale or everything):
        raise InputError("KS1918", "cli.store.nothing_asked")
    store = _store()
    before = store.entries()
    gone = [
        entry
        for entry in before
        if everything
        or (failed and entry.state == "failed")
        or (stale and _is_stale(entry))
        or (older is not None and store.last_used(entry) <= time.time() - older)
    ]
    if keep is not None:
        gone += store.beyond(keep, [entry for entry in before if entry not in gone])
    store.remove(entry.key for entry in gone)
    store.clear_parts()
    click.echo(
        i18n.text(
            "cli.store.pruned",
            lang,
            count=numbers.number(len(gone), lang, 0),
            size=_bytes(sum(entry.size for entry in gone), lang),
            left=numbers.number(len(before) - len(gone), lang, 0),
        )
    )


def _is_stale(entry: Entry) -> bool:
    """Return whether code or data have changed since a run."""
    from kesos_sim.model.identity import code_hash, data_hash

    return (entry.code_hash, entry.data_hash) != (code_hash(), data_hash())


def _bytes(size: int, lang: str) -> str:
    """Write a size."""
    return i18n.text("cli.store.megabytes", lang, size=numbers.number(size / 1e6, lang, 1))
