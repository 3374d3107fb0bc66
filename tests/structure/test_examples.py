"""Whatever people may rely on shows by an example what it is for, and every example runs.

Public are the names of ``kesos_sim``, what notebooks import, what packages export and the kernels;
of the first two also the methods and properties of what they return: all of them for the former,
those that notebooks use for the latter.
"""

from __future__ import annotations

import ast
import doctest
import inspect
import io
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest

import kesos_sim
from kesos_sim.shipping import copied

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
FRONT = "kesos_sim:"
FLAGS = doctest.NORMALIZE_WHITESPACE
"""Long output is broken where a line of the source ends."""
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef
Part = tuple[type, str]
PACKAGES = tuple(
    ".".join(path.parent.relative_to(SOURCE).parts)
    for path in sorted(SOURCE.rglob("__init__.py"))
    if path.parent.name != "cli"
)
"""Packages that Python code imports; the command line is one for people."""
KERNELS = tuple(
    f"kesos_sim.kernels.{path.stem}"
    for path in sorted((SOURCE / "kesos_sim" / "kernels").glob("[!_]*.py"))
)
EXEMPT = {
    "a step with more arrays than a reader follows in an example; docs/ODD.md and the slow twin in"
    " its test say what it does": {
        "cases:end_cases",
        "cases:open_cases",
        "cases:relieve",
        "composition:compose",
        "curves:curves_at_nodes",
        "enterprises:count_unable",
        "enterprises:find_pioneers",
        "enterprises:leave_pkh",
        "enterprises:run_enterprises",
        "funding:cost_orsos",
        "funding:fund_orsos",
        "funding:pay_orsos",
        "funding:want_orsos",
        "gains:school_gains",
        "hazards:feel",
        "households:after_help",
        "households:draw_month",
        "housing:repair_houses",
        "incidence:incidence",
        "pools:feel_pools",
        "pools:live_groups",
        "queues:handle_cases",
        "registry:grant_benefits",
        "registry:select_by_rank",
        "registry:verify_records",
        "reports:report_clients",
        "scores:score_histogram",
        "search:find_clients",
        "search:hold_clients",
        "synthesis:draw_households",
        "synthesis:permanent_base",
    },
    "a record of numbers that one function fills, the example of which would be that function": {
        "composition:Rule",
    },
    "compiles everything, for a minute on a cold machine; `kesos warmup` shows it": {
        "ahead:compile_all",
    },
}
"""Kernels without an example, by the reason for it: to be shortened, never to be lengthened."""


def dotted(path: Path) -> str:
    """Name of the module in a file."""
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


def documented(tree: DOCUMENTED, prefix: str = "") -> Iterator[tuple[str, str, int]]:
    """Docstrings of a module and everything in it: name inside the module, text, first line."""
    text = ast.get_docstring(tree)
    if text is not None:
        yield prefix, text, tree.body[0].lineno
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield from documented(node, f"{prefix}.{node.name}".removeprefix("."))


def read(text: str, name: str, file: str, line: int) -> doctest.DocTest:
    """Examples of a docstring, which begins in that line."""
    return doctest.DocTestParser().get_doctest(text, {}, name, file, line - 1)


@cache
def examples() -> dict[str, doctest.DocTest]:
    """Docstrings of the package with examples, by ``module:name``."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if ">>>" in source:
            for inside, text, line in documented(ast.parse(source)):
                name = f"{dotted(path)}:{inside}"
                test = read(text, name, str(path.relative_to(ROOT)), line)
                if test.examples:
                    found[name] = test
    return found


def own_names(module: ModuleType) -> dict[str, Any]:
    """What an example may use without importing it: what its module defines."""
    return {
        name: value
        for name, value in vars(module).items()
        if getattr(value, "__module__", None) == module.__name__ and not name.startswith("_")
    }


def complaint(test: doctest.DocTest) -> str:
    """Run the examples of a docstring; say what differs from what they promise."""
    test.globs = own_names(import_module(test.name.partition(":")[0]))
    told = io.StringIO()
    doctest.DocTestRunner(optionflags=FLAGS).run(test, out=told.write)
    return told.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, anchors: Path) -> Path:
    """A folder with scenarios and notebooks, as a planner has one."""
    place = tmp_path_factory.mktemp("examples")
    assert list(copied(place))
    return place


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Let examples remember what earlier ones found."""
    if "folder" in request.fixturenames:
        monkeypatch.setenv("KESOS_STORE", str(request.getfixturevalue("folder") / "store"))


def lives(test: doctest.DocTest) -> bool:
    """Whether examples set the size of a world, and so live in one."""
    return any('"households": ' in example.source for example in test.examples)


def marks(test: doctest.DocTest) -> list[pytest.MarkDecorator]:
    """Examples that live in a world are slow, those that need many worlds more so."""
    source = " ".join(example.source for example in test.examples)
    many = any(f"{name}(" in source for name in ("calibrate", "discover", "sensitivity"))
    return [pytest.mark.full] * many + [pytest.mark.slow] * lives(test)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=marks(test)) for name, test in examples().items()],
)
def test_examples_run(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert not complaint(examples()[name])


@pytest.mark.parametrize("name", examples())
def test_examples_show_something(name: str) -> None:
    listed = examples()[name].examples
    assert any(example.want for example in listed), "no output"
    assert not any("isinstance(" in example.source for example in listed), "mere existence"
    assert not any(doctest.SKIP in example.options for example in listed), "left out"


def imports(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Name, module and original name of what is imported, for type checkers alone too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield alias.asname or alias.name, node.module, alias.name


def returned(function: Callable[..., Any]) -> type | None:
    """Class of what a function of the package returns, as its annotation says."""
    said = str(getattr(function, "__annotations__", {}).get("return", ""))
    module = sys.modules.get(getattr(function, "__module__", ""))
    if module is None or not re.fullmatch(r"[A-Za-z]\w*", said):
        return None
    found = getattr(module, said, None)
    if found is None and module.__file__ is not None:
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        for name, home, original in imports(tree):
            if name == said:
                found = getattr(import_module(home), original)
    return found if inspect.isclass(found) and found.__module__.startswith("kesos_sim") else None


def function_of(owner: type, name: str) -> Callable[..., Any] | None:
    """Function behind a method or property of a class; None for anything else."""
    member = inspect.getattr_static(owner, name, None)
    if isinstance(member, property):
        return member.fget
    if isinstance(member, cached_property):
        return member.func
    if isinstance(member, classmethod | staticmethod):
        return member.__func__
    return member if inspect.isfunction(member) else None


class Reader:
    """Follows which objects of the package a notebook uses, and which parts of them."""

    def __init__(self, source: str) -> None:
        tree = ast.parse(source)
        self.imported = {
            name: getattr(import_module(module), original)
            for name, module, original in imports(tree)
            if module.split(".")[0] == "kesos_sim"
        }
        self.made: dict[str, type] = {}
        self.parts: set[Part] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                kind = self.kind(node.value)
                if kind is not None:
                    self.made[node.targets[0].id] = kind
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                owner = self.kind(node.value)
                if owner is not None and function_of(owner, node.attr) is not None:
                    self.parts.add((owner, node.attr))

    def kind(self, node: ast.expr) -> type | None:
        """Class of what an expression stands for, as far as annotations tell."""
        if isinstance(node, ast.Name):
            known = self.imported.get(node.id)
            return known if inspect.isclass(known) else self.made.get(node.id)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = self.imported.get(node.func.id)
            return called if inspect.isclass(called) else returned(called) if called else None
        inner = node.func if isinstance(node, ast.Call) else node
        if isinstance(inner, ast.Attribute):
            owner = self.kind(inner.value)
            function = None if owner is None else function_of(owner, inner.attr)
            return None if function is None else returned(function)
        return None


@cache
def read_notebooks() -> tuple[Reader, ...]:
    """What the notebooks use."""
    found = []
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            cells = nbformat.read(path, as_version=4).cells
            found.append(Reader("\n".join(c.source for c in cells if c.cell_type == "code")))
    return tuple(found)


def exported(module: str) -> set[Any]:
    """What a module of the package says that others may use."""
    found = import_module(module)
    return {
        value
        for value in (getattr(found, name) for name in getattr(found, "__all__", ()))
        if callable(value) and str(getattr(value, "__module__", "")).startswith("kesos_sim")
    }


@cache
def public() -> set[Callable[..., Any]]:
    """Functions and classes that people may rely on."""
    front = {getattr(kesos_sim, name) for name in kesos_sim.__all__}
    used = {value for reader in read_notebooks() for value in reader.imported.values()}
    offered = set().union(*(exported(module) for module in (*PACKAGES, *KERNELS)))
    return {value for value in front | used | offered if callable(value)}


def public_parts() -> set[Part]:
    """Methods and properties that people may rely on."""
    front = (returned(getattr(kesos_sim, name)) for name in kesos_sim.__all__)
    own = {
        (owner, name)
        for owner in front
        if owner is not None
        for name in vars(owner)
        if not name.startswith("_") and function_of(owner, name) is not None
    }
    return own.union(*(reader.parts for reader in read_notebooks()))


def place_of(value: Callable[..., Any]) -> str:
    """Where the examples of a function or class are."""
    return f"{value.__module__}:{value.__qualname__}"


def nodes(test: doctest.DocTest | None) -> Iterator[ast.AST]:
    """What the lines of examples consist of."""
    for example in [] if test is None else test.examples:
        yield from ast.walk(ast.parse(example.source))


def uses(test: doctest.DocTest, name: str) -> bool:
    """Whether examples use an attribute of that name."""
    return any(isinstance(node, ast.Attribute) and node.attr == name for node in nodes(test))


def shown_by_package(value: Callable[..., Any], known: dict[str, doctest.DocTest]) -> bool:
    """Whether the module or package of a function or class shows it; the front page is none."""
    pages = {f"{value.__module__}:", value.__module__.rpartition(".")[0] + ":"} - {FRONT}
    shown = (node for page in pages for node in nodes(known.get(page)))
    return value.__name__ in {node.id for node in shown if isinstance(node, ast.Name)}


def without_example(known: dict[str, doctest.DocTest]) -> set[str]:
    """What is public and shown nowhere where one would look for it."""
    missing = {
        place_of(value)
        for value in public()
        if place_of(value) not in known and not shown_by_package(value, known)
    }
    for owner, name in public_parts():
        makers = {place_of(value) for value in public() if returned(value) is owner}
        places = {FRONT, place_of(owner), f"{place_of(owner)}.{name}", *makers}
        if not any(uses(known[place], name) for place in places & known.keys()):
            missing.add(f"{place_of(owner)}.{name}")
    return missing


def test_what_is_public_has_an_example() -> None:
    exempt = [f"kesos_sim.kernels.{name}" for names in EXEMPT.values() for name in names]
    assert len(exempt) == len(set(exempt))
    assert without_example(examples()) == set(exempt), "either has no example, or has one by now"


def test_the_check_itself() -> None:
    names = {place_of(value) for value in public()}
    parts = {f"{place_of(owner)}.{name}" for owner, name in public_parts()}
    assert "kesos_sim.workbench.notebook:said" in names and len(names) > 90
    assert "kesos_sim.experiments.run:Run.frame" in parts
    assert "kesos_sim.calibration.published:Validation.misses_first" in parts
    fewer = {name: found for name, found in examples().items() if name != FRONT}
    del fewer["kesos_sim.workbench.notebook:said"]
    missing = without_example(fewer)
    assert "kesos_sim.workbench.notebook:said" in missing
    assert "kesos_sim.experiments.compare:Comparison.export" in missing
    told = complaint(read(">>> 1 + 1\n3\n", "kesos_sim.units:", "units.py", 7))
    assert "Expected:\n    3\nGot:\n    2" in told and 'File "units.py", line 7' in told
