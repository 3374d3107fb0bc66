"""The lists of dependencies agree, and what is installed is complete."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
CONDA = SETTINGS["tool"]["kesos-sim"]["conda"]


def declared() -> dict[str, Requirement]:
    extras = PROJECT["optional-dependencies"]
    listed = [
        *PROJECT["dependencies"],
        *(r for name in extras if name != "all" for r in extras[name]),
    ]
    found = [Requirement(line) for line in listed]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def name_with_extras(requirement: Requirement) -> str:
    extras = ",".join(sorted(requirement.extras))
    return f"{requirement.name}[{extras}]" if extras else requirement.name


def constraints() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines]
    return {canonicalize_name(name): Version(version) for name, version in pairs}


def test_all_extra_holds_every_other_extra() -> None:
    extras = PROJECT["optional-dependencies"]
    (everything,) = (Requirement(line) for line in extras["all"])
    assert everything.extras == set(extras) - {"all"}


def test_every_requirement_has_a_lower_bound() -> None:
    without = [str(r) for r in declared().values() if ">=" not in str(r.specifier)]
    assert not without


def test_environment_file_lists_the_same_packages_and_bounds() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    (by_pip,) = (entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    assert by_pip.pop() == "-e ."
    pip_names = [name_with_extras(Requirement(line)) for line in by_pip]
    assert pip_names == sorted(CONDA["by-pip"])
    ours = {theirs: name for name, theirs in CONDA["names"].items()}
    lines = [line for line in environment["dependencies"] if isinstance(line, str)] + by_pip
    listed = {
        canonicalize_name(ours.get(r.name, r.name)): r.specifier for r in map(Requirement, lines)
    }
    assert len(listed) == len(lines), "a package is listed twice"
    assert str(listed.pop("python")) == PROJECT["requires-python"]
    assert str(listed.pop("pip")) == ""
    assert listed == {name: r.specifier for name, r in declared().items()}


def test_the_map_of_names_names_what_is_declared_and_nothing_more() -> None:
    assert {canonicalize_name(name) for name in CONDA["names"]} <= declared().keys()
    by_pip = {canonicalize_name(Requirement(name).name): name for name in CONDA["by-pip"]}
    assert by_pip.keys() <= declared().keys()
    assert not by_pip.keys() & CONDA["names"].keys()
    assert {name_with_extras(declared()[name]) for name in by_pip} == set(by_pip.values())
    assert all(canonicalize_name(theirs) != name for name, theirs in CONDA["names"].items())


def test_constraints_are_plain_and_cover_what_is_declared() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    odd = [line for line in text.splitlines() if not re.fullmatch(r"[\w.-]+==[\w.+]+", line)]
    assert not odd
    pinned = constraints()
    for name, requirement in declared().items():
        assert name in pinned, f"{name} is not in constraints.txt"
        assert pinned[name] in requirement.specifier


def test_constraints_cover_what_the_declared_packages_need() -> None:
    pinned = constraints()
    open_names, seen = set(declared()), set()
    while open_names:
        name = open_names.pop()
        seen.add(name)
        for line in metadata.requires(name) or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                open_names |= {canonicalize_name(requirement.name)} - seen
    assert seen - {"pip"} <= pinned.keys()  # pip is in every environment and installs the rest


def test_pinned_packages_run_on_the_oldest_python_that_is_promised() -> None:
    """That of Debian 12 is 3.11.2: a package that asks for a later patch cannot be installed."""
    (promised,) = SpecifierSet(PROJECT["requires-python"])
    oldest = f"{promised.version}.0"
    pinned = constraints()
    asked = {
        one.name: one.metadata.get("Requires-Python")
        for one in metadata.distributions()
        if canonicalize_name(one.name) in pinned
    }
    assert not {name: least for name, least in asked.items()
                if least and oldest not in SpecifierSet(least)}  # fmt: skip


def test_version_is_said_once() -> None:
    import kesos_sim

    assert kesos_sim.__version__ == PROJECT["version"] == metadata.version("kesos-sim")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {PROJECT['version']}" in changelog


def test_tables_and_catalogues_are_in_the_package() -> None:
    package = files("kesos_sim")
    assert (package / "py.typed").is_file()
    assert (package / "data" / "tables" / "parameters.csv").is_file()
    assert (package / "i18n" / "glossary.toml").is_file()


PAGES = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks/README.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_targets_that_a_page_names_exist(page: Path) -> None:
    from kesos_sim.cli import COMMANDS

    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    text = page.read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"^```\n(.*?)^```", text, re.M | re.S))
    named = set(re.findall(r"`kesos ([a-z]+)", text))
    named |= set(re.findall(r"^kesos ([a-z]+)", blocks, re.M))
    assert named <= set(COMMANDS)
    called = set(re.findall(r"`make ([a-z]+)", text))
    called |= set(re.findall(r"^make ([a-z]+)", blocks, re.M))
    assert called <= targets
    if page.name.startswith("README") and page.parent == ROOT:
        assert {"run", "test"} <= called
