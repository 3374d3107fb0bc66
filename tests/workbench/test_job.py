"""Work in a process of its own: it tells, ends, fails in words, and stops with all it has begun."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kesos_sim.errors import InputError, KesosError
from kesos_sim.workbench.job import Job

Tell = Callable[[str, int, int], None]


def counted(end: int, *, progress: Tell) -> int:
    for number in range(end):
        progress("runs", number, end)
    return end


def refused(*, progress: Tell) -> None:
    raise InputError("KS9011", "planner.no_result")


def broken(*, progress: Tell) -> None:
    raise ZeroDivisionError("secret")


def gone(*, progress: Tell) -> None:
    os._exit(3)


def with_child(place: str, *, progress: Tell) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(place).write_text(str(child.pid), "utf-8")
    progress("runs", 0, 1)
    time.sleep(600)


class Ears:
    def __init__(self) -> None:
        self.told: list[tuple[str, int, int]] = []
        self.ended: list[tuple[Any, KesosError | str | None]] = []

    def job(self, work: Callable[..., Any], *arguments: Any) -> Job:
        return Job(
            work,
            *arguments,
            told=lambda *said: self.told.append(said),
            ended=lambda *said: self.ended.append(said),
        )


@pytest.mark.slow
def test_it_tells_how_far_it_is_and_gives_the_result() -> None:
    ears = Ears()
    job = ears.job(counted, 3)
    assert job.wait(60)
    assert ears.told == [("runs", 0, 3), ("runs", 1, 3), ("runs", 2, 3)]
    assert ears.ended == [(3, None)] and not job.running
    job.stop()
    assert len(ears.ended) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("work", "said"), [(refused, "KS9011"), (broken, "ZeroDivisionError"), (gone, "EOFError")]
)
def test_every_end_is_told_once(work: Callable[..., Any], said: str) -> None:
    ears = Ears()
    assert ears.job(work).wait(60)
    ((result, problem),) = ears.ended
    assert result is None
    assert (problem.code if isinstance(problem, KesosError) else problem) == said


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").split()[2] != "Z"
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_stopping_ends_everything_and_tells_nobody(tmp_path: Path) -> None:
    ears = Ears()
    job = ears.job(with_child, str(tmp_path / "pid"))
    until = time.monotonic() + 60
    while not ears.told and time.monotonic() < until:
        time.sleep(0.05)
    child = int((tmp_path / "pid").read_text("utf-8"))
    assert alive(child) and job.running
    job.stop()
    until = time.monotonic() + 10
    while alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(child) and not job.running and not ears.ended
