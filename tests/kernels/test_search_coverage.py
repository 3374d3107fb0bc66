"""Nothing says how much help is doubled: what follows from search alone, against closed forms."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from kesos_sim.kernels.cases import LEFT_HOME
from kesos_sim.kernels.places import EMPTY, MEMBER
from tests.kernels import towns as town
from tests.kernels.search_twins import Field, field_of
from tests.kernels.services import BOTH, KINDS, find, full, hold, with_places

F = np.float32


def served(own: Field, seeds: int, n: int = 1000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return clients of each organisation, clients served, and counts, for every seed."""
    village, state = full(n // 10, 10, 0)
    holds, distinct, counts = [], [], []
    for seed in range(seeds):
        now = with_places(town.copied(state), own)
        found = find(replace(village, key=np.uint32(seed * 7919 + 1)), own, now, 1)
        taken = now["place_case"] != EMPTY
        holds.append(np.add.reduceat(taken, own.place_start[:-1]))
        distinct.append(now["served"].sum())
        counts.append(found[0])
    return np.array(holds), np.array(distinct), np.array(counts)


def assert_mean(misses: np.ndarray) -> None:
    """The mean of misses is zero within what their spread allows."""
    assert misses.std() > 0
    assert abs(misses.mean()) < 4.5 * misses.std() / np.sqrt(misses.size)


@pytest.mark.parametrize(
    "places",
    [[50] * 10, [10] * 100, [200, 100, 50, 25, 12, 6, 3], [3] * 40],
    ids=["large", "many", "uneven", "few"],
)
def test_blind_search_covers_as_many_as_chance_does(places):
    """N (1 - prod(1 - k / N)) of N clients, when all are seen alike and nothing is exchanged."""
    n, own = 1000, field_of(np.array(places))
    holds, distinct, counts = served(own, 200, n)
    assert holds.sum() > 0.99 * 200 * sum(places)
    expected = n * (1.0 - np.prod(1.0 - holds / n, axis=1))
    assert_mean(distinct - expected)
    np.testing.assert_array_equal(counts[:, 0] - counts[:, 1], distinct)


def doubled_share(own: Field, seeds: int = 60, n: int = 1000) -> tuple[float, float]:
    """Return places over clients served less one, and the error of its mean."""
    holds, distinct, _ = served(own, seeds, n)
    share = holds.sum(axis=1) / distinct - 1.0
    return float(share.mean()), float(share.std() / np.sqrt(seeds))


@pytest.mark.parametrize("what", ["capacity", "spread"])
def test_help_is_doubled_more_with(what):
    """More places for the same need, and the more some people are seen before others."""
    steps = (
        [field_of(np.full(k, 20)) for k in (5, 15, 45)]
        if what == "capacity"
        else [field_of(np.full(15, 20), spread=F(s)) for s in (0.0, 0.8, 1.8)]
    )
    shares = [doubled_share(own) for own in steps]
    for (less, one), (more, other) in pairwise(shares):
        assert more - less > 4.5 * np.hypot(one, other)


def test_a_list_that_all_look_into_doubles_nothing():
    """As long as there are people enough: half the need, and seen people are not seen again."""
    own = field_of(np.full(25, 20), state=np.full(25, BOTH), shared_list=np.ones(1, F), spread=F(1))
    holds, distinct, counts = served(own, 20)
    assert not counts[:, 1].any()
    assert counts[:, 2].min() > 0
    np.testing.assert_array_equal(holds.sum(axis=1), distinct)
    assert distinct.min() > 0.9 * 500


def test_people_who_are_sent_had_nobody():
    own = field_of(np.full(25, 20), state=np.full(25, BOTH), routing=np.ones(1, F), spread=F(1))
    _, distinct, counts = served(own, 20)
    assert not counts[:, 1].any()
    for column in (3, 4):
        np.testing.assert_array_equal(counts[:, column], counts[:, 0])
    assert distinct.min() > 0.95 * 500


def test_who_does_not_work_finds_nobody():
    own = field_of(np.full(5, 20), state=np.full(5, MEMBER))
    _, distinct, counts = served(own, 3)
    assert not distinct.any()
    assert not counts.any()


@pytest.mark.parametrize("effort", [0.1, 0.6])
def test_organisations_look_as_often_as_their_effort_says(effort):
    holds, _, _ = served(field_of(np.full(10, 20), effort=F(effort)), 60)
    n = 60 * 200
    assert abs(holds.sum() - n * effort) < 4.5 * np.sqrt(n * effort * (1 - effort))


@pytest.mark.parametrize(("finish", "success"), [(0.1, 0.5), (0.5, 1.0), (0.3, 0.0)])
def test_services_end_and_help_as_often_as_their_chances_say(finish, success):
    """With one organisation nobody is served twice, so every end can help."""
    own = field_of(np.array([900]))
    village, state = full(100, 10, 0)
    n = ended = well = 0
    for month in range(12):
        now = with_places(town.copied(state), own)
        find(village, own, now, month)
        before = int((now["place_case"] != EMPTY).sum())
        helped, _ = hold(
            village, own, now, month, np.full(KINDS, finish, F), np.full((2, KINDS), success, F)
        )
        kept = int((now["place_case"] != EMPTY).sum())
        n, ended, well = n + before, ended + before - kept, well + int(helped[:, 0].sum())
    assert n > 9000
    assert abs(ended - n * finish) < 4.5 * np.sqrt(n * finish * (1 - finish))
    error = 4.5 * np.sqrt(ended * success * (1 - success))
    assert abs(well - ended * success) <= error


def test_the_last_who_lets_go_decides():
    """A client whom several serve keeps the need until nobody serves any more."""
    own = field_of(np.full(60, 40))
    village, state = full(100, 10, 0)
    now = with_places(state, own)
    find(village, own, now, 1)
    before = now["servers"].copy()
    assert np.any(before > 1)
    half, one = np.full(KINDS, 0.5, F), np.ones((2, KINDS), F)
    hold(village, own, now, 2, half, one)
    taken = now["place_case"] != EMPTY
    client = now["case_client"][now["place_case"][taken]] + now["place_number"][taken]
    left = np.bincount(client, minlength=before.size)
    np.testing.assert_array_equal(now["servers"] == LEFT_HOME, (before > 0) & (left == 0))


@pytest.mark.parametrize("unit", [2, 5])
def test_clients_taken_together_are_doubled_as_often(unit):
    """A fifth of the clients and of the places: the same share, with more noise."""
    one, error = doubled_share(field_of(np.full(15, 20)))
    share, coarse = doubled_share(field_of(np.full(15, 20 // unit)), n=1000 // unit)
    assert one > 0.1
    assert abs(one - share) < 4.5 * np.hypot(error, coarse)
