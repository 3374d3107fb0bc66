"""Lines of Python that are short enough to be printed: who copies them from paper gets the same."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator
from typing import Final

from kesos_sim.reports.office.document import Listing
from kesos_sim.reports.plans.naming import lines_file

__all__ = ["WIDTH", "program", "wrapped"]

WIDTH: Final = 88
"""Letters of a line that stand beside each other on a printed page."""
_STEP: Final = " " * 4
_OPEN: Final = frozenset("([{")
_CLOSE: Final = frozenset(")]}")
_BEFORE: Final = _CLOSE | {"+"}
"""What a new line may begin with, within brackets."""


def program(region: str | tuple[int, ...], lines: Iterable[str]) -> Listing:
    r"""Return lines that compute a document again as they are printed.

    Parameters
    ----------
    region : str or tuple of int
        Region of the scenarios that the lines read.
    lines : iterable of str
        The lines, each a statement or an entry of a call.

    Returns
    -------
    Listing
        No line is longer than `WIDTH`.

    Examples
    --------
    >>> program((3316,), ["made = plans.rpkd(", "    result,", ")"])
    Listing(name='hitung_lagi_3316.py', text='made = plans.rpkd(\n    result,\n)\n')
    """
    return Listing(lines_file(region), "".join(f"{p}\n" for one in lines for p in wrapped(one)))


def wrapped(line: str, width: int = WIDTH) -> list[str]:
    r"""Break a line of Python where Python allows it, so that it means the same.

    Parameters
    ----------
    line : str
        A line that ends where its brackets are closed, or an entry of a call with its comma.
    width : int
        Most letters of a line.

    Returns
    -------
    list of str
        The line itself where it is short enough. Else it ends behind a comma or an opening
        bracket, or before an operator, always within brackets; a text that is too long by itself
        is written as several that Python joins. A single name may be longer.

    Examples
    --------
    >>> wrapped("told(first('a', lang='id'))", 20)
    ["told(first('a',", "    lang='id'))"]
    >>> print(*wrapped("note('one two three four')", 18), sep="\n")
    note('one two thr'
        'ee four')
    """
    if len(line) <= width:
        return [line]
    margin = line[: len(line) - len(line.lstrip())]
    further = margin + _STEP
    lines = [margin]
    for piece, opens in _pieces(line.strip(), width - len(further) - 1):
        if opens and lines[-1].strip() and len(lines[-1]) + len(piece.rstrip()) > width:
            lines.append(further)
        lines[-1] += piece
    return [found.rstrip() for found in lines]


def _pieces(line: str, room: int) -> Iterator[tuple[str, bool]]:
    """Yield pieces of a line, and whether a new line may begin before each of them."""
    piece, opens, end = "", False, 0
    depth = int(line.endswith(","))  # an entry stands within the brackets of its call
    for token in _tokens(line):
        gap, end = " " * (token.start[1] - end), token.end[1]
        texts = _texts(token, room) if depth else [token.string]
        depth -= token.string in _CLOSE
        long = token.type == tokenize.STRING and len(texts[0]) > room // 2
        if depth and piece and (long or token.string in _BEFORE):
            yield piece + gap, opens
            piece, opens, gap = "", True, ""
        for text in texts[:-1]:
            yield piece + gap + text, opens
            piece, opens, gap = "", True, ""
        piece += gap + texts[-1]
        depth += token.string in _OPEN
        if depth and token.string in {*_OPEN, ","}:
            space = " " if line[end : end + 1] == " " else ""
            yield piece + space, opens
            piece, opens, end = "", True, end + len(space)
    yield piece, opens


def _tokens(line: str) -> Iterator[tokenize.TokenInfo]:
    """Yield what a line consists of."""
    empty = {tokenize.NEWLINE, tokenize.NL, tokenize.ENDMARKER}
    for token in tokenize.generate_tokens(io.StringIO(line).readline):
        if token.type not in empty:
            yield token


def _texts(token: tokenize.TokenInfo, room: int) -> list[str]:
    """Return a token, a text that is too long as several that mean the same side by side."""
    if token.type != tokenize.STRING or len(token.string) <= room:
        return [token.string]
    left, found = str(ast.literal_eval(token.string)), list[str]()
    while left:
        most = max(1, next(n for n in range(room, 0, -1) if len(repr(left[:n])) <= room or n == 1))
        found.append(repr(left[:most]))
        left = left[most:]
    return found
