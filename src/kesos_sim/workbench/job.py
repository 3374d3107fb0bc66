"""Work of the model in a process of its own: it tells how far it is, and can be stopped at once.

The kernel of a notebook stays free meanwhile. Stopping ends the process with everything that it
has started; nothing is left half done, since the store keeps only what is finished.
"""

from __future__ import annotations

import atexit
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final

from kesos_sim.errors import KesosError

__all__ = ["Job"]

logger = logging.getLogger(__name__)

_PATIENCE: Final = 5.0
"""Seconds between the request to end and the end."""
_PAUSE: Final = 0.05
_TOLD, _DONE, _FAILED = "told", "done", "failed"

Tell = Callable[[str, int, int], None]


class Job:
    """A call that runs in another process.

    Parameters
    ----------
    work : callable
        A function of a module; called with the arguments and ``progress``.
    arguments : object
        What it is called with.
    told : callable
        Called from a thread with stage, steps done and steps in all.
    ended : callable
        Called once from a thread with the result, or with None and a `KesosError` or the name of
        an unexpected error; not called after `stop`.
    """

    def __init__(
        self,
        work: Callable[..., Any],
        *arguments: Any,
        told: Tell,
        ended: Callable[[Any, KesosError | str | None], None],
    ) -> None:
        self._told, self._ended = told, ended
        self._stopped = threading.Event()
        self._over = threading.Event()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_live, args=(theirs, work, arguments))
        self._process.start()
        theirs.close()
        atexit.register(self.stop)
        threading.Thread(target=self._listen, args=(ours,), daemon=True).start()

    @property
    def running(self) -> bool:
        """Whether it is neither done nor stopped."""
        return not self._over.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end.

        Parameters
        ----------
        seconds : float, optional
            Longest time to wait; without end when left out.

        Returns
        -------
        bool
            Whether it has ended.
        """
        return self._over.wait(seconds)

    def stop(self) -> None:
        """End the process and everything that it has started, and wait until it is gone."""
        self._stopped.set()
        for number, alone in (
            (signal.SIGTERM, self._process.terminate),
            (getattr(signal, "SIGKILL", signal.SIGTERM), self._process.kill),
        ):
            if self._gone():
                break
            _end(self._process.pid, number, alone)
            until = time.monotonic() + _PATIENCE
            while not self._gone() and time.monotonic() < until:
                self._process.join(_PAUSE)
                time.sleep(_PAUSE)
        self._finish()

    def _gone(self) -> bool:
        """Return whether the process and everything that it has started have ended."""
        if self._process.is_alive():
            return False
        try:
            if self._process.pid is not None and hasattr(os, "killpg"):
                os.killpg(self._process.pid, 0)
                return False
        except OSError:
            pass
        return True

    def _listen(self, pipe: Connection) -> None:
        """Pass on what the process says until it ends."""
        result: Any = None
        problem: KesosError | str | None = "EOFError"
        try:
            while True:
                kind, *said = pipe.recv()
                if kind == _TOLD:
                    if not self._stopped.is_set():
                        self._told(*said)
                    continue
                result, problem = (said[0], None) if kind == _DONE else (None, said[0])
                break
        except (EOFError, OSError):
            logger.info("the process of a job has gone")
        finally:
            pipe.close()
        self._process.join(_PATIENCE)
        if not self._stopped.is_set():
            try:
                self._ended(result, problem)
            finally:
                self._finish()

    def _finish(self) -> None:
        self._over.set()
        atexit.unregister(self.stop)


def _end(pid: int | None, number: int, alone: Callable[[], None]) -> None:
    """Signal the group of a process; where there are no groups, the process alone."""
    if pid is None or not hasattr(os, "killpg"):
        alone()
        return
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        alone()  # it has not made its group yet


def _live(pipe: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Do the work and say how it went; runs in the other process."""
    if hasattr(os, "setsid"):
        os.setsid()
    # What is swept up after a stop needs no words on the screen.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker")

    def progress(stage: str, done: int, total: int) -> None:
        pipe.send((_TOLD, stage, done, total))  # fails, and so ends the work, if nobody listens

    try:
        answer = (_DONE, work(*arguments, progress=progress))
    except KesosError as error:
        answer = (_FAILED, error)
    except Exception as error:
        logging.getLogger(__name__).exception("a job failed")
        answer = (_FAILED, type(error).__name__)
    pipe.send(answer)
    pipe.close()
