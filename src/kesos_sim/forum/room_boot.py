"""What the facilitator's page is given once: settings, words, labels, formats, address."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.forum.attendee_texts import formats
from kesos_sim.forum.lever_words import setting_texts
from kesos_sim.forum.session import FORUM_LEVERS, ROLES, SHOCKS, Session
from kesos_sim.i18n import numbers
from kesos_sim.scenario.format import FUNDING_SOURCES
from kesos_sim.scenario.levers import LEVERS, POINTS
from kesos_sim.units import Month

__all__ = ["ADDRESS_VARIABLE", "address_code", "boot_text"]

ADDRESS_VARIABLE: Final = "KESOS_FORUM_ADDRESS"
"""Environment variable with the address at which attendees join."""

_OWN: Final = "forum_room."
_QR_ERROR: Final = "m"


def boot_text(session: Session, stale: tuple[str, ...], made: dict[str, Any]) -> str:
    """Return the text that the page starts from.

    Parameters
    ----------
    session : Session
        Settings of the meeting.
    stale : tuple of str
        What the fitted surface does not fit to any more: code, data, parameters; empty if it does.
    made : dict
        Where the surface comes from, as it says itself.

    Returns
    -------
    str
        JSON; without secrets.
    """
    address = os.environ.get(ADDRESS_VARIABLE, "").strip()
    return json.dumps(
        {
            "session": session.document(),
            "texts": {lang: _texts(lang) for lang in i18n.LANGUAGES},
            "formats": formats(),
            "labels": {lang: _labels(session, lang) for lang in i18n.LANGUAGES},
            "lines": list(FUNDING_SOURCES),
            "today": {name: LEVERS[name].default for name in FORUM_LEVERS},
            "join": {"address": address, "code": list(address_code(address)) if address else []},
            "stale": list(stale),
            "source": {lang: _source(made, lang) for lang in i18n.LANGUAGES},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def address_code(address: str) -> tuple[str, ...]:
    """Return an address as a QR code.

    Parameters
    ----------
    address : str
        The address.

    Returns
    -------
    tuple of str
        Rows of ``1`` (dark) and ``0``, without a margin.
    """
    import segno

    found = segno.make(address, error=_QR_ERROR, micro=False)
    return tuple("".join("1" if cell else "0" for cell in row) for row in found.matrix)


@cache
def _texts(lang: str) -> dict[str, str]:
    keys = i18n.keys()
    names = (key for key in keys if key.startswith(_OWN))
    return {key.removeprefix(_OWN): i18n.template(key, lang) for key in names}


def _labels(session: Session, lang: str) -> dict[str, Any]:
    """Return the names of everything that events and answers call by a code, as on phones."""
    known = i18n.keys()
    return {
        "levers": {name: LEVERS[name].label(lang) for name in FORUM_LEVERS},
        "settings": setting_texts(lang),
        "points": {str(one): i18n.text(f"forum_page.point_{one}", lang) for one in POINTS},
        "phases": {one.name: i18n.text(f"forum_page.phase_{one.name}", lang)
                   for one in session.phases},
        "shocks": {name: i18n.text(f"forum_room.shock_{name}", lang) for name in SHOCKS},
        "lines": {name: i18n.text(f"scenario.field_source_{name}", lang)
                  for name in FUNDING_SOURCES},
        "roles": {name: i18n.text(f"forum.role_{name}", lang) for name in ROLES},
        "phrases": {
            key.removeprefix("forum_page.phrase_"): i18n.text(key, lang)
            for key in known
            if key.startswith("forum_page.phrase_")
        },
    }  # fmt: skip


def _source(made: dict[str, Any], lang: str) -> str:
    """Write where the figures come from, in one line."""
    if not made:
        return i18n.text("forum_room.source_missing", lang)
    return i18n.text(
        "forum_room.source_made",
        lang,
        version=str(made["version"]),
        vintage=numbers.month_name(Month.parse(made["vintage"]), lang),
        runs=numbers.number(made["runs"], lang),
        code=str(made["code"])[:8],
    )
