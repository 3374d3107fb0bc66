"""A measure for planners as a document: what it says, what it shows, its tables, how to repeat it.

Who serves whom, packages beside each other, what a rupiah buys, budgets, other futures, winners
and losers: each is lived by one call of Python, which stands in the annex.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, Protocol

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.reports.frames import Results
from kesos_sim.reports.office.document import (
    Block,
    Bullets,
    Document,
    Note,
    Paragraph,
    Picture,
    Table,
)
from kesos_sim.reports.office.naming import sheet_name
from kesos_sim.reports.plans.again import Again
from kesos_sim.reports.plans.annex import finished
from kesos_sim.reports.plans.common import facts, say_plan
from kesos_sim.reports.plans.naming import scenario_file
from kesos_sim.reports.plans.package import Package
from kesos_sim.reports.plans.wrapping import program

if TYPE_CHECKING:
    from kesos_sim.experiments.compare import Comparison
    from kesos_sim.reports.charts.chart import Chart
    from kesos_sim.reports.tables import TextTable
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Measure", "measure_sheet"]

_NAMES: Final = {
    "WhoServes": "who_serves",
    "Options": "options",
    "Worth": "worth",
    "Feasibility": "feasibility",
    "Stress": "stress",
    "Winners": "winners",
}
"""Measures by their class, and the function, and module, that computes each."""
_FILES: Final = {
    "who_serves": "peta-koordinasi",
    "options": "bandingkan",
    "worth": "biaya-manfaat",
    "feasibility": "anggaran",
    "stress": "ketahanan",
    "winners": "siapa-terbantu",
}
_SEVERAL: Final = frozenset({"options", "worth"})
_PERCENT: Final = 100
_WIDE: Final = 7
"""Columns from which on a table stands on a page of its own, with the long side at the bottom."""
_WIDE_WITH_TEXT: Final = 5
"""The same where a cell holds a text."""
_LONG_TEXT: Final = 100
"""Letters of a cell that make it a text."""
_DIVIDED: Final = 11
"""Columns from which on a table is printed in a part for each situation."""
_PART_ROWS: Final = 6
"""Rows below which a part is not worth a heading of its own."""
_MOST_ROWS: Final = 40
"""Rows of a table that are printed; a workbook has all."""


class Measure(Protocol):
    """A result that tells itself in sentences, charts and tables."""

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Return what it says."""

    def charts(self, lang: str = "id") -> tuple[Chart, ...]:
        """Return what it shows."""

    def tables(self, lang: str = "id") -> tuple[TextTable, ...]:
        """Return its tables."""


class _All(Package):
    """Every alternative of a comparison together."""

    @cached_property
    def results(self) -> Results:
        """The figures of all packages."""
        return Results(self.comparison.frame())

    @property
    def title(self) -> str:
        """Titles of all packages."""
        names = (run.scenario.name for run in self.comparison.alternatives)
        return "; ".join(self.context.title(name, self.lang) for name in names)


def measure_sheet(found: Measure, lang: str = "id") -> Document:
    """Make a document of a measure.

    Parameters
    ----------
    found : WhoServes, Options, Worth, Feasibility, Stress or Winners
        What was computed.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Document
        Long tables are cut in print; the workbook holds them whole.

    Raises
    ------
    InputError
        If it is no such measure, or the language is not known.
    KesosError
        If the provenance is incomplete.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.feasibility import feasibility
    >>> world = {"region": "3316", "households": 2000, "months": 12}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> early = {"levers.apbd_poverty_share.from": "2024-04"}
    >>> more = load_scenario("scenarios/apbd-10.yaml", world | early)
    >>> sheet = measure_sheet(feasibility(today, more, draws=0), "en")
    >>> sheet.name, sheet.tables[0].title
    ('anggaran-3316', 'Fiscal years by payer')
    """
    name = _NAMES.get(type(found).__name__, "")
    if not name:
        expected = ", ".join(_NAMES)
        raise InputError(
            "KS9152", "planner_plans.no_measure", got=type(found).__name__, expected=expected
        )
    if lang not in i18n.LANGUAGES:
        raise InputError("KS5011", "office.language", got=lang, expected=", ".join(i18n.LANGUAGES))
    result: Any = found
    comparison: Comparison = result.comparisons[0] if name == "worth" else result.comparison
    several = name in _SEVERAL
    package = (_All if several else Package)(comparison, comparison.alternatives[0], lang)
    tables = found.tables(lang)
    again = _again(name, result)
    titles = package.title if name != "worth" else _titles(result, lang)
    blocks = (
        Note(say_plan("draft", lang)),
        facts(lang, region=package.place, package=titles, period=package.period),
        Bullets(found.sentences(lang)),
        *map(Picture, found.charts(lang)),
        *_listed(tables, lang),
    )
    return finished(
        package,
        _FILES[name],
        i18n.text(f"planner_plans.title_{name}", lang),
        blocks,
        again,
        subtitle=package.place if several else "",
        data=[table for table in tables if not _printed_whole(table)],
    )


def _titles(found: Any, lang: str) -> str:
    """Return the titles of what is ranked per rupiah."""
    return "; ".join(line.title[lang] for line in found.lines)


def _listed(tables: Sequence[TextTable], lang: str) -> Iterator[Block]:
    """Yield the tables: long ones only named, wide ones last, with a part for each situation."""
    for table in sorted(tables, key=_turned):
        if len(table.rows) <= _MOST_ROWS:
            yield from (Table(part, wide=_turned(table)) for part in _parts(table))
            continue
        sheet = sheet_name(table.name, lang)
        words = i18n.text("planner_plans.long_table", lang, title=table.title, sheet=sheet)
        yield Paragraph(words, quiet=True)


def _turned(table: TextTable) -> bool:
    """Return whether a table has many columns, or some with long texts among them."""
    long = any(len(cell) > _LONG_TEXT for row in table.rows for cell in row)
    return len(table.columns) >= (_WIDE_WITH_TEXT if long else _WIDE)


def _printed_whole(table: TextTable) -> bool:
    """Return whether a table is printed as it is, so that a workbook takes it from the text."""
    return len(table.rows) <= _MOST_ROWS and _parts(table) == [table]


def _parts(table: TextTable) -> list[TextTable]:
    """Return a wide table in parts, one for each situation that its first column repeats.

    The parts keep the name of the whole, which stands once in a workbook.
    """
    runs = [
        (name, [place for place, _ in group])
        for name, group in groupby(enumerate(table.rows), key=lambda one: one[1][0])
    ]
    apart = not table.columns[0].numeric and all(len(places) >= _PART_ROWS for _, places in runs)
    if len(table.columns) < _DIVIDED or not apart:
        return [table]
    return [
        replace(
            table,
            title=f"{table.title}. {name}",
            columns=table.columns[1:],
            rows=tuple(table.rows[place][1:] for place in places),
            data=tuple(table.data[place] for place in places),
        )
        for name, places in runs
    ]


def _again(name: str, found: Any) -> Again:
    """Return the lines that compute a measure again, and the scenarios that they read."""
    compared: Comparison = found.comparisons[0] if name == "worth" else found.comparison
    if name == "worth":
        pairs = [
            (_numbered(one.baseline.scenario, number), _full(found, one))
            for number, one in enumerate(found.comparisons)
        ]
        strengths = max((line.strengths for line in found.lines), key=len)
        more = [f"strengths={strengths}", f"draws={len(compared.pairs)}"]
    else:
        pairs = [
            (
                compared.baseline.scenario,
                tuple(run.scenario for run in compared.alternatives),
            )
        ]
        more = []
    if name == "options":
        more = [f"aims={found.aims}", f"draws={len(compared.pairs)}"]
    if name == "feasibility":
        more = [f"draws={len(compared.pairs)}"]
    if name == "stress":
        indicators = tuple(dict.fromkeys(cell.indicator for cell in found.cells))
        more = [f"futures={found.futures}", f"indicators={indicators}", f"draws={found.draws}"]
    lines = [
        "from kesos_sim import load_scenario",
        f"from kesos_sim.experiments.{name} import {name}",
        "",
        'if __name__ == "__main__":',
    ]
    for baseline, packages in pairs:
        asked = [f"{_read(one)}," for one in packages]
        if name in _SEVERAL:
            asked = ["[", *(f"    {one}" for one in asked), "],"]
        lines += [
            f"    found = {name}(",
            *(f"        {line}" for line in (f"{_read(baseline)},", *asked)),
            *(f"        {argument}," for argument in more),
            "    )",
            '    print("\\n".join(found.sentences()))',
        ]
    scenarios = {one.name: one for baseline, others in pairs for one in (baseline, *others)}
    draws = found.draws if name == "stress" else len(compared.pairs)
    listing = program(compared.baseline.scenario.region, lines)
    return Again(listing, tuple(scenarios.values()), draws)


def _numbered(baseline: Scenario, number: int) -> Scenario:
    """Return a baseline with a name of its own: levers may stand on different ones."""
    return replace(baseline, name=f"{baseline.name}-{number}") if number else baseline


def _full(found: Any, comparison: Comparison) -> tuple[Scenario, ...]:
    """Return the candidates of a comparison at full strength."""
    names = {
        f"{name}-{round(_PERCENT * line.strengths[-1])}"
        for line in found.lines
        for name in (line.candidate, line.candidate.replace("_", "-"))
    }
    runs = (run.scenario for run in comparison.alternatives)
    return tuple(scenario for scenario in runs if scenario.name in names)


def _read(scenario: Scenario) -> str:
    """Write how a scenario file is read."""
    return f'load_scenario("{scenario_file(scenario)}")'
