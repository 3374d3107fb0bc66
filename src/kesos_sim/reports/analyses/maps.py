"""Maps of the provinces: equal tiles with their values, and outlines where they are free."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kesos_sim.data.regions import (
    Region,
    expand_region,
    mpu_provinces,
    province_codes,
    province_of,
)
from kesos_sim.errors import InputError
from kesos_sim.i18n.vocabulary import word
from kesos_sim.reports.analyses.analysis import Analysis
from kesos_sim.reports.analyses.figures import (
    PUBLISHED,
    Figures,
    Place,
    missing,
    short_name,
    sources,
)
from kesos_sim.reports.analyses.measures import measure_of
from kesos_sim.reports.analyses.outlines import drawn_outlines, outlines
from kesos_sim.reports.analyses.own import named
from kesos_sim.reports.analyses.parts import Drawing, column, finished, listed, tell
from kesos_sim.reports.analyses.shading import CLASSES, Scope, Shown
from kesos_sim.reports.analyses.tiles import LAYOUTS, tiles
from kesos_sim.reports.tables import TableBuilder, TextTable, known

__all__ = ["outline_map", "tile_map"]


def tile_map(
    scope: Scope = "mpu",
    measure: str = "poverty_rate",
    lang: str = "id",
    *,
    region: Region | None = None,
    year: int | None = None,
    figures: Figures = PUBLISHED,
) -> Analysis:
    """Show the provinces as tiles of equal size, each with its value.

    Parameters
    ----------
    scope : {"mpu", "indonesia"}
        The ten provinces of Mitra Praja Utama, or all 38.
    measure : str
        One of `kesos_sim.reports.analyses.MEASURES`.
    lang : str
        ``id`` or ``en``.
    region : int or str, optional
        Region of which the provinces get a thick frame.
    year : int, optional
        The latest year that most provinces have when left out.
    figures : Figures
        The published ones unless a user's own are added.

    Returns
    -------
    Analysis
        Tiles roughly where the provinces are.

    Raises
    ------
    InputError
        If there is no such scope, measure or region, or no province has a figure.

    Examples
    --------
    >>> print(tile_map("mpu", "poverty_rate", "en", year=2024).charts[0].title)
    Poverty rate (P0) in the ten provinces of Mitra Praja Utama: highest in East Nusa
    Tenggara (19.48%), lowest in Bali (4.00%), March 2024
    """
    shown = _shown(scope, measure, year, figures)
    if region is not None:
        own = {province_of(code, shown.year) for code in expand_region(region, shown.year)}
        marked = tuple(code for code in shown.codes if code in own)
        shown = replace(shown, marked=marked if len(marked) < len(shown.codes) else ())
    return _mapped("tile_map", shown, figures, lang, tiles(shown, lang))


def outline_map(
    measure: str = "poverty_rate",
    lang: str = "id",
    *,
    year: int | None = None,
    figures: Figures = PUBLISHED,
) -> Analysis:
    """Show the provinces by their outlines; large empty provinces stand out, so tiles come first.

    Parameters
    ----------
    measure : str
        One of `kesos_sim.reports.analyses.MEASURES`.
    lang : str
        ``id`` or ``en``.
    year : int, optional
        The latest year that most provinces have when left out.
    figures : Figures
        The published ones unless a user's own are added.

    Returns
    -------
    Analysis
        Outlines of 33 provinces; the chart says which have none.

    Raises
    ------
    InputError
        If there is no such measure, or no province has a figure.
    """
    shown = _shown("indonesia", measure, year, figures)
    return _mapped("outline_map", shown, figures, lang, drawn_outlines(shown, lang))


def _shown(scope: Scope, name: str, year: int | None, figures: Figures) -> Shown:
    """Gather the values and divide them into five classes of as many provinces each."""
    if scope not in LAYOUTS:
        raise InputError(
            "KS7012", "analyses.unknown_scope", field="scope", got=scope, expected="mpu, indonesia"
        )
    measure = measure_of(name)

    def codes(when: int) -> tuple[int, ...]:
        return mpu_provinces() if scope == "mpu" else province_codes(when)

    counts = {
        when: sum(when in figures.of(measure, code) for code in codes(when))
        for when in figures.of(measure, 0)
    }
    usual = [when for when, count in counts.items() if 2 * count >= max(counts.values())]
    chosen = year if year is not None else max(usual, default=0)
    found = figures.values(measure, codes(chosen), chosen)
    if not found:
        raise missing(measure, Place(0, "nation"), usual, 1)
    values = np.array([figure.value for figure in found.values()])
    inner = np.quantile(values, np.linspace(0.0, 1.0, len(CLASSES) + 1)[1:-1])
    ends = tuple(dict.fromkeys(float(round(end, measure.definition.decimals)) for end in inner))
    return Shown(measure, chosen, scope, codes(chosen), found, ends)


def _mapped(kind: str, shown: Shown, figures: Figures, lang: str, drawing: Drawing) -> Analysis:
    """Put a map together."""
    measure, found = shown.measure, shown.known
    order = sorted(found, key=lambda code: (-found[code].value, code))
    scope = tell(f"maps.{shown.scope}", lang)
    words = {
        "measure": measure.label(lang),
        "scope": scope,
        "period": measure.period(shown.year, lang),
        "high": short_name(order[0], lang),
        "high_value": measure.say(found[order[0]].value, lang),
        "low": short_name(order[-1], lang),
        "low_value": measure.say(found[order[-1]].value, lang),
    }
    title = tell("maps.title", lang, **words)
    without = [code for code in shown.codes if code not in found]
    unshaped = [c for c in found if c not in outlines()] if kind == "outline_map" else []
    notes = [tell(f"maps.note_{kind}", lang, unit=measure.unit(lang), **words)]
    if shown.marked:
        notes.append(tell("maps.marked", lang, names=listed(shown.marked, lang)))
    notes += named((code for code in order if found[code].own), lang)
    if unshaped:
        notes.append(tell("maps.unshaped", lang, names=listed(unshaped, lang)))
    lines = "; ".join(
        f"{short_name(code, lang)} {measure.cell(found[code].value, lang)}" for code in order
    )
    more = (tell("maps.outline_source", lang),) if kind == "outline_map" else ()
    used = {measure.name: {shown.year: list(found.values())}}
    name = f"{kind}_{shown.scope}_{measure.name}"
    chart = finished(
        name,
        lang,
        {
            "title": title,
            "note": " ".join(notes),
            "alt": tell("maps.alt", lang, lines=lines, **words),
            "source": sources(used, lang, *more),
        },
        _table(title, name, shown, [*order, *without], lang),
        drawing,
    )
    said = []
    own = shown.marked[0] if len(shown.marked) == 1 else None
    if own is not None and own in found:
        said.append(
            tell(
                "maps.own",
                lang,
                region=short_name(own, lang),
                value=measure.say(found[own].value, lang),
                rank=str(order.index(own) + 1),
                all=str(len(order)),
                period=measure.period(shown.year, lang),
            )
        )
    if without:
        said.append(tell("maps.without", lang, names=listed(without, lang), **words))
    if unshaped:
        said.append(tell("maps.unshaped", lang, names=listed(unshaped, lang)))
    nation = figures.of(measure, 0).get(shown.year)
    if nation is not None and not measure.counts:
        value = measure.say(nation.value, lang)
        above = [code for code in order if found[code].value > nation.value]
        said.append(
            tell(
                "maps.nation",
                lang,
                value=value,
                count=str(len(above)),
                all=str(len(order)),
                **words,
            )
        )
    return Analysis(kind, lang, Place(0, "nation"), tuple(said), (chart,))


def _table(title: str, name: str, shown: Shown, codes: Sequence[int], lang: str) -> TextTable:
    """List the provinces, the highest value first."""
    columns = [
        column("code", lang, numeric=False),
        column("region", lang, numeric=False),
        column("value", lang),
        column("quality", lang, numeric=False),
    ]
    fields = ("code", "region", "value", "quality")
    builder = TableBuilder(name, title, columns, fields, unit=shown.measure.unit(lang))
    for code in codes:
        figure = shown.known.get(code)
        value = math.nan if figure is None else figure.value
        quality = "missing" if figure is None else figure.quality
        builder.add(
            (
                f"{code:02d}",
                short_name(code, lang),
                shown.measure.cell(value, lang),
                word("quality", quality, lang),
            ),
            (f"{code:02d}", short_name(code, lang), known(value), quality),
        )
    return builder.table()
