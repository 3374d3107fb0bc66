"""What may not be in the repository: machine paths, hosts, large files, unfinished work."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_MODULE = 400
LARGEST_FILE = 5_000_000
BINARY = {".png", ".svg", ".parquet", ".woff", ".woff2", ".ico", ".pdf", ".gz", ".npz"}

# Written in pieces, so that this file does not contain what it looks for.
MACHINE_PATH = re.compile(
    r"(?:^|[\s\"'=(`])/(?:"
    + "|".join(["ho" + "me", "ro" + "ot", "Us" + "ers", "wo" + "rk", "mnt"])
    + r")/\w"
)
HOST = re.compile(
    r"//[\w.-]*(?:py"
    + r"pi|pythonho"
    + r"sted|npm"
    + r"js|anaconda|deb"
    + r"ian)[\w.-]*\.(?:org|com)"
)
UNFINISHED = re.compile(
    r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b|NotImplemented" + r"Error"
)
COMMENTED_CODE = re.compile(r"^\s*# (?:def |class |import |from \w+ import |return |print\()", re.M)


@cache
def tracked() -> tuple[Path, ...]:
    """Files of the repository, or of the source tree where there is no repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0 and listed.stdout:
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        folders = ("src", "tests", "scenarios", "notebooks", "docs", "benchmarks")
        paths = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    return tuple(path for path in paths if path.is_file() and "__pycache__" not in path.parts)


def texts() -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(ROOT)), path.read_text(encoding="utf-8", errors="replace"))
        for path in tracked()
        if path.suffix not in BINARY
    ]


def found(pattern: re.Pattern[str], only: str = "") -> list[str]:
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0].strip()}"
        for name, text in texts()
        if name.endswith(only)
        for match in pattern.finditer(text)
    ]


@pytest.mark.parametrize(
    ("pattern", "bad"),
    [
        (MACHINE_PATH, "path = '/ho" + "me/someone/x'"),
        (HOST, "https://py" + "pi.org/simple"),
        (UNFINISHED, "# TO" + "DO later"),
    ],
    ids=["machine path", "registry host", "unfinished mark"],
)
def test_nothing_forbidden_is_written(pattern: re.Pattern[str], bad: str) -> None:
    assert pattern.search(bad), "the pattern must find what it is for"
    assert not found(pattern)


def test_no_code_is_commented_out() -> None:
    assert not found(COMMENTED_CODE, only=".py")


def test_no_file_is_too_large() -> None:
    large = {
        path.name: path.stat().st_size for path in tracked() if path.stat().st_size > LARGEST_FILE
    }
    assert not large


def test_modules_are_short() -> None:
    long = {
        name: text.count("\n")
        for name, text in texts()
        if name.startswith("src/")
        and name.endswith((".py", ".js"))
        and text.count("\n") > LONGEST_MODULE
    }
    assert not long


def test_notebooks_carry_no_output() -> None:
    executed = []
    for name, text in texts():
        if name.endswith(".ipynb"):
            cells = json.loads(text)["cells"]
            if any(cell.get("outputs") or cell.get("execution_count") for cell in cells):
                executed.append(name)
    assert not executed
