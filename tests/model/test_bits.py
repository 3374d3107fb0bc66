"""Same seed, same bits: threads, chunks, blocks, and a stop in the middle change nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kesos_sim.errors import InputError
from kesos_sim.kernels.households import BLOCK
from kesos_sim.model.checkpoint import load_checkpoint, save_checkpoint
from kesos_sim.model.model import WelfareModel
from kesos_sim.population.households import Layout
from kesos_sim.scenario import Scenario, changed
from tests.model.lives import fingerprint, live

MONTHS = 14
Open = Callable[..., WelfareModel]


@pytest.fixture(scope="module")
def reference(busy: Scenario, open_small: Open) -> dict[str, str]:
    return fingerprint(live(open_small(busy)))


def cut_into(patch: pytest.MonkeyPatch, n_chunks: int, block: int) -> None:
    """Let every layout have these chunks and blocks."""
    whole = Layout.build.__func__

    def build(cls, counts, district, chunks, size=BLOCK, cuts=()):
        return whole(cls, counts, district, n_chunks, block, cuts)

    patch.setattr(Layout, "build", classmethod(build))


def test_the_same_run_twice(busy: Scenario, open_small: Open, reference: dict[str, str]) -> None:
    assert fingerprint(live(open_small(busy))) == reference


@pytest.mark.usefixtures("burning_in")
def test_two_threads(busy: Scenario, open_small: Open, reference: dict[str, str]) -> None:
    assert fingerprint(live(open_small(busy, 2))) == reference


@pytest.mark.slow
@pytest.mark.usefixtures("burning_in")
@pytest.mark.parametrize(("n_chunks", "block"), [(1, BLOCK), (8, 300), (3, 64), (8, 7)])
def test_chunks_and_blocks(
    busy: Scenario,
    open_small: Open,
    reference: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    n_chunks: int,
    block: int,
) -> None:
    cut_into(monkeypatch, n_chunks, block)
    model = open_small(busy)
    assert model.world.layout.chunk_start.size == 1 + n_chunks
    assert int((model.world.layout.block_stop - model.world.layout.block_start).max()) <= block
    assert fingerprint(live(model)) == reference


def test_the_anchor_is_solved_to_the_same_bits(
    busy: Scenario, open_small: Open, reference: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Solving it anew on other threads, chunks and blocks gives the world that was stored."""
    cut_into(monkeypatch, 5, 100)
    assert fingerprint(live(open_small(busy, 2, fresh=True))) == reference


@pytest.mark.slow
def test_other_seeds_are_other_worlds(
    busy: Scenario, open_small: Open, reference: dict[str, str]
) -> None:
    other = fingerprint(live(open_small(changed(busy, {"seed": 2009}))))
    assert other["households.welfare"] != reference["households.welfare"]
    assert other["observer.sums"] != reference["observer.sums"]


@pytest.mark.parametrize("stop", [1, 3, 9])
def test_a_stop_in_the_middle(
    busy: Scenario, open_small: Open, reference: dict[str, str], tmp_path: Path, stop: int
) -> None:
    path = tmp_path / "run.npz"
    save_checkpoint(live(open_small(busy), stop), path)
    assert [kept.name for kept in tmp_path.iterdir()] == [path.name]
    assert fingerprint(live(load_checkpoint(open_small(busy), path))) == reference


def test_a_checkpoint_of_another_scenario_is_refused(
    busy: Scenario, small: Scenario, open_small: Open, tmp_path: Path
) -> None:
    path = tmp_path / "run.npz"
    save_checkpoint(live(open_small(small), 1), path)
    with pytest.raises(InputError):
        load_checkpoint(open_small(busy), path)


@pytest.mark.parametrize("damage", ["empty", "text", "cut short", "missing"])
def test_a_damaged_checkpoint_is_refused(
    small: Scenario, open_small: Open, tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "run.npz"
    model = open_small(small)
    save_checkpoint(live(model, 1), path)
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(
            {"empty": b"", "text": b"no checkpoint", "cut short": content[:-900]}[damage]
        )
    with pytest.raises(InputError):
        load_checkpoint(model, path)
