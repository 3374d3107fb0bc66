"""Words in both languages: the message catalogue, the glossary and the formats.

A catalogue file ``catalogue/<domain>.toml`` holds one table per message::

    [unknown_table]
    id = "Tabel {table} tidak dikenal."
    en = "There is no table {table}."

and the message is asked for as ``text("<domain>.unknown_table", "id", table="x")``. English needs
another word for one than for many: ``{count} {count:table|tables}``.

Examples
--------
>>> from kesos_sim.i18n import numbers
>>> text("numbers.months", "en", number=3)
'3 months'
>>> numbers.number(1234567.891, "id", 2), numbers.number(1234567.891, "en", 2)
('1.234.567,89', '1,234,567.89')
>>> numbers.percent(9.36, "id"), numbers.points(-0.72, "id", signed=True)
('9,4%', '−0,7 persen poin')
>>> numbers.rupiah(12_750_000_000, "id", digits=3), numbers.rupiah(1_250, "en")
('Rp12,8 miliar', 'Rp1,250')
>>> numbers.people(41_234, "id"), numbers.people(1_234_567, "en")
('41 ribu orang', '1.23 million people')
>>> numbers.interval(6.4, 8.3, "id"), numbers.number(None, "en")
('6,4–8,3%', 'no data')
>>> numbers.months(1, "en"), numbers.span(36, "en"), numbers.short(12_812_345, "id")
('1 month', '3 years', '12,8 juta')
"""

from __future__ import annotations

import os
import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kesos_sim.i18n.glossary import Term, glossary

__all__ = [
    "LANGUAGES",
    "LanguageError",
    "Term",
    "default_language",
    "glossary",
    "has",
    "keys",
    "known_language",
    "template",
    "text",
]

LANGUAGES: Final = ("id", "en")


class LanguageError(KeyError):
    """A language that there are no words in.

    Parameters
    ----------
    wanted : object
        What somebody asked for.

    Examples
    --------
    >>> print(LanguageError("english"))
    The language 'english' is not known. Write bahasa = "id" for Bahasa Indonesia or bahasa = "en"
    for English.
    """

    def __init__(self, wanted: object) -> None:
        super().__init__(wanted)
        self.wanted = wanted

    def __str__(self) -> str:
        """Say in one sentence which languages there are, in the language that was likely meant."""
        english = str(self.wanted).strip().lower().startswith("en")
        lang = "en" if english else default_language()
        return text("errors.language", lang, got=ascii(self.wanted)[:_SHOWN])

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows in place of a traceback."""
        return [str(self)]


_NUMBERED: Final = re.compile(r"\{(\w+):([^{}|]+)\|([^{}|]+)\}")
"""A word for one and a word for any other number of what a field counts."""
_SHOWN: Final = 40
"""Characters of a wrong language that are repeated."""


def known_language(lang: str) -> str:
    """Return a language that there are words in.

    Parameters
    ----------
    lang : str
        What was asked for.

    Returns
    -------
    str
        ``id`` or ``en``.

    Raises
    ------
    LanguageError
        If it is another.

    Examples
    --------
    >>> known_language("en")
    'en'
    """
    if lang not in LANGUAGES:
        raise LanguageError(lang)
    return lang


def default_language() -> str:
    """Return the user's language: ``KESOS_LANG`` if it is known, else Bahasa Indonesia.

    Returns
    -------
    str
        ``id`` or ``en``.

    Examples
    --------
    >>> from unittest.mock import patch
    >>> with patch.dict("os.environ", KESOS_LANG="en_GB.UTF-8"):
    ...     default_language()
    'en'
    """
    wanted = os.environ.get("KESOS_LANG", "").strip().lower()[:2]
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def text(key: str, lang: str, /, **fields: object) -> str:
    """Return a message of the catalogue with its fields filled in.

    Parameters
    ----------
    key : str
        ``domain.name``.
    lang : str
        ``id`` or ``en``.
    **fields : object
        Values for the placeholders; format numbers before with `kesos_sim.i18n.numbers`.

    Returns
    -------
    str
        The message.

    Raises
    ------
    KeyError
        If the catalogue has no such key, or a field is missing.
    LanguageError
        If there are no words in that language.

    Examples
    --------
    >>> text("numbers.months", "id", number=3)
    '3 bulan'
    >>> text("cli.data.rows", "en", rows=1), text("cli.data.rows", "en", rows=2)
    ('1 row', '2 rows')
    """
    words = template(key, lang)
    if "|" in words:
        words = _NUMBERED.sub(lambda found: found[2 if str(fields[found[1]]) == "1" else 3], words)
    return words.format(**fields)


def template(key: str, lang: str) -> str:
    """Return a message with its placeholders still open.

    Parameters
    ----------
    key : str
        ``domain.name``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The message as the catalogue has it.

    Examples
    --------
    >>> template("numbers.months", "id")
    '{number} bulan'
    """
    known_language(lang)
    domain, _, name = key.partition(".")
    try:
        return _domain(domain)[name][lang]
    except KeyError:
        raise KeyError(f"message {key!r} in {lang!r} is not in the catalogue") from None


def has(key: str) -> bool:
    """Return whether the catalogue has a message.

    Parameters
    ----------
    key : str
        ``domain.name``.

    Returns
    -------
    bool

    Examples
    --------
    >>> has("numbers.months"), has("numbers.fortnights")
    (True, False)
    """
    domain, _, name = key.partition(".")
    return name in _domain(domain)


@cache
def keys() -> tuple[str, ...]:
    """Return every key of every catalogue file.

    Returns
    -------
    tuple of str
        Sorted keys.

    Examples
    --------
    >>> "numbers.months" in keys()
    True
    """
    folder = files("kesos_sim.i18n") / "catalogue"
    domains = [entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return tuple(sorted(f"{domain}.{name}" for domain in domains for name in _domain(domain)))


@cache
def _domain(domain: str) -> dict[str, dict[str, str]]:
    """Read one catalogue file; an unknown domain is an empty one."""
    resource = files("kesos_sim.i18n") / "catalogue" / f"{domain}.toml"
    if not resource.is_file():
        return {}
    return dict(_leaves(tomllib.loads(resource.read_text(encoding="utf-8"))))


def _leaves(table: dict[str, Any], prefix: str = "") -> list[tuple[str, dict[str, str]]]:
    """Flatten nested TOML tables to ``a.b`` names; a leaf holds only text."""
    found: list[tuple[str, dict[str, str]]] = []
    for name, value in table.items():
        if all(isinstance(entry, str) for entry in value.values()):
            found.append((prefix + name, value))
        else:
            found.extend(_leaves(value, f"{prefix}{name}."))
    return found
