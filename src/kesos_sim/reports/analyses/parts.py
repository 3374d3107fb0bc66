"""What the analyses share: words for periods and directions, noise, charts put together."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n.vocabulary import word
from kesos_sim.reports.analyses.calculations import Change, Way, least_clear, swing, way
from kesos_sim.reports.analyses.figures import Figures, Place, Series, names
from kesos_sim.reports.analyses.measures import Measure
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.description.versions import versions
from kesos_sim.reports.tables import Column, TextTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Drawing = tuple[Callable[[Sheet], Layout], Callable[[Sequence["Axes"], Sheet], None]]

_MOST_NAMED: Final = 8


def tell(key: str, lang: str, /, **fields: object) -> str:
    """Return a sentence of the catalogue ``analyses``."""
    return i18n.text(f"analyses.{key}", lang, **fields)


def column(key: str, lang: str, *, numeric: bool = True, unit: str = "") -> Column:
    """Return a column with a heading of the catalogue ``analyses``, and the unit of its data."""
    return Column(tell(f"column.{key}", lang), numeric, word("unit", unit, lang))


def values(series: Series) -> dict[int, float]:
    """Return the values of a series by year."""
    return {year: figure.value for year, figure in series.items()}


def irregular(figures: Figures, measure: Measure, place: Place) -> float:
    """Estimate how far yearly figures of a region stray from a smooth path.

    Parameters
    ----------
    figures : Figures
        Where the series are.
    measure : Measure
        Of a survey; others have no sampling error.
    place : Place
        The region.

    Returns
    -------
    float
        Standard deviation as a part of the level, of its own series or, for districts and where
        that is too short, of its peers together; NaN when not known.
    """
    if not measure.survey:
        return math.nan
    own = values(figures.of(measure, place.code))
    alone = math.nan if place.level == "district" else swing([own])
    if not math.isnan(alone) or place.level == "nation" or not own:
        return alone
    return swing([values(figures.of(measure, code)) for code in place.peers(max(own))])


def direction(found: Change, measure: Measure, relative: float) -> Way:
    """Decide what may be said about the change of a region."""
    least = clear(found, relative)
    return way(found.difference, measure.definition.negligible, least)


def clear(found: Change, relative: float) -> float:
    """Return the least change that swings alone do not bring."""
    return least_clear(found.first, found.last, relative)


def broken(cuts: Mapping[int, str], lang: str) -> list[str]:
    """Warn of breaks of method."""
    if not cuts:
        return []
    told = "; ".join(f"{year}: {words}" for year, words in cuts.items())
    return [tell("trend.broken", lang, breaks=told)]


def listed(codes: Sequence[int], lang: str) -> str:
    """List regions by name, the first few and how many more."""
    shown = names(codes[:_MOST_NAMED], lang)
    rest = len(codes) - _MOST_NAMED
    return shown if rest <= 0 else tell("and_more", lang, names=shown, count=str(rest))


def finished(
    name: str,
    lang: str,
    words: Mapping[str, str],
    table: TextTable,
    drawing: Drawing,
    provenance: str = "",
) -> Chart:
    """Put a chart together.

    Parameters
    ----------
    name : str
        Name of its files.
    lang : str
        ``id`` or ``en``.
    words : mapping of str to str
        ``title``, ``note``, ``alt`` and ``source``.
    table : TextTable
        Its table twin.
    drawing : (callable, callable)
        Its layout and its drawing.
    provenance : str
        Record of the result; versions of model and data when left out.

    Returns
    -------
    Chart
    """
    layout, draw = drawing
    return Chart(
        name=name,
        lang=lang,
        title=words["title"],
        note=words["note"],
        alt=words["alt"],
        table=table,
        source=words["source"],
        provenance=provenance or versions(lang),
        layout=layout,
        draw=draw,
    )
