"""Tables as HTML: escaped, with a caption, scrolling where a page is too narrow."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kesos_sim.reports.tables import TextTable

__all__ = ["scrolling", "table_html"]

_LONG: Final = 24
"""Characters of a cell from which on its column must not become narrow."""
_SHORT: Final = 16
"""Characters of a name up to which it need not break."""
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:[._][a-z0-9]+)+")
_JOINT: Final = re.compile(r"[._]")


def table_html(table: TextTable) -> str:
    """Return a table as HTML.

    Parameters
    ----------
    table : TextTable
        The table.

    Returns
    -------
    str
        A ``table`` element with a caption; numbers to the right, columns of long words marked.
    """
    longest = [max(map(len, cells), default=0) for cells in zip(*table.rows, strict=True)]
    longest = longest or [0] * len(table.columns)
    aligned = [
        ' class="n"' if column.numeric else ' class="t"' if length > _LONG else ""
        for column, length in zip(table.columns, longest, strict=True)
    ]
    head = "".join(
        f'<th scope="col"{side}>{escape(column.label)}</th>'
        for column, side in zip(table.columns, aligned, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{side}>{_cell(cell)}</td>" for cell, side in zip(row, aligned, strict=True))
        + "</tr>\n"
        for row in table.whole_numbers()
    )
    return scrolling(
        table.title,
        f"<table><caption><span>{escape(table.title)}</span></caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>",
    )


def _cell(words: str) -> str:
    """Return the words of a cell; names of parameters and tables may break where parts meet."""
    breaks = len(words) > _SHORT and _NAME.fullmatch(words)
    return _JOINT.sub(r"\g<0><wbr>", escape(words)) if breaks else escape(words)


def scrolling(title: str, table: str) -> str:
    """Return a table that scrolls where the page is too narrow, with the keyboard as well.

    Parameters
    ----------
    title : str
        What a screen reader calls it.
    table : str
        The table in HTML.

    Returns
    -------
    str
    """
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}">{table}</div>'
    )
