"""A result as a folder: all files at once or none.

Everything is written into a folder beside the target and moved into place at the end, so that an
error or an interruption leaves the target as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kesos_sim.errors import InputError
from kesos_sim.reports.charts import Chart, drawn
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Results
from kesos_sim.reports.grounds import data_table, evidence_table
from kesos_sim.reports.html import page
from kesos_sim.reports.outcomes import outcome_table, place_tables
from kesos_sim.reports.own_data import own_table
from kesos_sim.reports.provenance import required
from kesos_sim.reports.tables import TextTable

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.experiments.compare import Comparison

FORMAT: Final = 1
RECORD: Final = "run.json"
MARK: Final = "kesos-sim result"
_LARGEST_RECORD: Final = 50_000_000


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
    with whole_folder(path) as folder:
        origin = json.dumps(provenance.document(), sort_keys=True)
        _parquet(frame, folder / "indicators.parquet", origin)
        if ledger is not None:
            _parquet(ledger, folder / "ledger.parquet", origin)
        for name, other in (frames or {}).items():
            _parquet(other, folder / f"{name}.parquet", origin)
        (folder / "tables").mkdir()
        twins = (chart.table for chart in charts)
        # Several charts can be drawn from one table.
        for name, rows in {one.name: one.csv() for one in (*shown, *grounds, *twins)}.items():
            _text(folder / "tables" / f"{name}.csv", rows)
        (folder / "charts").mkdir()
        for chart in charts:
            _text(folder / "charts" / f"{chart.name}.svg", chart.svg())
            _bytes(folder / "charts" / f"{chart.name}.png", chart.png())
        _text(folder / "index.html", page(results, context, lang, charts, shown, grounds))
        record = {
            "written_by": MARK,
            "format": FORMAT,
            "kind": "comparison" if results.compares else "run",
            "language": lang,
            "provenance": provenance.document(),
            "titles": {name: dict(words) for name, words in context.titles.items()},
            "scenarios": {name: dict(body) for name, body in (scenarios or {}).items()},
            "notices": [dict(words) for words in context.notices],
            "files": _sums(folder),
        }
        _text(folder / RECORD, json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    return Path(path)


def export_beside(
    comparison: Comparison, path: str | os.PathLike[str], lang: str, **more: Any
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
    **more : object
        Tables, frames and charts, as `export` takes them.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    several = bool(comparison.alternatives)
    shown = comparison if several else comparison.baseline
    runs = (comparison.baseline, *comparison.alternatives)
    return export(
        comparison.frame() if several else comparison.baseline.frame("district"),
        shown.context(),
        path,
        lang,
        ledger=shown.ledger(),
        scenarios={run.scenario.name: run.scenario.document() for run in runs},
        **more,
    )


@contextmanager
def whole_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Write a folder all at once or not at all.

    Parameters
    ----------
    path : path
        The target. A folder that is there is filled only if it is empty or holds an earlier
        result; it stays the same folder, and what that result did not write stays in it.

    Yields
    ------
    pathlib.Path
        A folder beside the target; what is written into it, with its record, becomes the target
        when the block ends without an error.

    Raises
    ------
    InputError
        If the target is not ours to replace or its parent cannot be written.
    """
    target = check_target(path)
    made = _make_parents(target)
    work = target.parent / f".{target.name}.{secrets.token_hex(6)}.part"
    try:
        work.mkdir()
        yield work
        _move(work, target)
    except OSError as error:
        raise _unwritable(target.parent, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if not target.exists():
            _remove_empty(made)


def check_target(path: str | os.PathLike[str]) -> Path:
    """Refuse a folder that cannot be written or holds something that is not an earlier result.

    Parameters
    ----------
    path : path
        The folder; it need not exist.

    Returns
    -------
    pathlib.Path
        The folder with all links resolved. What was tried on the disk has been taken away.

    Raises
    ------
    InputError
        If a result may not or cannot be written there.
    """
    target = Path(os.path.realpath(path))
    if not target.name or (target.exists() and not _ours(target)):
        raise InputError("KS4005", "reports.export_target", path=str(target))
    parent = next(folder for folder in target.parents if folder.exists())
    for place in (target, parent) if target.exists() else (parent,):
        try:
            with tempfile.TemporaryDirectory(dir=place, prefix=f".{target.name}."):
                pass
        except OSError as error:
            raise _unwritable(place, error) from error
    return target


def _unwritable(folder: Path, error: OSError) -> InputError:
    """Say that nothing can be written in a folder."""
    return InputError("KS4006", "reports.export_parent", path=str(folder), reason=error)


def _ours(target: Path) -> bool:
    """Return whether a folder is empty or holds a result."""
    if not target.is_dir():
        return False
    if not any(target.iterdir()):
        return True
    record = target / RECORD
    try:
        if record.is_symlink() or record.stat().st_size > _LARGEST_RECORD:
            return False
        document = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and document.get("written_by") == MARK


def _make_parents(target: Path) -> list[Path]:
    """Make the folders above the target; return those that were not there, deepest first."""
    made: list[Path] = []
    try:
        for folder in reversed(target.parents):
            if not folder.exists():
                folder.mkdir()
                made.insert(0, folder)
    except OSError as error:
        _remove_empty(made)
        raise _unwritable(target.parent, error) from error
    return made


def _remove_empty(folders: Sequence[Path]) -> None:
    """Remove folders that were made for nothing."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return


def _move(work: Path, target: Path) -> None:
    """Put the finished files in place; a folder that is there already stays the same folder.

    A shell may stand in that folder, so its files are exchanged one by one. Until the last step
    the record in it says that the result is incomplete; if a step fails, the old result comes
    back. What the earlier result did not write stays.
    """
    if not target.exists():
        work.rename(target)
        return
    old = work.with_suffix(".old")
    before = _written(target)
    after = [path.relative_to(work) for path in work.rglob("*") if path.is_file()]
    after.remove(Path(RECORD))
    moves: list[tuple[Path, Path]] = []
    try:
        old.mkdir()
        if (target / RECORD).exists():
            shutil.copyfile(target / RECORD, old / RECORD)
        mark = old / f"{RECORD}.new"
        files = dict.fromkeys(name.as_posix() for name in (*before, *after))
        _text(mark, json.dumps({"written_by": MARK, "incomplete": True, "files": files}))
        mark.rename(target / RECORD)
        for name in before:
            _shift(target / name, old / name, moves)
        for name in after:
            for place in reversed((target / name, *(target / name).parents[: len(name.parts) - 1])):
                if os.path.lexists(place) and (place.is_symlink() or not place.is_dir()):
                    _shift(place, old / place.relative_to(target), moves)
            _shift(work / name, target / name, moves)
        (work / RECORD).rename(target / RECORD)
    except BaseException:
        for source, place in reversed(moves):
            if os.path.lexists(place):
                place.rename(source)
        (target / RECORD).unlink(missing_ok=True)
        if (old / RECORD).exists():
            (old / RECORD).rename(target / RECORD)
        _remove_empty_within(target, after)
        shutil.rmtree(old, ignore_errors=True)
        raise
    _remove_empty_within(target, before)
    shutil.rmtree(old, ignore_errors=True)


def _shift(source: Path, place: Path, moves: list[tuple[Path, Path]]) -> None:
    """Move a file and note it, so that it can be moved back."""
    place.parent.mkdir(parents=True, exist_ok=True)
    moves.append((source, place))
    source.rename(place)


def _written(folder: Path) -> list[Path]:
    """Return the files in a folder that its record lists, without the record itself."""
    if not (folder / RECORD).exists():
        return []
    files = json.loads((folder / RECORD).read_text(encoding="utf-8")).get("files")
    names = [Path(name) for name in (files if isinstance(files, dict) else ())]
    return [name for name in names if _inside(folder, name)]


def _inside(folder: Path, name: Path) -> bool:
    """Return whether a name is that of a file in the folder, reached without links."""
    if name.is_absolute() or ".." in name.parts or name.parts in ((), (RECORD,)):
        return False
    linked = any((folder / above).is_symlink() for above in name.parents)
    return not linked and ((folder / name).is_file() or (folder / name).is_symlink())


def _remove_empty_within(folder: Path, names: Sequence[Path]) -> None:
    """Remove the folders of some files that hold nothing any more."""
    above = {folder / place for name in names for place in name.parents if place.parts}
    for place in sorted(above, key=lambda place: -len(place.parts)):
        with suppress(OSError):
            place.rmdir()


def _parquet(frame: pd.DataFrame, path: Path, origin: str) -> None:
    """Write a frame with its provenance in the file's metadata."""
    import pyarrow as pa  # pyarrow loads where it is used
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    metadata = {**(table.schema.metadata or {}), b"kesos_sim": origin.encode()}
    pq.write_table(table.replace_schema_metadata(metadata), path)


def _text(path: Path, text: str) -> None:
    _bytes(path, text.encode("utf-8"))


def _bytes(path: Path, content: bytes) -> None:
    """Write a file through to the disk."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file by its path in the folder."""
    listed = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in listed
    }
