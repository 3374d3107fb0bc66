"""The facilitator's guide on paper: A4, black on white, from the page that `guide` writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.forum.guide import guide_page
from kesos_sim.reports.office.pdf import MONO, SANS, SERIF, compiled

__all__ = ["guide_pdf"]

_PIECE: Final = re.compile(
    r"\*\*(?P<strong>.+?)\*\*|`(?P<code>[^`]+)`|\*(?P<emph>.+?)\*|\[(?P<link>[^\]]+)\]\([^)]*\)"
)
_HEADING: Final = re.compile(r"(#+) (.*)")
_LEAST_WIDTH: Final = 6
"""Letters for which a column of a table leaves room at the least."""

Pieces = list[list[str]]
"""Kind and words of each part of a line: ``text``, ``strong``, ``emph`` or ``code``."""


def guide_pdf(lang: str) -> bytes:
    """Return the facilitator's guide, to print.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    bytes
        A PDF; the same bytes for the same guide.
    """
    words = {
        "title": i18n.text("forum_room.guide.title", lang),
        "lang": lang,
        "page": i18n.text("office.page", lang, page="{page}", pages="{pages}"),
        "blocks": list(_blocks(guide_page(lang))),
        "sans": SANS,
        "serif": SERIF,
        "mono": MONO,
    }
    template = files("kesos_sim.forum") / "guide.typ"
    coded = json.dumps(words, ensure_ascii=False).encode()
    return compiled({"main": template.read_bytes(), "guide.json": coded})


def _blocks(page: str) -> Iterator[dict[str, Any]]:
    """Yield the blocks of a page in the little Markdown that the guide is written in."""
    for block in page.strip().split("\n\n"):
        lines = block.split("\n")
        if heading := _HEADING.fullmatch(block):
            level = len(heading[1])
            yield {"kind": "heading", "level": level, "content": _pieces(heading[2])}
        elif block.startswith("> "):
            yield {"kind": "quote", "content": _pieces(block.removeprefix("> "))}
        elif block.startswith("- "):
            items = [_pieces(line.removeprefix("- ")) for line in lines]
            yield {"kind": "list", "content": items}
        elif block.startswith("| "):
            rows = [line.strip("| ").split(" | ") for line in lines if not line.startswith("| ---")]
            yield {
                "kind": "table",
                "content": [[_pieces(cell) for cell in row] for row in rows],
                "widths": _widths(rows),
            }
        else:
            yield {"kind": "text", "content": _pieces(block)}


def _pieces(text: str) -> Pieces:
    """Part a line by how its words are set."""
    found: Pieces = []
    at = 0
    for match in _PIECE.finditer(text):
        found.append(["text", text[at : match.start()]])
        kind = str(match.lastgroup)
        words = _PIECE.sub(r"\g<link>", match[kind]) if kind == "emph" else match[kind]
        found.append(["text" if kind == "link" else kind, words])
        at = match.end()
    found.append(["text", text[at:]])
    return [piece for piece in found if piece[1]]


def _widths(rows: list[list[str]]) -> list[float]:
    """Return the widths of columns in relation to each other: the root of their words."""
    columns = zip(*rows, strict=True)
    return [max(_LEAST_WIDTH, *map(len, column)) ** 0.5 for column in columns]
