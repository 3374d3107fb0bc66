"""A planner's own data as a folder: figures, households, and scenarios that rest on them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kesos_sim.errors import InputError
from kesos_sim.scenario import load_scenario
from kesos_sim.workbench.own_tables import margins_table

if TYPE_CHECKING:
    from kesos_sim.data.own import Households, Imported

__all__ = ["RECORD", "OwnFolder", "write_folder"]

RECORD: Final = "own_data.json"
_MARK: Final = "kesos-sim own data"
_FORMAT: Final = 1
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_HOUSEHOLDS: Final = "rumah-tangga.parquet"
_MARGINS: Final = "penimbang.csv"
_LINE: Final = re.compile(r"^own_data: *(\S*).*\n?", re.MULTILINE)
_LARGEST_RECORD: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class OwnFolder:
    """What was written.

    Attributes
    ----------
    path : Path
        The folder.
    line : str
        What a scenario file in it says to use the figures; empty without figures.
    scenario : Path or None
        The scenario in it that stands for no change and says so; None without figures.
    files : tuple of str
        Everything in it, by name.
    """

    path: Path
    line: str
    scenario: Path | None
    files: tuple[str, ...]


def write_folder(
    folder: str | os.PathLike[str],
    name: str,
    base: str | os.PathLike[str],
    figures: Imported | None,
    households: Households | None,
    lang: str,
) -> OwnFolder:
    """Write own data as one folder, whole or not at all.

    The scenario files beside `base` come with it: `base` names the figures, so that whatever
    extends it rests on them too; it is read once more before the folder appears.

    Parameters
    ----------
    folder : path
        Where the folder is to be.
    name : str
        Its name: small letters, digits and dashes. An earlier folder of own data is replaced if
        nobody has changed it since.
    base : path
        Scenario file without changes.
    figures : Imported or None
        Figures that were read without a problem.
    households : Households or None
        A list that was read without a problem.
    lang : str
        Language of the headings of tables.

    Returns
    -------
    OwnFolder

    Raises
    ------
    InputError
        If the name will not do, something else has it, the figures do not fit the scenarios, or
        the folder cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise InputError("KS9120", "own_form.bad_name", got=name, expected="jateng-2024")
    target = Path(folder) / name
    if os.path.lexists(target) and not _ours(target):
        raise InputError("KS9121", "own_form.not_ours", path=str(target))
    work = target.parent / f".{name}.{secrets.token_hex(6)}.part"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work.mkdir()
        written = _fill(work, name, Path(base), figures, households, lang)
        _put(work, target)
    except OSError as error:
        raise InputError("KS9122", "own_form.unwritable", path=str(target),
                         reason=error) from None  # fmt: skip
    finally:
        shutil.rmtree(work, ignore_errors=True)
    line = f"own_data: {name}.yaml" if figures is not None else ""
    scenario = target / Path(base).name if figures is not None else None
    return OwnFolder(target, line, scenario, written)


def _fill(
    work: Path,
    name: str,
    base: Path,
    figures: Imported | None,
    households: Households | None,
    lang: str,
) -> tuple[str, ...]:
    """Write everything into a folder; return the names of the files."""
    if figures is not None and figures.own is not None:
        from kesos_sim.data.own import write_own

        write_own(figures.own, figures.programmes, work / f"{name}.yaml")
        _scenarios(work, name, base)
    dropped: Mapping[str, int] = {}
    if households is not None:
        households.write(work / _HOUSEHOLDS)
        dropped = households.dropped
        if households.summary is not None:
            table = margins_table(households.summary, lang)
            (work / _MARGINS).write_text(table.csv(), encoding="utf-8")
    sums = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(work.iterdir())
    }
    record: dict[str, Any] = {
        "written_by": _MARK,
        "format": _FORMAT,
        "dropped_columns": dict(sorted(dropped.items())),
        "files": sums,
    }
    (work / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return (*sums, RECORD)


def _scenarios(work: Path, name: str, base: Path) -> None:
    """Copy the scenarios beside a base file, have it name the figures, and read it again."""
    said = base.read_text(encoding="utf-8")
    before = {f"{base.parent / found}" for found in _LINE.findall(said)}
    for path in sorted(base.parent.glob("*.y*ml")):
        if path.is_symlink() or str(path) in before:
            continue
        if path.name == f"{name}.yaml":
            raise InputError("KS9123", "own_form.name_taken", got=name)
        text = path.read_text(encoding="utf-8")
        if path.name == base.name:
            text = f"{_LINE.sub('', text).rstrip()}\nown_data: {name}.yaml\n"
        (work / path.name).write_text(text, encoding="utf-8")
    load_scenario(work / base.name)


def _put(work: Path, target: Path) -> None:
    """Give a finished folder its name; an earlier one comes back if that fails."""
    if not target.exists():
        work.rename(target)
        return
    old = work.with_suffix(".old")
    target.rename(old)
    try:
        work.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _ours(target: Path) -> bool:
    """Return whether a folder holds own data that nobody has changed or added to."""
    record = target / RECORD
    try:
        if target.is_symlink() or record.stat().st_size > _LARGEST_RECORD:
            return False
        document = json.loads(record.read_text(encoding="utf-8"))
        sums = document["files"]
        return document["written_by"] == _MARK and all(
            path.name == RECORD
            or hashlib.sha256(path.read_bytes()).hexdigest() == sums.get(path.name)
            for path in target.iterdir()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
