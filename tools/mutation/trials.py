"""Whether the tests of a module notice a change of it.

The tests run on a copy of the project, with kernels compiled as ever, only that they look
whether an index is within its array. Compiled code is kept, except that of the changed module
and of those that may hold some of its own.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from tools.imports import ROOT
from tools.mutation.mutants import Mutant
from tools.mutation.targets import dependents, own_tests, path_of

__all__ = ["Bench"]

_COPIED: Final = ("src", "tests", "tools", "scenarios", "notebooks", "pyproject.toml")
_NOT_OF_MEANING: Final = "not vectorised"
"""Tests to run: whether inner loops are vectorised is not a matter of results."""
_PATIENCE: Final = 120.0
"""Seconds for compiling anew, beside four times what the tests take."""


class Bench:
    """A copy of the project in which modules can be changed.

    Parameters
    ----------
    folder : Path
        For the copy, its home and the compiled code; made anew.
    """

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self._copy, self._kept = folder / "copy", folder / "kept"
        self._folder = folder
        self._usual: dict[tuple[str, ...], float] = {}
        for name in _COPIED:
            there = self._copy / name
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, there, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(ROOT / name, there)

    def prepare(self, module: str) -> None:
        """Run the tests of a module as it is, which compiles what they need.

        Parameters
        ----------
        module : str
            One of the modules.

        Raises
        ------
        SystemExit
            If they fail: then nothing can be learnt from them.
        """
        tests = own_tests(module)
        if tests not in self._usual:
            for _ in range(2):
                begin = time.monotonic()
                if self._fails(tests, self._kept, 3600.0):
                    raise SystemExit(f"{', '.join(tests)} fail without any change")
                self._usual[tests] = time.monotonic() - begin

    def notices(self, mutant: Mutant) -> bool:
        """Return whether the tests of its module notice a change.

        Parameters
        ----------
        mutant : Mutant
            A change of a module that was prepared.

        Returns
        -------
        bool
            True if a test fails, or if they do not come to an end.
        """
        path = self._copy / path_of(mutant.module)
        kept = path.with_suffix(".kept")
        path.rename(kept)
        cache = self._folder / "cache"
        try:
            path.write_text(mutant.source, encoding="utf-8")
            self._borrow(cache, {name.split(".")[1] for name in dependents(mutant.module)})
            tests = own_tests(mutant.module)
            return self._fails(tests, cache, _PATIENCE + 4.0 * self._usual[tests])
        finally:
            kept.replace(path)
            self._forget(path)
            shutil.rmtree(cache, ignore_errors=True)

    def _borrow(self, cache: Path, changed: set[str]) -> None:
        """Offer the kept compiled code, but for that of some modules."""
        for source in self._kept.rglob("*.nb[ic]"):
            if source.name.split(".")[0] not in changed:
                there = cache / source.relative_to(self._kept)
                there.parent.mkdir(parents=True, exist_ok=True)
                os.link(source, there)

    @staticmethod
    def _forget(path: Path) -> None:
        """Drop the interpreter's copy of a changed module."""
        Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)

    def _fails(self, tests: tuple[str, ...], cache: Path, limit: float) -> bool:
        """Return whether tests fail or take longer than some seconds."""
        cache.mkdir(parents=True, exist_ok=True)
        home = self._folder / "home"
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join((str(self._copy / "src"), str(self._copy))),
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "NUMBA_CACHE_DIR": str(cache),
            "NUMBA_BOUNDSCHECK": "1",
        }
        command = (sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider")
        chosen = ("-m", "not full", "-k", _NOT_OF_MEANING)
        with (self._folder / "last.log").open("wb") as log:
            running = subprocess.Popen(  # noqa: S603
                [*command, *chosen, *tests],
                cwd=self._copy,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                return running.wait(limit) != 0
            except subprocess.TimeoutExpired:
                return True
            finally:
                if running.poll() is None:
                    os.killpg(running.pid, signal.SIGKILL)
                    running.wait()
