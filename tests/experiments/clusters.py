"""A cluster of processes that know of each other what machines would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60.0


@contextmanager
def cluster(folder: Path, workers: int = 1) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a scheduler and workers as machines would have them; its address and process."""
    told = folder / "scheduler.json"
    tests = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])

    def begun(module: str, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *words, "--no-dashboard",
             "--scheduler-file", str(told)],
            env=os.environ | {"PYTHONPATH": tests},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    scheduler = begun("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
    one = ("--nthreads", "1", "--no-nanny", "--death-timeout", "60")
    others = [begun("dask_worker", *one) for _ in range(workers)]
    try:
        until = time.monotonic() + START_SECONDS
        while not told.exists() or not told.read_text():
            assert time.monotonic() < until, "the scheduler does not start"
            time.sleep(0.1)
        yield json.loads(told.read_text())["address"], scheduler
    finally:
        for process in (*others, scheduler):
            process.kill()
            process.wait()
