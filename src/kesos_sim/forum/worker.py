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
from functools import cache
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
    from kesos_sim.emulator.lives import Lived
    from kesos_sim.forum.records import Request
    from kesos_sim.forum.session import Session

__all__ = ["MOST_WAITING", "WARM_VARIABLE", "Worker", "full_model", "main", "warm"]

WARM_VARIABLE: Final = "KESOS_FORUM_WARM"
"""Environment variable, ``1`` when the world without a package is to be run before anybody asks."""
MOST_WAITING: Final = 20
"""Requests that may wait; those beyond are refused at once."""
ATTEMPTS: Final = 3
"""So often a request is begun whose run ends the process."""
BESIDE_OUTCOMES: Final = (
    "poverty_rate", "poor_people", "extreme_poverty_rate", "poverty_gap", "exclusion_error",
    "unmet_need_rate", "duplicate_service_rate", "days_to_service", "coordination_active",
)  # fmt: skip
"""Outcomes of which the page shows the figures without effect of coordination too."""
_LOOK_SECONDS: Final = 1.0
_NICE: Final = 10
_DIGITS: Final = 6
_LOG: Final = logging.getLogger(__name__)

Body = Mapping[str, Any]
Figures = dict[str, dict[str, dict[str, float | None]]]
Plain = dict[str, dict[str, float | None]]
Result = dict[str, Figures | Plain]
# What a result holds, figures of the headline year, in the unit of the outcome, None for missing:
#   outcomes        {name: {place: {"base": value, "package": value}}}, as it was asked for
#   baseline        {name: {place: value}} without the package
#   idle            {name: {place: value}} with the package, coordination without any effect
#   idle_baseline   {name: {place: value}} without the package, coordination without any effect
# The last three hold `BESIDE_OUTCOMES` only: a result has to stay below `LARGEST_ROOM_BODY`.
# ``idle`` minus ``idle_baseline`` is what the package does where coordination does nothing. Each is
# one world, the middle one: what has a range is the answer of the surface.


class Worker:
    """Runs what is asked for, in order, and writes what came of it.

    Parameters
    ----------
    session : Session
        Settings of the meeting.
    store : Store
        Where requests and results are.
    compute : callable
        Takes the body of a request and returns the result, as `full_model` does.
    """

    def __init__(self, session: Session, store: Store, compute: Callable[[Body], Result]) -> None:
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
            result = self._compute(request.body)
        except KesosError as error:
            _LOG.warning("a request was refused: %s", error)
            self._write(request, "refused")
            return True
        self._write(request, "done", result)
        return True

    def _take(self) -> None:
        """Read what is new."""
        events = self._store.since(self._room.version)
        for event in events:
            if event.kind == "result" and event.body.get("state") == "running":
                self._begun[event.body["request"]] += 1
        self._room.take(events)

    def _write(self, request: Request, state: str, result: Result | None = None) -> None:
        """Write how far a request is; twice the same is once."""
        attempt = self._begun[request.id] if state == "running" else 0
        body = {"request": request.id, "state": state, **(result or {})}
        identity = str(uuid5(NAMESPACE_URL, f"{request.id}/{state}/{attempt}"))
        raw = {"id": identity, "kind": "result", "body": body}
        self._store.add([checked(raw, self._session, self._room)])
        self._take()


def full_model(body: Body) -> Result:
    """Run the model without and with a package, in the middle world of the fitted surface.

    Parameters
    ----------
    body : mapping
        A request: ``levers``, ``sources``, ``shock``, ``effect``.

    Returns
    -------
    dict
        ``outcomes``: by outcome and place the figure of the headline year as ``base`` and
        ``package``, in the unit of the outcome; None for missing. ``baseline``, ``idle`` and
        ``idle_baseline``: one figure by outcome of `BESIDE_OUTCOMES` and place, the last two in
        the world in which coordination has no effect.
    """
    shock, effect = str(body.get("shock") or "none"), bool(body.get("effect", True))
    before, after = _usual(shock, effect=effect), _package(body)
    usual, idle = before, after
    if effect:  # zero effect stands beside whatever rests on coordination
        usual, idle = _usual(shock, effect=False), _package({**body, "effect": False})
    outcomes: Figures = {
        name: {
            place: {"base": before[name][place], "package": value}
            for place, value in places.items()
        }
        for name, places in after.items()
    }
    beside = {"baseline": before, "idle": idle, "idle_baseline": usual}
    short = {name: {one: found[one] for one in BESIDE_OUTCOMES} for name, found in beside.items()}
    return {"outcomes": outcomes, **short}


def warm() -> None:
    """Compile the model and run the world without a package, as the first answer needs both.

    It takes no more memory than the first answer would.
    """
    try:
        for effect in (True, False):
            _usual("none", effect=effect)
    except KesosError as error:
        _LOG.warning("the world without a package was not run: %s", error)


@cache
def _usual(shock: str, *, effect: bool) -> Plain:
    """Run the world without a package; it is the same for every request."""
    from kesos_sim.emulator.lives import live

    return _headline(live(scenarios({"shock": shock, "effect": effect})[0]))


def _package(body: Body) -> Plain:
    """Run the world with the package of a request."""
    from kesos_sim.emulator.lives import live

    return _headline(live(scenarios(body)[1]))


def _headline(life: Lived) -> Plain:
    """Return the figures of the last year by outcome and place; None for missing."""
    import math

    from kesos_sim.emulator.question import OUTCOMES

    return {
        name: {
            place: float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None
            for place, value in zip(life.places, life.years[row, :, -1].tolist(), strict=True)
        }
        for row, name in enumerate(OUTCOMES)
    }


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
    if os.environ.pop(WARM_VARIABLE, "") == "1":
        warm()
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
