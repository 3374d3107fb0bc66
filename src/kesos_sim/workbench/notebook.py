"""What a notebook shows with one call per cell: changes, outcome, charts, reproduction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final, Protocol

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.reports.charts import CHARTS
from kesos_sim.reports.charts import chart as chart_of
from kesos_sim.reports.html import result_html, result_text
from kesos_sim.reports.provenance import required
from kesos_sim.scenario import Scenario, difference
from kesos_sim.workbench.look import style_tag

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.reports.context import ReportContext

__all__ = ["Shown", "changes", "chart", "outcome", "reproduction"]

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
    """
    title = other.title[bahasa]
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
    """
    try:
        found = chart_of(name, result.frame(), result.context(), bahasa)
    except InputError:
        if name not in CHARTS:
            raise
        words = i18n.text("workbench.no_chart", bahasa)
        return Shown(f'<p lang="{bahasa}">{escape(words)}</p>', words)
    return Shown(found.html(), f"{found.title}. {found.alt}\n{found.table.text()}")


def reproduction(result: Result, bahasa: str = "id") -> Shown:
    """Show what somebody needs to get the same result again.

    Parameters
    ----------
    result : Run or Comparison
        The result.
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
    """
    line = required(result.context().provenance).line(bahasa)
    known = result.provenance
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
