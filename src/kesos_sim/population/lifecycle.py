"""The life cycle of households: its numbers, what is expected of it, and fertility by stratum.

The compiled kernel (`kesos_sim.kernels.composition`) says who lives in a household in a year.
Here its rule is read from the parameter table, and the expected number of persons of each age is
worked out exactly by adding up probabilities, without drawing anything. Mean household size rises
with the wish for children; turned round, that gives each stratum the wish that reproduces its
published size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import comb
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from kesos_sim.kernels.composition import ADULT, CHILDREN_MAX, ELDERLY, Rule

__all__ = [
    "AGES",
    "Lifecycle",
    "children_shares",
    "expected_ages",
    "expected_size",
    "read_rule",
    "solve_fertility",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Parameters = Callable[[str], float]

AGES: Final = 128
"""Ages that are told apart: 0 to 127 years."""

_BYTES: Final = 256
_HALVES: Final = 65536
_SCORE_PARTS: Final = 4
_SCORE_SD: Final = float(np.sqrt(_SCORE_PARTS / 12.0))
_WISH_LOW, _WISH_HIGH, _WISH_STEP = -2.0, 12.0, 0.05
_QUADRATURE: Final = 32


def read_rule(parameters: Parameters) -> Rule:
    """Read the numbers of the life cycle from the parameter table.

    Parameters
    ----------
    parameters : callable from str to float
        Value of a parameter by its id.

    Returns
    -------
    Rule
        The numbers as the kernel takes them.

    Raises
    ------
    ValueError
        If the numbers do not make a life: a partner who founds a household as a minor, a child
        who grows old in it, or births in the same year.
    """

    def value(name: str) -> float:
        return parameters(f"composition.{name}")

    def whole(name: str) -> np.int32:
        return np.int32(round(value(name)))

    def span(name: str) -> np.uint32:
        return np.uint32(round(value(name) * _BYTES))

    def half(name: str) -> np.uint32:
        return np.uint32(round(value(name) * _HALVES))

    def byte(name: str) -> np.uint32:
        return np.uint32(round(value(name) * _BYTES))

    cycle, shortest = whole("cycle_years"), whole("birth_spacing_low")
    loss_low = whole("partner_loss_low")
    rule = Rule(
        cycle=cycle,
        head_low=whole("founding_age_low"),
        head_span=span("founding_age_span"),
        partner_gap_low=whole("partner_gap_low"),
        partner_gap_span=span("partner_gap_span"),
        single=half("single_share"),
        loss=half("partner_loss_share"),
        loss_low=loss_low,
        loss_span=np.uint32((cycle - loss_low) * _BYTES),
        spread_base=np.float32(value("wish_spread_base")),
        spread_slope=np.float32(value("wish_spread_slope")),
        score_slope=np.float32(value("fertility_score_slope")),
        birth_low=whole("first_birth_low"),
        birth_span=span("first_birth_span"),
        spacing_low=shortest,
        spacing_span=_spacing(value("birth_window"), int(shortest), value("birth_spacing_span")),
        leaving_low=whole("leaving_age_low"),
        leaving_span=span("leaving_age_span"),
        elder=half("elder_share"),
        second_elder=byte("second_elder_share"),
        elder_gap_low=whole("elder_gap_low"),
        elder_gap_span=span("elder_gap_span"),
        elder_entry_low=whole("elder_entry_low"),
        elder_entry_span=span("elder_entry_span"),
        elder_stay_low=whole("elder_stay_low"),
        elder_stay_span=span("elder_stay_span"),
        disabled_2_6=half("disability_2_6"),
        disabled_7_18=half("disability_7_18"),
        disabled_19_59=half("disability_19_59"),
        disabled_60=half("disability_60"),
        pregnancy=byte("pregnancy_share"),
    )
    _check(rule)
    return rule


def _spacing(window: float, shortest: int, widest: float) -> npt.NDArray[np.uint32]:
    """Return the span of the time between births that fits so many births in the window."""
    between = np.maximum(np.arange(CHILDREN_MAX + 1) - 1, 1)
    span = np.clip(2.0 * (window / between - shortest), 0.0, widest)
    return np.rint(span * _BYTES).astype(np.uint32)


def _check(rule: Rule) -> None:
    youngest = int(rule.head_low) - _longest(rule.partner_gap_low, rule.partner_gap_span)
    oldest_child = int(rule.cycle) - int(rule.birth_low)
    oldest_elder = _longest(rule.elder_entry_low, rule.elder_entry_span) + _longest(
        rule.elder_stay_low, rule.elder_stay_span
    )
    oldest_head = _longest(rule.head_low, rule.head_span) + int(rule.cycle)
    problems = {
        "partners younger than 19 at founding": youngest < ADULT,
        "children of 60 and over at home": oldest_child > ELDERLY,
        "two births in a year": int(rule.spacing_low) < 1,
        "ages beyond the table": max(oldest_elder, oldest_head) >= AGES,
        "a loss of the partner outside the cycle": not 0 <= rule.loss_low <= rule.cycle,
    }
    found = [text for text, is_so in problems.items() if is_so]
    if found:
        raise ValueError(f"composition.* parameters lead to {', '.join(found)}")


def _longest(low: np.int32, span: np.uint32) -> int:
    return int(_years(low, span)[0][-1])


def _years(low: np.int32, span: np.uint32) -> tuple[Ints, Floats]:
    """Return the whole years that a random byte leads to, and their chances."""
    steps = (np.arange(_BYTES, dtype=np.int64) * int(span)) >> 16
    chance = np.bincount(steps) / _BYTES
    return int(low) + np.arange(chance.size), chance


def children_shares(rule: Rule, fertility: npt.ArrayLike) -> Floats:
    """Return how many households get how many children over their life cycle.

    Parameters
    ----------
    rule : Rule
        Numbers of the life cycle.
    fertility : array_like of float, children
        Centre of the wish for children.

    Returns
    -------
    float64[n, 8], share of households by number of children from 0 to 7
        The permanent score is taken as standard normal.
    """
    centre = np.atleast_1d(np.asarray(fertility, np.float64))[:, None, None]
    spread = float(rule.spread_base) + float(rule.spread_slope) * centre
    nodes, weights = np.polynomial.hermite_e.hermegauss(_QUADRATURE)
    number = np.arange(1, CHILDREN_MAX + 1)[:, None]
    slack = centre - float(rule.score_slope) * nodes + 0.5 - number
    at_least = _score_cdf(slack / spread) @ (weights / weights.sum())
    at_least *= 1.0 - float(rule.single) / _HALVES
    edges = np.concatenate([np.ones_like(at_least[:, :1]), at_least, 0 * at_least[:, :1]], axis=1)
    return -np.diff(edges, axis=1)


def _score_cdf(z: Floats) -> Floats:
    """Return the distribution function of the standardised sum of four uniform numbers."""
    x = np.clip(z * _SCORE_SD + _SCORE_PARTS / 2.0, 0.0, _SCORE_PARTS)
    pieces = [
        (-1) ** j * comb(_SCORE_PARTS, j) * np.maximum(x - j, 0.0) ** _SCORE_PARTS
        for j in range(_SCORE_PARTS + 1)
    ]
    total: Floats = np.sum(pieces, axis=0) / comb(_SCORE_PARTS, 2) / _SCORE_PARTS
    return total


def _adult_ages(rule: Rule) -> dict[str, Floats]:
    """Return expected heads, partners and elders by age."""
    cycle = int(rule.cycle)
    phase = np.arange(cycle)
    head_at, head_chance = _years(rule.head_low, rule.head_span)
    head = head_at[:, None] + phase
    weight = np.broadcast_to(head_chance[:, None] / cycle, head.shape)
    ages = {"head": _by_age(head, weight)}

    year, year_chance = _years(rule.loss_low, rule.loss_span)
    lost = (year_chance * (year <= phase[:, None])).sum(axis=1) * float(rule.loss) / _HALVES
    together = (1.0 - lost) * (1.0 - float(rule.single) / _HALVES)
    gap, gap_chance = _years(rule.partner_gap_low, rule.partner_gap_span)
    mate = head[:, None, :] - gap[:, None]
    ages["partner"] = _by_age(mate, weight[:, None, :] * gap_chance[:, None] * together)

    older, older_chance = _years(rule.elder_gap_low, rule.elder_gap_span)
    elder = head[:, None, :] + older[:, None]
    base = weight[:, None, :] * older_chance[:, None] * (head < ELDERLY)[:, None, :]
    entry, entry_chance = _years(rule.elder_entry_low, rule.elder_entry_span)
    stay, stay_chance = _years(rule.elder_stay_low, rule.elder_stay_span)
    since = np.arange(AGES)[:, None] - entry
    second = float(rule.second_elder) / _BYTES
    here = np.zeros(AGES)
    for years, chance in zip(stay, stay_chance, strict=True):
        one = ((since >= 0) & (since < years)) @ entry_chance
        two = ((since >= 0) & (since < years >> 1)) @ entry_chance
        here += chance * (one + second * two)
    everyone = _by_age(elder, base) * float(rule.elder) / _HALVES
    ages["elder"] = everyone * here
    return ages


def _by_age(age: Ints, weight: Floats) -> Floats:
    kept = age < AGES
    count: Floats = np.bincount(
        age[kept], np.broadcast_to(weight, age.shape)[kept], minlength=AGES
    ).astype(np.float64)
    return count


def _child_ages(rule: Rule) -> Floats:
    """Return expected children at home by number of children in the cycle and age."""
    cycle, low = int(rule.cycle), int(rule.birth_low)
    _, first = _years(rule.birth_low, rule.birth_span)
    leave, leave_chance = _years(rule.leaving_low, rule.leaving_span)
    age = np.arange(AGES)
    home = (leave > age[:, None]) @ leave_chance
    ages = np.zeros((CHILDREN_MAX + 1, AGES))
    for number in range(1, CHILDREN_MAX + 1):
        wait, wait_chance = _years(rule.spacing_low, rule.spacing_span[number])
        step = np.concatenate([np.zeros(wait[0]), wait_chance])
        born = first
        for _ in range(number):
            phase = low + np.arange(born.size)[:, None] + age
            ages[number] += born @ ((phase >= 0) & (phase < cycle)) / cycle * home
            born = np.convolve(born, step)
    return ages


def expected_ages(rule: Rule, fertility: float) -> dict[str, Floats]:
    """Return the expected number of persons of each age in a household, by role.

    Parameters
    ----------
    rule : Rule
        Numbers of the life cycle.
    fertility : float
        Centre of the wish for children.

    Returns
    -------
    dict of str to float64[128], persons per household by age in years
        For ``head``, ``partner``, ``elder`` and ``child``.
    """
    shares = children_shares(rule, fertility)[0]
    return {**_adult_ages(rule), "child": shares @ _child_ages(rule)}


def expected_size(rule: Rule, fertility: npt.ArrayLike) -> Floats:
    """Return mean household size.

    Parameters
    ----------
    rule : Rule
        Numbers of the life cycle.
    fertility : array_like of float, children
        Centre of the wish for children.

    Returns
    -------
    float64[n], persons per household, rising with fertility
    """
    adults = sum(float(ages.sum()) for ages in _adult_ages(rule).values())
    size: Floats = adults + children_shares(rule, fertility) @ _child_ages(rule).sum(axis=1)
    return size


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The life cycle of the households of some strata.

    Parameters
    ----------
    rule : Rule
        Numbers of the life cycle.
    fertility : float32[n_strata], children
        Centre of the wish for children, one per stratum.
    """

    rule: Rule
    fertility: npt.NDArray[np.float32]

    @classmethod
    def of(cls, parameters: Parameters, mean_household_size: npt.ArrayLike) -> Lifecycle:
        """Give each stratum the wish for children that reproduces its mean size.

        Parameters
        ----------
        parameters : callable from str to float
            Value of a parameter by its id.
        mean_household_size : array_like of float, persons
            Published mean household size, one per stratum.

        Returns
        -------
        Lifecycle
            Rule and fertility.

        Raises
        ------
        ValueError
            If no wish for children leads to one of the sizes.
        """
        rule = read_rule(parameters)
        return cls(rule, solve_fertility(rule, mean_household_size))


def solve_fertility(rule: Rule, size: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Return the wish for children that leads to a mean household size.

    Parameters
    ----------
    rule : Rule
        Numbers of the life cycle.
    size : array_like of float, persons
        Mean household sizes.

    Returns
    -------
    float32[n], children
        Centre of the wish for children.

    Raises
    ------
    ValueError
        If no wish for children leads to one of the sizes.
    """
    wanted = np.atleast_1d(np.asarray(size, np.float64))
    centre: npt.NDArray[Any] = np.arange(_WISH_LOW, _WISH_HIGH, _WISH_STEP)
    spread = float(rule.spread_base) + float(rule.spread_slope) * centre
    centre = centre[spread > 0]
    reached = expected_size(rule, centre)
    if not np.all((wanted >= reached[0]) & (wanted <= reached[-1])):
        low, high = wanted.min(), wanted.max()
        raise ValueError(
            f"mean household sizes from {low:.2f} to {high:.2f} persons; "
            f"the life cycle reaches {reached[0]:.2f} to {reached[-1]:.2f}"
        )
    fertility: npt.NDArray[np.float32] = np.interp(wanted, reached, centre).astype(np.float32)
    return fertility
