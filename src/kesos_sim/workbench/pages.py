"""Sections of the pages that are made from the code: the description by ODD and the model card."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from kesos_sim import i18n
from kesos_sim.errors import InputError, nearest
from kesos_sim.reports.card import card_page
from kesos_sim.reports.description.versions import versions
from kesos_sim.reports.odd import odd_page

__all__ = ["Page", "card", "odd"]

_HEADING: Final = re.compile(r"^## (.+)$", re.M)
_LINK: Final = re.compile(r"\]\((\w[\w.]*\.md)\)")
_DOCUMENTS: Final = "../../docs"
"""Where the pages lie that a section points to, seen from a folder of notebooks."""
_CARD: Final = (
    "purpose",
    "not",
    "glance",
    "data",
    "evidence",
    "valid",
    "emulator",
    "coordination",
    "seeds",
    "sources",
    "limits",
    "privacy",
)


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a page.

    Attributes
    ----------
    markdown : str
        Its text.
    """

    markdown: str

    def _repr_mimebundle_(self, **_: object) -> Mapping[str, str]:
        """Show it."""
        return {"text/markdown": self.markdown, "text/plain": self.markdown}


def odd(section: int) -> Page:
    """Show a section of the description of the model by the ODD protocol, which is in English.

    Parameters
    ----------
    section : int
        Number of the section, 1 to 7.

    Returns
    -------
    Page
        Without its heading.

    Raises
    ------
    InputError
        If there is no such section.

    Examples
    --------
    >>> print(odd(3).markdown.strip().split(",")[0])
    The stages below are the tuple `STAGES` of `kesos_sim.model.month`
    """
    found = _sections(odd_page())
    for title, text in found.items():
        if title.startswith(f"{section}. "):
            return _page(text, "en")
    raise InputError("KS5101", "workbench.no_section", got=section, suggestion=None)


def card(section: str, bahasa: str = "id") -> Page:
    """Show a section of the model card.

    Parameters
    ----------
    section : str
        For instance ``valid`` or ``limits``.
    bahasa : {"id", "en"}
        Language of the card.

    Returns
    -------
    Page
        Without its heading.

    Raises
    ------
    InputError
        If there is no such section.

    Examples
    --------
    >>> print(card("not", "en").markdown.strip().splitlines()[0])
    * No forecast: the poverty rate of coming years follows from assumptions; what means
    something is the difference between scenarios.
    """
    if section not in _CARD:
        raise InputError(
            "KS5101", "workbench.no_section", got=section, suggestion=nearest(section, _CARD)
        )
    title = i18n.text(f"card.{section}.title", bahasa)
    return _page(_sections(_card(bahasa))[title], bahasa)


@cache
def _card(lang: str) -> str:
    return card_page(lang)


def _sections(page: str) -> dict[str, str]:
    """Return the text below each heading of the second level."""
    _, *pieces = _HEADING.split(page)
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def _page(text: str, lang: str) -> Page:
    """Return a section with the links of its page and the versions behind it."""
    linked = _LINK.sub(rf"]({_DOCUMENTS}/\1)", text.strip())
    return Page(f"{linked}\n\n*{versions(lang)}*\n")
