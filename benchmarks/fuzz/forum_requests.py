"""Requests to the servers of a meeting that no browser would send."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import quote, urlsplit

from benchmarks.forum_load import running
from benchmarks.fuzz.damage import damaged, strange_text
from benchmarks.fuzz.tally import Target
from kesos_sim.forum.supervisor import ATTENDEES, FACILITATOR, Meeting

__all__ = ["ForumRequests", "forum_requests"]

_ATTENDEES: Final = 5
_METHODS: Final = (
    *["GET"] * 9, "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get",
    "G\x00T", "",
)  # fmt: skip
_KERNEL: Final = "0123abcd-0123-0123-0123-0123456789ab"
_PATHS: Final = (
    "/", "/", "/secret", "/forum/alive", "/forum/host.js", "/forum/page.css", "/forum/x.js",
    "/forum/KesosInter-Bold.ttf", f"/api/kernels/{_KERNEL}", f"/api/kernels/{_KERNEL}/channels",
    f"/voila/api/shutdown/{_KERNEL}", "/api/kernels", "/voila/static/x", "/files/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd", "//", "/forum/..%2f..%2fpages.py", "*", "http://example.org/",
)  # fmt: skip
_NAMES: Final = ("token", "next", "token", "lang", "path", "_xsrf", "voila-template", "x")
_HEADERS: Final = (
    "Accept", "Accept-Encoding", "Authorization", "Cookie", "Host", "If-None-Match", "Origin",
    "Range", "Referer", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Version", "Content-Type", "Content-Encoding", "Transfer-Encoding", "Expect",
    "X-Forwarded-For", "X-Scheme", "X-XSRFToken", "If-Modified-Since",
)  # fmt: skip
_KNOWN: Final = (
    "text/html", "gzip", "close", "keep-alive", "websocket", "13", "bytes=0-5", "chunked",
    "100-continue", "token x", "Basic eDp5", "_xsrf=2|a|b|1", "http://elsewhere.example",
    "v1.kernel.websocket.jupyter.org", "multipart/form-data; boundary=x", "application/json", '"a"',
    "application/x-www-form-urlencoded",
)  # fmt: skip
_SECONDS: Final = 5.0
_BRIEF: Final = 0.05
_FULL: Final = 503


class ForumRequests(Target):
    """A meeting to whose servers anybody sends anything.

    Parameters
    ----------
    meeting : Meeting
        It runs.
    logs : pathlib.Path
        Folder of the logs of its servers.
    """

    def __init__(self, meeting: Meeting, logs: Path) -> None:
        self._meeting = meeting
        self._logs = [logs / f"{name}.log" for name in (ATTENDEES, FACILITATOR)]
        self._read = dict.fromkeys(self._logs, 0)

    def pids(self) -> Iterable[int]:
        """Return the two servers."""
        known = self._meeting.pids()
        return [known[ATTENDEES], known[FACILITATOR]]

    def attempt(self, draw: Random) -> bool:
        """Send a request and look at the answer, and at what the server says about it.

        Parameters
        ----------
        draw : random.Random
            The generator of the case.

        Returns
        -------
        bool
            Whether it was answered with a status below 400.
        """
        guarded = draw.random() < 0.3
        place = self._meeting.facilitator if guarded else self._meeting.join
        whole = draw.random() < 0.8
        raw = _request(draw)
        status = _status(urlsplit(place).port or 0, raw if whole else damaged(raw, draw), whole)
        for log in self._logs:
            said = log.read_bytes()[self._read[log] :]
            self._read[log] += len(said)
            assert b"Traceback" not in said, said[-1500:].decode(errors="replace")
        assert status < 500 or status == _FULL, f"status {status} for {raw[:300]!r}"
        return 0 < status < 400


@contextmanager
def forum_requests() -> Iterator[ForumRequests]:
    """Start a meeting on free ports.

    Yields
    ------
    ForumRequests
    """
    with tempfile.TemporaryDirectory(prefix="kesos-fuzz-") as folder:
        logs = Path(folder)
        with running(_ATTENDEES, logs) as (meeting, _):
            before = meeting.pids()
            target = ForumRequests(meeting, logs)
            yield target
            assert meeting.pids() == before, "no server was started again"
            assert (
                _status(urlsplit(meeting.join).port or 0, _line("GET", "/forum/alive"), True) == 200
            )


def _request(draw: Random) -> bytes:
    """Write a request of which some part is strange."""
    path = draw.choice(_PATHS)
    if draw.random() < 0.2:
        path += quote(strange_text(draw)[:2000], safe="/&?=", errors="surrogatepass")
    if draw.random() < 0.6:
        pairs = [
            f"{draw.choice(_NAMES)}={_quoted(draw)}" for _ in range(draw.choice((1, 1, 2, 30)))
        ]
        path += "?" + "&".join(pairs)
    headers = [
        f"{draw.choice(_HEADERS)}: {draw.choice(_KNOWN) if draw.random() < 0.7 else _header(draw)}"
        for _ in range(draw.choice((0, 0, 0, 1, 2, 3, 200)))
    ]
    method = draw.choice(_METHODS)
    body = b""
    if draw.random() < 0.3:
        body = draw.randbytes(draw.choice((1, 30, 3000, 70_000)))
        headers.append(f"Content-Length: {draw.choice((len(body), len(body), -1, 'x', 10**12))}")
    return _line(method, path, *headers) + body


def _line(method: str, path: str, *headers: str) -> bytes:
    """Write the head of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: forum.lan", *headers, "Connection: close", "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass")


def _quoted(draw: Random) -> str:
    """Return a value of a query, sometimes with bytes that are no text."""
    if draw.random() < 0.2:
        return draw.choice(("%", "%ff%fe", "%00", "%u0041", "%0d%0aSet-Cookie:x=1", "%ed%a0%80"))
    return quote(strange_text(draw)[:2000], errors="surrogatepass")


def _header(draw: Random) -> str:
    """Return a value of a header on one line."""
    return strange_text(draw)[:3000].replace("\r", " ").replace("\n", " ")


def _status(port: int, raw: bytes, whole: bool) -> int:
    """Send bytes and return the status of the answer; 0 if the server hung up without one."""
    # A server may wait for the rest of a request that announces one, until its own patience ends.
    waits = not whole or any(word in raw for word in (b"Content-Length", b"chunked"))
    with socket.create_connection(("127.0.0.1", port), timeout=_SECONDS) as connection:
        head = b""
        try:
            connection.sendall(raw)
            if waits:
                connection.settimeout(_BRIEF)
            while b"\r\n" not in head:
                got = connection.recv(4096)
                if not got:
                    break
                head += got
        except (ConnectionError, TimeoutError):
            if not waits and not head:
                raise
    words = head.split(b" ", 2)
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
