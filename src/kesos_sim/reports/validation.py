"""Published figures beside modelled ones: misses as plain as hits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, heading, known
from kesos_sim.reports.values import say, say_difference


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One published figure and what the model makes of it.

    Attributes
    ----------
    level : str
        ``nation``, ``province``, ``district`` or ``stratum``.
    code : str
        Code of the place.
    measure : str
        Name of an indicator, or free words for a figure that is not one.
    published, modelled : float
        The figures; NaN is missing.
    quality : str
        Quality of the published figure, as the data tables have it, or its grade.
    tolerance : float, optional
        Largest difference that counts as a match; not judged when left out.
    """

    level: str
    code: str
    measure: str
    published: float
    modelled: float
    quality: str
    tolerance: float | None = None

    @property
    def difference(self) -> float:
        """Modelled minus published."""
        return self.modelled - self.published

    @property
    def hit(self) -> bool | None:
        """Whether the model is within the tolerance; None when it is not judged."""
        if self.tolerance is None or math.isnan(self.published):
            return None
        return abs(self.difference) <= self.tolerance


def published_vs_modelled(
    rows: Iterable[PublishedRow], lang: str, names: dict[str, str] | None = None
) -> TextTable:
    """Set published figures beside modelled ones.

    Parameters
    ----------
    rows : iterable of PublishedRow
        In the order in which they are to be listed.
    lang : str
        ``id`` or ``en``.
    names : dict of str to str, optional
        Names of places by code, shown beside the code.

    Returns
    -------
    TextTable
        Level, code, measure, published, modelled, difference, quality and verdict; the title
        counts hits and misses. A missing modelled value of a judged row is a miss.
    """
    listed = list(rows)
    judged = [row for row in listed if row.hit is not None]
    hits = sum(1 for row in judged if row.hit)
    title = i18n.text(
        "reports.published_title",
        lang,
        hits=numbers.number(hits, lang),
        judged=numbers.number(len(judged), lang),
        misses=numbers.number(len(judged) - hits, lang),
    )
    columns: Sequence[Column] = [
        heading("level", lang, numeric=False),
        heading("code", lang, numeric=False),
        heading("measure", lang, numeric=False),
        heading("published", lang),
        heading("modelled", lang),
        heading("difference", lang),
        heading("quality", lang, numeric=False),
        heading("verdict", lang, numeric=False),
    ]
    fields = (
        "level",
        "code",
        "measure",
        "published",
        "modelled",
        "difference",
        "tolerance",
        "quality",
        "verdict",
    )
    builder = TableBuilder("published_vs_modelled", title, columns, fields)
    for row in listed:
        verdict = {True: "hit", False: "miss", None: "not_judged"}[row.hit]
        place = (names or {}).get(row.code, "")
        builder.add(
            (
                _level(row.level, lang),
                f"{row.code} {place}".strip(),
                *_figures(row, lang),
                word("quality", row.quality, lang),
                i18n.text(f"reports.{verdict}", lang),
            ),
            (
                row.level,
                row.code,
                row.measure,
                known(row.published),
                known(row.modelled),
                known(row.difference),
                row.tolerance,
                row.quality,
                verdict,
            ),
        )
    return builder.table()


def _level(level: str, lang: str) -> str:
    """Write the level of a place, or the word as it came."""
    try:
        return i18n.text(f"reports.level_{level}", lang)
    except KeyError:
        return level


def _figures(row: PublishedRow, lang: str) -> tuple[str, str, str, str]:
    """Write measure, published, modelled and difference in the indicator's unit."""
    figures = row.published, row.modelled
    try:
        definition = indicator(row.measure)
    except InputError:
        written = [numbers.number(value, lang, 2) for value in figures]
        difference = numbers.number(row.difference, lang, 2, signed=True)
        return row.measure, written[0], written[1], difference
    published, modelled = (say(value, definition, lang) for value in figures)
    difference = say_difference(row.difference, definition, lang)
    return definition.label(lang), published, modelled, difference
