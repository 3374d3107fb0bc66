"""The end that every document of planners has: how to get its figures again, and their sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from kesos_sim import i18n
from kesos_sim.data.catalogue import list_tables
from kesos_sim.data.reading import read_table
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.reports.context import in_language
from kesos_sim.reports.grounds import evidence_table
from kesos_sim.reports.office.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Source,
    Table,
)
from kesos_sim.reports.plans.again import Again
from kesos_sim.reports.plans.common import facts, recorded, say_plan
from kesos_sim.reports.plans.naming import region_mark, scenario_file
from kesos_sim.reports.plans.package import Package
from kesos_sim.reports.tables import TextTable
from kesos_sim.scenario.writing import dump_scenario

__all__ = ["annex", "finished", "left_out", "sources_of", "tables_as_sources"]

_EVIDENCE_SHARES: Final = (16.0, 6.0, 11.0, 13.0, 8.0, 8.0, 38.0)
_CARD_LINE: Final = "* "


def annex(package: Package, again: Again) -> Iterator[Block]:
    """Yield where the figures come from and how to get every one of them again.

    Parameters
    ----------
    package : Package
        What the document is about.
    again : Again
        Lines of Python that compute the figures.

    Yields
    ------
    Block
    """
    lang, provenance = package.lang, package.provenance
    yield PageBreak()
    yield Heading(say_plan("annex", lang))
    yield Paragraph(i18n.text("planner_plans.annex_lines", lang, name=again.lines.name))
    yield facts(
        lang,
        command=again.command,
        **recorded(provenance, lang),
        seed=str(provenance.seed),
        households=numbers.number(provenance.households, lang),
        draws=numbers.number(again.draws, lang),
    )
    yield Heading(say_plan("left_out", lang), 2)
    yield Bullets((*left_out(lang), i18n.text("record.limits_text", lang)))
    yield Heading(say_plan("sources", lang), 2)
    quality = i18n.text("reports.data_words", lang)
    yield Paragraph(say_plan("sources_text", lang, quality=quality))
    yield Bullets(tuple(in_language(words, lang) for words in package.context.sources))
    evidence = evidence_table(package.results, package.context, lang)
    if evidence is not None:
        yield Table(evidence, shares=_EVIDENCE_SHARES, wide=True)
    yield again.lines
    for scenario in again.scenarios:
        yield Listing(scenario_file(scenario), dump_scenario(scenario))


def left_out(lang: str) -> tuple[str, ...]:
    """Return what the model card says the model is not for.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        Sentences.
    """
    lines = i18n.text("card.not.text", lang).splitlines()
    return tuple(line.removeprefix(_CARD_LINE) for line in lines)


def sources_of(package: Package) -> tuple[Source, ...]:
    """Return the tables of the package with years and quality, and the parameters with grades."""
    lang = package.lang
    evidence = package.context.evidence
    rows = {
        (row.name, row.value, in_language(row.words, lang)): row
        for name in package.results.scenarios
        for row in evidence.get(name, ())
    }
    return (
        *tables_as_sources(lang),
        *(
            Source(
                name=in_language(row.source, lang) if row.source else numbers.EN_DASH,
                year="",
                quality=i18n.text(f"reports.grade_{row.grade.lower()}", lang),
                used_for=in_language(row.words, lang),
            )
            for row in rows.values()
        ),
    )


@cache
def tables_as_sources(lang: str) -> tuple[Source, ...]:
    """Return the data tables as sources, with their years and quality."""
    return tuple(
        Source(
            name=info.meta.origin[lang],
            year=_years(info.name),
            quality=", ".join(word("quality", name, lang) for name in info.quality)
            or say_plan("quality_unmarked", lang),
            used_for=info.meta.title[lang],
        )
        for info in list_tables()
    )


def _years(name: str) -> str:
    """Return the years of a table; empty where it has no column of years."""
    table = read_table(name)
    if "year" not in table or table["year"].dtype.kind not in "iu":
        return ""
    first, last = int(table["year"].min()), int(table["year"].max())
    return str(last) if first == last else f"{first}{numbers.EN_DASH}{last}"


def finished(
    package: Package,
    name: str,
    title: str,
    blocks: Iterable[Block],
    again: Again,
    *,
    subtitle: str = "",
    data: Sequence[TextTable] = (),
) -> Document:
    """Return a document with the annex that every one has.

    Parameters
    ----------
    package : Package
        What it is about.
    name, title : str
        What the name of its files begins with, before the region, and its title.
    blocks : iterable of Block
        What it says.
    again : Again
        Lines of Python that compute the figures.
    subtitle : str
        Below the title; the region and the package when left out.
    data : sequence of TextTable
        Tables that only the workbook holds.

    Returns
    -------
    Document
    """
    region = region_mark(package.scenario.region)
    return Document(
        name=f"{name}-{region}",
        title=title,
        lang=package.lang,
        provenance=package.provenance,
        blocks=(*blocks, *annex(package, again)),
        subtitle=subtitle or f"{package.place} · {package.title}",
        commands=(again.command,),
        sources=sources_of(package),
        data=tuple(data),
        region=region,
    )
