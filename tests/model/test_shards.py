"""A country shared out over several processes lives as one does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.model.model import WelfareModel
from kesos_sim.model.opening import open_model
from kesos_sim.model.shards import Exchange, Shard, shared_out
from kesos_sim.scenario import Scenario, from_document
from tests.model.lives import fingerprint, live, state

Open = Callable[..., WelfareModel]


class Meeting:
    """Threads of one process that tell each other everything, as processes do over a network."""

    def __init__(self, parts: int) -> None:
        self.said = [b""] * parts
        self.barrier = threading.Barrier(parts, timeout=120)

    def exchange(self, rank: int) -> Exchange:
        def tell(own: bytes) -> list[bytes]:
            self.said[rank] = own
            self.barrier.wait()
            heard = list(self.said)
            self.barrier.wait()
            return heard

        return tell


@pytest.fixture(scope="module")
def provinces(busy: Scenario) -> Scenario:
    """Everything that moves, in three provinces of which one is by far the largest."""
    document = busy.document()
    document["programmes"][0]["region"] = [34, 51]
    levers = {
        "adaptive_cash": {"value": 1.0},
        "pkh_graduation": {"value": 0.1},
        "interprovince_cooperation": {"value": 2},
    }
    return from_document(
        document | {"region": [33, 34, 51], "levers": document["levers"] | levers, "anchor": {}}
    )


def shared(scenario: Scenario, parts: int, threads: int = 1) -> list[WelfareModel]:
    """Live a scenario in several parts."""
    meeting = Meeting(parts)

    def part(rank: int) -> WelfareModel:
        shard = Shard(threads, rank, parts, meeting.exchange(rank))
        return live(open_model(scenario, threads, shard=shard))

    with ThreadPoolExecutor(parts) as pool:
        return list(pool.map(part, range(parts)))


@pytest.mark.slow
@pytest.mark.parametrize(("parts", "threads", "sampled"), [(2, 1, False), (3, 2, True)])
def test_shared_out_or_not_the_bits_are_the_same(
    provinces: Scenario, open_small: Open, burning_in: None, parts: int, threads: int, sampled: bool
) -> None:
    """Also where the anchor is one of a sample, and each process fits its own strata."""
    if sampled:
        half = {"model.anchor_sample": provinces.households / 2.0}
        provinces = replace(provinces, parameters=half)
    whole = live(open_small(provinces))
    expected, arrays = fingerprint(whole), state(whole)
    for model in shared(provinces, parts, threads):
        found, own = fingerprint(model), state(model)
        other = {name for name, print_ in found.items() if print_ != expected[name]}
        assert found.keys() == expected.keys()
        of_households = {name for name, array in arrays.items() if name.startswith("households.")}
        inside = (
            "empowering.enterprise", "empowering.started", "empowering.left", "hazards.felt",
            "serving.cases.", "serving.orsos.place_",
        )  # fmt: skip
        assert {name for name in other - of_households if not name.startswith(inside)} == set()
        team = model.world.team
        assert isinstance(team, Shard) and team.exchanges > 100
        mine = np.repeat(
            team._owner["stratum"] == team.rank, np.diff(model.world.layout.stratum_start)
        )
        assert 0 < mine.sum() < mine.size
        for name in of_households:
            assert np.array_equal(own[name][mine], arrays[name][mine]), name


@given(load=st.lists(st.integers(1, 10**7), min_size=4, max_size=40), parts=st.integers(1, 4))
def test_everybody_has_something_to_do_and_nobody_much_more(load: list[int], parts: int) -> None:
    each = np.bincount(shared_out(np.array(load), parts), load, parts)
    assert each.min() > 0
    assert each.max() <= sum(load) / parts + max(load)


def test_more_parts_than_provinces_are_refused(small: Scenario) -> None:
    with pytest.raises(ValueError, match="1 provinces for 2"):
        open_model(small, 1, shard=Shard(1, 0, 2, lambda own: [own, own]))
