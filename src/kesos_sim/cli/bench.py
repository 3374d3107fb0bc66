"""``kesos bench``: how fast this machine is, in figures that one may quote with the machine."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Whole, Word
from kesos_sim.cli.output import FORMATS, show
from kesos_sim.cli.words import Command, option
from kesos_sim.errors import InputError
from kesos_sim.experiments.executors import usable_workers
from kesos_sim.i18n import numbers

PARTS: Final = (
    "peers",
    "memory",
    "threads",
    "decade",
    "institutions",
    "start",
    "many",
    "pairing",
    "why",
    "national",
)
_SOURCE: Final = Path(__file__).resolve().parents[3]
_THREADS: Final = 2
_MOST_MONTHS: Final = 120
_FEWEST: Final = 2_000
_MOST: Final = 7_200_000
_MOST_REPETITIONS: Final = 100
_FEW: Final = 10.0
_COLUMNS: Final = ("name", "value", "unit", "best", "bound", "threshold", "ok")
_SHOWN: Final = ("figure", "value", "best", "unit", "threshold", "ok")
_SIGN: Final = {"least": "≥", "most": "≤"}


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``bench``.
    """

    def own(name: str, **settings: Any) -> click.Option:
        return click.Option([f"--{name}"], help=i18n.text(f"bench.option_{name}", lang), **settings)

    return Command(
        "bench",
        lang,
        [
            own("households", type=Whole(_FEWEST, _MOST), default=100_000),
            own("months", type=Whole(1, _MOST_MONTHS), default=_MOST_MONTHS),
            own("repetitions", type=Whole(1, _MOST_REPETITIONS), default=5),
            own("only", type=Word(PARTS), multiple=True),
            own("full", is_flag=True),
            option(lang, "--format", "form", type=Word(FORMATS), default=FORMATS[0]),
        ],
        lambda **asked: _bench(lang, **asked),
    )


def _bench(lang: str, only: tuple[str, ...], full: bool, form: str, **asked: int) -> None:
    """Measure part by part, then print one row per figure."""
    suite = _suite()
    size = suite.Size(**asked, threads=min(_THREADS, usable_workers()))
    chosen = only or (PARTS if full else suite.QUICK)
    records = []
    for part in chosen:
        shown = i18n.text(f"bench.part_{part}", lang)
        click.echo(i18n.text("bench.measuring", lang, part=shown), err=True)
        records += [figure.record() for figure in suite.measure(part, size)]
    machine = import_module("benchmarks.figures").machine(asked)
    report(records, machine, form, lang)


def report(records: list[dict[str, Any]], machine: dict[str, Any], form: str, lang: str) -> None:
    """Print one row per figure, then the machine and what was not reached.

    Parameters
    ----------
    records : list of dict of str to object
        Records of figures: name, value, unit, best, bound, threshold, ok.
    machine : dict of str to object
        What the figures have to be quoted with.
    form : {"table", "json", "csv"}
        The form.
    lang : str
        ``id`` or ``en``.
    """
    if form == "table":
        headings = {name: _heading(name, lang) for name in _SHOWN}
        show([_words(record, lang) for record in records], _SHOWN, form, headings=headings)
    else:
        show(records, _COLUMNS, form, provenance=machine)
    click.echo("; ".join(f"{name} {value}" for name, value in machine.items()), err=True)
    missed = [_name(record, lang) for record in records if record["ok"] is False]
    if missed:
        click.echo(i18n.text("bench.missed", lang, names="; ".join(missed)), err=True)


def _suite() -> Any:
    """Return the benchmarks, which are in the source folder and not in the package."""
    if not (_SOURCE / "benchmarks" / "suite.py").is_file():
        raise InputError("KS1951", "bench.absent")
    if str(_SOURCE) not in sys.path:
        sys.path.append(str(_SOURCE))
    return import_module("benchmarks.suite")


def _words(record: dict[str, Any], lang: str) -> dict[str, str]:
    """Write one figure for people."""
    ok = {None: "", True: i18n.text("bench.yes", lang), False: i18n.text("bench.no", lang)}
    threshold = record["threshold"]
    bound = "" if threshold is None else f"{_SIGN[record['bound']]} {_number(threshold, lang)}"
    return {
        "figure": _name(record, lang),
        "value": _number(record["value"], lang),
        "best": "" if record["best"] is None else _number(record["best"], lang),
        "unit": i18n.text(f"bench.unit_{record['unit']}", lang),
        "threshold": bound,
        "ok": ok[record["ok"]],
    }


def _name(record: dict[str, Any], lang: str) -> str:
    """Return what a figure is called on screen."""
    return i18n.text(f"bench.figure_{record['name']}", lang)


def _number(value: float, lang: str) -> str:
    """Write a number with as many digits as a measurement has."""
    if value == int(value):
        return numbers.number(value, lang)
    return numbers.number(value, lang, 1 if abs(value) >= _FEW else 2)


def _heading(name: str, lang: str) -> str:
    """Return the heading of a column; some are the same in all tables."""
    own = ("figure", "best", "threshold", "ok")
    return i18n.text(f"bench.heading_{name}" if name in own else f"cli.heading.{name}", lang)
