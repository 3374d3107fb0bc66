"""A document without a format: title, language, where it comes from, and blocks in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kesos_sim.errors import InputError
from kesos_sim.i18n import LANGUAGES
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.office import columns
from kesos_sim.reports.provenance import Provenance, required
from kesos_sim.reports.tables import TextTable

__all__ = [
    "Block",
    "Bullets",
    "Document",
    "Facts",
    "Heading",
    "LinkCode",
    "Listing",
    "Note",
    "PageBreak",
    "Paragraph",
    "Picture",
    "SignatureBoxes",
    "Source",
    "Table",
]

DEEPEST = 3
"""Most levels of headings."""
BESIDE = 3
"""Signature boxes in a row."""
_FEW_ROWS, _FEW_LETTERS = 12, 1200
"""Rows, and letters in them, of a table that is not parted."""
_ROWS_OF_A_PAGE = 5
"""Rows of signature boxes that a page holds, with the words above."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading.

    Attributes
    ----------
    text : str
        Its words.
    level : int
        1 to `DEEPEST`; no level is skipped on the way down.
    """

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph.

    Attributes
    ----------
    text : str
        Its words.
    quiet : bool
        Whether it is a side remark, in smaller letters.
    """

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list.

    Attributes
    ----------
    items : tuple of str
        Its entries.
    numbered : bool
        Whether they carry numbers.
    """

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values; a value that is empty is a field to be filled in by hand.

    Attributes
    ----------
    rows : tuple of (str, str)
        Label and value.
    """

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes
    ----------
    table : TextTable
        Words and data.
    note : str
        A remark below it.
    fill : frozenset of int
        Columns whose empty cells are fields to be filled in by hand, named by their heading.
    shares : tuple of float
        Widths of the columns in relation to each other; by their words when empty.
    wide : bool
        Whether it stands on pages of its own, with the long side at the bottom, though its words
        leave room enough for it upright.
    """

    table: TextTable
    note: str = ""
    fill: frozenset[int] = frozenset()
    shares: tuple[float, ...] = ()
    wide: bool = False

    @property
    def sideways(self) -> bool:
        """Whether it stands on pages with the long side at the bottom, so that words stay whole."""
        return self.wide or columns.too_wide(self.table)

    @property
    def together(self) -> bool:
        """Whether it is so small that it is not parted between two pages."""
        rows = self.table.rows
        letters = sum(len(cell) for row in rows for cell in row)
        return len(rows) <= _FEW_ROWS and letters <= _FEW_LETTERS

    @property
    def letters(self) -> float:
        """Size of its letters as a part of the usual one: smaller where words would break."""
        return columns.letter_size(self.table, wide=self.sideways)

    def widths(self) -> tuple[float, ...]:
        """Return the width of every column as a part of the whole.

        Returns
        -------
        tuple of float
            Adds up to one. Where shares are given, a column still has room for its longest word.
        """
        return columns.widths(self.table, self.shares, wide=self.sideways)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its sentence, its words and its source.

    Attributes
    ----------
    chart : Chart
        The chart.
    """

    chart: Chart


@dataclass(frozen=True, slots=True)
class Note:
    """Something that must not be overlooked, in a frame.

    Attributes
    ----------
    text : str
        Its words.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines that have to be kept to the letter, for instance a scenario file.

    Attributes
    ----------
    name : str
        Name of the file.
    text : str
        Its lines.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class LinkCode:
    """An address to scan with a phone, and to read below the code.

    Attributes
    ----------
    words : str
        What it opens.
    address : str
        The address.
    """

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class SignatureBoxes:
    """Room for signatures, three beside each other.

    Attributes
    ----------
    parties : tuple of str
        Who signs.
    fields : tuple of str
        What is written by hand in every box, for instance name and office.
    """

    parties: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows of boxes there are."""
        return -(-len(self.parties) // BESIDE)

    @property
    def together(self) -> bool:
        """Whether they stand on one page, as far as one holds them.

        Then neither their page nor the one before is nearly empty: what they need is more than half
        of a page, and they leave no page that has so much room.
        """
        return self.rows <= _ROWS_OF_A_PAGE


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The next block begins a page."""


Block = (
    Heading
    | Paragraph
    | Bullets
    | Facts
    | Table
    | Picture
    | Note
    | Listing
    | LinkCode
    | SignatureBoxes
    | PageBreak
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from.

    Attributes
    ----------
    name : str
        Publisher and data.
    year : str
        Year or years of the figures; empty when not known.
    quality : str
        Official, secondary, estimate, or the grade of the evidence.
    used_for : str
        What they are used for.
    """

    name: str
    year: str
    quality: str
    used_for: str = ""


@dataclass(frozen=True)
class Document:
    """One document.

    Attributes
    ----------
    name : str
        Name of its files, without an ending.
    title : str
        Its title.
    lang : str
        ``id`` or ``en``.
    provenance : Provenance
        Record of the result that the figures come from.
    blocks : sequence of Block
        What it says, in order.
    subtitle : str
        What it is about, below the title.
    commands : tuple of str
        Commands that compute every figure again.
    sources : sequence of Source
        Where the figures come from; a sheet of a workbook.
    data : sequence of TextTable
        Tables that only a workbook holds.
    region : str
        Its region as names of files end with it; empty where they do not.

    Raises
    ------
    KesosError
        If the provenance is incomplete.
    InputError
        If the language is not known or the headings skip a level.
    """

    name: str
    title: str
    lang: str
    provenance: Provenance
    blocks: Sequence[Block]
    subtitle: str = ""
    commands: tuple[str, ...] = ()
    sources: Sequence[Source] = ()
    data: Sequence[TextTable] = field(default=(), repr=False)
    region: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot become a document that anybody may rely on."""
        required(self.provenance)
        if self.lang not in LANGUAGES:
            raise InputError(
                "KS5011", "office.language", got=self.lang, expected=", ".join(LANGUAGES)
            )
        level = 0
        for block in self.blocks:
            if isinstance(block, Heading):
                if not 1 <= block.level <= min(level + 1, DEEPEST):
                    raise InputError("KS5012", "office.heading", field=block.text, got=block.level)
                level = block.level

    @cached_property
    def tables(self) -> tuple[TextTable, ...]:
        """Every table once: those of the text, those of its charts, those of the workbook."""
        return tuple({table.name: table for table in self._tables()}.values())

    @property
    def line(self) -> str:
        """Where it comes from, as one line that is the same for the same result."""
        return self.provenance.line(self.lang, timing=False)

    def _tables(self) -> Iterator[TextTable]:
        for block in self.blocks:
            if isinstance(block, Table):
                yield block.table
            elif isinstance(block, Picture):
                yield block.chart.table
        yield from self.data
