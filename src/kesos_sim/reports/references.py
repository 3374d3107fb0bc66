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

__all__ = ["parameter_words", "readable", "study_words"]

_STUDIES: Final = ("evidence_parameters", "poverty_transitions")
"""Tables whose rows parameters name by a code alone."""
_CODES: Final = re.compile(
    r"(?:\b(programme_effects) )?"
    r"(?<![-–/])\b([ABEFT][0-9]{2})\b(?:[-–/]([ABEFT][0-9]{2})\b)?(?![-–/])"
)
"""A code, or a range or a ratio of two, behind the table that they are of if it is another."""
_OPENS, _GOES_ON = " (", "; "
"""Where words follow a code in brackets, what names the study comes first in them."""
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


def study_words(source: str, lang: str) -> str:
    """Return a study by its authors and year, or by what it is.

    Parameters
    ----------
    source : str
        Its name in the table of sources.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Empty where its source names neither.

    Examples
    --------
    >>> study_words("alatas_2012", "en"), study_words("indra", "id")
    ('Alatas et al. 2012', 'Indra dkk., keikutsertaan dalam KUBE')
    """
    if i18n.has(f"reports.study_{source}"):
        return i18n.text(f"reports.study_{source}", lang)
    found = _AUTHORS.match(sources().get(source, ""))
    if found is None:
        return ""
    first, others, more, year = found.groups(default="")
    if more or others.count(",") > 1:
        return i18n.text("reports.authors_more", lang, first=first, year=year)
    if others:
        second = others.removeprefix(", ")
        return i18n.text("reports.authors_two", lang, first=first, second=second, year=year)
    return f"{first} {year}"


def _key(name: str) -> str:
    return f"facts.parameter_{name.replace('.', '_')}"


def _in_words(text: str, lang: str) -> str:
    """Return a source with the words of one language for what names files, rows and ids."""
    parts: list[str] = []
    done = 0
    for found in _CODES.finditer(text):
        named = _studies_named(text, found, "".join(parts), lang)
        parts += [text[done : found.end()], named]
        done = found.end() + (len(_OPENS) if named.endswith(_GOES_ON) else 0)
    text = "".join((*parts, text[done:]))
    text = _tables().sub(lambda found: _titled(found[found.lastindex or 0], lang), text)
    return _ID.sub(lambda found: _named(found[0], lang), text)


def _studies_named(text: str, codes: re.Match[str], before: str, lang: str) -> str:
    """Return what to add to codes of studies; nothing where the text names their authors."""
    table, *both = codes.groups()
    studies = _studies(*([table] if table else _STUDIES))
    ids = dict.fromkeys(studies[code] for code in both if code in studies)
    names = [study_words(source, lang) for source in ids if not _told(source, text)]
    named = "; ".join(name for name in names if name and name not in before + text)
    if not named:
        return ""
    if text.startswith(_OPENS, codes.end()):
        return f"{_OPENS}{named}{_GOES_ON}"
    inside = text.count("(", 0, codes.start()) > text.count(")", 0, codes.start())
    closed = text.startswith((")", ",", ";"), codes.end())
    return f", {named}" if inside and closed else f" ({named})"


def _told(source: str, text: str) -> bool:
    """Return whether a text names the authors of a study."""
    found = _AUTHORS.match(sources().get(source, ""))
    return found is not None and found[1] in text


def _titled(name: str, lang: str) -> str:
    return i18n.text("reports.table_titled", lang, title=registry()[name].title[lang])


def _named(name: str, lang: str) -> str:
    known = name in parameter_table() and i18n.has(_key(name))
    return f"“{i18n.text(_key(name), lang)}”" if known else name


@cache
def _studies(*tables: str) -> dict[str, str]:
    """Return the source of every row of some tables, by its code."""
    return {
        code: source
        for table in map(read_table, tables)
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
