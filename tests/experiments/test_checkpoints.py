"""Checkpoints of long runs: found again, never half, never in the way."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kesos_sim.experiments.checkpoints import Checkpoints
from kesos_sim.experiments.run import Run, run
from kesos_sim.model.checkpoint import save_checkpoint
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.state import state_arrays
from kesos_sim.scenario import Scenario, changed
from kesos_sim.units import Month
from tests.model.lives import fingerprint, live

Open = Callable[..., WelfareModel]


class StoppedError(Exception):
    """Somebody pulled the plug."""


def stop_after(months: int) -> Callable[[str, int, int], None]:
    """Return a progress that pulls the plug."""

    def tell(stage: str, done: int, total: int) -> None:
        if stage == "months" and done == months:
            raise StoppedError

    return tell


def same(one: Run, other: Run) -> bool:
    """Whether two runs found the same, to the bit."""
    assert one.books.rupiah.size > 0
    return one.figures.keys() == other.figures.keys() and all(
        np.array_equal(value, other.figures[name], equal_nan=True)
        for name, value in one.figures.items()
    ) and np.array_equal(one.books.rupiah, other.books.rupiah)  # fmt: skip


@pytest.fixture
def said() -> list[tuple[str, Month]]:
    return []


@pytest.fixture
def checkpoints(tmp_path: Path, said: list[tuple[str, Month]]) -> Checkpoints:
    return Checkpoints(tmp_path / "here", 3, lambda *event: said.append(event))


def stopped(scenario: Scenario, checkpoints: Checkpoints, months: int) -> list[Path]:
    """Stop a run on its way, and return what it leaves."""
    with pytest.raises(StoppedError):
        run(scenario, 1, stop_after(months), checkpoints=checkpoints)
    return sorted(checkpoints.folder.iterdir())


@pytest.mark.usefixtures("anchors")
def test_a_stopped_run_goes_on_to_the_same_bits(
    busy: Scenario, checkpoints: Checkpoints, said: list[tuple[str, Month]]
) -> None:
    whole = run(busy, 1)
    assert len(stopped(busy, checkpoints, 8)) == 1
    seen: list[int] = []
    again = run(busy, 2, lambda stage, done, _: seen.append(done) if stage == "months" else None,
                checkpoints=checkpoints)  # fmt: skip
    assert seen == list(range(7, 15))
    assert said == [("resumed", busy.start + 6)]
    assert same(again, whole)
    assert not list(checkpoints.folder.iterdir())


@pytest.mark.usefixtures("anchors")
def test_another_scenario_and_a_fresh_run_begin_at_the_beginning(
    busy: Scenario, checkpoints: Checkpoints, said: list[tuple[str, Month]]
) -> None:
    kept = stopped(busy, checkpoints, 8)
    run(changed(busy, {"months": 3}), 1, checkpoints=checkpoints)
    assert sorted(checkpoints.folder.iterdir()) == kept
    run(busy, 1, fresh=True, checkpoints=checkpoints)
    assert not said


@pytest.mark.slow
@pytest.mark.usefixtures("anchors")
@pytest.mark.parametrize("damage", ["empty", "cut short", "one bit"])
def test_a_damaged_checkpoint_is_no_checkpoint(
    busy: Scenario, checkpoints: Checkpoints, said: list[tuple[str, Month]], damage: str
) -> None:
    (path,) = stopped(busy, checkpoints, 8)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes({"empty": b"", "cut short": content[:-900], "one bit": content}[damage])
    assert same(run(busy, 1, checkpoints=checkpoints), run(busy, 1))
    assert not said
    assert not list(checkpoints.folder.iterdir())


@pytest.mark.usefixtures("anchors")
def test_short_runs_leave_nothing_unless_asked(busy: Scenario, tmp_path: Path) -> None:
    for months in (None, 0):
        run(busy, 1, checkpoints=Checkpoints(tmp_path / "here", months))
        assert not (tmp_path / "here").exists()


@pytest.mark.usefixtures("anchors")
def test_a_folder_that_cannot_be_written_does_not_stop_the_run(
    busy: Scenario, tmp_path: Path, said: list[tuple[str, Month]]
) -> None:
    (tmp_path / "file").write_text("no folder")
    checkpoints = Checkpoints(tmp_path / "file" / "here", 3, lambda *event: said.append(event))
    assert same(run(busy, 1, checkpoints=checkpoints), run(busy, 1))
    assert said == [("unwritable", busy.start + 3)]


@pytest.mark.usefixtures("anchors")
def test_unfinished_files_of_the_dead_are_deleted(busy: Scenario, checkpoints: Checkpoints) -> None:
    checkpoints.folder.mkdir()
    dead, alive = (checkpoints.folder / f"{name}.part" for name in ("dead", "alive"))
    dead.write_bytes(b"half")
    alive.write_bytes(b"half")
    long_ago = time.time() - 3600
    os.utime(dead, (long_ago, long_ago))
    stopped(busy, checkpoints, 1)
    assert alive.exists() and not dead.exists()


def test_the_country_lives_on_from_its_checkpoint(
    busy: Scenario, open_small: Open, tmp_path: Path
) -> None:
    """What is written is all that is restored, array by array."""
    model = live(open_small(busy), 5)
    save_checkpoint(model, tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz") as kept:
        assert set(kept) == {*state_arrays(model), "about"}
    found = Checkpoints(tmp_path, 1)
    (tmp_path / "run.npz").replace(found._file(busy))
    resumed = found.resumed(busy, 1, lambda _: None)
    assert resumed is not None and resumed.month == model.month
    assert fingerprint(live(resumed)) == fingerprint(live(model))
