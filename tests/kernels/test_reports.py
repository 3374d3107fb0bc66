"""Reports of organisations: places, people once, and what ends by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kesos_sim.kernels import reports as kernel
from kesos_sim.kernels.cases import FREE
from kesos_sim.kernels.places import EMPTY
from kesos_sim.rng import Stream
from tests.kernels import towns as town
from tests.kernels.case_twins import State
from tests.kernels.search_twins import Field, field_of
from tests.kernels.services import KINDS, SHARE, arise, fields, find, full, hold, with_places
from tests.kernels.teams import shared

F = np.float32
FEW = settings(max_examples=25)


def report(
    own: Field,
    state: State,
    checked: NDArray[np.bool_],
    finished: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Let organisations report: int64[n_districts, 4]."""
    if finished is None:
        finished = np.zeros((own.home.size, 3), np.int64)
    reported = np.zeros((own.shared_list.size, 4), np.int64)
    shared(
        kernel.report_clients, own.province_orsos.size - 1, own.province_orsos,
        state["case_start"][own.province_district], own.home, checked, finished,
        own.place_start, own.place_orsos, state["place_case"], state["place_number"],
        state["case_client"], state["served"], state["helpers"], reported,
    )  # fmt: skip
    return reported


def by_hand(
    own: Field, state: State, checked: NDArray[np.bool_], *, closed: bool
) -> NDArray[np.int64]:
    """Count clients of open or of closed cases with sets of people: int64[n_orsos, 2]."""
    anybody: set[tuple[int, int]] = set()
    by_checked: set[tuple[int, int]] = set()
    counts = np.zeros((own.home.size, 2), np.int64)
    for orsos in range(own.home.size):
        for place in range(own.place_start[orsos], own.place_start[orsos + 1]):
            case, number = int(state["place_case"][place]), int(state["place_number"][place])
            if case == EMPTY or (state["household"][case] == FREE) != closed:
                continue
            counts[orsos, 0] += not checked[orsos] or (case, number) not in by_checked
            counts[orsos, 1] += (case, number) not in anybody
            anybody.add((case, number))
            if checked[orsos]:
                by_checked.add((case, number))
    return counts


def by_district(own: Field, of_orsos: NDArray[np.int64]) -> NDArray[np.int64]:
    """Add up over the organisations of each district: int64[n_districts, n]."""
    found = np.zeros((own.shared_list.size, of_orsos.shape[1]), np.int64)
    np.add.at(found, own.home, of_orsos)
    return found


@FEW
@given(village=town.towns(), rates=town.rates_of_needs(kinds=KINDS), data=st.data())
def test_reports_are_those_of_sets_of_people(village, rates, data):
    """Of open and of closed cases; nobody checked, some, everybody."""
    own = data.draw(fields(village.layout.district_start.size - 1))
    luck = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1))).random(own.home.size)
    state = with_places(town.new_state(village), own)
    arise(village, state, rates, 0, every=True)
    find(village, own, state, 0)
    find(village, own, state, 1)
    served, places = int(state["served"].sum()), int((state["place_case"] != EMPTY).sum())
    before = places
    for share in (0.0, 0.3, 0.6, 1.0):
        checked = luck < share
        found = report(own, state, checked)
        expected = by_district(own, by_hand(own, state, checked, closed=False))
        np.testing.assert_array_equal(found[:, :2], expected)
        assert served == found[:, 1].sum() <= found[:, 0].sum() <= before
        assert share > 0.0 or found[:, 0].sum() == places
        assert not found[:, 2:].any()
        before = found[:, 0].sum()
    assert before == served
    town.end_cases(
        village, state, town.word(2, Stream.NEED_END), np.full(KINDS, data.draw(SHARE), F)
    )
    whole = np.ones((2, KINDS), F)
    for share in (0.0, 0.3, 0.6, 1.0):
        checked, now = luck < share, town.copied(state)
        expected = by_hand(own, now, checked, closed=True)[:, 0]
        _, finished = hold(village, own, now, 2, whole[0], whole, checked)
        np.testing.assert_array_equal(finished[:, 2], expected)
        claimed = np.where(checked, finished[:, 1], finished[:, 0]) + finished[:, 2]
        reported = report(own, now, checked, finished)
        both = np.stack([claimed, finished[:, 1]], axis=1)
        np.testing.assert_array_equal(reported[:, 2:], by_district(own, both))


@pytest.mark.parametrize(("over", "finish", "success"), [(0.05, 0.1, 0.5), (0.2, 0.3, 0.9)])
def test_needs_that_end_by_themselves_and_by_service_compete(
    over: float, finish: float, success: float
) -> None:
    """With one organisation and clients apart: as often as the chances of a month say."""
    village, state = full(3000, 1, 3)
    own = field_of(np.array([3000]))
    start = with_places(state, own)
    for month in range(6):
        find(village, own, start, month)
    n = by_itself = by_service = ended_services = 0
    checked = np.array([True])
    for month in range(8, 24):
        now = town.copied(start)
        n += int((now["place_case"] != EMPTY).sum())
        word = town.word(month, Stream.NEED_END)
        town.end_cases(village, now, word, np.full(KINDS, over, F))
        chances = np.full(KINDS, finish, F), np.full((2, KINDS), success, F)
        _, finished = hold(village, own, now, month, *chances, checked)
        by_itself += int(finished[0, 2])
        ended_services += int(finished[0, 0])
        by_service += int(finished[0, 1])
    assert n > 20_000
    for found, chance in (
        (by_itself, over),
        (ended_services, (1.0 - over) * finish),
        (by_service, (1.0 - over) * finish * success),
    ):
        assert abs(found - n * chance) < 4.5 * np.sqrt(n * chance * (1.0 - chance))
    true_ratio = 1.0 + over / ((1.0 - over) * finish * success)
    assert (by_itself + by_service) / by_service == pytest.approx(true_ratio, rel=0.06)


@pytest.mark.parametrize(
    ("checked", "claimed"),
    [
        ((0, 0, 0), (2, 3, 1)),
        ((1, 0, 1), (2, 3, 0)),
        ((1, 1, 0), (2, 1, 1)),
        ((1, 1, 1), (2, 1, 0)),
    ],
)
def test_three_organisations_and_two_cases_by_hand(
    checked: tuple[int, ...], claimed: tuple[int, ...]
) -> None:
    """The first two share a whole case and the second has one of its own; the third comes last."""
    place_case = np.array([0, 0, EMPTY, 0, 0, 1, 0], np.int32)
    place_number = np.array([0, 1, 0, 1, 0, 0, 1], np.int32)
    finished = np.array([[3, 2, 1], [5, 1, 0], [0, 0, 4]], np.int64)
    reported = np.zeros((3, 4), np.int64)
    kernel.report_clients(
        0, 1, np.array([0, 3]), np.array([0, 2]), np.array([0, 1, 2]),
        np.array(checked, np.bool_), finished, np.array([0, 3, 6, 7]),
        np.array([0, 0, 0, 1, 1, 1, 2], np.int32), place_case, place_number,
        np.array([0, 2, 3]), np.array([2, 1], np.int32), np.array([5, 1], np.int32), reported,
    )  # fmt: skip
    ended = [
        (row[1] if sure else row[0]) + row[2] for row, sure in zip(finished, checked, strict=True)
    ]
    assert reported.T.tolist() == [[*claimed], [2, 1, 0], ended, [2, 1, 0]]
