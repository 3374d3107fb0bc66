"""What the page of the attendees needs besides the surface: texts, formats, glossary, settings."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.data.regions import mpu_provinces, provinces
from kesos_sim.emulator.identity import changed
from kesos_sim.forum.session import FORUM_LEVERS, SHOCKS, Session
from kesos_sim.i18n.dates import date, month_name
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["boot", "formats", "glossary", "packed", "page_texts", "stale_parts"]

_DOMAIN: Final = "forum_page."
_YEAR: Final = 2023
"""Any year that begins on a Sunday."""
_TERMS: Final = {
    "bkkks": "BKKKS",
    "orsos": "Orsos",
    "wksbm": "WKSBM",
    "ppks": "PPKS",
    "registry": "DTSEN",
    "pkh": "PKH",
    "sembako": "Sembako",
    "pbi": "PBI",
    "apbd": "APBD",
    "apbn": "APBN",
    "decile": "",
    "poverty_line": "",
    "jimpitan": "",
}
"""Terms and their short names; where there is none, the word of the glossary."""


@cache
def page_texts() -> dict[str, dict[str, str]]:
    """Return the texts of the page.

    Returns
    -------
    dict of str to dict of str to str
        By language and key, with open placeholders.
    """
    known = i18n.keys()
    keys = [key for key in known if key.startswith(_DOMAIN)]
    texts = {
        lang: {key.removeprefix(_DOMAIN): i18n.template(key, lang) for key in keys}
        for lang in i18n.LANGUAGES
    }
    for lang in i18n.LANGUAGES:
        for code in mpu_provinces():
            texts[lang][f"place_{code:02d}"] = provinces()[code].name[lang]
        # The same names as on the wall and in the agreement.
        for name in FORUM_LEVERS:
            texts[lang][f"lever_short_{name}"] = LEVERS[name].label(lang)
        for name in SHOCKS:
            texts[lang][f"shock_{name}"] = i18n.template(f"forum_room.shock_{name}", lang)
    return texts


@cache
def formats() -> dict[str, dict[str, Any]]:
    """Return the words that belong to numbers and dates.

    Returns
    -------
    dict of str to dict
        By language: scale words and units, ``months`` from January, ``weekdays`` from Sunday.
    """
    known = i18n.keys()
    keys = [key for key in known if key.startswith("numbers.")]
    found: dict[str, dict[str, Any]] = {}
    for lang in i18n.LANGUAGES:
        names = [month_name(Month(_YEAR, month), lang) for month in range(1, MONTHS_PER_YEAR + 1)]
        days = [date(dt.date(_YEAR, 1, day), lang, weekday=True) for day in range(1, 8)]
        found[lang] = {
            **{key.removeprefix("numbers."): i18n.template(key, lang) for key in keys},
            "months": [name.removesuffix(f" {_YEAR}") for name in names],
            "weekdays": [day.partition(",")[0] for day in days],
        }
    return found


@cache
def glossary() -> dict[str, list[dict[str, str]]]:
    """Return the terms that the page explains.

    Returns
    -------
    dict of str to list of dict
        By language: ``name`` and ``meaning`` of each.
    """
    terms = i18n.glossary()
    return {
        lang: [
            {"name": short or terms[key].label(lang), "meaning": terms[key].meaning(lang)}
            for key, short in _TERMS.items()
        ]
        for lang in i18n.LANGUAGES
    }


@cache
def packed(name: str) -> bytes:
    """Return a file of the surfaces, compressed; the same bytes each time.

    Parameters
    ----------
    name : str
        ``mpu.json`` or ``families.json``.

    Returns
    -------
    bytes
        gzip; empty where there is no such file, which the page then says.
    """
    source = files("kesos_sim.emulator") / "surfaces" / name
    return gzip.compress(source.read_bytes(), 9, mtime=0) if source.is_file() else b""


@cache
def stale_parts() -> tuple[str, ...]:
    """Return what has changed since the surface was made.

    Returns
    -------
    tuple of str
        Some of `kesos_sim.emulator.identity.PARTS`; none for a surface of today.
    """
    source = files("kesos_sim.emulator") / "surfaces" / "mpu.json"
    return changed(json.loads(source.read_bytes())["made"]) if source.is_file() else ()


def boot(session: Session, lang: str | None = None, stale: tuple[str, ...] | None = None) -> str:
    """Return what the page is started with.

    Parameters
    ----------
    session : Session
        Settings of the meeting.
    lang : str, optional
        Language in which it opens; that of the session if left out.
    stale : tuple of str, optional
        What has changed since the surface was made; looked up if left out.

    Returns
    -------
    str
        JSON text; small angle brackets are escaped, so that it can stand in a page.
    """
    parts = {
        "session": {**session.document(), "lang": lang or session.lang},
        "texts": page_texts(),
        "formats": formats(),
        "glossary": glossary(),
        "stale": _stale_words(stale_parts() if stale is None else stale),
    }
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _stale_words(parts: tuple[str, ...]) -> dict[str, str]:
    """Say by language what has changed since the surface was made; nothing for one of today."""
    if not parts:
        return dict.fromkeys(i18n.LANGUAGES, "")
    return {
        lang: i18n.text(
            "forum.stale",
            lang,
            parts=", ".join(i18n.text(f"emulator.part_{part}", lang) for part in parts),
        )
        for lang in i18n.LANGUAGES
    }
