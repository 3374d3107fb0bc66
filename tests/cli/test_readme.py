"""What the README names exists, in both languages, and what exists is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kesos_sim.cli import COMMANDS
from kesos_sim.cli.derived import DERIVED
from kesos_sim.scenario import load_scenario
from kesos_sim.scenario.levers import LEVERS

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "README.id.md")


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_commands_levers_and_views_are_named(page: str) -> None:
    for name in COMMANDS:
        assert f"kesos {name}" in text(page)
    for name in LEVERS:
        assert f"`{name}`" in text(page)
    for name in DERIVED:
        assert f"kesos data show {name}" in text(page)


@pytest.mark.parametrize("page", PAGES)
def test_targets_and_files_that_are_named_exist(page: str) -> None:
    targets = set(re.findall(r"\bmake ([a-z]+)\b", text(page))) - {"alone", "saja"}
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert targets <= made
    for path in set(re.findall(r"\b(?:scenarios|notebooks|docs)/[\w./-]+\.\w+", text(page))):
        assert (ROOT / path).exists() or path == "scenarios/sembako-20.yaml", path


@pytest.mark.parametrize("page", PAGES)
def test_every_shipped_scenario_is_named(page: str) -> None:
    table = text(page).split(" `scenarios/` | ")[1]
    rows = [row for row in table.split("\n\n")[0].splitlines() if row.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`([a-z0-9-]+)`", row.split("|")[1])]
    assert len(set(named)) == len(named)
    assert {path.stem for path in (ROOT / "scenarios").glob("*.yaml")} == set(named)


@pytest.mark.parametrize("page", PAGES)
def test_the_example_is_a_scenario(page: str, tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", text(page), re.DOTALL)
    assert len(blocks) == 2
    baseline = (ROOT / "scenarios" / "baseline.yaml").read_text("utf-8")
    (tmp_path / "baseline.yaml").write_text(baseline, "utf-8")
    example = tmp_path / "sembako-20.yaml"
    example.write_text(blocks[0], "utf-8")
    assert load_scenario(example).name == "sembako-20"
    head = "schema: 1\nname: x\ntitle: {id: X, en: X}\nextends: baseline.yaml\nregion: [33]\n"
    example.write_text(head + blocks[1], "utf-8")
    (programme,) = load_scenario(example).programmes
    assert programme.quota == 500_000
