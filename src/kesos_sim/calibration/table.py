"""Figures as tables that people read, one for each part, with a count of matches and misses."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Final

from kesos_sim import i18n
from kesos_sim.calibration.figures import PARTS, Figure, counts
from kesos_sim.data.catalogue import list_tables
from kesos_sim.data.reading import read_table
from kesos_sim.data.regions import region_name
from kesos_sim.i18n import numbers, vocabulary
from kesos_sim.reports.tables import TextTable, record_table

__all__ = [
    "FIELDS",
    "against_forecasts",
    "figure_table",
    "misses_first",
    "part_tables",
    "published_by",
    "published_for",
    "reach",
    "summary",
    "words_of",
]

FIELDS: Final = (
    "part",
    "level",
    "code",
    "measure",
    "detail",
    "published",
    "modelled",
    "difference",
    "unit",
    "tolerance",
    "quality",
    "use",
    "verdict",
    "source",
)
"""Names of the data columns."""

_SHOWN: Final = {
    "place": False,
    "measure": False,
    "published": True,
    "modelled": True,
    "difference": True,
    "unit": False,
    "tolerance": True,
    "quality": False,
    "use": False,
    "verdict": False,
}
_DECIMALS: Final = {
    "index": 3,
    "correlation": 2,
    "share": 2,
    "thousand_rupiah": 0,
    "thousand_persons": 0,
}
_USUAL_DECIMALS: Final = 2
_AGES: Final = re.compile(r"^(\d+)-(\d+)$")
_MONEY_FROM: Final = 10_000
_NATION: Final = "00"
_PANELS: Final = frozenset({"poverty_transitions", "evidence_parameters"})
_SURVEY: Final = re.compile("Susenas|IFLS")
_ERRORS: Final = ("path_error", "left_out_error")
_DUE: Final = ("nation", "PKH")
_STUDIES: Final = "targeting_errors"
_GROUPS: Final = frozenset({"decile", "quintile", "poorest", "richest"})
"""Words of a detail whose next word says which group or how large."""


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
                "forecast": _word(row.detail[1], lang),
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
    rows = [(words_of(figure, lang), figure.record()) for figure in figures]
    return record_table(name, title, "validation.heading_", _SHOWN, FIELDS, rows, lang)


def words_of(figure: Figure, lang: str) -> tuple[str, ...]:
    """Write one figure for people.

    Parameters
    ----------
    figure : Figure
        The figure.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        Place, measure, published, modelled, difference, unit, tolerance, quality, use, verdict.
    """
    decimals = _DECIMALS.get(figure.unit, _USUAL_DECIMALS)
    detail = _detail(figure, lang)
    measure = i18n.text(f"validation.measure_{figure.measure}", lang)
    return (
        _place(figure, lang),
        f"{measure} ({detail})" if detail else measure,
        numbers.number(figure.published, lang, decimals),
        numbers.number(figure.modelled, lang, decimals),
        numbers.number(figure.difference, lang, decimals, signed=True),
        i18n.text(f"validation.unit_{figure.unit}", lang),
        "" if figure.tolerance is None else "±" + numbers.number(figure.tolerance, lang, decimals),
        vocabulary.word("quality", figure.quality, lang),
        i18n.text(f"validation.use_{figure.use}", lang),
        i18n.text(f"reports.{figure.verdict}", lang),
    )


def published_by(figures: Iterable[Figure], lang: str) -> str:
    """Name who published figures, by their tables.

    Parameters
    ----------
    figures : iterable of Figure
        Any figures.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Each once, in the order of the figures.
    """
    origin = {info.name: info.meta.origin[lang] for info in list_tables()}
    tables = dict.fromkeys(one.source.partition(":")[0] for one in figures)
    return "; ".join(dict.fromkeys(origin[name] for name in tables if name in origin))


def published_for(figure: Figure, lang: str) -> str:
    """Name the place or study of a published figure that is set beside the model's whole region.

    Parameters
    ----------
    figure : Figure
        The figure.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Empty where both figures are of one place, or none was published.
    """
    table, _, row = figure.source.partition(":")
    whole = figure.level in {"region", "nation"} and math.isfinite(figure.published)
    if whole and table == _STUDIES:
        return str(next(read_table(_STUDIES).where(id=row).rows())["study"])
    # What is said of overlap tells in its own words of what it is.
    elsewhere = whole and figure.level == "region" and figure.part != "overlap"
    return region_name(_NATION, lang) if elsewhere else ""


def _study(figure: Figure, lang: str) -> str:
    """Write the name of a study; of rows of a panel the survey and the row."""
    if i18n.has(f"validation.place_{figure.code}"):
        return i18n.text(f"validation.place_{figure.code}", lang)
    table, _, row = figure.source.partition(":")
    if table not in _PANELS:
        return figure.code
    (found,) = read_table(table).where(id=row).rows()
    survey = _SURVEY.search(str(found["population"]))
    return f"{survey[0]} ({figure.code})" if survey else figure.code


def _place(figure: Figure, lang: str) -> str:
    """Write code and name of a place, or the row of a study."""
    if figure.level == "study":
        return _study(figure, lang)
    if i18n.has(f"facts.region_{figure.code}"):
        own = i18n.text(f"facts.region_{figure.code}", lang)
    else:
        own = ", ".join(f"{code} {region_name(code, lang)}" for code in figure.code.split("+"))
    other = published_for(figure, lang)
    if figure.measure == "programme_total" and (figure.level, figure.detail[0]) == _DUE:
        # What a PKH family is due hangs on who the simulated families are.
        return i18n.text("validation.place_due", lang, place=own)
    if not other:
        return own
    return i18n.text("validation.place_two", lang, published=other, modelled=own)


def _detail(figure: Figure, lang: str) -> str:
    """Write what a measure is about; the number of a group stands beside its name."""
    words = [_word(word, lang) for word in figure.detail]
    if figure.part == "path" and all(isinstance(word, int) for word in figure.detail):
        return " → ".join(words)
    for place in reversed(range(len(words) - 1)):
        if figure.detail[place] in _GROUPS:
            words[place : place + 2] = [" ".join(words[place : place + 2])]
    return ", ".join(words)


def _word(word: str | int, lang: str) -> str:
    """Write one word of a detail: a name of the catalogue, an amount of money, a year."""
    if isinstance(word, int):
        return numbers.number(word, lang) if word >= _MONEY_FROM else str(word)
    try:
        return i18n.text(f"validation.detail_{word.lower()}", lang)
    except KeyError:
        return _AGES.sub(rf"\1{numbers.EN_DASH}\2", word)
