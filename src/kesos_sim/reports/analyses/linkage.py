"""Linkage: which supporting measures move with the main one, over years and across peers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers
from kesos_sim.reports.analyses.analysis import Analysis
from kesos_sim.reports.analyses.diagram import Edge, diagram
from kesos_sim.reports.analyses.figures import (
    PUBLISHED,
    Figure,
    Figures,
    Place,
    moved,
    place_of,
    sources,
)
from kesos_sim.reports.analyses.links import LEAST_LINKED, Link, holm, link
from kesos_sim.reports.analyses.measures import MEASURES, Measure, measure_of
from kesos_sim.reports.analyses.own import named
from kesos_sim.reports.analyses.parts import column, finished, tell, values
from kesos_sim.reports.tables import TableBuilder, TextTable, known

__all__ = ["linkage"]

_SIGNIFICANT: Final = 0.05
_WAYS: Final = ("peers", "years")


@dataclass(frozen=True)
class _Linked:
    """A supporting measure and its links to the main one, with corrected chances."""

    measure: Measure
    links: dict[str, Link]
    corrected: dict[str, float]
    year: int

    def claimed(self, way: str) -> bool:
        """Whether something may be said about a link."""
        return self.corrected[way] < _SIGNIFICANT


def linkage(
    region: str | int,
    measure: str = "poverty_rate",
    lang: str = "id",
    *,
    supports: Sequence[str] | None = None,
    figures: Figures = PUBLISHED,
) -> Analysis:
    """Show which measures move together with the main one.

    Across peers the levels of one year are compared, over years the changes from year to year,
    because two levels that both have a trend always look linked.

    Parameters
    ----------
    region : str or int
        Code or name of Indonesia (compared across its provinces), a province or a district.
    measure : str
        The main measure.
    lang : str
        ``id`` or ``en``.
    supports : sequence of str, optional
        The supporting measures; all others that are not computed from the main one when left out.
    figures : Figures
        The published ones unless a user's own are added.

    Returns
    -------
    Analysis
        A diagram of links with number of pairs, interval and chance, and a caution on cause.

    Raises
    ------
    InputError
        If there is no such region or measure, or no supporting measure has figures for it.

    Examples
    --------
    >>> print(linkage("33", lang="en", supports=["gini"]).sentences[1])
    A link is not a cause. A third thing may move both, or the cause may run the other way.
    Values of p are corrected after Holm because several links are tested at once (2).
    """
    place = place_of(region, ("nation", "province", "district"))
    main = measure_of(measure)
    chosen = (
        [measure_of(name) for name in supports]
        if supports is not None
        else [one for name, one in MEASURES.items() if name not in {main.name, *main.parts}]
    )
    found = _links(figures, main, [one for one in chosen if one.name != main.name], place)
    if not found:
        raise InputError(
            "KS7011",
            "analyses.no_support",
            field="supports",
            got=", ".join(one.name for one in chosen),
            expected=", ".join(name for name in MEASURES if name != main.name),
            region=place.name(lang),
        )
    said, claims = [], 0
    for one in found:
        for way in _WAYS:
            if one.claimed(way):
                claims += 1
                said.append(_claim(one, way, main, place, lang))
    words = {
        "main": main.label(lang),
        "inside": main.label_inside(lang),
        "region": place.name(lang),
        "claims": str(claims),
        "asked": str(sum(not math.isnan(p) for one in found for p in one.corrected.values())),
        "least": str(LEAST_LINKED),
        "peers": _peers(place, lang),
    }
    title = tell("linkage.title" if claims else "linkage.title_none", lang, **words)
    lines = "; ".join(
        f"{one.measure.label(lang)}: "
        + ", ".join(f"{tell(f'linkage.{way}', lang)} {_short(one, way, lang)}" for way in _WAYS)
        for one in found
    )
    few = [one for one in found if all(math.isnan(p) for p in one.corrected.values())]
    if few:
        said.append(
            tell(
                "linkage.few",
                lang,
                names=", ".join(o.measure.label_inside(lang) for o in few),
                **words,
            )
        )
    kin = [one for one in found if one.measure.name in main.parts]
    if kin:
        said.append(
            tell(
                "linkage.kin",
                lang,
                names=", ".join(o.measure.label_inside(lang) for o in kin),
                **words,
            )
        )
    said.append(tell("linkage.caution", lang, **words))
    used = _used(figures, main, found, place)
    mine = sorted(
        {region for name, region, _ in figures.own if name in used}
        & {place.code, *_codes(place, 2024)}
    )
    chart = finished(
        f"linkage_{main.name}_{place.code:02d}",
        lang,
        {
            "title": title,
            "note": " ".join([tell("linkage.note", lang, **words), *named(mine, lang)]),
            "alt": tell("linkage.alt", lang, lines=lines, **words),
            "source": sources(used, lang),
        },
        _table(title, found, main, place, lang),
        diagram(
            [[_edge(one, way, lang) for one in found] for way in _WAYS], main.label(lang), lang
        ),
    )
    return Analysis("linkage", lang, place, tuple(said), (chart,))


def _peers(place: Place, lang: str) -> str:
    if place.level == "district":
        return tell("peers.districts", lang, province=Place(place.parent, "province").name(lang))
    return tell("peers.provinces", lang)


def _links(
    figures: Figures, main: Measure, chosen: Sequence[Measure], place: Place
) -> list[_Linked]:
    """Return the links of every supporting measure that has any figures in common."""
    found: list[tuple[Measure, dict[str, Link], int]] = []
    for one in chosen:
        across, year = _across(figures, main, one, place)
        over = _over(figures, main, one, place)
        if max(across.n, over.n) > 1:
            found.append((one, {"peers": across, "years": over}, year))
    corrected = {way: holm([links[way].p for _, links, _ in found]) for way in _WAYS}
    return [
        _Linked(one, links, {way: corrected[way][row] for way in _WAYS}, year)
        for row, (one, links, year) in enumerate(found)
    ]


def _codes(place: Place, year: int) -> tuple[int, ...]:
    return place.parts(year) if place.level == "nation" else place.peers(year)


def _across(figures: Figures, main: Measure, other: Measure, place: Place) -> tuple[Link, int]:
    """Compare levels across peers in the last year for which most of them have both."""
    best: tuple[int, int] = (0, 0)
    pairs: dict[int, list[tuple[float, float]]] = {}
    years = {y for code in _codes(place, 2024) for y in figures.of(other, code)}
    for year in sorted(years):
        codes = _codes(place, year)
        own, beside = figures.values(main, codes, year), figures.values(other, codes, year)
        both = [code for code in codes if code in own and code in beside]
        pairs[year] = [(own[code].value, beside[code].value) for code in both]
        if len(both) > 1 and 10 * len(both) >= 9 * best[0]:
            best = (max(len(both), best[0]), year)
    chosen = pairs.get(best[1], [])
    return link([a for a, _ in chosen], [b for _, b in chosen]), best[1]


def _over(figures: Figures, main: Measure, other: Measure, place: Place) -> Link:
    """Compare changes from one year to the next in the region itself."""
    own, beside = (values(figures.of(one, place.code)) for one in (main, other))
    years = [
        year
        for year in own
        if all(y in series for y in (year - 1, year) for series in (own, beside))
        and not any(moved(one, place.code, year - 1, year) for one in (main, other))
    ]
    return link(
        [own[year] - own[year - 1] for year in years],
        [beside[year] - beside[year - 1] for year in years],
    )


def _claim(one: _Linked, way: str, main: Measure, place: Place, lang: str) -> str:
    """Say what may be said about a link."""
    found = one.links[way]
    sign = "together" if found.rho > 0.0 else "against"
    return tell(
        f"linkage.{way}_{sign}",
        lang,
        other=one.measure.label_inside(lang),
        inside=main.label_inside(lang),
        region=place.name(lang),
        peers=_peers(place, lang),
        year=str(one.year),
        rho=numbers.number(found.rho, lang, 2),
        interval=_interval(found, lang),
        n=str(found.n),
        p=_chance(one.corrected[way], lang),
    )


def _interval(found: Link, lang: str) -> str:
    return numbers.interval(found.low, found.high, lang, "number", 2)


def _chance(p: float, lang: str) -> str:
    """Write a chance; very small ones as below a thousandth."""
    smallest = 0.001
    if p < smallest:
        return f"<{numbers.number(smallest, lang, 3)}"
    return numbers.number(p, lang, 3)


def _short(one: _Linked, way: str, lang: str) -> str:
    """Write a link in a few words: strength and pairs, or why there is none."""
    found = one.links[way]
    if found.n < LEAST_LINKED:
        return tell("linkage.too_few", lang, n=str(found.n))
    if math.isnan(found.rho):
        return tell("linkage.same_values", lang)
    key = "claimed" if one.claimed(way) else "unclear"
    rho = numbers.number(found.rho, lang, 2, signed=True)
    return tell(f"linkage.{key}", lang, rho=rho, n=str(found.n))


def _edge(one: _Linked, way: str, lang: str) -> Edge:
    """Return a link as the diagram draws it."""
    rho = one.links[way].rho if one.claimed(way) else math.nan
    return Edge(one.measure.label(lang), _short(one, way, lang), rho)


def _used(
    figures: Figures, main: Measure, found: Sequence[_Linked], place: Place
) -> dict[str, dict[int, list[Figure]]]:
    """Return the figures of all measures by year."""
    used: dict[str, dict[int, list[Figure]]] = {}
    for one in (main, *(linked.measure for linked in found)):
        own = {year: [figure] for year, figure in figures.of(one, place.code).items()}
        years = {linked.year for linked in found if linked.year}
        for year in years:
            others = list(figures.values(one, _codes(place, year), year).values())
            own[year] = [*own.get(year, []), *others]
        used[one.name] = own
    return used


def _table(
    title: str, found: Sequence[_Linked], main: Measure, place: Place, lang: str
) -> TextTable:
    """List every link that was looked at."""
    columns = [
        column("support", lang, numeric=False),
        column("way", lang, numeric=False),
        column("link_year", lang),
        column("pairs", lang),
        column("rho", lang),
        column("interval", lang),
        column("p", lang),
        column("p_holm", lang),
        column("verdict", lang, numeric=False),
    ]
    fields = ("support", "way", "year", "n", "rho", "low", "high", "p", "p_holm", "verdict")
    builder = TableBuilder(f"linkage_{main.name}_{place.code:02d}", title, columns, fields)
    for one in found:
        for way in _WAYS:
            own, corrected = one.links[way], one.corrected[way]
            open_ = math.isnan(corrected)
            verdict = "few" if open_ else "claimed" if one.claimed(way) else "unclear"
            year = one.year if way == "peers" and one.year else None
            builder.add(
                (
                    one.measure.label(lang),
                    tell(f"linkage.{way}", lang),
                    numbers.EN_DASH if year is None else str(year),
                    str(own.n),
                    numbers.EN_DASH if open_ else numbers.number(own.rho, lang, 2),
                    numbers.EN_DASH if open_ else _interval(own, lang),
                    numbers.EN_DASH if open_ else _chance(own.p, lang),
                    numbers.EN_DASH if open_ else _chance(corrected, lang),
                    tell(f"linkage.verdict_{verdict}", lang),
                ),
                (
                    one.measure.name,
                    way,
                    year,
                    own.n,
                    *(
                        None if open_ else known(one)
                        for one in (own.rho, own.low, own.high, own.p, corrected)
                    ),
                    verdict,
                ),
            )
    return builder.table()
