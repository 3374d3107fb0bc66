"""Every text that the command line names is there, in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from kesos_sim import i18n
from kesos_sim.cli import COMMANDS

SOURCE = Path(__file__).parents[2] / "src" / "kesos_sim" / "cli"


def named() -> set[str]:
    """Keys that stand in the code as a whole."""
    found = set()
    for path in SOURCE.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {
            id(part) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for part in n.values
        }
        found |= {
            n.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in inside
        }
    return {text for text in found if re.fullmatch(r"cli\.[a-z_]+\.[a-z_.]+|cli\.written", text)}


def test_every_key_that_the_code_names_exists() -> None:
    assert named() <= set(i18n.keys())
    assert "cli.compare.changes" in named()


def test_every_command_teaches() -> None:
    for name in (*COMMANDS, "data.list", "data.show", "data.check"):
        assert {f"cli.{name}.{part}" for part in ("short", "help", "examples")} <= set(i18n.keys())
