"""``kesos emulator``: the fitted surface behind the forum's instant answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.ensemble import executor_of, executor_options
from kesos_sim.cli.kinds import Folder, Text, Whole, Word
from kesos_sim.cli.output import FORMATS, show
from kesos_sim.cli.progress import Progress
from kesos_sim.cli.scenarios import store_of
from kesos_sim.cli.telling import tell
from kesos_sim.cli.words import Command, Group, option

CHECKED: Final = ("outcome", "change", "error", "luck", "coverage")
ERRORS: Final = ("outcome", "effect", "mae", "r2", "coverage", "worst")
_WORLDS, _PACKAGES = 40, 10
_FEWEST_WORLDS, _FEWEST_PACKAGES = 8, 6
"""Fewer worlds than folds, or fewer packages than kinds of them, tell nothing."""
_CHECK_PACKAGES, _CHECK_WORLDS = 6, 4
_MOST: Final = 1000
_FEWEST_HOUSEHOLDS, _MOST_HOUSEHOLDS = 2000, 2_000_000


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``emulator`` with ``build``, ``check`` and ``card``.
    """
    form = option(lang, "--format", "form", type=Word(FORMATS), default=FORMATS[0])
    surface = option(lang, "--surface", type=Text("file"))
    households = Whole(_FEWEST_HOUSEHOLDS, _MOST_HOUSEHOLDS)
    building = Command(
        "build",
        lang,
        [
            option(
                lang, "--worlds", type=Whole(_FEWEST_WORLDS, _MOST), default=_WORLDS,
                text="surface_worlds",
            ),
            option(
                lang, "--packages", type=Whole(_FEWEST_PACKAGES, _MOST), default=_PACKAGES,
                text="surface_packages",
            ),
            option(lang, "--households", type=households, text="surface_households"),
            option(lang, "--out", type=Folder(), text="surface_out"),
            *executor_options(lang),
            option(lang, "--fresh", is_flag=True, text="surface_fresh"),
        ],
        lambda **asked: _build(lang, **asked),
        key="emulator.build",
    )  # fmt: skip
    checking = Command(
        "check",
        lang,
        [
            surface,
            option(
                lang, "--packages", type=Whole(1, _MOST), default=_CHECK_PACKAGES,
                text="check_packages",
            ),
            option(
                lang, "--worlds", type=Whole(1, _MOST), default=_CHECK_WORLDS, text="check_worlds"
            ),
            option(lang, "--households", type=households, text="surface_households"),
            *executor_options(lang),
            option(lang, "--fresh", is_flag=True, text="fresh_store"),
            form,
        ],
        lambda **asked: _check(lang, **asked),
        key="emulator.check",
    )  # fmt: skip
    telling = Command(
        "card", lang, [surface, form], lambda **asked: _card(lang, **asked), key="emulator.card"
    )
    return Group("emulator", lang, commands=[building, checking, telling])


def _build(
    lang: str,
    worlds: int,
    packages: int,
    households: int | None,
    out: Path | None,
    workers: int | None,
    scheduler: str | None,
    fresh: bool,
) -> None:
    """Build the surface and say how good it is."""
    from kesos_sim.emulator.build import FOLDER, SURFACE, build
    from kesos_sim.emulator.question import HOUSEHOLDS
    from kesos_sim.emulator.sample import Sample

    sample = Sample(worlds=worlds, packages=packages, households=households or HOUSEHOLDS)
    folder = out or FOLDER
    with Progress(i18n.text("emulator.building", lang), lang) as progress:
        build(
            sample,
            folder,
            executor_of(workers, scheduler),
            store_of(fresh=fresh),
            progress,
            fresh=fresh,
        )
    _tell_card(str(folder / SURFACE), lang)
    click.echo(i18n.text("emulator.written", lang, place=folder))


def _check(
    lang: str,
    surface: str | None,
    packages: int,
    worlds: int,
    households: int | None,
    workers: int | None,
    scheduler: str | None,
    fresh: bool,
    form: str,
) -> None:
    """Compare the surface with fresh runs."""
    from kesos_sim.emulator.checking import check
    from kesos_sim.emulator.surface import load_surface
    from kesos_sim.emulator.words import check_sentences, check_table

    loaded = load_surface(surface)
    with Progress(i18n.text("emulator.checking", lang), lang) as progress:
        found = check(
            loaded,
            packages,
            worlds,
            households,
            executor_of(workers, scheduler),
            store_of(fresh=fresh),
            progress,
        )
    if form == "table":
        tell(check_sentences(found, lang), [check_table(found, lang)])
        return
    rows: list[dict[str, Any]] = [
        {"outcome": one.name} | {name: getattr(one, name) for name in CHECKED[1:]}
        for one in found.outcomes
    ]
    show(rows, CHECKED, form, provenance=found.provenance)


def _card(lang: str, surface: str | None, form: str) -> None:
    """Say how the surface was made and how wrong it is."""
    from kesos_sim.emulator.surface import load_surface

    if form == "table":
        _tell_card(surface, lang)
        return
    loaded = load_surface(surface)
    rows = [
        {"outcome": name, "effect": effect} | {head: own.get(head) for head in ERRORS[2:]}
        for effect, errors in ((True, loaded.errors), (False, loaded.errors_idle))
        for name, own in errors.items()
    ]
    show(rows, ERRORS, form, provenance={**loaded.made, "stale": list(loaded.stale())})


def _tell_card(surface: str | None, lang: str) -> None:
    """Print the card of a surface."""
    from kesos_sim.emulator.surface import load_surface
    from kesos_sim.emulator.words import error_table, surface_sentences

    loaded = load_surface(surface)
    tell(surface_sentences(loaded, lang), [error_table(loaded, lang)])
