"""A run of the whole country is killed on its way and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

WORLD = ["--households", "6000", "--months", "16", "--lang", "en", "--fresh"]
STORED = [word for word in WORLD if word != "--fresh"]
CAP_FILES = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def surroundings(home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A user of its own, with compiled kernels of ours."""
    from numba.core.config import CACHE_DIR

    own = {"XDG_CACHE_HOME": str(home / "cache"), "KESOS_STORE": str(home / "store")}
    compiled = {"NUMBA_CACHE_DIR": CACHE_DIR} if CACHE_DIR else {}
    return os.environ | own | compiled


def begin(
    words: list[str], surroundings: dict[str, str], before: str = ""
) -> subprocess.Popen[str]:
    """Start a command."""
    code = f"{before}import sys; from kesos_sim.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def figures(folder: Path) -> pd.DataFrame:
    return pd.concat(
        [pd.read_parquet(folder / f"{name}.parquet") for name in ("indicators", "ledger")]
    )


@pytest.mark.full
def test_the_country_is_killed_and_goes_on_with_the_same_bits(
    scenario_folder: Path, surroundings: dict[str, str], home: Path, tmp_path: Path
) -> None:
    nation = str(scenario_folder / "indonesia.yaml")
    folder = home / "cache" / "kesos-sim" / "checkpoints"
    killed = begin(["run", nation, *STORED, "--checkpoint-months", "1"], surroundings)
    deadline = time.monotonic() + 300
    while not list(folder.glob("*.npz")):
        assert killed.poll() is None and time.monotonic() < deadline, killed.communicate()
        time.sleep(0.002)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    out = ["--out", str(tmp_path / "resumed")]
    again = begin(["run", nation, *STORED, "--checkpoint-months", "1", *out], surroundings)
    _, err = again.communicate(timeout=300)
    assert again.returncode == 0 and "Going on from the checkpoint of" in err
    assert not list(folder.glob("*.npz"))
    whole = begin(["run", nation, *WORLD, "--out", str(tmp_path / "whole")], surroundings)
    _, err = whole.communicate(timeout=300)
    assert whole.returncode == 0 and "checkpoint" not in err
    pd.testing.assert_frame_equal(figures(tmp_path / "resumed"), figures(tmp_path / "whole"))


@pytest.mark.slow
def test_a_full_disk_costs_the_checkpoint_and_not_the_run(
    scenario_folder: Path, surroundings: dict[str, str], home: Path
) -> None:
    """The system refuses every file above some size, as a full disk does."""
    words = ["run", str(scenario_folder / "indonesia.yaml"), *WORLD, "--checkpoint-months", "4"]
    refused = begin(words, surroundings, CAP_FILES)
    out, err = refused.communicate(timeout=300)
    assert refused.returncode == 0, err
    assert err.count("No checkpoint could be written") == 1
    assert "Poverty rate" in out or "poverty rate" in out
    folder = home / "cache" / "kesos-sim" / "checkpoints"
    assert not list(folder.iterdir())
