"""What a page may say to its kernel: little, not too much of it, and nothing that runs code."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import pairwise
from typing import Any, Final, cast

import tornado.web
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from voila.tornado.kernel_websocket_handler import (
    VoilaKernelWebsocketHandler,
)

from kesos_sim.forum.kernels import ForumKernels
from kesos_sim.forum.limits import Limits
from kesos_sim.forum.pace import Bucket
from kesos_sim.forum.visitors import visitor_of

__all__ = ["ForumChannels", "ForumConnection", "Sockets", "allowed", "hands_in", "taken_apart"]

PROTOCOL: Final = "v1.kernel.websocket.jupyter.org"
KERNEL_GONE: Final = 4404
"""Code with which a connection closes whose kernel has ended."""
_TOO_MUCH: Final = 1008
_CONTROL: Final = "jupyter.widget.control"
_METHODS: Final = {"custom", "request_states"}
_HANDS_IN: Final = {"enter", "act"}
_HEADER, _CONTENT, _PARTS = 0, 3, 4
_WORD: Final = 8
_OFFSETS: Final = _PARTS + 2
_MOST_REFUSED: Final = 50
_NOT_FOUND: Final = 404
_BUSY: Final = 429

Sockets = defaultdict[str, "set[ForumChannels]"]


def taken_apart(message: bytes) -> list[bytes] | None:
    """Split a message of the binary protocol without trusting any number in it.

    Jupyter's own function believes the count at the beginning, and fills the memory of the
    server when a visitor writes a large one.

    Parameters
    ----------
    message : bytes
        Count of offsets, offsets (8 bytes each, little-endian), and what lies between them.

    Returns
    -------
    list of bytes or None
        Channel, header, parent's header, metadata and content; None for anything else.
    """
    head = _WORD * (_OFFSETS + 1)
    if len(message) < head or int.from_bytes(message[:_WORD], "little") != _OFFSETS:
        return None
    offsets = [
        int.from_bytes(message[at : at + _WORD], "little") for at in range(_WORD, head, _WORD)
    ]
    if offsets != sorted(offsets) or offsets[0] != head or offsets[-1] != len(message):
        return None
    return [message[start:stop] for start, stop in pairwise(offsets)]


def allowed(channel: bytes, parts: list[bytes]) -> bool:
    """Say whether a message of a page is one of the few that its kernel needs.

    Parameters
    ----------
    channel : bytes
        ``shell`` or another one of the protocol.
    parts : list of bytes
        Header, parent's header, metadata and content, as JSON.

    Returns
    -------
    bool
        False for whatever is not understood.
    """
    if channel != b"shell" or len(parts) != _PARTS:
        return False
    try:
        kind = json.loads(bytes(parts[_HEADER]))["msg_type"]
        content = json.loads(bytes(parts[_CONTENT]))
        if kind == "kernel_info_request":
            return True
        if kind == "comm_open":
            return bool(content["target_name"] == _CONTROL)
        return kind == "comm_msg" and content["data"]["method"] in _METHODS
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def hands_in(content: bytes) -> bool:
    """Say whether a message of a page hands something in, as whoever takes part does.

    Parameters
    ----------
    content : bytes
        Content of a message, as JSON.

    Returns
    -------
    bool
        False for whatever is not understood.

    Examples
    --------
    >>> hands_in(b'{"data": {"method": "custom", "content": {"do": "enter", "entries": []}}}')
    True
    >>> hands_in(b'{"data": {"method": "custom", "content": {"do": "hello"}}}')
    False
    """
    try:
        return json.loads(content)["data"]["content"]["do"] in _HANDS_IN
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


class ForumConnection(ZMQChannelsWebsocketConnection):
    """Passes on what is allowed, and drops the rest."""

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Look at a message before Jupyter does."""
        parts = taken_apart(incoming_msg) if isinstance(incoming_msg, bytes) else None
        if parts is not None and allowed(parts[0], parts[1:]):
            self.websocket_handler.note(bytes(parts[-1]))  # type: ignore[attr-defined]
            super().handle_incoming_message(incoming_msg)
        else:
            self.websocket_handler.refuse()  # type: ignore[attr-defined]

    def on_restart_failed(self) -> None:
        """Say nothing: the connection to a dead kernel closes with a code that says it."""


class ForumChannels(VoilaKernelWebsocketHandler):
    """The channels of the kernel of one page."""

    _messages: Bucket
    _bytes: Bucket
    _refused = 0

    @property
    def limits(self) -> Limits:
        """What the server allows."""
        limits: Limits = self.settings["forum_limits"]
        return limits

    @property
    def sockets(self) -> Sockets:
        """Open connections by kernel."""
        sockets: Sockets = self.settings["forum_sockets"]
        return sockets

    @property
    def kernels(self) -> ForumKernels:
        """The kernels of the visitors."""
        return cast(ForumKernels, self.kernel_manager)

    async def pre_get(self) -> None:
        """Refuse kernels not of this visitor, other protocols, and too many connections."""
        if not self.kernels.is_of(self.kernel_id, visitor_of(self)):
            raise tornado.web.HTTPError(_NOT_FOUND)
        if PROTOCOL not in self.request.headers.get("Sec-WebSocket-Protocol", ""):
            raise tornado.web.HTTPError(400)
        if len(self.sockets[self.kernel_id]) >= self.limits.connections:
            raise tornado.web.HTTPError(_BUSY)
        await super().pre_get()

    async def open(self, kernel_id: str) -> None:
        """Begin to count."""
        limits = self.limits
        self._messages = Bucket(limits.messages_burst, limits.messages_per_second)
        self._bytes = Bucket(limits.bytes_burst, limits.bytes_per_second)
        self.sockets[kernel_id].add(self)
        await super().open(kernel_id)

    def on_message(self, ws_message: str | bytes) -> None:
        """Pass a message on unless there are too many."""
        if self._messages.take() and self._bytes.take(len(ws_message)):
            super().on_message(ws_message)
        else:
            self.close(_TOO_MUCH, "rate")

    def note(self, content: bytes) -> None:
        """Note when a visitor takes part: that kernel stays when the phone falls asleep."""
        if not self.kernels.takes_part(self.kernel_id) and hands_in(content):
            self.kernels.note_taking_part(self.kernel_id)

    def refuse(self) -> None:
        """Count a message that is not allowed; who sends many of them is cut off."""
        self._refused += 1
        if self._refused > _MOST_REFUSED:
            self.close(_TOO_MUCH, "kind")

    def on_close(self) -> None:
        """Forget the connection."""
        kernel_id = getattr(self, "kernel_id", "")
        self.sockets[kernel_id].discard(self)
        if not self.sockets[kernel_id]:
            del self.sockets[kernel_id]
        if getattr(self, "connection", None) is not None:
            super().on_close()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say no more than the number."""
        self.finish(str(status_code))
