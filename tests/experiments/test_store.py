"""The store: what is kept comes back whole, whoever else writes, whatever is killed or damaged."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kesos_sim.errors import InputError
from kesos_sim.experiments.store import DONE, FAILED, Entry, Store, identity
from kesos_sim.scenario import Scenario, changed

KIND = "run"


def writing(text: str):
    def write(folder: Path) -> None:
        (folder / "a.txt").write_text(text)
        (folder / "b.txt").write_text(text[::-1])

    return write


def kept(store: Store, scenario: Scenario, text: str = "figures") -> str:
    store.keep(Entry.of(scenario, KIND, seconds=1.5), writing(text))
    return identity(scenario, KIND)


def test_what_is_kept_comes_back(small: Scenario, tmp_path: Path) -> None:
    store = Store(tmp_path / "deep" / "store")
    key = kept(store, small)
    folder = Store(tmp_path / "deep" / "store").find(key)
    assert folder is not None
    assert (folder / "a.txt").read_text() == "figures"
    entry = store.entry(key)
    assert entry is not None
    assert (entry.state, entry.seed, entry.households) == (DONE, small.seed, small.households)
    assert (entry.size, entry.seconds) == (14, 1.5)
    assert store.entries() == (entry,)


def test_another_question_is_another_run(small: Scenario, tmp_path: Path) -> None:
    """Seed, sizes, decisions, parameters and what is kept; the name alone is none."""
    other = [
        replace(small, seed=small.seed + 1),
        replace(small, months=small.months + 1),
        replace(small, parameters={"registry.truth": 0.5}),
        changed(small, {"levers.apbd_poverty_share.value": 0.1}),
    ]
    keys = {identity(one, KIND) for one in (small, *other)} | {identity(small, "outcome")}
    assert len(keys) == 6
    assert identity(replace(small, name="other"), KIND) == identity(small, KIND)


def test_other_code_or_data_is_another_run(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {identity(small, KIND)}
    for name in ("code_hash", "data_hash"):
        with monkeypatch.context() as patch:
            patch.setattr(f"kesos_sim.experiments.store.{name}", lambda: "0" * 64)
            keys.add(identity(small, KIND))
    assert len(keys) == 3


@pytest.mark.parametrize("damage", ["cut", "changed", "missing", "more", "gone"])
def test_what_was_damaged_is_forgotten(small: Scenario, tmp_path: Path, damage: str) -> None:
    store = Store(tmp_path)
    key = kept(store, small)
    folder = store.find(key)
    assert folder is not None
    if damage == "gone":
        shutil.rmtree(folder)
    elif damage == "missing":
        (folder / "a.txt").unlink()
    elif damage == "more":
        (folder / "c.txt").touch()
    else:
        (folder / "a.txt").write_text({"cut": "fig", "changed": "figurez"}[damage])
    assert store.find(key) is None
    assert store.entries() == ()
    kept(store, small, "new")
    found = store.find(key)
    assert found is not None and (found / "a.txt").read_text() == "new"


@pytest.mark.parametrize("damage", ["gone", "rubbish"])
def test_an_index_is_made_again_from_the_folders(
    small: Scenario, tmp_path: Path, damage: str
) -> None:
    store = Store(tmp_path)
    key = kept(store, small)
    before = store.entries()
    for path in tmp_path.glob("index.sqlite*"):
        path.unlink()
    if damage == "rubbish":
        (tmp_path / "index.sqlite").write_bytes(b"this is no database at all" * 100)
    again = Store(tmp_path)
    assert again.entries() == before
    assert again.find(key) is not None


def test_what_cannot_be_written_leaves_nothing(small: Scenario, tmp_path: Path) -> None:
    store = Store(tmp_path)

    def full(folder: Path) -> None:
        (folder / "a.txt").write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError) as caught:
        store.keep(Entry.of(small, KIND), full)
    assert str(tmp_path) in caught.value.text("id") and "KESOS_STORE" in caught.value.text("en")
    assert store.entries() == ()
    assert not [path for path in (tmp_path / "runs").rglob("*") if path.is_file()]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file"):
        Store(tmp_path / "file" / "store")


def test_a_failure_has_its_cause_and_gives_way(small: Scenario, tmp_path: Path) -> None:
    store = Store(tmp_path)
    failed = Entry.of(small, KIND, FAILED, "out of memory")
    store.fail(failed)
    assert store.find(failed.key) is None
    assert store.entries() == (failed,)
    kept(store, small)
    store.fail(failed)
    (entry,) = store.entries()
    assert entry.state == DONE
    assert store.find(entry.key) is not None


def _keep_many(folder: str, scenario: Scenario, seeds: range) -> None:
    store = Store(folder)
    for seed in seeds:
        kept(store, replace(scenario, seed=seed), f"seed {seed}")


@pytest.mark.slow
def test_processes_share_a_store(small: Scenario, tmp_path: Path) -> None:
    """Some runs are of one process, some of both at once."""
    begin = multiprocessing.get_context("spawn").Process
    both = [
        begin(target=_keep_many, args=(str(tmp_path), small, seeds))
        for seeds in (range(30), range(20, 50))
    ]
    for process in both:
        process.start()
    for process in both:
        process.join()
        assert process.exitcode == 0
    store = Store(tmp_path)
    assert sorted(entry.seed for entry in store.entries()) == list(range(50))
    for entry in store.entries():
        folder = store.find(entry.key)
        assert folder is not None
        assert (folder / "a.txt").read_text() == f"seed {entry.seed}"
    assert not list((tmp_path / "runs").glob("*.part"))


KILLED = """
import sys
from dataclasses import replace
from kesos_sim.experiments.store import Store
from kesos_sim.scenario import load_scenario
sys.path.insert(0, sys.argv[3])
from tests.experiments.test_store import kept
small, store = load_scenario(sys.argv[1]), Store(sys.argv[2])
for seed in range(100_000):
    kept(store, replace(small, seed=seed), "x" * 200_000)
    print(seed, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.0, 0.013, 0.029])
def test_a_kill_at_any_moment_loses_no_finished_run(
    scenario_folder: Path, tmp_path: Path, after: float
) -> None:
    words = [sys.executable, "-c", KILLED, str(scenario_folder / "baseline.yaml"), str(tmp_path)]
    here = str(Path(__file__).parents[2])
    with subprocess.Popen([*words, here], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(5):
            last = int(process.stdout.readline())
        time.sleep(after)
        os.kill(process.pid, signal.SIGKILL)
        last = max([last, *map(int, process.stdout.read().split())])
    store = Store(tmp_path)
    entries = store.entries()
    seeds = sorted(entry.seed for entry in entries)
    assert seeds in (list(range(last + 1)), list(range(last + 2)))
    assert all(store.find(entry.key) for entry in entries)
    store.clear_parts(0.0)
    folders = {path.name for path in (tmp_path / "runs").glob("*/*")}
    assert {entry.key for entry in entries} <= folders
    assert len(folders) <= len(entries) + 1
    assert not list((tmp_path / "runs").glob("*.part"))


def test_readers_do_not_wait_for_a_writer(small: Scenario, tmp_path: Path) -> None:
    store = Store(tmp_path)
    kept(store, small)
    with sqlite3.connect(tmp_path / "index.sqlite", isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert len(store.entries()) == 1
        writer.execute("ROLLBACK")


def test_what_was_used_longest_ago_makes_way(
    small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As much as need be and a little more; what fits stays untouched."""
    store = Store(tmp_path)
    keys = [kept(store, replace(small, seed=seed)) for seed in range(10)]
    for place, key in enumerate(keys):
        folder = store.find(key)
        assert folder is not None
        # The third was used last.
        stamp = 1e9 + (100 if place == 2 else place)
        os.utime(folder, (stamp, stamp))
    assert store.make_room(140) == 0
    monkeypatch.setattr("kesos_sim.experiments.store._MOST_BYTES", 100)
    monkeypatch.setenv("KESOS_STORE", str(tmp_path))
    left = {entry.key for entry in Store.default().entries()}
    assert left == {keys[2], *keys[6:]}


def test_removed_runs_and_their_files_are_gone(small: Scenario, tmp_path: Path) -> None:
    store = Store(tmp_path)
    keys = [kept(store, replace(small, seed=seed)) for seed in range(3)]
    assert store.remove([keys[0], keys[2], "no such key"]) == 2
    assert [entry.key for entry in store.entries()] == [keys[1]]
    assert not [p for p in (tmp_path / "runs").rglob("a.txt") if p.parent.name != keys[1]]
