"""Own data of a planner in results: named in sources, notes and a table, never as official."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.data.own.layout import unit_of
from kesos_sim.data.own.published import published
from kesos_sim.data.regions import region_name
from kesos_sim.i18n import LANGUAGES, numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.population.targets_own import OWN
from kesos_sim.reports.analyses.own import published_of
from kesos_sim.reports.context import Words, clean
from kesos_sim.reports.tables import Column, TableBuilder, TextTable

if TYPE_CHECKING:
    from kesos_sim.data.own.figures import OwnData, OwnFigure

__all__ = ["own_notes", "own_sources", "own_table"]

_FIELDS: Final = (
    "place", "figure", "own", "published", "unit", "year", "quality", "source_of", "acts",
)  # fmt: skip
_NUMERIC: Final = ("own", "published")
_DIGITS: Final = 12


def own_sources(own: OwnData | None) -> tuple[Words, ...]:
    """Return how charts cite own data.

    Parameters
    ----------
    own : OwnData or None
        Figures of a planner.

    Returns
    -------
    tuple of mapping of str to str
        One text in both languages; none without own data that the model reads.
    """
    if own is None or not _acting(own):
        return ()
    said = {
        lang: i18n.text("own_data.result.source", lang, source=clean(own.source))
        for lang in LANGUAGES
    }
    return (said,)


def own_notes(own: OwnData | None) -> tuple[Words, ...]:
    """Say that a result rests on own data, and what own data do not reach.

    Parameters
    ----------
    own : OwnData or None
        Figures of a planner.

    Returns
    -------
    tuple of mapping of str to str
        Sentences in both languages; none without own data that the model reads.
    """
    acting = _acting(own)
    if own is None or not acting:
        return ()
    return tuple(
        {
            lang: i18n.text(
                f"own_data.result.{key}",
                lang,
                count=numbers.number(acting, lang),
                source=clean(own.source),
            )
            for lang in LANGUAGES
        }
        for key in ("note", "note_programmes")
    )


def own_table(own: OwnData | None, lang: str) -> TextTable | None:
    """List own figures beside the published ones that they replace.

    Parameters
    ----------
    own : OwnData or None
        Figures of a planner.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable or None
        One row per figure; None without own data.
    """
    if own is None:
        return None
    columns = [
        Column(i18n.text(f"own_data.result.{name}", lang), numeric=name in _NUMERIC)
        for name in _FIELDS
    ]
    builder = TableBuilder("own_data", i18n.text("own_data.result.table", lang), columns, _FIELDS)
    for figure in own.figures:
        known = _published(own, figure)
        builder.add(
            (
                region_name(figure.region, lang),
                figure.label(lang),
                _written(figure.value, lang),
                numbers.EN_DASH if known is None else _written(known, lang),
                i18n.text(f"own_data.unit.{unit_of(figure.measure)}", lang),
                str(figure.year),
                word("quality", OWN, lang),
                clean(own.source_of(figure)),
                i18n.text(f"reports.{'yes' if own.acts(figure) else 'no'}", lang),
            ),
            (
                str(figure.region),
                f"{figure.measure}.{figure.part}",
                figure.value,
                known,
                unit_of(figure.measure),
                figure.year,
                OWN,
                clean(own.source_of(figure)),
                int(own.acts(figure)),
            ),
        )
    return builder.table()


def _acting(own: OwnData | None) -> int:
    """Return how many own figures the model reads."""
    return 0 if own is None else sum(own.acts(figure) for figure in own.figures)


def _published(own: OwnData, figure: OwnFigure) -> float | None:
    """Return what is published in the place of an own figure; None where nothing is."""
    if own.analysed(figure):
        return published_of(figure)
    known = published(own.year).get((figure.region, figure.measure, figure.part))
    return None if known is None else known.value


def _written(value: float, lang: str) -> str:
    """Write a number with all its digits."""
    text = f"{value:.{_DIGITS}f}".rstrip("0").rstrip(".")
    return numbers.number(value, lang, len(text.partition(".")[2]))
