"""How the blocks of a document flow over pages: what is turned, and what stays together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kesos_sim.reports.office.document import (
    Block,
    Heading,
    Paragraph,
    Picture,
    SignatureBoxes,
    Table,
)

__all__ = ["introducing", "turned"]

_LED: Final = 2
"""Most paragraphs that stay between a heading and what they lead to."""


def turned(blocks: Sequence[Block]) -> list[bool]:
    """Say which blocks stand on pages with the long side at the bottom.

    Parameters
    ----------
    blocks : sequence of Block
        The blocks of a document, in order.

    Returns
    -------
    list of bool
        True for tables on their side, and for a heading and its words that lead straight to one:
        a heading stays with what it is about.
    """
    found = [isinstance(block, Table) and block.sideways for block in blocks]
    for place in range(len(blocks) - 1, 0, -1):
        if not found[place]:
            continue
        first = place
        while first and isinstance(blocks[first - 1], Paragraph):
            first -= 1
        if first and isinstance(blocks[first - 1], Heading):
            found[first - 1 : place] = [True] * (place - first + 1)
    return found


def introducing(blocks: Sequence[Block]) -> list[bool]:
    """Say which blocks are words between a heading and what they introduce: table, chart, boxes.

    Parameters
    ----------
    blocks : sequence of Block
        The blocks of a document, in order.

    Returns
    -------
    list of bool
        True for a paragraph that must not end a page, for the heading would end it too.
    """
    found = [False] * len(blocks)
    for end, block in enumerate(blocks):
        start = end
        while start and isinstance(blocks[start - 1], Paragraph):
            start -= 1
        shown = isinstance(block, Table | Picture | SignatureBoxes) and end - start <= _LED
        if shown and start and isinstance(blocks[start - 1], Heading):
            found[start:end] = [True] * (end - start)
    return found
