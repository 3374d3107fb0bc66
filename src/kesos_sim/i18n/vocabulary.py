"""Words of the data tables in the language of the reader: units, quality, methods, facts.

A table is kept in English; ``catalogue/vocabulary.toml`` says the same in Bahasa Indonesia.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from kesos_sim import i18n

Kind = Literal["quality", "method", "unit", "detail"]

_YEAR: Final = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_SIGN: Final = re.compile(r" ([+-])(?= |$)")
_SIGNS: Final = {"+": " plus", "-": " minus"}


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


def _key(text: str) -> str:
    """Return the key of a text: small letters and digits, low lines between them."""
    signed = _SIGN.sub(lambda found: _SIGNS[found[1]], text.lower())
    return re.sub(r"[^a-z0-9]+", "_", signed).strip("_")
