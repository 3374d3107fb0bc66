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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["warmup", "--lang", "id"], "Memori yang boleh dipakai proses ini hanya 976 MiB"),
        (["run", str(SCENARIO), "--lang", "en"], "This process may use only 976 MiB of memory"),
    ],
    ids=["warmup", "run"],
)
def test_a_limit_below_what_compiling_takes_is_said_before_it_begins(
    words: list[str], said: str, tmp_path: Path
) -> None:
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (1_024_000_000,) * 2);"
        "from kesos_sim.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    homes = {name: str(tmp_path) for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "HOME")}
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False,
        env=os.environ | homes, timeout=300,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert said in done.stderr and "1.280" in done.stderr.replace(",", ".")
    assert "ulimit -v unlimited" in done.stderr and "[KS2301]" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert not list(tmp_path.rglob("*.nbi"))
