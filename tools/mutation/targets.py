"""Which modules have to be tested this well, and by which tests."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final

from tools.imports import ROOT

__all__ = ["MODULES", "PACKAGE", "dependents", "own_tests", "path_of"]

PACKAGE: Final = ROOT / "src" / "kesos_sim"

_LEDGER: Final = (
    "institutions.accounts",
    "institutions.settlement",
    "model.entries",
    "model.ledger",
)

_WITH_ANOTHER: Final = {"institutions.accounts": "model.ledger", "model.entries": "model.ledger"}
"""Modules that are tested as parts of another."""

_READ_ASSEMBLY: Final = frozenset({"test_vectors.py"})
"""Tests of what the compiler makes of the code, not of what it does."""


def _modules() -> tuple[str, ...]:
    """Return the modules of whole packages, and those of the ledger."""
    whole = [
        f"{package}.{source.stem}"
        for package in ("kernels", "indicators")
        for source in sorted((PACKAGE / package).glob("*.py"))
    ]
    return (*whole, *_LEDGER)


MODULES: Final = _modules()
"""Names below ``kesos_sim``."""


def path_of(module: str) -> Path:
    """Return a module's file, relative to the root of the project."""
    return (PACKAGE / f"{module.replace('.', '/')}.py").relative_to(ROOT)


@cache
def own_tests(module: str) -> tuple[str, ...]:
    """Return the tests of a module.

    Parameters
    ----------
    module : str
        One of `MODULES`.

    Returns
    -------
    tuple of str
        Paths relative to the root: the file that mirrors the module, with that of another of
        which it is a part; or else those of its package that name it; or else the tests of the
        modules that use it.
    """
    package, name = module.split(".")
    folder = ROOT / "tests" / package
    mirror = folder / f"test_{name.strip('_')}.py"
    own = (str(mirror.relative_to(ROOT)),) if mirror.exists() else ()
    if module in _WITH_ANOTHER:
        return (*own, *own_tests(_WITH_ANOTHER[module]))
    if own:
        return own
    named = re.compile(rf"kesos_sim\.{package}(\.{name}\b| import .*\b{name}\b)")
    naming = [
        source
        for source in sorted(folder.glob("test_*.py"))
        if source.name not in _READ_ASSEMBLY and named.search(source.read_text(encoding="utf-8"))
    ]
    if naming:
        return tuple(str(source.relative_to(ROOT)) for source in naming)
    by_users = {test for user in _users(module) for test in own_tests(user)}
    return tuple(sorted(by_users))


def dependents(module: str) -> set[str]:
    """Return a module and all of its package whose compiled code may hold some of its own."""
    found = {module}
    for user in _users(module):
        found |= dependents(user)
    return found


@cache
def _users(module: str) -> tuple[str, ...]:
    """Return the modules of the same package that import one, but for the list of all kernels."""
    package = module.split(".", maxsplit=1)[0]
    return tuple(
        other
        for other in MODULES
        if other.startswith(f"{package}.")
        and other not in {module, "kernels.ahead"}
        and f"kesos_sim.{module}" in _imports(other)
    )


@cache
def _imports(module: str) -> frozenset[str]:
    """Return the names of the modules that one imports."""
    tree = ast.parse((ROOT / path_of(module)).read_text(encoding="utf-8"))
    return frozenset(
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module is not None
    )
