"""Recipes for images: pinned bases, sources that exist, commands that are there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from kesos_sim.cli import COMMANDS

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RECIPES = ("Dockerfile", "binder/Dockerfile")
KNOWN = {"FROM", "ARG", "ENV", "RUN", "COPY", "WORKDIR", "USER", "ENTRYPOINT", "CMD"}
PINNED = re.compile(r"[a-z][a-z0-9-]*:\d+\.\d+\.\d+[a-z0-9.-]*")


@dataclass(frozen=True)
class Step:
    """One instruction with what follows it on one line."""

    word: str
    rest: str


def steps(text: str) -> list[Step]:
    """Take a recipe apart; refuse what is no instruction."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found = [Step(*line.split(None, 1)) for line in joined.splitlines()]
    assert {step.word for step in found} <= KNOWN
    return found


def complaints(text: str) -> list[str]:
    """What is wrong with a recipe."""
    found, stages, user, wrong = steps(text), set(), "root", []
    if found[0].word != "FROM":
        wrong.append("does not begin with a base")
    for step in found:
        if step.word == "FROM":
            image, *named = step.rest.split(" AS ")
            stages |= set(named)
            user = "root"
            if not PINNED.fullmatch(image):
                wrong.append(f"base without a version: {image}")
        elif step.word == "COPY":
            words = step.rest.split()
            stage = words.pop(0).removeprefix("--from=") if words[0].startswith("--") else ""
            if stage and stage not in stages:
                wrong.append(f"no stage {stage}")
            wrong += [f"no {name}" for name in words[:-1] if not stage and not there(name)]
        elif step.word == "USER":
            user = step.rest
        elif step.word in {"CMD", "ENTRYPOINT"}:
            json.loads(step.rest)
    if user == "root":
        wrong.append("ends as root")
    return wrong


def there(name: str) -> bool:
    """Whether a source exists and the build is given it."""
    return (ROOT / name).exists() and f"!{name.split('/', maxsplit=1)[0]}" in given()


def given() -> list[str]:
    return (ROOT / ".dockerignore").read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", RECIPES)
def test_bases_are_pinned_sources_exist_and_nobody_is_root(name: str) -> None:
    assert not complaints((ROOT / name).read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FROM python:latest\nUSER a", "base without a version: python:latest"),
        ("FROM python\nUSER a", "base without a version: python"),
        ("FROM x.example/python:3.11.1\nUSER a", "base without a version: x.example/python:3.11.1"),
        ("FROM python:3.11.1\nCOPY nothing.txt /x\nUSER a", "no nothing.txt"),
        ("FROM python:3.11.1\nCOPY tests /x\nUSER a", "no tests"),
        ("FROM python:3.11.1\nCOPY --from=other /a /b\nUSER a", "no stage other"),
        ("FROM python:3.11.1\nRUN true", "ends as root"),
    ],
)
def test_what_is_wrong_is_found(text: str, said: str) -> None:
    assert complaints(text) == [said]


@pytest.mark.parametrize("name", RECIPES)
def test_what_is_installed_and_called_exists(name: str) -> None:
    runs = "\n".join(step.rest for step in steps((ROOT / name).read_text("utf-8")))
    for extras in re.findall(r"(?:whl\)|kesos)\[([\w,]+)\]", runs):
        assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"])
    assert set(re.findall(r"\bkesos ([a-z]+)", runs)) <= set(COMMANDS)
    for pinned in re.findall(r"'(\w+==[\d.]+)'", runs):
        assert str(Requirement(pinned).specifier).startswith("==")
    for page in re.findall(r"/lab/tree/([\w/]+\.\w+)", runs):
        assert (ROOT / page).is_file()


def test_the_hub_takes_the_image_that_the_recipe_makes() -> None:
    single = yaml.safe_load((ROOT / "binder" / "jupyterhub.yaml").read_text("utf-8"))["singleuser"]
    image = f"{single['image']['name']}:{single['image']['tag']}"
    recipe = (ROOT / "binder" / "Dockerfile").read_text("utf-8")
    assert f"-t {image} " in recipe
    assert single["image"]["tag"] == PROJECT["version"]
    assert (ROOT / single["defaultUrl"].removeprefix("/lab/tree/")).is_file()
    assert f"kesos-sim:{PROJECT['version']} " in (ROOT / "Dockerfile").read_text("utf-8")


def test_the_build_is_given_no_more_than_the_recipes_copy() -> None:
    copied = {
        name.split("/")[0]
        for recipe in RECIPES
        for step in steps((ROOT / recipe).read_text("utf-8"))
        if step.word == "COPY" and not step.rest.startswith("--")
        for name in step.rest.split()[:-1]
    }
    assert given()[0] == "*"
    assert {line[1:] for line in given() if line.startswith("!")} == copied


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_what_is_copied_is_enough_to_build_the_package(name: str, tmp_path: Path) -> None:
    for step in steps((ROOT / name).read_text("utf-8")):
        if step.word == "COPY" and not step.rest.startswith("--"):
            for source in step.rest.split()[:-1]:
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, tmp_path / source, dirs_exist_ok=True)
                else:
                    shutil.copyfile(ROOT / source, tmp_path / source)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"],
        cwd=tmp_path, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    assert {"kesos_sim/cli/__init__.py", "kesos_sim/shipped/scenarios/baseline.yaml"} <= names
