"""The page of the facilitator: one widget that runs the meeting.

It starts only where its address is guarded: on the facilitator's own server, which asks for a
secret, or in JupyterLab, which asks for a token. Under any other Voila server everybody who
knows the address could run the meeting.
"""

from __future__ import annotations

import asyncio
import gzip
import logging
import os
from functools import cache
from importlib.resources import files
from typing import Any, Final

import anywidget
import traitlets

from kesos_sim.emulator import Surface, load_surface
from kesos_sim.errors import InputError, KesosError
from kesos_sim.forum.bundle import bundle, stylesheet
from kesos_sim.forum.desk import Desk
from kesos_sim.forum.room_boot import boot_text
from kesos_sim.forum.session import Session
from kesos_sim.forum.settings import example_session
from kesos_sim.forum.store import Store, open_store

__all__ = ["GUARDED_VARIABLE", "Facilitator", "facilitator"]

SECRET_VARIABLE: Final = "KESOS_FORUM_SECRET"  # noqa: S105 (its name, not the secret)
GUARDED_VARIABLE: Final = "KESOS_FORUM_GUARDED"
"""Set to ``1`` by the facilitator's server, which keeps the secret itself away from kernels."""

POLL_SECONDS: Final = 0.5
_SERVER: Final = "SERVER_SOFTWARE"
_LOG: Final = logging.getLogger(__name__)


class Facilitator(anywidget.AnyWidget):
    """The facilitator's page.

    Parameters
    ----------
    session : Session
        Settings of the meeting.
    store : Store
        Where events are.

    Attributes
    ----------
    boot : str
        JSON text with settings, words and labels in both languages, sent once.
    surface, families : bytes
        The fitted surface and the typical families, compressed with gzip, sent once; empty where
        there are none.
    """

    _esm = bundle("room/room.js")
    _css = stylesheet("base.css", "room/room.css")
    boot = traitlets.Unicode().tag(sync=True)
    surface = traitlets.Bytes().tag(sync=True)
    families = traitlets.Bytes().tag(sync=True)

    def __init__(self, session: Session, store: Store) -> None:
        fitted = _fitted()
        super().__init__(
            boot=boot_text(
                session,
                () if fitted is None else fitted.stale(),
                {} if fitted is None else dict(fitted.made),
            ),
            surface=_packed("mpu.json"),
            families=_packed("families.json"),
        )
        self._desk = Desk(session, store, fitted)
        self._watch: asyncio.Task[None] | None = None
        self.on_msg(self._heard)

    def set_state(self, sync_data: Any) -> None:
        """Take no state from a browser; everything comes as messages."""

    def start(self) -> None:
        """Look for news twice a second, as long as the kernel lives."""
        if self._watch is None:
            self._watch = asyncio.get_running_loop().create_task(self._watching())

    async def _watching(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            for content, buffers in self._desk.look():
                self.send(content, buffers)

    def _heard(self, _widget: object, content: object, _buffers: object) -> None:
        for reply, buffers in self._desk.hear(content):
            self.send(reply, buffers)


def facilitator(session: Session | None = None, store: Store | None = None) -> Facilitator:
    """Return the facilitator's page, looking for news once it is in a kernel.

    Parameters
    ----------
    session : Session, optional
        That of the environment, or the shipped example.
    store : Store, optional
        That of the environment or of the settings, or a file in the user's data folder.

    Returns
    -------
    Facilitator
        To be the last line of a cell.

    Raises
    ------
    KesosError
        If a server shows the page that does not ask for a secret.

    Examples
    --------
    >>> import json
    >>> from kesos_sim.forum.settings import example_session
    >>> from kesos_sim.forum.store import open_store
    >>> session = example_session()
    >>> page = facilitator(session, open_store("sqlite:///facilitator.sqlite", session))
    >>> sorted(json.loads(page.boot))
    ['formats', 'join', 'labels', 'lines', 'session', 'source', 'stale', 'texts', 'today']
    """
    if not _is_guarded():
        raise KesosError("KS9501", "forum_room.not_guarded")
    chosen = session or example_session()
    page = Facilitator(chosen, store or open_store(None, chosen))
    try:
        page.start()
    except RuntimeError:  # no event loop: a plain Python process
        _LOG.debug("no event loop; the page does not look for news by itself")
    return page


def _is_guarded() -> bool:
    """Return whether only the facilitator can have asked for this kernel."""
    if os.environ.get(GUARDED_VARIABLE) == "1" or os.environ.get(SECRET_VARIABLE, "").strip():
        return True
    names = (name for name in os.environ if name.startswith("VOILA_"))
    return not any(names) and not os.environ.get(_SERVER, "").lower().startswith("voila")


@cache
def _fitted() -> Surface | None:
    """Return the fitted surface; None where it is missing: the meeting goes on without it."""
    try:
        return load_surface()
    except InputError as error:
        _LOG.warning("no surface: %s", error)
        return None


@cache
def _packed(name: str) -> bytes:
    """Return a file of the emulator, compressed; empty where there is none."""
    source = files("kesos_sim") / "emulator" / "surfaces" / name
    return gzip.compress(source.read_bytes(), 9, mtime=0) if source.is_file() else b""
