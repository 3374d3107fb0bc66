"""A document as DOCX: A4, real headings, tables whose heading comes again on every page."""

from __future__ import annotations

import io
from itertools import count
from typing import Any, Final

from kesos_sim import __version__, i18n
from kesos_sim.reports.office import word_parts as parts
from kesos_sim.reports.office.document import (
    BESIDE,
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    LinkCode,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    SignatureBoxes,
    Table,
)
from kesos_sim.reports.office.flow import introducing, turned
from kesos_sim.reports.office.links import link_picture
from kesos_sim.reports.office.packed import packed
from kesos_sim.reports.office.words import plain, tied

__all__ = ["write"]

_SHORT, _LONG = 21.0, 29.7
"""Sides of A4, centimetres."""
_MARGIN: Final = 2.2
_LINK_SIDE: Final = 5.0
_TALLEST: Final = 19.5
"""Height of the tallest picture, centimetres: room for a heading is left above it."""
_DOTS: Final = "…" * 12
_MOST_LINES: Final = 40
"""Lines of a listing that is not parted between two pages."""
_DOTS_IN_BOX: Final = 9
"""Of these, how many a line in a signature box has room for."""
_TABLE_POINTS: Final = {False: 9.0, True: 8.5}
"""Size of letters in tables, points: upright pages, pages on their side."""
_LABEL_PART: Final = 0.27
"""Part of the width that the labels of facts have."""
_TO_THE_LETTER: Final = "macro"
"""Style of what is kept to the letter."""
_FOOT_POINTS: Final = (7.5, 7.0, 6.5, 6.0)
"""Sizes of letters at the foot of a page, points: the largest that leaves its words on one line."""
_FOOT_WIDTH: Final = 0.5
"""Width of a letter there, as a part of its size."""
_POINTS_PER_CM: Final = 72.0 / 2.54
_FONT_TABLE: Final = "word/fontTable.xml"


def write(document: Document) -> bytes:
    """Return a document as DOCX.

    Parameters
    ----------
    document : Document
        What to write.

    Returns
    -------
    bytes
        The same bytes for the same document.
    """
    return _Writer(document).content()


class _Writer:
    """Writes the blocks of one document one after the other."""

    def __init__(self, document: Document) -> None:
        import docx  # docx loads where it is used

        self._document, self._lang = document, document.lang
        self._word = docx.Document()
        self._numbers = count(1)
        self._wide = self._fresh = False
        parts.styled(self._word, document.lang)
        self._properties()
        self._turn(self._word.sections[0], wide=False)
        self._footer()

    def content(self) -> bytes:
        """Return the file."""
        self._add(self._document.title, "Title")
        if self._document.subtitle:
            self._add(self._document.subtitle, "Subtitle")
        blocks = self._document.blocks
        for block, wide, kept in zip(blocks, turned(blocks), introducing(blocks), strict=True):
            self._face(wide=wide)
            self._block(block)
            if kept:
                self._word.paragraphs[-1].paragraph_format.keep_with_next = True
        buffer = io.BytesIO()
        self._word.save(buffer)
        moment = self._document.provenance.created
        return packed(buffer.getvalue(), moment, {_FONT_TABLE: parts.FONT_TABLE})

    def _properties(self) -> None:
        """Say in the file what it is and where it comes from."""
        about, provenance = self._word.core_properties, self._document.provenance
        about.title = plain(self._document.title)
        about.subject = i18n.text("office.subject", self._lang)
        about.author = about.last_modified_by = f"kesos-sim {__version__}"
        about.language = "id-ID" if self._lang == "id" else "en-US"
        about.identifier = provenance.scenario_hash
        about.version = provenance.model_version
        about.comments = self._document.line[:255]
        about.created = about.modified = provenance.created
        about.revision = 1

    def _turn(self, section: Any, *, wide: bool) -> None:
        """Set the size of the pages of a section."""
        from docx.enum.section import WD_ORIENT
        from docx.shared import Cm

        width, height = (_LONG, _SHORT) if wide else (_SHORT, _LONG)
        section.page_width, section.page_height = Cm(width), Cm(height)
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.left_margin = section.right_margin = Cm(_MARGIN)
        section.top_margin, section.bottom_margin = Cm(_MARGIN), Cm(_MARGIN)
        section.footer_distance = Cm(0.9)

    def _face(self, *, wide: bool) -> None:
        """Begin a section where the next block wants other pages."""
        from docx.enum.section import WD_SECTION
        from docx.shared import Pt

        if wide != self._wide:
            self._wide, self._fresh = wide, False
            self._without_tail()
            self._turn(self._word.add_section(WD_SECTION.NEW_PAGE), wide=wide)
            # What ends a section is a paragraph, which could fill a page by itself.
            end = self._word.paragraphs[-1].paragraph_format
            end.space_before = end.space_after = Pt(0)
            end.line_spacing = Pt(1)

    def _footer(self) -> None:
        """Write provenance and page number on every page."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        footer = self._word.sections[0].footer
        words = plain(self._document.line)
        told = footer.paragraphs[0].add_run(words)
        wide = _FOOT_WIDTH * len(words) / (_POINTS_PER_CM * (_SHORT - 2 * _MARGIN))
        fit = [points for points in _FOOT_POINTS if points * wide <= 1.0]
        told.font.size = Pt(fit[0] if fit else _FOOT_POINTS[-1])
        paged = footer.add_paragraph(style="Footer")
        paged.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        words = i18n.text("office.page", self._lang, page="\0PAGE\0", pages="\0NUMPAGES\0")
        for place, part in enumerate(words.split("\0")):
            if place % 2:
                parts.page_field(paged, part)
            elif part:
                paged.add_run(part)

    @property
    def _room(self) -> float:
        """Width between the margins, centimetres."""
        return (_LONG if self._wide else _SHORT) - 2 * _MARGIN

    def _add(self, words: str, style: str = "Normal") -> Any:
        """Add a paragraph, on a new page if one was asked for."""
        kept = plain if style == _TO_THE_LETTER else tied
        paragraph = self._word.add_paragraph(kept(words), style)
        if self._fresh:
            paragraph.paragraph_format.page_break_before = True
            self._fresh = False
        return paragraph

    def _block(self, block: Block) -> None:
        if self._fresh and isinstance(block, Facts | SignatureBoxes):
            self._add("")  # a table cannot begin a page by itself
        match block:
            case Heading(text, level):
                self._add(text, f"Heading {level}")
            case Paragraph(text, quiet):
                self._add(text, "Body Text 3" if quiet else "Normal")
            case Bullets(items, numbered):
                style = "List Number" if numbered else "List Bullet"
                entries = [self._add(item, style) for item in items]
                if numbered:
                    parts.number_afresh(self._word, entries)
            case Note(text):
                parts.frame(self._add(text))
            case Facts(rows):
                self._facts(rows)
            case Listing(name, text):
                self._add(i18n.text("office.listing", self._lang, name=name), "Caption")
                lines = self._add(text, _TO_THE_LETTER)
                lines.paragraph_format.keep_together = text.count("\n") < _MOST_LINES
            case Picture() | LinkCode():
                self._drawn(block)
            case Table():
                self._table(block)
            case SignatureBoxes():
                self._signatures(block)
            case PageBreak():
                self._fresh = True
                self._without_tail()

    def _without_tail(self) -> None:
        """Take away the empty line behind a table, which could fill a page by itself."""
        for last in self._word.paragraphs[-1:]:
            before = last._p.getprevious()
            ends_section = last._p.pPr is not None and last._p.pPr.sectPr is not None
            if last.runs or ends_section or before is None:
                continue
            if before.tag.endswith("}tbl"):
                last._p.getparent().remove(last._p)

    def _picture(self, block: Picture) -> None:
        """Write a chart with its words for those who cannot see it."""
        from docx.shared import Cm

        run = self._add("").add_run()
        shape = run.add_picture(io.BytesIO(block.chart.png()), width=Cm(self._room))
        if shape.height > Cm(_TALLEST):
            shape.width = round(shape.width * Cm(_TALLEST) / shape.height)
            shape.height = Cm(_TALLEST)
        about = shape._inline.docPr
        about.set("descr", plain(block.chart.alt))
        about.set("title", plain(block.chart.title))

    def _drawn(self, block: Picture | LinkCode) -> None:
        """Write what is a picture."""
        if isinstance(block, LinkCode):
            self._link(block)
        else:
            self._picture(block)

    def _link(self, block: LinkCode) -> None:
        """Write an address as a code to scan, and to read."""
        from docx.shared import Cm

        self._add(block.words, "Normal")
        picture = io.BytesIO(link_picture(block.address, "png"))
        shape = self._add("").add_run().add_picture(picture, width=Cm(_LINK_SIDE))
        shape._inline.docPr.set("descr", plain(block.words))
        self._add(block.address, _TO_THE_LETTER)

    def _grid(self, rows: int, shares: tuple[float, ...]) -> Any:
        """Add an empty table that has the width of the page."""
        from docx.shared import Cm

        table = self._word.add_table(rows, len(shares))
        table.autofit = False
        widths = [Cm(self._room * share) for share in shares]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width
        return table

    def _put(
        self, cell: Any, words: str, points: float, *, bold: bool = False, right: bool = False
    ) -> Any:
        """Write words into a cell."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = 1.0
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(tied(words))
        run.font.size, run.font.bold = Pt(points), bold or None
        return paragraph

    def _blank(self, cell: Any, name: str, points: float, dots: str) -> None:
        """Write an empty, named field into a cell."""
        paragraph = self._put(cell, "", points)
        self._field(paragraph, name, points, dots)

    def _field(self, paragraph: Any, name: str, points: float, dots: str) -> None:
        """Add an empty, named field to a paragraph."""
        label = i18n.text("office.blank", self._lang, name=plain(name))
        parts.blank(paragraph, label, dots, points, next(self._numbers))

    def _table(self, block: Table) -> None:
        table, points = block.table, _TABLE_POINTS[block.sideways] * block.letters
        self._add(table.title, "Caption")
        grid = self._grid(1 + len(table.rows), block.widths())
        parts.cell_borders(grid)
        parts.table_words(grid, plain(table.title))
        head, *rows = grid.rows
        parts.repeat_heading(head)
        parts.whole_row(head)
        for cell, column in zip(head.cells, table.columns, strict=True):
            self._put(cell, column.label, points, bold=True, right=column.numeric)
        for row, words in zip(rows, table.whole_numbers(), strict=True):
            parts.whole_row(row)
            columns = zip(row.cells, words, table.columns, strict=True)
            for place, (cell, said, column) in enumerate(columns):
                if not said and place in block.fill:
                    self._blank(cell, column.label, points, _DOTS[:4])
                else:
                    self._put(cell, said, points, right=column.numeric)
        for row in grid.rows[:-1] if block.together else ():
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
        self._add(block.note, "Body Text 3")

    def _facts(self, rows: tuple[tuple[str, str], ...]) -> None:
        grid = self._grid(len(rows), (_LABEL_PART, 1.0 - _LABEL_PART))
        for row, (label, value) in zip(grid.rows, rows, strict=True):
            first, second = row.cells
            self._put(first, label, 10.5, bold=True)
            if value:
                self._put(second, value, 10.5)
            else:
                self._blank(second, label, 10.5, _DOTS)
        self._add("")

    def _signatures(self, block: SignatureBoxes) -> None:
        from docx.shared import Cm, Pt

        for before in self._word.paragraphs[-1:]:
            before.paragraph_format.keep_with_next = True
        grid = self._grid(block.rows, (1.0 / BESIDE,) * BESIDE)
        parts.cell_borders(grid, grid=True)
        cells = [cell for row in grid.rows for cell in row.cells]
        for row in grid.rows:
            parts.whole_row(row)
            row.height = Cm(3.9)  # ten parties on one page, with room for the words above
        for cell, party in zip(cells, block.parties, strict=False):
            first = self._put(cell, party, 10.0, bold=True)
            first.paragraph_format.space_after = Cm(1.3)
            for field in block.fields:
                line = cell.add_paragraph()
                line.paragraph_format.space_after = Pt(4)
                line.add_run(f"{plain(field)}: ").font.size = Pt(10)
                self._field(line, field, 10.0, _DOTS[:_DOTS_IN_BOX])
        if block.together:
            for row in grid.rows[:-1]:
                for paragraph in (one for cell in row.cells for one in cell.paragraphs):
                    paragraph.paragraph_format.keep_with_next = True
        self._add("")
