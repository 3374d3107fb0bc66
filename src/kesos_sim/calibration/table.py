"""Figures as tables that people read, one for each part, with a count of matches and misses."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from kesos_sim import i18n
from kesos_sim.calibration.figure_words import word_of, words_of
from kesos_sim.calibration.figures import PARTS, Figure, counts
from kesos_sim.i18n import numbers
from kesos_sim.reports.tables import TextTable, record_table

__all__ = [
    "FIELDS",
    "against_forecasts",
    "figure_table",
    "misses_first",
    "part_tables",
    "reach",
    "summary",
    "within_intervals",
]

FIELDS: Final = (
    "part",
    "level",
    "code",
    "measure",
    "detail",
    "published",
    "modelled",
    "low",
    "high",
    "difference",
    "unit",
    "tolerance",
    "quality",
    "use",
    "verdict",
    "inside",
    "source",
)
"""Names of the data columns."""

_SHOWN: Final = {
    "place": False,
    "measure": False,
    "published": True,
    "modelled": True,
    "interval": True,
    "difference": True,
    "unit": False,
    "tolerance": True,
    "quality": False,
    "use": False,
    "verdict": False,
}
_ERRORS: Final = ("path_error", "left_out_error")
_INTERVAL: Final = "interval"


def part_tables(
    figures: Iterable[Figure],
    lang: str,
    *,
    districts: bool = False,
) -> list[TextTable]:
    """Make one table for each part.

    Parameters
    ----------
    figures : iterable of Figure
        Any figures.
    lang : str
        ``id`` or ``en``.
    districts : bool
        Whether districts that match are listed one by one. Those that miss always are, and the
        title counts all of them.

    Returns
    -------
    list of TextTable
        In the order of `PARTS`, then other parts as they come; those without figures are left out.
    """
    listed = list(figures)
    there = {figure.part: None for figure in listed}
    order = [*(part for part in PARTS if part in there), *(p for p in there if p not in PARTS)]
    return [
        _table(part, [figure for figure in listed if figure.part == part], lang, districts)
        for part in order
    ]


def misses_first(figures: Iterable[Figure]) -> list[Figure]:
    """Order figures by how far the model is off, as a multiple of the tolerance.

    Parameters
    ----------
    figures : iterable of Figure
        Any figures.

    Returns
    -------
    list of Figure
        Misses, the worst first, then matches, then what is not judged, in its own order.
    """
    return sorted(figures, key=lambda figure: -reach(figure))


def reach(figure: Figure) -> float:
    """Return how far the model is off in tolerances; -1 for a figure that is not judged.

    Parameters
    ----------
    figure : Figure
        The figure.

    Returns
    -------
    float
        Above 1 for a miss; infinite where the model has no figure or nothing is tolerated.
    """
    if figure.tolerance is None:
        return -1.0
    off = abs(figure.difference)
    if math.isnan(off):
        return math.inf
    if figure.tolerance > 0.0:
        return off / figure.tolerance
    return math.inf if off > 0.0 else 0.0


def summary(figures: Iterable[Figure], lang: str) -> str:
    """Count matches and misses of all parts in one sentence.

    Parameters
    ----------
    figures : iterable of Figure
        Any figures.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The sentence.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.calibration.published import validate
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> print(summary(validate(blora, ["anchor"]).figures, "en"))
    All parts. Tests: 0 match, 0 miss. Used to set the model: 1 match, 0 miss. Not judged:
    7.
    """
    return i18n.text("validation.summary", lang, **_counted(figures, lang))


def against_forecasts(figures: Iterable[Figure], lang: str) -> tuple[str, ...]:
    """Say how the model does beside simple forecasts, also where it loses.

    Parameters
    ----------
    figures : iterable of Figure
        Any figures; errors of forecasts are compared as they are written.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        A sentence for each base year; none where no path was lived.
    """
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        if figure.measure in _ERRORS:
            groups.setdefault((figure.measure, str(figure.detail[0])), []).append(figure)
    told = []
    for (measure, base), rows in groups.items():
        others = []
        for row in rows:
            model, other = (round(error, 2) for error in (row.modelled, row.published))
            key = "better" if model < other else "worse" if model > other else "same"
            words = {
                "forecast": word_of(row.detail[1], lang),
                "error": numbers.points(other, lang, 2),
            }
            others.append(i18n.text(f"validation.against_{key}", lang, **words))
        model_words = numbers.points(rows[0].modelled, lang, 2)
        told.append(
            i18n.text(
                f"validation.against_{measure}",
                lang,
                base=base,
                model=model_words,
                others="; ".join(others),
            )
        )
    return tuple(told)


def within_intervals(figures: Iterable[Figure], lang: str, draws: int) -> tuple[str, ...]:
    """Say how many published figures lie inside the intervals of the modelled ones.

    Parameters
    ----------
    figures : iterable of Figure
        Any figures.
    lang : str
        ``id`` or ``en``.
    draws : int
        Worlds behind the intervals.

    Returns
    -------
    tuple of str
        One sentence, and one where some parts have no intervals; none without any interval.
    """
    listed = list(figures)
    counted = []
    for use in ("scored", "set"):
        held = [one.inside for one in listed if one.inside is not None and one.use == use]
        if held:
            words = {
                "inside": numbers.number(sum(held), lang),
                "all": numbers.number(len(held), lang),
            }
            counted.append(i18n.text(f"validation.within_{use}", lang, **words))
    if not counted:
        return ()
    told = [
        i18n.text(
            "validation.within_intervals",
            lang,
            draws=numbers.number(draws, lang),
            held=i18n.text("validation.within_both", lang, first=counted[0], second=counted[-1])
            if len(counted) > 1
            else counted[0],
        )
    ]
    spread = {one.part for one in listed if math.isfinite(one.low)}
    without = dict.fromkeys(one.part for one in listed if one.part not in spread)
    if without:
        parts = "; ".join(i18n.text(f"validation.part_{part}", lang) for part in without)
        told.append(i18n.text("validation.without_intervals", lang, parts=parts))
    return tuple(told)


def _counted(figures: Iterable[Figure], lang: str) -> dict[str, str]:
    """Write how many figures match and miss, and how many are not judged."""
    found = counts(figures)
    numbered = {
        "hits": found["scored", "hit"],
        "misses": found["scored", "miss"],
        "set_hits": found["set", "hit"],
        "set_misses": found["set", "miss"],
        "others": sum(number for (_, verdict), number in found.items() if verdict == "not_judged"),
    }
    return {name: numbers.number(number, lang) for name, number in numbered.items()}


def _table(part: str, figures: list[Figure], lang: str, districts: bool) -> TextTable:
    """Make the table of one part."""
    words = i18n.text(f"validation.part_{part}", lang)
    title = i18n.text("validation.title", lang, part=words, **_counted(figures, lang))
    listed = [
        figure
        for figure in figures
        if districts or figure.level != "district" or figure.verdict == "miss"
    ]
    return figure_table(f"validation_{part}", title, listed, lang)


def figure_table(name: str, title: str, figures: Iterable[Figure], lang: str) -> TextTable:
    """List figures.

    Parameters
    ----------
    name, title : str
        Name of its file and heading.
    figures : iterable of Figure
        In the order in which they are to be listed.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        Every figure with its quality, its role and its verdict.
    """
    listed = list(figures)
    spread = any(math.isfinite(figure.low) for figure in listed)
    shown = {column: numeric for column, numeric in _SHOWN.items() if spread or column != _INTERVAL}
    rows = [
        (
            [cell for column, cell in words_of(figure, lang)._asdict().items() if column in shown],
            figure.record(),
        )
        for figure in listed
    ]
    return record_table(name, title, "validation.heading_", shown, FIELDS, rows, lang)
