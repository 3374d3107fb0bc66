"""What is compiled ahead is what a run asks for, and all of it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import kesos_sim.kernels
from kesos_sim.errors import KesosError
from kesos_sim.kernels import ahead
from kesos_sim.kernels.ahead import AHEAD, compile_all, missing, signature
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario


@pytest.fixture(scope="module")
def asked(busy: Scenario, open_small: Callable[..., WelfareModel]) -> list[set[object]]:
    """What a run in which everything happens asked of each kernel beyond earlier calls."""
    before = [set(kernel.signatures) for kernel, _ in AHEAD]
    model = open_small(busy, fresh=True)
    while model.row < busy.months:
        model.step()
    pairs = zip(AHEAD, before, strict=True)
    return [set(kernel.signatures) - known for (kernel, _), known in pairs]


@pytest.mark.parametrize("place", range(len(AHEAD)), ids=[k.py_func.__name__ for k, _ in AHEAD])
def test_signatures_are_those_of_a_run(place: int, asked: list[set[object]]) -> None:
    kernel, spec = AHEAD[place]
    assert signature(spec) in kernel.signatures
    assert asked[place] <= {signature(spec)}


def test_no_kernel_that_is_kept_is_left_out() -> None:
    folder = Path(kesos_sim.kernels.__file__).parent
    text = "".join(source.read_text(encoding="utf-8") for source in folder.glob("*.py"))
    kept = re.findall(r"@nb\.njit\([^)]*cache=True[^)]*\)\ndef (\w+)", text)
    assert sorted(kept) == sorted(kernel.py_func.__name__ for kernel, _ in AHEAD)


def test_nothing_is_missing_after_a_run(asked: list[set[object]]) -> None:
    assert len(asked) == len(AHEAD)
    assert missing() == []


def test_what_is_missing_is_found_and_compiled() -> None:
    """The place of a kernel whose code is not in the cache, and nothing once all is there."""
    place = len(AHEAD) - 1
    kernel = AHEAD[place][0]
    kernel.compile(signature(AHEAD[place][1]))
    (kept,) = Path(kernel.stats.cache_path).glob(f"*.{kernel.py_func.__name__}-*.nbi")
    compile_all.cache_clear()
    compile_all()
    hidden = kept.rename(kept.with_suffix(".hidden"))
    try:
        compile_all.cache_clear()
        assert missing() == [place]
        assert compile_all() == 1
    finally:
        hidden.replace(kept)
        compile_all.cache_clear()
    assert missing() == []
    assert compile_all() == 0


def test_a_process_that_is_killed_leaves_its_kernels_to_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As the system does where memory runs out."""
    here = os.getpid()
    compiled = []

    def killed(place: int) -> None:
        if os.getpid() != here:
            # Not while the other kernels are still handed out: where a process ends then, loky 3.7
            # may wait for ever.
            time.sleep(0.5)
            os.kill(os.getpid(), signal.SIGKILL)
        compiled.append(place)

    monkeypatch.setattr(ahead, "missing", lambda: [4, 7, 9])
    monkeypatch.setattr(ahead, "_compile", killed)
    try:
        compile_all.cache_clear()
        assert compile_all() == 3
    finally:
        compile_all.cache_clear()
    assert compiled == [4, 7, 9]


_FRESH = """
from kesos_sim.kernels.ahead import AHEAD, compile_all, missing
assert len(missing()) == len(AHEAD)
assert compile_all() == len(AHEAD)
assert missing() == []
from kesos_sim.cli.warmup import TINY
from kesos_sim.experiments.run import run
from kesos_sim.scenario import from_document
run(from_document(TINY), 1, fresh=True)
print(sum(sum(kernel.stats.cache_misses.values()) for kernel, _ in AHEAD))
"""


def test_too_little_memory_to_compile_is_said_before(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (ahead.NEEDED_BYTES - 1, -1))
    monkeypatch.setattr(ahead, "missing", lambda: [0])
    with pytest.raises(KesosError) as refused:
        compile_all.__wrapped__()
    assert refused.value.code == "KS2301"
    told = refused.value.text("en")
    assert "only 1,279 MiB" in told and "takes 1,280 MiB" in told


@pytest.mark.full
def test_a_run_after_compiling_ahead_compiles_nothing(tmp_path: Path) -> None:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path), "HOME": str(tmp_path)}
    command = [sys.executable, "-c", _FRESH]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["0"]


@pytest.mark.full
def test_helpers_of_a_killed_command_end_and_let_go_of_its_output(tmp_path: Path) -> None:
    """Whoever reads what a killed command said would wait for them."""
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path), "HOME": str(tmp_path)}
    code = "from kesos_sim.kernels.ahead import compile_all; compile_all()"
    command = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    deadline = time.monotonic() + 300
    while not list(tmp_path.rglob("*.nbi")):
        assert command.poll() is None and time.monotonic() < deadline, command.communicate()
        time.sleep(0.05)
    command.kill()
    command.communicate(timeout=100)
    assert command.returncode == -signal.SIGKILL
