"""Whether two implementations live the same months, within what sampling explains.

Households are independent of each other, so the error of a share or mean over them is known. What
a world shows is held against closed forms and against our own implementation with draws of its own:

- income stays a first-order autoregression: mean 0, spread ``s / sqrt(1 - k**2)``, correlation
  ``k**t`` after ``t`` months;
- in the first month nothing is saved yet, so that the share of the poor is a mixture of normal
  distribution functions, and consumption is that of a lognormal, a rare shock and a benefit;
- later savings have no closed form, but whatever is saved or consumed came in: savings at the end
  and all consumption together have the mean ``t * (1 + saved) * E[means]``;
- share of the poor and mean consumption of every month, and savings at the end, are ours.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

from benchmarks.figures import Figure

__all__ = ["LIMIT", "MONTHS", "Deviation", "against", "closed_forms", "gate"]

MONTHS: Final = 24
LIMIT: Final = 5.0
"""Standard errors; about fifty comparisons of a peer exceed it by chance once in 30,000 times."""

Life = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deviation:
    """One comparison.

    Parameters
    ----------
    what : str
        What is compared.
    found, expected : float
        Both sides.
    error : float
        Standard error of their difference.
    """

    what: str
    found: float
    expected: float
    error: float

    @property
    def size(self) -> float:
        """Difference in standard errors; infinite where one side is no number."""
        apart = abs(self.found - self.expected)
        if apart == 0.0:
            return 0.0
        return apart / self.error if self.error > 0.0 and math.isfinite(apart) else math.inf

    def __str__(self) -> str:
        return f"{self.what}: {self.found:.5f}, expected {self.expected:.5f} ± {self.error:.5f}"


def closed_forms(life: Life, sums: Mapping[str, float]) -> Iterator[Deviation]:
    """Hold a life against what is known of it without living.

    Parameters
    ----------
    life : mapping
        What `host.Host.check` says.
    sums : mapping of str to float
        Numbers of the arithmetic.

    Yields
    ------
    Deviation
        One comparison each.
    """
    root, months = math.sqrt(life["households"]), len(life["rates"])
    keep, income = sums["keep"], sums["spread"] / math.sqrt(1.0 - sums["keep"] ** 2)
    memory = keep**months
    yield Deviation("mean income", life["income"][0], 0.0, income / root)
    yield Deviation("spread of income", life["income"][1], income, income / math.sqrt(2) / root)
    yield Deviation("memory of income", life["memory"], memory, (1.0 - memory**2) / root)
    rate = _first_rate(sums, income)
    yield Deviation("poor, month 1", life["rates"][0], rate, math.sqrt(rate * (1.0 - rate)) / root)
    mean, spread = _means(sums, income)
    yield Deviation("consumption, month 1", life["consumption"][0][0], mean, spread / root)
    kept, scatter = life["kept"]
    everything = months * (1.0 + sums["saved"]) * mean
    yield Deviation("saved and consumed", kept, everything, scatter / root)


def against(life: Life, ours: Life) -> Iterator[Deviation]:
    """Hold a life against ours.

    Parameters
    ----------
    life, ours : mapping
        What `host.Host.check` says.

    Yields
    ------
    Deviation
        One comparison each.
    """
    sizes = (life["households"], ours["households"])
    for month, pair in enumerate(zip(life["rates"], ours["rates"], strict=True), start=1):
        both = sum(rate * (1.0 - rate) / size for rate, size in zip(pair, sizes, strict=True))
        yield Deviation(f"poor, month {month}, beside ours", *pair, math.sqrt(both))
    months = zip(life["consumption"], ours["consumption"], strict=True)
    for month, pair in enumerate(months, start=1):
        yield _means_apart(f"consumption, month {month}, beside ours", pair, sizes)
    yield _means_apart("savings, beside ours", (life["savings"], ours["savings"]), sizes)


def gate(key: str, deviations: Sequence[Deviation]) -> tuple[Figure, list[Deviation]]:
    """Judge comparisons.

    Parameters
    ----------
    key : str
        Whose, as a part of the figure's name.
    deviations : sequence of Deviation
        All of them.

    Returns
    -------
    tuple of Figure and list of Deviation
        The largest one in standard errors, at most `LIMIT`, and those that are too large.
    """
    largest = max(one.size for one in deviations)
    wrong = [one for one in deviations if one.size > LIMIT]
    return Figure(f"gate_{key}", largest, "errors", None, "most", LIMIT), wrong


def _means_apart(what: str, pair: tuple[Any, Any], sizes: tuple[int, int]) -> Deviation:
    """Compare two means over households."""
    (mean, spread), (other, other_spread) = pair
    error = math.sqrt(spread**2 / sizes[0] + other_spread**2 / sizes[1])
    return Deviation(what, mean, other, error)


def _first_rate(sums: Mapping[str, float], income: float) -> float:
    """Return the share of the poor before anything is saved."""
    log_means = NormalDist(sums["level"], math.hypot(sums["level_spread"], income))
    hit, covered = sums["chance"], sums["covered"]
    return sum(
        of_loss * of_benefit * log_means.cdf(math.log(1.0 - benefit) + loss)
        for of_loss, loss in ((hit, sums["loss"]), (1.0 - hit, 0.0))
        for of_benefit, benefit in ((covered, sums["benefit"]), (1.0 - covered, 0.0))
    )


def _means(sums: Mapping[str, float], income: float) -> tuple[float, float]:
    """Return mean and standard deviation of what comes in in a month."""
    variance = sums["level_spread"] ** 2 + income**2
    hit, covered = sums["chance"], sums["covered"]
    earned = math.exp(sums["level"] + variance / 2) * (1 - hit + hit * math.exp(-sums["loss"]))
    squared = math.exp(2 * sums["level"] + 2 * variance)
    squared *= 1 - hit + hit * math.exp(-2 * sums["loss"])
    benefit = covered * sums["benefit"]
    spread = math.sqrt(squared - earned**2 + covered * (1 - covered) * sums["benefit"] ** 2)
    return earned + benefit, spread
