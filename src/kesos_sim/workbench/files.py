"""The files that something from a notebook can become, and writing them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from kesos_sim.errors import InputError
from kesos_sim.reports.charts import Chart, charts
from kesos_sim.reports.office import FORMATS, Document, Listing, Picture, free_name, render
from kesos_sim.reports.office.writing import whole_file
from kesos_sim.reports.plans import result_sheet
from kesos_sim.reports.plans.naming import region_mark, scenario_file
from kesos_sim.scenario import Scenario, dump_scenario
from kesos_sim.workbench.planning import Finding, analyses_document
from kesos_sim.workbench.run_panel import RunPanel

if TYPE_CHECKING:
    from kesos_sim.experiments.compare import Comparison

__all__ = ["FOLDER", "IMAGES", "SCENARIO", "Exportable", "Savable", "forms_of", "write_files"]

FOLDER: Final = "folder"
IMAGES: Final = "images"
SCENARIO: Final = "scenario"
_DOTS_PER_INCH: Final = 200


@runtime_checkable
class Exportable(Protocol):
    """A run or a comparison."""

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        """Write everything to a folder, all or nothing."""


Part = Document | Chart | Scenario | Finding
Savable = Exportable | Part | Sequence[Part]
"""What a notebook can save."""


def forms_of(what: Savable) -> tuple[str, ...]:
    """Return what something can be written as.

    Parameters
    ----------
    what : Run, Comparison, RunPanel, Document, Chart, Scenario, Finding or several of the last four
        What is to be saved: of a panel its latest result; findings need their scenario beside them.

    Returns
    -------
    tuple of str
        ``folder``, endings of documents, ``images``, ``scenario``, as far as there is one.

    Raises
    ------
    InputError
        If it is nothing of the kind, or findings lack their scenario.
    """
    if isinstance(what, RunPanel):
        return (FOLDER, *FORMATS, IMAGES, SCENARIO)
    parts = _parts(what)
    findings = any(isinstance(part, Finding) for part in parts)
    if findings and not any(_scenarios(what)):
        raise InputError("KS9100", "planner_notebooks.no_scenario")
    documents = findings or any(isinstance(part, Document) for part in parts) or _compares(what)
    images = any(map(_pictures, parts)) or _has_figures(what)
    found = (
        *([FOLDER] if isinstance(what, Exportable) else []),
        *(FORMATS if documents else ()),
        *([IMAGES] if images else []),
        *([SCENARIO] if any(_scenarios(what)) or _listings(what) else []),
    )
    if not found:
        raise InputError("KS5031", "office.button_nothing", got=type(what).__name__)
    return found


def write_files(
    what: Savable, form: str, folder: str | os.PathLike[str], lang: str
) -> tuple[Path, ...]:
    """Write something to a folder in one form.

    Parameters
    ----------
    what : Run, Comparison, RunPanel, Document, Chart, Scenario, Finding or several of the last four
        What is to be saved: of a panel its latest result; findings need their scenario beside them.
    form : str
        One of `forms_of`.
    folder : path
        Where to. Other files in it are left alone; one that has the wanted name and other
        content keeps it, and the new one gets a number.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of pathlib.Path
        What was written; of a complete folder the folder.

    Raises
    ------
    KesosError
        If the provenance is incomplete, a panel has no result yet, or a file cannot be written.
    """
    if isinstance(what, RunPanel):
        what = what.latest
    if form == FOLDER and isinstance(what, Exportable):
        return (what.export(folder, lang),)
    return tuple(
        whole_file(free_name(Path(folder) / name, content), content)
        for name, content in _contents(what, form, lang)
    )


def _contents(what: Savable, form: str, lang: str) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of the files."""
    if form == IMAGES:
        for chart, region in _charts(what, lang):
            name = chart.name if chart.name.endswith(region) else f"{chart.name}_{region}"
            yield f"{name}.png", chart.png(_DOTS_PER_INCH)
            yield f"{name}.svg", chart.svg().encode()
    elif form == SCENARIO:
        own = {scenario_file(scenario): dump_scenario(scenario) for scenario in _scenarios(what)}
        for name, text in (_listings(what) | own).items():
            yield name, text.encode()
    else:
        for document in _documents(what, lang):
            yield f"{document.name}.{form}", render(document, form)


def _parts(what: Any) -> Sequence[Any]:
    """Return what was given as a sequence."""
    return what if isinstance(what, list | tuple) else (what,)


def _compares(what: Any) -> bool:
    """Return whether something is a comparison with at least one alternative."""
    return bool(getattr(what, "alternatives", ()))


def _has_figures(what: Any) -> bool:
    """Return whether something is a run or a comparison, whose charts can be drawn."""
    return isinstance(what, Exportable) and hasattr(what, "frame")


def _documents(what: Any, lang: str) -> Iterator[Document]:
    """Yield documents; a comparison has a result sheet for each of its alternatives."""
    if not _compares(what):
        yield from (part for part in _parts(what) if isinstance(part, Document))
        findings = [part for part in _parts(what) if isinstance(part, Finding)]
        if findings:
            yield analyses_document(findings, tuple(_scenarios(what)))
        return
    comparison: Comparison = what
    for run in comparison.alternatives:
        sheet = result_sheet(comparison, lang, package=run.scenario.name)
        several = len(comparison.alternatives) > 1
        yield replace(sheet, name=f"{sheet.name}-{run.scenario.name}") if several else sheet


def _pictures(part: Any) -> list[Chart]:
    """Return the charts of a document or a finding, or the chart that a part is."""
    if isinstance(part, Document):
        return [block.chart for block in part.blocks if isinstance(block, Picture)]
    if isinstance(part, Finding):
        return [] if part.analysis is None else list(part.analysis.charts)
    return [part] if isinstance(part, Chart) else []


def _charts(what: Any, lang: str) -> Iterator[tuple[Chart, str]]:
    """Yield all charts with the region that the names of their files end with."""
    if _has_figures(what):
        region = region_mark(next(_scenarios(what)).region)
        yield from ((chart, region) for chart in charts(what.frame(), what.context(), lang))
        return
    for part in _parts(what):
        region = part.region if isinstance(part, Document) else ""
        yield from ((chart, region) for chart in _pictures(part))


def _listings(what: Any) -> dict[str, str]:
    """Return the files of the annexes of documents by name: scenarios, and what runs them.

    The lines of several documents stand after one another in the file that they share.
    """
    found: dict[str, list[str]] = {}
    for part in _parts(what):
        for block in part.blocks if isinstance(part, Document) else ():
            if isinstance(block, Listing):
                texts = found.setdefault(block.name, [])
                texts += [] if block.text in texts else [block.text]
    return {name: "\n".join(texts) for name, texts in found.items()}


def _scenarios(what: Any) -> Iterator[Scenario]:
    """Yield the scenarios of a run, a comparison, or those that were given."""
    runs = (getattr(what, "baseline", None), *getattr(what, "alternatives", ()))
    for part in (*_parts(what), *runs):
        scenario = part if isinstance(part, Scenario) else getattr(part, "scenario", None)
        if isinstance(scenario, Scenario):
            yield scenario
