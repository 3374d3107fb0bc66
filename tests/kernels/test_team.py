"""A team does all that there is to do, once, and says what went wrong."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.kernels.team import Team


@given(threads=st.integers(1, 4), count=st.integers(0, 60))
def test_every_place_is_done_once(threads: int, count: int) -> None:
    done = [0] * count

    def kernel(first: int, stop: int, more: int) -> None:
        for place in range(first, stop):
            done[place] += more

    Team(threads).share(kernel, count, 7)
    assert done == [7] * count


def test_threads_work_at_the_same_time() -> None:
    meeting = threading.Barrier(3, timeout=30)
    seen = set()

    def kernel(first: int, stop: int) -> None:
        if first in (0, 1, 2):
            meeting.wait()
        seen.add(threading.get_ident())

    Team(3).share(kernel, 12)
    assert len(seen) == 3


def test_the_caller_waits_for_what_others_have_begun() -> None:
    caller, begun = threading.get_ident(), threading.Event()
    done = []

    def kernel(first: int, stop: int) -> None:
        if threading.get_ident() == caller:
            assert begun.wait(30)
        else:
            begun.set()
            time.sleep(0.2)
        done.append(first)

    Team(2).share(kernel, 2)
    assert sorted(done) == [0, 1]


def test_one_thread_is_the_callers_and_gets_all_at_once() -> None:
    calls = []
    Team(1).share(lambda *given: calls.append((threading.get_ident(), given)), 5, "more")
    assert calls == [(threading.get_ident(), (0, 5, "more"))]
    assert Team(1).pieces == 1


@pytest.mark.parametrize("wrong", range(8))
def test_what_a_piece_raises_reaches_the_caller(wrong: int) -> None:
    team = Team(2)

    def kernel(first: int, stop: int) -> None:
        if first == wrong:
            raise ZeroDivisionError(str(first))

    with pytest.raises(ZeroDivisionError, match=str(wrong)):
        team.share(kernel, team.pieces)
    team.share(lambda first, stop: None, 8)


def test_fewer_than_one_thread_is_one() -> None:
    assert Team(0).threads == 1
