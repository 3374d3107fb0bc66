"""An analysis: what it says, what it shows, and the tables behind it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from kesos_sim.reports.analyses.figures import Place
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.description.versions import versions
from kesos_sim.reports.html import chart_html
from kesos_sim.reports.html_table import table_html
from kesos_sim.reports.tables import TextTable

__all__ = ["Analysis"]


@dataclass(frozen=True)
class Analysis:
    """One analysis of one region in one language.

    Attributes
    ----------
    name : str
        Which analysis.
    lang : str
        ``id`` or ``en``.
    place : Place
        The region.
    sentences : tuple of str
        What it says, the most important first; a title of a chart is not said again.
    charts : tuple of Chart
        What it shows; each has its table twin.
    tables : tuple of TextTable
        Further tables.

    Examples
    --------
    >>> from kesos_sim.reports.analyses.figures import place_of
    >>> found = Analysis("example", "en", place_of("Blora"), ("Nothing is known.",), ())
    >>> found.text().splitlines()[0], found.html().count("<li>")
    ('- Nothing is known.', 1)
    """

    name: str
    lang: str
    place: Place
    sentences: tuple[str, ...]
    charts: tuple[Chart, ...]
    tables: tuple[TextTable, ...] = ()

    def html(self) -> str:
        """Return the analysis as HTML: charts, sentences, tables; escaped."""
        said = "".join(f"<li>{escape(sentence)}</li>\n" for sentence in self.sentences)
        tables = "".join(
            f"<details><summary>{escape(table.title)}</summary>{table_html(table)}</details>\n"
            for table in self.tables
        )
        charts = "\n".join(map(chart_html, self.charts))
        return (
            f'<section class="analysis" lang="{self.lang}">{charts}\n<ul class="said">{said}</ul>\n'
            f'{tables}<p class="quiet provenance">{escape(versions(self.lang))}</p></section>'
        )

    def text(self) -> str:
        """Return the analysis as plain text."""
        lines = [f"{chart.title}. {chart.alt}\n{chart.table.text()}\n" for chart in self.charts]
        lines += [f"- {sentence}" for sentence in self.sentences]
        lines += ["", *(f"{table.text()}\n" for table in self.tables), versions(self.lang)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Show the analysis in a notebook."""
        return self.html()
