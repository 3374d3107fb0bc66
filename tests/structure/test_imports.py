"""Imports go downwards only, mesa stays in two packages, and importing the package is light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "kesos_sim"
LAYERS = (
    {"cli", "forum", "workbench", "testing"},
    {"reports", "emulator", "calibration"},
    {"experiments"},
    {"model"},
    {"institutions", "kernels", "population", "indicators"},
    {"scenario", "data"},
    {"i18n", "rng", "units", "errors", "shipping"},
)
HEIGHT = {name: len(LAYERS) - row for row, names in enumerate(LAYERS) for name in names}
# Results show themselves (`.sentences()`, `.chart()`): inside a method, when it is called.
SHOWN_BY_METHODS = {("experiments", "reports")}
AGENTS_LIVE_IN = {"institutions", "model"}
HEAVY = {"numpy", "pandas", "mesa", "numba", "scipy", "matplotlib", "pyarrow", "babel", "networkx"}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its dotted name below ``kesos_sim``."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if parts:
            found[".".join(parts)] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imported(tree: ast.Module) -> set[str]:
    """Dotted names that a module imports anywhere, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def imported_at_load(tree: ast.Module) -> set[str]:
    """Dotted names that are imported when the module itself is."""
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
    """Parts of the package that a module of one part imports."""
    own = {name.split(".")[1] for name in imported(tree) if name.startswith("kesos_sim.")}
    top = {name.split(".")[1] for name in imported_at_load(tree) if name.startswith("kesos_sim.")}
    by_methods = {used for by, used in SHOWN_BY_METHODS if by == part} - top
    return own - by_methods - {"__version__"}


def test_every_part_has_a_layer() -> None:
    parts = {name.split(".")[0] for name in modules()}
    assert parts <= HEIGHT.keys(), f"no layer for {parts - HEIGHT.keys()}"


def test_no_relative_imports() -> None:
    relative = [
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not relative


def test_imports_go_downwards() -> None:
    upwards = [
        f"{name} imports {used}"
        for name, tree in modules().items()
        for used in packages_used(tree, name.split(".")[0])
        if HEIGHT[used] > HEIGHT[name.split(".")[0]]
    ]
    assert not upwards


def test_parts_do_not_import_in_circles() -> None:
    graph: dict[str, set[str]] = defaultdict(set)
    for name, tree in modules().items():
        part = name.split(".")[0]
        graph[part] |= packages_used(tree, part) - {part}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"circle: {error.args[1]}")


def test_only_institutions_and_model_know_mesa() -> None:
    users = {
        name.split(".")[0]
        for name, tree in modules().items()
        if any(used.split(".")[0] == "mesa" for used in imported(tree))
    }
    assert users <= AGENTS_LIVE_IN


def heavy_modules_after(code: str) -> set[str]:
    probe = f"{code}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60
    )
    return HEAVY & set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "code",
    [
        "import kesos_sim",
        "import kesos_sim.units, kesos_sim.errors, kesos_sim.i18n, kesos_sim.i18n.numbers",
        "import kesos_sim.cli",
        "from kesos_sim.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass",
        "from kesos_sim.cli import main\ntry: main(['run', '--help'])\nexcept SystemExit: pass",
    ],
    ids=["package", "ground", "cli", "help", "help of run"],
)
def test_import_budget(code: str) -> None:
    assert not heavy_modules_after(code)


def test_public_names_load_on_use() -> None:
    import kesos_sim

    assert set(kesos_sim.__all__) <= set(dir(kesos_sim))
    assert kesos_sim.load_scenario.__module__.startswith("kesos_sim.scenario")
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = kesos_sim.no_such_name
