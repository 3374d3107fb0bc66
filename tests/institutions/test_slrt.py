"""The referral service: a slow twin case by case, what always holds, and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.institutions.slrt import AGES, Handled, Outlets, Pipeline

COUNTS = st.floats(0.0, 30.0)
SHARE = st.floats(0.0, 1.0)
QUICK = settings(max_examples=60)


def outlets(counselling: float = 1.0, **changes: float) -> Outlets:
    usual = {"local": 0.8, "give_up": 0.05, "accepted": 0.6, "counselled": 0.1, "referred": 0.3}
    return Outlets(**(usual | changes), counselling=np.array([counselling]))


class OneDistrict:
    """The same office, with a list of the months in which each waiting case came."""

    def __init__(self) -> None:
        self.queues: list[list[int]] = [[], [], []]
        self.rest: dict[str, float] = {}
        self.month = 0

    def whole(self, flow: str, amount: float) -> int:
        total = self.rest.get(flow, 0.0) + amount
        number = math.floor(total + 1e-9)
        self.rest[flow] = max(total - number, 0.0)
        return number

    def take(self, queue: list[int], number: int) -> list[int]:
        queue.sort()
        taken = queue[:number]
        del queue[:number]
        return taken

    def step(self, arriving: float, capacity: list[float], out: Outlets) -> dict[str, int]:
        self.month += 1
        leaving = [
            self.whole(f"gave up {place}", out.give_up * len(queue))
            for place, queue in enumerate(self.queues)
        ]
        gave_up = sum(
            len(self.take(queue, number))
            for queue, number in zip(self.queues, leaving, strict=True)
        )
        most = [self.whole(f"most {place}", amount) for place, amount in enumerate(capacity)]
        arrived = self.whole("arrived", arriving)
        self.queues[0] += [self.month] * arrived
        first = self.take(self.queues[0], most[0])
        onward = self.take(first, self.whole("onward", (1.0 - out.local) * len(first)))
        self.queues[1] += onward
        self.queues[2] += self.take(self.queues[1], most[1])
        decided = self.take(self.queues[2], most[2])
        accepted = min(self.whole("accepted", out.accepted * len(decided)), len(decided))
        room = self.whole("room", float(out.counselling[0]))
        wanted = min(self.whole("counselled", out.counselled * accepted), accepted)
        counselled = min(wanted, room)
        referred = min(self.whole("referred", out.referred * accepted), accepted - counselled)
        return {
            "arrived": arrived,
            "local": len(first),
            "gave_up": gave_up,
            "counselled": counselled,
            "referred": referred,
            "proposed": accepted - counselled - referred,
            "refused": len(decided) - accepted,
            "waited": sum(min(self.month - came, AGES - 1) for came in decided),
        }


@QUICK
@given(
    arrivals=st.lists(COUNTS, min_size=1, max_size=30),
    capacity=st.lists(COUNTS, min_size=3, max_size=3),
    local=SHARE,
    give_up=SHARE,
    accepted=SHARE,
    counselled=st.floats(0.0, 0.5),
    room=st.floats(0.0, 5.0),
)
def test_every_case_goes_the_way_of_the_slow_twin(
    arrivals: list[float],
    capacity: list[float],
    local: float,
    give_up: float,
    accepted: float,
    counselled: float,
    room: float,
) -> None:
    """Case by case, and no case is lost: those that came left in some way or wait."""
    out = outlets(room, local=local, give_up=give_up, accepted=accepted, counselled=counselled)
    fast, slow = Pipeline(1), OneDistrict()
    came = left = 0
    for arriving in arrivals:
        found = fast.step(np.array([arriving]), np.array(capacity)[:, None], out)
        expected = slow.step(arriving, capacity, out)
        for name, number in expected.items():
            assert getattr(found, name)[0] == number, name
        assert fast.backlog[0] == sum(len(queue) for queue in slow.queues)
        came += int(found.arrived[0])
        left += int(found.local[0] + found.gave_up[0] + found.decided[0])
        assert came == left + fast.backlog[0]
        assert found.decided[0] <= math.ceil(capacity[2]) + 1
        assert fast.waiting.min() >= 0 and fast.rest.min() >= 0.0 and fast.rest.max() < 1.0


def run(months: int, arriving: float, capacity: list[float], out: Outlets) -> list[Handled]:
    pipeline = Pipeline(1)
    steps = [
        pipeline.step(np.array([arriving]), np.array(capacity)[:, None], out) for _ in range(months)
    ]
    assert pipeline.backlog[0] >= 0
    return steps


def test_nobody_waits_where_there_is_room() -> None:
    last = run(24, 50.0, [50.0, 10.0, 10.0], outlets())[-1]
    assert (last.waited[0], last.local[0], last.decided[0]) == (0, 40, 10)


@pytest.mark.parametrize("give_up", [0.05, 0.2])
@pytest.mark.parametrize("room", [4.0, 7.5])
def test_a_queue_that_is_too_long_grows_until_as_many_give_up(give_up: float, room: float) -> None:
    """In the steady state (arrivals - decisions) / give-up wait, and time is queue over flow."""
    pipeline, out = Pipeline(1), outlets(give_up=give_up)
    for _ in range(400):
        last = pipeline.step(np.array([50.0]), np.array([[60.0], [60.0], [room]]), out)
    waiting = (10.0 - room) / give_up
    # Those who give up are counted before the month's new cases come.
    assert pipeline.backlog[0] == pytest.approx(waiting, abs=2.0)
    months = [
        pipeline.step(np.array([50.0]), np.array([[60.0], [60.0], [room]]), out) for _ in range(100)
    ]
    decided = sum(int(step.decided[0]) for step in months)
    assert decided == pytest.approx(100 * room, abs=1)
    assert last.gave_up[0] == pytest.approx(10.0 - room, abs=1)


def test_counselling_takes_no_more_than_it_has_room_for() -> None:
    steps = run(60, 100.0, [100.0, 100.0, 100.0], outlets(0.5, local=0.0, counselled=0.4))
    assert sum(int(step.counselled[0]) for step in steps) == 30
    assert all(step.counselled[0] <= 1 for step in steps)


def test_parts_of_a_case_are_not_lost() -> None:
    """A third of a case a month is four cases in a year."""
    steps = run(12, 1.0 / 3.0, [9.0, 9.0, 9.0], outlets(local=0.0))
    assert sum(int(step.arrived[0]) for step in steps) == 4
    assert sum(int(step.decided[0]) for step in steps) == 4
