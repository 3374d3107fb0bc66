"""The glossary as a page in each language."""

from __future__ import annotations

from collections.abc import Iterator

from kesos_sim import i18n
from kesos_sim.i18n.glossary import glossary

__all__ = ["glossary_page"]


def glossary_page(lang: str) -> str:
    """Return the terms of the field with their meaning, in the order of the alphabet.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Markdown.
    """
    return "\n".join(_lines(lang)).rstrip("\n") + "\n"


def _lines(lang: str) -> Iterator[str]:
    """Yield the lines of the page."""
    other = next(one for one in i18n.LANGUAGES if one != lang)
    yield from (f"# {i18n.text('glossary.title', lang)}", "")
    yield from (i18n.text("glossary.text", lang), "")
    heads = ("term", "meaning", "other")
    yield f"| {' | '.join(i18n.text(f'glossary.{head}', lang) for head in heads)} |"
    yield "|---|---|---|"
    for term in sorted(glossary().values(), key=lambda one: one.label(lang).casefold()):
        meaning = term.meaning(lang).replace("|", "\\|")
        yield f"| {term.label(lang)} | {meaning} | {term.label(other)} |"
