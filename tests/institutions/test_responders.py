"""Teams go out after a disaster, and what they double follows from who they are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.data.parameters import parameter_table
from kesos_sim.institutions.responders import Responders, deal
from tests.institutions.conftest import places_of

PLACES = places_of("mpu")
N = PLACES.codes.size
ASLEEP, AWAKE = np.zeros(N, bool), np.ones(N, bool)


def parameter(**changes: float) -> Callable[[str], float]:
    """Values of the table, some of the disasters' changed."""
    table = parameter_table()
    own = {f"hazard.{name}": value for name, value in changes.items() if name != "strength"}
    own["coordination.task_force.strength"] = changes.get("strength", 0.3)
    return lambda name: own[name] if name in own else table[name].value


def flood(times: float, **changes: float) -> tuple[Responders, np.ndarray]:
    """Return teams, and some times as many people as the volunteers of each district can visit."""
    teams = Responders(PLACES, parameter(**changes))
    return teams, np.rint(times * teams.own).astype(np.int64)


@given(data=st.data(), sizes=st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_what_is_dealt_adds_up_and_nobody_gets_more_than_wanted(
    data: st.DataObject, sizes: list[int]
) -> None:
    counts = st.integers(0, 10**6)
    wanted = np.array(data.draw(st.lists(counts, min_size=sum(sizes), max_size=sum(sizes))))
    first = np.cumsum([0, *sizes[:-1]])
    total = np.add.reduceat(wanted, first)
    amount = np.array([data.draw(st.integers(0, int(most))) for most in total])
    parts = deal(amount, wanted, first)
    np.testing.assert_array_equal(np.add.reduceat(parts, first), amount)
    assert np.all((parts >= 0) & (parts <= wanted))
    exact = np.repeat(amount / np.maximum(total, 1), sizes) * wanted
    assert np.all(np.abs(parts - exact) < 1.0)


def test_the_own_volunteers_reach_all_where_they_are_enough() -> None:
    teams, people = flood(0.9)
    reached, visits = teams.go(people, ASLEEP)
    np.testing.assert_array_equal(reached, people)
    np.testing.assert_array_equal(visits, people)


def test_beyond_them_teams_double_what_a_list_saves() -> None:
    def went(strength: float, awake: np.ndarray = AWAKE) -> tuple[np.ndarray, np.ndarray]:
        teams, people = flood(6.0, strength=strength)
        reached, visits = teams.go(people, awake)
        assert np.all(teams.own < reached) and np.all(reached <= people)
        return reached, visits

    (alone, visits), (half, _), (listed, without) = went(0.0), went(0.5), went(1.0)
    assert np.all(alone < visits)
    assert np.all(alone < half) and np.all(half < listed)
    np.testing.assert_allclose(listed, without, atol=1)
    for one, other in zip((alone, visits), went(1.0, ASLEEP), strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_is_doubled_follows_from_hands_over_people_and_visibility() -> None:
    def doubled(times: float, **changes: float) -> float:
        teams, people = flood(times, **changes)
        reached, visits = teams.go(people, ASLEEP)
        return 1.0 - reached.sum() / visits.sum()

    assert doubled(1.5) > doubled(4.0) > doubled(40.0) > 0.0
    assert doubled(4.0, visibility_spread=1.8) > doubled(4.0, visibility_spread=0.0)
    assert doubled(4.0) > doubled(4.0, organisation_volunteers=0.0) == 0.0


def test_where_all_are_seen_alike_it_is_random_search() -> None:
    teams, people = flood(4.0, visibility_spread=0.0)
    reached, _ = teams.go(people, ASLEEP)
    missed = (1.0 - teams.own / people) * (1.0 - teams.organisation / people) ** 6
    np.testing.assert_allclose(reached, people * (1.0 - missed), atol=1)


def test_work_on_a_queue_is_doubled_in_the_same_way() -> None:
    teams = Responders(PLACES, parameter(visibility_spread=0.0))
    work = np.array([[0.4], [0.1]]) * np.ones(N)
    found = teams.useful(work, ASLEEP)
    for stage, share in enumerate((0.4, 0.1)):
        expected = 1.0 - (1.0 - share / 2.0) * (1.0 - share / 12.0) ** 6
        np.testing.assert_allclose(found[stage], expected, atol=1e-5)
    some = teams.useful(work, np.arange(N) % 2 == 1)
    assert np.all(some[:, 1::2] > some[:, :1]) and some[0, 0] == found[0, 0]
    listed = Responders(PLACES, parameter(strength=1.0)).useful(work, AWAKE)
    np.testing.assert_allclose(listed, work, rtol=1e-9)
