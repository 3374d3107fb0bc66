"""A chart: a sentence, a picture, its words for those who cannot see it, and its table."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from kesos_sim.palette import dark_rules
from kesos_sim.reports.charts import style
from kesos_sim.reports.charts.style import WIDE, Sheet
from kesos_sim.reports.tables import TextTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PNG_DOTS: Final = 200
_PNG_EFFORT: Final = 3  # half the time of the usual 6 for files that are a twentieth larger
_SVG_START: Final = re.compile(r"<svg [^>]*>")
_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^>]*>\s*")


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A mark and what it stands for.

    Attributes
    ----------
    words : str
        What the mark stands for.
    mark : str
        Mark as matplotlib names it.
    colour : str
        Colour of mark and words.
    hollow : bool
        Whether the mark is open.
    line : matplotlib line style, optional
        A piece of line through the mark; without it the mark stands alone.
    ink : str
        Colour of the words and of the mark's edge, for a mark too pale for words.
    """

    words: str
    mark: str
    colour: str
    hollow: bool = False
    line: Any = None
    ink: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Room for the panels of a chart, in points.

    Attributes
    ----------
    rows, columns : int
        Grid of panels.
    height : float
        Height of one panel.
    left, right, bottom : float
        Room around every panel for its labels.
    shared_left : bool
        Whether only the first column needs the room at the left.
    headings : tuple of (str, str)
        Words and colour above every panel, in reading order; empty for none.
    key : tuple of KeyEntry
        What the marks stand for, above all panels.
    note : str
        What has to be said on this sheet only, behind the chart's own note.
    """

    rows: int = 1
    columns: int = 1
    height: float = 200.0
    left: float = 34.0
    right: float = 12.0
    bottom: float = 24.0
    shared_left: bool = False
    headings: tuple[tuple[str, str], ...] = ()
    key: tuple[KeyEntry, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """One chart, not yet drawn.

    Attributes
    ----------
    name : str
        Name of its files.
    lang : str
        Language of all its words.
    title : str
        A sentence that says what is to be seen.
    note : str
        What the axes count, below the title.
    alt : str
        The chart in words.
    table : TextTable
        Its table twin.
    source, provenance : str
        Lines at the bottom.
    layout : callable
        Returns the room for the panels on a sheet.
    draw : callable
        Gets the axes of all panels in reading order, and the sheet.

    Examples
    --------
    >>> from kesos_sim.reports.analyses import position
    >>> chart = position("3316", "poverty_rate", "en", year=2024).charts[0]
    >>> chart.name, chart.svg().count("</svg>")
    ('position_poverty_rate_3316', 1)
    """

    name: str
    lang: str
    title: str
    note: str
    alt: str
    table: TextTable
    source: str
    provenance: str
    layout: Callable[[Sheet], Layout] = field(repr=False)
    draw: Callable[[Sequence[Axes], Sheet], None] = field(repr=False)

    def svg(self, sheet: Sheet = WIDE) -> str:
        """Draw the chart as SVG, with its title and its words inside.

        Parameters
        ----------
        sheet : Sheet
            Width to draw for.

        Returns
        -------
        str
            The same text for the same chart and sheet, every time.
        """
        # Kept because files and pages both want it.
        if sheet not in self._svgs:
            self._svgs[sheet] = self._worded(sheet)
        return self._svgs[sheet]

    def _worded(self, sheet: Sheet) -> str:
        """Draw the SVG and put its words inside."""
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        drawn = self._save("svg", sheet, metadata=nothing).decode("utf-8")
        mark = hashlib.sha256(f"{self.name}{self.alt}".encode()).hexdigest()[:8]
        title, words = f"title-{mark}", f"desc-{mark}"
        drawn = _DOCTYPE.sub("", drawn, count=1)
        start = _SVG_START.search(drawn)
        if start is None:
            raise ValueError("matplotlib wrote no svg element")
        opening = (
            f'{start.group()[:-1]} role="img" lang="{self.lang}" '
            f'aria-labelledby="{title} {words}">\n'
            f' <title id="{title}">{html.escape(self.title)}</title>\n'
            f' <desc id="{words}">{html.escape(self.alt)}</desc>'
        )
        return drawn[: start.start()] + opening + drawn[start.end() :]

    def png(self, dots_per_inch: int = _PNG_DOTS) -> bytes:
        """Draw the chart as PNG, with its title and its words in the metadata.

        Parameters
        ----------
        dots_per_inch : int
            Resolution.

        Returns
        -------
        bytes
            The file's content.
        """
        metadata = {
            "Title": self.title,
            "Description": self.alt,
            "Source": self.source,
            "Comment": self.provenance,
            "Software": "kesos-sim",
        }
        encoding = {"compress_level": _PNG_EFFORT}
        return self._save("png", WIDE, metadata=metadata, dpi=dots_per_inch, pil_kwargs=encoding)

    def figure(self, sheet: Sheet = WIDE) -> Figure:
        """Draw the chart as a matplotlib figure.

        Parameters
        ----------
        sheet : Sheet
            Width to draw for.

        Returns
        -------
        matplotlib.figure.Figure
            A figure of its own, not known to pyplot.
        """
        from kesos_sim.reports.charts.page import compose  # the page knows charts

        with style.styled():
            return compose(self, sheet)

    def html(self) -> str:
        """Return the chart as an HTML figure: picture, words and table.

        Returns
        -------
        str
            Self-contained and escaped.
        """
        from kesos_sim.reports.html import chart_html  # html knows charts

        return chart_html(self)

    def data_uri(self, sheet: Sheet = WIDE) -> str:
        """Return the SVG of a sheet as an address for a page; it is dark where the page is."""
        words, end, drawn = self.svg(sheet).partition("</desc>")
        coded = base64.b64encode(f"{words}{end}{dark_rules()}{drawn}".encode()).decode("ascii")
        return f"data:image/svg+xml;base64,{coded}"

    def _repr_html_(self) -> str:
        """Show the chart in a notebook."""
        return self.html()

    def _save(self, kind: str, sheet: Sheet, **options: Any) -> bytes:
        """Draw and write in one format."""
        buffer = io.BytesIO()
        if sheet not in self._figures:
            self._figures[sheet] = self.figure(sheet)
        with style.styled():
            self._figures[sheet].savefig(buffer, format=kind, **options)
        return buffer.getvalue()

    @cached_property
    def _figures(self) -> dict[Sheet, Figure]:
        """The figures that all files are written from."""
        return {}

    @cached_property
    def _svgs(self) -> dict[Sheet, str]:
        return {}
