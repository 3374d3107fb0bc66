"""Sources of parameters as readers know them: tables by their titles, studies by their authors."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.data.reading import read_table, registry
from kesos_sim.data.sources import sources
from kesos_sim.reports.context import Words

__all__ = ["parameter_words", "readable"]

_STUDIES: Final = ("evidence_parameters", "poverty_transitions")
"""Tables whose rows parameters name by a code."""
_CODE: Final = re.compile(r"(?<![-–/])\b[ABFT][0-9]{2}\b(?![-–/])")
"""Other letters are codes of several tables."""
_AUTHORS: Final = re.compile(
    r"([A-Z]\w+(?: [A-Z]\w+)?)((?:, [A-Z]\w+)*)( et al\.)? ((?:19|20)[0-9]{2})\b"
)
_ID: Final = re.compile(r"\b[a-z_]+\.[a-z_.]*[a-z]\b")


def readable(source: Words) -> dict[str, str]:
    """Return where a parameter comes from, without names of files.

    Parameters
    ----------
    source : mapping of str to str
        The source by language, as the table of parameters has it.

    Returns
    -------
    dict of str to str
        Tables by their titles, other parameters by their names; authors and year beside the code
        of a study that the text does not name.

    Examples
    --------
    >>> print(readable({"en": "assumed (evidence B11; table absorption)"})["en"])
    assumed (evidence B11, Banerjee et al. 2015; table “Budget absorption”)
    >>> print(readable({"id": "growth_prices: harga naik"})["id"])
    tabel “Pertumbuhan, harga, pengangguran”: harga naik
    """
    return {lang: _in_words(text, lang) for lang, text in source.items()}


def parameter_words(name: str) -> dict[str, str]:
    """Return a parameter's name on screens.

    Parameters
    ----------
    name : str
        Its id.

    Returns
    -------
    dict of str to str
        By language.

    Raises
    ------
    KeyError
        If the catalogue has no words for it.

    Examples
    --------
    >>> parameter_words("enterprise.effect")["id"]
    'hasil modal usaha'
    """
    return {lang: i18n.text(_key(name), lang) for lang in i18n.LANGUAGES}


def _key(name: str) -> str:
    return f"facts.parameter_{name.replace('.', '_')}"


def _in_words(text: str, lang: str) -> str:
    """Return a source with the words of one language for what names files, rows and ids."""
    parts, done = [], 0
    for found in _CODE.finditer(text):
        parts += [text[done : found.end()], _study(text, found, lang)]
        done = found.end()
    text = "".join((*parts, text[done:]))
    text = _tables().sub(lambda found: _titled(found[found.lastindex or 0], lang), text)
    return _ID.sub(lambda found: _named(found[0], lang), text)


def _study(text: str, code: re.Match[str], lang: str) -> str:
    """Return what to add to the code of a study; nothing where the text names its authors."""
    found = _AUTHORS.match(sources().get(_studies().get(code[0], ""), ""))
    if found is None or found[1] in text or text[code.end() :].startswith(" ("):
        return ""
    first, others, more, year = found.groups(default="")
    if more or others.count(",") > 1:
        named = i18n.text("reports.authors_more", lang, first=first, year=year)
    elif others:
        second = others.removeprefix(", ")
        named = i18n.text("reports.authors_two", lang, first=first, second=second, year=year)
    else:
        named = f"{first} {year}"
    inside = text.count("(", 0, code.start()) > text.count(")", 0, code.start())
    closed = text.startswith((")", ",", ";"), code.end())
    return f", {named}" if inside and closed else f" ({named})"


def _titled(name: str, lang: str) -> str:
    return i18n.text("reports.table_titled", lang, title=registry()[name].title[lang])


def _named(name: str, lang: str) -> str:
    known = name in parameter_table() and i18n.has(_key(name))
    return f"“{i18n.text(_key(name), lang)}”" if known else name


@cache
def _studies() -> dict[str, str]:
    """Return the source of every row that a code names."""
    return {
        code: source
        for table in map(read_table, _STUDIES)
        for code, source in zip(table["id"].tolist(), table["source"].tolist(), strict=True)
    }


@cache
def _tables() -> re.Pattern[str]:
    """Return what finds names of tables: those that are words too only where a table is meant."""
    names = sorted(registry(), key=len, reverse=True)
    unlike_words = "|".join(name for name in names if "_" in name)
    every = "|".join(names)
    return re.compile(
        rf"(?:\b(?:tabel|tables?) )?\b({unlike_words})\b"
        rf"|\b(?:tabel|tables?) ({every})\b"
        rf"|(?:^|(?<=\()|(?<=; ))({every})(?=[:),])"
    )
