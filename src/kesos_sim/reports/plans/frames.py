"""Documents whose analyses come from elsewhere: LP2KD, the poverty profile, the result sheet."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kesos_sim.experiments.base_month import DISTRICT_TOLERANCE, PROVINCE_TOLERANCE
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.office.document import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Table,
)
from kesos_sim.reports.outcomes import outcome_table
from kesos_sim.reports.plans.again import remade
from kesos_sim.reports.plans.annex import finished
from kesos_sim.reports.plans.common import (
    Said,
    blocks_of,
    doubt,
    facts,
    handed_in,
    outcome_blocks,
    say_plan,
)
from kesos_sim.reports.plans.package import Package, chosen
from kesos_sim.reports.plans.rpkd import district_table
from kesos_sim.reports.values import say
from kesos_sim.scenario.words import difference
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.experiments.compare import Comparison

__all__ = ["lp2kd", "profile", "result_sheet"]

_RATE: Final = "poverty_rate"
_COUNTERFACTUAL: Final = ("poverty_path", "yearly_difference")


def lp2kd(
    comparison: Comparison,
    lang: str = "id",
    *,
    package: str | None = None,
    year: int | None = None,
    position: Said = (),
    trend: Said = (),
    relevance: Said = (),
    effectiveness: Said = (),
    linkage: Said = (),
    programmes: Said = (),
) -> Document:
    """Make the frame of the yearly implementation report with its five customary analyses.

    Parameters
    ----------
    comparison : Comparison
        Programmes of the region as a package, or a world without those of today as one.
    lang : str
        ``id`` or ``en``.
    package : str, optional
        Name of the alternative; may be left out when there is only one.
    year : int, optional
        Year of the report; without it the last whole year of the run.
    position, trend, relevance, effectiveness, linkage : sequence of str, Chart, TextTable or Block
        The five analyses; one that is missing says what could be supplied.
    programmes : sequence of str, Chart, TextTable or Block
        What the programmes achieved.

    Returns
    -------
    Document

    Raises
    ------
    InputError
        If the package or the year is not in the comparison.
    KesosError
        If the provenance is incomplete.

    Examples
    --------
    >>> from kesos_sim import compare, load_scenario
    >>> from kesos_sim.reports.analyses import position
    >>> from kesos_sim.workbench.measures import section
    >>> world = {"region": "3316", "households": 2000, "months": 22}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> rank = position("3316", lang="en", year=2024)
    >>> report = lp2kd(compare(today, [bare], draws=0), "en", position=rank.charts)
    >>> report.name, section(report, 1).text.splitlines()[0]
    ('lp2kd-3316', 'Implementation of programmes')
    """
    asked = chosen(comparison, package, lang)
    when = asked.year(year)
    analyses = {
        "position": position,
        "trend": trend,
        "relevance": relevance,
        "effectiveness": effectiveness,
        "linkage": linkage,
    }
    blocks: list[Block] = [
        Note(say_plan("draft", lang)),
        _about(asked, compared=asked.title, year=numbers.fiscal_year(when, lang)),
        Paragraph(say_plan("lp2kd_intro", lang)),
        *_section("lp2kd", "programmes", programmes, lang),
    ]
    for name, contents in analyses.items():
        blocks += _section("lp2kd", name, contents, lang)
        if name == "effectiveness":
            blocks += _counterfactual(asked)
        if name == "linkage":
            blocks.append(Note(say_plan("lp2kd_linkage_caution", lang)))
    blocks += [
        *doubt(asked),
        Heading(say_plan("lp2kd_follow", lang)),
        facts(lang, conclusion="", follow=""),
    ]
    title = f"{say_plan('lp2kd_title', lang)} {when}"
    handed = analyses | {"programmes": programmes}
    again = remade(asked, "lp2kd", year=when, sections=handed)
    return finished(asked, "lp2kd", title, blocks, again, subtitle=asked.place)


def profile(
    comparison: Comparison,
    lang: str = "id",
    *,
    package: str | None = None,
    who: Said = (),
    where: Said = (),
    why: Said = (),
) -> Document:
    """Make the chapter on who and where the poor are.

    Parameters
    ----------
    comparison : Comparison
        Its baseline is the region as it is.
    lang : str
        ``id`` or ``en``.
    package : str, optional
        Name of the alternative; may be left out when there is only one.
    who, where, why : sequence of str, Chart, TextTable or Block
        The analyses; one that is missing says what could be supplied.

    Returns
    -------
    Document

    Raises
    ------
    InputError
        If the package is not in the comparison.
    KesosError
        If the provenance is incomplete.

    Examples
    --------
    >>> from kesos_sim import compare, load_scenario
    >>> from kesos_sim.workbench.measures import section
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> chapter = profile(compare(today, [bare], draws=0), "en", who=["See the village lists."])
    >>> section(chapter, 1).text.splitlines()[:2]
    ['Who is poor', 'See the village lists.']
    """
    asked = chosen(comparison, package, lang)
    places = district_table(asked)
    blocks = (
        _about(asked),
        *_section("profile", "who", who, lang),
        *_section("profile", "where", where or ((places,) if places.rows else ()), lang),
        *_section("profile", "why", why, lang),
    )
    title = say_plan("profile_title", lang)
    again = remade(asked, "profile", sections={"who": who, "where": where, "why": why})
    return finished(asked, "profil", title, blocks, again, subtitle=asked.place)


def result_sheet(
    comparison: Comparison, lang: str = "id", *, package: str | None = None
) -> Document:
    """Make the sheet that says what a package changes and what comes of it.

    Parameters
    ----------
    comparison : Comparison
        The package beside its baseline.
    lang : str
        ``id`` or ``en``.
    package : str, optional
        Name of the alternative; may be left out when there is only one.

    Returns
    -------
    Document

    Raises
    ------
    InputError
        If the package is not in the comparison.
    KesosError
        If the provenance is incomplete.

    Examples
    --------
    >>> from kesos_sim import compare, load_scenario
    >>> world = {"region": "3316", "households": 2000, "months": 2}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> sheet = result_sheet(compare(today, [bare], draws=0), "en")
    >>> sheet.title
    'Result sheet of a simulation'
    >>> [block.text for block in sheet.blocks if hasattr(block, "level")]
    ['Expected outcome of the package', 'What changes', 'Charts', 'How sure we are', 'All
    indicators', 'Annex: how to get this result again', 'What the model leaves out', 'Sources
    and quality of data']
    """
    asked = chosen(comparison, package, lang)
    table = outcome_table(asked.results, asked.context, lang, scenario=asked.name, brief=True)
    blocks = (
        Note(say_plan("draft", lang)),
        _about(asked, package=asked.title),
        Heading(say_plan("outcome", lang)),
        *outcome_blocks(asked, details=True),
        Heading(say_plan("result_changes", lang)),
        Bullets(tuple(difference(asked.usual, asked.scenario, lang))),
        Heading(say_plan("result_charts", lang)),
        *blocks_of(asked.charts.values(), lang),
        *doubt(asked),
        Heading(say_plan("result_table", lang)),
        Table(table),
    )
    again = remade(asked, "result_sheet")
    return finished(asked, "hasil", say_plan("result_title", lang), blocks, again)


def _about(asked: Package, **more: str) -> Facts:
    """Return region, what more there is to say, and period; what is filled in."""
    return facts(asked.lang, region=asked.place, **more, period=asked.period, author="")


def _section(document: str, name: str, contents: Said, lang: str) -> list[Block]:
    """Return a section with what was handed in, or with what could be."""
    title = say_plan(f"{document}_{name}", lang)
    supply = say_plan(f"{document}_supply_{name}", lang)
    return [Heading(title), *handed_in(contents, lang, title, supply)]


def _counterfactual(package: Package) -> Iterator[Block]:
    """Yield the warning that a trend is no effect, with the simulated comparison beside it."""
    lang = package.lang
    yield Note(say_plan("lp2kd_caution", lang, title=package.title))
    yield Bullets(tuple(difference(package.usual, package.scenario, lang)))
    yield from outcome_blocks(package)
    said = _missed(package)
    if said:
        yield Note(said)
    found = (package.charts[name] for name in _COUNTERFACTUAL if name in package.charts)
    yield from blocks_of(found, lang)


def _missed(package: Package) -> str:
    """Say after the base month where the world without a change strays from what is published.

    Empty where nothing was published of those months; the base month itself is told with the
    doubts.
    """
    lang, context, results = package.lang, package.context, package.results
    near = PROVINCE_TOLERANCE if len(context.region) == len("33") else DISTRICT_TOLERANCE
    definition, told, seen = indicator(_RATE), [], 0
    for point in context.published:
        month = Month.parse(point.month)
        if (point.indicator, point.region, point.own) != (_RATE, context.region, False):
            continue
        found = (
            results.at(_RATE, point.region, month, package.name) if month > results.base else None
        )
        if found is None or not math.isfinite(found.baseline):
            continue
        seen += 1
        miss = found.baseline - point.value
        if abs(miss) > near:
            told.append(
                say_plan(
                    f"lp2kd_miss_{'above' if miss > 0 else 'below'}",
                    lang,
                    month=numbers.month_name(month, lang),
                    modelled=say(found.baseline, definition, lang),
                    published=say(point.value, definition, lang),
                    miss=numbers.points(abs(miss), lang, definition.decimals),
                )
            )
    if told:
        return say_plan("lp2kd_misses", lang, place=package.place, items="; ".join(told))
    return say_plan("lp2kd_meets", lang, place=package.place) if seen else ""
