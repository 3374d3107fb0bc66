"""What a notebook shows with one call per cell: changes, outcome, charts, reproduction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final, Protocol

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.reports.charts import CHARTS
from kesos_sim.reports.charts import chart as chart_of
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.description.versions import versions
from kesos_sim.reports.html import result_html, result_text
from kesos_sim.reports.html_table import table_html
from kesos_sim.reports.provenance import Provenance, record_of, required
from kesos_sim.reports.tables import TextTable
from kesos_sim.scenario import Scenario, difference
from kesos_sim.workbench.look import style_tag

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.reports.context import ReportContext

__all__ = ["Shown", "changes", "chart", "outcome", "reproduction", "said", "show"]

_FEW: Final = 2
_SHORT: Final = 30
"""Tables, and rows of them all, that are shown unfolded."""
_HASHES: Final = ("version", "code_hash", "data_hash", "scenario_hash")


class Result(Protocol):
    """A run or a comparison."""

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""

    def frame(self, by: str = "province") -> pd.DataFrame:
        """Return the tidy frame."""

    def context(self) -> ReportContext:
        """Return what reports have to know beside the numbers."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that a notebook shows.

    Attributes
    ----------
    html : str
        As HTML, escaped.
    text : str
        As plain text.
    """

    html: str
    text: str

    def _repr_mimebundle_(self, **_: object) -> Mapping[str, str]:
        """Show it."""
        return {
            "text/html": f'{style_tag()}<div class="kesos">{self.html}</div>',
            "text/plain": self.text,
        }


def changes(baseline: Scenario, other: Scenario, bahasa: str = "id") -> Shown:
    """Show what a scenario changes.

    Parameters
    ----------
    baseline : Scenario
        The scenario without the change.
    other : Scenario
        The scenario with it.
    bahasa : {"id", "en"}
        Language of the words.

    Returns
    -------
    Shown
        The title and one line per change.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> today = load_scenario("scenarios/baseline.yaml")
    >>> print(changes(today, load_scenario("scenarios/apbd-10.yaml"), "en").text)
    10% of APBD for poverty
    - Share of APBD for poverty reduction: as today → 10% from January 2026, phased in over
    36 months
    """
    title = other.title[i18n.known_language(bahasa)]
    lines = difference(baseline, other, bahasa) or [i18n.text("workbench.no_changes", bahasa)]
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return Shown(
        f'<section lang="{bahasa}"><h3>{escape(title)}</h3><ul>{items}</ul></section>',
        "\n".join([title, *(f"- {line}" for line in lines)]),
    )


def outcome(result: Result, bahasa: str = "id") -> Shown:
    """Show a result: sentences, the table of indicators, provenance.

    Parameters
    ----------
    result : Run or Comparison
        The result.
    bahasa : {"id", "en"}
        Language of the words.

    Returns
    -------
    Shown

    Examples
    --------
    >>> from kesos_sim import load_scenario, run
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> print(outcome(run(blora), "en").text.split(" is ")[0])
    - In April 2024 poverty in Kabupaten Blora
    """
    frame, context = result.frame(), result.context()
    return Shown(result_html(frame, context, bahasa), result_text(frame, context, bahasa))


def chart(result: Result, name: str, bahasa: str = "id") -> Shown:
    """Show one chart of a result with its table, or say that the result does not hold its data.

    Parameters
    ----------
    result : Run or Comparison
        The result.
    name : str
        One of `kesos_sim.reports.charts.CHARTS`.
    bahasa : {"id", "en"}
        Language of the words.

    Returns
    -------
    Shown

    Raises
    ------
    InputError
        If there is no chart of that name.

    Examples
    --------
    >>> from kesos_sim import load_scenario, run
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> print(chart(run(blora), "poverty_path", "en").text.split(" is ")[0])
    Poverty in Kabupaten Blora
    """
    try:
        found = chart_of(name, result.frame(), result.context(), bahasa)
    except InputError:
        if name not in CHARTS:
            raise
        words = i18n.text("workbench.no_chart", bahasa)
        return Shown(f'<p lang="{bahasa}">{escape(words)}</p>', words)
    return Shown(found.html(), f"{found.title}. {found.alt}\n{found.table.text()}")


def show(
    found: Chart | TextTable | Iterable[TextTable],
    bahasa: str = "id",
    of: Mapping[str, object] | None = None,
) -> Shown:
    """Show a chart, a table, or several tables that unfold, with where they come from.

    Parameters
    ----------
    found : Chart, TextTable or iterable of TextTable
        What to show.
    bahasa : {"id", "en"}
        Language of the words.
    of : mapping of str to object, optional
        Provenance of the result that a table belongs to; the versions of model and data when left
        out. A chart has its own.

    Returns
    -------
    Shown

    Examples
    --------
    >>> from kesos_sim.reports.analyses import position
    >>> shown = show(position("3316", "poverty_rate", "en", year=2024).charts[0], "en")
    >>> print(shown.text.split(":")[0])
    Poverty rate (P0) of Kabupaten Blora is 11.42% in March 2024
    """
    if isinstance(found, Chart):
        return Shown(found.html(), f"{found.title}. {found.alt}\n{found.table.text()}")
    line = versions(bahasa) if of is None else _line(of, bahasa)
    if isinstance(found, TextTable):
        blocks, texts = [table_html(found)], [found.text()]
    else:
        tables = list(found)
        texts = [table.text() for table in tables]
        few = len(tables) <= _FEW and sum(len(table.rows) for table in tables) <= _SHORT
        unfolded = " open" if few else ""
        blocks = [
            f"<details{unfolded}><summary>{escape(table.title)}</summary>"
            f"{table_html(table)}</details>"
            for table in tables
        ]
    return Shown(
        f'<section class="tables" lang="{bahasa}">{"".join(blocks)}'
        f'<p class="quiet provenance">{escape(line)}</p></section>',
        "\n\n".join([*texts, line]),
    )


def said(
    sentences: Iterable[str], bahasa: str = "id", of: Mapping[str, object] | None = None
) -> Shown:
    """Show sentences with where they come from.

    Parameters
    ----------
    sentences : iterable of str
        What is said.
    bahasa : {"id", "en"}
        Language of the words.
    of : mapping of str to object, optional
        Provenance of the result that they are about; the versions of model and data when left out.

    Returns
    -------
    Shown

    Examples
    --------
    >>> print(said(["Blora has 2,000 simulated households."], "en").text.splitlines()[0])
    - Blora has 2,000 simulated households.
    """
    lines = list(sentences)
    line = versions(bahasa) if of is None else _line(of, bahasa)
    items = "".join(f"<li>{escape(words)}</li>" for words in lines)
    return Shown(
        f'<section lang="{bahasa}"><ul>{items}</ul>'
        f'<p class="quiet provenance">{escape(line)}</p></section>',
        "\n".join([*(f"- {words}" for words in lines), line]),
    )


def _line(of: Mapping[str, object], lang: str) -> str:
    """Write the provenance of a result as one line."""
    known: Any = of
    return Provenance(**known).line(lang)


def reproduction(result: Result | Scenario, bahasa: str = "id") -> Shown:
    """Show what somebody needs to get the same result again.

    Parameters
    ----------
    result : Run, Comparison or Scenario
        The result; the scenario where nothing was run.
    bahasa : {"id", "en"}
        Language of the words.

    Returns
    -------
    Shown
        The provenance line, then version and hashes in full.

    Raises
    ------
    KesosError
        If the provenance is incomplete.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> reproduction(blora, "en").text.splitlines()[0].split(" · ")[-3:]
    ['seed 2008', '2,000 simulated households', 'base March 2024']
    """
    if isinstance(result, Scenario):
        record = record_of(result)
        line, known = record.line(bahasa, timing=False), record.document()
    else:
        line, known = required(result.context().provenance).line(bahasa), result.provenance
    rows = [
        (
            i18n.text(f"workbench.reproduce_{name}", bahasa),
            str(known["model_version" if name == "version" else name]),
        )
        for name in _HASHES
    ]
    title = i18n.text("workbench.reproduce", bahasa)
    listed = "".join(
        f"<dt>{escape(label)}</dt><dd><code>{escape(value)}</code></dd>" for label, value in rows
    )
    return Shown(
        f'<section lang="{bahasa}"><p><strong>{escape(title)}.</strong> {escape(line)}</p>'
        f"<dl>{listed}</dl></section>",
        "\n".join([f"{title}. {line}", *(f"{label}: {value}" for label, value in rows)]),
    )
