"""Chapters for planning files that no comparison stands behind: analyses, data, families."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.reports.office.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Listing,
    Paragraph,
)
from kesos_sim.reports.plans.annex import left_out, tables_as_sources
from kesos_sim.reports.plans.common import facts, recorded, say_plan
from kesos_sim.reports.plans.naming import region_mark, scenario_file
from kesos_sim.reports.plans.wrapping import program
from kesos_sim.reports.provenance import Provenance, record_of
from kesos_sim.scenario.writing import dump_scenario

if TYPE_CHECKING:
    from kesos_sim.reports.tables import TextTable
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["chapter", "say"]

_MODULE: Final = re.compile(r"\bkesos_sim(?:\.[a-z_]+)+(?=\.[a-z_]+\()")


def say(key: str, lang: str, /, **fields: object) -> str:
    """Return a text of the catalogue ``planner_notebooks``.

    Parameters
    ----------
    key : str
        Its name.
    lang : str
        ``id`` or ``en``.
    **fields : object
        What it needs.

    Returns
    -------
    str
    """
    return i18n.text(f"planner_notebooks.{key}", lang, **fields)


def chapter(
    scenario: Scenario,
    name: str,
    title: str,
    blocks: Iterable[Block],
    lang: str = "id",
    *,
    subtitle: str = "",
    commands: tuple[str, ...] = (),
    calls: tuple[str, ...] = (),
    data: Sequence[TextTable] = (),
    beside: Sequence[Scenario] = (),
    provenance: Provenance | None = None,
) -> Document:
    """Make a document with the annex that says how to get it again.

    Parameters
    ----------
    scenario : Scenario
        The scenario that it belongs to.
    name, title : str
        Name of its files and its title.
    blocks : iterable of Block
        What it says.
    lang : str
        ``id`` or ``en``.
    subtitle : str
        Below the title.
    commands : tuple of str
        What is typed in a terminal to see its figures again.
    calls : tuple of str
        Expressions of Python that compute parts of it, with the full names of modules: analyses or
        tables, of which several have a star before them.
    data : sequence of TextTable
        Tables that only the workbook holds.
    beside : sequence of Scenario
        Further scenarios, whose files the annex holds too.
    provenance : Provenance, optional
        Record of the run; that of the scenario alone when left out.

    Returns
    -------
    Document
    """
    record = provenance or record_of(scenario)
    again = _printed(scenario, calls) if calls else None
    typed = (*commands, *((f"python {again.name}",) if again else ()))
    return Document(
        name=name,
        title=title,
        lang=lang,
        provenance=record,
        blocks=(*blocks, *_annex(record, (scenario, *beside), typed, again, lang)),
        subtitle=subtitle,
        commands=typed,
        sources=tables_as_sources(lang),
        data=tuple(data),
        region=region_mark(scenario.region),
    )


def _printed(scenario: Scenario, calls: Sequence[str]) -> Listing:
    """Return lines of Python that print the parts that expressions compute."""
    modules = dict.fromkeys(("kesos_sim", *_MODULE.findall("\n".join(calls))))
    lines = [
        *(f"import {module}" for module in modules),
        "",
        'if __name__ == "__main__":',
        "    for found in (",
        *(f"        {call}," for call in calls),
        "    ):",
        "        print(found.text())",
    ]
    return program(scenario.region, lines)


def _annex(
    record: Provenance,
    scenarios: Sequence[Scenario],
    commands: Sequence[str],
    again: Listing | None,
    lang: str,
) -> Iterator[Block]:
    """Yield versions, what computes the figures again, limits and the scenario files.

    It follows the last words at once: a chapter whose last line goes over to a new page would
    leave that page empty.
    """
    yield Heading(say_plan("annex", lang))
    yield Paragraph(say("annex_text", lang))
    if again is not None:
        yield Paragraph(i18n.text("planner_plans.annex_lines", lang, name=again.name))
    typed = {"command": "; ".join(commands)} if commands else {}
    yield facts(lang, **typed, **recorded(record, lang))
    yield Heading(say_plan("left_out", lang), 2)
    yield Bullets(left_out(lang))
    if again is not None:
        yield again
    for scenario in scenarios:
        yield Listing(scenario_file(scenario), dump_scenario(scenario))
