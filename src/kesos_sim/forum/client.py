"""A visitor without a browser: the same requests and messages that the page makes.

Rehearsals, load tests and tests of security use it against a running server.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from http.cookies import SimpleCookie
from typing import Any, Final, Self
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import (
    WebSocketClientConnection,
    WebSocketClosedError,
    websocket_connect,
)

from kesos_sim.errors import KesosError

__all__ = ["PROTOCOL", "Visitor", "fetched", "packet"]

PROTOCOL: Final = "v1.kernel.websocket.jupyter.org"
_CONFIG: Final = re.compile(r'id="jupyter-config-data" type="application/json">(.*?)</script>')
_VIEW: Final = re.compile(r'class="kesos-view" type="application/json">(.*?)</script>')
_ASK_AGAIN: Final = 6.0
_CLOSE_SECONDS: Final = 5.0
_MOST_CLIENTS: Final = 2000
_LARGEST_MESSAGE: Final = 64 * 1024 * 1024
_CONTROL: Final = "jupyter.widget.control"
_FULL: Final = 503
_SEE_OTHER: Final = 302


def packet(kind: str, content: dict[str, Any], *, channel: str = "shell", **metadata: Any) -> bytes:
    """Write one message of the protocol.

    Parameters
    ----------
    kind : str
        Type of the message.
    content : dict
        Its content.
    channel : str
        The channel.
    **metadata : object
        Its metadata.

    Returns
    -------
    bytes
    """
    header = {
        "msg_id": uuid4().hex,
        "msg_type": kind,
        "username": "",
        "session": "0" * 32,
        "date": "2026-01-01T00:00:00Z",
        "version": "5.3",
    }
    parts = {"header": header, "parent_header": {}, "metadata": metadata, "content": content}
    written: bytes = serialize_msg_to_ws_v1(parts, channel, lambda part: json.dumps(part).encode())
    return written


async def fetched(
    address: str, *, cookies: str = "", timeout: float = 60.0, **options: Any
) -> HTTPResponse:
    """Fetch an address without following where it sends one.

    Parameters
    ----------
    address : str
        The address.
    cookies : str
        Value of the header ``Cookie``.
    timeout : float
        Seconds.
    **options : object
        As for `tornado.httpclient.HTTPRequest`.

    Returns
    -------
    HTTPResponse
        Whatever its status.
    """
    headers = {"Accept": "text/html", "Cookie": cookies} | options.pop("headers", {})
    # Each visitor is a machine of its own; one shared client would let them queue.
    AsyncHTTPClient.configure(SimpleAsyncHTTPClient, max_clients=_MOST_CLIENTS)
    client = AsyncHTTPClient()
    request = HTTPRequest(
        address,
        headers={name: value for name, value in headers.items() if value},
        request_timeout=timeout,
        connect_timeout=timeout,
        follow_redirects=False,
        **options,
    )
    return await client.fetch(request, raise_error=False)


class Visitor:
    """One visitor whose page is open.

    Attributes
    ----------
    address : str
        Address of the server, ending in a slash.
    kernel_id : str
        The kernel of the page.
    cookies : str
        What the server set.
    state : dict
        Synchronised state of the component, buffers in place.
    joined_after : float
        Seconds from the request to the state.
    bytes_in : int
        Bytes of the page and of all messages received.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.kernel_id = ""
        self.model_id = ""
        self.cookies = ""
        self.state: dict[str, Any] = {}
        self.joined_after = 0.0
        self.bytes_in = 0
        self.closed_with: int | None = None
        self._session = uuid4().hex
        self._control = uuid4().hex
        self._socket: WebSocketClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._messages: asyncio.Queue[tuple[float, dict[str, Any], list[bytes]]] = asyncio.Queue()

    @classmethod
    async def join(
        cls, address: str, *, secret: str = "", cookies: str = "", timeout: float = 60.0
    ) -> Self:
        """Open the page and wait for the state of its component.

        Parameters
        ----------
        address : str
            Address of the server, ending in a slash.
        secret : str
            What a guarded page asks for.
        cookies : str
            What the server set when this visitor came before; the value of a header ``Cookie``.
        timeout : float
            Seconds for all of it.

        Returns
        -------
        Visitor

        Raises
        ------
        KesosError
            If the room is full, the secret is wrong or the page has no component.
        TimeoutError
            If it takes too long.
        """
        visitor = cls(address)
        visitor.cookies = cookies
        began = time.perf_counter()
        try:
            async with asyncio.timeout(timeout):
                await visitor._open_page(secret, timeout)
                await visitor.connect()
                await visitor._ask_states()
        except BaseException:
            await visitor.drop()
            raise
        visitor.joined_after = time.perf_counter() - began
        return visitor

    async def connect(self) -> None:
        """Open the connection to the kernel, or open it again.

        Raises
        ------
        HTTPClientError
            If the kernel is not there.
        """
        scheme = "wss" if self.address.startswith("https") else "ws"
        place = f"{scheme}://{urlsplit(self.address).netloc}/api/kernels/{self.kernel_id}/channels"
        request = HTTPRequest(
            f"{place}?{urlencode({'session_id': self._session})}",
            headers={"Cookie": self.cookies, "Origin": self.address.rstrip("/")},
        )
        self._socket = await websocket_connect(
            request,
            subprotocols=[PROTOCOL],
            compression_options={},
            max_message_size=_LARGEST_MESSAGE,
        )
        self._reading = asyncio.create_task(self._read())
        if not self._ready.is_set():
            content = {"comm_id": self._control, "target_name": _CONTROL, "data": {}}
            self.raw(packet("comm_open", content, version="1.0.0"))

    def raw(self, message: bytes | str) -> None:
        """Send anything.

        Parameters
        ----------
        message : bytes or str
            What is sent as it is.

        Raises
        ------
        ConnectionError
            If the connection is closed.
        """
        if self._socket is None:
            raise ConnectionError("no connection")
        try:
            self._socket.write_message(message, binary=isinstance(message, bytes))
        except WebSocketClosedError as error:
            raise ConnectionResetError("the connection was closed") from error

    def post(self, kind: str, comm_id: str, data: dict[str, Any]) -> None:
        """Send a message to one end of the kernel.

        Parameters
        ----------
        kind : str
            Type of the message.
        comm_id : str
            The end.
        data : dict
            What is sent.
        """
        self.raw(packet(kind, {"comm_id": comm_id, "data": data}))

    def send(self, content: dict[str, Any]) -> None:
        """Send a message to the component's other half.

        Parameters
        ----------
        content : dict
            The message.
        """
        self.post("comm_msg", self.model_id, {"method": "custom", "content": content})

    async def receive(self, timeout: float = 20.0) -> tuple[float, dict[str, Any], list[bytes]]:
        """Wait for the next message of the component's other half.

        Parameters
        ----------
        timeout : float
            Seconds.

        Returns
        -------
        arrived : float
            When it arrived, as of `time.perf_counter`.
        content : dict
            The message.
        buffers : list of bytes
            What came with it.
        """
        return await asyncio.wait_for(self._messages.get(), timeout)

    async def until(self, kind: str, timeout: float = 20.0) -> dict[str, Any]:
        """Wait for a message of one kind, and forget those before it.

        Parameters
        ----------
        kind : str
            Its ``is``.
        timeout : float
            Seconds.

        Returns
        -------
        dict
            The message.
        """
        async with asyncio.timeout(timeout):
            while True:
                _, content, _ = await self.receive(timeout)
                if content.get("is") == kind:
                    return content

    async def drop(self) -> None:
        """Lose the connection but not the kernel, as a phone does that falls asleep."""
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.close()
        if self._reading is not None:
            await asyncio.wait({self._reading}, timeout=_CLOSE_SECONDS)
            self._reading = None

    async def leave(self) -> int:
        """Close the page as a browser does.

        Returns
        -------
        int
            Status of the request that ends the kernel.
        """
        await self.drop()
        token = SimpleCookie(self.cookies).get("_xsrf")
        answer = await fetched(
            f"{self.address}voila/api/shutdown/{self.kernel_id}",
            cookies=self.cookies,
            method="POST",
            body=urlencode({"_xsrf": token.value if token else ""}),
        )
        return answer.code

    async def _ask_states(self) -> None:
        """Ask for the state of the component until it comes."""
        patience = _ASK_AGAIN
        while not self._ready.is_set():
            self.post("comm_msg", self._control, {"method": "request_states"})
            try:
                await asyncio.wait_for(self._ready.wait(), patience)
            except TimeoutError:
                patience *= 2

    async def _open_page(self, secret: str, timeout: float) -> None:
        """Fetch the page and read which kernel and which component it has."""
        if secret:
            entered = await fetched(
                f"{self.address}?{urlencode({'token': secret})}", timeout=timeout
            )
            self._keep(entered)
            if entered.code != _SEE_OTHER or "secret" in entered.headers.get("Location", ""):
                raise KesosError("KS9421", "forum_server.client_refused", got=entered.code)
        page = await fetched(self.address, cookies=self.cookies, timeout=timeout)
        self._keep(page)
        html = page.body.decode(errors="replace") if page.body else ""
        self.bytes_in += len(page.body or b"")
        if page.code == _FULL:
            raise KesosError("KS9420", "forum_server.client_full")
        config, view = _CONFIG.search(html), _VIEW.search(html)
        if config is None or view is None:
            raise KesosError("KS9421", "forum_server.client_refused", got=page.code)
        self.kernel_id = json.loads(config[1])["kernelId"]
        self.model_id = json.loads(view[1])["model_id"]

    def _keep(self, answer: HTTPResponse) -> None:
        """Keep the cookies of an answer."""
        jar = SimpleCookie(self.cookies)
        for line in answer.headers.get_list("Set-Cookie"):
            jar.load(line)
        self.cookies = "; ".join(f"{name}={one.value}" for name, one in jar.items())

    async def _read(self) -> None:
        """Sort what the kernel says."""
        socket = self._socket
        while socket is not None:
            message = await socket.read_message()
            if message is None:
                self.closed_with = socket.close_code
                return
            if isinstance(message, str):
                continue
            self.bytes_in += len(message)
            _, parts = deserialize_msg_from_ws_v1(message)
            if json.loads(parts[0])["msg_type"] != "comm_msg":
                continue
            content = json.loads(parts[3])
            data, buffers = content["data"], parts[4:]
            if content["comm_id"] == self._control and data["method"] == "update_states":
                self._take_states(data, buffers)
            elif content["comm_id"] == self.model_id and data["method"] == "custom":
                await self._messages.put((time.perf_counter(), data["content"], buffers))

    def _take_states(self, data: dict[str, Any], buffers: list[bytes]) -> None:
        """Keep the state of the component."""
        for path, buffer in zip(data.get("buffer_paths", ()), buffers, strict=True):
            owner = data["states"]
            for name in path[:-1]:
                owner = owner[name]
            owner[path[-1]] = buffer
        if self.model_id in data["states"]:
            self.state = data["states"][self.model_id]["state"]
            self._ready.set()
