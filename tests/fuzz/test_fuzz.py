"""Wrong and hostile input, made from numbers: refused in words, never a traceback or a wait.

``python -m benchmarks.fuzz`` tries ten thousand of each; these are the first ones of other seeds.
"""

from __future__ import annotations

import json
import time
from random import Random
from typing import Any

import pytest

from benchmarks.fuzz import tally
from benchmarks.fuzz.__main__ import TARGETS, main
from benchmarks.fuzz.damage import bent, damaged, strange
from benchmarks.fuzz.tally import tried

CASES = {"scenarios": 90, "own_data": 60, "entries": 40}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_wrong_input_is_refused_in_words(name: str) -> None:
    with TARGETS[name]() as target:
        found = tried(target, name, range(CASES[name]), seed=1)
    assert found.ok, found.failures
    assert found.refused and found.accepted, "both happen, else the cases are no test"
    assert found.accepted + found.refused == found.cases == CASES[name]


@pytest.mark.slow
def test_wrong_requests_are_refused() -> None:
    with TARGETS["requests"]() as target:
        found = tried(target, "requests", range(120), seed=1)
    assert found.ok, found.failures
    assert found.refused and found.accepted


class Broken:
    """A target that fails, hangs, refuses and accepts in turns."""

    def __init__(self) -> None:
        self.number = 0

    def pids(self) -> tuple[int, ...]:
        return ()

    def attempt(self, draw: Random) -> bool:
        del draw
        self.number += 1
        match self.number % 4:
            case 0:
                raise KeyError("broken")
            case 1:
                time.sleep(60)
        return self.number % 4 == 2


@pytest.mark.slow
def test_failures_and_hangs_are_counted_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "PATIENCE", 0.05)
    found = tried(Broken(), "broken", range(20, 28), seed=1)
    assert (found.failed, found.hangs, found.refused, found.accepted) == (2, 2, 2, 2)
    assert [number for number, _ in found.failures] == [20, 23, 24, 27]
    assert "KeyError: 'broken'" in found.failures[1][1]
    assert found.slowest_case in (20, 24)
    assert not found.ok


def test_a_case_can_be_made_again() -> None:
    def made(number: int) -> Any:
        draw = Random(f"1/x/{number}")  # noqa: S311
        return damaged(b"abc" * 20, draw), repr(strange(draw)), repr(bent({"a": [1, 2]}, draw))

    assert made(7) == made(7)
    assert len({made(number) for number in range(50)}) == 50


@pytest.mark.slow
def test_the_command_reports(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "scenarios", "--cases", "10", "--first", "5"]) == 0
    (record,) = json.loads(capsys.readouterr().out)["records"]
    assert (record["target"], record["cases"], record["failed"]) == ("scenarios", 10, 0)
