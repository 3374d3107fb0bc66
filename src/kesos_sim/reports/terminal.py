"""Results in a terminal: sentences and tables, in colour only as an addition."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from kesos_sim import i18n
from kesos_sim.reports.context import ReportContext, clean
from kesos_sim.reports.frames import Results
from kesos_sim.reports.outcomes import outcome_table, province_table
from kesos_sim.reports.provenance import required
from kesos_sim.reports.sentences import outcome
from kesos_sim.reports.tables import TextTable

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console, RenderableType


def table(shown: TextTable) -> RenderableType:
    """Return a table for a terminal.

    Parameters
    ----------
    shown : TextTable
        The table.

    Returns
    -------
    rich.table.Table
        Numbers to the right, words wrapped where the terminal is narrow.
    """
    from rich import box  # rich loads where it is used
    from rich.table import Table
    from rich.text import Text

    grid = Table(
        title=Text(clean(shown.title)),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for column in shown.columns:
        grid.add_column(
            Text(clean(column.label)),
            justify="right" if column.numeric else "left",
            no_wrap=column.numeric,
        )
    for row in shown.rows:
        grid.add_row(*(Text(clean(cell)) for cell in row))
    return grid


def report(frame: pd.DataFrame, context: ReportContext, lang: str) -> RenderableType:
    """Return the report of a run or a comparison for a terminal.

    Parameters
    ----------
    frame : pandas.DataFrame
        A run frame or a comparison frame.
    context : ReportContext
        Titles, places, provenance.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    rich.console.Group
        Sentences by scenario, tables of indicators and provinces, the line of provenance;
        indicators by decile are left to files and charts.
    """
    from rich.console import Group  # rich loads where it is used
    from rich.padding import Padding
    from rich.text import Text

    results = Results(frame)
    line = required(context.provenance).line(lang)
    blocks: list[RenderableType] = []
    shown = ""
    for sentence in outcome(results, context, lang):
        if sentence.scenario != shown:
            shown = sentence.scenario
            heading = context.title(shown, lang) if shown else i18n.text("reports.caveats", lang)
            blocks.append(Text("\n" + clean(heading), style="bold"))
        blocks.append(Padding(Text("• " + clean(sentence.text)), (0, 0, 0, 2)))
    for scenario in results.scenarios:
        name = Text(clean(context.title(scenario, lang)) if scenario else "", style="bold")
        only = scenario if results.compares else None
        listed = outcome_table(results, context, lang, scenario=only, deciles=False)
        blocks += [name, table(listed)]
    blocks.append(table(province_table(results, context, lang)))
    blocks.append(Text(clean(line), style="dim"))
    return Group(*blocks)


def show(shown: RenderableType, stream: TextIO | None = None, width: int | None = None) -> None:
    """Write something to a terminal or a file.

    Parameters
    ----------
    shown : rich renderable
        From `report` or `table`.
    stream : text file, optional
        Standard output when left out.
    width : int, optional
        Columns; those of the terminal when left out.
    """
    console(stream, width).print(shown)


def console(stream: TextIO | None = None, width: int | None = None) -> Console:
    """Return a console that takes no text for markup.

    Parameters
    ----------
    stream : text file, optional
        Standard output when left out.
    width : int, optional
        Columns; those of the terminal when left out.

    Returns
    -------
    rich.console.Console
        The console.
    """
    from rich.console import Console  # rich loads where it is used

    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)
