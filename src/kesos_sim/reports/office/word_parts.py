"""Pieces of a DOCX file for which python-docx has no words: styles, fields, borders, languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from kesos_sim.reports.charts.style import INK, QUIET

__all__ = [
    "FONT_TABLE",
    "SERIF",
    "blank",
    "cell_borders",
    "frame",
    "number_afresh",
    "page_field",
    "repeat_heading",
    "styled",
    "table_words",
]

SERIF: Final = "Cambria"
SANS: Final = "Arial"
MONO: Final = "Courier New"
_FALLBACKS: Final = {
    SERIF: ("Caladea, Times New Roman, Liberation Serif, Tinos, DejaVu Serif", "roman"),
    SANS: ("Liberation Sans, Arimo, DejaVu Sans", "swiss"),
    MONO: ("Liberation Mono, Cousine, DejaVu Sans Mono", "modern"),
    "Symbol": ("OpenSymbol", "roman"),
}
"""Fonts that every office program has, and what to take on a machine without them."""
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FONT_TABLE: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<w:fonts xmlns:w="{_W}">'
    + "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(others)}/>"
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for name, (others, family) in _FALLBACKS.items()
    )
    + "</w:fonts>"
).encode()
_LANGUAGE: Final = {"id": "id-ID", "en": "en-US"}
_HAIRLINE: Final = "9CA3AF"
_AFTER_LAYOUT: Final = ("w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription")
# Style: size in points, bold, colour, space before and after in points.
_STYLES: Final[Mapping[str, tuple[float, bool, str, float, float]]] = {
    "Normal": (11.0, False, INK, 0.0, 6.0),
    "Title": (20.0, True, INK, 0.0, 4.0),
    "Subtitle": (12.0, False, QUIET, 0.0, 14.0),
    "Heading 1": (15.0, True, INK, 18.0, 6.0),
    "Heading 2": (12.5, True, INK, 14.0, 4.0),
    "Heading 3": (11.0, True, INK, 10.0, 4.0),
    "Caption": (10.0, True, INK, 12.0, 4.0),
    "List Bullet": (11.0, False, INK, 0.0, 3.0),
    "List Number": (11.0, False, INK, 0.0, 3.0),
    "Body Text 3": (9.0, False, QUIET, 4.0, 6.0),
    "Footer": (7.5, False, QUIET, 0.0, 0.0),
}


def styled(word: Any, lang: str) -> None:
    """Give a document its fonts, sizes and language.

    Parameters
    ----------
    word : docx.document.Document
        A document of the default template.
    lang : str
        ``id`` or ``en``.
    """
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, (size, bold, colour, before, after) in _STYLES.items():
        style = word.styles[name]
        _font(style, SANS if name == "Footer" else SERIF)
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
        for line in style.element.findall(f".//{qn('w:pBdr')}"):
            line.getparent().remove(line)
    word.styles["Normal"].paragraph_format.line_spacing = 1.15
    word.styles["Caption"].paragraph_format.keep_with_next = True
    _font(word.styles["macro"], MONO)
    word.styles["macro"].font.size = Pt(8.0)
    defaults = word.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = defaults.find(qn("w:lang"))
    language.set(qn("w:val"), _LANGUAGE[lang])


def _font(style: Any, name: str) -> None:
    """Set the font of a style for all scripts, instead of the font of the theme."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), name)


def _made(name: str, **attributes: str) -> Any:
    """Return an element of the namespace of DOCX.

    Parameters
    ----------
    name : str
        For instance ``tblHeader``.
    **attributes : str
        Its attributes of the same namespace.

    Returns
    -------
    lxml element
    """
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def page_field(paragraph: Any, command: str) -> None:
    """Add a field to a paragraph that the office program computes.

    Parameters
    ----------
    paragraph : docx.text.paragraph.Paragraph
        Where it goes.
    command : str
        ``PAGE`` or ``NUMPAGES``.
    """
    field = _made("fldSimple", instr=command)
    run = _made("r")
    text = _made("t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def blank(paragraph: Any, name: str, words: str, points: float, number: int) -> None:
    """Add an empty, named field to a paragraph: what is typed replaces the words in it.

    Parameters
    ----------
    paragraph : docx.text.paragraph.Paragraph
        Where it goes.
    name : str
        What belongs there.
    words : str
        What is shown until then.
    points : float
        Size of its letters, points.
    number : int
        Number of the field in the document.
    """
    from docx.shared import Pt

    field, about, content = (_made(part) for part in ("sdt", "sdtPr", "sdtContent"))
    about.append(_made("alias", val=name[:64]))
    about.append(_made("id", val=str(number)))
    about.append(_made("showingPlcHdr"))
    about.append(_made("text"))
    run = paragraph.add_run(words)
    run.font.size = Pt(points)
    content.append(run._r)
    field.extend((about, content))
    paragraph._p.append(field)


def repeat_heading(row: Any) -> None:
    """Let the first row of a table come again on every page."""
    row._tr.get_or_add_trPr().append(_made("tblHeader"))


def whole_row(row: Any) -> None:
    """Keep a row of a table on one page."""
    row._tr.get_or_add_trPr().append(_made("cantSplit"))


def cell_borders(table: Any, *, grid: bool = False) -> None:
    """Give a table thin lines: below every row, or around every cell.

    Parameters
    ----------
    table : docx.table.Table
        The table.
    grid : bool
        Whether every cell has a frame.
    """
    lines = _made("tblBorders")
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    for side in sides if grid else ("top", "bottom", "insideH"):
        lines.append(_made(side, val="single", sz="4", space="0", color=_HAIRLINE))
    # The order of the parts of tblPr is fixed.
    about = table._tbl.tblPr
    about.insert_element_before(lines, "w:shd", "w:tblLayout", *_AFTER_LAYOUT)
    margins = _made("tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        width = "80" if side in ("left", "right") else "60"
        margins.append(_made(side, w=width, type="dxa"))
    about.insert_element_before(margins, *_AFTER_LAYOUT[1:])


def table_words(table: Any, title: str) -> None:
    """Tell screen readers what a table holds."""
    table._tbl.tblPr.append(_made("tblCaption", val=title))


def frame(paragraph: Any) -> None:
    """Put a paragraph in a frame with a thick line at its left."""
    lines = _made("pBdr")
    for side in ("top", "left", "bottom", "right"):
        size = "24" if side == "left" else "4"
        colour = INK.removeprefix("#") if side == "left" else _HAIRLINE
        lines.append(_made(side, val="single", sz=size, space="6", color=colour))
    # The order of the parts of pPr is fixed: borders come before spacing and indents.
    about = paragraph._p.get_or_add_pPr()
    about.insert_element_before(
        lines, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def number_afresh(word: Any, paragraphs: Sequence[Any]) -> None:
    """Let a numbered list begin at one.

    Parameters
    ----------
    word : docx.document.Document
        The document.
    paragraphs : sequence of docx.text.paragraph.Paragraph
        The entries, of the style ``List Number``.
    """
    from docx.oxml.ns import qn

    numbering = word.part.numbering_part.element
    usual = word.styles["List Number"].element.pPr.numPr.numId.val
    abstract = next(
        number.find(qn("w:abstractNumId")).get(qn("w:val"))
        for number in numbering.findall(qn("w:num"))
        if number.get(qn("w:numId")) == str(usual)
    )
    taken = {number.get(qn("w:numId")) for number in numbering.findall(qn("w:num"))}
    new = next(str(number) for number in count(1) if str(number) not in taken)
    own = _made("num", numId=new)
    own.append(_made("abstractNumId", val=abstract))
    start = _made("lvlOverride", ilvl="0")
    start.append(_made("startOverride", val="1"))
    own.append(start)
    numbering.append(own)
    for paragraph in paragraphs:
        chosen = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        chosen.get_or_add_ilvl().val = 0
        chosen.get_or_add_numId().val = int(new)
