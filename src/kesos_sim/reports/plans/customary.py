"""The customary analyses of a region as sections of RPKD and LP2KD.

What cannot be told of a region, because figures are missing or the run holds several provinces, is
said in its section with what could be supplied; the document is made all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.reports import analyses
from kesos_sim.reports.analyses import Analysis
from kesos_sim.reports.office.document import Block, Bullets, Note, Table
from kesos_sim.reports.plans.again import Computed
from kesos_sim.reports.plans.common import Content, Said, blocks_of, refusal

if TYPE_CHECKING:
    from kesos_sim.experiments.compare import Comparison

__all__ = ["lp2kd_chapters", "rpkd_chapters", "told"]

_MEASURE: Final = "poverty_rate"
_Made = Callable[[int], Analysis]


def told(found: Analysis) -> tuple[Block, ...]:
    """Return an analysis as blocks of a document.

    Parameters
    ----------
    found : Analysis
        The analysis.

    Returns
    -------
    tuple of Block
        Charts with their tables, sentences, tables.

    Examples
    --------
    >>> from kesos_sim.reports.analyses import position
    >>> [type(block).__name__ for block in told(position("3316", lang="en", year=2024))]
    ['Picture', 'Paragraph', 'Bullets']
    """
    sentences = (Bullets(found.sentences),) if found.sentences else ()
    return (*blocks_of(found.charts, found.lang), *sentences, *map(Table, found.tables))


def rpkd_chapters(
    comparison: Comparison, lang: str = "id", *, measure: str = _MEASURE
) -> dict[str, Said]:
    """Return the analyses that a regional poverty reduction plan has in its sections.

    Parameters
    ----------
    comparison : Comparison
        Its region is a province or a district.
    lang : str
        ``id`` or ``en``.
    measure : str
        One of `kesos_sim.reports.analyses.MEASURES`.

    Returns
    -------
    dict of str to sequence of Content
        ``problem`` and ``places``, for `rpkd`.

    Examples
    --------
    >>> from kesos_sim import compare, load_scenario
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> list(rpkd_chapters(compare(today, [bare], draws=0), "en"))
    ['problem', 'places']
    """
    figures = analyses.figures_of(comparison.baseline.scenario.own_data)
    call = f"plans.rpkd_chapters(result, {lang!r}, measure={measure!r})"
    return {
        "problem": _section(
            comparison,
            lang,
            f"{call}['problem']",
            lambda code: analyses.position(code, measure, lang, figures=figures),
            lambda code: analyses.trend(code, measure, lang, figures=figures),
        ),
        "places": _section(
            comparison,
            lang,
            f"{call}['places']",
            lambda code: analyses.hotspots(code, lang, figures=figures),
            lambda code: analyses.quadrants(code, measure, lang, figures=figures),
        ),
    }


def lp2kd_chapters(
    comparison: Comparison, year: int, lang: str = "id", *, measure: str = _MEASURE
) -> dict[str, Said]:
    """Return the five customary analyses of the yearly implementation report.

    Parameters
    ----------
    comparison : Comparison
        Its region is a province or a district.
    year : int
        Year in which the programmes began, for *efektivitas*.
    lang : str
        ``id`` or ``en``.
    measure : str
        One of `kesos_sim.reports.analyses.MEASURES`.

    Returns
    -------
    dict of str to sequence of Content
        ``position``, ``trend``, ``relevance``, ``effectiveness``, ``linkage``, for `lp2kd`.

    Examples
    --------
    >>> from kesos_sim import compare, load_scenario
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> list(lp2kd_chapters(compare(today, [bare], draws=0), 2017, "en"))
    ['position', 'trend', 'relevance', 'effectiveness', 'linkage']
    """
    figures = analyses.figures_of(comparison.baseline.scenario.own_data)
    made: dict[str, _Made] = {
        "position": lambda code: analyses.position(code, measure, lang, figures=figures),
        "trend": lambda code: analyses.trend(code, measure, lang, figures=figures),
        "relevance": lambda code: analyses.relevance(code, measure, lang, figures=figures),
        "effectiveness": lambda code: analyses.effectiveness(
            code, year, measure, lang, comparison=comparison, figures=figures
        ),
        "linkage": lambda code: analyses.linkage(code, measure, lang, figures=figures),
    }
    call = f"plans.lp2kd_chapters(result, {year}, {lang!r}, measure={measure!r})"
    return {
        name: _section(comparison, lang, f"{call}[{name!r}]", one) for name, one in made.items()
    }


def _section(comparison: Comparison, lang: str, call: str, *made: _Made) -> Computed:
    """Return analyses as contents of a section, or why there are none."""
    code = comparison.context().region
    if not code.isdigit():
        return Computed((Note(i18n.text("planner_plans.one_region", lang)),), call)
    contents: list[Content] = []
    for one in made:
        try:
            found = one(int(code))
        except InputError as error:
            contents.append(Note(refusal(error, lang)))
        else:
            contents += [*found.charts, Bullets(found.sentences), *found.tables]
    return Computed(contents, call)
