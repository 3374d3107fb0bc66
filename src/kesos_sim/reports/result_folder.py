"""A folder of files: all at once or none.

Everything is written into a folder beside the target and moved into place at the end, so that an
error or an interruption leaves the target as it was.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kesos_sim.errors import InputError

__all__ = ["MARK", "RECORD", "check_target", "whole_folder", "write_bytes", "write_text"]

RECORD: Final = "run.json"
MARK: Final = "kesos-sim result"
_LARGEST_RECORD: Final = 50_000_000


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
        write_text(mark, json.dumps({"written_by": MARK, "incomplete": True, "files": files}))
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


def write_text(path: Path, text: str) -> None:
    """Write a new file of text through to the disk."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a new file through to the disk."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
