"""The facilitator's guide, made from the settings, the agenda and the script of the screens.

``python -m kesos_sim.forum.guide docs`` writes it again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kesos_sim import i18n
from kesos_sim.emulator import load_surface
from kesos_sim.forum.session import FORMS, Phase, Session, agenda
from kesos_sim.forum.settings import shipped_session
from kesos_sim.i18n import numbers

__all__ = ["GUIDES", "ROLE_CARDS", "guide_page", "write"]

ROLE_CARDS: Final = ("head", "bkkks", "orsos", "wksbm", "bappeda", "business", "unlisted")
"""Roles of the game, each with a card."""

_SETTINGS: Final = "notebooks/forum/sesi.yaml"
_MOST: Final = 9


def guide_page(lang: str) -> str:
    """Write the guide.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Markdown; the same for the same settings, agenda and texts.
    """
    session = shipped_session()
    return "\n\n".join(_blocks(session, lang)) + "\n"


def _blocks(session: Session, lang: str) -> Iterator[str]:
    say = partial(_say, lang=lang)
    fields = {
        "file": _SETTINGS.rpartition("/")[2],
        "settings": _SETTINGS,
        "session": session.code,
        "year": str(load_surface().headline),
        "mufakat": numbers.percent(100 * session.thresholds.mufakat, lang, 0),
        "near": numbers.percent(100 * session.thresholds.near, lang, 0),
    }
    yield f"# {say('guide.title')}"
    yield f"{say('guide.for_whom', **fields)} *{say('guide.other')}*"
    for name, stem in (("who", "who"), ("setup", "setup")):
        yield f"## {say(f'guide.{name}_title')}"
        yield _numbered(stem, lang, fields)
    for form in sorted(FORMS, reverse=True):
        yield f"## {say('guide.agenda_title', minutes=str(form))}"
        yield _agenda(agenda(form), lang)
    yield say("guide.short_note")
    yield f"## {say('guide.script_title')}"
    for phase in session.phases:
        yield from _script(phase.name, lang)
    yield say("plan_b_always")
    yield f"## {say('guide.rule_title')}"
    yield _numbered("rule", lang, fields)
    yield f"## {say('guide.figures_title')}"
    for stem in ("may", "not"):
        yield f"### {say(f'guide.{stem}_title')}"
        yield _numbered(stem, lang, fields)
    yield f"## {say('guide.broken_title')}"
    yield _numbered("broken", lang, fields)
    yield f"## {say('guide.cards_title')}"
    yield say("guide.cards_text", **fields)
    yield _roles(lang)
    yield f"## {say('guide.after_title')}"
    yield _numbered("after", lang, fields)


def _numbered(stem: str, lang: str, fields: Mapping[str, str]) -> str:
    """Return all texts ``guide.<stem>_1``, ``_2`` and so on as a list."""
    names = (f"guide.{stem}_{number}" for number in range(1, _MOST + 1))
    there = (name for name in names if i18n.has(f"forum_room.{name}"))
    return "\n".join(f"- {_say(name, lang=lang, **fields)}" for name in there)


def _agenda(phases: tuple[Phase, ...], lang: str) -> str:
    """Return the phases with their minutes from the beginning."""
    heads = [_say(f"guide.agenda_{name}", lang=lang)
             for name in ("time", "phase", "screen", "record")]  # fmt: skip
    rows, start = [heads, ["---"] * len(heads)], 0
    for phase in phases:
        end = start + phase.minutes
        parts = (_say(f"guide.{part}.{phase.name}", lang=lang) for part in ("screen", "record"))
        rows.append([f"{start}{numbers.EN_DASH}{end}", _phase(phase.name, lang), *parts])
        start = end
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _script(phase: str, lang: str) -> Iterator[str]:
    """Yield what the drawer of the screen says in one phase."""

    def listed(part: str) -> str:
        names = (f"script.{phase}.{part}_{number}" for number in range(1, _MOST + 1))
        there = (name for name in names if i18n.has(f"forum_room.{name}"))
        return "\n".join(f"- {_say(name, lang=lang)}" for name in there)

    yield f"### {_phase(phase, lang)}"
    yield f"> {_say(f'script.{phase}.say', lang=lang)}"
    for title, part in (("script_do", "do"), ("script_ask", "ask")):
        yield f"**{_say(title, lang=lang)}**"
        yield listed(part)
    yield f"**{_say('script_dispute', lang=lang)}**"
    claims = (number for number in range(1, _MOST + 1)
              if i18n.has(f"forum_room.script.{phase}.claim_{number}"))  # fmt: skip
    yield "\n".join(
        f"- {_say(f'script.{phase}.claim_{number}', lang=lang)} "
        f"{_say(f'script.{phase}.reply_{number}', lang=lang)}"
        for number in claims
    )
    yield (f"**{_say('script_plan_b', lang=lang)}**: "
           f"{_say(f'script.{phase}.plan_b', lang=lang)}")  # fmt: skip


def _roles(lang: str) -> str:
    """Return the role cards as a table."""
    parts = ("goal", "limit", "secret")
    heads = [_say(f"guide.{name}", lang=lang) for name in ("role", *parts)]
    rows = [heads, ["---"] * len(heads)]
    for role in ROLE_CARDS:
        rows.append([_say(f"role.{role}.{part}", lang=lang) for part in ("title", *parts)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _say(key: str, /, lang: str, **fields: str) -> str:
    return i18n.text(f"forum_room.{key}", lang, **fields)


def _phase(name: str, lang: str) -> str:
    """Return a phase as phones and the room's screen call it."""
    return i18n.text(f"forum_page.phase_{name}", lang)


GUIDES: Final = MappingProxyType({"FACILITATOR_GUIDE.md": "en", "FACILITATOR_GUIDE.id.md": "id"})
"""Files in ``docs/`` and their languages."""


def write(folder: Path) -> None:
    """Write the guide into a folder, in both languages.

    Parameters
    ----------
    folder : pathlib.Path
        Where it goes.
    """
    for name, lang in GUIDES.items():
        (folder / name).write_text(guide_page(lang), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
