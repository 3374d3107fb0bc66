"""What was found of published figures as a folder: sentences, charts, tables, no run of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.context import in_language
from kesos_sim.reports.export import write_result
from kesos_sim.reports.facts import region_title
from kesos_sim.reports.html import document, listed, pictures, said_list
from kesos_sim.reports.provenance import Provenance, required
from kesos_sim.reports.tables import TextTable

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Findings", "export_findings"]

_KIND: Final = "findings"


@dataclass(frozen=True)
class Findings:
    """What a folder of an analysis of published figures holds.

    Attributes
    ----------
    scenario : the world that was asked
    title : what it is about
    sentences : what was found
    charts : pictures of it, each with its table
    tables : further tables
    frames : data, by the name of their file
    provenance : versions, hashes, seed and time
    """

    scenario: Scenario
    title: str
    sentences: Sequence[str]
    charts: Sequence[Chart]
    tables: Sequence[TextTable]
    frames: Mapping[str, pd.DataFrame]
    provenance: Provenance


def export_findings(found: Findings, path: str | os.PathLike[str], lang: str) -> Path:
    """Write what was found into a folder, all or nothing.

    Parameters
    ----------
    found : Findings
        What was found, in words of the language.
    path : path
        Folder to write. One that holds an earlier result is replaced, any other folder with
        something in it is refused.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    pathlib.Path
        The folder: ``run.json``, a Parquet file for each frame, ``tables/*.csv``,
        ``charts/*.svg`` and ``*.png``, ``index.html``.

    Raises
    ------
    KesosError
        If the provenance is incomplete.
    InputError
        If the folder is not ours to replace or cannot be written.
    """
    provenance, scenario = required(found.provenance), found.scenario
    name = in_language(scenario.title, lang)
    region = in_language(region_title(scenario), lang)
    world = i18n.text("reports.findings_scenario", lang, scenario=name, region=region)
    body = "\n".join(
        [
            f'<p class="quiet">{escape(world)}</p>',
            "</header>",
            said_list(found.sentences),
            pictures(found.charts, lang),
            listed(found.tables, lang),
        ]
    )
    about = {
        "kind": _KIND,
        "titles": {scenario.name: dict(scenario.title)},
        "scenarios": {scenario.name: scenario.document()},
        "language": lang,
        "provenance": provenance.document(),
    }
    html = document(found.title, body, provenance, lang)
    return write_result(path, html, found.charts, found.tables, found.frames, about)
