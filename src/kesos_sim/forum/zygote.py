"""A process that has imported what a page needs, and forks one kernel per visitor.

Importing is most of the work of starting a kernel. This process does it once; a fork of it is
ready in a tenth of a second and shares its memory. It talks with its server over the one socket
that it was born with, so nobody else can ask for kernels, and it ends when the server does.

A request is one packet of JSON ``{argv, env, cwd}``; the answer ``{pid}`` carries a file
descriptor of the process, or is ``{error}``.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import random
import signal
import socket
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

__all__ = ["LARGEST_PACKET", "READY", "die_with_parent", "main"]

LARGEST_PACKET: Final = 256 * 1024
"""Most bytes of one request."""
READY: Final = b"ready"
"""What the process says once it can fork."""
_PR_SET_PDEATHSIG: Final = 1
_ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

_ALWAYS: Final = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "ipywidgets",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "encodings.idna",
    "psutil",
    "sqlalchemy.dialects.sqlite",
    "tornado.platform.asyncio",
    "zmq.utils.garbage",
)
"""What a kernel would else import by itself, each for its own."""


def main(arguments: Sequence[str]) -> int:
    """Import modules, then fork until the server is gone.

    Parameters
    ----------
    arguments : sequence of str
        Number of the socket that the process was given, then the modules to import. A module
        that has a function ``prepare`` has it called once.

    Returns
    -------
    int
        Exit code of the zygote; a forked kernel never returns from here.
    """
    door = socket.socket(fileno=int(arguments[0]))
    # Ctrl-C is for the supervisor, which ends everything in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    os.environ.pop("JPY_PARENT_PID", None)
    os.environ.update(_ONE_THREAD)
    _prepare(arguments[1:])
    door.send(READY)
    while True:
        packet = door.recv(LARGEST_PACKET)
        if not packet:
            return 0
        asked: dict[str, Any] = json.loads(packet)
        try:
            pid = os.fork()
        except OSError as error:
            door.send(json.dumps({"error": error.strerror}).encode())
            continue
        if pid == 0:
            door.close()
            _become_kernel(asked)
        _answer(door, pid)


def die_with_parent(signum: int = signal.SIGTERM) -> None:
    """Have the system send a signal to this process when its parent ends.

    Parameters
    ----------
    signum : int
        The signal. Without effect where the system is not Linux.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0)


def _prepare(modules: Sequence[str]) -> None:
    """Import everything, and make sure that forking is safe afterwards."""
    import zmq

    # Visitors run no code, so nobody debugs theirs; it would be half the memory of a kernel.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    for name in (*_ALWAYS, *modules):
        prepare = getattr(import_module(name), "prepare", None)
        if prepare is not None:
            prepare()
    # What a fork cannot take along: sockets of a live context, and other threads.
    if zmq.Context._instance is not None or _threads() > 1:
        raise SystemExit("the zygote has a live context or a second thread and must not fork")
    gc.collect()
    gc.freeze()
    gc.disable()


def _threads() -> int:
    """Count the threads of this process."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1


def _answer(door: socket.socket, pid: int) -> None:
    """Tell the server which process was made, with a descriptor that cannot mean another."""
    try:
        descriptor = os.pidfd_open(pid)
    except OSError as error:
        door.send(json.dumps({"error": error.strerror}).encode())
        return
    try:
        socket.send_fds(door, [json.dumps({"pid": pid}).encode()], [descriptor])
    finally:
        os.close(descriptor)


def _become_kernel(asked: dict[str, Any]) -> None:
    """Turn a fork into a kernel; never returns."""
    code = 1
    try:
        os.setsid()
        die_with_parent(signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(asked["env"])
        os.chdir(asked["cwd"])
        random.seed()
        gc.enable()

        from ipykernel.kernelapp import IPKernelApp
        from ipywidgets import register_comm_target  # type: ignore[import-untyped]

        class Quiet(IPKernelApp):
            """A kernel that does not print how to connect to it."""

            def log_connection_info(self) -> None:
                """Print nothing."""

        application = Quiet.instance()
        application.initialize(asked["argv"])
        # It was imported before there was a kernel to register with.
        register_comm_target(application.kernel)
        application.start()
        code = 0
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
