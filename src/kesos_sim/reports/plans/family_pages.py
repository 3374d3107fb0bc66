"""Ten kinds of families as a document, a page for each, or more that say so."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

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
from kesos_sim.reports.plans.naming import region_mark, scenario_file
from kesos_sim.reports.provenance import Provenance
from kesos_sim.reports.story_household import household_chapters, household_intro
from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from kesos_sim.experiments.families import Families, Family
    from kesos_sim.reports.charts.chart import Chart

__all__ = ["family_life", "family_pages"]

_LINE: Final = 85
"""Letters in a line of the widest font that an office program may take."""
_BESIDE_CHART: Final = 28
"""Lines that a page holds beside a heading and a chart."""
_LONG_HEADING: Final = 45
"""Letters from which a heading takes a second line, and the room of `_TALL` lines."""
_TALL: Final = 4
_GOES_ON: Final = 3
"""Lines that take the words that a page is continued."""
_WHOLE_PAGE: Final = 44
"""Lines that a page without a chart holds."""
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
    ('keluarga-tanpa-bansos-3316', ['Kinds of families and what changes'])
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
    blocks.append(PageBreak())
    known: Any = found.provenance
    scenario = found.package.scenario
    return chapter(
        scenario,
        f"keluarga-{scenario.name}-{region_mark(scenario.region)}",
        say("families_title", lang),
        blocks,
        lang,
        subtitle=f"{context.place(context.region, lang)} · {scenario.title[lang]}",
        calls=(_call(found, lang),),
        data=lives,
        beside=(found.baseline.scenario,),
        provenance=Provenance(**known),
    )


def _call(found: Families, lang: str) -> str:
    """Write the expression that finds the families again and lists what changes for them."""
    usual, package = (
        f"kesos_sim.load_scenario({scenario_file(run.scenario)!r})"
        for run in (found.baseline, found.package)
    )
    kinds = [family.kind for family in found.families]
    call = f"kesos_sim.experiments.families.families({usual}, {package}, {kinds})"
    return f"*{call}.tables({lang!r})"


def _page(found: Families, family: Family, drawn: dict[str, Chart], lang: str) -> Iterator[Block]:
    """Yield the page of one kind of family."""
    yield PageBreak()
    name = named(family.kind, lang)
    yield Heading(name)
    first, *years = family_life(found, family, lang, yearly=True)
    yield Paragraph(first)
    chart = drawn.get(f"family_{family.kind}")
    if chart is None:
        return
    yield Picture(chart)
    room = _BESIDE_CHART - _lines(first) - _TALL * (len(name) > _LONG_HEADING)
    pages = _paged(years, room)
    for number, page in enumerate(pages, start=1):
        words = {"name": name, "page": number, "pages": len(pages)}
        if number > 1:
            yield PageBreak()
            yield Heading(say("families_page", lang, **words), level=2)
        yield from (Paragraph(year, quiet=True) for year in page)
        if number < len(pages):
            yield Paragraph(say("families_goes_on", lang, **words), quiet=True)


def _lines(text: str) -> int:
    """Return the lines of a paragraph."""
    return math.ceil(len(text) / _LINE)


def _paged(years: Sequence[str], room: int) -> list[list[str]]:
    """Return paragraphs page by page: all of them on the first, if they fit there."""
    if sum(map(_lines, years)) <= room:
        return [list(years)]
    pages: list[list[str]] = [[]]
    left = room - _GOES_ON
    for year in years:
        if _lines(year) > left:
            pages.append([])
            left = _WHOLE_PAGE - _GOES_ON
        pages[-1].append(year)
        left -= _lines(year)
    return pages
