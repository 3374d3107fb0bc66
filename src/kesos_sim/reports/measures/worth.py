"""What a rupiah buys, in sentences and as a table."""

from __future__ import annotations

import math
from typing import Final

from kesos_sim.experiments.worth import GAINS, Floats, Line, Worth, interval
from kesos_sim.i18n import numbers
from kesos_sim.reports.context import in_language
from kesos_sim.reports.measures.millions import millions_range, say_millions
from kesos_sim.reports.measures.parts import caveats, column, say
from kesos_sim.reports.tables import TableBuilder, TextTable, known
from kesos_sim.reports.values import range_words, say_money

__all__ = ["amount", "figure", "rests", "sentences", "tables", "title_of"]

_FIRST: Final = "people_out"
_PERCENT: Final = 100.0
_SMALL: Final = 10.0
_UNITS: Final = {"people_out": "persons", "gap_closed": "rupiah", "people_served": "persons"}
_BILLION: Final = 1e9


def title_of(line: Line, lang: str) -> str:
    """Return the name of a candidate on screens."""
    return in_language(line.title, lang)


def rests(line: Line) -> bool:
    """Return whether a candidate rests on what coordination does."""
    return bool(line.without)


def amount(name: str, value: float, lang: str) -> str:
    """Write what a billion rupiah buys.

    Parameters
    ----------
    name : str
        One of `GAINS`.
    value : float
        Persons or rupiah; NaN is missing.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    if not math.isfinite(value):
        return numbers.EN_DASH
    if name == "gap_closed":
        return say_millions(value, lang)
    return numbers.number(value, lang, _decimals(abs(value)))


def figure(name: str, worlds: Floats, lang: str) -> tuple[str, str]:
    """Write what a billion rupiah buys in the first world, and its range, equally exact.

    Parameters
    ----------
    name : str
        One of `GAINS`.
    worlds : float64[n_worlds]
        Persons or rupiah, the world of the scenarios as written first; NaN is missing.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        The range is a dash where there is none to tell.
    """
    value, (low, high) = float(worlds[0]), interval(worlds)
    if not (math.isfinite(low) and math.isfinite(high)):
        return amount(name, value, lang), numbers.EN_DASH
    if name == "gap_closed":
        return amount(name, value, lang), millions_range(low, high, lang) or numbers.EN_DASH
    decimals = _decimals(max(abs(low), abs(high)))
    told = range_words(low, high, lang, "number", decimals) or numbers.EN_DASH
    return numbers.number(value, lang, decimals), told


def _decimals(persons: float) -> int:
    """Return digits after the decimal sign of persons."""
    return 1 if persons < _SMALL else 0


def sentences(found: Worth, lang: str) -> tuple[str, ...]:
    """Say what gives most per rupiah, and where it saturates.

    Parameters
    ----------
    found : Worth
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
    """
    told = []
    ranked = found.ranked(_FIRST)
    base = found.comparisons[0].baseline
    people = base.at("population") / base.scenario.households
    for place, line in enumerate(ranked, start=1):
        told.append(_bought(place, line, people, lang))
        told += _saturation(line, lang)
        if rests(line):
            value = line.without_per_billion(_FIRST)
            served = line.without_per_billion("people_served")
            told.append(
                say(
                    "worth.without_effect",
                    lang,
                    title=title_of(line, lang),
                    people=amount(_FIRST, value, lang),
                    served=amount("people_served", served, lang),
                )
            )
    if len(ranked) > 1:
        told += _overlapping(ranked[0], ranked[1], lang)
    for line in found.lines:
        if not line.costs:
            told.append(say("worth.no_cost", lang, title=title_of(line, lang)))
    worlds = found.lines[0].cost.shape[0]
    told.append(
        say("worth.how", lang, worlds=numbers.number(worlds, lang))
        if worlds > 1
        else say("worth.how_one", lang)
    )
    if any(line.per_billion(name)[0] < 0.0 for line in ranked for name in GAINS):
        told.append(say("worth.minus", lang))
    told.append(say("worth.resolution", lang, people=numbers.number(people, lang)))
    context = found.comparisons[0].context()
    guess = any(rests(line) for line in found.lines)
    return (*told, *caveats(context, lang, coordination=guess))


def _bought(place: int, line: Line, household: float, lang: str) -> str:
    """Say what a billion rupiah of a candidate buys, and whether the model can tell it at all.

    A simulated household stands for so many people; whoever leaves poverty leaves it with them.
    """
    fields: dict[str, str] = {}
    for name in GAINS:
        fields[name], found = figure(name, line.per_billion(name), lang)
        told = found != numbers.EN_DASH
        fields[f"{name}_range"] = say("worth.bought_range", lang, range=found) if told else ""
    if not any(fields[f"{name}_range"] for name in GAINS):
        fields[f"{GAINS[-1]}_range"] = say("worth.bought_no_range", lang)
    cost = float(line.cost[0, -1])
    moved = abs(float(line.per_billion(_FIRST)[0])) * cost / _BILLION
    return say(
        "worth.bought",
        lang,
        place=str(place),
        title=title_of(line, lang),
        cost=say_money(cost, lang),
        unread=say("worth.unread", lang) if moved < household else "",
        **fields,
    )


def _saturation(line: Line, lang: str) -> list[str]:
    """Say from which strength on the next rupiah gives less than half of the first."""
    if len(line.strengths) < 2:  # noqa: PLR2004  # nothing to compare
        return []
    stuck = line.stalls()
    if stuck is not None:
        strength = numbers.percent(_PERCENT * line.strengths[stuck], lang, 0)
        return [say("worth.stalls", lang, title=title_of(line, lang), strength=strength)]
    if not line.starts(_FIRST):
        return [say("worth.nothing_first", lang, title=title_of(line, lang))]
    step = line.saturates(_FIRST)
    if step is None:
        return [say("worth.no_saturation", lang, title=title_of(line, lang))]
    return [
        say(
            "worth.saturates",
            lang,
            title=title_of(line, lang),
            strength=numbers.percent(_PERCENT * line.strengths[step], lang, 0),
            agreeing=numbers.number(line.agreeing(_FIRST, step), lang),
            worlds=numbers.number(line.cost.shape[0], lang),
        )
    ]


def _overlapping(first: Line, second: Line, lang: str) -> list[str]:
    """Say that the order of the first two is not sure, where a paired difference reaches zero."""
    change = first.per_billion(_FIRST) - second.per_billion(_FIRST)
    low, high = interval(change)
    if not low <= 0.0 <= high:
        return []
    names = {"first": title_of(first, lang), "second": title_of(second, lang)}
    return [say("worth.order_unsure", lang, **names)]


def tables(found: Worth, lang: str) -> tuple[TextTable, ...]:
    """List every strength of every candidate.

    Parameters
    ----------
    found : Worth
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of TextTable
    """
    builder = TableBuilder(
        "worth",
        say("worth.table_title", lang),
        [
            column("candidate", lang, numeric=False),
            column("strength", lang, unit="share of full strength"),
            column("cost", lang, unit="rupiah"),
            *(
                column(part, lang, unit=_UNITS[name])
                for name in GAINS
                for part in (name, "range", f"next_{name}")
            ),
            column("without_effect", lang, unit="persons"),
        ],
        (
            "candidate",
            "strength",
            "cost",
            *(
                part
                for name in GAINS
                for part in (name, f"{name}_low", f"{name}_high", f"next_{name}")
            ),
            "people_out_without_effect",
        ),
    )
    for line in found.lines:
        for step, strength in enumerate(line.strengths):
            _row(builder, line, step, strength, lang)
    return (builder.table(),)


def _row(builder: TableBuilder, line: Line, step: int, strength: float, lang: str) -> None:
    """Add a strength of a candidate."""
    words = [
        title_of(line, lang),
        numbers.percent(_PERCENT * strength, lang, 0),
        say_money(float(line.cost[0, step]), lang),
    ]
    values: list[str | float | None] = [line.candidate, strength, float(line.cost[0, step])]
    for name in GAINS:
        worlds = line.per_billion(name, step)
        low, high = interval(worlds)
        following = float(line.marginal(name)[0, step])
        words += [
            *figure(name, worlds, lang),
            amount(name, following, lang),
        ]
        values += [known(one) for one in (float(worlds[0]), low, high, following)]
    idle = line.without_per_billion(_FIRST, step)
    words.append(amount(_FIRST, idle, lang))
    values.append(known(idle))
    builder.add(words, values)
