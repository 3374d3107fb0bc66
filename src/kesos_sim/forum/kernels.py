"""The kernels of the visitors: how they start, and when they end.

A kernel of a page that was never opened ends soon, and one whose page is open stays: people read
and talk for an hour without a click. When a page goes away, the kernel of somebody who only looked
ends after a while. Whoever takes part has a phone that sleeps: that kernel stays until the meeting
is over, so that the page goes on where it was, unless the same browser has a newer page, or
somebody else waits for the place; then the one asleep longest makes way, and its page begins anew.
A kernel that died is forgotten instead of started again empty, so that its page can notice and
begin anew. A kernel belongs to the visitor to whom its page was sent; to everybody else it is not
there.
"""

from __future__ import annotations

import asyncio
import hmac
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Float, Instance

from kesos_sim.forum.provisioner import PROVISIONER, Zygote

__all__ = ["ForumKernels", "ForumSpecs"]

KERNEL_NAME: Final = "python3"
_LAUNCHER: Final = [sys.executable, "-m", "ipykernel_launcher"]
_QUIET: Final = [
    "-f",
    "{connection_file}",
    "--HistoryManager.enabled=False",
    "--IPKernelApp.log_level=WARN",
]


class ForumSpecs(KernelSpecManager):
    """One kernel specification, whatever is installed on the machine."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Return the one name; it has no folder."""
        return {KERNEL_NAME: ""}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the specification under any name that a notebook may carry."""
        del kernel_name
        metadata = {"kernel_provisioner": {"provisioner_name": PROVISIONER}}
        return KernelSpec(
            argv=[*_LAUNCHER, *_QUIET],
            name=KERNEL_NAME,
            display_name=KERNEL_NAME,
            language="python",
            metadata=metadata if Zygote.usable() else {},
        )

    def get_all_specs(self) -> dict[str, Any]:
        """Return what Voila asks for before it starts a kernel."""
        spec = self.get_kernel_spec(KERNEL_NAME).to_dict()
        return {KERNEL_NAME: {"resource_dir": "", "spec": spec}}


class ForumKernels(AsyncMappingKernelManager):
    """Kernels by visitor, ended by whether their page is there and not by what they compute.

    Attributes
    ----------
    unclaimed_seconds : float
        After this a kernel ends whose page was fetched but never connected (scripts, previews
        of links, an impatient reload).
    left_seconds : float
        After this a kernel whose page has gone away ends, or makes way if its visitor takes part.
    asleep_seconds : float
        After this the kernel of a visitor who takes part ends too, if no newer page of the same
        browser has taken its place before.
    zygote : Zygote
        What forks them.
    """

    unclaimed_seconds = Float(90.0, config=True)
    left_seconds = Float(600.0, config=True)
    asleep_seconds = Float(10_800.0, config=True)
    zygote = Instance(Zygote)

    def __init__(self, **kwargs: Any) -> None:
        self._claimed: dict[str, float] = {}
        self._owners: dict[str, bytes] = {}
        self._loose: dict[str, float] = {}
        self._left: dict[str, float] = {}
        self._connected: set[str] = set()
        self._partakers: set[str] = set()
        self._ending: set[asyncio.Future[Any]] = set()
        self.when_gone: Callable[[str], None] = lambda kernel_id: None
        super().__init__(zygote=kwargs["parent"].zygote, **kwargs)

    @property
    def visitors(self) -> int:
        """How many kernels belong to a page that was sent to somebody."""
        return len(self._claimed)

    def claim(self, kernel_id: str, visitor: bytes) -> None:
        """Remember to which visitor a page with this kernel was sent, until the kernel ends.

        Parameters
        ----------
        kernel_id : str
            The kernel; nothing is remembered of one that has ended.
        visitor : bytes
            As of `kesos_sim.forum.visitors.visitor_of`.
        """
        if kernel_id in self:
            self._claimed[kernel_id] = time.monotonic()
            self._owners[kernel_id] = visitor

    def is_of(self, kernel_id: str, visitor: bytes) -> bool:
        """Say whether a kernel is there for a visitor.

        Parameters
        ----------
        kernel_id : str
            The kernel.
        visitor : bytes
            As for `claim`.

        Returns
        -------
        bool
            False for a kernel that has ended, whose page was sent to nobody, or to somebody else.
        """
        owner = self._owners.get(kernel_id)
        return owner is not None and hmac.compare_digest(owner, visitor)

    def connected(self, kernel_id: str) -> bool:
        """Say whether the page of a kernel was ever open.

        Parameters
        ----------
        kernel_id : str
            The kernel.

        Returns
        -------
        bool
            Also for a kernel that has ended.
        """
        return kernel_id in self._connected or kernel_id not in self

    def takes_part(self, kernel_id: str) -> bool:
        """Say whether the visitor of a kernel has handed anything in.

        Parameters
        ----------
        kernel_id : str
            The kernel.

        Returns
        -------
        bool
        """
        return kernel_id in self._partakers

    def note_taking_part(self, kernel_id: str) -> None:
        """Remember that the visitor of a kernel hands something in.

        Parameters
        ----------
        kernel_id : str
            The kernel; nothing is remembered of one that has ended.
        """
        if kernel_id in self:
            self._partakers.add(kernel_id)

    def asleep(self) -> list[str]:
        """Return the kernels that make way if somebody waits.

        Returns
        -------
        list of str
            Those whose pages have been away for more than `left_seconds`, the longest first.
        """
        before = time.monotonic() - self.left_seconds
        return sorted(
            (one for one, left in self._left.items() if left < before and one in self._claimed),
            key=self._left.__getitem__,
        )

    def make_way(self, kernel_id: str) -> None:
        """End a kernel whose page is away; its place is free at once.

        Parameters
        ----------
        kernel_id : str
            One of `asleep`.
        """
        for known in (self._claimed, self._owners, self._left):
            known.pop(kernel_id, None)
        self._end(self.shutdown_kernel(kernel_id, now=True))

    def notify_connect(self, kernel_id: str) -> None:
        """Remember that the page of a kernel is open."""
        super().notify_connect(kernel_id)
        self._connected.add(kernel_id)
        self._left.pop(kernel_id, None)

    def notify_disconnect(self, kernel_id: str) -> None:
        """Remember when the page of a kernel went away."""
        super().notify_disconnect(kernel_id)
        if kernel_id in self and self._kernel_connections.get(kernel_id, 0) <= 0:
            self._left[kernel_id] = time.monotonic()

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel whose page never came or has gone; Voila asks for no pooled one."""
        if kernel_id not in self or self._kernel_connections.get(kernel_id, 0) > 0:
            return
        now = time.monotonic()
        if kernel_id in self._left:
            awaited = self.takes_part(kernel_id) and not self._has_newer_page(kernel_id)
            patience = self.asleep_seconds if awaited else self.left_seconds
            over = now - self._left[kernel_id] > patience
        else:
            since = self._claimed.get(kernel_id) or self._loose.setdefault(kernel_id, now)
            over = now - since > self.unclaimed_seconds
        if over:
            await self.shutdown_kernel(kernel_id, now=True)

    def _has_newer_page(self, kernel_id: str) -> bool:
        """Say whether the browser of a kernel was sent a page after that of this kernel."""
        claimed, owner = self._claimed.get(kernel_id, 0.0), self._owners.get(kernel_id)
        return any(
            self._owners[other] == owner and since > claimed
            for other, since in self._claimed.items()
        )

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel, and tell whoever holds a connection to it."""
        for known in (self._claimed, self._owners, self._loose, self._left):
            known.pop(kernel_id, None)
        self._connected.discard(kernel_id)
        self._partakers.discard(kernel_id)
        removed = super().remove_kernel(kernel_id)
        self.when_gone(kernel_id)
        return removed

    def _handle_kernel_died(self, kernel_id: str) -> None:
        """Give back what a dead kernel held, also its place among those that wait."""
        kernel = self._kernels.get(kernel_id)
        if kernel is None:
            return
        self.stop_watching_activity(kernel_id)
        self.stop_buffering(kernel_id)
        for name, pool in getattr(self, "_pools", {}).items():
            alive = [task for task in pool if not _is_of(task, kernel_id)]
            if len(alive) < len(pool):
                pool[:] = alive
                refill: Any = self
                refill.fill_if_needed(notebook_name=name)
        super()._handle_kernel_died(kernel_id)
        self._end(kernel.cleanup_resources())

    def _end(self, course: Coroutine[Any, Any, Any]) -> None:
        """Let an end take its course."""
        ending = asyncio.ensure_future(course)
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)


def _is_of(task: asyncio.Task[dict[str, Any]], kernel_id: str) -> bool:
    """Say whether a place of the pool is of a kernel."""
    if not task.done() or task.cancelled() or task.exception() is not None:
        return False
    return bool(task.result()["kernel_id"] == kernel_id)
