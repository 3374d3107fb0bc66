"""How many branches of the modules their tests pass."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tools.imports import ROOT
from tools.mutation.targets import MODULES, path_of

__all__ = ["LEAST", "measure", "page", "too_few"]

LEAST: Final = 0.95
"""Share of the branches, and of the lines, of every module."""

_PLAIN: Final = (
    "tests/kernels",
    "tests/indicators",
    "tests/model/test_ledger.py",
    "tests/institutions/test_settlement.py",
)
_COMPILED: Final = ("tests/kernels/test_ahead.py",)
"""Tests of the compiling itself: without it there is nothing to test."""

Shares = dict[str, tuple[int, int, int, int]]
"""Of a module: branches passed, branches, lines passed, lines."""


def measure(folder: Path) -> Shares:
    """Run the tests without the compiler, then those of the compiling, and count.

    Parameters
    ----------
    folder : Path
        For what is measured.

    Returns
    -------
    dict of str to (int, int, int, int)
        By module: branches passed, branches, lines passed, lines.
    """
    folder.mkdir(parents=True, exist_ok=True)
    plain, compiled, both = (folder / f"{name}.coverage" for name in ("plain", "compiled", "both"))
    ignored = [f"--ignore={test}" for test in _COMPILED]
    # Failures are no surprise here: some tests compare with compiled code.
    _run(plain, "1", "-p", "tools.mutation.uncompiled", *ignored, *_PLAIN, may_fail=True)
    _run(compiled, "0", *_COMPILED)
    _coverage("combine", "--keep", f"--data-file={both}", str(plain), str(compiled))
    report = folder / "branches.json"
    _coverage("json", "-q", f"--data-file={both}", "-o", str(report))
    return shares(json.loads(report.read_text(encoding="utf-8")))


def shares(report: Mapping[str, Any]) -> Shares:
    """Read a report of coverage.py.

    Parameters
    ----------
    report : mapping
        What ``coverage json`` writes.

    Returns
    -------
    dict of str to (int, int, int, int)
        By module: branches passed, branches, lines passed, lines; a module that no test has
        loaded has none of its one line.
    """
    found: Shares = {}
    for module in MODULES:
        entry = report["files"].get(str(path_of(module)))
        if entry is None:
            found[module] = (0, 0, 0, 1)
        else:
            names = ("covered_branches", "num_branches", "covered_lines", "num_statements")
            b, of_b, n, of_n = (int(entry["summary"][name]) for name in names)
            found[module] = (b, of_b, n, of_n)
    return found


def too_few(counted: Shares) -> list[str]:
    """Return the modules of which too few branches or lines are passed."""
    return [
        module
        for module, (b, of_b, n, of_n) in counted.items()
        if b < LEAST * of_b or n < LEAST * of_n
    ]


def page(counted: Shares) -> str:
    """Return the figures as a table.

    Parameters
    ----------
    counted : dict of str to (int, int, int, int)
        What `measure` returned.

    Returns
    -------
    str
        A row for each module.
    """
    rows = [f"{'module':28} {'branches':>11} {'lines':>11}"]
    for module, (b, of_b, n, of_n) in counted.items():
        mark = "  TOO FEW" if module in too_few({module: (b, of_b, n, of_n)}) else ""
        rows.append(f"{module:28} {f'{b}/{of_b}':>11} {f'{n}/{of_n}':>11}{mark}")
    b, of_b, n, of_n = (sum(column) for column in zip(*counted.values(), strict=True))
    share = 100.0 * b / of_b
    return "\n".join([*rows, f"{'all':28} {f'{b}/{of_b}':>11} {f'{n}/{of_n}':>11}  {share:.1f} %"])


def _run(data: Path, plain: str, *arguments: str, may_fail: bool = False) -> None:
    """Run tests and keep which branches they pass."""
    wanted = ",".join(str(path_of(module)) for module in MODULES)
    command = ["run", "--branch", f"--data-file={data}", f"--include={wanted}", "-m", "pytest"]
    quiet = ("-q", "--no-header", "-rN", "--tb=no", "-m", "not full")
    _coverage(*command, *quiet, *arguments, plain=plain, may_fail=may_fail)


def _coverage(*arguments: str, plain: str = "0", may_fail: bool = False) -> None:
    """Call coverage.py in the root of the project."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "coverage", *arguments],
        cwd=ROOT,
        env=os.environ | {"NUMBA_DISABLE_JIT": plain},
        check=False,
    )
    if done.returncode > int(may_fail):
        raise SystemExit(done.returncode)
