"""Cards on paper as PDF: roles to play, and what is filled in where there is no phone.

The words travel beside the template as data, so that nothing in a text can become markup.
"""

from __future__ import annotations

import json
from functools import partial
from importlib.resources import files
from typing import Any

from kesos_sim import i18n
from kesos_sim.emulator import load_surface
from kesos_sim.forum.guide import ROLE_CARDS
from kesos_sim.forum.lever_words import setting_words
from kesos_sim.forum.session import Session
from kesos_sim.reports.office.pdf import SANS, SERIF, compiled
from kesos_sim.scenario.levers import LEVERS, POINTS

__all__ = ["cards"]


def cards(session: Session, lang: str) -> bytes:
    """Return all cards of a meeting, to print on A4 and to cut.

    Parameters
    ----------
    session : Session
        Settings of the meeting.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    bytes
        A PDF; the same bytes for the same settings.
    """
    words = json.dumps(_words(session, lang), ensure_ascii=False).encode()
    template = files("kesos_sim.forum") / "cards.typ"
    return compiled({"main": template.read_bytes(), "cards.json": words})


def _words(session: Session, lang: str) -> dict[str, Any]:
    """Return everything that stands on the cards."""
    say = partial(_say, lang=lang)
    surface = load_surface()
    year = str(surface.headline)
    lines = surface.cost({}, surface.places[0])["lines"]
    return {
        "lang": lang,
        "title": f"{say('guide.cards_title')}: {session.title[lang]}",
        "session": f"{session.title[lang]}\u00a0·\u00a0{session.code}",
        "fonts": [SANS, SERIF],
        "roles_title": say("card.roles"),
        "parts": [say(f"guide.{name}") for name in ("goal", "limit", "secret")],
        "roles": [
            [say(f"role.{role}.{part}") for part in ("title", "goal", "limit", "secret")]
            for role in ROLE_CARDS
        ],
        "table": say("card.table"),
        "number": say("card.number"),
        "package": {
            "title": say("paper_package"),
            "name": say("paper_name"),
            "choose": say("card.choose"),
            "levers": [
                [LEVERS[name].label(lang), _settings(name, values, lang)]
                for name, values in session.steps.items()
            ],
            "sources": say("card.sources"),
            "lines": [_line(one["line"], lang, known=one["rupiah"] is not None) for one in lines],
        },
        "stance": {
            "title": say("paper_stance"),
            "choose": say("card.stance"),
            "proposal": say("card.proposal"),
            "answers": [say(f"answer_{answer}") for answer in (3, 2, 1, 0)],
            "points": [f"{one}. {i18n.text(f'forum_page.point_{one}', lang)}" for one in POINTS],
            "note": say("card.note"),
        },
        "guess": {
            "title": say("paper_guess"),
            "ask": say("card.guess", year=year),
            "questions": [say(f"short_{one.name}") for one in session.questions],
        },
        "reflect": {"title": say("paper_reflect"), "ask": say("card.sentence")},
    }


def _settings(name: str, values: tuple[float, ...], lang: str) -> list[str]:
    """Return what can be circled: the steps, and before them today's where it is none of them."""
    today = LEVERS[name].default
    return [
        setting_words(name, one, lang) for one in ((today,) if today not in values else ()) + values
    ]


def _line(name: str, lang: str, *, known: bool) -> str:
    """Return a budget line; one whose size nobody publishes cannot balance a package."""
    words = i18n.text(f"scenario.field_source_{name}", lang)
    return words if known else _say("card.unpublished", lang, line=words)


def _say(key: str, /, lang: str, **fields: str) -> str:
    return i18n.text(f"forum_room.{key}", lang, **fields)
