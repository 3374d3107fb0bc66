"""The page about faults names tests that are there, and every fault that was promised."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "FAULTS.md").read_text(encoding="utf-8")
PROMISED = (
    "disk full", "read-only folder", "kill", "corrupt store", "corrupt cache", "two versions",
    "clock jumps", "out of memory", "missing fonts", "port in use", "worker lost",
    "scheduler lost", "PostgreSQL restarted",
)  # fmt: skip


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(tests/\S+\.py)::(test_\w+)`", PAGE)
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")][1:]
    assert len(named) == len(rows), "one test for each fault"
    for file, test in named:
        source = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {test}\(", source, re.MULTILINE), f"{file}::{test}"


def test_every_fault_that_was_promised_is_there() -> None:
    faults = [line.split("|")[1].strip() for line in PAGE.splitlines() if line.startswith("| ")]
    for fault in PROMISED:
        assert any(line.startswith(fault) for line in faults), fault
