"""What the analyses compute: ranks, changes, irregular swings, quadrants, priorities.

Plain functions of numbers; nothing here reads a table or writes a word.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Way = Literal["down", "up", "flat", "within_noise"]
Points = Mapping[int, float]
"""Values by year."""

_NORMAL_95: Final = 1.959963984540054
_MAD_TO_SD: Final = 1.482602218505602
_LEAST_SWINGS: Final = 8
"""Fewest pseudo-residuals from which a swing is estimated."""
_WEIGHT_STEPS: Final = 10


@dataclass(frozen=True, slots=True)
class Rank:
    """The place of a region among its peers.

    Attributes
    ----------
    place : int
        1 for the highest value; equal values share the better place.
    of : int
        Peers with a value.
    """

    place: int
    of: int


def rank(values: Mapping[int, float], code: int) -> Rank:
    """Return the place of a region from the highest value down.

    Parameters
    ----------
    values : mapping of int to float
        Value by region.
    code : int
        One of them.

    Returns
    -------
    Rank
    """
    own = values[code]
    return Rank(1 + sum(value > own for value in values.values()), len(values))


@dataclass(frozen=True, slots=True)
class Change:
    """What happened between two years.

    Attributes
    ----------
    since, until : int
        First and last year.
    first, last : float
        Their values.
    """

    since: int
    until: int
    first: float
    last: float

    @property
    def difference(self) -> float:
        """Last value less the first."""
        return self.last - self.first

    @property
    def per_year(self) -> float:
        """Mean change in a year."""
        return self.difference / (self.until - self.since)


def change(points: Points, since: int | None = None, until: int | None = None) -> Change | None:
    """Return the change between the first and the last known year of a span.

    Parameters
    ----------
    points : mapping of int to float
        Values by year.
    since, until : int, optional
        Ends of the span; the first and last known year when left out.

    Returns
    -------
    Change or None
        None with fewer than two years.
    """
    inside = inside_of(points, since, until)
    if len(inside) < 2:  # noqa: PLR2004 - a change has two ends
        return None
    first, last = min(inside), max(inside)
    return Change(first, last, inside[first], inside[last])


def inside_of(points: Points, since: int | None, until: int | None) -> dict[int, float]:
    """Return the values of a span of years, ascending."""
    low, high = since or -math.inf, until or math.inf
    return {year: points[year] for year in sorted(points) if low <= year <= high}


def stretch(points: Points, cuts: Collection[int]) -> dict[int, float]:
    """Return the last years that can be compared with each other.

    Parameters
    ----------
    points : mapping of int to float
        Values by year.
    cuts : collection of int
        First years after a break of method.

    Returns
    -------
    dict of int to float
        The last stretch without a break that has two years or more; empty if there is none.
    """
    ends = [-math.inf, *sorted(cuts), math.inf]
    for low, high in reversed(list(itertools.pairwise(ends))):
        inside = {year: points[year] for year in sorted(points) if low <= year < high}
        if len(inside) > 1:
            return inside
    return {}


def swing(series: Sequence[Points]) -> float:
    """Estimate how far yearly values stray from a smooth path, in parts of their level.

    Three years that follow on each other are compared with the straight line through the outer
    two; a smooth path leaves nothing, independent errors of standard deviation s leave s times
    the root of 3/2. The median is taken, so that a few real jumps do not count as noise. Overlap
    of samples from year to year makes the estimate too small, real shocks make it too large.

    Parameters
    ----------
    series : sequence of mapping of int to float
        Series of regions alike in size of sample, positive values by year.

    Returns
    -------
    float
        Standard deviation as a part of the level; NaN with too few years.

    Notes
    -----
    Difference-based variance of Gasser, Sroka and Jennen-Steinmetz (1986), Biometrika 73,
    625-633, with the median absolute deviation in place of the mean square.
    """
    left: list[float] = []
    for points in series:
        for year in points:
            outer = points.get(year - 1), points.get(year + 1)
            if outer[0] is None or outer[1] is None:
                continue
            middle = (outer[0] + outer[1]) / 2.0
            level = (middle + points[year]) / 2.0
            if level > 0.0:
                left.append((points[year] - middle) / level / math.sqrt(1.5))
    if len(left) < _LEAST_SWINGS:
        return math.nan
    return float(_MAD_TO_SD * np.median(np.abs(left)))


def least_clear(first: float, last: float, relative: float) -> float:
    """Return the largest difference of two values that swings alone may bring, 95 times in 100.

    Parameters
    ----------
    first, last : float
        The values.
    relative : float
        Standard deviation of each as a part of its level; NaN when not known.

    Returns
    -------
    float
        In the unit of the values; NaN when not known.
    """
    return _NORMAL_95 * relative * math.hypot(first, last)


def way(difference: float, negligible: float, least: float = math.nan) -> Way:
    """Decide what may be said about a change.

    Parameters
    ----------
    difference : float
        The change.
    negligible : float
        Changes below it are not worth a word.
    least : float
        What swings alone may bring; NaN when not known.

    Returns
    -------
    Way
    """
    if abs(difference) < negligible:
        return "flat"
    if abs(difference) <= least:
        return "within_noise"
    return "down" if difference < 0.0 else "up"


def slope(points: Points) -> float:
    """Return the yearly change of the straight line that fits best.

    Parameters
    ----------
    points : mapping of int to float
        Values by year.

    Returns
    -------
    float
        Per year; NaN with fewer than two years.
    """
    if len(points) < 2:  # noqa: PLR2004 - a line has two ends
        return math.nan
    years = np.array(list(points), np.float64)
    values = np.array(list(points.values()), np.float64)
    centred = years - years.mean()
    return float(centred @ values / (centred @ centred))


def quadrant(
    level: float, step: float, reference: tuple[float, float], *, higher_is_better: bool
) -> int:
    """Return the quadrant of a region against a reference.

    Parameters
    ----------
    level, step : float
        Its level and its yearly change.
    reference : (float, float)
        Level and yearly change of the reference; equal counts as no worse.
    higher_is_better : bool
        Whether a high level is good.

    Returns
    -------
    int
        1 behind and falling further behind, 2 behind but catching up, 3 ahead but losing it,
        4 ahead and pulling further ahead.
    """
    sign = -1.0 if higher_is_better else 1.0
    behind = sign * (level - reference[0]) > 0.0
    losing = sign * (step - reference[1]) > 0.0
    return {(True, True): 1, (True, False): 2, (False, True): 3, (False, False): 4}[behind, losing]


@dataclass(frozen=True, slots=True)
class Priority:
    """How urgent a region is among its peers.

    Attributes
    ----------
    score : float
        0 for the least urgent in everything, 1 for the most.
    place : int
        1 for the highest score; equal scores share the better place.
    best, worst : int
        Best and worst place over every choice of weights.
    firm : float
        Percent of the choices of weights that put it among the first of the list.
    """

    score: float
    place: int
    best: int
    worst: int
    firm: float


def urgency(values: Floats) -> Floats:
    """Return ranks as parts of the scale, so that criteria of any unit can be added.

    Parameters
    ----------
    values : float64[n], any unit, one criterion; higher is more urgent

    Returns
    -------
    float64[n], share, 0 for the lowest and 1 for the highest, the mean for equal ones
    """
    from scipy.stats import rankdata  # scipy loads where it is used

    if len(values) < 2:  # noqa: PLR2004 - a rank needs company
        return np.full(len(values), 0.5)
    found: Floats = (rankdata(values, axis=0) - 1.0) / (len(values) - 1.0)
    return found


def priorities(criteria: Floats, weights: Sequence[float], first: int) -> list[Priority]:
    """Rank regions by weighted criteria, and see how far the ranks depend on the weights.

    Parameters
    ----------
    criteria : float64[n_regions, n_criteria], any unit, higher is more urgent
    weights : sequence of float
        One for each criterion, not negative, not all zero; their sum does not matter.
    first : int
        How many regions the list of priorities has.

    Returns
    -------
    list of Priority
        In the order of the regions. Every choice of weights in steps of a tenth is tried, from
        one criterion alone to all of them together.
    """
    scores = urgency(criteria)
    own = np.asarray(weights, np.float64)
    score = scores @ (own / own.sum())
    choices = np.array(list(_choices(len(own))), np.float64) / _WEIGHT_STEPS
    tried = np.stack([_places(scores @ choice) for choice in choices])
    firm = 100.0 * (tried <= first).mean(axis=0)
    return [
        Priority(float(s), int(p), int(low), int(high), float(share))
        for s, p, low, high, share in zip(
            score, _places(score), tried.min(axis=0), tried.max(axis=0), firm, strict=True
        )
    ]


def _places(score: Floats) -> NDArray[np.int64]:
    """Return the place of every score, 1 for the highest."""
    rounded = np.round(score, 12)
    found: NDArray[np.int64] = 1 + (rounded[None, :] > rounded[:, None]).sum(axis=1)
    return found


def _choices(count: int) -> list[tuple[int, ...]]:
    """Return every way to share ten tenths among criteria."""
    if count == 1:
        return [(_WEIGHT_STEPS,)]
    cuts = itertools.combinations(range(_WEIGHT_STEPS + count - 1), count - 1)
    return [
        tuple(b - a - 1 for a, b in itertools.pairwise((-1, *cut, _WEIGHT_STEPS + count - 1)))
        for cut in cuts
    ]
