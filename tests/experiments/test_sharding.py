"""One run on several workers of a Dask cluster."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from kesos_sim.errors import KesosError
from kesos_sim.experiments.executors import LOCAL, Cluster
from kesos_sim.experiments.run import run
from kesos_sim.experiments.sharding import run_sharded
from kesos_sim.experiments.store import Store
from kesos_sim.scenario import Scenario, changed, load_scenario

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def reform(scenario_folder: object) -> Scenario:
    """Point 4 in three provinces."""
    world = {"region": "34,51,75", "households": 6000, "months": 13}
    return load_scenario(f"{scenario_folder}/apbd-apbn-10.yaml", world)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A scheduler and two workers, as somebody would start them."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as own:
        yield Cluster(own.scheduler_address)


@pytest.mark.full
@pytest.mark.usefixtures("anchors")
def test_regions_add_up_to_the_same_bits_in_a_worker(reform: Scenario, cluster: Cluster) -> None:
    """Libraries of linear algebra have one thread there and several here."""
    country = changed(reform, {"region": "indonesia", "households": 20_000, "months": 36})
    found, _ = run_sharded(country, cluster)
    for name, values in run(country, 2).figures.items():
        assert np.array_equal(values, found.figures[name], equal_nan=True), name


@pytest.mark.slow
@pytest.mark.usefixtures("anchors")
def test_two_workers_find_the_same_bits(
    reform: Scenario, cluster: Cluster, tmp_path: object
) -> None:
    whole, store = run(reform, 1), Store(f"{tmp_path}/store")
    seen: set[tuple[str, int, int]] = set()
    found = run(reform, 1, lambda *how: seen.add(how), cluster=cluster, store=store)
    assert found.figures.keys() == whole.figures.keys()
    for name, values in whole.figures.items():
        assert np.array_equal(values, found.figures[name], equal_nan=True), name
    assert np.array_equal(whole.books.rupiah, found.books.rupiah)
    assert whole.ledger().equals(found.ledger())
    assert {("months", month, 13) for month in range(1, 13)} <= seen
    again = run(reform, 1, lambda *how: pytest.fail("lived again"), store=store)
    assert again.created == found.created


@pytest.mark.slow
@pytest.mark.usefixtures("anchors")
def test_workers_tell_each_other_districts_and_not_households(
    reform: Scenario, cluster: Cluster
) -> None:
    _, parts = run_sharded(reform, cluster)
    assert [part.run is None for part in parts] == [False, True]
    _, larger = run_sharded(changed(reform, {"households": 12_000}), cluster)
    months = 36 + reform.months
    for few, many in zip(parts, larger, strict=True):
        assert few.exchanges == many.exchanges < 16 * months
        # Apart from the composition of all households, told once, nothing grows with their number.
        assert many.told - few.told == pytest.approx(4 * 3000, rel=0.2)


@pytest.mark.usefixtures("anchors")
def test_a_province_cannot_be_shared(reform: Scenario, cluster: Cluster) -> None:
    one = changed(reform, {"region": "34", "months": 1})
    found, parts = run_sharded(one, cluster)
    assert len(parts) == 1
    assert np.array_equal(found.figures["poverty_rate"], run(one, 1).figures["poverty_rate"])


@pytest.mark.slow
@pytest.mark.usefixtures("anchors")
def test_a_lost_worker_ends_the_run_and_is_named(reform: Scenario) -> None:
    long = changed(reform, {"months": 120})
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as own:
        victims: list[int] = []

        def kill(stage: str, done: int, total: int) -> None:
            if stage == "months" and done == 2 and not victims:
                victims.append(own.workers[1].pid)
                threading.Thread(target=os.kill, args=(victims[0], signal.SIGKILL)).start()

        began = time.monotonic()
        with pytest.raises(KesosError) as caught:
            run_sharded(long, Cluster(own.scheduler_address), kill)
        assert caught.value.code == "KS3039"
        assert victims and time.monotonic() - began < 120


@pytest.mark.slow
@pytest.mark.usefixtures("anchors")
def test_a_local_cluster_comes_and_goes(reform: Scenario) -> None:
    short = changed(reform, {"months": 2})
    _, parts = run_sharded(short, Cluster(LOCAL, 2))
    assert len(parts) == 2
