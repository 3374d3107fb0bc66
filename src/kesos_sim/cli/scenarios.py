"""What ``kesos run`` and ``kesos compare`` share: options, compilation notice, tables, records."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Folder, Setting, Text, Whole, Word
from kesos_sim.cli.output import FORMATS
from kesos_sim.cli.telling import plain_width
from kesos_sim.cli.words import option
from kesos_sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.cli.progress import Progress
    from kesos_sim.experiments.compare import Comparison
    from kesos_sim.experiments.run import Run
    from kesos_sim.experiments.store import Store
    from kesos_sim.scenario import Scenario


class Exportable(Protocol):
    """A result that writes itself into a folder."""

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        """Write everything into a folder, all or nothing."""


DETAIL: Final = ("province", "district")
_WORLD: Final = (
    ("region", "region"),
    ("start", "month"),
    ("months", "whole"),
    ("households", "whole"),
    ("seed", "whole"),
)
_MOST_THREADS: Final = 1024
_REPEATED_HOUSEHOLDS: Final = 20_000


def scenario_options(lang: str) -> list[click.Parameter]:
    """Declare the options that change how a scenario is run and shown.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of click.Parameter
        The options.
    """
    world = [option(lang, f"--{name}", type=Text(kind)) for name, kind in _WORLD]
    return [
        *world,
        option(lang, "--set", "settings", type=Setting(), multiple=True),
        option(lang, "--threads", type=Whole(1, _MOST_THREADS)),
        option(lang, "--out", type=Folder()),
        option(lang, "--by", type=Word(DETAIL), default=DETAIL[0]),
        option(lang, "--format", "form", type=Word(FORMATS), default=FORMATS[0]),
    ]


def repeated_options(lang: str) -> list[click.Parameter]:
    """Declare the options of commands that repeat many small runs.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of click.Parameter
        `scenario_options` without those of one large run.
    """
    return [one for one in scenario_options(lang) if one.name not in {"by", "threads"}]


def load_repeated(file: str, asked: Mapping[str, Any]) -> Scenario:
    """Load a scenario for many small runs.

    Parameters
    ----------
    file : str
        The scenario file.
    asked : mapping of str to object
        Values of `repeated_options`.

    Returns
    -------
    Scenario
        With 20,000 households unless others were asked for.
    """
    from kesos_sim.scenario import load_scenario

    known = overrides(asked)
    return load_scenario(file, {"households": _REPEATED_HOUSEHOLDS} | known)


def store_of(*, fresh: bool) -> Store | None:
    """Return who remembers finished runs.

    Parameters
    ----------
    fresh : bool
        Whether everything is to be computed anew.

    Returns
    -------
    Store or None
        None if asked for, and where the user's own folder cannot be written; a folder that is
        named has to be right.
    """
    from kesos_sim.experiments.store import FOLDER, Store

    if fresh:
        return None
    try:
        return Store.default()
    except InputError:
        if os.environ.get(FOLDER):
            raise
        return None


def overrides(asked: Mapping[str, Any]) -> dict[str, object]:
    """Return what options change in a scenario, by dotted name.

    Parameters
    ----------
    asked : mapping of str to object
        Values of `scenario_options`.

    Returns
    -------
    dict of str to object
        For `kesos_sim.scenario.load_scenario`, which checks them.
    """
    from kesos_sim.scenario.options import Typed

    world = {name: asked[name] for name, _ in _WORLD if asked[name] is not None}
    return world | {name: Typed(text) for name, text in asked["settings"]}


def records(frame: pd.DataFrame, **constant: object) -> Iterator[dict[str, Any]]:
    """Return the rows of a tidy frame as records.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per month, region and indicator.
    **constant : object
        Fields that every record has.

    Yields
    ------
    dict of str to object
        One record per row.
    """
    names = [str(name) for name in frame.columns]
    for row in frame.itertuples(index=False, name=None):
        yield {**constant, **dict(zip(names, row, strict=True))}


def print_report(result: Run | Comparison, by: str, lang: str) -> None:
    """Print sentences, tables and provenance of a result.

    Parameters
    ----------
    result : Run or Comparison
        The result.
    by : {"province", "district"}
        The smallest regions to list.
    lang : str
        ``id`` or ``en``.
    """
    from kesos_sim.reports import terminal

    shown = terminal.report(result.frame(by), result.context(), lang)
    terminal.show(shown, sys.stdout, plain_width())


def warn(scenarios: Sequence[Scenario], lang: str) -> None:
    """Say on stderr what scenarios ask for that cannot have an effect.

    Parameters
    ----------
    scenarios : sequence of Scenario
        What is about to be run.
    lang : str
        ``id`` or ``en``.
    """
    from kesos_sim.scenario.notices import notices

    for notice in notices(scenarios):
        click.echo(i18n.text("cli.warning", lang, text=notice[lang]), err=True)


def warn_of_misses(result: Run | Comparison, lang: str) -> None:
    """Say on stderr when the base month misses what is published.

    Parameters
    ----------
    result : Run or Comparison
        The result.
    lang : str
        ``id`` or ``en``.
    """
    if result.provenance["base_misses"]:
        from kesos_sim.reports.sentences import base_miss

        click.echo(base_miss(result.context(), lang), err=True)


def check_out(out: Path | None) -> None:
    """Refuse a folder that holds something else before anything is computed.

    Parameters
    ----------
    out : pathlib.Path or None
        Where the result is to be written.

    Raises
    ------
    InputError
        If a result may not or cannot be written there.
    """
    if out is not None:
        from kesos_sim.reports.result_folder import check_target

        check_target(out)


def write(result: Exportable, out: Path | None, progress: Progress, lang: str) -> None:
    """Write a result into its folder, if one was named, while the progress is shown.

    Parameters
    ----------
    result : Exportable
        Anything that writes itself into a folder.
    out : pathlib.Path or None
        Where it is to be written.
    progress : Progress
        Told that files are being written.
    lang : str
        Language of charts and page.
    """
    if out is not None:
        progress("files", 0, 1)
        result.export(out, lang)


def say_where(out: Path | None, lang: str) -> None:
    """Say on stderr where the files are."""
    if out is not None:
        place = out if out.name not in ("", "..") else out.resolve()
        names = {"page": "index.html", "charts": "charts", "tables": "tables"}
        parts = {part: place / name for part, name in names.items()}
        click.echo(i18n.text("cli.written", lang, place=place, **parts), err=True)
