"""One run on the workers of a Dask cluster: each has some provinces, and all live the same months.

Workers tell each other rows of districts directly, some times a month, over the connections that
Dask has between them anyway. A run that has lost a worker is over; it is asked for again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from secrets import token_hex
from threading import Condition
from typing import TYPE_CHECKING, Any, Final

from kesos_sim.data.regions import province_of
from kesos_sim.errors import KesosError
from kesos_sim.experiments.run import Progress, Run, living, read
from kesos_sim.model.identity import code_hash, data_hash
from kesos_sim.model.opening import open_model
from kesos_sim.model.shards import Shard

if TYPE_CHECKING:
    from kesos_sim.experiments.executors import Cluster
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Part", "run_sharded"]

_ROWS: Final = "kesos_rows"
"""Name under which workers take rows from each other."""
_LOOK_SECONDS: Final = 1.0
"""How often who waits looks whether there is still something to wait for."""


@dataclass(frozen=True)
class Part:
    """What one worker found.

    Attributes
    ----------
    run : the whole run, from the first worker; None from the others, who found the same
    exchanges : how often it told the others something
    told : bytes that it told each of them
    busy : processor seconds of all its threads
    """

    run: Run | None
    exchanges: int
    told: int
    busy: float


def run_sharded(
    scenario: Scenario,
    cluster: Cluster,
    progress: Progress | None = None,
    *,
    fresh: bool = False,
) -> tuple[Run, tuple[Part, ...]]:
    """Run a scenario on all workers of a cluster together.

    Parameters
    ----------
    scenario : the scenario
    cluster : the cluster; one with more workers than there are provinces has idle ones
    progress : told what is being done
    fresh : whether workers solve the anchor even if it is known to them

    Returns
    -------
    tuple of Run and tuple of Part
        The run, the same to the bit as in one process, and what every worker had to do with it.

    Raises
    ------
    KesosError
        If a worker is lost or has other code or data, or what a worker raised.
    """
    provinces = {province_of(code, scenario.start.year) for code in scenario.districts}
    name = f"kesos-{token_hex(8)}"
    with cluster.together() as client:
        addresses = sorted(client.nthreads())[: len(provinces)]
        client.run(_listen, workers=addresses)
        if progress is not None:
            client.subscribe_topic(name, lambda event: progress(*event[1]))
        known = (code_hash(), data_hash())
        futures = [
            client.submit(
                _live_part, scenario, name, rank, addresses, known, fresh,
                workers=[address], allow_other_workers=False, pure=False, retries=0,
            )
            for rank, address in enumerate(addresses)
        ]  # fmt: skip
        try:
            _wait(client, futures, addresses)
            parts = tuple(client.gather(futures))
        finally:
            with suppress(Exception):  # what was lost is no reason to hide why
                client.unsubscribe_topic(name)
                client.cancel(futures)
                client.run(_stop, name, on_error="ignore")
    (run,) = (part.run for part in parts if part.run is not None)
    return run, parts


def _wait(client: Any, futures: Sequence[Any], addresses: Sequence[str]) -> None:
    """Wait until all parts are done; raise what a worker raised, or that one was lost."""
    done: Any = import_module("distributed").wait
    waiting = list(futures)
    while waiting:
        with client.as_current(), suppress(TimeoutError):
            done(waiting, timeout=_LOOK_SECONDS, return_when="FIRST_COMPLETED")
        for future in [one for one in waiting if one.done()]:
            future.result()
            waiting.remove(future)
        lost = set(addresses) - set(client.nthreads())
        if waiting and lost:
            raise KesosError("KS3039", "experiments.worker_lost", got=", ".join(sorted(lost)))


# What follows happens on a worker.


class _Post:
    """Rows that have come from other workers and wait to be read."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, int, int], bytes] = {}
        self._changed = Condition()
        self._over: set[str] = set()

    def receive(self, run: str, turn: int, rank: int, rows: bytes) -> None:
        """Take in what a worker tells; called in the loop of ours."""
        with self._changed:
            if run not in self._over:
                self._rows[run, turn, rank] = rows
                self._changed.notify_all()

    def stop(self, run: str) -> None:
        """Let nobody wait for a run any more."""
        with self._changed:
            self._over.add(run)
            for key in [key for key in self._rows if key[0] == run]:
                del self._rows[key]
            self._changed.notify_all()

    def read(self, run: str, turn: int, rank: int, check: Callable[[], None]) -> bytes:
        """Wait for what a worker tells in a turn."""
        key = (run, turn, rank)
        with self._changed:
            while key not in self._rows:
                if run in self._over:
                    raise KesosError("KS3039", "experiments.worker_lost", got=rank)
                check()
                self._changed.wait(_LOOK_SECONDS)
            return self._rows.pop(key)


_POST: Final = _Post()


def _listen(dask_worker: Any) -> None:
    """Let a worker take rows from others."""
    dask_worker.handlers[_ROWS] = _POST.receive


def _stop(run: str) -> None:
    """Let a worker wait no longer."""
    _POST.stop(run)


class _Line:
    """How the part of a run on this worker tells the others something."""

    def __init__(self, run: str, rank: int, addresses: Sequence[str]) -> None:
        self.worker: Any = import_module("distributed").get_worker()
        self._task = self.worker.get_current_task()
        self._run, self._rank, self._addresses = run, rank, addresses
        self._turn = 0

    def __call__(self, own: bytes) -> list[bytes]:
        """Tell and hear; see `kesos_sim.model.shards.Exchange`."""
        self._turn += 1
        sent = asyncio.run_coroutine_threadsafe(self._tell(own), self.worker.loop.asyncio_loop)

        def check() -> None:
            self._check(sent)

        heard = [
            own if rank == self._rank else _POST.read(self._run, self._turn, rank, check)
            for rank in range(len(self._addresses))
        ]
        _arrived(sent)
        return heard

    async def _tell(self, own: bytes) -> None:
        message = {"run": self._run, "turn": self._turn, "rank": self._rank, "rows": own}
        others = [address for rank, address in enumerate(self._addresses) if rank != self._rank]
        await asyncio.gather(
            *(getattr(self.worker.rpc(address), _ROWS)(**message) for address in others)
        )

    def _check(self, sent: Future[None]) -> None:
        """Stop waiting when another worker cannot be reached, or nobody wants the result."""
        if sent.done():
            _arrived(sent)
        task = self.worker.state.tasks.get(self._task)
        if task is None or task.state == "cancelled":
            raise KesosError("KS3039", "experiments.worker_lost", got=self._rank)


def _arrived(sent: Future[None]) -> None:
    """Wait until the others have what was sent to them."""
    try:
        sent.result()
    except OSError as error:
        raise KesosError("KS3039", "experiments.worker_lost", got=str(error)) from error


def _live_part(
    scenario: Scenario,
    name: str,
    rank: int,
    addresses: Sequence[str],
    known: tuple[str, str],
    fresh: bool,
) -> Part:
    """Live a scenario with the households of some provinces."""
    if (code_hash(), data_hash()) != known:
        raise KesosError("KS3036", "experiments.other_worker", got=addresses[rank])
    began, busy = time.perf_counter(), time.process_time()
    line = _Line(name, rank, addresses)

    def tell(stage: str, done: int, total: int) -> None:
        if rank == 0:
            line.worker.log_event(name, (stage, done, total))

    shard = Shard(line.worker.state.nthreads, rank, len(addresses), line)
    model = open_model(
        scenario, shard.threads, fresh=fresh, note=lambda what: tell(what, 0, 1), shard=shard
    )
    for month in living(model):
        tell("months", month, scenario.months)
    found = read(model, time.perf_counter() - began) if rank == 0 else None
    return Part(found, shard.exchanges, shard.told, time.process_time() - busy)
