"""What users wait for, each as a whole process: today's sources beside those of another folder.

``python -m benchmarks.paths [--before FOLDER] [--only NAME] [--repetitions N]`` prints the lines of
a table. FOLDER holds the sources of an earlier version, for instance from ``git worktree add``;
both versions run on the packages that are installed now, in turns, each with a home and store of
its own. Cold paths have an empty home every time: nothing is compiled, no anchor is kept.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.figures import Times, machine, seconds

__all__ = ["PATHS", "Version"]

ROOT: Final = Path(__file__).parents[1]
_KESOS: Final = ("-c", "import sys; from kesos_sim.cli import main; sys.exit(main())")
_NOTEBOOK: Final = ("-m", "jupyter", "execute")
_PLANNERS: Final = tuple(
    sorted(path.name for path in (ROOT / "notebooks" / "perencana").glob("[01]*.ipynb"))
)
_COMPARE: Final = (
    "compare",
    *(f"scenarios/{name}.yaml" for name in ("baseline", "apbd-10", "apbd-apbn-10")),
)

PATHS: Final[dict[str, tuple[str, ...]]] = {
    "help": (*_KESOS, "--help"),
    "run": (*_KESOS, "run", "scenarios/baseline.yaml", "--households", "20000", "--months", "12"),
    "make run": (*_KESOS, *_COMPARE, "--out", "{new}"),
    "make run, cold": (*_KESOS, *_COMPARE, "--out", "{new}"),
    "all points": (*_KESOS, "run", "scenarios/semua-butir.yaml"),
    "ten runs": (*_KESOS, "ensemble", "scenarios/apbd-10.yaml", "--replicates", "10"),
    **{name: (*_NOTEBOOK, f"notebooks/perencana/{name}") for name in _PLANNERS},
}
"""Words after ``python`` by name; ``{new}`` stands for a folder that is not there yet."""


@dataclass
class Version:
    """One version of the sources, with what it keeps from run to run.

    Attributes
    ----------
    folder : pathlib.Path
        Its sources.
    home : pathlib.Path
        Its compiled code, anchors and settings.
    times : dict of str to list of float
        Seconds of each path so far.
    """

    folder: Path
    home: Path
    times: dict[str, list[float]] = field(default_factory=dict)

    def go(self, name: str) -> bool:
        """Take one path and write down its seconds; whether it ended well."""
        with TemporaryDirectory() as own:
            home = Path(own, "home") if name.endswith("cold") else self.home
            home.mkdir(exist_ok=True)
            places = {
                "HOME": str(home),
                "XDG_CACHE_HOME": str(home / "cache"),
                "KESOS_STORE": str(Path(own, "store")),
                "PYTHONPATH": str(self.folder / "src"),
                "MPLBACKEND": "agg",
            }
            words = [word.format(new=Path(own, "new")) for word in PATHS[name]]
            ends: list[int] = []
            taken = seconds(lambda: ends.append(self._end(words, os.environ | places)))
        if ends[0] == 0:
            self.times.setdefault(name, []).append(taken)
        return ends[0] == 0

    def _end(self, words: list[str], places: dict[str, str]) -> int:
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=places,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ).returncode

    def shown(self, name: str) -> str:
        """Return the median seconds of a path in words of a table."""
        taken = self.times.get(name)
        return f"{Times(tuple(taken)).median:.1f}" if taken else "-"


def _measure(versions: list[Version], names: list[str], repetitions: int) -> None:
    """Take every path in turns and print its line."""
    for name in names:
        if not name.endswith("cold"):
            for version in versions:
                version.go(name)
                version.times.pop(name, None)
        rounds = 1 if name.endswith("cold") else repetitions
        for turn in range(rounds):
            for version in versions if turn % 2 else reversed(versions):
                version.go(name)
        print(f"| {name} | {' | '.join(version.shown(name) for version in versions)} |", flush=True)


def _main(words: list[str]) -> int:
    about = argparse.ArgumentParser(prog="python -m benchmarks.paths", description=__doc__)
    about.add_argument("--before", type=Path)
    about.add_argument("--only", action="append", choices=PATHS)
    about.add_argument("--repetitions", type=int, default=3)
    asked = about.parse_args(words)
    folders = [ROOT] if asked.before is None else [asked.before, ROOT]
    with TemporaryDirectory() as homes:
        versions = [
            Version(folder.resolve(), Path(homes, str(number)))
            for number, folder in enumerate(folders)
        ]
        _measure(versions, asked.only or list(PATHS), asked.repetitions)
    print(machine({"repetitions": asked.repetitions}))
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
