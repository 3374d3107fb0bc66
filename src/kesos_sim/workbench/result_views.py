"""Views of a comparison: sentences, charts, tables, money, and how to get it again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any, Final, Protocol

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim import i18n
from kesos_sim.errors import KesosError
from kesos_sim.reports.charts import CHARTS
from kesos_sim.reports.frames import Results
from kesos_sim.reports.grounds import data_table, evidence_table
from kesos_sim.reports.html import chart_html
from kesos_sim.reports.html_table import table_html
from kesos_sim.reports.outcomes import outcome_table, place_tables
from kesos_sim.reports.provenance import Provenance, required
from kesos_sim.reports.sentences import Sentence, outcome
from kesos_sim.reports.tables import TextTable
from kesos_sim.workbench.forms import note
from kesos_sim.workbench.look import own_keys, style
from kesos_sim.workbench.notebook import Result, reproduction

__all__ = ["ComparisonView", "MoneyFlow", "ReproductionView"]

_MONEY: Final = ("money_streams", "money_in_out")
_EARLY: Final = ("base_miss", "point")
"""Sentences that belong beside every figure."""


class Panel(Protocol):
    """What computes results and tells when there is a new one."""

    result: Any

    def observe(self, handler: Callable[..., None], names: str) -> None:
        """Have a function called when ``result`` changes."""


class _View(ABC):
    """Shows a result, or that of a panel each time there is a new one.

    Attributes
    ----------
    content : ipywidgets.HTML
        What is shown.
    view : ipywidgets.Box
        Everything together.
    """

    def __init__(self, of: Result | Panel, bahasa: str) -> None:
        self.lang = bahasa
        self._panel: Any = of if hasattr(of, "observe") else None
        self._fixed: Any = None if self._panel is not None else of
        self._html: dict[str, str] = {}
        self.content = widgets.HTML()
        self.view = widgets.VBox(
            [style("planner.css"), own_keys(), *self._controls(), self.content]
        )
        for name in ("kesos", "kesos-form", "kesos-view"):
            self.view.add_class(name)
        if self._panel is not None:
            self._panel.observe(lambda _: self._fresh(), "result")
        self._fresh()

    @property
    def result(self) -> Any:
        """The result that is shown, or None."""
        return self._panel.result if self._panel is not None else self._fixed

    def _controls(self) -> list[Any]:
        """Return the controls above the content."""
        return []

    def _fresh(self) -> None:
        """Show a new result."""
        self._html = {}
        self._show()

    def _part(self) -> str:
        """Return which part is to be shown."""
        return "all"

    def _show(self) -> None:
        """Show the part that is chosen, made once; on an error say what is wrong."""
        result, part = self.result, self._part()
        if result is None:
            words = i18n.text("planner.nothing_yet", self.lang)
            self.content.value = note(words, self.lang)
            return
        if part not in self._html:
            try:
                self._html[part] = self._made(result, part)
            except KesosError as error:
                self.content.value = note(error.text(self.lang), self.lang, "error", "alert")
                return
        self.content.value = self._html[part]

    @abstractmethod
    def _made(self, result: Any, part: str) -> str:
        """Return a part as HTML."""

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Show the view in a notebook."""
        return self.view._repr_mimebundle_(**options)


def _without_package(table: TextTable) -> TextTable:
    """Leave out the first column where it names the only package in every row."""
    if table.fields[0] != "scenario" or len({row[0] for row in table.rows}) != 1:
        return table
    return replace(table, columns=table.columns[1:], rows=tuple(row[1:] for row in table.rows))


class ComparisonView(_View):
    """A comparison of packages in parts: sentences, charts, tables, money, reproduction.

    Parameters
    ----------
    of : Comparison or RunPanel
        The comparison, or the panel whose latest one is shown.
    bahasa : {"id", "en"}
        Language of the words.

    Attributes
    ----------
    parts : ipywidgets.RadioButtons
        Which part is shown; a part is made when it is first looked at.

    Examples
    --------
    >>> from kesos_sim import compare, load_scenario
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> view = ComparisonView(compare(today, [bare], draws=0), "en")
    >>> [label for label, _ in view.parts.options]
    ['Sentences', 'Charts', 'Tables', 'Money', 'Reproduction']
    """

    PARTS: Final = ("sentences", "charts", "tables", "money", "reproduce")

    def __init__(self, of: Result | Panel, bahasa: str = "id") -> None:
        self.parts = widgets.RadioButtons(
            description=i18n.text("planner.parts", bahasa),
            options=[(i18n.text(f"planner.part_{part}", bahasa), part) for part in self.PARTS],
            orientation="horizontal",
            layout=widgets.Layout(width="auto"),
        )
        self.parts.add_class("kesos-parts")
        super().__init__(of, bahasa)
        self.parts.observe(lambda _: self._show(), "value")

    def _controls(self) -> list[Any]:
        return [self.parts]

    def _part(self) -> str:
        return str(self.parts.value)

    def _made(self, result: Any, part: str) -> str:
        lang = self.lang
        if part == "reproduce":
            return reproduction(result, lang).html
        results, context = Results(result.frame()), result.context()
        if part == "sentences":
            made = _sentences(outcome(results, context, lang), context, lang)
        elif part == "charts":
            made = _drawn(results, context, lang, [n for n in CHARTS if n not in _MONEY])
        elif part == "money":
            made = _drawn(results, context, lang, _MONEY)
        else:
            evidence = evidence_table(results, context, lang)
            tables = [outcome_table(results, context, lang, brief=True)]
            tables += place_tables(results, context, lang)
            if len(results.scenarios) == 1:
                tables = [_without_package(table) for table in tables]
            tables += [*([evidence] if evidence else []), data_table(lang)]
            made = "".join(
                f"<details{' open' if number == 0 else ''}><summary>{escape(table.title)}</summary>"
                f"{table_html(table)}</details>"
                for number, table in enumerate(tables)
            )
            made = f'<section class="tables" lang="{lang}">{made}</section>'
        return made + _line(context.provenance, lang)


class MoneyFlow(_View):
    """Where the money comes from, goes through and ends.

    Parameters
    ----------
    of : Comparison, Run or RunPanel
        The result, or the panel whose latest one is shown.
    bahasa : {"id", "en"}
        Language of the words.

    Examples
    --------
    >>> from kesos_sim import load_scenario, run
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> "APBN" in MoneyFlow(run(blora), "en").view.children[-1].value
    True
    """

    def __init__(self, of: Result | Panel, bahasa: str = "id") -> None:
        super().__init__(of, bahasa)

    def _made(self, result: Any, part: str) -> str:
        del part
        results, context = Results(result.frame()), result.context()
        drawn = _drawn(results, context, self.lang, _MONEY)
        return drawn + _line(context.provenance, self.lang)


class ReproductionView(_View):
    """What somebody needs to get the latest result of a panel again.

    Parameters
    ----------
    of : Comparison, Run or RunPanel
        The result, or the panel whose latest one is shown.
    bahasa : {"id", "en"}
        Language of the words.

    Examples
    --------
    >>> from kesos_sim import load_scenario, run
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> "seed 2008" in ReproductionView(run(blora), "en").view.children[-1].value
    True
    """

    def __init__(self, of: Result | Panel, bahasa: str = "id") -> None:
        super().__init__(of, bahasa)

    def _made(self, result: Any, part: str) -> str:
        del part
        return reproduction(result, self.lang).html


def _sentences(said: tuple[Sentence, ...], context: Any, lang: str) -> str:
    """Return the sentences: each package with what leads, then details and what to know."""
    general = [one for one in said if not one.scenario]
    blocks = []
    for name in dict.fromkeys(one.scenario for one in said if one.scenario):
        own = [one for one in said if one.scenario == name]
        first, *leading = [one.text for one in own if one.leading] or [own[0].text]
        details = [one.text for one in own if not one.leading and one.text != first]
        blocks.append(
            f"<section><h3>{escape(context.title(name, lang))}</h3>"
            f'<p class="headline">{escape(first)}</p>{_listed(leading)}'
            f"{_folded('reports.details', _listed(details), lang)}</section>"
        )
    near = _listed([one.text for one in general if one.key in _EARLY])
    rest = _listed([one.text for one in general if one.key not in _EARLY])
    heading = escape(i18n.text("reports.caveats", lang))
    return f'<div lang="{lang}">{"".join(blocks)}{near}<h3>{heading}</h3>{rest}</div>'


def _drawn(results: Results, context: Any, lang: str, names: Any) -> str:
    """Return charts one below the other; say so where the result holds none of their data."""
    made = [CHARTS[name](results, context, lang) for name in names]
    shown = "".join(chart_html(one) for one in made if one is not None)
    return shown or note(i18n.text("workbench.no_chart", lang), lang)


def _listed(lines: list[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _folded(key: str, inside: str, lang: str) -> str:
    """Return something to unfold, or nothing when there is nothing inside."""
    if not inside:
        return ""
    return f"<details><summary>{escape(i18n.text(key, lang))}</summary>{inside}</details>"


def _line(provenance: Provenance, lang: str) -> str:
    """Return the line that every result carries."""
    return f'<p class="quiet provenance">{escape(required(provenance).line(lang))}</p>'
