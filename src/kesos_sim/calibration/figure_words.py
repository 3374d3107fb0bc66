"""One published figure and the model's in words: where, what, how much, and how far apart."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from kesos_sim import i18n
from kesos_sim.calibration.figures import Figure
from kesos_sim.data.catalogue import list_tables
from kesos_sim.data.reading import read_table
from kesos_sim.data.regions import region_name
from kesos_sim.i18n import numbers, vocabulary
from kesos_sim.reports.references import study_words

__all__ = ["Words", "published_by", "published_for", "word_of", "words_of"]

_AGES: Final = re.compile(r"^(\d+)-(\d+)$")
_MONEY_FROM: Final = 10_000
_NATION: Final = "00"
_PANELS: Final = frozenset({"poverty_transitions", "evidence_parameters"})
_SURVEY: Final = re.compile("Susenas|IFLS")
_DUE: Final = ("nation", "PKH")
_STUDIES: Final = "targeting_errors"
_GROUPS: Final = frozenset({"decile", "quintile", "poorest", "richest"})
"""Words of a detail whose next word says which group or how large."""


class Words(NamedTuple):
    """One figure in words.

    Attributes
    ----------
    place, measure, published, modelled, interval, difference, unit, tolerance, quality, use,
    verdict : str
        Cells of a table of figures; the interval is empty where there is none.
    """

    place: str
    measure: str
    published: str
    modelled: str
    interval: str
    difference: str
    unit: str
    tolerance: str
    quality: str
    use: str
    verdict: str


def words_of(figure: Figure, lang: str) -> Words:
    """Write one figure for people.

    Parameters
    ----------
    figure : Figure
        The figure.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Words
    """
    decimals = figure.decimals
    detail = _detail(figure, lang)
    measure = i18n.text(f"validation.measure_{figure.measure}", lang)
    interval, verdict = "", i18n.text(f"reports.{figure.verdict}", lang)
    if math.isfinite(figure.low):
        low, high = (numbers.number(end, lang, decimals) for end in (figure.low, figure.high))
        interval = f"{low} {i18n.text('numbers.to', lang)} {high}"
    if figure.inside is not None:
        key = "validation.inside" if figure.inside else "validation.outside"
        verdict = i18n.text(key, lang, verdict=verdict)
    return Words(
        _place(figure, lang),
        f"{measure} ({detail})" if detail else measure,
        numbers.number(figure.published, lang, decimals),
        numbers.number(figure.modelled, lang, decimals),
        interval,
        numbers.number(figure.difference, lang, decimals, signed=True),
        i18n.text(f"validation.unit_{figure.unit}", lang),
        "" if figure.tolerance is None else "±" + numbers.number(figure.tolerance, lang, decimals),
        vocabulary.word("quality", figure.quality, lang),
        i18n.text(f"validation.use_{figure.use}", lang),
        verdict,
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
        (found,) = read_table(_STUDIES).where(id=row).rows()
        return study_words(str(found["source"]), lang) or str(found["study"])
    # What is said of overlap tells in its own words of what it is.
    elsewhere = whole and figure.level == "region" and figure.part != "overlap"
    return region_name(_NATION, lang) if elsewhere else ""


def _study(figure: Figure, lang: str) -> str:
    """Write the name of a study; of rows of a panel the survey, who read it, and the row."""
    if i18n.has(f"validation.place_{figure.code}"):
        return i18n.text(f"validation.place_{figure.code}", lang)
    table, _, row = figure.source.partition(":")
    if table not in _PANELS:
        return study_words(figure.code, lang) or figure.code
    (found,) = read_table(table).where(id=row).rows()
    survey = _SURVEY.search(str(found["population"]))
    named = study_words(str(found["source"]), lang)
    return f"{', '.join(filter(None, (survey and survey[0], named)))} ({figure.code})".strip()


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
    words = [word_of(word, lang) for word in figure.detail]
    if figure.part == "path" and all(isinstance(word, int) for word in figure.detail):
        return " → ".join(words)
    for place in reversed(range(len(words) - 1)):
        if figure.detail[place] in _GROUPS:
            words[place : place + 2] = [" ".join(words[place : place + 2])]
    return ", ".join(words)


def word_of(word: str | int, lang: str) -> str:
    """Write one word of a detail: a name of the catalogue, an amount of money, a year.

    Parameters
    ----------
    word : str or int
        The word.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    if isinstance(word, int):
        return numbers.number(word, lang) if word >= _MONEY_FROM else str(word)
    try:
        return i18n.text(f"validation.detail_{word.lower()}", lang)
    except KeyError:
        return _AGES.sub(rf"\1{numbers.EN_DASH}\2", word)
