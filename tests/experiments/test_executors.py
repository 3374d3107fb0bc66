"""Executors: everything comes back, numbered, errors too; who stops asking stops the work."""

from __future__ import annotations

import itertools
import math
import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib.externals.loky.process_executor as loky
import numpy as np
import pytest

from kesos_sim.errors import InputError
from kesos_sim.experiments.executors import (
    LOCAL,
    Cluster,
    Executor,
    Failure,
    Processes,
    Serial,
    in_parallel,
    usable_workers,
)
from kesos_sim.experiments.outcomes import Outcome, outcomes
from kesos_sim.scenario import Scenario, load_scenario
from tests.experiments.clusters import cluster

HERE = [Serial(), Processes(1), Processes(2)]
CLUSTER = Cluster(LOCAL, 2)


def root(number: int) -> float:
    """Of a module, so that other processes find it."""
    return math.sqrt(number)


def waited(seconds: float) -> int:
    """Take some time and say who took it."""
    time.sleep(seconds)
    return os.getpid()


def died_once(mark: str) -> str:
    """Kill the process that comes here first."""
    try:
        Path(mark).touch(exist_ok=False)
    except FileExistsError:
        return "done"
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


@pytest.mark.slow
@pytest.mark.parametrize("who", [*HERE, CLUSTER], ids=repr)
def test_every_job_comes_back_with_its_number(who: Executor) -> None:
    with who.completed(root, [(number,) for number in (9, -1, 16, 25, 36, 49)]) as found:
        results = dict(found)
    lost = results.pop(1)
    assert isinstance(lost, Failure) and "math domain error" in lost.cause
    assert "root" in lost.trace
    assert results == {0: 3.0, 2: 4.0, 3: 5.0, 4: 6.0, 5: 7.0}


@pytest.mark.slow
@pytest.mark.parametrize("who", [*HERE, pytest.param(CLUSTER, marks=pytest.mark.full)], ids=repr)
def test_no_job_is_begun_long_before_somebody_is_free(who: Executor) -> None:
    asked = itertools.count()

    def endless() -> Iterator[tuple[float]]:
        while True:
            next(asked)
            yield (0.05,)

    with who.completed(waited, endless()) as found:
        for _ in range(4):
            next(found)
    assert next(asked) <= 4 + 4 * who.workers


@pytest.mark.slow
def test_processes_work_side_by_side() -> None:
    with Processes(2).completed(waited, [(0.5,)] * 4) as found:
        assert len({process for _, process in found}) == 2


@pytest.mark.parametrize("number", [1, 2, 7])
def test_results_come_in_the_order_of_the_jobs(number: int) -> None:
    jobs = [(7 + place, place) for place in range(number)]
    with in_parallel(math.comb, jobs) as found:
        assert list(found) == [math.comb(*job) for job in jobs]


def test_the_first_error_in_order_is_raised() -> None:
    with in_parallel(root, [(4,), (-1,), (9,)]) as found:
        assert next(found) == 2.0
        with pytest.raises(ValueError, match="math domain"):
            next(found)


def test_nobody_waits_for_what_nobody_wants() -> None:
    with in_parallel(math.factorial, [(5,), (6,), (7,)]) as found:
        assert next(found) == 120


def test_a_job_on_its_way_to_a_worker_is_called_back_without_noise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever hands out jobs is held up, at the worst place, until the block is left."""
    hands = loky._ExecutorManagerThread
    take, stumbled = hands.process_result_item, []

    def held_up(self: Any, result: Any) -> None:
        take(self, result)
        until = time.monotonic() + 10.0
        while not self.executor_flags.shutdown and time.monotonic() < until:
            time.sleep(0.001)
        stumbled.append(self.work_ids_queue.qsize())

    with monkeypatch.context() as patch:
        patch.setattr(hands, "process_result_item", held_up)
        with Processes(2).completed(waited, [(0.0,), (60.0,), (60.0,)]) as found:
            next(found)
    assert stumbled[0] == 1, "a job was on its way"
    with Processes(2).completed(root, [(4,), (9,), (16,)]) as found:
        assert dict(found) == {0: 2.0, 1: 3.0, 2: 4.0}


def test_a_renewed_worker_is_no_news() -> None:
    """Any other warning is an error here, as everywhere in the tests."""
    with in_parallel(math.sqrt, [(4.0,)]) as found:
        warnings.warn("A worker stopped while some jobs were given", UserWarning, stacklevel=1)
        with pytest.raises(UserWarning, match="something else"):
            warnings.warn("something else", UserWarning, stacklevel=1)
        assert list(found) == [2.0]


def cores(prepare: str = "") -> int:
    """What a process counts, after it was prepared."""
    counting = (
        f"import os; {prepare}\n"
        "from kesos_sim.experiments.executors import usable_workers; print(usable_workers())"
    )
    around = {name: text for name, text in os.environ.items() if name != "LOKY_MAX_CPU_COUNT"}
    command = [sys.executable, "-c", counting]
    done = subprocess.run(command, env=around, capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system binds no process")
def test_cores_that_are_left_to_a_process_are_used() -> None:
    assert 1 <= cores() <= len(os.sched_getaffinity(0))
    assert cores("os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])") == 1


def test_fewer_cores_may_be_allowed_and_no_process_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("joblib.cpu_count", lambda: 6)
    assert [usable_workers(jobs) for jobs in (0, 1, 4, 1000, None)] == [1, 1, 4, 6, 6]
    monkeypatch.undo()
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")
    assert [usable_workers(jobs) for jobs in (0, 1000, None)] == [1, 1, 1]


@pytest.mark.slow
def test_what_a_killed_worker_had_in_hand_is_done_by_others(tmp_path: Path) -> None:
    jobs = [(str(tmp_path / f"mark-{number // 3}"),) for number in range(6)]
    with Cluster(LOCAL, 2).completed(died_once, jobs) as found:
        assert dict(found) == dict.fromkeys(range(6), "done")


@pytest.mark.slow
def test_a_cluster_lives_scenarios_to_the_same_bits(scenario_folder: Path, anchors: Path) -> None:
    world = {"region": "3471", "households": 2000, "months": 6}
    scenarios = [
        load_scenario(scenario_folder / "apbd-10.yaml", world | {"seed": seed})
        for seed in (1, 2, 3)
    ]

    def lived(who: Executor) -> dict[int, Outcome]:
        with outcomes(scenarios, who) as found:
            return {number: one for number, one in found if isinstance(one, Outcome)}

    here, there = lived(Serial()), lived(Cluster(LOCAL, 2))
    assert set(here) == set(there) == {0, 1, 2}
    for number, one in here.items():
        for name, table in one.figures.items():
            np.testing.assert_array_equal(there[number].figures[name], table, err_msg=name)


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kesos_sim.experiments.executors._PATIENCE", "1s")
    with (
        pytest.raises(InputError) as caught,
        Cluster("tcp://127.0.0.1:9", 2).completed(root, [(1,)]) as found,
    ):
        list(found)
    assert caught.value.field == "--scheduler"
    for lang in ("id", "en"):
        assert "tcp://127.0.0.1:9" in caught.value.text(lang)


@pytest.mark.parametrize("address", ["cluster", "tcp://cluster", "tcp://cluster:port"])
def test_what_is_no_address_is_not_waited_for(address: str) -> None:
    began = time.perf_counter()
    with (
        pytest.raises(InputError) as caught,
        Cluster(address, 2).completed(root, [(1,)]) as found,
    ):
        list(found)
    assert caught.value.code == "KS3030" and address in caught.value.text("en")
    assert time.perf_counter() - began < 20.0


def test_scenarios_travel(small: Scenario) -> None:
    """They are part of every job."""
    with Processes(2).completed(Scenario.document, [(small,), (small,)]) as found:
        assert dict(found) == {0: small.document(), 1: small.document()}


@pytest.mark.slow
@pytest.mark.parametrize(
    "seconds",
    [
        pytest.param(0.2, id="between jobs", marks=pytest.mark.full),
        pytest.param(30.0, id="in the middle of a job"),
    ],
)
def test_a_scheduler_that_dies_is_said_and_what_came_back_stays(
    tmp_path: Path, seconds: float, capfd: pytest.CaptureFixture[str]
) -> None:
    came = []
    with cluster(tmp_path) as (address, scheduler):
        jobs = [(seconds if number else 0.1,) for number in range(20)]
        with (
            pytest.raises(InputError) as caught,
            Cluster(address, 1).completed(waited, jobs) as found,
        ):
            for number, process in found:
                assert isinstance(process, int)
                came.append(number)
                if scheduler.poll() is None:
                    scheduler.kill()
                    scheduler.wait()
    assert came[0] == 0 and len(came) <= 3
    assert caught.value.code == "KS3035"
    for lang in ("id", "en"):
        assert address in caught.value.text(lang)
    assert "Traceback" not in capfd.readouterr().err


def test_a_server_that_says_nothing_is_not_waited_for_long() -> None:
    """For instance the dashboard, whose address is easily taken for the scheduler's."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        began = time.perf_counter()
        with (
            pytest.raises(InputError) as caught,
            Cluster(address, 2).completed(root, [(1,)]) as found,
        ):
            list(found)
    assert caught.value.code == "KS3030" and "dashboard" in caught.value.text("en")
    assert time.perf_counter() - began < 15.0
