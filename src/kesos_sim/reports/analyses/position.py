"""Relative position: where a region stands among its peers."""

from __future__ import annotations

import math

from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.reports.analyses.analysis import Analysis
from kesos_sim.reports.analyses.bars import Bar, Limit, bars
from kesos_sim.reports.analyses.calculations import least_clear, rank
from kesos_sim.reports.analyses.figures import (
    PUBLISHED,
    Figure,
    Figures,
    Place,
    missing,
    place_of,
    short_name,
    sources,
)
from kesos_sim.reports.analyses.measures import Measure, measure_of
from kesos_sim.reports.analyses.own import marked
from kesos_sim.reports.analyses.parts import column, finished, irregular, listed, tell
from kesos_sim.reports.charts import style
from kesos_sim.reports.tables import TableBuilder, TextTable

__all__ = ["position"]

_DASHES = {1: (0, (5, 2)), 2: (0, (1, 1.5))}


def position(
    region: str | int,
    measure: str = "poverty_rate",
    lang: str = "id",
    *,
    year: int | None = None,
    figures: Figures = PUBLISHED,
) -> Analysis:
    """Show where a region stands: a province among provinces, a district in its province.

    Parameters
    ----------
    region : str or int
        Code or name of a province or district.
    measure : str
        One of `kesos_sim.reports.analyses.MEASURES`.
    lang : str
        ``id`` or ``en``.
    year : int, optional
        The latest year with a figure of the region when left out.
    figures : Figures
        The published ones unless a user's own are added.

    Returns
    -------
    Analysis
        Sorted bars with the lines of what the region is a part of, and its rank.

    Raises
    ------
    InputError
        If there is no such region, measure or figure.

    Examples
    --------
    >>> print(position("3316", "poverty_rate", "en", year=2024).charts[0].title)
    Poverty rate (P0) of Kabupaten Blora is 11.42% in March 2024: number 13 of 35 districts
    of Central Java, counted from the highest
    """
    place, chosen = place_of(region), measure_of(measure)
    own = figures.of(chosen, place.code)
    when = year if year is not None else max(own, default=0)
    if when not in own:
        raise missing(chosen, place, own, 1)
    peers = place.peers(when)
    known = figures.values(chosen, peers, when)
    above = figures.values(chosen, place.above, when)
    order = sorted(known, key=lambda code: (-known[code].value, code))
    absent = [code for code in peers if code not in known]
    found = rank({code: figure.value for code, figure in known.items()}, place.code)
    words = {
        "measure": chosen.label(lang),
        "region": place.name(lang),
        "value": chosen.say(own[when].value, lang),
        "period": chosen.period(when, lang),
        "place": str(found.place),
        "count": str(found.of),
        "peers": _peers(place, lang),
    }
    title = tell("position.title", lang, **words)
    table = _table(title, chosen, (order, absent), (known, above), place, lang)
    rows = [
        Bar(
            short_name(code, lang),
            known[code].value,
            chosen.cell(known[code].value, lang),
            own=code == place.code,
            marked=known[code].own,
        )
        for code in order
    ]
    lines = "; ".join(f"{row.name} {row.words}" for row in rows)
    chart = finished(
        f"position_{chosen.name}_{place.code:02d}",
        lang,
        {
            "title": title,
            "note": " ".join(
                [
                    tell("position.note", lang, unit=chosen.unit(lang), **words),
                    *marked([known.values()], lang),
                ]
            ),
            "alt": tell("position.alt", lang, lines=lines, **words),
            "source": sources({chosen.name: {when: [*known.values(), *above.values()]}}, lang),
        },
        table,
        bars(rows, _limits(chosen, above, lang), lang),
    )
    said = [
        *_beside(chosen, own[when].value, above, lang),
        *_apart(figures, chosen, place, known, lang),
        tell("position.complete", lang, **words)
        if not absent
        else tell("position.absent", lang, absent=listed(absent, lang), **words),
    ]
    return Analysis("position", lang, place, tuple(said), (chart,))


def _peers(place: Place, lang: str) -> str:
    """Name the peers of a region."""
    if place.level == "province":
        return tell("peers.provinces", lang)
    return tell("peers.districts", lang, province=Place(place.parent, "province").name(lang))


def _limits(measure: Measure, above: dict[int, Figure], lang: str) -> list[Limit]:
    """Return the lines of the province and the nation; a count has none."""
    if measure.counts:
        return []
    found = []
    for code, figure in above.items():
        depth = 2 if code == 0 else 1
        colour = style.INK if code == 0 else style.PACKAGES[1]
        words = f"{short_name(code, lang)} {measure.cell(figure.value, lang)}"
        found.append(Limit(figure.value, words, _DASHES[depth], colour))
    return found


def _beside(measure: Measure, own: float, above: dict[int, Figure], lang: str) -> list[str]:
    """Compare the region with what it is a part of."""
    said = []
    for code, figure in above.items():
        words = {"other": short_name(code, lang), "value": measure.say(figure.value, lang)}
        if measure.counts:
            share = numbers.percent(100.0 * own / figure.value, lang)
            said.append(tell("position.share", lang, share=share, **words))
            continue
        difference = own - figure.value
        key = "above" if difference > 0 else "below"
        if abs(difference) < 0.5 * 10.0**-measure.definition.decimals:
            key = "same"
        size = measure.size(difference, lang)
        said.append(tell(f"position.{key}", lang, size=size, **words))
    return said


def _apart(
    figures: Figures, measure: Measure, place: Place, known: dict[int, Figure], lang: str
) -> list[str]:
    """Say from how many peers a survey cannot tell the region."""
    relative = irregular(figures, measure, place)
    if math.isnan(relative):
        return []
    own = known[place.code].value
    close = [
        code
        for code, figure in known.items()
        if code != place.code
        and abs(figure.value - own) <= least_clear(figure.value, own, relative)
    ]
    if not close:
        return [tell("position.clear", lang)]
    return [tell("position.close", lang, count=str(len(close)), names=listed(close, lang))]


def _table(
    title: str,
    measure: Measure,
    codes: tuple[list[int], list[int]],
    figures: tuple[dict[int, Figure], dict[int, Figure]],
    place: Place,
    lang: str,
) -> TextTable:
    """List all peers, then what the region is a part of."""
    (order, absent), (known, above) = codes, figures
    columns = [
        column("rank", lang),
        column("code", lang, numeric=False),
        column("region", lang, numeric=False),
        column("value", lang),
        column("quality", lang, numeric=False),
    ]
    fields = ("rank", "code", "region", "value", "quality")
    name = f"position_{measure.name}_{place.code:02d}"
    builder = TableBuilder(name, title, columns, fields, unit=measure.unit(lang))
    ranked = {code: figure.value for code, figure in known.items()}
    for code in [*order, *absent, *above]:
        figure = known.get(code) or above.get(code)
        at = rank(ranked, code).place if code in known else None
        value = math.nan if figure is None else figure.value
        quality = "missing" if figure is None else figure.quality
        name = short_name(code, lang)
        builder.add(
            (
                numbers.EN_DASH if at is None else str(at),
                f"{code:02d}",
                name,
                measure.cell(value, lang),
                word("quality", quality, lang),
            ),
            (at, f"{code:02d}", name, None if figure is None else value, quality),
        )
    return builder.table()
