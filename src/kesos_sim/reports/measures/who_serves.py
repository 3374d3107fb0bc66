"""Who serves whom, in sentences and as tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim import i18n
from kesos_sim.data.regions import region_name
from kesos_sim.experiments.who_serves import GROUPS, NEIGHBOURS, PAYERS, Map, WhoServes, distinct
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import programme_label
from kesos_sim.population.needs import KINDS
from kesos_sim.reports.measures.parts import caveats, column, say
from kesos_sim.reports.tables import TableBuilder, TextTable, known
from kesos_sim.units import Month

__all__ = ["gap_table", "need", "provider", "sentences", "tables", "worlds"]

_GAPS: Final = 15
_PERCENT: Final = 100.0
_OWN: Final = frozenset({*GROUPS, NEIGHBOURS})


def provider(name: str, found: WhoServes, lang: str) -> str:
    """Name a provider; a scenario's own programme has its title."""
    if name in _OWN:
        return say(f"provider.{name}", lang)
    for programme in found.comparison.alternatives[0].scenario.programmes:
        if programme.name == name:
            return programme.label(lang)
    return programme_label(name.lower(), lang)


def need(kind: str, lang: str) -> str:
    """Name a kind of need."""
    return i18n.text(f"explain.need.{kind}", lang)


def worlds(found: WhoServes) -> tuple[tuple[str, Map], ...]:
    """Return the maps by name: without and with the package, and the same without effect."""
    both = (("without", found.baseline), ("with", found.package))
    if found.without_effect is None:
        return both
    idle = zip(("without_idle", "with_idle"), found.without_effect, strict=True)
    return (*both, *idle)


def sentences(found: WhoServes, lang: str) -> tuple[str, ...]:
    """Say who serves whom, what is doubled, and where nobody comes.

    Parameters
    ----------
    found : WhoServes
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
    """
    comparison = found.comparison
    context = comparison.context()
    package = comparison.alternatives[0]
    title = context.title(package.scenario.name, lang)
    month = numbers.month_name(Month.parse(package.months[-1]), lang)
    before, after = distinct(found.baseline), distinct(found.package)
    told = [
        say(
            "serves.all",
            lang,
            month=month,
            in_need=numbers.people(before["in_need"], lang),
            served=numbers.people(before["served"], lang),
            share=numbers.percent(_share(before["served"], before["in_need"]), lang),
            doubled=numbers.percent(_doubled(before), lang),
        ),
        say(
            "serves.package",
            lang,
            title=title,
            served=numbers.people(after["served"], lang),
            change=numbers.number(after["served"] - before["served"], lang, signed=True),
            doubled=numbers.percent(_doubled(after), lang),
        ),
    ]
    if found.without_effect is not None:
        usual, moved = (distinct(one) for one in found.without_effect)
        change = moved["served"] - usual["served"]
        told.append(
            say(
                "serves.without_effect",
                lang,
                served=numbers.people(moved["served"], lang),
                change=numbers.number(change, lang, signed=True),
                doubled=numbers.percent(_doubled(moved), lang),
                usual=numbers.percent(_doubled(usual), lang),
            )
        )
    told += _both(found, lang)
    told += _where(found.package, title, lang)
    told += _who_pays(found.package, lang)
    told += [say("serves.members", lang), say("serves.unknown", lang)]
    guess = found.without_effect is not None
    return (*told, *caveats(context, lang, coordination=guess))


def _share(part: float, whole: float) -> float:
    """Return a percentage, 0 of nothing."""
    return _PERCENT * part / whole if whole > 0.0 else 0.0


def _doubled(people: Mapping[str, float]) -> float:
    """Return places beyond the first of each served person, percent of the served."""
    return _share(people["places"] - people["served"], people["served"])


def _both(found: WhoServes, lang: str) -> list[str]:
    """Say which two providers overlap most, organisations with others."""
    shares = found.baseline.shares.copy()
    names = found.baseline.providers
    here = [place for place, name in enumerate(names) if name in GROUPS]
    there = [place for place in range(len(names)) if place not in here]
    inside = shares[np.ix_(here, there)]
    if not np.isfinite(inside).any():
        return []
    row, col = divmod(int(np.nanargmax(inside)), len(there))
    first, second = names[here[row]], names[there[col]]
    return [
        say(
            "serves.both",
            lang,
            first=provider(first, found, lang),
            second=provider(second, found, lang),
            share=numbers.percent(float(inside[row, col]), lang, 0),
        )
    ]


def _where(found: Map, title: str, lang: str) -> list[str]:
    """Say where most people are in need and nobody comes."""
    gaps = found.gaps(3)
    items = "; ".join(
        say(
            "serves.gap",
            lang,
            need=need(kind, lang),
            place=region_name(code, lang),
            people=numbers.people(people, lang),
            share=numbers.percent(share, lang, 0),
        )
        for code, kind, people, share in gaps
    )
    return [say("serves.gaps", lang, title=title, items=items)] if gaps else []


def _who_pays(found: Map, lang: str) -> list[str]:
    """Say whose money pays for most places."""
    total = found.paid.sum(axis=1)
    if not total.sum() > 0.0:
        return []
    order = np.argsort(-total, kind="stable")[:3]
    items = "; ".join(
        say(
            "serves.payer",
            lang,
            payer=say(f"fund.{PAYERS[place]}", lang),
            share=numbers.percent(_share(float(total[place]), float(total.sum())), lang, 0),
        )
        for place in order.tolist()
    )
    return [say("serves.payers", lang, items=items)]


def tables(found: WhoServes, lang: str) -> tuple[TextTable, ...]:
    """List providers by need, who pays, overlap and gaps.

    Parameters
    ----------
    found : WhoServes
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of TextTable
    """
    providers = [provider(name, found, lang) for name in found.package.providers]
    payers = [say(f"fund.{name}", lang) for name in PAYERS]
    return (
        _matrix(found, "reach", (providers, found.package.providers), lang),
        _matrix(found, "paid", (payers, PAYERS), lang),
        overlap_table(found, lang),
        gap_table(found, lang),
    )


def _matrix(
    found: WhoServes, name: str, rows: tuple[Sequence[str], Sequence[str]], lang: str
) -> TextTable:
    """List persons by provider or payer and need, in every world, with all who are served."""
    builder = TableBuilder(
        name,
        say(f"serves.{name}_title", lang),
        [
            column("world", lang, numeric=False),
            column(name, lang, numeric=False),
            *(column("plain", lang, unit="persons", words=need(kind, lang)) for kind in KINDS),
            column("total", lang, unit="persons"),
        ],
        ("world", name, *KINDS, "total"),
    )
    for world, own in worlds(found):
        lines: list[tuple[str, str, NDArray[np.float64]]] = [
            (words, code, values)
            for words, code, values in zip(*rows, getattr(own, name), strict=True)
        ]
        margin = "served" if name == "reach" else "places"
        for extra in (margin, "in_need"):
            total = getattr(own, extra).sum(axis=0)
            lines.append((say(f"serves.row_{extra}", lang), extra, total))
        for words, code, values in lines:
            cells = [float(one) for one in values]
            whole = sum(cells)
            builder.add(
                [
                    say(f"world.{world}", lang),
                    words,
                    *(numbers.number(one, lang) for one in cells),
                    numbers.number(whole, lang),
                ],
                [world, code, *cells, whole],
            )
    return builder.table()


def overlap_table(found: WhoServes, lang: str) -> TextTable:
    """List how many of those whom a provider reaches others reach too, in every world."""
    names = [provider(name, found, lang) for name in found.package.providers]
    builder = TableBuilder(
        "overlap",
        say("serves.overlap_title", lang),
        [
            column("world", lang, numeric=False),
            column("reach", lang, numeric=False),
            column("total", lang, unit="persons"),
            *(column("also", lang, unit="percent", words=words) for words in names),
        ],
        ("world", "provider", "total", *found.package.providers),
    )
    for world, own in worlds(found):
        for words, code, total, row in zip(
            names, own.providers, own.total, own.shares, strict=True
        ):
            cells = [float(one) for one in row]
            builder.add(
                [
                    say(f"world.{world}", lang),
                    words,
                    numbers.number(float(total), lang),
                    *(
                        numbers.percent(one, lang) if math.isfinite(one) else numbers.EN_DASH
                        for one in cells
                    ),
                ],
                [world, code, float(total), *map(known, cells)],
            )
    return builder.table()


def gap_table(
    found: WhoServes,
    lang: str,
    district: int | None = None,
    kind: str | None = None,
    most: int = _GAPS,
) -> TextTable:
    """List needs and districts with most people whom nobody serves, in every world.

    Parameters
    ----------
    found : WhoServes
        What was found.
    lang : str
        ``id`` or ``en``.
    district : int, optional
        BPS code of the only district to list.
    kind : str, optional
        The only need to list.
    most : int
        Rows at most.

    Returns
    -------
    TextTable
        Those with most people unserved with the package first; no row where nobody is unserved.
    """
    maps = worlds(found)
    names = [f"unmet_{world}" for world, _ in maps]
    builder = TableBuilder(
        "gaps",
        say("serves.gaps_title", lang),
        [
            column("district", lang, numeric=False),
            column("need", lang, numeric=False),
            *(column(name, lang, unit="persons") for name in names),
            column("unmet_share", lang, unit="percent"),
        ],
        ("district", "need", *names, "percent_of_need"),
    )
    listed = [
        one
        for one in found.package.gaps(found.package.unmet.size)
        if district in (None, one[0]) and kind in (None, one[1])
    ]
    for code, one, _, share in listed[:most]:
        # Every map is of the same districts and needs.
        cell = found.package.districts.index(code), KINDS.index(one)
        unmet = [float(own.unmet[cell]) for _, own in maps]
        builder.add(
            [
                region_name(code, lang),
                need(one, lang),
                *(numbers.number(people, lang) for people in unmet),
                numbers.percent(share, lang),
            ],
            [code, one, *unmet, share],
        )
    return builder.table()
