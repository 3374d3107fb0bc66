"""The rule of agreement: tables count, an objection is not outvoted, silence is no consent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.forum.mufakat import AGREED, OBJECTS, middle, point_state, table_answer
from kesos_sim.forum.session import Thresholds

TABLES = [f"{n:02d}" for n in range(10)]
ANY = Thresholds()
WHOLE = Thresholds(objection="table")
ANSWERS = st.lists(st.integers(0, 3), max_size=7)
ROOM = st.fixed_dictionaries(dict.fromkeys(TABLES, ANSWERS))


def everywhere(answer: int, tables: int = 10) -> dict[str, list[int]]:
    return {code: [answer] for code in TABLES[:tables]}


@pytest.mark.parametrize(
    ("agreeing", "status"),
    [(10, "mufakat"), (8, "mufakat"), (7, "near"), (6, "near"), (5, "open"), (0, "open")],
)
def test_thresholds(agreeing: int, status: str) -> None:
    answers = everywhere(3, agreeing) | {code: [1] for code in TABLES[agreeing:]}
    assert point_state(answers, TABLES, ANY).status == status


def test_an_objection_keeps_a_point_open_until_it_is_resolved() -> None:
    answers = everywhere(3) | {"04": [3, 3, 3, 0]}
    state = point_state(answers, TABLES, ANY)
    assert (state.status, state.objections, state.share) == ("near", ("04",), 0.9)
    answers["04"] = [3, 3, 3, 2]
    assert point_state(answers, TABLES, ANY).status == "mufakat"


def test_an_organiser_may_count_objections_of_whole_tables_only() -> None:
    answers = everywhere(3) | {"04": [3, 3, 3, 0]}
    assert point_state(answers, TABLES, WHOLE).status == "mufakat"
    answers["04"] = [0, 0, 3]
    assert point_state(answers, TABLES, WHOLE).objections == ("04",)


def test_silence_is_no_consent_and_absence_no_objection() -> None:
    state = point_state(everywhere(3, 7), TABLES, ANY)
    assert (state.status, state.silent) == ("near", ("07", "08", "09"))
    assert point_state(everywhere(3, 7), TABLES[:7], ANY).status == "mufakat"
    assert point_state({}, [], ANY).status == "open"


def test_a_vote_happens_only_when_it_is_called() -> None:
    answers = everywhere(3) | {"00": [0]}
    assert point_state(answers, TABLES, ANY).status == "near"
    state = point_state(answers, TABLES, ANY, voted=True)
    assert (state.status, state.objections) == ("voted", ("00",))


def test_most_of_a_table_confirm_for_it() -> None:
    state = point_state({"00": [3, 2]}, ["00"], ANY, outdated={"00": [3, 3, 3]})
    assert (state.status, state.share, state.unconfirmed) == ("open", 0.0, ("00",))
    assert dict(state.tables) == {"00": 3}
    state = point_state({"00": [3, 2, 3]}, ["00"], ANY, outdated={"00": [3, 3]})
    assert (state.status, state.share, state.unconfirmed) == ("mufakat", 1.0, ())
    state = point_state({"00": [3, 2, 3]}, ["00"], ANY, outdated={"00": [3, 0]})
    assert (state.objections, state.unconfirmed) == (("00",), ())


def test_a_large_delegation_counts_as_one_table() -> None:
    answers = {"00": [3] * 40} | {code: [1] for code in TABLES[1:]}
    assert point_state(answers, TABLES, ANY).share == 0.1


@given(st.lists(st.integers(0, 3), min_size=1, max_size=9))
def test_a_table_answers_what_one_of_its_people_answered(answers: list[int]) -> None:
    for rule in (ANY, WHOLE):
        found = table_answer(answers, rule)
        assert found in answers
        assert found == table_answer(answers[::-1], rule)
    assert (table_answer(answers, ANY) == OBJECTS) == (OBJECTS in answers)
    below = sum(one < middle(answers) for one in answers)
    above = sum(one > middle(answers) for one in answers)
    assert 2 * below < len(answers) >= 2 * above


@given(ROOM, st.sets(st.sampled_from(TABLES)), st.sampled_from([ANY, WHOLE]))
def test_status_follows_from_what_is_counted(
    answers: dict[str, list[int]], present: set[str], rule: Thresholds
) -> None:
    state = point_state(answers, present, rule)
    there = present | {code for code, given_ in answers.items() if given_}
    assert set(state.tables) | set(state.silent) == there
    agreeing = [code for code, answer in state.tables.items() if answer in AGREED]
    assert state.share == (len(agreeing) / len(there) if there else 0)
    if state.carried:
        assert not state.objections
        assert len(agreeing) >= 0.8 * len(there) > 0
    backwards = dict(reversed([(code, given_[::-1]) for code, given_ in answers.items()]))
    assert point_state(backwards, sorted(present, reverse=True), rule) == state


@given(ROOM, st.sampled_from(TABLES), st.integers(0, 3))
def test_a_better_answer_never_makes_it_worse(
    answers: dict[str, list[int]], code: str, place: int
) -> None:
    order = ["open", "near", "mufakat"]
    before = point_state(answers, TABLES, ANY)
    better = dict(answers)
    better[code] = [3 if n == place else one for n, one in enumerate(answers[code])]
    after = point_state(better, TABLES, ANY)
    assert order.index(after.status) >= order.index(before.status)
