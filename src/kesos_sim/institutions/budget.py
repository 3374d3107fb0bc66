"""The budget of one government, published or its own, and what part of it is for the poor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from kesos_sim.data.own.figures import OwnData
from kesos_sim.institutions.fiscal_figures import regional_index
from kesos_sim.institutions.rules import Parameter, default_parameter
from kesos_sim.institutions.shares import room_share, starting_share

__all__ = ["Budget", "own_budget", "share_now", "share_room"]

_PARTS: Final = ("total", "passed_on", "poverty", "movable")


@dataclass(frozen=True, slots=True)
class Budget:
    """Yearly spending of one government.

    Attributes
    ----------
    code : int
        BPS code of the government, 0 for the nation.
    level : str
        ``nation``, ``province`` or ``district``.
    gross, passed_on : float
        Rupiah of the base year.
    year : int
        Year of the figure behind it; 0 if there is none.
    quality : str
        Of the figure behind `gross`.
    method : str
        How it was made.
    poverty, movable : float or None
        Rupiah of the base year for the poor, and that can be moved to them, where the
        government itself says so; else shares of own spending hold for all (`shares`).
    """

    code: int
    level: str
    gross: float
    passed_on: float
    year: int
    quality: str
    method: str
    poverty: float | None = None
    movable: float | None = None

    @property
    def own(self) -> float:
        """Own net spending, rupiah of the base year."""
        return self.gross - self.passed_on

    @property
    def says_shares(self) -> bool:
        """Whether its own figures say what is spent on the poor or can be moved to them."""
        return self.poverty is not None or self.movable is not None


def own_budget(budget: Budget, year: int, own: OwnData | None) -> Budget:
    """Return a budget with the figures that its government itself brought.

    Parameters
    ----------
    budget : Budget
        As published or imputed.
    year : int
        Base year; own figures of another year are carried over like published ones.
    own : OwnData or None
        Figures of a planner.

    Returns
    -------
    Budget
        With quality ``own`` where a figure is replaced; the part that is passed on stays the
        same part of a new total unless it is replaced, too.
    """
    if own is None:
        return budget
    figures = {part: own.of("amount", part).get(budget.code) for part in _PARTS}
    rupiah = {
        part: figure.value * regional_index(year) / regional_index(figure.year)
        for part, figure in figures.items()
        if figure is not None
    }
    if not rupiah:
        return budget
    gross = rupiah.get("total", budget.gross)
    part = budget.passed_on / budget.gross if budget.gross > 0.0 else 0.0
    return replace(
        budget,
        gross=gross,
        passed_on=rupiah.get("passed_on", gross * part),
        year=max(figure.year for figure in figures.values() if figure is not None),
        quality="own",
        method="own data",
        poverty=rupiah.get("poverty"),
        movable=rupiah.get("movable"),
    )


def share_now(budget: Budget, parameter: Parameter = default_parameter) -> float:
    """Return what part of a government's own spending counts as poverty money today.

    Parameters
    ----------
    budget : Budget
        Its budget.
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    float
        Share of own net spending.
    """
    if budget.poverty is None or budget.own <= 0.0:
        return starting_share(budget.level, parameter)
    return min(budget.poverty / budget.own, 1.0)


def share_room(budget: Budget, parameter: Parameter = default_parameter) -> float:
    """Return what part of a government's own spending can be moved to poverty reduction.

    Parameters
    ----------
    budget : Budget
        Its budget.
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    float
        Share of own net spending.
    """
    if budget.movable is None or budget.own <= 0.0:
        return room_share(budget.level, parameter)
    return min(budget.movable / budget.own, 1.0)
