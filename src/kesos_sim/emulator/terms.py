"""From settings of levers to the terms of the surface, all of them zero when no lever is moved.

Each lever has one or two curves over its range, drawn through knots: how its effect is shaped where
the model says so (new money fills the room that a budget has and no more; a campaign reaches less
and less people per rupiah), and otherwise its setting and the square of it. Terms are the curves
and, for every pair of levers, the product of their first curves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator.question import NAMES
from kesos_sim.institutions.shares import room_share, starting_share
from kesos_sim.scenario.levers import LEVERS

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Curve", "Terms", "today"]

Floats = NDArray[np.float64]

_LEVEL: Final = {"apbd_poverty_share": "district", "apbn_poverty_share": "nation"}
_HALF: Final = {"social_marketing": "marketing.half_effect", "political_dialogue": ""}
_ROUNDS: Final = 2.0
"""Rounds of dialogue at which the bent curve is half way up: a shape, not a claim; the fit weighs
it against the straight one."""
_KNOTS: Final = 13
_SWITCH: Final = "switch"


def today(name: str, scenario: Scenario) -> float:
    """Return a lever's setting without any decision.

    Parameters
    ----------
    name : str
        The lever.
    scenario : Scenario
        Whose parameters count.

    Returns
    -------
    float
        In the lever's unit; of a share of a budget what counts as such today.
    """
    default = scenario.lever_default(name)
    return starting_share(_LEVEL[name], scenario.parameter) if default is None else default


@dataclass(frozen=True)
class Curve:
    """One curve over the range of a lever.

    Attributes
    ----------
    lever : int
        Place of the lever in `NAMES`.
    at, value : tuple of float
        Knots: settings in ascending order, and the curve there, straight in between.
    """

    lever: int
    at: tuple[float, ...]
    value: tuple[float, ...]


@dataclass(frozen=True)
class Terms:
    """The terms of the surface.

    Attributes
    ----------
    curves : tuple of Curve
        The first curve of every lever in the order of `NAMES`, then second ones.
    """

    curves: tuple[Curve, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> Terms:
        """Return the terms for a baseline.

        Parameters
        ----------
        scenario : Scenario
            Whose parameters say how much room budgets have.

        Returns
        -------
        Terms
        """
        first, second = [], []
        for number, name in enumerate(NAMES):
            shapes = _shapes(name, scenario)
            first.append(Curve(number, *shapes[0]))
            second += [Curve(number, *shape) for shape in shapes[1:]]
        return cls((*first, *second))

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Curves whose products are terms."""
        return tuple(combinations(range(len(NAMES)), 2))

    @cached_property
    def size(self) -> int:
        """Number of terms."""
        return len(self.curves) + len(self.pairs)

    def heights(self, levers: Mapping[str, float]) -> Floats:
        """Return the curves at the settings of a package.

        Parameters
        ----------
        levers : mapping of str to float
            Settings by name; levers that are not named are not moved.

        Returns
        -------
        float64[n_curves], pure numbers
        """
        found = np.zeros(len(self.curves))
        for place, curve in enumerate(self.curves):
            name = NAMES[curve.lever]
            if name in levers:
                found[place] = np.interp(levers[name], curve.at, curve.value)
        return found

    def row(self, levers: Mapping[str, float]) -> Floats:
        """Return the terms of a package.

        Parameters
        ----------
        levers : mapping of str to float
            Settings by name; levers that are not named are not moved.

        Returns
        -------
        float64[n_terms], pure numbers
            Heights of the curves, then their products.
        """
        heights = self.heights(levers)
        products = [heights[i] * heights[j] for i, j in self.pairs]
        return np.concatenate([heights, products])


Shape = tuple[tuple[float, ...], tuple[float, ...]]


def _shapes(name: str, scenario: Scenario) -> list[Shape]:
    """Return the curves of a lever, each zero at today's setting."""
    lever, now = LEVERS[name], today(name, scenario)
    if name in _LEVEL:
        full = now + room_share(_LEVEL[name], scenario.parameter)
        filled = np.linspace(0.0, 1.0, _KNOTS)
        knots = (lever.low, *(now + filled * (full - now)).tolist(), lever.high)
        # The poorest are helped first, so that each further rupiah may do less or more; beyond the
        # room a higher target fills it sooner while the share is phased in.
        return [
            (knots, (0.0, *filled.tolist(), 1.0)),
            (knots, (0.0, *(filled**2).tolist(), 1.0)),
            ((lever.low, full, lever.high), (0.0, 0.0, 1.0)),
        ]
    if lever.kind == _SWITCH:
        return [((lever.low, lever.high), (0.0, 1.0))]
    # Small settings count most where a curve is bent, so knots are dense there.
    shares = np.linspace(0.0, 1.0, _KNOTS) ** 2
    at = np.unique(np.append(lever.low + shares * (lever.high - lever.low), now))
    straight = np.clip((at - now) / (lever.high - now), 0.0, 1.0)
    if name in _HALF:
        half = scenario.parameter(_HALF[name]) if _HALF[name] else _ROUNDS
        bent = at / (at + half) * (lever.high + half) / lever.high
        shapes = [bent, straight]
    else:
        shapes = [straight, straight**2]
    if now > lever.low:  # what is there today may be taken away
        shapes.append(np.clip((now - at) / (now - lever.low), 0.0, 1.0))
    return [(tuple(at.tolist()), tuple(shape.tolist())) for shape in shapes]
