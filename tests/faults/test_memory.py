"""A machine without enough memory: one message, and nothing half-written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCENARIO = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
LITTLE = """
import resource, sys
import kesos_sim.experiments.run, kesos_sim.reports.export
from kesos_sim.cli import main
main(["warmup"])
room = 4096 * int(open("/proc/self/statm").read().split()[0]) + 300_000_000
resource.setrlimit(resource.RLIMIT_AS, (room, room))
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["id", pytest.param("en", marks=pytest.mark.full)])
def test_too_little_memory_is_said_with_what_to_do(lang: str, tmp_path: Path) -> None:
    words = ["run", str(SCENARIO), "--households", "20000000", "--months", "1", "--lang", lang,
             "--out", str(tmp_path / "out")]  # fmt: skip
    environment = os.environ | {"XDG_STATE_HOME": str(tmp_path / "logs"), "NUMBA_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", LITTLE, *words], capture_output=True, text=True, check=False,
        env=environment, timeout=600,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    logs = [path.read_text(encoding="utf-8")[-600:] for path in tmp_path.rglob("*.log")]
    assert "--households" in done.stderr, (done.stderr, logs)
    assert "Traceback" not in done.stderr + done.stdout
    assert not (tmp_path / "out").exists()
