"""A small build from end to end: resumed, kept where nothing changed, whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from kesos_sim.emulator import load_surface
from kesos_sim.emulator.build import FAMILIES, SURFACE, build, lived
from kesos_sim.emulator.lives import Lived, live
from kesos_sim.emulator.question import Life
from kesos_sim.emulator.sample import Sample
from kesos_sim.errors import InputError
from kesos_sim.experiments.executors import Cluster, Serial
from kesos_sim.experiments.store import DONE, Store
from kesos_sim.scenario import Scenario
from tests.experiments.clusters import cluster

SMALL = Sample(worlds=8, packages=6, idle=2, shocks=1, shocked=1, households=2000)


def test_lives_that_fail_are_no_surface(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(scenario: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr("kesos_sim.emulator.lives.live", broken)
    with pytest.raises(InputError, match="KS9204"):
        lived([Life(1), Life(2)], 2000, Serial())


@pytest.mark.full
def test_small_build_is_resumed_and_renewed(tmp_path: Path, anchors: Path) -> None:
    store, asked = Store(tmp_path / "store"), SMALL.lives()
    lived(asked[:9], SMALL.households, Serial(), store)  # a build that was stopped
    began: list[str] = []
    document = build(SMALL, tmp_path, Serial(), store, lambda stage, *_: began.append(stage))
    assert set(began) >= {"lives", "fitting", "families"}
    assert document["made"]["runs"] == len(asked)
    surface = load_surface(tmp_path / SURFACE)
    assert surface.stale() == ()
    answer = surface.answer({"apbd_poverty_share": 0.1})
    assert answer["outcomes"]["poverty_rate"]["change"][-1][1] < 0.0
    assert json.loads((tmp_path / FAMILIES).read_text())["families"]
    # Code that changes no figure renews the note of versions only.
    kept = json.loads((tmp_path / SURFACE).read_text())
    kept["made"]["code"] = "another"
    (tmp_path / SURFACE).write_text(json.dumps(kept))
    families = (tmp_path / FAMILIES).read_text()
    (tmp_path / FAMILIES).write_text("{}")
    again = build(SMALL, tmp_path, Serial(), store)
    assert (tmp_path / FAMILIES).read_text() == families
    assert again["made"]["code"] == document["made"]["code"]
    assert again["tables"] == kept["tables"]


@pytest.mark.slow
def test_a_cluster_lives_the_sample_to_the_same_bits(tmp_path: Path) -> None:
    """What a surface is fitted to does not depend on who computes, so neither does the surface."""
    asked = SMALL.lives()[:4]
    here = lived(asked, SMALL.households, Serial())
    with cluster(tmp_path, workers=2) as (address, _):
        there = lived(asked, SMALL.households, Cluster(address, 2))
    assert set(here) == set(there) == set(asked)
    for life, one in here.items():
        assert there[life].places == one.places
        for name in ("years", "welfare", "people", "place"):
            np.testing.assert_array_equal(
                getattr(there[life], name), getattr(one, name), err_msg=name, strict=True
            )


def test_lives_come_in_the_order_of_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is ready first is luck; the last digits of a fit would follow it."""

    @contextmanager
    def backwards(asked: Sequence[Life], *_: object) -> Iterator[Iterator[tuple[int, str]]]:
        yield iter([(n, str(life)) for n, life in enumerate(asked)][::-1])

    monkeypatch.setattr("kesos_sim.emulator.build.live_all", backwards)
    asked = SMALL.lives()
    assert list(lived(asked, 2000, Serial())) == list(asked)


@pytest.mark.full
def test_a_surface_that_a_cluster_builds_is_the_serial_one(tmp_path: Path) -> None:
    here = build(SMALL, tmp_path / "here", Serial())
    with cluster(tmp_path, workers=2) as (address, _):
        there = build(SMALL, tmp_path / "there", Cluster(address, 2))
    for document in (here, there):
        for moving in ("on", "seconds_of_lives"):
            document["made"].pop(moving)
    assert here == there
    families = [(tmp_path / name / FAMILIES).read_bytes() for name in ("here", "there")]
    assert families[0] == families[1]


@pytest.mark.slow
def test_a_killed_build_is_taken_up_without_living_a_life_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = Sample(worlds=8, packages=6, households=2000)
    store = Store(tmp_path / "store")
    words = ["emulator", "build", "--worlds", "8", "--packages", "6", "--households", "2000",
             "--workers", "1", "--out", str(tmp_path)]  # fmt: skip
    killed = subprocess.Popen(
        [sys.executable, "-c", "import sys; from kesos_sim.cli import main; main(sys.argv[1:])",
         *words],
        env=os.environ | {"KESOS_STORE": str(store.folder)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 120
    while len(store.entries()) < 2:
        assert killed.poll() is None and time.monotonic() < until
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    finished = sum(one.state == DONE for one in store.entries())
    assert finished >= 2
    begun: list[Scenario] = []

    def counted(scenario: Scenario) -> Lived:
        begun.append(scenario)
        return live(scenario)

    monkeypatch.setattr("kesos_sim.emulator.lives.live", counted)
    asked = sample.lives()[: finished + 1]
    assert set(lived(asked, sample.households, Serial(), store)) == set(asked)
    assert len(begun) == 1, "what was finished is read, not lived again"
    assert lived(asked, sample.households, Serial(), store) and len(begun) == 1
