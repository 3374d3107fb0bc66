"""Many runs of which a store remembers what is finished: nothing is lived twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from kesos_sim.experiments.executors import Executor, Failure
from kesos_sim.experiments.store import DONE, FAILED, Entry, Store, identity

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Answer", "lives"]

Found = TypeVar("Found")


@dataclass(frozen=True)
class Answer(Generic[Found]):
    """How much of the answer to a scenario is kept, and how.

    Attributes
    ----------
    kind : name of it in the store
    live : lives a scenario; of a module, so that another process finds it
    write : writes the answer into a folder
    read : reads what `write` has written
    seconds : time that an answer took
    """

    kind: str
    live: Callable[[Scenario], Found]
    write: Callable[[Found, Path], None]
    read: Callable[[Path], Found]
    seconds: Callable[[Found], float]


@contextmanager
def lives(
    scenarios: Iterable[Scenario],
    executor: Executor,
    store: Store | None,
    answer: Answer[Found],
) -> Iterator[Iterator[tuple[int, Found | Failure]]]:
    """Begin to live scenarios, but those that a store knows; what is new is kept there.

    Parameters
    ----------
    scenarios : asked for one by one, as somebody is free to live them
    executor : who computes
    store : who remembers
    answer : what is kept of each

    Yields
    ------
    iterator of tuple
        Number of the scenario, from 0, and its answer or why it has none, as they are ready.
    """
    known: deque[tuple[int, Found]] = deque()
    asked: list[tuple[int, Scenario]] = []

    def unknown() -> Iterator[tuple[Scenario]]:
        for number, scenario in enumerate(scenarios):
            folder = store and store.find(identity(scenario, answer.kind))
            if folder:
                known.append((number, answer.read(folder)))
            else:
                asked.append((number, scenario))
                yield (scenario,)

    def ready(
        results: Iterator[tuple[int, Found | Failure]],
    ) -> Iterator[tuple[int, Found | Failure]]:
        for place, found in results:
            while known:
                yield known.popleft()
            number, scenario = asked[place]
            if store:
                _remember(store, scenario, answer, found)
            yield number, found
        yield from known

    with executor.completed(answer.live, unknown()) as results:
        yield ready(results)


def _remember(
    store: Store, scenario: Scenario, answer: Answer[Found], found: Found | Failure
) -> None:
    """Keep an answer, or that there is none."""
    if isinstance(found, Failure):
        store.fail(Entry.of(scenario, answer.kind, FAILED, found.cause))
        return
    entry = Entry.of(scenario, answer.kind, DONE, seconds=answer.seconds(found))
    store.keep(entry, lambda folder: answer.write(found, folder))
