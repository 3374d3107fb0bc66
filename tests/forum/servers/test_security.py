"""What a visitor may not do, tried with real requests and messages."""

from __future__ import annotations

import asyncio
import json
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from kesos_sim.errors import KesosError
from kesos_sim.forum.channels import allowed, hands_in, taken_apart
from kesos_sim.forum.client import PROTOCOL, Visitor, fetched, packet

from .conftest import SECRET, Meeting, Running

pytestmark = pytest.mark.slow

CODE = "import pathlib; pathlib.Path('{file}').write_text('run')"
KINDS = (
    "execute_request",
    "inspect_request",
    "complete_request",
    "history_request",
    "is_complete_request",
    "connect_request",
    "shutdown_request",
    "interrupt_request",
    "debug_request",
    "create_subshell_request",
    "delete_subshell_request",
    "list_subshell_request",
    "usage_request",
    "input_reply",
    "apply_request",
    "abort_request",
    "clear_request",
    "execute_input",
    "comm_close",
    "no_such_request",
)
NAMES = ("x", "..", "etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "....//etc/passwd", "x.ipynb")
PLACES = (
    "api",
    "api/kernels",
    "api/kernelspecs",
    "api/sessions",
    "api/contents",
    "api/contents/echo.ipynb",
    "api/contents/{name}",
    "api/terminals",
    "api/config/notebook",
    "api/status",
    "api/me",
    "api/spec.yaml",
    "api/kernels/{kernel}/restart",
    "api/kernels/{kernel}/interrupt",
    "files/{name}",
    "files/echo.ipynb",
    "view/{name}",
    "nbconvert/html/echo.ipynb",
    "edit/echo.ipynb",
    "lab",
    "tree",
    "terminals/1",
    "terminals/websocket/1",
    "metrics",
    "login",
    "logout",
    "static/{name}",
    "kernelspecs/python3/logo-32x32.png",
    "custom/custom.css",
    "echo.ipynb",
    "voila/tree",
    "voila/render/echo.ipynb",
    "voila/files/{name}",
    "voila/files/echo.ipynb",
    "voila/static/voila.js",
    "voila/static/{name}",
    "voila/templates/kesos-forum/index.html.j2",
    "voila/templates/{name}",
    "voila/labextensions/{name}",
    "voila/api/themes/{name}",
    "voila/api/contents/{name}",
    "voila/query/{kernel}",
    "voila/execution/{kernel}",
    "forum/{name}",
    "forum/index.html.j2",
    "{name}",
)
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Server": "kesos",
}


def words(numbers: list[int]) -> bytes:
    """Numbers as the protocol writes them."""
    return b"".join(number.to_bytes(8, "little") for number in numbers)


async def settled(server: Running) -> set[int]:
    """Processes of a server once it starts no more of them."""
    known: set[int] = set()
    while known != server.descendants() or not known:
        known = server.descendants()
        await asyncio.sleep(0.7)
    return known


async def state_of(visitor: Visitor, cookies: str) -> int:
    """Ask for the kernel of a visitor with some cookies; returns the status."""
    place = f"{visitor.address}api/kernels/{visitor.kernel_id}"
    return (await fetched(place, cookies=cookies)).code


async def end(visitor: Visitor, cookies: str) -> int:
    """End the kernel of a visitor as a page with some cookies would; returns the status."""
    token = SimpleCookie(cookies).get("_xsrf")
    place = f"{visitor.address}voila/api/shutdown/{visitor.kernel_id}"
    body = urlencode({"_xsrf": token.value if token else ""})
    return (await fetched(place, method="POST", body=body, cookies=cookies)).code


async def answers(visitor: Visitor) -> bool:
    visitor.send({"do": "hello"})
    _, answer, _ = await visitor.receive()
    return answer["is"] == "echo" and answer["touched"] == 0


def test_no_message_runs_code_or_ends_a_kernel(
    server: Running, meeting: Meeting, tmp_path: Any
) -> None:
    file = tmp_path / "run"
    content = {
        "code": CODE.format(file=file),
        "silent": False,
        "store_history": False,
        "user_expressions": {"x": CODE.format(file=file)},
        "allow_stdin": True,
        "cursor_pos": 3,
        "restart": False,
        "value": CODE.format(file=file),
        "command": "evaluate",
        "arguments": {"expression": CODE.format(file=file)},
    }

    async def meet() -> None:
        for start in range(0, len(KINDS), 10):
            visitor = await meeting.join(server.address)
            for kind in KINDS[start : start + 10]:
                for channel in ("shell", "control", "stdin", "iopub"):
                    visitor.raw(
                        packet(kind, {**content, "comm_id": visitor.model_id}, channel=channel)
                    )
            assert await answers(visitor), "the kernel is as it was"
            assert await state_of(visitor, visitor.cookies) == 200
        assert not file.exists()

    meeting.hold(meet())


def test_visitor_opens_no_ends_and_sets_no_values(server: Running, meeting: Meeting) -> None:
    async def meet() -> None:
        visitor = await meeting.join(server.address)
        state = {"_model_name": "OutputModel", "_model_module": "@jupyter-widgets/output"}
        for target in ("jupyter.widget", "jupyter.widget.version", "x", ""):
            data = {"comm_id": "f" * 32, "target_name": target, "data": {"state": state}}
            visitor.raw(packet("comm_open", data, version="2.1.0"))
        change = {"method": "update", "state": {"touched": 7, "comm": None}, "buffer_paths": []}
        visitor.post("comm_msg", visitor.model_id, change)
        visitor.raw(json.dumps({"header": {"msg_type": "execute_request"}, "channel": "shell"}))
        huge = words([2**40, *range(20)])  # would be a list of so many numbers
        for junk in (huge, b"", b"\0", b"\xff" * 64, b"\2" + b"\0" * 7 + b"\xff" * 24, "text", "{"):
            visitor.raw(junk)
        assert await answers(visitor)

    meeting.hold(meet())


CHANNELS = st.sampled_from([b"shell", b"control", b"stdin", b"iopub", b""])
NUMBERS = st.lists(st.integers(0, 2**64 - 1), max_size=12).map(words)


@given(CHANNELS, st.lists(st.binary(), max_size=6))
def test_what_is_not_understood_is_not_allowed(channel: bytes, parts: list[bytes]) -> None:
    assert not allowed(channel, parts)


@given(st.text(), st.recursive(st.none() | st.text(), lambda some: st.lists(some, max_size=3)))
def test_who_takes_part_is_told_by_what_the_page_says(do: str, content: object) -> None:
    for said in (content, {"do": content}, {"do": do}):
        message = json.dumps({"data": {"method": "custom", "content": said}}).encode()
        taking = said in ({"do": "enter"}, {"do": "act"})
        assert hands_in(message) == taking
        assert not hands_in(message[:-1])


@given(st.binary(max_size=80) | NUMBERS)
def test_no_number_in_a_message_is_trusted(message: bytes) -> None:
    parts = taken_apart(message)
    assert parts is None or (len(parts) == 5 and message.endswith(b"".join(parts)))


@given(st.binary(max_size=9), st.text(), st.dictionaries(st.text(), st.text()))
def test_well_made_messages_come_apart(tail: bytes, kind: str, content: dict[str, str]) -> None:
    message = packet(kind, content)
    parts = taken_apart(message)
    assert parts is not None
    assert parts[0] == b"shell"
    assert json.loads(parts[1])["msg_type"] == kind
    assert json.loads(parts[4]) == content
    assert not tail or taken_apart(message + tail) is None


@given(st.text(), st.dictionaries(st.text(), st.none() | st.text() | st.integers()))
def test_only_few_kinds_are_allowed(kind: str, content: dict[str, Any]) -> None:
    parts = [json.dumps(part).encode() for part in ({"msg_type": kind}, {}, {}, content)]
    assert allowed(b"shell", parts) == (kind == "kernel_info_request")


def test_too_many_or_too_large_messages_end_the_connection_only_of_their_sender(
    server: Running, meeting: Meeting
) -> None:
    async def meet() -> None:
        quiet = await meeting.join(server.address)
        for flood, code in (
            ([packet("comm_msg", {"comm_id": "x", "data": {"method": "custom"}})] * 400, 1008),
            ([packet("execute_request", {"code": "1"})] * 80, 1008),
            ([b"\0" * 400_000], 1009),
        ):
            loud = await meeting.join(server.address)
            for message in flood:
                loud.raw(message)
            for _ in range(100):
                if loud.closed_with is not None:
                    break
                await asyncio.sleep(0.05)
            assert loud.closed_with == code
        assert await answers(quiet)

    meeting.hold(meet())


def test_no_other_address_answers(server: Running, meeting: Meeting) -> None:
    async def meet() -> None:
        visitor = await meeting.join(server.address)
        before = await settled(server)
        for place in PLACES:
            for name in NAMES if "{name}" in place else ("",):
                address = server.address + place.format(name=name, kernel=visitor.kernel_id)
                for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                    body = {"body": "{}"} if method in {"POST", "PUT", "PATCH"} else {}
                    answer = await fetched(address, method=method, cookies=visitor.cookies, **body)
                    assert answer.code in {400, 403, 404, 405}, (method, place, answer.code)
                    assert b"root:" not in (answer.body or b"")
                    assert visitor.kernel_id.encode() not in (answer.body or b"")
        assert server.descendants() == before, "no kernel and no terminal was started"
        assert await answers(visitor)

    meeting.hold(meet())


def test_kernel_is_ended_only_by_a_page_with_the_cookie(server: Running, meeting: Meeting) -> None:
    async def meet() -> None:
        visitor = await meeting.join(server.address)
        place = f"{server.address}voila/api/shutdown/{visitor.kernel_id}"
        for cookies, body in (
            ("", ""),
            (visitor.cookies, ""),
            (visitor.cookies, "_xsrf=2|aa|bb|1"),
            ("", "_xsrf=x"),
        ):
            refused = await fetched(place, method="POST", body=body, cookies=cookies)
            assert refused.code == 403
        removed = await fetched(
            f"{server.address}api/kernels/{visitor.kernel_id}",
            method="DELETE",
            cookies=visitor.cookies,
        )
        assert removed.code in {403, 405}
        assert await answers(visitor)

    meeting.hold(meet())


async def channel_status(address: str, kernel: str, **headers: str) -> int:
    """Try to open the channels of a kernel: 101, or the status of the refusal."""
    place = f"{address.replace('http', 'ws')}api/kernels/{kernel}/channels"
    request = HTTPRequest(place, headers=headers)
    protocols = [] if headers.pop("none", "") else [PROTOCOL]
    try:
        opened = await websocket_connect(request, subprotocols=protocols or None)
    except HTTPClientError as error:
        return error.code
    opened.close()
    while await opened.read_message() is not None:
        continue
    return 101


def test_channels_open_only_from_the_page_itself(server: Running, meeting: Meeting) -> None:
    async def meet() -> None:
        visitor = await meeting.join(server.address)
        kernel = visitor.kernel_id
        own = {"Cookie": visitor.cookies}
        elsewhere = {"Origin": "http://elsewhere.example"}
        assert await channel_status(server.address, kernel, **own, **elsewhere) == 403
        assert await channel_status(server.address, kernel, **own, none="yes") == 400
        unknown = "0" * 8 + "-0000-0000-0000-" + "0" * 12
        assert await channel_status(server.address, unknown, **own) == 404
        assert await answers(visitor)

    meeting.hold(meet())


def test_kernel_is_there_only_for_the_visitor_of_its_page(
    server: Running, meeting: Meeting
) -> None:
    async def meet() -> None:
        one, other = [await meeting.join(server.address) for _ in range(2)]
        assert one.cookies != other.cookies
        made_up = "_xsrf=2|00000000|" + "0" * 32 + "|1"
        for cookies in (other.cookies, made_up, "_xsrf=x", "_xsrf=2|x", "_xsrf=", ""):
            headers = {"Cookie": cookies} if cookies else {}
            assert await channel_status(server.address, one.kernel_id, **headers) == 404
            assert await state_of(one, cookies) == 404
            assert await end(one, cookies) in {403, 404}
        assert await end(one, other.cookies) == 404
        assert await state_of(one, one.cookies) == 200
        own = {"Cookie": one.cookies}
        assert await channel_status(server.address, one.kernel_id, **own) == 101
        assert await answers(one)
        assert await one.leave() == 204
        assert await state_of(one, one.cookies) == 404
        assert await answers(other)

    meeting.hold(meet())


def test_visitor_who_comes_again_keeps_both_pages(server: Running, meeting: Meeting) -> None:
    async def meet() -> None:
        first = await meeting.join(server.address)
        again = await meeting.join(server.address, cookies=first.cookies)
        assert again.cookies == first.cookies
        assert again.kernel_id != first.kernel_id
        await first.drop()
        await first.connect()
        assert await answers(first)
        assert await answers(again)
        assert [await one.leave() for one in (first, again)] == [204, 204]

    meeting.hold(meet())


def test_visitor_with_a_useless_cookie_is_given_another(server: Running, meeting: Meeting) -> None:
    async def meet() -> None:
        visitor = await meeting.join(server.address, cookies="_xsrf=2|x")
        assert visitor.cookies != "_xsrf=2|x"
        assert await answers(visitor)
        assert await visitor.leave() == 204

    meeting.hold(meet())


def test_kernel_of_the_facilitator_is_there_for_nobody_else(
    guarded: Running, server: Running, meeting: Meeting
) -> None:
    async def meet() -> None:
        attendee = await meeting.join(server.address)
        leads, helps = [await meeting.join(guarded.address, secret=SECRET) for _ in range(2)]
        for cookies, status in ((attendee.cookies, 403), (helps.cookies, 404)):
            seen = await channel_status(guarded.address, leads.kernel_id, Cookie=cookies)
            assert seen == status
            assert await state_of(leads, cookies) == (302 if status == 403 else 404)
            assert await end(leads, cookies) == status
        assert await channel_status(server.address, leads.kernel_id, Cookie=attendee.cookies) == 404
        assert await state_of(leads, leads.cookies) == 200
        await leads.drop()
        await leads.connect()
        assert await answers(leads)
        assert await leads.leave() == 204
        assert await answers(helps)

    meeting.hold(meet())


def test_every_answer_carries_the_headers(server: Running, meeting: Meeting) -> None:
    async def meet() -> None:
        visitor = await meeting.join(server.address)
        places = ("", "forum/host.js", "forum/alive", "nothing", "api/kernels", "voila/static/x")
        kernel = f"api/kernels/{visitor.kernel_id}"
        for place in (*places, kernel, f"voila/api/shutdown/{visitor.kernel_id}"):
            answer = await fetched(server.address + place, headers={"Host": "forum.lan:8866"})
            for name, value in HEADERS.items():
                assert answer.headers.get(name) == value, (place, name)
            policy = dict(
                part.strip().split(" ", 1)
                for part in answer.headers["Content-Security-Policy"].split(";")
            )
            assert policy["default-src"] == "'none'"
            assert "unsafe" not in policy["script-src"]
            assert policy["frame-ancestors"] == "'none'"
            assert policy["connect-src"] == "'self' ws://forum.lan:8866 wss://forum.lan:8866"
        odd = await fetched(server.address, headers={"Host": "x; script-src *"})
        assert "script-src *" not in odd.headers.get("Content-Security-Policy", "")

    meeting.hold(meet())


def test_cookie_is_not_sent_elsewhere(server: Running, meeting: Meeting) -> None:
    async def meet() -> None:
        page = await fetched(server.address)
        (cookie,) = page.headers.get_list("Set-Cookie")
        assert "SameSite=Strict" in cookie
        assert "Secure" not in cookie  # on the meeting's Wi-Fi it would not come back

    meeting.hold(meet())


def test_log_and_kernels_hold_no_names_and_no_secret(
    guarded: Running, server: Running, meeting: Meeting
) -> None:
    async def meet() -> None:
        for running, secret in ((server, ""), (guarded, SECRET)):
            visitor = await meeting.join(running.address, secret=secret)
            await fetched(f"{running.address}api/kernels/{visitor.kernel_id}/x?token=tebakan-saya")
            visitor.send({"do": "environment"})
            _, answer, _ = await visitor.receive()
            assert SECRET not in json.dumps(answer["environment"])
            assert visitor.kernel_id not in running.said()
            assert "tebakan-saya" not in running.said()
            assert SECRET not in running.said()

    meeting.hold(meet())


def test_facilitator_is_out_of_reach_without_the_secret(guarded: Running, meeting: Meeting) -> None:
    async def meet() -> None:
        before = await settled(guarded)
        page = await fetched(guarded.address)
        assert page.code == 302
        assert page.headers["Location"].startswith("/secret")
        form = await fetched(f"{guarded.address}secret")
        assert form.code == 401
        assert "kode rahasia" in form.body.decode()
        assert "salah" not in form.body.decode()
        refused = await fetched(f"{guarded.address}?token=keliru")
        told = await fetched(guarded.address + refused.headers["Location"].lstrip("/"))
        assert told.code == 403
        assert "Kode rahasia salah" in told.body.decode()
        assert "The secret is wrong" in told.body.decode()
        assert "keliru" not in told.body.decode()
        for wrong in ("", "x", SECRET[:-1], SECRET + "x", SECRET.upper()):
            with pytest.raises(KesosError):
                await Visitor.join(guarded.address, secret=wrong or " ")
        assert guarded.descendants() == before

        right = await meeting.join(guarded.address, secret=SECRET)
        assert SECRET not in right.cookies
        assert await answers(right)
        # Whoever learns the name of the kernel cannot speak with it either.
        assert await channel_status(guarded.address, right.kernel_id) == 403
        state = await fetched(f"{guarded.address}api/kernels/{right.kernel_id}")
        assert state.code in {302, 403}
        ended = await fetched(
            f"{guarded.address}voila/api/shutdown/{right.kernel_id}",
            method="POST",
            body="",
        )
        assert ended.code == 403
        assert await answers(right)

    meeting.hold(meet())


def test_guessing_the_secret_is_slow(guarded: Running) -> None:
    async def guess() -> list[int]:
        return [
            (await fetched(f"{guarded.address}?token=tebakan{number}")).code for number in range(40)
        ]

    codes = asyncio.run(guess())
    assert codes[-1] == 429
    assert set(codes) <= {302, 429}
