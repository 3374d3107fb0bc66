"""Teams that look for people find as many as an independent simulation, and double as many."""

from __future__ import annotations

from math import exp, prod
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kesos_sim.kernels.visits import visit

FLAT = np.ones(1)
HANDS = st.lists(st.floats(0.0, 90.0), min_size=1, max_size=6)


def levels(spread: float, number: int = 20) -> NDArray[np.float64]:
    """Return levels of visibility, as many people on each."""
    scores = [NormalDist().inv_cdf((level + 0.5) / number) for level in range(number)]
    return np.exp(spread * np.array(scores))


def search(
    people: float,
    hands: list[float],
    checked: float = 0.0,
    visibility: NDArray[np.float64] = FLAT,
    before: float = 0.0,
) -> tuple[float, float]:
    """Return whom the teams of one place have helped, and their visits."""
    helped, spent = np.array([before]), np.full(1, np.nan)
    visit(np.array([people]), np.array([hands]), np.array([checked]), visibility, helped, spent)
    return float(helped[0]), float(spent[0])


@given(hands=HANDS)
def test_where_all_are_seen_alike_it_is_random_search(hands: list[float]) -> None:
    """Nobody checks: a person stays without help with the product of the teams' chances."""
    helped, spent = search(100.0, hands)
    missed = prod(1.0 - of / 100.0 for of in hands)
    assert helped == pytest.approx(100.0 * (1.0 - missed), rel=1e-9, abs=1e-9)
    assert spent == pytest.approx(sum(hands), rel=1e-12)


def test_many_small_teams_come_to_the_closed_form_of_occupancy() -> None:
    """Hands over people of x in teams of one each: a share 1 - exp(-x) is reached."""
    for x in (0.5, 1.0, 3.0):
        helped, _ = search(1000.0, [1.0] * round(1000 * x))
        assert helped / 1000.0 == pytest.approx(1.0 - exp(-x), abs=5e-4)


@settings(deadline=None)
@given(
    hands=HANDS,
    checked=st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]),
    spread=st.floats(0.0, 1.8),
    before=st.floats(0.0, 100.0),
)
def test_hands_and_people_bound_it_and_checks_only_help(
    hands: list[float], checked: float, spread: float, before: float
) -> None:
    seen = levels(spread)
    helped, spent = search(100.0, hands, checked, seen, before)
    assert before <= helped <= min(100.0, before + spent) + 1e-9
    assert spent <= sum(hands) + 1e-9
    less, _ = search(100.0, hands, 0.5 * checked, seen, before)
    assert helped >= less - 1e-9
    more, _ = search(100.0, [*hands, 10.0], checked, seen, before)
    assert more >= helped - 1e-9
    if checked == 1.0:
        assert helped == pytest.approx(min(100.0, before + sum(hands)), rel=1e-9)


def test_where_nobody_was_hit_nobody_is_visited() -> None:
    assert search(0.0, [30.0, 5.0], 0.5) == (0.0, 0.0)


def test_who_does_not_check_visits_people_who_all_have_help() -> None:
    assert search(100.0, [30.0, 5.0], before=100.0) == (100.0, 35.0)


@pytest.mark.parametrize("checked", [0.0, 0.3, 0.8, 1.0])
def test_a_list_spares_work_where_hands_are_enough_for_all_too(checked: float) -> None:
    """The second team visits everybody but those whom it knows to have help."""
    for hands in (100.0, 250.0):
        helped, spent = search(100.0, [40.0, hands], checked, levels(1.2))
        assert helped == 100.0
        assert spent == pytest.approx(140.0 - checked * 40.0)


def test_one_team_doubles_nothing() -> None:
    for checked in (0.0, 0.4, 1.0):
        helped, spent = search(100.0, [37.0], checked, levels(1.2))
        assert helped == pytest.approx(37.0) and spent == 37.0


def test_the_more_uneven_people_are_seen_the_more_is_doubled() -> None:
    reached = [search(100.0, [30.0, 30.0], 0.0, levels(spread))[0] for spread in (0.0, 0.8, 1.8)]
    assert reached[0] > reached[1] > reached[2] > 30.0


def meet(
    people: int, hands: list[int], checked: float, seen: NDArray[np.float64], seed: int
) -> int:
    """Let teams meet people one by one, and return how many are helped."""
    chance = np.random.default_rng(seed)
    helped = np.zeros(people, bool)
    weight = np.resize(seen, people)
    weight = weight / weight.sum()
    for team in hands:
        visited = helped & (chance.random(people) < checked)
        left = team
        while left:
            for one in chance.choice(people, size=4096, p=weight):
                if visited[one]:
                    continue
                visited[one] = True
                left -= 1
                if not left:
                    break
        helped |= visited
    return int(helped.sum())


@pytest.mark.parametrize(("spread", "checked"), [(0.0, 0.0), (0.0, 0.4), (1.2, 0.0), (1.2, 0.6)])
def test_it_is_the_mean_of_meetings_one_by_one(spread: float, checked: float) -> None:
    people, hands, seen = 1000, [300, 100, 450], levels(spread)
    found = [meet(people, hands, checked, seen, seed) for seed in range(40)]
    expected, _ = search(float(people), [float(of) for of in hands], checked, seen)
    error = np.std(found) / np.sqrt(len(found))
    assert abs(np.mean(found) - expected) < 4.0 * error + 1.0
