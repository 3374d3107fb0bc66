"""What imports what inside the package, read from the sources without running them."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
SOURCE: Final = ROOT / "src" / "kesos_sim"
LAYERS: Final = (
    {"cli", "forum", "workbench", "testing"},
    {"reports", "emulator", "calibration"},
    {"experiments"},
    {"model"},
    {"institutions", "kernels", "population", "indicators"},
    {"scenario", "data"},
    {"i18n", "rng", "units", "errors", "palette", "shipping", "whole_files"},
)
"""Parts of the package from top to bottom; imports go downwards or stay in a row."""
SHOWN_BY_METHODS: Final = {("experiments", "reports")}
"""Results show themselves (`.sentences()`, `.chart()`): inside a method, when it is called."""


@cache
def modules() -> dict[str, ast.Module]:
    """Return every module of the package by its dotted name below ``kesos_sim``."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if parts:
            found[".".join(parts)] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imported(tree: ast.Module) -> set[str]:
    """Return dotted names that a module imports anywhere, also inside functions.

    Parameters
    ----------
    tree : ast.Module
        The module.

    Returns
    -------
    set of str
        For instance ``kesos_sim.units.Month``.
    """
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def imported_at_load(tree: ast.Module) -> set[str]:
    """Return dotted names that are imported when the module itself is.

    Parameters
    ----------
    tree : ast.Module
        The module.

    Returns
    -------
    set of str
        As `imported`, without those inside functions and those for types only.
    """
    outside: list[ast.stmt] = []
    waiting = list(tree.body)
    while waiting:
        node = waiting.pop()
        outside.append(node)
        only_for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if not only_for_types and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [
                child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)
            ]
    plain = [node for node in outside if isinstance(node, ast.Import | ast.ImportFrom)]
    return imported(ast.Module(list(plain), []))


def packages_used(tree: ast.Module, part: str) -> set[str]:
    """Return parts of the package that a module of one part imports.

    Parameters
    ----------
    tree : ast.Module
        The module.
    part : str
        The part that it belongs to.

    Returns
    -------
    set of str
        Without what only methods import to show a result.
    """
    own = {name.split(".")[1] for name in imported(tree) if name.startswith("kesos_sim.")}
    top = {name.split(".")[1] for name in imported_at_load(tree) if name.startswith("kesos_sim.")}
    by_methods = {used for by, used in SHOWN_BY_METHODS if by == part} - top
    return own - by_methods - {"__version__"}


def graph() -> dict[str, set[str]]:
    """Return which other parts each part of the package imports."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, tree in modules().items():
        part = name.split(".")[0]
        found[part] |= packages_used(tree, part) - {part}
    return dict(found)
