"""Who computes: one process, the processes of this machine, or the workers of a Dask cluster.

Jobs are asked for only when somebody is free to do them, so that whoever proposes them can stop at
any moment. Results come as they are ready, each with the number of its job.
"""

from __future__ import annotations

import logging
import socket
import threading
import traceback
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import Any, Final, Protocol, TypeVar

from kesos_sim.errors import InputError, KesosError

__all__ = [
    "LOCAL",
    "Cluster",
    "Executor",
    "Failure",
    "Processes",
    "Serial",
    "in_parallel",
    "usable_workers",
]

Found = TypeVar("Found")
Job = tuple[object, ...]

LOCAL: Final = "local"
"""Instead of the address of a scheduler: a cluster on this machine, for as long as it is needed."""
_IN_HAND: Final = 2
"""Jobs in the hands of a cluster, for each of its workers: one runs and one waits."""
_CONNECT: Final = 10.0
"""Seconds that a scheduler may take to answer at all."""
_PATIENCE: Final = "60s"
"""How long to wait for its first worker."""
_ANSWER: Final = "15s"
"""How long a scheduler that is at work may take to say who its workers are."""


@dataclass(frozen=True)
class Failure:
    """A job that ended in an error.

    Attributes
    ----------
    cause : str
        The error in one line.
    trace : str
        Where it happened, for whoever mends it.
    error : Exception
        What was raised.
    """

    cause: str
    trace: str
    error: Exception

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """Make a record of an error."""
        cause = str(error) if isinstance(error, KesosError) else repr(error)
        return cls(cause, "".join(traceback.format_exception(error)), error)


class Executor(Protocol):
    """Somebody who does jobs."""

    @property
    def workers(self) -> int:
        """How many jobs are done at a time."""

    def completed(
        self, function: Callable[..., Found], jobs: Iterable[Job]
    ) -> AbstractContextManager[Iterator[tuple[int, Found | Failure]]]:
        """Do jobs for as long as the block lasts.

        Parameters
        ----------
        function : function
            Of a module, so that another process finds it.
        jobs : iterable of tuple
            Arguments of each call, asked for when somebody is free.

        Yields
        ------
        iterator of tuple
            Number of the job, from 0, and what the call returned or the error that it ended in,
            as they are ready.
        """


def usable_workers(jobs: int | None = None) -> int:
    """Return how many processes or threads pay off: one for each core, and no idle one.

    Cores that this process may use count: affinity, the limits of a container, and the environment
    variable ``LOKY_MAX_CPU_COUNT``, with which several runs share a machine.
    """
    from joblib import cpu_count

    cores = int(cpu_count())
    return max(1, cores if jobs is None else min(jobs, cores))


def _safely(function: Callable[..., Found], number: int, job: Job) -> tuple[int, Found | Failure]:
    """Do a job; an error is an answer too."""
    try:
        return number, function(*job)
    except Exception as error:  # whatever goes wrong in one job must not end the others
        return number, Failure.of(error)


@dataclass(frozen=True)
class Serial:
    """Jobs one after the other, in the process that asks.

    Examples
    --------
    >>> with Serial().completed(pow, [(2, 3), (2, 5)]) as found:
    ...     list(found)
    [(0, 8), (1, 32)]
    """

    workers: int = 1

    @contextmanager
    def completed(
        self, function: Callable[..., Found], jobs: Iterable[Job]
    ) -> Iterator[Iterator[tuple[int, Found | Failure]]]:
        """Do jobs here; see `Executor`."""
        yield (_safely(function, number, job) for number, job in enumerate(jobs))


@dataclass(frozen=True)
class Processes:
    """Processes of this machine.

    Attributes
    ----------
    workers : int
        Their number.
    """

    workers: int

    @contextmanager
    def completed(
        self, function: Callable[..., Found], jobs: Iterable[Job]
    ) -> Iterator[Iterator[tuple[int, Found | Failure]]]:
        """Do jobs in processes of their own, let go when the block is left; see `Executor`."""
        from joblib import Parallel, delayed

        found = Parallel(
            n_jobs=self.workers,
            return_as="generator_unordered",
            pre_dispatch=self.workers,
            batch_size=1,
        )(delayed(_safely)(function, number, job) for number, job in enumerate(jobs))
        with warnings.catch_warnings(), _let_go(found):
            # Workers are renewed when their memory has grown, and let go if we are interrupted.
            said = r"A worker stopped|\d+ tasks (which|have)"
            warnings.filterwarnings("ignore", message=said, category=UserWarning)
            yield found


@contextmanager
def _let_go(found: Generator[Any]) -> Iterator[None]:
    """Close results at the end; a job that is on its way to a worker then is no error.

    The thread that hands out jobs stumbles over one that was called back meanwhile, and ends, as
    it was about to do (loky 3.7, `add_call_item_to_queue`).
    """
    try:
        yield
    finally:
        heard = threading.excepthook

        def without_stumble(said: Any) -> None:
            named = said.thread.name if said.thread else ""
            if not (said.exc_type is KeyError and named == "ExecutorManagerThread"):
                heard(said)

        threading.excepthook = without_stumble
        try:
            found.close()
        finally:
            threading.excepthook = heard


@dataclass(frozen=True)
class Cluster:
    """Workers of a Dask cluster.

    Attributes
    ----------
    address : str
        Of the scheduler, for instance ``tcp://10.0.0.1:8786``; `LOCAL` for a cluster on this
        machine that grows and shrinks with the work.
    most : int
        Workers of a local cluster.
    """

    address: str = LOCAL
    most: int = 1

    @property
    def workers(self) -> int:
        """Workers that a local cluster may have; of another one it is known once it answers."""
        return self.most

    @contextmanager
    def completed(
        self, function: Callable[..., Found], jobs: Iterable[Job]
    ) -> Iterator[Iterator[tuple[int, Found | Failure]]]:
        """Do jobs on the cluster; what a lost worker had in hand others do; see `Executor`."""
        with (
            self._client() as client,
            closing(self._results(client, function, enumerate(jobs))) as results,
        ):
            yield results

    @contextmanager
    def together(self) -> Iterator[Any]:
        """Connect to the scheduler for one job that needs all workers at the same time.

        Yields
        ------
        distributed.Client
        """
        with self._client(together=True) as client:
            yield client

    @contextmanager
    def _client(self, *, together: bool = False) -> Iterator[Any]:
        """Connect to the scheduler; of a local cluster, with all workers or as many as it takes."""
        try:
            dask: Any = import_module("distributed")
        except ImportError as error:
            raise InputError("KS3031", "experiments.no_dask", field="--scheduler") from error
        if self.address == LOCAL:
            with (
                dask.LocalCluster(
                    n_workers=self.most,
                    threads_per_worker=usable_workers() // self.most or 1 if together else 1,
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.ERROR,
                ) as own,
                dask.Client(own, set_as_default=False) as client,
            ):
                if not together:
                    own.adapt(minimum=1, maximum=self.most)
                client.wait_for_workers(self.most if together else 1, timeout=_PATIENCE)
                yield client
            return
        try:
            self._greeted()
            client = dask.Client(self.address, timeout=_CONNECT, set_as_default=False)
            client.wait_for_workers(1, timeout=_PATIENCE)
        except (OSError, ValueError) as error:
            raise InputError(
                "KS3030", "experiments.no_scheduler", field="--scheduler", got=self.address
            ) from error
        # What it has to say when the scheduler is gone, we say ourselves.
        with _silent("distributed.client"), client:
            yield client

    def _greeted(self) -> None:
        """Raise an error where no scheduler speaks: Dask waits for other servers without end."""
        comm: Any = import_module("distributed.comm")
        place = comm.get_address_host_port(self.address, strict=True)
        # A scheduler speaks first, but with TLS.
        if comm.parse_address(self.address)[0] == "tcp":
            with socket.create_connection(place, _CONNECT) as line:
                if not line.recv(1):
                    raise ConnectionError(self.address)

    def _results(
        self,
        client: Any,
        function: Callable[..., Found],
        jobs: Iterator[tuple[int, Job]],
    ) -> Generator[tuple[int, Found | Failure]]:
        """Hand out jobs as workers get free, and yield what comes back."""
        numbers: dict[Any, int] = {}
        waiting = import_module("distributed").as_completed(loop=client.loop)

        def hand_out() -> None:
            free = _IN_HAND * self._present(client) - waiting.count()
            for number, job in islice(jobs, max(0, free)):
                future = client.submit(_safely, function, number, job, pure=False)
                numbers[future] = number
                waiting.add(future)

        try:
            with self._reached():
                hand_out()
            while numbers:
                with self._reached():
                    future = next(waiting)
                    number = numbers.pop(future)
                    # A job whose workers have died again and again is suspect itself.
                    lost = future.exception()
                    result = future.result() if lost is None else (number, Failure.of(lost))
                yield result
                with self._reached():
                    hand_out()
        finally:
            with suppress(OSError, CancelledError):
                client.cancel(list(numbers))

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Say so where the scheduler is gone."""
        try:
            yield
        except (OSError, CancelledError, StopIteration) as error:
            raise InputError(
                "KS3035", "experiments.scheduler_lost", field="--scheduler", got=self.address
            ) from error

    def _present(self, client: Any) -> int:
        """Return how many threads the workers have, or soon will have."""
        if self.address == LOCAL:
            return self.most
        if client.status != "running":  # a question would wait for an answer for ever
            raise ConnectionError(self.address)
        known = client.sync(client.scheduler.ncores, callback_timeout=_ANSWER)
        return max(1, sum(map(int, known.values())))


@contextmanager
def _silent(name: str) -> Iterator[None]:
    """Let a logger say nothing for a while."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextmanager
def in_parallel(
    function: Callable[..., Found], jobs: Sequence[Job], executor: Executor | None = None
) -> Iterator[Iterator[Found]]:
    """Begin jobs side by side, and let them go when the block is left.

    Parameters
    ----------
    function : function
        Of a module, so that another process finds it.
    jobs : sequence of tuple
        Arguments of each call.
    executor : Executor, optional
        Who does them; processes of this machine when left out.

    Yields
    ------
    iterator
        What the calls return, in the order of the jobs.

    Raises
    ------
    Exception
        What a call raised.
    """
    chosen = executor or Processes(usable_workers(len(jobs)))
    with chosen.completed(function, jobs) as found:
        yield _in_order(found)


def _in_order(found: Iterator[tuple[int, Found | Failure]]) -> Iterator[Found]:
    """Yield results in the order of their jobs; the first error ends it."""
    early: dict[int, Found | Failure] = {}
    turn = 0
    for number, result in found:
        early[number] = result
        while turn in early:
            ready = early.pop(turn)
            if isinstance(ready, Failure):
                raise ready.error
            yield ready
            turn += 1
