"""Words in both languages: the message catalogue, the glossary and the formats.

A catalogue file ``catalogue/<domain>.toml`` holds one table per message::

    [unknown_table]
    id = "Tabel {table} tidak dikenal."
    en = "There is no table {table}."

and the message is asked for as ``text("<domain>.unknown_table", "id", table="x")``.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kesos_sim.i18n.glossary import Term, glossary

__all__ = ["LANGUAGES", "Term", "default_language", "glossary", "keys", "template", "text"]

LANGUAGES: Final = ("id", "en")


def default_language() -> str:
    """Return the user's language: ``KESOS_LANG`` if it is known, else Bahasa Indonesia.

    Returns
    -------
    str
        ``id`` or ``en``.
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
        If the catalogue has no such key or language, or a field is missing.
    """
    return template(key, lang).format(**fields)


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
    """
    if lang not in LANGUAGES:
        raise KeyError(f"language {lang!r}; known: {', '.join(LANGUAGES)}")
    domain, _, name = key.partition(".")
    try:
        return _domain(domain)[name][lang]
    except KeyError:
        raise KeyError(f"message {key!r} in {lang!r} is not in the catalogue") from None


def keys() -> tuple[str, ...]:
    """Return every key of every catalogue file.

    Returns
    -------
    tuple of str
        Sorted keys.
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
