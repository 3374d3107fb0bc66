"""What notebooks of planners show: analyses or why there is none, families, and their documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from kesos_sim.data.regions import region_name
from kesos_sim.errors import InputError, nearest
from kesos_sim.reports.analyses import MEASURES, Analysis, Figures
from kesos_sim.reports.measures.families import summary
from kesos_sim.reports.office.document import (
    Block,
    Document,
    Heading,
    Note,
)
from kesos_sim.reports.own_data import own_table
from kesos_sim.reports.plans.again import Computed
from kesos_sim.reports.plans.chapters import chapter, say
from kesos_sim.reports.plans.common import refusal
from kesos_sim.reports.plans.customary import told
from kesos_sim.reports.plans.family_pages import family_life
from kesos_sim.reports.plans.naming import scenario_file
from kesos_sim.scenario import Scenario
from kesos_sim.workbench.notebook import Shown, said, show

if TYPE_CHECKING:
    from kesos_sim.experiments.compare import Comparison
    from kesos_sim.experiments.families import Families

__all__ = ["Finding", "analyses_document", "analysis", "family", "own_data"]

_PLAIN: Final = (str, int, float, bool, type(None))
_PUBLIC: Final = "kesos_sim.reports.analyses"
_OWN: Final = "scenario.own_data"
"""Own figures in a call: those of the scenario that the document belongs to."""


@dataclass(frozen=True)
class Finding:
    """An analysis, or why there is none and what could be supplied.

    Attributes
    ----------
    name : str
        Which analysis.
    heading : str
        What it is about, as a heading.
    lang : str
        ``id`` or ``en``.
    call : str
        The call that computes it again.
    analysis : Analysis or None
        What was found.
    refusal : str
        Why there is none, and what could be supplied; empty where there is one.
    """

    name: str
    heading: str
    lang: str
    call: str
    analysis: Analysis | None
    refusal: str = ""

    @property
    def contents(self) -> Computed:
        """Charts with their tables, sentences and tables as blocks of a document; never empty."""
        if self.analysis is None:
            return Computed((Note(self.refusal),))
        return Computed(told(self.analysis), f"plans.told({self.call})")

    @property
    def supplied(self) -> Computed:
        """The same of what is there only if the planner brought it; empty where there is none."""
        return Computed(()) if self.analysis is None else self.contents

    def chart(self, number: int) -> Shown:
        """Show one more chart of the analysis, or say that there is none.

        Parameters
        ----------
        number : int
            Its number, counted from 1.

        Returns
        -------
        Shown
        """
        charts = () if self.analysis is None else self.analysis.charts
        if not 1 <= number <= len(charts):
            words = say("refused_above" if self.refusal else "no_further_chart", self.lang)
            return Shown(f'<p lang="{self.lang}">{escape(words)}</p>', words)
        return show(charts[number - 1], self.lang)

    def _repr_mimebundle_(self, **_: object) -> Mapping[str, str]:
        """Show the first chart, sentences and tables, or the refusal."""
        if self.analysis is None:
            shown = Shown(
                f'<p class="refused" lang="{self.lang}">{escape(self.refusal)}</p>', self.refusal
            )
        else:
            first = _with_charts(self.analysis, 1)
            shown = Shown(first.html(), first.text())
        return shown._repr_mimebundle_()


def analysis(
    function: Callable[..., Analysis], *about: object, bahasa: str = "id", **options: object
) -> Finding:
    """Make an analysis, or say in its place why there is none.

    Parameters
    ----------
    function : callable
        One of `kesos_sim.reports.analyses`, for instance ``position``.
    *about : object
        What it is about: region, measure, year, in the order of the function.
    bahasa : {"id", "en"}
        Language of the words.
    **options : object
        Further arguments of the function.

    Returns
    -------
    Finding

    Examples
    --------
    >>> from kesos_sim.reports.analyses import position
    >>> found = analysis(position, "3316", year=2024, bahasa="en")
    >>> found.call
    "kesos_sim.reports.analyses.position('3316', lang='en', year=2024)"
    >>> len(found.contents) == len(found.supplied) > 1
    True
    >>> refused = analysis(position, "Atlantis", bahasa="en")
    >>> print(refused.refusal)
    Unknown region. Use mpu, indonesia, a BPS code (33, 3316) or the name of a region.
    >>> len(refused.contents), len(refused.supplied)
    (1, 0)
    """
    found, why = None, ""
    try:
        found = function(*about, lang=bahasa, **options)
    except InputError as error:
        why = refusal(error, bahasa)
    return Finding(
        name=function.__name__,
        heading=_heading(function.__name__, about, bahasa),
        lang=bahasa,
        call=_call(function.__name__, about, options, bahasa),
        analysis=found,
        refusal=why,
    )


def analyses_document(findings: Sequence[Finding], scenarios: Sequence[Scenario]) -> Document:
    """Put analyses into one document.

    Parameters
    ----------
    findings : sequence of Finding
        At least one; the first gives title and language.
    scenarios : sequence of Scenario
        The scenario that they belong to, and those that it was compared with.

    Returns
    -------
    Document
    """
    first, (scenario, *beside) = findings[0], scenarios
    code = (
        scenario.region
        if isinstance(scenario.region, str)
        else "-".join(f"{one:02d}" for one in scenario.region)
    )
    where = (
        ""
        if isinstance(scenario.region, str)
        else ", ".join(region_name(one, first.lang) for one in scenario.region)
    )
    blocks: list[Block] = []
    for one in findings:
        blocks += [Heading(one.heading), *one.contents]
    return chapter(
        scenario,
        f"{say(f'file_{first.name}', first.lang)}-{code}",
        say(f"title_{first.name}", first.lang),
        blocks,
        first.lang,
        subtitle=where,
        calls=tuple(
            one.call.replace(_OWN, f"{_read(scenario)}.own_data")
            for one in findings
            if one.analysis is not None
        ),
        beside=beside,
    )


def family(found: Families, kind: str, bahasa: str = "id") -> Shown:
    """Show the page of one kind of family: chart, what the package brings, its life.

    Parameters
    ----------
    found : Families
        What was found.
    kind : str
        One of the kinds that were asked for.
    bahasa : {"id", "en"}
        Language of the words.

    Returns
    -------
    Shown

    Raises
    ------
    InputError
        If the kind was not asked for.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.families import families
    >>> world = {"region": "3316", "households": 2000, "months": 2}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> page = family(families(today, bare, ["lone_elderly"]), "lone_elderly", "en")
    >>> print(page.text.split(":")[0])
    An elderly person living alone
    """
    kinds = {one.kind: one for one in found.families}
    if kind not in kinds:
        raise InputError(
            "KS9101",
            "planner_notebooks.unknown_kind",
            field="kind",
            got=kind,
            expected=", ".join(kinds),
            suggestion=nearest(kind, kinds),
        )
    one = kinds[kind]
    life = family_life(found, one, bahasa)
    drawn = [chart for chart in found.charts(bahasa) if chart.name == f"family_{kind}"]
    told = (life[0], summary(found, one, bahasa)) if drawn else life
    parts = [*(show(chart, bahasa) for chart in drawn), said(told, bahasa, found.provenance)]
    html = "".join(part.html for part in parts)
    text = "\n".join(part.text for part in parts)
    if drawn:
        title = escape(say("families_months", bahasa))
        items = "".join(f"<li>{escape(month)}</li>" for month in life[1:])
        html += f'<details lang="{bahasa}"><summary>{title}</summary><ul>{items}</ul></details>'
        text = "\n".join([text, *(f"- {month}" for month in life[1:])])
    return Shown(html, text)


def own_data(scenario: Scenario, bahasa: str = "id") -> Shown:
    """Show the planner's own figures in a scenario, or how to supply them.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    bahasa : {"id", "en"}
        Language of the words.

    Returns
    -------
    Shown

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> print(own_data(blora, "en").text.split(".")[0])
    - This scenario holds no own data
    """
    found = own_table(scenario.own_data, bahasa)
    return said([say("no_own_data", bahasa)], bahasa) if found is None else show(found, bahasa)


def _with_charts(found: Analysis, count: int) -> Analysis:
    """Return an analysis with its first charts only."""
    return Analysis(
        found.name, found.lang, found.place, found.sentences, found.charts[:count], found.tables
    )


def _heading(name: str, about: Sequence[object], lang: str) -> str:
    """Return the measure that an analysis is about, else the name of the analysis."""
    measures = [MEASURES[one] for one in about if isinstance(one, str) and one in MEASURES]
    return measures[0].label(lang) if measures else say(f"title_{name}", lang)


def _read(scenario: Scenario) -> str:
    """Write how a scenario file is read."""
    return f"kesos_sim.load_scenario({scenario_file(scenario)!r})"


def _written(value: object) -> str:
    """Write an argument as Python: a plain value, a scenario, or a comparison."""
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, Scenario):
        return _read(value)
    comparison: Comparison = value  # type: ignore[assignment]  # the third kind of argument
    others = ", ".join(_read(run.scenario) for run in comparison.alternatives)
    usual, draws = _read(comparison.baseline.scenario), len(comparison.pairs)
    return f"kesos_sim.compare({usual}, [{others}], draws={draws})"


def _call(name: str, about: Sequence[object], options: Mapping[str, object], lang: str) -> str:
    """Write the call."""

    def words() -> Iterator[str]:
        yield from map(repr, about)
        yield f"lang={lang!r}"
        for key, value in options.items():
            if isinstance(value, Figures):
                if value.own:
                    yield f"{key}={_PUBLIC}.figures_of({_OWN})"
            else:
                yield f"{key}={_written(value)}"

    return f"{_PUBLIC}.{name}({', '.join(words())})"
