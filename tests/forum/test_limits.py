"""Who gets a page now: many phones behind one address do, a script that asks for all does not."""

from __future__ import annotations

import itertools
import resource
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.forum.limits import Gate, Limits, raise_descriptors
from kesos_sim.forum.session import FORMS, Session, agenda
from kesos_sim.forum.supervisor import Meeting, Plan, limits_of
from tests.forum.conftest import SETTINGS


class House:
    """A server with places and a clock."""

    def __init__(self, **limits: float) -> None:
        self.now = 0.0
        self.kernels: set[str] = set()
        self.open: set[str] = set()
        self.asleep: list[str] = []
        self.numbers = itertools.count()
        self.gate = Gate(
            Limits(**limits),  # type: ignore[arg-type]
            visitors=lambda: len(self.kernels),
            connected=lambda kernel: kernel in self.open or kernel not in self.kernels,
            asleep=lambda: self.asleep,
            make_way=self.end,
            clock=lambda: self.now,
        )

    def end(self, kernel: str) -> None:
        self.asleep.remove(kernel)
        self.kernels.remove(kernel)

    def arrive(self, address: str, *, opens: bool = True) -> bool:
        if not self.gate.enter(address):
            return False
        kernel = f"kernel-{next(self.numbers):03d}"
        self.kernels.add(kernel)
        if opens:
            self.open.add(kernel)
        self.gate.leave(address, kernel)
        return True


def test_a_whole_room_behind_one_address_gets_in_at_once() -> None:
    house = House(visitors=150, pages_burst=240.0)
    assert all(house.arrive("10.0.0.1") for _ in range(150))
    assert not house.arrive("10.0.0.1")
    assert not house.gate.room()
    house.kernels.pop()
    assert house.gate.room()
    assert house.arrive("10.0.0.1")


def test_pages_that_nobody_opens_are_not_given_without_end() -> None:
    house = House(visitors=150, pending=60)
    given_out = sum(house.arrive("10.0.0.9", opens=False) for _ in range(150))
    assert given_out == 60
    assert house.arrive("10.0.0.1"), "others are not hindered"
    house.kernels.clear()  # they were ended because nobody came
    assert house.arrive("10.0.0.9")


def test_reloading_again_and_again_is_slowed_down() -> None:
    house = House(visitors=1000, pages_burst=20.0, pages_per_second=2.0)
    reloaded = sum(house.arrive("10.0.0.1") for _ in range(100))
    assert reloaded == 20
    house.now += 5.0
    assert sum(house.arrive("10.0.0.1") for _ in range(100)) == 10


@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.booleans()), max_size=80),
    st.integers(1, 20),
)
def test_never_more_than_the_limit(arrivals: list[tuple[int, bool, bool]], most: int) -> None:
    house = House(visitors=most)
    for number, opens, sleeps in arrivals:
        before, room = set(house.kernels), house.gate.room()
        asleep = list(house.asleep)
        assert house.arrive(f"10.0.0.{number}", opens=opens) == room
        assert len(house.kernels) <= most
        # Nobody makes way while there is a place, and then the one that is asleep longest.
        gone = before - house.kernels
        assert gone == (set(asleep[:1]) if len(before) == most else set())
        if sleeps:
            house.asleep += sorted(house.kernels - before)


def test_pages_on_their_way_count() -> None:
    house = House(visitors=2)
    assert house.gate.enter("a")
    assert house.gate.enter("b")
    assert not house.gate.enter("c")
    house.gate.leave("a", None)  # it could not be made
    assert house.gate.enter("c")


def test_more_files_may_be_open_than_a_shell_allows() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (512, before[1]))
        assert raise_descriptors(1500) >= min(1500, before[1])
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= min(1500, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert Limits(visitors=150, pool=15).descriptors > 150 * 13


@pytest.mark.parametrize("form", FORMS)
def test_a_phone_may_sleep_for_the_whole_meeting(
    session: Session, tmp_path: Path, form: int
) -> None:
    held = replace(session, form=form, phases=agenda(form), attendees=70)
    plan = Plan(held, SETTINGS, f"sqlite:///{tmp_path}/f.sqlite")
    limits = Meeting(plan)._limits()
    assert limits == replace(limits_of(70), asleep_seconds=60.0 * (form + 30))
    assert limits.left_seconds == 600.0, "who only looked is forgotten early"
