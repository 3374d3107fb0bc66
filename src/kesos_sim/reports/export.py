"""A result as a folder of files: page, charts, tables, data, and where it all comes from."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kesos_sim.reports.charts import Chart, drawn
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Results
from kesos_sim.reports.grounds import data_table, evidence_table
from kesos_sim.reports.html import page
from kesos_sim.reports.outcomes import outcome_table, place_tables
from kesos_sim.reports.own_data import own_table
from kesos_sim.reports.provenance import required
from kesos_sim.reports.result_folder import MARK, RECORD, whole_folder, write_bytes, write_text
from kesos_sim.reports.tables import TextTable

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.experiments.compare import Comparison

FORMAT: Final = 1


def export(
    frame: pd.DataFrame,
    context: ReportContext,
    path: str | os.PathLike[str],
    lang: str = "id",
    *,
    ledger: pd.DataFrame | None = None,
    scenarios: Mapping[str, Mapping[str, object]] | None = None,
    tables: Sequence[TextTable] = (),
    frames: Mapping[str, pd.DataFrame] | None = None,
    further: Sequence[Chart] = (),
    told: Sequence[str] = (),
) -> Path:
    """Write a result as a folder of files.

    Parameters
    ----------
    frame : pandas.DataFrame
        A run frame or a comparison frame; written as ``indicators.parquet``.
    context : ReportContext
        Titles, places, money, provenance.
    path : path
        Folder to write. A folder that holds an earlier result is replaced, any other folder
        with something in it is refused.
    lang : str
        Language of charts and page.
    ledger : pandas.DataFrame, optional
        Written as ``ledger.parquet``.
    scenarios : mapping of str to mapping, optional
        The scenarios as run, by name; written into ``run.json``.
    tables : sequence of TextTable
        Further tables, written as CSV and shown on the page.
    frames : mapping of str to pandas.DataFrame, optional
        Further frames, each written as a Parquet file of its name.
    further : sequence of Chart
        Charts that the frame does not hold, shown before the others.
    told : sequence of str
        What an analysis of the result has found, shown first.

    Returns
    -------
    pathlib.Path
        The folder: ``run.json``, ``indicators.parquet``, ``ledger.parquet``, ``tables/*.csv``,
        ``charts/*.svg`` and ``*.png``, ``index.html``.

    Raises
    ------
    KesosError
        If the provenance is incomplete.
    InputError
        If the folder is not ours to replace or cannot be written.
    """
    provenance = required(context.provenance)
    results = Results(frame)
    charts = (*further, *drawn(results, context, lang))
    shown = [outcome_table(results, context, lang), *place_tables(results, context, lang), *tables]
    evidence = evidence_table(results, context, lang)
    brought = own_table(context.own_data, lang)
    grounds = [
        *([evidence] if evidence else []),
        *([brought] if brought else []),
        data_table(lang, context.own_data),
    ]
    about = {
        "kind": "comparison" if results.compares else "run",
        "titles": {name: dict(words) for name, words in context.titles.items()},
        "scenarios": {name: dict(body) for name, body in (scenarios or {}).items()},
        "notices": [dict(words) for words in context.notices],
    }
    ledgers = {} if ledger is None else {"ledger": ledger}
    return write_result(
        path,
        page(results, context, lang, charts, shown, grounds, told),
        charts,
        (*shown, *grounds),
        {"indicators": frame, **ledgers, **(frames or {})},
        about | {"language": lang, "provenance": provenance.document()},
    )


def write_result(
    path: str | os.PathLike[str],
    html: str,
    charts: Sequence[Chart],
    tables: Sequence[TextTable],
    frames: Mapping[str, pd.DataFrame],
    about: Mapping[str, object],
) -> Path:
    """Write page, charts, tables and frames into a folder, all or nothing.

    Parameters
    ----------
    path : path
        Folder to write.
    html : str
        Its ``index.html``.
    charts : sequence of Chart
        Each written as SVG and PNG, and its table as CSV.
    tables : sequence of TextTable
        Further tables, written as CSV.
    frames : mapping of str to pandas.DataFrame
        Each written as a Parquet file of its name.
    about : mapping
        What ``run.json`` says beside the files: kind, language, provenance and what else there is.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    with whole_folder(path) as folder:
        origin = json.dumps(about["provenance"], sort_keys=True)
        for name, frame in frames.items():
            _parquet(frame, folder / f"{name}.parquet", origin)
        (folder / "tables").mkdir()
        twins = (chart.table for chart in charts)
        # Several charts can be drawn from one table.
        for name, rows in {one.name: one.csv() for one in (*tables, *twins)}.items():
            write_text(folder / "tables" / f"{name}.csv", rows)
        (folder / "charts").mkdir()
        for chart in charts:
            write_text(folder / "charts" / f"{chart.name}.svg", chart.svg())
            write_bytes(folder / "charts" / f"{chart.name}.png", chart.png())
        write_text(folder / "index.html", html)
        record = {"written_by": MARK, "format": FORMAT, **about, "files": _sums(folder)}
        write_text(folder / RECORD, json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    return Path(path)


def export_beside(
    comparison: Comparison,
    path: str | os.PathLike[str],
    lang: str,
    seconds: float,
    **more: Any,
) -> Path:
    """Write a comparison, or the one run that it holds, with what an analysis adds to it.

    Parameters
    ----------
    comparison : Comparison
        With alternatives, or with a baseline alone.
    path : path
        Folder to write.
    lang : str
        ``id`` or ``en``.
    seconds : float
        Time that the analysis took.
    **more : object
        Sentences, tables, frames and charts, as `export` takes them.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    several = bool(comparison.alternatives)
    shown = comparison if several else comparison.baseline
    context = shown.context()
    runs = (comparison.baseline, *comparison.alternatives)
    return export(
        comparison.frame() if several else comparison.baseline.frame("district"),
        replace(context, provenance=replace(required(context.provenance), seconds=seconds)),
        path,
        lang,
        ledger=shown.ledger(),
        scenarios={run.scenario.name: run.scenario.document() for run in runs},
        **more,
    )


def _parquet(frame: pd.DataFrame, path: Path, origin: str) -> None:
    """Write a frame with its provenance in the file's metadata."""
    import pyarrow as pa  # pyarrow loads where it is used
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    metadata = {**(table.schema.metadata or {}), b"kesos_sim": origin.encode()}
    pq.write_table(table.replace_schema_metadata(metadata), path)


def _sums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file by its path in the folder."""
    listed = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in listed
    }
