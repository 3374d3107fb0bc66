"""Kernels of visitors as forks of a zygote, for the Jupyter server that serves the page."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint
from typing import Any, Final

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from kesos_sim.errors import KesosError
from kesos_sim.forum.zygote import LARGEST_PACKET, READY

__all__ = ["PROVISIONER", "Forked", "ForumProvisioner", "Zygote", "register"]

PROVISIONER: Final = "kesos-forum"
"""Name of the provisioner in kernel specifications."""
_START_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 20.0
_LAUNCHER_WORDS: Final = 3  # python -m ipykernel_launcher


class Forked:
    """A kernel that is a grandchild of this process, handled like a child.

    Parameters
    ----------
    pid : int
        Number of the process.
    descriptor : int
        File descriptor that stands for the process and for no later one of the same number.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, descriptor: int) -> None:
        self.pid = pid
        self._descriptor: int | None = descriptor

    def poll(self) -> int | None:
        """Return None while the process lives, else 0: nobody but its parent knows the code."""
        if self._descriptor is None:
            return 0
        # Not select: it fails above 1023 descriptors, which seventy visitors reach.
        watch = select.poll()
        watch.register(self._descriptor, select.POLLIN)
        return 0 if watch.poll(0) else None

    def wait(self) -> int:
        """Wait for the end and give the descriptor back.

        Returns
        -------
        int
            0.
        """
        if self._descriptor is not None:
            watch = select.poll()
            watch.register(self._descriptor, select.POLLIN)
            watch.poll()
            os.close(self._descriptor)
            self._descriptor = None
        return 0

    def send_signal(self, signum: int) -> None:
        """Send a signal; nothing happens when the process has ended.

        Parameters
        ----------
        signum : int
            The signal.
        """
        if self._descriptor is not None and hasattr(signal, "pidfd_send_signal"):
            try:
                signal.pidfd_send_signal(self._descriptor, signum)
            except ProcessLookupError:
                return

    def kill(self) -> None:
        """End the process at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def __del__(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class Zygote:
    """The process that forks kernels, as its server sees it; started again if it dies.

    Parameters
    ----------
    modules : sequence of str
        What it imports before the first fork.
    environment : mapping of str to str
        Environment of the zygote. Every kernel shares its memory: no secrets.
    """

    def __init__(self, modules: Sequence[str], environment: Mapping[str, str]) -> None:
        self._modules = tuple(modules)
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._one_at_a_time = asyncio.Lock()

    @staticmethod
    def usable() -> bool:
        """Say whether this system can fork kernels and hold on to them.

        Returns
        -------
        bool
        """
        return sys.platform == "linux" and hasattr(os, "pidfd_open")

    @property
    def pid(self) -> int | None:
        """Number of the process, or None before it was started."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start the process and wait until it can fork.

        Raises
        ------
        KesosError
            If it ends or takes too long.
        """
        self.stop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(  # noqa: S603 (this interpreter, modules of ours)
                [sys.executable, "-m", "kesos_sim.forum.zygote", str(number), *self._modules],
                env=self._environment,
                pass_fds=[number],
                stdin=subprocess.DEVNULL,
            )
        self._socket = ours
        ours.settimeout(_START_SECONDS)
        try:
            said = ours.recv(len(READY))
        except OSError:
            said = b""
        if said != READY:
            self.stop()
            raise KesosError("KS9410", "forum_server.no_zygote")
        ours.settimeout(_ANSWER_SECONDS)

    def stop(self) -> None:
        """End the process, and with it every kernel that it forked."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def fork(self, argv: Sequence[str], env: Mapping[str, str], cwd: str) -> Forked:
        """Make one kernel.

        Parameters
        ----------
        argv : sequence of str
            Arguments of the kernel.
        env : mapping of str to str
            Its environment.
        cwd : str
            Its folder.

        Returns
        -------
        Forked

        Raises
        ------
        KesosError
            If the zygote cannot fork, or cannot be started again.
        """
        packet = json.dumps({"argv": list(argv), "env": dict(env), "cwd": cwd}).encode()
        if len(packet) > LARGEST_PACKET:
            raise KesosError("KS9411", "forum_server.no_fork", reason="E2BIG")
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._asked, packet)

    def _asked(self, packet: bytes) -> Forked:
        """Ask for a fork; a zygote that has died is started once more."""
        try:
            return self._answer(packet)
        except OSError:
            self.start()
        try:
            return self._answer(packet)
        except OSError as error:
            raise KesosError("KS9411", "forum_server.no_fork", reason=error) from error

    def _answer(self, packet: bytes) -> Forked:
        """Send one request and read what comes back."""
        if self._socket is None:
            raise ConnectionError
        self._socket.send(packet)
        said, descriptors, _, _ = socket.recv_fds(self._socket, LARGEST_PACKET, 1)
        if not said:
            raise ConnectionResetError
        answer: dict[str, Any] = json.loads(said)
        if "error" in answer or not descriptors:
            raise KesosError("KS9411", "forum_server.no_fork", reason=answer.get("error", "?"))
        return Forked(int(answer["pid"]), descriptors[0])


class ForumProvisioner(LocalProvisioner):
    """Launches a kernel by a fork of the zygote of the kernel manager."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork one kernel.

        Parameters
        ----------
        cmd : list of str
            Command of an ordinary kernel; the words that start the launcher are left out.
        **kwargs : object
            ``env`` and ``cwd``.

        Returns
        -------
        dict
            Where the kernel listens.
        """
        manager: Any = self.parent
        zygote: Zygote = manager.parent.zygote
        env = {str(key): str(value) for key, value in kwargs["env"].items()}
        cwd = str(kwargs.get("cwd") or os.getcwd())
        forked: Any = await zygote.fork(cmd[_LAUNCHER_WORDS:], env, cwd)
        self.process, self.pid = forked, forked.pid
        # Signals go to the one process, through its descriptor; kernels start no others.
        self.pgid = None
        return self.connection_info


def register() -> None:
    """Let Jupyter find the provisioner without an installed entry point."""
    KernelProvisionerFactory.provisioners[PROVISIONER] = EntryPoint(
        name=PROVISIONER,
        value="kesos_sim.forum.provisioner:ForumProvisioner",
        group=KernelProvisionerFactory.GROUP_NAME,
    )
