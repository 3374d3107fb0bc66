"""Documents as officials file them: one neutral model, written as DOCX, PDF or XLSX.

Needs the packages of the extra ``office``; they load when a document is written.
"""

from kesos_sim.reports.office.document import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
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
