"""Ten kinds of families as a document, a page for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kesos_sim.i18n import numbers
from kesos_sim.reports.measures.families import named
from kesos_sim.reports.measures.parts import say as say_measure
from kesos_sim.reports.office.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    Table,
)
from kesos_sim.reports.plans.chapters import chapter, say
from kesos_sim.reports.plans.common import say_plan
from kesos_sim.reports.provenance import Provenance
from kesos_sim.reports.story_household import household_chapters, household_intro
from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from kesos_sim.experiments.families import Families, Family
    from kesos_sim.reports.charts.chart import Chart

__all__ = ["family_life", "family_pages"]

_KINDS_SHARES = (10.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 5.0, 5.0, 5.0, 5.0)


def family_life(
    found: Families, family: Family, lang: str = "id", *, yearly: bool = False
) -> tuple[str, ...]:
    """Tell the life of a family with the package, one paragraph for each month that changes it.

    Parameters
    ----------
    found : Families
        What was found.
    family : Family
        One of its families.
    lang : str
        ``id`` or ``en``.
    yearly : bool
        Tell only how things stand in the base month and at the end of every year.

    Returns
    -------
    tuple of str
        Who it is, then the months; that there is none where none was found.
    """
    follower = family.with_package
    if follower is None:
        return (say_measure("families.none", lang, family=named(family.kind, lang)),)
    scenario = found.package.scenario
    # All months are told before some are left out, since a December sums up its whole year.
    chapters = household_chapters(follower, range(scenario.months + 1), lang)
    if yearly:
        chapters = tuple(
            one
            for one in chapters
            if one.row == 0 or (scenario.start + one.row).month == MONTHS_PER_YEAR
        )
    return (
        household_intro(follower, lang),
        *(
            f"{numbers.month_name(scenario.start + one.row, lang)}: {' '.join(one.sentences)}"
            for one in chapters
            if one.sentences
        ),
    )


def family_pages(found: Families, lang: str = "id") -> Document:
    """Make the document on the families: a list of the kinds, then a page for each.

    Parameters
    ----------
    found : Families
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Document

    Raises
    ------
    KesosError
        If the provenance is incomplete.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.families import families
    >>> world = {"region": "3316", "households": 2000, "months": 2}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> pages = family_pages(families(today, bare, ["lone_elderly"]), "en")
    >>> pages.name, [table.title for table in pages.tables][:1]
    ('keluarga-tanpa-bansos', ['Kinds of families and what changes'])
    """
    context = found.package.context()
    kinds, *lives = found.tables(lang)
    drawn = {chart.name: chart for chart in found.charts(lang)}
    cautions = found.sentences(lang)[len(found.families) :]
    blocks: list[Block] = [
        Note(say_plan("draft", lang)),
        Paragraph(
            say("families_intro", lang, package=context.title(found.package.scenario.name, lang))
        ),
        Bullets(cautions),
        Table(kinds, shares=_KINDS_SHARES[: len(kinds.columns)], wide=True),
    ]
    for family in found.families:
        blocks += _page(found, family, drawn, lang)
    known: Any = found.provenance
    scenario = found.package.scenario
    return chapter(
        scenario,
        f"keluarga-{scenario.name}",
        say("families_title", lang),
        blocks,
        lang,
        subtitle=f"{context.place(context.region, lang)} · {scenario.title[lang]}",
        commands=(_call(found, lang),),
        data=lives,
        beside=(found.baseline.scenario,),
        provenance=Provenance(**known),
    )


def _call(found: Families, lang: str) -> str:
    """Write the line that finds the families again and lists what changes for them."""
    usual, package = (
        f"kesos_sim.load_scenario({f'{run.scenario.name}.yaml'!r})"
        for run in (found.baseline, found.package)
    )
    kinds = [family.kind for family in found.families]
    call = f"kesos_sim.experiments.families.families({usual}, {package}, {kinds})"
    return f"{call}.tables({lang!r})"


def _page(found: Families, family: Family, drawn: dict[str, Chart], lang: str) -> Iterator[Block]:
    """Yield the page of one kind of family."""
    yield PageBreak()
    yield Heading(named(family.kind, lang))
    first, *years = family_life(found, family, lang, yearly=True)
    yield Paragraph(first)
    chart = drawn.get(f"family_{family.kind}")
    if chart is not None:
        yield Picture(chart)
        yield from (Paragraph(year, quiet=True) for year in years)
