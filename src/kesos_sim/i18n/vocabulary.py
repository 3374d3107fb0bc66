"""Words of the data tables in the language of the reader: units, quality, methods, facts.

A table is kept in English; ``catalogue/vocabulary.toml`` says the same in Bahasa Indonesia.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, Literal, NamedTuple

from kesos_sim import i18n
from kesos_sim.i18n.dates import month_name

Kind = Literal["quality", "method", "unit", "detail"]

_SHORT: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH: Final = re.compile(rf"\b({'|'.join(_SHORT)})(?=(?:-(?:{'|'.join(_SHORT)}))? [0-9]{{4}}\b)")
_ANY_YEAR: Final = 2000
_YEAR: Final = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_SIGN: Final = re.compile(r" ([+-])(?= |$)")
_SIGNS: Final = {"+": " plus", "-": " minus"}


class _Named(NamedTuple):
    """A month of which only the name counts."""

    year: int
    month: int


def word(kind: Kind, text: str, lang: str) -> str:
    """Return a word of the tables in one language.

    Parameters
    ----------
    kind : {"quality", "method", "unit", "detail"}
        Part of the vocabulary.
    text : str
        As a table has it; years in it are kept.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The word of the catalogue; the text itself where the catalogue does not have it.

    Examples
    --------
    >>> word("unit", "percent", "id")
    'persen'
    """
    years = _YEAR.findall(text)
    fields = dict(zip(("year", "again"), years, strict=False))
    for plain in dict.fromkeys((text, _YEAR.sub(" ", text))):
        try:
            return i18n.text(f"vocabulary.{kind}.{_key(plain)}", lang, **fields)
        except KeyError:
            continue
    return text


def source_words(text: str, lang: str) -> str:
    """Return where a figure comes from in one language.

    Parameters
    ----------
    text : str
        A source as the table of sources has it, or several.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        With the phrases of the catalogue and the months in that language; names stay.

    Examples
    --------
    >>> source_words("GK: BPS table 624, x/y:data/; Radar Bromo 15 Oct 2019", "id")
    'GK: tabel BPS 624, x/y:data/; Radar Bromo 15 Oktober 2019'
    """
    for phrase in _phrases():
        text = text.replace(i18n.text(phrase, "en"), i18n.text(phrase, lang))
    return _MONTH.sub(lambda found: _month_in(found[1], lang), text)


@cache
def _phrases() -> tuple[str, ...]:
    """Return the keys of all phrases, the longest phrase first."""
    own = [key for key in i18n.keys() if key.startswith("vocabulary.source.")]  # noqa: SIM118
    return tuple(sorted(own, key=lambda key: -len(i18n.text(key, "en"))))


def _month_in(short: str, lang: str) -> str:
    """Return the month that three English letters mean; as they are in English."""
    if lang == "en":
        return short
    return month_name(_Named(_ANY_YEAR, 1 + _SHORT.index(short)), lang).partition(" ")[0]


def _key(text: str) -> str:
    """Return the key of a text: small letters and digits, low lines between them."""
    signed = _SIGN.sub(lambda found: _SIGNS[found[1]], text.lower())
    return re.sub(r"[^a-z0-9]+", "_", signed).strip("_")
