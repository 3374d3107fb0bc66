"""What the editor of a scenario says: what is changed, what is kept, what is to be mended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.scenario import Scenario, difference
from kesos_sim.scenario.words import as_html
from kesos_sim.workbench.forms import note

__all__ = ["changed_html", "kept_html", "problems_html"]


def changed_html(scenario: Scenario | None, before: Scenario | InputError, lang: str) -> str:
    """Say what a scenario changes.

    Parameters
    ----------
    scenario : Scenario or None
        The scenario; None while something is wrong with it.
    before : Scenario or InputError
        What it is compared with, or why that cannot be read.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        HTML: one line per change, and everything that the scenario says to unfold.
    """
    if scenario is None:
        return note(i18n.text("planner.changes_later", lang), lang)
    if isinstance(before, InputError):
        return note(before.text(lang), lang, "error", "alert")
    lines = difference(before, scenario, lang) or [i18n.text("workbench.no_changes", lang)]
    against = i18n.text("planner.against", lang, title=before.title[lang])
    whole = escape(i18n.text("planner.whole", lang))
    return (
        f'<section lang="{lang}"><p>{escape(against)}</p>{_listed(lines)}</section>'
        f'<details lang="{lang}"><summary>{whole}</summary>{as_html(scenario, lang)}</details>'
    )


def kept_html(kept: Mapping[str, object], lang: str) -> str:
    """List what a file holds beyond the controls of the editor.

    Parameters
    ----------
    kept : mapping of str to object
        As `Editing.kept` returns it.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        HTML; empty for nothing.
    """
    if not kept:
        return ""
    lines = [
        i18n.text(f"planner.kept_{name}", lang, what=_what(name, content, lang))
        for name, content in kept.items()
    ]
    words = escape(i18n.text("planner.kept", lang))
    return f'<section lang="{lang}"><p>{words}</p>{_listed(lines)}</section>'


def problems_html(problems: Mapping[str, InputError], shown: Collection[str], lang: str) -> str:
    """Count what is to be mended; what stands beside no field is written out.

    Parameters
    ----------
    problems : mapping of str to InputError
        What is wrong, by field.
    shown : collection of str
        The fields beside which it is said.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        HTML; empty if nothing is wrong.
    """
    if not problems:
        return ""
    count = i18n.text("planner.problems", lang, count=len(problems))
    elsewhere = [error.text(lang) for field, error in problems.items() if field not in shown]
    return (
        f'<div class="problems" role="alert" lang="{lang}">'
        f'<p class="error">⚠ {escape(count)}</p>{_listed(elsewhere)}</div>'
    )


def _what(name: str, content: object, lang: str) -> str:
    """Return what a section holds: how many entries, or its one word."""
    if isinstance(content, list | dict):
        return str(len(content))
    return i18n.text(f"scenario.word_{name}_{content}", lang)


def _listed(lines: list[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""
