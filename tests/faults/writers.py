"""Every kind of file that the product writes, by name, each in two versions.

Run as a program it reads lines with a name and a folder; for each, a process of its own writes that
kind again and again, until it is killed. Loading what they need is done once for all of them.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from kesos_sim.data.own import OwnData, OwnFigure, write_own
from kesos_sim.emulator.build import FAMILIES, SURFACE
from kesos_sim.emulator.build import _write as write_surface
from kesos_sim.forum.events import Entry
from kesos_sim.forum.store import Store
from kesos_sim.model.files import write_arrays
from kesos_sim.reports.office.writing import whole_file
from kesos_sim.workbench.editing import _write as write_scenario

LONG = 60_000
GONE = "gone"
"""What the program says when a process that wrote has ended."""


@cache
def meeting(version: int) -> Store:
    """A meeting with some hundred entries, in a folder of its own."""
    folder = tempfile.mkdtemp(prefix="kesos-writers-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = Store(f"sqlite:///{folder}/forum.sqlite", f"TEST{version}")
    body = {"levers": {}}
    store.add([Entry(f"entry-{n:05d}", "try", body, "p" * 64, "33", "orsos") for n in range(300)])
    return store


def arrays(folder: Path, version: int) -> None:
    """Checkpoints, anchors, base months and curves of the model."""
    write_arrays(folder / "run.npz", {"x": np.full(LONG // 8, version)})


def scenario(folder: Path, version: int) -> None:
    """A scenario that the workbench saves."""
    write_scenario(folder / "a.yaml", f"name: v{version}\n" + f"# {version}\n" * (LONG // 10))


def own(folder: Path, version: int) -> None:
    """A planner's own figures."""
    figures = tuple(
        OwnFigure(3402, "p0", "total", 9.0 + version, 2024, f"{n} " * 60) for n in range(200)
    )
    write_own(OwnData(f"v{version}", "x", 2024, figures), (), folder / "own.yaml")


def surface(folder: Path, version: int) -> None:
    """The surface of the forum and its families, which belong together."""
    both = {"v": version, "x": [version] * (LONG // 4)}
    write_surface(folder, {SURFACE: both, FAMILIES: both})


def backup(folder: Path, version: int) -> None:
    """A copy of a meeting."""
    meeting(version).backup(folder / "a.jsonl.gz")


def document(folder: Path, version: int) -> None:
    """A report for an office: never over other work, so each version has a name."""
    whole_file(folder / f"report-{version}.docx", b"%d" % version * LONG)


WRITERS: dict[str, Callable[[Path, int], Any]] = {
    one.__name__: one for one in (arrays, scenario, own, surface, backup, document)
}


def whole(name: str, folder: Path) -> dict[str, list[bytes]]:
    """What each file of a writer may hold: one whole version or another."""
    found: dict[str, list[bytes]] = {}
    for version in (0, 1):
        place = folder / str(version)
        place.mkdir()
        WRITERS[name](place, version)
        for path in place.iterdir():
            found.setdefault(path.name, []).append(path.read_bytes())
    return found


def say(what: object) -> None:
    """Tell who listens, a whole line or nothing."""
    os.write(sys.stdout.fileno(), f"{what}\n".encode())


def write_on(name: str, place: Path) -> None:
    """Write one kind of file, saying first who writes and then each turn."""
    say(os.getpid())
    for turn in range(1_000_000):
        if name == "document":
            (place / f"report-{turn % 2}.docx").unlink(missing_ok=True)
        WRITERS[name](place, turn % 2)
        say(turn)


if __name__ == "__main__":
    for line in sys.stdin:
        kind, _, folder = line.rstrip("\n").partition(" ")
        child = os.fork()
        if not child:
            write_on(kind, Path(folder))
        os.waitpid(child, 0)
        say(GONE)
