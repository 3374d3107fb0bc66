"""Notebooks, scenarios and settings that come with the package, wherever it was installed from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from kesos_sim.errors import InputError

__all__ = ["FOLDERS", "copied", "shipped", "source_tree"]

FOLDERS: Final = ("notebooks", "scenarios")
"""What is shipped besides code, data and texts."""
_IGNORED: Final = {".ipynb_checkpoints", "__pycache__", "out"}


def source_tree() -> Path | None:
    """Return the source tree that this package runs from, if it does.

    Returns
    -------
    Path or None
        None where the package is installed.
    """
    root = Path(__file__).resolve().parents[2]
    complete = all((root / name).is_dir() for name in FOLDERS)
    return root if complete and (root / "pyproject.toml").is_file() else None


def shipped(name: str) -> Path | None:
    """Return a file or folder that came with the package.

    Parameters
    ----------
    name : str
        Its path below the source tree, for instance ``notebooks/forum/sesi.yaml``.

    Returns
    -------
    Path or None
        In the source tree, or the copy inside the installed package; None if the package came
        without it.

    Examples
    --------
    >>> shipped("scenarios/baseline.yaml").name
    'baseline.yaml'
    """
    for root in (source_tree(), Path(str(files("kesos_sim"))) / "shipped"):
        if root is not None and (root / name).exists():
            return root / name
    return None


def copied(target: Path) -> Iterator[Path]:
    """Copy notebooks and scenarios that a folder does not have; replace nothing.

    Parameters
    ----------
    target : Path
        The folder that gets them; made if need be.

    Yields
    ------
    Path
        Each file that was copied, seen from the target.

    Raises
    ------
    InputError
        If the package came without them.
    OSError
        If something cannot be read or written.
    """
    for name in FOLDERS:
        source = shipped(name)
        if source is None:
            raise InputError("KS9040", "planner.nothing_shipped")
        for path in sorted(source.rglob("*")):
            inside = Path(name, path.relative_to(source))
            if not path.is_file() or _IGNORED & set(inside.parts):
                continue
            place = target / inside
            if place.exists():
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_name(place.name + ".part")
            shutil.copyfile(path, part)
            part.replace(place)
            yield inside
