"""Documents as officials file them: one neutral model, written as DOCX, PDF or XLSX.

Needs the packages of the extra ``office``; they load when a document is written.

Examples
--------
A document is a title, where its figures come from, and blocks in order:

>>> from datetime import UTC, datetime
>>> from kesos_sim.reports.analyses import position
>>> from kesos_sim.reports.office import (
...     Bullets, Document, Facts, Heading, LinkCode, Listing, Note, PageBreak, Paragraph,
...     Picture, SignatureBoxes, Source, Table, free_name, render, save,
... )
>>> from kesos_sim.reports.provenance import Provenance
>>> now = datetime.now(UTC)
>>> origin = Provenance("0.1.0", "c0de", "da7a", "5ce0", 1, 2000, "2024-03", now, 0.7)
>>> found = position("Blora", lang="en")
>>> blocks = (
...     Heading("Where Blora stands"), Paragraph(found.sentences[0]), Picture(found.charts[0]),
...     Heading("What is open", level=2), Bullets(("who pays", "from when")),
...     Note("Nobody has agreed yet."), Facts((("Office", "Bappeda"), ("Date", ""))),
...     Table(found.charts[0].table), Listing("blora.yaml", "region: 3316"),
...     LinkCode("The package", "http://192.168.1.20:8866/#paket=W3t9LHt9XQ"), PageBreak(),
...     SignatureBoxes(("Bappeda", "Dinas Sosial"), ("Name",)),
... )
>>> official = (Source("BPS", "2024", "official"),)
>>> sheet = Document("blora", "Blora", "en", origin, blocks, sources=official)
>>> sheet.line
'kesos-sim 0.1.0 · code c0de · data da7a · scenario 5ce0 · seed 1 · 2,000 simulated households
· base March 2024'
>>> path = save(sheet, "out/blora.docx")
>>> path.read_bytes() == render(sheet, "docx")  # the same bytes every time
True
>>> free_name(path, b"something else").name  # nothing is written over
'blora-2.docx'
"""

from kesos_sim.reports.office.document import (
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
    Source,
    Table,
)
from kesos_sim.reports.office.writing import FORMATS, Format, free_name, render, save

__all__ = [
    "FORMATS",
    "Block",
    "Bullets",
    "Document",
    "Facts",
    "Format",
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
    "free_name",
    "render",
    "save",
]
