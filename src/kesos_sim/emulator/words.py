"""A surface and its check in words and as tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from kesos_sim import i18n
from kesos_sim.emulator.checking import Check
from kesos_sim.emulator.question import FLOWS_OF_PEOPLE
from kesos_sim.emulator.surface import Surface
from kesos_sim.emulator.tenths import BY_DECILE
from kesos_sim.i18n import dates, numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.tables import Column, TableBuilder, TextTable
from kesos_sim.scenario.levers import LEVERS

__all__ = [
    "check_sentences",
    "check_table",
    "domain_table",
    "error_table",
    "named",
    "origin",
    "surface_sentences",
    "written",
]

_PERCENT: Final = 100.0
_MINUTE: Final = 60.0
_BIG: Final = 1e6
_HASH: Final = 8


def named(name: str, lang: str) -> str:
    """Return the name of an outcome on screens."""
    if name.endswith(BY_DECILE):
        return i18n.text(
            "emulator.by_decile", lang, outcome=named(name.removesuffix(BY_DECILE), lang)
        )
    if name in FLOWS_OF_PEOPLE:
        return i18n.text(f"emulator.{name}", lang)
    return indicator(name).label(lang)


def surface_sentences(surface: Surface, lang: str) -> tuple[str, ...]:
    """Say how a surface was made, what it answers, and whether it is stale.

    Parameters
    ----------
    surface : Surface
        The surface.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> print(surface_sentences(load_surface(), "en")[1])
    It answers 11 levers and their pairs up to 2031, with and without an effect of
    coordination; what lies outside the sampled ranges is refused.
    """
    made = surface.made
    told = [
        i18n.text(
            "emulator.made",
            lang,
            runs=numbers.number(made["runs"], lang),
            worlds=numbers.number(made["sample"]["worlds"], lang),
            households=numbers.number(made["households"], lang),
            on=dates.date(dt.date.fromisoformat(made["on"]), lang),
            minutes=numbers.number(made["seconds_of_lives"] / _MINUTE, lang),
        ),
        i18n.text("emulator.answers", lang, levers=len(surface.levers), year=surface.headline),
    ]
    return (*told, *stale_sentences(surface.stale(), lang))


def stale_sentences(parts: Iterable[str], lang: str) -> tuple[str, ...]:
    """Say what has changed since a surface was made, if anything."""
    names = [i18n.text(f"emulator.part_{part}", lang) for part in parts]
    return (i18n.text("emulator.stale", lang, parts=", ".join(names)),) if names else ()


def error_table(surface: Surface, lang: str) -> TextTable:
    """List how wrong a surface is about worlds that it has not seen.

    Parameters
    ----------
    surface : Surface
        The surface.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> [column.label for column in error_table(load_surface(), "en").columns]
    ['Outcome', 'Effect of coordination', 'Mean error', 'R²', 'Inside the 80% band',
    'Largest error, whole region']
    """
    fields = ("outcome", "effect", "mae", "r2", "coverage", "worst")
    columns = [
        Column(i18n.text(f"emulator.column_{field}", lang), field not in {"outcome", "effect"})
        for field in fields
    ]
    builder = TableBuilder("galat_permukaan", i18n.text("emulator.errors", lang), columns, fields)
    for effect, errors in ((True, surface.errors), (False, surface.errors_idle)):
        word = i18n.text(f"emulator.effect_{'drawn' if effect else 'none'}", lang)
        for name, own in errors.items():
            inside = own.get("coverage")  # what is told without a range has none
            builder.add(
                [
                    named(name, lang),
                    word,
                    written(own["mae"], lang),
                    numbers.number(own["r2"], lang, 2),
                    numbers.percent(None if inside is None else _PERCENT * inside, lang, 0),
                    written(own["worst"], lang),
                ],
                [name, str(effect).lower(), own["mae"], own["r2"], inside, own["worst"]],
            )
    return builder.table()


def check_sentences(found: Check, lang: str) -> tuple[str, ...]:
    """Say how near a surface comes to fresh runs.

    Parameters
    ----------
    found : Check
        The check.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> from kesos_sim.emulator.checking import Check, Compared
    >>> rate = Compared("poverty_rate", change=0.9, error=0.12, luck=0.1, coverage=0.82)
    >>> found = Check(load_surface(), (), (rate,), 6, 4, 28, covered=0.82, seconds=40.0)
    >>> check_sentences(found, "en")[0].split(": ")
    ['6 packages in 4 new worlds (28 runs)', '82% of the changes lie inside the 80% band. Mean
    changes of the poverty rate miss by 0.12 points; the chance of so few worlds alone is 0.10
    points.']
    """
    poverty = next(one for one in found.outcomes if one.name == "poverty_rate")
    told = i18n.text(
        "emulator.checked",
        lang,
        packages=found.packages,
        worlds=found.worlds,
        runs=found.runs,
        covered=numbers.percent(_PERCENT * found.covered, lang, 0),
        error=numbers.number(poverty.error, lang, 2),
        luck=numbers.number(poverty.luck, lang, 2),
    )
    return (told, *stale_sentences(found.stale, lang))


def check_table(found: Check, lang: str) -> TextTable:
    """List a check by outcome.

    Parameters
    ----------
    found : Check
        The check.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> from kesos_sim.emulator.checking import Check, Compared
    >>> rate = Compared("poverty_rate", change=0.9, error=0.12, luck=0.1, coverage=0.82)
    >>> found = Check(load_surface(), (), (rate,), 6, 4, 28, covered=0.82, seconds=40.0)
    >>> check_table(found, "en").rows
    (('Poverty rate (P0)', '0.900', '0.120', '0.100', '82%'),)
    """
    fields = ("outcome", "change", "error", "luck", "coverage")
    columns = [
        Column(i18n.text(f"emulator.column_{field}", lang), field != "outcome") for field in fields
    ]
    builder = TableBuilder("emulator_check", i18n.text("emulator.check", lang), columns, fields)
    for one in found.outcomes:
        cells = [
            named(one.name, lang),
            *(written(value, lang) for value in (one.change, one.error, one.luck)),
            numbers.percent(_PERCENT * one.coverage, lang, 0),
        ]
        builder.add(cells, [getattr(one, "name" if f == "outcome" else f) for f in fields])
    return builder.table()


def domain_table(surface: Surface, lang: str) -> TextTable:
    """List what was sampled: outside of it a surface refuses to answer.

    Parameters
    ----------
    surface : Surface
        The surface.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> print(domain_table(load_surface(), "en").title)
    Ranges that were sampled; outside of them there is no answer
    """
    fields = ("lever", "low", "high", "now", "rests")
    columns = [
        Column(i18n.text(f"emulator.column_{field}", lang), field not in {"lever", "rests"})
        for field in fields
    ]
    title = i18n.text("emulator.domain", lang)
    builder = TableBuilder("emulator_domain", title, columns, fields)
    for lever in surface.levers:
        figures = [lever["low"], lever["high"], lever["now"][surface.places[0]]]
        rests = i18n.text(f"emulator.rests_{'yes' if lever['rests'] else 'no'}", lang)
        builder.add(
            [
                LEVERS[lever["name"]].label(lang),
                *(written(figure, lang) for figure in figures),
                rests,
            ],
            [lever["name"], *figures, str(lever["rests"]).lower()],
        )
    return builder.table()


def origin(surface: Surface, lang: str) -> str:
    """Say in one line how a surface was made."""
    made = surface.made
    return i18n.text(
        "emulator.origin",
        lang,
        version=made["version"],
        code=made["code"][:_HASH],
        data=made["data"][:_HASH],
        runs=numbers.number(made["runs"], lang),
        seed=made["seed"],
    )


def written(value: float, lang: str) -> str:
    """Write a figure of any unit with three digits that mean something."""
    if abs(value) >= _BIG:
        return numbers.short(value, lang)
    digits = next((n for n in range(4) if abs(value) * 10**n >= _PERCENT), 4)
    return numbers.number(value, lang, digits)
