"""A server of the forum with real requests: who gets in, and what happens when things die."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from kesos_sim.errors import InputError, KesosError
from kesos_sim.forum.client import Visitor, fetched
from kesos_sim.forum.sockets import join_address, listening

from .conftest import Meeting, Running, Start, children

pytestmark = pytest.mark.slow

PATIENCE = 15.0


async def eventually(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, what
        await asyncio.sleep(0.1)


def lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as status:
            return status.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def echoed(visitor: Visitor) -> int:
    """Say something and return which process answers."""
    visitor.send({"do": "hello"})
    _, answer, buffers = await visitor.receive()
    assert answer["is"] == "echo"
    assert answer["got"] == {"do": "hello"}
    assert buffers == [b"xyz"]
    return int(answer["pid"])


def test_visitors_have_kernels_of_their_own_and_leave_nothing_behind(
    server: Running, meeting: Meeting
) -> None:
    async def meet() -> None:
        one, two = await asyncio.gather(meeting.join(server.address), meeting.join(server.address))
        assert one.state["blob"] == b"abc\0def"
        pids = {await echoed(one), await echoed(two)}
        assert len(pids) == 2
        assert pids <= server.descendants()
        assert await one.leave() == 204
        assert await two.leave() == 204
        await eventually(lambda: not any(map(lives, pids)), "kernels end with their pages")
        gone = await fetched(f"{server.address}api/kernels/{one.kernel_id}", cookies=one.cookies)
        assert gone.code == 404

    meeting.hold(meet())


def test_page_is_whole_and_asks_for_nothing_from_outside(server: Running, meeting: Meeting) -> None:
    async def meet() -> None:
        page = await fetched(server.address)
        html = page.body.decode()
        assert '<html lang="id">' in html
        assert 'name="viewport" content="width=device-width, initial-scale=1"' in html
        assert html.index("Menyiapkan halaman") < html.index("Preparing the page")
        assert not re.findall(r"(?:https?:)?//[\w.]", html)
        for name in re.findall(r'(?:src|href)="(/[^"]+)"', html):
            asset = await fetched(server.address.rstrip("/") + name)
            assert asset.code == 200
            assert not re.findall(r"https?://[\w.]", asset.body.decode())

    meeting.hold(meet())


def test_reader_of_headers_or_a_script_costs_no_kernel(server: Running, meeting: Meeting) -> None:
    async def meet() -> None:
        await asyncio.sleep(1.0)  # the place of whoever came before is filled again
        before = server.descendants()
        for _ in range(5):
            assert (await fetched(server.address, method="HEAD")).code == 200
            assert (await fetched(server.address, headers={"Accept": "*/*"})).code == 200
        assert server.descendants() == before

    meeting.hold(meet())


def test_connection_that_was_lost_is_taken_up_again(server: Running, meeting: Meeting) -> None:
    async def meet() -> None:
        visitor = await meeting.join(server.address)
        pid = await echoed(visitor)
        await visitor.drop()
        await asyncio.sleep(0.3)
        await visitor.connect()
        assert await echoed(visitor) == pid
        await visitor.leave()

    meeting.hold(meet())


def test_killed_kernel_is_forgotten_and_its_page_told(server: Running, meeting: Meeting) -> None:
    async def meet() -> None:
        hurt, well = await asyncio.gather(
            meeting.join(server.address), meeting.join(server.address)
        )
        os.kill(await echoed(hurt), signal.SIGKILL)
        await eventually(lambda: hurt.closed_with is not None, "the connection closes")
        assert hurt.closed_with == 4404
        gone = await fetched(f"{server.address}api/kernels/{hurt.kernel_id}", cookies=hurt.cookies)
        assert gone.code == 404
        await echoed(well)
        again = await meeting.join(server.address)
        await echoed(again)
        assert [await one.leave() for one in (well, again)] == [204, 204]

    meeting.hold(meet())


def test_dead_zygote_is_replaced_and_a_killed_server_leaves_no_process(
    start_server: Start,
) -> None:
    server = start_server()

    async def meet() -> None:
        visitor = await Visitor.join(server.address)
        kernel = await echoed(visitor)
        known = server.descendants()
        (zygote,) = known - {child for pid in known for child in children(pid)}
        os.kill(zygote, signal.SIGKILL)
        await eventually(lambda: not lives(kernel), "kernels end with their zygote")
        until = time.monotonic() + PATIENCE
        while True:
            try:
                again = await Visitor.join(server.address, timeout=2.0)
                break
            except (KesosError, TimeoutError):
                assert time.monotonic() < until, "a new zygote takes over"
                await asyncio.sleep(0.3)
        assert await echoed(again) != kernel
        left = server.descendants()
        assert len(left) >= 2
        server.process.kill()
        server.process.wait()
        await eventually(lambda: not any(map(lives, left)), "zygote and kernels end too")
        for one in (visitor, again):
            await one.drop()

    asyncio.run(meet())


def test_more_than_the_limit_wait_and_get_in_when_there_is_a_place(
    small_server: Running, meeting: Meeting
) -> None:
    server = small_server

    async def meet() -> None:
        first = [await meeting.join(server.address) for _ in range(3)]
        with pytest.raises(KesosError) as refused:
            await meeting.join(server.address)
        assert refused.value.code == "KS9420"
        page = await fetched(server.address)
        html = page.body.decode()
        assert page.code == 503
        assert int(page.headers["Retry-After"]) > 0
        assert html.index("Ruangan sedang penuh") < html.index("The room is full")
        assert 'http-equiv="refresh"' in html
        assert "forum/waiting.js" in html
        assert not await has_room(server)
        await first[0].leave()
        assert await has_room(server)
        await echoed(await meeting.join(server.address))

    meeting.hold(meet())


async def has_room(server: Running) -> bool:
    answer = await fetched(f"{server.address}forum/alive")
    return bool(json.loads(answer.body)["room"])


def test_pages_that_never_came_or_went_away_give_their_places_back(
    small_server: Running, meeting: Meeting
) -> None:
    server = small_server

    async def meet() -> None:
        here = await meeting.join(server.address)
        asleep = await meeting.join(server.address)
        pids = await echoed(here), await echoed(asleep)
        assert (await fetched(server.address)).code == 200  # a page that nobody opens
        assert (await fetched(server.address)).code == 503
        await asleep.drop()
        await eventually(lambda: not lives(pids[1]), "the kernel of a page that went away ends")
        place = f"{server.address}api/kernels/{asleep.kernel_id}"
        until = time.monotonic() + PATIENCE
        while (await fetched(place, cookies=asleep.cookies)).code != 404:
            assert time.monotonic() < until
            await asyncio.sleep(0.1)
        both = await asyncio.gather(*(free_soon(server) for _ in range(2)))
        assert all(both)
        assert await echoed(here) == pids[0], "an open page stays however long it is silent"

    meeting.hold(meet())


def test_who_takes_part_may_sleep_until_somebody_waits(
    start_server: Start, meeting: Meeting
) -> None:
    """A phone that sleeps keeps its kernel for the meeting, but holds nobody else's place."""
    server = start_server(visitors=3, left_seconds=0.5, unclaimed_seconds=1.0)

    async def meet() -> None:
        looks, first, second = [await meeting.join(server.address) for _ in range(3)]
        pids = [await echoed(one) for one in (looks, first, second)]
        for one in (first, second):
            one.send({"do": "enter"})
            await one.receive()
        for one in (looks, first):
            await one.drop()
        await eventually(
            lambda: not lives(pids[0]), "who only looked and went gives the place back"
        )
        await asyncio.sleep(1.5)  # looked at again, and left alone
        assert lives(pids[1])
        await first.connect()
        assert await echoed(first) == pids[1], "it goes on where it was"
        await first.drop()
        await second.drop()
        await asyncio.sleep(0.8)
        third, fourth = [await meeting.join(server.address) for _ in range(2)]
        await eventually(lambda: not lives(pids[1]), "the one asleep longest makes way")
        assert lives(pids[2])
        place = f"{server.address}api/kernels/{first.kernel_id}"
        assert (await fetched(place, cookies=first.cookies)).code == 404
        await second.connect()
        assert await echoed(second) == pids[2]
        assert not await has_room(server), "and whoever comes now waits"
        assert (await fetched(server.address)).code == 503
        assert len({await echoed(one) for one in (second, third, fourth)}) == 3

    meeting.hold(meet())


def test_a_page_that_was_loaded_again_leaves_no_kernel_asleep(
    start_server: Start, meeting: Meeting
) -> None:
    """Of somebody who reloads five times no five kernels wait until the meeting is over."""
    server = start_server(visitors=3, left_seconds=0.5, unclaimed_seconds=5.0)

    async def meet() -> None:
        first = await meeting.join(server.address)
        pid = await echoed(first)
        first.send({"do": "enter"})
        await first.receive()
        await first.drop()
        again = await meeting.join(server.address, cookies=first.cookies)
        assert await echoed(again) != pid
        await eventually(lambda: not lives(pid), "the kernel of the older page ends")
        again.send({"do": "enter"})
        await again.receive()
        kept = await echoed(again)
        await again.drop()
        await asyncio.sleep(1.5)
        assert lives(kept), "that of the newest page stays"

    meeting.hold(meet())


async def free_soon(server: Running) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if await has_room(server):
            return True
        await asyncio.sleep(0.2)
    return False


def test_taken_port_is_said_clearly() -> None:
    with listening("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        with pytest.raises(InputError) as refused:
            listening("127.0.0.1", port)
    assert refused.value.exit_code == 2
    assert str(port) in refused.value.text("id")
    assert "--port" in refused.value.text("en")
    with pytest.raises(InputError, match=r"192\.0\.2\.7"):
        listening("192.0.2.7", port)


def test_address_to_type() -> None:
    assert join_address("127.0.0.1", 8866) == "http://127.0.0.1:8866/"
    assert join_address("10.1.2.3", 80) == "http://10.1.2.3/"
    assert join_address("::1", 8866) == "http://[::1]:8866/"
    assert "0.0.0.0" not in join_address("0.0.0.0", 8866)  # noqa: S104 (not bound)


def test_half_a_request_does_not_hold_a_place_for_ever(start_server: Start) -> None:
    """The head or the body never comes; the server hangs up, and the next visitor is answered."""
    server = start_server(request_seconds=1.0)
    host, port = "127.0.0.1", urlsplit(server.address).port
    for half in (
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nab",
    ):
        with socket.create_connection((host, port), timeout=PATIENCE) as connection:
            connection.sendall(half)
            assert asyncio.run(fetched(f"{server.address}forum/alive")).code == 200
            while connection.recv(4096):
                continue
