"""A document as PDF: A4, bundled fonts only, tagged for screen readers.

The words travel beside the template as data. Typst shows a string of the data as it is, so that
nothing in a user's text can become markup.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.reports.office.document import (
    BESIDE,
    Block,
    Document,
    LinkCode,
    Listing,
    Picture,
    SignatureBoxes,
    Table,
)
from kesos_sim.reports.office.flow import introducing, turned
from kesos_sim.reports.office.links import link_picture
from kesos_sim.reports.office.words import plain

__all__ = ["MONO", "SANS", "SERIF", "compiled", "write"]

SERIF: Final = "Libertinus Serif"
"""Comes with typst."""
SANS: Final = "Kesos Inter"
MONO: Final = "DejaVu Sans Mono"
"""Comes with typst."""
_STANDARD: Final = "ua-1"
_LATIN: Final = 0x24F
"""Last letter of the Latin blocks, which the bundled fonts have."""
_PROBE: Final = (
    '#set document(title: "x", date: none)\n'
    f'#set text(font: ("{SERIF}", "{SANS}", "{MONO}"))\n#json("words.json")'
).encode()


def write(document: Document) -> bytes:
    """Return a document as PDF.

    Parameters
    ----------
    document : Document
        What to write.

    Returns
    -------
    bytes
        The same bytes for the same document. A letter that no bundled font has is written as its
        number, for instance ``[U+6F22]``, so that nothing disappears.
    """
    pictures: dict[str, bytes] = {}
    data = {
        "title": document.title,
        "subtitle": document.subtitle,
        "lang": document.lang,
        "line": document.line,
        "page": i18n.text("office.page", document.lang, page="{page}", pages="{pages}"),
        "subject": i18n.text("office.subject", document.lang),
        "blocks": _gathered(
            [
                _block(block, document, pictures) | {"introduces": kept}
                for block, kept in zip(document.blocks, introducing(document.blocks), strict=True)
            ],
            turned(document.blocks),
        ),
        "serif": SERIF,
        "sans": SANS,
        "mono": MONO,
    }
    template = files("kesos_sim.reports.office") / "page.typ"
    sources = {"main": template.read_bytes(), "document.json": _coded(_shown(data))}
    return compiled(sources | pictures)


def _block(block: Block, document: Document, pictures: dict[str, bytes]) -> dict[str, Any]:
    """Return a block as plain data, and keep its picture."""
    kind = {"kind": type(block).__name__}
    if isinstance(block, Picture):
        name = f"chart-{len(pictures)}.svg"
        pictures[name] = block.chart.svg().encode()
        return kind | {"file": name, "alt": block.chart.alt}
    if isinstance(block, Table):
        return kind | _table(block)
    if isinstance(block, LinkCode):
        name = f"link-{len(pictures)}.svg"
        pictures[name] = link_picture(block.address, "svg")
        return kind | {"file": name, "words": block.words, "address": block.address}
    if isinstance(block, Listing):
        title = i18n.text("office.listing", document.lang, name=block.name)
        return kind | {"title": title, "text": block.text}
    if isinstance(block, SignatureBoxes):
        return kind | asdict(block) | {"together": block.together, "beside": BESIDE}
    return kind | asdict(block)


def _gathered(blocks: list[dict[str, Any]], wide: list[bool]) -> list[dict[str, Any]]:
    """Put what follows each other on turned pages together."""
    found: list[dict[str, Any]] = []
    for turned_round, group in groupby(zip(blocks, wide, strict=True), key=itemgetter(1)):
        inside = [block for block, _ in group]
        found += [{"kind": "Wide", "blocks": inside}] if turned_round else inside
    return found


def _table(block: Table) -> dict[str, Any]:
    """Return a table as plain data; None is a field to be filled in."""
    table = block.table
    return {
        "title": table.title,
        "note": block.note,
        "wide": block.sideways,
        "together": block.together,
        "letters": round(block.letters, 3),
        "widths": [round(100.0 * width, 3) for width in block.widths()],
        "numeric": [column.numeric for column in table.columns],
        "heads": [column.label for column in table.columns],
        "rows": [
            [None if not cell and place in block.fill else cell for place, cell in enumerate(row)]
            for row in table.whole_numbers()
        ],
    }


def _coded(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def _shown(data: Any) -> Any:
    """Return data with all its text as the bundled fonts can show it."""
    if isinstance(data, str):
        return "".join(
            letter if ord(letter) <= _LATIN or _has_shape(letter) else f"[U+{ord(letter):04X}]"
            for letter in plain(data)
        )
    if isinstance(data, dict):
        return {name: _shown(value) for name, value in data.items()}
    return [_shown(value) for value in data] if isinstance(data, list | tuple) else data


@cache
def _has_shape(letter: str) -> bool:
    """Return whether a bundled font has a letter; typst itself is asked."""
    from typst import TypstError

    try:
        compiled({"main": _PROBE, "words.json": _coded(letter)})
    except TypstError:
        return False
    return True


def compiled(sources: dict[str, bytes]) -> bytes:
    """Let typst make a PDF of a template and its data.

    Parameters
    ----------
    sources : dict of str to bytes
        The template as ``main``, and by name the files that it reads.

    Returns
    -------
    bytes
        For screen readers too (PDF/UA), with the letters of the package and of typst and none of
        the machine; the same bytes for the same sources.
    """
    import typst  # typst loads where it is used

    made: bytes = typst.compile(
        sources, format="pdf", font_paths=_fonts(), pdf_standards=[_STANDARD]
    )
    return made


@cache
def _fonts() -> Any:
    """Return the fonts of the package and of typst, and none of the machine."""
    import typst

    folder = str(files("kesos_sim.reports") / "fonts")
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])
