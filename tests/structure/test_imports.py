"""Imports go downwards only, mesa stays in two packages, and importing the package is light."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter

import pytest

from tools.imports import LAYERS, graph, imported, modules, packages_used

HEIGHT = {name: len(LAYERS) - row for row, names in enumerate(LAYERS) for name in names}
AGENTS_LIVE_IN = {"institutions", "model"}
HEAVY = {"numpy", "pandas", "mesa", "numba", "scipy", "matplotlib", "pyarrow", "babel", "networkx"}


@pytest.mark.slow
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
    circle: list[str] = []
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as error:
        circle = error.args[1]
    assert not circle


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
