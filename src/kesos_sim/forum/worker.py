"""The model itself, on request: one process that takes requests from the store one by one.

Nothing is kept in the process: what is asked and how far it has come are events of the store, so
a worker that is killed is followed by one that goes on.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.exc import SQLAlchemyError

from kesos_sim.errors import KesosError
from kesos_sim.forum.entries import checked
from kesos_sim.forum.room import Room
from kesos_sim.forum.settings import example_session
from kesos_sim.forum.store import Store, open_store
from kesos_sim.forum.zygote import die_with_parent

if TYPE_CHECKING:
    from kesos_sim.forum.records import Request
    from kesos_sim.forum.session import Session

__all__ = ["MOST_WAITING", "Worker", "full_model", "main"]

MOST_WAITING: Final = 20
"""Requests that may wait; those beyond are refused at once."""
ATTEMPTS: Final = 3
"""So often a request is begun whose run ends the process."""
_LOOK_SECONDS: Final = 1.0
_NICE: Final = 10
_DIGITS: Final = 6
_LOG: Final = logging.getLogger(__name__)

Body = Mapping[str, Any]
Outcomes = dict[str, dict[str, dict[str, float | None]]]


class Worker:
    """Runs what is asked for, in order, and writes what came of it.

    Parameters
    ----------
    session : Session
        Settings of the meeting.
    store : Store
        Where requests and results are.
    compute : callable
        Takes the body of a request and returns the outcomes.
    """

    def __init__(self, session: Session, store: Store, compute: Callable[[Body], Outcomes]) -> None:
        self._session, self._store, self._compute = session, store, compute
        self._room = Room(session)
        self._begun: Counter[str] = Counter()

    def step(self) -> bool:
        """Do the next thing that there is to do.

        Returns
        -------
        bool
            Whether there was anything.
        """
        self._take()
        queue = self._room.queue()
        for beyond in queue[MOST_WAITING:]:
            self._write(beyond, "refused")
        if not queue:
            return False
        request = queue[0]
        if self._begun[request.id] >= ATTEMPTS:
            self._write(request, "refused")
            return True
        self._write(request, "running")
        try:
            outcomes = self._compute(request.body)
        except KesosError as error:
            _LOG.warning("a request was refused: %s", error)
            self._write(request, "refused")
            return True
        self._write(request, "done", outcomes)
        return True

    def _take(self) -> None:
        """Read what is new."""
        events = self._store.since(self._room.version)
        for event in events:
            if event.kind == "result" and event.body.get("state") == "running":
                self._begun[event.body["request"]] += 1
        self._room.take(events)

    def _write(self, request: Request, state: str, outcomes: Outcomes | None = None) -> None:
        """Write how far a request is; twice the same is once."""
        attempt = self._begun[request.id] if state == "running" else 0
        body: dict[str, Any] = {"request": request.id, "state": state}
        if outcomes is not None:
            body["outcomes"] = outcomes
        identity = str(uuid5(NAMESPACE_URL, f"{request.id}/{state}/{attempt}"))
        raw = {"id": identity, "kind": "result", "body": body}
        self._store.add([checked(raw, self._session, self._room)])
        self._take()


def full_model(body: Body) -> Outcomes:
    """Run the model without and with a package, in the middle world of the fitted surface.

    Parameters
    ----------
    body : mapping
        A request: ``levers``, ``sources``, ``shock``, ``effect``.

    Returns
    -------
    dict
        By outcome and place the figure of the headline year as ``base`` and ``package``, in the
        unit of the outcome; None for missing.
    """
    import math

    from kesos_sim.emulator.lives import live
    from kesos_sim.emulator.question import OUTCOMES

    without, package = scenarios(body)
    before, after = live(without), live(package)
    found: Outcomes = {}
    for row, name in enumerate(OUTCOMES):
        found[name] = {
            place: {
                key: float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None
                for key, value in (
                    ("base", float(before.years[row, column, -1])),
                    ("package", float(after.years[row, column, -1])),
                )
            }
            for column, place in enumerate(after.places)
        }
    return found


def scenarios(body: Body) -> tuple[Any, Any]:
    """Write a request as scenarios.

    Parameters
    ----------
    body : mapping
        As for `full_model`.

    Returns
    -------
    without, package : Scenario
        Of the question that the fitted surface answers, with parameters in the middle.

    Raises
    ------
    InputError
        If no scenario can have these settings.
    """
    from dataclasses import replace

    from kesos_sim.emulator.question import RAMPS, SHOCKS, START, baseline
    from kesos_sim.experiments.futures import FUTURES
    from kesos_sim.scenario.coordination import without_effect
    from kesos_sim.scenario.load import from_document
    from kesos_sim.scenario.parts import LeverSetting

    shock = SHOCKS[str(body.get("shock") or "none")]
    usual = FUTURES[shock].change(baseline())
    wanted: Mapping[str, float] = body.get("levers") or {}
    levers = {
        name: LeverSetting(float(value), START, RAMPS.get(name, 0))
        for name, value in sorted(wanted.items())
    }
    package = replace(usual, name="package", levers=levers, root=usual) if levers else usual
    sources: Mapping[str, float] = body.get("sources") or {}
    if levers and sources:
        document = baseline().document() | {"funding_sources": dict(sources)}
        package = replace(package, funding_sources=from_document(document).funding_sources)
    if body.get("effect", True):
        return usual, package
    return without_effect(usual), without_effect(package)


def main() -> int:
    """Work for the meeting of the environment until the process is told to stop.

    Returns
    -------
    int
        Exit code.
    """
    import os

    over = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    die_with_parent(signal.SIGTERM)
    os.nice(_NICE)
    session = example_session()
    worker = Worker(session, open_store(None, session), full_model)
    while True:
        try:
            busy = worker.step()
        except SQLAlchemyError:
            _LOG.warning("the store cannot be reached; trying again")
            busy = False
        if not busy:
            over.wait(_LOOK_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
