"""Lets one world live, inside of a peer's environment or ours; needs nothing but Python.

As a program, ``python host.py WORLD_FILE`` answers lines of JSON with lines of JSON:

- to begin with, ``{"ready": VERSION OF PYTHON}``;
- ``{"do": "check", "sums": {...}, "households": N, "months": N}``: what a world looks like that
  has lived so long (`Host.check`);
- ``{"do": "open", "sums": {...}, "households": N}``: a world to be timed (`Host.open`);
- ``{"do": "time", "months": N}``: seconds of so many months of it (`Host.time`).

What cannot be done is answered with ``{"failed": REASON}``. The end of the input ends it.
"""

from __future__ import annotations

import importlib.util
import json
import math
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from statistics import fmean
from typing import Any, Protocol, SupportsFloat

__all__ = ["Host", "World"]


class World(Protocol):
    """What a file of `worlds` offers."""

    @property
    def rate(self) -> float:
        """Share of the poor in the last month."""

    @property
    def income(self) -> Iterable[SupportsFloat]:
        """Income of every household, in an order that stays."""

    @property
    def savings(self) -> Iterable[SupportsFloat]:
        """Savings of every household."""

    @property
    def consumption(self) -> Iterable[SupportsFloat]:
        """Consumption of every household."""

    def step(self) -> None:
        """Live a month."""


class Host:
    """Makes worlds and lets them live.

    Parameters
    ----------
    make : callable
        Makes a world from the numbers of the arithmetic and a number of households.
    """

    def __init__(self, make: Callable[[Mapping[str, float], int], World]) -> None:
        self._make = make
        self._world: World | None = None

    def check(self, sums: Mapping[str, float], households: int, months: int) -> dict[str, Any]:
        """Let a new world live and say what it looks like.

        Parameters
        ----------
        sums : mapping of str to float
            Numbers of the arithmetic.
        households : int
            Households.
        months : int
            Months.

        Returns
        -------
        dict of str to object
            ``households``; ``rates``, the share of the poor of every month; and pairs of mean and
            standard deviation over households: ``consumption`` of every month, ``savings`` and
            ``income`` at the end, ``kept``, which is savings at the end and all consumption
            together. ``memory`` is the correlation of income at the beginning and at the end.
        """
        world = self._make(sums, households)
        before = _floats(world.income)
        kept = [0.0] * households
        rates, consumption = [], []
        for _ in range(months):
            world.step()
            rates.append(float(world.rate))
            own = _floats(world.consumption)
            consumption.append(_moments(own))
            kept = [sum_ + one for sum_, one in zip(kept, own, strict=True)]
        savings, income = _floats(world.savings), _floats(world.income)
        return {
            "households": households,
            "rates": rates,
            "consumption": consumption,
            "savings": _moments(savings),
            "income": _moments(income),
            "kept": _moments([a + b for a, b in zip(kept, savings, strict=True)]),
            "memory": _correlation(before, income),
        }

    def open(self, sums: Mapping[str, float], households: int) -> dict[str, Any]:
        """Make the world to be timed.

        Parameters
        ----------
        sums : mapping of str to float
            Numbers of the arithmetic.
        households : int
            Households.

        Returns
        -------
        dict of str to object
            ``households``.
        """
        self._world = self._make(sums, households)
        return {"households": households}

    def time(self, months: int) -> dict[str, Any]:
        """Return how long some months of the open world take, after one that is not counted.

        Parameters
        ----------
        months : int
            Months.

        Returns
        -------
        dict of str to object
            ``seconds`` by the clock on the wall, the share of the poor of every month included.
        """
        self._live(1)
        started = time.perf_counter()
        self._live(months)
        return {"seconds": time.perf_counter() - started}

    def _live(self, months: int) -> None:
        if self._world is None:
            raise RuntimeError("no world is open")
        for _ in range(months):
            self._world.step()
            float(self._world.rate)


def _floats(values: Iterable[SupportsFloat]) -> list[float]:
    return [float(value) for value in values]


def _moments(values: list[float]) -> tuple[float, float]:
    """Return mean and standard deviation."""
    mean = fmean(values)
    return mean, math.sqrt(fmean((value - mean) ** 2 for value in values))


def _correlation(one: list[float], other: list[float]) -> float:
    """Return the correlation of two numbers of every household."""
    (mean, spread), (other_mean, other_spread) = _moments(one), _moments(other)
    both = fmean((a - mean) * (b - other_mean) for a, b in zip(one, other, strict=True))
    return both / (spread * other_spread)


def _main(file: str) -> None:
    """Answer until the input ends; whatever else is printed goes to the other stream."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    spec = importlib.util.spec_from_file_location("world", file)
    if spec is None or spec.loader is None:
        raise SystemExit(f"not a file of Python: {file}")
    module = importlib.util.module_from_spec(spec)
    sys.modules["world"] = module

    def answer(content: Mapping[str, Any]) -> None:
        print(json.dumps(content), file=answers, flush=True)

    try:
        spec.loader.exec_module(module)
    except Exception as problem:
        answer({"failed": f"{type(problem).__name__}: {problem}"})
        raise
    host = Host(module.World)
    answer({"ready": platform.python_version()})
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer(getattr(host, asked.pop("do"))(**asked))
        except Exception as problem:
            answer({"failed": f"{type(problem).__name__}: {problem}"})


if __name__ == "__main__":
    _main(sys.argv[1])
