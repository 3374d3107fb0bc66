"""Which lives the surface is fitted to: worlds, and in each some packages, shocks and no effect.

Packages differ from world to world, so that many settings and pairs of settings are seen, and come
in kinds that a meeting asks for: all nine points, levers of coordination alone, one lever alone,
money alone, and mixtures. Numbers of packages follow a sequence of low discrepancy, so that a
larger sample contains a smaller one and lives that are known need not be lived again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats.qmc import Sobol

from kesos_sim.emulator.question import HOUSEHOLDS, NAMES, SHOCKS, Life
from kesos_sim.scenario.levers import LEVERS

__all__ = ["ALL_NINE", "MONEY", "Sample", "package"]

Settings = tuple[tuple[str, float], ...]

MONEY: Final = ("apbd_poverty_share", "apbn_poverty_share")
ALL_NINE: Final[Mapping[str, float]] = {
    "bkkks_standing": 3.0,
    "political_dialogue": 4.0,
    "partnership_platform": 3.0,
    "apbd_poverty_share": 0.10,
    "apbn_poverty_share": 0.10,
    "social_marketing": 2000.0,
    "regulation_outreach": 0.5,
    "welfare_bylaw": 2.0,
    "social_obligation": 1.0,
    "aid_for_earners": 1.0,
    "interprovince_cooperation": 2.0,
}
"""The package of ``scenarios/semua-butir.yaml``."""
_WHOLE: Final = frozenset({"step", "switch", "count"})
_BENT: Final = {"political_dialogue": 2.0, "social_marketing": 3.0}
"""Levers with a large range of which small settings are usual: powers of a uniform draw."""
_OFF, _FULL = 0.35, 0.85
"""Draws below and above which a lever is left alone, or raised to the end of its range."""
_OTHER_MONEY: Final = 6
_DIGITS: Final = 4
_SEED: Final = 2008


@dataclass(frozen=True)
class Sample:
    """Lives that are asked for.

    Attributes
    ----------
    worlds : int
        Worlds, from number 1 on.
    packages : int
        Packages of each world.
    idle : int
        Those of them that are lived without any effect of coordination, too.
    shocks : int
        Shocks dealt to each world.
    shocked : int
        Packages of each world under each of its shocks.
    households : int
        Simulated households of each life.
    """

    worlds: int = 40
    packages: int = 10
    idle: int = 5
    shocks: int = 2
    shocked: int = 3
    households: int = HOUSEHOLDS

    def lives(self) -> tuple[Life, ...]:
        """Return the lives in the order in which they are best lived.

        Returns
        -------
        tuple of Life
            Baselines of the next world come before packages of this one: while its base month is
            solved by one worker, others need not wait for it or solve it too.
        """
        heads, tails = [], []
        for world in range(1, self.worlds + 1):
            own = list(self.of_world(world))
            heads.append([life for life in own if not life.levers])
            tails.append([life for life in own if life.levers])
        found = heads[0] if heads else []
        for number, tail in enumerate(tails):
            found = [*found, *(heads[number + 1] if number + 1 < len(heads) else ()), *tail]
        return tuple(found)

    def of_world(self, world: int) -> Iterator[Life]:
        """Yield the lives of a world, each baseline before its packages."""
        packages = [package(world, place) for place in range(self.packages)]
        yield Life(world)
        yield from (Life(world, levers=one) for one in packages)
        # In the usual course of things coordination is switched off in every world.
        if self.idle:
            yield Life(world, effect=False)
            yield from (Life(world, effect=False, levers=one) for one in packages[: self.idle])
        for shock in self._dealt(world):
            yield Life(world, shock=shock)
            # All nine points, coordination alone, and mixtures.
            turn = [*packages[:2], *packages[4:]][: self.shocked]
            yield from (Life(world, shock=shock, levers=one) for one in turn)

    def _dealt(self, world: int) -> tuple[str, ...]:
        """Return the shocks of a world; every pair comes equally often."""
        names = [name for name in SHOCKS if name != "none"]
        hands = list(combinations(names, min(self.shocks, len(names))))
        return hands[(world - 1) * 5 % len(hands)]


def package(world: int, place: int) -> Settings:
    """Return a package of a world.

    Parameters
    ----------
    world : int
        Number of the world, 1 or more.
    place : int
        Which of its packages, from 0.

    Returns
    -------
    tuple of (str, float)
        Settings by name, in order of name. The first is that of all nine points, in every other
        world with settings of its own; then coordination alone; one lever alone (two of them);
        then mixtures, the second of which, and every fifth, is money alone; the third is the first
        package with other money, so that one world shows what more money does.
    """
    draws = _draws(world, place)
    if place == 0:
        own = dict(ALL_NINE) if world % 2 else _settings(0.5 + draws / 2.0)
    elif place == 1:
        own = {name: value for name, value in _settings(draws).items() if name not in MONEY}
    elif place in {2, 3}:
        name = NAMES[(2 * world + place) % len(NAMES)]
        turn = (2 * world + place) // len(NAMES)
        own = {name: _value(name, (turn % 4 + 1) / 4.0)}
    elif place == _OTHER_MONEY:
        shares = {name: _value(name, draws[NAMES.index(name)]) for name in MONEY}
        own = dict(package(world, 0)) | shares
    else:
        own = _settings(draws)
        if place % 5 == 0:
            own = {name: value for name, value in own.items() if name in MONEY}
    moved = {name: value for name, value in own.items() if value != LEVERS[name].default}
    if not moved:  # a mixture in which everything is left alone would be a second baseline
        moved = {NAMES[(world + place) % len(NAMES)]: 0.0}
        moved = {name: _value(name, 1.0) for name in moved}
    return tuple(sorted(moved.items()))


def _settings(draws: NDArray[np.float64]) -> dict[str, float]:
    """Return settings of the levers that draws between 0 and 1 move."""
    found = {}
    for name, draw in zip(NAMES, draws.tolist(), strict=True):
        if draw < _OFF:
            continue
        share = 1.0 if draw >= _FULL else (draw - _OFF) / (_FULL - _OFF)
        # The lowest settings are worth a look too: standing may be taken away.
        found[name] = _value(name, share)
    return found


def _value(name: str, share: float) -> float:
    """Return the setting at a part of a lever's range."""
    lever = LEVERS[name]
    value = lever.low + share ** _BENT.get(name, 1.0) * (lever.high - lever.low)
    return float(round(value)) if lever.kind in _WHOLE else round(value, _DIGITS)


@cache
def _points(place: int) -> Sobol:
    """Return the sequence of a place in every world."""
    return Sobol(len(NAMES), scramble=True, rng=np.random.default_rng([_SEED, place]))


def _draws(world: int, place: int) -> NDArray[np.float64]:
    """Return the draws of a package: float64[n_levers], between 0 and 1."""
    sequence = _points(place).reset()
    sequence.fast_forward(world - 1) if world > 1 else None
    found: NDArray[np.float64] = sequence.random(1)[0]
    return found
